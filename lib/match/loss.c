/* The losses of samples. */
#include "internal.h"
#include "kernel.h"

#include <stdlib.h>

static double square(int d, const double *s)
{
    double sum = 0.0;
    for (int j = 0; j < d; j++) sum += s[j] * s[j];
    return sum;
}

void match_esm_loss(const field *s, const field *score, long n, int d, const double *xt,
                    double *loss)
{
    double *u = NEW_ARRAY(double, 2 * n * d), *value = u + n * d;
    score->eval(score->ctx, n, d, xt, d, u, d);
    s->eval(s->ctx, n, d, xt, d, value, d);
    kernel_best()->row_distances2(d, n, value, u, loss);
    free(u);
}

/* By blocks of rows that need no allocation unless d is large. */
void match_dsm_loss(const field *s, double m, double s2, long n, int d,
                    const double *x0, const double *xt, double *loss)
{
    REQUIRE(s2 > 0.0);
    enum { SMALL = 1024 };
    double buffer[SMALL];
    const long rows = d <= SMALL ? SMALL / d : 1;
    double *value = d <= SMALL ? buffer : NEW_ARRAY(double, d);
    for (long i = 0; i < n; i += rows) {
        const long here = n - i < rows ? n - i : rows, at = i * d;
        s->eval(s->ctx, here, d, xt + at, d, value, d);
        kernel_best()->denoising_losses(d, here, m, s2, x0 + at, xt + at, value,
                                        loss + i);
    }
    if (value != buffer) free(value);
}

double match_quadratic(int d, const double *A, const double *v)
{
    double sum = 0.0;
    if (v == NULL)
        for (int j = 0; j < d; j++) sum += A[j * d + j];
    else
        for (int j = 0; j < d; j++) {
            double row = 0.0;
            for (int k = 0; k < d; k++) row += A[j * d + k] * v[k];
            sum += v[j] * row;
        }
    return sum;
}

double match_sliced_trace(int d, const double *A, int m, const double *v)
{
    if (v == NULL) return 2.0 * match_quadratic(d, A, NULL);
    double sum = 0.0;
    for (long i = 0; i < m; i++) sum += match_quadratic(d, A, v + i * d);
    return 2.0 * sum / m;
}

void match_ssm_loss(const field *s, long n, int d, const double *xt, int m,
                    const double *v, double *loss)
{
    REQUIRE(s->jacobian != NULL && m >= 1);
    double *y = NEW_ARRAY(double, n *d), *J = NEW_ARRAY(double, (long)d *d);
    s->eval(s->ctx, n, d, xt, d, y, d);
    for (long i = 0; i < n; i++) {
        s->jacobian(s->ctx, d, xt + i * d, J, d);
        loss[i] = square(d, y + i * d) +
                  match_sliced_trace(d, J, m, v != NULL ? v + i * m * d : NULL);
    }
    free(J);
    free(y);
}

void match_ism_loss(const field *s, long n, int d, const double *xt, double *loss)
{
    match_ssm_loss(s, n, d, xt, 1, NULL, loss);
}
