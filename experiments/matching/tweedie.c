/* tweedie -- the score is what the conditional mean says.
 *
 * X_t = m X_0 + sigma Z, p_t its law, X_0 any. 002 (4.12) (Tweedie, Robbins), and its derivative in x:
 *
 *     E[m X_0 | x] - x = sigma^2 grad log p_t(x),   Cov(m X_0 | x) = sigma^2 I + sigma^4 grad^2 log p_t(x).
 *
 * 002 (7.7), VP, gamma = e^{-2B_t}, exponent illegible in the scan; only 1/4 has gamma^(.) = m:
 *
 *     grad log p_t(x) = gamma^(1/4)/(1 - sqrt gamma) E[X_0 | x] - x/(1 - sqrt gamma),   1 - sqrt gamma = sigma^2.
 *
 * For subVP, where gamma was introduced, the denominator is (1 - sqrt gamma)^2. And the score is the h that makes
 * E|(X_t - m X_0)/sigma^2 + h(X_t)|^2 least: along h = grad log p + eps q its derivative at eps = 0 is 0.
 *
 * Controls  G, t = 0.3, x = 0.37: exponents 1/2, 1, VP (-0.0949356, -0.4076261 for 0.2098657); five processes:
 *           sigma for sigma^2 in (4.12), off by |sigma - sigma^2| |score|, .036 to .22, Cov = sigma^2 -
 *           sigma^4 (log p)'', off by 2 sigma^4 |(log p)''|, .016 to .62. 0.9 grad log p for the least h:
 *           derivative 0.2 along q = x, as E X_t grad log p_t = -1.
 */
#include "catalogue.h"
#include "match.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

/* clang-format off */
enum { MEAN, COV, EXACT_MEAN, EXACT_COV, SPACE, FORM, SUBVP, LEAST, EXPONENT, SIGMA, SIGN, SHRUNK, PRINTED };
static const xp_check CHECKS[] = {
    [MEAN] = {xp_claim, QUADRATURE, "mean", "(E[m X_0|x] - x - sigma^2 score)/max(1, .) = 0, worst of t and x, by quadrature", NULL},
    [COV] = {xp_claim, QUADRATURE, "covariance", "(Var(m X_0|x) - sigma^2 - sigma^4 score')/max(1, .) = 0, the same", NULL},
    [EXACT_MEAN] = {xp_claim, CLOSED_FORM, "mean-components", "the mean by the posterior of components or atoms", NULL},
    [EXACT_COV] = {xp_claim, CLOSED_FORM, "covariance-components", "the variance by the posterior of components or atoms", NULL},
    [SPACE] = {xp_claim, QUADRATURE, "space", "mean and covariance in R^d, worst of points and entries", NULL},
    [FORM] = {xp_claim, CLOSED_FORM, "vp-form", "(7.7) with exponent 1/4 for VP: residual/max(1, |score|) = 0 to 1e-12 (yours 1e-10)", NULL},
    [SUBVP] = {xp_claim, CLOSED_FORM, "subvp-form", "the same for subVP with (1 - sqrt gamma)^2, to 1e-10", NULL},
    [LEAST] = {xp_claim, QUADRATURE, "least-squares", "2 E[(Z/sigma + score) q]/max(1, rms X_t) = 0, q = 1, x, sin x", NULL},
    [EXPONENT] = {xp_control, CLOSED_FORM, "exponent", "(7.7) with exponent 1/2 or 1: off by 0.30 and 0.62", NULL},
    [SIGMA] = {xp_control, QUADRATURE, "sigma-for-square", "E[m X_0|x] - x = sigma score: off by .036 to .22", NULL},
    [SIGN] = {xp_control, QUADRATURE, "curvature-sign", "Var(m X_0|x) = sigma^2 - sigma^4 score': off by .016 to .62", NULL},
    [SHRUNK] = {xp_control, QUADRATURE, "shrunk-score", "0.9 score is the least-squares h: derivative 0.2 along x", NULL},
    [PRINTED] = {xp_finding, CLOSED_FORM, "subvp-carry-over", "(7.7) as it stands, for subVP, and the true score", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Tweedie's formula, first and second order",
    .statement = "E[m X_0|x] - x = sigma^2 score, Cov = sigma^2 I + sigma^4 score'",
    .sources = "002 (4.12), (7.7), (7.8)",
    .columns = "target s2 x shift tweedie",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const region ZERO = {-1e-10, 1e-10};
static const double TIMES[] = {0.05, 0.1, 0.5, 1.0, 2.0};
static const double LEAST_LOG_DENSITY = -460.517; /* of 1e-200 */
enum { POINTS = 41, TIMES_X_POINTS = LEN(TIMES) * POINTS };
enum { OU, VP, VE_PRIME, SUB_VP, CVP, PROCESSES };

static sde process(int i)
{
    const sde *const all[] = {&SDE_OU, &SDE_VP, &SDE_VE_PRIME, &SDE_SUBVP};
    return i < CVP ? *all[i] : sde_cvp(0.1, 20.0, 1.0);
}

static double one(double x) { return (void)x, 1.0; }
static double identity(double x) { return x; }
static match_direction *const DIRECTIONS[] = {one, identity, sin};

/* Where the identities are tested: x = at, X_t ~ law. */
typedef struct {
    noised law;
    double at;
} place;

/* 41 points of [-4, 4] (your target: of the mean +- 4 standard deviations of X_t), where p_t(x) >= 1e-200, at
   every time up to T; returns their number. */
static int places(const xp *x, const target *data, const sde *e,
                  place of[TIMES_X_POINTS])
{
    int n = 0;
    for (int i = 0; i < TIMES_X_POINTS; i++) {
        double z = -4.0 + 8.0 * (i % POINTS) / (POINTS - 1), logp;
        if (TIMES[i / POINTS] > e->T) continue;
        const noised law = noised_at(data, e, TIMES[i / POINTS]);
        double var = law.m * law.m * target_variance(data) + law.s2;
        double yours = law.m * target_mean(data) + z * sqrt(var);
        of[n] = (place){law, xp_target(x) != NULL ? yours : z};
        target_score(data, law.m, law.s2, 1, &of[n].at, &logp, NULL, NULL);
        if (logp >= LEAST_LOG_DENSITY) n++;
    }
    return n;
}

/* Mean and variance, checks `check` and `check` + 1, by quadrature or by components; then (7.7) for VP and
   subVP, too (on your target, perhaps far from 0, relative to what cancels, |x|/sigma^2). */
static void verify_identity(xp *x, int check, const target *data, const char *name,
                            const sde *e)
{
    const bool exact = check == EXACT_MEAN, subvp = e->family == SDE_SUBVP.family;
    const int power = subvp ? 2 : e->family == SDE_VP.family,
              yours = xp_target(x) != NULL;
    place of[TIMES_X_POINTS];
    enclosure worst[3] = {{0.0, 0.0, 0.0}}, value;
    for (int i = places(x, data, e, of) - 1; i >= 0; i--) {
        const noised *law = &of[i].law;
        const double at = of[i].at;
        posterior left, right;
        match_tweedie(law, at, &right);
        TRY((exact ? match_posterior : match_posterior_quadrature)(law, at, &left));
        match_compare(&worst[0], left.shift, right.shift);
        match_compare(&worst[1], left.var, right.var);
        if (exact && power > 0) {
            double u = enclosure_mid(right.shift) / law->s2, terms = fabs(at) / law->s2;
            TRY(match_score_form(law, 0.25, power, at, &value));
            value = enclosure_widen(value, 0x1p-50 * (terms + fabs(u))); /* that of u */
            double size = fmax(fabs(u), yours * terms);
            value = match_residual(value, enclosure_exact(u), enclosure_exact(size));
            worst[2] = enclosure_farther(worst[2], value);
        }
        if (!exact && e->family == SDE_OU.family)
            xp_row(x, "%s %.17g %.17g %.17g %.17g", name, law->s2, at,
                   enclosure_mid(left.shift), enclosure_mid(right.shift));
    }
    for (int k = 0; k < 2; k++)
        xp_judge(x, check + k, worst[k], ZERO, "%s %s", name, sde_name(e));
    if (exact && power > 0)
        xp_judge(x, subvp ? SUBVP : FORM, worst[2],
                 region_about(0.0, subvp || yours ? 1e-10 : 1e-12), "%s", name);
}

static void verify_least(xp *x, const target *data, const char *name, const sde *e)
{
    enclosure worst = enclosure_exact(0.0), slope;
    for (int i = 0; i < LEN(DIRECTIONS) * LEN(TIMES); i++) {
        if (TIMES[i % LEN(TIMES)] > e->T) continue;
        const noised law = noised_at(data, e, TIMES[i % LEN(TIMES)]);
        double size = sqrt(law.m * law.m * target_second_moment(data) + law.s2);
        TRY(match_variation(&law, 1.0, DIRECTIONS[i / LEN(TIMES)], &slope));
        worst = enclosure_farther(worst, enclosure_scale(slope, 1.0 / fmax(1.0, size)));
    }
    xp_judge(x, LEAST, worst, ZERO, "%s %s", name, sde_name(e));
}

/* At x = 0.37. Takes g over. */
static void verify_controls(xp *x, target *g)
{
    const double t = 0.3, at = 0.37;
    double u, slope;
    enclosure value;
    posterior q;
    for (int i = 0; i < PROCESSES; i++) {
        const sde e = process(i);
        const noised law = noised_at(g, &e, t);
        target_score(g, law.m, law.s2, 1, &at, NULL, &u, &slope);
        TRY(match_posterior_quadrature(&law, at, &q));
        xp_judge(x, SIGMA, q.shift, region_about(sqrt(law.s2) * u, 1e-10), "%s",
                 sde_name(&e));
        xp_judge(x, SIGN, q.var, region_about(law.s2 * (1.0 - law.s2 * slope), 1e-10),
                 "%s", sde_name(&e));
        for (int k = 1; k <= 2 && i == VP; k++) {
            TRY(match_score_form(&law, 0.5 * k, 1, at, &value));
            xp_judge(x, EXPONENT, value, region_about(u, 1e-12), "%g", 0.5 * k);
        }
        if (i != SUB_VP) continue;
        TRY(match_score_form(&law, 0.25, 1, at, &value));
        xp_record(x, PRINTED, value, "as printed");
        xp_record(x, PRINTED, enclosure_rounded(u), "score");
    }
    const noised law = noised_at(g, &SDE_OU, 0.5);
    TRY(match_variation(&law, 0.9, identity, &value));
    xp_judge(x, SHRUNK, value, ZERO, "OU t=0.5 q=x");
    target_free(g);
}

/* In R^d: 9 x 9 points of the first two coordinates, the others at their mean. */
static void verify_space(xp *x, const gmm *p, sde e, double t)
{
    const int d = gmm_dim(p);
    const double m = sde_scale(&e, t), s2 = sde_var(&e, t);
    double logp, *at = NEW_ARRAY(double, 2L * d + (long)d * d);
    double *mean = at + d, *var = mean + d;
    gmm *pt = gmm_diffuse(p, m, s2);
    enclosure worst = enclosure_exact(0.0);
    gmm_moments(pt, mean, var, d);
    for (int i = 0; i < 81; i++) {
        for (int j = 0; j < d; j++) at[j] = mean[j];
        for (long j = 0; j < 2; j++) {
            double z = (j == 0 ? i / 9 : i % 9) - 4.0;
            at[j] = xp_target(x) == NULL ? z : mean[j] + z * sqrt(var[j * (d + 1)]);
        }
        gmm_score(pt, 1, at, d, &logp, NULL, d);
        if (logp >= LEAST_LOG_DENSITY) TRY(match_tweedie_gmm(p, m, s2, at, &worst));
    }
    xp_judge(x, SPACE, worst, ZERO, "d=%d %s", d, sde_name(&e));
    gmm_free(pt);
    free(at);
}

/* ---- The experiment ----------------------------------------------------------------------- */

/* Takes the data over. */
static void verify_target(xp *x, target *data, const char *name)
{
    for (int i = 0; i < PROCESSES; i++) {
        const sde e = process(i);
        if (target_smallest_sd(data) > 0.0) verify_identity(x, MEAN, data, name, &e);
        if (target_as_gmm(data) != NULL) verify_identity(x, EXACT_MEAN, data, name, &e);
        verify_least(x, data, name, &e);
    }
    target_free(data);
}

void xp_run(xp *x)
{
    const gmm *user = xp_target(x);
    const bool line = user != NULL && gmm_dim(user) == 1;
    gmm *plane = catalogue_plane();
    for (int i = 0; i < PROCESSES && !line; i++)
        verify_space(x, user != NULL ? user : plane, process(i), 0.5);
    gmm_free(plane);
    if (line) verify_target(x, target_mixture(user), "yours");
    if (user != NULL) return;
    verify_target(x, catalogue_target(&CATALOGUE_G), "G");
    verify_target(x, catalogue_target(&CATALOGUE_M), "M");
    verify_target(x, catalogue_target(&CATALOGUE_A3), "A3");
    verify_target(x, target_uniform(-1.0, 1.0), "U(-1,1)");
    verify_controls(x, catalogue_target(&CATALOGUE_G));
}
