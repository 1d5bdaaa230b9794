/* W2 on the line: W2^2 = int_0^1 {Q_p(u) - Q_q(u)}^2 du, by quantiles of piecewise polynomial
 * distribution functions.
 *
 * Q is steep at u = 0, u = 1 and at the levels where a density has a valley: mass that is wrong by
 * dw on one side of a deep valley crosses it, on a u-interval of length dw. Panels of u are graded
 * geometrically towards each of these levels from both sides.
 */
#include "internal.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

enum { LEVELS = 60, NODES = 16 };

/* Distribution function of a density f on the grid: mass below and above each node, both sums of
   cells from their own end, so that either tail keeps its relative accuracy. Mass 1. */
typedef struct {
    const pair *grid;
    const spline *s;
    const double *node; /* Gauss-Legendre on [0, 1]: NODES nodes, NODES weights */
    double *f, *below, *above;
} distribution;

static distribution distribution_of(const pair *c, const spline *s, const double *node,
                                    const double *f)
{
    long n = c->n;
    double *buffer = NEW_ARRAY(double, 3 * n), *cell = NEW_ARRAY(double, n);
    distribution d = {c, s, node, buffer, buffer + n, buffer + 2 * n};
    for (long j = 0; j + 1 < n; j++) {
        double a[STENCIL];
        spline_cell(s, n, f, j, a);
        cell[j] = fmax(c->dx * spline_integral(a, 1.0), 0.0);
    }
    for (long j = 1; j < n; j++) d.below[j] = d.below[j - 1] + cell[j - 1];
    for (long j = n - 2; j >= 0; j--) d.above[j] = d.above[j + 1] + cell[j];
    double below = d.below[n - 1], above = d.above[0];
    for (long j = 0; j < n; j++) {
        d.f[j] = f[j] / below;
        d.below[j] /= below;
        d.above[j] /= above;
    }
    free(cell);
    return d;
}

/* The cell that holds level u (mass below), or v = 1 - u (mass above) if v < 1/2. */
static long cell_of(const distribution *d, double u, double v)
{
    long lo = 0, hi = d->grid->n - 1;
    while (hi - lo > 1) {
        long mid = (lo + hi) / 2;
        bool right = v < 0.5 ? d->above[mid] >= v : d->below[mid] <= u;
        if (right)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* Q(u) as a point of the line; u + v = 1, the smaller of them exact. Newton in the cell, kept in
   its bracket. */
static double quantile(const distribution *d, double u, double v)
{
    const pair *g = d->grid;
    long j = cell_of(d, u, v);
    double c[STENCIL];
    spline_cell(d->s, g->n, d->f, j, c);
    double whole = spline_integral(c, 1.0);
    double want =
        v < 0.5 ? whole - (v - d->above[j + 1]) / g->dx : (u - d->below[j]) / g->dx;
    double lo = 0.0, hi = 1.0, theta = whole > 0.0 ? want / whole : 0.5;
    if (!(theta >= 0.0 && theta <= 1.0)) theta = 0.5;
    for (int i = 0; i < 60 && hi - lo > 1e-15; i++) {
        double miss = spline_integral(c, theta) - want;
        if (miss > 0.0)
            hi = theta;
        else
            lo = theta;
        double next = theta - miss / spline_value(c, theta);
        if (!(next > lo && next < hi)) next = 0.5 * (lo + hi);
        double moved = fabs(next - theta);
        theta = next;
        if (moved < 1e-15) break;
    }
    if (!g->F) return g->x0 + ((double)j + theta) * g->dx;
    spline_cell(d->s, g->n, g->F, j, c);
    return spline_value(c, theta);
}

/* The same from the distribution function of an exact reference: bisection, with Newton's step where
   it stays in the bracket. */
static double exact_quantile(const pair *g, double u, double v)
{
    const reference *r = g->exact;
    double lo = g->x0, hi = g->x0 + (double)(g->n - 1) * g->dx, x = 0.5 * (lo + hi);
    for (int i = 0; i < 200 && hi - lo > 1e-16 * (fabs(lo) + fabs(hi)); i++) {
        double logp, miss = v < 0.5 ? v - target_survival(r->data, r->m, r->s2, x)
                                    : target_cdf(r->data, r->m, r->s2, x) - u;
        target_score(r->data, r->m, r->s2, 1, &x, &logp, NULL, NULL);
        if (miss > 0.0)
            hi = x;
        else
            lo = x;
        double next = x - miss * exp(-logp);
        if (!(next > lo && next < hi)) next = 0.5 * (lo + hi);
        double moved = fabs(next - x);
        x = next;
        if (moved <= 1e-16 * fabs(x)) break;
    }
    return x;
}

/* Levels of the valleys: local minima that lie below 0.999 of the maxima on both sides, the
   maxima above 1e-25 of the highest. Returns their number. */
static long valleys(const distribution *d, double *level)
{
    long n = d->grid->n, found = 0, lowest = 0;
    double top = 0.0, peak = 0.0, bottom = 0.0;
    for (long j = 0; j < n; j++) top = fmax(top, d->f[j]);
    bool falling = false;
    for (long j = 0; j < n; j++) {
        double f = d->f[j];
        if (!falling) {
            peak = fmax(peak, f);
            falling = peak > 1e-25 * top && f < 0.999 * peak;
            bottom = f;
            lowest = j;
        } else if (f < bottom) {
            bottom = f;
            lowest = j;
        } else if (f > bottom / 0.999 && f > 1e-25 * top) {
            level[found++] = d->below[lowest];
            falling = false;
            peak = f;
        }
    }
    return found;
}

/* int over the panel of u at distances [a, b] from `level`: above it for side = 1, below it for
   side = -1. */
static double panel(const distribution *p, const distribution *q, double level,
                    int side, double a, double b)
{
    const double *x = p->node, *w = p->node + NODES;
    double sum = 0.0;
    for (int i = 0; i < NODES; i++) {
        double delta = side * (a + (b - a) * x[i]);
        double u = level + delta, v = (1.0 - level) - delta;
        double known =
            p->grid->exact ? exact_quantile(p->grid, u, v) : quantile(p, u, v);
        double gap = known - quantile(q, u, v);
        sum += w[i] * gap * gap;
    }
    return (b - a) * sum;
}

/* Levels of the points where the reference is not smooth. */
static int break_levels(const reference *r, double *level)
{
    double x[TARGET_BREAKS];
    int n = target_breaks(r->data, r->m, r->s2, x);
    for (int i = 0; i < n; i++) level[i] = target_cdf(r->data, r->m, r->s2, x[i]);
    return n;
}

static double position(const pair *c, long j)
{
    return c->F ? c->F[j] : c->x0 + (double)j * c->dx;
}

/* Rounding moves mass e = 1e-15 min(F, 1 - F) past the point x, at a cost of at most
   e dx times the distance it travels: e/f(x), or the whole support if f vanishes there. The tails
   beyond the grids, 1e-18 of mass, are misplaced by less than the support. */
static double rounding(const distribution *d)
{
    const pair *c = d->grid;
    double support = position(c, c->n - 1) - position(c, 0);
    double sum = 1e-18 * support * support;
    for (long j = 0; j + 1 < c->n; j++) {
        double dx = position(c, j + 1) - position(c, j);
        double e = 1e-15 * fmin(d->below[j], d->above[j]);
        double mass = d->f[j] * c->dx; /* of the cell */
        sum += e * dx * (e * dx < mass * support ? e * dx / mass : support);
    }
    return sum;
}

void divergence_pair_w2(const pair *c, line_values *v)
{
    spline s;
    double node[2 * NODES];
    spline_make(&s);
    quad_legendre(NODES, 0.0, 1.0, node, node + NODES);
    distribution p = distribution_of(c, &s, node, c->p);
    distribution q = distribution_of(c, &s, node, c->q);
    double *level = NEW_ARRAY(double, 2 * c->n + 2 + TARGET_BREAKS);
    long m = 1; /* level[0] = 0 */
    if (c->exact)
        m += break_levels(c->exact, level + m);
    else
        m += valleys(&p, level + m);
    m += valleys(&q, level + m);
    base_sort(m, level);
    level[m] = 1.0;
    double sum = 0.0;
    for (long i = 0; i < m; i++) {
        double half = 0.5 * (level[i + 1] - level[i]);
        for (int k = LEVELS; k >= 1; k--) {
            double b = ldexp(half, 1 - k), a = k == LEVELS ? 0.0 : 0.5 * b;
            if (!(b > 0.0)) continue;
            sum += panel(&p, &q, level[i], 1, a, b);
            sum += panel(&p, &q, level[i + 1], -1, a, b);
        }
    }
    v->w2 = sqrt(sum);
    v->w2_rounding = rounding(&p) + rounding(&q);
    free(level);
    free(p.f);
    free(q.f);
}
