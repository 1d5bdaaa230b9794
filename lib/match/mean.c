/* Expectations on the line: under N(0, 1) and under the law of X_t. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

match_component match_component_of(const gmm *p, int i)
{
    match_component c = {gmm_weight(p, i), gmm_mean_of(p, i)[0], 0.0};
    gmm_cov_of(p, i, &c.v, 1);
    return c;
}

typedef struct {
    quad_batch *f;
    const void *ctx;
    const noised *x; /* NULL: N(0, 1) */
} weighted;

/* f(x) p(x); 0 where p underflows, whatever f is there. */
static void weigh(const void *ctx, int n, const double *x, double *y)
{
    const weighted *w = ctx;
    double logp[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    if (w->x != NULL)
        target_score(w->x->data, w->x->m, w->x->s2, n, x, logp, NULL, NULL);
    else
        for (int i = 0; i < n; i++)
            logp[i] = -0.5 * x[i] * x[i] - 0.5 * log(2.0 * SC_PI);
    w->f(w->ctx, n, x, y);
    for (int i = 0; i < n; i++) {
        double p = exp(logp[i]);
        y[i] = p > 0.0 ? p * y[i] : 0.0;
    }
}

int match_normal_mean(quad_batch *f, const void *ctx, double *value, double *err)
{
    static const double POINTS[] = {-13.0, -7.0, -2.5, 0.0, 2.5, 7.0, 13.0};
    weighted w = {f, ctx, NULL};
    return quad_adaptive_batch(weigh, &w, LEN(POINTS), POINTS, 0.0, MATCH_EPSREL, value,
                               err);
}

int match_split_points(const noised *x, double **points)
{
    enum { MOST = 1024 };
    double *p = NEW_ARRAY(double, MOST + 2L + MATCH_EXTRA);
    int n = target_splits(x->data, x->m, x->s2, MOST, p + 1);
    p[0] = -INFINITY;
    p[n + 1] = INFINITY;
    *points = p;
    return n + 2;
}

/* A node x is rounded by 1e-16 |x|: a shift by that part of a scale, times remoteness, where the
   quadrature's own bound has 1e-13 int|f|. */
int match_law_mean(const noised *x, quad_batch *f, const void *ctx, enclosure *mean)
{
    REQUIRE(x->s2 > 0.0);
    double *points, value, err;
    int n = match_split_points(x, &points);
    weighted w = {f, ctx, x};
    /* I(p_t) <= 1/s2: below this the square of a difference of scores is rounding alone */
    const double epsabs = 1e-28 / x->s2;
    int status =
        quad_adaptive_batch(weigh, &w, n, points, epsabs, MATCH_EPSREL, &value, &err);
    free(points);
    CHECK(status);
    *mean = enclosure_about(
        value, err * (1.0 + 2e-3 * target_remoteness(x->data, x->m, x->s2)));
    return SC_OK;
}
