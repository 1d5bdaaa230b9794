/* Distances of the linear case and of p_t from p_noise, against closed forms. */
#include "check.h"

#include "divergence.h"

/* N(0, 1), VP, s = -x + eps: the sampler's law is N(2 eps (1 - e^{-B/2}), 1). */
static void constant_error_under_vp(void **state)
{
    (void)state;
    double shift = -0.2 * expm1(-5.025);
    gauss law = {shift, 1.0}, data = {0.0, 1.0};
    linear_case c = {.data = data,
                     .forward = sde_vp(0.1, 20.0, 1.0),
                     .from = START_STANDARD,
                     .c = 0.1};
    distances d;
    assert_int_equal(divergence_linear(&c, NULL, &d), SC_OK);
    double exact[] = {gauss_kl(data, law), gauss_kl(law, data), gauss_tv(law, data),
                      shift};
    enclosure measured[] = {d.kl, d.kl_reverse, d.tv, d.w2};
    for (int i = 0; i < LEN(exact); i++) {
        assert_true(measured[i].lo <= exact[i] && exact[i] <= measured[i].hi);
        assert_near(enclosure_halfwidth(measured[i]), 0.0, 1e-9);
    }
}

/* The same, certified, lies in the enclosure of RK4. */
static void constant_error_is_certified(void **state)
{
    (void)state;
    static const struct {
        const char *eps, *B;
        double value, T;
    } CASES[] = {{"0.01", "10", 0.01, 0.5}, {"0.5", "40", 0.5, 2.0}};
    for (int i = 0; i < LEN(CASES); i++) {
        linear_case c = {.data = {0.0, 1.0},
                         .forward = sde_vp(20.0, 20.0, CASES[i].T),
                         .from = START_STANDARD,
                         .c = CASES[i].value};
        distances d;
        assert_int_equal(divergence_linear(&c, NULL, &d), SC_OK);
        enclosure tv = law_shift_tv(CASES[i].eps, CASES[i].B);
        assert_true(d.tv.lo <= tv.lo && tv.hi <= d.tv.hi);
        assert_true(tv.hi <= nextafter(tv.lo, 1.0) && tv.alpha == 0.0);
    }
}

/* The path is that of law_linear, and asking for it changes nothing. */
static void the_path_on_the_way(void **state)
{
    (void)state;
    linear_case c = {.data = {1.0, 0.5},
                     .forward = sde_vp(0.1, 20.0, 1.0),
                     .from = START_STANDARD,
                     .a = 0.2,
                     .c = -0.1};
    static gauss path[LINEAR_STEPS + 1], known[LINEAR_STEPS + 1];
    linear_deviation end;
    distances with, without;
    assert_int_equal(divergence_linear(&c, path, &with), SC_OK);
    assert_int_equal(divergence_linear(&c, NULL, &without), SC_OK);
    assert_int_equal(law_linear(&c, LINEAR_STEPS, known, &end), SC_OK);
    for (int k = 0; k <= LINEAR_STEPS; k++)
        assert_true(path[k].mean == known[k].mean && path[k].var == known[k].var);
    assert_true(with.w2.lo == without.w2.lo && with.kl.hi == without.kl.hi);
}

/* TV between N(e^{-B/2} m, 1) and N(0, 1) is erf(e^{-B/2} m/sqrt(8)). */
static void noise_of_a_shifted_normal(void **state)
{
    (void)state;
    double exact = erf(exp(-1.0) * 3.0 / sqrt(8.0));
    enclosure tv = gauss_vp_noise_tv((gauss){3.0, 1.0}, 2.0);
    assert_true(tv.lo <= exact && exact <= tv.hi);
    assert_near(enclosure_halfwidth(tv), 0.0, 1e-14);
}

/* KL(data | law), not KL(law | data): they differ as the variances do. */
static void kl_has_the_data_first(void **state)
{
    (void)state;
    linear_case c = {.data = {0.0, 1.0},
                     .forward = sde_vp(0.1, 20.0, 1.0),
                     .from = START_STANDARD,
                     .a = -0.4};
    gauss law = {0.0, (exp(-0.2 * 10.05) - 5.0 * expm1(-0.2 * 10.05))};
    distances d;
    assert_int_equal(divergence_linear(&c, NULL, &d), SC_OK);
    assert_near(enclosure_mid(d.kl), gauss_kl(c.data, law), 1e-9);
    assert_near(enclosure_mid(d.kl_reverse), gauss_kl(law, c.data), 1e-9);
    assert_true(gauss_kl(law, c.data) - gauss_kl(c.data, law) > 0.1);
}

/* KL(N(0, v) | N(0, 1)) = (v - 1 - log v)/2, also where v - 1 rounds to -1. */
static void kl_of_a_narrow_law(void **state)
{
    (void)state;
    double log_v = -46.0;
    assert_close(gauss_kl((gauss){0.0, exp(log_v)}, GAUSS_STANDARD), 22.5, 1e-14);
}

static void a_gauss_to_a_gauss(void **state)
{
    (void)state;
    target *data = target_gauss(3.0, 0.2);
    reference r = {data, 0.5, 0.75};
    gauss p = {1.5, 0.8}, q = {-0.2, 1.3};
    enclosure kl, tv;
    assert_int_equal(divergence_to_gauss(&r, q, &kl, &tv), SC_OK);
    assert_true(kl.lo <= gauss_kl(p, q) && gauss_kl(p, q) <= kl.hi);
    assert_true(tv.lo <= gauss_tv(p, q) && gauss_tv(p, q) <= tv.hi);
    assert_near(enclosure_halfwidth(kl) + enclosure_halfwidth(tv), 0.0, 1e-10);
    target_free(data);
}

/* N(m, 1) and N(0, 1), equal at m/2: closer to an end of a panel, 0, than any node. */
static void a_kink_that_no_node_sees(void **state)
{
    (void)state;
    double m = 3.0 * exp(-10.0), exact = erf(m / sqrt(8.0));
    target *data = target_gauss(m, 0.5);
    reference r = {data, 1.0, 0.5};
    enclosure kl, tv;
    assert_int_equal(divergence_to_gauss(&r, GAUSS_STANDARD, &kl, &tv), SC_OK);
    assert_true(tv.lo <= exact && exact <= tv.hi);
    assert_near(enclosure_halfwidth(tv), 0.0, 2e-15);
    target_free(data);
}

/* Where the densities of two Gaussians cross between the features of both. */
static void kinks_inside_a_panel(void **state)
{
    (void)state;
    static const gauss LAWS[][2] = {{{0.094110, 0.00190834}, {0.191479, 0.000895027}},
                                    {{0.000247607, 0.708633}, {0.247728, 0.000775287}},
                                    {{1.36059, 6519.18}, {202.166164, 104.787344}}};
    for (int i = 0; i < LEN(LAWS); i++) {
        target *p = target_gauss(LAWS[i][0].mean, LAWS[i][0].var);
        reference r = {p, 1.0, 0.0};
        double exact = gauss_tv(LAWS[i][0], LAWS[i][1]);
        enclosure tv = {NAN, NAN, 0.0};
        assert_int_equal(divergence_to_gauss(&r, LAWS[i][1], NULL, &tv), SC_OK);
        assert_true(tv.lo <= exact && exact <= tv.hi);
        target_free(p);
    }
}

/* N(0, 1)(x) {1 + a sin kx}: TV = |a|/2 E|sin kZ|, E|sin kZ| = 2/pi - 4/pi sum_n e^{-2 k^2 n^2}/(4 n^2 - 1), with a
   kink at every multiple of pi/k. */
static void kinks_of_a_wave(void **state)
{
    (void)state;
    static const double K[] = {0.5, 2.0, 7.0, 20.0};
    for (int i = 0; i < LEN(K); i++) {
        double mean = 2.0 / SC_PI;
        for (int n = 1; n <= 12; n++)
            mean -= 4.0 / SC_PI * exp(-2.0 * K[i] * K[i] * n * n) / (4.0 * n * n - 1.0);
        target *data = target_sine(-0.8, K[i]);
        reference r = {data, 1.0, 0.0};
        enclosure tv = {NAN, NAN, 0.0};
        assert_int_equal(divergence_to_gauss(&r, GAUSS_STANDARD, NULL, &tv), SC_OK);
        assert_true(tv.lo <= 0.4 * mean && 0.4 * mean <= tv.hi);
        assert_true(enclosure_halfwidth(tv) < 1e-11);
        target_free(data);
    }
}

/* 1500 steps are too long for data this narrow, by h g^2/v_0 = 6. */
static void steps_too_long_are_refused(void **state)
{
    (void)state;
    const linear_case c = {
        {3.36, 0.00143}, sde_vp(9.34, 9.34, 1.35), {START_PT, 0, 0}, 0.0, -0.004};
    distances d;
    assert_int_equal(divergence_linear(&c, NULL, &d), SC_EACCURACY);
}

/* Both kinks in one panel of the wider law; and a relative entropy of 1e-13, which rounding of the
   densities' logarithms changes by more than the quadrature sees. */
static void a_narrow_and_a_near_gauss(void **state)
{
    (void)state;
    static const gauss Q[] = {{0.51, 42.3}, {-0.02, 9.0}, {-0.022899, 0.0224}};
    target *data = target_gauss(-0.0229, 0.0124);
    reference r = {data, 1.0, 0.01};
    gauss p = {-0.0229, 0.0224};
    for (int i = 0; i < LEN(Q); i++) {
        enclosure kl, tv;
        assert_int_equal(divergence_to_gauss(&r, Q[i], &kl, &tv), SC_OK);
        assert_near(gauss_tv(p, Q[i]), enclosure_mid(tv), enclosure_halfwidth(tv));
        assert_near(gauss_kl(p, Q[i]), enclosure_mid(kl), enclosure_halfwidth(kl));
    }
    target_free(data);
}

/* M = 0.3 N(-1.5, .09) + 0.7 N(1, .16) under OU (statements, gaussian_initialisation). */
static void a_mixture_to_the_prior(void **state)
{
    (void)state;
    static const double TV[] = {0.0427110, 0.0137703, 0.0049790, 0.0018274};
    gmm *m = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    target *data = target_mixture(m);
    for (int i = 0; i < LEN(TV); i++) {
        double T = i + 1.0;
        reference r = {data, exp(-T), -expm1(-2.0 * T)};
        enclosure kl, tv;
        assert_int_equal(divergence_to_gauss(&r, GAUSS_STANDARD, &kl, &tv), SC_OK);
        assert_near(enclosure_mid(tv), TV[i], 5e-8);
        /* Pinsker: TV^2 <= KL/2 */
        assert_true(tv.hi * tv.hi <= 0.5 * kl.lo);
    }
    target_free(data);
    gmm_free(m);
}

/* chi^2(N(m, v) | N(0, 1)) + 1 = e^{m^2/(2 - v)}/sqrt(v (2 - v)), v < 2; infinite for v >= 2. */
static void chi2_of_gaussians(void **state)
{
    (void)state;
    static const gauss P[] = {{0.7, 0.4}, {-3.0, 1.2}, {1e-5, 1.0}, {0.0, 1.0}};
    target *noise = target_gauss(0.0, 1.0), *wide = target_gauss(0.0, 2.5);
    reference q = {noise, 1.0, 0.0}, w = {wide, 1.0, 0.0};
    enclosure chi2;
    for (int i = 0; i < LEN(P); i++) {
        target *data = target_gauss(P[i].mean, 0.5 * P[i].var);
        reference p = {data, 1.0, 0.5 * P[i].var};
        double m = P[i].mean, v = P[i].var;
        double exact = expm1(m * m / (2.0 - v) - 0.5 * log1p(-(v - 1.0) * (v - 1.0)));
        assert_int_equal(divergence_between(&p, &q, NULL, NULL, &chi2), SC_OK);
        assert_true(chi2.lo <= exact && exact <= chi2.hi);
        assert_near(enclosure_halfwidth(chi2), 0.0, 1e-8 * exact + 1e-25);
        target_free(data);
    }
    assert_int_not_equal(divergence_between(&w, &q, NULL, NULL, &chi2), SC_OK);
    target_free(noise);
    target_free(wide);
}

/* KL(N(m, 1) | N(0, 1)) = m^2/2, to seven digits however small. */
static void a_tiny_kl(void **state)
{
    (void)state;
    for (int i = 1; i <= 6; i++) {
        double m = pow(10.0, -i);
        target *data = target_gauss(m, 0.25), *noise = target_gauss(0.0, 1.0);
        enclosure kl;
        assert_int_equal(divergence_between(&(reference){data, 1.0, 0.75},
                                            &(reference){noise, 1.0, 0.0}, &kl, NULL,
                                            NULL),
                         SC_OK);
        assert_true(kl.lo <= 0.5 * m * m && 0.5 * m * m <= kl.hi);
        assert_near(enclosure_halfwidth(kl), 0.0, 1e-7 * 0.5 * m * m + 1e-12 * m);
        target_free(data);
        target_free(noise);
    }
}

/* N(0, v) for v next to 1: with x = v - 1, chi^2 = (1 - x^2)^{-1/2} - 1, to the digits that the densities leave. */
static void a_tiny_chi2(void **state)
{
    (void)state;
    for (int i = 4; i <= 10; i += 2) {
        double v = 1.0 + pow(10.0, -i), x = v - 1.0;
        double exact = expm1(-0.5 * log1p(-x * x));
        target *data = target_gauss(0.0, v), *noise = target_gauss(0.0, 1.0);
        enclosure chi2 = {NAN, NAN, 0.0};
        assert_int_equal(divergence_between(&(reference){data, 1.0, 0.0},
                                            &(reference){noise, 1.0, 0.0}, NULL, NULL,
                                            &chi2),
                         SC_OK);
        assert_true(chi2.lo <= exact && exact <= chi2.hi);
        assert_true(enclosure_halfwidth(chi2) < 1e-7 * exact + 1e-14 * x);
        target_free(data);
        target_free(noise);
    }
}

/* The nodes in a far and narrow law are off by 1e-16 of their distance: its mass counts KL times. */
static void far_and_narrow(void **state)
{
    (void)state;
    static const gauss LAWS[][2] = {{{-2884.87, 3.03522e-06}, {-54.8231, 0.614554}},
                                    {{-1646.96, 0.00873444}, {-10.0077, 122.334}},
                                    {{589.976, 1.35782e-06}, {0.0, 1.52471}}};
    for (int i = 0; i < LEN(LAWS); i++) {
        target *p = target_gauss(LAWS[i][0].mean, LAWS[i][0].var);
        reference r = {p, 1.0, 0.0};
        double exact = gauss_kl(LAWS[i][0], LAWS[i][1]);
        enclosure kl = {NAN, NAN, 0.0};
        assert_int_equal(divergence_to_gauss(&r, LAWS[i][1], &kl, NULL), SC_OK);
        assert_true(kl.lo <= exact && exact <= kl.hi);
        target_free(p);
    }
}

/* KL is infinite from Cauchy to any law with a variance, whatever a truncated integral says; not the other way. */
static void a_law_without_variance(void **state)
{
    (void)state;
    target *heavy = target_cauchy(0.0, 1.0);
    target *light[] = {target_gauss(0.0, 1.0), target_laplace(0.0, 1.0)};
    for (int i = 0; i < LEN(light); i++) {
        reference p = {heavy, 0.5, 0.75}, q = {light[i], 0.5, 0.75};
        enclosure kl = {NAN, NAN, 0.0}, tv = kl;
        assert_int_equal(divergence_between(&p, &q, &kl, NULL, NULL), SC_EDOMAIN);
        assert_int_equal(divergence_between(&q, &p, &kl, NULL, NULL), SC_OK);
        assert_int_equal(divergence_between(&p, &q, NULL, &tv, NULL), SC_OK);
        target_free(light[i]);
    }
    target_free(heavy);
}

/* Cauchy of scales a and b: KL = log((a + b)^2/(4ab)) (Chyzak, Nielsen 2019), and the densities cross at
   sqrt(ab), TV = 2/pi {atan sqrt(b/a) - atan sqrt(a/b)}. */
static void tails_of_cauchy(void **state)
{
    (void)state;
    static const double SCALES[] = {1.5, 4.0, 20.0, 150.0};
    for (int i = 0; i < LEN(SCALES); i++) {
        const double b = SCALES[i];
        target *first = target_cauchy(0.3, 1.0), *second = target_cauchy(0.3, b);
        reference p = {first, 1.0, 0.0}, q = {second, 1.0, 0.0};
        enclosure kl = {NAN, NAN, 0.0}, tv = kl;
        double root = sqrt(b), apart = 2.0 / SC_PI * (atan(root) - atan(1.0 / root));
        double entropy = log((1.0 + b) * (1.0 + b) / (4.0 * b));
        assert_int_equal(divergence_between(&p, &q, &kl, &tv, NULL), SC_OK);
        assert_true(kl.lo <= entropy && entropy <= kl.hi);
        assert_true(tv.lo <= apart && apart <= tv.hi);
        assert_true(enclosure_halfwidth(kl) < 1e-10 && enclosure_halfwidth(tv) < 1e-10);
        target_free(first);
        target_free(second);
    }
}

/* U(0, 1) against N(0, 1): KL = log(2 pi)/2 + 1/6, the other way round infinite; TV = P(N outside
   [0, 1]), as the density of N(0, 1) is below 1. */
static void a_law_with_edges(void **state)
{
    (void)state;
    target *flat = target_uniform(0.0, 1.0), *noise = target_gauss(0.0, 1.0);
    reference p = {flat, 1.0, 0.0}, q = {noise, 1.0, 0.0};
    enclosure kl, tv;
    assert_int_equal(divergence_between(&p, &q, &kl, &tv, NULL), SC_OK);
    double exact = 0.5 * log(2.0 * SC_PI) + 1.0 / 6.0;
    assert_true(kl.lo <= exact && exact <= kl.hi);
    assert_near(enclosure_mid(tv), 1.0 - 0.5 * erf(sqrt(0.5)), 1e-12);
    assert_int_not_equal(divergence_between(&q, &p, &kl, &tv, NULL), SC_OK);
    target_free(flat);
    target_free(noise);
}

/* A component of sd 1e-4 far from everything else is not missed. */
static void a_needle(void **state)
{
    (void)state;
    gmm *p = gmm_new(2, 1, (double[]){0.9, 0.1}, (double[]){0.0, 3.0}, 1,
                     (double[]){1.0, 1e-8});
    target *data = target_mixture(p), *noise = target_gauss(0.0, 1.0);
    enclosure tv;
    assert_int_equal(divergence_between(&(reference){data, 1.0, 0.0},
                                        &(reference){noise, 1.0, 0.0}, NULL, &tv, NULL),
                     SC_OK);
    assert_near(enclosure_mid(tv), 0.1, 1e-6);
    gmm_free(p);
    target_free(data);
    target_free(noise);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_error_under_vp),
        cmocka_unit_test(constant_error_is_certified),
        cmocka_unit_test(kl_has_the_data_first),
        cmocka_unit_test(kl_of_a_narrow_law),
        cmocka_unit_test(a_gauss_to_a_gauss),
        cmocka_unit_test(a_kink_that_no_node_sees),
        cmocka_unit_test(kinks_inside_a_panel),
        cmocka_unit_test(kinks_of_a_wave),
        cmocka_unit_test(a_narrow_and_a_near_gauss),
        cmocka_unit_test(steps_too_long_are_refused),
        cmocka_unit_test(a_mixture_to_the_prior),
        cmocka_unit_test(the_path_on_the_way),
        cmocka_unit_test(noise_of_a_shifted_normal),
        cmocka_unit_test(chi2_of_gaussians),
        cmocka_unit_test(a_tiny_kl),
        cmocka_unit_test(a_tiny_chi2),
        cmocka_unit_test(far_and_narrow),
        cmocka_unit_test(a_law_without_variance),
        cmocka_unit_test(tails_of_cauchy),
        cmocka_unit_test(a_law_with_edges),
        cmocka_unit_test(a_needle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
