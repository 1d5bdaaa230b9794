#include "quad.h"

#include <math.h>

/* P_n(x) by the three-term recurrence, and P_n'(x), |x| < 1. */
static double legendre(int n, double x, double *derivative)
{
    double before = 1.0, p = x;
    for (int k = 2; k <= n; k++) {
        double next = ((2.0 * k - 1.0) * x * p - (k - 1.0) * before) / k;
        before = p;
        p = next;
    }
    *derivative = n * (before - x * p) / ((1.0 - x) * (1.0 + x));
    return p;
}

/* Newton from Tricomi's guess; the weight is 2/((1 - x^2) P_n'(x)^2). GSL's rule is not used: its
   nodes beyond its tables (n = 24, 60, 80, ...) are good to 1e-10 only. */
void quad_legendre(int n, double a, double b, double *x, double *w)
{
    REQUIRE(n >= 1);
    double centre = 0.5 * (a + b), half = 0.5 * (b - a);
    for (int i = 0; i < n; i++) {
        double y = -cos(SC_PI * (i + 0.75) / (n + 0.5)), slope;
        for (int k = 0; k < 6; k++) {
            double p = legendre(n, y, &slope);
            y -= p / slope;
        }
        legendre(n, y, &slope);
        x[i] = centre + half * y;
        w[i] = 2.0 * half / ((1.0 - y) * (1.0 + y) * slope * slope);
    }
}
