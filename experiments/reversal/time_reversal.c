/* time_reversal -- the reversed process needs the score, and the divergence of the noise.
 *
 * 002 Theorem 2.1. If dX = f dt + g dB has the law p_t and a = g g^T, then Y_t = X_{T-t} solves
 *
 *     dY = b dt + g(T - t, Y) dB,   b = -f + a grad log p_{T-t} + div a.                 (2.3)
 *
 * Linear models: p_{T-t} solves b's Fokker-Planck equation at every place, for any mixture p_0 on R^d; with Gaussian data
 * mean, variance and two-time covariance of Y are known. div a: geometric Brownian motion (affine in log x); the
 * reversible a = 1 + x^2, p = N(0,1), where b = f; a = 2 + sin 2x with the marginals of OU from M, by the exact law of
 * Euler's scheme, O(1/N) from M, and in weak form, for any mixture p_0 on the line,
 *
 *     int_0^T E_{p_t}[b phi' + a phi''/2] dt = E phi(X_0) - E phi(X_T),   phi = sin x, sin 2x.
 *
 * Printed   003 (5), drift -b - 2 grad log mu: from data of variance 0.25, 1, 4 OU, T = 1, ends with 6242.692,
 *           537.571725 = (4 e^6 - 1)/3, 92.109722. The line before (5) and section 1.2 have the right sign.
 * Controls  without div a: log x of GBM is off by -2 s0^2 log(1 + sigma^2 T/s0^2) = -1.3862944 on average,
 *           the reversible drift at 0.7 is -1.2215 for 0.1785, Euler's law tends to TV 0.2836 from M. Half the score with
 *           the full noise: OU from N(0,1) ends with variance 1 + 2T = 3.
 */
#include "catalogue.h"
#include "diffusion.h"
#include "divergence.h"
#include "probability_flow.h"
#include "rate.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

enum { EQUATION, LINEAR, COVARIANCE, GBM, TANH_DRIFT, TANH_LAW, REVERSIBLE, WEAK };
enum { ORDER = WEAK + 1, LIMIT, WRONG_BY, PRINTED_SIGN, NO_DIV, HALF_SCORE, NO_SCORE };

/* clang-format off */
static const xp_check CHECKS[] = {
    [EQUATION] = {xp_claim, QUADRATURE, "fokker-planck", "log p_0 - log p_T as b's Fokker-Planck equation has it, worst of 81 places"},
    [LINEAR] = {xp_claim, QUADRATURE, "linear-moments", "reversed, linear models end in N(0.7, v0); worst error of mean and variance"},
    [COVARIANCE] = {xp_claim, QUADRATURE, "two-time-covariance", "Cov(Y_s, Y_t) = Cov(X_{T-s}, X_{T-t}), relative error"},
    [GBM] = {xp_claim, QUADRATURE, "gbm-moments", "reversed, geometric Brownian motion ends in log x ~ N(0, 1), worst error"},
    [TANH_DRIFT] = {xp_claim, CLOSED_FORM, "tanh-drift", "(3.4): the reversed drift is -y/(T - t), worst of 41 points"},
    [TANH_LAW] = {xp_claim, QUADRATURE, "tanh-law", "and its laws are 1/2 sum N(+-sqrt(2) c (T - t), 2 (T - t)), worst error"},
    [REVERSIBLE] = {xp_claim, CLOSED_FORM, "reversible-drift", "a = 1 + x^2, p = N(0,1): reversed drift = f, worst of 41 points"},
    [WEAK] = {xp_claim, QUADRATURE, "weak-form", "a = 2 + sin 2x: int E[b phi' + a phi''/2] dt = E phi(X_0) - E phi(X_T)"},
    [ORDER] = {xp_claim, EXACT_LAW, "euler-order", "a = 2 + sin 2x: TV(M, Euler's law) ~ N^-r, 0.95 <= r <= 1.05"},
    [LIMIT] = {xp_claim, EXACT_LAW, "euler-limit", "2 TV_2N - TV_N = 0 to 5e-4 (full: 1e-4)"},
    [WRONG_BY] = {xp_claim, QUADRATURE, "wrong-by", "the printed form and the controls are wrong by the amounts stated"},
    [PRINTED_SIGN] = {xp_printed, QUADRATURE, "printed-003-sign", "the drift -b - 2 grad log mu brings OU back to variance v0", "-b + 2 grad log mu"},
    [NO_DIV] = {xp_control, QUADRATURE, "without-div-a", "b = -f + a grad log p: GBM off by -1.386, reversible by -1.4, TV(M, .) -> 0.2836"},
    [HALF_SCORE] = {xp_control, QUADRATURE, "half-score", "half the score, full noise: OU from N(0,1) ends with variance 3 for 1"},
    [NO_SCORE] = {xp_finding, CLOSED_FORM, "no-score-needed", "OU, t = T: slope of b less that of -grad U, 2 - 2/v0; 0 if the data are stationary"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Time reversal of a diffusion",
    .statement = "Y_t = X_{T-t}: dY = (-f + a grad log p_{T-t} + div a) dt + g dB",
    .sources = "002 Theorem 2.1, (2.3)-(2.6), (3.2), (3.4); 003 (4), (5); 001",
    .columns = "series x value",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const double T = 1.0, V0[] = {0.25, 1.0, 4.0};
static region near(double value) { return region_about(value, 1e-9); }
static region tiny(double value) { return region_about(value, 1e-12); }

/* Gaussian data. */
static void verify_linear(xp *x, const sde *e, double v0)
{
    const backward c = {{0.7, v0}, *e, 1.0, 1.0};
    affine_law law;
    enclosure covariance[2];
    TRY(law_backward_exact(&c, 0.0, T, &law));
    xp_judge(x, LINEAR, law_affine_error(&law, c.data),
             region_about(0.0, 1e-9 * fmax(1.0, v0)), "%s v0=%g", sde_name(e), v0);
    TRY(law_backward_covariance(&c, 0.2 * T, 0.6 * T, &covariance[0]));
    TRY(law_backward_covariance(&c, 0.5 * T, 0.9 * T, &covariance[1]));
    xp_judge(x, COVARIANCE, enclosure_farther(covariance[0], covariance[1]), near(0.0),
             "%s v0=%g", sde_name(e), v0);
}

/* At 81 draws of p. */
static void verify_models(xp *x, const gmm *p, const char *name)
{
    const sde models[] = {sde_ou(T), sde_vp(0.1, 20.0, T), sde_ve(0.01, 50.0, T),
                          sde_subvp(0.1, 20.0, T), sde_cvp(0.1, 20.0, T)};
    const long n = 81;
    double *at = NEW_ARRAY(double, n *gmm_dim(p));
    enclosure residual;
    gmm_sample(p, xp_stream(x, "places"), 0, n, at, gmm_dim(p));
    for (int i = 0; i < LEN(models); i++) {
        const sde *e = &models[i];
        TRY(probability_flow_fokker_planck(p, e, 1.0, n, at, &residual));
        xp_judge(x, EQUATION, residual, near(0.0), "%s %s", name, sde_name(e));
        for (int k = 0; k < LEN(V0) && p != xp_target(x); k++)
            verify_linear(x, e, V0[k]);
    }
    free(at);
}

/* Var Y_t for OU with so many times the score. */
static enclosure variance(double v0, double times, double t)
{
    const backward c = {{0.0, v0}, sde_ou(T), times, 1.0};
    affine_law law;
    TRY(law_backward_exact(&c, 0.0, t, &law));
    return law.var;
}

static void verify_variances(xp *x)
{
    static const double PRINTED[] = {6242.692, 537.571725, 92.109722};
    for (int i = 0; i < LEN(V0); i++) {
        const backward c = {{0.0, V0[i]}, sde_ou(T), 1.0, 1.0};
        enclosure end = variance(V0[i], -1.0, T);
        xp_judge(x, PRINTED_SIGN, end, near(V0[i]), "v0=%g", V0[i]);
        xp_judge(x, WRONG_BY, end, region_about(PRINTED[i], 1e-7 * PRINTED[i]),
                 "003 (5) v0=%g", V0[i]);
        xp_record(x, NO_SCORE, enclosure_rounded(law_backward(&c, T).A + 1.0), "v0=%g",
                  V0[i]);
        for (int k = 0; k <= 40; k++)
            for (int sign = 1; sign >= -1; sign -= 2)
                xp_row(x, "sign%+d %.17g %.17g", sign, T * k / 40.0,
                       enclosure_mid(variance(V0[i], sign, T * k / 40.0)));
    }
    xp_judge(x, HALF_SCORE, variance(1.0, 0.5, T), near(1.0), NULL);
    xp_judge(x, WRONG_BY, variance(1.0, 0.5, T), near(1.0 + 2.0 * T), "half-score");
}

/* Affine in log x. */
static void verify_gbm(xp *x)
{
    reversal r = {.c = diffusion_gbm(0.3, 1.0, 0.0, 1.0), .T = T};
    const gauss from = {(0.3 - 0.5) * T, 1.0 + T};
    affine_law law;
    TRY(law_affine(reversal_log_affine, &r, 0.0, T, from, &law));
    xp_judge(x, GBM, law_affine_error(&law, GAUSS_STANDARD), near(0.0), NULL);
    r.without_div = true;
    TRY(law_affine(reversal_log_affine, &r, 0.0, T, from, &law));
    xp_judge(x, NO_DIV, law.mean, near(0.0), "GBM mean");
    xp_judge(x, WRONG_BY, law.mean, near(-2.0 * log1p(T)), "GBM mean");
}

/* The component that starts on the right; the other one is its image. */
static void verify_tanh(xp *x, double c, double horizon, double share)
{
    const reversal r = {.c = diffusion_tanh(c), .T = horizon};
    const double t = share * horizon, tau = horizon - t, speed = sqrt(2.0) * c;
    const gauss from = {speed * horizon, 2.0 * horizon}, to = {speed * tau, 2.0 * tau};
    enclosure drift = enclosure_about(reversal_drift_error(&r, t, -1.0 / tau, 0.0),
                                      1e-15 * (4.0 / tau + 4.0 * c));
    affine_law law;
    TRY(law_affine(reversal_affine, &r, 0.0, t, from, &law));
    xp_judge(x, TANH_DRIFT, drift, tiny(0.0), "c=%g T=%g t=%gT", c, horizon, share);
    xp_judge(x, TANH_LAW, law_affine_error(&law, to), tiny(0.0), "c=%g T=%g t=%gT", c,
             horizon, share);
}

static void verify_reversible(xp *x)
{
    reversal r = {.c = diffusion_reversible(), .T = T};
    enclosure drift = enclosure_about(reversal_drift_error(&r, 0.0, 0.5, -0.5), 1e-13);
    xp_judge(x, REVERSIBLE, drift, tiny(0.0), NULL);
    r.without_div = true;
    drift = enclosure_rounded(reversal_drift(&r, 0.0, 0.7));
    xp_judge(x, NO_DIV, drift, tiny(0.1785), "reversible x=0.7");
    xp_judge(x, WRONG_BY, drift, tiny(-1.2215), "reversible x=0.7");
}

/* The manufactured diffusion, a = 2 + sin 2x. */
static void verify_weak(xp *x, const gmm *p, const char *name)
{
    target *data = target_mixture(p);
    const reversal r = {.c = diffusion_manufactured(data), .T = T};
    enclosure residual;
    for (int k = 1; k <= 2; k++) {
        TRY(reversal_weak(&r, k, &residual));
        xp_judge(x, WEAK, residual, near(0.0), "%s phi=sin(%dx)", name, k);
    }
    target_free(data);
}

static void verify_euler(xp *x)
{
    target *M = catalogue_target(&CATALOGUE_M);
    const reference to = {M, 1.0, 0.0};
    const region zero = region_about(0.0, xp_full(x) ? 1e-4 : 5e-4);
    const int n = (int)xp_effort(x, 3, 5);
    enclosure limit[2]; /* with and without div a */
    ladder l[2];
    for (int i = 0; i < 2; i++) {
        const reversal r = {diffusion_manufactured(M), T, i == 1};
        const euler_scheme c = reversal_euler(&r, 128);
        line *law;
        TRY(divergence_euler_ladder(&c, &to, 32, 2, n, &l[i]));
        limit[i] = enclosure_sub(enclosure_scale(l[i].tv[n - 1], 2.0), l[i].tv[n - 2]);
        for (int k = 0; k < n; k++)
            xp_row(x, "tv%d %d %.17g", i, l[i].steps[k], enclosure_mid(l[i].tv[k]));
        TRY(law_euler(&c, 1.0, &law));
        for (long j = 0; j < law->n; j += 20)
            xp_row(x, "law%d %.17g %.17g", i, law->x0 + (double)j * law->dx, law->p[j]);
        line_free(law);
    }
    const enclosure order = rate_exact(n, l[0].h, l[0].tv);
    xp_judge(x, ORDER, order, region_between(0.95, 1.05), NULL);
    xp_judge(x, LIMIT, limit[0], zero, NULL);
    xp_judge(x, NO_DIV, limit[1], zero, "M");
    xp_judge(x, WRONG_BY, limit[1], region_about(0.2836, 5e-4), "M TV");
    target_free(M);
}

static void verify_worked(xp *x)
{
    verify_variances(x);
    verify_gbm(x);
    for (int i = 0; i < 8; i++)
        verify_tanh(x, i & 2 ? 1.2 : 0.5, i & 1 ? 1.0 : 0.5, i & 4 ? 0.9 : 0.5);
    verify_reversible(x);
    verify_euler(x);
}

void xp_run(xp *x)
{
    gmm *plane = catalogue_plane_diagonal(), *M = catalogue_gmm(&CATALOGUE_M);
    const gmm *user = xp_target(x), *p = user ? user : M;
    verify_models(x, user ? user : plane, user ? "yours" : "plane");
    if (gmm_dim(p) == 1) verify_weak(x, p, user ? "yours" : "M");
    if (!user) verify_worked(x);
    gmm_free(M), gmm_free(plane);
}
