/* Scale and noise from f and g^2 alone. */
#include "quad.h"
#include "sde.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const sde *e;
    double t;
    int k;
} span;

static double drift(double r, const void *ctx) { return sde_f(ctx, r); }

/* log(s_t/s_r), to 2e-13 of itself: f has one sign. */
static int log_scale(const sde *e, double r, double t, double *value)
{
    double err;
    if (r == t) return *value = 0.0, SC_OK;
    return quad_adaptive(drift, e, 2, (double[]){r, t}, 0.0, 1e-13, value, &err);
}

/* (s_t/s_r)^k g_r^2 */
static double noise_at(double r, const void *ctx)
{
    const span *s = ctx;
    double log_s;
    if (log_scale(s->e, r, s->t, &log_s) != SC_OK) return NAN;
    return exp(s->k * log_s) * sde_g2(s->e, r);
}

int sde_quadrature(const sde *e, double u, double t, int k, enclosure *scale,
                   enclosure *noise)
{
    REQUIRE(0.0 <= u && u < t);
    const span s = {e, t, k};
    double log_s, value, err;
    CHECK(log_scale(e, u, t, &log_s));
    CHECK(quad_adaptive(noise_at, &s, 2, (double[]){u, t}, 0.0, 1e-13, &value, &err));
    /* (s_t/s_r)^k inherits k times the error of its logarithm, and rounding. */
    double relative = 2.5e-13 * fabs(log_s) + 1e-15, alpha = exp(log_s);
    *scale = enclosure_about(alpha, relative * alpha);
    *noise = enclosure_about(value, err + abs(k) * relative * value + 1e-15 * value);
    return SC_OK;
}

double sde_int_frozen_noise(const sde *e, double u, double t)
{
    double r[24], w[24], sum = 0.0;
    REQUIRE(0.0 < u && u <= t);
    quad_legendre(24, u, t, r, w);
    for (int i = 0; i < 24; i++)
        sum += 0.5 * w[i] * sde_g2(e, r[i]) * sqrt(sde_var(e, t) / sde_var(e, r[i])) /
               sde_scale_between(e, u, r[i]);
    return sum;
}
