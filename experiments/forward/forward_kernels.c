/* forward_kernels -- mean, variance and law of noise of the forward processes.
 *
 * For dX = f(t) X dt + g(t) dB the law of X_t given X_0 = x is N(m_t x, var_t I),
 *
 *     m_t = exp int_0^t f,      var_t = int_0^t (m_t/m_s)^2 g_s^2 ds.
 *
 * 002 (3.1)-(3.17), Karras et al. and Tang & Zhao print both in closed form for OU, VE, VE', VP, subVP, CVP, COU,
 * CsubVP (lib/sde.h has the table), each with a law of noise, and claim (3.15),
 *
 *     (x - x').(f(t,x) - f(t,x')) >= r |x - x'|^2  with r > 0,      for CVP, COU, CsubVP alone.
 *
 * Under exp(-2U/sigma^2), E[-U' phi' + sigma^2 phi''/2] = 0: it is invariant for dX = -U' dt + sigma dB.
 * Controls  variance 1 - e^{-2B}, right for OU (theta = 1): .9185 at B = 1.25; VP has .7146, subVP .5107;
 *           exp(-U/sigma^2) invariant: E is -sigma^2 for phi = x^2; (3.15) for VP: r = -10;
 *           CVP loses its bias: KL(p_T | p_noise) tends to (m^2 + v - log(1 + v))/2 for N(m, v), 2.153 for N(2,1).
 */
#include "catalogue.h"
#include "divergence.h"
#include "xp.h"

#include <math.h>

enum { MEAN, VARIANCE, KOLMOGOROV, ATTRACTION, BELOW, INTEGRALS };
enum { NOISE_RATE = INTEGRALS, CVP_BIAS, CONTRACTION, INVARIANT, OU_VARIANCE };
enum { WRONG_GIBBS = OU_VARIANCE + 1, VP_CONTRACTS, CVP_UNBIASED, BIAS, SENSITIVITY };

/* clang-format off */
static const xp_check CHECKS[] = {
    [MEAN] = {xp_claim, QUADRATURE, "mean", "m_t/(exp int f) - 1 = 0, worst of all parameters and times"},
    [ATTRACTION] = {xp_claim, QUADRATURE, "ou-mean", "(3.1): weight of mu in the mean, (1 - m_t)/(int theta m_t/m_s ds) - 1 = 0"},
    [VARIANCE] = {xp_claim, QUADRATURE, "variance", "var_t/(int (m_t/m_s)^2 g^2 ds) - 1 = 0, worst of all parameters and times"},
    [KOLMOGOROV] = {xp_claim, QUADRATURE, "chapman-kolmogorov", "m_0t/(m_0s m_st) = 1 = var_0t/(m_st^2 var_0s + var_st), var_st by quadrature"},
    [BELOW] = {xp_claim, CLOSED_FORM, "subvp-below-vp", "(1 - var_subVP/var_VP) e^B - 1 = 0, hence var_subVP < var_VP; judged up to B = 10"},
    [NOISE_RATE] = {xp_claim, CLOSED_FORM, "noise-rate", "slope of log KL(p_T | p_noise) in B_T, 10 to 20: -1, -2; VE, in log smax, 5 to 50: -2, -4"},
    [CVP_BIAS] = {xp_claim, CLOSED_FORM, "cvp-bias", "CVP at B_T = 20: KL(p_T | p_noise) = (m^2 + v - log(1 + v))/2 within 1e-7"},
    [CONTRACTION] = {xp_claim, CLOSED_FORM, "contraction", "(3.15): the least r over 1000 pairs and t in [0, T] is that of the closed form of f"},
    [INVARIANT] = {xp_claim, QUADRATURE, "langevin", "E[-U' phi' + sigma^2 phi''/2] = 0 under exp(-2U/sigma^2), U = x^4/4 + a x^2/2 + b x"},
    [OU_VARIANCE] = {xp_control, QUADRATURE, "ou-variance", "var_t = 1 - e^{-2B} at t = .35: .9185 for .7146 (VP), .5107 (subVP)"},
    [WRONG_GIBBS] = {xp_control, QUADRATURE, "langevin-without-2", "E = 0 under exp(-U/sigma^2), phi = x^2: it is -sigma^2"},
    [VP_CONTRACTS] = {xp_control, CLOSED_FORM, "vp-contracts", "(3.15) for VP, subVP with r >= 0: it is -10"},
    [CVP_UNBIASED] = {xp_control, CLOSED_FORM, "cvp-unbiased", "CVP, N(2,1), B_T = 20: KL(p_T | p_noise) <= 1e-3; it is 2.153"},
    [BIAS] = {xp_finding, CLOSED_FORM, "noise-bias", "KL(p_T | p_noise), N(2,1), B_T = 10.05: CsubVP contracts and loses it as fast as VP"},
    [SENSITIVITY] = {xp_finding, CLOSED_FORM, "backward-sensitivity", "1/m_T: growth of the distance of two backward paths, score 0, same noise, B_T = 10.05"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Kernels and laws of noise of the forward processes",
    .statement = "X_t | X_0 = x is N(m_t x, var_t I), m_t and var_t in closed form",
    .sources = "002 (3.1)-(3.17); Song 2021; Karras 2022; Tang & Zhao 2024",
    .columns = "series model x m m_exact var var_exact control kl",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

/* ---- Mean and variance ----------------------------------------------------- */

static const region ZERO = {-1e-10, 1e-10};

/* A closed form of sde.h: exp or expm1 of a number below 70, rounded a few times. */
static enclosure closed(double value) { return enclosure_about(value, 1e-13 * value); }

/* Keeps of a/b - 1 and the worst so far the one that is farther from 0. */
static void compare(enclosure *worst, enclosure a, enclosure b)
{
    enclosure excess = enclosure_sub(enclosure_div(a, b), enclosure_exact(1.0));
    *worst = enclosure_farther(*worst, excess);
}

static void measure(const sde *e, double t, enclosure worst[INTEGRALS])
{
    double s = 0.3 * t;
    enclosure m, var, m_st, var_st, m_0t = closed(sde_scale(e, t));
    TRY(sde_quadrature(e, 0.0, t, 2, &m, &var));
    compare(&worst[MEAN], m_0t, m);
    compare(&worst[VARIANCE], closed(sde_var(e, t)), var);
    TRY(sde_quadrature(e, s, t, 2, &m_st, &var_st));
    m_st = closed(sde_scale_between(e, s, t));
    var = enclosure_add(enclosure_mul(enclosure_mul(m_st, m_st), closed(sde_var(e, s))),
                        var_st);
    compare(&worst[KOLMOGOROV], m_0t, enclosure_mul(closed(sde_scale(e, s)), m_st));
    compare(&worst[KOLMOGOROV], closed(sde_var(e, t)), var);
}

/* The drift theta mu of OU adds mu int theta m_t/m_s ds; f = -theta and g^2 are constant. */
static void measure_ou(const sde *e, double t, enclosure *worst)
{
    double f = sde_f(e, t);
    enclosure m, sum;
    TRY(sde_quadrature(e, 0.0, t, 1, &m, &sum));
    compare(worst, closed(-expm1(f * t)), enclosure_scale(sum, -f / sde_g2(e, t)));
}

/* In doubles 1 - var_subVP/var_VP is e^-B to 1e-11 up to B = 10. */
static void measure_subvp(const sde *sub, double t, enclosure *worst)
{
    const sde vp = sde_vp(sub->bmin, sub->bmax, sub->T);
    double B = sde_B(&vp, t), less = 1.0 - sde_var(sub, t) / sde_var(&vp, t);
    if (B <= 10.0) compare(worst, enclosure_about(less, 1e-15), closed(exp(-B)));
}

static void verify_kernel(xp *x, catalogue_family family, const char *name)
{
    static const double TIMES[] = {0.01, 0.1, 0.35, 0.7, 1.0};
    const bool ou = family == CATALOGUE_OU, subvp = family == CATALOGUE_SUBVP;
    const bool judged[INTEGRALS] = {true, true, true, ou, subvp};
    enclosure worst[INTEGRALS] = {{0.0, 0.0, 0.0}};
    for (long i = 0; i < xp_effort(x, 5, 20) * LEN(TIMES); i++) {
        rng_key key = xp_stream(x, "parameters %ld", i / LEN(TIMES));
        const catalogue_parameters p = catalogue_random_parameters(key, 0);
        const sde e = catalogue_process(family, &p);
        double t = TIMES[i % LEN(TIMES)] * e.T;
        measure(&e, t, worst);
        if (ou) measure_ou(&e, t, &worst[ATTRACTION]);
        if (subvp) measure_subvp(&e, t, &worst[BELOW]);
    }
    for (int k = 0; k < INTEGRALS; k++)
        if (judged[k]) xp_judge(x, k, worst[k], ZERO, "%s", name);
}

/* The standard parameters: the figure; at t = 0.35 the control. */
static void verify_standard(xp *x, const sde *e, bool vp)
{
    for (int i = 1; i <= 40; i++) {
        double t = i / 40.0, wrong = -expm1(-2.0 * sde_B(e, t));
        enclosure m, var, excess = enclosure_exact(0.0);
        TRY(sde_quadrature(e, 0.0, t, 2, &m, &var));
        xp_row(x, "kernel %s %.17g %.17g %.17g %.17g %.17g %.17g nan", sde_name(e), t,
               enclosure_mid(m), sde_scale(e, t), enclosure_mid(var), sde_var(e, t),
               wrong);
        compare(&excess, closed(wrong), var);
        if (i == 14 && vp) xp_judge(x, OU_VARIANCE, excess, ZERO, "%s", sde_name(e));
    }
}

/* ---- Noise and Langevin ---------------------------------------------------- */

/* For the standard parameters r = inf f, and for N(2,1) the slope of log KL(p_T | p_noise) between two values of B_T
   or (VE) log smax; for N(0,1/4) it is twice that. */
/* clang-format off */
static const struct { double r, slope, from, to; } EXPECTED[CATALOGUE_FAMILIES] = {
    [CATALOGUE_OU] = {-1.3, 0.0, 1.0, 1.0},
    [CATALOGUE_VE] = {0.0, -2.0, 1.6094379124341003, 3.9120230054281460}, /* 5, 50 */
    [CATALOGUE_VE_PRIME] = {0.0, 0.0, 1.0, 1.0},
    [CATALOGUE_VP] = {-10.0, -1.0, 10.0, 20.0},
    [CATALOGUE_SUBVP] = {-10.0, -1.0, 10.0, 20.0},
    [CATALOGUE_CVP] = {0.05, 0.0, 10.0, 20.0},
    [CATALOGUE_COU] = {1.3, 0.0, 1.0, 1.0},
    [CATALOGUE_CSUBVP] = {0.05, -1.0, 10.0, 20.0},
};
/* clang-format on */
static const gauss DATA[] = {{2.0, 1.0}, {0.0, 0.25}};

static enclosure noise(catalogue_family family, double u, gauss data)
{
    catalogue_parameters p = CATALOGUE_STANDARD;
    p.T = u / 10.05, p.smax = exp(u);
    const sde e = catalogue_process(family, &p);
    return gauss_noise_kl(data, &e);
}

static void verify_noise(xp *x, catalogue_family family, const char *name)
{
    const double from = EXPECTED[family].from, to = EXPECTED[family].to;
    for (int i = 0; i < LEN(DATA) && to > from; i++) {
        double m = DATA[i].mean, v = DATA[i].var, limit = 0.5 * (m * m + v - log1p(v));
        double slope = (i + 1) * EXPECTED[family].slope;
        enclosure kl = noise(family, to, DATA[i]),
                  before = noise(family, from, DATA[i]);
        enclosure rise = enclosure_sub(enclosure_log(kl), enclosure_log(before));
        if (slope < 0.0)
            xp_judge(x, NOISE_RATE, enclosure_scale(rise, 1.0 / (to - from)),
                     region_about(slope, 0.01), "%s N(%g,%g)", name, m, v);
        else
            xp_judge(x, CVP_BIAS, kl, region_about(limit, 1e-7), "N(%g,%g)", m, v);
        if (slope == 0.0 && i == 0)
            xp_judge(x, CVP_UNBIASED, kl, region_at_most(1e-3), NULL);
    }
}

static void record_noise(xp *x, catalogue_family family, const sde *e)
{
    xp_record(x, BIAS, gauss_noise_kl(DATA[0], e), "%s", sde_name(e));
    xp_record(x, SENSITIVITY, closed(1.0 / sde_scale(e, e->T)), "%s", sde_name(e));
    for (int B = 1; B <= 20; B++)
        xp_row(x, "noise %s %d nan nan nan nan nan %.17g", sde_name(e), B,
               enclosure_mid(noise(family, B, DATA[0])));
}

/* Under an even law E = 0 for sin 2x whatever the law: only b = 1/2 judges it. */
static void verify_langevin(xp *x, double a, double b, double sigma)
{
    const langevin l = {a, b, sigma};
    enclosure drift;
    for (int k = 0; k < (b > 0.0 ? LANGEVIN_TESTS : LANGEVIN_TESTS - 1); k++) {
        TRY(langevin_drift_of(&l, 2.0, &LANGEVIN_TEST[k], &drift));
        xp_judge(x, INVARIANT, drift, ZERO, "a=%g b=%g sigma=%.3g %s", a, b, sigma,
                 LANGEVIN_TEST[k].name);
    }
    TRY(langevin_drift_of(&l, 1.0, &LANGEVIN_TEST[0], &drift));
    xp_judge(x, WRONG_GIBBS, drift, ZERO, "a=%g b=%g sigma=%.3g", a, b, sigma);
}

void xp_run(xp *x)
{
    for (catalogue_family family = 0; family < CATALOGUE_FAMILIES; family++) {
        const sde e = catalogue_process(family, &CATALOGUE_STANDARD);
        const bool vp = family == CATALOGUE_VP || family == CATALOGUE_SUBVP;
        const enclosure r = sde_contraction(&e, xp_stream(x, "pairs"), 1000);
        const double least = EXPECTED[family].r;
        verify_kernel(x, family, sde_name(&e));
        verify_standard(x, &e, vp);
        verify_noise(x, family, sde_name(&e));
        if (EXPECTED[family].to == 20.0) record_noise(x, family, &e);
        xp_judge(x, CONTRACTION, r, region_about(least, 1e-12 * fabs(least)), "%s",
                 sde_name(&e));
        if (vp) xp_judge(x, VP_CONTRACTS, r, region_at_least(0.0), "%s", sde_name(&e));
    }
    static const double U[][2] = {{1.0, 0.0}, {-1.0, 0.0}, {-1.0, 0.5}};
    for (int i = 0; i < LEN(U); i++) {
        verify_langevin(x, U[i][0], U[i][1], 0.7);
        verify_langevin(x, U[i][0], U[i][1], 1.0);
        verify_langevin(x, U[i][0], U[i][1], sqrt(2.0));
    }
}
