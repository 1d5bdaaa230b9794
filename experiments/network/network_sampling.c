/* network_sampling -- the reverse SDE with a network in the place of grad log U_t f: what its error costs in KL.
 *
 * OU, f = dpi/dN(0, 1), v = grad log U_t f, score = -x + v, dY = (-Y + 2 g(Y, T - t)) dt + sqrt(2) dW with a network g for v;
 * the paths from p_T differ by (Girsanov, noise sqrt 2, drifts that differ by 2 (v - g))
 *
 *     KL(paths) = 1/4 int E|b - b'|^2 dt = P,   P = int_0^T E_{p_t} |v - g|^2 dt,
 *
 * hence KL(pi|output) <= P, TV <= (P/2)^{1/2}, of d copies TV_d <= (d P/2)^{1/2}; from gamma = N(0, 1) P + KL(p_T|gamma) with
 * KL(p_T|gamma) <= e^{-2T} KL(pi|gamma), for every pi. The bounds are enclosures, too: judged is measured/bound <= 1. Here
 * pi = gamma (1 + sin(2x)/2), g the interpolant of v at W + 1 knots of [-6, 6] or v + c (P = c^2 T); the output by Euler's
 * scheme and Richardson's extrapolation of its log densities, the path by the relative entropy of Euler's chains, whose
 * limit is P. With --full also a network in (x, t), T = 1, 2, 3.
 *
 * Printed   KL(paths) = 1/2 int E|b - b'|^2 = 2 P: .00550050 for .00275025 at W = 16.
 * Controls  half the bound: KL 1.6 to 1.8, TV 1.3 to 1.5 times larger. W = 16: from gamma KL is 1.04 P; TV_d is 1.6 (d = 4), 3.06
 *           (16) times (P/2)^{1/2}. e^{-4T}: 1.1 times too small. W^-2 for W^-3.98. Factor 2 lost, g = v, P = 0: KL .0155, TV .0768
 *           (the statement has .0161, .0782: 200 Euler steps, not extrapolated).
 */
#include "interpolant.h"
#include "path.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { MARGINAL, GAUSSIAN, START, PINSKER, PATH, ORDER, PRODUCT, HALF, HALF_BOUND, FREE, START_FAST, PINSKER_HALF, ORDER_TWO,
       COPIES_FREE, LOST, SUP };
static const xp_check CHECKS[] = {
    [MARGINAL] = {xp_claim, EXACT_LAW, "marginal", "from p_T: KL(pi|output)/P <= 1", NULL},
    [GAUSSIAN] = {xp_claim, EXACT_LAW, "gaussian-start", "from N(0, 1): KL(pi|output)/{P + KL(p_T|N(0, 1))} <= 1", NULL},
    [START] = {xp_claim, QUADRATURE, "start", "KL(p_T|N(0, 1))/{e^-2T KL(pi|N(0, 1))} <= 1", NULL},
    [PINSKER] = {xp_claim, EXACT_LAW, "pinsker", "from p_T: TV(pi, output)/(P/2)^1/2 <= 1", NULL},
    [PATH] = {xp_claim, EXACT_LAW, "path", "the relative entropy of Euler's chains tends to P, with order 1: limit/P = 1 to 1e-4, order 1 within .05", NULL},
    [ORDER] = {xp_claim, QUADRATURE, "order", "P ~ W^-4 within .1, W = 32 .. 256", NULL},
    [PRODUCT] = {xp_claim, EXACT_LAW, "product", "W = 16, d copies: TV_d/(d P/2)^1/2 <= 1", NULL},
    [HALF] = {xp_printed, EXACT_LAW, "printed-half", "KL(paths)/P = 2 to 2e-3, from 1/2 int E|b - b'|^2", "1/4 int E|b - b'|^2 = P"},
    [HALF_BOUND] = {xp_control, EXACT_LAW, "half-bound", "KL(pi|output)/P <= 1/2: too small by 1.6 to 1.8", NULL},
    [FREE] = {xp_control, EXACT_LAW, "start-free", "W = 16, from N(0, 1): KL(pi|output)/P <= 1; it is 1.04", NULL},
    [START_FAST] = {xp_control, QUADRATURE, "start-fast", "KL(p_T|N(0, 1))/{e^-2T KL(pi|N(0, 1))} <= e^-2T; at T = 1 it is 1.1 times that", NULL},
    [PINSKER_HALF] = {xp_control, EXACT_LAW, "pinsker-half", "TV(pi, output)/(P/2)^1/2 <= 1/2: too small by 1.3 to 1.5", NULL},
    [ORDER_TWO] = {xp_control, QUADRATURE, "order-two", "P ~ W^-2 within .1; it is W^-3.98", NULL},
    [COPIES_FREE] = {xp_control, EXACT_LAW, "product-free", "TV_d/(P/2)^1/2 <= 1; it is 1.6 for d = 4, 3.06 for d = 16", NULL},
    [LOST] = {xp_control, EXACT_LAW, "factor-lost", "drift -x + v: KL <= 1e-3, TV <= .01 for P = 0; they are .0155 and .0768", NULL},
    [SUP] = {xp_finding, QUADRATURE, "sup-route", "T sup |v - g|^2 over P, T = 1, knots on [-4, 4], sup over |x| <= 4 and t = .5, .2, .05, .01, .001, 0", NULL},
};
static const int COPIES[] = {1, 4, 16}, OUT[] = {MARGINAL, GAUSSIAN, PINSKER, HALF_BOUND, PINSKER_HALF};
/* clang-format on */

const xp_info xp_this = {
    .title = "The reverse process with a network: KL of the output against its error",
    .statement = "KL(pi|output) <= P = int E|v - g|^2 dt, TV <= (P/2)^1/2",
    .sources = "001 Mechanism 2; Reu et al. 2024, Proposition 3.1, Remark 3.2, (72)",
    .columns = "series x kl tv p",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

/* As a part of its bound; nothing is known if the bound may be 0. */
static enclosure part(enclosure measured, enclosure bound)
{
    if (!(bound.lo > 0.0)) return (enclosure){-(double)INFINITY, (double)INFINITY, 0.0};
    return enclosure_div(measured, bound);
}

/* KL(p_T|gamma) */
static enclosure left_at(const target *data, double T)
{
    const reference law = interpolant_at(data, T);
    enclosure kl;
    TRY(divergence_to_gauss(&law, GAUSS_STANDARD, &kl, NULL));
    return kl;
}

static void verify_start(xp *x, const target *data, double T)
{
    const double decay = exp(-2.0 * T);
    const enclosure left =
        part(left_at(data, T), enclosure_scale(left_at(data, 0.0), decay));
    xp_bound(x, START, left, 1.0, "T=%g", T);
    if (!xp_target(x)) xp_judge(x, START_FAST, left, region_at_most(decay), "T=%g", T);
}

/* W = 16: what the start costs, and copies. */
static void verify_sixteen(xp *x, enclosure kl, const distances *copies,
                           enclosure pinsker)
{
    xp_judge(x, FREE, kl, region_at_most(1.0), NULL);
    for (int i = 1; i < LEN(COPIES); i++) {
        const double d = COPIES[i];
        const enclosure tv = part(copies[i].tv, pinsker);
        xp_bound(x, PRODUCT, enclosure_scale(tv, 1.0 / sqrt(d)), 1.0, "d=%g", d);
        xp_judge(x, COPIES_FREE, tv, region_at_most(1.0), "d=%g", d);
    }
}

/* The output of the sampler against its data, from p_T (one, with W = 16 also four and sixteen copies) and from gamma. */
static void verify_output(xp *x, const interpolant_sampler *s, enclosure P, int steps)
{
    const bool own = xp_target(x) != NULL,
               sixteen = !own && !s->net && s->pieces == 16 &&
                         xp_wants(x, FREE, PRODUCT, COPIES_FREE);
    distances d[LEN(COPIES)], noise;
    const char *which = s->net ? "net T" : s->pieces > 0 ? "W" : "c";
    const double size = s->net ? s->T : s->pieces > 0 ? s->pieces : s->shift;
    if (!sixteen && !xp_wants_members(x, LEN(OUT), OUT, "%s=%g", which, size)) return;
    TRY(interpolant_output(s, steps, sixteen ? LEN(COPIES) : 1, COPIES, d, &noise));
    const enclosure pinsker = enclosure_sqrt(enclosure_scale(P, 0.5)),
                    with_start = enclosure_add(P, left_at(s->data, s->T)),
                    kl = part(d->kl, P), tv = part(d->tv, pinsker);
    xp_bound(x, MARGINAL, kl, 1.0, "%s=%g", which, size);
    xp_bound(x, PINSKER, tv, 1.0, "%s=%g", which, size);
    xp_bound(x, GAUSSIAN, part(noise.kl, with_start), 1.0, "%s=%g", which, size);
    xp_row(x, "%s %d %.17g %.17g %.17g", s->net ? "net" : "output", s->pieces,
           enclosure_mid(d->kl), enclosure_mid(d->tv), enclosure_mid(P));
    if (own) return;
    xp_judge(x, HALF_BOUND, kl, region_at_most(0.5), "%s=%g", which, size);
    xp_judge(x, PINSKER_HALF, tv, region_at_most(0.5), "%s=%g", which, size);
    if (sixteen) verify_sixteen(x, part(noise.kl, P), d, pinsker);
}

/* Euler's chains with v and with g, N = 50 .. 800: their relative entropy less its term in 1/N tends to P like N^-2. */
static void verify_path(xp *x, const interpolant_sampler *s, enclosure P)
{
    enum { MOST = 5 };
    if (!xp_wants_members(x, XP_SET(PATH, HALF), "W=%d", s->pieces)) return;
    const int levels = xp_full(x) ? MOST : 4;
    const interpolant_sampler exact = {.data = s->data, .T = s->T};
    const reference from = interpolant_at(s->data, s->T);
    enclosure kl[MOST], off[MOST], rest[MOST];
    double h[MOST];
    for (int i = 0; i < levels; i++) {
        const euler_scheme c = interpolant_euler(&exact, &from, 50 << i);
        TRY(path_euler(&c, interpolant_rates, s, &kl[i]));
        h[i] = s->T / c.steps;
        off[i] = enclosure_sub(P, kl[i]);
        if (i > 0) rest[i - 1] = enclosure_sub(enclosure_scale(kl[i], 2.0), kl[i - 1]);
        xp_row(x, "path%d %d %.17g nan %.17g", s->pieces, c.steps, enclosure_mid(kl[i]),
               enclosure_mid(P));
    }
    const enclosure ratio = part(rate_richardson(levels - 1, h + 1, rest, 2.0), P);
    xp_judge(x, PATH, ratio, region_about(1.0, 1e-4), "W=%d", s->pieces);
    xp_judge(x, PATH, rate_last(levels, h, off), region_about(1.0, 0.05), "W=%d order",
             s->pieces);
    xp_judge(x, HALF, ratio, region_about(2.0, 2e-3), "W=%d", s->pieces);
}

static void verify_widths(xp *x, const target *sine, int steps)
{
    static const int WIDTH[] = {8, 12, 16, 24, 32, 64, 128, 256};
    const int shown = (int)xp_effort(x, 3, 5);
    interpolant_sampler s = {.data = sine, .T = 1.0, .reach = 6.0};
    double log_W[LEN(WIDTH)];
    enclosure log_P[LEN(WIDTH)];
    for (int i = 0; i < LEN(WIDTH); i++) {
        s.pieces = WIDTH[i];
        const enclosure P = interpolant_path(&s);
        log_W[i] = log(s.pieces);
        log_P[i] = enclosure_log(P);
        xp_row(x, "P %d nan nan %.17g", s.pieces, enclosure_mid(P));
        if (i < shown) verify_output(x, &s, P, steps);
        if (i == 2 || (i == 0 && xp_full(x))) verify_path(x, &s, P);
        xp_progress(x, i + 1, LEN(WIDTH));
    }
    const enclosure slope = rate_slope(4, log_W + 4, log_P + 4);
    xp_judge(x, ORDER, slope, region_about(-4.0, 0.1), NULL);
    xp_judge(x, ORDER_TWO, slope, region_about(-2.0, 0.1), NULL);
}

/* c added to v, P = c^2 T; v itself, but g for 2 g. */
static void verify_variants(xp *x, const target *sine, int steps)
{
    const interpolant_sampler lost = {.data = sine, .T = 1.0, .lost = true};
    distances d;
    for (int i = 1; i <= 3; i += 2) {
        const interpolant_sampler s = {.data = sine, .T = 1.0, .shift = i / 10.0};
        verify_output(x, &s, interpolant_path(&s), steps);
    }
    TRY(interpolant_output(&lost, steps, 1, COPIES, &d, NULL));
    xp_judge(x, LOST, d.kl, region_at_most(1e-3), "KL");
    xp_judge(x, LOST, d.tv, region_at_most(0.01), "TV");
}

static void record_sup(xp *x, const target *sine)
{
    static const double TIME[] = {0.5, 0.2, 0.05, 0.01, 0.001, 0.0};
    interpolant_sampler s = {.data = sine, .T = 1.0, .reach = 4.0};
    for (s.pieces = 8; s.pieces <= 32; s.pieces *= 2) {
        const enclosure sup = interpolant_worst(&s, LEN(TIME), TIME);
        const enclosure route = enclosure_scale(enclosure_mul(sup, sup), s.T);
        xp_record(x, SUP, part(route, interpolant_path(&s)), "W=%d", s.pieces);
    }
}

/* A mixture on the line: what needs no B.2, two widths over all but 1e-8 of it. */
static void verify_users_target(xp *x)
{
    target *data = target_mixture(xp_target(x));
    double lo, hi, sd = target_smallest_sd(data);
    target_span(data, 1.0, 0.0, 1e-8, &lo, &hi);
    interpolant_sampler s = {.data = data, .T = 1.0, .reach = fmax(-lo, hi)};
    verify_start(x, data, s.T);
    for (s.pieces = 16; s.pieces <= 32 && sd >= 0.25; s.pieces *= 2)
        verify_output(x, &s, interpolant_path(&s), 100);
    if (sd < 0.25)
        xp_assumption_fails(x, "400 steps resolve the drift: sd %.3g < .25", sd);
    target_free(data);
}

void xp_run(xp *x)
{
    const int steps = (int)xp_effort(x, 50, 100);
    if (xp_target(x) != NULL && xp_target_on_line(x)) verify_users_target(x);
    if (xp_target(x) != NULL) return;
    target *sine = target_sine(0.5, 2.0);
    verify_widths(x, sine, steps);
    verify_variants(x, sine, steps);
    if (xp_wants(x, SUP)) record_sup(x, sine);
    for (int T = 1; T <= 3; T++) {
        interpolant_sampler s = {.data = sine, .T = T, .pieces = 16, .reach = 6.0};
        verify_start(x, sine, T);
        if (!xp_full(x)) continue;
        relu *net = interpolant_relu(&s);
        s.net = net;
        verify_output(x, &s, interpolant_path(&s), 50 * T);
        relu_free(net);
    }
    target_free(sine);
}
