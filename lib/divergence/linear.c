/* linear.c -- the linear case: Gaussian laws whose moments come from RK4. */
#include "divergence.h"

#include <math.h>

/* fine +- (|fine - coarse| + rounding): RK4's own error is about 1/15 of the difference. */
static enclosure between(double fine, double coarse, double rounding)
{
    return enclosure_about(fine, fabs(fine - coarse) + rounding);
}

/* W2 from the deviations, without cancellation. */
static double w2_of(gauss law, gauss data, gauss deviation)
{
    return hypot(deviation.mean, deviation.var / (sqrt(law.var) + sqrt(data.var)));
}

int divergence_linear(const linear_case *c, int steps, gauss *path, distances *d)
{
    REQUIRE(steps >= 2 && steps % 2 == 0);
    gauss p = c->data, off[2];
    CHECK(law_linear(c, steps / 2, path, &off[0]));
    gauss coarse = path[steps / 2];
    CHECK(law_linear(c, steps, path, &off[1]));
    gauss fine = path[steps];

    double kl = gauss_kl(p, fine), reverse = gauss_kl(fine, p), tv = gauss_tv(p, fine);
    double w2 = w2_of(fine, p, off[1]);
    *d = (distances){
        .kl = between(kl, gauss_kl(p, coarse), 1e-14 * (kl + 0.1)),
        .kl_reverse = between(reverse, gauss_kl(coarse, p), 1e-14 * (reverse + 0.1)),
        .tv = between(tv, gauss_tv(p, coarse), 1e-15),
        .w2 = between(w2, w2_of(coarse, p, off[0]), 1e-14 * w2),
        .mass = enclosure_exact(1.0),
    };
    return SC_OK;
}
