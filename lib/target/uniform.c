/* The uniform law on [a, b]. With c = m(b - a)/2, z = -|x - m(a+b)/2| <= 0 (symmetry),
 * A = (z + c)/sigma >= B = (z - c)/sigma:
 *
 *     p = D/(2c),   D = Phi(A) - Phi(B),
 *     p'/p = {phi(A) - phi(B)}/(sigma D),   p''/p = {B phi(B) - A phi(A)}/(sigma^2 D).
 */
#include "family.h"

#include <math.h>

/* log D and D/phi(A), each free of cancellation. */
typedef struct {
    double log_d, mills;
} strip;

/* For A <= 0: D/phi(A) = R(-A) - exp(-E) R(-B), R the Mills ratio, E = (B^2 - A^2)/2. */
static strip strip_tail(double A, double B, double E)
{
    double root = sqrt(0.5 * SC_PI);
    double mills =
        root * (target_erfcx(-A * SQRT_HALF) - exp(-E) * target_erfcx(-B * SQRT_HALF));
    return (strip){log(mills) - 0.5 * A * A - 0.5 * log(2.0 * SC_PI), mills};
}

/* For a narrow strip, (A - B)(1 + |A + B|) < 2: 12-point Gauss-Legendre of
   D/phi(A) = int_0^w exp(A y - y^2/2) dy, w = A - B, to rounding. */
static strip strip_narrow(double A, double B)
{
    static const double X[] = {.1252334085114689, .3678314989981802, .5873179542866175,
                               .7699026741943047, .9041172563704749, .9815606342467193};
    static const double W[] = {.2491470458134028, .2334925365383548, .2031674267230659,
                               .1600783285433462, .1069393259953184, .0471753363865118};
    double half = 0.5 * (A - B), mills = 0.0;
    for (int i = 0; i < LEN(X); i++) {
        double y = half * (1.0 - X[i]), z = half * (1.0 + X[i]);
        mills += half * W[i] * (exp(y * (A - 0.5 * y)) + exp(z * (A - 0.5 * z)));
    }
    return (strip){log(mills) - 0.5 * A * A - 0.5 * log(2.0 * SC_PI), mills};
}

static strip strip_centre(double A, double B)
{
    double d = 1.0 - target_phi_cdf(-A) - target_phi_cdf(B);
    return (strip){log(d), d / target_phi(A)};
}

static jet uniform_edge(const target *p, double m, double x)
{
    bool inside = x >= m * p->a && x <= m * p->b;
    return (jet){inside ? -log(m * (p->b - p->a)) : (double)-INFINITY, 0.0, 0.0};
}

static jet uniform_point(const target *p, double m, double s2, double x)
{
    if (s2 == 0.0) return uniform_edge(p, m, x);
    double sigma = sqrt(s2), c = 0.5 * m * (p->b - p->a);
    double y = x - 0.5 * m * (p->a + p->b), z = -fabs(y);
    double A = (z + c) / sigma, B = (z - c) / sigma, E = -2.0 * z * c / s2;
    strip d;
    if ((A - B) * (1.0 + fabs(A + B)) < 2.0)
        d = strip_narrow(A, B);
    else
        d = A > 0.0 ? strip_centre(A, B) : strip_tail(A, B, E);
    /* phi(B) = exp(-E) phi(A); E >= 0 since z <= 0 */
    double s = -expm1(-E) / (sigma * d.mills);
    double second = (B * exp(-E) - A) / (s2 * d.mills);
    return (jet){d.log_d - log(2.0 * c), y > 0.0 ? -s : s, second - s * s};
}

/* G(x) = x Phi(x) + phi(x), whose derivative is Phi; phi(x) {1 - |x| R(|x|)} on the left, R the Mills
   ratio. */
static double ramp(double x)
{
    if (x > 0.0) return x * target_phi_cdf(x) + target_phi(x);
    return target_phi(x) * (1.0 + x * sqrt(0.5 * SC_PI) * target_erfcx(-x * SQRT_HALF));
}

static double uniform_cdf(const target *p, double m, double s2, double x)
{
    double lo = m * p->a, hi = m * p->b;
    if (s2 == 0.0) return fmin(fmax((x - lo) / (hi - lo), 0.0), 1.0);
    double sigma = sqrt(s2);
    return sigma * (ramp((x - lo) / sigma) - ramp((x - hi) / sigma)) / (hi - lo);
}

static void uniform_core(const target *p, double tail, double *lo, double *hi)
{
    (void)tail;
    *lo = p->a;
    *hi = p->b;
}

static void uniform_sample(const target *p, rng_key key, uint64_t first, long n,
                           double *x)
{
    rng_uniform_rows(key, first, 0, 0, n, 1, x, 1);
    for (long i = 0; i < n; i++) x[i] = p->a + (p->b - p->a) * x[i];
}

static int uniform_breaks(const target *p, double x[2])
{
    x[0] = p->a;
    x[1] = p->b;
    return 2;
}

const family TARGET_UNIFORM = {.name = "uniform",
                               .point = uniform_point,
                               .cdf = uniform_cdf,
                               .core = uniform_core,
                               .sample = uniform_sample,
                               .breaks = uniform_breaks};

target *target_uniform(double lo, double hi)
{
    REQUIRE(lo < hi);
    double width = hi - lo, variance = width * width / 12.0;
    target *p =
        target_of_family(&TARGET_UNIFORM, 0.5 * (lo + hi), variance, sqrt(variance));
    p->a = lo;
    p->b = hi;
    p->centre = 0.5 * (lo + hi);
    return p;
}
