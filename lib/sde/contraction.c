/* How fast the drift pulls paths together or apart. */
#include "base.h"
#include "sde.h"

#include <math.h>

enclosure sde_contraction(const sde *e, rng_key key, int pairs)
{
    enum { TIMES = 9 };
    enclosure least = {INFINITY, INFINITY, 0.0};
    for (int i = 0; i < pairs * TIMES; i++) {
        double z[2], f = sde_f(e, e->T * (i % TIMES) / (TIMES - 1.0));
        rng r = rng_at(key, (uint64_t)(i / TIMES), 0);
        rng_normal(&r, 2, z);
        double gap = z[1] + copysign(0.1, z[1]), image = f * (z[0] + gap) - f * z[0];
        double rounding = 1e-14 * fabs(f) * (1.0 + fabs(z[0]));
        least.lo = fmin(least.lo, image / gap - rounding);
        least.hi = fmin(least.hi, image / gap + rounding);
    }
    return least;
}
