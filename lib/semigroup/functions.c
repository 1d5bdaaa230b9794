/* Positive functions on the line, as semigroup_apply takes them. */
#include "semigroup.h"

#include <math.h>

/* log of the density of N(0, var) at u; 0 for var = INFINITY, where the factor is left out. */
static double log_gauss(double u, double var)
{
    return isinf(var) ? 0.0 : -0.5 * u * u / var - 0.5 * log(2.0 * SC_PI * var);
}

static void eval_wave(const void *ctx, int n, const double *u, double *logf,
                      double *slope)
{
    const semigroup_wave *w = ctx;
    for (int i = 0; i < n; i++) {
        double wave = w->a * sin(w->k * u[i]);
        logf[i] = log1p(wave) + log_gauss(u[i], w->var);
        slope[i] = w->a * w->k * cos(w->k * u[i]) / (1.0 + wave) - u[i] / w->var;
    }
}

semigroup_function semigroup_waves(const semigroup_wave *w)
{
    REQUIRE(fabs(w->a) < 1.0 && w->var > 0.0);
    return (semigroup_function){eval_wave, w, 0.0, 1.0 / w->var, 0.0};
}

static void eval_ratio(const void *ctx, int n, const double *u, double *logf,
                       double *slope)
{
    const semigroup_ratio *r = ctx;
    for (int i = 0; i < n; i++) {
        double at = r->mu + u[i];
        logf[i] = log_gauss(u[i], r->v) - log_gauss(at, r->var);
        slope[i] = -u[i] / r->v + at / r->var;
    }
}

semigroup_function semigroup_gauss(const semigroup_ratio *r)
{
    REQUIRE(isfinite(r->v) && r->v > 0.0 && r->var > 0.0);
    double a = 1.0 / r->v - 1.0 / r->var, b = r->mu / r->var;
    return (semigroup_function){eval_ratio, r, r->mu, a, b};
}
