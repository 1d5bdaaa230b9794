/* What the quadratures of match share. */
#ifndef SC_MATCH_INTERNAL_H
#define SC_MATCH_INTERNAL_H

#include "match.h"

/* Relative accuracy asked for everywhere. */
#define MATCH_EPSREL 1e-13

/* Component i of the data, N(mu, v) with weight w. */
typedef struct {
    double w, mu, v;
} match_component;
match_component match_component_of(const gmm *p, int i);

/* E f(Z), Z ~ N(0, 1): f gives y_i = f(z_i). */
int match_normal_mean(quad_batch *f, const void *ctx, double *value, double *err);
/* The splits of the law of X_t with infinite ends and room for MATCH_EXTRA more. Returns their number;
   *points is for the caller to free. */
enum { MATCH_EXTRA = 256 };
int match_split_points(const noised *x, double **points);
/* E f(X_t) by the density of X_t, split at the features of the target: f gives y_i = f(x_i). */
int match_law_mean(const noised *x, quad_batch *f, const void *ctx, enclosure *mean);

/* The stream of slices; the laws' own draws use streams 0 and 1 and the mixtures'. */
enum { MATCH_SLICES = 2 };
/* v^T A v, A d x d row-major; v = NULL: the trace. */
double match_quadratic(int d, const double *A, const double *v);
/* 2 v^T A v averaged over m slices, rows of v; v = NULL: 2 tr A. */
double match_sliced_trace(int d, const double *A, int m, const double *v);

#endif
