/* One axis of the grid: the Gaussian kernel between its nodes and the points of a cloud. */
#include "internal.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>

/* The widest half-range, in sqrt(s2), that is interpolated, the most terms, and the fewest points for which it pays. */
static const double WIDEST = 2.0;
enum { TERMS = 64, FEWEST = 64 };

void sieve_factor(int n, const double *y, long Q, const double *c, double m, double s2,
                  double *A)
{
    const double scale = -HALF_LOG2E / s2;
    double *exponent = NEW_ARRAY(double, Q);
    for (int i = 0; i < n; i++) {
        const double at = y[i];
#pragma omp simd
        for (long q = 0; q < Q; q++)
            exponent[q] = scale * (at - m * c[q]) * (at - m * c[q]);
        kernel_best()->exp2(Q, exponent, A + i * Q);
    }
    free(exponent);
}

sieve_axis sieve_axis_of(int n, const double *y, double m, double s2, long Q)
{
    sieve_axis x = {.n = n, .y = y, .m = m, .s2 = s2, .Q = Q};
    const int rows = n > TERMS ? n : TERMS;
    x.T = NEW_ARRAY(double, rows *Q);
    x.Phi = NEW_ARRAY(double, 2L * n * TERMS);
    return x;
}

void sieve_axis_free(sieve_axis *x) { free(x->T), free(x->Phi); }

/* exp(-(y_i - v)^2/(2 s2)) = sum_k Phi_ik T_k((v - centre)/half) on |v - centre| <= half, by interpolation at K Chebyshev
   points. The coefficients fall like Bessel functions I_k(z), z = half max|y_i - centre|/s2: below 1e-15 of the largest
   kernel of row i after 12 + 1.7 z. */
static double terms_of(const sieve_axis *x, double centre, double half)
{
    const double far = fmax(fabs(x->y[0] - centre), fabs(x->y[x->n - 1] - centre));
    return 12.0 + 1.7 * half * far / x->s2;
}

static void interpolate(sieve_axis *x, double centre, double half)
{
    const int K = x->K = (int)terms_of(x, centre, half);
    double point[TERMS], cosine[TERMS * TERMS];
    for (int k = 0; k < K; k++) {
        const double angle = SC_PI * (k + 0.5) / K;
        point[k] = centre + half * cos(angle);
        for (int j = 0; j < K; j++)
            cosine[k * K + j] = (j == 0 ? 1.0 : 2.0) / K * cos(j * angle);
    }
    double *values = NEW_ARRAY(double, (long)x->n *K),
           *transposed = x->Phi + (long)x->n * K;
    sieve_factor(x->n, x->y, K, point, 1.0, x->s2, values);
    linalg_gemm(x->n, K, K, 1.0, values, K, cosine, K, 0.0, x->Phi, K);
    for (int i = 0; i < x->n; i++)
        for (int k = 0; k < K; k++) transposed[k * x->n + i] = x->Phi[i * K + k];
    free(values);
    x->centre = centre;
    x->half = half;
}

void sieve_axis_set(sieve_axis *x, const double *c)
{
    const long Q = x->Q;
    double lo = HUGE_VAL, hi = -HUGE_VAL;
    for (long q = 0; q < Q; q++) {
        lo = x->m * c[q] < lo ? x->m * c[q] : lo;
        hi = x->m * c[q] > hi ? x->m * c[q] : hi;
    }
    const double sd = sqrt(x->s2), half = fmax(0.5 * (hi - lo), 0.1 * sd);
    const double centre = 0.5 * (lo + hi);
    x->low =
        half <= WIDEST * sd && Q >= FEWEST && terms_of(x, centre, 1.1 * half) <= TERMS;
    if (!x->low) {
        x->K = x->n;
        x->half = 0.0;
        sieve_factor(x->n, x->y, Q, c, x->m, x->s2, x->T);
        return;
    }
    if (lo < x->centre - x->half || hi > x->centre + x->half || x->half > 1.3 * half)
        interpolate(x, centre, 1.1 * half);
    double *T = x->T;
    for (long q = 0; q < Q; q++) {
        T[q] = 1.0;
        T[Q + q] = (x->m * c[q] - x->centre) / x->half;
    }
    for (int k = 2; k < x->K; k++)
#pragma omp simd
        for (long q = 0; q < Q; q++)
            T[k * Q + q] = 2.0 * T[Q + q] * T[(k - 1) * Q + q] - T[(k - 2) * Q + q];
}

void sieve_axis_unit(sieve_axis *x)
{
    x->K = 1;
    x->low = false;
    for (long q = 0; q < x->Q; q++) x->T[q] = 1.0;
}
