/* The random linear cases: ranges, moments, dependence on nothing but key and number. */
#include "check.h"

#include "battery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rng_key key_of_test(void) { return rng_key_of(1, "battery"); }

static void draws_stay_in_their_ranges(void **state)
{
    (void)state;
    double lowest = 1e9, highest = 0.0;
    for (uint64_t i = 0; i < BATTERY_CASES; i++) {
        linear_case c = battery_case(key_of_test(), i);
        const sde *e = &c.forward;
        assert_true(0.3 < e->T && e->T < 4.0);
        assert_true(0.01 < e->bmin && e->bmin < 1.0);
        assert_true(e->bmin < e->bmax && e->bmax <= 30.0 && e->bmax < 100.0 * e->bmin);
        assert_true(pow(10.0, -1.5) < c.data.var && c.data.var < pow(10.0, 0.8));
        lowest = fmin(lowest, c.data.var);
        highest = fmax(highest, c.data.var);
        assert_true(c.from.kind == START_NORMAL && c.from.mean == 0.0 &&
                    c.from.var == 1.0);
    }
    assert_near(log10(lowest), -1.5, 0.01);
    assert_near(log10(highest), 0.8, 0.01);
}

/* Mean, variance and share of zeros within 5 standard errors. */
static void errors_have_their_moments(void **state)
{
    (void)state;
    double n = BATTERY_CASES, m2 = 0.0, a2 = 0.0, c2 = 0.0, none = 0.0, both = 0.0,
           ac = 0.0;
    for (uint64_t i = 0; i < BATTERY_CASES; i++) {
        linear_case c = battery_case(key_of_test(), i);
        m2 += c.data.mean * c.data.mean / n;
        a2 += c.a * c.a / n;
        c2 += c.c * c.c / n;
        ac += c.a * c.c / n;
        none += (c.a == 0.0) / n;
        both += (c.a == 0.0 && c.c == 0.0) / n;
    }
    assert_near(m2, 4.0, 5.0 * 4.0 * sqrt(2.0 / n));
    assert_near(a2, 0.045, 5.0 * 0.09 * sqrt(1.25 / n));
    assert_near(c2, 0.045, 5.0 * 0.09 * sqrt(1.25 / n));
    assert_near(ac, 0.0, 5.0 * 0.045 / sqrt(n));
    assert_near(none, 0.5, 5.0 * 0.5 / sqrt(n));
    assert_near(both, 0.25, 5.0 * 0.45 / sqrt(n));
}

/* measured = v0 +- 0.01, held against 1, and against 2 where m0 > 0. */
static int against_known_bounds(const linear_case *c, enclosure *measured,
                                double *bound)
{
    *measured = enclosure_about(c->data.var, 0.01);
    bound[0] = 1.0;
    bound[1] = c->data.mean > 0.0 ? 2.0 : (double)NAN;
    return SC_OK;
}

static void tallies_count_what_fails(void **state)
{
    (void)state;
    battery_tally want[2] = {{0}}, got[2];
    double widest = 0.0;
    int below[2] = {0}; /* the median, or at it */
    assert_int_equal(battery_run(key_of_test(), 2, against_known_bounds, got), SC_OK);
    for (uint64_t i = 0; i < BATTERY_CASES; i++) {
        linear_case c = battery_case(key_of_test(), i);
        widest = fmax(widest, c.data.var);
        for (int b = 0; b < 2; b++) {
            if (b == 1 && c.data.mean <= 0.0) continue;
            below[b] += c.data.var / (b + 1.0) <= enclosure_mid(got[b].median);
            want[b].cases++;
            want[b].failed += c.data.var - 0.01 > b + 1.0;
            want[b].worst.hi = fmax(want[b].worst.hi, (c.data.var + 0.01) / (b + 1.0));
        }
    }
    assert_int_equal(want[0].cases, BATTERY_CASES);
    for (int b = 0; b < 2; b++) {
        assert_int_equal(got[b].cases, want[b].cases);
        assert_int_equal(got[b].failed, want[b].failed);
        assert_near(got[b].worst.hi, want[b].worst.hi, 1e-14);
        assert_near(got[b].worst.hi - got[b].worst.lo, 0.02 / (b + 1.0), 1e-14);
        assert_near(got[b].median.hi - got[b].median.lo, 0.02 / (b + 1.0), 1e-14);
        assert_true(abs(2 * below[b] - got[b].cases) <= 2);
    }
    char where[32];
    snprintf(where, sizeof where, " v0=%.3g ", widest);
    assert_non_null(strstr(got[0].where, where));
    assert_true(strncmp(got[0].where, "T=", 2) == 0);
}

static int failing_from_the_third(const linear_case *c, enclosure *measured,
                                  double *bound)
{
    *measured = enclosure_exact(0.0);
    bound[0] = 1.0;
    linear_case third = battery_case(key_of_test(), 3);
    return c->data.var == third.data.var ? SC_EACCURACY : SC_OK;
}

static void a_failing_case_fails_the_run(void **state)
{
    (void)state;
    battery_tally t = {.cases = -7};
    assert_int_equal(battery_run(key_of_test(), 1, failing_from_the_third, &t),
                     SC_EACCURACY);
    assert_int_equal(t.cases, -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_stay_in_their_ranges),
        cmocka_unit_test(errors_have_their_moments),
        cmocka_unit_test(tallies_count_what_fails),
        cmocka_unit_test(a_failing_case_fails_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
