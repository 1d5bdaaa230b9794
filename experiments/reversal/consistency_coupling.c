/* consistency_coupling -- consistency training differs from distillation by O(delta), not O(1).
 *
 * 002 section 5.2, (5.15), (5.17), VE' (X_t ~ N(x, t^2 I)): both trainings compare a model at Y+ = x + tz and
 * at Y-, u = t - delta. CD: Y- = Y+ + delta t grad log p_t(Y+). CT, as 002 tells it: Y- ~ X_u with noise of its
 * own. For data delta_0 in R^D
 *
 *     W2^2(CD pair, CT pair) = 2D {t^2 + u^2 - sqrt(t^4 + u^4)} -> 2(2 - sqrt 2) t^2 D,
 *
 * and "this explains why CD outperforms CT". The formula is right. But CT as published (Song, Dhariwal, Chen,
 * Sutskever 2023) uses one z in both, (x + tz, x + uz): for delta_0 the two pairs have the same law, and for
 * N(0, v) their covariances differ by delta^2 v/(v + t^2) in Var Y- alone, hence
 *
 *     W2^2 = v/(2(v + t^2)) delta^2 D + O(delta^3).
 *
 * The CD pair has rank one: W2^2 = |w|^2 + tr S - 2 (w^T S w)^{1/2}, free of cancellation in the library.
 *
 * Printed   (5.17) of CT as published: 1.0462 for 0 (v = 0), 0.9616 for 0.0026285 (v = 1; t = 1, delta = 0.1).
 * Controls  t u in the place of sqrt(t^4 + u^4): the gap tends to 2(sqrt 2 - 1) t^2 D, 1.82 for 1.0462;
 *           the cost delta^2 v/(v + t^2) of equal x and z in the place of W2^2: too large by the factor 2.
 */
#include "consistency.h"
#include "quad.h"
#include "rate.h"
#include "sampler.h"
#include "xp.h"

#include <math.h>

enum { ATOM, ATOM_LIMIT, ATOM_MEAN, SHARED_ATOM, SHARED_ORDER, SHARED_CONSTANT, EULER };
enum { PUBLISHED = EULER + 1, PRODUCT, SAME_NOISE, RATIO };

/* clang-format off */
static const xp_check CHECKS[] = {
    [ATOM] = {xp_claim, CLOSED_FORM, "independent-atom", "independent noise, data delta_0: W2^2/(2D {t^2 + u^2 - sqrt(t^4 + u^4)}) = 1", NULL},
    [ATOM_LIMIT] = {xp_claim, CLOSED_FORM, "independent-limit", "2(2 - sqrt 2) t^2 D - W2^2 has order 1 in delta", NULL},
    [ATOM_MEAN] = {xp_claim, QUADRATURE, "independent-mean", "delta -> 0: E W2 = sqrt((1 - 1/sqrt 2) D) for t ~ U(0, 1)", NULL},
    [SHARED_ATOM] = {xp_claim, CLOSED_FORM, "shared-atom", "shared noise, data delta_0: W2/t <= 1e-13 (0)", NULL},
    [SHARED_ORDER] = {xp_claim, CLOSED_FORM, "shared-order", "shared noise, data N(0, v): W2^2 has order 2 in delta", NULL},
    [SHARED_CONSTANT] = {xp_claim, CLOSED_FORM, "shared-constant", "shared noise: W2^2/delta^2 = v/(2(v + t^2)) within 2 % at delta = t/1000", NULL},
    [EULER] = {xp_claim, CLOSED_FORM, "euler-atom", "data delta_0: the Euler step of CD is the flow, Y- = (1 - delta/t) Y+", NULL},
    [PUBLISHED] = {xp_printed, CLOSED_FORM, "printed-published-ct", "W2^2 of CT as published is that of independent noise", "one z in both: W2 = 0 for delta_0, O(delta) else"},
    [PRODUCT] = {xp_control, CLOSED_FORM, "product-of-times", "t u for sqrt(t^4 + u^4): wrong by 2(sqrt 2 - 1) t^2 D as delta -> 0", NULL},
    [SAME_NOISE] = {xp_control, CLOSED_FORM, "same-noise-cost", "W2^2/delta^2 = v/(v + t^2) within 2 %: too large by the factor 2", NULL},
    [RATIO] = {xp_finding, CLOSED_FORM, "shared-to-independent", "W2 with shared noise over W2 with independent noise", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Consistency training and distillation: the coupling of the noise",
    .statement = "W2(CD pair, CT pair): O(1) for independent noise, (5.17); "
                 "delta sqrt(v/(2(v + t^2))) for the published shared noise",
    .sources = "002 section 5.2, (5.15), (5.17); Song, Dhariwal, Chen, Sutskever 2023",
    .columns = "series v x y",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

static const double VARIANCES[] = {0.0, 0.25, 1.0, 4.0}, TIMES[] = {0.5, 1.0, 2.0},
                    STEPS[] = {0.5, 0.1, 0.01, 0.001}; /* delta/t */
static const int DIMENSIONS[] = {1, 3};
enum { HUNDREDTH = 2, THOUSANDTH = 3 };

/* W2^2 of one coordinate. */
static enclosure squared(consistency_pair other, double v, double t, double delta)
{
    enclosure w2 = consistency_w2(other, v, t, delta);
    return enclosure_mul(w2, w2);
}

/* ---- Independent noise, data delta_0 ------------------------------------------------ */

static void verify_atom(xp *x, double t)
{
    const double limit = 2.0 * (2.0 - sqrt(2.0)) * t * t;
    enclosure below[LEN(STEPS)];
    for (int i = 0; i < LEN(STEPS); i++) {
        double delta = STEPS[i] * t, u = t - delta;
        enclosure w2 = squared(CONSISTENCY_INDEPENDENT, 0.0, t, delta);
        below[i] = enclosure_sub(enclosure_rounded(limit), w2);
        for (int j = 0; j < LEN(DIMENSIONS); j++) {
            double D = DIMENSIONS[j], both = t * t + u * u;
            double printed = 2.0 * D * (both - hypot(t * t, u * u));
            enclosure all = enclosure_scale(w2, D);
            xp_judge(x, ATOM, enclosure_relative(all, printed),
                     region_about(0.0, 1e-12), "t=%g delta/t=%g D=%g", t, STEPS[i], D);
            xp_judge(x, PRODUCT, all,
                     region_about(2.0 * D * (both - t * u), 1e-12 * D * both),
                     "t=%g delta/t=%g D=%g", t, STEPS[i], D);
        }
    }
    xp_judge(x, ATOM_LIMIT,
             rate_local(STEPS[HUNDREDTH], below[HUNDREDTH], STEPS[THOUSANDTH],
                        below[THOUSANDTH]),
             region_between(0.95, 1.05), "t=%g", t);
}

static double without_step(double t, const void *ctx)
{
    (void)ctx;
    return enclosure_mid(consistency_w2(CONSISTENCY_INDEPENDENT, 0.0, t, 0.0));
}

static void verify_mean(xp *x)
{
    double value, err;
    TRY(quad_adaptive(without_step, NULL, 2, (double[]){0.0, 1.0}, 0.0, 1e-13, &value,
                      &err));
    enclosure mean = enclosure_about(value, err + 1e-14); /* rounding of W2 */
    for (int j = 0; j < LEN(DIMENSIONS); j++) {
        double root = sqrt(DIMENSIONS[j]);
        xp_judge(x, ATOM_MEAN, enclosure_scale(mean, root),
                 region_about(sqrt(1.0 - 1.0 / sqrt(2.0)) * root, 1e-10), "D=%d",
                 DIMENSIONS[j]);
    }
}

/* The flow of VE' through y at t meets u at (u/t) y. */
static void verify_euler(xp *x, double t, double delta)
{
    target *atom = target_atoms(1, (double[]){1.0}, (double[]){0.0});
    const double y = 0.7 * t;
    double s;
    target_score(atom, 1.0, t * t, 1, &y, NULL, &s, NULL);
    step c = SAMPLER_EULER.coefficients(&SDE_VE_PRIME, t, t - delta);
    enclosure ratio = enclosure_rounded((c.a * y + c.b * s) / y);
    xp_judge(x, EULER, ratio, region_about(1.0 - delta / t, 1e-13), "t=%g delta/t=%g",
             t, delta / t);
    target_free(atom);
}

/* ---- Shared noise --------------------------------------------------------------------- */

static void verify_shared(xp *x, double v, double t)
{
    enclosure w2[LEN(STEPS)];
    for (int i = 0; i < LEN(STEPS); i++) {
        double delta = STEPS[i] * t;
        enclosure own = squared(CONSISTENCY_INDEPENDENT, v, t, delta);
        w2[i] = squared(CONSISTENCY_CT, v, t, delta);
        xp_judge(x, PUBLISHED, w2[i],
                 region_about(enclosure_mid(own), enclosure_halfwidth(own)),
                 "v=%g t=%g delta/t=%g", v, t, STEPS[i]);
        if (v == 0.0)
            xp_judge(
                x, SHARED_ATOM,
                enclosure_scale(consistency_w2(CONSISTENCY_CT, v, t, delta), 1.0 / t),
                region_at_most(1e-13), "t=%g delta/t=%g", t, STEPS[i]);
        if (t == 1.0)
            xp_record(x, RATIO, enclosure_sqrt(enclosure_div(w2[i], own)),
                      "v=%g delta=%g", v, delta);
    }
    if (v == 0.0) return;
    double delta = STEPS[THOUSANDTH] * t, constant = v / (2.0 * (v + t * t));
    enclosure scaled = enclosure_scale(w2[THOUSANDTH], 1.0 / (delta * delta));
    xp_judge(x, SHARED_CONSTANT, scaled, region_about(constant, 0.02 * constant),
             "v=%g t=%g", v, t);
    xp_judge(x, SAME_NOISE, scaled, region_about(2.0 * constant, 0.04 * constant),
             "v=%g t=%g", v, t);
    xp_judge(
        x, SHARED_ORDER,
        rate_local(STEPS[HUNDREDTH], w2[HUNDREDTH], STEPS[THOUSANDTH], w2[THOUSANDTH]),
        region_between(1.97, 2.03), "v=%g t=%g", v, t);
}

/* ---- For the figure ------------------------------------------------------------------- */

/* The ellipse of two standard deviations of (Y+, Y-), v = t = 1, delta = 1/4. */
static void draw_ellipse(xp *x, consistency_pair pair, const char *name)
{
    double L[CONSISTENCY_FACTOR], S[3] = {0};
    consistency_factor(pair, 1.0, 1.0, 0.25, L);
    for (int k = 0; k < 3; k++) {
        S[0] += L[k] * L[k];
        S[1] += L[k] * L[3 + k];
        S[2] += L[3 + k] * L[3 + k];
    }
    double slope = S[1] / S[0], rest = sqrt(fmax(0.0, S[2] - slope * S[1]));
    for (int i = 0; i <= 72; i++) {
        double plus = 2.0 * sqrt(S[0]) * cos(SC_PI * i / 36.0);
        xp_row(x, "%s 1 %.17g %.17g", name, plus,
               slope * plus + 2.0 * rest * sin(SC_PI * i / 36.0));
    }
}

static void draw_distance(xp *x, consistency_pair pair, const char *name, double v)
{
    for (int i = 0; i <= 14; i++) {
        double delta = 0.5 * pow(10.0, -0.25 * i);
        xp_row(x, "%s %g %.17g %.17g", name, v, delta,
               enclosure_mid(consistency_w2(pair, v, 1.0, delta)));
    }
}

void xp_run(xp *x)
{
    for (int i = 0; i < LEN(TIMES); i++) {
        verify_atom(x, TIMES[i]);
        for (int j = 0; j < LEN(STEPS); j++)
            verify_euler(x, TIMES[i], STEPS[j] * TIMES[i]);
        for (int j = 0; j < LEN(VARIANCES); j++)
            verify_shared(x, VARIANCES[j], TIMES[i]);
    }
    verify_mean(x);
    draw_ellipse(x, CONSISTENCY_CD, "ellipse-CD");
    draw_ellipse(x, CONSISTENCY_CT, "ellipse-shared");
    draw_ellipse(x, CONSISTENCY_INDEPENDENT, "ellipse-independent");
    for (int j = 0; j < LEN(VARIANCES); j++) {
        draw_distance(x, CONSISTENCY_INDEPENDENT, "independent", VARIANCES[j]);
        if (VARIANCES[j] > 0.0)
            draw_distance(x, CONSISTENCY_CT, "shared", VARIANCES[j]);
    }
}
