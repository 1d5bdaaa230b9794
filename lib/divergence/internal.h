/* Two densities on one uniform grid, and piecewise polynomials through its nodes; private to
 * divergence/. */
#ifndef SC_DIVERGENCE_INTERNAL_H
#define SC_DIVERGENCE_INTERNAL_H

#include "divergence.h"

/* The reference p and the law q at z_j = x0 + j dx, both densities in z. Points of the line are
   F(z), F increasing; F = NULL: z itself. */
typedef struct {
    long n;
    double x0, dx;
    const double *log_p, *p, *q, *F;
} pair;

int divergence_pair(const pair *c, bool zero_split_only, line_values *v);
/* Sets w2 and w2_rounding. */
void divergence_pair_w2(const pair *c, line_values *v);

/* Degree-7 polynomials through eight neighbouring nodes, centred where possible: in cell j, with
   theta = (z - z_j)/dx in [0, 1], f(z) = sum_k c[k] theta^k. */
enum { STENCIL = 8 };
typedef struct {
    double coefficient[STENCIL - 1][STENCIL]
                      [STENCIL]; /* [offset of the cell][k][node] */
} spline;
void spline_make(spline *s);
void spline_cell(const spline *s, long n, const double *f, long j, double c[STENCIL]);
double spline_value(const double c[STENCIL], double theta);
/* int_0^theta. */
double spline_integral(const double c[STENCIL], double theta);

#endif
