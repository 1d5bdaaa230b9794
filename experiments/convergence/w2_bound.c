/* w2_bound -- with a Lipschitz score W2 of the sampler is bounded, but by an exponential of L and T.
 *
 * r_f is the constant of (x - x').(f(t,x) - f(t,x')) >= r_f(t) |x - x'|^2, s_theta(t, .) is L-Lipschitz and
 * E_{p_t} |s_theta - grad log p_t|^2 <= eps^2. 002 Theorem 6.5, tested as printed: for every h > 0, with
 * u(t) = int_{T-t}^T (-2 r_f + (2L + 2h) g^2) ds,
 *
 *     W2^2(p_data, L(Y_T)) <= W2^2(p_T, p_noise) e^{u(T)} + eps^2/(2h) int_0^T g^2(t) e^{u(T) - u(T-t)} dt.
 *
 * Coupled by the noise, U from p_T with the exact score and V the sampler have
 * d|U - V|^2 <= {(-2 r_f + (2L + 2h) g^2) |U - V|^2 + g^2/(2h) |s_theta - grad log p|^2 (U)} dtau: the error counts
 * along p_t, as assumed. The bound is bounded in T only where r_f > L g^2. With f = r x, g = 1, N(0, 1) and s_theta =
 * grad log p_t + eps (L = 1), as T -> infinity it is eps^2/(r - 1)^2 at h = (r - 1)/2, and
 *
 *     W2 = eps log{(sqrt(2r+1) + 1)/(sqrt(2r+1) - 1)}/sqrt(2r+1).
 *
 * Controls  no L, h alone: CVP, beta = 1, T = 2, N(0, 1), s_theta = +2x (L = 2): 2608.5 for 119.7, and 38406.9
 *           with L;  no square root over the right-hand side of (6.10): N(m, 1), eps = 0 has W2 of order m, m^2 on
 *           the right: too small by 5e2 at m = 1e-3.
 */
#include "battery.h"
#include "bound.h"
#include "catalogue.h"
#include "perturbation.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

#define BOUND_                                                                         \
    "W2^2 <= W2^2(p_T, p_noise) e^{u(T)} + eps^2/(2h) int_0^T g^2(t) e^{u(T) - "       \
    "u(T-t)} dt"

/* clang-format off */
enum { BATTERY, OU, OU_VALUE, RATIO, CONTRACTIVE, INCREASING, FINITE, WITH_L, LAW, NO_L, NO_ROOT, LOOSE, MEDIAN };
static const xp_check CHECKS[] = {
    [BATTERY] = {xp_claim, QUADRATURE, "battery", "random linear cases, worst W2^2/bound: " BOUND_},
    [OU] = {xp_claim, QUADRATURE, "ou", "OU, N(0,1), s = -x + 0.1 or as said: " BOUND_},
    [OU_VALUE] = {xp_claim, QUADRATURE, "ou-value", "OU, N(0,1), s = -x + 0.1: W2 - 0.2 (1 - e^{-T})"},
    [RATIO] = {xp_claim, QUADRATURE, "contractive-ratio", "f = r x, g = 1, T = 20: W2^2/bound, from the limits T -> infinity of both"},
    [CONTRACTIVE] = {xp_claim, QUADRATURE, "contractive", "f = r x, g = 1, N(0,1), s = grad log p_t + 0.1: " BOUND_},
    [INCREASING] = {xp_claim, QUADRATURE, "contractive-increasing", "f = r x, g = 1: W2^2/bound grows with r"},
    [FINITE] = {xp_claim, CLOSED_FORM, "contractive-finite", "f = 2x, g = 1: bound(T = 20)/bound(T = 10)"},
    [WITH_L] = {xp_claim, QUADRATURE, "unstable", "CVP, beta = 1, N(0,1), s = +2x, L = 2: " BOUND_},
    [LAW] = {xp_claim, EXACT_LAW, "exact-law", "mixture, OU from p_T, T = 1/(2L) <= 1/2, s = grad log p_t + 0.1: " BOUND_},
    [NO_L] = {xp_control, QUADRATURE, "no-lipschitz-constant", "CVP, beta = 1, T = 2, N(0,1), s = +2x: 2h for 2L + 2h in u, too small by 22"},
    [NO_ROOT] = {xp_control, QUADRATURE, "no-root", "W2 <= the bound of W2^2, too small by 5e2 for N(0.001,1), eps = 0, OU T = 0.1"},
    [LOOSE] = {xp_finding, QUADRATURE, "ou-looseness", "OU, N(0,1), s = -x + 0.1: bound/W2^2"},
    [MEDIAN] = {xp_finding, QUADRATURE, "battery-median", "random linear cases: median of W2^2/bound"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "W2 of the sampler for a Lipschitz score",
    .statement = BOUND_ ", u(t) = int_{T-t}^T (-2 r_f + (2L + 2h) g^2) ds, every h > 0",
    .sources = "002 Assumption 6.4, Theorem 6.5, (6.9)-(6.12); Tang, Zhao 2024",
    .columns = "panel T w2sq bound no_lipschitz",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static double least(bound_lipschitz b)
{
    double log_least;
    TRY(bound_lipschitz_least(&b, &log_least));
    return exp(log_least);
}

static enclosure w2_after(const linear_case *c)
{
    distances d;
    TRY(divergence_linear(c, NULL, &d));
    return d.w2;
}

static enclosure squared(enclosure e) { return enclosure_mul(e, e); }

/* Over 100 keys the median of 4000 cases is 1.9e-5 to 1.6e-4, in the middle 5.1e-5: the ratio spans many decades.
   3.7e-5 was found in other draws. */
static void battery(xp *x)
{
    battery_tally t;
    TRY(battery_run(xp_stream(x, "battery"), 1, bound_lipschitz_trial, &t));
    xp_bound(x, BATTERY, t.worst, 1.0, "worst of %d: %s", t.cases, t.where);
    xp_record(x, MEDIAN, t.median, "of %d", t.cases);
}

static void ornstein_uhlenbeck(xp *x)
{
    for (int k = 1; k <= 16; k++) {
        double T = 0.25 * k, closed = -0.2 * expm1(-T);
        linear_case c = {GAUSS_STANDARD, sde_ou(T), START_STANDARD, 0.0, 0.1};
        enclosure w2 = w2_after(&c), w2sq = squared(w2);
        double bound = least(bound_lipschitz_linear(&c));
        xp_row(x, "OU %g %.17g %.17g nan", T, enclosure_mid(w2sq), bound);
        if (k != 2 && k != 4 && k != 8 && k != 12) continue;
        xp_bound(x, OU, w2sq, bound, "T=%g", T);
        xp_judge(x, OU_VALUE, enclosure_sub(w2, enclosure_rounded(closed)),
                 region_about(0.0, 1e-9), "T=%g", T);
        xp_record(x, LOOSE, enclosure_div(enclosure_exact(bound), w2sq), "T=%g", T);
    }
}

/* f = r x, g = 1 from p_T: W2^2, and the bound. */
static enclosure contractive(double r, double T, double *bound)
{
    linear_case c = {GAUSS_STANDARD, sde_cou(r, 1.0, T), START_EXACT, 0.0, 0.1};
    *bound = least(bound_lipschitz_linear(&c));
    return squared(w2_after(&c));
}

static void contractive_drifts(xp *x)
{
    static const double R[] = {2.0, 3.0, 5.0};
    enclosure before = enclosure_exact(0.0);
    double bound, at10, at20;
    for (int i = 0; i < LEN(R); i++) {
        double root = sqrt(2.0 * R[i] + 1.0);
        double limit = (R[i] - 1.0) * log((root + 1.0) / (root - 1.0)) / root;
        enclosure w2sq = contractive(R[i], 20.0, &bound);
        enclosure ratio = enclosure_scale(w2sq, 1.0 / bound);
        xp_bound(x, CONTRACTIVE, w2sq, bound, "r=%g", R[i]);
        xp_judge(x, RATIO, ratio, region_about(limit * limit, 1e-4), "r=%g", R[i]);
        if (i > 0)
            xp_judge(x, INCREASING, enclosure_sub(ratio, before), region_at_least(0.0),
                     "r=%g after %g", R[i], R[i - 1]);
        before = ratio;
    }
    contractive(2.0, 10.0, &at10);
    contractive(2.0, 20.0, &at20);
    xp_judge(x, FINITE, enclosure_rounded(at20 / at10), region_at_most(1.001), "r=2");
    for (int k = 1; k <= 16; k++) {
        enclosure w2sq = contractive(2.0, 0.25 * k, &bound);
        xp_row(x, "r=2 %g %.17g %.17g nan", 0.25 * k, enclosure_mid(w2sq), bound);
    }
}

/* dY = (-Y/2 + 2Y) dtau + dB */
static affine_rates unstable_rates(const void *ctx, double t)
{
    (void)ctx, (void)t;
    return (affine_rates){1.5, 0.0, 1.0};
}

/* CVP, beta = 1, N(0, 1): p_t = N(0, w), w = 2e^t - 1; s_theta = +2x has eps_t^2 = (2 + 1/w)^2 w, which
   grows with t. */
static void unstable_score(xp *x)
{
    for (int k = 1; k <= 12; k++) {
        sde e = sde_cvp(1.0, 1.0, 0.25 * k);
        gauss p_T = law_marginal(GAUSS_STANDARD, &e, e.T);
        gauss noise = {0.0, sde_prior_var(&e)};
        double w2 = gauss_w2(p_T, noise), error = 2.0 + 1.0 / p_T.var;
        affine_law law;
        TRY(law_affine(unstable_rates, NULL, 0.0, e.T, noise, &law));
        enclosure w2sq = law_affine_w2sq(&law, GAUSS_STANDARD);
        bound_lipschitz b = {w2 * w2, error * error * p_T.var, 2.0, 0.5, e.T};
        double bound = least(b);
        b.L = 0.0;
        double without = least(b);
        xp_row(x, "unstable %g %.17g %.17g %.17g", e.T, enclosure_mid(w2sq), bound,
               without);
        if (k % 4 == 0) xp_bound(x, WITH_L, w2sq, bound, "T=%g", e.T);
        if (k == 8) xp_judge(x, NO_L, w2sq, region_at_most(without), "T=%g", e.T);
    }
}

static void square_root(xp *x)
{
    linear_case c = {{1e-3, 1.0}, sde_ou(0.1), START_STANDARD, 0.0, 0.0};
    double bound = least(bound_lipschitz_linear(&c));
    xp_bound(x, OU, squared(w2_after(&c)), bound, "N(0.001,1) eps=0 T=0.1");
    xp_judge(x, NO_ROOT, w2_after(&c), region_at_most(bound), "m=0.001");
}

/* Data that are not Gaussian, OU from p_T, by exact laws of the exponential integrator; up to T = 1/(2L) the
   exponential of L costs little. L is that of t <= 1/2. */
static void exact_law(xp *x, const gmm *p, const char *name)
{
    const double eps = 0.1;
    target *data = target_mixture(p);
    sde e = sde_ou(0.5);
    double L = bound_score_lipschitz(data, &e);
    e.T = fmin(e.T, 0.5 / L);
    ladder l;
    TRY(perturbation_constant_ladder(data, &e, START_EXACT, eps, 20, xp_laws(x), &l));
    bound_lipschitz b = {0.0, eps * eps, L, -0.5, sde_int_g2(&e, 0.0, e.T)};
    enclosure w2sq = squared(rate_limit(l.w2[0], l.w2[1]));
    xp_bound(x, LAW, w2sq, least(b), "%s", name);
    target_free(data);
}

void xp_run(xp *x)
{
    if (!xp_target_on_line(x)) return;
    if (xp_target(x)) {
        exact_law(x, xp_target(x), "user");
        return;
    }
    if (xp_wants(x, BATTERY) || xp_wants(x, MEDIAN)) battery(x);
    ornstein_uhlenbeck(x);
    contractive_drifts(x);
    unstable_score(x);
    square_root(x);
    gmm *p = catalogue_gmm(&CATALOGUE_M);
    exact_law(x, p, "mixture");
    gmm_free(p);
}
