/* between.c -- how far two laws known exactly on the line are apart, by quadrature. */
#include "divergence.h"
#include "entropy.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

enum { PANELS = 64, GRADED = 80, SPLITS = 512 };
enum { MOST = 4 * (SPLITS + TARGET_BREAKS + PANELS + 1 + GRADED) };

/* Of log p and log q, in proportion to them and not to their difference. */
static const double ROUNDING = 1e-15;

typedef struct {
    const reference *p, *q;
} pair;

/* log p, log q and l = log(p/q) at n nodes; l = 0 where neither has mass. */
typedef struct {
    double logp[QUAD_NODES], logq[QUAD_NODES], l[QUAD_NODES];
} densities;

static void log_density(const reference *r, int n, const double *x, double *logp)
{
    target_score(r->data, r->m, r->s2, n, x, logp, NULL, NULL);
}

static densities evaluate(const pair *c, int n, const double *x)
{
    densities d;
    REQUIRE(0 < n && n <= QUAD_NODES);
    log_density(c->p, n, x, d.logp);
    log_density(c->q, n, x, d.logq);
    for (int i = 0; i < n; i++)
        d.l[i] = isinf(d.logp[i]) && isinf(d.logq[i]) ? 0.0 : d.logp[i] - d.logq[i];
    return d;
}

/* |p - q|/2, as p |1 - e^{-l}|/2 or q |1 - e^l|/2 */
static void tv_integrand(const void *ctx, int n, const double *x, double *y)
{
    densities d = evaluate(ctx, n, x);
    for (int i = 0; i < n; i++)
        y[i] = -0.5 * (d.l[i] > 0.0 ? exp(d.logp[i]) * expm1(-d.l[i])
                                    : exp(d.logq[i]) * expm1(d.l[i]));
}

static void kl_integrand(const void *ctx, int n, const double *x, double *y)
{
    densities d = evaluate(ctx, n, x);
    for (int i = 0; i < n; i++) y[i] = entropy_relative(d.logp[i], d.logq[i]);
}

/* (p - q)^2/q, the square of (p/sqrt q)(1 - e^{-l}) or sqrt q (1 - e^l) */
static void chi2_integrand(const void *ctx, int n, const double *x, double *y)
{
    densities d = evaluate(ctx, n, x);
    for (int i = 0; i < n; i++) {
        double half = 0.5 * d.logq[i];
        double root = d.l[i] > 0.0 ? exp(d.logp[i] - half) * expm1(-d.l[i])
                                   : exp(half) * expm1(d.l[i]);
        y[i] = root * root;
    }
}

/* log(p/q) */
static double log_ratio(double x, const void *ctx) { return evaluate(ctx, 1, &x).l[0]; }

/* Where r asks to be split: its features and breaks; PANELS equal panels over all but 1e-20 of it, so that a law
   sees the other however much narrower it is; and panels that grow fourfold from its bulk to there, for tails
   as long as those of Cauchy, 1e20 times the bulk. Returns their number. */
static int splits_of(const reference *r, double *at)
{
    double lo, hi, left, right;
    target_span(r->data, r->m, r->s2, 1e-20, &lo, &hi);
    target_span(r->data, r->m, r->s2, 1e-3, &left, &right);
    int n = target_splits(r->data, r->m, r->s2, SPLITS, at);
    n += target_breaks(r->data, r->m, r->s2, at + n);
    for (int i = 0; i <= PANELS; i++) at[n++] = lo + (hi - lo) * i / PANELS;
    double width = right - left;
    for (int i = 0; i < GRADED && (left - width > lo || right + width < hi); i += 2) {
        at[n++] = fmax(lo, left - width);
        at[n++] = fmin(hi, right + width);
        width *= 4.0;
    }
    return n;
}

/* The splits of both laws and, between two where p - q has different signs, its zero: |p - q| has a kink
   there, which no node sees if it is next to an end. The caller frees *split (*n points, increasing). */
static int split(const pair *c, double **points, int *n)
{
    double *at = NEW_ARRAY(double, MOST);
    int ends = splits_of(c->p, at), kept = 0;
    ends += splits_of(c->q, at + ends);
    base_sort(ends, at);
    for (int i = 0; i < ends; i++)
        if (kept == 0 || at[i] > at[kept - 1]) at[kept++] = at[i];
    int zeros = 0;
    for (int i = 0; i + 1 < kept; i++) {
        double before = log_ratio(at[i], c), after = log_ratio(at[i + 1], c), zero;
        if (!(before < 0.0 && after > 0.0) && !(before > 0.0 && after < 0.0)) continue;
        if (isinf(before) || isinf(after)) continue;
        int status = quad_root(log_ratio, c, at[i], at[i + 1], &zero);
        if (status != SC_OK) {
            free(at);
            return status;
        }
        if (at[i] < zero && zero < at[i + 1]) at[kept + zeros++] = zero;
    }
    *points = at;
    *n = kept + zeros;
    base_sort(*n, at);
    return SC_OK;
}

/* Rounding of log p and log q by e changes TV by e, KL by e int (p |l| + |p - q|) <= e (KL + 4 TV) and chi^2 by
   e int (2 p |p - q|/q + |p^2 - q^2|/q) <= e (3 chi^2 + 8 TV). */
static int integrate(const pair *c, int n, const double *at, enclosure *kl,
                     enclosure *tv, enclosure *chi2)
{
    double v, err, distance;
    double e =
        ROUNDING * (1.0 + fmax(target_remoteness(c->p->data, c->p->m, c->p->s2),
                               target_remoteness(c->q->data, c->q->m, c->q->s2)));
    CHECK(quad_adaptive_batch(tv_integrand, c, n, at, 1e-14, 1e-11, &distance, &err));
    enclosure total = enclosure_about(distance, err + e), relative = total, chi = total;
    const double floor = 4.0 * e * (distance + e);
    if (kl != NULL) {
        CHECK(quad_adaptive_batch(kl_integrand, c, n, at, floor, 1e-11, &v, &err));
        relative = enclosure_about(v, err + floor + e * v);
    }
    if (chi2 != NULL) {
        double *open = NEW_ARRAY(double, n + 2L);
        for (int i = 0; i < n; i++) open[i + 1] = at[i];
        open[0] = -INFINITY;
        open[n + 1] = INFINITY;
        int status = quad_adaptive_batch(chi2_integrand, c, n + 2, open, 2.0 * floor,
                                         1e-11, &v, &err);
        free(open);
        CHECK(status);
        chi = enclosure_about(v, err + 2.0 * floor + 3.0 * e * v);
    }
    if (kl != NULL) *kl = relative;
    if (tv != NULL) *tv = total;
    if (chi2 != NULL) *chi2 = chi;
    return SC_OK;
}

/* A law without a variance (Cauchy) has E|X| = inf, the other ones tails at most exponential: then E log(1/q) is
   infinite, although no panel of finite length sees it. */
static bool infinite_kl(const reference *p, const reference *q)
{
    return p->m > 0.0 && isinf(target_variance(p->data)) &&
           !(q->m > 0.0 && isinf(target_variance(q->data)));
}

int divergence_between(const reference *p, const reference *q, enclosure *kl,
                       enclosure *tv, enclosure *chi2)
{
    pair c = {p, q};
    double *at;
    int n;
    if (kl != NULL && infinite_kl(p, q)) return SC_EDOMAIN;
    CHECK(split(&c, &at, &n));
    int status = integrate(&c, n, at, kl, tv, chi2);
    free(at);
    return status;
}

int divergence_diffused(const target *p, const target *q, const sde *e, double t,
                        enclosure *kl)
{
    const reference a = {p, sde_scale(e, t), sde_var(e, t)}, b = {q, a.m, a.s2};
    return divergence_between(&a, &b, kl, NULL, NULL);
}

int divergence_to_gauss(const reference *p, gauss q, enclosure *kl, enclosure *tv)
{
    target *noise = target_gauss(q.mean, q.var);
    int status = divergence_between(p, &(reference){noise, 1.0, 0.0}, kl, tv, NULL);
    target_free(noise);
    return status;
}

int divergence_entropy(const reference *p, enclosure *entropy)
{
    double m = p->m, var = m * m * target_variance(p->data) + p->s2;
    REQUIRE(var > 0.0 && isfinite(var));
    double gaussian = -0.5 * (1.0 + log(2.0 * SC_PI * var));
    enclosure kl;
    CHECK(divergence_to_gauss(p, (gauss){m * target_mean(p->data), var}, &kl, NULL));
    *entropy = enclosure_add(
        kl, enclosure_about(gaussian, 4.0 * ROUNDING * (1.0 + fabs(gaussian))));
    return SC_OK;
}
