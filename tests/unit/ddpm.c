/* The bound in TV for the exponential integrator, what enters it, and the least number of steps. */
#include "check.h"
#include "reference.h"

#include "bound.h"
#include "catalogue.h"

/* Start, steps and score error stand alone where the others vanish. */
static void three_terms(void **state)
{
    (void)state;
    bound_ddpm b = {.T = 4.0, .h = 0.01, .d = 9, .L = 2.0, .moment = 3.0};
    assert_close(bound_ddpm_tv(&b), 2.0 * (2.0 * 0.3 + 2.0 * 3.0 * 0.01), 1e-14);
    b.error = 0.1;
    assert_close(bound_ddpm_tv(&b), 2.0 * (0.66 + 0.1), 1e-14);
    b = (bound_ddpm){.T = 4.0, .d = 1, .H = 0.25};
    assert_close(bound_ddpm_tv(&b), 0.5 * exp(-4.0), 1e-14);
}

/* N(m, v): curvature 1/v_t, largest at t = 0 for v < 1, at T for v > 1. */
static void gaussian_data(void **state)
{
    (void)state;
    static const gauss P[] = {{0.0, 0.05}, {2.0, 4.0}};
    static const double LARGEST[] = {0.05, 1.0 + 3.0 * 0.1353352832366127};
    for (int i = 0; i < LEN(P); i++) {
        target *p = target_gauss(P[i].mean, P[i].var);
        bound_ddpm b;
        assert_int_equal(bound_ddpm_line(p, 1.0, &b), SC_OK);
        assert_close(b.L, 2.0 / LARGEST[i], 1e-11);
        assert_close(b.moment, hypot(P[i].mean, sqrt(P[i].var)), 1e-14);
        assert_close(b.H, gauss_kl(P[i], GAUSS_STANDARD), 1e-12);
        assert_true(b.T == 1.0 && b.d == 1 && b.h == 0.0 && b.error == 0.0);
        target_free(p);
    }
}

/* The largest |(log p)''| of M is at its narrow component's side or in its valley; of V in the valley. */
static void curvature(void **state)
{
    (void)state;
    static const catalogue_entry *const P[] = {&CATALOGUE_M, &CATALOGUE_V};
    for (int i = 0; i < LEN(P); i++) {
        target *p = catalogue_target(P[i]);
        double largest = 0.0;
        for (int j = 0; j <= 400000; j++) {
            double x = -4.0 + 2e-5 * j, slope;
            target_score(p, 1.0, 0.0, 1, &x, NULL, NULL, &slope);
            largest = fmax(largest, fabs(slope));
        }
        assert_close(target_curvature(p, 1.0, 0.0), largest, 1e-6);
        target_free(p);
    }
    /* a component that the grid steps over */
    gmm *m = gmm_new(2, 1, (double[]){0.5, 0.5}, (double[]){0.0, 0.3}, 1,
                     (double[]){1.0, 1e-8});
    target *p = target_mixture(m);
    assert_true(target_curvature(p, 1.0, 0.0) > 0.99e8);
    target_free(p);
    gmm_free(m);
}

/* The continuous process from N(0, 1), data N(2, 1). */
static void start_term(void **state)
{
    (void)state;
    target *p = target_gauss(2.0, 1.0);
    for (int T = 1; T <= 3; T += 2) {
        const char *id = T == 1 ? "chen.thm23.init.T=1.0" : "chen.thm23.init.T=3.0";
        double value = reference_value("sampling", id);
        sde ou = sde_ou(T);
        distances d;
        assert_int_equal(divergence_continuous(p, &ou, START_STANDARD, 0.0, &d), SC_OK);
        assert_true(d.tv.lo <= value && value <= d.tv.hi);
        assert_true(enclosure_halfwidth(d.tv) < 1e-9);
    }
    target_free(p);
}

/* N steps are enough and N - 1 are not; at a TV that N steps have exactly it cannot tell. */
static void least_steps(void **state)
{
    (void)state;
    target *p = catalogue_target(&CATALOGUE_GAUSS);
    sde ou = sde_ou(2.0);
    chain c = {.data = p, .forward = &ou, .scheme = &SAMPLER_EI, .from = START_EXACT};
    int steps = 0, other = 0;
    assert_int_equal(divergence_least_steps(&c, 0.04, &steps), SC_OK);
    assert_int_equal(steps, 26);
    assert_int_equal(divergence_least_steps(&c, 0.005, &other), SC_OK);
    assert_int_equal(other, 198);
    ladder l;
    assert_int_equal(divergence_ladder(&c, steps, 2, 1, &l), SC_OK);
    assert_true(l.tv[0].hi <= 0.04);
    assert_int_equal(divergence_least_steps(&c, enclosure_mid(l.tv[0]), &other),
                     SC_EACCURACY);
    assert_int_equal(divergence_ladder(&c, steps - 1, 2, 1, &l), SC_OK);
    assert_true(l.tv[0].lo > 0.04);
    target_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_terms), cmocka_unit_test(gaussian_data),
        cmocka_unit_test(curvature),   cmocka_unit_test(start_term),
        cmocka_unit_test(least_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
