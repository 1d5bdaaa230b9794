/* Difference quotients of conditional means, before h -> 0. */
#include "internal.h"

#include <float.h>
#include <math.h>

/* E[u - x]/h from gap = E[alpha u - gamma x]: u - x = gap/alpha + (gamma/alpha - 1) x. */
static enclosure quotient(enclosure gap, double alpha, double drift, double x, double h)
{
    enclosure step =
        enclosure_add(enclosure_scale(gap, 1.0 / alpha), enclosure_rounded(drift * x));
    return enclosure_widen(enclosure_scale(step, 1.0 / h),
                           4.0 * DBL_EPSILON * fabs(enclosure_mid(step)) / h);
}

int semigroup_forward(double h, double x, enclosure *value)
{
    static const semigroup_wave ONE = {0.0, 1.0, INFINITY};
    semigroup_function one = semigroup_waves(&ONE);
    smoothed s;
    CHECK(semigroup_moments(&one, semigroup_ou(1.0, 1.0, h), x, false, &s));
    *value = quotient(s.gap, 1.0, expm1(-h), x, h);
    return SC_OK;
}

int semigroup_backward(const gmm *before, double h, double x, enclosure *value)
{
    REQUIRE(gmm_dim(before) == 1);
    semigroup_kernel k = semigroup_transition(1.0, 1.0, h);
    smoothed s;
    CHECK(semigroup_mixture_moments(before, INFINITY, k, &x, false, &s));
    *value = quotient(s.gap, k.alpha, expm1(h), x, h);
    return SC_OK;
}
