/* The probability flow: Gaussian data, where it is linear, and what a bijection cannot change. */
#include "check.h"

#include "catalogue.h"
#include "divergence.h"
#include "probability_flow.h"

/* x -> mu_t + sqrt(v_t/v) (x - m), int div = d/2 log(v_t/v); there and back. */
static void gaussian_data(void **state)
{
    (void)state;
    const double m[] = {0.7, -0.2}, v = 0.36;
    sde vp = sde_vp(0.1, 20.0, 1.0);
    gmm *p = gmm_new(1, 2, (double[]){1.0}, m, 2, &v);
    double scale = sde_scale(&vp, 0.4),
           root = sqrt(scale * scale + sde_var(&vp, 0.4) / v);
    double y[] = {1.1, -0.5, 0.0, -0.3, 0.4, 0.0}, error[6], before[6];
    for (int i = 0; i < 6; i++) before[i] = y[i];
    assert_int_equal(probability_flow_carry(p, &vp, 0.0, 0.4, 2, y, error), SC_OK);
    for (long i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            double expected = scale * m[j] + root * (before[3 * i + j] - m[j]);
            assert_near(y[3 * i + j], expected, error[3 * i + j]);
        }
        assert_near(y[3 * i + 2], 2.0 * log(root), error[3 * i + 2]);
        assert_true(error[3 * i] < 1e-10 && error[3 * i + 2] < 1e-10);
    }
    assert_int_equal(probability_flow_carry(p, &vp, 0.4, 0.0, 2, y, NULL), SC_OK);
    for (int i = 0; i < 6; i++) assert_near(y[i], before[i], 1e-10);
    gmm_free(p);
}

static void assert_same(enclosure out, enclosure in)
{
    assert_true(out.lo <= in.hi && in.lo <= out.hi);
    assert_true(enclosure_halfwidth(out) < 1e-9);
}

/* What lines conserve: on the line from M, in R^3 with full covariances. */
static void conserved(void **state)
{
    (void)state;
    const double x[] = {-2.0, -0.4, 1.3, 4.0, 0.3, -1.2};
    const double cov[] = {0.5, 0.1, 0.0, 0.1, 0.4, -0.2, 0.0, -0.2, 0.3,
                          0.2, 0.0, 0.1, 0.0, 0.6, 0.0,  0.1, 0.0,  0.9};
    const double mu[] = {-1.0, 0.0, 0.5, 1.0, 0.3, -0.5};
    sde vp = sde_vp(0.1, 20.0, 1.0);
    gmm *p = catalogue_gmm(&CATALOGUE_M), *q = NULL;
    assert_int_equal(gmm_new_full(2, 3, (double[]){0.4, 0.6}, mu, 3, cov, &q), SC_OK);
    enclosure density, quantile;
    assert_int_equal(probability_flow_residual(p, &vp, 0.7, 6, x, &density, &quantile),
                     SC_OK);
    assert_same(density, enclosure_exact(0.0));
    assert_same(quantile, enclosure_exact(0.0));
    assert_int_equal(probability_flow_residual(q, &vp, 0.7, 2, x, &density, NULL),
                     SC_OK);
    assert_same(density, enclosure_exact(0.0));
    gmm_free(q);
    gmm_free(p);
}

/* The output for N(0, var) at T = 1 of OU has the distances of (p_T, p_noise). */
static void assert_remembers(const gmm *p, double var)
{
    sde ou = sde_ou(1.0);
    target *data = target_mixture(p), *noise = target_gauss(0.0, var);
    reference at_T = {data, sde_scale(&ou, 1.0), sde_var(&ou, 1.0)};
    reference at_noise = {noise, 1.0, 0.0};
    enclosure kl, tv, chi2, kl_T, tv_T, chi2_T;
    assert_int_equal(probability_flow_output(p, &ou, var, &kl, &tv, &chi2), SC_OK);
    assert_int_equal(divergence_between(&at_T, &at_noise, &kl_T, &tv_T, &chi2_T),
                     SC_OK);
    assert_same(kl, kl_T);
    assert_same(tv, tv_T);
    assert_same(chi2, chi2_T);
    target_free(noise);
    target_free(data);
}

static void the_output_remembers(void **state)
{
    (void)state;
    gmm *p = catalogue_gmm(&CATALOGUE_M);
    assert_remembers(p, 1.3);
    gmm_free(p);
}

/* M, OU: TV(p_T, N(0, 1)), KL, chi^2. */
static void known_distances(void **state)
{
    (void)state;
    static const double T[] = {0.5, 1.0, 2.0, 3.0};
    static const double TV[] = {0.09806082169175, 0.04271099354753, 0.01377028972815,
                                0.00497901783648};
    static const double KL[] = {0.025747565085, 0.0054364336362, 5.901027179e-4,
                                7.77757327e-5};
    static const double CHI2[] = {0.0540088350, 0.0112882569};
    gmm *p = catalogue_gmm(&CATALOGUE_M);
    for (int i = 0; i < LEN(T); i++) {
        sde ou = sde_ou(T[i]);
        enclosure kl, tv, chi2;
        assert_int_equal(probability_flow_output(p, &ou, 1.0, &kl, &tv, &chi2), SC_OK);
        assert_near(enclosure_mid(tv), TV[i], 1e-13);
        assert_near(enclosure_mid(kl), KL[i], 1e-12);
        if (i < LEN(CHI2)) assert_near(enclosure_mid(chi2), CHI2[i], 1e-10);
    }
    gmm_free(p);
}

/* Components 350 standard deviations apart: the flow between them is too stiff to follow, and left out. */
static void narrow_components(void **state)
{
    (void)state;
    gmm *p = gmm_new(2, 1, (double[]){0.4, 0.6}, (double[]){-2.0, 1.5}, 1,
                     (double[]){1e-4, 1e-4});
    assert_remembers(p, 1.0);
    gmm_free(p);
}

/* From 1000 away p_noise comes from a narrow place between the panels of p; from 10^6 that is hard to see, and from
   10^7 the nodes miss its mass. One component there: between two the flow is as stiff, and slow. */
static void far_data(void **state)
{
    (void)state;
    const double w[] = {0.5, 0.5}, var[] = {0.25, 1.0};
    sde ou = sde_ou(0.5);
    enclosure kl, tv;
    gmm *far = gmm_new(2, 1, w, (double[]){1e3, 1.003e3}, 1, var);
    assert_int_equal(probability_flow_output(far, &ou, 1.0, &kl, &tv, NULL), SC_OK);
    assert_near(enclosure_mid(tv), 1.0, 1e-9);
    assert_true(enclosure_halfwidth(tv) < 1e-8);
    gmm_free(far);
    far = gmm_new_equal(1, 1, (double[]){1e6}, 0.01);
    ou = sde_ou(2.0);
    assert_int_equal(probability_flow_output(far, &ou, 1.0, &kl, &tv, NULL), SC_OK);
    assert_true(tv.lo <= 1.0 && 1.0 <= tv.hi && enclosure_halfwidth(tv) < 1e-3);
    gmm_free(far);
    far = gmm_new_equal(1, 1, (double[]){1e7}, 0.01);
    assert_int_equal(probability_flow_output(far, &ou, 1.0, &kl, &tv, NULL),
                     SC_EACCURACY);
    gmm_free(far);
}

/* At 10^8 the place itself is known to 10^-8, against a standard deviation of 10^-3. */
static void conserved_far_away(void **state)
{
    (void)state;
    gmm *far = gmm_new_equal(1, 1, (double[]){1e8}, 1e-6);
    sde ou = sde_ou(1.0);
    double x[9];
    for (int i = 0; i < LEN(x); i++) x[i] = 1e8 + 6e-4 * (i - 4);
    enclosure density, quantile;
    assert_int_equal(
        probability_flow_residual(far, &ou, 0.2, LEN(x), x, &density, &quantile),
        SC_OK);
    assert_true(density.lo <= 0.0 && 0.0 <= density.hi && density.hi < 1e-2);
    assert_true(quantile.lo <= 0.0 && 0.0 <= quantile.hi && quantile.hi < 1e-3);
    gmm_free(far);
}

/* Between narrow components log p_t is -10^5: the two runs agree to 4e-8 on a line that is off by 5e-8. */
static void conserved_between_components(void **state)
{
    (void)state;
    enum { N = 40 };
    const double w[] = {0.1, 0.2, 0.7}, var[] = {0.2, 0.002, 0.003};
    const double mu[] = {15.0, -77.0, -176.0, -147.0, 147.0, -159.0};
    gmm *p = gmm_new(3, 2, w, mu, 2, var);
    sde cvp = sde_cvp(0.1, 10.0, 1.0);
    double x[2 * N];
    enclosure density;
    rng_normal_rows((rng_key){{14, 7}}, 0, 0, 0, N, 2, x, 2);
    for (int i = 0; i < 2 * N; i++) x[i] *= 100.0;
    assert_int_equal(probability_flow_residual(p, &cvp, 1.0, N, x, &density, NULL),
                     SC_OK);
    assert_true(density.lo <= 0.0 && 0.0 <= density.hi);
    assert_true(enclosure_halfwidth(density) < 1e-5);
    gmm_free(p);
}

/* For m = 2, k = 4, OU, T = 1 the mean is off by 0.388 after the flow, 0.0753 after the SDE; correlations. */
static void known_moments(void **state)
{
    (void)state;
    backward ode = {{2.0, 0.25}, sde_ou(1.0), 0.5, 0.0}, reversed = ode;
    reversed.score = reversed.noise = 1.0;
    double shift = 2.0 * exp(-1.0),
           sd = sqrt(law_marginal(ode.data, &ode.forward, 1.0).var);
    affine_law law;
    assert_int_equal(law_backward_exact(&ode, 0.0, 1.0, &law), SC_OK);
    assert_near(shift * enclosure_mid(law.gain), 0.38810284897, 1e-11);
    assert_int_equal(law_backward_exact(&reversed, 0.0, 1.0, &law), SC_OK);
    assert_near(shift * enclosure_mid(law.gain), 0.07531191069, 1e-11);
    assert_near(sd / 0.5 * enclosure_mid(law.gain), 0.1940514, 1e-7);
}

/* For N(m, v) in R^2 with half the score: -int g^2/2 (Laplace log p + |s|^2) dt stands instead of its negative. */
static void fokker_planck(void **state)
{
    (void)state;
    const double x[] = {0.3, -1.2, 2.0, 0.5};
    sde ou = sde_ou(1.0);
    gmm *p = catalogue_plane_diagonal(),
        *one = gmm_new_equal(1, 2, (double[]){0.0, 0.0}, 1.0);
    enclosure residual;
    assert_int_equal(probability_flow_fokker_planck(p, &ou, 1.0, 2, x, &residual),
                     SC_OK);
    assert_same(residual, enclosure_exact(0.0));
    assert_int_equal(probability_flow_fokker_planck(one, &ou, 0.5, 1, x, &residual),
                     SC_OK);
    assert_near(enclosure_mid(residual), -2.0 + 0.3 * 0.3 + 1.2 * 1.2, 1e-11);
    gmm_free(one);
    gmm_free(p);
}

/* On the way log p_t falls to -1.09e6, at T it is -7.9e4: what a step may err grows with it, by chance unseen by both runs. */
static void fokker_planck_far_away(void **state)
{
    (void)state;
    const double w[] = {0.3, 0.4, 0.3}, var[] = {0.32, 0.12, 0.005};
    sde cvp = sde_cvp(0.1, 20.0, 1.0);
    gmm *p = gmm_new(3, 1, w, (double[]){441.0, 1449.0, -2427.0}, 1, var);
    enclosure residual;
    double x[81];
    gmm_sample(p, (rng_key){{3, 2}}, 0, LEN(x), x, 1);
    assert_int_equal(probability_flow_fokker_planck(p, &cvp, 1.0, LEN(x), x, &residual),
                     SC_OK);
    assert_true(residual.lo <= 0.0 && 0.0 <= residual.hi);
    assert_true(enclosure_halfwidth(residual) < 1e-3);
    gmm_free(p);
}

static void infinite_chi_square(void **state)
{
    (void)state;
    sde ou = sde_ou(0.5);
    gmm *p = gmm_new(1, 1, (double[]){1.0}, (double[]){0.0}, 1, (double[]){9.0});
    enclosure kl, tv, chi2;
    assert_int_equal(probability_flow_output(p, &ou, 1.0, &kl, &tv, &chi2), SC_EDOMAIN);
    assert_int_equal(probability_flow_output(p, &ou, 1.0, &kl, &tv, NULL), SC_OK);
    gauss at_T = law_marginal((gauss){0.0, 9.0}, &ou, 0.5);
    assert_near(enclosure_mid(kl), gauss_kl(at_T, GAUSS_STANDARD), 1e-10);
    assert_near(enclosure_mid(tv), gauss_tv(at_T, GAUSS_STANDARD), 1e-10);
    gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussian_data),
        cmocka_unit_test(conserved),
        cmocka_unit_test(the_output_remembers),
        cmocka_unit_test(known_distances),
        cmocka_unit_test(narrow_components),
        cmocka_unit_test(far_data),
        cmocka_unit_test(conserved_far_away),
        cmocka_unit_test(conserved_between_components),
        cmocka_unit_test(known_moments),
        cmocka_unit_test(fokker_planck),
        cmocka_unit_test(fokker_planck_far_away),
        cmocka_unit_test(infinite_chi_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
