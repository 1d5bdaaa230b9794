/* plugin -- the diffused law p_t of a population against the plug-in of n of its points.  Floor 4.
 *
 *     X_t = m X_0 + sqrt(s2) Z,   hat p_t = 1/n sum_i N(m x_i, s2 I),   x_1 .. x_n ~ X_0
 *
 *     KL(p_t | hat p_t) <= m^2/(2 s2) W2^2(p_0, hat p_0)
 *     n E KL(p_t | hat p_t) -> 1/2 {int int N(y; m x, s2)^2/p_t(y) dy p_0(dx) - 1},  n -> infinity
 *
 * The first by the optimal coupling of X_0 and the convexity of KL, the second from the variance of hat p_t.
 */
#ifndef SC_PLUGIN_H
#define SC_PLUGIN_H

#include "divergence.h"

/* ---- Training sets -------------------------------------------------------------------- */

/* k numbers of training set number `set`, n points x (n x d, row-major, which it may overwrite), into y. */
typedef void plugin_statistic(const void *ctx, long set, double *x, double *y);
typedef struct {
    draws law; /* of one point */
    int n, d;
    plugin_statistic *statistic;
    const void *ctx; /* borrowed */
    int k;
} plugin_design;
/* y[g*k + j]: statistic j of training set g < sets, replicates g n, .., g n + n - 1 of the law. Parallel over
   the sets, divided over the ranks. */
void plugin_sets(const plugin_design *c, rng_key key, long sets, double *y);
/* Laws to draw from; both borrow p. */
draws plugin_target(const target *p);
draws plugin_mixture(const gmm *p);

/* ---- On the line ---------------------------------------------------------------------- */

/* W2^2(p, 1/n sum delta(x_i)) = sum_i int_{cell i} (x_(i) - y)^2 p(dy), cell i between the quantiles (i - 1)/n
   and i/n; with x and y less the centre c, 1/n sum x_i^2 - 2 sum x_(i) first[i] + second. */
typedef struct {
    int n;
    double *first; /* n: int (y - c) p(dy) over cell i */
    double centre; /* c = E Y */
    double second; /* Var Y */
    double range;  /* all but 1e-20 of p lie within so much of c */
} plugin_cells;
/* For a mixture without atoms, or a uniform law; SC_EDOMAIN for others, failures of quad_root. The caller frees
   c->first. */
BASE_MUST_USE int plugin_cells_of(const target *p, int n, plugin_cells *c);
/* x: n points, sorted here. The enclosure holds the rounding. */
enclosure plugin_w2_squared(const plugin_cells *c, double *x);

/* p_t, s2 > 0, on nodes sqrt(s2)/8 apart over all but 1e-30 of it. */
typedef struct {
    double m, s2, dx;
    long nodes;
    double *x, *logp; /* in one block, at x */
} plugin_grid;
/* The caller frees g->x. SC_EACCURACY if it takes more than PLUGIN_NODES: sqrt(s2) is narrow for the data. */
enum { PLUGIN_NODES = 1 << 18 };
BASE_MUST_USE int plugin_grid_of(const target *data, double m, double s2,
                                 plugin_grid *g);
/* KL(p_t | hat p_t) for n points x, by the trapezoid rule: fine +- (4 |fine - coarse| + 1e-14), coarse every second
   node. hat p_t is analytic within distance pi s2/(m gap) of the line at a gap between the x_i. */
enclosure plugin_kl(const plugin_grid *g, int n, const double *x);

/* The same for many training sets at once: W2^2 and KL at `times` kernels (m, s2). */
typedef struct {
    double m, s2;
} plugin_kernel;
plugin_kernel plugin_kernel_at(const sde *forward, double t);
typedef struct {
    int n, times;
    long sets;
    const plugin_kernel *at; /* times, borrowed */
    double *y;               /* sets x (1 + times) pairs of ends */
} plugin_sample;
/* The sets of plugin_sets; the caller frees s->y. Failures of plugin_cells_of and plugin_grid_of. */
BASE_MUST_USE int plugin_sample_of(const target *data, int n, int times,
                                   const plugin_kernel *at, rng_key key, long sets,
                                   plugin_sample *s);
/* Of one set: KL at kernel k < times, and what it is at most, m^2/(2 s2) W2^2. */
enclosure plugin_sample_kl(const plugin_sample *s, long set, int k);
enclosure plugin_sample_bound(const plugin_sample *s, long set, int k);
/* Means over the sets: stats_mean_skewed of level alpha, wider by what quadrature and rounding may err. */
enclosure plugin_mean_w2(const plugin_sample *s, double alpha);
enclosure plugin_mean_kl(const plugin_sample *s, int k, double alpha);
/* The largest KL/bound of all sets. */
enclosure plugin_worst(const plugin_sample *s, int k);

/* int_t^T E|grad log p_s - grad log hat p_s|^2 ds for n points x, T = forward->T > t. Failures of match_flow_loss: scores that differ by rounding alone. */
BASE_MUST_USE int plugin_score_integral(const target *data, const sde *forward, int n,
                                        const double *x, double t, enclosure *integral);

/* The limit of n E KL, by quadrature of the law of m X_0 + sqrt(s2/2) Z over p_t. For data without atoms
   of finite variance; failures of quad_adaptive (SC_EDOMAIN too where the limit is infinite). */
BASE_MUST_USE int plugin_limit(const target *data, double m, double s2,
                               enclosure *limit);

/* ---- In R^d, by sampling -------------------------------------------------------------- */

/* hat p_t for n points x in R^d; the caller frees. */
gmm *plugin_law(int n, int d, const double *x, double m, double s2);

/* Means over draws of p, q another law. */
typedef struct {
    double log_ratio;   /* log(p/q): KL(p | q) */
    double mass;        /* q/p: 1 */
    double score_error; /* |grad log p - factor grad log q|^2; 1 is the right factor */
} plugin_gap;
/* n >= 1 draws of p, replicates first, .. */
plugin_gap plugin_compare(const gmm *p, const gmm *q, double factor, rng_key key,
                          uint64_t first, long n);

/* The uniform law on the unit circle (d = 2) or on the unit sphere in R^3 (d = 3), and n points of it. */
typedef struct {
    int n, d;
    double m, s2; /* s2 > 0 */
    long points;  /* of p_t, for one set */
    rng_key draw; /* of these; not that of the training sets */
} plugin_sphere;
/* log p_t(y), by a Bessel function or a hyperbolic sine. */
double plugin_sphere_logp(const plugin_sphere *c, const double *y);
/* E KL(p_t | hat p_t), stats_mean_skewed of level alpha from unbiased estimates for so many sets. Parallel. */
enclosure plugin_sphere_kl(const plugin_sphere *c, rng_key key, long sets,
                           double alpha);

/* The empirical score of n points of a mixture along a forward process. */
typedef struct {
    const gmm *data;    /* borrowed, as forward is */
    const sde *forward; /* horizon T */
    int n;
    bool
        times_sigma; /* a wrong one: sigma_t grad log hat p_t, divided by sigma_t instead of sigma_t^2 */
    double t0;    /* of plugin_balance */
    rng_key draw; /* of the evaluation points; not that of the training sets */
} plugin_score;
/* p_t against hat p_t of the training set x (n x d) by points first .. of `draw`. */
plugin_gap plugin_score_at(const plugin_score *c, const double *x, double t,
                           uint64_t first, long points);
/* A plugin_statistic of a plugin_score, forward OU: both sides of

       int_{t0}^T E_{p_t}|grad log p_t - grad log hat p_t|^2 dt = KL(p_{t0} | hat p_{t0}) - KL(p_T | hat p_T),

   each without bias: one random time in each of 200 strata of log t, with 1000 points in the first 40, where
   the integrand is large, and 64 in the others; KL by 16000 points. */
enum { PLUGIN_SIDES = 2 };
void plugin_balance(const void *ctx, long set, double *x, double *y);

#endif
