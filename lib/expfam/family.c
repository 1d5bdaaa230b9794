/* Families that are used often. */
#include "expfam.h"

#include <math.h>

expfam expfam_gauss(double mean, double var)
{
    REQUIRE(var > 0.0);
    double reach = 8.0 * sqrt(var);
    return (expfam){.k = 2,
                    .terms = 2,
                    .F = {expfam_power(1), expfam_power(2)},
                    .theta = {mean / var, -0.5 / var},
                    .lo = mean - reach,
                    .hi = mean + reach};
}

/* The law is narrower than N(0, 1/a) and than exp(-b x^4). */
expfam expfam_quartic(double a, double b)
{
    REQUIRE(a > 0.0 && b > 0.0);
    double reach = fmin(8.0 / sqrt(a), 2.5 / sqrt(sqrt(b)));
    return (expfam){.k = 2,
                    .terms = 2,
                    .F = {expfam_power(2), expfam_power(4)},
                    .theta = {-0.5 * a, -b},
                    .lo = -reach,
                    .hi = reach};
}

expfam expfam_tilt(expfam_statistic F, const target *law)
{
    expfam p = {
        .k = 1, .terms = 2, .F = {F, expfam_log_density(law)}, .theta = {0.0, 1.0}};
    target_span(law, 1.0, 0.0, 1e-16, &p.lo, &p.hi);
    return p;
}
