/* What training a perceptron does to whole arrays. Elementwise, or sums in the order of the points: the same bits on
 * every instruction set. A NaN stays one. */

static void relu(long n, double *restrict x)
{
#pragma omp simd
    for (long i = 0; i < n; i++) x[i] = x[i] < 0.0 ? 0.0 : x[i];
}

static void relu_back(long n, const double *restrict value, double *restrict e)
{
#pragma omp simd
    for (long i = 0; i < n; i++) e[i] = value[i] == 0.0 ? 0.0 : e[i];
}

static void column_sums(long n, long columns, const double *restrict x,
                        double *restrict sum)
{
    for (long j = 0; j < columns; j++) sum[j] = 0.0;
    for (long i = 0; i < n; i++)
#pragma omp simd
        for (long j = 0; j < columns; j++) sum[j] += x[i * columns + j];
}

static void adam_update(const kernel_adam *a, long n, const double *restrict g,
                        double *restrict m, double *restrict v, double *restrict w)
{
    const double rate = a->rate, mean = a->mean, square = a->square;
#pragma omp simd
    for (long i = 0; i < n; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        w[i] -= rate * (mean * m[i]) / (sqrt(square * v[i]) + 1e-8);
    }
}
