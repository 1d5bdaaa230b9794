/* Benton, De Bortoli, Doucet, Deligiannidis 2024: relative entropy at an early stopping time. */
#include "bound.h"

#include <math.h>

double bound_kl_early_stopping(int d, double mean2, double kappa, int steps, double T)
{
    return kappa * kappa * d * steps + kappa * d * T + (d + mean2) * exp(-2.0 * T);
}
