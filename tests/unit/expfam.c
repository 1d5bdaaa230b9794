/* Exponential families: closed forms of the Gaussian family, the reference values of the entries score_normality
 * and score_efficiency, and the estimator against the maximum likelihood estimator. */
#include "expfam.h"

#include "check.h"
#include "reference.h"

#include <omp.h>
#include <stdlib.h>

/* The number lies in a narrow enclosure. */
static void expect(enclosure e, double value, double width)
{
    double slack = 1e-15 * fabs(value);
    if (!(e.lo - slack <= value && value <= e.hi + slack))
        print_error("[%.17g, %.17g] misses %.17g\n", e.lo, e.hi, value);
    assert_true(e.lo - slack <= value && value <= e.hi + slack);
    assert_true(e.hi - e.lo <= width * fmax(1.0, fabs(value)));
}

static void derivatives_are_those_of_the_values(void **state)
{
    (void)state;
    target *law = target_quartic(1.0, 0.25);
    const expfam_statistic F[] = {
        expfam_power(1),  expfam_power(2), expfam_power(3),        expfam_power(4),
        expfam_tanh(1.5), expfam_sin(2.0), expfam_log_density(law)};
    const double h = 1e-4, x[] = {0.7 - h, 0.7, 0.7 + h};
    for (int j = 0; j < LEN(F); j++) {
        double value[3], slope[3], bend[3];
        F[j].jet(&F[j], 3, x, value, slope, bend);
        assert_near((value[2] - value[0]) / (2.0 * h), slope[1], 1e-6);
        assert_near((slope[2] - slope[0]) / (2.0 * h), bend[1], 1e-6);
        if (j < 4) assert_close(value[1], pow(0.7, j + 1), 1e-15);
    }
    target_free(law);
}

/* Cov(x, x^2) of N(mu, v) is (v, 2 mu v; 2 mu v, 2 v^2 + 4 mu^2 v): the inverse is both Gammas. */
static void score_matching_is_efficient_for_gaussians(void **state)
{
    (void)state;
    const double mu = 0.5, v = 0.8;
    expfam p = expfam_gauss(mu, v);
    expfam_matrix C, sm, mle;
    enclosure theta[EXPFAM_MAX], psi[EXPFAM_MAX], residual[EXPFAM_MAX];
    assert_int_equal(expfam_cov(&p, EXPFAM_F, &C), SC_OK);
    expect(C.at[0][0], v, 1e-11);
    expect(C.at[0][1], 2.0 * mu * v, 1e-11);
    expect(C.at[1][1], 2.0 * v * v + 4.0 * mu * mu * v, 1e-11);
    assert_int_equal(expfam_gamma_sm(&p, 0, &sm), SC_OK);
    assert_int_equal(expfam_gamma_mle(&p, &mle), SC_OK);
    assert_true(reference_value("matching", "thm71_gauss_G00") == 2.03125);
    static const double GAMMA[] = {2.03125, -0.78125, 0.78125};
    for (int i = 0; i < LEN(GAMMA); i++) {
        expect(sm.at[i / 2][(i + 1) / 2], GAMMA[i], 1e-10);
        expect(mle.at[i / 2][(i + 1) / 2], GAMMA[i], 1e-10);
    }
    assert_int_equal(expfam_theta(&p, theta), SC_OK);
    assert_int_equal(expfam_mean(&p, EXPFAM_PSI, psi), SC_OK);
    assert_int_equal(expfam_equation(&p, residual), SC_OK);
    for (int i = 0; i < 2; i++) {
        expect(theta[i], p.theta[i], 1e-10);
        expect(psi[i], 0.0, 1e-10);
        expect(residual[i], 0.0, 1e-11);
    }
}

static void references_of_the_quartic(void **state)
{
    (void)state;
    expfam p = expfam_quartic(1.0, 0.25);
    expfam_matrix sm, mle, wrong, sliced;
    assert_int_equal(expfam_gamma_sm(&p, 0, &sm), SC_OK);
    assert_int_equal(expfam_gamma_sm(&p, 1, &sliced), SC_OK);
    assert_int_equal(expfam_gamma_mle(&p, &mle), SC_OK);
    expect(sm.at[0][0], reference_value("matching", "thm71_quartic_G00"), 1e-10);
    expect(mle.at[0][1], reference_value("matching", "thm71_quartic_ML01"), 1e-10);
    expect(mle.at[1][1], reference_value("matching", "thm71_quartic_ML11"), 1e-10);
    /* given to 12 and 5 decimals */
    static const double SM[] = {19.729820934799, -8.205509332403, 4.077883559240};
    static const double EXCESS[] = {26.12670, -11.01827, 5.07975};
    for (int i = 0; i < LEN(SM); i++) {
        int row = i / 2, column = (i + 1) / 2;
        enclosure excess = enclosure_sub(sliced.at[row][column], sm.at[row][column]);
        assert_near(enclosure_mid(sm.at[row][column]), SM[i], 1e-12);
        assert_near(enclosure_mid(excess), EXCESS[i], 5.1e-6);
    }
    assert_int_equal(expfam_gamma(&p, EXPFAM_F, &wrong), SC_OK);
    expect(wrong.at[0][0], reference_value("matching", "thm71_quartic_wrongSigma"),
           1e-10);
}

/* E psi in units of sd psi = sqrt(1/v) for F = x of N(0, v), or of 1 where that is less. */
static void the_equation_is_relative(void **state)
{
    (void)state;
    static const double VAR[] = {1e-4, 1e4}, SCALE[] = {1e-2, 1.0};
    for (int i = 0; i < LEN(VAR); i++) {
        expfam p = expfam_gauss(0.0, VAR[i]);
        enclosure mean[EXPFAM_MAX], residual[EXPFAM_MAX];
        assert_int_equal(expfam_mean(&p, EXPFAM_PSI, mean), SC_OK);
        assert_int_equal(expfam_equation(&p, residual), SC_OK);
        assert_true(enclosure_halfwidth(mean[0]) > 0.0);
        assert_close(residual[0].hi, SCALE[i] * mean[0].hi, 1e-9);
        assert_close(residual[0].lo, SCALE[i] * mean[0].lo, 1e-9);
    }
}

/* 20 standard deviations from 0 the terms of log p cancel: (1/v + 2 mu^2/v^2, -mu/v^2; ., 1/(2 v^2)) is still
   enclosed, a million away nothing is claimed. */
static void cancelling_terms_are_enclosed(void **state)
{
    (void)state;
    expfam p = expfam_gauss(20.0, 1.0);
    expfam_matrix G;
    assert_int_equal(expfam_gamma_mle(&p, &G), SC_OK);
    expect(G.at[0][0], 801.0, 1e-5);
    expect(G.at[0][1], -20.0, 1e-5);
    expect(G.at[1][1], 0.5, 1e-5);
    p = expfam_gauss(1e6, 1.0);
    int status = expfam_gamma_mle(&p, &G);
    assert_true(status == SC_EDOMAIN || status == SC_EACCURACY);
}

/* Gamma_SM/Gamma_MLE at theta = 0 for the base 1/2 N(-a, 1) + 1/2 N(a, 1). */
static void references_of_the_bimodal_base(void **state)
{
    (void)state;
    const struct {
        double a;
        bool tanh;
        double ratio;
    } CASES[] = {{1.0, false, reference_value("matching", "eff_bimodal_x_a1")},
                 {1.0, true, reference_value("matching", "eff_bimodal_tanh_a1")},
                 {3.0, true, 139.521492175383},
                 {5.0, true, 591293.798247142}};
    for (int i = 0; i < LEN(CASES); i++) {
        double a = CASES[i].a;
        gmm *g = gmm_new_equal(2, 1, (double[]){-a, a}, 1.0);
        target *base = target_mixture(g);
        expfam p = expfam_tilt(CASES[i].tanh ? expfam_tanh(a) : expfam_power(1), base);
        expfam_efficiency e;
        assert_int_equal(expfam_compare(&p, &e), SC_OK);
        assert_close(enclosure_mid(e.ratio), CASES[i].ratio, 1e-14); /* 15 digits */
        target_free(base);
        gmm_free(g);
    }
}

/* For N(0, v), F = x^2, the estimator is -1/(2 m_2), m_2 the mean of x^2: n times its bias tends to -1/v. */
static void the_bias_of_a_variance(void **state)
{
    (void)state;
    expfam p = {.k = 1,
                .terms = 1,
                .F = {expfam_power(2)},
                .theta = {-0.5 / 1.3},
                .lo = -9.0,
                .hi = 9.0};
    enclosure bias[EXPFAM_MAX];
    assert_int_equal(expfam_bias(&p, bias), SC_OK);
    expect(bias[0], -1.0 / 1.3, 1e-10);
}

/* N(0, v), F = x^2: Var F = 2 v^2, psi = 2 - 2 x^2/v, F' u = -2 x^2/v, F'' = 2, E F'^2 = 4 v. */
static void both_bounds_of_a_variance(void **state)
{
    (void)state;
    const double v = 1.3;
    target *law = target_gauss(0.0, v);
    expfam p = expfam_tilt(expfam_power(2), law);
    expfam_efficiency e;
    assert_int_equal(expfam_compare(&p, &e), SC_OK);
    expect(e.sm, 0.5 / (v * v), 1e-10);
    expect(e.mle, 0.5 / (v * v), 1e-10);
    expect(e.ratio, 1.0, 1e-10);
    expect(e.constant, 0.5 * v, 1e-10);
    expect(e.sharp, 2.0 / pow(v, 4.0), 1e-10);
    expect(e.bound, 4.0 / pow(v, 4.0), 1e-10);
    target_free(law);
}

static void matrices_that_may_be_singular_are_refused(void **state)
{
    (void)state;
    const enclosure one = enclosure_exact(1.0), wide = {0.9, 1.1, 0.0};
    const expfam_matrix A = {.at = {{one, one}, {one, wide}}};
    const expfam_matrix B = {
        .at = {{enclosure_exact(4.0), one}, {one, enclosure_exact(0.5)}}};
    expfam_matrix inverse;
    assert_int_equal(expfam_inverse(2, &A, &inverse), SC_EDOMAIN);
    assert_int_equal(expfam_inverse(2, &B, &inverse), SC_OK);
    expect(inverse.at[0][0], 0.5, 1e-14);
    expect(inverse.at[0][1], -1.0, 1e-14);
    expect(inverse.at[1][1], 4.0, 1e-14);
}

static void quadratic_statistics_in_closed_form(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        double theta;
    } CASES[] = {{"eff_xy_th0.3", 0.3}, {"eff_xy_th0.9", 0.9}};
    const double N[] = {0.0, 0.5, 0.5, 0.0}, one = 1.0;
    double sm = NAN, mle = NAN;
    for (int i = 0; i < LEN(CASES); i++) {
        double t = CASES[i].theta, v = 1.0 / (1.0 - t * t);
        const double S[] = {v, t * v, t * v, v};
        assert_int_equal(expfam_quadratic(2, S, N, &sm, &mle), SC_OK);
        assert_close(sm, reference_value("matching", CASES[i].id), 1e-13);
        assert_close(sm / mle, 1.0 + t * t, 1e-13);
    }
    const double v = 1.7; /* x^2 of N(0, v): both are 1/(2 v^2) */
    assert_int_equal(expfam_quadratic(1, &v, &one, &sm, &mle), SC_OK);
    assert_close(sm, 0.5 / (v * v), 1e-15);
    assert_close(mle, 0.5 / (v * v), 1e-15);
    assert_int_equal(expfam_quadratic(2, (double[]){1.0, 2.0, 2.0, 1.0}, N, &sm, &mle),
                     SC_EDOMAIN);
}

/* ---- Samples ------------------------------------------------------------------------------ */

/* Gaussian family: the maximum likelihood estimator (mean/var, -1/(2 var)). With x^2 known: mean/v. */
static void the_estimator_on_samples(void **state)
{
    (void)state;
    enum { N = 700 };
    target *law = target_gauss(0.5, 0.81);
    double x[N], w[N], theta[EXPFAM_MAX], mle[2], doubled[EXPFAM_MAX], psi[EXPFAM_MAX],
        mean = 0.0, var = 0.0;
    target_replicate(law, rng_key_of(1, "expfam"), 0, N, x);
    for (int i = 0; i < N; i++) mean += x[i] / N, w[i] = 2.0;
    for (int i = 0; i < N; i++) var += (x[i] - mean) * (x[i] - mean) / N;
    expfam p = expfam_gauss(0.5, 0.81);
    assert_int_equal(expfam_estimate(&p, N, x, NULL, theta, psi), SC_OK);
    expfam_gauss_mle(N, x, mle);
    for (int i = 0; i < 2; i++) assert_close(theta[i], mle[i], 1e-12);
    assert_close(mle[0], mean / var, 1e-14);
    assert_close(mle[1], -0.5 / var, 1e-14);
    /* psi = (u, 2 x u + 2), u = (0.5 - x)/0.81 */
    assert_near(psi[0], (0.5 - mean) / 0.81, 1e-13);
    assert_near(psi[1], 2.0 + 2.0 * (0.5 * mean - var - mean * mean) / 0.81, 1e-13);
    assert_int_equal(expfam_estimate(&p, N, x, w, doubled, NULL), SC_OK);
    assert_close(doubled[1], 2.0 * theta[1], 1e-14);
    p.k = 1; /* (log b)' = -x/0.81 */
    assert_int_equal(expfam_estimate(&p, N, x, NULL, theta, psi), SC_OK);
    assert_close(theta[0], mean / 0.81, 1e-13);
    assert_int_equal(
        expfam_estimate(
            &(expfam){.k = 2, .terms = 2, .F = {expfam_power(1), expfam_power(1)}}, N,
            x, NULL, theta, NULL),
        SC_EDOMAIN);
    target_free(law);
}

/* n Cov of the replicates, sliced and not, and their bias, against the theory at 6 standard errors. */
static void replicates_have_the_asymptotic_law(void **state)
{
    (void)state;
    enum { R = 4000, N = 500 };
    target *law = target_gauss(0.0, 1.0);
    expfam p = {.k = 1,
                .terms = 1,
                .F = {expfam_power(2)},
                .theta = {-0.5},
                .lo = -9.0,
                .hi = 9.0};
    for (int slices = 0; slices <= 2; slices += 2) {
        expfam_matrix G;
        expfam_estimates e;
        assert_int_equal(expfam_gamma_sm(&p, slices, &G), SC_OK);
        expect(G.at[0][0], slices == 0 ? 0.5 : 0.75, 1e-10);
        assert_int_equal(
            expfam_replicates(&p, law, slices, rng_key_of(2, "expfam"), N, R, &e),
            SC_OK);
        double square = 0.0, bias = 0.0;
        for (int r = 0; r < R; r++) {
            square += e.error[0][r] * e.error[0][r] / R;
            bias += e.rest[0][r] / R;
        }
        assert_close(square, enclosure_mid(G.at[0][0]), 0.15);
        assert_near(bias, -1.0, 0.15);
        expfam_estimates_free(&e);
    }
    target_free(law);
}

/* One replicate against the estimator of its points; the same for any number of threads. */
static void replicates_are_estimates(void **state)
{
    (void)state;
    enum { R = 5, N = 100 };
    static const int THREADS[] = {2, 3, 7};
    target *law = target_gauss(0.5, 0.81);
    expfam p = expfam_gauss(0.5, 0.81);
    rng_key key = rng_key_of(3, "expfam");
    double x[N], theta[EXPFAM_MAX], psi[EXPFAM_MAX];
    expfam_estimates e, one;
    omp_set_num_threads(1);
    assert_int_equal(expfam_replicates(&p, law, 4, key, N, R, &one), SC_OK);
    for (int c = 0; c < LEN(THREADS); c++) {
        omp_set_num_threads(THREADS[c]);
        assert_int_equal(expfam_replicates(&p, law, 4, key, N, R, &e), SC_OK);
        for (int i = 0; i < 2; i++) {
            assert_memory_equal(e.error[i], one.error[i], R * sizeof(double));
            assert_memory_equal(e.rest[i], one.rest[i], R * sizeof(double));
        }
        expfam_estimates_free(&e);
    }
    expfam_estimates_free(&one);
    assert_int_equal(expfam_replicates(&p, law, 0, key, N, R, &e), SC_OK);
    target_replicate(law, key, 3, N, x);
    assert_int_equal(expfam_estimate(&p, N, x, NULL, theta, psi), SC_OK);
    /* A = (1, 2 mean; 2 mean, 4 E x^2), det 4 var */
    const double det = 4.0 * 0.81, second = 4.0 * (0.81 + 0.25);
    double linear = (psi[0] * second - psi[1]) / det, gap = theta[0] - p.theta[0];
    assert_close(e.error[0][3], 10.0 * gap, 1e-13);
    assert_near(e.rest[0][3], 100.0 * (gap + linear), 1e-9);
    assert_close(e.error[1][3], 10.0 * (theta[1] - p.theta[1]), 1e-12);
    expfam_estimates_free(&e);
    target_free(law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_those_of_the_values),
        cmocka_unit_test(score_matching_is_efficient_for_gaussians),
        cmocka_unit_test(references_of_the_quartic),
        cmocka_unit_test(the_equation_is_relative),
        cmocka_unit_test(cancelling_terms_are_enclosed),
        cmocka_unit_test(references_of_the_bimodal_base),
        cmocka_unit_test(the_bias_of_a_variance),
        cmocka_unit_test(both_bounds_of_a_variance),
        cmocka_unit_test(matrices_that_may_be_singular_are_refused),
        cmocka_unit_test(quadratic_statistics_in_closed_form),
        cmocka_unit_test(the_estimator_on_samples),
        cmocka_unit_test(replicates_are_estimates),
        cmocka_unit_test(replicates_have_the_asymptotic_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
