/* Positive functions on the line, as semigroup_apply takes them. */
#include "semigroup.h"

#include <math.h>

void semigroup_eval(const semigroup_function *f, double at, double *value,
                    double *derivative)
{
    double u = at - f->origin, logf, slope;
    f->eval(f->ctx, 1, &u, &logf, &slope);
    *value = exp(logf);
    *derivative = *value * slope;
}

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

semigroup_wave semigroup_of_wave(const semigroup_wave *w, semigroup_kernel k)
{
    REQUIRE(isinf(w->var) && k.alpha == 1.0);
    double A = w->a * exp(-0.5 * w->k * w->k * k.s2);
    return (semigroup_wave){A, k.gamma * w->k, INFINITY};
}

void semigroup_wave_sups(const semigroup_wave *w, double sup[2])
{
    REQUIRE(isinf(w->var) && 0.0 <= w->a && w->a < 1.0);
    sup[0] = w->k * w->a / sqrt((1.0 - w->a) * (1.0 + w->a)); /* at sin ku = -a */
    sup[1] = w->k * w->k * w->a / (1.0 - w->a);               /* at sin ku = -1 */
}

void semigroup_wave_maxima(const semigroup_wave *w, int n, double largest[2])
{
    REQUIRE(isinf(w->var) && n >= 2);
    largest[0] = largest[1] = 0.0;
    for (int i = 0; i < n; i++) {
        double phase = 2.0 * SC_PI * i / (n - 1), wave = w->a * sin(phase);
        double slope = w->k * w->a * cos(phase) / (1.0 + wave);
        double second = -w->k * w->k * wave / (1.0 + wave) - slope * slope;
        largest[0] = fmax(largest[0], fabs(slope));
        largest[1] = fmax(largest[1], fabs(second));
    }
}

int semigroup_wave_top(const semigroup_wave *w, semigroup_kernel k, enclosure *slope)
{
    const semigroup_wave later = semigroup_of_wave(w, k);
    const semigroup_function f = semigroup_waves(w);
    smoothed s;
    CHECK(semigroup_apply(&f, k, -asin(later.a) / later.k, &s));
    *slope = semigroup_slope(k, s.gap);
    return SC_OK;
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
