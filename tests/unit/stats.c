/* Quantiles invert their distribution functions; intervals have the coverage they promise. */
#include "stats.h"

#include "check.h"
#include "rng.h"

static double normal_cdf(double x) { return 0.5 * erfc(-x / sqrt(2.0)); }

static void normal_quantiles_invert_the_cdf(void **state)
{
    (void)state;
    static const double P[] = {1e-12, 1e-6, 0.025, 0.3, 0.5, 0.9, 0.9999};
    for (int i = 0; i < LEN(P); i++)
        assert_close(normal_cdf(stats_normal_quantile(P[i])), P[i], 1e-11);
}

static void the_mean_of_two_has_the_cauchy_interval(void **state)
{
    (void)state;
    const double x[] = {1.0, 4.0}, alpha = 0.01;
    /* mean 2.5, standard error 3/2 */
    double half = 1.5 / tan(SC_PI * alpha / 2.0);
    enclosure e = stats_mean(2, x, alpha, 0.0);
    assert_close(e.lo, 2.5 - half, 1e-9);
    assert_close(e.hi, 2.5 + half, 1e-9);
    assert_true(e.alpha == alpha);
}

static void equal_replicates_are_widened_by_their_range(void **state)
{
    (void)state;
    const double x[] = {2.0, 2.0, 2.0, 2.0}, alpha = 0.001;
    assert_true(enclosure_halfwidth(stats_mean(4, x, alpha, 0.0)) == 0.0);
    enclosure e = stats_mean(4, x, alpha, 3.0);
    assert_close(e.hi - 2.0, 3.0 * log(1000.0) / 4.0, 1e-12);
    assert_close(2.0 - e.lo, 3.0 * log(1000.0) / 4.0, 1e-12);
}

/* Deviations -1, -1, 2: variance 3, third moment 2. */
static void skewness_widens_the_mean(void **state)
{
    (void)state;
    const double x[] = {4.0, 4.0, 7.0}, even[] = {1.0, 2.0, 3.0}, alpha = 0.05;
    const double z = stats_normal_quantile(alpha / 2.0);
    enclosure e = stats_mean_skewed(3, x, alpha), plain = stats_mean(3, x, alpha, 0.0);
    double reach = 2.0 / (3.0 * sqrt(3.0)) * (2.0 * z * z + 1.0) / (6.0 * sqrt(3.0));
    assert_close(enclosure_mid(e), 5.0, 1e-14);
    assert_close(enclosure_halfwidth(e), enclosure_halfwidth(plain) + reach, 1e-13);
    assert_true(e.alpha == alpha);
    assert_close(stats_mean_skewed(3, even, alpha).hi,
                 stats_mean(3, even, alpha, 0.0).hi, 1e-14);
}

/* 20 of 20000 may miss the mean of squares of normals; Student's interval misses 74 times. */
static void skewed_means_are_missed_as_often_as_allowed(void **state)
{
    (void)state;
    enum { N = 200, TRIALS = 20000 };
    int missed = 0, student = 0;
    for (uint64_t r = 0; r < TRIALS; r++) {
        rng g = rng_at(rng_key_of(4, "skewed"), r, 0);
        double x[N];
        rng_normal(&g, N, x);
        for (int i = 0; i < N; i++) x[i] *= x[i];
        enclosure e = stats_mean_skewed(N, x, 0.001), t = stats_mean(N, x, 0.001, 0.0);
        if (e.hi < 1.0 || e.lo > 1.0) missed++;
        if (t.hi < 1.0 || t.lo > 1.0) student++;
    }
    assert_in_range(missed, 0, 35);
    assert_in_range(student, 60, 120);
}

/* Products of deviations 2, 0, 2: mean 4/3, standard deviation 2/sqrt 3, skewness -2/(3 sqrt 3). */
static void the_covariance_of_three_pairs(void **state)
{
    (void)state;
    const double x[] = {-1.0, 0.0, 1.0}, y[] = {3.0, 5.0, 7.0}, alpha = 0.05;
    const double z = -stats_normal_quantile(alpha / 2.0);
    double reach =
        z + 2.0 / (3.0 * sqrt(3.0)) * (2.0 * z * z + 1.0) / (6.0 * sqrt(3.0));
    enclosure e = stats_covariance(3, x, y, alpha);
    assert_close(enclosure_mid(e), 2.0, 1e-14);
    assert_close(enclosure_halfwidth(e), 2.0 / 3.0 * (reach + z * z), 1e-9);
    assert_close(enclosure_mid(stats_covariance(3, y, y, alpha)), 4.0, 1e-14);
    const double broken[] = {1.0, INFINITY, 2.0};
    assert_true(isnan(stats_covariance(3, broken, x, alpha).lo));
}

/* 20 of 20000 may miss. Student's interval, which knows nothing of the skewness of squares, misses 86 times. */
static void variances_of_few_are_missed_as_often_as_allowed(void **state)
{
    (void)state;
    enum { N = 200, TRIALS = 20000 };
    int missed = 0;
    for (uint64_t r = 0; r < TRIALS; r++) {
        rng g = rng_at(rng_key_of(4, "few"), r, 0);
        double x[N];
        rng_normal(&g, N, x);
        enclosure e = stats_covariance(N, x, x, 0.001);
        if (e.hi < 1.0 || e.lo > 1.0) missed++;
    }
    assert_in_range(missed, 0, 35);
}

/* ---- Binomial ------------------------------------------------------------ */

static double binomial_pmf(long k, long n, double p)
{
    double choose = lgamma((double)n + 1.0) - lgamma((double)k + 1.0) -
                    lgamma((double)(n - k) + 1.0);
    return exp(choose + (double)k * log(p) + (double)(n - k) * log1p(-p));
}

static double binomial_cdf(long k, long n, double p)
{
    double sum = 0.0;
    for (long i = 0; i <= k; i++) sum += binomial_pmf(i, n, p);
    return sum;
}

/* Clopper and Pearson: P_lo(X >= k) = P_hi(X <= k) = alpha/2. */
static void binomial_limits_have_tail_half_alpha(void **state)
{
    (void)state;
    static const long CASES[][2] = {{1, 10}, {5, 10}, {9, 10}, {3, 400}, {200, 400}};
    static const double ALPHAS[] = {0.2, 1e-6};
    for (int i = 0; i < LEN(CASES); i++)
        for (int j = 0; j < LEN(ALPHAS); j++) {
            long k = CASES[i][0], n = CASES[i][1];
            double half = ALPHAS[j] / 2.0;
            enclosure e = stats_binomial(k, n, ALPHAS[j]);
            assert_near(1.0 - binomial_cdf(k - 1, n, e.lo), half, 1e-10 * half + 1e-13);
            assert_close(binomial_cdf(k, n, e.hi), half, 1e-9);
        }
}

static void binomial_limits_at_the_ends_are_closed_forms(void **state)
{
    (void)state;
    const double alpha = 1e-4;
    enclosure none = stats_binomial(0, 50, alpha), all = stats_binomial(50, 50, alpha);
    assert_true(none.lo == 0.0 && all.hi == 1.0);
    assert_close(none.hi, 1.0 - pow(alpha / 2.0, 1.0 / 50.0), 1e-12);
    assert_close(all.lo, pow(alpha / 2.0, 1.0 / 50.0), 1e-12);
}

/* Exact coverage at p: the probability of the k whose interval holds p. */
static void binomial_intervals_cover(void **state)
{
    (void)state;
    enum { N = 30 };
    const double alpha = 0.1;
    double lowest = 1.0;
    for (int i = 1; i < 200; i++) {
        double p = i / 200.0, coverage = 0.0;
        for (long k = 0; k <= N; k++) {
            enclosure e = stats_binomial(k, N, alpha);
            if (e.lo <= p && p <= e.hi) coverage += binomial_pmf(k, N, p);
        }
        assert_true(coverage >= 1.0 - alpha);
        lowest = fmin(lowest, coverage);
    }
    assert_true(lowest <= 0.93); /* and not by being needlessly wide */
}

/* ---- Bounded draws, distribution functions ------------------------------- */

static double identity(double x, const void *ctx)
{
    (void)ctx;
    return x;
}

static void kolmogorov_looks_on_both_sides_of_a_step(void **state)
{
    (void)state;
    const double alpha = 0.9999, slack = sqrt(log(2.0 / alpha) / 6.0);
    double low[] = {0.4, 0.05, 0.1}; /* F_n(0.4) = 1, F = 0.4: 0.6 from above */
    enclosure e = stats_kolmogorov(3, low, identity, NULL, alpha);
    assert_near(e.lo, 0.6 - slack, 1e-15);
    assert_near(e.hi, fmin(1.0, 0.6 + slack), 1e-15);
    double high[] = {0.9, 0.7, 0.95}; /* F_n(0.7-) = 0, F = 0.7: 0.7 from below */
    e = stats_kolmogorov(3, high, identity, NULL, alpha);
    assert_near(e.lo, 0.7 - slack, 1e-15);
    assert_true(high[0] == 0.7 && high[1] == 0.9 && high[2] == 0.95);
}

/* One point at the upper quartile of N(0, 4): F_n - F is 0.75 below it. */
static void kolmogorov_distance_to_a_normal_law(void **state)
{
    (void)state;
    double x = 2.0 * stats_normal_quantile(0.75);
    double slack = sqrt(log(2.0 / 0.9) / 2.0);
    enclosure e = stats_kolmogorov_normal(1, &x, 4.0, 0.9);
    assert_near(e.lo, 0.75 - slack, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantiles_invert_the_cdf),
        cmocka_unit_test(the_mean_of_two_has_the_cauchy_interval),
        cmocka_unit_test(equal_replicates_are_widened_by_their_range),
        cmocka_unit_test(skewness_widens_the_mean),
        cmocka_unit_test(skewed_means_are_missed_as_often_as_allowed),
        cmocka_unit_test(the_covariance_of_three_pairs),
        cmocka_unit_test(variances_of_few_are_missed_as_often_as_allowed),
        cmocka_unit_test(binomial_limits_have_tail_half_alpha),
        cmocka_unit_test(binomial_limits_at_the_ends_are_closed_forms),
        cmocka_unit_test(binomial_intervals_cover),
        cmocka_unit_test(kolmogorov_looks_on_both_sides_of_a_step),
        cmocka_unit_test(kolmogorov_distance_to_a_normal_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
