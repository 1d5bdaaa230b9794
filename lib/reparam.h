/* reparam -- a forward process as a scaled variance-exploding one.  Floor 3.
 *
 * dX = f(t) X dt + g(t) dB with s(t) = exp int_0^t f, zeta(t)^2 = int_0^t g^2/s^2 has X_t = s (X_0 + zeta Z):
 *
 *     p(t, x) = s^-d p^VE(zeta, x/s),   grad log p(t, x) = (1/s) (grad log p^VE)(zeta, x/s),   zeta zeta' = g^2/(2s^2),
 *
 * p^VE(zeta, .) the law of X_0 + zeta Z. A score of p^VE therefore serves every process: by the probability flow,
 * in forward time,
 *
 *     dY/dt = f Y - s^k zeta zeta' (grad log p^VE)(zeta, Y/s),   k = 1,
 *
 * run from T down to 0. 002 (5.11)-(5.13), where k = 2 is printed; Karras, Aittala, Aila, Laine 2022.
 */
#ifndef SC_REPARAM_H
#define SC_REPARAM_H

#include "base.h"
#include "enclosure.h"
#include "sde.h"
#include "target.h"

/* The flow above; rootless: the score is taken at the noise level zeta^2 instead of zeta (k = 1 is right,
   everything else wrong on purpose). */
typedef struct {
    sde forward;
    int power; /* k */
    bool rootless;
} reparam;

/* zeta(t)^2, t > 0: n_t/s_t^2, and int_0^t g^2/s^2 by quadrature. */
double reparam_zeta2(const sde *e, double t);
BASE_MUST_USE int reparam_zeta2_quadrature(const sde *e, double t, enclosure *zeta2);

/* How far the identities fail, the worst of 41 points from -4 to 4 standard deviations about the means of the
   components of p_t in turn, for a mixture in R^d and zeta from quadrature:
     density  log p - {-d log s + log p^VE(zeta, x/s)},
     score    grad log p - (1/s)(grad log p^VE)(zeta, x/s), coordinates relative to their size or to one over the
              standard deviation, the larger.
   The enclosures hold the error of zeta, 16 roundings of x/s and the rounding of both sides: 4e-15 of
   log p, and of the length of the score, times the condition of the worst covariance of p_t. */
BASE_MUST_USE int reparam_residuals(const gmm *data, const sde *e, double t,
                                    enclosure *density, enclosure *score);

/* dY/dt at (t, y), given the VE score at the noise level in use and y/s. */
double reparam_velocity(const reparam *r, double t, double y, double ve_score);
/* log Var Y(t) for data N(0, v0) and Y(T) ~ p_T, by quadrature: the flow is linear. */
BASE_MUST_USE int reparam_log_variance(const reparam *r, double v0, double t,
                                       enclosure *log_variance);
/* The flow of n <= 64 points from T to 0 with the exact VE score of data that have a density; error: n
   bounds from ode_solve, whose failures these are. */
enum { REPARAM_POINTS = 64 };
BASE_MUST_USE int reparam_flow(const reparam *r, const target *data, int n, double *y,
                               double *error);

#endif
