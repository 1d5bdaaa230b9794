/* Chen, Chewi, Li, Li, Salim, Zhang 2022, as 003 Theorem 2.3 states it. */
#include "bound.h"

#include <math.h>

double bound_ddpm_tv(const bound_ddpm *b)
{
    double steps = b->L * sqrt(b->d * b->h) + b->L * b->moment * b->h;
    return exp(-b->T) * sqrt(b->H) + (steps + b->error) * sqrt(b->T);
}

static double lipschitz(const target *data, double T)
{
    enum { TIMES = 32 };
    double largest = 0.0;
    for (int k = 0; k <= TIMES; k++) {
        double t = T * pow((double)k / TIMES, 2.0);
        largest = fmax(largest, target_curvature(data, exp(-t), -expm1(-2.0 * t)));
    }
    return 2.0 * largest;
}

int bound_ddpm_line(const target *data, double T, bound_ddpm *b)
{
    enclosure H;
    CHECK(divergence_to_gauss(&(reference){data, 1.0, 0.0}, GAUSS_STANDARD, &H, NULL));
    *b = (bound_ddpm){.T = T,
                      .d = 1,
                      .L = lipschitz(data, T),
                      .moment = sqrt(target_second_moment(data)),
                      .H = fmax(H.lo, 0.0)};
    return SC_OK;
}
