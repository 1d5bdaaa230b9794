/* Reference values of relative entropies under OU, and of what they lose (de Bruijn). */
#include "check.h"
#include "reference.h"

#include "catalogue.h"
#include "divergence.h"
#include "match.h"
#include "path.h"
#include "rate.h"

static double known(const char *file, const char *id, double *slack)
{
    *slack = reference_error(file, id);
    return reference_value(file, id);
}

/* The value lies in the enclosure, give or take what it may be off by, and the enclosure is narrow. */
static void assert_encloses(enclosure e, double value, double slack, double width)
{
    slack += 1e-15 * fabs(value);
    assert_true(e.lo - slack <= value && value <= e.hi + slack);
    assert_true(enclosure_halfwidth(e) <= width * fabs(value));
}

static enclosure kl_to_gamma(const target *p, double T)
{
    target *gamma = target_gauss(0.0, 1.0);
    reference law = {p, exp(-T), -expm1(-2.0 * T)}, noise = {gamma, 1.0, 0.0};
    enclosure kl = {NAN, NAN, 0.0}, both;
    assert_int_equal(divergence_between(&law, &noise, &kl, NULL, NULL), SC_OK);
    assert_int_equal(divergence_diffused(p, gamma, &SDE_OU, T, &both), SC_OK);
    assert_near(enclosure_mid(both), enclosure_mid(kl), 1e-10); /* gamma stays */
    target_free(gamma);
    return kl;
}

static void towards_gamma(void **state)
{
    (void)state;
    target *sine = target_sine(0.5, 2.0), *laplace = target_laplace(0.0, 1.0);
    target *s8 = catalogue_target(&CATALOGUE_S8);
    const struct {
        const target *p;
        double T;
        const char *id;
    } KNOWN[] = {
        {sine, 0.5, "init_sin_T0.5"},        {sine, 1.0, "init_sin_T1.0"},
        {sine, 2.0, "init_sin_T2.0"},        {sine, 3.0, "init_sin_T3.0"},
        {laplace, 0.0, "init_laplace_T0"},   {laplace, 0.5, "init_laplace_T0.5"},
        {laplace, 1.0, "init_laplace_T1.0"}, {laplace, 2.0, "init_laplace_T2.0"},
        {laplace, 3.0, "init_laplace_T3.0"}, {s8, 0.0, "init_symGM_T0.0"},
        {s8, 0.5, "init_symGM_T0.5"},        {s8, 1.0, "init_symGM_T1.0"},
        {s8, 1.5, "init_symGM_T1.5"},        {s8, 2.0, "init_symGM_T2.0"}};
    for (int i = 0; i < LEN(KNOWN); i++) {
        double slack, value = known("matching", KNOWN[i].id, &slack);
        assert_encloses(kl_to_gamma(KNOWN[i].p, KNOWN[i].T), value, slack, 1e-9);
    }
    target_free(sine);
    target_free(laplace);
    target_free(s8);
}

/* Given with the statement, to the digits written. */
static void towards_gamma_as_stated(void **state)
{
    (void)state;
    target *split = target_uniforms(2, (double[]){1.0, 1.0}, (double[]){-2.0, 1.0},
                                    (double[]){-1.0, 2.0});
    target *skew = catalogue_target(&CATALOGUE_SKEW), *sine = target_sine(0.5, 2.0);
    assert_encloses(kl_to_gamma(split, 0.0), 1.39245801931139, 5e-15, 1e-9);
    assert_encloses(kl_to_gamma(split, 1.0), 0.00772325759413, 5e-15, 1e-9);
    assert_encloses(kl_to_gamma(split, 3.0), 2.72483885e-6, 5e-15, 1e-9);
    assert_encloses(kl_to_gamma(skew, 0.0), 0.0370318169, 5e-11, 1e-9);
    assert_encloses(kl_to_gamma(skew, 3.0), 3.56956429e-10, 5e-19, 1e-8);
    assert_encloses(kl_to_gamma(sine, 0.0), 0.0646161980847572, 5e-17, 1e-9);
    target_free(split);
    target_free(skew);
    target_free(sine);
}

static void losses(void **state)
{
    (void)state;
    target *m = catalogue_target(&CATALOGUE_M), *g = catalogue_target(&CATALOGUE_G);
    target *a3 = catalogue_target(&CATALOGUE_A3), *gamma = target_gauss(0.0, 1.0);
    const struct {
        match_flow flow;
        double t0, T, value, slack;
    } KNOWN[] = {
        {{m, gamma, &SDE_OU, match_esm}, 0.1, 2.0, 0.25282723033707, 5e-15},
        {{m, g, &SDE_OU, match_esm}, 0.1, 2.0, 0.23457215496876, 5e-15},
        {{a3, gamma, &SDE_OU, match_esm}, 0.1, 1.0, 0.097814561996448, 5e-16},
        {{m, g, &SDE_VP, match_esm}, 0.1, 0.6, 0.332831062911, 5e-13},
        {{m, g, &SDE_SUBVP, match_esm}, 0.1, 0.6, 0.519663979421, 5e-13},
        {{m, g, &SDE_VE_PRIME, match_esm}, 0.3, 2.0, 0.347522439089, 5e-13},
    };
    for (int i = 0; i < LEN(KNOWN); i++) {
        enclosure loss = {NAN, NAN, 0.0};
        assert_int_equal(
            match_entropy_loss(&KNOWN[i].flow, KNOWN[i].t0, KNOWN[i].T, &loss), SC_OK);
        assert_encloses(loss, KNOWN[i].value, KNOWN[i].slack, 1e-11);
    }
    target_free(m);
    target_free(g);
    target_free(a3);
    target_free(gamma);
}

/* The exact reverse SDE from gamma, back at the data. */
static void outputs(void **state)
{
    (void)state;
    static const struct {
        double mean, var, T;
        const char *id;
    } KNOWN[] = {{1.0, 0.25, 1.0, "initG_out_mu1_T1"},
                 {1.0, 0.25, 3.0, "initG_out_mu1_T3"},
                 {0.0, 4.0, 2.0, "initG_out_mu0_T2"}};
    for (int i = 0; i < LEN(KNOWN); i++) {
        target *p = target_gauss(KNOWN[i].mean, KNOWN[i].var);
        sde ou = sde_ou(KNOWN[i].T);
        distances d;
        double slack, value = known("matching", KNOWN[i].id, &slack);
        assert_int_equal(divergence_continuous(p, &ou, START_STANDARD, 0.0, &d), SC_OK);
        assert_encloses(d.kl, value, slack, 1e-6);
        target_free(p);
    }
}

/* Girsanov's value for N steps of the exponential integrator, which weigh the same, as the limit of
   skeletons. */
static void assert_integrator(const char *id, double width, int N)
{
    double h[3], slack, value = known("sampling", id, &slack);
    enclosure e[3];
    for (int i = 0; i < 3; i++) {
        h[i] = width / (50 << i);
        e[i] = path_integrator_step(h[i], 50L << i);
    }
    enclosure limit = enclosure_scale(rate_richardson(3, h, e, 2.0), N);
    assert_encloses(limit, value, slack, 1e-9);
}

static void integrator_steps(void **state)
{
    (void)state;
    assert_integrator("chen.pathKL.h=0.1", 0.1, 1);
    assert_integrator("ei.stationary.path.N=10", 0.2, 10);
    assert_integrator("ei.stationary.path.N=20", 0.1, 20);
    assert_integrator("ei.stationary.path.N=40", 0.05, 40);
}

/* I(N(0, 2t)) = 1/(2t), a quarter of the energy of the reversed drift of sqrt(2) B from 0. */
static int information(const void *ctx, double t, enclosure *value)
{
    noised law = {ctx, 1.0, 2.0 * t};
    return match_fisher(&law, NULL, value);
}

static void point_energy(void **state)
{
    (void)state;
    static const char *const ID[] = {"chen.rem14.eta=0.1", "chen.rem14.eta=0.001"};
    target *origin = target_gauss(0.0, 0.0);
    for (int i = 0; i < LEN(ID); i++) {
        double slack, value = known("sampling", ID[i], &slack);
        enclosure energy = {NAN, NAN, 0.0};
        assert_int_equal(
            match_over_time(information, origin, i == 0 ? 0.1 : 0.001, 1.0, &energy),
            SC_OK);
        assert_encloses(energy, value, slack, 1e-11);
    }
    target_free(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(towards_gamma),    cmocka_unit_test(towards_gamma_as_stated),
        cmocka_unit_test(losses),           cmocka_unit_test(outputs),
        cmocka_unit_test(integrator_steps), cmocka_unit_test(point_energy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
