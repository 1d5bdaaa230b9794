/* Where the knots stand, and how smooth the function is. */
#include "interpolant.h"

#include <math.h>
#include <stdlib.h>

void interpolant_law(const void *ctx, long n, const double *x, double *v, double *dv)
{
    const reference *r = ctx;
    target_score(r->data, r->m, r->s2, n, x, NULL, v, dv);
    for (long j = 0; j < n && v; j++) v[j] += x[j];
    for (long j = 0; j < n && dv; j++) dv[j] += 1.0;
}

reference interpolant_at(const target *data, double t)
{
    return (reference){data, exp(-t), -expm1(-2.0 * t)};
}

void interpolant_uniform(const interpolant_task *p, int pieces, double *knot)
{
    REQUIRE(pieces >= 1 && p->lo < p->hi);
    for (int i = 0; i <= pieces; i++)
        knot[i] = p->lo + (p->hi - p->lo) * ((double)i / pieces);
}

/* v' at the nodes; the caller frees. */
static double *slopes(const interpolant_task *p)
{
    double *x = NEW_ARRAY(double, INTERPOLANT_NODES);
    double *dv = NEW_ARRAY(double, INTERPOLANT_NODES);
    interpolant_uniform(p, INTERPOLANT_NODES - 1, x);
    p->f(p->ctx, INTERPOLANT_NODES, x, NULL, dv);
    free(x);
    return dv;
}

void interpolant_adapted(const interpolant_task *p, int pieces, double *knot)
{
    const double cell = (p->hi - p->lo) / (INTERPOLANT_NODES - 1);
    double *s = slopes(p), before = s[0];
    s[0] = 0.0; /* int_lo^x_j sqrt|v''| */
    for (int j = 1; j < INTERPOLANT_NODES; j++) {
        const double rise = fabs(s[j] - before);
        before = s[j];
        s[j] = s[j - 1] + sqrt(rise * cell);
    }
    const double all = s[INTERPOLANT_NODES - 1];
    interpolant_uniform(p, pieces, knot);
    for (int i = 1, j = 1; i < pieces && all > 0.0; i++) {
        const double goal = all * ((double)i / pieces);
        while (s[j] < goal) j++;
        const double part = (goal - s[j - 1]) / (s[j] - s[j - 1]);
        knot[i] = p->lo + (j - 1 + part) * cell;
    }
    free(s);
}

double interpolant_curvature(const interpolant_task *p)
{
    const double cell = (p->hi - p->lo) / (INTERPOLANT_NODES - 1);
    double *s = slopes(p), largest = 0.0;
    for (int j = 1; j < INTERPOLANT_NODES; j++)
        largest = fmax(largest, fabs(s[j] - s[j - 1]) / cell);
    free(s);
    return largest;
}

bool interpolant_resolved(const interpolant_task *p)
{
    const reference *law = p->ctx;
    const double sd = target_smallest_sd(law->data), span = p->hi - p->lo;
    const double var = law->m * law->m * sd * sd + law->s2;
    return 10.0 * span / (INTERPOLANT_NODES - 1) <= var / span;
}
