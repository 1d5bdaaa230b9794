/* flow_reparametrisation -- the VE score enters every probability flow with s zeta zeta', not s^2 zeta zeta'.
 *
 * 002 (5.11)-(5.13), Karras, Aittala, Aila, Laine 2022. With s(t) = exp int_0^t f, zeta^2 = int_0^t g^2/s^2,
 *
 *     p(t, x) = s^-d p^VE(zeta, x/s),    grad log p(t, x) = (1/s) (grad log p^VE)(zeta, x/s),
 *
 * and g^2 = 2 s^2 zeta zeta', so a score s^VE_theta learned for VE runs any process by
 *
 *     dY/dt = f Y - s^k zeta zeta' s^VE_theta(zeta, Y/s),    k = 1,    from T down to 0.
 *
 * (5.12) has k = 2: right only if its gradient acts on X -> log p^VE(zeta, X/s). (5.13) has k = 2 with the
 * evaluated score: wrong unless s = 1. For data N(0, v0) the flow is linear and Var Y(0) a quadrature; it
 * should be v0.
 *
 * Printed   k = 2: Var Y(0) = 1121, 3175, 7003 for v0 = 1/4, 1, 4 (VP), 1454, 3682, 7492 (subVP), .0955, .579,
 *           3.26 (CVP), .680, 2.09, 5.97 (OU); F_0(Y(0)) - F_T(Y(T)) for M up to .42, .42, -.088, .095.
 * Controls  k = 0: .0387, .238, 1.76 (OU), .366, 1.22, 4.29 (CVP); 1e-127 for VP, a finding;
 *           the lost root, s^VE(zeta^2, .): .335, 1.79, 5.51 (OU).
 */
#include "catalogue.h"
#include "reparam.h"
#include "xp.h"

#include <math.h>

enum { LEVEL, DENSITY, SCORE, VARIANCE, FLOW, SQUARED, NO_SCALE, LOST_ROOT };
enum { DRIFT = LOST_ROOT + 1, EXTINCT };

/* clang-format off */
static const xp_check CHECKS[] = {
    [LEVEL] = {xp_claim, QUADRATURE, "noise-level", "zeta^2 by quadrature over the closed form of its process = 1", NULL},
    [DENSITY] = {xp_claim, QUADRATURE, "density", "log p(t, x) = -d log s + log p^VE(zeta, x/s), worst of 41 points", NULL},
    [SCORE] = {xp_claim, QUADRATURE, "score", "grad log p(t, x) = (1/s) (grad log p^VE)(zeta, x/s), worst of 41 points", NULL},
    [VARIANCE] = {xp_claim, QUADRATURE, "variance", "k = 1, data N(0, v0): Var Y(0) = v0", NULL},
    [FLOW] = {xp_claim, QUADRATURE, "flow", "k = 1: F_0(Y(0)) = F_T(Y(T)), worst of 41 lines", NULL},
    [SQUARED] = {xp_printed, QUADRATURE, "printed-power", "k = 2: Var Y(0) = v0 for N(0, v0); F_0(Y(0)) = F_T(Y(T)) for M", "k = 1: the chain rule takes one factor s"},
    [NO_SCALE] = {xp_control, QUADRATURE, "no-scale", "k = 0: the same; Var Y(0) is .15 to .44 v0 (OU), 1.07 to 1.46 v0 (CVP)", NULL},
    [LOST_ROOT] = {xp_control, QUADRATURE, "lost-root", "zeta^2 for zeta in s^VE, OU: Var Y(0) = v0; it is 1.34 to 1.79 v0", NULL},
    [DRIFT] = {xp_finding, CLOSED_FORM, "printed-drift", "VP, N(0, 1), Y = 1: drift of k = 2 per unit beta; it should be 0", NULL},
    [EXTINCT] = {xp_finding, QUADRATURE, "no-scale-vp", "k = 0, VP and subVP: log Var Y(0)", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Reparametrised probability flows: one factor s, not two",
    .statement =
        "dY/dt = f Y - s zeta zeta' (grad log p^VE)(zeta, Y/s) carries p_T to p_0",
    .sources = "002 (5.11)-(5.13); Karras, Aittala, Aila, Laine 2022",
    .columns = "process power t log10_variance log10_exact",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

/* ---- The processes and their zeta^2 --------------------------------------------------- */

static double ou(const sde *e, double t) { return (void)e, expm1(2.0 * t); }
static double vp(const sde *e, double t) { return expm1(sde_B(e, t)); }
static double cvp(const sde *e, double t) { return -expm1(-sde_B(e, t)); }
static double subvp(const sde *e, double t)
{
    double root = 2.0 * sinh(0.5 * sde_B(e, t));
    return root * root;
}
static double ve(const sde *e, double t)
{
    return e->smin * e->smin * expm1(2.0 * t * log(e->smax / e->smin));
}

typedef struct {
    sde forward;
    double (*zeta2)(const sde *e, double t);
} process;
enum { OU, VP, SUBVP, CVP, VE, PROCESSES };

static const double TIMES[] = {0.05, 0.35, 1.0}, V0[] = {0.25, 1.0, 4.0},
                    DRIFT_AT[] = {0.1, 1.0, 3.0};
static const region EQUAL = {-1e-11, 1e-11};

static void verify_level(xp *x, const process *p, double t)
{
    enclosure zeta2;
    TRY(reparam_zeta2_quadrature(&p->forward, t, &zeta2));
    xp_judge(x, LEVEL, enclosure_relative(zeta2, p->zeta2(&p->forward, t)), EQUAL,
             "%s t=%g", sde_name(&p->forward), t);
}

/* ---- Any data --------------------------------------------------------------------------- */

/* F_0(Y(0)) = F_T(Y(T)) on 41 lines, from -4 to 4 standard deviations about the mean of p_T? */
static void judge_flow(xp *x, int check, const gmm *data, const char *name,
                       const sde *e, int power)
{
    enum { LINES = 41 };
    target *p = target_mixture(data);
    const reparam r = {*e, power, false};
    double s = sde_scale(e, e->T), n = sde_var(e, e->T), y[LINES], error[LINES];
    double from[LINES], mean = s * target_mean(p);
    double sd = sqrt(s * s * target_variance(p) + n);
    for (int i = 0; i < LINES; i++) y[i] = from[i] = mean + sd * (-4.0 + 0.2 * i);
    TRY(reparam_flow(&r, p, LINES, y, error));
    enclosure worst = enclosure_exact(0.0);
    for (int i = 0; i < LINES; i++) {
        enclosure gap = enclosure_of(target_cdf(p, 1.0, 0.0, y[i] - error[i]),
                                     target_cdf(p, 1.0, 0.0, y[i] + error[i]), 0.0);
        gap = enclosure_sub(gap, enclosure_exact(target_cdf(p, s, n, from[i])));
        worst = enclosure_farther(worst, enclosure_widen(gap, 1e-14)); /* rounding */
    }
    xp_judge(x, check, worst, region_about(0.0, 1e-8), "%s %s", name, sde_name(e));
    target_free(p);
}

/* Density and score of data in R^d, flow of data on the line. */
static void verify_data(xp *x, const gmm *data, const char *name, const process *p)
{
    for (int i = 0; i < LEN(TIMES); i++) {
        enclosure density, slope;
        TRY(reparam_residuals(data, &p->forward, TIMES[i], &density, &slope));
        xp_judge(x, DENSITY, density, EQUAL, "%s %s t=%g", name, sde_name(&p->forward),
                 TIMES[i]);
        xp_judge(x, SCORE, slope, EQUAL, "%s %s t=%g", name, sde_name(&p->forward),
                 TIMES[i]);
    }
    if (gmm_dim(data) == 1) judge_flow(x, FLOW, data, name, &p->forward, 1);
}

/* ---- Data N(0, v0) ---------------------------------------------------------------------- */

static enclosure log_variance(const sde *e, int power, bool rootless, double v0,
                              double t)
{
    reparam r = {*e, power, rootless};
    enclosure value;
    TRY(reparam_log_variance(&r, v0, t, &value));
    return value;
}

/* Is Var Y(0) = v0 to 1e-9? */
static void judge_variance(xp *x, int check, const sde *e, int power, double v0)
{
    enclosure l = log_variance(e, power, check == LOST_ROOT, v0, 0.0);
    enclosure v = enclosure_widen(enclosure_of(exp(l.lo), exp(l.hi), 0.0),
                                  4e-16 * exp(l.hi)); /* rounding of exp */
    xp_judge(x, check, v, region_about(v0, 1e-9 * v0), "%s v0=%g", sde_name(e), v0);
}

static void verify_variance(xp *x, const process *list, double v0)
{
    for (int i = 0; i < PROCESSES; i++) {
        const sde *e = &list[i].forward;
        judge_variance(x, VARIANCE, e, 1, v0);
        if (i != VE) judge_variance(x, SQUARED, e, 2, v0);
    }
    judge_variance(x, NO_SCALE, &list[OU].forward, 0, v0);
    judge_variance(x, NO_SCALE, &list[CVP].forward, 0, v0);
    judge_variance(x, LOST_ROOT, &list[OU].forward, 1, v0);
    for (int i = VP; i <= SUBVP; i++)
        xp_record(x, EXTINCT, log_variance(&list[i].forward, 0, false, v0, 0.0),
                  "%s v0=%g", sde_name(&list[i].forward), v0);
}

/* VP with beta = 1, hence B = t. Backward in time: -dY/dt. */
static void record_drift(xp *x, double B)
{
    reparam printed = {sde_vp(1.0, 1.0, B), 2, false};
    double s = sde_scale(&printed.forward, B);
    double ve_score = -(1.0 / s) / (1.0 + reparam_zeta2(&printed.forward, B));
    xp_record(x, DRIFT,
              enclosure_rounded(-reparam_velocity(&printed, B, 1.0, ve_score)), "B=%g",
              B);
}

/* In decades, v0 = 1. */
static void draw_variance(xp *x, const sde *e)
{
    for (int power = 0; power <= 2; power++)
        for (int i = 0; i <= 40; i++) {
            double t = e->T * i / 40.0, s = sde_scale(e, t);
            enclosure l = log_variance(e, power, false, 1.0, t);
            xp_row(x, "%s %d %.17g %.17g %.17g", sde_name(e), power, t,
                   enclosure_mid(l) / log(10.0), log10(s * s + sde_var(e, t)));
        }
}

void xp_run(xp *x)
{
    const process list[PROCESSES] = {[OU] = {sde_ou(1.0), ou},
                                     [VP] = {sde_vp(0.1, 20.0, 1.0), vp},
                                     [SUBVP] = {sde_subvp(0.1, 20.0, 1.0), subvp},
                                     [CVP] = {sde_cvp(0.1, 20.0, 1.0), cvp},
                                     [VE] = {sde_ve(0.01, 50.0, 1.0), ve}};
    const gmm *user = xp_target(x);
    gmm *M = catalogue_gmm(&CATALOGUE_M), *plane = catalogue_plane();
    for (int i = 0; i < PROCESSES; i++) {
        for (int j = 0; j < LEN(TIMES); j++) verify_level(x, &list[i], TIMES[j]);
        verify_data(x, user != NULL ? user : M, user != NULL ? "yours" : "M", &list[i]);
        if (user == NULL) verify_data(x, plane, "plane", &list[i]);
        if (i == VE) continue; /* s = 1: every k is the same */
        judge_flow(x, SQUARED, M, "M", &list[i].forward, 2);
        draw_variance(x, &list[i].forward);
    }
    judge_flow(x, NO_SCALE, M, "M", &list[OU].forward, 0);
    judge_flow(x, NO_SCALE, M, "M", &list[CVP].forward, 0);
    for (int i = 0; i < LEN(V0); i++) verify_variance(x, list, V0[i]);
    for (int i = 0; i < LEN(DRIFT_AT); i++) record_drift(x, DRIFT_AT[i]);
    gmm_free(plane), gmm_free(M);
}
