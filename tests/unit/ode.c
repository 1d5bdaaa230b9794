#include "ode.h"
#include "check.h"

/* (x, v)' = (v, -x) */
static void oscillator(const void *ctx, double t, const double *y, double *dy)
{
    (void)ctx, (void)t;
    dy[0] = y[1];
    dy[1] = -y[0];
}

/* y' = a y + t */
static void ramp(const void *ctx, double t, const double *y, double *dy)
{
    dy[0] = *(const double *)ctx * y[0] + t;
}

/* y' = y^2 from 1: 1/(1 - t) */
static void explosion(const void *ctx, double t, const double *y, double *dy)
{
    (void)ctx, (void)t;
    dy[0] = y[0] * y[0];
}

static void a_rotation(void **state)
{
    (void)state;
    double y[] = {1.0, 0.0}, error[2];
    assert_int_equal(ode_solve(oscillator, NULL, 2, 0.0, 10.0, 1e-12, y, error), SC_OK);
    assert_near(y[0], cos(10.0), error[0]);
    assert_near(y[1], -sin(10.0), error[1]);
    assert_true(error[0] < 1e-10 && error[1] < 1e-10);
}

/* The solution from 1 is (1 + 1/a^2) e^{at} - t/a - 1/a^2; backwards in time it returns. */
static void forth_and_back(void **state)
{
    (void)state;
    double a = -3.0, y = 1.0, error;
    assert_int_equal(ode_solve(ramp, &a, 1, 0.0, 2.0, 1e-12, &y, &error), SC_OK);
    double exact = (1.0 + 1.0 / 9.0) * exp(-6.0) + 2.0 / 3.0 - 1.0 / 9.0;
    assert_near(y, exact, error);
    assert_true(error < 1e-10);
    assert_int_equal(ode_solve(ramp, &a, 1, 2.0, 0.0, 1e-13, &y, NULL), SC_OK);
    assert_near(y, 1.0, 1e-8);
}

/* A rough tolerance has a large error, and it says so. */
static void the_error_follows_the_tolerance(void **state)
{
    (void)state;
    double y[] = {1.0, 0.0}, error[2];
    assert_int_equal(ode_solve(oscillator, NULL, 2, 0.0, 30.0, 1e-5, y, error), SC_OK);
    assert_near(y[0], cos(30.0), error[0]);
    assert_true(fabs(y[0] - cos(30.0)) > 1e-9);
}

/* Where two runs could take the same steps, the second takes longer ones. */
static void a_short_way(void **state)
{
    (void)state;
    for (int i = 1; i <= 6; i++) {
        double T = 0.25 * i, y[] = {1.0, 0.0}, error[2];
        assert_int_equal(ode_solve(oscillator, NULL, 2, 0.0, T, 1e-5, y, error), SC_OK);
        assert_near(y[0], cos(T), error[0]);
        assert_near(y[1], -sin(T), error[1]);
        assert_true(error[0] < 1e-5);
    }
}

/* y' = -50 sqrt(y)^2 from 1: long steps leave the half-line where f is defined. */
static void half_line(const void *ctx, double t, const double *y, double *dy)
{
    (void)ctx, (void)t;
    dy[0] = -50.0 * sqrt(y[0]) * sqrt(y[0]);
}

static void shorter_steps_where_f_fails(void **state)
{
    (void)state;
    double y = 1.0, error, below = -1.0;
    assert_int_equal(ode_solve(half_line, NULL, 1, 0.0, 1.0, 1e-12, &y, &error), SC_OK);
    assert_near(y, exp(-50.0), error);
    assert_int_equal(ode_solve(half_line, NULL, 1, 0.0, 1.0, 1e-12, &below, NULL),
                     SC_EDOMAIN);
    assert_true(below == -1.0);
}

static void no_time_no_change(void **state)
{
    (void)state;
    double y = 2.0, error = 1.0;
    assert_int_equal(ode_solve(explosion, NULL, 1, 1.0, 1.0, 1e-12, &y, &error), SC_OK);
    assert_true(y == 2.0 && error == 0.0);
}

static void an_explosion_is_refused(void **state)
{
    (void)state;
    double y = 1.0, error = -1.0;
    assert_true(ode_solve(explosion, NULL, 1, 0.0, 2.0, 1e-12, &y, &error) != SC_OK);
    assert_true(y == 1.0 && error == -1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rotation),
        cmocka_unit_test(forth_and_back),
        cmocka_unit_test(the_error_follows_the_tolerance),
        cmocka_unit_test(a_short_way),
        cmocka_unit_test(shorter_steps_where_f_fails),
        cmocka_unit_test(no_time_no_change),
        cmocka_unit_test(an_explosion_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
