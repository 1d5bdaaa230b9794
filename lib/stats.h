/* stats -- intervals, quantiles, tests, multiplicity.  Floor 4. */
#ifndef SC_STATS_H
#define SC_STATS_H

#include "base.h"
#include "enclosure.h"

double stats_normal_quantile(double p); /* Phi^{-1} */
/* Mean of n replicates: t interval of level alpha; widened by range_bound ln(1/alpha)/n when all
   replicates agree (range_bound = 0: not widened). */
enclosure stats_mean(long n, const double *x, double alpha, double range_bound);
/* The same for skewed replicates, n >= 2: wider by the first Edgeworth term of Student's ratio, as in mc_variance,
   |skewness| (2 z^2 + 1)/(6 sqrt n) standard errors. */
enclosure stats_mean_skewed(long n, const double *x, double alpha);
/* Covariance of n >= 2 pairs (x_i, y_i), unbiased: the interval of mc_covariance, for products of deviations
   are skewed. y = x: a variance. NaN if some number is not finite. */
enclosure stats_covariance(long n, const double *x, const double *y, double alpha);
/* Exact binomial (Clopper-Pearson) interval for k successes in n. */
enclosure stats_binomial(long k, long n, double alpha);
/* sup |F_n - F| with a DKW enclosure; x is sorted in place. */
enclosure stats_kolmogorov(long n, double *x, double (*cdf)(double x, const void *ctx),
                           const void *ctx, double alpha);
/* The same for F = N(0, var). */
enclosure stats_kolmogorov_normal(long n, double *x, double var, double alpha);

#endif
