/* The density p_0 proportional to exp(-V), V = a x^2/2 + b x^4, and its Gaussian convolutions.
 *
 * p_0 is entire, so the trapezoid rule of int p_0(x) N(y; m x, s2) dx with step dx errs by about
 * exp(-2 pi^2 (width/dx)^2), width the local width of the integrand: dx is a small part of the
 * widths of both factors. It turns p_0 into atoms at x_j = j dx, of which only those within
 * exp(-45) of the largest term count: the log of the integrand is concave.
 */
#include "family.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

enum { PANELS = 64, NODES = 20 }; /* of the distribution function */

static double potential(const target *p, double x)
{
    double x2 = x * x;
    return x2 * (0.5 * p->a + p->b * x2);
}

static jet quartic_density(const target *p, double m, double x)
{
    double y = x / m, slope = y * (p->a + 4.0 * p->b * y * y);
    return (jet){-potential(p, y) - p->log_z - log(m), -slope / m,
                 -(p->a + 12.0 * p->b * y * y) / (m * m)};
}

/* The posterior law of X_0 given y: log of the sum of exp(-V(x_j) - (y - m x_j)^2/(2 s2)), mean and
   variance of X_0, means of V'(X_0) and V''(X_0), variance of V'(X_0). */
typedef struct {
    double log_sum, mean, variance, slope, curvature, slope_variance;
} posterior;

static double exponent(const target *p, double m, double s2, double y, double x)
{
    double r = y - m * x;
    return -potential(p, x) - 0.5 * r * r / s2;
}

static double slope(const target *p, double x)
{
    return x * (p->a + 4.0 * p->b * x * x);
}

/* Node `peak` is within one of the largest term. Moments are taken about it. */
static posterior sum_terms(const target *p, double m, double s2, double y, double dx,
                           long peak)
{
    double centre = (double)peak * dx, top = exponent(p, m, s2, y, centre);
    double steep = slope(p, centre), sum = 0.0;
    posterior t = {.log_sum = 0.0};
    for (int side = -1; side <= 1; side += 2)
        for (long j = side < 0 ? 1 : 0;; j++) {
            double step = (double)(side * j) * dx, x = centre + step;
            double l = exponent(p, m, s2, y, x) - top;
            if (l < -45.0) break;
            double r = exp(l), v = slope(p, x) - steep;
            sum += r;
            t.mean += r * step;
            t.variance += r * step * step;
            t.slope += r * v;
            t.slope_variance += r * v * v;
            t.curvature += r * (p->a + 12.0 * p->b * x * x);
        }
    t.mean /= sum;
    t.slope /= sum;
    t.variance = t.variance / sum - t.mean * t.mean;
    t.slope_variance = t.slope_variance / sum - t.slope * t.slope;
    t.curvature /= sum;
    t.log_sum = top + log(sum);
    t.mean += centre;
    t.slope += steep;
    return t;
}

/* The maximiser of the exponent: Newton for a x + 4 b x^3 = m (y - m x)/s2, whose left minus right
   side is increasing and, on x y >= 0, convex or concave away from 0. */
static double maximiser(const target *p, double m, double s2, double y)
{
    double linear = p->a + m * m / s2, right = m * fabs(y) / s2;
    double x = fmin(right / linear, cbrt(right / (4.0 * p->b)));
    for (int i = 0; i < 60; i++) {
        double f = x * (linear + 4.0 * p->b * x * x) - right;
        double next = x - f / (linear + 12.0 * p->b * x * x);
        if (fabs(next - x) <= 1e-9 * fabs(x)) break;
        x = next;
    }
    return copysign(x, y);
}

static jet quartic_point(const target *p, double m, double s2, double y)
{
    if (s2 == 0.0) return quartic_density(p, m, y);
    double dx = fmin(p->smallest_sd / 12.0, 0.45 * sqrt(s2) / m);
    posterior t = sum_terms(p, m, s2, y, dx, lround(maximiser(p, m, s2, y) / dx));
    double logp = t.log_sum + log(dx) - p->log_z - 0.5 * log(2.0 * SC_PI * s2);
    /* Two forms of the score, E[m X_0 - y]/s2 = -E V'(X_0)/m, and of its derivative; the first
       cancels for small s2, the second for small m. */
    if (s2 > m * m * p->variance)
        return (jet){logp, (m * t.mean - y) / s2, (m * m * t.variance / s2 - 1.0) / s2};
    return (jet){logp, -t.slope / m, (t.slope_variance - t.curvature) / (m * m)};
}

/* int over [lo, hi] of exp(-V), for an interval no longer than a panel. */
static double piece(const target *p, double lo, double hi)
{
    double x[NODES], w[NODES], sum = 0.0;
    quad_legendre(NODES, lo, hi, x, w);
    for (int i = 0; i < NODES; i++) sum += w[i] * exp(-potential(p, x[i]));
    return sum;
}

static double panel_end(const target *p, int i)
{
    return p->reach * (2.0 * i / PANELS - 1.0);
}

static double quartic_cdf0(const target *p, double x)
{
    if (x <= -p->reach) return 0.0;
    if (x >= p->reach) return 1.0;
    int i = (int)((x / p->reach + 1.0) * 0.5 * PANELS);
    double lo = panel_end(p, i);
    return p->panel_cdf[i] + (x > lo ? piece(p, lo, x) : 0.0) * exp(-p->log_z);
}

static double quartic_cdf(const target *p, double m, double s2, double y)
{
    if (s2 == 0.0) return quartic_cdf0(p, y / m);
    double dx = fmin(p->smallest_sd / 12.0, 0.45 * sqrt(s2) / m), sum = 0.0;
    long reach = (long)ceil(p->reach / dx);
    for (long j = -reach; j <= reach; j++) {
        double x = (double)j * dx;
        sum +=
            exp(-potential(p, x) - p->log_z) * target_phi_cdf((y - m * x) / sqrt(s2));
    }
    return dx * sum;
}

static void quartic_core(const target *p, double tail, double *lo, double *hi)
{
    /* P(|X| > x) <= exp(-V(x)) for x beyond one standard deviation, up to a factor below e */
    double c = 1.0 - log(tail), half = 0.25 * p->a / p->b;
    double x2 = -half + sqrt(half * half + c / p->b);
    *hi = sqrt(x2);
    *lo = -*hi;
}

/* Inversion: Newton from the panel that holds u, kept inside the panel. */
static double quartic_quantile(const target *p, double u)
{
    int i = 0;
    while (i < PANELS - 1 && p->panel_cdf[i + 1] < u) i++;
    double lo = panel_end(p, i), hi = panel_end(p, i + 1), x = 0.5 * (lo + hi);
    for (int it = 0; it < 100 && hi - lo > 1e-15 * p->reach; it++) {
        double f = quartic_cdf0(p, x) - u;
        if (f > 0.0)
            hi = x;
        else
            lo = x;
        double next = x - f * exp(potential(p, x) + p->log_z);
        if (!(next > lo && next < hi)) next = 0.5 * (lo + hi);
        if (fabs(next - x) <= 1e-15 * p->reach) break;
        x = next;
    }
    return x;
}

static void quartic_sample(const target *p, rng_key key, uint64_t first, long n,
                           double *x)
{
    rng_uniform_rows(key, first, 0, 0, n, 1, x, 1);
    for (long i = 0; i < n; i++) x[i] = quartic_quantile(p, x[i]);
}

const family TARGET_QUARTIC = {.name = "quartic",
                               .point = quartic_point,
                               .cdf = quartic_cdf,
                               .core = quartic_core,
                               .sample = quartic_sample};

target *target_quartic(double a, double b)
{
    REQUIRE(a >= 0.0 && b > 0.0);
    target *p = target_of_family(&TARGET_QUARTIC, 0.0, 0.0, 0.0);
    p->a = a;
    p->b = b;
    quartic_core(p, 1e-20, &(double){0}, &p->reach);
    p->panel_cdf = NEW_ARRAY(double, PANELS + 1);
    for (int i = 0; i < PANELS; i++)
        p->panel_cdf[i + 1] =
            p->panel_cdf[i] + piece(p, panel_end(p, i), panel_end(p, i + 1));
    double z = p->panel_cdf[PANELS], dx = p->reach / 400.0;
    for (int i = 0; i <= PANELS; i++) p->panel_cdf[i] /= z;
    p->log_z = log(z);
    for (int j = -400; j <= 400; j++) {
        double x = j * dx;
        p->variance += dx * x * x * exp(-potential(p, x)) / z;
    }
    p->smallest_sd = sqrt(p->variance);
    return p;
}
