/* oracle -- the oracle inequality behind the rates of score estimation, and what its theorem asks of n.  Floor 1.
 *
 * Generators in a Hoelder ball H^beta(1) on [0,1]^d, data g(U) + sd xi in R^D, n points, noise sigma_0^2 = 1 - e^{-2 t0} at the
 * early stopping time t0 (000, "Generalization bound"; Yakovlev, Puchkin 2025, Theorems 3.4 and 3.5). */
#ifndef SC_ORACLE_H
#define SC_ORACLE_H

#include "base.h"

/* The least right side of the inequality over cells of size eps, logarithms left out,

       min_{a, eps} eps^-d/(a n) + eps^{2 beta} + a ~ n^{-2 beta/(4 beta + d)},

   or, if Bernstein's condition takes a away (fast), min_eps eps^-d/n + eps^{2 beta} ~ n^{-2 beta/(2 beta + d)}; by minimisation
   over e^-14 <= eps <= 1, n >= 1, beta, d > 0. SC_EDOMAIN if the minimum is not inside. */
BASE_MUST_USE int oracle_least(double n, double beta, double d, bool fast,
                               double *least);

/* t0 = sd^{(2 beta + d)/(3 beta + d)} n^{-beta/(3 beta + d)}, Theorem 3.5. */
double oracle_stopping_time(double n, double beta, int d, double sd);

/* Condition (14), d = 1, 0 < beta <= 2: right side over left side,

       {(D log^{1/2}(n sigma_0^2)/(s2 (2 beta + 1)^{1/2}))^{2 beta + 1} v (D/s2)^{1 + 1/(2 beta)} v (D/s2)^{beta + 1/2}}/(n sigma_0^2);

   s2 = sigma_0^2 as printed, m^2 sd^2 + sigma_0^2 as the proof needs it; n sigma_0^2 > 1. */
double oracle_condition(double n, double beta, int D, double noise, double s2);

#endif
