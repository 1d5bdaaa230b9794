/* Monte Carlo: every replicate once, the same bytes for any number of threads, known means. */
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
    double sd[LEN(THREADS)][POWERS], sum[LEN(THREADS)];
    for (int i = 0; i < LEN(THREADS); i++) {
        omp_set_num_threads(THREADS[i]);
        assert_int_equal(
            mc_mean(&POWERS_OF_U, rng_key_of(1, "bytes"), 7, N, 0.01, mean[i], sd[i]),
            SC_OK);
        sum[i] = mc_sum(N, x);
        assert_memory_equal(mean[i], mean[0], sizeof mean[0]);
        assert_memory_equal(sd[i], sd[0], sizeof sd[0]);
        assert_memory_equal(&sum[i], &sum[0], sizeof sum[0]);
    }
    omp_set_num_threads(before);
    free(x);
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
        cmocka_unit_test(what_is_not_finite_is_an_error),
        cmocka_unit_test(sums_are_complete_and_in_order),
        cmocka_unit_test(sizes_reach_the_half_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
