/* A ladder is the same chain on finer and finer uniform grids. */
#include "divergence.h"
#include "timegrid.h"

#include "check.h"

enum { FIRST = 5, FACTOR = 3, LEVELS = 4 };

static void every_level_is_a_uniform_chain(void **state)
{
    (void)state;
    target *data = target_gauss(0.7, 0.49);
    chain c = {.data = data, .forward = &SDE_VP, .scheme = &SAMPLER_EI};
    c.from.kind = START_PT;
    ladder l;
    assert_int_equal(divergence_ladder(&c, FIRST, FACTOR, LEVELS, &l), SC_OK);
    assert_int_equal(l.levels, LEVELS);
    double t[FIRST * FACTOR * FACTOR * FACTOR + 1];
    for (int i = 0, steps = FIRST; i < LEVELS; i++, steps *= FACTOR) {
        distances d;
        timegrid_uniform(SDE_VP.T, 0.0, steps, t);
        c.steps = steps;
        c.t = t;
        assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
        assert_int_equal(l.steps[i], steps);
        assert_true(l.h[i] == SDE_VP.T / steps);
        assert_true(l.kl[i].lo == d.kl.lo && l.kl[i].hi == d.kl.hi);
        assert_true(l.tv[i].lo == d.tv.lo && l.tv[i].hi == d.tv.hi);
        assert_true(l.w2[i].lo == d.w2.lo && l.w2[i].hi == d.w2.hi);
    }
    target_free(data);
}

/* A chain no engine covers fails as a whole and leaves the ladder alone. */
static void a_failing_level_fails_the_ladder(void **state)
{
    (void)state;
    target *atom = target_atoms(1, (double[]){1.0}, (double[]){0.0});
    chain c = {.data = atom, .forward = &SDE_OU, .scheme = &SAMPLER_DDPM};
    c.from.kind = START_PT;
    ladder l = {.levels = -1};
    assert_int_equal(divergence_ladder(&c, FIRST, FACTOR, LEVELS, &l), SC_EDOMAIN);
    assert_int_equal(l.levels, -1);
    target_free(atom);
}

/* The last level by hand; short last steps serve narrow data. */
static void shifted_levels(void **state)
{
    (void)state;
    target *narrow = target_gauss(0.0, 1e-4);
    chain c = {.data = narrow, .forward = &SDE_VP, .scheme = &SAMPLER_EI};
    c.from = START_STANDARD;
    ladder shifted, uniform;
    double t[4 * FIRST + 1];
    distances d;
    assert_int_equal(divergence_ladder_shifted(&c, 1e-3, FIRST, 2, 3, &shifted), SC_OK);
    assert_int_equal(divergence_ladder(&c, FIRST, 2, 3, &uniform), SC_OK);
    timegrid_shifted(SDE_VP.T, 1e-3, 4 * FIRST, t);
    c.steps = 4 * FIRST;
    c.t = t;
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
    assert_true(shifted.tv[2].lo == d.tv.lo && shifted.tv[2].hi == d.tv.hi);
    assert_true(shifted.tv[2].hi < 0.5 * uniform.tv[2].lo);
    target_free(narrow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_is_a_uniform_chain),
        cmocka_unit_test(a_failing_level_fails_the_ladder),
        cmocka_unit_test(shifted_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
