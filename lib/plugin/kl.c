/* kl.c -- KL(p_t | hat p_t) on the line, and what n times its mean tends to. */
#include "entropy.h"
#include "match.h"
#include "plugin.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

int plugin_grid_of(const target *data, double m, double s2, plugin_grid *g)
{
    REQUIRE(s2 > 0.0);
    double lo, hi, dx = sqrt(s2) / 8.0;
    target_span(data, m, s2, 1e-30, &lo, &hi);
    if (!((hi - lo) / dx + 2.0 < PLUGIN_NODES)) return SC_EACCURACY;
    long nodes = 2 * (long)ceil(0.5 * (hi - lo) / dx) + 1;
    double *x = NEW_ARRAY(double, 2 * nodes);
    for (long j = 0; j < nodes; j++) x[j] = lo + (double)j * dx;
    target_score(data, m, s2, nodes, x, x + nodes, NULL, NULL);
    *g = (plugin_grid){m, s2, dx, nodes, x, x + nodes};
    return SC_OK;
}

enclosure plugin_kl(const plugin_grid *g, int n, const double *x)
{
    double *logq = NEW_ARRAY(double, g->nodes), sum[2] = {0.0, 0.0};
    gmm *q = plugin_law(n, 1, x, g->m, g->s2);
    gmm_score(q, g->nodes, g->x, 1, logq, NULL, 1);
    for (long j = 0; j < g->nodes; j++)
        sum[j % 2] += entropy_relative(g->logp[j], logq[j]);
    gmm_free(q);
    free(logq);
    double fine = g->dx * (sum[0] + sum[1]), coarse = 2.0 * g->dx * sum[0];
    return enclosure_about(fine, 4.0 * fabs(fine - coarse) + 1e-14);
}

int plugin_score_integral(const target *data, const sde *forward, int n,
                          const double *x, double t, enclosure *integral)
{
    target *atoms = target_empirical(n, x);
    const match_flow path = {data, atoms, forward, match_esm};
    int status = match_flow_loss(&path, t, forward->T, integral);
    target_free(atoms);
    return status;
}

/* int N(y; m x, s2)^2 p_0(dx)/p_t(y) = p_{m, s2/2}(y)/{2 sqrt(pi s2) p_t(y)} */
static double variance_over(double y, const void *ctx)
{
    const reference *p = ctx;
    double half, whole;
    target_score(p->data, p->m, 0.5 * p->s2, 1, &y, &half, NULL, NULL);
    target_score(p->data, p->m, p->s2, 1, &y, &whole, NULL, NULL);
    return exp(half - whole) / (2.0 * sqrt(SC_PI * p->s2));
}

/* The integrand may reach much farther than p_t: panels that double from its bulk. */
int plugin_limit(const target *data, double m, double s2, enclosure *limit)
{
    enum { DOUBLINGS = 6, INNER = 8, POINTS = INNER + 2 * DOUBLINGS + 3 };
    const reference p = {data, m, s2};
    double lo, hi, at[POINTS], value, err;
    target_span(data, m, s2, 1e-6, &lo, &hi);
    at[0] = -HUGE_VAL;
    at[POINTS - 1] = HUGE_VAL;
    for (int i = 0; i <= INNER; i++) at[1 + DOUBLINGS + i] = lo + (hi - lo) * i / INNER;
    for (int i = 1; i <= DOUBLINGS; i++) {
        double reach = (hi - lo) * (ldexp(1.0, i) - 1.0);
        at[1 + DOUBLINGS - i] = lo - reach;
        at[1 + DOUBLINGS + INNER + i] = hi + reach;
    }
    CHECK(quad_adaptive(variance_over, &p, POINTS, at, 0.0, 1e-11, &value, &err));
    *limit = enclosure_about(0.5 * (value - 1.0), 0.5 * err + 1e-13 * value);
    return SC_OK;
}
