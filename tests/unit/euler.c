/* The exact law of Euler's scheme for noise that depends on the place, and Gaussian laws of affine SDEs. */
#include "check.h"

#include "divergence.h"
#include "reference.h"

/* dY = (1/2 - Y) dt + sqrt(1 + Y^2) dB */
static void quadratic_noise(const void *ctx, double t, long n, const double *x,
                            double *b, double *a)
{
    (void)ctx, (void)t;
    for (long i = 0; i < n; i++) {
        b[i] = 0.5 - x[i];
        a[i] = 1.0 + x[i] * x[i];
    }
}

static double moment(const line *l, int power)
{
    double sum = 0.0;
    for (long j = 0; j < l->n; j++)
        sum += l->dx * l->p[j] * pow(l->x0 + (double)j * l->dx, power);
    return sum;
}

/* E Y'^2 = E (Y + h b)^2 + h (1 + E Y^2). */
static void moments_of_quadratic_noise(void **state)
{
    (void)state;
    target *from = target_gauss(0.3, 0.2);
    euler_scheme c = {.rates = quadratic_noise,
                      .least_noise = 1.0,
                      .T = 0.4,
                      .steps = 8,
                      .start = from,
                      .m = 0.5,
                      .s2 = 0.1};
    double h = 0.05, m1 = 0.15, m2 = m1 * m1 + 0.25 * 0.2 + 0.1;
    for (int k = 0; k < c.steps; k++) {
        double keep = 1.0 - h, shift = 0.5 * h;
        m2 =
            keep * keep * m2 + 2.0 * keep * shift * m1 + shift * shift + h * (1.0 + m2);
        m1 = keep * m1 + shift;
    }
    line *law = NULL;
    assert_int_equal(law_euler(&c, 1.0, &law), SC_OK);
    assert_near(moment(law, 0), 1.0, 1e-12);
    assert_near(moment(law, 1), m1, 1e-12);
    assert_near(moment(law, 2), m2, 1e-11);
    line_free(law);
    target_free(from);
}

static void noise_below_its_bound(void **state)
{
    (void)state;
    target *from = target_gauss(0.0, 1.0);
    euler_scheme c = {.rates = quadratic_noise,
                      .least_noise = 1.1,
                      .T = 1.0,
                      .steps = 4,
                      .start = from,
                      .m = 1.0};
    line *law = NULL;
    assert_int_equal(law_euler(&c, 1.0, &law), SC_EDOMAIN);
    assert_null(law);
    target_free(from);
}

/* One step from N(0, 1) with b = -y, a = 1: N(0, (1 - h)^2 + h), whose distances are closed forms. */
static void unit_noise(const void *ctx, double t, long n, const double *x, double *b,
                       double *a)
{
    (void)ctx, (void)t;
    for (long i = 0; i < n; i++) {
        b[i] = -x[i];
        a[i] = 1.0;
    }
}

static void distances_of_a_step(void **state)
{
    (void)state;
    target *from = target_gauss(0.0, 1.0);
    euler_scheme c = {.rates = unit_noise,
                      .least_noise = 1.0,
                      .T = 0.25,
                      .steps = 1,
                      .start = from,
                      .m = 1.0};
    reference r = {from, 1.0, 0.0};
    distances d;
    gauss law = {0.0, 0.75 * 0.75 + 0.25};
    assert_int_equal(divergence_euler(&c, &r, &d), SC_OK);
    assert_near(enclosure_mid(d.kl), gauss_kl(GAUSS_STANDARD, law), 1e-11);
    assert_near(enclosure_mid(d.tv), gauss_tv(GAUSS_STANDARD, law), 1e-11);
    assert_true(enclosure_halfwidth(d.tv) < 1e-10);

    ladder l;
    assert_int_equal(divergence_euler_ladder(&c, &r, 1, 3, 2, &l), SC_OK);
    assert_near(enclosure_mid(l.tv[0]), enclosure_mid(d.tv), 0.0);
    assert_int_equal(l.steps[1], 3);
    assert_near(l.h[1], 0.25 / 3.0, 1e-15);
    double keep = 1.0 - l.h[1], var = 1.0;
    for (int k = 0; k < 3; k++) var = keep * keep * var + l.h[1];
    assert_near(enclosure_mid(l.kl[1]), gauss_kl(GAUSS_STANDARD, (gauss){0.0, var}),
                1e-11);
    target_free(from);
}

/* dY = -Y dt + dB from N(0, 1) for T: N(0, 1/2 + e^{-2T}/2), one and four copies. */
static void limit_of_many_steps(void **state)
{
    (void)state;
    target *from = target_gauss(0.0, 1.0);
    const euler_scheme c = {.rates = unit_noise,
                            .least_noise = 1.0,
                            .T = 0.5,
                            .steps = 20,
                            .start = from,
                            .m = 1.0};
    const reference r = {from, 1.0, 0.0};
    const gauss law = {0.0, 0.5 + 0.5 * exp(-1.0)};
    const double kl = gauss_kl(GAUSS_STANDARD, law);
    static const int COPIES[] = {4, 1};
    distances d[2];
    enclosure tv;
    assert_int_equal(divergence_euler_limit(&c, &r, 2, COPIES, d), SC_OK);
    assert_true(d[1].kl.lo <= kl && kl <= d[1].kl.hi);
    assert_close(enclosure_mid(d[1].kl), kl, 1e-4);
    assert_close(enclosure_mid(d[1].tv), gauss_tv(GAUSS_STANDARD, law), 1e-4);
    assert_close(enclosure_mid(d[0].kl), 4.0 * kl, 1e-4);
    assert_close(enclosure_mid(d[0].kl_reverse), 4.0 * gauss_kl(law, GAUSS_STANDARD),
                 1e-4);
    assert_int_equal(divergence_tv_product_gauss(GAUSS_STANDARD, law, 4, &tv), SC_OK);
    assert_close(enclosure_mid(d[0].tv), enclosure_mid(tv), 1e-4);
    target_free(from);
}

/* The same from two components 16 apart, whose images have almost nothing between them: p_N, p_2N and p_4N are cut off at
   different places there, and the limit must be the law at T all the same. */
static void limit_of_far_components(void **state)
{
    (void)state;
    const double weight[] = {0.2, 0.8}, mean[] = {-8.0, 8.0}, var[] = {0.25, 0.25};
    gmm *two = gmm_new(2, 1, weight, mean, 1, var);
    target *from = target_mixture(two);
    const double T = 0.5, keep = exp(-T);
    const euler_scheme c = {.rates = unit_noise,
                            .least_noise = 1.0,
                            .T = T,
                            .steps = 40,
                            .start = from,
                            .m = 1.0};
    const reference end = {from, keep, 0.5 * (1.0 - keep * keep)};
    static const int ONE = 1;
    distances d;
    assert_int_equal(divergence_euler_limit(&c, &end, 1, &ONE, &d), SC_OK);
    assert_true(d.kl.lo <= 0.0 && d.kl.hi >= 0.0 && d.kl.hi < 1e-4);
    assert_true(d.tv.lo <= 0.0 && d.tv.hi >= 0.0 && d.tv.hi < 5e-3);
    assert_true(fabs(enclosure_mid(d.kl)) < 1e-8);
    assert_true(d.kl_reverse.hi < 1e-4);
    target_free(from);
    gmm_free(two);
}

/* ---- Affine SDEs --------------------------------------------------------------------- */

/* dY = (-2 Y + t) dt + sqrt(3) dB */
static affine_rates ramp(const void *ctx, double t)
{
    (void)ctx;
    return (affine_rates){-2.0, t, 3.0};
}

static void assert_holds(enclosure e, double value, double width)
{
    assert_true(e.lo <= value && value <= e.hi);
    assert_near(enclosure_halfwidth(e), 0.0, width);
}

static void constant_rates(void **state)
{
    (void)state;
    affine_law law;
    assert_int_equal(law_affine(ramp, NULL, 0.5, 1.5, (gauss){0.7, 2.0}, &law), SC_OK);
    double decay = exp(-2.0), particular = 0.5 * 1.5 - 0.25; /* t/2 - 1/4 solves it */
    assert_holds(law.mean, particular + decay * 0.7, 1e-11);
    assert_holds(law.var, 0.75 + decay * decay * (2.0 - 0.75), 1e-11);
    assert_holds(law.gain, decay, 1e-11);
}

/* 003 (5), OU, N(0, 1): the right sign is stationary, the printed one has dV = 6V + 2. */
static void reversed_sign(void **state)
{
    (void)state;
    backward c = {GAUSS_STANDARD, sde_ou(1.0), 1.0, 1.0};
    affine_law law;
    assert_int_equal(law_affine(law_backward, &c, 0.0, 1.0, GAUSS_STANDARD, &law),
                     SC_OK);
    assert_holds(law.var, reference_value("sampling", "chen.eq5.correct"), 1e-11);
    enclosure covariance;
    assert_int_equal(law_backward_covariance(&c, 0.2, 0.7, &covariance), SC_OK);
    assert_holds(covariance, 0.0, 1e-11);
    c.score = 0.5; /* V = 1 + 2t and no correlation is lost, which was e^{-t} */
    assert_int_equal(law_backward_covariance(&c, 0.2, 0.7, &covariance), SC_OK);
    assert_holds(covariance, 1.4 * exp(0.5) - 1.0, 1e-11);
    c.score = -1.0;
    assert_int_equal(law_affine(law_backward, &c, 0.0, 1.0, GAUSS_STANDARD, &law),
                     SC_OK);
    assert_holds(law.var, reference_value("sampling", "chen.eq5.printed"), 1e-8);
}

/* The probability flow stretches N(m_T, v_T) to the data by sqrt(v_0/v_T). */
static void deterministic_flow(void **state)
{
    (void)state;
    backward c = {{0.7, 0.49}, sde_subvp(0.1, 20.0, 1.0), 0.5, 0.0};
    gauss end = law_marginal(c.data, &c.forward, 1.0);
    affine_law law;
    assert_int_equal(law_backward_exact(&c, 0.0, 1.0, &law), SC_OK);
    assert_holds(law_affine_error(&law, c.data), 0.0, 1e-10);
    assert_near(enclosure_mid(law_affine_error(&law, (gauss){0.6, 0.5})), 0.1, 1e-10);
    assert_holds(law.mean, 0.7, 1e-10);
    assert_holds(law.var, 0.49, 1e-10);
    assert_holds(law.gain, sqrt(0.49 / end.var), 1e-10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_of_quadratic_noise),
        cmocka_unit_test(noise_below_its_bound),
        cmocka_unit_test(distances_of_a_step),
        cmocka_unit_test(limit_of_many_steps),
        cmocka_unit_test(limit_of_far_components),
        cmocka_unit_test(constant_rates),
        cmocka_unit_test(reversed_sign),
        cmocka_unit_test(deterministic_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
