/* The entry points of every family, and what the families share. */
#include "family.h"

#include <math.h>
#include <stdlib.h>

target *target_of_family(const family *f, double mean, double variance,
                         double smallest_sd)
{
    target *p = NEW(target);
    p->family = f;
    p->mean = mean;
    p->variance = variance;
    p->smallest_sd = smallest_sd;
    return p;
}

void target_free(target *p)
{
    if (!p) return;
    free(p->w);
    free(p->mu);
    free(p->var);
    free(p->panel_cdf);
    gmm_free(p->mixture);
    free(p);
}

const char *target_name(const target *p) { return p->family->name; }
double target_mean(const target *p) { return p->mean; }
double target_variance(const target *p) { return p->variance; }
double target_second_moment(const target *p) { return p->variance + p->mean * p->mean; }
double target_smallest_sd(const target *p) { return p->smallest_sd; }
const gmm *target_as_gmm(const target *p) { return p->mixture; }

void target_score(const target *p, double m, double s2, long n, const double *x,
                  double *logp, double *s, double *ds)
{
    REQUIRE(s2 >= 0.0);
    if (p->family->score) {
        p->family->score(p, m, s2, n, x, logp, s, ds);
        return;
    }
    for (long i = 0; i < n; i++) {
        jet j = p->family->point(p, m, s2, x[i]);
        if (logp) logp[i] = j.logp;
        if (s) s[i] = j.s;
        if (ds) ds[i] = j.ds;
    }
}

double target_cdf(const target *p, double m, double s2, double x)
{
    REQUIRE(s2 >= 0.0);
    return p->family->cdf(p, m, s2, x);
}

double target_survival(const target *p, double m, double s2, double x)
{
    REQUIRE(s2 >= 0.0);
    if (p->family->survival) return p->family->survival(p, m, s2, x);
    return p->family->cdf(p, m, s2, 2.0 * m * p->centre - x);
}

int target_breaks(const target *p, double m, double s2, double x[TARGET_BREAKS])
{
    if (s2 > 0.0 || !p->family->breaks) return 0;
    int n = p->family->breaks(p, x);
    for (int i = 0; i < n; i++) x[i] *= m;
    return n;
}

/* P(m X_0 + sigma Z > m hi + z sigma) <= P(X_0 > hi) + P(Z > z), half of the tail each, and
   P(Z > z) <= exp(-z^2/2)/2. */
void target_span(const target *p, double m, double s2, double tail, double *lo,
                 double *hi)
{
    REQUIRE(s2 >= 0.0 && tail > 0.0 && tail < 0.5);
    double z = sqrt(-2.0 * log(tail)), a, b;
    p->family->core(p, 0.5 * tail, &a, &b);
    *lo = m * a - z * sqrt(s2);
    *hi = m * b + z * sqrt(s2);
}

void target_sample(const target *p, rng_key key, uint64_t first, long n, double *x)
{
    p->family->sample(p, key, first, n, x);
}

double target_phi_cdf(double x) { return 0.5 * erfc(-x * SQRT_HALF); }
double target_phi(double x) { return exp(-0.5 * x * x) / sqrt(2.0 * SC_PI); }

/* Below 25: exp(x^2) with x = xh + (x - xh), xh rounded to single precision so that xh^2 is
   exact (W. J. Cody). Above: the asymptotic series, whose seventh term is below 1e-17. */
double target_erfcx(double x)
{
    if (x < 25.0) {
        double xh = (double)(float)x;
        return exp(xh * xh) * exp((x - xh) * (x + xh)) * erfc(x);
    }
    double r = 1.0 / (2.0 * x * x), term = 1.0, sum = 1.0;
    for (int k = 1; k <= 6; k++) {
        term *= -(2.0 * k - 1.0) * r;
        sum += term;
    }
    return sum / (x * sqrt(SC_PI));
}
