/* contractive_models -- CVP trades an initial bias that never vanishes for robustness against score errors.
 *
 * CVP: f = +beta/2, g^2 = beta, from N(0, (e^B - 1) I), B = int_0^T beta. For kappa-strongly log-concave data p_s is
 * kappa/(e^{B_s} (1 + kappa) - kappa)-strongly log-concave, which integrates to log(1 + kappa - kappa e^{-B}); with eps
 * along the sampler's path, m2 = E|X_0|^2 and 0 < h < 1/2,
 *
 *     W2^2 <= e^{2hB} m2/(1 + kappa - kappa e^{-B})^2 + eps^2/(2h (1 - 2h)).
 *
 * 002 has no formula; that of Tang, Zhao 2024 as restated elsewhere has kappa/(1 + kappa) <= log(1 + kappa) in the
 * exponent: weaker. For N(m, 1/kappa) and grad log p_t + eps the mean of the sample is off by bias m - shift eps, functions
 * of kappa and B (VE: V = int g^2), `mean_offset` in law.h. CVP has the smaller shift, and a bias above 1/(1 + kappa).
 *
 * Controls  CVP's bias tends to 0: W2 = 1.24, 1.01, 1.009 for N(2, 1), B = 1, 5, 20, allowed 0.1;  VE as robust as CVP:
 *           shift 2.40 for 1.2465 (kappa = 1, V = 10.05);  a quarter of the score term: N(0, 1), eps = 10: 135.5 for 103.
 */
#include "bound.h"
#include "catalogue.h"
#include "perturbation.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

#define BOUND_ "W2^2 <= e^{2hB} m2/(1 + kappa - kappa e^{-B})^2 + eps^2/(2h (1 - 2h))"

/* clang-format off */
enum { TABLE, LIMIT, BOUND, LAW, ROBUST, PRICE, CROSSING, VANISHES, VE_ROBUST, QUARTER, SHARPNESS, CROSSOVER, TRADE_OFF, MIXTURE };
static const xp_check CHECKS[] = {
    [TABLE] = {xp_claim, QUADRATURE, "table", "N(m,1/kappa): mean error of the moments' ODE less that of the closed form"},
    [LIMIT] = {xp_claim, QUADRATURE, "limit", "shift at B = 40: its closed form as B -> infinity"},
    [BOUND] = {xp_claim, QUADRATURE, "bound", "CVP, N(m,1/kappa), s = grad log p_t + eps: " BOUND_},
    [LAW] = {xp_claim, EXACT_LAW, "exact-law", "CVP(0.1, 2), not Gaussian, s = grad log p_t + 0.1: " BOUND_},
    [ROBUST] = {xp_claim, QUADRATURE, "robust", "shift of CVP over that of VP < 1, largest over B"},
    [PRICE] = {xp_claim, QUADRATURE, "price", "1/(1 + kappa) over the bias of CVP < 1, largest over B"},
    [CROSSING] = {xp_claim, QUADRATURE, "crossing", "mean error CVP less VP, kappa = 1, B = 20: > 0 below eps/m = 0.66353, < 0 above"},
    [VANISHES] = {xp_control, QUADRATURE, "bias-vanishes", "N(2,1), CVP, exact score: W2 <= 0.1 at every B, too small by 10"},
    [VE_ROBUST] = {xp_control, QUADRATURE, "ve-as-robust", "VE, V = 10.05, kappa = 1: shift <= sqrt(2) log(1 + sqrt 2), too small by 1.9"},
    [QUARTER] = {xp_control, QUADRATURE, "quarter", "score term eps^2/(8h (1 - 2h)), too small by 1.3 at eps = 10"},
    [SHARPNESS] = {xp_finding, CLOSED_FORM, "sharpness", "B -> infinity: (shift eps)^2/(4 eps^2), the score term at h = 1/4"},
    [CROSSOVER] = {xp_finding, CLOSED_FORM, "crossover", "B -> infinity: eps/m above which the mean error of CVP is below that of VP"},
    [TRADE_OFF] = {xp_finding, QUADRATURE, "trade-off", "kappa = 1: bias and shift at B (VE: V)"},
    [MIXTURE] = {xp_finding, EXACT_LAW, "mixture", "0.3N(-1.5,0.09) + 0.7N(1,0.16), beta from 0.1 to 2: W2 from p_noise, exact score; from p_T, grad log p_t + 0.1"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Contractive models: robust to score errors, at the cost of a bias",
    .statement = "CVP, strongly log-concave data: " BOUND_,
    .sources = "002 section 3 (e), (3.15)-(3.17), after Theorem 6.6; Tang, Zhao 2024",
    .columns = "panel model x measured formula",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

typedef const mean_offset_model model;
static model *const MODELS[] = {&MEAN_OFFSET_VP, &MEAN_OFFSET_CVP, &MEAN_OFFSET_VE};
static const double KAPPA[] = {0.5, 1.0, 2.0, 4.0};
static const double CLOCK[] = {1.0, 2.0, 5.0, 10.05, 20.0}; /* B, or V */

/* m - E Y_T = bias m - shift eps from p_noise: the bias at (1, 0), the shift at (0, -1), where p_T gives the same. */
static enclosure mean_off(model *f, double kappa, double clock, double m, double eps)
{
    affine_law law;
    TRY(law_mean_offset_sample(f, kappa, clock, m, eps, &law));
    return enclosure_sub(enclosure_exact(m), law.mean);
}

/* CVP: W2^2. */
static enclosure w2sq_of(double kappa, double m, double B, double eps)
{
    affine_law law;
    TRY(law_mean_offset_sample(&MEAN_OFFSET_CVP, kappa, B, m, eps, &law));
    return law_affine_w2sq(&law, (gauss){m, 1.0 / kappa});
}

/* The closed forms of all models and the bound of CVP, over B and eps. */
static void gaussian(xp *x, double kappa, double m)
{
    static const double EPS[] = {0.0, 0.1, -0.1};
    enclosure off[LEN(MODELS)] = {{0}};
    for (int i = 0; i < LEN(CLOCK) * LEN(EPS); i++) {
        double B = CLOCK[i / LEN(EPS)], eps = EPS[i % LEN(EPS)];
        for (int k = 0; k < LEN(MODELS); k++) {
            mean_offset f = MODELS[k]->formula(kappa, B);
            enclosure formula = enclosure_rounded(f.bias * m - f.shift * eps);
            enclosure gap = mean_off(MODELS[k], kappa, B, m, eps);
            off[k] = enclosure_farther(off[k], enclosure_sub(gap, formula));
        }
        double most = bound_cvp_w2sq_least(kappa, m * m + 1.0 / kappa, B, eps * eps);
        xp_bound(x, BOUND, w2sq_of(kappa, m, B, eps), most, "kappa=%g m=%g B=%g eps=%g",
                 kappa, m, B, eps);
    }
    for (int k = 0; k < LEN(MODELS); k++)
        xp_judge(x, TABLE, off[k], region_about(0.0, 1e-9), "%s kappa=%g m=%g",
                 MODELS[k]->name, kappa, m);
}

static void trade_off(xp *x, double kappa)
{
    enclosure robust = enclosure_exact(0.0), price = robust;
    mean_offset limit[2];
    for (int i = 0; i < LEN(CLOCK); i++) {
        enclosure vp = mean_off(&MEAN_OFFSET_VP, kappa, CLOCK[i], 0.0, -1.0);
        enclosure cvp = mean_off(&MEAN_OFFSET_CVP, kappa, CLOCK[i], 0.0, -1.0);
        enclosure bias = mean_off(&MEAN_OFFSET_CVP, kappa, CLOCK[i], 1.0, 0.0);
        enclosure floor = enclosure_rounded(1.0 / (1.0 + kappa));
        robust = enclosure_max(robust, enclosure_div(cvp, vp));
        price = enclosure_max(price, enclosure_div(floor, bias));
    }
    xp_judge(x, ROBUST, robust, region_between(0.0, 1.0), "kappa=%g", kappa);
    xp_judge(x, PRICE, price, region_between(0.0, 1.0), "kappa=%g", kappa);
    for (int k = 0; k < 2; k++) {
        limit[k] = MODELS[k]->formula(kappa, (double)INFINITY);
        enclosure at40 = mean_off(MODELS[k], kappa, 40.0, 0.0, -1.0);
        xp_judge(x, LIMIT, at40, region_about(limit[k].shift, 1e-7), "%s kappa=%g",
                 MODELS[k]->name, kappa);
    }
    double s = limit[1].shift, crossover = limit[1].bias / (limit[0].shift - s);
    xp_record(x, SHARPNESS, enclosure_rounded(0.25 * s * s), "kappa=%g", kappa);
    xp_record(x, CROSSOVER, enclosure_rounded(crossover), "kappa=%g", kappa);
}

/* kappa = 1, m = 1, B = 20, eps of the sign that adds to the bias. */
static void crossing(xp *x, double eps, region side)
{
    enclosure vp = mean_off(&MEAN_OFFSET_VP, 1.0, 20.0, 1.0, -eps);
    enclosure cvp = mean_off(&MEAN_OFFSET_CVP, 1.0, 20.0, 1.0, -eps);
    xp_judge(x, CROSSING, enclosure_sub(cvp, vp), side, "eps/m=%g", eps);
}

static void controls(xp *x)
{
    static const double B[] = {1.0, 5.0, 20.0};
    double robust = MEAN_OFFSET_CVP.formula(1.0, (double)INFINITY).shift;
    for (int i = 0; i < LEN(B); i++)
        xp_judge(x, VANISHES, enclosure_sqrt(w2sq_of(1.0, 2.0, B[i], 0.0)),
                 region_at_most(0.1), "B=%g", B[i]);
    enclosure shift = mean_off(&MEAN_OFFSET_VE, 1.0, 10.05, 0.0, -1.0);
    xp_judge(x, VE_ROBUST, shift, region_at_most(robust), "V=10.05");
    enclosure w2sq = w2sq_of(1.0, 0.0, 5.0, 10.0);
    double most = bound_cvp_w2sq_least(1.0, 1.0, 5.0, 100.0);
    double quarter = bound_cvp_w2sq_least(1.0, 1.0, 5.0, 25.0);
    xp_bound(x, BOUND, w2sq, most, "N(0,1) B=5 eps=10");
    xp_judge(x, QUARTER, w2sq, region_at_most(quarter), "N(0,1) B=5 eps=10");
}

/* kappa = 1: the figure, and a table. */
static void curves(xp *x, model *f)
{
    static const char *const PANEL[] = {"bias", "shift", "total"};
    mean_offset end = f->formula(1.0, 20.0);
    for (int k = 0; k < 20 * LEN(PANEL); k++) {
        double at = k % 20 + 1.0, eps = 0.075 * at;
        mean_offset known = f->formula(1.0, at);
        const double formula[] = {known.bias, known.shift, end.bias + end.shift * eps};
        enclosure gap[] = {mean_off(f, 1.0, at, 1.0, 0.0),
                           mean_off(f, 1.0, at, 0.0, -1.0),
                           mean_off(f, 1.0, 20.0, 1.0, -eps)};
        xp_row(x, "%s %s %g %.17g %.17g", PANEL[k / 20], f->name, k < 40 ? at : eps,
               enclosure_mid(gap[k / 20]), formula[k / 20]);
    }
    for (int i = 0; i < LEN(CLOCK); i++) {
        double at = CLOCK[i];
        enclosure bias = mean_off(f, 1.0, at, 1.0, 0.0);
        enclosure shift = mean_off(f, 1.0, at, 0.0, -1.0);
        xp_record(x, TRADE_OFF, bias, "bias %s %g", f->name, at);
        xp_record(x, TRADE_OFF, shift, "shift %s %g", f->name, at);
    }
}

/* W2 of the sampler with the score grad log p_t + eps from p_noise, or p_T, by exact laws of the exponential
   integrator. */
static enclosure sampled(xp *x, const target *data, const sde *e, bool noise,
                         double eps, int steps)
{
    start from = noise ? (start){START_NORMAL, 0.0, sde_prior_var(e)} : START_EXACT;
    ladder l;
    TRY(perturbation_constant_ladder(data, e, from, eps, steps, xp_laws(x), &l));
    return rate_limit(l.w2[0], l.w2[1]);
}

/* Takes the data over. */
static void exact_law(xp *x, target *data, const char *name)
{
    const sde *e = &SDE_CVP;
    double at, m2 = target_second_moment(data);
    enclosure kappa = target_concavity(data, 1.0, 0.0, &at);
    if (kappa.lo > 0.0) {
        enclosure w2 = sampled(x, data, e, true, 0.1, 100);
        double most = bound_cvp_w2sq_least(kappa.lo, m2, sde_B(e, e->T), 0.01);
        xp_bound(x, LAW, enclosure_mul(w2, w2), most, "%s", name);
    } else
        xp_assumption_fails(x, "kappa > 0: -(log p)'' = %.6g at %.6g", kappa.hi, at);
    target_free(data);
}

/* CVP against VP with the same beta. */
static void mixture(xp *x)
{
    const sde e[] = {SDE_CVP, sde_vp(0.1, 2.0, 1.0)};
    int steps = (int)xp_effort(x, 100, 200);
    target *p = catalogue_target(&CATALOGUE_M);
    for (int i = 0; i < LEN(e); i++)
        for (int k = 0; k < 2; k++) {
            enclosure w2 = sampled(x, p, &e[i], k == 0, k * 0.1, steps);
            xp_record(x, MIXTURE, w2, "%s %s", sde_name(&e[i]), k ? "score" : "start");
        }
    target_free(p);
}

void xp_run(xp *x)
{
    if (!xp_target_on_line(x)) return;
    if (xp_target(x)) {
        exact_law(x, target_mixture(xp_target(x)), "user");
        return;
    }
    for (int i = 0; i < LEN(KAPPA); i++) {
        gaussian(x, KAPPA[i], 0.0);
        gaussian(x, KAPPA[i], 2.0);
        trade_off(x, KAPPA[i]);
    }
    crossing(x, 0.6635 - 0.002, region_at_least(0.0));
    crossing(x, 0.6635 + 0.002, region_at_most(0.0));
    controls(x);
    for (int k = 0; k < LEN(MODELS); k++) curves(x, MODELS[k]);
    exact_law(x, target_quartic(1.0, 0.25), "quartic");
    mixture(x);
}
