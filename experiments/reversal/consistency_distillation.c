/* consistency_distillation -- what zero CD loss means, and what CT and its continuum limit minimise.
 *
 * Song, Dhariwal, Chen, Sutskever 2023, Theorems 1, 2, 6; 002 (5.14)-(5.19). VE' (X_t = x + tz), eps = 0.02, T = 2;
 * L_CD, L_CT = E|F_theta(t, Y+) - F_theta-(t - delta, Y-)|^2, one z in CT; D = F_t + F_x z, s the score.
 *
 * Theorem 1   loss 0 makes F(t_n, .) the solver's steps from t_n to eps: error O(dt^p), Euler p = 1, Heun p = 2.
 * Theorem 2   L_CT = L_CD + o(dt); in fact E[Y-_CT | Y+] = Y-_CD, hence L_CT - L_CD = O(delta^2), and for N(0, v)
 *             and F_theta- = c x exactly c^2 delta^2 v/(v + t^2).
 * Limits      L_CD/delta^2 -> (5.18) = E(F_t - t s F_x)^2; L_CT/delta^2 -> E D^2, which is larger; the gradients
 *             of both, over delta, -> 2 E F_theta D: those of (5.19) = E F D with D frozen (stop-gradient).
 * Minimiser   (5.18), N(0, v), F = x (1 + t^2/v)^-theta, t ~ U(0, T): theta = 1/2, the truth.
 * Printed   (5.19) as a function of theta: limit of L_CT/delta^2 .0151, with factor 2 .0302, for .5110; twice its
 *           slope -2.855 for -.0134; slope at theta = 1/2 -.693 to -1.386 for 0.
 * Controls  Euler of order 2, Heun of order 1: wrong by 1; CT with independent noise: L_CT - L_CD -> 2 for
 *           N(0, 1), F = x, t = 1, order 0.
 */
#include "catalogue.h"
#include "consistency.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

enum { ORDER, DIFFERENCE, GAUSSIAN, SLOPES_AGREE, SLOPE_SIZE, LOSS_LIMIT, SLOPE_LIMIT };
enum { MINIMISER = SLOPE_LIMIT + 1, AS_LOSS, AS_SLOPE, AT_TRUTH };
enum { OTHER_ORDER = AT_TRUTH + 1, INDEPENDENT, LOSSES, TRUTH, WRONG_MINIMISER };

/* clang-format off */
static const xp_check CHECKS[] = {
    [ORDER] = {xp_claim, QUADRATURE, "theorem-1", "order of max |F_N - F| in dt, last doubling, >= p - 0.05", NULL},
    [DIFFERENCE] = {xp_claim, QUADRATURE, "theorem-2", "order of L_CT - L_CD in delta >= 1.9", NULL},
    [GAUSSIAN] = {xp_claim, QUADRATURE, "theorem-2-gaussian", "N(0, v), linear F: L_CT - L_CD - c^2 delta^2 v/(v + t^2) = 0", NULL},
    [SLOPES_AGREE] = {xp_claim, QUADRATURE, "gradients-agree", "order of dL_CT/dtheta - dL_CD/dtheta in delta >= 1.95", NULL},
    [SLOPE_SIZE] = {xp_claim, QUADRATURE, "gradient-size", "theta- = theta: each gradient has order <= 1.1", NULL},
    [LOSS_LIMIT] = {xp_claim, QUADRATURE, "loss-limit", "L_CD/delta^2 -> (5.18), L_CT/delta^2 -> E D^2, within 1e-4 max(1, E D^2)", NULL},
    [SLOPE_LIMIT] = {xp_claim, QUADRATURE, "gradient-limit", "gradient/delta -> 2 E F_theta D, within 2e-5 max(1, E D^2)", NULL},
    [MINIMISER] = {xp_claim, QUADRATURE, "minimiser", "(5.18) over t is least at theta = 1/2", NULL},
    [AS_LOSS] = {xp_printed, QUADRATURE, "printed-limit", "L_CT/delta^2 -> (5.19), once or twice", "E D^2; (5.19) is meaningful through its gradient with D frozen"},
    [AS_SLOPE] = {xp_printed, QUADRATURE, "printed-gradient", "gradient of L_CT over delta -> 2 d/dtheta (5.19)", "2 E F_theta D: D frozen (stop-gradient)"},
    [AT_TRUTH] = {xp_printed, QUADRATURE, "printed-minimiser", "(5.19) over t is stationary at the truth theta = 1/2", "(5.18) is; (5.19) only with D frozen"},
    [OTHER_ORDER] = {xp_control, QUADRATURE, "other-order", "Euler has order 2 +- 0.1, Heun 1 +- 0.1: wrong by 1", NULL},
    [INDEPENDENT] = {xp_control, CLOSED_FORM, "independent-noise", "CT with another z', N(0, 1), F = x: order of L_CT - L_CD >= 1.9; it is 0", NULL},
    [LOSSES] = {xp_finding, QUADRATURE, "losses", "L/delta^2 at delta = 1/160: theorem 2 compares numbers that differ at their own order", NULL},
    [TRUTH] = {xp_finding, QUADRATURE, "losses-at-the-truth", "N(0, 1), theta = 1/2: L_CD is about delta^4/63, L_CT about delta^2/4", NULL},
    [WRONG_MINIMISER] = {xp_finding, QUADRATURE, "ct-minimiser", "argmin over theta of lim L_CT/delta^2 without stop-gradient", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Consistency distillation and training: orders, limits and gradients",
    .statement = "loss 0: error O(dt^p); L_CT - L_CD = O(delta^2); gradients agree",
    .sources =
        "Song, Dhariwal, Chen, Sutskever 2023, Theorems 1, 2, 6; 002 (5.14)-(5.19)",
    .columns = "panel series x y slope",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

/* ---- Theorem 1 ------------------------------------------------------------------------ */

/* From 32 steps to 512, full and for the user's law to 2048; there the last two local orders must agree to 0.02,
   or dt -> 0 is out of reach. */
static void verify_orders(xp *x, const consistency_domain *on, const char *name)
{
    static const sampler *const SCHEMES[] = {&SAMPLER_EULER, &SAMPLER_HEUN};
    const bool user = xp_target(x) != NULL && on->data != NULL;
    const int n = user || xp_full(x) ? 7 : 5; /* levels */
    for (int i = 0; i < 4; i++) {
        const sampler *scheme = SCHEMES[i % 2];
        double rho = i < 2 ? 1.0 : 7.0, p = 1.0 + i % 2, h[CONSISTENCY_LEVELS];
        enclosure e[CONSISTENCY_LEVELS];
        TRY(consistency_solver_ladder(on, scheme, rho, n, h, e));
        for (int k = 0; k < n && on->data != NULL; k++)
            xp_row(x, "order %s-%g %.17g %.17g nan", scheme->name, rho, h[k],
                   enclosure_mid(e[k]));
        enclosure last = rate_last(n, h, e), before = rate_last(n - 1, h, e);
        double change = enclosure_mid(last) - enclosure_mid(before);
        if (user && !(fabs(change) <= 0.02)) {
            xp_assumption_fails(
                x, "dt -> 0: %s rho=%g, %d steps: order %.3g to %.3g, before %.3g",
                scheme->name, rho, 32 << (n - 1), last.lo, last.hi, before.lo);
            last = enclosure_of(-INFINITY, INFINITY, 0.0);
        }
        xp_judge(x, ORDER, last, region_at_least(p - 0.05), "%s %s rho=%g", name,
                 scheme->name, rho);
        if (!user)
            xp_judge(x, OTHER_ORDER, last, region_about(3.0 - p, 0.1), "%s %s rho=%g",
                     name, scheme->name, rho);
    }
}

/* ---- Losses and gradients at t = 1 ----------------------------------------------------- */

enum { N = CONSISTENCY_HALVINGS, CD = CONSISTENCY_CD, CT = CONSISTENCY_CT };
static const char *const PAIRS[] = {"CD", "CT"};

/* The claimed limits of loss/delta^2 (power 2) and slope/delta (power 1): factor times a functional. */
static const struct {
    int check, pair, power;
    consistency_limit which;
    double factor;
} LIMITS[] = {{LOSS_LIMIT, CD, 2, CONSISTENCY_CD_LIMIT, 1.0},
              {LOSS_LIMIT, CT, 2, CONSISTENCY_CT_LIMIT, 1.0},
              {SLOPE_LIMIT, CD, 1, CONSISTENCY_FROZEN_SLOPE, 2.0},
              {SLOPE_LIMIT, CT, 1, CONSISTENCY_FROZEN_SLOPE, 2.0},
              {AS_LOSS, CT, 2, CONSISTENCY_PRODUCT, 1.0},
              {AS_LOSS, CT, 2, CONSISTENCY_PRODUCT, 2.0},
              {AS_SLOPE, CT, 1, CONSISTENCY_PLAIN_SLOPE, 2.0}};

static void verify_limits(xp *x, const consistency_setting *c,
                          const consistency_losses *l)
{
    enclosure value, size, scaled[N];
    TRY(consistency_limit_of(c, CONSISTENCY_CT_LIMIT, &size));
    for (int i = 0; i < LEN(LIMITS); i++) {
        const int power = LIMITS[i].power, check = LIMITS[i].check;
        const char *pair = PAIRS[LIMITS[i].pair];
        const enclosure *all = (power == 2 ? l->loss : l->slope)[LIMITS[i].pair];
        for (int k = 0; k < N; k++)
            scaled[k] = enclosure_scale(all[k], pow(l->delta[k], -power));
        TRY(consistency_limit_of(c, LIMITS[i].which, &value));
        value = enclosure_scale(value, LIMITS[i].factor);
        double centre = enclosure_mid(value), error = enclosure_halfwidth(value);
        double tolerance = (power == 2 ? 1e-4 : 2e-5) * fmax(1.0, enclosure_mid(size));
        xp_row(x, "%s %s-%g 0 %.17g nan", CHECKS[check].id, pair, LIMITS[i].factor,
               centre);
        if (xp_target(x) != NULL && CHECKS[check].role == xp_printed) continue;
        xp_judge(
            x, check, enclosure_widen(rate_richardson(N, l->delta, scaled, 1.0), error),
            region_about(centre, tolerance), "%s factor=%g", pair, LIMITS[i].factor);
    }
}

static void verify_losses(xp *x, const target *data, const char *name, double length,
                          double minus)
{
    consistency_setting c = {data, {1.0, 0.2 * length, length}, 0.4, minus, 1.0};
    consistency_losses l;
    TRY(consistency_halve(&c, 0.1, &l));
    xp_judge(x, DIFFERENCE, rate_last(N, l.delta, l.loss[CONSISTENCY_GAP]),
             region_at_least(1.9), "%s theta-=%g", name, minus);
    xp_judge(x, SLOPES_AGREE, rate_last(N, l.delta, l.slope[CONSISTENCY_GAP]),
             region_at_least(1.95), "%s theta-=%g", name, minus);
    if (c.theta_minus != c.theta) return;
    verify_limits(x, &c, &l);
    for (int i = CD; i <= CT; i++) {
        for (int k = 0; k < N; k++)
            xp_row(x, "delta %s %.17g %.17g %.17g", PAIRS[i], l.delta[k],
                   enclosure_mid(l.loss[i][k]) / (l.delta[k] * l.delta[k]),
                   enclosure_mid(l.slope[i][k]) / l.delta[k]);
        if (xp_target(x) != NULL) continue;
        xp_judge(x, SLOPE_SIZE, rate_last(N, l.delta, l.slope[i]), region_at_most(1.1),
                 "%s", PAIRS[i]);
        xp_record(x, LOSSES, enclosure_scale(l.loss[i][4], 160.0 * 160.0), "%s",
                  PAIRS[i]);
    }
}

/* Linear F; theta = theta- = 1/2 is the consistency function of N(0, 1). */
static void verify_gaussian(xp *x, double v, double theta, double minus)
{
    const double t = 1.0, delta = 0.1;
    target *data = target_gauss(0.0, v);
    const consistency_setting c = {data, {1.0, 0.0, 1.0}, theta, minus, t};
    double slope = consistency_at(&c.model, minus, t - delta, 1.0).F;
    double gap = slope * slope * delta * delta * v / (v + t * t);
    enclosure cd, ct, unused;
    TRY(consistency_loss(&c, CONSISTENCY_CD, delta, &cd, &unused));
    TRY(consistency_loss(&c, CONSISTENCY_CT, delta, &ct, &unused));
    xp_judge(x, GAUSSIAN, enclosure_sub(ct, cd), region_about(gap, 1e-12),
             "v=%g theta=%g theta-=%g", v, theta, minus);
    if (theta == minus) xp_record(x, TRUTH, cd, "CD delta=%g", delta);
    if (theta == minus) xp_record(x, TRUTH, ct, "CT delta=%g", delta);
    target_free(data);
}

/* N(0, 1), t = 1, F = x. */
static void verify_independent(xp *x)
{
    const double h[] = {0.002, 0.001};
    enclosure gap[LEN(h)];
    for (int k = 0; k < LEN(h); k++)
        gap[k] = enclosure_about(
            consistency_linear_loss(CONSISTENCY_INDEPENDENT, 1.0, 1.0, h[k], 1.0, 1.0) -
                consistency_linear_loss(CONSISTENCY_CD, 1.0, 1.0, h[k], 1.0, 1.0),
            1e-15);
    xp_judge(x, INDEPENDENT, rate_last(LEN(h), h, gap), region_at_least(1.9), NULL);
}

/* t ~ U(0, T), F = x (1 + t^2/v)^-theta. */
static void verify_objectives(xp *x, double v, double T)
{
    enclosure theta, mean;
    TRY(consistency_minimiser(CONSISTENCY_CD_LIMIT, v, T, &theta));
    xp_judge(x, MINIMISER, theta, region_about(0.5, 1e-6), "v=%g T=%g", v, T);
    TRY(consistency_objective(CONSISTENCY_PLAIN_SLOPE, v, T, 0.5, &mean));
    xp_judge(x, AT_TRUTH, mean, region_about(0.0, 1e-6), "v=%g T=%g", v, T);
    TRY(consistency_minimiser(CONSISTENCY_CT_LIMIT, v, T, &theta));
    xp_record(x, WRONG_MINIMISER, theta, "v=%g T=%g", v, T);
    for (int i = 0; i < 93; i++) {
        double at = 0.05 * (i % 31);
        TRY(consistency_objective((consistency_limit)(i / 31), v, T, at, &mean));
        xp_row(x, "v=%g,T=%g %d %g %.17g nan", v, T, i / 31, at, enclosure_mid(mean));
    }
}

void xp_run(xp *x)
{
    static const double V[] = {1.0, 1.0, 4.0}, T[] = {1.0, 2.0, 2.0};
    if (!xp_target_on_line(x)) return;
    const gmm *user = xp_target(x);
    const char *name = user ? "yours" : "M";
    gmm *M = catalogue_gmm(&CATALOGUE_M);
    target *data = target_mixture(user != NULL ? user : M);
    double var = target_variance(data);
    const consistency_domain everywhere = {.data = NULL}, own = {M, 0.0, 1.0},
                             users = {user, target_mean(data), sqrt(var)};
    verify_orders(x, &everywhere, "N(0,1)");
    for (int i = 0; i < LEN(V); i++) {
        verify_objectives(x, V[i], T[i]);
        verify_gaussian(x, ldexp(0.25, 2 * i), 0.4, 0.7);
    }
    verify_gaussian(x, 1.0, 0.5, 0.5);
    verify_independent(x);
    verify_losses(x, data, name, user ? sqrt(1.0 + var) : 1.0, 0.4);
    verify_losses(x, data, name, user ? sqrt(1.0 + var) : 1.0, 0.7);
    verify_orders(x, user ? &users : &own, name);
    target_free(data), gmm_free(M);
}
