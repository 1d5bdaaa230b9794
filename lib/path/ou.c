#include "path.h"

#include <math.h>

enclosure path_ou(double v, double g2, double h, long n)
{
    path_step ou = {expm1(-h), 0.0, -0.5 * g2 * expm1(-2.0 * h)};
    return path_skeleton((gauss){0.0, v}, ou, (path_step){0.0, 0.0, g2 * h}, n);
}

/* Given X_0 the entropy is affine in X_0^2: its mean under N(0, 1) is its value at X_0 = 1. */
enclosure path_integrator_step(double h, long n)
{
    path_step exact = {expm1(-h), 0.0, -expm1(-2.0 * h)};
    path_step frozen = {expm1(h), -2.0 * expm1(h), expm1(2.0 * h)};
    return path_skeleton((gauss){1.0, 0.0}, exact, frozen, n);
}
