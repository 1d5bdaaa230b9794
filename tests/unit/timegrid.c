/* The rules by their defining recursions; ends that are exact; the step counts of Benton's rule. */
#include "timegrid.h"

#include "check.h"

#include <stdlib.h>

static void uniform(void **state)
{
    (void)state;
    double t[8];
    timegrid_uniform(2.0, 0.1, 7, t);
    assert_true(t[0] == 2.0 && t[7] == 0.1);
    for (int k = 0; k < 7; k++) assert_near(t[k] - t[k + 1], 1.9 / 7.0, 1e-15);
}

static void geometric(void **state)
{
    (void)state;
    double t[10];
    timegrid_geometric(3.0, 1e-3, 9, t);
    assert_true(t[0] == 3.0 && t[9] == 1e-3);
    for (int k = 0; k < 9; k++)
        assert_close(t[k + 1] / t[k], pow(1e-3 / 3.0, 1.0 / 9.0), 1e-14);
}

static void shifted(void **state)
{
    (void)state;
    double t[10];
    timegrid_shifted(3.0, 0.05, 9, t);
    assert_true(t[0] == 3.0 && t[9] == 0.0);
    for (int k = 0; k < 9; k++)
        assert_close((t[k + 1] + 0.05) / (t[k] + 0.05), pow(0.05 / 3.05, 1.0 / 9.0),
                     1e-13);
}

/* t_k^{1/7} falls linearly; rho = 1 is uniform. */
static void karras(void **state)
{
    (void)state;
    double t[10], uniform_times[10], root = 1.0 / 7.0;
    timegrid_karras(80.0, 0.002, 7.0, 9, t);
    assert_true(t[0] == 80.0 && t[9] == 0.002);
    double drop = (pow(80.0, root) - pow(0.002, root)) / 9.0;
    for (int k = 0; k < 9; k++)
        assert_near(pow(t[k], root) - pow(t[k + 1], root), drop, 1e-14);
    timegrid_karras(2.0, 0.0, 1.0, 9, t);
    timegrid_uniform(2.0, 0.0, 9, uniform_times);
    for (int k = 0; k <= 9; k++) assert_near(t[k], uniform_times[k], 1e-15);
}

/* T = 5, end (1 + kappa)^-J, J = ceil(log 1000/log(1 + kappa)): 58, 113, 222, 440 steps (the
   count of the entry dimension_adaptation). */
static void benton_counts(void **state)
{
    (void)state;
    static const double KAPPA[] = {0.2, 0.1, 0.05, 0.025};
    static const int STEPS[] = {58, 113, 222, 440};
    for (int i = 0; i < LEN(KAPPA); i++) {
        double t[512], J = ceil(log(1000.0) / log1p(KAPPA[i]));
        double end = pow(1.0 + KAPPA[i], -J);
        int steps = -1;
        assert_int_equal(timegrid_benton(5.0, end, KAPPA[i], LEN(t), t, &steps), SC_OK);
        assert_int_equal(steps, STEPS[i]);
        assert_true(t[0] == 5.0 && t[steps] == end);
        double *whole = timegrid_benton_whole(5.0, 1e-3, KAPPA[i], &steps);
        assert_int_equal(steps, STEPS[i]);
        assert_memory_equal(whole, t, (size_t)(steps + 1) * sizeof *t);
        free(whole);
    }
}

/* gamma_k <= kappa min(1, t_k), with equality while t - kappa >= 1, and t/u = 1 + kappa after. */
static void benton_rule(void **state)
{
    (void)state;
    double t[256], kappa = 0.07;
    int steps = -1;
    assert_int_equal(timegrid_benton(2.34, 0.013, kappa, LEN(t), t, &steps), SC_OK);
    assert_true(t[steps] == 0.013);
    for (int k = 0; k < steps; k++) {
        double gamma = t[k] - t[k + 1];
        assert_true(gamma > 0.0 && gamma <= kappa * fmin(1.0, t[k]) * (1.0 + 1e-12));
        if (k == steps - 1) continue; /* clipped to the end */
        if (t[k] - kappa >= 1.0)
            assert_near(gamma, kappa, 1e-14);
        else
            assert_close(t[k] / t[k + 1], 1.0 + kappa, 1e-13);
    }
}

static void benton_capacity(void **state)
{
    (void)state;
    double t[59], end = pow(1.2, -38.0);
    int steps = -1;
    assert_int_equal(timegrid_benton(5.0, end, 0.2, 58, t, &steps), SC_EDOMAIN);
    assert_int_equal(steps, -1);
    assert_int_equal(timegrid_benton(5.0, end, 0.2, 59, t, &steps), SC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniform),         cmocka_unit_test(geometric),
        cmocka_unit_test(shifted),         cmocka_unit_test(karras),
        cmocka_unit_test(benton_counts),   cmocka_unit_test(benton_rule),
        cmocka_unit_test(benton_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
