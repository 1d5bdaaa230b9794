/* Piecewise polynomials of degree 7 on a uniform grid. */
#include "internal.h"

/* The Lagrange basis at the integer nodes -offset .. 7 - offset, expanded in powers of theta. */
static void lagrange(int offset, int node, double out[STENCIL])
{
    double c[STENCIL + 1] = {1.0};
    int degree = 0;
    for (int m = 0; m < STENCIL; m++) {
        if (m == node) continue;
        double root = m - offset, scale = 1.0 / (node - m);
        for (int k = ++degree; k >= 0; k--)
            c[k] = scale * ((k > 0 ? c[k - 1] : 0.0) - root * c[k]);
    }
    for (int k = 0; k < STENCIL; k++) out[k] = c[k];
}

void spline_make(spline *s)
{
    for (int offset = 0; offset < STENCIL - 1; offset++)
        for (int node = 0; node < STENCIL; node++) {
            double c[STENCIL];
            lagrange(offset, node, c);
            for (int k = 0; k < STENCIL; k++) s->coefficient[offset][k][node] = c[k];
        }
}

void spline_cell(const spline *s, long n, const double *f, long j, double c[STENCIL])
{
    long first = j - (STENCIL / 2 - 1);
    if (first < 0) first = 0;
    if (first > n - STENCIL) first = n - STENCIL;
    const double(*m)[STENCIL] = s->coefficient[j - first];
    for (int k = 0; k < STENCIL; k++) {
        c[k] = 0.0;
        for (int i = 0; i < STENCIL; i++) c[k] += m[k][i] * f[first + i];
    }
}

double spline_value(const double c[STENCIL], double theta)
{
    double y = 0.0;
    for (int k = STENCIL - 1; k >= 0; k--) y = y * theta + c[k];
    return y;
}

double spline_integral(const double c[STENCIL], double theta)
{
    double y = 0.0;
    for (int k = STENCIL - 1; k >= 0; k--) y = y * theta + c[k] / (k + 1);
    return y * theta;
}
