/* quad -- one-dimensional quadrature, roots, cubic and higher splines.  Floor 0 (on GSL). */
#ifndef SC_QUAD_H
#define SC_QUAD_H

#include "base.h"

typedef double quad_function(double x, const void *ctx);

/* int over [points[0], points[n-1]], split at the inner points (increasing; the outer ones may be
   -inf, +inf). Adaptive Gauss-Kronrod on every panel until the error estimate is
   <= max(epsabs, epsrel |value|). *err bounds the error: GSL's estimate + 1e-13 int|f|-scale. */
BASE_MUST_USE int quad_adaptive(quad_function *f, const void *ctx, int n,
                                const double *points, double epsabs, double epsrel,
                                double *value, double *err);

/* Nodes and weights of Gauss-Legendre on [a, b], n >= 1. */
void quad_legendre(int n, double a, double b, double *x, double *w);

/* Root of f in [a, b], f(a) f(b) <= 0, to the last bits (Brent). SC_EDOMAIN if no sign change. */
BASE_MUST_USE int quad_root(quad_function *f, const void *ctx, double a, double b,
                            double *root);
/* Minimiser of a unimodal f in [a, b] (Brent), to about 1e-8 (b - a). */
BASE_MUST_USE int quad_minimum(quad_function *f, const void *ctx, double a, double b,
                               double *argmin);

#endif
