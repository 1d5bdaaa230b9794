/* The integrand where it is small, where it is large, and at zeros. */
#include "check.h"

#include "entropy.h"

static void near_and_far(void **state)
{
    (void)state;
    for (int i = -80; i <= 80; i++) { /* by the formula */
        const double at = 0.37 * (i + 0.5);
        assert_close(entropy_relative(-1.0, -1.0 - at),
                     exp(-1.0) * (at - 1.0 + exp(-at)), 1e-12);
    }
    const double l = 1e-9; /* p (l^2/2 - l^3/6): the formula has no digit left */
    assert_close(entropy_relative(0.0, -l), 0.5 * l * l, 1e-6);
    assert_close(entropy_relative(0.0, l), 0.5 * l * l, 1e-6);
    assert_true(entropy_relative(0.3, 0.3) == 0.0);
    assert_close(entropy_relative(-2000.0, 0.0), 1.0, 1e-15); /* p = 0: q */
    assert_true(entropy_relative(-HUGE_VAL, -HUGE_VAL) == 0.0);
    assert_close(entropy_relative(-HUGE_VAL, -1.0), exp(-1.0), 1e-15);
    assert_true(entropy_relative(0.0, -HUGE_VAL) == HUGE_VAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(near_and_far)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
