/* Scores compared with each other at many points. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

double *cloud_shells(const cloud_law *l, const cloud *around, int n_rho,
                     const double *rho, int directions, rng_key key)
{
    const long D = around->D, per = (long)n_rho * directions, all = around->n * per;
    double *y = NEW_ARRAY(double, all *D);
    for (long i = 0; i < all; i++) {
        double e[GENERATOR_D] = {0.0}, square = 0.0;
        rng r = rng_at(key, (uint64_t)i, 0);
        rng_normal(&r, D, e);
        for (long k = 0; k < D; k++) square += e[k] * e[k];
        const double radius = rho[i % n_rho] * sqrt(l->s2 / square);
        for (long k = 0; k < D; k++)
            y[i * D + k] =
                l->m * around->c[k * around->padded + i / per] + radius * e[k];
    }
    return y;
}

/* |a - b|; |b| into size */
static double distance(int D, const double *a, const double *b, double *size)
{
    double gap = 0.0, square = 0.0;
    for (int k = 0; k < D; k++) {
        gap += (a[k] - b[k]) * (a[k] - b[k]);
        square += b[k] * b[k];
    }
    *size = sqrt(square);
    return sqrt(gap);
}

/* max_i |a_i - b_i|/(1 + |b_i|); a NaN if there is one */
static double largest(long n, int D, const double *a, const double *b)
{
    double worst = 0.0;
    for (long i = 0; i < n && !isnan(worst); i++) {
        double size, gap = distance(D, a + i * D, b + i * D, &size);
        if (!(gap / (1.0 + size) <= worst)) worst = gap / (1.0 + size);
    }
    return worst;
}

double cloud_score_residual(const cloud_law *l, long n, const double *y,
                            const double *s)
{
    const int D = l->of->D;
    double *grad = NEW_ARRAY(double, n *D);
    cloud_complex_step(l, n, y, D, grad);
    const double worst = largest(n, D, grad, s);
    free(grad);
    return worst;
}

double cloud_score_change(const cloud_law *l, long n, const double *y, const double *s)
{
    const int D = l->of->D;
    double *other = NEW_ARRAY(double, n *D);
    cloud_eval(l, n, y, D, NULL, NULL, other);
    const double worst = largest(n, D, other, s);
    free(other);
    return worst;
}
