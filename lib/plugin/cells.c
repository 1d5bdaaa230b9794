/* cells.c -- W2 between a law on the line and equal atoms: the i-th smallest atom takes cell i. */
#include "plugin.h"
#include "quad.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* P(Y <= x) - level, from the nearer tail. */
typedef struct {
    const target *p;
    double below, above; /* the level and 1 - level */
} level;

static double miss(double x, const void *ctx)
{
    const level *c = ctx;
    return c->below <= 0.5 ? target_cdf(c->p, 1.0, 0.0, x) - c->below
                           : c->above - target_survival(c->p, 1.0, 0.0, x);
}

/* int_{-inf}^x (y - c) p(dy) = sum_k w_k {(mu_k - c) Phi(z_k) - sd_k phi(z_k)}, z_k = (x - mu_k)/sd_k */
static double moment_below(const gmm *p, double c, double x)
{
    double sum = 0.0;
    for (int k = 0; k < gmm_components(p); k++) {
        double mu = gmm_mean_of(p, k)[0], var;
        gmm_cov_of(p, k, &var, 1);
        double sd = sqrt(var), z = (x - mu) / sd;
        sum += gmm_weight(p, k) * (0.5 * (mu - c) * erfc(-z * sqrt(0.5)) -
                                   sd * exp(-0.5 * z * z) / sqrt(2.0 * SC_PI));
    }
    return sum;
}

/* `end` is a quantile to an ulp of itself, of which much mass may lie: what the cell lacks of it stands at `end`. */
static int mixture_cells(const target *p, plugin_cells *c)
{
    const gmm *mixture = target_as_gmm(p);
    double lo, hi, before = 0.0, n = c->n;
    target_span(p, 1.0, 0.0, 1e-20, &lo, &hi);
    for (int i = 0; i < c->n; i++) {
        double end, below = 0.0;
        const level at = {p, (i + 1) / n, (c->n - i - 1) / n};
        if (i + 1 < c->n) {
            CHECK(quad_root(miss, &at, lo, hi, &end));
            below = moment_below(mixture, c->centre, end) -
                    miss(end, &at) * (end - c->centre);
        }
        c->first[i] = below - before;
        before = below;
    }
    return SC_OK;
}

/* Of U(lo, hi): the middle of the cell, over n. */
static void uniform_cells(double lo, double hi, plugin_cells *c)
{
    double n = c->n;
    for (int i = 0; i < c->n; i++) c->first[i] = (hi - lo) * ((i + 0.5) / n - 0.5) / n;
}

int plugin_cells_of(const target *p, int n, plugin_cells *c)
{
    REQUIRE(n >= 1);
    double ends[TARGET_BREAKS], lo, hi;
    const bool mixture = target_as_gmm(p) != NULL;
    if (mixture ? target_smallest_sd(p) <= 0.0 : target_breaks(p, 1.0, 0.0, ends) != 2)
        return SC_EDOMAIN;
    target_span(p, 1.0, 0.0, 1e-20, &lo, &hi);
    const double centre = target_mean(p);
    plugin_cells cells = {n, NEW_ARRAY(double, n), centre, target_variance(p),
                          fmax(centre - lo, hi - centre)};
    int status = SC_OK;
    if (mixture)
        status = mixture_cells(p, &cells);
    else
        uniform_cells(ends[0], ends[1], &cells);
    if (status == SC_OK)
        *c = cells;
    else
        free(cells.first);
    return status;
}

/* Sums of n terms, each of a few roundings; P(Y <= x) is wrong by 1e-15, which moves at most by the range; the mean
   and the means of components are rounded. */
enclosure plugin_w2_squared(const plugin_cells *c, double *x)
{
    base_sort(c->n, x);
    double square = 0.0, product = 0.0, size = 0.0, range = c->range;
    for (int i = 0; i < c->n; i++) {
        double y = x[i] - c->centre;
        square += y * y / c->n;
        product += y * c->first[i];
        size += fabs(y * c->first[i]);
        range = fmax(range, fabs(y));
    }
    double rounding = (c->n + 16) * DBL_EPSILON * (square + 2.0 * size + c->second) +
                      4e-15 * range * range +
                      4.0 * DBL_EPSILON * fabs(c->centre) * range;
    return enclosure_about(square - 2.0 * product + c->second, rounding);
}
