/* kl_early_stopping -- relative entropy at an early stopping time, steps that shrink towards the data.
 *
 * OU on R^D, the exact score, exponential integrator (EI) from N(0, I); remaining times
 * T = r_0 > r_1 > ... > r_N = delta with steps gamma_k = r_k - r_{k+1} <= kappa min(1, r_{k+1}). Printed, for
 * Cov X_0 = I (Benton, De Bortoli, Doucet, Deligiannidis 2024),
 *
 *     KL(p_delta | law) <~ kappa^2 D N + kappa D T + D e^{-2T}
 *
 * and dZ = (Z + 2 s) dt + dB. The noise must be sqrt(2) dB: with dB and N(0, 1) the law tends to N(0, 1/2),
 * KL -> (1 - log 2)/2. A mean costs KL(p_T | N(0, I)) of its own, for N(m, 1) what is left of it is
 * m^2 e^{-4T}/2. As tested, with the constant 1:
 *
 *     KL(p_delta | law) <= kappa^2 D N + kappa D T + (D + |E X_0|^2) e^{-2T}.
 *
 * Coordinates of a product are simulated independently and their KL add: D = 1 is enough. The true order is
 * kappa^2; the entropy of the paths, from which the bound comes, is kappa D (1 - kappa/3 + ..) per unit of time.
 *
 * Controls  uniform steps of h, kappa := h: two atoms have KL .8127, the right-hand side is .1003;
 *           without the terms of kappa: KL .0071 for N(0, 1), T = 8, kappa = .4; e^{-2T} is 1.1e-7.
 */
#include "bound.h"
#include "catalogue.h"
#include "path.h"
#include "rate.h"
#include "timegrid.h"
#include "xp.h"

#include <math.h>

enum { KAPPAS = 5 };
#define SETTING "T=%g delta=%g kappa=%g"
#define CORRECT "KL(p_delta | law) <= kappa^2 D N + kappa D T + (D + |E X_0|^2) e^{-2T}"

/* clang-format off */
enum { BOUND, ORDER, FLOOR, SUM, MEAN, STEP_RULE, STEPS, NO_CENTRING, NOISE, UNIFORM, NO_KAPPA, ENTROPY, PATH, ORDERS };
static const xp_check CHECKS[] = {
    [BOUND] = {xp_claim, EXACT_LAW, "bound", "mean 0, variance 1: " CORRECT},
    [ORDER] = {xp_claim, EXACT_LAW, "order", "KL has order >= 0.95 in kappa"},
    [FLOOR] = {xp_claim, EXACT_LAW, "start-resolved", "KL without steps, from N(0,1), is below 1% of every KL of an order"},
    [SUM] = {xp_claim, CLOSED_FORM, "dimension", "D = 8, reflected Gaussian: KL = sum over the coordinates, to 1e-13"},
    [MEAN] = {xp_claim, CLOSED_FORM, "mean", "N(m,1), kappa = 0.01: " CORRECT},
    [STEP_RULE] = {xp_claim, CLOSED_FORM, "step-rule", "largest gamma_k/(kappa min(1, r_{k+1})) <= 1 + 1e-12"},
    [STEPS] = {xp_claim, CLOSED_FORM, "steps", "N <= (1 + kappa)(T + log(1/delta))/kappa + 2"},
    [NO_CENTRING] = {xp_printed, CLOSED_FORM, "printed-mean", "N(m,1): KL <= kappa^2 D N + kappa D T + D e^{-2T}", CORRECT},
    [NOISE] = {xp_printed, CLOSED_FORM, "printed-noise", "dZ = (Z + 2 s) dt + dB, N(0,1): the bound", "dZ = (Z + 2 s) dt + sqrt(2) dB"},
    [UNIFORM] = {xp_control, EXACT_LAW, "uniform-steps", "two atoms, 320 uniform steps h, kappa := h: KL .8127 > .1003"},
    [NO_KAPPA] = {xp_control, CLOSED_FORM, "no-kappa", "KL <= e^{-2T} at T = 8, kappa = .4: KL .0071 > 1.1e-7"},
    [ENTROPY] = {xp_finding, EXACT_LAW, "kl", "KL(p_delta | law) per dimension"},
    [PATH] = {xp_finding, CLOSED_FORM, "path-kl", "N(0,1): path KL per unit of time over kappa, 1 - kappa/3 + .."},
    [ORDERS] = {xp_finding, EXACT_LAW, "orders", "last two local orders of KL in kappa"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Relative entropy at an early stopping time, steps that shrink with it",
    .statement = "Cov X_0 = I, gamma_k <= kappa min(1, r_{k+1}): " CORRECT,
    .sources = "000 Convergence of diffusion models; Benton et al. 2024",
    .columns = "panel series setting x value bound printed",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

/* Mean 0, variance 1. */
static const catalogue_entry TARGETS[] = {
    {"N(0,1)", 1, {1.0}, {0.0}, {1.0}, 0.0, 0.0},
    {"two-atoms", 2, {0.5, 0.5}, {-1.0, 1.0}, {0.0}, 0.0, 0.0},
    {"mixture", 2, {0.3, 0.7}, {-1.3, 3.9 / 7.0}, {1.93 / 7.0, 1.93 / 7.0}, 0.0, 0.0}};

static early_stopped run(const xp *x, const target *p, const sampler *s, early_stop at)
{
    const chain c = {p, NULL, s, START_STANDARD, 0, NULL, NULL, NULL, xp_laws(x)};
    early_stopped out;
    TRY(divergence_early_stop(&c, at, false, &out));
    return out;
}

static double bound(early_stop at, int steps, double mean2)
{
    return bound_kl_early_stopping(1, mean2, at.kappa, steps, at.T);
}

/* The grids do not depend on the target: judged for the first one. */
static void judge_grid(xp *x, early_stop at, const early_stopped *run)
{
    double most = (1.0 + at.kappa) * (at.T - log(at.delta)) / at.kappa + 2.0;
    xp_judge(x, STEP_RULE, run->ratio, region_at_most(1.0 + 1e-12), SETTING, at.T,
             at.delta, at.kappa);
    xp_bound(x, STEPS, enclosure_exact(run->steps), most, SETTING, at.T, at.delta,
             at.kappa);
}

/* The order is read above KL(p_delta | law) of the continuous process from N(0, 1). */
static void judge_order(xp *x, const target *data, const char *name, early_stop at,
                        enclosure order, enclosure least)
{
    sde ou = sde_ou(at.T);
    distances floor;
    TRY(divergence_continuous(data, &ou, START_STANDARD, at.delta, &floor));
    xp_judge(x, ORDER, order, region_at_least(0.95), "%s T=%g delta=%g", name, at.T,
             at.delta);
    xp_judge(x, FLOOR, floor.kl, region_at_most(0.01 * least.lo), "%s T=%g delta=%g",
             name, at.T, at.delta);
}

static void sweep(xp *x, const target *data, const char *name, double T, double delta)
{
    const int n = (int)xp_effort(x, 3, KAPPAS);
    const bool user = xp_target(x) != NULL;
    double kappa[KAPPAS];
    enclosure kl[KAPPAS];
    for (int i = 0; i < n; i++) {
        early_stop at = {T, delta, kappa[i] = ldexp(0.4, -i)};
        early_stopped r = run(x, data, &SAMPLER_EI, at);
        kl[i] = r.kl;
        xp_bound(x, BOUND, r.kl, bound(at, r.steps, 0.0), "%s " SETTING, name, T, delta,
                 kappa[i]);
        xp_record(x, ENTROPY, r.kl, "%s " SETTING, name, T, delta, kappa[i]);
        xp_row(x, "kappa %s T=%g-delta=%g %.17g %.17g %.17g nan", name, T, delta,
               kappa[i], enclosure_mid(r.kl), bound(at, r.steps, 0.0));
        if (!user && name == TARGETS[0].name) judge_grid(x, at, &r);
    }
    enclosure order = rate_exact(n, kappa, kl);
    xp_record(x, ORDERS, order, "%s T=%g delta=%g", name, T, delta);
    if (!user)
        judge_order(x, data, name, (early_stop){T, delta, 0.0}, order, kl[n - 1]);
}

/* Eight coordinates N(m_i, v_i), all reflected: they no longer are independent, KL is the same. */
static void dimension(xp *x)
{
    static const double M[] = {0.0, 0.5, -1.0, 2.0, 0.0, 0.3, -0.2, 1.0};
    static const double V[] = {1.0, 0.3, 2.0, 0.7, 0.05, 1.5, 1.0, 0.2};
    const early_stop at = {4.0, 0.01, 0.2};
    sde ou = sde_ou(at.T);
    double t[64];
    int steps;
    TRY(timegrid_benton(at.T, at.delta, at.kappa, LEN(t), t, &steps));
    gmm *p = catalogue_reflected(LEN(M), M, V);
    enclosure difference;
    TRY(divergence_chain_rd(p, &ou, &SAMPLER_EI, steps, t, &difference));
    for (int i = 0; i < LEN(M); i++) {
        target *one = target_gauss(M[i], V[i]);
        difference = enclosure_sub(difference, run(x, one, &SAMPLER_EI, at).kl);
        target_free(one);
    }
    xp_judge(x, SUM, difference, region_about(0.0, 1e-13), "kappa=0.2");
    for (int k = 0; k < steps; k++)
        xp_row(x, "step kappa=0.2 - %.17g %.17g nan nan", t[k + 1], t[k] - t[k + 1]);
    gmm_free(p);
}

static void means(xp *x)
{
    static const double M[] = {0.0, 1.0, 3.0, 10.0, 30.0, 100.0};
    for (int i = 0; i < 2 * LEN(M); i++) {
        double m = M[i % LEN(M)];
        early_stop at = {i < LEN(M) ? 1.0 : 2.0, 1e-3, 0.01};
        target *data = target_gauss(m, 1.0);
        early_stopped r = run(x, data, &SAMPLER_EI, at);
        double correct = bound(at, r.steps, m * m), printed = bound(at, r.steps, 0.0);
        xp_bound(x, MEAN, r.kl, correct, "m=%g T=%g", m, at.T);
        if (m * m * exp(-4.0 * at.T) > 1.0)
            xp_judge(x, NO_CENTRING, r.kl, region_at_most(printed), "m=%g T=%g", m,
                     at.T);
        xp_row(x, "mean N(m,1) T=%g %g %.17g %.17g %.17g", at.T, m, enclosure_mid(r.kl),
               correct, printed);
        target_free(data);
    }
}

static void noise(xp *x, const target *normal)
{
    for (int i = 1; i <= 2; i++) {
        early_stop at = {.T = 8.0, .delta = 0.01, .kappa = 0.005 / i};
        early_stopped r = run(x, normal, &SAMPLER_EI_HALF_NOISE, at);
        xp_judge(x, NOISE, r.kl, region_at_most(bound(at, r.steps, 0.0)), "kappa=%g",
                 at.kappa);
    }
}

/* The entropy of the path of one step, seen at 1000 points, over kappa^2. */
static void path(xp *x)
{
    for (int i = 0; i < KAPPAS; i++) {
        double kappa = ldexp(0.4, -i);
        enclosure kl = path_integrator_step(kappa / 1000.0, 1000);
        xp_record(x, PATH, enclosure_scale(kl, 1.0 / (kappa * kappa)), "kappa=%g",
                  kappa);
    }
}

static void controls(xp *x, const target *normal, const target *atoms)
{
    enum { N = 320 };
    early_stop at = {.T = 8.0, .delta = 0.01, .kappa = 0.4};
    xp_judge(x, NO_KAPPA, run(x, normal, &SAMPLER_EI, at).kl,
             region_at_most(exp(-2.0 * at.T)), "N(0,1)");
    early_stop uniform = {.T = 4.0, .delta = 1e-3, .kappa = 3.999 / N};
    double t[N + 1];
    sde ou = sde_ou(uniform.T);
    chain c = chain_uniform(atoms, &ou, &SAMPLER_EI, START_STANDARD, N, t);
    c.kept = xp_laws(x);
    timegrid_uniform(uniform.T, uniform.delta, N, t); /* to delta, not to 0 */
    distances d;
    TRY(divergence_chain(&c, NULL, &d));
    xp_judge(x, UNIFORM, d.kl, region_at_most(bound(uniform, N, 0.0)), "two-atoms");
}

void xp_run(xp *x)
{
    static const double T[] = {2.0, 4.0, 8.0, 4.0}, DELTA[] = {0.01, 0.01, 0.01, 0.001};
    if (!xp_target_on_line(x)) return;
    const bool user = xp_target(x) != NULL;
    target *p[LEN(TARGETS)] = {NULL};
    for (int i = 0; i < (user ? 1 : LEN(p)); i++) {
        p[i] = user ? target_standardised(xp_target(x)) : catalogue_target(&TARGETS[i]);
        for (int k = 0; k < LEN(T); k++)
            sweep(x, p[i], user ? "user" : TARGETS[i].name, T[k], DELTA[k]);
        xp_progress(x, i + 1, user ? 1 : LEN(p));
    }
    if (!user) {
        dimension(x);
        means(x);
        noise(x, p[0]);
        path(x);
        controls(x, p[0], p[1]);
    }
    for (int i = 0; i < LEN(p); i++) target_free(p[i]);
}
