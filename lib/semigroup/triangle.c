/* The semigroup on a function with kinks, by its Fourier series. */
#include "semigroup.h"

#include <math.h>

/* S f, S f' and S f'' at theta = pi gamma y, the derivatives in y. */
static void series(const semigroup_kernel *k, double theta, double value[3])
{
    const double sd = sqrt(k->s2), last = fmax(9.0 / (SC_PI * sd), 1.0);
    const double c2 = cos(2.0 * theta), s2 = sin(2.0 * theta);
    double c = cos(theta), s = sin(theta), sum[3] = {0.0, 0.0, 0.0};
    for (int n = 1; n <= last; n += 2) {
        const double keep = exp(-0.5 * n * n * SC_PI * SC_PI * k->s2), turned = c;
        sum[0] += keep * c / ((double)n * n);
        sum[1] += keep * s / n;
        sum[2] += keep * c;
        c = c * c2 - s * s2;
        s = s * c2 + turned * s2;
    }
    value[0] = 1.0 - 4.0 / (SC_PI * SC_PI) * sum[0];
    value[1] = 4.0 / SC_PI * k->gamma * sum[1];
    value[2] = 4.0 * k->gamma * k->gamma * sum[2];
}

void semigroup_triangle(const void *ctx, long n, const double *y, double *v, double *dv)
{
    const semigroup_kernel *k = ctx;
    REQUIRE(k->alpha == 1.0 && k->s2 > 0.0);
    for (long j = 0; j < n; j++) {
        double S[3];
        series(k, SC_PI * k->gamma * y[j], S);
        const double slope = S[1] / S[0];
        if (v) v[j] = slope;
        if (dv) dv[j] = S[2] / S[0] - slope * slope;
    }
}
