/* A ladder is the same chain on finer and finer uniform grids. */
#include "divergence.h"
#include "timegrid.h"

#include "check.h"

#include <math.h>
#include <stdlib.h>

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

/* Level 2 is the chain to T = 4, from p_noise or from p_T. */
static void horizons_double(void **state)
{
    (void)state;
    enum { PER_UNIT = 3, STEPS = 4 * PER_UNIT };
    target *data = target_gauss(0.7, 0.49);
    const sde ve = sde_ve_prime(4.0);
    double t[STEPS + 1];
    chain c = chain_uniform(data, &ve, &SAMPLER_EI, START_EXACT, STEPS, t);
    for (int noise = 0; noise < 2; noise++) {
        const horizon_chain h = {.data = data,
                                 .forward = sde_ve_prime,
                                 .scheme = &SAMPLER_EI,
                                 .per_unit = PER_UNIT,
                                 .noise = noise != 0};
        ladder l;
        distances d;
        assert_int_equal(divergence_horizons(&h, 3, &l), SC_OK);
        if (noise) c.from = (start){START_NORMAL, 0.0, sde_prior_var(&ve)};
        assert_int_equal(noise ? divergence_same_start(&c, &d)
                               : divergence_chain(&c, NULL, &d),
                         SC_OK);
        assert_true(l.levels == 3 && l.steps[2] == STEPS && l.h[2] == 1.0 / PER_UNIT);
        assert_memory_equal(&l.w2[2], &d.w2, sizeof d.w2);
        assert_true(l.w2[0].hi < l.w2[2].lo || l.w2[0].lo > l.w2[2].hi);
    }
    target_free(data);
}

/* (a/steps)^order, known to a part of 1e-6: a steps bring it to 1. *ctx counts the calls. */
typedef struct {
    double a, order;
    int *calls;
} power;

static int falls(const void *ctx, int steps, enclosure *error)
{
    const power *p = ctx;
    double e = pow(p->a / steps, p->order);
    if (p->a < 0.0) return SC_EFORMAT;
    ++*p->calls;
    *error = enclosure_about(e, 1e-6 * e);
    return SC_OK;
}

/* Of any order, also one that is not that told; in few tries, three beyond the doublings for the right one. */
static void least_number_of_steps(void **state)
{
    (void)state;
    static const double ORDER[] = {0.5, 1.0, 2.0, 4.0};
    static const struct {
        double a;
        int least;
    } KNOWN[] = {{0.5, 1}, {1.5, 2},       {2.5, 3},
                 {8.5, 9}, {1000.5, 1001}, {99999.5, 100000}};
    for (int i = 0; i < LEN(ORDER) * LEN(ORDER); i++)
        for (int k = 0; k < LEN(KNOWN); k++) {
            int steps = 0, calls = 0;
            power p = {KNOWN[k].a, ORDER[i % LEN(ORDER)], &calls};
            assert_int_equal(
                divergence_least(falls, &p, ORDER[i / LEN(ORDER)], 1.0, &steps), SC_OK);
            assert_int_equal(steps, KNOWN[k].least);
            assert_true(calls <= (p.order == ORDER[i / LEN(ORDER)] ? 21 : 2 * 17 + 7));
        }
    int steps = -1, calls = 0;
    power even = {1000.0, 1.0, &calls}, broken = {-1.0, 1.0, &calls};
    assert_int_equal(divergence_least(falls, &even, 1.0, 1.0, &steps), SC_EACCURACY);
    assert_int_equal(divergence_least(falls, &broken, 1.0, 1.0, &steps), SC_EFORMAT);
    power never = {1e12, 1.0, &calls};
    assert_int_equal(divergence_least(falls, &never, 1.0, 1.0, &steps),
                     SC_ECONVERGENCE);
    assert_int_equal(steps, -1);
}

/* KL(data | law) of one coordinate N(0, v) through the times of the statement: round(4/kappa) steps from 5 to 1, all but
   the last of length kappa, then (1 + kappa)^-j. */
static double adaptation(const sampler *scheme, double v, double kappa, int *steps)
{
    int linear = (int)round(4.0 / kappa);
    int shrinking = (int)ceil(log(1e3) / log1p(kappa));
    double *t = NEW_ARRAY(double, linear + shrinking + 1);
    for (int j = 0; j < linear; j++) t[j] = 5.0 - kappa * j;
    for (int j = 0; j <= shrinking; j++) t[linear + j] = pow(1.0 + kappa, -j);
    sde ou = sde_ou(5.0);
    target *data = target_gauss(0.0, v);
    chain c = {.data = data, .forward = &ou, .scheme = scheme, .from = START_EXACT};
    distances d;
    c.steps = *steps = linear + shrinking;
    c.t = t;
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
    target_free(data);
    free(t);
    return enclosure_mid(d.kl);
}

/* The statement's numbers of steps for KL_D <= 0.01, N(0, 1) in one of D coordinates: those of the largest
   kappa = 0.4/1.05^j that suffices. */
static void adaptation_as_stated(void **state)
{
    (void)state;
    static const struct {
        const sampler *scheme;
        int D, steps;
    } STATED[] = {{&SAMPLER_EI, 1, 31},        {&SAMPLER_EI, 16, 216},
                  {&SAMPLER_EI, 256, 875},     {&SAMPLER_EI, 4096, 3590},
                  {&SAMPLER_EI, 65536, 14061}, {&SAMPLER_DDPM, 1, 36},
                  {&SAMPLER_DDPM, 65536, 36}};
    for (int i = 0; i < LEN(STATED); i++) {
        double kl = 1.0;
        int steps = 0;
        for (int j = 0; kl > 0.01; j++) {
            const double kappa = 0.4 / pow(1.05, j);
            kl = adaptation(STATED[i].scheme, 1.0, kappa, &steps);
            if (STATED[i].D > 1)
                kl += (STATED[i].D - 1) *
                      adaptation(STATED[i].scheme, 0.0, kappa, &steps);
        }
        assert_int_equal(steps, STATED[i].steps);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_is_a_uniform_chain),
        cmocka_unit_test(a_failing_level_fails_the_ladder),
        cmocka_unit_test(shifted_levels),
        cmocka_unit_test(horizons_double),
        cmocka_unit_test(least_number_of_steps),
        cmocka_unit_test(adaptation_as_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
