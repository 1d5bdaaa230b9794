/* Distance to a polyline. */
#include "manifold.h"

#include "check.h"

#include <stdlib.h>

/* An L in the plane, (0,2) (0,0) (3,0): above a segment, beyond an end, in the corner, on it. */
static void distances_to_two_segments(void **state)
{
    (void)state;
    const double corner[] = {0.0, 2.0, 0.0, 0.0, 3.0, 0.0};
    const double x[] = {2.0, 0.5, 5.0, -2.0, -1.0, -1.0, 0.0, 1.25, -3.0, 3.0};
    const double expected[] = {0.25, 8.0, 2.0, 0.0, 10.0};
    double d2[5];
    polyline *p = polyline_new(3, 2, corner);
    polyline_distance2(p, 5, x, 2, d2);
    for (int i = 0; i < 5; i++) assert_near(d2[i], expected[i], 1e-15);
    polyline_free(p);
}

/* A closed polygon of 1000 corners on the unit circle, far more than one arc: the distance to the circle is
   | |x| - 1 |, the polygon lies within 1 - cos(pi/1000) = 4.9e-6 of it. */
static void a_fine_polygon_is_a_circle(void **state)
{
    (void)state;
    enum { N = 1001 };
    double v[2 * N], x[3 * 200], d2[200];
    for (long i = 0; i < N; i++) {
        v[2 * i] = cos(2.0 * SC_PI * (double)i / (N - 1));
        v[2 * i + 1] = sin(2.0 * SC_PI * (double)i / (N - 1));
    }
    polyline *p = polyline_new(N, 2, v);
    for (long i = 0; i < 200; i++) {
        double r = 0.01 * (double)(i + 1), angle = 7.1 * (double)i;
        x[3 * i] = r * cos(angle);
        x[3 * i + 1] = r * sin(angle);
        x[3 * i + 2] = 1e9; /* the leading dimension is 3 */
    }
    polyline_distance2(p, 200, x, 3, d2);
    for (int i = 0; i < 200; i++)
        assert_near(sqrt(d2[i]), fabs(0.01 * (i + 1) - 1.0), 5e-6);
    polyline_free(p);
}

/* In R^3 against the plain minimum over all segments, computed densely along each. */
static void a_line_in_space_against_dense_points(void **state)
{
    (void)state;
    enum { N = 100, FINE = 400 };
    double v[3 * N];
    for (int i = 0; i < 3 * N; i++) v[i] = 2.0 * sin(0.05 * i * (1 + i % 3)) + i % 3;
    polyline *p = polyline_new(N, 3, v);
    for (int j = 0; j < 50; j++) {
        double x[3] = {3.0 * sin(j), 3.0 * cos(2.0 * j), sin(5.0 * j)}, d2;
        double least = (double)INFINITY;
        for (int i = 0; i < (N - 1) * FINE; i++) {
            double s = (double)(i % FINE) / FINE, sum = 0.0;
            const double *a = v + 3L * (i / FINE);
            for (int k = 0; k < 3; k++) {
                double gap = x[k] - a[k] - s * (a[k + 3] - a[k]);
                sum += gap * gap;
            }
            least = fmin(least, sum);
        }
        polyline_distance2(p, 1, x, 3, &d2);
        assert_true(d2 <= least * (1.0 + 1e-12) && least - d2 < 0.02);
    }
    polyline_free(p);
}

/* Of the segment from -0.7 to 0.7 (line at m = 7/8): to the right from inside, and of the arc in the plane. */
static void exits_of_tubes(void **state)
{
    (void)state;
    const double inside = -0.3, right = 1.0, up[] = {0.6, 0.8};
    double y[2], from[2], d2;
    polyline *line = polyline_of(&GENERATOR_LINE, 0.875, 9);
    assert_int_equal(polyline_exit(line, &inside, &right, 0.25, y), SC_OK);
    assert_near(y[0], 0.95, 1e-14);
    polyline_free(line);
    polyline *arc = polyline_of(&GENERATOR_ARC, 0.9, 1025);
    const double middle = 0.5;
    generator_eval(&GENERATOR_ARC, 1, &middle, from, NULL);
    for (int j = 0; j < 2; j++) from[j] *= 0.9;
    assert_int_equal(polyline_exit(arc, from, up, 0.3, y), SC_OK);
    polyline_distance2(arc, 1, y, 2, &d2);
    assert_near(sqrt(d2), 0.3, 1e-13);
    double r = hypot(y[0] - from[0], y[1] - from[1]);
    assert_near(y[0] - from[0], 0.6 * r, 1e-14);
    assert_true(r > 0.3);
    polyline_free(arc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exits_of_tubes),
        cmocka_unit_test(distances_to_two_segments),
        cmocka_unit_test(a_fine_polygon_is_a_circle),
        cmocka_unit_test(a_line_in_space_against_dense_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
