/* The forward processes. */
#include "catalogue.h"

#include <math.h>

void catalogue_forward(double T, sde e[CATALOGUE_N_FORWARD])
{
    e[0] = sde_ou(T);
    e[1] = sde_vp(0.1, 20.0, T);
    e[2] = sde_subvp(0.1, 20.0, T);
    e[3] = sde_ve(0.1, 0.1 * pow(3.0, T), T);
    e[4] = sde_cvp(0.1, 2.0, T);
}

const catalogue_parameters CATALOGUE_STANDARD = {1.3, 0.8, 0.01, 50.0, 0.1, 20.0, 1.0};

sde catalogue_process(catalogue_family family, const catalogue_parameters *p)
{
    switch (family) {
    case CATALOGUE_OU:
        return sde_ou_general(p->theta, p->sigma, p->T);
    case CATALOGUE_VE:
        return sde_ve(p->smin, p->smax, p->T);
    case CATALOGUE_VE_PRIME:
        return sde_ve_prime(p->T);
    case CATALOGUE_VP:
        return sde_vp(p->bmin, p->bmax, p->T);
    case CATALOGUE_SUBVP:
        return sde_subvp(p->bmin, p->bmax, p->T);
    case CATALOGUE_CVP:
        return sde_cvp(p->bmin, p->bmax, p->T);
    case CATALOGUE_COU:
        return sde_cou(p->theta, p->sigma, p->T);
    default:
        REQUIRE(family == CATALOGUE_CSUBVP);
    }
    return sde_csubvp(p->bmin, p->bmax, p->T);
}

catalogue_parameters catalogue_random_parameters(rng_key key, uint64_t replicate)
{
    double u[7];
    rng r = rng_at(key, replicate, 0);
    rng_uniform(&r, LEN(u), u);
    return (catalogue_parameters){.theta = 0.2 + 2.8 * u[0],
                                  .sigma = 0.3 + 1.7 * u[1],
                                  .smin = 0.005 + 0.045 * u[2],
                                  .smax = 1.0 + 79.0 * u[3],
                                  .bmin = 0.05 + 0.95 * u[4],
                                  .bmax = 2.0 + 23.0 * u[5],
                                  .T = u[6] < 0.5 ? 1.0 : 5.0};
}
