/* Certified chains on Gaussian data: steps worked out by hand, the floors' closed forms, stationary data, and the
   recursion in doubles. */
#include "check.h"

#include "divergence.h"
#include "spectrum.h"

enum { STEPS = 12 };

static double eps_of(const void *ctx, double t, double u)
{
    const double *fraction = ctx;
    return *fraction * (t - u);
}

/* Law of one step from T to 0, B_T = 0.3, h beta_T = 0.5, on the eigenvalue 4, by hand. */
static void one_step(void **state)
{
    (void)state;
    sde e = sde_vp(0.1, 0.5, 1.0);
    double lambda = 4.0, l = -1.0 / (1.0 + 3.0 * exp(-0.3)), fraction = 0.2;
    spectrum p = {1, &lambda};
    spectrum_w2 w2;
    double A = 1.25 + 0.5 * l, v = A * A + 0.5;
    assert_int_equal(spectrum_chain(&p, &e, &SAMPLER_EM, 1, &w2), SC_OK);
    assert_close(enclosure_mid(w2.data), 2.0 - sqrt(v), 1e-13);
    assert_true(enclosure_halfwidth(w2.data) < 1e-15);

    const sampler pc = sampler_predictor_corrector(&SAMPLER_EM, 2, eps_of, &fraction);
    for (int i = 0; i < 2; i++) v = 0.95 * 0.95 * v + 0.4;
    assert_int_equal(spectrum_chain(&p, &e, &pc, 1, &w2), SC_OK);
    assert_close(enclosure_mid(w2.data), 2.0 - sqrt(v), 1e-13);

    double F_T = 0.25 * (1.0 + l), F_0 = 0.05 * (1.0 - 0.25);
    A = 1.0 + 0.5 * (F_T + F_0 * (1.0 + F_T));
    assert_int_equal(spectrum_chain(&p, &e, &SAMPLER_HEUN, 1, &w2), SC_OK);
    assert_close(enclosure_mid(w2.law), fabs(A - sqrt(-4.0 * l)), 1e-12);
    A = 1.0 + 0.5 * (F_T + F_0);
    assert_int_equal(spectrum_chain(&p, &e, &SAMPLER_HEUN_STALE, 1, &w2), SC_OK);
    assert_close(enclosure_mid(w2.law), fabs(A - sqrt(-4.0 * l)), 1e-12);
}

static void floors_in_closed_form(void **state)
{
    (void)state;
    double lambda[] = {0.25, 1.0, 4.0}, sum[2] = {0.0, 0.0};
    sde e = sde_vp(0.1, 0.5, 1.0);
    spectrum p = {LEN(lambda), lambda};
    for (int i = 0; i < p.n; i++) {
        double s2 = exp(-0.3), v_T = 1.0 + s2 * (lambda[i] - 1.0), R2 = lambda[i] / v_T;
        double w = lambda[i] + s2 * R2 * R2 * (1.0 - v_T);
        sum[0] += pow(sqrt(R2) - sqrt(lambda[i]), 2.0);
        sum[1] += pow(sqrt(w) - sqrt(lambda[i]), 2.0);
    }
    for (int normals = 0; normals < 2; normals++) {
        enclosure floor;
        assert_int_equal(spectrum_floor(&p, &e, normals, &floor), SC_OK);
        assert_close(enclosure_mid(floor), sqrt(sum[normals]), 1e-12);
    }
}

/* N(0, 1) stays where it is under every flow; a noisy scheme leaves it. */
static void stationary_data(void **state)
{
    (void)state;
    static const sampler *const FLOWS[] = {&SAMPLER_EULER, &SAMPLER_HEUN, &SAMPLER_RK4,
                                           &SAMPLER_HEUN_STALE};
    double one = 1.0;
    spectrum p = {1, &one};
    spectrum_w2 w2;
    for (int i = 0; i < LEN(FLOWS); i++) {
        assert_int_equal(spectrum_chain(&p, &SDE_VP, FLOWS[i], STEPS, &w2), SC_OK);
        assert_true(w2.data.hi < 1e-15 && w2.law.hi < 1e-15);
    }
    assert_int_equal(spectrum_chain(&p, &SDE_VP, &SAMPLER_EI, STEPS, &w2), SC_OK);
    assert_true(w2.law.lo > 1e-2);
}

static void the_samplers_agree(void **state)
{
    (void)state;
    double fraction = 0.5, lambda = 0.3, t[4 * STEPS + 1];
    const sampler pc = sampler_predictor_corrector(&SAMPLER_EI, 3, eps_of, &fraction);
    const sampler *const schemes[] = {&SAMPLER_EM,         &SAMPLER_INTEGRATED_NOISE,
                                      &SAMPLER_DDPM,       &SAMPLER_DDPM_BETA,
                                      &SAMPLER_EI,         &SAMPLER_EI_ODE,
                                      &SAMPLER_DDIM,       &SAMPLER_EULER,
                                      &SAMPLER_ANCESTRAL,  &SAMPLER_EI2,
                                      &SAMPLER_HEUN,       &SAMPLER_RK4,
                                      &SAMPLER_HEUN_STALE, &pc};
    target *data = target_gauss(0.0, lambda);
    spectrum p = {1, &lambda};
    for (int i = 0; i < LEN(schemes); i++) {
        spectrum_ladder l;
        spectrum_w2 w2;
        int n = STEPS * schemes[i]->evaluations;
        assert_int_equal(spectrum_climb(&p, &SDE_VP, schemes[i], 2 * n, 2, &l), SC_OK);
        assert_int_equal(spectrum_chain(&p, &SDE_VP, schemes[i], 4 * STEPS, &w2),
                         SC_OK);
        assert_true(w2.data.lo == l.data[1].lo && w2.law.hi == l.law[1].hi);
        assert_true(l.levels == 2 && l.evaluations[1] == 4 * n &&
                    l.h[0] == 0.5 / STEPS);
        distances d;
        chain c =
            chain_uniform(data, &SDE_VP, schemes[i], START_STANDARD, 4 * STEPS, t);
        assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
        assert_true(d.w2.lo <= w2.data.hi && w2.data.lo <= d.w2.hi);
        assert_true(enclosure_halfwidth(d.w2) < 1e-11);
    }
    target_free(data);
}

static void outside_the_domain(void **state)
{
    (void)state;
    double lambda = 2.0, fraction = 0.5;
    spectrum p = {1, &lambda};
    spectrum_w2 w2 = {.data = {-1.0, -1.0, 0.0}};
    const sampler pc = sampler_predictor_corrector(&SAMPLER_HEUN, 1, eps_of, &fraction);
    sde curved = sde_vp_power(0.1, 20.0, 2.0, 1.0);
    const struct {
        const sde *e;
        const sampler *scheme;
        int steps;
    } OUT[] = {{&SDE_OU, &SAMPLER_EM, STEPS},        {&SDE_SUBVP, &SAMPLER_EM, STEPS},
               {&curved, &SAMPLER_EM, STEPS},        {&SDE_VP, &SAMPLER_EI_HALF, STEPS},
               {&SDE_VP, &SAMPLER_ANCESTRAL, STEPS}, {&SDE_VP, &pc, STEPS}};
    for (int i = 0; i < LEN(OUT); i++)
        assert_int_equal(spectrum_chain(&p, OUT[i].e, OUT[i].scheme, OUT[i].steps, &w2),
                         SC_EDOMAIN);
    spectrum_ladder l = {.levels = -1};
    assert_int_equal(spectrum_climb(&p, &SDE_OU, &SAMPLER_EM, 1, 1, &l), SC_EDOMAIN);
    assert_true(w2.data.lo == -1.0 && l.levels == -1);
    enclosure floor;
    assert_int_equal(spectrum_floor(&p, &SDE_OU, 0, &floor), SC_EDOMAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_step),           cmocka_unit_test(floors_in_closed_form),
        cmocka_unit_test(stationary_data),    cmocka_unit_test(the_samplers_agree),
        cmocka_unit_test(outside_the_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
