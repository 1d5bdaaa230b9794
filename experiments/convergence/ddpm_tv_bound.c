/* ddpm_tv_bound -- total variation of the exponential integrator: start, steps and score error.
 *
 * OU on [0, T], u = 2 grad log p_t L-Lipschitz, H = KL(p_0 | gamma), m^2 = E|X_0|^2, E|u - u_theta|^2 <= eps^2,
 * the exponential integrator with steps h from gamma = N(0, I). 003 Theorem 2.3:
 *
 *     TV(law, p_0) <= e^{-T} sqrt(H) + (L sqrt(dh) + L m h) sqrt(T) + eps sqrt(T)
 *
 * with m = E|X_0|^2, by homogeneity its root. Tested with the constant 1. The remark has T = H/eps, h = eps^2/(L^2 d) and
 * N = L^2 d/eps: the steps then cost sqrt(H eps), and so few of them end at the horizon eps, where the start costs
 * e^{-eps} sqrt(H); it must be T = log(H/eps), N = T/h. In the proof the entropy of the paths is 1/4 E int |u - u_theta|^2
 * (noise sqrt(2) dB), not 1/2, and eps^2 T/4 for a constant error. The truth: TV ~ 0.121 L h for narrow Gaussians.
 *
 * Controls  the constant 1e-3 (TV/bound is 0.2 for N(2, 4), T = 1); "TV is of order h^2" (it has order 1).
 */
#include "bound.h"
#include "catalogue.h"
#include "path.h"
#include "perturbation.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

#define CORRECT "TV <= e^{-T} sqrt(H) + (L sqrt(dh) + L m h) sqrt(T) + eps sqrt(T)"

/* clang-format off */
enum { BOUND, START, ORDER, CONSTANT, PATH, REMARK, HORIZON, COUNT, HALF, NO_HORIZON, SMALL, SQUARE, STEPS };
static const xp_check CHECKS[] = {
    [BOUND] = {xp_claim, EXACT_LAW, "bound", "constant 1, m = (E X_0^2)^{1/2}: " CORRECT},
    [START] = {xp_claim, EXACT_LAW, "start", "continuous law from gamma: TV <= e^{-T} sqrt(H)"},
    [ORDER] = {xp_claim, EXACT_LAW, "order", "from p_T: TV has order >= 0.47 in h"},
    [CONSTANT] = {xp_claim, CLOSED_FORM, "slope-in-lh", "N(0,v) from p_T: TV/(L h) <= 0.13, L = 2/v"},
    [PATH] = {xp_claim, CLOSED_FORM, "path-kl", "N(0,1), one step: path KL = 1/4 int E|u - u_theta|^2 = 2(h - 1 + e^{-h}), at 10^4 points, to 1e-9"},
    [REMARK] = {xp_claim, CLOSED_FORM, "remark", "T = log(H/eps), h = eps^2/(L^2 d): bound <= 3 eps sqrt(T)"},
    [HORIZON] = {xp_printed, CLOSED_FORM, "printed-horizon", "T = H/eps, h = eps^2/(L^2 d): the bound is O~(eps): over eps log^2(1/eps) it has order >= 0 in eps", "T = log(H/eps)"},
    [COUNT] = {xp_printed, CLOSED_FORM, "printed-count", "N = L^2 d/eps of these steps: the bound is O~(eps): over eps log^2(1/eps) it has order >= 0 in eps", "N = L^2 d log(H/eps)/eps^2"},
    [HALF] = {xp_printed, CLOSED_FORM, "printed-half", "(1): path KL = 1/2 int E|u - u_theta|^2 = 4(h - 1 + e^{-h})", "1/4 int E|u - u_theta|^2"},
    [NO_HORIZON] = {xp_printed, CLOSED_FORM, "printed-no-horizon", "(3): path KL <= eps^2 for a constant error, any T", "eps^2 T/4"},
    [SMALL] = {xp_control, EXACT_LAW, "constant", "TV <= 1e-3 times the bound; N(2,4): at most 0.22 (T = 1), 0.065 (T = 2), 0.0023 (T = 4) times"},
    [SQUARE] = {xp_control, EXACT_LAW, "second-order", "from p_T: TV has order >= 1.9 in h; too much by 0.9"},
    [STEPS] = {xp_finding, EXACT_LAW, "steps", "least N with TV <= eps, T = 2, from p_T"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Total variation of the exponential integrator: start, steps, score error",
    .statement = CORRECT,
    .sources = "003 Theorem 2.3, proof (1)-(4), Remark 2.5; Chen et al. 2022 theorem 2",
    .columns = "panel series x value bound",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

enum { MIXTURE = 4, TARGETS = 7 };
static const catalogue_entry NARROW[] = {
    {"N(0,0.05)", 1, {1.0}, {0.0}, {0.05}, 0.0, 0.0},
    {"N(0,0.0125)", 1, {1.0}, {0.0}, {0.0125}, 0.0, 0.0},
    {"N(2,4)", 1, {1.0}, {2.0}, {4.0}, 0.0, 0.0}};
static const catalogue_entry *const TARGET[TARGETS] = {
    &CATALOGUE_GAUSS, &NARROW[0],    &NARROW[1],  &NARROW[2],
    &CATALOGUE_M,     &CATALOGUE_M2, &CATALOGUE_V};

static chain integrator(const xp *x, const target *p, const sde *e, start from)
{
    return (chain){.data = p,
                   .forward = e,
                   .scheme = &SAMPLER_EI,
                   .from = from,
                   .kept = xp_laws(x)};
}

/* From gamma, h = 1/16, 1/64, 1/256, and without steps (nothing to bound if the data are gamma). */
static void bounds(xp *x, const char *name, const target *p)
{
    for (int T = 1; T <= 4; T *= 2) {
        sde ou = sde_ou(T);
        bound_ddpm b;
        distances d;
        TRY(bound_ddpm_line(p, T, &b));
        TRY(divergence_continuous(p, &ou, START_STANDARD, 0.0, &d));
        if (b.H > 0.0) xp_bound(x, START, d.tv, bound_ddpm_tv(&b), "%s T=%d", name, T);
        chain c = integrator(x, p, &ou, START_STANDARD);
        ladder l;
        TRY(divergence_ladder(&c, 16 * T, 4, (int)xp_effort(x, 2, 3), &l));
        for (int i = 0; i < l.levels; i++) {
            b.h = l.h[i];
            xp_bound(x, BOUND, l.tv[i], bound_ddpm_tv(&b), "%s T=%d h=%g", name, T,
                     b.h);
            if (name == NARROW[2].name)
                xp_judge(x, SMALL, l.tv[i], region_at_most(1e-3 * bound_ddpm_tv(&b)),
                         "%s T=%d h=%g", name, T, b.h);
        }
    }
}

/* From p_T, where the continuous law is the data: h = 1/16, .., 1/256. */
static void order(xp *x, const char *name, const target *p)
{
    sde ou = sde_ou(2.0);
    chain c = integrator(x, p, &ou, START_EXACT);
    bound_ddpm b;
    TRY(bound_ddpm_line(p, ou.T, &b));
    b.H = 0.0;
    ladder l;
    TRY(divergence_ladder(&c, 32, 2, 5, &l));
    enclosure r = rate_exact(l.levels, l.h, l.tv);
    xp_judge(x, ORDER, r, region_at_least(0.47), "%s", name);
    xp_judge(x, SQUARE, r, region_at_least(1.9), "%s", name);
    for (int i = 0; i < l.levels; i++) {
        b.h = l.h[i];
        xp_row(x, "h %s %.17g %.17g %.17g", name, b.h, enclosure_mid(l.tv[i]),
               bound_ddpm_tv(&b));
    }
}

/* N(0, v), h = 0.002, 0.001. */
static void narrow_gaussians(xp *x)
{
    sde ou = sde_ou(2.0);
    for (int k = 0; k < 6; k++) {
        double v = ldexp(0.4, -k);
        target *p = target_gauss(0.0, v);
        chain c = integrator(x, p, &ou, START_EXACT);
        ladder l;
        TRY(divergence_ladder(&c, 1000, 2, 2, &l));
        for (int i = 0; i < l.levels; i++) {
            enclosure slope = enclosure_scale(l.tv[i], 0.5 * v / l.h[i]);
            xp_judge(x, CONSTANT, slope, region_at_most(0.13), "v=%g h=%g", v, l.h[i]);
        }
        enclosure r = rate_last(l.levels, l.h, l.tv);
        xp_judge(x, ORDER, r, region_at_least(0.47), "N(0,%g)", v);
        target_free(p);
    }
}

static void least_steps(xp *x, const char *name, const target *p)
{
    static const double EPS[] = {0.04, 0.02, 0.01, 0.005};
    sde ou = sde_ou(2.0);
    chain c = integrator(x, p, &ou, START_EXACT);
    for (int i = 0; i < LEN(EPS); i++) {
        int steps;
        TRY(divergence_least_steps(&c, EPS[i], &steps));
        xp_record(x, STEPS, enclosure_exact(steps), "%s eps=%g", name, EPS[i]);
        xp_row(x, "steps %s %g %d nan", name, EPS[i], steps);
    }
}

/* u_theta = u + 0.2: the score is off by 0.1. */
static void constant_error(xp *x)
{
    const double eps = 0.2;
    target *p = target_gauss(0.0, 1.0);
    for (int T = 1; T <= 4; T *= 2) {
        sde ou = sde_ou(T);
        bound_ddpm b;
        TRY(bound_ddpm_line(p, T, &b));
        ladder l;
        TRY(perturbation_constant_ladder(p, &ou, START_STANDARD, 0.5 * eps, 64 * T,
                                         xp_laws(x), &l));
        b.h = l.h[0], b.error = eps;
        xp_bound(x, BOUND, l.tv[0], bound_ddpm_tv(&b), "N(0,1) T=%d eps=%g", T, eps);
    }
    target_free(p);
    for (int T = 8; T <= 128; T *= 4) {
        linear_case c = {.data = GAUSS_STANDARD, .forward = sde_ou(T), .c = 0.5 * eps};
        double kl = 0.5 * law_linear_path_error(&c) / (eps * eps);
        xp_judge(x, NO_HORIZON, enclosure_rounded(kl), region_at_most(1.0), "T=%d", T);
    }
}

/* The path seen at 10^4 points. */
static void one_step(xp *x)
{
    static const double H[] = {0.4, 0.1, 0.025};
    for (int i = 0; i < LEN(H); i++) {
        double kl = 2.0 * (H[i] + expm1(-H[i]));
        enclosure skeleton = path_integrator_step(1e-4 * H[i], 10000);
        xp_judge(x, PATH, skeleton, region_about(kl, 1e-9), "h=%g", H[i]);
        xp_judge(x, HALF, skeleton, region_about(2.0 * kl, 1e-9), "h=%g", H[i]);
    }
}

/* Right-hand sides at L = 2, d = 4, H = 10, m = 2 and h = eps^2/(L^2 d). The print has no constant: its O~(eps) is
   judged by the order at the smallest eps (at large eps the logarithm hides that the horizon H/eps costs sqrt(H eps)). */
static void remark(xp *x)
{
    static const double EPS[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8};
    bound_ddpm b = {.d = 4, .L = 2.0, .moment = 2.0, .H = 10.0};
    enclosure ratio[2][LEN(EPS)];
    for (int i = 0; i < LEN(EPS); i++) {
        const double eps = b.error = EPS[i], printed = eps * log(eps) * log(eps);
        b.h = eps * eps / (b.L * b.L * b.d);
        b.T = log(b.H / eps);
        xp_bound(x, REMARK, enclosure_rounded(bound_ddpm_tv(&b)), 3.0 * eps * sqrt(b.T),
                 "eps=%g", eps);
        for (int k = 0; k < 2; k++) {
            b.T = k == 0 ? b.H / eps : eps; /* L^2 d/eps steps */
            ratio[k][i] = enclosure_rounded(bound_ddpm_tv(&b) / printed);
        }
    }
    for (int k = 0; k < 2; k++)
        xp_judge(x, k == 0 ? HORIZON : COUNT, rate_last(LEN(EPS), EPS, ratio[k]),
                 region_at_least(0.0), "eps=1e-6 to 1e-8");
}

void xp_run(xp *x)
{
    if (!xp_target_on_line(x)) return;
    if (xp_target(x)) {
        target *p = target_mixture(xp_target(x));
        bounds(x, "user", p);
        target_free(p);
        return;
    }
    const bool ordered = xp_wants(x, ORDER, SQUARE), counted = xp_wants(x, STEPS);
    for (int i = 0; i < TARGETS; i++) {
        target *p = catalogue_target(TARGET[i]);
        if (xp_wants(x, BOUND, START, SMALL)) bounds(x, TARGET[i]->name, p);
        if (ordered && (i == 0 || i >= MIXTURE)) order(x, TARGET[i]->name, p);
        if (counted && (i == 0 || i == MIXTURE)) least_steps(x, TARGET[i]->name, p);
        target_free(p);
        xp_progress(x, i + 1, TARGETS);
    }
    if (xp_wants(x, CONSTANT, ORDER)) narrow_gaussians(x);
    if (xp_wants(x, BOUND, NO_HORIZON)) constant_error(x);
    if (xp_wants(x, PATH, HALF)) one_step(x);
    remark(x);
}
