/* score_efficiency -- what score matching loses against maximum likelihood.
 *
 * 002 section 7.1, last paragraph (Koehler, Heckett, Risteski 2022): under isoperimetry score matching is
 * nearly as good as maximum likelihood. One parameter, p_theta prop. to exp(theta F) b, u = (log p_theta)',
 * psi = F' u + F'', C the Poincare constant of p_theta, Var F <= C E F'^2:
 *
 *     Gamma_SM = Var psi/(E F'^2)^2  >=  Gamma_MLE = 1/Var F,
 *     Gamma_SM <= C^2 Gamma_MLE^2 Var psi <= 2 C^2 Gamma_MLE^2 {Var(F' u) + Var F''}.
 *
 * -(log p)'' >= K gives C <= 1/K (Bakry, Emery). Two wells, p = 1/2 N(-a, 1) + 1/2 N(a, 1), have C of the
 * order e^{a^2/2}, yet F = x has the ratio Gamma_SM/Gamma_MLE = (1 + a^2) I(p), a polynomial: the loss of
 * e^{a^2/2} takes a statistic that is flat inside the modes, F = tanh(ax). In the plane, F = xy of
 * exp(-|x|^2/2 + theta xy) has ratio 1 + theta^2.
 *
 * Controls  "F = x shows the exponential loss": log ratio has slope 0.134 in a^2/2 over a = 2..6, not
 *           [0.8, 1.3]. The bound for C = 1 and "ratio <= 2" for two wells, a = 4, F = tanh(ax): Gamma_SM is
 *           5543, the bound 0.0315. "Gamma_SM <= Gamma_MLE" for exp(-x^2/2 - x^4/4), F = (x^2, x^4): ratios
 *           1.097, 1.090. "The first bound is attained by F = x" for exp(-x^2/2 - x^4): factor 0.078, not 1.
 */
#include "expfam.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

enum { POINCARE, SHARPER, ATTAINED, CRAMER_RAO, CLOSE, POLYNOMIAL, EXPONENTIAL, PLANE };
enum { SLOPE_X = PLANE + 1, NO_CONSTANT, NOT_CLOSE, NOT_ATTAINED, BETTER, RATIO, OWN };

/* clang-format off */
static const xp_check CHECKS[] = {
    [POINCARE] = {xp_claim, QUADRATURE, "poincare-bound", "Gamma_SM <= 2 C^2 Gamma_MLE^2 {Var(F' u) + Var F''}, C <= 1/K, log-concave p", NULL},
    [SHARPER] = {xp_claim, QUADRATURE, "poincare-bound-psi", "Gamma_SM <= C^2 Gamma_MLE^2 Var psi, C <= 1/K, log-concave p", NULL},
    [ATTAINED] = {xp_claim, QUADRATURE, "attained", "Gamma_SM/(C^2 Gamma_MLE^2 Var psi) = 1 for N(0, 1), F = x", NULL},
    [CRAMER_RAO] = {xp_claim, QUADRATURE, "cramer-rao", "Gamma_SM/Gamma_MLE >= 1", NULL},
    [CLOSE] = {xp_claim, QUADRATURE, "close", "Gamma_SM/Gamma_MLE <= 2 for exp(-x^2/2 - c x^4), five statistics", NULL},
    [POLYNOMIAL] = {xp_claim, QUADRATURE, "two-wells-x", "two wells, F = x: ratio/((1 + a^2) I(p)) = 1", NULL},
    [EXPONENTIAL] = {xp_claim, QUADRATURE, "two-wells-tanh", "two wells, F = tanh(ax): log ratio has slope 0.95 to 1.15 in a^2/2, a >= 3", NULL},
    [PLANE] = {xp_claim, CLOSED_FORM, "plane", "exp(-|x|^2/2 + theta xy), F = xy: ratio/(1 + theta^2) = 1", NULL},
    [SLOPE_X] = {xp_control, QUADRATURE, "exponential-x", "two wells, F = x: slope 0.8 to 1.3 over a = 2..6; it is 0.134", NULL},
    [NO_CONSTANT] = {xp_control, QUADRATURE, "bound-two-wells", "the bound with C = 1 for two wells, a = 4, F = tanh(ax): 5543 for 0.0315", NULL},
    [NOT_CLOSE] = {xp_control, QUADRATURE, "close-two-wells", "Gamma_SM/Gamma_MLE <= 2 for two wells, a = 4: 5543 (tanh), 17 (x)", NULL},
    [NOT_ATTAINED] = {xp_control, QUADRATURE, "attained-quartic", "Gamma_SM/(Gamma_MLE^2 Var psi) = 1 for exp(-x^2/2 - x^4), F = x: 0.078", NULL},
    [BETTER] = {xp_control, QUADRATURE, "better-than-mle", "Gamma_SM <= Gamma_MLE, exp(-x^2/2 - x^4/4), F = (x^2, x^4): 10 % and 9 % off", NULL},
    [RATIO] = {xp_finding, QUADRATURE, "ratio", "Gamma_SM/Gamma_MLE", NULL},
    [OWN] = {xp_finding, QUADRATURE, "own-constant", "two wells, F = tanh(ax): Var F/E F'^2 <= C", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Score matching is near maximum likelihood, but not between two wells",
    .statement = "Gamma_SM <= 2 C^2 Gamma_MLE^2 {Var(F' u) + Var F''}, C Poincare's",
    .sources = "002 section 7.1; Koehler, Heckett, Risteski 2022; Qin, Risteski 2024",
    .columns = "series barrier ratio predicted bound",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static expfam_efficiency compare(const expfam *p)
{
    expfam_efficiency e;
    TRY(expfam_compare(p, &e));
    return e;
}

/* The bound is the one for C = 1. */
static void row(xp *x, const char *series, double barrier, const expfam_efficiency *e,
                double predicted)
{
    xp_row(x, "%s %.17g %.17g %.17g %.17g", series, barrier, enclosure_mid(e->ratio),
           predicted, enclosure_mid(enclosure_div(e->bound, e->mle)));
}

/* ---- Log-concave laws: -(log p)'' >= K --------------------------------------------------- */

/* The bounds if K > 0; Cramer-Rao whatever K. */
static void verify_bound(xp *x, const target *law, double K, const char *name)
{
    const expfam_statistic F[] = {expfam_power(1), expfam_power(2), expfam_power(3),
                                  expfam_tanh(1.0), expfam_sin(2.0)};
    for (int j = 0; j < LEN(F); j++) {
        const char *of = F[j].name;
        expfam p = expfam_tilt(F[j], law);
        expfam_efficiency e = compare(&p);
        xp_judge(x, CRAMER_RAO, e.ratio, region_at_least(1.0 - 1e-9), "%s F=%s", name,
                 of);
        if (xp_target(x) == NULL) xp_bound(x, CLOSE, e.ratio, 2.0, "%s F=%s", name, of);
        if (K <= 0.0) continue;
        xp_bound(x, POINCARE, e.sm, e.bound.lo / (K * K), "%s F=%s", name, of);
        xp_bound(x, SHARPER, e.sm, e.sharp.lo / (K * K), "%s F=%s", name, of);
    }
}

/* The law of (X - E X)/sd X, so that the statistics have its scale. */
static void verify_user(xp *x)
{
    if (!xp_target_on_line(x)) return;
    target *law = target_standardised(xp_target(x));
    double at, mean, var;
    enclosure K = target_concavity(law, 1.0, 0.0, &at);
    gmm_moments(xp_target(x), &mean, &var, 1);
    verify_bound(x, law, K.lo, "yours");
    if (K.lo <= 0.0)
        xp_assumption_fails(x, "log-concavity: (log p)'' = %.3g at x = %.3g",
                            -enclosure_mid(K) / var, mean + sqrt(var) * at);
    target_free(law);
}

/* exp(-x^2/2 - c x^4), where K = 1. */
static void verify_quartics(xp *x)
{
    static const double QUARTIC[] = {0.0, 0.05, 0.25, 1.0};
    static const char *const NAMES[] = {"c=0", "c=0.05", "c=0.25", "c=1"};
    for (int i = 0; i < LEN(QUARTIC); i++) {
        double c = QUARTIC[i];
        target *law = c > 0.0 ? target_quartic(1.0, c) : target_gauss(0.0, 1.0);
        expfam mean = expfam_tilt(expfam_power(1), law);
        expfam_efficiency e = compare(&mean);
        verify_bound(x, law, 1.0, NAMES[i]);
        if (i == 0 || i == 3)
            xp_judge(x, i == 0 ? ATTAINED : NOT_ATTAINED, enclosure_div(e.sm, e.sharp),
                     region_about(1.0, 1e-10), NULL);
        target_free(law);
    }
}

/* ---- Two wells ----------------------------------------------------------------------------- */

/* F = x (psi = u, E F'^2 = 1, Var F = 1 + a^2) or tanh(ax), which is flat inside the modes. */
static expfam_efficiency two_wells(xp *x, int a, bool flat)
{
    gmm *g = gmm_new_equal(2, 1, (double[]){-a, a}, 1.0);
    target *law = target_mixture(g);
    double fisher, err, barrier = 0.5 * a * a;
    TRY(gmm_fisher(g, &fisher, &err));
    expfam p = expfam_tilt(flat ? expfam_tanh(a) : expfam_power(1), law);
    expfam_efficiency e = compare(&p);
    enclosure known = enclosure_scale(enclosure_about(fisher, err), 1.0 + a * a);
    if (flat)
        xp_record(x, OWN, e.constant, "a=%d", a);
    else
        xp_judge(x, POLYNOMIAL, enclosure_div(e.ratio, known), region_about(1.0, 1e-8),
                 "a=%d", a);
    xp_record(x, RATIO, e.ratio, "two wells a=%d F=%s", a, p.F[0].name);
    row(x, p.F[0].name, barrier, &e, flat ? exp(barrier) : enclosure_mid(known));
    target_free(law);
    gmm_free(g);
    return e;
}

static void verify_two_wells(xp *x)
{
    enum { MOST = 8 };
    int last = (int)xp_effort(x, 6, MOST);
    double barrier[MOST + 1];
    enclosure ratio[2][MOST + 1]; /* its log; F = x, tanh(ax) */
    for (int flat = 0; flat <= 1; flat++)
        for (int a = 1; a <= last; a++) {
            expfam_efficiency e = two_wells(x, a, flat);
            barrier[a] = 0.5 * a * a;
            ratio[flat][a] = enclosure_log(e.ratio);
            if (a != 4) continue;
            xp_judge(x, NOT_CLOSE, e.ratio, region_at_most(2.0), flat ? "tanh" : "x");
            if (flat) xp_judge(x, NO_CONSTANT, e.sm, region_at_most(e.bound.hi), NULL);
        }
    xp_judge(x, EXPONENTIAL, rate_slope(last - 2, barrier + 3, ratio[1] + 3),
             region_between(0.95, 1.15), "a=3..%d", last);
    xp_judge(x, SLOPE_X, rate_slope(5, barrier + 2, ratio[0] + 2),
             region_between(0.8, 1.3), NULL);
}

/* exp{b (x^2/2 - x^4/4)}: wells at -1 and 1, barrier b/4. */
static void record_double_well(xp *x, expfam_statistic F, const char *series)
{
    for (int b = 1; b <= 32; b *= 2) {
        expfam p = {1, 3, {F, expfam_power(2), expfam_power(4)}, {0.0}, -5.0, 5.0};
        p.theta[1] = 0.5 * b;
        p.theta[2] = -0.25 * b;
        expfam_efficiency e = compare(&p);
        xp_record(x, RATIO, e.ratio, "double well b=%d F=%s", b, F.name);
        row(x, series, 0.25 * b, &e, NAN);
    }
}

/* ---- Two parameters, two dimensions -------------------------------------------------------- */

static void verify_coefficients(xp *x)
{
    expfam Q = expfam_quartic(1.0, 0.25);
    expfam_matrix sm, mle;
    TRY(expfam_gamma_sm(&Q, 0, &sm));
    TRY(expfam_gamma_mle(&Q, &mle));
    for (int i = 0; i < Q.k; i++) {
        enclosure ratio = enclosure_div(sm.at[i][i], mle.at[i][i]);
        xp_judge(x, CRAMER_RAO, ratio, region_at_least(1.0), "Q %s", Q.F[i].name);
        xp_judge(x, BETTER, ratio, region_at_most(1.0), "Q %s", Q.F[i].name);
    }
    target *law = target_quartic(0.0, 1.0);
    expfam own = expfam_tilt(expfam_power(4), law);
    xp_record(x, RATIO, compare(&own).ratio, "exp(-x^4) F=x^4");
    target_free(law);
}

/* N(0, S) with S^-1 = (1, -theta; -theta, 1). */
static void verify_plane(xp *x, double theta)
{
    const double XY[] = {0.0, 0.5, 0.5, 0.0}, v = 1.0 / (1.0 - theta * theta);
    double sm, mle;
    TRY(expfam_quadratic(2, (double[]){v, theta * v, theta * v, v}, XY, &sm, &mle));
    enclosure ratio = enclosure_about(sm / mle, 1e-13 * sm / mle);
    xp_judge(x, PLANE, enclosure_scale(ratio, 1.0 / (1.0 + theta * theta)),
             region_about(1.0, 1e-12), "theta=%g", theta);
}

void xp_run(xp *x)
{
    if (xp_target(x) != NULL) {
        verify_user(x);
        return;
    }
    verify_quartics(x);
    verify_two_wells(x);
    record_double_well(x, expfam_power(1), "well-x");
    record_double_well(x, expfam_tanh(6.0), "well-tanh");
    verify_coefficients(x);
    for (int i = 0; i <= 3; i++) verify_plane(x, 0.3 * i);
}
