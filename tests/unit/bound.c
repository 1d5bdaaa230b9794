/* The right-hand sides against what they must equal or exceed. */
#include "check.h"
#include "reference.h"

#include "bound.h"
#include "divergence.h"
#include "quad.h"

/* Convexity of KL is an equality for an atom: TV bound = sqrt(KL/2). */
static void noise_of_an_atom(void **state)
{
    (void)state;
    for (int i = 1; i <= 4; i++) {
        double B = 0.5 * i;
        gauss p = law_vp_gauss((gauss){3.0, 0.0}, B), normal = GAUSS_STANDARD;
        double tv = bound_vp_noise_tv(9.0, 1, B), w2sq = bound_vp_noise_w2sq(9.0, 1, B);
        assert_close(2.0 * tv * tv, gauss_kl(p, normal), 1e-13);
        assert_close(w2sq, gauss_w2(p, normal) * gauss_w2(p, normal), 1e-13);
        /* (6.8) is printed twice too large */
        assert_close(bound_vp_kernel_kl_printed(9.0, 1, B), 2.0 * gauss_kl(p, normal),
                     1e-13);
    }
    assert_close(2.0 * pow(bound_vp_noise_tv(9.0, 1, 2.0), 2.0),
                 reference_value("sampling", "eq68.exact"), 1e-13);
    assert_close(bound_vp_noise_w2sq(0.0, 1, 1.0),
                 reference_value("sampling", "thm66.quarter"), 1e-13);
}

/* d independent coordinates: squares of both bounds add. */
static void coordinates_add(void **state)
{
    (void)state;
    double one = bound_vp_noise_tv(0.7, 1, 1.3), all = bound_vp_noise_tv(2.1, 3, 1.3);
    assert_close(all * all, 3.0 * one * one, 1e-13);
    assert_close(bound_vp_noise_w2sq(2.1, 3, 1.3),
                 3.0 * bound_vp_noise_w2sq(0.7, 1, 1.3), 1e-13);
    assert_close(bound_vp_noise_w2sq_printed(2.1, 3, 1.3),
                 3.0 * bound_vp_noise_w2sq_printed(0.7, 1, 1.3), 1e-13);
    assert_close(bound_vp_noise_w2sq_printed(8.0, 8, log(2.0)), 4.5, 1e-15);
    assert_close(bound_vp_kernel_kl_printed(2.1, 3, 1.3),
                 3.0 * bound_vp_kernel_kl_printed(0.7, 1, 1.3), 1e-13);
}

/* N(0, 1/kappa) at B has the precision kappa_s; u_VP(T) of (6.15) from it, kappa = 0.8. */
static double u_rate(double t, const void *none)
{
    (void)none;
    sde vp = sde_vp(0.1, 20.0, 1.0);
    return sde_g2(&vp, t) * (1.3 - 2.0 * bound_vp_concavity(0.8, sde_B(&vp, t)));
}

static void concavity_of_a_gauss(void **state)
{
    (void)state;
    double q = exp(-0.4), ends[] = {0.0, 1.0}, u, err;
    assert_close(bound_vp_concavity(3.0, 0.4), 1.0 / (q / 3.0 + 1.0 - q), 1e-14);
    assert_int_equal(quad_adaptive(u_rate, NULL, 2, ends, 0.0, 1e-12, &u, &err), SC_OK);
    assert_close(u, reference_value("sampling", "thm66.uVP.kappa=0.8"), 1e-11);
    assert_close(u, bound_vp_exponent(0.8, 0.15, 10.05), 1e-11);
}

/* The noise terms where q = e^{-B} or 1 - q is tiny, of an atom at 0: TV and W2^2 -> q/sqrt(8) and q^2/4, or
   (-(1 + log B)/4)^{1/2} and (1 - sqrt(B))^2 to first order; u_VP where e^B overflows, -B/2 - 2 log kappa. */
static void ends_of_the_clock(void **state)
{
    (void)state;
    assert_close(bound_vp_noise_tv(0.0, 1, 60.0), exp(-60.0) / sqrt(8.0), 1e-14);
    assert_close(bound_vp_noise_tv(0.0, 1, 5.0),
                 0.5 * sqrt(-(exp(-5.0) + log1p(-exp(-5.0)))), 1e-12);
    assert_close(bound_vp_noise_w2sq(0.0, 1, 60.0), 0.25 * exp(-120.0), 1e-14);
    assert_close(bound_vp_noise_tv(0.0, 1, 1e-12), 0.5 * sqrt(-(1.0 + log(1e-12))),
                 1e-12);
    assert_close(bound_vp_noise_w2sq(0.0, 1, 1e-12), 1.0 - 2e-6, 2e-12);
    assert_close(bound_vp_exponent(2.0, 0.25, 1e3), -500.0 - 2.0 * log(2.0), 1e-14);
}

/* kappa >= 1, B -> inf: inf_h eps^2/(2h(1 - 2h)) = 4 eps^2 at h = 1/4; B = 0 gives
   the distance to the start. */
static void w2_bound(void **state)
{
    (void)state;
    assert_close(bound_vp_w2sq_least(2.0, 5.0, 1, 500.0, 0.01), 0.04, 1e-12);
    assert_close(bound_vp_w2sq(1.0, 5.0, 1, 3.0, 0.01, 0.25),
                 exp(-1.5) * bound_vp_noise_w2sq(5.0, 1, 3.0) + 0.04, 1e-13);
    /* at the smallest h the noise term decays fastest, e^{-0.98 B} */
    assert_close(bound_vp_w2sq_least(1.0, 5.0, 1, 3.0, 0.0),
                 exp(-0.98 * 3.0) * bound_vp_noise_w2sq(5.0, 1, 3.0), 1e-12);
    assert_close(bound_vp_w2sq_least(0.7, 5.0, 1, 500.0, 0.01),
                 0.01 / (2.0 * 0.1 * 0.2), 1e-12);
}

/* kappa_s is the concavity of N(0, 1/kappa): no excess. N(0, 1/(2 kappa)) is more concave than said. */
static void excess_of_a_gauss(void **state)
{
    (void)state;
    static const double B[] = {0.3, 1.0};
    target *same = target_gauss(0.5, 0.5), *narrow = target_gauss(0.5, 0.25);
    enclosure none = bound_vp_concavity_excess(same, 2.0, LEN(B), B);
    assert_true(fabs(none.lo) < 1e-9 && fabs(none.hi) < 1e-9);
    double gap = bound_vp_concavity(2.0, 1.0) - bound_vp_concavity(4.0, 1.0);
    assert_true(gap > bound_vp_concavity(2.0, 0.3) - bound_vp_concavity(4.0, 0.3));
    assert_near(bound_vp_concavity_excess(narrow, 2.0, LEN(B), B).hi, gap, 1e-9);
    target_free(same);
    target_free(narrow);
}

/* A constant error c under VP: the path error is c^2 B. */
static void tv_of_linear_cases(void **state)
{
    (void)state;
    linear_case c = {.data = {0.0, 1.0},
                     .forward = sde_vp(2.0, 2.0, 4.5),
                     .from = START_EXACT,
                     .c = 0.1};
    assert_close(bound_tv_linear(&c, BOUND_TV), 0.05 * 3.0, 1e-14);
    assert_close(bound_tv_linear(&c, BOUND_TV_PRINTED_A), 0.05 * sqrt(4.5), 1e-14);
    assert_close(bound_tv_linear(&c, BOUND_TV_PRINTED_B), 0.1 * 1.5, 1e-14);
    /* what p_T is away from the start is added */
    c.from = (start){START_NORMAL, 0.3, 1.0};
    double noise = erf(0.3 / sqrt(8.0));
    assert_close(bound_tv_linear(&c, BOUND_TV), noise + 0.15, 1e-12);
    /* a slope error is largest at 0 for v0 < 1, at T for v0 > 1 */
    linear_case slope = {.data = {0.0, 0.25}, .forward = c.forward, .a = 0.1};
    assert_close(bound_tv_linear(&slope, BOUND_TV_PRINTED_A), 0.1 * sqrt(4.5), 1e-14);
    slope.data.var = 4.0;
    double v_T = 1.0 + 3.0 * exp(-9.0);
    assert_close(bound_tv_linear(&slope, BOUND_TV_PRINTED_B), 0.15 / sqrt(v_T), 1e-14);
}

/* The trials: a constant error eps under VP from p_T shifts the mean by 2 eps (1 - e^{-B/2}); exact score from
   N(0, 1) to N(1, 1): the mean stays off by e^{-B}, of the variance nothing. */
static void trials(void **state)
{
    (void)state;
    linear_case c = {.data = {0.0, 1.0},
                     .forward = sde_vp(2.0, 2.0, 1.0),
                     .from = START_EXACT,
                     .c = 0.1};
    enclosure e = {NAN, NAN, 0.0};
    double bound[BOUND_W2_FORMS + BOUND_TV_FORMS], gap = 0.2 * -expm1(-1.0);
    assert_int_equal(bound_tv_trial(&c, &e, bound), SC_OK);
    assert_close(enclosure_mid(e), erf(gap / sqrt(8.0)), 1e-10);
    for (int b = 0; b < BOUND_TV_FORMS; b++)
        assert_close(bound[b], bound_tv_linear(&c, b), 1e-15);
    double alone;
    assert_int_equal(
        bound_tv_constant_error(&c.forward, c.from, c.data, c.c, &e, &alone), SC_OK);
    assert_close(alone, 0.05 * sqrt(2.0), 1e-14);
    assert_close(enclosure_mid(e), erf(gap / sqrt(8.0)), 1e-10);

    c.from = START_STANDARD;
    c.a = -0.1;
    assert_int_equal(bound_w2_trial(&c, &e, bound), SC_OK);
    assert_true(bound[BOUND_W2_ALONG_V] != bound[BOUND_W2_ALONG_P]);
    assert_true(isnan(bound[BOUND_W2_ALONG_P_STEEPER]));
    c.a = 0.0;
    assert_int_equal(bound_w2_trial(&c, &e, bound), SC_OK);
    assert_close(enclosure_mid(e), gap * gap, 1e-9);
    assert_close(bound[BOUND_W2_ALONG_V], bound[BOUND_W2_ALONG_P_STEEPER], 1e-9);
    assert_int_equal(bound_w2_noise_trial(&c, &e, bound), SC_OK);
    assert_close(enclosure_mid(e), exp(-4.0), 1e-9);
    assert_close(bound[0], 2.0 * exp(-4.0), 1e-14);
    assert_close(bound[1], 10.0 / 9.0 * exp(-4.0), 1e-14);
}

/* Every one lies above what is printed; by how much where the entry says so. */
static void failures(void **state)
{
    (void)state;
    bound_failure f[BOUND_TV_FAILURES];
    bound_tv_failures(f);
    for (int i = 0; i < LEN(f); i++) assert_true(f[i].value.lo > 1.05 * f[i].printed);
    assert_close(enclosure_mid(f[4].value) / f[4].printed, 2.54, 5e-3);
    assert_close(f[0].printed, 0.5 * f[1].printed, 1e-15);
}

static void w2_failures(void **state)
{
    (void)state;
    bound_failure f[BOUND_W2_FAILURES];
    assert_int_equal(bound_w2_failures(f), SC_OK);
    for (int i = 0; i < LEN(f); i++)
        assert_true(f[i].value.lo > f[i].printed + 0.2 * fabs(f[i].printed));
    assert_close(enclosure_mid(f[0].value), reference_value("sampling", "thm66.R2"),
                 1e-9);
    assert_close(enclosure_mid(f[2].value),
                 reference_value("sampling", "thm66.uVP.kappa=1.0"), 1e-14);
    assert_close(f[2].printed,
                 reference_value("sampling", "thm66.uVP.printed.kappa=1.0"), 1e-15);
    assert_close(enclosure_mid(f[3].value),
                 reference_value("sampling", "thm66.quarter"), 1e-14);
    assert_close(f[1].printed, 0.01, 1e-4);
}

/* Reading A holds for the certified TV before its B, and fails after. */
static void a_reading_fails(void **state)
{
    (void)state;
    bound_threshold t[BOUND_TV_THRESHOLDS];
    assert_int_equal(bound_tv_thresholds(t), SC_OK);
    assert_true(1.96 < t[0].B && t[0].B < 1.98 && 4.34 < t[1].B && t[1].B < 4.36);
    assert_close(t[1].B, reference_value("sampling", "thm62.threshold"), 1e-14);
    assert_close(t[2].B, reference_value("sampling", "cor63.Tlarge"), 1e-13);
    assert_true(law_shift_tv("0.0001", "1.96").hi <
                bound_tv_score_printed_a(1e-4, 1.0));
    assert_true(law_shift_tv("0.0001", "1.98").lo >
                bound_tv_score_printed_a(1e-4, 1.0));
    assert_true(law_shift_tv("0.0001", "4.34").hi <
                bound_tv_score_printed_b(1e-4, 1.0));
    assert_true(law_shift_tv("0.0001", "4.36").lo >
                bound_tv_score_printed_b(1e-4, 1.0));
}

/* Both noise terms are equal there; before, the printed one is the smaller. */
static void printed_noise_term(void **state)
{
    (void)state;
    static const double M2[] = {0.01, 1.0, 9.0};
    static const int D[] = {1, 1, 3};
    for (int i = 0; i < LEN(M2); i++) {
        double B;
        assert_int_equal(bound_vp_noise_tv_printed_from(M2[i], D[i], &B), SC_OK);
        assert_close(bound_vp_noise_tv_printed(M2[i], B),
                     bound_vp_noise_tv(M2[i], D[i], B), 1e-12);
        assert_true(bound_vp_noise_tv_printed(M2[i], 0.9 * B) <
                    bound_vp_noise_tv(M2[i], D[i], 0.9 * B));
        assert_true(bound_vp_noise_tv_printed(M2[i], 1.1 * B) >
                    bound_vp_noise_tv(M2[i], D[i], 1.1 * B));
    }
    assert_close(bound_vp_noise_tv_printed(8.0, 2.0 * log(2.0)), 1.0, 1e-15);
    /* q = 1 to the last bit: B ~ e^{-(1 + m2)} */
    double B;
    assert_int_equal(bound_vp_noise_tv_printed_from(100.0, 1, &B), SC_OK);
    assert_close(B, exp(-101.0), 1e-12);
}

/* N(3, 1), B = 4, a slope error a: a^2 along p_t, a^2 (1 + 1) along laws that are off by 1. */
static void w2_of_linear_cases(void **state)
{
    (void)state;
    linear_case c = {.data = {3.0, 1.0},
                     .forward = sde_vp(2.0, 2.0, 2.0),
                     .from = START_STANDARD,
                     .a = 0.5};
    gauss path[3];
    for (int k = 0; k < LEN(path); k++) path[k] = law_linear_marginal(&c, 2.0 - k);
    path[1].mean -= 1.0;
    assert_close(bound_vp_w2sq_linear(&c, 2, NULL),
                 bound_vp_w2sq_least(1.0, 10.0, 1, 4.0, 0.25), 1e-13);
    assert_close(bound_vp_w2sq_linear(&c, 2, path),
                 bound_vp_w2sq_least(1.0, 10.0, 1, 4.0, 0.5), 1e-13);
    c.data.var = 0.8;
    c.a = 0.0;
    assert_close(bound_vp_w2sq_linear(&c, 2, NULL),
                 bound_vp_w2sq_least(1.25, 9.8, 1, 4.0, 0.0), 1e-13);
    c.data.var = 2.0; /* kappa = 1/2 */
    assert_true(isnan(bound_vp_w2sq_linear(&c, 2, NULL)));
}

/* bmin = 1, bmax = 3, T = 2, h = 1/4: e^{-5} (m2 + rest e^{-2}). */
static void printed_w2_noise_term(void **state)
{
    (void)state;
    sde e = sde_vp(1.0, 3.0, 2.0);
    assert_close(bound_vp_w2sq_noise_printed(&e, 10.0, 0.25, 0.0), 10.0 * exp(-5.0),
                 1e-14);
    assert_close(bound_vp_w2sq_noise_printed(&e, 10.0, 0.25, 7.0),
                 exp(-5.0) * (10.0 + 7.0 * exp(-2.0)), 1e-14);
}

/* The bound as printed, its integrals by quadrature: CVP, u and the score term in forward time. */
static double score_term(double t, const void *ctx)
{
    const double *k = ctx; /* 2 (L + h - 1/2) */
    sde e = sde_cvp(0.1, 2.0, 1.5);
    return sde_g2(&e, t) * exp(*k * sde_B(&e, t));
}

static void lipschitz_bound(void **state)
{
    (void)state;
    sde e = sde_cvp(0.1, 2.0, 1.5);
    bound_lipschitz b = {0.3, 0.02, 1.7, 0.5, sde_B(&e, e.T)};
    double h = 0.4, k = 2.0 * (1.7 + h - 0.5), ends[] = {0.0, 1.5}, term, err, least;
    assert_int_equal(quad_adaptive(score_term, &k, 2, ends, 0.0, 1e-12, &term, &err),
                     SC_OK);
    assert_close(exp(bound_lipschitz_log(&b, h)),
                 0.3 * exp(k * b.G) + 0.02 / (2.0 * h) * term, 1e-11);
    /* k = 0, and an exponential that overflows */
    b.L = 0.1;
    assert_close(exp(bound_lipschitz_log(&b, 0.4)), 0.3 + 0.02 / 0.8 * b.G, 1e-12);
    b.L = 1e4;
    assert_close(bound_lipschitz_log(&b, 1.0), 2.0 * (1e4 + 0.5) * b.G, 1e-3);
    /* k < 0, G -> infinity: eps^2/(2h (-k)), least at h = (pull - L)/2; no score error: the least h */
    bound_lipschitz away = {0.0, 0.01, 1.0, 3.0, 50.0};
    assert_int_equal(bound_lipschitz_least(&away, &least), SC_OK);
    assert_close(exp(least), 0.01 / 4.0, 1e-12);
    bound_lipschitz exact = {0.5, 0.0, 1.0, -0.5, 0.2};
    assert_int_equal(bound_lipschitz_least(&exact, &least), SC_OK);
    assert_close(exp(least), 0.5 * exp(2.0 * 1.501 * 0.2), 1e-12);
    /* a short clock: h would be 1/(2G) = 50 */
    bound_lipschitz brief = {0.0, 0.02, 0.1, 0.0, 0.01};
    assert_int_equal(bound_lipschitz_least(&brief, &least), SC_OK);
    assert_close(least, bound_lipschitz_log(&brief, 10.0), 1e-13);
    exact.w2sq_start = (double)NAN;
    assert_int_equal(bound_lipschitz_least(&exact, &least), SC_EDOMAIN);
    b = (bound_lipschitz){(double)NAN, 0.02, 1.7, 0.5, 1.0};
    assert_int_equal(bound_lipschitz_least(&b, &least), SC_EDOMAIN);
    b = (bound_lipschitz){0.3, -0.02, 1.7, 0.5, 1.0};
    assert_int_equal(bound_lipschitz_least(&b, &least), SC_EDOMAIN);
}

/* OU, N(0, 2): v_t falls to 1 + e^{-2}; the score N(0, 2), slope off by a. Its trial. */
static void lipschitz_bound_of_a_linear_case(void **state)
{
    (void)state;
    linear_case c = {{0.0, 2.0}, sde_ou(1.0), START_STANDARD, .a = 0.5, .c = 0.1};
    double v_T = 1.0 + exp(-2.0), w2 = sqrt(v_T) - 1.0, least, bound;
    bound_lipschitz b = bound_lipschitz_linear(&c);
    assert_close(b.w2sq_start, w2 * w2, 1e-12);
    assert_close(b.L, 1.5 / v_T, 1e-14);
    assert_close(b.eps2, 0.25 / v_T + 0.01, 1e-14);
    c.a = -1.5;
    assert_close(bound_lipschitz_linear(&c).L, 0.5 / v_T, 1e-14);
    c.a = 0.5;
    assert_near(b.pull, -0.5, 0.0);
    assert_near(b.G, 2.0, 1e-15);
    distances d;
    enclosure ratio;
    assert_int_equal(divergence_linear(&c, NULL, &d), SC_OK);
    assert_int_equal(bound_lipschitz_least(&b, &least), SC_OK);
    assert_int_equal(bound_lipschitz_trial(&c, &ratio, &bound), SC_OK);
    double truth = enclosure_mid(d.w2);
    assert_close(enclosure_mid(ratio) / bound, truth * truth / exp(least), 1e-9);
}

/* N(m, v) has the Lipschitz constant 1/v_t; 1/2 N(-2, 1) + 1/2 N(2, 1): (log p)''(0) = -1 + 4. */
static void lipschitz_constant_of_the_score(void **state)
{
    (void)state;
    target *narrow = target_gauss(0.3, 0.25);
    sde e = sde_ou(0.5);
    assert_close(bound_score_lipschitz(narrow, &e), 4.0, 1e-9);
    target_free(narrow);
    target *wide = target_gauss(0.3, 4.0);
    assert_close(bound_score_lipschitz(wide, &e), 1.0 / (1.0 + 3.0 * exp(-1.0)), 1e-9);
    target_free(wide);
    gmm *p = gmm_new_equal(2, 1, (double[]){-2.0, 2.0}, 1.0);
    target *wells = target_mixture(p);
    assert_close(bound_score_lipschitz(wells, &e), 3.0, 1e-5);
    target_free(wells);
    gmm_free(p);
}

/* int beta kappa_s = log(1 + kappa - kappa e^{-B}), kappa_s of N(0, 1/kappa) under CVP. */
static double cvp_concavity(double B, const void *kappa)
{
    double k = *(const double *)kappa;
    return k / (exp(B) * (1.0 + k) - k);
}

static void contractive_bound(void **state)
{
    (void)state;
    double kappa = 0.7, ends[] = {0.0, 2.5}, u, err, h = 0.1;
    assert_int_equal(
        quad_adaptive(cvp_concavity, &kappa, 2, ends, 0.0, 1e-12, &u, &err), SC_OK);
    assert_close(bound_cvp_w2sq(kappa, 3.0, 2.5, 0.04, h),
                 3.0 * exp(2.0 * h * 2.5 - 2.0 * u) + 0.04 / (2.0 * h * 0.8), 1e-11);
    /* without data the least is at h = 1/4, without an error at the least h */
    assert_close(bound_cvp_w2sq_least(kappa, 0.0, 2.5, 0.04), 0.16, 1e-13);
    assert_close(bound_cvp_w2sq_least(kappa, 3.0, 2.5, 0.0), 3.0 * exp(0.05 - 2.0 * u),
                 1e-11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_an_atom),
        cmocka_unit_test(coordinates_add),
        cmocka_unit_test(concavity_of_a_gauss),
        cmocka_unit_test(ends_of_the_clock),
        cmocka_unit_test(w2_bound),
        cmocka_unit_test(excess_of_a_gauss),
        cmocka_unit_test(tv_of_linear_cases),
        cmocka_unit_test(trials),
        cmocka_unit_test(failures),
        cmocka_unit_test(w2_failures),
        cmocka_unit_test(a_reading_fails),
        cmocka_unit_test(printed_noise_term),
        cmocka_unit_test(w2_of_linear_cases),
        cmocka_unit_test(printed_w2_noise_term),
        cmocka_unit_test(lipschitz_bound),
        cmocka_unit_test(lipschitz_bound_of_a_linear_case),
        cmocka_unit_test(lipschitz_constant_of_the_score),
        cmocka_unit_test(contractive_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
