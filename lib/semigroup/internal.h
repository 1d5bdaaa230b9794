/* What the files of semigroup share. */
#ifndef SC_SEMIGROUP_INTERNAL_H
#define SC_SEMIGROUP_INTERNAL_H

#include "semigroup.h"

/* semigroup_apply and semigroup_mixture; value->inside is NaN, and saved its work, unless asked for. */
int semigroup_moments(const semigroup_function *f, semigroup_kernel k, double y,
                      bool inside, smoothed *value);
int semigroup_mixture_moments(const gmm *p, double var, semigroup_kernel k,
                              const double *y, bool inside, smoothed *value);

#endif
