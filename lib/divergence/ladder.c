/* The errors of a chain on ever finer uniform grids. */
#include "divergence.h"
#include "timegrid.h"

#include <stdlib.h>

static int uniform_distances(const chain *c, int steps, distances *d)
{
    double *t = NEW_ARRAY(double, steps + 1L);
    timegrid_uniform(c->forward->T, 0.0, steps, t);
    chain finer = *c;
    finer.steps = steps;
    finer.t = t;
    int status = divergence_chain(&finer, NULL, d);
    free(t);
    return status;
}

int divergence_ladder(const chain *c, int first, int factor, int levels, ladder *l)
{
    REQUIRE(first >= 1 && factor >= 2 && 1 <= levels && levels <= LADDER_LEVELS);
    ladder out = {.levels = levels};
    int status[LADDER_LEVELS] = {SC_OK};
    for (int i = 0, steps = first; i < levels; i++, steps *= factor) {
        out.steps[i] = steps;
        out.h[i] = c->forward->T / steps;
    }
    /* The finest costs about as much as all the others: it comes first. */
#pragma omp parallel for default(none) shared(c, levels, out, status) schedule(dynamic)
    for (int i = levels - 1; i >= 0; i--) {
        distances d = {0};
        status[i] = uniform_distances(c, out.steps[i], &d);
        out.kl[i] = d.kl;
        out.tv[i] = d.tv;
        out.w2[i] = d.w2;
    }
    for (int i = 0; i < levels; i++) CHECK(status[i]);
    *l = out;
    return SC_OK;
}
