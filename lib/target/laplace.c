/* The Laplace law exp(-|x - a|/b)/(2b). With beta = m b, y = x - m a, sigma^2 = s2:
 *
 *     p = p_- + p_+,   p_-+ = exp(-y^2/2 sigma^2) erfcx((sigma/beta -+ y/sigma)/sqrt 2)/(4 beta),
 *     beta p' = p_+ - p_-,   p = phi_sigma + beta^2 p''.
 *
 * Here p_- carries the factor exp(-y/beta), p_+ the factor exp(+y/beta).
 */
#include "family.h"

#include <math.h>

/* log of exp(-y^2/2) erfcx((a - y)/sqrt 2): for y > a rather exp(a^2/2 - a y) erfc((a - y)/sqrt 2),
   where the two factors of the first form are far apart. */
static double log_branch(double a, double y)
{
    double z = (a - y) * SQRT_HALF;
    return z < 0.0 ? a * (0.5 * a - y) + log(erfc(z))
                   : log(target_erfcx(z)) - 0.5 * y * y;
}

static jet laplace_point(const target *p, double m, double s2, double x)
{
    double beta = m * p->b, y = x - m * p->a;
    if (s2 == 0.0)
        return (jet){-fabs(y) / beta - log(2.0 * beta),
                     y > 0.0 ? -1.0 / beta : 1.0 / beta, 0.0};
    double sigma = sqrt(s2), a = sigma / beta;
    double minus = log_branch(a, y / sigma), plus = log_branch(a, -y / sigma);
    double top = fmax(minus, plus) + log1p(exp(-fabs(plus - minus)));
    double s = tanh(0.5 * (plus - minus)) / beta;
    /* phi_sigma(y)/p = 4 beta/(sigma sqrt(2 pi)) exp(-y^2/(2 s2) - top) */
    double ratio =
        4.0 * beta / (sigma * sqrt(2.0 * SC_PI)) * exp(-0.5 * y * y / s2 - top);
    return (jet){top - log(4.0 * beta), s, (1.0 - ratio) / (beta * beta) - s * s};
}

/* F = Phi(y/sigma) + beta^2 p'. */
static double laplace_cdf(const target *p, double m, double s2, double x)
{
    double beta = m * p->b, y = x - m * p->a;
    if (s2 == 0.0) return y < 0.0 ? 0.5 * exp(y / beta) : 1.0 - 0.5 * exp(-y / beta);
    jet j = laplace_point(p, m, s2, x);
    return target_phi_cdf(y / sqrt(s2)) + beta * beta * j.s * exp(j.logp);
}

static void laplace_core(const target *p, double tail, double *lo, double *hi)
{
    double reach = -p->b * log(2.0 * tail);
    *lo = p->a - reach;
    *hi = p->a + reach;
}

static void laplace_sample(const target *p, rng_key key, uint64_t first, long n,
                           double *x)
{
    rng_uniform_rows(key, first, 0, 0, n, 1, x, 1);
    for (long i = 0; i < n; i++)
        x[i] = p->a +
               (x[i] < 0.5 ? p->b * log(2.0 * x[i]) : -p->b * log(2.0 * (1.0 - x[i])));
}

static int laplace_breaks(const target *p, double x[2])
{
    x[0] = p->a;
    return 1;
}

const family TARGET_LAPLACE = {.name = "laplace",
                               .point = laplace_point,
                               .cdf = laplace_cdf,
                               .core = laplace_core,
                               .sample = laplace_sample,
                               .breaks = laplace_breaks};

target *target_laplace(double mean, double b)
{
    REQUIRE(b > 0.0);
    target *p = target_of_family(&TARGET_LAPLACE, mean, 2.0 * b * b, b);
    p->a = mean;
    p->b = b;
    p->centre = mean;
    return p;
}
