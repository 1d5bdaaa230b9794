/* The errors of a chain, or of Euler's scheme, on ever finer uniform grids. */
#include "divergence.h"
#include "timegrid.h"

#include <stdlib.h>

/* The distances after so many steps of something. */
typedef int level(const void *ctx, int steps, distances *d);

/* The finest level costs about as much as all the others: it comes first. */
static int climb(level *f, const void *ctx, ladder *l)
{
    ladder out = *l;
    int status[LADDER_LEVELS] = {SC_OK};
#pragma omp parallel for default(none) shared(f, ctx, out, status) schedule(dynamic)
    for (int i = out.levels - 1; i >= 0; i--) {
        distances d = {0};
        status[i] = f(ctx, out.steps[i], &d);
        out.kl[i] = d.kl;
        out.tv[i] = d.tv;
        out.w2[i] = d.w2;
    }
    for (int i = 0; i < out.levels; i++) CHECK(status[i]);
    *l = out;
    return SC_OK;
}

static ladder rungs(double T, int first, int factor, int levels)
{
    REQUIRE(first >= 1 && factor >= 2 && 1 <= levels && levels <= LADDER_LEVELS);
    ladder l = {.levels = levels};
    for (int i = 0, steps = first; i < levels; i++, steps *= factor) {
        l.steps[i] = steps;
        l.h[i] = T / steps;
    }
    return l;
}

static int chain_level(const void *ctx, int steps, distances *d)
{
    chain c = *(const chain *)ctx;
    double *t = NEW_ARRAY(double, steps + 1L);
    timegrid_uniform(c.forward->T, 0.0, steps, t);
    c.steps = steps;
    c.t = t;
    int status = divergence_chain(&c, NULL, d);
    free(t);
    return status;
}

int divergence_ladder(const chain *c, int first, int factor, int levels, ladder *l)
{
    ladder out = rungs(c->forward->T, first, factor, levels);
    CHECK(climb(chain_level, c, &out));
    *l = out;
    return SC_OK;
}

typedef struct {
    const euler_scheme *c;
    const reference *r;
} euler_problem;

static int euler_level(const void *ctx, int steps, distances *d)
{
    const euler_problem *p = ctx;
    euler_scheme c = *p->c;
    c.steps = steps;
    return divergence_euler(&c, p->r, d);
}

int divergence_euler_ladder(const euler_scheme *c, const reference *r, int first,
                            int factor, int levels, ladder *l)
{
    const euler_problem p = {c, r};
    ladder out = rungs(c->T, first, factor, levels);
    CHECK(climb(euler_level, &p, &out));
    *l = out;
    return SC_OK;
}
