/* Monte Carlo: every replicate once, the same bytes for any number of threads, known means and
 * covariances. */
#include "mc.h"

#include "check.h"
#include "stats.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

static const int THREADS[] = {1, 2, 3, 7};

/* u, u^2 and 1 for u uniform. */
enum { POWERS = 3 };
static void powers(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    (void)ctx;
    for (int i = 0; i < n; i++, y += POWERS) {
        rng r = rng_at(key, first + (uint64_t)i, 0);
        rng_uniform(&r, 1, &y[0]);
        y[1] = y[0] * y[0];
        y[2] = 1.0;
    }
}
static const mc_observables POWERS_OF_U = {powers, NULL, POWERS};

/* The replicate itself; not finite at *bad. */
static void number(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const uint64_t *bad = ctx;
    (void)key;
    for (int i = 0; i < n; i++) {
        uint64_t replicate = first + (uint64_t)i;
        y[i] = replicate == *bad ? (double)INFINITY : (double)replicate;
    }
}

/* The mean of first .. first+n-1 and their variance (n^2 - 1)/12 are known. */
static void every_replicate_is_drawn_once(void **state)
{
    (void)state;
    static const long SIZES[] = {2,     100, MC_CHUNK, MC_CHUNK + 1, 3 * MC_CHUNK - 1,
                                 100001};
    const uint64_t bad = UINT64_MAX;
    const mc_observables numbers = {number, &bad, 1};
    for (int i = 0; i < LEN(SIZES); i++) {
        double n = (double)SIZES[i], sd;
        enclosure mean;
        assert_int_equal(
            mc_mean(&numbers, rng_key_of(1, ""), 1000, SIZES[i], 0.01, &mean, &sd),
            SC_OK);
        assert_close(enclosure_mid(mean), 1000.0 + (n - 1.0) / 2.0, 1e-13);
        assert_close(sd * sd, n * (n + 1.0) / 12.0, 1e-12);
    }
}

static void means_are_enclosed(void **state)
{
    (void)state;
    enum { N = 200001 };
    const double alpha = 1e-6, expected[] = {0.5, 1.0 / 3.0, 1.0};
    const double deviation[] = {sqrt(1.0 / 12.0), sqrt(4.0 / 45.0), 0.0};
    enclosure mean[POWERS];
    double sd[POWERS];
    assert_int_equal(
        mc_mean(&POWERS_OF_U, rng_key_of(1, "powers"), 0, N, alpha, mean, sd), SC_OK);
    for (int j = 0; j < POWERS; j++) {
        assert_true(mean[j].lo <= expected[j] && expected[j] <= mean[j].hi);
        assert_true(mean[j].alpha == alpha);
        assert_near(sd[j], deviation[j], 0.01 * deviation[j]);
        assert_near(enclosure_halfwidth(mean[j]),
                    stats_normal_quantile(1.0 - alpha / 2.0) * sd[j] / sqrt(N), 1e-9);
    }
}

/* At level 0.2 about a fifth of the enclosures must miss: between 130 and 270 of 1000 but for
   one in 10^7 keys (normal approximation, 5.5 standard deviations). */
static void the_level_is_the_rate_of_misses(void **state)
{
    (void)state;
    int misses = 0;
    for (uint64_t key = 0; key < 1000; key++) {
        enclosure mean[POWERS];
        assert_int_equal(
            mc_mean(&POWERS_OF_U, rng_key_of(key, "level"), 0, 400, 0.2, mean, NULL),
            SC_OK);
        if (0.5 < mean[0].lo || mean[0].hi < 0.5) misses++;
    }
    assert_in_range(misses, 130, 270);
}

static void threads_do_not_change_a_byte(void **state)
{
    (void)state;
    enum { N = 9 * MC_CHUNK + 17 };
    int before = omp_get_max_threads();
    double *x = NEW_ARRAY(double, N);
    rng_normal_rows(rng_key_of(1, "sum"), 0, 0, 0, N, 1, x, 1);
    enclosure mean[LEN(THREADS)][POWERS];
    enclosure cov[LEN(THREADS)][POWERS * POWERS];
    double sd[LEN(THREADS)][POWERS], sum[LEN(THREADS)];
    for (int i = 0; i < LEN(THREADS); i++) {
        omp_set_num_threads(THREADS[i]);
        assert_int_equal(
            mc_mean(&POWERS_OF_U, rng_key_of(1, "bytes"), 7, N, 0.01, mean[i], sd[i]),
            SC_OK);
        assert_int_equal(mc_covariance(&POWERS_OF_U, rng_key_of(1, "bytes"), 7, N, 0.01,
                                       cov[i], NULL),
                         SC_OK);
        sum[i] = mc_sum(N, x);
        assert_memory_equal(cov[i], cov[0], sizeof cov[0]);
        assert_memory_equal(mean[i], mean[0], sizeof mean[0]);
        assert_memory_equal(sd[i], sd[0], sizeof sd[0]);
        assert_memory_equal(&sum[i], &sum[0], sizeof sum[0]);
    }
    omp_set_num_threads(before);
    free(x);
}

/* ---- Variances and covariances ------------------------------------------------------ */

/* z, z^2 and z + w for z, w ~ N(0, 1): covariance matrix {1, 0, 1; 0, 2, 0; 1, 0, 2}. */
enum { GAUSSIANS = 3 };
static void gaussians(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    (void)ctx;
    double *z = NEW_ARRAY(double, 2L * n);
    rng_normal_rows(key, first, 0, 0, n, 2, z, 2);
    for (long i = 0; i < n; i++) {
        y[i * GAUSSIANS] = z[2 * i];
        y[i * GAUSSIANS + 1] = z[2 * i] * z[2 * i];
        y[i * GAUSSIANS + 2] = z[2 * i] + z[2 * i + 1];
    }
    free(z);
}
static const mc_observables OF_GAUSSIANS = {gaussians, NULL, GAUSSIANS};

static void covariances_are_enclosed(void **state)
{
    (void)state;
    enum { N = 200001, K = GAUSSIANS };
    static const double EXPECTED[] = {1, 0, 1, 0, 2, 0, 1, 0, 2};
    enclosure cov[K * K], var[K];
    double sd[K * K], sd_var[K];
    rng_key key = rng_key_of(1, "gaussians");
    assert_int_equal(mc_covariance(&OF_GAUSSIANS, key, 5, N, 1e-6, cov, sd), SC_OK);
    assert_int_equal(mc_variance(&OF_GAUSSIANS, key, 5, N, 1e-6, var, sd_var), SC_OK);
    for (int i = 0; i < K * K; i++) {
        assert_true(cov[i].lo <= EXPECTED[i] && EXPECTED[i] <= cov[i].hi);
        assert_true(enclosure_halfwidth(cov[i]) < 0.1 && cov[i].alpha == 1e-6);
    }
    for (long j = 0; j < K; j++) {
        assert_memory_equal(&var[j], &cov[j * (K + 1)], sizeof var[j]);
        assert_true(sd_var[j] == sd[j * (K + 1)]);
    }
    /* sd of z^2, (z^2 - 1)^2 and z (z + w) */
    assert_near(sd_var[0], sqrt(2.0), 0.02);
    assert_near(sd_var[1], sqrt(56.0), 0.4);
    assert_near(sd[2], sqrt(3.0), 0.03);
}

/* Value and half-width against the formula of the header, by plain sums. */
static void variances_are_what_the_header_says(void **state)
{
    (void)state;
    enum { N = 2 * MC_CHUNK + 100, K = GAUSSIANS };
    const double alpha = 1e-3, n = N;
    rng_key key = rng_key_of(2, "sums");
    double *y = NEW_ARRAY(double, (long)N *K), mean = 0.0, w = 0.0, w2 = 0.0, w3 = 0.0;
    gaussians(NULL, key, 0, N, y);
    for (long i = 0; i < N; i++) mean += y[i * K + 1] / n;
    for (long i = 0; i < N; i++) w += pow(y[i * K + 1] - mean, 2) / n;
    for (long i = 0; i < N; i++) {
        double gap = pow(y[i * K + 1] - mean, 2) - w;
        w2 += gap * gap / n;
        w3 += gap * gap * gap / n;
    }
    double z = stats_normal_quantile(1.0 - alpha / 2.0);
    double sd_w = sqrt(w2 * n / (n - 1.0)), skewness = w3 / pow(sd_w, 3);
    double half =
        (z + skewness * (2.0 * z * z + 1.0) / (6.0 * sqrt(n))) * sd_w / sqrt(n) +
        z * z * (w * n / (n - 1.0)) / n;
    enclosure var[K];
    double sd[K];
    assert_int_equal(mc_variance(&OF_GAUSSIANS, key, 0, N, alpha, var, sd), SC_OK);
    assert_close(enclosure_mid(var[1]), w * n / (n - 1.0), 1e-12);
    assert_close(sd[1], sd_w, 1e-12);
    assert_close(enclosure_halfwidth(var[1]), half, 1e-11);
    assert_true(skewness > 5.0);
    free(y);
}

/* kurtosis 15: n = 14 (z/part)^2; the pilot's part leaves a few per cent. */
static void a_pilot_sets_the_width(void **state)
{
    (void)state;
    enclosure var[GAUSSIANS];
    assert_int_equal(
        mc_variance_within(&OF_GAUSSIANS, rng_key_of(3, "pilot"), 0.02, 1e-3, var),
        SC_OK);
    assert_true(var[1].lo <= 2.0 && 2.0 <= var[1].hi);
    assert_near(enclosure_halfwidth(var[1]), 0.04, 0.006);
    assert_true(enclosure_halfwidth(var[0]) < 0.012); /* n is the largest needed */
}

/* Cov(X, X + Y) = 1, from the draws of mc_covariance. */
static void a_pilot_sets_one_covariance(void **state)
{
    (void)state;
    const double part = 0.02, alpha = 1e-3;
    const rng_key key = rng_key_of(3, "pilot");
    enclosure one, all[GAUSSIANS * GAUSSIANS];
    double sd[GAUSSIANS * GAUSSIANS];
    assert_int_equal(mc_covariance_within(&OF_GAUSSIANS, 0, 2, key, part, alpha, &one),
                     SC_OK);
    assert_true(one.lo <= 1.0 && 1.0 <= one.hi);
    assert_int_equal(mc_covariance(&OF_GAUSSIANS, key, MC_PILOT, 50000, alpha, all, sd),
                     SC_OK);
    const int entry = 2;
    const long n = mc_size(sd[entry], part * enclosure_mid(all[entry]), alpha);
    assert_true(n > 50000);
    assert_int_equal(mc_covariance(&OF_GAUSSIANS, key, 0, n, alpha, all, NULL), SC_OK);
    assert_true(one.lo == all[entry].lo && one.hi == all[entry].hi);
}

/* A constant has variance 0, a value that is not finite none. */
static void variances_of_what_is_not_random(void **state)
{
    (void)state;
    const uint64_t bad = 5000;
    const mc_observables numbers = {number, &bad, 1};
    enclosure var[POWERS] = {{3.0, 4.0, 0.5}};
    assert_int_equal(
        mc_variance(&numbers, rng_key_of(1, ""), 0, 10000, 0.01, var, NULL),
        SC_EDOMAIN);
    assert_true(var[0].lo == 3.0 && var[0].hi == 4.0);
    assert_int_equal(
        mc_variance(&POWERS_OF_U, rng_key_of(1, ""), 0, 10000, 0.01, var, NULL), SC_OK);
    assert_true(var[2].lo == 0.0 && var[2].hi == 0.0);
}

/* Of u uniform, as for the means. */
static void the_level_holds_for_variances(void **state)
{
    (void)state;
    int misses = 0;
    for (uint64_t key = 0; key < 1000; key++) {
        enclosure var[POWERS];
        assert_int_equal(mc_variance(&POWERS_OF_U, rng_key_of(key, "variance"), 0, 400,
                                     0.2, var, NULL),
                         SC_OK);
        if (1.0 / 12.0 < var[0].lo || var[0].hi < 1.0 / 12.0) misses++;
    }
    assert_in_range(misses, 130, 270);
}

static void what_is_not_finite_is_an_error(void **state)
{
    (void)state;
    const uint64_t bad = 5000;
    const mc_observables numbers = {number, &bad, 1};
    enclosure mean = {3.0, 4.0, 0.5};
    double sd = 7.0;
    assert_int_equal(mc_mean(&numbers, rng_key_of(1, ""), 0, 10000, 0.01, &mean, &sd),
                     SC_EDOMAIN);
    assert_true(mean.lo == 3.0 && mean.hi == 4.0 && sd == 7.0);
}

static void sums_are_complete_and_in_order(void **state)
{
    (void)state;
    enum { N = 5 * MC_CHUNK + 3 };
    double *x = NEW_ARRAY(double, N);
    for (long n = 0; n <= N; n += n < 3 ? 1 : MC_CHUNK / 2) {
        for (long i = 0; i < n; i++) x[i] = (double)(i + 1);
        assert_true(mc_sum(n, x) == 0.5 * (double)n * (double)(n + 1));
    }
    /* In order: 2^60 cancels before the ones that it would swallow. */
    for (long i = 0; i < N; i++) x[i] = 1.0;
    x[0] = 0x1p60;
    x[1] = -0x1p60;
    assert_true(mc_sum(N, x) == N - 2);
    free(x);
}

static void sizes_reach_the_half_width(void **state)
{
    (void)state;
    const double alpha = 1e-4, sd = 3.0, width = 0.01;
    double z = stats_normal_quantile(1.0 - alpha / 2.0);
    long n = mc_size(sd, width, alpha);
    assert_true(z * sd / sqrt((double)n) <= width * (1.0 + 1e-12));
    assert_true(z * sd / sqrt((double)(n - 1)) > width);
    assert_int_equal(mc_size(1e-9, 1.0, alpha), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_replicate_is_drawn_once),
        cmocka_unit_test(means_are_enclosed),
        cmocka_unit_test(the_level_is_the_rate_of_misses),
        cmocka_unit_test(threads_do_not_change_a_byte),
        cmocka_unit_test(covariances_are_enclosed),
        cmocka_unit_test(variances_are_what_the_header_says),
        cmocka_unit_test(a_pilot_sets_the_width),
        cmocka_unit_test(a_pilot_sets_one_covariance),
        cmocka_unit_test(variances_of_what_is_not_random),
        cmocka_unit_test(the_level_holds_for_variances),
        cmocka_unit_test(what_is_not_finite_is_an_error),
        cmocka_unit_test(sums_are_complete_and_in_order),
        cmocka_unit_test(sizes_reach_the_half_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
