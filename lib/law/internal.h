/* What the engines of law/ share; private to law/. */
#ifndef SC_LAW_INTERNAL_H
#define SC_LAW_INTERNAL_H

#include "law.h"

/* Mean and variance of Gaussian data (variance 0: a single atom); false for other data. */
bool law_gauss_data(const target *data, gauss *p);
/* The score in use of a chain on the line: exact score at (s_t, n_t), then the perturbation. */
void law_score(const chain *c, double t, long n, const double *x, double *s,
               double *ds);
/* The start law at t[0] is that of m X_0 + sqrt(s2) Z, X_0 ~ *p. *owned is NULL or to be freed. */
typedef struct {
    const target *p;
    target *owned;
    double m, s2;
} start_law;
start_law law_start(const target *data, const sde *e, double t, start from);
/* Its density on a grid of spacing at most dx that holds all but 1e-19 of it on either side. */
int law_start_line(const start_law *l, double dx, line **out);
/* Its smallest standard deviation. */
double law_start_sd(const start_law *l);

/* n + 1 points from lo to hi with spacing at most dx, at least at_least of them; SC_EACCURACY if
   they are too many. */
int law_grid(double lo, double hi, double dx, long at_least, line **l);
/* next += sum_j weight_j N(y; mu_j, q) for the nodes y of next within reach sqrt(q) of mu_j. mu and
   weight are overwritten. Returns the number of kernel evaluations. */
double law_scatter(long n, double *mu, double *weight, double q, double reach,
                   line *next);

#endif
