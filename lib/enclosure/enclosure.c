#include "enclosure.h"

#include "base.h"

#include <math.h>

static double down(double x) { return nextafter(x, -INFINITY); }
static double up(double x) { return nextafter(x, INFINITY); }

static double min4(const double *v)
{
    double m = v[0];
    for (int i = 0; i < 4; i++) m = isnan(v[i]) || v[i] < m ? v[i] : m;
    return m;
}

static double max4(const double *v)
{
    double m = v[0];
    for (int i = 0; i < 4; i++) m = isnan(v[i]) || v[i] > m ? v[i] : m;
    return m;
}

enclosure enclosure_rounded(double value)
{
    return enclosure_about(value, 1e-14 * fabs(value) + 1e-16);
}

enclosure enclosure_of(double lo, double hi, double alpha)
{
    REQUIRE(!(lo > hi) && alpha >= 0.0);
    return (enclosure){lo, hi, alpha};
}

enclosure enclosure_exact(double value) { return (enclosure){value, value, 0.0}; }

enclosure enclosure_about(double value, double error)
{
    REQUIRE(!(error < 0.0));
    return (enclosure){value - error, value + error, 0.0};
}

double enclosure_mid(enclosure e) { return 0.5 * e.lo + 0.5 * e.hi; }
double enclosure_halfwidth(enclosure e) { return 0.5 * (e.hi - e.lo); }

enclosure enclosure_add(enclosure a, enclosure b)
{
    return (enclosure){down(a.lo + b.lo), up(a.hi + b.hi), a.alpha + b.alpha};
}

enclosure enclosure_sub(enclosure a, enclosure b)
{
    return (enclosure){down(a.lo - b.hi), up(a.hi - b.lo), a.alpha + b.alpha};
}

enclosure enclosure_mul(enclosure a, enclosure b)
{
    double v[4] = {a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi};
    return (enclosure){down(min4(v)), up(max4(v)), a.alpha + b.alpha};
}

enclosure enclosure_div(enclosure a, enclosure b)
{
    double alpha = a.alpha + b.alpha;
    if (!(b.lo > 0.0 || b.hi < 0.0)) return (enclosure){NAN, NAN, alpha};
    double v[4] = {a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi};
    return (enclosure){down(min4(v)), up(max4(v)), alpha};
}

enclosure enclosure_scale(enclosure a, double factor)
{
    return enclosure_mul(a, enclosure_exact(factor));
}

enclosure enclosure_widen(enclosure a, double error)
{
    REQUIRE(!(error < 0.0));
    return (enclosure){down(a.lo - error), up(a.hi + error), a.alpha};
}

enclosure enclosure_hull(enclosure a, enclosure b)
{
    double v[4] = {a.lo, b.lo, a.hi, b.hi};
    return (enclosure){min4(v), max4(v), a.alpha + b.alpha};
}

enclosure enclosure_max(enclosure a, enclosure b)
{
    double lo[4] = {a.lo, b.lo, a.lo, b.lo}, hi[4] = {a.hi, b.hi, a.hi, b.hi};
    return (enclosure){max4(lo), max4(hi), a.alpha + b.alpha};
}

static double reach(enclosure e)
{
    if (isnan(e.lo) || isnan(e.hi)) return NAN;
    return fmax(fabs(e.lo), fabs(e.hi));
}

enclosure enclosure_farther(enclosure a, enclosure b)
{
    return isnan(reach(a)) || reach(a) >= reach(b) ? a : b;
}

enclosure enclosure_relative(enclosure a, double value)
{
    REQUIRE(value > 0.0);
    return enclosure_scale(enclosure_sub(a, enclosure_exact(value)), 1.0 / value);
}

enclosure enclosure_sqrt(enclosure a)
{
    if (!(a.hi >= 0.0)) return (enclosure){NAN, NAN, a.alpha};
    if (isnan(a.lo)) return a;
    double lo = a.lo > 0.0 ? down(sqrt(a.lo)) : 0.0;
    return (enclosure){lo, up(sqrt(a.hi)), a.alpha};
}

enclosure enclosure_log(enclosure a)
{
    if (!(a.hi >= 0.0)) return (enclosure){NAN, NAN, a.alpha};
    if (isnan(a.lo)) return a;
    double lo = a.lo > 0.0 ? down(log(a.lo)) : -(double)INFINITY;
    return (enclosure){lo, up(log(a.hi)), a.alpha};
}

enclosure enclosure_exp(enclosure a)
{
    double lo = exp(a.lo);
    return (enclosure){lo > 0.0 ? down(lo) : lo, up(exp(a.hi)), a.alpha};
}
