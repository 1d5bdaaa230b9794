/* scheme_orders -- the schemes for the reverse process and their orders.
 *
 * A step from t to u = t - h reads X' = a X + b S(t, X) + sqrt(q) Z; lib/sampler.h has a, b, q of EM
 * (6.17), (6.16), the exponential integrators EI (6.19) and EI-ODE (6.20), DDPM and DDIM. With the
 * exact score, a smooth target and the start p_T (so the continuous law is the target), order r means
 * TV, W2 = O(h^r) and KL = O(h^{2r}): r = 1; Heun, EI2: 2; RK4: 4. DDPM (posterior variance) and DDIM are
 * worse on uniform grids: near t = 0 their local variance errors -2h^2/t and -h^2/(2t) sum to logarithms,
 * so that for the target N(0, v) on OU, k = 1 for DDPM and 4 for DDIM,
 *
 *     W2 ~ h log N / (k sqrt(v)).
 *
 * (6.19), (6.20) print the weight Psi(t_{k-1}, u) = s_r/s_t where variation of constants gives
 * Psi(u, t_k) = s_u/s_r. They agree if f is proportional to g^2 or f = 0: only subVP can tell. EI freezes
 * S, DDIM freezes -sqrt(n_t) S, DDPM freezes E[X_0 | X_t]: they agree to first order only, for VP
 *
 *     b_EI - b_DDPM = 4 sinh^2(D/4),   b_DDIM - b_EI-ODE = D^2/(8 (e^{B_t} - 1)) + O(D^3),   D = B_t - B_u.
 *
 * Controls  EM of order 2 (it has 1); EI with b halved and q kept has order 0.97 (it has 0);
 *           DDIM's W2/h stays below its value at N = 64 (it more than doubles).
 */
#include "catalogue.h"
#include "divergence.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

enum { MODELS = 5, OU = 1, VP = 2, SUBVP = 4, VE = 8, CVP = 16, ALL = 31 };
static const sde *const FORWARD[] = {&SDE_OU, &SDE_VP, &SDE_SUBVP, &SDE_VE_PRIME,
                                     &SDE_CVP};
static const char *const MODEL[] = {"OU", "VP", "subVP", "VE", "CVP"};

enum { ORDER, LOGARITHM, CONSTANT_SCORE, FROZEN_NOISE, EI_MINUS_DDPM, PRINTED_PSI };
enum { EI_IS_DDPM = PRINTED_PSI + 1, EI_IS_DDIM, EM_SECOND, HALF_DRIFT, DDIM_LINEAR };
enum { ORDERS = DDIM_LINEAR + 1, ERRORS };

/* clang-format off */
static const xp_check CHECKS[] = {
    [ORDER] = {xp_claim, EXACT_LAW, "order", "last two local orders: nearly r (TV, W2), 2r (KL), or more"},
    [LOGARITHM] = {xp_claim, CLOSED_FORM, "logarithm", "k sqrt(v) W2/h grows by log 4 from N to 4N, k = 1; DDIM 4"},
    [CONSTANT_SCORE] = {xp_claim, CLOSED_FORM, "constant-score", "EI is exact for S = 1: subVP, X_T = 1, mean to 1e-11"},
    [FROZEN_NOISE] = {xp_claim, QUADRATURE, "ddim-freezes-noise", "b_DDIM = int (s_u/s_r) g^2 sqrt(n_t/n_r)/2 dr to 1e-14"},
    [EI_MINUS_DDPM] = {xp_claim, CLOSED_FORM, "ei-minus-ddpm", "b_EI - b_DDPM = 4 sinh^2(D/4) for VP, to 1e-14"},
    [PRINTED_PSI] = {xp_printed, CLOSED_FORM, "printed-psi", "(6.19) with Psi(t_{k-1}, u) is exact for S = 1 (subVP)", "(6.19), (6.20) with Psi(u, t_k) = s_u/s_r in the integrals"},
    [EI_IS_DDPM] = {xp_printed, CLOSED_FORM, "ei-is-ddpm", "EI = DDPM for VP", "to first order only: b_EI - b_DDPM = 4 sinh^2(D/4)"},
    [EI_IS_DDIM] = {xp_printed, CLOSED_FORM, "ei-ode-is-ddim", "EI-ODE = DDIM for VP", "to first order only: b_DDIM - b_EI-ODE ~ D^2/(8 (e^{B_t} - 1))"},
    [EM_SECOND] = {xp_control, EXACT_LAW, "em-second-order", "EM has TV order >= 2 on G: too much by 1"},
    [HALF_DRIFT] = {xp_control, EXACT_LAW, "half-drift", "EI with b/2, q has TV order >= 0.97 on G: too much by 0.97"},
    [DDIM_LINEAR] = {xp_control, CLOSED_FORM, "ddim-linear", "DDIM: W2/h never above that at N = 64; doubles by 4^8"},
    [ORDERS] = {xp_finding, EXACT_LAW, "orders", "orders without a prediction"},
    [ERRORS] = {xp_finding, EXACT_LAW, "errors", "TV on G at N = 512"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Orders of the schemes for the reverse SDE and the probability-flow ODE",
    .statement =
        "TV, W2 = O(h^r), KL = O(h^2r): r = 1 (EM, (6.16), EI, DDPM-beta, EI-ODE, "
        "Euler), 2 (Heun, EI2), 4 (RK4); DDPM, DDIM: O(h log 1/h)",
    .sources = "002 (6.16)-(6.20), Table 2; Ho et al. 2020; Song et al. 2020",
    .columns = "check model data scheme N h kl tv w2",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

/* Schemes (a list that ends with NULL) on models at N = first, 2 first, ..., last; data G = N(0.7, 0.49), M or
   C = N(0, 0.49). The least orders of KL, TV, W2 that the check asks for; 0: recorded only. */
typedef struct {
    int check;
    char data;
    int models, first, last;
    const sampler *const *schemes;
    double least[3];
} sweep;
#define LIST(...) ((const sampler *const[]){__VA_ARGS__, NULL})

static void record_errors(xp *x, const sweep *s, const char *model, const char *scheme,
                          const ladder *l)
{
    for (int i = 0; i < l->levels; i++) {
        xp_row(x, "%s %s %c %s %d %.17g %.17g %.17g %.17g", CHECKS[s->check].id, model,
               s->data, scheme, l->steps[i], l->h[i], enclosure_mid(l->kl[i]),
               enclosure_mid(l->tv[i]), enclosure_mid(l->w2[i]));
        if (s->data == 'G' && l->steps[i] == 512 && CHECKS[s->check].role != xp_control)
            xp_record(x, ERRORS, l->tv[i], "%s %s", model, scheme);
    }
}

static void judge_orders(xp *x, const sweep *s, const char *model, const char *scheme,
                         const ladder *l)
{
    static const char *const METRIC[] = {"KL", "TV", "W2"};
    const enclosure *e[] = {l->kl, l->tv, l->w2};
    for (int i = 0; i < LEN(e); i++) {
        enclosure order = rate_exact(l->levels, l->h, e[i]);
        if (s->least[i] > 0.0)
            xp_judge(x, s->check, order, region_at_least(s->least[i]), "%c %s %s %s",
                     s->data, model, scheme, METRIC[i]);
        else if (CHECKS[s->check].role != xp_control)
            xp_record(x, ORDERS, order, "%c %s %s %s", s->data, model, scheme,
                      METRIC[i]);
    }
}

static void run_sweep(xp *x, const sweep *s, const target *data)
{
    int levels = 1 + ilogb((double)s->last / s->first);
    for (int m = 0; m < MODELS; m++)
        for (int i = 0; s->schemes[i] != NULL && (s->models >> m & 1) != 0; i++) {
            chain c = {.data = data,
                       .forward = FORWARD[m],
                       .scheme = s->schemes[i],
                       .from = START_EXACT,
                       .kept = xp_laws(x)};
            ladder l;
            TRY(divergence_ladder(&c, s->first, 2, levels, &l));
            judge_orders(x, s, MODEL[m], c.scheme->name, &l);
            record_errors(x, s, MODEL[m], c.scheme->name, &l);
        }
}

/* RK4 on CVP stops at N = 128: at 256 the error, 5e-13, nears what rounding may cause. On M the KL
   of the flows is pre-asymptotic: EI-ODE and Euler on OU have local orders 1.67, 1.78, 1.86, 1.91 up
   to N = 512. The order of KL is judged at the full effort, N = 512 and 1024; quick records it. */
static void orders(xp *x, const target *g, const target *m)
{
    const int big = (int)xp_effort(x, 1024, 4096), small = (int)xp_effort(x, 256, 1024);
    const double kl = xp_full(x) ? 1.88 : 0.0;
    const sweep sweeps[] = {
        {ORDER, 'G', ALL, 64, big, SAMPLER_FIRST_ORDER, {1.94, 0.97, 0.97}},
        {ORDER, 'M', OU | VP, 32, small, SAMPLER_FIRST_ORDER, {kl, 0.95, 0.0}},
        {ORDER, 'G', ALL, 64, big, SAMPLER_SECOND_ORDER, {3.9, 1.95, 1.95}},
        {ORDER, 'M', OU | VP | VE, 32, small, LIST(&SAMPLER_HEUN), {0.0, 1.8, 0.0}},
        {ORDER, 'G', ALL - CVP, 32, 256, LIST(&SAMPLER_RK4), {0.0, 3.9, 0.0}},
        {ORDER, 'G', CVP, 32, 128, LIST(&SAMPLER_RK4), {0.0, 3.9, 0.0}},
        {ORDERS, 'G', ALL, 64, big, LIST(&SAMPLER_DDPM, &SAMPLER_DDIM), {0.0}},
        {ORDERS, 'G', SUBVP, 64, big, LIST(&SAMPLER_EI_PRINTED), {0.0}},
        {ORDERS, 'M', VE, 32, small, LIST(&SAMPLER_EM), {0.0}},
        {EM_SECOND, 'G', OU, 64, big, LIST(&SAMPLER_EM), {0.0, 2.0, 0.0}},
        {HALF_DRIFT, 'G', OU, 64, big, LIST(&SAMPLER_EI_HALF), {0.0, 0.97, 0.0}},
    };
    for (int i = 0; i < LEN(sweeps); i++)
        if (xp_wants(x, sweeps[i].check) || xp_wants(x, ORDERS) || xp_wants(x, ERRORS))
            run_sweep(x, &sweeps[i], sweeps[i].data == 'G' ? g : m);
}

/* N = 4^3, ..., 4^8 (4^9). */
static void logarithm(xp *x, const target *data, const sampler *scheme, double k,
                      double least)
{
    const sweep s = {.check = LOGARITHM, .data = 'C'};
    chain c = {.data = data, .forward = &SDE_OU, .scheme = scheme, .from = START_EXACT};
    ladder l;
    TRY(divergence_ladder(&c, 64, 4, (int)xp_effort(x, 6, 7), &l));
    record_errors(x, &s, "OU", scheme->name, &l);
    int last = l.levels - 1;
    enclosure now = enclosure_scale(l.w2[last], 1.0 / l.h[last]);
    enclosure before = enclosure_scale(l.w2[last - 1], 1.0 / l.h[last - 1]);
    double unit = k * sqrt(target_variance(data)) / log(4.0);
    xp_judge(x, LOGARITHM, enclosure_scale(enclosure_sub(now, before), unit),
             region_between(least, 1.01), "%s", scheme->name);
    if (scheme == &SAMPLER_DDIM)
        xp_judge(x, DDIM_LINEAR, now, region_at_most(l.w2[0].hi / l.h[0]), "N=%d",
                 l.steps[last]);
}

/* Every b is a sum of at most 24 positive terms, each rounded a few times. */
static const double ROUNDING = 4e-15;

static enclosure b_of(const sampler *scheme, const sde *e, double t, double u)
{
    double b = scheme->coefficients(e, t, u).b;
    return enclosure_about(b, ROUNDING * b);
}

/* S = 1 on subVP, X_T = 1: E X_0 = e^{B/2} + 2(e^{B/2} - 1) - (2/3)(1 - e^{-3B/2}), B = B_T. */
static void constant_score(xp *x, int steps)
{
    const sde *e = &SDE_SUBVP;
    double r = exp(0.5 * sde_B(e, e->T));
    double exact = 3.0 * r - 2.0 - (1.0 - pow(r, -3.0)) / 1.5;
    double mean = sampler_constant_score(&SAMPLER_EI, e, steps, 1.0);
    double wrong = sampler_constant_score(&SAMPLER_EI_PRINTED, e, steps, 1.0);
    region allowed = region_about(exact, 1e-11 * exact);
    double error = steps * ROUNDING * exact;
    xp_judge(x, CONSTANT_SCORE, enclosure_about(mean, error), allowed, "N=%d", steps);
    xp_judge(x, PRINTED_PSI, enclosure_about(wrong, error), allowed, "N=%d", steps);
}

static void coefficients(xp *x)
{
    static const double DELTA[] = {0.4, 0.2, 0.1, 0.05};
    const sde vp = sde_vp(1.0, 1.0, 2.0); /* B_t = t */
    for (int i = 0; i < LEN(DELTA); i++) {
        double t = 1.3, u = t - DELTA[i], gap = 4.0 * pow(sinh(0.25 * DELTA[i]), 2.0);
        enclosure sde_gap =
            enclosure_sub(b_of(&SAMPLER_EI, &vp, t, u), b_of(&SAMPLER_DDPM, &vp, t, u));
        enclosure ode_gap = enclosure_sub(b_of(&SAMPLER_EI_ODE, &vp, t, u),
                                          b_of(&SAMPLER_DDIM, &vp, t, u));
        region zero = region_about(0.0, 1e-14);
        xp_judge(x, EI_MINUS_DDPM, sde_gap, region_about(gap, 1e-14), "D=%g", DELTA[i]);
        xp_judge(x, EI_IS_DDPM, sde_gap, zero, "D=%g", DELTA[i]);
        xp_judge(x, EI_IS_DDIM, ode_gap, zero, "D=%g", DELTA[i]);
    }
    for (int m = 0; m < MODELS; m++) {
        double t = 0.5 * FORWARD[m]->T, u = 0.4 * FORWARD[m]->T;
        double b = sde_int_frozen_noise(FORWARD[m], u, t);
        enclosure ratio = enclosure_div(enclosure_about(b, ROUNDING * b),
                                        b_of(&SAMPLER_DDIM, FORWARD[m], t, u));
        xp_judge(x, FROZEN_NOISE, ratio, region_about(1.0, 1e-14), "%s", MODEL[m]);
    }
    double b = SAMPLER_EI.coefficients(&SDE_SUBVP, 0.5, 0.4).b;
    xp_judge(x, PRINTED_PSI, b_of(&SAMPLER_EI_PRINTED, &SDE_SUBVP, 0.5, 0.4),
             region_about(b, 1e-11 * b), "b t=0.5 u=0.4");
}

void xp_run(xp *x)
{
    target *g = catalogue_target(&CATALOGUE_GAUSS), *c = target_gauss(0.0, 0.49);
    target *m = catalogue_target(&CATALOGUE_M);
    orders(x, g, m);
    logarithm(x, c, &SAMPLER_DDPM, 1.0, 0.98);
    logarithm(x, c, &SAMPLER_DDIM, 4.0, 0.99);
    constant_score(x, 10);
    constant_score(x, 40);
    coefficients(x);
    target_free(c);
    target_free(m);
    target_free(g);
}
