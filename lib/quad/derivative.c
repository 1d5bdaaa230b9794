/* Numerical differentiation. */
#include "quad.h"

#include <math.h>

int quad_derivative(quad_function *f, const void *ctx, double x, double h, double noise,
                    double *value, double *err)
{
    static const double SHIFT[] = {-4.0, -2.0, -1.0, 1.0, 2.0, 4.0};
    REQUIRE(h > 0.0 && noise >= 0.0);
    double y[LEN(SHIFT)];
    for (int i = 0; i < LEN(SHIFT); i++) y[i] = f(x + h * SHIFT[i], ctx);
    double fine = (y[1] - 8.0 * y[2] + 8.0 * y[3] - y[4]) / (12.0 * h);
    double coarse = (y[0] - 8.0 * y[1] + 8.0 * y[4] - y[5]) / (24.0 * h);
    if (!isfinite(fine) || !isfinite(coarse)) return SC_EDOMAIN;
    *value = fine;
    *err = 1.5 * noise / h + fabs(fine - coarse);
    return SC_OK;
}
