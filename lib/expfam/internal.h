/* What the moments share with what is made of them. */
#ifndef SC_EXPFAM_INTERNAL_H
#define SC_EXPFAM_INTERNAL_H

#include "expfam.h"

/* v_i - centre */
typedef struct {
    expfam_vector v;
    int i;
    double centre;
} expfam_factor;

/* E of the product of the factors. */
BASE_MUST_USE int expfam_product_mean(const expfam *p, int factors,
                                      const expfam_factor *f, enclosure *mean);

#endif
