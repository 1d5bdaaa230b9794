/* The network: its knots and values, its output weights, and its evaluation piece by piece. */
#include "interpolant.h"

#include <math.h>
#include <stdlib.h>

interpolant interpolant_on(const interpolant_task *p, interpolant_rule *rule,
                           int pieces)
{
    double *knot = NEW_ARRAY(double, 2L * (pieces + 1)), *value = knot + pieces + 1;
    rule(p, pieces, knot);
    p->f(p->ctx, pieces + 1, knot, value, NULL);
    return (interpolant){pieces, knot, value, knot};
}

void interpolant_free(interpolant *g)
{
    free(g->owned);
    *g = (interpolant){0};
}

/* The chord of piece i at x. */
static double on_chord(const interpolant *g, int i, double x)
{
    const double *k = g->knot, *v = g->value;
    return v[i] + (v[i + 1] - v[i]) * ((x - k[i]) / (k[i + 1] - k[i]));
}

/* The piece i with k_i <= x < k_{i+1}, for x inside. */
static int piece_of(const interpolant *g, double x)
{
    int below = 0, above = g->pieces;
    while (above - below > 1) {
        int middle = (below + above) / 2;
        if (x < g->knot[middle])
            above = middle;
        else
            below = middle;
    }
    return below;
}

void interpolant_eval(const interpolant *g, long n, const double *x, double *y)
{
    const double first = g->knot[0], last = g->knot[g->pieces];
    for (long j = 0; j < n; j++) {
        const double at = fmin(fmax(x[j], first), last);
        y[j] = on_chord(g, piece_of(g, at), at);
    }
}

void interpolant_weights(const interpolant *g, double *a)
{
    double before = 0.0;
    for (int i = 0; i <= g->pieces; i++) {
        double slope = 0.0;
        if (i < g->pieces)
            slope = (g->value[i + 1] - g->value[i]) / (g->knot[i + 1] - g->knot[i]);
        a[i] = slope - before;
        before = slope;
    }
}
