/* spectrum -- reverse chains on Gaussian data N(0, diag(lambda)), certified.  Floor 3.
 *
 * Under VP with beta linear, X_t has the eigenvalues v_t = 1 + e^{-B_t} (lambda - 1) and the score of each
 * coordinate is -x/v_t: every scheme of `sampler` multiplies each eigenvalue by A^2 and adds a variance.
 * Between laws with the same eigenvectors W2^2 = sum_i (sqrt(v_i) - sqrt(w_i))^2. All chains start from
 * N(0, I), and so does the continuous law,
 *
 *     reverse SDE  lambda + Phi^2 (1 - v_T), Phi = s_T lambda/v_T;     flow  R^2 = lambda/v_T.
 *
 * Everything is done in ball arithmetic, by formulas of its own: it tells errors from the rounding of doubles
 * far below 1e-12, and checks the samplers. Idea: Pierret, Galerne 2025.
 */
#ifndef SC_SPECTRUM_H
#define SC_SPECTRUM_H

#include "enclosure.h"
#include "sampler.h"

/* Eigenvalues lambda[0..n-1] > 0 of the covariance, these very doubles; borrowed. */
typedef struct {
    int n;
    const double *lambda;
} spectrum;

/* W2 between the law of a chain and the data, and between it and the continuous law. */
typedef struct {
    enclosure data, law;
} spectrum_w2;

/* The chain of `steps` uniform steps from e->T to 0. EM, (6.16), EI, EI-ODE, DDPM, DDPM-beta, DDIM, Euler,
   ancestral, Heun (also stale), RK4, EI2, and predictor-correctors on a one-evaluation scheme among these (with the doubles eps
   returns). SC_EDOMAIN for another scheme, for e that is not VP with linear beta, or where an ancestral step has
   h beta >= 1. */
BASE_MUST_USE int spectrum_chain(const spectrum *p, const sde *e, const sampler *scheme,
                                 int steps, spectrum_w2 *w2);
/* The same at n, 2 n, 4 n, .. score evaluations, n a multiple of those of a step. Parallel over the levels. */
enum { SPECTRUM_LEVELS = 10 };
typedef struct {
    int levels, evaluations[SPECTRUM_LEVELS];
    double h[SPECTRUM_LEVELS];
    enclosure data[SPECTRUM_LEVELS], law[SPECTRUM_LEVELS];
} spectrum_ladder;
BASE_MUST_USE int spectrum_climb(const spectrum *p, const sde *e, const sampler *scheme,
                                 int n, int levels, spectrum_ladder *l);
/* W2 between the continuous law, of the reverse SDE or (normals = 0) of the flow, and the data: what starting from
   N(0, I) costs. SC_EDOMAIN as above. */
BASE_MUST_USE int spectrum_floor(const spectrum *p, const sde *e, int normals,
                                 enclosure *w2);

#endif
