#include "claim.h"

#include <math.h>

region region_between(double lo, double hi)
{
    REQUIRE(!(lo > hi));
    return (region){lo, hi};
}

region region_about(double value, double tolerance)
{
    REQUIRE(!(tolerance < 0.0));
    return (region){value - tolerance, value + tolerance};
}

region region_at_most(double hi) { return (region){-INFINITY, hi}; }
region region_at_least(double lo) { return (region){lo, INFINITY}; }

verdict verdict_of(enclosure measured, region predicted)
{
    bool known = !isnan(measured.lo) && !isnan(measured.hi) && !isnan(predicted.lo) &&
                 !isnan(predicted.hi);
    if (!known) return INCONCLUSIVE;
    if (predicted.lo <= measured.lo && measured.hi <= predicted.hi) return SUPPORTED;
    if (measured.hi < predicted.lo || predicted.hi < measured.lo) return REFUTED;
    return INCONCLUSIVE;
}

const char *verdict_name(verdict v)
{
    static const char *const NAMES[] = {"SUPPORTED", "REFUTED", "INCONCLUSIVE"};
    REQUIRE(SUPPORTED <= v && v <= INCONCLUSIVE);
    return NAMES[v];
}

const char *method_name(method m)
{
    static const char *const NAMES[] = {"closed-form", "exact-law", "quadrature",
                                        "monte-carlo", "certified"};
    REQUIRE(CLOSED_FORM <= m && m <= CERTIFIED);
    return NAMES[m];
}
