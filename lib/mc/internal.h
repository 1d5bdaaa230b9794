/* What means and variances share. */
#ifndef SC_MC_INTERNAL_H
#define SC_MC_INTERNAL_H

#include "mc.h"

/* Number and mean of some draws of one observable, sums of squared and cubed deviations. */
typedef struct {
    double n, mean, square, cube;
} mc_moments;

/* Of y's k observables over n replicates. SC_EDOMAIN if some observation is not finite. */
BASE_MUST_USE int mc_moments_of(const mc_observables *y, rng_key key, uint64_t first,
                                long n, mc_moments *m);
/* Normal quantile of the two-sided level alpha. */
double mc_critical(double alpha);

#endif
