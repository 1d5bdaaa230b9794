/* initialisation -- what it costs to start the backward process from p_noise, and not from p_T.  Floor 3.
 *
 * Exact score, continuous time, data on the line. The places where the cost is measured:
 *
 *     START   p_T against p_noise = N(0, w)
 *     ODE     the data against the output of the probability flow: the same TV and KL, a bijection keeps them
 *     SDE     the data against the output of the reversal: no more than at the start
 *
 * Sources: 001 Mechanism 3; 002 (6.2), (6.6), (6.10).
 */
#ifndef SC_INITIALISATION_H
#define SC_INITIALISATION_H

#include "divergence.h"

enum {
    INITIALISATION_START,
    INITIALISATION_ODE,
    INITIALISATION_SDE,
    INITIALISATION_PLACES
};

/* "start", "ODE", "SDE" */
extern const char *const INITIALISATION_NAME[INITIALISATION_PLACES];

typedef struct {
    enclosure kl[INITIALISATION_PLACES], tv[INITIALISATION_PLACES]; /* KL(p | q) */
} initialisation_cost;

/* The cost for mixtures on the line, w = sde_prior_var(e). Start: divergence_to_gauss. Gaussian data: divergence_backward;
   else probability_flow_output and divergence_continuous. Failures are theirs; SC_EDOMAIN if the data are no mixture. */
BASE_MUST_USE int initialisation_measure(const target *data, const sde *e,
                                         initialisation_cost *cost);

/* The backward process of Gaussian data that ends at the place ODE or SDE. */
backward initialisation_process(gauss data, const sde *e, int end);
/* With data N(m, v) the mean of the output is off by |m|/(1 + zeta^2/v) (SDE), |m|/(1 + zeta^2/v)^{1/2} (ODE): the bias
   of mean_offset, from the schedule alone. VE, CVP, VP, and OU with theta = sigma^2/2. */
double initialisation_mean_error(gauss data, const sde *e, int end);
/* The moments by law_affine less law_backward_output, the one farther from 0, and the latter's |E Y_T - m|. Failures are
   those of law_affine. */
BASE_MUST_USE int initialisation_moments(gauss data, const sde *e, int end,
                                         enclosure *gap, enclosure *mean_error);

#endif
