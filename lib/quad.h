/* quad -- one-dimensional quadrature, roots, minima, derivatives.  Floor 0. */
#ifndef SC_QUAD_H
#define SC_QUAD_H

#include "base.h"

typedef double quad_function(double x, const void *ctx);
/* y_i = f(x_i) at n points, 1 <= n <= QUAD_NODES. */
enum { QUAD_NODES = 21 };
typedef void quad_batch(const void *ctx, int n, const double *x, double *y);

/* int f over [points[0], points[n-1]], split at the inner points (increasing; the outer ones may
   be -inf, +inf). 21-point Gauss-Kronrod; the worst panel is halved until the error estimate
   (QUADPACK's) is <= max(epsabs, epsrel |value|, 1e-13 int|f|).
   *err bounds the error: that estimate + 1e-13 int|f|, the latter for rounding in f. Only for f smooth
   between the points and with no feature that the nodes of a panel miss: a kink or jump inside is
   halved towards, but the estimate is then a guess, at times too small by far. Make it a point.
   SC_EACCURACY if 4000 panels do not suffice, SC_EDOMAIN if f is not finite at a node. */
BASE_MUST_USE int quad_adaptive(quad_function *f, const void *ctx, int n,
                                const double *points, double epsabs, double epsrel,
                                double *value, double *err);
/* The same for a batched integrand, called with the 21 nodes of a panel at once. */
BASE_MUST_USE int quad_adaptive_batch(quad_batch *f, const void *ctx, int n,
                                      const double *points, double epsabs,
                                      double epsrel, double *value, double *err);

/* Nodes (increasing) and weights of Gauss-Legendre on [a, b], n >= 1. */
void quad_legendre(int n, double a, double b, double *x, double *w);
/* Nodes (increasing) and weights of Gauss-Hermite for E f(Z), Z ~ N(0, 1), n >= 1: exact for polynomials of degree
   2n - 1. */
void quad_hermite(int n, double *x, double *w);
/* Rules for int_{t0}^T E f(t, Z) dt, Z ~ N(0, 1), 0 < t0 < T: Gauss-Legendre in log t times Gauss-Hermite; the
   normals of one time stand together. The coarse rule has 3/4 as many times and normals (rounded up): what the two
   differ by says how good the fine one is. quad_noised_free releases. */
typedef struct {
    int n, normals;    /* n = times * normals */
    double *t, *z, *w; /* n each */
} quad_nodes;
typedef struct {
    double t0, T;
    quad_nodes fine, coarse;
} quad_noised;
quad_noised quad_noised_of(double t0, double T, int times, int normals);
void quad_noised_free(quad_noised *r);

/* Root of f in [a, b], f(a) f(b) <= 0, to the last bits (Brent). SC_EDOMAIN if there is no sign
   change or f is not finite. */
BASE_MUST_USE int quad_root(quad_function *f, const void *ctx, double a, double b,
                            double *root);
/* Inner minimiser of a unimodal f in [a, b] (Brent), to about 1e-8 (b - a) + 4e-8 |argmin|.
   SC_EDOMAIN if none of 32 inner points lies below both ends or f is not finite. */
BASE_MUST_USE int quad_minimum(quad_function *f, const void *ctx, double a, double b,
                               double *argmin);

/* f'(x) by the five-point difference at step h, (f(x-2h) - 8f(x-h) + 8f(x+h) - f(x+2h))/(12h), f known to
   noise: *err is its distance from the one at step 2h (about 15 times the error, for smooth f) and
   1.5 noise/h. SC_EDOMAIN if f is not finite somewhere. */
BASE_MUST_USE int quad_derivative(quad_function *f, const void *ctx, double x, double h,
                                  double noise, double *value, double *err);

#endif
