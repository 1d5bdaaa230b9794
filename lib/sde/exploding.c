/* Families with f = 0: s = 1, and all four integrals over [u, t] are n_t - n_u. */
#include "family.h"

#include <math.h>

static double no_drift(const sde *e, double t)
{
    (void)e, (void)t;
    return 0.0;
}

static double no_scale(const sde *e, double u, double t)
{
    (void)e, (void)u, (void)t;
    return 0.0;
}

/* ---- VE: sigma geometric from smin to smax ------------------------------- */

static double log_ratio(const sde *e) { return log(e->smax / e->smin) / e->T; }

static double ve_g2(const sde *e, double t)
{
    return 2.0 * log_ratio(e) * e->smin * e->smin * exp(2.0 * t * log_ratio(e));
}

static double ve_var(const sde *e, double u, double t)
{
    return e->smin * e->smin * exp(2.0 * u * log_ratio(e)) *
           expm1(2.0 * (t - u) * log_ratio(e));
}

static double ve_int_ei(const sde *e, double u, double t, int k)
{
    (void)k;
    return ve_var(e, u, t);
}

const sde_family SDE_FAMILY_VE = {.name = "VE",
                                  .f = no_drift,
                                  .g2 = ve_g2,
                                  .log_scale = no_scale,
                                  .var = ve_var,
                                  .int_g2 = ve_var,
                                  .int_ei = ve_int_ei};

/* ---- VE': sigma = t ------------------------------------------------------- */

static double ve_prime_g2(const sde *e, double t)
{
    (void)e;
    return 2.0 * t;
}

static double ve_prime_var(const sde *e, double u, double t)
{
    (void)e;
    return (t - u) * (t + u);
}

static double ve_prime_int_ei(const sde *e, double u, double t, int k)
{
    (void)k;
    return ve_prime_var(e, u, t);
}

const sde_family SDE_FAMILY_VE_PRIME = {.name = "VE-linear",
                                        .f = no_drift,
                                        .g2 = ve_prime_g2,
                                        .log_scale = no_scale,
                                        .var = ve_prime_var,
                                        .int_g2 = ve_prime_var,
                                        .int_ei = ve_prime_int_ei};

/* ---- Brownian motion ------------------------------------------------------ */

static double unit_g2(const sde *e, double t)
{
    (void)e, (void)t;
    return 1.0;
}

static double elapsed(const sde *e, double u, double t)
{
    (void)e;
    return t - u;
}

static double elapsed_ei(const sde *e, double u, double t, int k)
{
    (void)e, (void)k;
    return t - u;
}

const sde_family SDE_FAMILY_BROWNIAN = {.name = "Brownian",
                                        .f = no_drift,
                                        .g2 = unit_g2,
                                        .log_scale = no_scale,
                                        .var = elapsed,
                                        .int_g2 = elapsed,
                                        .int_ei = elapsed_ei};
