#include "entropy.h"

#include <math.h>

/* p (l - 1 + e^{-l}), l = log(p/q), as p (l - 1) + q where e^{-l} might overflow. For small l the rounding of expm1 is to that of l
   as l^2/2 to l^2: no series is needed. */
double entropy_relative(double logp, double logq)
{
    const double p = exp(logp), l = logp - logq;
    if (l > -1.0) return p > 0.0 ? p * (l + expm1(-l)) : 0.0;
    return p > 0.0 ? p * (l - 1.0) + exp(logq) : exp(logq);
}
