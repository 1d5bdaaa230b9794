/* The Cauchy law with median a and scale b: convolved, the Voigt profile. With gamma = m b,
 * y = x - m a, zeta = (|y| + i gamma)/(sigma sqrt 2) and w the Faddeeva function,
 *
 *     p = Re w(zeta)/(sigma sqrt(2 pi)),   w' = 2i/sqrt(pi) - 2 zeta w,   w'' = -2w - 2 zeta w'.
 */
#include "family.h"

#include <math.h>

#define J ((double complex)I) /* I is a float */

/* w' and w''; for large |z| the recurrences cancel, and the continued fraction is differentiated
   through its tail: w = i/(sqrt(pi) K_0), K_k = z - (k+1)/(2 K_{k+1}). */
static void faddeeva_jet(double complex z, double complex *w, double complex *w1,
                         double complex *w2)
{
    if (cabs(z) <= 8.0) {
        *w = target_faddeeva(z);
        *w1 = 2.0 * J / sqrt(SC_PI) - 2.0 * z * *w;
        *w2 = -2.0 * *w - 2.0 * z * *w1;
        return;
    }
    double complex K = z, K1 = 1.0, K2 = 0.0;
    for (int k = 24; k >= 1; k--) {
        double c = 0.5 * k;
        double complex r = 1.0 / K, r1 = -K1 * r * r,
                       r2 = 2.0 * K1 * K1 * r * r * r - K2 * r * r;
        K = z - c * r;
        K1 = 1.0 - c * r1;
        K2 = -c * r2;
    }
    double complex r = 1.0 / K, unit = J / sqrt(SC_PI);
    *w = unit * r;
    *w1 = -unit * K1 * r * r;
    *w2 = unit * (2.0 * K1 * K1 * r * r * r - K2 * r * r);
}

static jet cauchy_point(const target *p, double m, double s2, double x)
{
    double gamma = m * p->b, y = x - m * p->a;
    if (s2 == 0.0) {
        double q = y * y + gamma * gamma;
        return (jet){log(gamma / (SC_PI * q)), -2.0 * y / q,
                     2.0 * (y * y - gamma * gamma) / (q * q)};
    }
    double unit = sqrt(2.0 * s2);
    double complex w, w1, w2;
    faddeeva_jet((fabs(y) + J * gamma) / unit, &w, &w1, &w2);
    double s = creal(w1) / (creal(w) * unit);
    return (jet){log(creal(w)) - 0.5 * log(2.0 * SC_PI * s2), y < 0.0 ? -s : s,
                 creal(w2) / (creal(w) * unit * unit) - s * s};
}

/* F = E atan2(gamma, sigma Z - y)/pi, a positive sum by the trapezoid rule, which is exponentially
   accurate in the strip |Im Z| < gamma/sigma where the integrand is analytic. */
static double cauchy_cdf(const target *p, double m, double s2, double x)
{
    double gamma = m * p->b, y = x - m * p->a, sigma = sqrt(s2);
    if (s2 == 0.0) return atan2(gamma, -y) / SC_PI;
    double dz = fmin(0.25, 2.0 * SC_PI * gamma / (38.0 * sigma)), sum = 0.0;
    long reach = (long)ceil(9.0 / dz);
    for (long k = -reach; k <= reach; k++) {
        double z = (double)k * dz;
        sum += target_phi(z) * atan2(gamma, sigma * z - y);
    }
    return dz * sum / SC_PI;
}

static void cauchy_core(const target *p, double tail, double *lo, double *hi)
{
    double reach = p->b / tan(SC_PI * tail);
    *lo = p->a - reach;
    *hi = p->a + reach;
}

static void cauchy_sample(const target *p, rng_key key, uint64_t first, long n,
                          double *x)
{
    rng_uniform_rows(key, first, 0, 0, n, 1, x, 1);
    for (long i = 0; i < n; i++) x[i] = p->a + p->b * tan(SC_PI * (x[i] - 0.5));
}

const family TARGET_CAUCHY = {.name = "cauchy",
                              .point = cauchy_point,
                              .cdf = cauchy_cdf,
                              .core = cauchy_core,
                              .sample = cauchy_sample};

target *target_cauchy(double median, double scale)
{
    REQUIRE(scale > 0.0);
    target *p = target_of_family(&TARGET_CAUCHY, (double)NAN, (double)INFINITY, scale);
    p->a = median;
    p->b = scale;
    p->centre = median;
    return p;
}
