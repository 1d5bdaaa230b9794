/* Interval arithmetic: the result holds every value of the operation, and hardly more. */
#include "check.h"

#include "base.h"
#include "enclosure.h"

static bool is(enclosure e, double lo, double hi)
{
    static const double ULPS = 4e-16;
    return e.lo <= lo && lo - e.lo <= ULPS * fabs(lo) + 5e-324 && e.hi >= hi &&
           e.hi - hi <= ULPS * fabs(hi) + 5e-324;
}

static void constructors(void **state)
{
    (void)state;
    enclosure e = enclosure_about(3.0, 0.5);
    assert_true(e.lo == 2.5 && e.hi == 3.5 && e.alpha == 0.0);
    assert_true(enclosure_exact(2.0).lo == 2.0 && enclosure_exact(2.0).hi == 2.0);
    e = enclosure_rounded(-100.0);
    assert_near(e.lo, -100.0 - 1e-12, 2e-14);
    assert_near(e.hi, -100.0 + 1e-12, 2e-14);
    e = enclosure_rounded(0.0);
    assert_true(e.lo == -1e-16 && e.hi == 1e-16);
    enclosure f = enclosure_of(-1.0, 4.0, 1e-6);
    assert_true(f.alpha == 1e-6);
    assert_true(enclosure_mid(f) == 1.5 && enclosure_halfwidth(f) == 2.5);
    double huge = 1.7e308; /* no overflow on the way */
    assert_true(enclosure_mid(enclosure_of(huge, huge, 0.0)) == huge);
}

static void sums(void **state)
{
    (void)state;
    enclosure a = enclosure_of(1.0, 2.0, 1e-6), b = enclosure_of(-3.0, 5.0, 2e-6);
    assert_true(is(enclosure_add(a, b), -2.0, 7.0));
    assert_true(is(enclosure_sub(a, b), -4.0, 5.0));
    assert_true(is(enclosure_widen(a, 0.25), 0.75, 2.25));
    assert_near(enclosure_add(a, b).alpha, 3e-6, 1e-20);
    assert_near(enclosure_sub(a, b).alpha, 3e-6, 1e-20);
    assert_near(enclosure_widen(a, 0.25).alpha, 1e-6, 0.0);
    /* Outwards: 0.1 + 0.2 is not a double, its enclosure holds both neighbours. */
    enclosure c = enclosure_add(enclosure_exact(0.1), enclosure_exact(0.2));
    assert_true(c.lo < 0.1 + 0.2 && 0.1 + 0.2 < c.hi);
}

static void products(void **state)
{
    (void)state;
    enclosure plus = enclosure_of(2.0, 3.0, 0.0), minus = enclosure_of(-5.0, -4.0, 0.0);
    enclosure both = enclosure_of(-1.0, 6.0, 1e-6);
    assert_true(is(enclosure_mul(plus, plus), 4.0, 9.0));
    assert_true(is(enclosure_mul(plus, minus), -15.0, -8.0));
    assert_true(is(enclosure_mul(minus, minus), 16.0, 25.0));
    assert_true(is(enclosure_mul(both, minus), -30.0, 5.0));
    assert_true(is(enclosure_mul(both, both), -6.0, 36.0));
    assert_true(is(enclosure_scale(both, -2.0), -12.0, 2.0));
    assert_true(is(enclosure_div(plus, minus), -0.75, -0.4));
    assert_true(is(enclosure_div(both, plus), -0.5, 3.0));
    assert_near(enclosure_mul(both, both).alpha, 2e-6, 1e-20);
    assert_near(enclosure_div(plus, both).alpha, 1e-6, 1e-20);
}

/* What is not known is NaN and stays NaN. */
static void unknown(void **state)
{
    (void)state;
    enclosure one = enclosure_exact(1.0), nan = {NAN, NAN, 0.0};
    assert_true(isnan(enclosure_div(one, enclosure_of(-1.0, 1.0, 0.0)).lo));
    assert_true(isnan(enclosure_div(one, enclosure_of(0.0, 1.0, 0.0)).hi));
    assert_true(isnan(enclosure_sqrt(enclosure_exact(-1.0)).lo));
    assert_true(isnan(enclosure_log(enclosure_exact(-1.0)).hi));
    enclosure results[] = {enclosure_add(one, nan),     enclosure_sub(nan, one),
                           enclosure_mul(nan, one),     enclosure_div(nan, one),
                           enclosure_div(one, nan),     enclosure_hull(one, nan),
                           enclosure_max(nan, one),     enclosure_sqrt(nan),
                           enclosure_log(nan),          enclosure_widen(nan, 1.0),
                           enclosure_farther(nan, one), enclosure_farther(one, nan),
                           enclosure_exp(nan)};
    for (int i = 0; i < LEN(results); i++)
        assert_true(isnan(results[i].lo) && isnan(results[i].hi));
}

static void functions(void **state)
{
    (void)state;
    assert_true(
        is(enclosure_hull(enclosure_of(1.0, 2.0, 0.0), enclosure_of(5.0, 6.0, 0.0)),
           1.0, 6.0));
    assert_true(
        is(enclosure_max(enclosure_of(1.0, 7.0, 0.0), enclosure_of(2.0, 3.0, 0.0)), 2.0,
           7.0));
    enclosure half = enclosure_relative(enclosure_of(3.0, 6.0, 0.0), 4.0);
    assert_near(half.lo, -0.25, 1e-15);
    assert_near(half.hi, 0.5, 1e-15);
    enclosure below = enclosure_of(-5.0, 1.0, 0.0), above = enclosure_of(2.0, 4.0, 0.0);
    assert_true(is(enclosure_farther(below, above), -5.0, 1.0));
    assert_true(is(enclosure_farther(above, below), -5.0, 1.0));
    assert_true(is(enclosure_sqrt(enclosure_of(4.0, 9.0, 0.0)), 2.0, 3.0));
    assert_true(is(enclosure_sqrt(enclosure_of(-4.0, 9.0, 0.0)), 0.0, 3.0));
    assert_true(is(enclosure_log(enclosure_of(1.0, exp(2.0), 0.0)), 0.0, 2.0));
    assert_true(enclosure_log(enclosure_of(0.0, 1.0, 0.0)).lo == -(double)INFINITY);
    assert_true(is(enclosure_exp(enclosure_of(0.0, 2.0, 0.0)), 1.0, exp(2.0)));
    assert_true(enclosure_exp(enclosure_exact(-1e4)).lo == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constructors), cmocka_unit_test(sums),
        cmocka_unit_test(products),     cmocka_unit_test(unknown),
        cmocka_unit_test(functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
