/* A bounded error of the score: its size, its stationary law; laws given by an unnormalised density. */
#include "check.h"
#include "reference.h"

#include "bound.h"
#include "perturbation.h"

static void hook(void **state)
{
    (void)state;
    const clipped_error e = {0.4, 0.6};
    const double x[] = {0.0, 1e-4, 0.5, -50.0};
    double s[] = {1.0, 0.0, 2.0, 3.0};
    perturbation_clipped_add(&e, 0.3, 4, x, s);
    assert_near(s[0], 1.0, 0.0);
    assert_close(s[1], 6e-5, 1e-7);
    assert_close(s[2], 2.0 + 0.4 * tanh(0.75), 1e-15);
    assert_close(s[3], 2.6, 1e-15);
}

/* A -> inf: theta^2 E x^2; theta -> inf: A^2. */
static void mean_square(void **state)
{
    (void)state;
    target *data = target_gauss(0.5, 2.0);
    const reference p = {data, 0.6, 0.28}; /* N(0.3, 1) */
    const clipped_error linear = {1e5, 0.6}, constant = {0.4, 1e9};
    enclosure e2;
    assert_int_equal(perturbation_clipped_mean_square(&linear, &p, &e2), SC_OK);
    assert_close(enclosure_mid(e2), 0.36 * (1.0 + 0.09), 1e-9);
    assert_int_equal(perturbation_clipped_mean_square(&constant, &p, &e2), SC_OK);
    assert_close(enclosure_mid(e2), 0.16, 1e-8);
    target_free(data);
}

/* theta -> inf: exp(-x^2/2 + 2 A |x|), of mass 2 int_0^inf; its W2 to N(0, 1) is at most 2A. The statement's values. */
static void stationary(void **state)
{
    (void)state;
    static const struct {
        clipped_error e;
        double tv, w2sq;
    } KNOWN[] = {{{0.4, 0.6}, 0.1851228, 0.1281194},
                 {{0.4, 1.0}, 0.2045166, 0.1492978},
                 {{0.4, 4.0}, 0.2160162, 0.1624795},
                 {{0.2, 0.6}, 0.0975677, 0.0306585},
                 {{0.1, 0.6}, 0.0491109, 0.0073008}};
    for (int i = 0; i < LEN(KNOWN); i++) {
        distances d;
        assert_int_equal(perturbation_clipped_stationary(&KNOWN[i].e, &d), SC_OK);
        assert_near(enclosure_mid(d.tv), KNOWN[i].tv, 6e-8);
        double w2 = enclosure_mid(d.w2);
        assert_near(w2 * w2, KNOWN[i].w2sq, 6e-8);
        assert_true(enclosure_halfwidth(d.tv) < 1e-9);
    }
}

/* A score that bends, here by 4 x within 0.1 of 0, takes a finer grid than Gaussian data: the default knows, and is
   within its own bound of a finer one. */
static void bent_score(void **state)
{
    (void)state;
    enum { STEPS = 50 };
    const clipped_error e = {0.4, 4.0};
    target *standard = target_gauss(0.0, 1.0);
    double t[STEPS + 1];
    chain c = chain_uniform(standard, &SDE_VP, &SAMPLER_EI, START_STANDARD, STEPS, t);
    assert_true(law_rules_of(&c).c == 0.6);
    c.perturb = perturbation_clipped_add;
    c.perturb_ctx = &e;
    assert_true(law_rules_of(&c).c == 0.2);
    const law_rules fine = law_rules_spaced(standard, 0.1);
    distances d, finer;
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
    assert_int_equal(divergence_chain(&c, &fine, &finer), SC_OK);
    assert_true(enclosure_halfwidth(d.tv) < 1e-6);
    assert_near(enclosure_mid(d.tv), enclosure_mid(finer.tv),
                enclosure_halfwidth(d.tv) + enclosure_halfwidth(finer.tv));
    target_free(standard);
}

/* -(x - m)^2/(2v) + 5 is N(m, v), whatever the constant. */
static void gaussian(const void *ctx, long n, const double *x, double *l)
{
    const gauss *p = ctx;
    for (long i = 0; i < n; i++)
        l[i] = 5.0 - 0.5 * (x[i] - p->mean) * (x[i] - p->mean) / p->var;
}

static void unnormalised(void **state)
{
    (void)state;
    const gauss p = {0.3, 0.5};
    target *standard = target_gauss(0.0, 1.0);
    const reference r = {standard, 1.0, 0.0};
    distances d;
    assert_int_equal(divergence_unnormalised(gaussian, &p, -10.0, 10.0, &r, &d), SC_OK);
    const double exact[] = {gauss_kl(GAUSS_STANDARD, p), gauss_kl(p, GAUSS_STANDARD),
                            gauss_tv(p, GAUSS_STANDARD), gauss_w2(p, GAUSS_STANDARD)};
    const enclosure measured[] = {d.kl, d.kl_reverse, d.tv, d.w2};
    for (int i = 0; i < LEN(exact); i++) {
        assert_true(measured[i].lo <= exact[i] && exact[i] <= measured[i].hi);
        assert_near(enclosure_halfwidth(measured[i]), 0.0, 1e-8);
    }
    target_free(standard);
}

/* Theorem 6.6: the slope from which W2^2 > 4 theta^2 for B -> inf, (sqrt 5 - 1)/4. */
static void threshold(void **state)
{
    (void)state;
    double theta = reference_value("sampling", "thm66.slope.threshold");
    linear_case c = {GAUSS_STANDARD, sde_vp(1.0, 1.0, 100.0), START_STANDARD, -theta,
                     0};
    distances d;
    assert_int_equal(divergence_linear(&c, NULL, &d), SC_OK);
    assert_close(enclosure_mid(d.w2), 2.0 * theta, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hook),       cmocka_unit_test(mean_square),
        cmocka_unit_test(stationary), cmocka_unit_test(unnormalised),
        cmocka_unit_test(threshold),  cmocka_unit_test(bent_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
