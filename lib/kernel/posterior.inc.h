/* Responsibilities of Q equal components at c_q in R^D, coordinate k of c_q at c[k*stride + q], for one point y. Minimum and sum by
 * eight lanes and the rest in order: the same bits on every instruction set. */

enum { POSTERIOR_LANES = 8 };

static double posterior_least(long Q, const double *restrict d2)
{
    const long full = Q - Q % POSTERIOR_LANES;
    double lane[POSTERIOR_LANES], least = HUGE_VAL;
    for (int j = 0; j < POSTERIOR_LANES; j++) lane[j] = HUGE_VAL;
    for (long q = 0; q < full; q += POSTERIOR_LANES)
#pragma omp simd
        for (int j = 0; j < POSTERIOR_LANES; j++)
            lane[j] = d2[q + j] < lane[j] ? d2[q + j] : lane[j];
    for (int j = 0; j < POSTERIOR_LANES; j++) least = lane[j] < least ? lane[j] : least;
    for (long q = full; q < Q; q++) least = d2[q] < least ? d2[q] : least;
    return least;
}

static double posterior_total(long Q, const double *restrict K)
{
    const long full = Q - Q % POSTERIOR_LANES;
    double lane[POSTERIOR_LANES] = {0.0};
    for (long q = 0; q < full; q += POSTERIOR_LANES)
#pragma omp simd
        for (int j = 0; j < POSTERIOR_LANES; j++) lane[j] += K[q + j];
    double total = sum_of_eight(lane);
    for (long q = full; q < Q; q++) total += K[q];
    return total;
}

static double posterior(long Q, int D, const double *restrict c, long stride,
                        const double *restrict y, double scale, double *restrict rho,
                        double *restrict least)
{
    for (long q = 0; q < Q; q++) rho[q] = 0.0;
    for (int k = 0; k < D; k++) {
        const double *x = c + k * stride, at = y[k];
#pragma omp simd
        for (long q = 0; q < Q; q++) rho[q] += (at - x[q]) * (at - x[q]);
    }
    const double origin = *least = posterior_least(Q, rho);
#pragma omp simd
    for (long q = 0; q < Q; q++) rho[q] = simd_exp2(scale * (origin - rho[q]));
    const double total = posterior_total(Q, rho), share = 1.0 / total;
#pragma omp simd
    for (long q = 0; q < Q; q++) rho[q] *= share;
    return total;
}
