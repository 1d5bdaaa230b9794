/* Reference values of the bounds in TV and W2: the linear case by RK4 and the Gaussian closed
   forms must reproduce them to the accuracy they are computed with. */
#include "check.h"
#include "reference.h"

#include "bound.h"

typedef struct {
    const char *id;
    sde forward;
    double mean, a, c; /* data N(mean, 1), score (1 + a) grad log p_t + c */
} linear_reference;

static distances measured(const linear_reference *r, start from)
{
    distances d;
    linear_case c = {.data = {r->mean, 1.0},
                     .forward = r->forward,
                     .from = from,
                     .a = r->a,
                     .c = r->c};
    assert_int_equal(divergence_linear(&c, NULL, &d), SC_OK);
    return d;
}

/* The value lies in the enclosure, which is narrow. */
static void assert_encloses(enclosure e, const char *id)
{
    double value = reference_value("sampling", id);
    double slack = reference_error("sampling", id) + 1e-15 * fabs(value);
    if (!(e.lo - slack <= value && value <= e.hi + slack)) print_error("%s\n", id);
    assert_true(e.lo - slack <= value && value <= e.hi + slack);
    assert_near(enclosure_halfwidth(e), 0.0, 1e-7 * fabs(value));
}

/* Theorem 6.2: N(0, 1), s = -x + eps. */
static void tv_of_a_constant_error(void **state)
{
    (void)state;
    sde vp = sde_vp(0.1, 20.0, 1.0), fast = sde_vp(100.0, 100.0, 0.1);
    linear_reference cases[] = {{"thm62.vp.eps=0.01", vp, 0.0, 0.0, 0.01},
                                {"thm62.vp.eps=0.1", vp, 0.0, 0.0, 0.1},
                                {"thm62.vp.eps=0.5", vp, 0.0, 0.0, 0.5},
                                {"thm62.const.g2=100", fast, 0.0, 0.0, 0.1}};
    for (int i = 0; i < LEN(cases); i++)
        assert_encloses(measured(&cases[i], START_STANDARD).tv, cases[i].id);
    linear_reference brownian = {"thm62.bm", sde_brownian(4.0), 0.0, 0.0, 0.05};
    assert_encloses(measured(&brownian, START_EXACT).tv, brownian.id);
    /* where the score term is sharpest: data N(0, v T) under Brownian motion, eps -> 0 */
    double v = reference_value("sampling", "thm62.tight.vstar"), bound;
    sde e = sde_brownian(4.0);
    enclosure tv;
    assert_int_equal(bound_tv_constant_error(&e, START_EXACT, (gauss){0.0, 4.0 * v},
                                             1e-3, &tv, &bound),
                     SC_OK);
    assert_close(enclosure_mid(tv) / bound,
                 reference_value("sampling", "thm62.tight.ratio"), 1e-6);
}

/* Theorem 6.2, corrected and printed (B) score terms of N(0, 1). */
static void score_terms(void **state)
{
    (void)state;
    static const double EPS[] = {0.01, 0.1, 0.5};
    static const char *const CORRECTED[] = {"thm62.vp.corrected.eps=0.01",
                                            "thm62.vp.corrected.eps=0.1",
                                            "thm62.vp.corrected.eps=0.5"};
    for (int i = 0; i < LEN(EPS); i++) {
        linear_case c = {
            .data = {0.0, 1.0}, .forward = sde_vp(0.1, 20.0, 1.0), .c = EPS[i]};
        double value = reference_value("sampling", CORRECTED[i]);
        assert_close(bound_tv_score(law_linear_path_error(&c)), value, 1e-14);
    }
}

/* Corollary 6.3: TV(p_T, N(0, 1)) for VP, and (6.8). */
static void noise_terms(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        gauss data;
        double B;
    } CASES[] = {{"cor63.mean3", {3.0, 1.0}, 10.05},
                 {"cor63.var4", {0.0, 4.0}, 10.05},
                 {"cor63.mean3.B2", {3.0, 1.0}, 2.0},
                 {"cor63.delta0", {0.0, 0.0}, 2.0},
                 {"cor63.smallT", {0.0, 0.01}, 1.0}};
    for (int i = 0; i < LEN(CASES); i++) {
        enclosure tv = gauss_vp_noise_tv(CASES[i].data, CASES[i].B);
        assert_close(enclosure_mid(tv), reference_value("sampling", CASES[i].id),
                     1e-11);
    }
    assert_close(gauss_kl(law_vp_gauss((gauss){3.0, 0.0}, 2.0), GAUSS_STANDARD),
                 reference_value("sampling", "eq68.exact"), 1e-14);
}

/* Corollary 6.3 for N(0, 1), eps = 0.1, B = 10.05, T = 1: both right-hand sides, and from which B the noise term holds. */
static void corollary_totals(void **state)
{
    (void)state;
    double noise = bound_vp_noise_tv_printed(1.0, 10.05), from;
    assert_close(noise + bound_tv_score(0.01 * 10.05),
                 reference_value("sampling", "cor63.total.corrected"), 1e-14);
    assert_close(noise + bound_tv_score_printed_b(0.1, 1.0),
                 reference_value("sampling", "cor63.total.printed"), 1e-14);
    assert_int_equal(bound_vp_noise_tv_printed_from(1.0, 1, &from), SC_OK);
    assert_close(from, reference_value("sampling", "cor63.Tlarge"), 1e-13);
}

/* Theorem 6.6: N(0, 1), s = -x + 0.1. */
static void w2_of_a_constant_error(void **state)
{
    (void)state;
    linear_reference cases[] = {
        {"thm66.sharp.B=1.005", sde_vp(0.1, 20.0, 0.1), 0.0, 0.0, 0.1},
        {"thm66.sharp.B=10.05", sde_vp(0.1, 20.0, 1.0), 0.0, 0.0, 0.1},
        {"thm66.sharp.B=100.5", sde_vp(0.1, 20.0, 10.0), 0.0, 0.0, 0.1},
        {"thm66.R2", sde_vp(0.5, 0.5, 20.0), 0.0, 0.0, 0.1}};
    for (int i = 0; i < LEN(cases); i++) {
        enclosure w2 = measured(&cases[i], START_STANDARD).w2;
        assert_encloses(enclosure_mul(w2, w2), cases[i].id);
    }
}

/* Theorem 6.6: N(0, 1), s = -(1 - theta) x. */
static void w2_of_a_slope_error(void **state)
{
    (void)state;
    sde vp = sde_vp(0.1, 20.0, 1.0);
    linear_reference cases[] = {{"thm66.slope.th=0.2", vp, 0.0, -0.2, 0.0},
                                {"thm66.slope.th=0.3", vp, 0.0, -0.3, 0.0},
                                {"thm66.slope.th=0.4", vp, 0.0, -0.4, 0.0},
                                {"thm66.slope.th=0.5", vp, 0.0, -0.5, 0.0},
                                {"thm66.slope.th=0.6", vp, 0.0, -0.6, 0.0}};
    for (int i = 0; i < LEN(cases); i++) {
        enclosure w2 = measured(&cases[i], START_STANDARD).w2;
        assert_encloses(enclosure_mul(w2, w2), cases[i].id);
    }
}

/* Theorem 6.6: N(3, 1), exact score, beta = 0.1 + 19.9 t^p. */
static void w2_of_power_schedules(void **state)
{
    (void)state;
    static const double P[] = {1.0, 2.0, 3.0, 9.0};
    static const char *const ID[] = {"thm66.power1.W2sq", "thm66.power2.W2sq",
                                     "thm66.power3.W2sq", "thm66.power9.W2sq"};
    for (int i = 0; i < LEN(P); i++) {
        linear_reference r = {ID[i], sde_vp_power(0.1, 20.0, P[i], 1.0), 3.0, 0.0, 0.0};
        enclosure w2 = measured(&r, START_STANDARD).w2;
        assert_encloses(enclosure_mul(w2, w2), ID[i]);
    }
    sde cubic = sde_vp_power(0.1, 20.0, 3.0, 1.0);
    assert_close(bound_vp_w2sq_noise_printed(&cubic, 10.0, 0.01, 1.0),
                 reference_value("sampling", "thm66.power3.printedRHS"), 1e-12);
    double w2 = gauss_w2(law_vp_gauss((gauss){0.0, 0.0}, 1.0), GAUSS_STANDARD);
    assert_close(w2 * w2, reference_value("sampling", "thm66.quarter"), 1e-14);
}

/* Theorem 6.5: OU, N(0, 1), s = -x + 0.1, and the bound at its best h, known to many digits. */
static void w2_under_a_lipschitz_score(void **state)
{
    (void)state;
    static const double T[] = {1.0, 3.0};
    static const double H[] = {0.29031406229143751814, 0.087948761020925507739};
    static const char *const TRUTH[] = {"thm65.ou.T=1.0", "thm65.ou.T=3.0"};
    static const char *const BOUND[] = {"thm65.ou.bound.T=1.0", "thm65.ou.bound.T=3.0"};
    for (int i = 0; i < LEN(T); i++) {
        linear_reference r = {TRUTH[i], sde_ou(T[i]), 0.0, 0.0, 0.1};
        enclosure w2 = measured(&r, START_STANDARD).w2;
        assert_encloses(enclosure_mul(w2, w2), TRUTH[i]);
        linear_case c = {{0.0, 1.0}, sde_ou(T[i]), START_STANDARD, 0.0, 0.1};
        bound_lipschitz b = bound_lipschitz_linear(&c);
        double log_least, value = reference_value("sampling", BOUND[i]);
        assert_close(exp(bound_lipschitz_log(&b, H[i])), value, 1e-13);
        assert_int_equal(bound_lipschitz_least(&b, &log_least), SC_OK);
        assert_close(exp(log_least), value, 1e-13);
    }
}

/* CVP from N(0, e^B - 1), exact score, N(2, 1): the mean is off by 2/(2 - q), q = e^{-B}, the variance
   e^B - 1 - (2 e^B - 1) = -e^B at the start, times e^B/(2 e^B - 1)^2 at the end. */
static void bias_of_contractive_models(void **state)
{
    (void)state;
    static const double B[] = {1.0, 20.0};
    static const char *const ID[] = {"cvp.bias.B=1.0", "cvp.bias.B=20.0"};
    for (int i = 0; i < LEN(B); i++) {
        linear_reference r = {ID[i], sde_cvp(B[i], B[i], 1.0), 2.0, 0.0, 0.0};
        start noise = {START_NORMAL, 0.0, sde_prior_var(&r.forward)};
        assert_encloses(measured(&r, noise).w2, ID[i]);
    }
    /* "cvp.bias.B=5.0", which the collection lacks */
    linear_reference r = {"", sde_cvp(5.0, 5.0, 1.0), 2.0, 0.0, 0.0};
    start noise = {START_NORMAL, 0.0, sde_prior_var(&r.forward)};
    double q = exp(-5.0), mean = 2.0 / (2.0 - q), var = 1.0 - 1.0 / pow(2.0 - q, 2.0);
    assert_close(enclosure_mid(measured(&r, noise).w2), hypot(mean, 1.0 - sqrt(var)),
                 1e-10);
    assert_near(hypot(mean, 1.0 - sqrt(var)), 1.0124151, 5e-8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tv_of_a_constant_error),
        cmocka_unit_test(score_terms),
        cmocka_unit_test(noise_terms),
        cmocka_unit_test(corollary_totals),
        cmocka_unit_test(w2_of_a_constant_error),
        cmocka_unit_test(w2_of_a_slope_error),
        cmocka_unit_test(w2_of_power_schedules),
        cmocka_unit_test(w2_under_a_lipschitz_score),
        cmocka_unit_test(bias_of_contractive_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
