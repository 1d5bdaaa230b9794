/* All points of one replicate: the quartic by rejection from a Gaussian, faster than its quantiles. */
#include "family.h"

#include <math.h>

void target_replicate(const target *p, rng_key key, uint64_t replicate, long n,
                      double *x)
{
    enum { ROUND = 512 };
    if (p->family != &TARGET_QUARTIC || p->a * p->a < 0.01 * p->b) {
        target_sample(p, key, replicate * (uint64_t)n, n, x);
        return;
    }
    rng normals = rng_at(key, replicate, TARGET_STREAM);
    rng uniforms = rng_at(key, replicate, TARGET_STREAM + 1);
    double sd = 1.0 / sqrt(p->a), z[ROUND], u[ROUND];
    for (long taken = 0; taken < n;) {
        rng_normal(&normals, ROUND, z);
        rng_uniform(&uniforms, ROUND, u);
        for (int i = 0; i < ROUND && taken < n; i++) {
            double y = sd * z[i], y2 = y * y;
            if (u[i] < exp(-p->b * y2 * y2)) x[taken++] = y;
        }
    }
}
