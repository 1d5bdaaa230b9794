/* linear.c -- the linear case: Gaussian laws whose moments come from RK4. */
#include "divergence.h"

#include <math.h>
#include <stdlib.h>

/* fine +- (|fine - coarse| + rounding): RK4's own error is about 1/15 of the difference. */
static enclosure between(double fine, double coarse)
{
    return enclosure_about(fine, fabs(fine - coarse) + 1e-14 * fmax(fabs(fine), 0.1));
}

int divergence_linear(const linear_case *c, int steps, distances *d)
{
    REQUIRE(steps >= 2 && steps % 2 == 0);
    gauss *path = NEW_ARRAY(gauss, steps + 1), p = c->data, coarse, fine;
    int status = law_linear(c, steps / 2, path);
    coarse = path[steps / 2];
    if (status == SC_OK) status = law_linear(c, steps, path);
    fine = path[steps];
    free(path);
    CHECK(status);

    *d = (distances){
        .kl = between(gauss_kl(p, fine), gauss_kl(p, coarse)),
        .kl_reverse = between(gauss_kl(fine, p), gauss_kl(coarse, p)),
        .tv = between(gauss_tv(p, fine), gauss_tv(p, coarse)),
        .w2 = between(gauss_w2(p, fine), gauss_w2(p, coarse)),
        .mass = enclosure_exact(1.0),
    };
    return SC_OK;
}
