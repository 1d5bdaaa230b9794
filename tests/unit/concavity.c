/* The constant of strong log-concavity where it is known. */
#include "check.h"

#include "target.h"

/* N(0.7, v): 1/(m^2 v + s2) everywhere. */
static void gauss_has_its_precision(void **state)
{
    (void)state;
    double at;
    target *p = target_gauss(0.7, 2.0);
    enclosure k = target_concavity(p, 0.5, 0.3, &at);
    assert_near(k.lo, 1.0 / 0.8, 1e-12);
    assert_near(k.hi, 1.0 / 0.8, 1e-12);
    target_free(p);
}

/* exp(-x^2/2 - x^4/4) has -(log p)'' = 1 + 3 x^2, least at 0. */
static void quartic_is_flattest_at_the_centre(void **state)
{
    (void)state;
    double at;
    target *p = target_quartic(1.0, 0.25);
    enclosure k = target_concavity(p, 1.0, 0.0, &at);
    assert_near(k.hi, 1.0, 1e-10);
    assert_near(at, 0.0, 1e-6);
    target_free(p);
}

/* Half N(-a, v), half N(a, v): -(log p)'' = 1/v - a^2/v^2 at 0, where it is least. */
static void two_bumps_are_not_log_concave(void **state)
{
    (void)state;
    double at;
    gmm *m = gmm_new(2, 1, (double[]){0.5, 0.5}, (double[]){-2.0, 2.0}, 1,
                     (double[]){0.25, 0.25});
    target *p = target_mixture(m);
    enclosure k = target_concavity(p, 1.0, 0.0, &at);
    assert_near(k.hi, 4.0 - 64.0, 0.01);
    assert_true(k.lo <= -60.0 + 1e-9 && k.hi >= -60.0 - 1e-9);
    assert_near(at, 0.0, 0.01);
    target_free(p);
    gmm_free(m);
}

/* Unequal bumps: the least is near the point where they are equally likely, not at it. Against a fine
   grid. */
static void a_valley_off_the_crossing(void **state)
{
    (void)state;
    double at, least = INFINITY;
    gmm *m = gmm_new(2, 1, (double[]){0.5, 0.5}, (double[]){-1.7, 0.6}, 1,
                     (double[]){0.2, 0.07});
    target *p = target_mixture(m);
    enclosure k = target_concavity(p, 1.0, 0.0, &at);
    for (int i = 0; i <= 200000; i++) {
        double x = -1.0 + 1e-5 * i, slope;
        target_score(p, 1.0, 0.0, 1, &x, NULL, NULL, &slope);
        least = fmin(least, -slope);
    }
    assert_true(k.lo <= least && k.hi <= least * (1.0 - 2e-7));
    assert_close(k.lo, least, 1e-6);
    target_free(p);
    gmm_free(m);
}

/* The valley between distant bumps is narrower than the grid: the least is 1/v - (g/(2 v))^2 in its
   middle, g the gap of the means; for unequal variances it is found all the same. */
static void narrow_valleys_are_seen(void **state)
{
    (void)state;
    double at;
    gmm *m[] = {gmm_new(2, 1, (double[]){0.5, 0.5}, (double[]){-3000.0, 313.0}, 1,
                        (double[]){0.9, 0.9}),
                gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-3000.0, 313.0}, 1,
                        (double[]){0.9, 1.1})};
    for (int i = 0; i < LEN(m); i++) {
        target *p = target_mixture(m[i]);
        enclosure k = target_concavity(p, 1.0, 0.0, &at);
        assert_true(k.lo < -1e6);
        if (i == 0) assert_close(k.hi, 1.0 / 0.9 - pow(3313.0 / 1.8, 2.0), 1e-6);
        if (i == 0) assert_near(at, -1343.5, 1e-6);
        target_free(p);
        gmm_free(m[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gauss_has_its_precision),
        cmocka_unit_test(quartic_is_flattest_at_the_centre),
        cmocka_unit_test(two_bumps_are_not_log_concave),
        cmocka_unit_test(a_valley_off_the_crossing),
        cmocka_unit_test(narrow_valleys_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
