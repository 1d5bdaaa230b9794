/* Exact laws: the recursion against steps worked out by hand and known values, the density and the
   flow against the recursion, the continuous law against its closed form. */
#include "check.h"
#include "reference.h"

#include "divergence.h"
#include "timegrid.h"

enum { MAX_STEPS = 64 };

/* A chain with uniform steps; the times live in `t`. */
static chain uniform_chain(const target *data, const sde *e, const sampler *scheme,
                           int steps, double t[MAX_STEPS + 1])
{
    timegrid_uniform(e->T, 0.0, steps, t);
    return (chain){.data = data,
                   .forward = e,
                   .scheme = scheme,
                   .from = START_STANDARD,
                   .steps = steps,
                   .t = t};
}

static target *mixture(void)
{
    gmm *g = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    target *p = target_mixture(g);
    gmm_free(g);
    return p;
}

static void recursion_has_the_reference_values(void **state)
{
    (void)state;
    target *G = target_gauss(0.7, 0.49), *unit = target_gauss(0.0, 1.0);
    gauss data = {0.7, 0.49}, one = {0.0, 1.0}, law;
    sde ou = sde_ou(2.0);
    double t[MAX_STEPS + 1];
    chain c = uniform_chain(G, &ou, &SAMPLER_EI, 20, t);
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    assert_close(gauss_kl(data, law), reference_value("sampling", "g.OU.EI.20.KL"),
                 1e-12);
    assert_close(gauss_tv(data, law), reference_value("sampling", "g.OU.EI.20.TV"),
                 1e-12);
    assert_close(gauss_w2(data, law), reference_value("sampling", "g.OU.EI.20.W2"),
                 1e-12);
    c.scheme = &SAMPLER_EULER;
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    assert_close(gauss_tv(data, law), reference_value("sampling", "g.OU.ODE-E.20.TV"),
                 1e-12);
    static const char *const STATIONARY[] = {"ei.stationary.N=10", "ei.stationary.N=20",
                                             "ei.stationary.N=40"};
    for (int i = 0; i < LEN(STATIONARY); i++) {
        c = uniform_chain(unit, &ou, &SAMPLER_EI, 10 << i, t);
        assert_int_equal(law_gauss(&c, &law), SC_OK);
        assert_close(gauss_kl(one, law), reference_value("sampling", STATIONARY[i]),
                     1e-11);
    }
    target_free(G);
    target_free(unit);
}

/* One step of EI-ODE from p_T: the slope e^T - (e^T - 1)/v_T cancels to {1 - e^-T (1 - v)}/v_T. */
static void rounding_of_a_step_that_cancels(void **state)
{
    (void)state;
    double v = 1e-8, T = 22.0, t[MAX_STEPS + 1];
    double var_T = 1.0 - exp(-2.0 * T) * (1.0 - v), slope = 1.0 - exp(-T) * (1.0 - v);
    target *p = target_gauss(0.06, v);
    sde ou = sde_ou(T);
    chain c = uniform_chain(p, &ou, &SAMPLER_EI_ODE, 1, t);
    c.from = START_EXACT;
    gauss law, error;
    assert_int_equal(law_gauss_bounded(&c, &law, &error), SC_OK);
    assert_near(law.var, slope * slope / var_T, error.var);
    assert_true(error.var < 1e-5);
    target_free(p);
}

/* One step of Heun and of EI2 for N(0, v) by hand: with l = -1/v_t the slope of the score. */
static void schemes_of_two_evaluations(void **state)
{
    (void)state;
    double v = 0.36, h = 0.3, t[2] = {0.5, 0.5 - h};
    sde ou = sde_ou(2.0);
    target *p = target_gauss(0.0, v);
    double l0 = -1.0 / (exp(-1.0) * v + 1.0 - exp(-1.0));
    double l1 = -1.0 / (exp(-0.4) * v + 1.0 - exp(-0.4));
    chain c = {.data = p,
               .forward = &ou,
               .scheme = &SAMPLER_HEUN,
               .from = {START_NORMAL, 0.8, 0.5},
               .steps = 1,
               .t = t};
    gauss law;
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    double k0 = 1.0 + l0, k1 = 1.0 + l1; /* -f + g^2 l/2 */
    double A = 1.0 + 0.5 * h * (k0 + k1 * (1.0 + h * k0));
    assert_close(law.mean, 0.8 * A, 1e-14);
    assert_close(law.var, 0.5 * A * A, 1e-14);

    c.scheme = &SAMPLER_EI2;
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    double a = exp(h), b = 2.0 * (exp(h) - 1.0), q = exp(2.0 * h) - 1.0;
    A = a + 0.5 * b * (l0 + l1 * (a + b * l0));
    double B = sqrt(q) * (1.0 + 0.5 * b * l1); /* the same noise twice */
    assert_close(law.mean, 0.8 * A, 1e-13);
    assert_close(law.var, 0.5 * A * A + B * B, 1e-13);
    target_free(p);
}

/* 2000 corrections of fixed size eps reach N(0, v/(1 - eps/(2v))). */
static void corrector_has_its_stationary_law(void **state)
{
    (void)state;
    double eps = 0.1, v = 0.49, t[2] = {1e-9, 0.0};
    sde ou = sde_ou(2.0);
    target *p = target_gauss(0.0, v);
    sampler pc =
        sampler_predictor_corrector(&SAMPLER_EM, 2000, sampler_eps_fixed, &eps);
    chain c = {.data = p,
               .forward = &ou,
               .scheme = &pc,
               .from = {START_NORMAL, 0.0, 3.0},
               .steps = 1,
               .t = t};
    gauss law;
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    assert_close(law.var, v / (1.0 - eps / (2.0 * v)), 1e-12);
    assert_near(law.mean, 0.0, 1e-15);
    target_free(p);
}

static void shift_score(const void *ctx, double t, long n, const double *x, double *s)
{
    (void)t, (void)x;
    for (long i = 0; i < n; i++) s[i] = 1.2 * s[i] + *(const double *)ctx;
}

static void bend_score(const void *ctx, double t, long n, const double *x, double *s)
{
    (void)t;
    for (long i = 0; i < n; i++) s[i] += *(const double *)ctx * sin(3.0 * x[i]);
}

static void density_agrees_with_the_recursion(void **state)
{
    (void)state;
    target *G = target_gauss(0.7, 0.49);
    sde vp = sde_vp(0.1, 20.0, 1.0);
    double t[MAX_STEPS + 1], c0 = 0.1, evaluations = 0.0;
    double h = vp.T / 64;
    sampler pc = sampler_predictor_corrector(&SAMPLER_EM, 1, sampler_eps_fixed, &h);
    const sampler *schemes[] = {&SAMPLER_EM, &SAMPLER_EI, &SAMPLER_DDPM_BETA, &pc};
    law_rules r = law_rules_for(G);
    for (int i = 0; i < 2 * LEN(schemes); i++) {
        chain c = uniform_chain(G, &vp, schemes[i / 2], 64, t);
        if (i % 2) {
            c.perturb = shift_score;
            c.perturb_ctx = &c0;
        }
        gauss law;
        line *l = NULL;
        assert_int_equal(law_gauss(&c, &law), SC_OK);
        assert_int_equal(law_density(&c, &r, &l, &evaluations), SC_OK);
        assert_near(line_mass(l), 1.0, 1e-13);
        gauss moments = line_moments(l);
        assert_near(moments.mean, law.mean, 1e-13);
        assert_near(moments.var, law.var, 1e-13);
        assert_close(line_density(l, 0.3),
                     exp(-0.5 * (0.3 - law.mean) * (0.3 - law.mean) / law.var) /
                         sqrt(2.0 * SC_PI * law.var),
                     1e-12);
        assert_true(evaluations > 1e4);
        line_free(l);
    }
    target_free(G);
}

static void what_is_not_affine_or_has_no_kernel(void **state)
{
    (void)state;
    target *G = target_gauss(0.7, 0.49), *M = mixture();
    sde ou = sde_ou(2.0);
    double t[MAX_STEPS + 1], size = 0.1;
    gauss law = {-1.0, -1.0};
    line *l = NULL;
    law_rules r = law_rules_for(M);
    chain c = uniform_chain(G, &ou, &SAMPLER_EM, 8, t);
    c.perturb = bend_score;
    c.perturb_ctx = &size;
    assert_int_equal(law_gauss(&c, &law), SC_EDOMAIN);
    assert_near(law.var, -1.0, 0.0);
    c.perturb = NULL;
    c.data = M;
    assert_int_equal(law_gauss(&c, &law), SC_EDOMAIN);
    const sampler *none[] = {&SAMPLER_EI2, &SAMPLER_DDIM, &SAMPLER_HEUN};
    for (int i = 0; i < LEN(none); i++) {
        c.scheme = none[i];
        assert_int_equal(law_density(&c, &r, &l, NULL), SC_EDOMAIN);
    }
    c.scheme = &SAMPLER_DDPM; /* q = 0 in the step to t = 0 */
    assert_int_equal(law_density(&c, &r, &l, NULL), SC_EDOMAIN);
    assert_null(l);
    target_free(G);
    target_free(M);
}

/* M, OU T = 1, EI, N = 3: 30-digit arithmetic. */
static void density_has_the_known_value(void **state)
{
    (void)state;
    target *M = mixture();
    sde ou = sde_ou(1.0);
    double t[MAX_STEPS + 1];
    chain c = uniform_chain(M, &ou, &SAMPLER_EI, 3, t);
    law_rules r = law_rules_for(M);
    r.c = 0.1;
    line *l = NULL;
    assert_int_equal(law_density(&c, &r, &l, NULL), SC_OK);
    assert_close(line_density(l, 0.3), 0.28465922457348432488, 1e-13);
    line_free(l);
    target_free(M);
}

static void flow_of_gaussian_data_is_affine(void **state)
{
    (void)state;
    target *G = target_gauss(0.7, 0.49);
    sde vp = sde_vp(0.1, 20.0, 1.0);
    const sampler *schemes[] = {&SAMPLER_EI_ODE, &SAMPLER_DDIM, &SAMPLER_EULER,
                                &SAMPLER_HEUN, &SAMPLER_RK4};
    double t[MAX_STEPS + 1];
    for (int i = 0; i < LEN(schemes); i++) {
        chain c = uniform_chain(G, &vp, schemes[i], 64, t);
        gauss law;
        flow *f = NULL;
        assert_int_equal(law_gauss(&c, &law), SC_OK);
        assert_int_equal(law_flow(&c, 1001, &f), SC_OK);
        for (long j = 0; j < f->n; j += 100) {
            assert_near(f->F[j], law.mean + sqrt(law.var) * f->z[j], 1e-12);
            assert_close(f->dF[j], sqrt(law.var), 1e-12);
        }
        flow_free(f);
    }
    target_free(G);
}

/* Without steps of the scheme in between, F maps N(0,1) to p_T: its mass is carried over. The
   derivative is that of the map also after the steps. */
static void flow_carries_its_derivative(void **state)
{
    (void)state;
    target *M = mixture();
    sde ou = sde_ou(0.5);
    double t[MAX_STEPS + 1];
    chain c = uniform_chain(M, &ou, &SAMPLER_HEUN, 32, t);
    c.from.kind = START_PT;
    flow *f = NULL;
    assert_int_equal(law_flow(&c, 8001, &f), SC_OK);
    for (long j = 2000; j < 6000; j += 250) {
        double slope =
            (8.0 * (f->F[j + 1] - f->F[j - 1]) - (f->F[j + 2] - f->F[j - 2])) /
            (12.0 * f->dw);
        assert_close(f->dF[j] * f->dz[j], slope, 1e-8);
    }
    flow_free(f);
    target_free(M);
}

/* One Euler step over int beta = 0.07 when beta is growing like t^3: F' = -0.3. */
static void a_step_too_long_folds_the_line(void **state)
{
    (void)state;
    target *p = target_gauss(0.0, 1e-4);
    sde vp = sde_vp_power(0.1, 20.0, 3.0, 1.0);
    double t[2] = {0.3, 0.0};
    chain c = {.data = p,
               .forward = &vp,
               .scheme = &SAMPLER_EULER,
               .from = START_STANDARD,
               .steps = 1,
               .t = t};
    flow *f = NULL;
    assert_int_equal(law_flow(&c, 1001, &f), SC_ECONVERGENCE);
    assert_null(f);
    target_free(p);
}

/* Gaussian data: N(m + Phi (mu - s_T m), v + Phi^2 (w - v_T)), Phi = s_T v/v_T. */
static void continuous_law(void **state)
{
    (void)state;
    target *G = target_gauss(0.7, 0.49), *M = mixture();
    sde vp = sde_vp(0.1, 4.0, 1.0);
    double s = sde_scale(&vp, 1.0), v = s * s * 0.49 + sde_var(&vp, 1.0),
           phi = s * 0.49 / v;
    line *l = NULL;
    assert_int_equal(
        law_continuous(G, &vp, (start){START_NORMAL, 0.4, 1.3}, 0.0, 1.0, &l), SC_OK);
    double mean = 0.7 + phi * (0.4 - s * 0.7), var = 0.49 + phi * phi * (1.3 - v);
    assert_near(line_mass(l), 1.0, 1e-13);
    gauss moments = line_moments(l);
    assert_near(moments.mean, mean, 1e-13);
    assert_near(moments.var, var, 1e-13);
    line_free(l);

    double u[] = {0.0, 0.25};
    for (int i = 0; i < LEN(u); i++) {
        assert_int_equal(law_continuous(M, &vp, START_EXACT, u[i], 1.0, &l), SC_OK);
        double m = sde_scale(&vp, u[i]), s2 = sde_var(&vp, u[i]);
        for (long j = 0; j < l->n; j += 50) {
            double x = l->x0 + (double)j * l->dx, logp;
            target_score(M, m, s2, 1, &x, &logp, NULL, NULL);
            assert_near(l->p[j], exp(logp), 1e-13);
        }
        line_free(l);
    }
    target_free(G);
    target_free(M);
}

/* Degree 7 is reproduced, also next to the ends. */
static void interpolation(void **state)
{
    (void)state;
    line *l = line_new(-1.0, 0.125, 17);
    for (long j = 0; j < l->n; j++) l->p[j] = 1.0 + pow(l->x0 + (double)j * l->dx, 7);
    double x[] = {-1.0, -0.97, 0.03, 0.99, 1.0};
    for (int i = 0; i < LEN(x); i++)
        assert_near(line_density(l, x[i]), 1.0 + pow(x[i], 7), 1e-13);
    for (int i = 0; i < LEN(x); i++)
        for (int j = i; j < LEN(x); j++)
            assert_near(line_mass_within(l, x[i], x[j]),
                        x[j] - x[i] + 0.125 * (pow(x[j], 8) - pow(x[i], 8)), 1e-14);
    assert_near(line_mass_within(l, -(double)INFINITY, 0.5),
                1.5 + 0.125 * (pow(0.5, 8) - 1.0), 1e-14);
    assert_near(line_mass_within(l, 1.5, (double)INFINITY), 0.0, 0.0);
    assert_near(line_mass_within(l, 0.5, -0.5), 0.0, 0.0);
    line_free(l);
}

/* Steps of length eps for N(0, v) reach N(0, v/(1 - eps/(2v))), from wherever they start. */
static void langevin_has_its_stationary_law(void **state)
{
    (void)state;
    double eps = 0.1, v = 0.49, t[MAX_STEPS + 1];
    target *p = target_gauss(0.0, v);
    sde still;
    chain c = chain_langevin(p, eps, MAX_STEPS, &still, t);
    assert_close(still.T, MAX_STEPS * eps, 1e-15);
    assert_close(sde_scale(&still, 0.3) * sde_scale(&still, 0.3) * v +
                     sde_var(&still, 0.3),
                 v, 1e-15);
    c.from = (start){START_NORMAL, 0.4, 0.3};
    gauss law;
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    double kept = pow(1.0 - eps / v, MAX_STEPS), end = v / (1.0 - eps / (2.0 * v));
    assert_near(law.mean, 0.4 * kept, 1e-13);
    assert_near(law.var, end + kept * kept * (0.3 - end), 1e-12);
    target_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recursion_has_the_reference_values),
        cmocka_unit_test(rounding_of_a_step_that_cancels),
        cmocka_unit_test(schemes_of_two_evaluations),
        cmocka_unit_test(corrector_has_its_stationary_law),
        cmocka_unit_test(density_agrees_with_the_recursion),
        cmocka_unit_test(what_is_not_affine_or_has_no_kernel),
        cmocka_unit_test(density_has_the_known_value),
        cmocka_unit_test(flow_of_gaussian_data_is_affine),
        cmocka_unit_test(flow_carries_its_derivative),
        cmocka_unit_test(a_step_too_long_folds_the_line),
        cmocka_unit_test(continuous_law),
        cmocka_unit_test(interpolation),
        cmocka_unit_test(langevin_has_its_stationary_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
