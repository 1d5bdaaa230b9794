/* The network: evaluated piece by piece, and as the sum of its units. */
#include "interpolant.h"

#include <math.h>

/* The chord of piece i at x. */
static double chord(const interpolant *g, int i, double x)
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
        y[j] = chord(g, piece_of(g, at), at);
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

void interpolant_units(const interpolant *g, const double *a, long n, const double *x,
                       double *y)
{
    for (long j = 0; j < n; j++) {
        y[j] = g->value[0];
        for (int i = 0; i <= g->pieces; i++)
            y[j] += a[i] * fmax(x[j] - g->knot[i], 0.0);
    }
}
