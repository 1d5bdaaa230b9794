/* What the files of lq share. */
#ifndef SC_LQ_INTERNAL_H
#define SC_LQ_INTERNAL_H

#include "lq.h"

/* lambda and k. */
double lq_growth(const lq *m);
double lq_distance(const lq *m);
/* E_l(u) = (e^{l u} - 1)/l and dE_l(u)/dl. */
double lq_integral(double l, double u);
double lq_integral_slope(double l, double u);

#endif
