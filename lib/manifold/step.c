/* The gradient of log p by the complex step. */
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <stdlib.h>

#define STEP 1e-30

/* Adds the points of block b to sum_q w_q exp(E_q), E_q = -|y + i h e_k - m c_q|^2/(2 s2): the real part, which is that of
   h = 0, and the imaginary part for each k, both times e^{least/(2 s2)}. In double, e^{ix} = 1 + ix for |x| < 1e-20. */
static void add_block(const cloud_law *l, long b, const double *y, double least,
                      double *real, double *imaginary)
{
    const double log2e = 1.44269504088896340736;
    const cloud *c = l->of;
    double d2[CLOUD_BLOCK], K[CLOUD_BLOCK];
    (void)cloud_block_distance2(l, b, y, d2);
    for (int i = 0; i < CLOUD_BLOCK; i++) d2[i] = 0.5 * log2e * (least - d2[i]) / l->s2;
    kernel_best()->exp2(CLOUD_BLOCK, d2, K);
    for (int i = 0; i < CLOUD_BLOCK; i++) *real += K[i] *= c->w[b * CLOUD_BLOCK + i];
    for (long k = 0; k < c->D; k++) {
        const double *x = c->c + k * c->padded + b * CLOUD_BLOCK;
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < CLOUD_BLOCK; i++) {
            const double re = y[k] - l->m * x[i], im = STEP; /* of y + ih - m c */
            sum += K[i] * (2.0 * re * im);
        }
        imaginary[k] -= sum / (2.0 * l->s2);
    }
}

static void gradient(const cloud_law *l, const double *y, double *gap, double *grad)
{
    const double reach = CLOUD_REACH * l->s2;
    double real = 0.0, imaginary[GENERATOR_D] = {0.0}, d2[CLOUD_BLOCK];
    double least = cloud_block_distance2(l, cloud_nearest_block(l, y, gap), y, d2);
    for (long b = 0; b < l->of->blocks; b++)
        if (gap[b] * gap[b] < least)
            least = fmin(least, cloud_block_distance2(l, b, y, d2));
    for (long b = 0; b < l->of->blocks; b++)
        if (gap[b] * gap[b] - least <= reach)
            add_block(l, b, y, least, &real, imaginary);
    for (int k = 0; k < l->of->D; k++) grad[k] = atan2(imaginary[k], real) / STEP;
}

void cloud_complex_step(const cloud_law *l, long n, const double *y, int ldy,
                        double *grad)
{
    REQUIRE(n >= 0 && ldy >= l->of->D && l->s2 > 0.0);
#pragma omp parallel default(none) shared(l, n, y, ldy, grad)
    {
        double *gap = NEW_ARRAY(double, l->of->blocks);
#pragma omp for schedule(dynamic, 4)
        for (long i = 0; i < n; i++) gradient(l, y + i * ldy, gap, grad + i * l->of->D);
        free(gap);
    }
}
