/* Variance of the losses and gradients, in closed form and draw by draw. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

void spread_variances(const spread *c, double var[SPREAD_WEIGHT])
{
    REQUIRE(c->d >= 1 && c->m >= 1 && c->sigma > 0.0);
    double k = c->k, S = 1.0 + c->sigma * c->sigma, kS = k * S;
    double residual = 1.0 / c->sigma - k * c->sigma, tau = k * k + residual * residual;
    double loss = 2.0 * k * k * kS * kS, gradient = 8.0 * kS * kS, slices = 8.0 / c->m;
    double *of = var + SPREAD_GRADIENT;
    var[SPREAD_ISM] = c->d * loss;
    var[SPREAD_SSM] = c->d * (loss + slices * k * k);
    var[SPREAD_DSM] = c->d * 2.0 * tau * tau;
    of[SPREAD_ISM] = c->d * gradient;
    of[SPREAD_SSM] = c->d * (gradient + slices);
    of[SPREAD_DSM] = c->d * 4.0 * (S * tau + (kS - 1.0) * (kS - 1.0));
}

double spread_crossing(int m) { return m == 0 ? sqrt(0.5) : sqrt(0.5 * m / (m + 1.0)); }

static double square(long n, const double *x)
{
    double sum = 0.0;
    for (long i = 0; i < n; i++) sum += x[i] * x[i];
    return sum;
}

/* |s|^2 = k^2 |x|^2, v^T (grad s) v = -k |v|^2, s - u0 = -k x + z/sigma, x = x0 + sigma z. */
static void observe(const spread *c, const double *x0, const double *z, double slices,
                    double *y)
{
    double k = c->k, x2 = 0.0, xz = 0.0, z2 = square(c->d, z), dsm = 0.0;
    for (int j = 0; j < c->d; j++) {
        double x = x0[j] + c->sigma * z[j], gap = z[j] / c->sigma - k * x;
        x2 += x * x;
        xz += x * z[j];
        dsm += gap * gap;
    }
    double *of = y + SPREAD_GRADIENT;
    y[SPREAD_ISM] = k * k * x2 - 2.0 * k * c->d;
    y[SPREAD_SSM] = k * k * x2 - 2.0 * k * slices;
    y[SPREAD_DSM] = dsm;
    of[SPREAD_ISM] = 2.0 * k * x2 - 2.0 * c->d;
    of[SPREAD_SSM] = 2.0 * k * x2 - 2.0 * slices;
    of[SPREAD_DSM] = 2.0 * k * x2 - 2.0 * xz / c->sigma;
    y[SPREAD_WEIGHT] = z2 / (c->sigma * c->sigma);
}

static void draw(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const spread *c = ctx;
    const long d = c->d, m = c->m;
    double *x0 = NEW_ARRAY(double, n *d *(m + 2)), *z = x0 + n * d, *v = z + n * d;
    rng_normal_rows(key, first, 0, 0, n, d, x0, d);
    rng_normal_rows(key, first, 1, 0, n, d, z, d);
    SLICE_GAUSS.draw(key, first, MATCH_SLICES, n, c->m, c->d, v);
    for (long i = 0; i < n; i++)
        observe(c, x0 + i * d, z + i * d, square(m * d, v + i * m * d) / (double)m,
                y + i * SPREAD_OBSERVABLES);
    free(x0);
}

mc_observables spread_losses(const spread *c)
{
    REQUIRE(c->d >= 1 && c->m >= 1 && c->sigma > 0.0);
    return (mc_observables){draw, c, SPREAD_OBSERVABLES};
}
