/* sets.c -- statistics of many training sets. */
#include "plugin.h"
#include "rank.h"

#include <stdlib.h>
#include <string.h>

void plugin_sets(const plugin_design *c, rng_key key, long sets, double *y)
{
    REQUIRE(c->n >= 1 && c->d >= 1 && c->k >= 1 && sets >= 0);
    const size_t bytes = (size_t)(sets * c->k) * sizeof *y;
    const rank_share mine = rank_divide();
    memset(y, 0, bytes);
#pragma omp parallel default(none) shared(c, key, sets, y, mine)
    {
        double *x = NEW_ARRAY(double, (long)c->n * c->d);
#pragma omp for schedule(dynamic)
        for (long g = mine.first; g < sets; g += mine.step) {
            c->law.draw(c->law.ctx, key, (uint64_t)g * (uint64_t)c->n, c->n, x);
            c->statistic(c->ctx, g, x, y + g * c->k);
        }
        free(x);
    }
    rank_gather(mine, bytes, y);
}

static void draw_target(const void *ctx, rng_key key, uint64_t first, long n, double *x)
{
    target_sample(ctx, key, first, n, x);
}

static void draw_mixture(const void *ctx, rng_key key, uint64_t first, long n,
                         double *x)
{
    gmm_sample(ctx, key, first, n, x, gmm_dim(ctx));
}

draws plugin_target(const target *p) { return (draws){draw_target, p}; }

draws plugin_mixture(const gmm *p) { return (draws){draw_mixture, p}; }
