#include "bound.h"

#include "base.h"

#include <math.h>

enum { H_VALUES = 49 };

double bound_vp_noise_tv(double m2, int d, double B)
{
    double q = exp(-B);
    return 0.5 * sqrt(q * m2 - d * (q + log1p(-q)));
}

double bound_vp_noise_w2sq(double m2, int d, double B)
{
    double q = exp(-B), shrink = q / (1.0 + sqrt(1.0 - q)); /* 1 - sqrt(1 - q) */
    return q * m2 + d * shrink * shrink;
}

double bound_vp_concavity(double kappa, double B)
{
    double q = exp(-B);
    return kappa / (q + kappa * (1.0 - q));
}

double bound_vp_w2sq(double kappa, double m2, int d, double B, double eps2, double h)
{
    double c = 2.0 * fmin(kappa, 1.0) - 1.0 - 2.0 * h;
    REQUIRE(h > 0.0 && c > 0.0);
    return exp(-c * B) * bound_vp_noise_w2sq(m2, d, B) + eps2 / (2.0 * h * c);
}

double bound_vp_w2sq_least(double kappa, double m2, int d, double B, double eps2)
{
    double least = (double)INFINITY, room = fmin(kappa, 1.0) - 0.5;
    for (int i = 1; i <= H_VALUES; i++)
        least = fmin(least,
                     bound_vp_w2sq(kappa, m2, d, B, eps2, room * i / (H_VALUES + 1)));
    return least;
}
