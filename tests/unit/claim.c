/* The three verdicts, at and around every edge. */
#include "check.h"

#include "claim.h"

static verdict judge(double lo, double hi, region r)
{
    return verdict_of(enclosure_of(lo, hi, 0.0), r);
}

static void three_verdicts(void **state)
{
    (void)state;
    region r = region_between(1.0, 2.0);
    assert_int_equal(judge(1.0, 2.0, r), SUPPORTED); /* closed at both ends */
    assert_int_equal(judge(1.2, 1.3, r), SUPPORTED);
    assert_int_equal(judge(0.0, 0.9, r), REFUTED);
    assert_int_equal(judge(2.1, 3.0, r), REFUTED);
    assert_int_equal(judge(0.0, 1.0, r), INCONCLUSIVE); /* they share the point 1 */
    assert_int_equal(judge(2.0, 3.0, r), INCONCLUSIVE);
    assert_int_equal(judge(0.9, 1.5, r), INCONCLUSIVE);
    assert_int_equal(judge(1.5, 2.1, r), INCONCLUSIVE);
    assert_int_equal(judge(0.0, 3.0, r), INCONCLUSIVE);
}

static void half_lines(void **state)
{
    (void)state;
    double inf = INFINITY;
    assert_int_equal(judge(-inf, 2.0, region_at_most(2.0)), SUPPORTED);
    assert_int_equal(judge(2.5, 3.0, region_at_most(2.0)), REFUTED);
    assert_int_equal(judge(inf, inf, region_at_most(2.0)), REFUTED);
    assert_int_equal(judge(1.0, 2.5, region_at_most(2.0)), INCONCLUSIVE);
    assert_int_equal(judge(2.0, inf, region_at_least(2.0)), SUPPORTED);
    assert_int_equal(judge(0.0, 1.5, region_at_least(2.0)), REFUTED);
    assert_int_equal(judge(-inf, inf, region_at_least(2.0)), INCONCLUSIVE);
}

static void nan_is_no_verdict(void **state)
{
    (void)state;
    enclosure one = enclosure_exact(1.0);
    region r = region_between(0.0, 2.0);
    assert_int_equal(verdict_of((enclosure){NAN, 1.0, 0.0}, r), INCONCLUSIVE);
    assert_int_equal(verdict_of((enclosure){1.0, NAN, 0.0}, r), INCONCLUSIVE);
    assert_int_equal(verdict_of((enclosure){5.0, NAN, 0.0}, r), INCONCLUSIVE);
    assert_int_equal(verdict_of((enclosure){NAN, -5.0, 0.0}, r), INCONCLUSIVE);
    assert_int_equal(verdict_of(one, (region){NAN, 0.0}), INCONCLUSIVE);
    assert_int_equal(verdict_of(one, (region){2.0, NAN}), INCONCLUSIVE);
}

static void regions(void **state)
{
    (void)state;
    region r = region_about(-3.0, 0.5);
    assert_true(r.lo == -3.5 && r.hi == -2.5);
    assert_true(region_at_most(1.0).lo == -(double)INFINITY);
    assert_true(region_at_least(1.0).hi == (double)INFINITY);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(verdict_name(SUPPORTED), "SUPPORTED");
    assert_string_equal(verdict_name(REFUTED), "REFUTED");
    assert_string_equal(verdict_name(INCONCLUSIVE), "INCONCLUSIVE");
    assert_string_equal(method_name(CLOSED_FORM), "closed-form");
    assert_string_equal(method_name(EXACT_LAW), "exact-law");
    assert_string_equal(method_name(QUADRATURE), "quadrature");
    assert_string_equal(method_name(MONTE_CARLO), "monte-carlo");
    assert_string_equal(method_name(CERTIFIED), "certified");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_verdicts),
        cmocka_unit_test(half_lines),
        cmocka_unit_test(nan_is_no_verdict),
        cmocka_unit_test(regions),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
