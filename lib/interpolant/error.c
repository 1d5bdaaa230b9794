/* How far the network is from the function. */
#include "interpolant.h"

#include <math.h>
#include <stdlib.h>

enum { INSIDE = 7, MOST_INSIDE = 1024, HALVINGS = 16 };

/* The chord of a piece, and |v - chord|. */
typedef struct {
    const interpolant_task *p;
    double from, to, value, slope;
} chord;

static double off(const chord *c, double x)
{
    double v;
    c->p->f(c->p->ctx, 1, &x, &v, NULL);
    return fabs(v - c->value - c->slope * (x - c->from));
}

/* The maximum of |v - chord| between a and b, where v' = slope, by bisection; at b if there is no such place. */
static double peak(const chord *c, double a, double b)
{
    double end[2] = {a, b}, dv[2];
    c->p->f(c->p->ctx, 2, end, NULL, dv);
    if (!((dv[0] > c->slope) != (dv[1] > c->slope))) return off(c, b);
    const bool above = dv[0] > c->slope;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (a + b);
        double here;
        c->p->f(c->p->ctx, 1, &middle, NULL, &here);
        if ((here > c->slope) == above)
            a = middle;
        else
            b = middle;
    }
    return off(c, 0.5 * (a + b));
}

/* The largest error on a piece: at `count` points inside, then between the neighbours of the worst of them. */
static double worst_on(const chord *c, int count)
{
    double x[MOST_INSIDE] = {0.0}, v[MOST_INSIDE], worst = -1.0;
    const double cell = (c->to - c->from) / (count + 1);
    int at = 0;
    for (int j = 0; j < count; j++) x[j] = c->from + (j + 1) * cell;
    c->p->f(c->p->ctx, count, x, v, NULL);
    for (int j = 0; j < count; j++) {
        const double here = fabs(v[j] - c->value - c->slope * (x[j] - c->from));
        if (isnan(here)) return here;
        if (here > worst) at = j;
        worst = fmax(worst, here);
    }
    return fmax(worst, peak(c, x[at] - cell, x[at] + cell));
}

static double largest_error(const interpolant_task *p, const interpolant *g)
{
    const int pieces = g->pieces, share = 2 * MOST_INSIDE / pieces;
    const int count = share < INSIDE        ? INSIDE
                      : share > MOST_INSIDE ? MOST_INSIDE
                                            : share;
    const double *k = g->knot, *v = g->value;
    double *worst = NEW_ARRAY(double, pieces), largest = 0.0;
#pragma omp parallel for default(none) shared(p, k, v, pieces, count, worst)           \
    schedule(static)
    for (int i = 0; i < pieces; i++) {
        const double slope = (v[i + 1] - v[i]) / (k[i + 1] - k[i]);
        const chord c = {p, k[i], k[i + 1], v[i], slope};
        worst[i] = worst_on(&c, count);
    }
    for (int i = 0; i < pieces; i++)
        largest = worst[i] > largest || isnan(worst[i]) ? worst[i] : largest;
    free(worst);
    return largest;
}

/* Of v, and of the chord through v_i at x_i. */
static double rounding(const interpolant *g)
{
    double size = 0.0;
    for (int i = 0; i <= g->pieces; i++)
        size = fmax(size, fabs(g->knot[i]) + fabs(g->value[i]));
    return 1e-13 * size;
}

enclosure interpolant_error(const interpolant_task *p, interpolant_rule *rule,
                            int pieces)
{
    interpolant g = interpolant_on(p, rule, pieces);
    const double met = largest_error(p, &g);
    const enclosure error = enclosure_about(met, 1e-9 * met + rounding(&g));
    interpolant_free(&g);
    return error;
}

interpolant_ladder interpolant_widths(const interpolant_task *p, interpolant_rule *rule)
{
    interpolant_ladder l;
    for (int i = 0; i < INTERPOLANT_WIDTHS; i++) {
        l.W[i] = 16 << i;
        l.error[i] = interpolant_error(p, rule, l.W[i]);
        l.log_W[i] = log(l.W[i]);
        l.log_error[i] = enclosure_log(l.error[i]);
    }
    return l;
}

void interpolant_bounds(const interpolant_task *p, double bound[INTERPOLANT_WIDTHS])
{
    const double curvature = interpolant_curvature(p);
    for (int i = 0; i < INTERPOLANT_WIDTHS; i++) {
        interpolant g = interpolant_on(p, interpolant_uniform, 16 << i);
        const double h = (p->hi - p->lo) / g.pieces;
        bound[i] = h * h / 8.0 * curvature + 2.0 * rounding(&g);
        interpolant_free(&g);
    }
}

int interpolant_needed(const interpolant_task *p, interpolant_rule *rule, double eps,
                       int *pieces)
{
    const double most = 1 << 20;
    double few = 0.0, enough = (double)INFINITY, next = 16.0;
    while (enough - few > 1.0) {
        interpolant g = interpolant_on(p, rule, (int)next);
        const double error = largest_error(p, &g);
        interpolant_free(&g);
        if (isnan(error)) return SC_EDOMAIN;
        if (error <= eps)
            enough = next;
        else
            few = next;
        if (few >= most) return SC_ECONVERGENCE;
        next = ceil(next * sqrt(error / eps)); /* error ~ W^-2 */
        next = fmin(fmax(next, few + 1.0), fmin(enough - 1.0, most));
    }
    *pieces = (int)enough;
    return SC_OK;
}

int interpolant_two_atoms(double t, interpolant_rule *rule, double eps, int *pieces)
{
    target *two = target_atoms(2, (double[]){1.0, 1.0}, (double[]){-1.0, 1.0});
    const reference law = interpolant_at(two, t);
    const interpolant_task p = {interpolant_law, &law, -1.5, 1.5};
    const int status = interpolant_needed(&p, rule, eps, pieces);
    target_free(two);
    return status;
}
