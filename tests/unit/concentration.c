/* Tails against sums and known values, the lemma's constants against references, one failure probability. */
#include "check.h"
#include "reference.h"

#include "concentration.h"

#include <stdio.h>
#include <stdlib.h>

/* All masses of Bin(12, .3), as products. */
static void binomial_sums(void **state)
{
    (void)state;
    const int n = 12;
    double mass[13], below = 0.0;
    mass[0] = pow(0.7, n);
    for (int k = 0; k < n; k++) mass[k + 1] = mass[k] * (n - k) / (k + 1.0) * 3.0 / 7.0;
    for (int k = 0; k < n; k++) {
        below += mass[k];
        assert_near(concentration_binomial_at_most(n, 0.3, k).lo, log(below), 1e-12);
        double above = 0.0;
        for (int j = n; j > k; j--) above += mass[j];
        assert_near(concentration_binomial_above(n, 0.3, k).hi, log(above), 1e-12);
    }
    assert_true(concentration_binomial_above(n, 0.3, n).hi == -HUGE_VAL);
    assert_true(concentration_binomial_at_most(n, 0.3, -1).hi == -HUGE_VAL);
    assert_true(concentration_binomial_above(n, 0.3, -1).lo == 0.0);
}

/* P(S > k) <= (first mass)/(1 - r) and >= first mass, far out where the tail itself underflows. */
static void binomial_far(void **state)
{
    (void)state;
    const double n = 200000, p = 1e-3, k = 5000;
    double ratio = (n - k - 1.0) * p / ((k + 2.0) * (1.0 - p));
    double first = lgamma(n + 1.0) - lgamma(k + 2.0) - lgamma(n - k) +
                   (k + 1.0) * log(p) + (n - k - 1.0) * log1p(-p);
    enclosure tail = concentration_binomial_above(200000, p, 5000);
    assert_true(tail.hi < -1000.0 && tail.hi - tail.lo < 1e-9);
    assert_true(tail.hi > first - 1e-7 && tail.lo < first - log1p(-ratio) + 1e-7);
}

/* Below the mean the masses rise, by more than a double holds; 1 - p may round away p. */
static void binomial_near_one(void **state)
{
    (void)state;
    enclosure e = concentration_binomial_above(1500, 0.98, 797);
    assert_true(e.lo <= 0.0 && e.lo > -1e-300);
    const double p = 1e-12, known = -0.5 * 30.0 * 29.0 * p * p; /* of P(S <= 1) */
    e = concentration_binomial_at_most(30, p, 1);
    assert_true(e.hi - e.lo < -1e-10 * known);
    assert_close(e.lo, known, 1e-10);
}

static void chi_tails(void **state)
{
    (void)state;
    assert_near(concentration_chi_above(1, 1.5).lo, log(erfc(1.5 / sqrt(2.0))), 1e-13);
    assert_near(concentration_chi_above(2, 30.0).lo, -450.0, 1e-11);
    assert_near(concentration_chi_above(4, 3.0).lo, log(5.5) - 4.5, 1e-13);
    /* Q(3/2, x) = erfc(sqrt x) + 2 sqrt(x/pi) e^{-x}, both sides of the sum larger */
    for (int i = 0; i < 13; i++) {
        double r = 0.01 * pow(1.7, i), x = 0.5 * r * r,
               known = erfc(sqrt(x)) + 2.0 * sqrt(x / SC_PI) * exp(-x);
        assert_near(concentration_chi_above(3, r).lo, log(known), 1e-13);
    }
    static const struct {
        int D;
        double c, target;
        const char *id;
    } EXITS[] = {{1, 1.0, 1e-3, "Kt_exit_D1_c1_0.001"},
                 {1, 16.0, 1e-3, "Kt_exit_D1_c16_0.001"},
                 {10, 1.0, 1e-3, "Kt_exit_D10_c1_0.001"},
                 {10, 16.0, 1e-3, "Kt_exit_D10_c16_0.001"},
                 {100, 1.0, 1e-6, "Kt_exit_D100_c1_1e-06"},
                 {100, 16.0, 1e-6, "Kt_exit_D100_c16_1e-06"}};
    for (int i = 0; i < LEN(EXITS); i++) {
        double D = EXITS[i].D, x = log(D / EXITS[i].target);
        double r = sqrt(D + EXITS[i].c * fmax(sqrt(D * x), x));
        enclosure e = enclosure_exp(concentration_chi_above(EXITS[i].D, r));
        double known = reference_value("matching", EXITS[i].id);
        assert_close(enclosure_mid(e), known, 1e-11);
    }
}

/* P(S <= 0) = (1 - p)^n with p far below the last bit of 1 - p; a chi law that is never so small. */
static void nearly_certain(void **state)
{
    (void)state;
    const double p = 2.6182587535055975e-06, known = 137458.0 * log1p(-p);
    enclosure e = concentration_binomial_at_most(137458, p, 0);
    assert_true(e.lo <= known && known <= e.hi);
    e = concentration_binomial_above(1000, 0.5, 2);
    assert_true(e.lo < 0.0 && e.lo > -1e-290);
    e = concentration_chi_above(1001, 0.01);
    assert_true(e.lo < 0.0 && e.lo > -1e-290 && e.hi == 0.0);
}

/* D = 2: P(|Z| > r) = e^{-r^2/2}; r^2 = 2 y and gain c y: sup e^{(c - 1) y} is 1 at y = 0 or e^{(c - 1) to}. */
static concentration_point exponential(double c, int D, double y)
{
    (void)D;
    return (concentration_point){sqrt(2.0 * y), c * y};
}

static void suprema(void **state)
{
    (void)state;
    enclosure e = concentration_chi_sup(exponential, 0.5, 2, 0.01, 9.0);
    assert_true(e.lo <= exp(-0.005) && exp(-0.005) <= e.hi && e.hi < 1.0);
    e = concentration_chi_sup(exponential, 1.5, 2, 0.01, 9.0);
    assert_true(e.lo < exp(4.5) && exp(4.5) <= e.hi && e.hi - e.lo < 0.2 * e.hi);
}

static void constants(void **state)
{
    (void)state;
    static const char *const A[] = {"0.1", "0.25", "0.5", "1"};
    for (int i = 0; i < LEN(A); i++) {
        char id[32];
        double a = strtod(A[i], NULL);
        (void)snprintf(id, sizeof id, "chen_up_a%s", A[i]);
        assert_close(concentration_constant(CONCENTRATION_UPPER, a),
                     reference_value("matching", id), 1e-14);
        (void)snprintf(id, sizeof id, "chen_lo_a%s", A[i]);
        assert_close(concentration_constant(CONCENTRATION_LOWER, a),
                     reference_value("matching", id), 1e-14);
    }
}

/* The largest failure over a fine grid of p, for one function by sums, is just below that at the jumps. */
static void failures(void **state)
{
    (void)state;
    for (int side = CONCENTRATION_UPPER; side <= CONCENTRATION_LOWER; side++) {
        const concentration_case l = {side, 60, 0.5, 1.0, 0.05};
        const double c = 0.4, s = c * log(20.0) / 60.0;
        double most = 0.0, at;
        for (int i = 1; i < 200000; i++) {
            double p = i / 200000.0, P = 0.0;
            bool upper = side == CONCENTRATION_UPPER;
            double bound = 60.0 * (upper ? 1.5 * p + s : (p - s) / 1.5);
            long k = upper ? (long)floor(bound) : (long)ceil(bound) - 1;
            if (k >= 0 && k < 60)
                P = exp(upper ? concentration_binomial_above(60, p, k).lo
                              : concentration_binomial_at_most(60, p, k).lo);
            most = fmax(most, P);
        }
        enclosure e = concentration_failure(&l, c, 1.0, &at);
        assert_true(e.lo >= most * (1.0 - 1e-12) && e.hi <= most * 1.001);
        assert_true(at > 0.0 && at < 1.0);
        assert_true(concentration_failure(&l, 60.0, 1.0, NULL).hi <= 1e-12);
    }
}

/* Upper, n = 60, s = 0.02: S > 1 for p < 0.0089, most likely at the largest p allowed; P(S > 1) in closed form. */
static void failure_cut_off(void **state)
{
    (void)state;
    const concentration_case l = {CONCENTRATION_UPPER, 60, 0.5, 1.0, 0.05};
    const double p = 0.005, known = 1.0 - pow(1.0 - p, 59) * (1.0 + 59.0 * p);
    double at;
    enclosure e = concentration_failure(&l, 1.2 / log(20.0), p, &at);
    assert_true(at == p);
    assert_close(enclosure_mid(e), known, 1e-12);
    const concentration_case lower = {CONCENTRATION_LOWER, 60, 0.5, 1.0, 0.05};
    assert_true(concentration_failure(&lower, 1.2 / log(20.0), p, NULL).hi == 0.0);
}

/* One p of the references, of N = 100 functions. */
static void known_failures(void **state)
{
    (void)state;
    static const struct {
        bool upper;
        long k;
        double p;
        const char *id;
    } CASES[] = {{true, 30, 0.01, "chen_fail_up_c1.33"},
                 {true, 0, 0.01, "chen_fail_up_c0.2"},
                 {false, 6, 0.03, "chen_fail_lo_c2.33"},
                 {false, 0, 0.03, "chen_fail_lo_c0.5"}};
    static const double C[] = {4.0 / 3.0, 0.2, 7.0 / 3.0, 0.5};
    for (int i = 0; i < LEN(CASES); i++) {
        const double s = C[i] * log(100.0 / 0.05) / 1000.0, p = CASES[i].p;
        long k = CASES[i].upper ? (long)floor(1000.0 * (2.0 * p + s))
                                : (long)ceil(1000.0 * (p - s) / 2.0) - 1;
        enclosure e = CASES[i].upper ? concentration_binomial_above(1000, p, k)
                                     : concentration_binomial_at_most(1000, p, k);
        double known = reference_value("matching", CASES[i].id);
        if (CASES[i].k > 0) assert_int_equal(k, CASES[i].k);
        assert_close(-expm1(100.0 * log1p(-exp(e.lo))), known, 1e-11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binomial_sums),     cmocka_unit_test(binomial_far),
        cmocka_unit_test(binomial_near_one), cmocka_unit_test(chi_tails),
        cmocka_unit_test(suprema),           cmocka_unit_test(constants),
        cmocka_unit_test(failures),          cmocka_unit_test(known_failures),
        cmocka_unit_test(failure_cut_off),   cmocka_unit_test(nearly_certain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
