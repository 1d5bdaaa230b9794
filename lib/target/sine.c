/* N(0, 1)(x) {1 + a sin kx}, |a| < 1. Given m X_0 + sqrt(s2) Z = x, under N(0, 1), X_0 is normal with
 * mean m x/V and variance s2/V, V = m^2 + s2; hence the law of m X_0 + sqrt(s2) Z is
 *
 *     N(0, V)(x) {1 + A sin(k m x/V)},   A = a exp(-k^2 s2/(2V)).
 */
#include "family.h"

#include <math.h>

#define J ((double complex)I) /* I is a float */

/* The law of m X_0 + sqrt(s2) Z. */
typedef struct {
    double V, A, k;
} wave;

static wave wave_of(const target *p, double m, double s2)
{
    double V = m * m + s2;
    REQUIRE(V > 0.0);
    return (wave){V, p->a * exp(-0.5 * p->b * p->b * s2 / V), p->b * m / V};
}

static jet sine_point(const target *p, double m, double s2, double x)
{
    wave w = wave_of(p, m, s2);
    double sine = sin(w.k * x), f = 1.0 + w.A * sine;
    return (jet){-0.5 * (x * x / w.V + log(2.0 * SC_PI * w.V)) + log1p(w.A * sine),
                 -x / w.V + w.A * w.k * cos(w.k * x) / f,
                 -1.0 / w.V - w.A * w.k * w.k * (sine + w.A) / (f * f)};
}

/* int_{-inf}^x phi(u) sin(omega u) du, an even function of x: for x = -y <= 0 the imaginary part of
   exp(-omega^2/2) erfc((y + i omega)/sqrt 2)/2. */
static double sine_below(double omega, double x)
{
    double y = fabs(x);
    double complex w = target_faddeeva(SQRT_HALF * (omega + J * y));
    return -0.5 * exp(-0.5 * y * y) * cimag(cexp(J * omega * y) * w);
}

static double sine_cdf(const target *p, double m, double s2, double x)
{
    wave w = wave_of(p, m, s2);
    double u = x / sqrt(w.V);
    return target_phi_cdf(u) + w.A * sine_below(w.k * sqrt(w.V), u);
}

static double sine_survival(const target *p, double m, double s2, double x)
{
    wave w = wave_of(p, m, s2);
    double u = x / sqrt(w.V);
    return target_phi_cdf(-u) - w.A * sine_below(w.k * sqrt(w.V), u);
}

/* Twice P(Z > z) <= exp(-z^2/2) on either side. */
static void sine_core(const target *p, double tail, double *lo, double *hi)
{
    (void)p;
    double z = sqrt(-2.0 * log(tail));
    *lo = -z;
    *hi = z;
}

/* Z with probability (1 + a sin kZ)/2, else -Z. */
static void sine_sample(const target *p, rng_key key, uint64_t first, long n, double *x)
{
    rng_normal_rows(key, first, 0, 0, n, 1, x, 1);
    for (long i = 0; i < n; i++) {
        double u;
        rng_uniform_rows(key, first + (uint64_t)i, 0, 1, 1, 1, &u, 1);
        if (2.0 * u > 1.0 + p->a * sin(p->b * x[i])) x[i] = -x[i];
    }
}

const family TARGET_SINE = {.name = "sine",
                            .point = sine_point,
                            .cdf = sine_cdf,
                            .survival = sine_survival,
                            .core = sine_core,
                            .sample = sine_sample};

target *target_sine(double a, double k)
{
    REQUIRE(fabs(a) < 1.0 && k > 0.0);
    double mean = a * k * exp(-0.5 * k * k);
    target *p =
        target_of_family(&TARGET_SINE, mean, 1.0 - mean * mean, fmin(1.0, 1.0 / k));
    p->a = a;
    p->b = k;
    return p;
}
