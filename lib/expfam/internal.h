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

/* G = A^{-1} S A^{-1}. SC_EDOMAIN if det A may be 0. */
BASE_MUST_USE int expfam_sandwich(int k, const expfam_matrix *A, const expfam_matrix *S,
                                  expfam_matrix *G);

#endif
