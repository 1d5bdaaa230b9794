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
