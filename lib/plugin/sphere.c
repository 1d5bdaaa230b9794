/* sphere.c -- data on a curve and on a surface: the circle and the sphere, whose p_t is known. */
#include "plugin.h"
#include "stats.h"

#include <gsl/gsl_sf_bessel.h>
#include <math.h>
#include <stdlib.h>

/* Normals over their length. */
static void draw_sphere(const void *ctx, rng_key key, uint64_t first, long n, double *x)
{
    const plugin_sphere *c = ctx;
    rng_normal_rows(key, first, 0, 0, n, c->d, x, c->d);
    for (long i = 0; i < n; i++, x += c->d) {
        double length = 0.0;
        for (int j = 0; j < c->d; j++) length = hypot(length, x[j]);
        for (int j = 0; j < c->d; j++) x[j] /= length;
    }
}

double plugin_sphere_logp(const plugin_sphere *c, const double *y)
{
    double r = 0.0;
    for (int j = 0; j < c->d; j++) r = hypot(r, y[j]);
    double a = c->m * r / c->s2, gap = r - c->m;
    double mean = c->d == 2 ? gsl_sf_bessel_I0_scaled(a)
                            : (a > 0.0 ? -expm1(-2.0 * a) / (2.0 * a) : 1.0);
    return log(mean) - 0.5 * gap * gap / c->s2 - 0.5 * c->d * log(2.0 * SC_PI * c->s2);
}

/* Mean of r - 1 - log r, r = hat p_t/p_t, over draws of p_t. */
static void kl_of_set(const void *ctx, long set, double *x, double *kl)
{
    const plugin_sphere *c = ctx;
    const long n = c->points, d = c->d;
    double *y = NEW_ARRAY(double, n *(2 * d + 1)), *z = y + n * d, *logq = z + n * d;
    draw_sphere(c, c->draw, (uint64_t)(set * n), n, y);
    rng_normal_rows(c->draw, (uint64_t)(set * n), 1, 0, n, d, z, d);
    for (long i = 0; i < n * d; i++) y[i] = c->m * y[i] + sqrt(c->s2) * z[i];
    gmm *q = plugin_law(c->n, c->d, x, c->m, c->s2);
    gmm_score(q, n, y, c->d, logq, NULL, c->d);
    gmm_free(q);
    double sum = 0.0;
    for (long i = 0; i < n; i++) {
        double l = logq[i] - plugin_sphere_logp(c, y + i * d);
        sum += expm1(l) - l;
    }
    free(y);
    *kl = sum / (double)n;
}

enclosure plugin_sphere_kl(const plugin_sphere *c, rng_key key, long sets, double alpha)
{
    REQUIRE((c->d == 2 || c->d == 3) && c->s2 > 0.0 && c->points >= 1);
    const plugin_design design = {{draw_sphere, c}, c->n, c->d, kl_of_set, c, 1};
    double *kl = NEW_ARRAY(double, sets);
    plugin_sets(&design, key, sets, kl);
    enclosure mean = stats_mean_skewed(sets, kl, alpha);
    free(kl);
    return mean;
}
