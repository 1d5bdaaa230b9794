/* The linear case against the closed form of its moments. With zeta_t = n_t/s_t^2 the
   propagator from forward time t to 0 is

       R(t) = (1/s_t) (v0/(v0 + zeta_t))^{1 + a},

   so for c = 0, started at time T from N(mu, w) and with k = 1 + a,

       var  = R(T)^2 w + v0 (1 - (v0/(v0 + zeta))^{2k - 1})/(2k - 1),
       mean = R(T) mu + m0 (1 - (v0/(v0 + zeta))^k). */
#include "check.h"

#include "divergence.h"
#include "quad.h"

enum { STEPS = 1500 };

static gauss closed_form(const linear_case *c)
{
    double s = sde_scale(&c->forward, c->forward.T), v0 = c->data.var;
    double zeta = sde_var(&c->forward, c->forward.T) / (s * s);
    double k = 1.0 + c->a, x = v0 / (v0 + zeta), R = pow(x, k) / s;
    return (gauss){R * c->from.mean + c->data.mean * (1.0 - pow(x, k)),
                   R * R * c->from.var +
                       v0 * (1.0 - pow(x, 2.0 * k - 1.0)) / (2.0 * k - 1.0)};
}

static void moments_are_the_closed_form(void **state)
{
    (void)state;
    sde models[] = {
        sde_ou(2.0),        sde_vp(0.1, 20.0, 1.0), sde_subvp(0.1, 20.0, 1.0),
        sde_ve_prime(10.0), sde_cvp(0.1, 2.0, 1.0), sde_brownian(4.0)};
    double slopes[] = {0.0, 0.3, -0.4};
    static gauss path[STEPS + 1];
    linear_deviation off;
    for (int i = 0; i < LEN(models); i++)
        for (int j = 0; j < LEN(slopes); j++) {
            linear_case c = {.data = {1.5, 0.4},
                             .forward = models[i],
                             .from = {START_NORMAL, -0.5, 1.3},
                             .a = slopes[j]};
            gauss exact = closed_form(&c);
            assert_int_equal(law_linear(&c, STEPS, path, &off), SC_OK);
            assert_near(path[STEPS].mean, exact.mean, 1e-9);
            assert_near(path[STEPS].var, exact.var, 1e-9);
        }
}

/* With the exact score and the exact start the chain runs back through p_t. */
static void exact_score_returns_to_the_data(void **state)
{
    (void)state;
    static gauss path[STEPS + 1];
    linear_deviation off;
    linear_case c = {
        .data = {1.5, 0.4}, .forward = sde_vp(0.1, 20.0, 1.0), .from = START_EXACT};
    assert_int_equal(law_linear(&c, STEPS, path, &off), SC_OK);
    for (int k = 0; k <= STEPS; k += 100) {
        gauss p = law_linear_marginal(&c, 1.0 - (double)k / STEPS);
        assert_near(path[k].mean, p.mean, 1e-9);
        assert_near(path[k].var, p.var, 1e-9);
    }
}

/* Constant error: the shift of the mean is c int g^2 s_t v0/v_t dt; for N(0, 1) under VP
   it is 2 c (1 - e^{-B/2}), under Brownian motion v0 c log(1 + T/v0). */
static void constant_error_shifts_the_mean(void **state)
{
    (void)state;
    static gauss path[STEPS + 1];
    linear_deviation off;
    linear_case vp = {.data = {0.0, 1.0},
                      .forward = sde_vp(0.1, 20.0, 1.0),
                      .from = START_STANDARD,
                      .c = 0.1};
    assert_int_equal(law_linear(&vp, STEPS, path, &off), SC_OK);
    assert_near(path[STEPS].mean, -0.2 * expm1(-5.025), 1e-9);
    assert_near(path[STEPS].var, 1.0, 1e-9);

    linear_case bm = {.data = {0.0, 0.7},
                      .forward = sde_brownian(4.0),
                      .from = START_EXACT,
                      .c = 0.05};
    assert_int_equal(law_linear(&bm, STEPS, path, &off), SC_OK);
    assert_near(path[STEPS].mean, 0.05 * 0.7 * log1p(4.0 / 0.7), 1e-9);
}

/* 20000 steps of OU leave nothing but rounding; the bound holds it and is not much larger. */
static void rounding_is_bounded(void **state)
{
    (void)state;
    enum { FINE = 20000 };
    static gauss path[FINE + 1];
    linear_deviation off;
    linear_case c = {
        .data = {0.0, 1.0}, .forward = sde_ou(2.0), .from = START_EXACT, .c = 0.3};
    assert_int_equal(law_linear(&c, FINE, path, &off), SC_OK);
    assert_near(off.mean, -0.6 * expm1(-2.0), off.rounding.mean);
    assert_true(off.rounding.mean < 1e-11);
    assert_true(off.var == 0.0 && off.rounding.var == 0.0);
}

/* The exact score from a start that is off by D, W at T: R(T) D and R(T)^2 W, however small. */
static void tiny_deviations_keep_their_digits(void **state)
{
    (void)state;
    static gauss path[STEPS + 1];
    linear_deviation off;
    linear_case c = {
        .data = {3.0, 0.5}, .forward = sde_vp(0.1, 20.0, 4.0), .from = START_STANDARD};
    assert_int_equal(law_linear(&c, STEPS, path, &off), SC_OK);
    double s = exp(-0.5 * 40.2), v = 1.0 - 0.5 * s * s, R = s * 0.5 / v;
    assert_close(off.mean, -R * 3.0 * s, 1e-6); /* 5e-18 */
    assert_close(off.var, R * R * (1.0 - v), 1e-6);
}

/* E_{N(m, v)} (a u + c)^2 with u = (m_t - x)/v_t, by 80-node Gauss-Legendre. */
static void error_is_its_expectation(void **state)
{
    (void)state;
    linear_case c = {.data = {1.5, 0.4}, .forward = sde_ou(2.0), .a = 0.3, .c = -0.2};
    gauss law = {0.3, 0.8}, p = law_linear_marginal(&c, 0.5);
    double x[80], w[80], sum = 0.0;
    quad_legendre(80, law.mean - 8.0, law.mean + 8.0, x, w);
    for (int i = 0; i < 80; i++) {
        double z = (x[i] - law.mean) / sqrt(law.var);
        double e = c.a * (p.mean - x[i]) / p.var + c.c;
        sum += w[i] * e * e * exp(-0.5 * z * z) / sqrt(2.0 * SC_PI * law.var);
    }
    assert_near(law_linear_error_under(&c, 0.5, law), sum, 1e-12);
    assert_near(law_linear_error(&c, 0.5), 0.09 / p.var + 0.04, 1e-15);
}

static void path_error_is_the_integral_of_the_error(void **state)
{
    (void)state;
    sde models[] = {sde_vp(0.1, 20.0, 1.0), sde_ve_prime(3.0), sde_cvp(0.1, 2.0, 1.0)};
    for (int i = 0; i < LEN(models); i++) {
        linear_case c = {.data = {1.5, 0.4}, .forward = models[i], .a = 0.3, .c = -0.2};
        double t[80], w[80], sum = 0.0;
        quad_legendre(80, 0.0, models[i].T, t, w);
        for (int k = 0; k < 80; k++)
            sum += w[k] * sde_g2(&models[i], t[k]) * law_linear_error(&c, t[k]);
        assert_close(law_linear_path_error(&c), sum, 1e-12);
    }
}

static void atoms_are_refused(void **state)
{
    (void)state;
    gauss path[2] = {{7.0, 7.0}};
    linear_deviation off = {0};
    linear_case c = {.data = {0.0, 0.0}, .forward = sde_ou(2.0)};
    assert_int_equal(law_linear(&c, 1, path, &off), SC_EDOMAIN);
    assert_near(path[0].mean, 7.0, 0.0);
}

/* Under p_t the error a^2/v_t + c^2 is largest where v_t is least: at 0 for v0 < 1, at T for v0 > 1. */
static void largest_errors(void **state)
{
    (void)state;
    enum { FEW = 10 };
    for (int i = 0; i < 2; i++) {
        linear_case c = {.data = {0.4, i ? 4.0 : 0.25},
                         .forward = sde_vp(0.1, 20.0, 1.0),
                         .from = START_STANDARD,
                         .a = 0.3,
                         .c = 0.2};
        double worst = law_linear_error(&c, i ? 1.0 : 0.0);
        assert_close(law_linear_largest_error(&c, FEW, NULL), worst, 1e-14);
        gauss path[FEW + 1];
        for (int k = 0; k <= FEW; k++)
            path[k] = law_linear_marginal(&c, 1.0 - (double)k / FEW);
        assert_close(law_linear_largest_error(&c, FEW, path), worst, 1e-14);
        path[3].mean -= 50.0;
        double far = law_linear_error_under(&c, 1.0 - 3.0 / FEW, path[3]);
        assert_close(law_linear_largest_error(&c, FEW, path), far, 1e-14);
    }
}

/* The law under VP at B_t, and the standard law and starts. */
static void standard_laws(void **state)
{
    (void)state;
    linear_case c = {.data = {1.5, 0.3}, .forward = sde_vp(0.1, 20.0, 1.0)};
    gauss p = law_linear_marginal(&c, 0.6);
    gauss q = law_vp_gauss(c.data, sde_B(&c.forward, 0.6));
    assert_close(q.mean, p.mean, 1e-14);
    assert_close(q.var, p.var, 1e-14);

    c.from = START_EXACT;
    p = law_linear_marginal(&c, 1.0);
    q = law_linear_start(&c);
    assert_true(q.mean == p.mean && q.var == p.var);
    c.from = START_STANDARD;
    q = law_linear_start(&c);
    assert_true(q.mean == 0.0 && q.var == 1.0);
    assert_true(GAUSS_STANDARD.mean == 0.0 && GAUSS_STANDARD.var == 1.0);
}

/* The rates give the same moments, by another solver. */
static void rates_of_the_linear_case(void **state)
{
    (void)state;
    linear_case c = {.data = {1.5, 0.4},
                     .forward = sde_cvp(0.1, 2.0, 1.0),
                     .from = {START_NORMAL, -0.5, 1.3},
                     .a = 0.3};
    affine_law law;
    gauss exact = closed_form(&c);
    assert_int_equal(
        law_affine(law_linear_rates, &c, 0.0, 1.0, law_linear_start(&c), &law), SC_OK);
    assert_near(enclosure_mid(law.mean), exact.mean, 1e-11);
    assert_near(enclosure_mid(law.var), exact.var, 1e-11);
    double w2 = gauss_w2(exact, (gauss){0.2, 0.09});
    enclosure w2sq = law_affine_w2sq(&law, (gauss){0.2, 0.09});
    assert_near(enclosure_mid(w2sq), w2 * w2, 1e-10);
    assert_true(w2sq.lo <= w2 * w2 && w2 * w2 <= w2sq.hi);
    /* a constant error c adds its propagator's integral to the mean: 1/s_t dn_t for f = 0, v0 = 1 */
    linear_case shift = {GAUSS_STANDARD, sde_brownian(4.0), START_EXACT, .a = 0.0,
                         .c = 0.2};
    assert_int_equal(
        law_affine(law_linear_rates, &shift, 0.0, 4.0, law_linear_start(&shift), &law),
        SC_OK);
    assert_near(enclosure_mid(law.mean), 0.2 * log(5.0), 1e-11);
}

/* bias = 1/(1 + kappa n/s^2) and shift = int g^2 s/(s^2 + kappa n) dt for the processes themselves. */
typedef struct {
    sde e;
    double kappa;
} shift_of;

static double shift_rate(double t, const void *ctx)
{
    const shift_of *p = ctx;
    double s = sde_scale(&p->e, t);
    return sde_g2(&p->e, t) * s / (s * s + p->kappa * sde_var(&p->e, t));
}

static void mean_offsets_are_the_integrals(void **state)
{
    (void)state;
    static const double KAPPA[] = {0.5, 1.0, 4.0};
    const mean_offset_model *const models[] = {&MEAN_OFFSET_VP, &MEAN_OFFSET_CVP,
                                               &MEAN_OFFSET_VE};
    for (int i = 0; i < LEN(models); i++)
        for (int k = 0; k < LEN(KAPPA); k++) {
            shift_of p = {models[i]->forward(3.15), KAPPA[k]};
            double ends[] = {0.0, p.e.T}, shift, err;
            double s = sde_scale(&p.e, p.e.T), n = sde_var(&p.e, p.e.T);
            mean_offset f = models[i]->formula(KAPPA[k], 3.15);
            assert_int_equal(
                quad_adaptive(shift_rate, &p, 2, ends, 0.0, 1e-12, &shift, &err),
                SC_OK);
            assert_close(f.shift, shift, 1e-11);
            assert_close(f.bias, 1.0 / (1.0 + KAPPA[k] * n / (s * s)), 1e-12);
            assert_close(sde_int_g2(&p.e, 0.0, p.e.T), 3.15, 1e-14);

            affine_law law;
            assert_int_equal(
                law_mean_offset_sample(models[i], KAPPA[k], 3.15, 0.7, 0.2, &law),
                SC_OK);
            assert_near(0.7 - enclosure_mid(law.mean), 0.7 * f.bias - 0.2 * shift,
                        1e-11);
        }
}

/* B -> inf: the known limits; VE has none. */
static void mean_offsets_in_the_limit(void **state)
{
    (void)state;
    static const double KAPPA[] = {0.5, 1.0, 2.0, 4.0};
    static const double VP[] = {3.1415926536, 2.0, 1.2464504803, 0.7603459963};
    static const double CVP[] = {1.5206919926, 1.2464504803, 0.9358813101,
                                 0.6456134114};
    for (int i = 0; i < LEN(KAPPA); i++) {
        mean_offset vp = MEAN_OFFSET_VP.formula(KAPPA[i], (double)INFINITY);
        mean_offset cvp = MEAN_OFFSET_CVP.formula(KAPPA[i], (double)INFINITY);
        assert_near(vp.shift, VP[i], 1e-10);
        assert_near(vp.bias, 0.0, 0.0);
        assert_near(cvp.shift, CVP[i], 1e-10);
        assert_close(cvp.bias, 1.0 / (1.0 + KAPPA[i]), 1e-15);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_the_closed_form),
        cmocka_unit_test(exact_score_returns_to_the_data),
        cmocka_unit_test(constant_error_shifts_the_mean),
        cmocka_unit_test(rounding_is_bounded),
        cmocka_unit_test(tiny_deviations_keep_their_digits),
        cmocka_unit_test(error_is_its_expectation),
        cmocka_unit_test(path_error_is_the_integral_of_the_error),
        cmocka_unit_test(atoms_are_refused),
        cmocka_unit_test(largest_errors),
        cmocka_unit_test(standard_laws),
        cmocka_unit_test(rates_of_the_linear_case),
        cmocka_unit_test(mean_offsets_are_the_integrals),
        cmocka_unit_test(mean_offsets_in_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
