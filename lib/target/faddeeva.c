/* The Faddeeva function. */
#include "family.h"

#include <math.h>

#define J ((double complex)I) /* I is a float */

/* The modified trapezoidal rules of Al Azah and Chandler-Wilde 2021,
   N = 11; Laplace's continued fraction for |z| > 8. */
double complex target_faddeeva(double complex z)
{
    enum { N = 11 };
    if (cabs(z) > 8.0) {
        double complex tail = z;
        for (int k = 24; k >= 1; k--) tail = z - 0.5 * k / tail;
        return J / (sqrt(SC_PI) * tail);
    }
    double h = sqrt(SC_PI / (N + 1)), x = creal(z), y = cimag(z);
    double phase = x / h - floor(x / h);
    bool pole = y < fmax(x, SC_PI / h),
         midpoint = !pole || phase < 0.25 || phase > 0.75;
    double complex sum = 0.0, z2 = z * z;
    for (int k = 0; k <= N; k++) {
        double t = midpoint ? (k + 0.5) * h : k * h;
        double weight = k == 0 && !midpoint ? 0.5 : 1.0;
        sum += weight * exp(-t * t) / (z2 - t * t);
    }
    double complex w = 2.0 * J * h * z / SC_PI * sum;
    if (pole && y < SC_PI / h) {
        double complex turn = cexp(-2.0 * J * SC_PI * z / h);
        w += 2.0 * cexp(-z2) / (midpoint ? 1.0 + turn : 1.0 - turn);
    }
    return w;
}
