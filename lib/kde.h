/* kde -- the score of a kernel density estimate in R^D, and its published tuning.  Floor 1.
 *
 *     rho(y) = 1/n sum_i N(y; X_i, h I),   s(y) = grad rho(y)/max(rho(y), eps) = min(1, rho(y)/eps) grad log rho(y)
 *
 * h is a variance. In the log domain: nothing underflows. D <= GENERATOR_D; points packed, n x D. */
#ifndef SC_KDE_H
#define SC_KDE_H

#include "manifold.h"

/* The estimate by any weighted points; eps = 0: not regularised. A value; borrows the points. With the points of a fitted
   generator and its noise for h it is the score of the fitted law. */
typedef struct {
    cloud_law rho; /* m = 1, s2 = h */
    double eps;
} kde;
kde kde_of(const cloud *points, double h, double eps);
/* s at n points y, n x D. */
void kde_score(const kde *e, long n, const double *y, double *s);

/* Wibisono, Wu, Yang 2024: for X alpha-sub-Gaussian with an L-Lipschitz score and eps = n^-2, n large,
 *
 *     h = (D^3 (alpha^2 log n)^(D/2)/(L^2 n))^(2/(D+4)),
 *     E|s - grad log p|^2 <= C D alpha^2 L^2 (log n)^(D/(D+4)) n^(-2/(D+4)). */
typedef struct {
    int D;
    double alpha2, L;
} kde_class;
/* Constants that hold for g(U) + sd xi, Delta the diameter of g: alpha^2 = Delta^2/4 + sd^2 (Hoeffding's lemma) and, by
   Hess log p = -I/sd^2 + Cov(g(U) | y)/sd^4 with covariance <= Delta^2/4 (Popoviciu), L = max(sd^-2, Delta^2/(4 sd^4) - sd^-2).
   With `straight`, g a line and U uniform, p is log-concave and L = sd^-2. */
kde_class kde_class_of(int D, double diameter, double sd, bool straight);
double kde_bandwidth(const kde_class *c, double n);
double kde_bound(const kde_class *c, double n); /* C = 1 */
/* At least max |g(u) - g(v)|, d = 1: the largest over a grid of 2001 points with the ends, + |g'|/2000, largest as in
   generator_largest. */
double kde_diameter(const generator *g);

#endif
