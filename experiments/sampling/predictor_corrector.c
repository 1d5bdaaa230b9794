/* predictor_corrector -- Langevin corrections after every step, and what is left of their bias.
 *
 * 002 (6.18): after each step, to time u, M times X <- X + eps_k S(u, X) + sqrt(2 eps_k) Z, eps_k decreasing in k;
 * printed as the discretisation of dX = grad p dt + sqrt(2) dB, which converges to p_u. The equation must read
 * dX = grad log p dt + sqrt(2) dB, and with fixed eps the corrections of N(0, v) converge to
 *
 *     N(0, v/(1 - eps/(2v))),   eps < 2v.
 *
 * Order 1 is kept if eps_k = O(h); fixed eps leaves sqrt(v) {(1 - eps/(2v))^{-1/2} - 1} in W2; eps_k = h^2 does
 * nothing. G = N(0.7, 0.49), mixture 0.3 N(-1.5, 0.09) + 0.7 N(1, 0.16); OU, T = 2, EM, start p_T. The corrector alone
 * takes 2000 steps from N(0, 1); at v = 4, eps = .01 they leave 5e-5 of the first error: there 8000.
 *
 * Printed   grad p: it is below 0.25 and cannot hold the noise; variance 37 after 2000 steps, not 1.
 *           Convergence to p_u with eps = 0.1: TV stays 0.0124.
 * Controls  v/(1 - eps/v): 0.13% to 13% too large; noise sqrt(eps): half the variance; "fixed eps keeps order 0.9".
 */
#include "catalogue.h"
#include "divergence.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { STATIONARY, STATIONARY_TV, ORDER_G, ORDER_M, FLOOR, FLAT, GAIN, NOTHING, PRINTED_DRIFT, PRINTED_LIMIT,
       FACTOR, HALF_NOISE, FIXED_ORDER, ERRORS_G, ERRORS_M, ORDERS };
static const xp_check CHECKS[] = {
    [STATIONARY] = {xp_claim, CLOSED_FORM, "stationary-variance", "corrector alone, N(0,v): variance v/(1 - eps/(2v)), to 1e-12 relative"},
    [STATIONARY_TV] = {xp_claim, CLOSED_FORM, "stationary-tv", "corrector alone, N(0,1): TV as known, to 1e-12"},
    [ORDER_G] = {xp_claim, CLOSED_FORM, "order-gauss", "G, M = 1, eps = ch: last two local orders >= .97"},
    [ORDER_M] = {xp_claim, EXACT_LAW, "order-mixture", "mixture, M = 1, eps = ch: last two local orders of TV >= .9"},
    [FLOOR] = {xp_claim, CLOSED_FORM, "floor", "G, M = 5, eps = .02, N = 2^14: W2 in [.0070, .0075]; limit .00725"},
    [FLAT] = {xp_claim, CLOSED_FORM, "flat", "G, M = 5, eps = .02: last two local orders of W2 in [-.05, .05]"},
    [GAIN] = {xp_claim, CLOSED_FORM, "gain", "G, eps = h/2, N = 2048: W2 falls by [1.15, 1.25], M = 1; [1.65, 1.8], M = 5"},
    [NOTHING] = {xp_claim, CLOSED_FORM, "nothing", "G, M = 1, eps = h^2, N >= 256: W2 over that of EM in [.99, 1.001]"},
    [PRINTED_DRIFT] = {xp_printed, EXACT_LAW, "printed-drift", "N(0,1), eps = .01, grad p: variance 1 +- .05 after n steps", "dX = grad log p dt + sqrt(2) dB"},
    [PRINTED_LIMIT] = {xp_printed, CLOSED_FORM, "printed-limit", "N(0,1), fixed eps: the law converges to p, TV <= 1e-12", "to N(0, v/(1 - eps/(2v))) for N(0, v)"},
    [FACTOR] = {xp_control, CLOSED_FORM, "factor", "stationary variance v/(1 - eps/v): too large by 0.13% to 13%"},
    [HALF_NOISE] = {xp_control, CLOSED_FORM, "half-noise", "stationary-variance with noise sqrt(eps): half of it"},
    [FIXED_ORDER] = {xp_control, CLOSED_FORM, "fixed-order", "G, eps = .02: last two local orders of W2 >= .9: too much by 0.9"},
    [ERRORS_G] = {xp_finding, CLOSED_FORM, "errors-gauss", "G: W2 at N = 2048"},
    [ERRORS_M] = {xp_finding, EXACT_LAW, "errors-mixture", "mixture: TV at N = 256 (eps = h^2: 128)"},
    [ORDERS] = {xp_finding, EXACT_LAW, "orders", "last local orders: W2 on G, TV on the mixture"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Predictor-corrector: order, floor and cost of Langevin corrections",
    .statement =
        "order 1 if eps_k = O(h); fixed eps: N(0, v/(1 - eps/(2v))) for N(0, v)",
    .sources = "002 (6.18) and the paragraph after it; Song et al. 2021",
    .columns = "data schedule M N evaluations kl tv w2",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

/* ---- The corrector alone */
enum { MOST_STEPS = 16000 };

/* Steps of eps/2 with twice the score have the drift of eps and the noise sqrt(eps). */
static void twice(const void *ctx, double t, long n, const double *x, double *s)
{
    (void)ctx, (void)t, (void)x;
    for (long i = 0; i < n; i++) s[i] *= 2.0;
}

/* grad p = p grad log p, p = N(0, 1) */
static void times_density(const void *ctx, double t, long n, const double *x, double *s)
{
    (void)ctx, (void)t;
    for (long i = 0; i < n; i++) s[i] *= exp(-0.5 * x[i] * x[i]) / sqrt(2.0 * SC_PI);
}

static double variance(const void *ctx, const line *law)
{
    (void)ctx;
    return line_moments(law).var;
}

/* The variance, which rounded times give to 2e-16 n eps, and TV to N(0, v). */
static enclosure after(double v, double eps, int n, bool half_noise, enclosure *tv)
{
    double t[MOST_STEPS + 1];
    target *data = target_gauss(0.0, v);
    sde e;
    gauss law, error;
    distances d;
    chain c = chain_langevin(data, eps, n, &e, t);
    if (half_noise) c.perturb = twice;
    TRY(law_gauss_bounded(&c, &law, &error));
    TRY(divergence_chain(&c, NULL, &d));
    *tv = d.tv;
    target_free(data);
    return enclosure_about(law.var, error.var + 2e-16 * n * eps);
}

static void verify_corrector(xp *x, double v, double eps)
{
    const int n = v / eps > 200.0 ? 8000 : 2000;
    double limit = v / (1.0 - eps / (2.0 * v)), wrong = v / (1.0 - eps / v);
    const region right = region_about(limit, 1e-12 * limit);
    enclosure tv, half = after(v, 0.5 * eps, 2 * n, true, &tv);
    enclosure var = after(v, eps, n, false, &tv);
    xp_judge(x, STATIONARY, var, right, "v=%g eps=%g", v, eps);
    xp_judge(x, HALF_NOISE, half, right, "v=%g eps=%g", v, eps);
    xp_judge(x, FACTOR, var, region_about(wrong, 1e-12), "v=%g eps=%g", v, eps);
    if (v != 1.0) return;
    double known = eps == 0.1 ? 0.01241079534986511 : 0.00121288774184014;
    xp_judge(x, STATIONARY_TV, tv, region_about(known, 1e-12), "eps=%g", eps);
    xp_judge(x, PRINTED_LIMIT, tv, region_at_most(1e-12), "eps=%g", eps);
}

static void verify_drift(xp *x, const target *one, int n)
{
    double t[MOST_STEPS + 1];
    sde e;
    distances d;
    enclosure var;
    chain c = chain_langevin(one, 0.01, n, &e, t);
    c.perturb = times_density;
    TRY(divergence_density_with(&c, NULL, variance, NULL, &d, &var));
    xp_judge(x, PRINTED_DRIFT, var, region_about(1.0, 0.05), "n=%d", n);
}

/* ---- Schedules */

/* clang-format off */
typedef struct {
    const char *name;
    double (*eps)(const void *c, double t, double u);
    double c;
    int corrections;
    bool order;  /* 1 is claimed */
    region gain; /* of W2 on G over EM alone at N = 2048; hi = 0: not claimed */
} schedule;
enum { NONE, SQUARED, ON_MIXTURE = 7, FIXED_5 = 7 }; /* the first seven also run on the mixture */
static const schedule SCHEDULES[] = {
    [NONE] = {"none", sampler_eps_fixed, 0.0, 0, false, {0.0, 0.0}},
    [SQUARED] = {"eps=h^2", sampler_eps_squared, 1.0, 1, false, {0.0, 0.0}},
    {"eps=0.02", sampler_eps_fixed, 0.02, 1, false, {0.0, 0.0}},
    {"eps=0.1h", sampler_eps_proportional, 0.1, 1, true, {0.0, 0.0}},
    {"eps=0.5h", sampler_eps_proportional, 0.5, 1, true, {1.15, 1.25}},
    {"eps=h", sampler_eps_proportional, 1.0, 1, true, {0.0, 0.0}},
    {"eps=0.5h", sampler_eps_proportional, 0.5, 5, false, {1.65, 1.8}},
    [FIXED_5] = {"eps=0.02", sampler_eps_fixed, 0.02, 5, false, {0.0, 0.0}},
    {"eps=0.1h", sampler_eps_proportional, 0.1, 5, false, {0.0, 0.0}},
    {"eps=h", sampler_eps_proportional, 1.0, 5, false, {0.0, 0.0}},
    {"eps=0.1h", sampler_eps_proportional, 0.1, 20, false, {0.0, 0.0}},
    {"eps=0.5h", sampler_eps_proportional, 0.5, 20, false, {0.0, 0.0}},
    {"eps=h", sampler_eps_proportional, 1.0, 20, false, {0.0, 0.0}},
    {"falling", sampler_eps_falling, 0.01, 1, false, {0.0, 0.0}}, /* .02 u/T + h^2 */
};
/* clang-format on */
enum { PARTS = LEN(SCHEDULES) + ON_MIXTURE, AT_256 = 3, AT_2048 = 6, AT_16384 = 9 };

/* N = first, 2 first, .. */
static void climb(xp *x, const target *data, const char *name, const schedule *s,
                  int first, int levels, ladder *l)
{
    const int M = s->corrections;
    sampler pc = SAMPLER_EM;
    if (M > 0) pc = sampler_predictor_corrector(&SAMPLER_EM, M, s->eps, &s->c);
    chain c = {.data = data, .forward = &SDE_OU, .scheme = &pc, .from = START_EXACT};
    c.kept = xp_laws(x);
    TRY(divergence_ladder(&c, first, 2, levels, l));
    for (int i = 0; i < levels; i++)
        xp_row(x, "%s %s %d %d %ld %.17g %.17g %.17g", name, s->name, M, l->steps[i],
               (long)l->steps[i] * pc.evaluations, enclosure_mid(l->kl[i]),
               enclosure_mid(l->tv[i]), enclosure_mid(l->w2[i]));
}

/* N = 32, .., 2^14; twenty corrections at the quick effort: to 2048. */
static void verify_gaussian(xp *x, const target *G)
{
    const int fewer = (int)xp_effort(x, AT_2048, AT_16384);
    ladder none, l;
    for (int i = NONE; i < LEN(SCHEDULES); i++) {
        const schedule *s = &SCHEDULES[i];
        const int M = s->corrections, n = 1 + (M > 5 ? fewer : AT_16384);
        climb(x, G, "G", s, 32, n, &l);
        if (i == NONE) none = l;
        enclosure tv = rate_exact(n, l.h, l.tv), w2 = rate_exact(n, l.h, l.w2);
        enclosure gain = enclosure_div(none.w2[AT_2048], l.w2[AT_2048]);
        if (s->order) xp_judge(x, ORDER_G, tv, region_at_least(0.97), "%s TV", s->name);
        if (s->order) xp_judge(x, ORDER_G, w2, region_at_least(0.97), "%s W2", s->name);
        if (s->gain.hi > 0.0) xp_judge(x, GAIN, gain, s->gain, "M=%d", M);
        if (i == FIXED_5) {
            xp_judge(x, FLOOR, l.w2[AT_16384], region_between(0.0070, 0.0075), NULL);
            xp_judge(x, FLAT, w2, region_between(-0.05, 0.05), NULL);
            xp_judge(x, FIXED_ORDER, w2, region_at_least(0.9), NULL);
        }
        for (int k = AT_256; i == SQUARED && k < n; k++)
            xp_judge(x, NOTHING, enclosure_div(l.w2[k], none.w2[k]),
                     region_between(0.99, 1.001), "N=%d", l.steps[k]);
        xp_record(x, ERRORS_G, l.w2[AT_2048], "%s M=%d", s->name, M);
        xp_record(x, ORDERS, rate_last(n, l.h, l.w2), "G %s M=%d", s->name, M);
        xp_progress(x, i + 1, PARTS);
    }
}

/* N = 8, .., 256; with eps = h^2, whose grids are as fine as h, to 128. */
static void verify_mixture(xp *x, const target *mixture)
{
    ladder l;
    for (int i = NONE; i < ON_MIXTURE; i++) {
        const schedule *s = &SCHEDULES[i];
        const int M = s->corrections, n = i == SQUARED ? 5 : 6;
        climb(x, mixture, "M", s, 8, n, &l);
        enclosure order = rate_exact(n, l.h, l.tv);
        if (s->order) xp_judge(x, ORDER_M, order, region_at_least(0.9), "%s", s->name);
        xp_record(x, ERRORS_M, l.tv[n - 1], "%s M=%d", s->name, M);
        xp_record(x, ORDERS, rate_last(n, l.h, l.tv), "mixture %s M=%d", s->name, M);
        xp_progress(x, LEN(SCHEDULES) + i + 1, PARTS);
    }
}

void xp_run(xp *x)
{
    static const double V[] = {0.49, 1.0, 4.0};
    target *G = catalogue_target(&CATALOGUE_GAUSS), *one = target_gauss(0.0, 1.0);
    target *mixture = catalogue_target(&CATALOGUE_M);
    for (int i = 0; i < 2 * LEN(V); i++)
        verify_corrector(x, V[i / 2], i % 2 ? 0.01 : 0.1);
    const int most = xp_wants(x, PRINTED_DRIFT) ? 2000 : 0;
    for (int n = 125; n <= most; n *= 4) verify_drift(x, one, n);
    verify_gaussian(x, G);
    if (xp_wants(x, ORDER_M, ERRORS_M, ORDERS)) verify_mixture(x, mixture);
    target_free(mixture);
    target_free(one);
    target_free(G);
}
