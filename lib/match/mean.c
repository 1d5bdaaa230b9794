/* Expectations on the line: under N(0, 1) and under the law of X_t. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static int increasing(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Centres and scales of the features of p_t: its components, or ends and middle of the data's
   bulk, blurred by the noise. Returns their number; *centre is for the caller to free. */
static int features(const noised *x, double **centre, double **scale)
{
    const gmm *p = target_as_gmm(x->data);
    int k = p != NULL ? gmm_components(p) : 3;
    *centre = NEW_ARRAY(double, 2L * k);
    *scale = *centre + k;
    double lo, hi;
    target_span(x->data, 1.0, 0.0, 1e-3, &lo, &hi);
    for (int i = 0; i < k; i++) {
        match_component c = {1.0, lo + 0.5 * i * (hi - lo), 0.0};
        if (p != NULL) c = match_component_of(p, i);
        (*centre)[i] = x->m * c.mu;
        (*scale)[i] = sqrt(x->m * x->m * c.v + x->s2);
    }
    return k;
}

/* The features' centres +- 0, 2, 6, 12 scales, sorted, thinned to at most MOST, with infinite ends.
   Returns their number; *points is for the caller to free. */
static int split_points(const noised *x, double **points)
{
    enum { MOST = 1024 };
    static const double STEPS[] = {-12.0, -6.0, -2.0, 0.0, 2.0, 6.0, 12.0};
    double *centre, *scale;
    int k = features(x, &centre, &scale), n = LEN(STEPS) * k;
    double *p = NEW_ARRAY(double, n + 2L);
    for (int i = 0; i < n; i++)
        p[i] = centre[i / LEN(STEPS)] + STEPS[i % LEN(STEPS)] * scale[i / LEN(STEPS)];
    free(centre);
    qsort(p, (size_t)n, sizeof *p, increasing);
    int every = (n + MOST - 1) / MOST, kept = 0;
    for (int i = 0; i < n; i += every) p[kept++] = p[i];
    memmove(p + 1, p, (size_t)kept * sizeof *p);
    p[0] = -INFINITY;
    p[kept + 1] = INFINITY;
    *points = p;
    return kept + 2;
}

/* The largest distance from 0 of a feature, in its scales. */
static double remoteness(const noised *x)
{
    double *centre, *scale, far = 0.0;
    int k = features(x, &centre, &scale);
    for (int i = 0; i < k; i++) far = fmax(far, fabs(centre[i]) / scale[i]);
    free(centre);
    return far;
}

/* A node x is rounded by 1e-16 |x|: a shift by that part of a scale, times remoteness, where the
   quadrature's own bound has 1e-13 int|f|. */
int match_law_mean(const noised *x, quad_batch *f, const void *ctx, enclosure *mean)
{
    REQUIRE(x->s2 > 0.0);
    double *points, value, err;
    int n = split_points(x, &points);
    weighted w = {f, ctx, x};
    int status =
        quad_adaptive_batch(weigh, &w, n, points, 0.0, MATCH_EPSREL, &value, &err);
    free(points);
    CHECK(status);
    *mean = enclosure_about(value, err * (1.0 + 2e-3 * remoteness(x)));
    return SC_OK;
}
