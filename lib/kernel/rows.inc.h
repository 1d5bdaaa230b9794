/* Elementwise steps on rows of points, and sums over their few coordinates, in order. */

static void combine(long n, double a, const double *x, double b, const double *y,
                    double c, const double *z, double *out)
{
    if (z == NULL) {
#pragma omp simd
        for (long i = 0; i < n; i++) out[i] = a * x[i] + b * y[i];
        return;
    }
#pragma omp simd
    for (long i = 0; i < n; i++) out[i] = a * x[i] + b * y[i] + c * z[i];
}

/* d a constant where this is inlined but for large d. */
INLINE void row_distances2_of(int d, long n, const double *restrict a,
                              const double *restrict b, double *restrict distance2)
{
#pragma omp simd
    for (long i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < d; j++)
            sum += (a[i * d + j] - b[i * d + j]) * (a[i * d + j] - b[i * d + j]);
        distance2[i] = sum;
    }
}

static void row_distances2(int d, long n, const double *restrict a,
                           const double *restrict b, double *restrict distance2)
{
    if (d == 1)
        row_distances2_of(1, n, a, b, distance2);
    else if (d == 2)
        row_distances2_of(2, n, a, b, distance2);
    else
        for (long i = 0; i < n; i++) {
            double sum = 0.0;
            for (long j = i * d; j < (i + 1) * d; j++)
                sum += (a[j] - b[j]) * (a[j] - b[j]);
            distance2[i] = sum;
        }
}

INLINE void denoising_losses_of(int d, long n, double m, double s2,
                                const double *restrict x0, const double *restrict xt,
                                const double *restrict s, double *restrict loss)
{
    const double prec = 1.0 / s2;
#pragma omp simd
    for (long i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < d; j++) {
            const long at = i * d + j;
            double gap = s[at] - prec * (m * x0[at] - xt[at]);
            sum += gap * gap;
        }
        loss[i] = sum;
    }
}

static void denoising_losses(int d, long n, double m, double s2, const double *x0,
                             const double *xt, const double *s, double *loss)
{
    if (d == 1)
        denoising_losses_of(1, n, m, s2, x0, xt, s, loss);
    else if (d == 2)
        denoising_losses_of(2, n, m, s2, x0, xt, s, loss);
    else
        denoising_losses_of(d, n, m, s2, x0, xt, s, loss);
}
