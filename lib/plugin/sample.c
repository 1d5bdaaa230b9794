/* sample.c -- W2 and KL of many training sets on the line. */
#include "plugin.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>

plugin_kernel plugin_kernel_at(const sde *forward, double t)
{
    return (plugin_kernel){sde_scale(forward, t), sde_var(forward, t)};
}

/* What all sets share. */
typedef struct {
    plugin_cells cells;
    int times;
    plugin_grid *grid;
} tables;

static void measure(const void *ctx, long set, double *x, double *y)
{
    const tables *c = ctx;
    (void)set;
    enclosure e = plugin_w2_squared(&c->cells, x);
    for (int k = 0; k <= c->times; k++) {
        *y++ = e.lo;
        *y++ = e.hi;
        if (k < c->times) e = plugin_kl(&c->grid[k], c->cells.n, x);
    }
}

int plugin_sample_of(const target *data, int n, int times, const plugin_kernel *at,
                     rng_key key, long sets, plugin_sample *s)
{
    REQUIRE(times >= 0 && sets >= 1);
    tables c = {.times = times};
    CHECK(plugin_cells_of(data, n, &c.cells));
    c.grid = NEW_ARRAY(plugin_grid, times); /* x = NULL where it fails */
    int status = SC_OK;
    for (int k = 0; k < times && status == SC_OK; k++)
        status = plugin_grid_of(data, at[k].m, at[k].s2, &c.grid[k]);
    if (status == SC_OK) {
        const plugin_design design = {plugin_target(data), n, 1, measure, &c,
                                      2 * (times + 1)};
        *s = (plugin_sample){n, times, sets, at, NEW_ARRAY(double, sets *design.k)};
        plugin_sets(&design, key, sets, s->y);
    }
    for (int k = 0; k < times; k++) free(c.grid[k].x);
    free(c.grid), free(c.cells.first);
    return status;
}

static enclosure value(const plugin_sample *s, long set, int j)
{
    REQUIRE(0 <= set && set < s->sets && 0 <= j && j <= s->times);
    const double *y = s->y + (set * (s->times + 1) + j) * 2;
    return enclosure_of(y[0], y[1], 0.0);
}

enclosure plugin_sample_kl(const plugin_sample *s, long set, int k)
{
    return value(s, set, k + 1);
}

enclosure plugin_sample_bound(const plugin_sample *s, long set, int k)
{
    REQUIRE(0 <= k && k < s->times);
    return enclosure_scale(value(s, set, 0),
                           s->at[k].m * s->at[k].m / (2.0 * s->at[k].s2));
}

enclosure plugin_worst(const plugin_sample *s, int k)
{
    enclosure worst = enclosure_exact(0.0);
    for (long g = 0; g < s->sets; g++)
        worst = enclosure_max(worst, enclosure_div(plugin_sample_kl(s, g, k),
                                                   plugin_sample_bound(s, g, k)));
    return worst;
}

static enclosure mean_of(const plugin_sample *s, int j, double alpha)
{
    double *v = NEW_ARRAY(double, s->sets), error = 0.0;
    for (long g = 0; g < s->sets; g++) {
        enclosure e = value(s, g, j);
        v[g] = enclosure_mid(e);
        error = fmax(error, enclosure_halfwidth(e));
    }
    enclosure mean = stats_mean_skewed(s->sets, v, alpha);
    free(v);
    return enclosure_widen(mean, error);
}

enclosure plugin_mean_w2(const plugin_sample *s, double alpha)
{
    return mean_of(s, 0, alpha);
}

enclosure plugin_mean_kl(const plugin_sample *s, int k, double alpha)
{
    return mean_of(s, k + 1, alpha);
}
