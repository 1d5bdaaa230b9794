/* divergence -- KL, TV and W2 between laws, with error bounds.  Floor 3.
 *
 *   KL(p|q) = int (p log(p/q) - p + q)            integrand >= 0
 *   TV(p,q) = 1/2 int |p - q|                     split at sign changes and low-density nodes
 *   W2^2    = int_0^1 (Q_p - Q_q)^2 du            u-panels graded towards 0, 1 and valleys
 */
#ifndef SC_DIVERGENCE_H
#define SC_DIVERGENCE_H

#include "law.h"

/* Closed forms on the line; KL in the log1p form that keeps 1e-11. */
double gauss_kl(gauss p, gauss q);
double gauss_tv(gauss p, gauss q);
double gauss_w2(gauss p, gauss q);
/* TV(p_t, N(0, 1)) under VP for Gaussian data, p_t = law_vp_gauss(data, B). */
enclosure gauss_vp_noise_tv(gauss data, double B);
/* KL(p_T, p_noise) for Gaussian data: what starting from noise costs. */
enclosure gauss_noise_kl(gauss data, const sde *e);
/* In R^d: means (d), covariances (d x d). W2 is the Bures distance. SC_EDOMAIN unless positive
   definite. */
BASE_MUST_USE int divergence_gauss_kl(int d, const double *m1, const double *c1,
                                      const double *m2, const double *c2, double *kl);
BASE_MUST_USE int divergence_gauss_w2(int d, const double *m1, const double *c1,
                                      const double *m2, const double *c2, double *w2);

/* W2 between N(0, w w^T), of rank one, which the general form refuses, and N(0, L L^T), L: d x r,

       W2^2 = |w|^2 + |L|_F^2 - 2 |L^T w| = |w - L q|^2 + |L - L q q^T|_F^2,   q = L^T w/|L^T w|,

   by the second form, which does not cancel: an enclosure of halfwidth (d + r + 16) 2^-53 (|w| + |L|_F), with
   a few roundings of the entries of w and L. r <= 8. */
enclosure divergence_gauss_w2_rank_one(int d, const double *w, int r, const double *L);

/* All distances between the data and a law; kl = KL(data | law), kl_reverse = KL(law | data). */
typedef struct {
    enclosure kl, kl_reverse, tv, w2, mass;
    double evaluations; /* kernel evaluations spent, coarse run */
} distances;

/* A reference density on the line: logp at n points. */
typedef struct {
    const target *data;
    double m, s2; /* the law of m X_0 + sqrt(s2) Z */
} reference;

/* KL(p | q), TV(p, q) and chi^2(p | q) = int (p - q)^2/q by adaptive quadrature; an output may be NULL. The
   enclosures hold its error estimate and the rounding of the densities; KL and chi^2 keep their relative
   accuracy where p is close to q. The tails cut off weigh less than 1e-20 (none for chi^2). For laws as
   smooth as a diffused one, or with target_breaks. SC_EDOMAIN if the integral is infinite. */
BASE_MUST_USE int divergence_between(const reference *p, const reference *q,
                                     enclosure *kl, enclosure *tv, enclosure *chi2);
/* The same for Gaussian q (p_noise). */
BASE_MUST_USE int divergence_to_gauss(const reference *p, gauss q, enclosure *kl,
                                      enclosure *tv);

/* KL(p_t | q_t), p and q both diffused by e. */
BASE_MUST_USE int divergence_diffused(const target *p, const target *q, const sde *e,
                                      double t, enclosure *kl);

/* Relative Fisher information E_p {(log p)' - (log q)'}^2, with the rounding of the scores: the J_ESM of the field
   (log q)' for data p. For laws as for divergence_between; edges count for nothing. */
BASE_MUST_USE int divergence_fisher(const reference *p, const reference *q,
                                    enclosure *fisher);

/* H(p | Lebesgue) = int p log p of a law with a density, as KL(p | N(m, v)) - log(2 pi e v)/2 with the mean m and
   variance v of p, which must be finite. Failures are those of divergence_to_gauss. */
BASE_MUST_USE int divergence_entropy(const reference *p, enclosure *entropy);

/* Functionals of one grid density against a reference: plain values, no error bound.
   zero_split_only is a negative control: TV split only at sign changes above 1e-14. */
typedef struct {
    double kl, kl_reverse, tv, w2;
    double
        kl_truncation; /* error of kl where truncated kernels leave no digit of the law */
    double
        w2_rounding; /* error of w2^2 from rounding: mass that crosses valleys by mistake */
} line_values;
BASE_MUST_USE int divergence_line(const line *law, const reference *r,
                                  bool zero_split_only, line_values *v);

/* The same for a flow. SC_EDOMAIN for a reference with edges or kinks (target_breaks); SC_EACCURACY if
   the nodes do not resolve the map (data with a deep valley). */
BASE_MUST_USE int divergence_flow(const flow *law, const reference *r, line_values *v);

/* Distances of a chain's law to its data at forward time t[steps]. By the chain, one of
   - Gaussian data, affine score: closed forms, with the rounding of the recursion;
   - scheme without noise: divergence_map;
   - else divergence_density.
   The last two run two resolutions: enclosure fine +- (4 |fine - coarse| + r max(1, |fine|)), r = 1e-13
   for densities, 1e-12 for maps; W2 through W2^2. `rules` NULL: law_rules_of. With c->kept the same law
   is computed once by all programs that share the store. */
BASE_MUST_USE int divergence_chain(const chain *c, const law_rules *rules,
                                   distances *d);
/* KL between the data at the last time and the law for OU from T through the times of timegrid_benton, or, if whole, of
   timegrid_benton_whole. Of c data, scheme, start, score and `kept` are read. */
typedef struct {
    double T, delta, kappa;
} early_stop;
typedef struct {
    int steps;
    enclosure ratio;          /* timegrid_benton_ratio */
    enclosure kl, kl_reverse; /* KL(data | law), KL(law | data) */
} early_stopped;
BASE_MUST_USE int divergence_early_stop(const chain *c, early_stop at, bool whole,
                                        early_stopped *out);
/* KL(data at t[steps] | law) for Gaussian data in R^d, by law_gauss_rd from N(0, I), with d^2 roundings of what
   adds up to it, of size 1. SC_EDOMAIN also for covariances that are not positive definite. */
BASE_MUST_USE int divergence_chain_rd(const gmm *data, const sde *e,
                                      const sampler *scheme, int steps, const double *t,
                                      enclosure *kl);
/* divergence_chain against the law at t[steps] of the continuous process from the same start, by law_reverse_gauss: of the
   reverse SDE, or of the probability flow for a scheme without noise. No initialisation error enters. For
   Gaussian data; SC_EDOMAIN for others. */
BASE_MUST_USE int divergence_same_start(const chain *c, distances *d);
/* Products: `product[i]` has the distances between d[i] >= 1 independent copies of the chain's law and of its data,
   i < n, all from one law:

       KL_d = d KL_1,   W2_d = sqrt(d) W2_1,   TV_d by Gil-Pelaez (d = 1: directly);

   mass and evaluations are those of one coordinate. Gaussian data, or schemes with Gaussian kernels
   (divergence_density); SC_EDOMAIN for others. */
BASE_MUST_USE int divergence_products(const chain *c, int n, const int *d,
                                      distances *product);
/* divergence_chain on uniform grids from T to 0 of first, first factor, first factor^2, ... steps, what
   `rate` fits an order to; c->steps and c->t are not read. Parallel over the levels. */
enum { LADDER_LEVELS = 10 };
typedef struct {
    int levels, steps[LADDER_LEVELS];
    double h[LADDER_LEVELS]; /* T/steps */
    enclosure kl[LADDER_LEVELS], tv[LADDER_LEVELS], w2[LADDER_LEVELS];
} ladder;
BASE_MUST_USE int divergence_ladder(const chain *c, int first, int factor, int levels,
                                    ladder *l);
/* The same on timegrid_shifted with w = shift > 0, for narrow data. */
BASE_MUST_USE int divergence_ladder_shifted(const chain *c, double shift, int first,
                                            int factor, int levels, ladder *l);
/* The same at the horizons T = 1, 2, 4, .. with per_unit uniform steps to a unit of time: h = 1/per_unit. */
typedef struct {
    const target *data;
    sde (*forward)(double T);
    const sampler *scheme;
    int per_unit;
    bool
        noise; /* from p_noise, by divergence_same_start; else from p_T, by divergence_chain */
    const law_rules *rules; /* of divergence_chain */
    const store *kept;      /* as in a chain */
} horizon_chain;
BASE_MUST_USE int divergence_horizons(const horizon_chain *c, int levels, ladder *l);
/* The least number of steps, 1 or more, after which an error is at most eps > 0, for one that falls about like
   steps^-order. SC_EACCURACY if an enclosure holds eps, SC_ECONVERGENCE if 2^30 steps are not enough; other
   failures are those of f. */
typedef int divergence_error(const void *ctx, int steps, enclosure *error);
BASE_MUST_USE int divergence_least(divergence_error *f, const void *ctx, double order,
                                   double eps, int *steps);
/* The same for the TV of uniform steps from T to 0. */
BASE_MUST_USE int divergence_least_steps(const chain *c, double eps, int *steps);
/* The same always by density propagation: SC_EDOMAIN for schemes without Gaussian kernels. */
BASE_MUST_USE int divergence_density(const chain *c, const law_rules *rules,
                                     distances *d);
/* The same, and a functional of the law by the same two runs, enclosed as KL and TV are. */
typedef double line_functional(const void *ctx, const line *law);
BASE_MUST_USE int divergence_density_with(const chain *c, const law_rules *rules,
                                          line_functional *f, const void *ctx,
                                          distances *d, enclosure *value);
/* The same at one resolution, with the rounding for error bound: what the engine reports without its
   acceptance test. For controls and findings. */
BASE_MUST_USE int divergence_once(const chain *c, const law_rules *rules, distances *d);
/* How far KL, TV and W2 of divergence_once at spacing[i], i < n, are from those at the spacing `best`,
   with 1e-13 for rounding; of error[i] the other fields are not set. */
BASE_MUST_USE int divergence_spacing(const chain *c, double best, int n,
                                     const double *spacing, distances *error);
/* The same always by the flow map, at `nodes` nodes and half as many again (12001 for mixtures).
   SC_EDOMAIN for schemes with noise. */
BASE_MUST_USE int divergence_map(const chain *c, long nodes, distances *d);
/* The same for the continuous reverse SDE stopped at u. */
BASE_MUST_USE int divergence_continuous(const target *data, const sde *e, start from,
                                        double u, distances *d);
/* ... against another reference than the data at time u. */
BASE_MUST_USE int divergence_continuous_to(const reference *r, const target *data,
                                           const sde *e, start from, double u,
                                           distances *d);
/* ... at one resolution, without an error bound. */
BASE_MUST_USE int divergence_continuous_once(const target *data, const sde *e,
                                             start from, double u, bool zero_split_only,
                                             line_values *v);
/* The distances of the law of Euler's scheme (law_euler, two resolutions) to a reference. */
BASE_MUST_USE int divergence_euler(const euler_scheme *c, const reference *r,
                                   distances *d);
/* The same for d[i] >= 1 copies, i < n, and the limit of many steps, all from one law, kl (d[i] times that of one copy),
   kl_reverse and tv alone (w2 and mass are NaN): with p_N the density after N steps, N = c->steps, Richardson's combinations of log p_N, log p_2N, log p_4N, exact up to h^2 (fine) and,
   of the last two, up to h (coarse), each on the grid of p_4N; fine +- (|fine - coarse| + 4 |change with a grid 1.5
   times coarser| + 1e-13). An error estimate: where it is far larger than the value, N is too small. */
BASE_MUST_USE int divergence_euler_limit(const euler_scheme *c, const reference *r,
                                         int n, const int *d, distances *copies);
/* divergence_euler for first, first factor, .. steps; c->steps is not read. */
BASE_MUST_USE int divergence_euler_ladder(const euler_scheme *c, const reference *r,
                                          int first, int factor, int levels, ladder *l);

/* The same for the linear case by RK4: enclosure fine +- |fine - coarse|, LINEAR_STEPS and half as many
   steps; W2 to full relative accuracy however small. path: NULL, or takes LINEAR_STEPS + 1 values, as
   from law_linear. */
enum { LINEAR_STEPS = 1500 };
BASE_MUST_USE int divergence_linear(const linear_case *c, gauss *path, distances *d);

/* The same for Gaussian data and law_backward_output: closed forms. */
distances divergence_backward(const backward *c, double w);

/* The same for the law with density proportional to exp(l) on [lo, hi], 0 outside, against r: by the trapezoid rule on
   8001 and 12001 nodes, hence for l smooth and, at the ends, far below its maximum. */
typedef void divergence_log_density(const void *ctx, long n, const double *x,
                                    double *l);
BASE_MUST_USE int divergence_unnormalised(divergence_log_density *l, const void *ctx,
                                          double lo, double hi, const reference *r,
                                          distances *d);

/* TV between d-fold products, Gil-Pelaez: n nodes with masses p, q and l = log(p/q). */
BASE_MUST_USE int divergence_tv_product(long n, const double *l, const double *p,
                                        const double *q, int d, enclosure *tv);
/* The same for Gaussians close to each other, on 6001 nodes within 12 standard deviations of p. */
BASE_MUST_USE int divergence_tv_product_gauss(gauss p, gauss q, int d, enclosure *tv);

/* Exact W2 between two uniform samples of n points in R^d (assignment by shortest augmenting paths,
   O(n^3), n^2 doubles of memory; SC_EDOMAIN if a squared distance is not finite) and, on the line,
   between discrete laws (weights >= 0, sums 1). */
BASE_MUST_USE int divergence_w2_samples(long n, int d, const double *x, int ldx,
                                        const double *y, int ldy, double *w2);
double divergence_w2_discrete(int n, const double *x, const double *wx, int m,
                              const double *y, const double *wy);
/* Unbiased energy distance 2E|X-Y| - E|X-X'| - E|Y-Y'| (U-statistics; Szekely, Rizzo 2013), n, m >= 2.
   Parallel, fixed tree. Unbiased, hence stats_mean over independent pairs of samples encloses the
   energy distance of the two laws; W2 between samples is biased upwards and has no such interval. */
double divergence_energy(long n, int d, const double *x, int ldx, long m,
                         const double *y, int ldy);
/* `groups` of them: value[g] is that of rows g n .. g n + n - 1 of x and of y (leading dimension d). */
void divergence_energy_groups(int groups, long n, int d, const double *x,
                              const double *y, double *value);
/* The same between isotropic mixtures, from the closed form of E|N(a, v I)|, each to 1e-11. SC_EDOMAIN for
   other shapes, SC_EACCURACY if a 1F1 misses that. */
BASE_MUST_USE int divergence_energy_gmm(const gmm *p, const gmm *q, enclosure *energy);

/* n points, replicates first .. of a law on R^d, into x (row-major, n x d). */
typedef struct {
    void (*draw)(const void *ctx, rng_key key, uint64_t first, long n, double *x);
    const void *ctx; /* borrowed */
} draws;
/* law(A) - q(A) for the event A = {density of p > density of q}, from n >= 2 draws of each: an enclosure of
   level alpha (CLT). With law NULL (law = p) this is TV(p, q); otherwise a lower bound of TV(law, q).
   Both laws are drawn with the same key: mixtures with equal weights are coupled. */
BASE_MUST_USE int divergence_tv_gmm(const gmm *p, const gmm *q, const draws *law,
                                    rng_key key, long n, double alpha, enclosure *tv);

#endif
