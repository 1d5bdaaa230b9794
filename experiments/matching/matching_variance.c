/* matching_variance -- which score matching loss is noisy when.
 *
 * Data N(0, I_d), X = X_0 + sigma Z (VE), s = -k x, SSM with m Gaussian slices. With S = 1 + sigma^2 and
 * tau = k^2 + (1/sigma - k sigma)^2, one sample of the loss, of its derivative in k, has the variance
 *
 *            loss                       gradient                      at k* = 1/S
 *     ISM    2 d k^4 S^2                8 d k^2 S^2                   8 d
 *     SSM    2 d k^4 S^2 + 8 k^2 d/m    8 d k^2 S^2 + 8 d/m           8 d (1 + 1/m)
 *     DSM    2 d tau^2                  4 d (S tau + (k S - 1)^2)     4 d/sigma^2
 *
 * so that at k* SSM beats DSM iff sigma < sigma_m = sqrt(m/(2(m + 1))) in every d (ISM: 1/sqrt 2). 002 says
 * of both only that they may be noisy (end of 4.3). Weighted by sigma^2 the DSM loss has variance
 * 2 d/S^2 <= 2 d at k*, its gradient 4 d sigma^2. 002 (4.13) wants weights prop. to 1/E|u0|^2, u0 the
 * conditional score: sigma^2/d. The weight that makes ESM a likelihood is g^2/2 (de Bruijn):
 *
 *     int_t0^T g^2/2 E_{p_t}|grad log p_t - grad log q_t|^2 dt = KL(p_t0 | q_t0) - KL(p_T | q_T).
 *
 * Printed   1/E|u0|^2 = sigma^2: 0.09 for 0.018 at d = 5, sigma = 0.3 (harmless: a constant).
 * Controls  "SSM with m = 1 is always the noisier": at sigma = 0.3 its gradient has 80, DSM 222.2 (d = 5);
 *           "the crossing of m = 1 is at 1": at 0.9 SSM has 16 d, DSM 4.94 d;
 *           "m = 4 slices add 8 k^2 d": a quarter of it; sigma^2 for g^2/2 above: 0.050 for 0.333.
 */
#include "catalogue.h"
#include "divergence.h"
#include "match.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { WEIGHT, VARIANCE, OPTIMUM, CROSSING, ORDER, GROWTH, BOUNDED, LIKELIHOOD, PRINTED, ALWAYS, AT_ONE, SLICES,
       SIGMA_WEIGHT, LOST };
static const xp_check CHECKS[] = {
    [WEIGHT] = {xp_claim, MONTE_CARLO, "weight", "1/E|u0|^2 = sigma^2/d to 2 %"},
    [VARIANCE] = {xp_claim, MONTE_CARLO, "variance", "sampled variance/formula = 1 to 3 %"},
    [OPTIMUM] = {xp_claim, CLOSED_FORM, "optimum", "the column at k* over d, m: worst relative deviation 0 to 1e-12"},
    [CROSSING] = {xp_claim, CLOSED_FORM, "crossing", "SSM and DSM gradients are equally noisy at sigma_m, to 1e-12; ISM and DSM (m=0) at 1/sqrt 2"},
    [ORDER] = {xp_claim, MONTE_CARLO, "order", "Var SSM/Var DSM of the gradient at k* is < 1 at 0.9 sigma_m, > 1 at 1.1"},
    [GROWTH] = {xp_claim, MONTE_CARLO, "growth", "the DSM gradient variance at k* has slope -2 in sigma, to 0.02"},
    [BOUNDED] = {xp_claim, CLOSED_FORM, "bounded", "sigma^4 Var of the DSM loss at k* <= 2 d"},
    [LIKELIHOOD] = {xp_claim, QUADRATURE, "likelihood-weight", "(int g^2/2 E|s_p - s_q|^2 dt - KL lost)/max(1, KL lost) = 0"},
    [PRINTED] = {xp_printed, MONTE_CARLO, "weight-printed", "1/E|u0|^2 = sigma^2 to 2 %, d = 5", "1/E|u0|^2 = sigma^2/d"},
    [ALWAYS] = {xp_control, MONTE_CARLO, "always-noisier", "Var SSM/Var DSM >= 1 at sigma = 0.3, m = 1: it is 0.36"},
    [AT_ONE] = {xp_control, MONTE_CARLO, "crossing-at-one", "Var SSM/Var DSM <= 1 at sigma = 0.9, m = 1: it is 3.24"},
    [SLICES] = {xp_control, MONTE_CARLO, "slices-forgotten", "Var SSM - Var ISM = 8 k^2 d to 3 % for m = 4: it is a quarter"},
    [SIGMA_WEIGHT] = {xp_control, QUADRATURE, "sigma-weight", "sigma^2 for g^2/2 in likelihood-weight: off by 0.28"},
    [LOST] = {xp_finding, QUADRATURE, "weighted-losses", "M against G, VP, t in [0.1, 0.6]"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Variance of the score matching losses",
    .statement = "N(0,I), VE, s = -kx: at k* SSM beats DSM iff sigma < sigma_m",
    .sources = "002 (4.13), end of section 4.3",
    .columns = "law sigma m gradient lo hi predicted loss loss_predicted",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const int M[] = {1, 4, 16}, DIMS[] = {1, 5, 20, 100};
static const char *const NAMES[] = {"ISM", "SSM", "DSM"};
static const region NEAR_ONE = {0.97, 1.03}, ZERO = {-1e-10, 1e-10};

static double at_optimum(double sigma) { return 1.0 / (1.0 + sigma * sigma); }

/* The column at k*, and the DSM loss weighted by sigma^2, 2 d/S^2. */
static double worst_deviation(double sigma)
{
    const double s2 = sigma * sigma, S = 1.0 + s2;
    double var[SPREAD_WEIGHT], worst = 0.0;
    for (int i = 0; i < LEN(DIMS) * LEN(M); i++) {
        const spread c = {DIMS[i / LEN(M)], M[i % LEN(M)], sigma, 1.0 / S};
        const double loss = 2.0 * c.d / (S * S * s2 * s2);
        const double column[] = {8.0 * c.d, 8.0 * c.d * (1.0 + 1.0 / c.m),
                                 4.0 * c.d / s2};
        spread_variances(&c, var);
        worst = fmax(worst, fabs(var[SPREAD_DSM] / loss - 1.0));
        for (int k = 0; k < LEN(column); k++)
            worst = fmax(worst, fabs(var[SPREAD_GRADIENT + k] / column[k] - 1.0));
    }
    return worst;
}

/* Gradient variance at k* of SSM (m = 0: of ISM) less that of DSM. */
static double difference(double sigma, const void *ctx)
{
    const spread *of = ctx;
    const spread c = {of->d, of->m > 0 ? of->m : 1, sigma, at_optimum(sigma)};
    double var[SPREAD_WEIGHT], *gradient = var + SPREAD_GRADIENT;
    spread_variances(&c, var);
    return gradient[of->m > 0 ? SPREAD_SSM : SPREAD_ISM] - gradient[SPREAD_DSM];
}

static void verify_crossing(xp *x, int d, int m)
{
    const spread c = {d, m, NAN, NAN};
    double root;
    TRY(quad_root(difference, &c, 0.05, 3.0, &root));
    xp_judge(x, CROSSING, enclosure_rounded(root),
             region_about(spread_crossing(m), 1e-12), "d=%d m=%d", d, m);
}

/* ---- Sampled ------------------------------------------------------------------------------ */

static void sample(xp *x, const spread *c, enclosure var[SPREAD_OBSERVABLES])
{
    const mc_observables y = spread_losses(c);
    TRY(mc_variance_within(
        &y, xp_stream(x, "d=%d m=%d sigma=%g k=%g", c->d, c->m, c->sigma, c->k),
        xp_full(x) ? 0.0075 : 0.015, xp_alpha(x), var));
}

static void verify_setting(xp *x, const spread *c)
{
    const mc_observables y = spread_losses(c);
    const double s2 = c->sigma * c->sigma, all = 8.0 * c->k * c->k * c->d;
    enclosure var[SPREAD_OBSERVABLES], mean[SPREAD_OBSERVABLES];
    double formula[SPREAD_WEIGHT];
    if (!xp_wants(x, VARIANCE, WEIGHT, PRINTED, SLICES)) return;
    sample(x, c, var);
    spread_variances(c, formula);
    for (int i = 0; i < SPREAD_WEIGHT; i++)
        xp_judge(x, VARIANCE, enclosure_scale(var[i], 1.0 / formula[i]), NEAR_ONE,
                 "d=%d m=%d sigma=%g %s%s", c->d, c->m, c->sigma, NAMES[i % 3],
                 i < 3 ? "" : " gradient");
    TRY(mc_mean(&y, xp_stream(x, "weight d=%d m=%d sigma=%g", c->d, c->m, c->sigma), 0,
                xp_effort(x, 1000000, 10000000), xp_alpha(x), mean, NULL));
    enclosure weight = enclosure_div(enclosure_exact(1.0), mean[SPREAD_WEIGHT]);
    xp_judge(x, WEIGHT, weight, region_about(s2 / c->d, 0.02 * s2 / c->d),
             "d=%d m=%d sigma=%g", c->d, c->m, c->sigma);
    if (c->d == 5 && c->m == 1)
        xp_judge(x, PRINTED, weight, region_about(s2, 0.02 * s2), "d=5 sigma=0.3");
    if (c->m > 1)
        xp_judge(x, SLICES, enclosure_sub(var[SPREAD_SSM], var[SPREAD_ISM]),
                 region_about(all, 0.03 * all), "d=%d m=%d", c->d, c->m);
}

/* At k*, d = 5: Var SSM/Var DSM of the gradient, and that of DSM. */
static enclosure ratio_at(xp *x, double sigma, int m, enclosure *dsm)
{
    const spread c = {5, m, sigma, at_optimum(sigma)};
    enclosure var[SPREAD_OBSERVABLES];
    double formula[SPREAD_WEIGHT];
    spread_variances(&c, formula);
    sample(x, &c, var);
    for (int i = 0; i < LEN(NAMES); i++) {
        enclosure gradient = var[SPREAD_GRADIENT + i];
        xp_row(x, "%s %.17g %d %.17g %.17g %.17g %.17g %.17g %.17g", NAMES[i], sigma, m,
               enclosure_mid(gradient), gradient.lo, gradient.hi,
               formula[SPREAD_GRADIENT + i], enclosure_mid(var[i]), formula[i]);
    }
    *dsm = var[SPREAD_GRADIENT + SPREAD_DSM];
    return enclosure_div(var[SPREAD_GRADIENT + SPREAD_SSM], *dsm);
}

static void verify_optimum(xp *x)
{
    static const double SIGMAS[] = {0.05, 0.1, 0.3, 0.5, 1.0, 3.0};
    static const region LESS = {0.0, 1.0};
    const bool sampled = xp_wants(x, ALWAYS, GROWTH, ORDER, AT_ONE);
    enclosure dsm[LEN(SIGMAS)], ratio, unused;
    for (int i = 0; i < LEN(SIGMAS); i++) {
        double sigma = SIGMAS[i], var[SPREAD_WEIGHT];
        xp_judge(x, OPTIMUM, enclosure_about(worst_deviation(sigma), 1e-14),
                 region_at_most(1e-12), "sigma=%g", sigma);
        spread_variances(&(spread){1, 1, sigma, at_optimum(sigma)}, var);
        xp_bound(x, BOUNDED, enclosure_rounded(pow(sigma, 4) * var[SPREAD_DSM]), 2.0,
                 "sigma=%g", sigma);
        if (!sampled) continue;
        for (int k = LEN(M) - 1; k >= 0; k--) ratio = ratio_at(x, sigma, M[k], &dsm[i]);
        if (sigma == 0.3)
            xp_judge(x, ALWAYS, ratio, region_at_least(1.0), "sigma=0.3 m=1");
    }
    if (!sampled) return;
    xp_judge(x, GROWTH, rate_local(SIGMAS[5], dsm[5], SIGMAS[0], dsm[0]),
             region_about(-2.0, 0.02), NULL);
    for (int k = 0; k < LEN(M); k++) {
        double crossing = spread_crossing(M[k]);
        xp_judge(x, ORDER, ratio_at(x, 0.9 * crossing, M[k], &unused), LESS,
                 "m=%d sigma=0.9 sigma_m", M[k]);
        xp_judge(x, ORDER, ratio_at(x, 1.1 * crossing, M[k], &unused),
                 region_at_least(1.0), "m=%d sigma=1.1 sigma_m", M[k]);
    }
    xp_judge(x, AT_ONE, ratio_at(x, 0.9, 1, &unused), LESS, "sigma=0.9 m=1");
}

/* ---- The likelihood's weight --------------------------------------------------------------- */

static void verify_likelihood(xp *x, target *p, const char *name)
{
    const double t0 = 0.1, t1 = 0.6;
    target *q = catalogue_target(&CATALOGUE_G);
    const match_flow c = {p, q, &SDE_VP, match_esm};
    enclosure before, after, half_g2, s2;
    TRY(divergence_diffused(p, q, &SDE_VP, t0, &before));
    TRY(divergence_diffused(p, q, &SDE_VP, t1, &after));
    const enclosure lost = enclosure_sub(before, after);
    TRY(match_entropy_loss(&c, t0, t1, &half_g2));
    xp_judge(x, LIKELIHOOD, match_residual(half_g2, lost, lost), ZERO, "%s", name);
    if (xp_target(x) == NULL) {
        TRY(match_flow_weighted(&c, sde_var, t0, t1, &s2));
        xp_judge(x, SIGMA_WEIGHT, match_residual(s2, lost, lost), ZERO, "%s", name);
        xp_record(x, LOST, half_g2, "g^2/2");
        xp_record(x, LOST, s2, "sigma^2");
    }
    target_free(p);
    target_free(q);
}

void xp_run(xp *x)
{
    static const spread SETTINGS[] = {{1, 1, 1.0, 0.5},  {5, 1, 0.3, 0.8},
                                      {5, 4, 0.3, 0.8},  {20, 1, 0.1, 0.9},
                                      {20, 1, 1.0, 0.5}, {2, 1, 3.0, 0.1}};
    if (xp_target(x) != NULL) {
        if (xp_target_on_line(x))
            verify_likelihood(x, target_mixture(xp_target(x)), "yours");
        return;
    }
    /* crossings and optimum: two more parts */
    for (int i = 0; i < LEN(SETTINGS); xp_progress(x, ++i, LEN(SETTINGS) + 2))
        verify_setting(x, &SETTINGS[i]);
    for (int i = 0; i < LEN(DIMS); i++)
        for (int k = 0; k <= LEN(M); k++)
            verify_crossing(x, DIMS[i], k < LEN(M) ? M[k] : 0); /* 0: ISM */
    verify_optimum(x);
    verify_likelihood(x, catalogue_target(&CATALOGUE_M), "M");
}
