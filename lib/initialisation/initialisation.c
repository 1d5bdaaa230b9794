#include "initialisation.h"

#include "probability_flow.h"

#include <math.h>

const char *const INITIALISATION_NAME[INITIALISATION_PLACES] = {"start", "ODE", "SDE"};

backward initialisation_process(gauss data, const sde *e, int end)
{
    REQUIRE(end == INITIALISATION_ODE || end == INITIALISATION_SDE);
    return end == INITIALISATION_ODE ? (backward){data, *e, 0.5, 0.0}
                                     : (backward){data, *e, 1.0, 1.0};
}

/* Of the model that has this schedule, from its clock alone. */
static double bias_of(double kappa, const sde *e)
{
    const double B = sde_B(e, e->T), V = (e->smax - e->smin) * (e->smax + e->smin);
    const double f = sde_f(e, e->T);
    if (f == 0.0) return MEAN_OFFSET_VE.formula(kappa, V).bias;
    return (f < 0.0 ? MEAN_OFFSET_VP : MEAN_OFFSET_CVP).formula(kappa, B).bias;
}

double initialisation_mean_error(gauss data, const sde *e, int end)
{
    const double bias = bias_of(1.0 / data.var, e);
    return fabs(data.mean) * (end == INITIALISATION_ODE ? sqrt(bias) : bias);
}

int initialisation_moments(gauss data, const sde *e, int end, enclosure *gap,
                           enclosure *mean_error)
{
    const backward c = initialisation_process(data, e, end);
    const gauss noise = {0.0, sde_prior_var(e)};
    const linear_deviation off = law_backward_output(&c, noise.var);
    affine_law law;
    CHECK(law_affine(law_backward, &c, 0.0, e->T, noise, &law));
    *gap = law_affine_error(&law, (gauss){data.mean + off.mean, data.var + off.var});
    *mean_error = enclosure_about(fabs(off.mean), off.rounding.mean);
    return SC_OK;
}

static void gaussian_outputs(const target *data, const sde *e,
                             initialisation_cost *cost)
{
    const gauss p = {target_mean(data), target_variance(data)};
    for (int k = INITIALISATION_ODE; k <= INITIALISATION_SDE; k++) {
        const backward c = initialisation_process(p, e, k);
        distances d = divergence_backward(&c, sde_prior_var(e));
        cost->kl[k] = d.kl;
        cost->tv[k] = d.tv;
    }
}

int initialisation_measure(const target *data, const sde *e, initialisation_cost *cost)
{
    const double w = sde_prior_var(e);
    const gmm *mixture = target_as_gmm(data);
    const reference at_T = {data, sde_scale(e, e->T), sde_var(e, e->T)};
    initialisation_cost c;
    if (mixture == NULL) return SC_EDOMAIN;
    CHECK(divergence_to_gauss(&at_T, (gauss){0.0, w}, &c.kl[INITIALISATION_START],
                              &c.tv[INITIALISATION_START]));
    if (gmm_components(mixture) == 1) {
        gaussian_outputs(data, e, &c);
    } else {
        distances d;
        CHECK(probability_flow_output(mixture, e, w, &c.kl[INITIALISATION_ODE],
                                      &c.tv[INITIALISATION_ODE], NULL));
        CHECK(divergence_continuous(data, e, (start){START_NORMAL, 0.0, w}, 0.0, &d));
        c.kl[INITIALISATION_SDE] = d.kl;
        c.tv[INITIALISATION_SDE] = d.tv;
    }
    *cost = c;
    return SC_OK;
}
