/* The limits over time for F_theta = x (1 + t^2/v)^-theta and data N(0, v). */
#include "consistency.h"
#include "quad.h"

#include <math.h>

typedef struct {
    consistency_limit which;
    double v, T, theta;
} objective;

/* F = c x with E Y+^2 = V = v + t^2, E Y+ z = t, E z^2 = 1, E[z | Y+] = t Y+/V. */
static double at_time(double t, const void *ctx)
{
    const objective *o = ctx;
    const consistency_model model = {o->v, 0.0, 1.0};
    consistency_jet c = consistency_at(&model, o->theta, t, 1.0);
    double V = o->v + t * t, along = c.t + c.F * t / V;
    double D = c.t * V + c.F * t; /* E Y+ D */
    switch (o->which) {
    case CONSISTENCY_CD_LIMIT:
        return V * along * along;
    case CONSISTENCY_CT_LIMIT:
        return V * c.t * c.t + 2.0 * t * c.t * c.F + c.F * c.F;
    case CONSISTENCY_PRODUCT:
        return c.F * D;
    case CONSISTENCY_PLAIN_SLOPE:
        return c.theta * D + c.F * (c.theta_t * V + c.theta * t);
    default:
        return c.theta * D;
    }
}

/* At its minimum (5.18) is 0 to rounding: hence an absolute accuracy. */
int consistency_objective(consistency_limit which, double v, double T, double theta,
                          enclosure *mean)
{
    REQUIRE(v > 0.0 && T > 0.0 && 0 <= (int)which && which < CONSISTENCY_LIMITS);
    objective o = {which, v, T, theta};
    double value, err;
    CHECK(
        quad_adaptive(at_time, &o, 2, (double[]){0.0, T}, 1e-16, 1e-14, &value, &err));
    *mean = enclosure_scale(enclosure_about(value, err), 1.0 / T);
    return SC_OK;
}

static double at_theta(double theta, const void *ctx)
{
    const objective *o = ctx;
    enclosure mean;
    if (consistency_objective(o->which, o->v, o->T, theta, &mean) != SC_OK) return NAN;
    return enclosure_mid(mean);
}

int consistency_minimiser(consistency_limit which, double v, double T, enclosure *theta)
{
    objective o = {.which = which, .v = v, .T = T};
    double argmin;
    CHECK(quad_minimum(at_theta, &o, 0.0, 2.0, &argmin));
    *theta = enclosure_about(argmin, 2e-7);
    return SC_OK;
}
