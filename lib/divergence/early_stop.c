/* Benton, De Bortoli, Doucet, Deligiannidis 2024: steps that shrink towards the data, stopped before them. */
#include "divergence.h"
#include "timegrid.h"

#include <math.h>
#include <stdlib.h>

int divergence_early_stop(const target *data, const sampler *scheme, early_stop at,
                          const store *kept, early_stopped *out)
{
    int capacity = 2 * (int)((1.0 + at.kappa) * (at.T - log(at.delta)) / at.kappa) + 8;
    double *t = NEW_ARRAY(double, capacity);
    sde ou = sde_ou(at.T);
    chain c = {.data = data,
               .forward = &ou,
               .scheme = scheme,
               .from = START_STANDARD,
               .t = t,
               .kept = kept};
    distances d = {0};
    int status = timegrid_benton(at.T, at.delta, at.kappa, capacity, t, &c.steps);
    if (status == SC_OK) status = divergence_chain(&c, NULL, &d);
    if (status == SC_OK)
        *out =
            (early_stopped){c.steps, timegrid_benton_ratio(at.kappa, c.steps, t), d.kl};
    free(t);
    return status;
}
