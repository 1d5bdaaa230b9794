/* The targets. */
#include "catalogue.h"

#include <math.h>
#include <stdlib.h>

/* clang-format off */
const catalogue_entry
    CATALOGUE_M = {"M", 2, {0.3, 0.7}, {-1.5, 1.0}, {0.09, 0.16}, 0.0, 0.0},
    CATALOGUE_M2 = {"M2", 2, {0.5, 0.5}, {-2.0, 2.0}, {0.25, 0.25}, 0.0, 0.0},
    CATALOGUE_G = {"G", 2, {0.3, 0.7}, {-1.0, 1.5}, {0.25, 0.64}, 0.0, 0.0},
    CATALOGUE_V = {"V", 2, {0.3, 0.7}, {-3.0, 3.0}, {0.04, 0.04}, 0.0, 0.0},
    CATALOGUE_SPIKE = {"S", 2, {0.3, 0.7}, {-1.5, 1.0}, {0.01, 0.16}, 0.0, 0.0},
    CATALOGUE_A3 = {"A3", 3, {0.5, 0.3, 0.2}, {-1.0, 0.2, 1.0}, {0.0}, 0.0, 0.0},
    CATALOGUE_S8 = {"S8", 2, {0.5, 0.5}, {-0.8, 0.8}, {0.36, 0.36}, 0.0, 0.0},
    CATALOGUE_SKEW = {"skew", 2, {0.2, 0.8}, {1.4142135623730951, -0.35355339059327376}, {0.5, 0.5}, 0.0, 0.0},
    CATALOGUE_Q = {"Q", 0, {0.0}, {0.0}, {0.0}, 1.0, 0.25},
    CATALOGUE_GAUSS = {"G", 1, {1.0}, {0.7}, {0.49}, 0.0, 0.0},
    CATALOGUE_TRIO[2] = {
        {"sd=0", 3, {1.0, 1.0, 1.0}, {-0.7, 0.1, 0.6}, {0.0}, 0.0, 0.0},
        {"sd=0.2", 3, {1.0, 1.0, 1.0}, {-0.7, 0.1, 0.6}, {0.04, 0.04, 0.04}, 0.0, 0.0}};
/* clang-format on */

static bool only_atoms(const catalogue_entry *e)
{
    for (int i = 0; i < e->k; i++)
        if (e->v[i] > 0.0) return false;
    return true;
}

gmm *catalogue_gmm(const catalogue_entry *e)
{
    REQUIRE(e->k > 0 && !only_atoms(e));
    return gmm_new(e->k, 1, e->w, e->mu, 1, e->v);
}

target *catalogue_target(const catalogue_entry *e)
{
    if (e->k == 0) return target_quartic(e->a, e->b);
    if (only_atoms(e)) return target_atoms(e->k, e->w, e->mu);
    if (e->k == 1) return target_gauss(e->mu[0], e->v[0]);
    gmm *p = catalogue_gmm(e);
    target *data = target_mixture(p);
    gmm_free(p);
    return data;
}

gmm *catalogue_product(const catalogue_entry *first, int d)
{
    REQUIRE(first->k > 0 && !only_atoms(first) && d > 0);
    double *mu = NEW_ARRAY(double, 2L * first->k * d), *var = mu + (long)first->k * d;
    for (long i = 0; i < first->k; i++) {
        for (int j = 0; j < d; j++) var[i * d + j] = 1.0;
        mu[i * d] = first->mu[i];
        var[i * d] = first->v[i];
    }
    gmm *p = gmm_new_diagonal(first->k, d, first->w, mu, d, var, d);
    free(mu);
    return p;
}

gmm *catalogue_reflected(int d, const double *mean, const double *var)
{
    double *m = NEW_ARRAY(double, (long)d *(d + 1)), *c = m + d, r = 2.0 / d;
    double sum = 0.0, total = 0.0, one = 1.0;
    for (int i = 0; i < d; i++) {
        sum += mean[i];
        total += var[i];
    }
    for (int i = 0; i < d; i++) {
        m[i] = mean[i] - r * sum;
        for (int j = 0; j < d; j++)
            c[i * d + j] = r * (r * total - var[i] - var[j]) + (i == j ? var[i] : 0.0);
    }
    gmm *p = NULL;
    int status = gmm_new_full(1, d, &one, m, d, c, &p);
    REQUIRE(status == SC_OK);
    free(m);
    return p;
}

gmm *catalogue_plane(void)
{
    return gmm_new(2, 2, (double[]){0.4, 0.6}, (double[]){0.0, 0.0, 2.0, 1.0}, 2,
                   (double[]){0.25, 0.5});
}

gmm *catalogue_clusters(int d)
{
    REQUIRE(d >= 2);
    double *mu = NEW_ARRAY(double, 4L * d);
    for (long i = 0; i < 4; i++) mu[i * d + i / 2] = i % 2 == 0 ? 2.0 : -2.0;
    gmm *p = gmm_new_equal(4, d, mu, 0.25);
    free(mu);
    return p;
}

gmm *catalogue_plane_diagonal(void)
{
    static const double W[] = {0.5, 0.3, 0.2}, MU[] = {0.0, 0.0, 2.0, 1.0, -1.0, 2.0};
    static const double VAR[] = {0.25, 0.25, 0.16, 0.16, 0.5, 0.1};
    return gmm_new_diagonal(3, 2, W, MU, 2, VAR, 2);
}

/* c(u) at u = (j + shift)/intervals, j < n; the caller frees. */
static double *swiss_points(int n, double shift, double intervals)
{
    double *c = NEW_ARRAY(double, 2L * n);
    for (long j = 0; j < n; j++) {
        double theta = 1.5 * SC_PI * (1.0 + 2.0 * (((double)j + shift) / intervals));
        c[2 * j] = theta * cos(theta) / 7.0;
        c[2 * j + 1] = theta * sin(theta) / 7.0;
    }
    return c;
}

gmm *catalogue_swiss_roll(int n, double sd)
{
    REQUIRE(n >= 1);
    double *c = swiss_points(n, 0.5, n);
    gmm *p = gmm_new_equal(n, 2, c, sd * sd);
    free(c);
    return p;
}

polyline *catalogue_swiss_curve(int n)
{
    REQUIRE(n >= 2);
    double *c = swiss_points(n, 0.0, n - 1.0);
    polyline *p = polyline_new(n, 2, c);
    free(c);
    return p;
}
