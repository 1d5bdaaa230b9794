/* manifold -- laws near a set of low dimension in R^D.  Floor 1.
 *
 * Generator        g: [0,1]^d -> R^D, d = 1, 2;  data X_0 = g(U) + sd xi, U uniform, xi ~ N(0, I).
 * Flow of g        X_t = m X_0 + sigma Z, m = e^-t, sigma^2 = 1 - e^-2t (OU): the law of m g(U) + sqrt(s2) Z,
 *                  s2 = m^2 sd^2 + sigma^2, is the Gaussian location mixture
 *
 *     p_t(y) = int N(y; m g(u), s2 I) du = sum_q w_q N(y; m c_q, s2 I),   c_q = g(u_q),
 *
 * on nodes (u_q, w_q) of a mesh, and its score is (Yakovlev, Puchkin 2025, (9)-(11))
 *
 *     grad log p_t(y) = -y/s2 + (m/s2) f*(y),   f*(y) = E[g(U) | X_t = y] = sum_q w_q c_q K_q/sum_q w_q K_q,
 *
 * K_q = exp(-|y - m c_q|^2/(2 s2)). The nodes may be taken as the definition of the law of U: then nothing
 * here has an error in u.
 *
 * Any points and weights make a cloud, those of a fitted generator too:
 *
 *     mesh nodes = mesh_legendre(1, mesh_panels(&GENERATOR_BEND, m, s2), 16);
 *     cloud *c = cloud_of(&GENERATOR_BEND, &nodes);
 *     const cloud_law law = cloud_ou(c, sd, t);
 *     cloud_eval(&law, n, y, 2, logp, f, s);
 *
 * A polyline is the union of the segments x_0 x_1, x_1 x_2, .. of R^d. */
#ifndef SC_MANIFOLD_H
#define SC_MANIFOLD_H

#include "base.h"
#include "enclosure.h"
#include "kernel.h"
#include "rng.h"

/* ---- Nodes in [0,1]^d, d = 1, 2 ------------------------------------------------------------- */

/* n nodes: node q at u + q*d, its weight w[q]; the weights add up to 1. Neighbours in memory are neighbours in the
   cube: in the plane one tile of nodes follows the other. A value that owns u and w: mesh_free. */
typedef struct {
    int d;
    long n;
    double *u; /* n x d */
    double *w; /* n */
} mesh;
/* (i + 1/2)/per_axis on each axis, equal weights. */
mesh mesh_midpoints(int d, int per_axis);
/* Gauss-Legendre: `points` nodes on each of `panels` equal panels of each axis. A function smooth on each of N^d
   equal cells is integrated as well as a smooth one if N divides panels. */
mesh mesh_legendre(int d, int panels, int points);
void mesh_free(mesh *m);

/* ---- Generators ------------------------------------------------------------------------------ */

enum { GENERATOR_D = 8, GENERATOR_WAVES = 32 };

/* a sin(k.u + phase) in coordinate `row`. */
typedef struct {
    int row;
    double a, k[2], phase;
} generator_wave;

/* Coordinate i of g(u) is

       constant_i + slope_i.u + square_i0 u_1^2 + square_i1 u_1 u_2 + square_i2 u_2^2 + its waves.

   A value; copy it and add a wave to perturb it (then set beta = 0). beta, H: of generator_octaves, which lies in the
   Hoelder ball H^beta(H); 0: not known. */
typedef struct {
    const char *name;
    int d, D; /* d = 1, 2; 1 <= D <= GENERATOR_D */
    double constant[GENERATOR_D], slope[GENERATOR_D][2], square[GENERATOR_D][3];
    int waves;
    generator_wave wave[GENERATOR_WAVES];
    double beta, H;
} generator;

/* Chapter manifold, with the largest norm: line 0.8, arc 0.86, bend 0.882, gentle 0.807, wire 0.989 (D = 8), sheet
   0.997 (D = 3), slab 0.748; sheet and slab have d = 2, line D = 1, the others D = 2. */
extern const generator GENERATOR_LINE, GENERATOR_ARC, GENERATOR_BEND, GENERATOR_GENTLE,
    GENERATOR_WIRE, GENERATOR_SHEET, GENERATOR_SLAB;
/* u + 0.3 sin 5u + 0.2 u^2 and 1.4 u_1 + 0.9 u_2 + 0.3 sin(5 u_1 + 3 u_2): for integer beta, not in the unit ball. */
extern const generator GENERATOR_SMOOTH, GENERATOR_SMOOTH_PLANE;

/* weier(beta): W(u) = trend u + sum_{k < octaves} 2^(-beta k) cos(2 pi 2^k u); d = 2: W(u_1) + 0.7 W(u_2). 0 < beta < 2.
   For trend <= 4 and beta != 1 in H^beta(H), b = beta - floor beta,

       S = 2 pi^b {1/(1 - 2^(b-1)) + 1/(1 - 2^-b)},
       H = 4 + S (beta < 1), max{4 + 2 pi/(1 - 2^(1-beta)), 2 pi S} (beta > 1);

   d = 2, beta < 1: 1.7 (4 + S). beta = 1 leaves beta = H = 0: the sum is only Zygmund there. */
generator generator_octaves(int d, double trend, double beta, int octaves);
/* The first D coordinates. */
generator generator_first(const generator *g, int D);
/* factor g; H becomes |factor| H. */
generator generator_scaled(const generator *g, double factor);
/* D = 1: s (g - mid) with mid and s > 0 such that it runs from -amplitude to amplitude over the nodes. */
generator generator_centred(const generator *g, const mesh *nodes, double amplitude);

/* At n points, point i at u + i*d: g into x (n x D); the Jacobian dg_r/du_j into J + (i*D + r)*d + j. x or J may be
   NULL. */
void generator_eval(const generator *g, long n, const double *u, double *x, double *J);
/* The Taylor polynomial g0 of the given degree >= 0 around the upper corner ceil(N u)/N of the cell of u, out of N^d
   equal cells (of u_j = 0: that of the first cell); x is n x D. Yakovlev, Puchkin 2025, (17)-(18): degree = the
   largest integer below beta. */
void generator_taylor(const generator *g, int degree, int N, long n, const double *u,
                      double *x);
/* H with g in H^beta([0,1]^d, R^D, H), 0 < beta <= 2: each coordinate has |d^k g| <= H for 1 <= |k| <= r and
   |d^k g(x) - d^k g(y)| <= H min(1, |x - y|_inf)^(beta - r) for |k| = r, r the largest integer below beta. By the
   triangle inequality over the terms, with the bound for ceil(beta) if beta is not an integer; g->H if beta = g->beta
   and that is less. */
double generator_hoelder(const generator *g, double beta);
/* The largest |g(u)| and |dg/du_j (u)|, Euclidean in R^D, over u and j, on a grid of 4097 (d = 1) or 257^2 points with
   the corners: not more than the suprema. */
typedef struct {
    double norm, slope;
} generator_sizes;
generator_sizes generator_largest(const generator *g);
/* Panels an axis, ceil(2 m slope/sqrt(s2)) >= 1: then 16-point Gauss-Legendre integrates K(u) to rounding. */
int mesh_panels(const generator *g, double m, double s2);

/* ---- Clouds: weighted points, and their Gaussian convolutions ------------------------------- */

/* sum_q w_q delta(c_q) on R^D, D <= GENERATOR_D. */
typedef struct cloud cloud;

/* n points, point q at x + q*D; weights > 0, normalised here, NULL: equal. Copied. Points that are neighbours in
   memory should be neighbours in space: they are searched in blocks of CLOUD_BLOCK, each within its ball. */
enum { CLOUD_BLOCK = KERNEL_BLOCK };
cloud *cloud_new(long n, int D, const double *x, const double *w);
cloud *cloud_of(const generator *g, const mesh *nodes); /* c_q = g(u_q) */
cloud *cloud_taylor(const generator *g, int degree, int N,
                    const mesh *nodes); /* c_q = g0(u_q) */
void cloud_free(cloud *c);
long cloud_points(const cloud *c);
int cloud_dim(const cloud *c);
double cloud_norm(const cloud *c); /* max_q |c_q| */
/* sum_q w_q c_q, D numbers. */
void cloud_mean(const cloud *c, double *mean);
/* Two clouds with the same n, D and weights, point for point: E|g(U) - h(U)|^2 and max_q |g(u_q) - h(u_q)|; an
   output may be NULL. m^2/(2 s2) times the first is at least KL (data processing on (U, X_t)). */
void cloud_gap(const cloud *g, const cloud *h, double *mean_square, double *largest);

/* The law of m g(U) + sqrt(s2) Z; borrows, s2 > 0. */
typedef struct {
    const cloud *of;
    double m, s2;
} cloud_law;
/* OU at time t of g(U) + sd xi: m = e^-t, s2 = m^2 sd^2 + 1 - e^-2t. */
cloud_law cloud_ou(const cloud *c, double sd, double t);

/* At n points, point i at y + i*ldy: log p, f* (n x D) and the score (-y + m f*)/s2 (n x D); each may be NULL. In logs
   relative to the nearest point, so that nothing underflows; points with K below e^-50 of the largest are left out.
   Cost: the blocks within reach of y. Parallel over the points, the same bytes for any number of threads. */
void cloud_eval(const cloud_law *l, long n, const double *y, int ldy, double *logp,
                double *f, double *s);
/* grad log p (n x D) by another way: Im log p(y + i h e_k)/h with h = 1e-30 in complex arithmetic, without a
   formula for the score. p is entire and nothing cancels. */
void cloud_complex_step(const cloud_law *l, long n, const double *y, int ldy,
                        double *grad);

/* y = m c + rho sqrt(s2) e around every point c of `around`, for n_rho radii rho and so many random directions e, |e| = 1
   (replicate i of the key for point i of y): the caller frees the result, (points of `around`) n_rho directions x D. */
double *cloud_shells(const cloud_law *l, const cloud *around, int n_rho,
                     const double *rho, int directions, rng_key key);
/* Largest |cloud_complex_step - s|/(1 + |s|) and |score of l - s|/(1 + |s|) at n points y, with s_i in place i of s (both
   n x D); a NaN if there is one. */
double cloud_score_residual(const cloud_law *l, long n, const double *y,
                            const double *s);
double cloud_score_change(const cloud_law *l, long n, const double *y, const double *s);

/* ---- Integrals over R^D, D = 1, 2, by the trapezoid rule -------------------------------------
 *
 * Nodes `spacing` sqrt(s2) apart, s2 the smaller, over a box that holds the points and `reach` standard deviations
 * around them of both laws. Value +- (an error estimated from every second and, on the line, every third node +
 * rounding of the densities). Spectrally accurate while log(p/q) is smooth on the scale of the spacing; between points
 * farther than about 6 standard deviations from the next it has bends, which cost digits, and the estimate says so. */
typedef struct {
    double spacing, reach;
} cloud_rule;
extern const cloud_rule CLOUD_LINE, CLOUD_PLANE; /* 1/12 and 1/5, reach 9 */

/* KL(p | q), integrand p log(p/q) - p + q >= 0 */
enclosure cloud_kl(const cloud_law *p, const cloud_law *q, cloud_rule rule);
/* Relative Fisher information, E_p|grad log p - grad log q|^2. */
enclosure cloud_fisher(const cloud_law *p, const cloud_law *q, cloud_rule rule);
/* E h(Y), Y ~ p, for k functions at once: value j of point i into h[i*k + j], y packed with leading dimension D. The
   rounding of h is not in the enclosures. */
typedef void cloud_function(const void *ctx, long n, const double *y, double *h);
void cloud_expectation(const cloud_law *p, cloud_rule rule, cloud_function *h,
                       const void *ctx, int k, enclosure *mean);

/* ---- Two flows ------------------------------------------------------------------------------- */

/* OU of g(U) + sd xi; borrows. */
typedef struct {
    const cloud *of;
    double sd;
} cloud_flow;
/* int_{t0}^T E_{p_t}|grad log p_t - grad log q_t|^2 dt = KL(p_{t0} | q_{t0}) - KL(p_T | q_T), both sides (de Bruijn).
   With p the flow of one point x and sd = 0 it is the DSM loss l(s_q, x) = int E[|s_q(X_t, t) + (X_t - m x)/sigma^2|^2
   | X_0 = x] dt. The integral: n-point Gauss-Legendre in log t; the enclosure holds the errors at the nodes only, so
   compare two n. The KLs: cloud_kl. 0 < t0 < T. */
enclosure cloud_score_integral(const cloud_flow *p, const cloud_flow *q, double t0,
                               double T, int n, cloud_rule rule);
enclosure cloud_kl_lost(const cloud_flow *p, const cloud_flow *q, double t0, double T,
                        cloud_rule rule);

/* ---- Polylines ------------------------------------------------------------------------------- */

typedef struct polyline polyline;

/* n >= 2 vertices, n x d row-major, neighbours distinct; copied. */
polyline *polyline_new(int n, int d, const double *x);
/* n >= 2 vertices m g(i/(n - 1)) of a curve, d = 1. */
polyline *polyline_of(const generator *g, double m, int n);
void polyline_free(polyline *p);
int polyline_dim(const polyline *p);
/* d2[i] = squared distance of point i, at x + i*ldx, to the polyline; ldx >= d. Exact up to rounding: the
   segments, not only the vertices. Parallel. */
void polyline_distance2(const polyline *p, long n, const double *x, int ldx,
                        double *d2);
/* Where the ray from + r direction (a unit vector of R^d, d <= GENERATOR_D), r > 0, has distance R from the polyline, which
   `from` is nearer than R to: y, d numbers. Failures of quad_root. */
BASE_MUST_USE int polyline_exit(const polyline *p, const double *from,
                                const double *direction, double R, double *y);

#endif
