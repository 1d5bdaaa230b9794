/* interpolant -- ReLU networks with one hidden layer that interpolate a function on the line.  Floor 3.
 *
 * Knots x_0 < ... < x_W, values v_i, slopes s_i of the chords, s_{-1} = s_W = 0: the network
 *
 *     g(x) = v_0 + sum_{i <= W} a_i ReLU(x - x_i),   a_i = s_i - s_{i-1},
 *
 * is v_i at x_i, linear between, constant outside. On a piece of length h, |g - v| <= h^2/8 sup |v''|, and
 * |g - v| <= h/2 Lip(v).
 */
#ifndef SC_INTERPOLANT_H
#define SC_INTERPOLANT_H

#include "divergence.h"
#include "relu.h"

/* W = pieces >= 1; knot and value: W + 1 numbers each. */
typedef struct {
    int pieces;
    const double *knot, *value;
    double *owned; /* both, of interpolant_on; NULL: they are borrowed */
} interpolant;
void interpolant_free(interpolant *g);
/* g at n points, piece by piece. */
void interpolant_eval(const interpolant *g, long n, const double *x, double *y);
/* The W + 1 output weights a_i. */
void interpolant_weights(const interpolant *g, double *a);

/* ---- What is interpolated, and where -------------------------------------------------------- */

/* v and v' at n points; either may be NULL. May be called from several threads. */
typedef void interpolant_function(const void *ctx, long n, const double *x, double *v,
                                  double *dv);
typedef struct {
    interpolant_function *f;
    const void *ctx; /* borrowed */
    double lo, hi;   /* the outer knots */
} interpolant_task;

/* v = x + score of the law: grad log U_t f, f = dpi/dN(0, 1), for the law of X_t of OU; ctx: a reference. */
void interpolant_law(const void *ctx, long n, const double *x, double *v, double *dv);

/* The law of X_t of OU, m = e^{-t}, s2 = 1 - e^{-2t}. */
reference interpolant_at(const target *data, double t);

/* W + 1 knots: equidistant, or at equal increments of int sqrt|v''|, by the increments of v' over
   INTERPOLANT_NODES nodes (equidistant if v' is constant). */
typedef void interpolant_rule(const interpolant_task *p, int pieces, double *knot);
interpolant_rule interpolant_uniform, interpolant_adapted;

/* v at those knots; the caller frees. */
interpolant interpolant_on(const interpolant_task *p, interpolant_rule *rule,
                           int pieces);

enum { INTERPOLANT_NODES = 200001 };
/* The largest |v'(x') - v'(x)|/(x' - x) over neighbouring nodes: at most sup |v''|, and next to it if the nodes resolve v. */
double interpolant_curvature(const interpolant_task *p);
/* Whether they resolve an interpolant_law of standard deviations >= s: the odds of two components change by a factor e
   over about s^2/(hi - lo) or more, which must hold ten cells. */
bool interpolant_resolved(const interpolant_task *p);
/* sup |g - v| between the outer knots, for v smooth and either without inflection on a piece or resolved by
   2048/W points of it (at least 7, at most 1024): the worst of these, then where v' is the slope of the chord, by
   bisection. An estimate: +- 1e-9 of it for what bisection leaves, and 1e-13 max (|x_i| + |v_i|) for rounding. */
enclosure interpolant_error(const interpolant_task *p, interpolant_rule *rule,
                            int pieces);
/* It for W = 16 2^i. */
enum { INTERPOLANT_WIDTHS = 7 };
typedef struct {
    int W[INTERPOLANT_WIDTHS];
    enclosure error[INTERPOLANT_WIDTHS];
    double log_W[INTERPOLANT_WIDTHS];
    enclosure log_error[INTERPOLANT_WIDTHS]; /* what rate_slope takes */
} interpolant_ladder;
interpolant_ladder interpolant_widths(const interpolant_task *p,
                                      interpolant_rule *rule);
/* What bounds it for equidistant knots: h^2/8 interpolant_curvature, h = (hi - lo)/W, and twice the rounding of it. */
void interpolant_bounds(const interpolant_task *p, double bound[INTERPOLANT_WIDTHS]);
/* A W whose error is at most eps while that of W - 1 is not, by bisection: the least one if the error falls with W,
   else (for two atoms it depends on whether 0 is a knot) next to it. SC_ECONVERGENCE if 2^20 do not suffice, SC_EDOMAIN
   if v is not finite. */
BASE_MUST_USE int interpolant_needed(const interpolant_task *p, interpolant_rule *rule,
                                     double eps, int *pieces);

/* Its value on [-1.5, 1.5] for the law at t > 0 from two equal atoms at -1 and 1. */
BASE_MUST_USE int interpolant_two_atoms(double t, interpolant_rule *rule, double eps,
                                        int *pieces);

/* On R^d, d <= 10: `axis` (a mixture) in every coordinate, p its interpolant_law on the line (in a control that
   of another). The network of d (W + 1) units has in coordinate j the value g(x_j); the largest
   |g(x_j) - v_j(x)| over j and n random points of [p->lo, p->hi]^d, v = x + score of the mixture of k^d components. */
double interpolant_product_error(const interpolant_task *p, const gmm *axis, int d,
                                 int pieces, rng_key key, long n);

/* ---- Sampling with it ------------------------------------------------------------------------ */

/* dY = (-Y + 2 g(Y, T - t)) dt + sqrt(2) dW, where g(., s) is v(., s) = x + score of p_s, OU, interpolated at
   W + 1 equidistant knots of [-reach, reach], the output weights depending on s; W = 0: v itself. Then `shift` is
   added, or, with `lost` (a control), 2 g becomes g. */
typedef struct {
    const target *data;
    const relu *
        net; /* NULL, or g(x, s) of interpolant_relu with the same T, pieces and reach; borrowed */
    double T, reach, shift;
    int pieces;
    bool lost;
} interpolant_sampler;
/* v as one network of (x, s) with fixed weights: J = INTERPOLANT_TIMES, s_j = T (j/J)^2, hats e_j (1 at s_j, 0 at the
   others, linear between),

       g(x, s) = sum_{j <= J} e_j(s) g_j(x),   g_j interpolates v(., s_j),

   hats and g_j from the first layer, the products by relu_product with 10 levels. Of s, data, T, pieces and reach are
   read; |v| <= 4 at all knots and times. The caller frees. */
enum { INTERPOLANT_TIMES = 8 };
relu *interpolant_relu(const interpolant_sampler *s);
/* Drift and noise at t; ctx: an interpolant_sampler. */
law_rates interpolant_rates;
/* Euler's scheme from the law of `from`: m X_0 + sqrt(s2) Z. */
euler_scheme interpolant_euler(const interpolant_sampler *s, const reference *from,
                               int steps);
/* The output against the data after many steps (divergence_euler_limit): from p_T for d[i] copies, i < n, and for one copy
   from N(0, 1) (NULL: not). Failures are its own. */
BASE_MUST_USE int interpolant_output(const interpolant_sampler *s, int steps, int n,
                                     const int *d, distances *copies,
                                     distances *from_noise);
/* The largest interpolant_error over n times, without a net. */
enclosure interpolant_worst(const interpolant_sampler *s, int n, const double *t);
/* P = int_0^T E_{p_t} |v - g|^2 dt: Gauss-Legendre, 80 times (10 between the times of a net) and 12 nodes on each panel
   of a piece; the enclosure adds 4 times the distance to half the times and 8 nodes. */
enclosure interpolant_path(const interpolant_sampler *s);

#endif
