/* The least right side, and the condition. */
#include "oracle.h"
#include "quad.h"

#include <math.h>

/* log a and log eps are the unknowns. */
typedef struct {
    double n, beta, d, log_eps;
    bool fast;
} oracle;

static double over_a(double log_a, const void *ctx)
{
    const oracle *o = ctx;
    const double noise = exp(-o->d * o->log_eps) / o->n;
    return noise * exp(-log_a) + exp(2.0 * o->beta * o->log_eps) + exp(log_a);
}

/* NaN if there is no minimum over a. */
static double over_eps(double log_eps, const void *ctx)
{
    oracle o = *(const oracle *)ctx;
    double log_a;
    o.log_eps = log_eps;
    if (o.fast) return exp(-o.d * log_eps) / o.n + exp(2.0 * o.beta * log_eps);
    if (quad_minimum(over_a, &o, -40.0, 20.0, &log_a) != SC_OK) return NAN;
    return over_a(log_a, &o);
}

int oracle_least(double n, double beta, double d, bool fast, double *least)
{
    REQUIRE(n >= 1.0 && beta > 0.0 && d > 0.0);
    const oracle o = {n, beta, d, 0.0, fast};
    double log_eps;
    CHECK(quad_minimum(over_eps, &o, -14.0, 0.0, &log_eps));
    *least = over_eps(log_eps, &o);
    return SC_OK;
}

double oracle_stopping_time(double n, double beta, int d, double sd)
{
    const double e = 3.0 * beta + d;
    return pow(sd, (2.0 * beta + d) / e) * pow(n, -beta / e);
}

double oracle_condition(double n, double beta, int D, double noise, double s2)
{
    REQUIRE(0.0 < beta && beta <= 2.0 && n * noise > 1.0 && s2 > 0.0);
    const double e = 2.0 * beta + 1.0; /* floor(beta)! = 1 */
    const double a = pow(D * sqrt(log(n * noise) / e) / s2, e);
    const double b = pow(D / s2, 1.0 + 0.5 / beta), c = pow(D / s2, beta + 0.5);
    return fmax(a, fmax(b, c)) / (n * noise);
}
