/* KL and TV to a reference with edges or kinks: every cell of the grid is cut there, and each piece
 * integrated by Gauss-Legendre. Between nodes the law is exp of the polynomial of log q.
 */
#include "internal.h"
#include "mc.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

enum { NODES = 8 };

typedef struct {
    const pair *c;
    double node[NODES], weight[NODES]; /* on [0, 1] */
    double q[STENCIL];                 /* the cell: coefficients of log q */
    bool empty;                        /* the law vanishes at a node of the stencil */
    long j;
} cutter;

/* p, log p, q, log q at theta in cell j. */
typedef struct {
    double p, log_p, q, log_q;
} values;

static values at(const cutter *k, double theta)
{
    const reference *r = k->c->exact;
    double x = k->c->x0 + ((double)k->j + theta) * k->c->dx;
    values y = {.q = 0.0, .log_q = (double)-INFINITY};
    target_score(r->data, r->m, r->s2, 1, &x, &y.log_p, NULL, NULL);
    y.p = exp(y.log_p);
    if (k->empty) return y;
    y.log_q = spline_value(k->q, theta);
    y.q = exp(y.log_q);
    return y;
}

static double difference(const cutter *k, double theta)
{
    values y = at(k, theta);
    return y.p - y.q;
}

/* |int of p - q| over [a, b] of the cell. */
static double area(const cutter *k, double a, double b)
{
    double sum = 0.0;
    for (int i = 0; i < NODES; i++)
        sum += k->weight[i] * difference(k, a + (b - a) * k->node[i]);
    return fabs((b - a) * sum);
}

/* int |p - q| over the piece [a, b], split where its sign changes between the outermost nodes. */
static double absolute(const cutter *k, double a, double b)
{
    double lo = a + (b - a) * k->node[0], hi = a + (b - a) * k->node[NODES - 1];
    bool left = difference(k, lo) > 0.0;
    if (left == (difference(k, hi) > 0.0)) return area(k, a, b);
    for (int i = 0; i < 52; i++) {
        double mid = 0.5 * (lo + hi);
        if ((difference(k, mid) > 0.0) == left)
            lo = mid;
        else
            hi = mid;
    }
    return area(k, a, lo) + area(k, lo, b);
}

/* Adds the piece [a, b] of the cell to KL, reverse KL and 2 TV, in units of dx. */
static void add_piece(const cutter *k, double a, double b, double sum[3])
{
    for (int i = 0; i < NODES; i++) {
        values y = at(k, a + (b - a) * k->node[i]);
        double w = (b - a) * k->weight[i];
        sum[0] += w * divergence_kl_integrand(y.p, y.log_p, y.q, y.log_q);
        sum[1] += w * divergence_kl_integrand(y.q, y.log_q, y.p, y.log_p);
    }
    sum[2] += absolute(k, a, b);
}

void divergence_pair_broken(const pair *c, int n, const double *x, line_values *v)
{
    cutter k = {.c = c};
    spline s;
    spline_make(&s);
    quad_legendre(NODES, 0.0, 1.0, k.node, k.weight);
    double *log_q = NEW_ARRAY(double, 4 * c->n), *part = log_q + c->n;
    for (long j = 0; j < c->n; j++) log_q[j] = log(c->q[j]);
    for (long j = 0; j + 1 < c->n; j++) {
        double sum[3] = {0.0}, from = 0.0;
        k.j = j;
        spline_cell(&s, c->n, log_q, j, k.q);
        k.empty = !isfinite(spline_value(k.q, 0.5));
        for (int i = 0; i < n; i++) {
            double cut = (x[i] - c->x0) / c->dx - (double)j;
            if (!(cut > from && cut < 1.0)) continue;
            add_piece(&k, from, cut, sum);
            from = cut;
        }
        add_piece(&k, from, 1.0, sum);
        for (int i = 0; i < 3; i++) part[i * c->n + j] = sum[i];
    }
    v->kl = c->dx * mc_sum(c->n, part);
    v->kl_reverse = c->dx * mc_sum(c->n, part + c->n);
    v->tv = 0.5 * c->dx * mc_sum(c->n, part + 2 * c->n);
    free(log_q);
}
