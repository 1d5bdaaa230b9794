/* Moments of a column, by eight lanes that are combined in a fixed order: the same bits on every instruction set. */

enum { MOMENT_LANES = 8 };

/* n <= MOMENT_LANES numbers, each to its lane. */
INLINE void moment_sums(long n, const double *restrict y, long stride,
                        double *restrict sum)
{
#pragma omp simd
    for (long l = 0; l < n; l++) sum[l] += y[l * stride];
}

INLINE void moment_powers(long n, const double *restrict y, long stride, double mean,
                          double *restrict square, double *restrict cube)
{
#pragma omp simd
    for (long l = 0; l < n; l++) {
        double gap = y[l * stride] - mean;
        square[l] += gap * gap;
        cube[l] += gap * gap * gap;
    }
}

static void moments(long n, const double *restrict y, long stride,
                    double *restrict moment)
{
    double sum[MOMENT_LANES] = {0.0}, square[MOMENT_LANES] = {0.0},
           cube[MOMENT_LANES] = {0.0};
    const long rest = n % MOMENT_LANES, whole = n - rest;
    for (long i = 0; i < whole; i += MOMENT_LANES)
        moment_sums(MOMENT_LANES, y + i * stride, stride, sum);
    moment_sums(rest, y + whole * stride, stride, sum);
    const double mean = sum_of_eight(sum) / (double)n;
    for (long i = 0; i < whole; i += MOMENT_LANES)
        moment_powers(MOMENT_LANES, y + i * stride, stride, mean, square, cube);
    moment_powers(rest, y + whole * stride, stride, mean, square, cube);
    moment[0] = mean;
    moment[1] = sum_of_eight(square);
    moment[2] = sum_of_eight(cube);
}
