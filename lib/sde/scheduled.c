/* Families driven by the schedule beta: time enters through B alone. With b = B(r) - B(u),
   D = B(t) - B(u):  s_r/s_u = e^{-b/2} (OU, VP, subVP),  e^{b/2} (CVP). */
#include "family.h"
#include "quad.h"

#include <math.h>

double sde_beta(const sde *e, double t)
{
    double x = t / e->T;
    return e->bmin + (e->bmax - e->bmin) * (e->power == 1.0 ? x : pow(x, e->power));
}

/* t^{p+1} - u^{p+1} = -t^{p+1} expm1((p+1) log(u/t)), for p = 1 (t - u)(t + u): no cancellation for u
   close to t. */
double sde_beta_increment(const sde *e, double u, double t)
{
    double p1 = e->power + 1.0, slope = (e->bmax - e->bmin) / e->T;
    if (t <= 0.0) return 0.0;
    if (p1 == 2.0) return (t - u) * (e->bmin + 0.5 * slope * (t + u));
    double rise = -expm1(p1 * log1p((u - t) / t)) * pow(t / e->T, p1);
    return e->bmin * (t - u) + (e->bmax - e->bmin) * e->T / p1 * rise;
}

static double contract(const sde *e, double t) { return -0.5 * sde_beta(e, t); }
static double expand(const sde *e, double t) { return 0.5 * sde_beta(e, t); }

static double log_contraction(const sde *e, double u, double t)
{
    return -0.5 * sde_beta_increment(e, u, t);
}

static double log_expansion(const sde *e, double u, double t)
{
    return 0.5 * sde_beta_increment(e, u, t);
}

/* ---- OU and VP: g^2 = v beta, v = 1 for VP ------------------------------- */

static double vp_g2(const sde *e, double t) { return e->stationary * sde_beta(e, t); }

static double vp_var(const sde *e, double u, double t)
{
    return -e->stationary * expm1(-sde_beta_increment(e, u, t));
}

static double vp_int_g2(const sde *e, double u, double t)
{
    return e->stationary * sde_beta_increment(e, u, t);
}

/* v int_0^D e^{kb/2} db */
static double vp_int_ei(const sde *e, double u, double t, int k)
{
    double half = 0.5 * k;
    return e->stationary * expm1(half * sde_beta_increment(e, u, t)) / half;
}

const sde_family SDE_FAMILY_OU = {.name = "OU",
                                  .f = contract,
                                  .g2 = vp_g2,
                                  .log_scale = log_contraction,
                                  .var = vp_var,
                                  .int_g2 = vp_int_g2,
                                  .int_ei = vp_int_ei,
                                  .stationary = true};
const sde_family SDE_FAMILY_VP = {.name = "VP",
                                  .f = contract,
                                  .g2 = vp_g2,
                                  .log_scale = log_contraction,
                                  .var = vp_var,
                                  .int_g2 = vp_int_g2,
                                  .int_ei = vp_int_ei,
                                  .stationary = true};

/* ---- subVP: g^2 = beta (1 - e^{-2B}) ------------------------------------- */

static double subvp_g2(const sde *e, double t)
{
    return -sde_beta(e, t) * expm1(-2.0 * sde_beta_increment(e, 0.0, t));
}

/* (1 - e^{-B_t})^2 - e^{-D} (1 - e^{-B_u})^2 = (1 - e^{-D})(1 - e^{-(B_t + B_u)}) */
static double subvp_var(const sde *e, double u, double t)
{
    double both = sde_beta_increment(e, 0.0, u) + sde_beta_increment(e, 0.0, t);
    return expm1(-sde_beta_increment(e, u, t)) * expm1(-both);
}

/* int_0^D e^{kb/2} (1 - e^{-2(B_u + b)}) db, k = 0, 1, 2; smooth and positive in b. */
static double subvp_integral(const sde *e, double u, double t, int k)
{
    enum { POINTS = 24 };
    double b[POINTS], w[POINTS], sum = 0.0;
    double B = sde_beta_increment(e, 0.0, u);
    quad_legendre(POINTS, 0.0, sde_beta_increment(e, u, t), b, w);
    for (int i = 0; i < POINTS; i++)
        sum -= w[i] * exp(0.5 * k * b[i]) * expm1(-2.0 * (B + b[i]));
    return sum;
}

static double subvp_int_g2(const sde *e, double u, double t)
{
    return subvp_integral(e, u, t, 0);
}

const sde_family SDE_FAMILY_SUBVP = {.name = "subVP",
                                     .f = contract,
                                     .g2 = subvp_g2,
                                     .log_scale = log_contraction,
                                     .var = subvp_var,
                                     .int_g2 = subvp_int_g2,
                                     .int_ei = subvp_integral,
                                     .stationary = true};

/* ---- CVP: f = +beta/2, g^2 = beta ---------------------------------------- */

static double cvp_var(const sde *e, double u, double t)
{
    return expm1(sde_beta_increment(e, u, t));
}

/* int_0^D e^{-kb/2} db */
static double cvp_int_ei(const sde *e, double u, double t, int k)
{
    double half = 0.5 * k;
    return -expm1(-half * sde_beta_increment(e, u, t)) / half;
}

const sde_family SDE_FAMILY_CVP = {.name = "CVP",
                                   .f = expand,
                                   .g2 = sde_beta,
                                   .log_scale = log_expansion,
                                   .var = cvp_var,
                                   .int_g2 = sde_beta_increment,
                                   .int_ei = cvp_int_ei};
