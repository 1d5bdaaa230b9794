/* Nearest neighbours: against plain search, where the expansion cancels, ties, copies. */
#include "neighbour.h"
#include "rng.h"

#include "check.h"

#include <stdlib.h>

enum { N = 300, D = 5, POINTS = 150 };

static double distance_to(const double *z, const double *x, int i)
{
    double sum = 0.0;
    for (int k = 0; k < D; k++) sum += pow(z[k] - x[(long)i * D + k], 2.0);
    return sqrt(sum);
}

/* near is what comparing all distances gives. */
static void assert_nearest(neighbour near, const double *z, const double *x)
{
    assert_near(near.d1, distance_to(z, x, near.first), 1e-15 * near.d1);
    assert_near(near.d2, distance_to(z, x, near.second), 1e-15 * near.d2);
    assert_true(near.first != near.second && near.d1 <= near.d2);
    for (int i = 0; i < N; i++)
        if (i != near.first && i != near.second)
            assert_true(distance_to(z, x, i) >= near.d2);
}

/* Points `size` from 0, 1e-6 apart: |x|^2 - 2 x.z keeps nothing of the distances for size = 1e4. */
static void the_two_nearest_are_found(void **state)
{
    (void)state;
    static double x[N * D], z[POINTS * D];
    neighbour near[POINTS];
    for (int far = 0; far <= 1; far++) {
        const double size = far ? 1e4 : 0.0, spread = far ? 1e-6 : 1.0;
        rng_normal_rows(rng_key_of(1, "set"), 0, 0, 0, N, D, x, D);
        rng_normal_rows(rng_key_of(1, "points"), 0, 0, 0, POINTS, D, z, D);
        for (long k = 0; k < (long)N * D; k++) x[k] = size + spread * x[k];
        for (long k = 0; k < (long)POINTS * D; k++) z[k] = size + spread * z[k];
        neighbour_set *set = neighbour_new(N, D, x);
        neighbour_two(set, POINTS, z, near);
        for (long j = 0; j < POINTS; j++) assert_nearest(near[j], z + j * D, x);
        neighbour_free(set);
    }
}

static void of_equally_near_ones_the_first(void **state)
{
    (void)state;
    const double x[] = {3.0, 0.0, -1.0, 0.0, 1.0, 0.0, 1.0, 0.0}, z[] = {0.0, 0.0};
    neighbour_set *set = neighbour_new(4, 2, x);
    neighbour near;
    neighbour_two(set, 1, z, &near);
    assert_true(near.first == 1 && near.second == 2);
    assert_true(near.d1 == 1.0 && near.d2 == 1.0);
    neighbour_free(set);
}

/* On the line, x = 0 and 1: z in [0, 1] copies one of them for z < 1/4 and z > 3/4. */
static void a_copy_is_three_times_as_near(void **state)
{
    (void)state;
    const double x[] = {0.0, 1.0}, z[] = {0.0, 0.2499, 0.2501, 0.7499, 0.7501};
    const bool copy[] = {true, true, false, false, true};
    neighbour_set *set = neighbour_new(2, 1, x);
    neighbour near[LEN(z)];
    neighbour_two(set, LEN(z), z, near);
    for (int j = 0; j < LEN(z); j++)
        assert_int_equal(neighbour_is_copy(near[j]), copy[j]);
    neighbour_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_nearest_are_found),
        cmocka_unit_test(of_equally_near_ones_the_first),
        cmocka_unit_test(a_copy_is_three_times_as_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
