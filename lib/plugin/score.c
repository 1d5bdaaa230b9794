/* score.c -- the empirical score along a forward process. */
#include "plugin.h"

#include <math.h>

plugin_gap plugin_score_at(const plugin_score *c, const double *x, double t,
                           uint64_t first, long points)
{
    double m = sde_scale(c->forward, t), s2 = sde_var(c->forward, t);
    gmm *p = gmm_diffuse(c->data, m, s2);
    gmm *q = plugin_law(c->n, gmm_dim(c->data), x, m, s2);
    plugin_gap gap =
        plugin_compare(p, q, c->times_sigma ? sqrt(s2) : 1.0, c->draw, first, points);
    gmm_free(q), gmm_free(p);
    return gap;
}

enum { STRATA = 200, EARLY = 40, POINTS = 1000, LATE_POINTS = 64 };
enum { ENTROPY_POINTS = 16000, SET_POINTS = 100000, TIME_STREAM = 1 };

/* KL(p_t | hat p_t); where it is small log(p/q) - 1 + q/p, of the same mean, is less noisy. */
static double entropy(plugin_gap gap)
{
    return gap.log_ratio + (fabs(gap.log_ratio) < 0.1 ? gap.mass - 1.0 : 0.0);
}

void plugin_balance(const void *ctx, long set, double *x, double *y)
{
    const plugin_score *c = ctx;
    const double T = c->forward->T, width = log(T / c->t0) / STRATA;
    double u[STRATA];
    rng at = rng_at(c->draw, (uint64_t)set, TIME_STREAM);
    rng_uniform(&at, STRATA, u);
    uint64_t first = (uint64_t)set * SET_POINTS;
    y[0] = 0.0;
    for (int j = 0; j < STRATA; j++) {
        double t = c->t0 * exp((j + u[j]) * width);
        long points = j < EARLY ? POINTS : LATE_POINTS;
        y[0] += width * t * plugin_score_at(c, x, t, first, points).score_error;
        first += (uint64_t)points;
    }
    y[1] = entropy(plugin_score_at(c, x, c->t0, first, ENTROPY_POINTS)) -
           entropy(plugin_score_at(c, x, T, first + ENTROPY_POINTS, ENTROPY_POINTS));
}
