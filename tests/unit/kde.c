#include "kde.h"
#include "check.h"

#include <stdlib.h>

/* Three points in the plane, by the sums as they are written. */
static void the_score_of_three_points(void **state)
{
    (void)state;
    static const double X[] = {0.0, 0.1, 1.0, -0.4, 0.3, 0.9},
                        Y[] = {0.2, 0.5, 2.0, 1.0};
    const double h = 0.3, eps[] = {0.0, 1e-3, 0.1, 10.0};
    cloud *points = cloud_new(3, 2, X, NULL);
    for (int e = 0; e < LEN(eps); e++) {
        const kde estimate = kde_of(points, h, eps[e]);
        double s[4];
        kde_score(&estimate, 2, Y, s);
        for (long i = 0; i < 2; i++) {
            double rho = 0.0, grad[2] = {0.0, 0.0};
            for (long j = 0; j < 3; j++) {
                const double a = X[2 * j] - Y[2 * i], b = X[2 * j + 1] - Y[2 * i + 1];
                const double K = exp(-(a * a + b * b) / (2.0 * h)) / (6.0 * SC_PI * h);
                rho += K;
                grad[0] += K * a / h;
                grad[1] += K * b / h;
            }
            for (int k = 0; k < 2; k++)
                assert_near(s[2 * i + k], grad[k] / fmax(rho, eps[e]), 1e-14);
        }
    }
    cloud_free(points);
}

/* Where the density underflows: the nearest point without regularisation, 0 with. */
static void nothing_underflows(void **state)
{
    (void)state;
    static const double X[] = {0.0, 1.0}, Y[] = {100.0};
    cloud *points = cloud_new(2, 1, X, NULL);
    const kde plain = kde_of(points, 0.01, 0.0), regular = kde_of(points, 0.01, 1e-12);
    double s;
    kde_score(&plain, 1, Y, &s);
    assert_close(s, -9900.0, 1e-14);
    kde_score(&regular, 1, Y, &s);
    assert_true(s == 0.0);
    cloud_free(points);
}

/* h and the bound from their formulas in another program; constants of a line and of a curve. */
static void tuning(void **state)
{
    (void)state;
    const kde_class line = {1, 0.5, 16.0}, curve = {8, 0.9, 180.0};
    assert_close(kde_bandwidth(&line, 500.0), 0.011365610334220394, 1e-14);
    assert_close(kde_bound(&line, 500.0), 15.356941052688356, 1e-14);
    assert_close(kde_bandwidth(&curve, 2000.0), 0.508574138070157, 1e-14);
    assert_close(kde_bound(&curve, 2000.0), 254067.5971632702, 1e-14);
    kde_class of = kde_class_of(3, 2.0, 0.5, false);
    assert_near(of.alpha2, 1.25, 1e-15);
    assert_near(of.L, 12.0, 1e-14);
    assert_near(kde_class_of(3, 2.0, 0.5, true).L, 4.0, 1e-15);
    assert_near(kde_class_of(3, 1.0, 0.5, false).L, 4.0, 1e-15);
    assert_int_equal(of.D, 3);
}

/* Known to four digits. */
static void diameters_of_the_wire(void **state)
{
    (void)state;
    static const int D[] = {1, 2, 3, 5, 8};
    static const double known[] = {1.320, 1.583, 1.591, 1.760, 1.771};
    for (int i = 0; i < LEN(D); i++) {
        const generator g = generator_first(&GENERATOR_WIRE, D[i]);
        const double beyond = generator_largest(&g).slope / 2000.0;
        assert_near(kde_diameter(&g) - beyond, known[i], 5.5e-4);
    }
}

/* No cell of p has a score that is steeper than L: the largest slope of the score between neighbours on a grid of the plane. */
static void the_score_is_lipschitz(void **state)
{
    (void)state;
    enum { SIDE = 161 };
    const double sd = 0.25, dy = 0.02;
    const generator g = generator_first(&GENERATOR_WIRE, 2);
    const kde_class of = kde_class_of(2, kde_diameter(&g), sd, false);
    mesh nodes = mesh_midpoints(1, 500);
    cloud *curve = cloud_of(&g, &nodes);
    const kde p = kde_of(curve, sd * sd, 0.0);
    const long all = (long)SIDE * SIDE;
    double *y = NEW_ARRAY(double, 4 * all), *s = y + 2 * all, steepest = 0.0;
    for (long i = 0; i < all; i++) {
        const long row = i / SIDE - SIDE / 2, column = i % SIDE - SIDE / 2;
        y[2 * i] = (double)row * dy;
        y[2 * i + 1] = (double)column * dy;
    }
    kde_score(&p, all, y, s);
    for (long i = 0; i + 1 < all; i++) {
        const double rise = hypot(s[2 * i + 2] - s[2 * i], s[2 * i + 3] - s[2 * i + 1]);
        if (i % SIDE + 1 < SIDE) steepest = fmax(steepest, rise / dy);
    }
    assert_true(steepest <= of.L);
    assert_true(steepest >= 1.0 / (sd * sd) - 1.0);
    free(y);
    cloud_free(curve);
    mesh_free(&nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_score_of_three_points),
        cmocka_unit_test(nothing_underflows),
        cmocka_unit_test(tuning),
        cmocka_unit_test(diameters_of_the_wire),
        cmocka_unit_test(the_score_is_lipschitz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
