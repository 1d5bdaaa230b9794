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

/* The mean product times n/(n - 1), enclosed; sd_ab the product of the standard deviations. */
static enclosure covariance_of(mc_moments w, double sd_ab, double alpha, double *sd)
{
    double n = w.n, z = mc_critical(alpha), deviation = sqrt(w.square / (n - 1.0));
    double skewness =
        deviation > 0.0 ? w.cube / (n * deviation * deviation * deviation) : 0.0;
    double reach = z + fabs(skewness) * (2.0 * z * z + 1.0) / (6.0 * sqrt(n));
    double value = w.mean * (n / (n - 1.0));
    double half = reach * deviation / sqrt(n) + z * z * sd_ab / n;
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
    for (int j = 0; j < count && status == SC_OK; j++) {
        double a = of_y[all ? j / y->k : j].square, b = of_y[j % y->k].square;
        cov[j] = covariance_of(of_w[j], sqrt(a * b) / (double)(n - 1), alpha,
                               sd != NULL ? &sd[j] : NULL);
    }
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

enum { PILOT = 50000 };

/* Replicates for a half-width of part |value|, given the enclosure and the standard deviation of a pilot. */
static long size_for(enclosure pilot, double sd, double part, double alpha)
{
    const double half = part * fabs(enclosure_mid(pilot));
    const long needed = half > 0.0 ? mc_size(sd, half, alpha) : 0;
    return needed > PILOT ? needed : PILOT;
}

int mc_variance_within(const mc_observables *y, rng_key key, double part, double alpha,
                       enclosure *var)
{
    enclosure *pilot = NEW_ARRAY(enclosure, y->k);
    double *sd = NEW_ARRAY(double, y->k);
    long n = PILOT;
    int status = mc_variance(y, key, MC_PILOT, PILOT, alpha, pilot, sd);
    for (int j = 0; j < y->k && status == SC_OK; j++) {
        long needed = size_for(pilot[j], sd[j], part, alpha);
        if (needed > n) n = needed;
    }
    if (status == SC_OK) status = mc_variance(y, key, 0, n, alpha, var, NULL);
    free(sd);
    free(pilot);
    return status;
}

int mc_covariance_within(const mc_observables *y, int a, int b, rng_key key,
                         double part, double alpha, enclosure *cov)
{
    const int k = y->k, ab = a * k + b;
    REQUIRE(0 <= a && a < k && 0 <= b && b < k);
    enclosure *all = NEW_ARRAY(enclosure, (long)k * k);
    double *sd = NEW_ARRAY(double, (long)k *k);
    int status = mc_covariance(y, key, MC_PILOT, PILOT, alpha, all, sd);
    const long n = status == SC_OK ? size_for(all[ab], sd[ab], part, alpha) : 0;
    if (status == SC_OK) status = mc_covariance(y, key, 0, n, alpha, all, NULL);
    if (status == SC_OK) *cov = all[ab];
    free(sd), free(all);
    return status;
}
