/* The size of a score error, against quadrature of e^2 p_t. */
#include "check.h"

#include "perturbation.h"
#include "quad.h"
#include "timegrid.h"

enum { NODES = 400 };

static void errors_have_the_size_they_claim(void **state)
{
    (void)state;
    gmm *m = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    target *data = target_mixture(m);
    sde ou = sde_ou(2.0);
    static double x[NODES], w[NODES], logp[NODES], s[NODES];
    quad_legendre(NODES, -10.0, 10.0, x, w);
    for (int i = 0; i < PERTURBATION_SHAPES; i++)
        for (int k = 0; k <= 4; k++) {
            double t = 0.5 * k, sum = 0.0;
            perturbation p = {m, &ou, PERTURBATION_ALL[i], 0.2};
            target_score(data, sde_scale(&ou, t), sde_var(&ou, t), NODES, x, logp, NULL,
                         NULL);
            for (int j = 0; j < NODES; j++) s[j] = 0.0;
            perturbation_add(&p, t, NODES, x, s);
            for (int j = 0; j < NODES; j++) sum += w[j] * exp(logp[j]) * s[j] * s[j];
            assert_near(sum, 0.04, 1e-12);
        }
    target_free(data);
    gmm_free(m);
}

/* The error is added to what stands there, and has the shape it claims. */
static void errors_are_added(void **state)
{
    (void)state;
    gmm *m = gmm_new(1, 1, (double[]){1.0}, (double[]){0.0}, 1, (double[]){1.0});
    sde ou = sde_ou(2.0);
    double x[] = {0.0, 0.7}, s[] = {5.0, 6.0};
    perturbation p = {m, &ou, &PERTURBATION_COS3, 0.1};
    perturbation_add(&p, 0.3, 2, x, s);
    assert_near((s[1] - 6.0) / (s[0] - 5.0), cos(2.1), 1e-12);
    assert_true(s[0] > 5.0);
    gmm_free(m);
}

/* N(0, 1) written as two equal components, EI: the law with a constant error is
   N(m, v), m <- (a - b) m + b eps, v <- (a - b)^2 v + q. */
static void laws_of_perturbed_chains(void **state)
{
    (void)state;
    enum { STEPS = 16 };
    gmm *m = gmm_new(2, 1, (double[]){0.5, 0.5}, (double[]){0.0, 0.0}, 1,
                     (double[]){1.0, 1.0});
    target *data = target_mixture(m);
    sde ou = sde_ou(2.0);
    double t[STEPS + 1];
    timegrid_uniform(2.0, 0.0, STEPS, t);
    chain c = {.data = data,
               .forward = &ou,
               .scheme = &SAMPLER_EI,
               .from = START_EXACT,
               .steps = STEPS,
               .t = t};
    perturbation p[] = {{m, &ou, &PERTURBATION_CONST, 0.0},
                        {m, &ou, &PERTURBATION_CONST, 0.3}};
    distances d[2];
    law_rules rules = law_rules_for(data);
    assert_int_equal(perturbation_distances(&c, &rules, 2, p, d), SC_OK);
    for (int i = 0; i < 2; i++) {
        gauss law = {0.0, 1.0};
        for (int k = 0; k < STEPS; k++) {
            step s = SAMPLER_EI.coefficients(&ou, t[k], t[k + 1]);
            law.mean = (s.a - s.b) * law.mean + s.b * p[i].eps;
            law.var = (s.a - s.b) * (s.a - s.b) * law.var + s.q;
        }
        gauss normal = {0.0, 1.0};
        assert_near(enclosure_mid(d[i].kl), gauss_kl(normal, law), 1e-10);
        assert_near(enclosure_mid(d[i].tv), gauss_tv(normal, law), 1e-10);
    }
    target_free(data);
    gmm_free(m);
}

/* The sweep on its shifted grid: sizes outside, shapes inside; its laws are those of single chains. */
static void sweep(void **state)
{
    (void)state;
    enum { STEPS = 40 };
    gmm *m = gmm_new(2, 1, (double[]){0.5, 0.5}, (double[]){-1.0, 1.0}, 1,
                     (double[]){0.25, 0.25});
    target *data = target_mixture(m);
    sde ou = sde_ou(2.0);
    const double eps[] = {0.2, 0.1};
    distances exact, d[2 * PERTURBATION_SHAPES], alone;
    assert_int_equal(perturbation_sweep(m, &ou, STEPS, 2, eps, NULL, &exact, d), SC_OK);
    assert_true(exact.tv.hi < d[4].tv.lo && d[4].tv.hi < d[0].tv.lo);

    double t[STEPS + 1];
    timegrid_shifted(2.0, 0.125, STEPS, t);
    perturbation p = {m, &ou, &PERTURBATION_COS3, 0.1};
    chain c = {.data = data,
               .forward = &ou,
               .scheme = &SAMPLER_EI,
               .from = START_EXACT,
               .steps = STEPS,
               .t = t,
               .perturb = perturbation_add,
               .perturb_ctx = &p};
    assert_int_equal(divergence_chain(&c, NULL, &alone), SC_OK);
    assert_near(enclosure_mid(d[4 + 2].tv), enclosure_mid(alone.tv), 1e-7);
    p.eps = 0.0;
    assert_int_equal(divergence_chain(&c, NULL, &alone), SC_OK);
    assert_near(enclosure_mid(exact.tv), enclosure_mid(alone.tv), 1e-7);
    target_free(data);
    gmm_free(m);
}

/* EI, N(0, 1) under OU from N(0, 1): the law N(m, v) with m <- (a - b) m + b eps, b = e^h - 1 times 2, a = e^h. */
static void constant_errors(void **state)
{
    (void)state;
    target *data = target_gauss(0.0, 1.0);
    sde ou = sde_ou(2.0);
    ladder l;
    assert_int_equal(
        perturbation_constant_ladder(data, &ou, START_STANDARD, 0.3, 8, NULL, &l),
        SC_OK);
    assert_int_equal(l.levels, 2);
    for (int i = 0; i < 2; i++) {
        int steps = 8 << i;
        double h = 2.0 / steps, b = 2.0 * expm1(h), a = exp(h) - b, m = 0.0, v = 1.0;
        for (int k = 0; k < steps; k++) {
            m = a * m + b * 0.3;
            v = a * a * v + expm1(2.0 * h);
        }
        assert_int_equal(l.steps[i], steps);
        assert_near(enclosure_mid(l.w2[i]), hypot(m, sqrt(v) - 1.0), 1e-9);
    }
    target_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_errors),
        cmocka_unit_test(errors_have_the_size_they_claim),
        cmocka_unit_test(errors_are_added),
        cmocka_unit_test(laws_of_perturbed_chains),
        cmocka_unit_test(sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
