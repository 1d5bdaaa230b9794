/* Chains on uniform grids. */
#include "sampler.h"
#include "timegrid.h"

#include <math.h>
#include <stdlib.h>

const start START_EXACT = {START_PT, 0.0, 0.0},
            START_STANDARD = {START_NORMAL, 0.0, 1.0};

chain chain_uniform(const target *data, const sde *e, const sampler *scheme, start from,
                    int steps, double *t)
{
    timegrid_uniform(e->T, 0.0, steps, t);
    return (chain){.data = data,
                   .forward = e,
                   .scheme = scheme,
                   .from = from,
                   .steps = steps,
                   .t = t};
}

chain chain_langevin(const target *data, double eps, int n, sde *e, double *t)
{
    REQUIRE(eps > 0.0 && target_mean(data) == 0.0);
    *e = sde_ou_general(1.0, sqrt(2.0 * target_variance(data)), n * eps);
    return chain_uniform(data, e, &SAMPLER_LANGEVIN, START_STANDARD, n, t);
}

double sampler_constant_score(const sampler *scheme, const sde *e, int steps, double x)
{
    REQUIRE(scheme->coefficients != NULL && steps >= 1);
    double *t = NEW_ARRAY(double, steps + 1L);
    timegrid_uniform(e->T, 0.0, steps, t);
    for (int k = 0; k < steps; k++) {
        step c = scheme->coefficients(e, t[k], t[k + 1]);
        x = c.a * x + c.b;
    }
    free(t);
    return x;
}
