/* The known values themselves can be read. */
#include "reference.h"

#include "check.h"

static void an_entry_is_found_by_its_id(void **state)
{
    (void)state;
    assert_near(reference_value("sampling", "rev.diva"), 0.1785, 1e-15);
    assert_int_equal(reference_digits("matching", "ssm_extra_var_t0.1"), 18);
}

static void the_error_is_relative_to_the_value(void **state)
{
    (void)state;
    double v = reference_value("matching", "ssm_extra_var_t0.1");
    assert_near(reference_error("matching", "ssm_extra_var_t0.1"), v * 1e-17, 1e-30);
}

/* The entry fwd.OU agrees with its formula sg^2 (1 - e^{-2 th t}) / (2 th). */
static void an_entry_agrees_with_its_formula(void **state)
{
    (void)state;
    double formula = 0.64 * (1.0 - exp(-2.0 * 1.3 * 0.35)) / 2.6;
    assert_near(reference_value("sampling", "fwd.OU"), formula, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_found_by_its_id),
        cmocka_unit_test(the_error_is_relative_to_the_value),
        cmocka_unit_test(an_entry_agrees_with_its_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
