/* L^p norms under the law of X_t. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* What the errors e(x) of f add to the norm is at most (int e^p p_t)^{1/p}, and the integral at most
   pi w max{e^p p_t (1 + (x - c)^2/w^2)} for any centre c and width w. */
typedef struct {
    const noised *x;
    match_known *f;
    const void *ctx;
    double p, centre, width;
    double *worst; /* the maximum above, over the nodes */
} power;

static void power_density(const void *ctx, int n, const double *x, double *y)
{
    const power *q = ctx;
    double logp[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    target_score(q->x->data, q->x->m, q->x->s2, n, x, logp, NULL, NULL);
    for (int i = 0; i < n; i++) {
        double density = exp(logp[i]), reach = (x[i] - q->centre) / q->width;
        enclosure f;
        y[i] = 0.0;
        if (!(density > 0.0)) continue;
        y[i] = NAN; /* which the integral reports */
        if (q->f(q->ctx, x[i], &f) != SC_OK) continue;
        y[i] = density * pow(fabs(enclosure_mid(f)), q->p);
        double part = density * pow(enclosure_halfwidth(f), q->p);
        *q->worst = fmax(*q->worst, part * (1.0 + reach * reach));
    }
}

static double middle(double x, const void *ctx)
{
    const power *q = ctx;
    enclosure f;
    return q->f(q->ctx, x, &f) == SC_OK ? enclosure_mid(f) : (double)NAN;
}

/* Where |f|^p has a kink: appends the sign changes of f to the n points. */
static int append_roots(const power *q, double *points, int *n)
{
    double lo, hi;
    target_span(q->x->data, q->x->m, q->x->s2, 1e-12, &lo, &hi);
    double a = lo, at_a = middle(a, q);
    for (int i = 1; i < MATCH_EXTRA; i++) {
        double b = lo + (hi - lo) * i / (MATCH_EXTRA - 1), at_b = middle(b, q);
        if (at_a * at_b < 0.0) CHECK(quad_root(middle, q, a, b, &points[(*n)++]));
        a = b;
        at_a = at_b;
    }
    return SC_OK;
}

int match_norm(const noised *x, match_known *f, const void *ctx, double p,
               double accuracy, enclosure *norm)
{
    REQUIRE(x->s2 > 0.0 && p >= 1.0 && accuracy > 0.0);
    double lo, hi, *points, worst = 0.0, value, err;
    target_span(x->data, x->m, x->s2, 1e-3, &lo, &hi);
    power q = {x, f, ctx, p, 0.5 * (lo + hi), 0.5 * (hi - lo), &worst};
    int n = match_split_points(x, &points), status = SC_OK;
    if (fmod(p, 2.0) != 0.0) status = append_roots(&q, points, &n);
    base_sort(n, points);
    if (status == SC_OK)
        status = quad_adaptive_batch(power_density, &q, n, points, 0.0, accuracy,
                                     &value, &err);
    free(points);
    CHECK(status);
    double least = pow(fmax(0.0, value - err), 1.0 / p);
    double most = pow(value + err, 1.0 / p);
    double off = pow(SC_PI * q.width * worst, 1.0 / p) + 1e-15 * most;
    *norm = enclosure_of(fmax(0.0, least - off), most + off, 0.0);
    return SC_OK;
}
