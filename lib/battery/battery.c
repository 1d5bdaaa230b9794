#include "battery.h"

#include <math.h>

linear_case battery_case(rng_key key, uint64_t i)
{
    rng r = rng_at(key, i, 0);
    double u[6], z[3];
    rng_uniform(&r, LEN(u), u);
    rng_normal(&r, LEN(z), z);

    double T = 0.3 + 3.7 * u[0];
    double bmin = pow(10.0, -2.0 + 2.0 * u[1]);
    double bmax = fmin(30.0, bmin * pow(10.0, 2.0 * u[2]));
    return (linear_case){
        .data = {2.0 * z[0], pow(10.0, -1.5 + 2.3 * u[3])},
        .forward = sde_vp(bmin, bmax, T),
        .from = {START_NORMAL, 0.0, 1.0},
        .a = u[4] < 0.5 ? 0.3 * z[1] : 0.0,
        .c = u[5] < 0.5 ? 0.3 * z[2] : 0.0,
    };
}
