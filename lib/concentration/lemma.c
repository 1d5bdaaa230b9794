#include "concentration.h"
#include "quad.h"

#include <math.h>

/* (e^y - 1)/y - (1 + a), y = 1/c; (e^y - 1)/y >= 1 + y/2. */
static double upper_equation(double y, const void *a)
{
    return expm1(y) / y - 1.0 - *(const double *)a;
}

/* (1 - e^{-z})/z - 1/(1 + a), z = (1 + a)/c; 1 - z/2 <= (1 - e^{-z})/z <= 1/z. */
static double lower_equation(double z, const void *a)
{
    return -expm1(-z) / z - 1.0 / (1.0 + *(const double *)a);
}

double concentration_constant(concentration_side side, double a)
{
    REQUIRE(a > 0.0 && a <= 1.0);
    double root;
    if (side == CONCENTRATION_UPPER) {
        REQUIRE(quad_root(upper_equation, &a, 0.5 * a, 2.1 * a, &root) == SC_OK);
        return 1.0 / root;
    }
    REQUIRE(quad_root(lower_equation, &a, 1.9 * a / (1.0 + a), 1.1 * (1.0 + a),
                      &root) == SC_OK);
    return (1.0 + a) / root;
}

/* 1 - (1 - P)^N, P = e^log_p. */
static double any_of(double N, double log_p)
{
    return log_p == 0.0 ? 1.0 : -expm1(N * log1p(-exp(log_p)));
}

/* The event for k of S = sum of g/B ~ Bin(n, p), s = c log(N/delta)/n:
 *
 *     upper  S > n((1 + a) p + s):  S > k for k <= n((1 + a) p + s) < k + 1, P(S > k) increasing in p
 *     lower  S < n(p - s)/(1 + a):  S <= k for k < n(p - s)/(1 + a) <= k + 1, P(S <= k) decreasing in p. */
static double jump(const concentration_case *l, double s, long k)
{
    double n = (double)l->n, j = (double)k;
    return l->side == CONCENTRATION_UPPER ? ((j + 1.0) / n - s) / (1.0 + l->a)
                                          : s + (1.0 + l->a) * j / n;
}

enclosure concentration_failure(const concentration_case *l, double c, double p_max,
                                double *at)
{
    REQUIRE(l->n >= 1 && l->N >= 1.0 && l->delta > 0.0 && l->delta < 1.0 && c > 0.0 &&
            p_max > 0.0);
    const double s = c * log(l->N / l->delta) / (double)l->n, rounding = 1e-14;
    double lo = -HUGE_VAL, hi = -HUGE_VAL, worst = NAN;
    for (long k = 0; k < l->n; k++) {
        double p = jump(l, s, k);
        if (p <= 0.0) continue;
        if (p >
            p_max) { /* the upper event grows up to p_max, the lower begins beyond */
            if (l->side == CONCENTRATION_LOWER) break;
            p = p_max;
        }
        if (p >= 1.0) break;
        enclosure e = l->side == CONCENTRATION_UPPER
                          ? concentration_binomial_above(l->n, p, k)
                          : concentration_binomial_at_most(l->n, p, k);
        if (e.hi > hi) hi = e.hi, worst = p;
        lo = fmax(lo, e.lo);
        if (p == p_max) break;
    }
    if (at != NULL) *at = worst;
    return enclosure_of(any_of(l->N, lo) * (1.0 - rounding),
                        fmin(1.0, any_of(l->N, hi) * (1.0 + rounding)), 0.0);
}
