/* The elementary functions of kernel/math.h over arrays. */

static void exp2_array(long n, const double *restrict x, double *restrict y)
{
#pragma omp simd
    for (long i = 0; i < n; i++) y[i] = simd_exp2(x[i]);
}

static void log_array(long n, const double *restrict x, double *restrict y)
{
#pragma omp simd
    for (long i = 0; i < n; i++) y[i] = simd_log(x[i]);
}

static void sincos2pi_array(long n, const double *restrict u, double *restrict s,
                            double *restrict c)
{
#pragma omp simd
    for (long i = 0; i < n; i++) simd_sincos2pi(u[i], &s[i], &c[i]);
}
