#include "base.h"
#include "family.h"

#include <math.h>

#define LINEAR(member, horizon, lo, hi)                                                \
    {                                                                                  \
        .family = &(member), .T = (horizon), .bmin = (lo), .bmax = (hi), .power = 1.0, \
        .stationary = 1.0                                                              \
    }

const sde SDE_OU = LINEAR(SDE_FAMILY_OU, 2.0, 2.0, 2.0);
const sde SDE_VP = LINEAR(SDE_FAMILY_VP, 1.0, 0.1, 20.0);
const sde SDE_SUBVP = LINEAR(SDE_FAMILY_SUBVP, 1.0, 0.1, 20.0);
const sde SDE_CVP = LINEAR(SDE_FAMILY_CVP, 1.0, 0.1, 2.0);
const sde SDE_VE_PRIME = {.family = &SDE_FAMILY_VE_PRIME, .T = 10.0};

static sde scheduled(const sde_family *family, double bmin, double bmax, double power,
                     double T)
{
    REQUIRE(bmin >= 0.0 && bmax >= bmin && bmax > 0.0 && power > 0.0 && T > 0.0);
    return (sde){.family = family,
                 .T = T,
                 .bmin = bmin,
                 .bmax = bmax,
                 .power = power,
                 .stationary = 1.0};
}

sde sde_ou(double T) { return scheduled(&SDE_FAMILY_OU, 2.0, 2.0, 1.0, T); }

sde sde_ou_general(double theta, double sigma, double T)
{
    sde e = scheduled(&SDE_FAMILY_OU, 2.0 * theta, 2.0 * theta, 1.0, T);
    e.stationary = sigma * sigma / (2.0 * theta);
    return e;
}

sde sde_vp(double bmin, double bmax, double T)
{
    return scheduled(&SDE_FAMILY_VP, bmin, bmax, 1.0, T);
}

sde sde_vp_power(double bmin, double bmax, double power, double T)
{
    return scheduled(&SDE_FAMILY_VP, bmin, bmax, power, T);
}

sde sde_subvp(double bmin, double bmax, double T)
{
    return scheduled(&SDE_FAMILY_SUBVP, bmin, bmax, 1.0, T);
}

sde sde_cvp(double bmin, double bmax, double T)
{
    return scheduled(&SDE_FAMILY_CVP, bmin, bmax, 1.0, T);
}

sde sde_cou(double theta, double sigma, double T)
{
    sde e = scheduled(&SDE_FAMILY_COU, 2.0 * theta, 2.0 * theta, 1.0, T);
    e.stationary = sigma * sigma / (2.0 * theta);
    return e;
}

sde sde_csubvp(double bmin, double bmax, double T)
{
    return scheduled(&SDE_FAMILY_CSUBVP, bmin, bmax, 1.0, T);
}

sde sde_ve(double smin, double smax, double T)
{
    REQUIRE(0.0 < smin && smin < smax && T > 0.0);
    return (sde){.family = &SDE_FAMILY_VE, .T = T, .smin = smin, .smax = smax};
}

sde sde_ve_prime(double T)
{
    REQUIRE(T > 0.0);
    return (sde){.family = &SDE_FAMILY_VE_PRIME, .T = T};
}

sde sde_brownian(double T)
{
    REQUIRE(T > 0.0);
    return (sde){.family = &SDE_FAMILY_BROWNIAN, .T = T};
}

const char *sde_name(const sde *e) { return e->family->name; }
double sde_f(const sde *e, double t) { return e->family->f(e, t); }
double sde_g2(const sde *e, double t) { return e->family->g2(e, t); }

double sde_B(const sde *e, double t)
{
    return e->bmax > 0.0 ? sde_beta_increment(e, 0.0, t) : 0.0;
}

double sde_scale(const sde *e, double t) { return sde_scale_between(e, 0.0, t); }
double sde_var(const sde *e, double t) { return sde_var_between(e, 0.0, t); }

double sde_prior_var(const sde *e)
{
    return e->family->stationary ? e->stationary : sde_var(e, e->T);
}

double sde_scale_between(const sde *e, double u, double t)
{
    REQUIRE(0.0 <= u && u <= t);
    return exp(e->family->log_scale(e, u, t));
}

double sde_var_between(const sde *e, double u, double t)
{
    REQUIRE(0.0 <= u && u <= t);
    return e->family->var(e, u, t);
}

double sde_int_g2(const sde *e, double u, double t)
{
    REQUIRE(0.0 <= u && u <= t);
    return e->family->int_g2(e, u, t);
}

double sde_int_ei(const sde *e, double u, double t, int k)
{
    REQUIRE(0.0 <= u && u <= t && (k == 1 || k == 2));
    return e->family->int_ei(e, u, t, k);
}
