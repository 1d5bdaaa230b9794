/* The forward processes and the schemes of scheme_orders. */
#ifndef SC_SCHEME_ORDERS_H
#define SC_SCHEME_ORDERS_H

#include "sampler.h"

#include <math.h>

enum { MODELS = 5, OU = 1, VP = 2, SUBVP = 4, VE = 8, CVP = 16, ALL = 31 };
static const sde *const FORWARD[] = {&SDE_OU, &SDE_VP, &SDE_SUBVP, &SDE_VE_PRIME,
                                     &SDE_CVP};
static const char *const MODEL[] = {"OU", "VP", "subVP", "VE", "CVP"};

/* Lists of schemes end with NULL. */
static const sampler *const FIRST[] = {&SAMPLER_EM,
                                       &SAMPLER_INTEGRATED_NOISE,
                                       &SAMPLER_EI,
                                       &SAMPLER_DDPM_BETA,
                                       &SAMPLER_EI_ODE,
                                       &SAMPLER_EULER,
                                       NULL};
static const sampler *const SECOND[] = {&SAMPLER_HEUN, &SAMPLER_EI2, NULL};
static const sampler *const HEUN[] = {&SAMPLER_HEUN, NULL};
static const sampler *const RK4[] = {&SAMPLER_RK4, NULL};
static const sampler *const EM[] = {&SAMPLER_EM, NULL};
static const sampler *const WORSE[] = {&SAMPLER_DDPM, &SAMPLER_DDIM, NULL};

/* ---- Wrong on purpose ------------------------------------------------------ */

/* (6.19) as printed, on subVP: b and q are int_u^t (s_r/s_t)^k g_r^2 dr, k = 1, 2, in B = B_r. */
static step printed_ei(const sde *e, double t, double u)
{
    double Bt = sde_B(e, t), Bu = sde_B(e, u), D = Bt - Bu;
    double b = exp(0.5 * Bt) * (exp(-2.5 * Bu) - exp(-2.5 * Bt)) / 2.5;
    double q = exp(Bt) * (exp(-3.0 * Bu) - exp(-3.0 * Bt)) / 3.0;
    return (step){exp(0.5 * D), 2.0 * expm1(0.5 * D) - b, expm1(D) - q};
}

/* A control. */
static step half_drift(const sde *e, double t, double u)
{
    step c = SAMPLER_EI.coefficients(e, t, u);
    return (step){c.a, 0.5 * c.b, c.q};
}

/* EI with other numbers a, b, q. */
static sampler ei_with(const char *name,
                       step (*coefficients)(const sde *e, double t, double u))
{
    sampler s = SAMPLER_EI;
    s.name = name;
    s.coefficients = coefficients;
    return s;
}

#endif
