/* Contractive models: CVP and strongly log-concave data. */
#include "bound.h"

#include <math.h>

double bound_cvp_w2sq(double kappa, double m2, double B, double eps2, double h)
{
    REQUIRE(0.0 < h && h < 0.5);
    double shrink = 1.0 - kappa * expm1(-B); /* exp int_0^T beta kappa_s */
    return exp(2.0 * h * B) * m2 / (shrink * shrink) +
           eps2 / (2.0 * h * (1.0 - 2.0 * h));
}

double bound_cvp_w2sq_least(double kappa, double m2, double B, double eps2)
{
    enum { H_VALUES = 49 };
    double least = (double)INFINITY;
    for (int i = 1; i <= H_VALUES; i++)
        least =
            fmin(least, bound_cvp_w2sq(kappa, m2, B, eps2, 0.5 * i / (H_VALUES + 1)));
    return least;
}
