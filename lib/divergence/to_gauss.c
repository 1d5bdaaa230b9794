/* to_gauss.c -- how far the law of m X_0 + sqrt(s2) Z is from a Gaussian, by quadrature. */
#include "divergence.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

enum { PANELS = 64, ENDS = 2 * (PANELS + 1), NODES_AT_ONCE = 32 };

/* Of p - q, in proportion to p and q and not to their difference. */
static const double ROUNDING = 1e-15;

typedef struct {
    const reference *p;
    gauss q;
} pair;

static double log_normal(gauss q, double x)
{
    double u = x - q.mean;
    return -0.5 * (u * u / q.var + log(2.0 * SC_PI * q.var));
}

static void log_densities(const pair *c, int n, const double *x, double *logp,
                          double *logq)
{
    REQUIRE(n <= NODES_AT_ONCE);
    target_score(c->p->data, c->p->m, c->p->s2, n, x, logp, NULL, NULL);
    for (int i = 0; i < n; i++) logq[i] = log_normal(c->q, x[i]);
}

/* |p - q|/2 */
static void tv_integrand(const void *ctx, int n, const double *x, double *y)
{
    double logp[NODES_AT_ONCE], logq[NODES_AT_ONCE];
    log_densities(ctx, n, x, logp, logq);
    for (int i = 0; i < n; i++) y[i] = 0.5 * fabs(exp(logp[i]) - exp(logq[i]));
}

/* p log(p/q) - p + q, as p (l - 1 + e^{-l}) with l = log(p/q) where that does not overflow */
static void kl_integrand(const void *ctx, int n, const double *x, double *y)
{
    double logp[NODES_AT_ONCE], logq[NODES_AT_ONCE];
    log_densities(ctx, n, x, logp, logq);
    for (int i = 0; i < n; i++) {
        double p = exp(logp[i]), l = logp[i] - logq[i];
        y[i] = l > -1.0 ? p * (l + expm1(-l)) : p * (l - 1.0) + exp(logq[i]);
    }
}

/* log(p/q) */
static double log_ratio(double x, const void *ctx)
{
    double logp, logq;
    log_densities(ctx, 1, &x, &logp, &logq);
    return logp - logq;
}

static int increasing(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The ends of PANELS equal panels over all but 1e-20 of p, and over q, sorted: so one sees the other
   however much narrower it is. */
static void panels(const pair *c, double at[ENDS])
{
    double lo[2], hi[2], reach = 10.0 * sqrt(c->q.var);
    target_span(c->p->data, c->p->m, c->p->s2, 1e-20, &lo[0], &hi[0]);
    lo[1] = c->q.mean - reach;
    hi[1] = c->q.mean + reach;
    for (int k = 0; k < 2; k++)
        for (int i = 0; i <= PANELS; i++)
            at[2 * i + k] = lo[k] + (hi[k] - lo[k]) * i / PANELS;
    qsort(at, ENDS, sizeof *at, increasing);
}

/* The points `at` and, between two where p - q has different signs, its zero, into split
   (*n points): |p - q| has a kink there, which no node sees if it is next to an end. */
static int split_at_zeros(const pair *c, const double at[ENDS], double *split, int *n)
{
    *n = 0;
    for (int i = 0; i + 1 < ENDS; i++) {
        split[(*n)++] = at[i];
        double before = log_ratio(at[i], c), after = log_ratio(at[i + 1], c), zero;
        if (!(before < 0.0 && after > 0.0) && !(before > 0.0 && after < 0.0)) continue;
        CHECK(quad_root(log_ratio, c, at[i], at[i + 1], &zero));
        if (at[i] < zero && zero < at[i + 1]) split[(*n)++] = zero;
    }
    split[(*n)++] = at[ENDS - 1];
    return SC_OK;
}

/* Rounding of log(p/q) by e changes int p (l - 1 + e^{-l}) by e int p |1 - e^{-l}| = 2 e TV. The means
   are rounded too, in proportion to their distance from 0 in standard deviations of the narrower. */
int divergence_to_gauss(const reference *p, gauss q, enclosure *kl, enclosure *tv)
{
    double at[ENDS], split[2 * ENDS], kl_value, kl_error, tv_value, tv_error;
    int n;
    pair c = {p, q};
    panels(&c, at);
    CHECK(quad_adaptive_batch(kl_integrand, &c, ENDS, at, 1e-14, 1e-11, &kl_value,
                              &kl_error));
    CHECK(split_at_zeros(&c, at, split, &n));
    CHECK(quad_adaptive_batch(tv_integrand, &c, n, split, 1e-14, 1e-11, &tv_value,
                              &tv_error));
    double sd = fmin(p->m * target_smallest_sd(p->data) + sqrt(p->s2), sqrt(q.var));
    double far = fmax(0.5 * fabs(at[0] + at[ENDS - 1]), fabs(q.mean)) / sd;
    double rounding = ROUNDING * (1.0 + far);
    *kl = enclosure_about(kl_value, kl_error + 4.0 * rounding * (tv_value + rounding));
    *tv = enclosure_about(tv_value, tv_error + rounding);
    return SC_OK;
}
