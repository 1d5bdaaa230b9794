/* Uniform laws on disjoint intervals. For one, [a, b], with c = m(b - a)/2,
 * z = -|x - m(a+b)/2| <= 0 (symmetry), A = (z + c)/sigma >= B = (z - c)/sigma:
 *
 *     p = D/(2c),   D = Phi(A) - Phi(B),
 *     p'/p = {phi(A) - phi(B)}/(sigma D),   p''/p = {B phi(B) - A phi(A)}/(sigma^2 D).
 */
#include "family.h"

#include <math.h>
#include <string.h>

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

/* 12-point Gauss-Legendre on [-1, 1], to rounding for what a narrow strip holds. */
static const double X[] = {.1252334085114689, .3678314989981802, .5873179542866175,
                           .7699026741943047, .9041172563704749, .9815606342467193};
static const double W[] = {.2491470458134028, .2334925365383548, .2031674267230659,
                           .1600783285433462, .1069393259953184, .0471753363865118};
static bool is_narrow(double A, double B)
{
    return (A - B) * (1.0 + fabs(A + B)) < 2.0;
}

/* D/phi(A) = int_0^w exp(A y - y^2/2) dy, w = A - B > 0, which is lost in A and B if both are far. */
static strip strip_narrow(double A, double w)
{
    double half = 0.5 * w, mills = 0.0;
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

/* log p, p'/p and p''/p of one interval. */
typedef struct {
    double logp, slope, curvature;
} piece;

static piece piece_edge(double lo, double hi, double m, double x)
{
    bool inside = x >= m * lo && x <= m * hi;
    return (piece){inside ? -log(m * (hi - lo)) : (double)-INFINITY, 0.0, 0.0};
}

static piece piece_at(double lo, double hi, double m, double s2, double x)
{
    if (s2 == 0.0) return piece_edge(lo, hi, m, x);
    double sigma = sqrt(s2), c = 0.5 * m * (hi - lo);
    double y = x - 0.5 * m * (lo + hi), z = -fabs(y);
    double A = (z + c) / sigma, B = (z - c) / sigma, E = -2.0 * z * c / s2;
    strip d;
    if (is_narrow(A, B))
        d = strip_narrow(A, 2.0 * c / sigma);
    else
        d = A > 0.0 ? strip_centre(A, B) : strip_tail(A, B, E);
    /* phi(B) = exp(-E) phi(A); E >= 0 since z <= 0 */
    double s = -expm1(-E) / (sigma * d.mills);
    double second = (B * exp(-E) - A) / (s2 * d.mills);
    return (piece){d.log_d - log(2.0 * c), y > 0.0 ? -s : s, second};
}

/* Ratios are averaged with the posterior weights of the intervals. */
static jet uniform_point(const target *p, double m, double s2, double x)
{
    piece part[TARGET_BREAKS / 2];
    double top = (double)-INFINITY, sum = 0.0, slope = 0.0, curvature = 0.0;
    for (int i = 0; i < p->k; i++) {
        part[i] = piece_at(p->lo[i], p->hi[i], m, s2, x);
        part[i].logp += log(p->w[i]);
        top = fmax(top, part[i].logp);
    }
    if (isinf(top)) return (jet){top, 0.0, 0.0};
    for (int i = 0; i < p->k; i++) {
        double r = exp(part[i].logp - top);
        sum += r;
        slope += r * part[i].slope;
        curvature += r * part[i].curvature;
    }
    double s = slope / sum;
    return (jet){top + log(sum), s, curvature / sum - s * s};
}

/* G(x) = x Phi(x) + phi(x), whose derivative is Phi; phi(x) {1 - |x| R(|x|)} on the left, R the Mills
   ratio. */
static double ramp(double x)
{
    if (x > 0.0) return x * target_phi_cdf(x) + target_phi(x);
    return target_phi(x) * (1.0 + x * sqrt(0.5 * SC_PI) * target_erfcx(-x * SQRT_HALF));
}

/* The mean of Phi((x - y)/sigma) over y in [lo, hi]. */
static double piece_cdf(double lo, double hi, double sigma, double x)
{
    if (sigma == 0.0) return fmin(fmax((x - lo) / (hi - lo), 0.0), 1.0);
    double A = (x - lo) / sigma, B = (x - hi) / sigma, sum = 0.0;
    if (!is_narrow(A, B)) return (ramp(A) - ramp(B)) / (A - B);
    for (int i = 0; i < LEN(X); i++) {
        double middle = 0.5 * (A + B), off = 0.5 * (A - B) * X[i];
        sum +=
            0.5 * W[i] * (target_phi_cdf(middle - off) + target_phi_cdf(middle + off));
    }
    return sum;
}

static double uniform_cdf(const target *p, double m, double s2, double x)
{
    double sum = 0.0;
    for (int i = 0; i < p->k; i++)
        sum += p->w[i] * piece_cdf(m * p->lo[i], m * p->hi[i], sqrt(s2), x);
    return sum;
}

static double uniform_survival(const target *p, double m, double s2, double x)
{
    double sum = 0.0;
    for (int i = 0; i < p->k; i++)
        sum += p->w[i] * piece_cdf(-m * p->hi[i], -m * p->lo[i], sqrt(s2), -x);
    return sum;
}

static void uniform_core(const target *p, double tail, double *lo, double *hi)
{
    (void)tail;
    *lo = p->lo[0];
    *hi = p->hi[p->k - 1];
}

/* The same uniform chooses the interval and the place in it. */
static void uniform_sample(const target *p, rng_key key, uint64_t first, long n,
                           double *x)
{
    rng_uniform_rows(key, first, 0, 0, n, 1, x, 1);
    for (long j = 0; j < n; j++) {
        double u = x[j];
        int i = 0;
        while (i + 1 < p->k && u >= p->w[i]) u -= p->w[i++];
        x[j] = p->lo[i] + (p->hi[i] - p->lo[i]) * fmin(u / p->w[i], 1.0);
    }
}

static int uniform_breaks(const target *p, double x[TARGET_BREAKS])
{
    for (int i = 0; i < p->k; i++) {
        x[2L * i] = p->lo[i];
        x[2L * i + 1] = p->hi[i];
    }
    return 2 * p->k;
}

const family TARGET_UNIFORM = {.name = "uniform",
                               .point = uniform_point,
                               .cdf = uniform_cdf,
                               .survival = uniform_survival,
                               .core = uniform_core,
                               .sample = uniform_sample,
                               .breaks = uniform_breaks};

target *target_uniforms(int k, const double *w, const double *lo, const double *hi)
{
    REQUIRE(0 < k && k <= TARGET_BREAKS / 2);
    double total = 0.0;
    for (int i = 0; i < k; i++) {
        REQUIRE(w[i] > 0.0 && lo[i] < hi[i] && (i == 0 || hi[i - 1] < lo[i]));
        total += w[i];
    }
    target *p = target_of_family(&TARGET_UNIFORM, 0.0, 0.0, (double)INFINITY);
    p->k = k;
    p->w = NEW_ARRAY(double, 3L * k);
    p->lo = p->w + k;
    p->hi = p->lo + k;
    memcpy(p->lo, lo, (size_t)k * sizeof *lo);
    memcpy(p->hi, hi, (size_t)k * sizeof *hi);
    for (int i = 0; i < k; i++) {
        p->w[i] = w[i] / total;
        p->mean += p->w[i] * 0.5 * (lo[i] + hi[i]);
    }
    for (int i = 0; i < k; i++) {
        double width = hi[i] - lo[i], off = 0.5 * (lo[i] + hi[i]) - p->mean;
        p->variance += p->w[i] * (width * width / 12.0 + off * off);
        p->smallest_sd = fmin(p->smallest_sd, width / sqrt(12.0));
    }
    return p;
}

target *target_uniform(double lo, double hi)
{
    return target_uniforms(1, (double[]){1.0}, &lo, &hi);
}
