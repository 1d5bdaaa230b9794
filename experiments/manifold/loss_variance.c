/* loss_variance -- the loss difference of two scores against the distance of the scores.
 *
 * OU, X_t = m x + sigma z given X_0 = x, l(s, x) = int_t0^T E|s(X_t, t) + (X_t - m x)/sigma^2|^2 dt.
 *
 * (A)  sigma_data = 0, s = (m h - y)/sigma^2, s' likewise, |h|, |h'| <= 2, |x| <= 1 (slides: constant 36 sigma_0^-2):
 *
 *      (l - l')^2 <= 18 (sigma_0^-2 - sigma_T^-2) int E|s - s'|^2 dt,
 *
 *      since l - l' = int w^2 E (h - h').(h + h' - 2x) dt, w = m/sigma^2, |h + h' - 2x| <= 6, int w^2 dt = (sigma_0^-2 -
 *      sigma_T^-2)/2. Sharp: h = -2x, h' = -(2 - delta)x, |x| = 1, delta -> 0.
 * (B)  any x, s with its own sigma~^2 = m^2 sd^2 + sigma^2, sd < 1, s' with another (Yakovlev, Puchkin 2025, Lemma B.1):
 *
 *      (l - l')^2 <= C {(|x|^2 + 1)/sigma_0^2 + D log 1/sigma_0^2 + D (T - t0)} int E|s - s'|^2 dt,   C = 48; 32 too.
 *
 * Printed   "the chain after (78) gives 48": it ends at 20|x|^2 + 96, twice 48(|x|^2 + 1) at x = 0.
 * Controls  17/sigma_0^2: 17.585; |x| = 3: 48.9 > 36; |h_i| <= 2 in each coordinate: 48.8 and 158 > 36; C = 8: 9.8.
 */
#include "quad.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { SHARP, ATTAINED, FREE, CHAIN, SEVENTEEN, OUTSIDE, COORDINATES, EIGHT };
static const xp_check CHECKS[] = {
    [SHARP] = {xp_claim, QUADRATURE, "sharp", "(l - l')^2/int E|s - s'|^2 <= 18 (sigma_0^-2 - sigma_T^-2), hence <= 36 sigma_0^-2"},
    [ATTAINED] = {xp_claim, QUADRATURE, "attained", "h = -2x, h' = -(2 - delta)x: the ratio over the sharp constant is (1 - delta/6)^2, .99667 at delta = .01, to 1e-10"},
    [FREE] = {xp_claim, QUADRATURE, "any-x", "(B) with C = 32, hence with 48: the largest C in use over all pairs"},
    [CHAIN] = {xp_printed, CLOSED_FORM, "printed-chain", "the chain after (78), 20|x|^2 + 96, is at most 48(|x|^2 + 1): at x = 0 it is 96 (arithmetic on the printed constants)", "the constant of that chain is 96; 48 is true by another route, which gives 32"},
    [SEVENTEEN] = {xp_control, QUADRATURE, "seventeen", "t0 = .01, T = 6: sigma_0^2 times the ratio <= 17; 17.585"},
    [OUTSIDE] = {xp_control, QUADRATURE, "outside", "|x| = 3: sigma_0^2 times the ratio <= 36; 48.9"},
    [COORDINATES] = {xp_control, QUADRATURE, "coordinates", "|h_i| <= 2 in each coordinate: sigma_0^2 times the ratio <= 36; 48.8 (D = 4), 158 (D = 16)"},
    [EIGHT] = {xp_control, QUADRATURE, "any-x-8", "(B) with C = 8, |x| = 1/2, D = 1: 9.8"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "How far losses differ when scores differ",
    .statement = "(l(s,x) - l(s',x))^2 <= 18 (sigma_0^-2 - sigma_T^-2) int E|s - s'|^2",
    .sources = "000, Lemma for sigma_data = 0; Yakovlev, Puchkin 2025, Lemma B.1, (78)",
    .columns = "series x ratio",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

static const double SPANS[][2] = {{0.01, 1.0}, {0.1, 3.0}, {0.001, 1.0}};

static double noise(double t) /* sigma_t^2 */ { return -expm1(-2.0 * t); }

/* l - l' = int E (u - u').(u + u') dt, u = s + z/sigma, and int E|s - s'|^2 dt: no difference of large losses. */
typedef struct {
    double loss, gap;
} sums;
typedef sums integrand(const void *ctx, double t, double z);

static double ratio_by(integrand *f, const void *ctx, const quad_nodes *r)
{
    sums all = {0.0, 0.0};
    for (int i = 0; i < r->n; i++) {
        const sums at = f(ctx, r->t[i], r->z[i]);
        all.loss += r->w[i] * at.loss;
        all.gap += r->w[i] * at.gap;
    }
    return all.loss * all.loss / all.gap;
}

/* loss^2/gap +- 4 times what the coarse rule changes, and rounding. */
static enclosure ratio(integrand *f, const void *ctx, const quad_noised *s)
{
    const double fine = ratio_by(f, ctx, &s->fine),
                 coarse = ratio_by(f, ctx, &s->coarse);
    return enclosure_about(fine, 4.0 * fabs(fine - coarse) + 1e-12 * fine);
}

static double sharp(const quad_noised *s)
{
    return 18.0 * (1.0 / noise(s->t0) - 1.0 / noise(s->T));
}

/* ---- (A): on the line ---------------------------------------------------------------------------- */

/* h = 2 wave(a), h' = h + b wave(c) cut off at +-2. */
typedef struct {
    double x, b;
    const double *a, *c; /* three numbers in (0, 1) */
} pair;

static double wave(const double a[3], double y, double t)
{
    return sin((6.0 * a[0] - 3.0) * y + (2.0 * a[1] - 1.0) * log(t) +
               2.0 * SC_PI * a[2]);
}

static sums of_pair(const void *ctx, double t, double z)
{
    const pair *p = ctx;
    const double m = exp(-t), y = m * p->x + sqrt(noise(t)) * z, w = m / noise(t);
    const double h = 2.0 * wave(p->a, y, t), sum = h + p->b * wave(p->c, y, t);
    const double other = fmax(-2.0, fmin(2.0, sum)), gap = w * (h - other);
    return (sums){gap * w * (h + other - 2.0 * p->x), gap * gap};
}

static void verify_random(xp *x, const double at[2])
{
    const rng_key key = xp_stream(x, "pairs t0=%g", at[0]);
    const long pairs = xp_effort(x, 300, 2000);
    enclosure most = enclosure_exact(0.0);
    quad_noised s = quad_noised_of(at[0], at[1], 60, 60);
    for (long i = 0; i < pairs; i++) {
        double u[8];
        rng r = rng_at(key, (uint64_t)i, 0);
        rng_uniform(&r, 8, u);
        const pair p = {2.0 * u[0] - 1.0, 2.0 * pow(1e-3, u[1]), u + 2, u + 5};
        enclosure e = ratio(of_pair, &p, &s);
        most = enclosure_max(most, e);
        if (at == SPANS[0])
            xp_row(x, "random %.17g %.17g", p.b, enclosure_mid(e) / sharp(&s));
    }
    xp_bound(x, SHARP, most, sharp(&s), "random t0=%g T=%g", s.t0, s.T);
    quad_noised_free(&s);
}

/* ---- Constant h in R^D, free sd --------------------------------------------------------------------- */

/* h = -a e, h' = -b e, x = r e, |e| = 1. */
typedef struct {
    double r, a, b, sd, other_sd;
    int D;
} constants;

/* u = s + z/sigma = {m (h - x) + (m^2 sd^2/sigma) z}/V, V = m^2 sd^2 + sigma^2: mean along e, noise in D directions. */
static void residual(double away, double sd, double t, double *mean, double *spread)
{
    const double m = exp(-t), v = noise(t), k = m * m * sd * sd;
    *mean = -m * away / (v + k);
    *spread = k / (sqrt(v) * (v + k));
}

static sums of_constants(const void *ctx, double t, double z)
{
    (void)z;
    const constants *c = ctx;
    double mean, spread, other, other_spread;
    residual(c->a + c->r, c->sd, t, &mean, &spread);
    residual(c->b + c->r, c->other_sd, t, &other, &other_spread);
    const double gap = mean - other, wider = spread - other_spread;
    return (sums){gap * (mean + other) + c->D * wider * (spread + other_spread),
                  gap * gap + c->D * wider * wider};
}

static enclosure constant_ratio(double r, double a, double b, const quad_noised *s)
{
    const constants c = {r, a, b, 0.0, 0.0, 1};
    return ratio(of_constants, &c, s);
}

static void verify_extremal(xp *x, const quad_noised *s)
{
    for (int i = 0; i <= 3; i++) {
        const double delta = pow(10.0, -i),
                     known = sharp(s) * pow(1.0 - delta / 6.0, 2.0);
        enclosure e = constant_ratio(1.0, 2.0, 2.0 - delta, s);
        xp_bound(x, SHARP, e, sharp(s), "delta=%g t0=%g T=%g", delta, s->t0, s->T);
        xp_judge(x, ATTAINED, enclosure_relative(e, known), region_about(0.0, 1e-10),
                 "delta=%g t0=%g T=%g", delta, s->t0, s->T);
    }
}

static void verify_controls(xp *x, const quad_noised *s)
{
    const double v = noise(s->t0), r = 0.0; /* |x| of the printed chain */
    quad_noised late = quad_noised_of(s->t0, 6.0, 60, 1);
    for (int i = 0; i <= 12; i++) {
        const double delta = pow(10.0, -0.25 * i);
        enclosure e = enclosure_scale(constant_ratio(1.0, 2.0, 2.0 - delta, &late), v);
        if (i == 8) xp_bound(x, SEVENTEEN, e, 17.0, NULL);
        xp_row(x, "extremal %g %.17g", delta, enclosure_mid(e));
    }
    enclosure far = constant_ratio(3.0, 2.0, 1.999, s);
    xp_bound(x, OUTSIDE, enclosure_scale(far, v), 36.0, NULL);
    for (int D = 4; D <= 16; D *= 4) { /* h = -2 (1, .., 1): of length 2 sqrt D */
        enclosure e = constant_ratio(1.0, 2.0 * sqrt(D), 1.999 * sqrt(D), s);
        xp_bound(x, COORDINATES, enclosure_scale(e, v), 36.0, "D=%d", D);
    }
    enclosure chain = enclosure_exact(20.0 * r * r + 96.0);
    xp_bound(x, CHAIN, chain, 48.0 * (r * r + 1.0), NULL);
    quad_noised_free(&late);
}

/* ratio/{(r^2 + 1)/sigma_0^2 + D log 1/sigma_0^2 + D (T - t0)}, the largest over h', sd and sd'. */
static enclosure in_use(double r, int D, const quad_noised *s)
{
    static const double OTHER[] = {1.99, 1.0, 0.0, -2.0, 2.0};
    static const double SD[] = {0.0, 0.05, 0.1, 0.3, 0.6, 0.9};
    const double v = noise(s->t0),
                 size = (r * r + 1.0) / v + D * (s->T - s->t0 - log(v));
    enclosure most = enclosure_exact(0.0);
    for (int i = 0; i < LEN(OTHER) * LEN(SD) * LEN(SD); i++) {
        const int k = i / LEN(OTHER);
        const constants c = {
            r, 2.0, OTHER[i % LEN(OTHER)], SD[k % LEN(SD)], SD[k / LEN(SD)], D};
        if (c.a == c.b && c.sd == c.other_sd) continue;
        most = enclosure_max(most, ratio(of_constants, &c, s));
    }
    return enclosure_scale(most, 1.0 / size);
}

static void verify_free(xp *x, const quad_noised *s)
{
    static const double R[] = {0.0, 0.5, 1.0, 2.0};
    for (int D = 1; D <= 64; D *= 4)
        for (int i = 0; i < LEN(R); i++) {
            enclosure e = in_use(R[i], D, s);
            xp_bound(x, FREE, e, 32.0, "|x|=%g D=%d t0=%g", R[i], D, s->t0);
            if (D == 1 && R[i] == 0.5 && s->t0 == 0.001)
                xp_bound(x, EIGHT, e, 8.0, NULL);
        }
}

void xp_run(xp *x)
{
    for (int i = 0; i < LEN(SPANS); i++) {
        quad_noised s = quad_noised_of(SPANS[i][0], SPANS[i][1], 60, 1);
        verify_random(x, SPANS[i]);
        verify_extremal(x, &s);
        if (i == 0) verify_controls(x, &s);
        verify_free(x, &s);
        quad_noised_free(&s);
    }
}
