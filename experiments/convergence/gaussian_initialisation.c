/* gaussian_initialisation -- what it costs to start from p_noise instead of p_T, after the SDE and after the ODE.
 *
 * Exact score, continuous time. 002 charges both samplers TV(p_T, p_noise); 001 e^{-T} KL(pi|gamma), by a logarithmic
 * Sobolev inequality (LSI) of the target pi. The ODE, a bijection, pays all of it, the SDE contracts once more:
 *
 *     D(p_0, ODE's output) = D(p_T, p_noise) >= D(p_0, SDE's output),   D = TV, KL.
 *
 * Data N(m, 1/k), zeta^2 = n_T/s_T^2 (VP e^B - 1, VE V, CVP 1 - e^-B): the mean is off by
 *
 *     SDE  |m|/(1 + k zeta^2),      ODE  |m|/(1 + k zeta^2)^{1/2}.
 *
 * VP: TV falls like e^{-B} and e^{-B/2} for data with a mean, like e^{-2B} and e^{-B} for centred data (B = 2T for OU);
 * VE: only like 1/V and V^{-1/2}; CVP: not to 0, the mean is off by |m|/(1 + k), |m|/(1 + k)^{1/2} for ever.
 * KL(p_T|gamma) <= e^{-2T} KL(pi|gamma) needs no property of pi.
 *
 * Printed   "without an LSI of pi the bound fails": Laplace(1) has none, and KL_T is .43, .15, .020, .0027 of the bound.
 * Controls  "the ODE's error falls like e^-B with a mean": the exponent is .5; "CVP's error tends to 0": it is
 *           .5 (SDE) and .707 (ODE) for N(1,1); "KL_T <= e^-3T KL_0" for N(1,1): off by e^T.
 */
#include "catalogue.h"
#include "initialisation.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { MEMORY, CONTRACTS, MEAN, MOMENTS, DECAY, VE, FLOOR, KL_DECAY, LSI, ODE_FAST, CVP_ZERO, KL_FAST, COST };
static const xp_check CHECKS[] = {
    [MEMORY] = {xp_claim, QUADRATURE, "ode-keeps", "D(p_0, ODE's output) - D(p_T, p_noise) = 0 to 1e-8, D = TV, KL"},
    [CONTRACTS] = {xp_claim, EXACT_LAW, "sde-contracts", "D(p_0, SDE's output) <= D(p_T, p_noise), D = TV, KL"},
    [MEAN] = {xp_claim, CLOSED_FORM, "mean-error", "the mean is off by |m|/(1 + k zeta^2) (SDE), |m|/sqrt(1 + k zeta^2) (ODE), relative, to 1e-12"},
    [MOMENTS] = {xp_claim, QUADRATURE, "moments", "mean and variance by Runge-Kutta less the closed forms: 0 to 1e-9"},
    [DECAY] = {xp_claim, EXACT_LAW, "exponent", "-log TV per unit of B between T = 3 and 4: n (SDE), n/2 (ODE), n = 1 with a mean, 2 without"},
    [VE] = {xp_claim, CLOSED_FORM, "ve-order", "VE, N(1,1): order of TV in 1/V between 1e3 and 1e4: 1 (SDE), 1/2 (ODE)"},
    [FLOOR] = {xp_claim, CLOSED_FORM, "cvp-floor", "CVP, B = 20: the mean is off by |m|/(1 + k) (SDE), |m|/sqrt(1 + k) (ODE), to 1e-6"},
    [KL_DECAY] = {xp_claim, QUADRATURE, "kl-decay", "KL(p_T|gamma) <= e^-2T KL(pi|gamma), with or without an LSI of pi"},
    [LSI] = {xp_printed, QUADRATURE, "printed-lsi", "without an LSI of pi the exponential bound fails: KL_T/(e^-2T KL_0) >= 1", "KL_T <= e^-2T KL_0 for every pi: the LSI is that of gamma"},
    [ODE_FAST] = {xp_control, QUADRATURE, "ode-fast", "data with a mean: the ODE's exponent per unit of B is 1 within .02; it is .5"},
    [CVP_ZERO] = {xp_control, CLOSED_FORM, "cvp-zero", "CVP, B = 20: the mean is off by <= .01; N(1,1): by .5 (SDE), .707 (ODE)"},
    [KL_FAST] = {xp_control, QUADRATURE, "kl-fast", "N(1,1): KL_T <= e^-3T KL_0; off by e^T"},
    [COST] = {xp_finding, EXACT_LAW, "distances", "OU: TV and KL of p_T to gamma (the ODE's), and of the SDE's output"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Starting from noise: an ODE pays in full, an SDE once less",
    .statement = "D(p_0, ODE) = D(p_T, p_noise) >= D(p_0, SDE), D = TV, KL",
    .sources = "001 Mechanism 3; Reu et al. 2024, Remark 3.2; 002 (6.2), (6.10)",
    .columns = "series x value ode sde",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

enum { START = INITIALISATION_START, ODE, SDE };

typedef struct {
    const char *name;
    target *data;
    int n;         /* 1 with a mean, 2 without; 0: no exponent is judged */
    bool gaussian; /* all outputs are closed forms */
} law;

static enclosure noise_kl(const target *data, double T)
{
    const reference p = {data, sde_scale(&SDE_OU, T), sde_var(&SDE_OU, T)};
    enclosure kl;
    TRY(divergence_to_gauss(&p, GAUSS_STANDARD, &kl, NULL));
    return kl;
}

/* Equality to 1e-8 of themselves where all are closed forms. */
static void judge_cost(xp *x, const law *p, const sde *e, const initialisation_cost *c)
{
    const enclosure *const all[] = {c->kl, c->tv};
    const double clock = sde_int_g2(e, 0.0, e->T); /* B or V */
    for (int k = 0; k < LEN(all); k++) {
        const enclosure *d = all[k], excess = enclosure_sub(d[ODE], d[START]);
        const char *name = k == 0 ? "KL" : "TV", *model = sde_name(e);
        double size = p->gaussian ? d[START].lo : fmax(1.0, enclosure_mid(d[START]));
        xp_judge(x, MEMORY, excess, region_about(0.0, 1e-8 * size), "%s %s %s %g", name,
                 p->name, model, clock);
        xp_bound(x, CONTRACTS, d[SDE], fmax(d[START].lo, p->gaussian ? 0.0 : 1e-12),
                 "%s %s %s %g", name, p->name, model, clock);
    }
}

/* KL_T below 1e-15 is 0 to rounding. */
static void judge_ou(xp *x, const law *p, double T, const initialisation_cost *c)
{
    const double kl_bound = fmax(exp(-2.0 * T) * noise_kl(p->data, 0.0).lo, 1e-15);
    xp_bound(x, KL_DECAY, c->kl[START], kl_bound, "%s T=%g", p->name, T);
    for (int i = START; i <= SDE && xp_target(x) == NULL; i += SDE - START) {
        const char *place = INITIALISATION_NAME[i];
        xp_record(x, COST, c->kl[i], "KL %s %s T=%g", p->name, place, T);
        xp_record(x, COST, c->tv[i], "TV %s %s T=%g", p->name, place, T);
    }
    xp_row(x, "%s %g %.17g %.17g %.17g", p->name, 2.0 * T, enclosure_mid(c->tv[START]),
           enclosure_mid(c->tv[ODE]), enclosure_mid(c->tv[SDE]));
}

/* From T = 3 to 4, B from 6 to 8: the order of TV in e^{-B}. */
static void verify_decay(xp *x, const law *p, const initialisation_cost *at3,
                         const initialisation_cost *at4)
{
    for (int k = ODE; k <= SDE; k++) {
        double rate = k == ODE ? 0.5 * p->n : p->n;
        enclosure order = rate_local(exp(-6.0), at3->tv[k], exp(-8.0), at4->tv[k]);
        xp_judge(x, DECAY, order, region_about(rate, rate > 1.5 ? 0.03 : 0.02), "%s %s",
                 p->name, INITIALISATION_NAME[k]);
        if (k == ODE && p->n == 1)
            xp_judge(x, ODE_FAST, order, region_about(1.0, 0.02), "%s", p->name);
    }
}

static void verify_law(xp *x, const law *p)
{
    const int parts = xp_full(x) ? 2 : 1;
    initialisation_cost at3, c;
    for (int i = 1; i <= 4 * parts; i++) {
        const sde ou = sde_ou((double)i / parts);
        TRY(initialisation_measure(p->data, &ou, &c));
        judge_cost(x, p, &ou, &c);
        judge_ou(x, p, ou.T, &c);
        if (ou.T == 3.0) at3 = c;
    }
    if (p->n > 0) verify_decay(x, p, &at3, &c);
}

static void verify_kl(xp *x, const target *shift)
{
    static const double T[] = {0.5, 1.0, 2.0, 3.0};
    target *laplace = target_laplace(0.0, 1.0);
    const enclosure first = noise_kl(laplace, 0.0), other = noise_kl(shift, 0.0);
    for (int i = 0; i < LEN(T); i++) {
        enclosure ratio = enclosure_div(noise_kl(laplace, T[i]), first);
        enclosure fast = enclosure_div(noise_kl(shift, T[i]), other);
        ratio = enclosure_scale(ratio, exp(2.0 * T[i]));
        fast = enclosure_scale(fast, exp(3.0 * T[i]));
        xp_bound(x, KL_DECAY, ratio, 1.0, "Laplace(1) T=%g", T[i]);
        xp_judge(x, LSI, ratio, region_at_least(1.0), "Laplace(1) T=%g", T[i]);
        xp_judge(x, KL_FAST, fast, region_at_most(1.0), "T=%g", T[i]);
    }
    target_free(laplace);
}

/* OU with T = 1 .. 8, VP(0.1, 20), VE with V = 1 .. 10^4, CVP with B = 1 .. 20, the last one. */
enum { VP = 8, VE_FIRST, CVP_FIRST = VE_FIRST + 5, MODELS = CVP_FIRST + 5 };

static void models(sde e[MODELS])
{
    static const double B[] = {1.0, 2.0, 5.0, 10.0, 20.0};
    for (int i = 0; i < VP; i++) e[i] = sde_ou(i + 1.0);
    e[VP] = SDE_VP;
    for (int i = 0; i < 5; i++) {
        e[VE_FIRST + i] = sde_ve(0.01, sqrt(pow(10.0, i) + 1e-4), 1.0);
        e[CVP_FIRST + i] = sde_cvp(1.0, 1.0, B[i]);
    }
}

/* Returns how far the mean is off. */
static enclosure judge_moments(xp *x, gauss data, const sde *e, int end)
{
    const char *name = INITIALISATION_NAME[end], *model = sde_name(e);
    const double size = sde_int_g2(e, 0.0, e->T); /* B or V */
    enclosure gap, off;
    TRY(initialisation_moments(data, e, end, &gap, &off));
    xp_judge(x, MOMENTS, gap, region_about(0.0, 1e-9), "%s %s %g m=%g v=%g", name,
             model, size, data.mean, data.var);
    if (data.mean == 0.0) return off;
    enclosure gain = enclosure_relative(off, initialisation_mean_error(data, e, end));
    xp_judge(x, MEAN, gain, region_about(0.0, 1e-12), "%s %s %g v=%g", name, model,
             size, data.var);
    if (data.var == 1.0)
        xp_row(x, "%s-%s %.17g %.17g nan nan", model, name, size, enclosure_mid(off));
    return off;
}

static void verify_models(xp *x, const law *p)
{
    const gauss data = {target_mean(p->data), target_variance(p->data)};
    sde e[MODELS];
    initialisation_cost c[MODELS];
    enclosure off[] = {[SDE] = {0}};
    models(e);
    for (int i = 0; i < MODELS; i++) {
        for (int k = ODE; k <= SDE; k++) off[k] = judge_moments(x, data, &e[i], k);
        if (i < VP) continue;
        TRY(initialisation_measure(p->data, &e[i], &c[i]));
        judge_cost(x, p, &e[i], &c[i]);
    }
    for (int k = ODE; k <= SDE && data.mean != 0.0; k++) {
        const char *name = INITIALISATION_NAME[k];
        const double power = k == ODE ? 0.5 : 1.0;
        const double floor = data.mean * pow(1.0 + 1.0 / data.var, -power);
        const enclosure *v3 = c[VE_FIRST + 3].tv, *v4 = c[VE_FIRST + 4].tv;
        enclosure order = rate_local(1e-3, v3[k], 1e-4, v4[k]);
        xp_judge(x, FLOOR, off[k], region_about(floor, 1e-6), "%s v=%g", name,
                 data.var);
        xp_judge(x, CVP_ZERO, off[k], region_at_most(0.01), "%s v=%g", name, data.var);
        if (data.var == 1.0)
            xp_judge(x, VE, order, region_about(power, 0.01), "%s", name);
    }
}

void xp_run(xp *x)
{
    if (!xp_target_on_line(x)) return;
    if (xp_target(x) != NULL) {
        const law yours = {"yours", target_mixture(xp_target(x)), 0, false};
        verify_law(x, &yours);
        target_free(yours.data);
        return;
    }
    law laws[] = {{"M", catalogue_target(&CATALOGUE_M), 1, false},
                  {"M2", catalogue_target(&CATALOGUE_M2), 2, false},
                  {"V", catalogue_target(&CATALOGUE_V), 0, false},
                  {"N(1,0.25)", target_gauss(1.0, 0.25), 1, true},
                  {"N(1,1)", target_gauss(1.0, 1.0), 1, true},
                  {"N(0,4)", target_gauss(0.0, 4.0), 2, true},
                  {"N(0,0.25)", target_gauss(0.0, 0.25), 2, true}};
    verify_kl(x, laws[4].data);
    for (int i = 0; i < LEN(laws); i++) {
        verify_law(x, &laws[i]);
        if (laws[i].gaussian) verify_models(x, &laws[i]);
        target_free(laws[i].data);
        xp_progress(x, i + 1, LEN(laws));
    }
}
