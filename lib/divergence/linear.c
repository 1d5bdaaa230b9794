/* linear.c -- the linear case: Gaussian laws whose moments come from RK4. */
#include "internal.h"

#include <math.h>

/* A functional of (data, law): fine +- (|fine - coarse| + what rounding of the moments does to it).
   RK4's own error is about 1/15 of the difference. */
static enclosure between(double (*f)(gauss, gauss), gauss data, gauss fine, gauss error,
                         gauss coarse)
{
    enclosure e = divergence_spread(f, data, fine, error);
    return enclosure_widen(e, fabs(enclosure_mid(e) - f(data, coarse)));
}

/* The difference of the standard deviations, without cancellation. */
static double sd_off(gauss law, gauss data, double var_off)
{
    return var_off / (sqrt(law.var) + sqrt(data.var));
}

/* W2 from the deviations. As a norm of (m - m0, sd - sd0) it moves by no more than their errors; sd by that of the
   variance over sd + sd', hence over sd. */
static enclosure w2_between(gauss data, gauss fine, const linear_deviation off[2],
                            gauss coarse)
{
    double w2 = hypot(off[1].mean, sd_off(fine, data, off[1].var));
    double rough = hypot(off[0].mean, sd_off(coarse, data, off[0].var));
    double rounding = off[1].rounding.mean + off[1].rounding.var / sqrt(fine.var);
    return enclosure_about(w2, fabs(w2 - rough) + rounding + 1e-15 * w2);
}

int divergence_linear(const linear_case *c, gauss *path, distances *d)
{
    enum { HALF = LINEAR_STEPS / 2 };
    gauss p = c->data, unwanted[LINEAR_STEPS + 1];
    if (!path) path = unwanted;
    linear_deviation off[2];
    CHECK(law_linear(c, HALF, path, &off[0]));
    gauss coarse = path[HALF];
    CHECK(law_linear(c, LINEAR_STEPS, path, &off[1]));
    gauss fine = path[LINEAR_STEPS], error = off[1].rounding;
    error.mean += 2e-16 * (fabs(p.mean) + fabs(fine.mean)); /* m0 + (m - m0) */
    error.var += 2e-16 * (p.var + fine.var);
    *d = (distances){.kl = between(gauss_kl, p, fine, error, coarse),
                     .kl_reverse =
                         between(divergence_kl_backwards, p, fine, error, coarse),
                     .tv = between(gauss_tv, p, fine, error, coarse),
                     .w2 = w2_between(p, fine, off, coarse),
                     .mass = enclosure_exact(1.0)};
    return SC_OK;
}

/* Seen from m0, which rounds nothing off m - m0. */
distances divergence_backward(const backward *c, double w)
{
    linear_deviation off = law_backward_output(c, w), both[2] = {off, off};
    gauss p = {0.0, c->data.var}, law = {off.mean, p.var + off.var};
    gauss error = off.rounding;
    error.var += 2e-16 * law.var;
    return (distances){.kl = divergence_spread(gauss_kl, p, law, error),
                       .kl_reverse =
                           divergence_spread(divergence_kl_backwards, p, law, error),
                       .tv = divergence_spread(gauss_tv, p, law, error),
                       .w2 = w2_between(p, law, both, law),
                       .mass = enclosure_exact(1.0)};
}
