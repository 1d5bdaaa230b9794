/* Piecewise Taylor polynomials of a generator. */
#include "manifold.h"

#include <math.h>

/* sum_{i <= degree} a sin^(i)(x) h^i/i!, sin^(i)(x) = sin(x + i pi/2) */
static double wave_polynomial(const generator_wave *w, int degree, double x, double h)
{
    const double cycle[4] = {sin(x), cos(x), -sin(x), -cos(x)};
    double power = w->a, sum = 0.0;
    for (int i = 0; i <= degree; i++) {
        sum += power * cycle[i % 4];
        power *= h / (i + 1);
    }
    return sum;
}

/* Terms of degree 0, 1, 2 at `corner` + h of the polynomial part of row r. */
static void polynomial_terms(const generator *g, int r, const double corner[2],
                             const double h[2], double term[3])
{
    const double *b = g->slope[r], *s = g->square[r], *c = corner;
    term[0] = g->constant[r] + b[0] * c[0] + b[1] * c[1] + s[0] * c[0] * c[0] +
              s[1] * c[0] * c[1] + s[2] * c[1] * c[1];
    term[1] = (b[0] + 2.0 * s[0] * c[0] + s[1] * c[1]) * h[0] +
              (b[1] + s[1] * c[0] + 2.0 * s[2] * c[1]) * h[1];
    term[2] = s[0] * h[0] * h[0] + s[1] * h[0] * h[1] + s[2] * h[1] * h[1];
}

void generator_taylor(const generator *g, int degree, int N, long n, const double *u,
                      double *x)
{
    REQUIRE(degree >= 0 && N >= 1 && n >= 0);
    for (long i = 0; i < n; i++) {
        double corner[2] = {0.0, 0.0}, h[2] = {0.0, 0.0}, *value = x + i * g->D;
        for (int j = 0; j < g->d; j++) {
            const double at = u[i * g->d + j];
            corner[j] = fmax(1.0, ceil(at * N)) / N;
            h[j] = at - corner[j];
        }
        for (int r = 0; r < g->D; r++) {
            double term[3];
            polynomial_terms(g, r, corner, h, term);
            value[r] = 0.0;
            for (int k = 0; k <= degree && k < 3; k++) value[r] += term[k];
        }
        for (int k = 0; k < g->waves; k++) {
            const generator_wave *w = &g->wave[k];
            const double at = w->k[0] * corner[0] + w->k[1] * corner[1] + w->phase;
            value[w->row] +=
                wave_polynomial(w, degree, at, w->k[0] * h[0] + w->k[1] * h[1]);
        }
    }
}
