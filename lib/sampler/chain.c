/* Chains on uniform grids. */
#include "sampler.h"
#include "timegrid.h"

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
