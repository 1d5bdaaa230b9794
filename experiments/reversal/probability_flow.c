/* probability_flow -- the flow has the marginals of the SDE, and the memory of a bijection.
 *
 * 002 Theorem 5.1. If dX = f dt + g dB has the law p_t and a = g g^T, the solution of
 *
 *     dX/dt = v(t, X),   v = f - 1/2 div a - 1/2 a grad log p_t,   X_0 ~ p_0,            (5.1)
 *
 * has the law p_t, but not the joint laws of the SDE. For the flow map phi_t of v
 *     (i)   log p_t(phi_t(x)) + int_0^t div v(r, phi_r(x)) dr = log p_0(x),
 *     (ii)  F_t(phi_t(x)) = F_0(x) on the line,
 *     (iii) log phi_t(x) = m_t + s_t z with constant z for geometric Brownian motion, where div a != 0.
 *
 * A bijection keeps TV, KL and chi^2: started from p_noise at T, the flow ends as far from p_0 as p_noise is from p_T.
 * The SDE contracts. Data N(m, 1/k), zeta^2 = n_T/s_T^2: the mean is off by |m|/sqrt(1 + k zeta^2) after the flow, by
 * |m|/(1 + k zeta^2) after the SDE. Data N(0, v0): Corr(X_0, X_T) is 1 and s_T sqrt(v0/v_T).
 *
 * Controls  the whole score instead of half: OU from N(0,1) ends with variance e^{-2T} = 0.1353 for 1. Without div a:
 *           log x of GBM gains 2 s_T (s_T - s_0) = 1.1715729 on average. "The flow forgets like the SDE": at T = 1
 *           TV 0.0427110 <= 0.0158751.
 */
#include "probability_flow.h"
#include "catalogue.h"
#include "diffusion.h"
#include "divergence.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

enum { DENSITY, QUANTILE, LOGNORMAL, MEMORY, CONTRACTS, MEAN, CORRELATION, WRONG_BY };
enum { FULL_SCORE = WRONG_BY + 1, NO_DIV, FORGETS, RATIO };

/* clang-format off */
static const xp_check CHECKS[] = {
    [DENSITY] = {xp_claim, QUADRATURE, "density-along-lines", "(i) log p_t + int div v = log p_0 along a line, worst of the lines"},
    [QUANTILE] = {xp_claim, QUADRATURE, "quantiles", "(ii) F_t(phi_t(x)) = F_0(x), worst of the lines"},
    [LOGNORMAL] = {xp_claim, QUADRATURE, "lognormal-lines", "(iii) GBM: log x_t = m_t + s_t z with constant z, worst of the lines"},
    [MEMORY] = {xp_claim, QUADRATURE, "memory", "D(flow's end, p_0) = D(p_noise, p_T), D = TV, KL, chi^2; difference"},
    [CONTRACTS] = {xp_claim, EXACT_LAW, "sde-contracts", "TV(flow's end, p_0) - TV(SDE's end, p_0) >= 1e-9 (your target: >= -1e-9)"},
    [MEAN] = {xp_claim, QUADRATURE, "mean-error", "error of the mean is |m|/sqrt(1 + k zeta^2) (flow), |m|/(1 + k zeta^2) (SDE), relative"},
    [CORRELATION] = {xp_claim, QUADRATURE, "correlation", "Corr(X_0, X_T) = 1 (flow), s_T sqrt(v0/v_T) < 1 (SDE)"},
    [WRONG_BY] = {xp_claim, QUADRATURE, "wrong-by", "the controls are wrong by the amounts stated"},
    [FULL_SCORE] = {xp_control, QUADRATURE, "full-score", "v = f - a grad log p: OU from N(0,1) ends with variance 0.1353 for 1"},
    [NO_DIV] = {xp_control, QUADRATURE, "without-div-a", "v = f - 1/2 a grad log p: log x of GBM is off by 1.1715729"},
    [FORGETS] = {xp_control, QUADRATURE, "flow-forgets", "TV(flow's end, p_0) <= TV(SDE's end, p_0): it is 2.7 times that at T = 1"},
    [RATIO] = {xp_finding, EXACT_LAW, "memory-ratio", "M, OU: TV of the SDE's end over TV of the flow's"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "The probability flow has the marginals of the SDE, and forgets nothing",
    .statement = "dX/dt = f - div a/2 - a grad log p_t/2, X_0 ~ p_0, has the law p_t",
    .sources = "002 Theorem 5.1, (5.1)-(5.10); Song et al. 2021",
    .columns = "series t x y z",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const region ZERO = {-1e-8, 1e-8};

static region near(double value) { return region_about(value, 1e-9); }

/* ---- Mixtures ------------------------------------------------------------------------- */

enum { STARTS = 81 };

/* 81 points of [-4, 4], 9 x 9 of its square, or draws of the user's law. */
static void starts(xp *x, const gmm *p, double *at)
{
    const int d = gmm_dim(p), side = d == 1 ? STARTS : 9;
    for (int k = 0; k < STARTS * d; k++)
        at[k] = -4.0 + 8.0 * (k % d ? k / d / side : k / d % side) / (side - 1.0);
    if (p == xp_target(x)) gmm_sample(p, xp_stream(x, "starts"), 0, STARTS, at, d);
}

static void verify_lines(xp *x, const gmm *p, const char *name)
{
    const sde models[] = {sde_ou(1.0), sde_vp(0.1, 20.0, 1.0), sde_ve(0.01, 10.0, 1.0),
                          sde_subvp(0.1, 20.0, 1.0), sde_cvp(0.1, 20.0, 1.0)};
    enclosure density, quantile, *on_line = gmm_dim(p) == 1 ? &quantile : NULL;
    double *at = NEW_ARRAY(double, (long)STARTS *gmm_dim(p));
    starts(x, p, at);
    for (int i = 0; i < 2 * LEN(models); i++) {
        const sde *e = &models[i / 2];
        const double t = i % 2 ? 1.0 : 0.2;
        TRY(probability_flow_residual(p, e, t, STARTS, at, &density, on_line));
        xp_judge(x, DENSITY, density, ZERO, "%s %s t=%g", name, sde_name(e), t);
        if (on_line)
            xp_judge(x, QUANTILE, quantile, ZERO, "%s %s t=%g", name, sde_name(e), t);
    }
    free(at);
}

/* From N(0, 1) at T; chi^2 is left out where it is infinite. */
static void verify_memory(xp *x, const gmm *p, double T)
{
    static const char *const NAMES[] = {"TV", "KL", "chi2"};
    const sde ou = sde_ou(T);
    target *data = target_mixture(p), *noise = target_gauss(0.0, 1.0);
    const reference at_T = {data, sde_scale(&ou, T), sde_var(&ou, T)};
    const reference standard = {noise, 1.0, 0.0};
    enclosure in[3], out[3];
    distances end;
    int n = 3;
    if (divergence_between(&at_T, &standard, &in[1], &in[0], &in[2]) != SC_OK) n = 2;
    if (n == 2) TRY(divergence_between(&at_T, &standard, &in[1], &in[0], NULL));
    TRY(probability_flow_output(p, &ou, 1.0, &out[1], &out[0],
                                n == 3 ? &out[2] : NULL));
    TRY(divergence_continuous(data, &ou, START_STANDARD, 0.0, &end));
    for (int k = 0; k < n; k++)
        xp_judge(x, MEMORY, enclosure_sub(out[k], in[k]),
                 region_about(0.0, 1e-7 * fmax(1.0, enclosure_mid(in[k]))), "%s T=%g",
                 NAMES[k], T);
    xp_judge(x, CONTRACTS, enclosure_sub(out[0], end.tv),
             region_at_least(xp_target(x) ? -1e-9 : 1e-9), "T=%g", T);
    if (xp_target(x) == NULL) {
        xp_judge(x, FORGETS, out[0], region_at_most(end.tv.hi), "T=%g", T);
        xp_record(x, RATIO, enclosure_div(end.tv, out[0]), "T=%g", T);
    }
    xp_row(x, "tv %g %.17g %.17g %.17g", T, enclosure_mid(in[0]), enclosure_mid(out[0]),
           enclosure_mid(end.tv));
    target_free(noise), target_free(data);
}

/* 13 lines of M that start at -2.4, -2.05, .. 1.8, and p_t. */
static void draw_lines(xp *x, const gmm *p)
{
    const sde ou = sde_ou(2.0);
    target *data = target_mixture(p);
    for (int k = 0, i = 0; k < 13 * 41; i = ++k / 41) {
        double t = 0.05 * (k % 41), y[] = {-2.4 + 0.35 * i, 0.0};
        TRY(probability_flow_carry(p, &ou, 0.0, t, 1, y, NULL));
        xp_row(x, "line-%d %g %.17g 0 0", i, t, y[0]);
    }
    for (int k = 0, i = 0; k < 61 * 41; i = ++k / 41) {
        double t = 0.05 * (k % 41), m = sde_scale(&ou, t), at = -3.0 + 0.1 * i, logp;
        target_score(data, m, sde_var(&ou, t), 1, &at, &logp, NULL, NULL);
        xp_row(x, "density %g %g %.17g 0", t, at, exp(logp));
    }
    target_free(data);
}

/* ---- Geometric Brownian motion ---------------------------------------------------------- */

/* log x_t - m_t - s_t z, worst of the lines from z = -4, -3.8, .. 4; some are drawn. */
static enclosure lognormal_gap(xp *x, double t, bool without_div)
{
    const diffusion c = diffusion_gbm(0.3, 1.0, 0.0, 1.0);
    const double mean = (0.3 - 0.5) * t, sd = sqrt(1.0 + t);
    double at[41], error[41];
    enclosure worst = enclosure_exact(0.0);
    for (int i = 0; i < LEN(at); i++) at[i] = exp(-4.0 + 0.2 * i);
    TRY(diffusion_carry(&c, without_div, 0.0, t, LEN(at), at, error));
    for (int i = 0; i < LEN(at); i++) {
        double l = log(at[i]) - mean, z = -4.0 + 0.2 * i;
        worst = enclosure_farther(
            worst, enclosure_about(l - sd * z, 1.1 * error[i] / at[i] + 1e-14));
        if (i % 5 == 0) xp_row(x, "gbm%d-%d %g %.17g 0 0", without_div, i, t, l / sd);
    }
    return worst;
}

static void verify_lognormal(xp *x)
{
    enclosure gap = enclosure_exact(0.0), wrong = gap;
    for (int k = 0; k <= 20; k++) {
        gap = enclosure_farther(gap, lognormal_gap(x, 0.05 * k, false));
        wrong = lognormal_gap(x, 0.05 * k, true);
    }
    xp_judge(x, LOGNORMAL, gap, ZERO, NULL);
    xp_judge(x, NO_DIV, wrong, ZERO, "t=1");
    xp_judge(x, WRONG_BY, wrong, region_about(4.0 - sqrt(8.0), 1e-8), "GBM t=1");
}

/* ---- Gaussian data ----------------------------------------------------------------------- */

/* Both are read off the gain Phi: E Y_T - m = Phi (E Y_0 - s_T m), and Cov(Y_0, Y_T) = Phi v_T from p_T. */
static void verify_gaussian(xp *x, const sde *e, double v0, bool ode)
{
    const double m = 2.0, T = e->T, scale = sde_scale(e, T);
    const double v_T = scale * scale * v0 + sde_var(e, T);
    const double growth = v_T / (scale * scale * v0); /* 1 + k zeta^2 */
    const backward c = {{m, v0}, *e, ode ? 0.5 : 1.0, ode ? 0.0 : 1.0};
    const char *name = ode ? "flow" : "SDE";
    affine_law law;
    TRY(law_backward_exact(&c, 0.0, T, &law));
    enclosure error = enclosure_relative(enclosure_scale(law.gain, scale * m),
                                         m / (ode ? sqrt(growth) : growth));
    xp_judge(x, MEAN, error, near(0.0), "%s %s k=%g", name, sde_name(e), 1.0 / v0);
    xp_judge(x, CORRELATION, enclosure_scale(law.gain, sqrt(v_T / v0)),
             near(ode ? 1.0 : scale * sqrt(v0 / v_T)), "%s %s v0=%g", name, sde_name(e),
             v0);
}

static void verify_full_score(xp *x)
{
    const backward c = {GAUSS_STANDARD, sde_ou(1.0), 1.0, 0.0};
    affine_law law;
    TRY(law_backward_exact(&c, 0.0, 1.0, &law));
    xp_judge(x, FULL_SCORE, law.var, near(1.0), NULL);
    xp_judge(x, WRONG_BY, law.var, near(exp(-2.0)), "full score");
}

/* ---- The experiment ------------------------------------------------------------------------ */

static void verify_worked(xp *x, const gmm *M)
{
    const sde models[] = {sde_ou(1.0), sde_vp(0.1, 20.0, 1.0), sde_ve(0.01, 10.0, 1.0),
                          sde_cvp(0.1, 20.0, 1.0)};
    gmm *G = catalogue_gmm(&CATALOGUE_G), *plane = catalogue_plane_diagonal();
    verify_lines(x, G, "G");
    verify_lines(x, plane, "plane");
    verify_lognormal(x);
    verify_full_score(x);
    for (int i = 0; i < 6 * LEN(models); i++)
        verify_gaussian(x, &models[i / 6], ldexp(0.25, i % 3 * 2), i % 6 < 3);
    draw_lines(x, M);
    gmm_free(plane), gmm_free(G);
}

void xp_run(xp *x)
{
    gmm *M = catalogue_gmm(&CATALOGUE_M);
    const gmm *user = xp_target(x), *p = user ? user : M;
    verify_lines(x, p, user ? "yours" : "M");
    for (int i = 0; i < 4 && gmm_dim(p) == 1; i++) verify_memory(x, p, i ? i : 0.5);
    if (!user) verify_worked(x, M);
    gmm_free(M);
}
