/* The gradient of log p by the complex step. */
#include "internal.h"
#include "kernel.h"

#include <math.h>

#define STEP 1e-30

/* Real part of sum_q w_q exp(E_q), E_q = -|y + i h e_k - m c_q|^2/(2 s2), and, per h, its imaginary part for each k, both
   times e^{least/(2 s2)}. For h = 1e-30, Re E_q is that of h = 0 and e^{ih x} = 1 + ih x, exactly in double. */
static double complex_sum(const cloud_law *l, const double *y, double least,
                          double imaginary[GENERATOR_D])
{
    const cloud *c = l->of;
    double real = 0.0, d2[CLOUD_BLOCK], K[CLOUD_BLOCK];
    for (int k = 0; k < c->D; k++) imaginary[k] = 0.0;
    for (long b = 0; b < c->blocks; b++) {
        (void)cloud_block_distance2(l, b, y, d2);
        const double log2e = 1.44269504088896340736;
        for (int i = 0; i < CLOUD_BLOCK; i++)
            d2[i] = -0.5 * log2e * (d2[i] - least) / l->s2;
        kernel_best()->exp2(CLOUD_BLOCK, d2, K);
        for (int i = 0; i < CLOUD_BLOCK; i++) real += K[i] *= c->w[b * CLOUD_BLOCK + i];
        for (long k = 0; k < c->D; k++) {
            const double *x = c->c + k * c->padded + b * CLOUD_BLOCK;
            double sum = 0.0;
            for (int i = 0; i < CLOUD_BLOCK; i++) {
                const double re = y[k] - l->m * x[i], im = STEP; /* of y + ih - m c */
                const double exponent = -(2.0 * re * im) / (2.0 * l->s2);
                sum += K[i] * exponent;
            }
            imaginary[k] += sum;
        }
    }
    return real;
}

void cloud_complex_step(const cloud_law *l, long n, const double *y, int ldy,
                        double *grad)
{
    const int D = l->of->D;
    REQUIRE(n >= 0 && ldy >= D && l->s2 > 0.0);
#pragma omp parallel for schedule(dynamic, 4) default(none)                            \
    shared(l, n, y, ldy, grad, D)
    for (long i = 0; i < n; i++) {
        double least = HUGE_VAL, d2[CLOUD_BLOCK], imaginary[GENERATOR_D];
        for (long b = 0; b < l->of->blocks; b++)
            least = fmin(least, cloud_block_distance2(l, b, y + i * ldy, d2));
        const double real = complex_sum(l, y + i * ldy, least, imaginary);
        for (int k = 0; k < D; k++) grad[i * D + k] = atan2(imaginary[k], real) / STEP;
    }
}
