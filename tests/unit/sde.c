/* Every closed form against quadrature of its definition; Chapman-Kolmogorov; the reference kernels;
 * small steps without cancellation. */
#include "sde.h"

#include "check.h"
#include "reference.h"

#include <string.h>

/* Every family, with parameters that are not special. */
enum { FAMILIES = 11 };
static void families(sde *e)
{
    e[0] = sde_ou(2.0);
    e[1] = sde_ou_general(1.3, 0.8, 2.0);
    e[2] = sde_vp(0.1, 20.0, 1.0);
    e[3] = sde_vp_power(0.3, 7.0, 2.5, 1.7);
    e[4] = sde_subvp(0.1, 20.0, 1.0);
    e[5] = sde_cvp(0.1, 2.0, 1.3);
    e[6] = sde_ve(0.02, 5.0, 1.5);
    e[7] = sde_ve_prime(10.0);
    e[8] = sde_brownian(3.0);
    e[9] = sde_cou(1.3, 0.8, 2.0);
    e[10] = sde_csubvp(0.1, 6.0, 1.2);
}

/* Fractions of T: u <= t. */
static const double PAIRS[][2] = {{0.0, 0.01}, {0.0, 0.35}, {0.0, 1.0},
                                  {0.1, 0.12}, {0.2, 0.7},  {0.65, 1.0}};

/* Equal to 1e-11, and inside the enclosure but for rounding. */
static void assert_encloses(enclosure e, double value)
{
    assert_close(value, enclosure_mid(e), 1e-11);
    assert_true(e.lo - 1e-13 * value <= value && value <= e.hi + 1e-13 * value);
}

static void closed_forms(void **state)
{
    (void)state;
    sde e[FAMILIES];
    families(e);
    for (int i = 0; i < FAMILIES; i++)
        for (int j = 0; j < LEN(PAIRS); j++) {
            double u = PAIRS[j][0] * e[i].T, t = PAIRS[j][1] * e[i].T;
            double alpha = sde_scale_between(&e[i], u, t);
            enclosure scale, noise;
            assert_int_equal(sde_quadrature(&e[i], u, t, 0, &scale, &noise), SC_OK);
            assert_encloses(scale, alpha);
            assert_encloses(noise, sde_int_g2(&e[i], u, t));
            assert_int_equal(sde_quadrature(&e[i], u, t, 1, &scale, &noise), SC_OK);
            assert_encloses(noise, alpha * sde_int_ei(&e[i], u, t, 1));
            assert_int_equal(sde_quadrature(&e[i], u, t, 2, &scale, &noise), SC_OK);
            assert_encloses(noise, alpha * alpha * sde_int_ei(&e[i], u, t, 2));
            assert_encloses(noise, sde_var_between(&e[i], u, t));
        }
}

/* The kernel from 0: s_t, n_t, B_t of the table in the header. */
static void kernels_from_zero(void **state)
{
    (void)state;
    sde vp = sde_vp(0.1, 20.0, 1.0), subvp = sde_subvp(0.1, 20.0, 1.0);
    sde cvp = sde_cvp(0.1, 20.0, 1.0), ve = sde_ve(0.01, 50.0, 2.0);
    sde csubvp = sde_csubvp(0.1, 20.0, 1.0), cou = sde_cou(1.3, 0.8, 1.0);
    for (int i = 0; i <= 8; i++) {
        double t = i / 8.0;
        double B = 0.1 * t + 9.95 * t * t, r = pow(50.0 / 0.01, 1.0 / 2.0);
        assert_close(sde_B(&vp, t), B, 1e-14);
        assert_close(sde_scale(&subvp, t), exp(-0.5 * B), 1e-13);
        assert_close(sde_scale(&cvp, t), exp(0.5 * B), 1e-13);
        assert_near(sde_var(&vp, t), 1.0 - exp(-B), 1e-14);
        assert_near(sde_var(&subvp, t), pow(1.0 - exp(-B), 2), 1e-14);
        assert_close(sde_var(&cvp, t), exp(B) - 1.0, 1e-11);
        assert_close(sde_scale(&csubvp, t), exp(0.5 * B), 1e-13);
        assert_close(sde_var(&csubvp, t), pow(exp(B) - 1.0, 2), 1e-11);
        assert_close(sde_scale(&cou, t), exp(1.3 * t), 1e-13);
        assert_close(sde_var(&cou, t), 0.64 / 2.6 * (exp(2.6 * t) - 1.0), 1e-13);
        assert_close(sde_var(&ve, t), 1e-4 * (pow(r, 2.0 * t) - 1.0), 1e-12);
        assert_true(sde_B(&ve, t) == 0.0 && sde_scale(&ve, t) == 1.0);
    }
}

static void chapman_kolmogorov(void **state)
{
    (void)state;
    sde e[FAMILIES];
    families(e);
    for (int i = 0; i < FAMILIES; i++) {
        double r = 0.13 * e[i].T, u = 0.4 * e[i].T, t = 0.9 * e[i].T;
        double alpha = sde_scale_between(&e[i], u, t);
        assert_close(sde_scale_between(&e[i], r, t),
                     sde_scale_between(&e[i], r, u) * alpha, 1e-13);
        assert_close(sde_var_between(&e[i], r, t),
                     alpha * alpha * sde_var_between(&e[i], r, u) +
                         sde_var_between(&e[i], u, t),
                     1e-13);
    }
}

static void references(void **state)
{
    (void)state;
    double t = 0.35;
    sde ou = sde_ou_general(1.3, 0.8, 2.0);
    sde cvp = sde_cvp(0.1, 20.0, 1.0);
    assert_close(sde_var(&ou, t), reference_value("sampling", "fwd.OU"), 1e-15);
    assert_close(sde_scale(&ou, t), reference_value("sampling", "fwd.OU.mean"), 1e-15);
    assert_close(sde_scale(&SDE_VP, t), reference_value("sampling", "fwd.VP.mean"),
                 1e-15);
    assert_close(sde_var(&SDE_SUBVP, t), reference_value("sampling", "fwd.subVP"),
                 1e-15);
    assert_close(sde_var(&SDE_VP, t), 0.7146032609790648, 1e-15);
    assert_close(sde_var(&cvp, t), 2.503894275143226, 1e-15);
    sde csubvp = sde_csubvp(0.1, 20.0, 1.0), cou = sde_cou(1.3, 0.8, 1.0);
    assert_close(sde_var(&csubvp, t), 6.269486541095021, 1e-15);
    assert_close(sde_var(&cou, t), 0.3653717005254933, 1e-15);
    assert_close(sde_int_ei(&SDE_SUBVP, 0.4, 0.5, 1),
                 reference_value("sampling", "psi.subVP.correct"), 1e-14);
    assert_close(sde_int_ei(&SDE_VP, 0.4, 0.5, 1),
                 reference_value("sampling", "psi.VP.correct"), 1e-14);
}

/* The variance of DDPM's chain from v0 = 0.3 less that of VP, and the limit of N (sqrt(a_n) - e^{-B/2}), by two steps of
   Richardson. */
static void ddpm_chain(void **state)
{
    (void)state;
    double B = sde_B(&SDE_VP, 0.25), error[3];
    double gap = exp(sde_log_alpha_bar(&SDE_VP, 160, 40)) - exp(-B);
    assert_close(-0.7 * gap, reference_value("sampling", "ddpm.chain.N160"), 1e-13);
    for (int k = 0; k < 3; k++) {
        long N = 4096L << k;
        double gap_of_log = sde_log_alpha_bar(&SDE_VP, N, N / 4) + B;
        error[k] = (double)N * exp(-0.5 * B) * expm1(0.5 * gap_of_log);
    }
    double first = 2.0 * error[1] - error[0], second = 2.0 * error[2] - error[1];
    assert_close((4.0 * second - first) / 3.0,
                 reference_value("sampling", "ddpm.chain.limit"), 1e-9);
    /* beta constant: a_n = (1 - beta/N)^n, at any number of steps */
    assert_close(sde_log_alpha_bar(&SDE_OU, 1000000, 1000000), 1000000.0 * log1p(-4e-6),
                 1e-15);
}

/* (s_u/s_r) of (6.19) against the printed (s_r/s_t): only subVP tells them apart. */
static void printed_psi_differs_on_subvp_only(void **state)
{
    (void)state;
    double printed = reference_value("sampling", "psi.subVP.printed");
    assert_true(fabs(sde_int_ei(&SDE_SUBVP, 0.4, 0.5, 1) / printed - 1.0) > 2e-3);
    printed = reference_value("sampling", "psi.VP.printed");
    assert_close(sde_int_ei(&SDE_VP, 0.4, 0.5, 1), printed, 1e-14);
}

/* int_0^D e^{kb/2} (1 - e^{-2(B+b)}) db and int_0^D e^{-kb/2} (e^{2(B+b)} - 1) db term by term, D = 65 included:
   there quadrature with a fixed number of nodes is useless. */
static void sub_closed_form(void **state)
{
    (void)state;
    sde plus[] = {SDE_SUBVP, sde_subvp(1.0, 25.0, 5.0)};
    sde minus[] = {sde_csubvp(0.1, 20.0, 1.0), sde_csubvp(1.0, 25.0, 5.0)};
    for (int i = 0; i < LEN(plus); i++) {
        double u = 0.3, t = plus[i].T;
        double B = sde_B(&plus[i], u), D = sde_B(&plus[i], t) - B, keep = exp(-2.0 * B);
        assert_close(sde_int_g2(&plus[i], u, t), D - keep * (1.0 - exp(-2.0 * D)) / 2.0,
                     1e-13);
        assert_close(sde_int_ei(&plus[i], u, t, 1),
                     2.0 * expm1(D / 2.0) - keep * (1.0 - exp(-1.5 * D)) / 1.5, 1e-13);
        assert_close(sde_int_ei(&plus[i], u, t, 2), expm1(D) - keep * (1.0 - exp(-D)),
                     1e-13);
        assert_close(sde_int_g2(&minus[i], u, t), expm1(2.0 * D) / keep / 2.0 - D,
                     1e-13);
        assert_close(sde_int_ei(&minus[i], u, t, 1),
                     expm1(1.5 * D) / keep / 1.5 + 2.0 * expm1(-D / 2.0), 1e-13);
        assert_close(sde_int_ei(&minus[i], u, t, 2), expm1(D) / keep + expm1(-D),
                     1e-13);
    }
}

/* To leading order in h every integral over [u, u + h] is g^2(u) h, to full relative accuracy. */
static void tiny_steps(void **state)
{
    (void)state;
    sde e[FAMILIES];
    families(e);
    double h = ldexp(1.0, -44), u = 0.5;
    for (int i = 0; i < FAMILIES; i++) {
        double leading = sde_g2(&e[i], u) * h;
        assert_close(sde_int_g2(&e[i], u, u + h), leading, 1e-11);
        assert_close(sde_var_between(&e[i], u, u + h), leading, 1e-11);
        assert_close(sde_int_ei(&e[i], u, u + h, 1), leading, 1e-11);
        assert_close(sde_int_ei(&e[i], u, u + h, 2), leading, 1e-11);
    }
    double t = 1e-9; /* near 0: VP n_t = B_t, subVP n_t = B_t^2 */
    assert_close(sde_var(&SDE_VP, t), sde_B(&SDE_VP, t), 1e-9);
    assert_close(sde_var(&SDE_SUBVP, t), pow(sde_B(&SDE_SUBVP, t), 2), 1e-9);
}

/* The least of f over [0, T], of either sign. */
static void contraction(void **state)
{
    (void)state;
    sde e[] = {sde_cou(1.3, 0.8, 2.0), sde_vp(0.1, 20.0, 1.0), sde_cvp(0.1, 2.0, 1.3),
               sde_ve(0.02, 5.0, 1.5)};
    const double least[] = {1.3, -10.0, 0.05, 0.0};
    for (int i = 0; i < LEN(e); i++) {
        enclosure r = sde_contraction(&e[i], rng_key_of(1, "pairs"), 100);
        assert_true(r.lo <= least[i] && least[i] <= r.hi);
        assert_true(enclosure_halfwidth(r) <= 1e-13 * fabs(least[i]));
    }
}

/* Integrating by parts, E[U' phi'] = (sigma^2/c) E phi'' under exp(-c U/sigma^2): the drift of phi is
   (1/2 - 1/c) sigma^2 E phi'', whatever the potential; for x^2 with E phi'' = 2. */
static void langevin_drifts(void **state)
{
    (void)state;
    static const langevin CASES[] = {
        {1.0, 0.0, 0.7}, {-1.0, 0.5, 1.0}, {-2.0, -1.0, 1.5}};
    static const double c[] = {1.0, 2.0, 4.0};
    enclosure mean;
    for (int i = 0; i < LEN(CASES); i++)
        for (int j = 0; j < LEN(c); j++) {
            double expected = (1.0 - 2.0 / c[j]) * CASES[i].sigma * CASES[i].sigma;
            assert_int_equal(
                langevin_drift_of(&CASES[i], c[j], &LANGEVIN_TEST[0], &mean), SC_OK);
            assert_near(enclosure_mid(mean), expected, 1e-12);
            assert_true(enclosure_halfwidth(mean) < 1e-10);
            assert_true(mean.lo <= expected && expected <= mean.hi);
        }
    for (int k = 0; k < LANGEVIN_TESTS; k++) { /* the derivatives are a pair */
        double lo, hi, at, second, skip;
        LANGEVIN_TEST[k].derivatives(0.7 - 1e-5, &lo, &skip);
        LANGEVIN_TEST[k].derivatives(0.7 + 1e-5, &hi, &skip);
        LANGEVIN_TEST[k].derivatives(0.7, &at, &second);
        assert_near((hi - lo) / 2e-5, second, 1e-8);
    }
}

static void priors_and_names(void **state)
{
    (void)state;
    sde e[FAMILIES];
    families(e);
    static const char *const NAMES[FAMILIES] = {"OU",       "OU",  "VP",    "VP",
                                                "subVP",    "CVP", "VE",    "VE-linear",
                                                "Brownian", "COU", "CsubVP"};
    double B = 0.5 * 1.3 * (0.1 + 2.0), ou = 0.64 / 2.6;
    double prior[FAMILIES] = {1.0,
                              ou,
                              1.0,
                              1.0,
                              1.0,
                              expm1(B),
                              25.0 - 0.0004,
                              100.0,
                              3.0,
                              ou * expm1(5.2),
                              pow(expm1(0.6 * 6.1), 2)};
    for (int i = 0; i < FAMILIES; i++) {
        assert_string_equal(sde_name(&e[i]), NAMES[i]);
        assert_close(sde_prior_var(&e[i]), prior[i], 1e-13);
    }
    assert_true(SDE_OU.T == 2.0 && sde_f(&SDE_OU, 0.3) == -1.0 &&
                sde_g2(&SDE_OU, 0.3) == 2.0);
    assert_true(SDE_CVP.T == 1.0 && sde_f(&SDE_CVP, 1.0) == 1.0);
    assert_true(SDE_VE_PRIME.T == 10.0 && sde_g2(&SDE_VE_PRIME, 3.0) == 6.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(kernels_from_zero),
        cmocka_unit_test(chapman_kolmogorov),
        cmocka_unit_test(references),
        cmocka_unit_test(ddpm_chain),
        cmocka_unit_test(printed_psi_differs_on_subvp_only),
        cmocka_unit_test(sub_closed_form),
        cmocka_unit_test(tiny_steps),
        cmocka_unit_test(contraction),
        cmocka_unit_test(langevin_drifts),
        cmocka_unit_test(priors_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
