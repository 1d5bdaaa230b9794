/* A block of KERNEL_BLOCK weighted points c_i in R^D, coordinate k of point i at c[k*stride + i]. Sums by eight lanes,
 * combined in a fixed order: the same bits on every instruction set. */

enum { BLOCK_LANES = 8 };

static double block_distance2(int D, const double *restrict c, long stride,
                              const double *restrict y, double m, double *restrict d2)
{
    double least[BLOCK_LANES];
    for (int i = 0; i < KERNEL_BLOCK; i++) d2[i] = 0.0;
    for (int k = 0; k < D; k++) {
        const double *x = c + k * stride, at = y[k];
#pragma omp simd
        for (int i = 0; i < KERNEL_BLOCK; i++)
            d2[i] += (at - m * x[i]) * (at - m * x[i]);
    }
    for (int j = 0; j < BLOCK_LANES; j++) least[j] = d2[j];
    for (int i = BLOCK_LANES; i < KERNEL_BLOCK; i += BLOCK_LANES)
#pragma omp simd
        for (int j = 0; j < BLOCK_LANES; j++)
            least[j] = d2[i + j] < least[j] ? d2[i + j] : least[j];
    for (int j = 1; j < BLOCK_LANES; j++)
        if (least[j] < least[0]) least[0] = least[j];
    return least[0];
}

static double block_dot(const double *restrict a, const double *restrict b)
{
    double lane[BLOCK_LANES] = {0.0};
    for (int i = 0; i < KERNEL_BLOCK; i += BLOCK_LANES)
#pragma omp simd
        for (int j = 0; j < BLOCK_LANES; j++) lane[j] += a[i + j] * b[i + j];
    return sum_of_eight(lane);
}

static void block_sums(int D, const double *restrict c, long stride,
                       const double *restrict w, double scale, double origin,
                       const double *restrict d2, double *restrict sum)
{
    double K[KERNEL_BLOCK], ones[KERNEL_BLOCK];
#pragma omp simd
    for (int i = 0; i < KERNEL_BLOCK; i++) {
        K[i] = w[i] * simd_exp2(scale * (origin - d2[i]));
        ones[i] = 1.0;
    }
    sum[0] += block_dot(K, ones);
    for (int k = 0; k < D; k++) sum[1 + k] += block_dot(K, c + k * stride);
}
