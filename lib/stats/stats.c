#include "stats.h"

#include "mc.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static bool is_level(double alpha) { return alpha > 0.0 && alpha < 1.0; }

double stats_normal_quantile(double p)
{
    REQUIRE(is_level(p));
    return gsl_cdf_ugaussian_Pinv(p);
}

static double mean_of(long n, const double *x)
{
    double sum = 0.0;
    for (long i = 0; i < n; i++) sum += x[i];
    return sum / (double)n;
}

enclosure stats_mean(long n, const double *x, double alpha, double range_bound)
{
    REQUIRE(n >= 2 && is_level(alpha) && range_bound >= 0.0);
    double square = 0.0, mean = mean_of(n, x);
    for (long i = 0; i < n; i++) square += (x[i] - mean) * (x[i] - mean);
    double half = gsl_cdf_tdist_Qinv(alpha / 2.0, (double)(n - 1)) *
                  sqrt(square / (double)(n - 1) / (double)n);
    if (square == 0.0) half = range_bound * log(1.0 / alpha) / (double)n;
    return enclosure_of(mean - half, mean + half, alpha);
}

enclosure stats_mean_skewed(long n, const double *x, double alpha)
{
    enclosure e = stats_mean(n, x, alpha, 0.0);
    double mean = mean_of(n, x), square = 0.0, cube = 0.0;
    for (long i = 0; i < n; i++) {
        double off = x[i] - mean;
        square += off * off;
        cube += off * off * off;
    }
    if (square == 0.0) return e;
    /* skewness sd/n, with sd^2 = square/(n - 1) */
    double z = stats_normal_quantile(0.5 * alpha), count = (double)n;
    double skew = fabs(cube) / count / square * (count - 1.0) / count;
    return enclosure_widen(e, skew * (2.0 * z * z + 1.0) / 6.0);
}

/* Pairs as the draws of two observables. */
typedef struct {
    const double *x, *y;
} pairs;

static void read_pairs(const void *ctx, rng_key key, uint64_t first, int n, double *z)
{
    const pairs *p = ctx;
    (void)key;
    for (long i = 0; i < n; i++) {
        z[2 * i] = p->x[first + (uint64_t)i];
        z[2 * i + 1] = p->y[first + (uint64_t)i];
    }
}

enclosure stats_covariance(long n, const double *x, const double *y, double alpha)
{
    REQUIRE(n >= 2 && is_level(alpha));
    const pairs p = {x, y};
    const mc_observables z = {read_pairs, &p, 2};
    enclosure cov[4];
    if (mc_covariance(&z, (rng_key){0}, 0, n, alpha, cov, NULL) != SC_OK)
        return (enclosure){NAN, NAN, alpha};
    return cov[1];
}

/* The p with P(Bin(n, p) >= k) = I_p(k, n - k + 1) = tail, 1 <= k <= n, rounded down
   to a double. The probability increases in p. */
static double binomial_root(double k, double n, double tail)
{
    double lo = 0.0, hi = 1.0;
    double mid = 0.5;
    while (lo < mid && mid < hi) {
        if (gsl_cdf_beta_P(mid, k, n - k + 1.0) < tail)
            lo = mid;
        else
            hi = mid;
        mid = lo + 0.5 * (hi - lo);
    }
    return lo;
}

enclosure stats_binomial(long k, long n, double alpha)
{
    REQUIRE(n >= 1 && 0 <= k && k <= n && is_level(alpha));
    double successes = (double)k, failures = (double)(n - k), trials = (double)n;
    /* By symmetry the upper limit for k successes is 1 - the lower one for n - k. */
    double lo = k == 0 ? 0.0 : binomial_root(successes, trials, alpha / 2.0);
    double hi = k == n ? 1.0 : 1.0 - binomial_root(failures, trials, alpha / 2.0);
    return enclosure_of(lo, hi, alpha);
}

enclosure stats_kolmogorov(long n, double *x, double (*cdf)(double x, const void *ctx),
                           const void *ctx, double alpha)
{
    REQUIRE(n >= 1 && is_level(alpha));
    base_sort(n, x);
    double sup = 0.0;
    for (long i = 0; i < n; i++) {
        double F = cdf(x[i], ctx);
        double above = (double)(i + 1) / (double)n - F,
               under = F - (double)i / (double)n;
        sup = fmax(sup, fmax(above, under));
    }
    double slack = sqrt(log(2.0 / alpha) / (2.0 * (double)n));
    return enclosure_of(fmax(0.0, sup - slack), fmin(1.0, sup + slack), alpha);
}

static double normal_cdf(double x, const void *var)
{
    return gsl_cdf_gaussian_P(x, sqrt(*(const double *)var));
}

enclosure stats_kolmogorov_normal(long n, double *x, double var, double alpha)
{
    REQUIRE(var > 0.0);
    return stats_kolmogorov(n, x, normal_cdf, &var, alpha);
}
