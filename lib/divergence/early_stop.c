/* Benton, De Bortoli, Doucet, Deligiannidis 2024: steps that shrink towards the data, stopped before them. */
#include "divergence.h"
#include "timegrid.h"

#include <math.h>
#include <stdlib.h>

static int times(early_stop at, bool whole, double **t, int *steps)
{
    if (whole) {
        *t = timegrid_benton_whole(at.T, at.delta, at.kappa, steps);
        return SC_OK;
    }
    int capacity = 2 * (int)((1.0 + at.kappa) * (at.T - log(at.delta)) / at.kappa) + 8;
    *t = NEW_ARRAY(double, capacity);
    return timegrid_benton(at.T, at.delta, at.kappa, capacity, *t, steps);
}

int divergence_early_stop(const chain *c, early_stop at, bool whole, early_stopped *out)
{
    const sde ou = sde_ou(at.T);
    chain run = *c;
    double *t;
    distances d = {0};
    int status = times(at, whole, &t, &run.steps);
    run.forward = &ou;
    run.t = t;
    if (status == SC_OK) status = divergence_chain(&run, NULL, &d);
    if (status == SC_OK)
        *out = (early_stopped){run.steps, timegrid_benton_ratio(at.kappa, run.steps, t),
                               d.kl, d.kl_reverse};
    free(t);
    return status;
}
