/* Local orders of errors known with a bound. */
#include "rate.h"

#include <math.h>

static enclosure negated(enclosure e) { return (enclosure){-e.hi, -e.lo, e.alpha}; }

enclosure rate_local(double h1, enclosure e1, double h2, enclosure e2)
{
    REQUIRE(h1 > h2 && h2 > 0.0);
    double alpha = e1.alpha + e2.alpha;
    if (isnan(e1.lo + e1.hi) || isnan(e2.lo + e2.hi))
        return (enclosure){NAN, NAN, alpha};
    if (e1.hi < 0.0 && e2.hi < 0.0) {
        e1 = negated(e1);
        e2 = negated(e2);
    }
    if (!(e1.lo > 0.0 && e2.lo > 0.0)) return (enclosure){-INFINITY, INFINITY, alpha};
    enclosure rise = enclosure_sub(enclosure_log(e1), enclosure_log(e2));
    enclosure run = enclosure_sub(enclosure_log(enclosure_exact(h1)),
                                  enclosure_log(enclosure_exact(h2)));
    return enclosure_div(rise, run);
}

enclosure rate_last(int n, const double *h, const enclosure *e)
{
    REQUIRE(n >= 2);
    return rate_local(h[n - 2], e[n - 2], h[n - 1], e[n - 1]);
}

enclosure rate_exact(int n, const double *h, const enclosure *e)
{
    REQUIRE(n >= 3);
    for (int i = 1; i < n; i++) REQUIRE(h[i - 1] > h[i] && h[i] > 0.0);
    h += n - 3;
    e += n - 3;
    enclosure r = enclosure_hull(rate_local(h[0], e[0], h[1], e[1]),
                                 rate_local(h[1], e[1], h[2], e[2]));
    r.alpha = e[0].alpha + e[1].alpha + e[2].alpha; /* the middle one counts once */
    return r;
}

/* sum (x_i - mean) y_i/sum (x_i - mean)^2 */
enclosure rate_slope(int n, const double *x, const enclosure *y)
{
    REQUIRE(n >= 2);
    double mean = 0.0, square = 0.0;
    for (int i = 0; i < n; i++) mean += x[i] / n;
    for (int i = 0; i < n; i++) square += (x[i] - mean) * (x[i] - mean);
    REQUIRE(square > 0.0);
    enclosure slope = enclosure_exact(0.0);
    for (int i = 0; i < n; i++)
        slope = enclosure_add(slope, enclosure_scale(y[i], (x[i] - mean) / square));
    return slope;
}

enclosure rate_limit(enclosure coarse, enclosure fine)
{
    enclosure change = enclosure_sub(fine, coarse);
    return enclosure_widen(fine, 2.0 * fmax(fabs(change.lo), fabs(change.hi)));
}

/* e2 + (e2 - e1)/((h1/h2)^order - 1) */
static enclosure eliminated(const double *h, const enclosure *e, double order)
{
    double gain = expm1(order * log(h[0] / h[1]));
    return enclosure_add(e[1], enclosure_scale(enclosure_sub(e[1], e[0]), 1.0 / gain));
}

enclosure rate_richardson(int n, const double *h, const enclosure *e, double order)
{
    REQUIRE(n >= 3 && order > 0.0);
    for (int i = 1; i < n; i++) REQUIRE(h[i - 1] > h[i] && h[i] > 0.0);
    enclosure before = eliminated(h + n - 3, e + n - 3, order);
    enclosure last = eliminated(h + n - 2, e + n - 2, order);
    enclosure change = enclosure_sub(last, before);
    last = enclosure_widen(last, fmax(fabs(change.lo), fabs(change.hi)));
    last.alpha = e[n - 3].alpha + e[n - 2].alpha + e[n - 1].alpha;
    return last;
}

static double farthest(enclosure e) { return fmax(fabs(e.lo), fabs(e.hi)); }

enclosure rate_settled(int n, const double *h, const enclosure *e, double order)
{
    const enclosure limit = rate_richardson(n, h, e, order);
    h += n - 3;
    e += n - 3;
    const enclosure first = enclosure_sub(e[0], e[1]),
                    second = enclosure_sub(e[1], e[2]);
    double expected =
        (pow(h[0], order) - pow(h[1], order)) / (pow(h[1], order) - pow(h[2], order));
    enclosure ratio = enclosure_div(first, second);
    if (ratio.lo >= 0.75 * expected && ratio.hi <= 1.25 * expected) return limit;
    enclosure last =
        enclosure_widen(e[2], 8.0 * fmax(farthest(first), farthest(second)));
    last.alpha = limit.alpha;
    return last;
}

enclosure rate_constancy(int n, const double *h, const enclosure *e, double order)
{
    REQUIRE(n >= 1);
    enclosure most = {0.0, 0.0, 0.0}, inverse = most;
    double alpha = 0.0;
    for (int i = 0; i < n; i++) {
        const enclosure c = enclosure_scale(e[i], pow(h[i], -order));
        if (!(c.lo > 0.0)) return (enclosure){NAN, NAN, alpha};
        most = enclosure_max(most, c);
        inverse = enclosure_max(inverse, enclosure_div(enclosure_exact(1.0), c));
        alpha += e[i].alpha;
    }
    enclosure ratio = enclosure_mul(most, inverse);
    ratio.alpha = alpha;
    return ratio;
}
