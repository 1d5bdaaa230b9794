/* Functionals of Gaussians with an error, two densities on one uniform grid, and piecewise polynomials
 * through its nodes; private to divergence/. */
#ifndef SC_DIVERGENCE_INTERNAL_H
#define SC_DIVERGENCE_INTERNAL_H

#include "divergence.h"

/* f(p, law) +- what an error of the law's moments does to it, and rounding. */
enclosure divergence_spread(double (*f)(gauss, gauss), gauss p, gauss law, gauss error);
double divergence_kl_backwards(gauss p, gauss q); /* KL(q | p) */

/* divergence_chain without a store. */
int divergence_chain_alone(const chain *c, const law_rules *rules, distances *d);
/* divergence_density that hands over its two laws, coarse and fine; the caller frees what is not NULL, also
   on failure. */
int divergence_density_laws(const chain *c, const law_rules *rules, distances *d,
                            line *law[2]);

/* tv[i]: TV between d[i] copies of the law and of the reference, one resolution. Where the law is below 1e-17 of its
   peak kernels are cut off and the ratio has lost its digits: such nodes are dropped, their mass is the caller's error. */
BASE_MUST_USE int divergence_line_products(const line *law, const reference *r, int n,
                                           const int *d, enclosure *tv);

/* The reference p and the law q at z_j = x0 + j dx, both densities in z. Points of the line are
   F(z), F increasing; F = NULL: z itself. */
typedef struct {
    long n;
    double x0, dx;
    const double *log_p, *p, *q, *F;
    /* NULL, or where p comes from (F = NULL): its quantiles are then taken from its distribution
       function, not from the nodes. Needed if p is not smooth. */
    const reference *exact;
} pair;

int divergence_pair(const pair *c, bool zero_split_only, line_values *v);
/* KL, reverse KL and TV for an exact reference that is not smooth at the points x[0..n-1]. */
void divergence_pair_broken(const pair *c, int n, const double *x, line_values *v);
/* p log(p/q) - p + q; 0 for a p below what a propagated density resolves where q = 0. */
double divergence_kl_integrand(double p, double log_p, double q, double log_q);
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
