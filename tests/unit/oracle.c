/* The oracle inequality where its minimum is elementary; the condition by hand. */
#include "check.h"

#include "oracle.h"

/* 2 eps^{-d/2} n^{-1/2} + eps^{2 beta} after a; in eps where the derivative vanishes. */
static void least(void **state)
{
    (void)state;
    const double n = 1e8, beta[] = {1.0, 2.0, 0.75}, d[] = {1.0, 2.0, 3.0};
    for (int i = 0; i < LEN(beta); i++) {
        const double b = 2.0 * beta[i];
        const double fast = pow(d[i] / (b * n), 1.0 / (b + d[i]));
        const double slow = pow(d[i] / (b * sqrt(n)), 1.0 / (b + d[i] / 2.0));
        double value;
        assert_int_equal(oracle_least(n, beta[i], d[i], true, &value), SC_OK);
        assert_close(value, pow(fast, -d[i]) / n + pow(fast, b), 1e-12);
        assert_int_equal(oracle_least(n, beta[i], d[i], false, &value), SC_OK);
        assert_close(value, 2.0 * pow(slow, -d[i] / 2.0) / sqrt(n) + pow(slow, b),
                     1e-12);
    }
    double untouched = 7.0; /* eps would be above 1 */
    assert_int_equal(oracle_least(1.0, 0.1, 3.0, true, &untouched), SC_EDOMAIN);
    assert_true(untouched == 7.0);
}

/* n = 16, beta = d = 1, sd = 1/2: 2^{-3/4} 2^{-1} */
static void stopping_time(void **state)
{
    (void)state;
    assert_close(oracle_stopping_time(16.0, 1.0, 1, 0.5), pow(2.0, -1.75), 1e-15);
    assert_close(oracle_stopping_time(1e7, 2.0, 1, 1.0), 1e-2, 1e-14);
}

/* Each of the three terms where it is the largest. */
static void condition(void **state)
{
    (void)state;
    const double e = exp(1.0);
    assert_close(oracle_condition(4.0 * e, 1.0, 2, 0.25, 0.5), pow(16.0 / 3.0, 1.5) / e,
                 1e-14);
    const double few = 1.0001; /* log(n noise) = 1e-4: the first is small */
    assert_close(oracle_condition(few, 0.5, 4, 1.0, 2.0), 4.0 / few, 1e-14);
    assert_close(oracle_condition(few, 2.0, 4, 1.0, 2.0), pow(2.0, 2.5) / few, 1e-14);
}

/* Along the stopping time: printed (s2 = noise) and, D = 1, corrected; n = 1e3, 1e6, 1e9, 1e12. */
static void condition_along_stopping(void **state)
{
    (void)state;
    const double known[3][4] = {{8.9, 3350.0, 1.1e6, 3.1e8},
                                {.012, 5e-4, 9.6e-6, 1.4e-7},
                                {3.4, 5.4, 8.8, 13.0}};
    const double sd = 0.9, beta[] = {2.0, 2.0, 1.0};
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 4; i++) {
            const double n = pow(10.0, 3 * (i + 1)),
                         t0 = oracle_stopping_time(n, beta[j], 1, sd);
            const double noise = -expm1(-2.0 * t0),
                         s2 = noise + (j == 1) * exp(-2.0 * t0) * sd * sd;
            assert_close(oracle_condition(n, beta[j], j == 2 ? 2 : 1, noise, s2),
                         known[j][i], 0.05);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least),
        cmocka_unit_test(stopping_time),
        cmocka_unit_test(condition),
        cmocka_unit_test(condition_along_stopping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
