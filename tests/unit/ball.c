/* Certified numbers: rounding outwards, decimal literals, Phi. */
#include "check.h"

#include "ball.h"
#include "base.h"

static enclosure literal(const char *text)
{
    arb_t x;
    arb_init(x);
    ball_set(x, text);
    enclosure e = ball_enclose(x);
    arb_clear(x);
    return e;
}

static enclosure normal_cdf(const char *text)
{
    arb_t x;
    arb_init(x);
    ball_set(x, text);
    ball_normal_cdf(x, x);
    enclosure e = ball_enclose(x);
    arb_clear(x);
    return e;
}

/* A double is enclosed by itself; 1/10 is none, and lies between two neighbours. */
static void endpoints_are_rounded_outwards(void **state)
{
    (void)state;
    enclosure exact = literal("0.375");
    assert_true(exact.lo == 0.375 && exact.hi == 0.375 && exact.alpha == 0.0);
    enclosure tenth = literal("0.1");
    assert_true(tenth.lo < tenth.hi && tenth.hi == 0.1);
    assert_true(nextafter(tenth.lo, 1.0) == tenth.hi);
    enclosure minus = literal("-0.1");
    assert_true(minus.lo == -tenth.hi && minus.hi == -tenth.lo);
}

/* The radius of the ball is part of the enclosure. */
static void radius_is_enclosed(void **state)
{
    (void)state;
    enclosure e = literal("3 +/- 0.25");
    assert_true(e.lo <= 2.75 && e.hi >= 3.25);
    assert_near(e.lo, 2.75, 1e-8);
    assert_near(e.hi, 3.25, 1e-8);
}

/* Phi(1) = 0.84134474606854294859 (Abramowitz and Stegun, table 26.1), Phi(0) = 1/2,
   Phi(-8) = 6.2209605742717841e-16 without cancellation. */
static void normal_cdf_is_tight(void **state)
{
    (void)state;
    enclosure one = normal_cdf("1"), half = normal_cdf("0"), tail = normal_cdf("-8");
    assert_true(one.lo <= 0.84134474606854295 && 0.84134474606854295 <= one.hi);
    assert_true(half.lo == 0.5 && half.hi == 0.5);
    assert_close(tail.lo, 6.2209605742717841e-16, 1e-14);
    enclosure all[] = {one, half, tail};
    for (int i = 0; i < LEN(all); i++)
        assert_true(all[i].hi <= nextafter(all[i].lo, 1.0) && all[i].alpha == 0.0);
}

/* TV(N(d, 1), N(0, 1)) = 2 Phi(d/2) - 1. */
static void tv_of_a_shift(void **state)
{
    (void)state;
    arb_t d;
    arb_init(d);
    ball_set(d, "1.4");
    ball_shift_tv(d, d);
    enclosure tv = ball_enclose(d), phi = normal_cdf("0.7");
    assert_near(tv.lo, 2.0 * phi.lo - 1.0, 1e-15);
    assert_true(tv.hi <= nextafter(tv.lo, 1.0));
    ball_set(d, "-1.4"); /* to the left */
    ball_shift_tv(d, d);
    assert_true(ball_enclose(d).lo == tv.lo && ball_enclose(d).hi == tv.hi);
    arb_clear(d);
}

/* Phi(x) + Phi(-x) = 1. */
static void normal_cdf_is_symmetric(void **state)
{
    (void)state;
    enclosure sum = enclosure_add(normal_cdf("1.7"), normal_cdf("-1.7"));
    assert_true(sum.lo <= 1.0 && 1.0 <= sum.hi);
    assert_near(enclosure_halfwidth(sum), 0.0, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_are_rounded_outwards),
        cmocka_unit_test(radius_is_enclosed),
        cmocka_unit_test(normal_cdf_is_tight),
        cmocka_unit_test(normal_cdf_is_symmetric),
        cmocka_unit_test(tv_of_a_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
