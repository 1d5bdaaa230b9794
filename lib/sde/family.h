/* What a family of forward processes is: its formulas, between two times u <= t. */
#ifndef SC_SDE_FAMILY_H
#define SC_SDE_FAMILY_H

#include "base.h"
#include "sde.h"

struct sde_family {
    const char *name;
    double (*f)(const sde *e, double t);
    double (*g2)(const sde *e, double t);
    double (*log_scale)(const sde *e, double u, double t); /* log(s_t/s_u) */
    double (*var)(const sde *e, double u, double t);       /* n_t - (s_t/s_u)^2 n_u */
    double (*int_g2)(const sde *e, double u, double t);
    double (*int_ei)(const sde *e, double u, double t, int k);
    bool stationary; /* p_noise = N(0, e->stationary); else N(0, n_T) */
};

/* beta(t) and B(t) - B(u). */
double sde_beta(const sde *e, double t);
double sde_beta_increment(const sde *e, double u, double t);

/* The families with a schedule beta, and those with f = 0. */
extern const sde_family SDE_FAMILY_OU, SDE_FAMILY_VP, SDE_FAMILY_SUBVP, SDE_FAMILY_CVP,
    SDE_FAMILY_COU, SDE_FAMILY_CSUBVP;
extern const sde_family SDE_FAMILY_VE, SDE_FAMILY_VE_PRIME, SDE_FAMILY_BROWNIAN;

#endif
