/* What the experiments of chapter convergence share. */
#ifndef SC_CONVERGENCE_CHAPTER_H
#define SC_CONVERGENCE_CHAPTER_H

#include "divergence.h"
#include "xp.h"

#include <math.h>

static const gauss NORMAL = {0.0, 1.0};
static const start EXACT = {.kind = START_PT}, FROM_NORMAL = {START_NORMAL, 0.0, 1.0};

/* A closed form. */
static inline enclosure rounded(double value)
{
    return enclosure_about(value, 1e-14 * fabs(value) + 1e-16);
}

/* m2 = E X_0^2. */
static inline double second_moment(const target *data)
{
    return target_variance(data) + pow(target_mean(data), 2.0);
}

/* OU, VP, subVP, VE and CVP on [0, T]. */
enum { MODELS = 5 };
static inline void five_models(double T, sde e[MODELS])
{
    e[0] = sde_ou(T);
    e[1] = sde_vp(0.1, 20.0, T);
    e[2] = sde_subvp(0.1, 20.0, T);
    e[3] = sde_ve(0.1, 0.1 * pow(3.0, T), T);
    e[4] = sde_cvp(0.1, 2.0, T);
}

/* Distances of a linear case by RK4. */
enum { RK4_STEPS = 1500 };
static inline int linear_distances(const linear_case *c, distances *d)
{
    gauss path[RK4_STEPS + 1];
    return divergence_linear(c, RK4_STEPS, path, d);
}

#endif
