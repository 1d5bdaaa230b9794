/* Variances and covariances. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* The products of the deviations of y from its means: all k^2 of them, or the k squares. */
typedef struct {
    const mc_observables *y;
    const mc_moments *of_y;
    bool all;
} products;

static void multiply(const void *ctx, rng_key key, uint64_t first, int n, double *w)
{
    const products *p = ctx;
    const int k = p->y->k;
    double *y = NEW_ARRAY(double, (long)n *k);
    p->y->draw(p->y->ctx, key, first, n, y);
    for (long i = 0; i < n; i++)
        for (int a = 0; a < k; a++) y[i * k + a] -= p->of_y[a].mean;
    for (long i = 0; i < n; i++)
        for (int a = 0; a < k; a++)
            for (int b = p->all ? 0 : a; b < (p->all ? k : a + 1); b++)
                *w++ = y[i * k + a] * y[i * k + b];
    free(y);
}

/* The mean product times n/(n - 1), enclosed. */
static enclosure covariance_of(mc_moments w, double alpha, double *sd)
{
    double n = w.n, z = mc_critical(alpha), deviation = sqrt(w.square / (n - 1.0));
    double skewness =
        deviation > 0.0 ? w.cube / (n * deviation * deviation * deviation) : 0.0;
    double reach = z + fabs(skewness) * (2.0 * z * z + 1.0) / (6.0 * sqrt(n));
    double value = w.mean * (n / (n - 1.0)), half = reach * deviation / sqrt(n);
    if (sd != NULL) *sd = deviation;
    return enclosure_of(value - half, value + half, alpha);
}

static int enclose_products(const mc_observables *y, bool all, rng_key key,
                            uint64_t first, long n, double alpha, enclosure *cov,
                            double *sd)
{
    REQUIRE(alpha > 0.0 && alpha < 1.0);
    int count = all ? y->k * y->k : y->k;
    mc_moments *of_y = NEW_ARRAY(mc_moments, y->k + count), *of_w = of_y + y->k;
    products p = {y, of_y, all};
    const mc_observables w = {multiply, &p, count};
    int status = mc_moments_of(y, key, first, n, of_y);
    if (status == SC_OK) status = mc_moments_of(&w, key, first, n, of_w);
    for (int j = 0; j < count && status == SC_OK; j++)
        cov[j] = covariance_of(of_w[j], alpha, sd != NULL ? &sd[j] : NULL);
    free(of_y);
    return status;
}

int mc_variance(const mc_observables *y, rng_key key, uint64_t first, long n,
                double alpha, enclosure *var, double *sd)
{
    return enclose_products(y, false, key, first, n, alpha, var, sd);
}

int mc_covariance(const mc_observables *y, rng_key key, uint64_t first, long n,
                  double alpha, enclosure *cov, double *sd)
{
    return enclose_products(y, true, key, first, n, alpha, cov, sd);
}
