#include "concentration.h"

#include <float.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

static enclosure nothing(void) { return enclosure_exact(-INFINITY); }

/* log x! - (log(2 pi x)/2 + x log x - x), x >= 1. */
static double stirling_rest(double x)
{
    if (x < 16.0)
        return gsl_sf_lngamma(x + 1.0) - 0.5 * log(2.0 * SC_PI * x) - x * log(x) + x;
    double y = 1.0 / (x * x);
    return (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y / 1680.0))) / x;
}

/* x log(x/M) + M - x >= 0, x > 0. */
static double deviance(double x, double M)
{
    double u = (x - M) / M;
    return M * ((1.0 + u) * log1p(u) - u);
}

/* log P(S = j), 1 <= j <= n: the saddle point form of Loader 2000. */
static double log_mass(double n, double p, double q, double j)
{
    if (j == n) return n * (q < 0.5 ? log1p(-q) : log(p));
    double rest = stirling_rest(n) - stirling_rest(j) - stirling_rest(n - j);
    return rest - deviance(j, n * p) - deviance(n - j, n * q) -
           0.5 * log(2.0 * SC_PI * j * (n - j) / n);
}

/* P(S > k)/P(S = k + 1) = 1 + r_1 + r_1 r_2 + ..., r_i = (n - k - i) p/((k + 1 + i) q) decreasing; the rest after a
   ratio r < 1 is at most geometric. Adds the number of terms to *terms. */
static double tail_over_first(long n, double odds, long k, long *terms)
{
    double term = 1.0, sum = 1.0;
    for (long j = k + 1; j < n; j++) {
        double ratio = (double)(n - j) * odds / ((double)j + 1.0);
        term *= ratio;
        sum += term;
        ++*terms;
        if (ratio < 1.0 && term * ratio < 1e-17 * sum * (1.0 - ratio)) break;
    }
    return sum;
}

/* log P(S > k), k + 1 >= n p, q = 1 - p: the masses fall from the first. p and q are rounded, which moves n p and n q
   by 2e-16 of themselves. */
static enclosure upper_tail(long n, double p, double q, long k)
{
    long terms = 0;
    double N = (double)n, j = (double)k + 1.0, first = log_mass(N, p, q, j);
    double sum = tail_over_first(n, p / q, k, &terms);
    double gap = fabs(j - N * p) + 1.0;
    double error = 1e-15 * (gap + 4.0 * (double)terms + fabs(first) + 40.0);
    enclosure e = enclosure_about(first + log(sum), error);
    return enclosure_of(fmin(e.lo, 0.0), fmin(e.hi, 0.0), 0.0);
}

/* Below the mean from the other tail, n - S > n - k - 1. */
static enclosure above(long n, double p, double q, long k)
{
    REQUIRE(n >= 1 && n <= 1000000000 && p > 0.0 && q > 0.0);
    if (k >= n) return nothing();
    if (k < 0) return enclosure_exact(0.0);
    if ((double)k + 1.0 >= (double)n * p) return upper_tail(n, p, q, k);
    enclosure other = upper_tail(n, q, p, n - k - 1);
    double lo = log1p(-exp(other.hi)), hi = log1p(-exp(other.lo));
    return enclosure_of(lo * (1.0 + 1e-15) - DBL_MIN, hi * (1.0 - 1e-15), 0.0);
}

enclosure concentration_binomial_above(long n, double p, long k)
{
    return above(n, p, 1.0 - p, k);
}

enclosure concentration_binomial_at_most(long n, double p, long k)
{
    return above(n, 1.0 - p, p, n - k - 1);
}

/* Q(D/2, x), x = r^2/2, by P(D) = P(D - 2) + e^{-x} x^{D/2 - 1}/Gamma(D/2) down to Q(1, x) = e^{-x} or Q(1/2, x) =
   erfc(sqrt x): all terms are positive, and the sum is formed over the last of them. */
enclosure concentration_chi_above(int D, double r)
{
    REQUIRE(D >= 1 && D <= 10000 && r > 0.0);
    const double x = 0.5 * r * r, a = 0.5 * D;
    double last = (a - 1.0) * log(x) - x - gsl_sf_lngamma(a), term = 1.0, sum = 1.0;
    if (D == 1) return enclosure_rounded(gsl_sf_log_erfc(sqrt(x)));
    for (int j = D - 2; j > 1; j -= 2) sum += term *= 0.5 * j / x;
    if (isinf(sum)) return enclosure_of(-1e-300, 0.0, 0.0); /* |Z| < r is rarer */
    double log_sum = last + log(sum);
    if (D % 2 != 0) { /* erfc over what stands */
        double rest = gsl_sf_log_erfc(sqrt(x)) - log_sum;
        log_sum += rest > 0.0 ? rest + log1p(exp(-rest)) : log1p(exp(rest));
    }
    double size = x + fabs((a - 1.0) * log(x)) + fabs(gsl_sf_lngamma(a));
    enclosure e = enclosure_about(log_sum, 1e-15 * (size + 2.0 * D + 10.0));
    return enclosure_of(fmin(e.lo, 0.0), fmin(e.hi, 0.0), 0.0);
}

enclosure concentration_chi_sup(concentration_curve *f, double parameter, int D,
                                double from, double to)
{
    REQUIRE(from > 0.0 && to > from);
    const double ratio = pow(to / from, 1.0 / 600.0) * (1.0 + 1e-15);
    double lo = -HUGE_VAL, hi = -HUGE_VAL, y = from;
    for (int i = 0; i < 600; i++) {
        const concentration_point here = f(parameter, D, y),
                                  next = f(parameter, D, y * ratio);
        enclosure log_p = concentration_chi_above(D, here.radius);
        lo = fmax(lo, log_p.lo + here.gain);
        hi = fmax(hi, log_p.hi + next.gain);
        y *= ratio;
    }
    return enclosure_exp(enclosure_of(lo, hi, 0.0));
}
