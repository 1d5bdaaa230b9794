/* What the engines of law/ share; private to law/. */
#ifndef SC_LAW_INTERNAL_H
#define SC_LAW_INTERNAL_H

#include "law.h"

/* Mean and variance of Gaussian data (variance 0: a single atom); false for other data. */
bool law_gauss_data(const target *data, gauss *p);
/* The score in use of a chain on the line: exact score at (s_t, n_t), then the perturbation. */
void law_score(const chain *c, double t, long n, const double *x, double *s,
               double *ds);

#endif
