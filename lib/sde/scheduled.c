/* Families driven by the schedule beta: time enters through B alone. With b = B(r) - B(u),
   D = B(t) - B(u):  s_r/s_u = e^{-b/2} (OU, VP, subVP),  e^{b/2} (CVP, COU, CsubVP). */
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

static double contraction(const sde *e, double t) { return -0.5 * sde_beta(e, t); }
static double expansion(const sde *e, double t) { return 0.5 * sde_beta(e, t); }

static double log_contraction(const sde *e, double u, double t)
{
    return -0.5 * sde_beta_increment(e, u, t);
}

static double log_expansion(const sde *e, double u, double t)
{
    return 0.5 * sde_beta_increment(e, u, t);
}

/* A family by the function of its drift and the prefixes of those of g^2 and of its noise. */
#define FAMILY(title, drift, g, noise, settles)                                        \
    {                                                                                  \
        .name = (title), .f = (drift), .g2 = g##_g2, .log_scale = log_##drift,         \
        .var = noise##_var, .int_g2 = g##_int_g2, .int_ei = noise##_int_ei,            \
        .stationary = (settles)                                                        \
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

const sde_family SDE_FAMILY_OU = FAMILY("OU", contraction, vp, vp, true);
const sde_family SDE_FAMILY_VP = FAMILY("VP", contraction, vp, vp, true);

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

/* int_0^y e^{kb/2} (1 - e^{-2b}) db, k = 0, 1, 2, y of either sign: positive. */
static double subvp_rest(double y, int k)
{
    enum { POINTS = 24 };
    double b[POINTS], w[POINTS], sum = 0.0;
    double q = exp(0.5 * y), rise = expm1(0.5 * y);
    if (k == 2) return rise * rise * (q + 1.0) * (q + 1.0) / (q * q);
    if (k == 1) return 2.0 / 3.0 * rise * rise * (3.0 + (2.0 + 1.0 / q) / q) / q;
    if (fabs(y) > 1.0) return y + 0.5 * expm1(-2.0 * y);
    quad_legendre(POINTS, 0.0, y, b, w);
    for (int i = 0; i < POINTS; i++) sum -= w[i] * expm1(-2.0 * b[i]);
    return sum;
}

/* int_0^y e^{kb/2} (1 - e^{-2(B + b)}) db by 1 - e^{-2(B+b)} = (1 - e^{-2B}) e^{-2b} + (1 - e^{-2b}). */
static double subvp_integral(double B, double y, int k)
{
    double power = 0.5 * k - 2.0;
    return -expm1(-2.0 * B) * expm1(power * y) / power + subvp_rest(y, k);
}

static double subvp_int_ei(const sde *e, double u, double t, int k)
{
    return subvp_integral(sde_beta_increment(e, 0.0, u), sde_beta_increment(e, u, t),
                          k);
}

static double subvp_int_g2(const sde *e, double u, double t)
{
    return subvp_int_ei(e, u, t, 0);
}

const sde_family SDE_FAMILY_SUBVP = FAMILY("subVP", contraction, subvp, subvp, true);

/* ---- CVP and COU: f = +beta/2, g^2 = v beta, v = 1 for CVP ---------------- */

static double cvp_var(const sde *e, double u, double t)
{
    return e->stationary * expm1(sde_beta_increment(e, u, t));
}

/* v int_0^D e^{-kb/2} db */
static double cvp_int_ei(const sde *e, double u, double t, int k)
{
    double half = 0.5 * k;
    return -e->stationary * expm1(-half * sde_beta_increment(e, u, t)) / half;
}

const sde_family SDE_FAMILY_CVP = FAMILY("CVP", expansion, vp, cvp, false);
const sde_family SDE_FAMILY_COU = FAMILY("COU", expansion, vp, cvp, false);

/* ---- CsubVP: f = +beta/2, g^2 = beta (e^{2B} - 1): subVP with B and D negative --------- */

static double csubvp_g2(const sde *e, double t)
{
    return sde_beta(e, t) * expm1(2.0 * sde_beta_increment(e, 0.0, t));
}

/* (e^{B_t} - 1)^2 - e^D (e^{B_u} - 1)^2 = (e^D - 1)(e^{B_t + B_u} - 1) */
static double csubvp_var(const sde *e, double u, double t)
{
    double both = sde_beta_increment(e, 0.0, u) + sde_beta_increment(e, 0.0, t);
    return expm1(sde_beta_increment(e, u, t)) * expm1(both);
}

static double csubvp_int_ei(const sde *e, double u, double t, int k)
{
    return subvp_integral(-sde_beta_increment(e, 0.0, u), -sde_beta_increment(e, u, t),
                          k);
}

static double csubvp_int_g2(const sde *e, double u, double t)
{
    return csubvp_int_ei(e, u, t, 0);
}

const sde_family SDE_FAMILY_CSUBVP = FAMILY("CsubVP", expansion, csubvp, csubvp, false);
