/* Chains on uniform grids. */
#include "sampler.h"
#include "timegrid.h"

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
