/* probability_flow -- the probability-flow ODE of a mixture, the law of its output, and the equation that p_t
 * solves backwards.  Floor 3.
 *
 *     dx/dt = f(t) x - g^2(t)/2 grad log p_t(x),       002 Theorem 5.1
 *
 * carries p_s to p_t. Along a line  log p_t(x_t) + int_s^t div dr = log p_s(x_s), with the divergence
 * div = d f - g^2/2 Laplace log p_r. By ode_solve with tolerance 1e-12, 128 points in one
 * system, parallel over these blocks: the same bytes for any number of threads.
 */
#ifndef SC_PROBABILITY_FLOW_H
#define SC_PROBABILITY_FLOW_H

#include "enclosure.h"
#include "gmm.h"
#include "sde.h"

/* n lines from time s to t, which may lie before s. y and error: n rows of d + 1 numbers, x and int div; y in
   place, the integral added to what is there. error: NULL, or what ode_solve says. Failures are its own. */
BASE_MUST_USE int probability_flow_carry(const gmm *data, const sde *e, double s,
                                         double t, long n, double *y, double *error);

/* What n lines conserve that start at time 0 from the rows of x (n x d), the worst of them at t: density,
   log p_t(x_t) + int_0^t div - log p_0(x_0); quantile, F_t(x_t) - F_0(x_0) (d = 1, else NULL). The enclosures hold the
   error of the ODE. */
BASE_MUST_USE int probability_flow_residual(const gmm *data, const sde *e, double t,
                                            long n, const double *x, enclosure *density,
                                            enclosure *quantile);

/* The backward process dY = b dt + g dB at forward time t, b = -f x + times g^2 grad log p_t, has the law p_t if and
   only if times = 1. Its Fokker-Planck equation at fixed x, divided by p_t and integrated,

       log p_T(x) - log p_0(x) - int_0^T [div b + b.grad log p_t - g^2/2 (Laplace p_t)/p_t] dt,

   0 then, at the n rows of x (n x d), the farthest from 0. The enclosure holds the rounding,
   and the error of ode_solve in every step, in proportion to the integral where it is largest. */
BASE_MUST_USE int probability_flow_fokker_planck(const gmm *data, const sde *e,
                                                 double times, long n, const double *x,
                                                 enclosure *residual);

/* On the line: the law q of the backward ODE that starts from N(0, var) at T = e->T, against the data p.
   With phi the flow from 0 to T,

       q(x) = N(phi(x); 0, var) exp int_0^T div,

   at the nodes of a composite Gauss-Legendre rule, 16 in a panel, split at the components of p, where p_noise comes
   from and where p = q: KL(p|q), TV(p, q), chi^2(p|q) = int (p - q)^2/q. The enclosures hold the change to 12 nodes,
   the error of the ODE and the mass missed. SC_EDOMAIN if chi^2 is infinite and not NULL, SC_EACCURACY if the nodes
   miss more than 1e-6 of either law. */
BASE_MUST_USE int probability_flow_output(const gmm *data, const sde *e, double var,
                                          enclosure *kl, enclosure *tv,
                                          enclosure *chi2);

#endif
