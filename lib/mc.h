/* mc -- deterministic parallel Monte Carlo.  Floor 3.
 *
 * Draws come in fixed chunks of MC_CHUNK replicates; every chunk is summed in a fixed order, the partial
 * sums are combined in a fixed tree: the same bytes for any number of threads and ranks (rank.h).
 */
#ifndef SC_MC_H
#define SC_MC_H

#include "enclosure.h"
#include "rng.h"

enum { MC_CHUNK = 4096, MC_BATCH = 512 };

/* k observables of replicates first .. first+n-1 (n <= MC_BATCH) into y, row-major n x k. A replicate must
   not depend on the others: a chunk is drawn in batches. */
typedef void mc_batch(const void *ctx, rng_key key, uint64_t first, int n, double *y);

typedef struct {
    mc_batch *draw;
    const void *ctx; /* borrowed */
    int k;           /* number of observables */
} mc_observables;

/* Means of y's k observables over the n >= 2 replicates first .. first+n-1: mean[j] of level alpha
   each (CLT with the normal quantile); sd[j] (sd may be NULL) the standard deviation of one draw.
   SC_EDOMAIN if some observation is not finite. */
BASE_MUST_USE int mc_mean(const mc_observables *y, rng_key key, uint64_t first, long n,
                          double alpha, enclosure *mean, double *sd);
/* Variances of the k observables, and all their covariances (cov: k x k, row-major), each of level
   alpha. Two passes over the draws: the means, then the products w of the deviations from them; the CLT
   for w, wider by the first Edgeworth term of Student's ratio (Hall 1987), for w is skewed, and by what
   the estimated means can cost:
       (z + |skewness of w| (2 z^2 + 1)/(6 sqrt n)) sd(w)/sqrt(n) + z^2 sd(a) sd(b)/n.
   sd[j] (may be NULL) is sd(w), for mc_size. Var a - Var b is the covariance of a - b and a + b, in which
   what a and b share cancels. SC_EDOMAIN as for mc_mean. */
BASE_MUST_USE int mc_variance(const mc_observables *y, rng_key key, uint64_t first,
                              long n, double alpha, enclosure *var, double *sd);
BASE_MUST_USE int mc_covariance(const mc_observables *y, rng_key key, uint64_t first,
                                long n, double alpha, enclosure *cov, double *sd);
/* Smallest n whose enclosure of level alpha has half-width <= half_width, given the standard
   deviation of a pilot on other replicates; at least 1000. */
long mc_size(double pilot_sd, double half_width, double alpha);

/* Variances with half-widths of about part * variance, 0 < part: of as many replicates as a pilot on
   others, MC_PILOT and following, asks for; at least 50000. */
#define MC_PILOT ((uint64_t)1 << 40)
BASE_MUST_USE int mc_variance_within(const mc_observables *y, rng_key key, double part,
                                     double alpha, enclosure *var);
/* The same for the covariance of observables a and b alone. */
BASE_MUST_USE int mc_covariance_within(const mc_observables *y, int a, int b,
                                       rng_key key, double part, double alpha,
                                       enclosure *cov);

/* Sum of n values in the fixed tree. */
double mc_sum(long n, const double *x);

#endif
