/* Early stopping: the step rule, the chain in R^d, the noise and the mean, against reference values. */
#include "check.h"
#include "reference.h"

#include "bound.h"
#include "catalogue.h"
#include "rate.h"
#include "timegrid.h"

static early_stopped stop(target *data, const sampler *scheme, early_stop at)
{
    early_stopped out = {0};
    const chain c = {.data = data, .scheme = scheme, .from = START_STANDARD};
    assert_int_equal(divergence_early_stop(&c, at, false, &out), SC_OK);
    target_free(data);
    return out;
}

static void assert_encloses(enclosure e, double value, double slack, double width)
{
    assert_true(e.lo - slack <= value && value <= e.hi + slack);
    assert_true(enclosure_halfwidth(e) <= width);
}

static void assert_reference(enclosure e, const char *id, double width)
{
    assert_encloses(e, reference_value("sampling", id), reference_error("sampling", id),
                    width);
}

static target *two_atoms(void)
{
    return target_atoms(2, (double[]){0.5, 0.5}, (double[]){-1.0, 1.0});
}

static void known_values(void **state)
{
    (void)state;
    early_stopped r = stop(two_atoms(), &SAMPLER_EI, (early_stop){4.0, 0.01, 0.1});
    assert_reference(r.kl, "benton.two.T=4.k=0.1", 1e-11);
    assert_int_equal(r.steps, 79);
    r = stop(two_atoms(), &SAMPLER_EI, (early_stop){8.0, 0.01, 0.1});
    assert_reference(r.kl, "benton.two.T=8.k=0.1", 1e-11);
    assert_int_equal(r.steps, 119);
    r = stop(target_gauss(10.0, 1.0), &SAMPLER_EI, (early_stop){1.0, 0.001, 0.01});
    assert_reference(r.kl, "benton.mean.m=10", 1e-11);
    assert_int_equal(r.steps, 695);
    assert_near(bound_kl_early_stopping(1, 0.0, 0.01, r.steps, 1.0), 0.2148, 5e-5);
}

/* The bound of a product is the sum of the bounds, as its relative entropy is. */
static void bound_adds(void **state)
{
    (void)state;
    double one = bound_kl_early_stopping(1, 0.5, 0.1, 79, 4.0);
    assert_close(bound_kl_early_stopping(8, 4.0, 0.1, 79, 4.0), 8.0 * one, 1e-14);
    assert_close(one, 0.79 + 0.4 + 1.5 * exp(-8.0), 1e-14);
}

static void uniform_steps(void **state)
{
    (void)state;
    enum { N = 320 };
    double t[N + 1];
    target *data = two_atoms();
    sde ou = sde_ou(4.0);
    chain c = {data, &ou, &SAMPLER_EI, START_STANDARD, N, t, NULL, NULL, NULL};
    distances d;
    timegrid_uniform(4.0, 0.001, N, t);
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
    assert_reference(d.kl, "benton.control.uniform", 1e-6);
    target_free(data);
}

/* No steps, delta = 0. */
static void limits(void **state)
{
    (void)state;
    linear_case c = {
        .data = {10.0, 1.0}, .forward = sde_ou(1.0), .from = START_STANDARD};
    distances d;
    assert_int_equal(divergence_linear(&c, NULL, &d), SC_OK);
    assert_reference(d.kl, "benton.mean.limit", 1e-9);

    double kappa[] = {0.01, 0.005, 0.0025};
    enclosure kl[LEN(kappa)];
    for (int i = 0; i < LEN(kappa); i++)
        kl[i] = stop(target_gauss(0.0, 1.0), &SAMPLER_EI_HALF_NOISE,
                     (early_stop){8.0, 0.01, kappa[i]})
                    .kl;
    assert_reference(rate_richardson(LEN(kappa), kappa, kl, 1.0), "benton.sqrt2", 1e-5);
}

/* A step too long by a tenth, the next one in proportion to the time before it and not after. */
static void ratio(void **state)
{
    (void)state;
    double t[] = {3.0, 2.9, 2.79}, below[] = {1.0, 0.9, 0.81};
    assert_encloses(timegrid_benton_ratio(0.1, 2, t), 1.1, 0.0, 1e-13);
    assert_encloses(timegrid_benton_ratio(0.1, 2, below), 1.0 / 0.9, 0.0, 1e-13);
}

/* d = 1 is law_gauss; in R^3 the reflection, which is orthogonal and its own inverse. */
static void space(void **state)
{
    (void)state;
    enum { N = 20 };
    static const double M[] = {0.7, -0.4, 1.5}, V[] = {0.49, 2.0, 0.1};
    sde ou = sde_ou(2.0);
    double t[N + 1], mean[3], cov[9];
    gauss law[3];
    for (int i = 0; i < 3; i++) {
        target *one = target_gauss(M[i], V[i]);
        chain c = chain_uniform(one, &ou, &SAMPLER_EI, START_STANDARD, N, t);
        assert_int_equal(law_gauss(&c, &law[i]), SC_OK);
        target_free(one);
    }
    gmm *p = catalogue_reflected(3, M, V);
    assert_int_equal(law_gauss_rd(p, &ou, &SAMPLER_EI, N, t, mean, cov), SC_OK);
    gmm_free(p);
    double sum = mean[0] + mean[1] + mean[2];
    for (int i = 0; i < 3; i++) {
        double image = 0.0; /* e_i^T R cov R e_i, R = I - 2/3 1 1^T */
        for (int j = 0; j < 9; j++) {
            double left = (j / 3 == i) - 2.0 / 3.0, right = (j % 3 == i) - 2.0 / 3.0;
            image += left * right * cov[j];
        }
        assert_near(mean[i] - 2.0 / 3.0 * sum, law[i].mean, 1e-14);
        assert_near(image, law[i].var, 1e-14);
    }
    gmm *two = catalogue_gmm(&CATALOGUE_M);
    assert_int_equal(law_gauss_rd(two, &ou, &SAMPLER_EI, N, t, mean, cov), SC_EDOMAIN);
    gmm_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),  cmocka_unit_test(bound_adds),
        cmocka_unit_test(uniform_steps), cmocka_unit_test(limits),
        cmocka_unit_test(ratio),         cmocka_unit_test(space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
