/* mean_offset.c -- what the start and a constant score error do to the mean of the sample. */
#include "law.h"

#include <math.h>

/* int_y^1 dx/(p + q x^2), 0 <= y <= 1, p > 0, p + q > 0. With r = sqrt(|q|/p) the two ends are one arc tangent,
   of r (1 - y)/(1 +- r^2 y). */
static double resolvent(double p, double q, double y)
{
    double r = sqrt(fabs(q) / p), gap = r * (1.0 - y);
    if (q == 0.0) return (1.0 - y) / p;
    return (q > 0.0 ? atan(gap / (1.0 + r * r * y)) : atanh(gap / (1.0 - r * r * y))) /
           (p * r);
}

static mean_offset vp(double kappa, double B)
{
    return (mean_offset){1.0 / (1.0 + kappa * expm1(B)),
                         2.0 * resolvent(kappa, 1.0 - kappa, exp(-0.5 * B))};
}

static mean_offset cvp(double kappa, double B)
{
    return (mean_offset){1.0 / (1.0 - kappa * expm1(-B)),
                         2.0 * resolvent(1.0 + kappa, -kappa, exp(-0.5 * B))};
}

static mean_offset ve(double kappa, double V)
{
    return (mean_offset){1.0 / (1.0 + kappa * V), log1p(kappa * V) / kappa};
}

static sde forward_vp(double B)
{
    return sde_vp(0.1 * B / 10.05, 20.0 * B / 10.05, 1.0);
}

static sde forward_cvp(double B)
{
    return sde_cvp(0.1 * B / 10.05, 20.0 * B / 10.05, 1.0);
}

const mean_offset_model MEAN_OFFSET_VP = {"VP", forward_vp, vp};
const mean_offset_model MEAN_OFFSET_CVP = {"CVP", forward_cvp, cvp};
const mean_offset_model MEAN_OFFSET_VE = {"VE", sde_brownian, ve};

int law_mean_offset_sample(const mean_offset_model *model, double kappa, double clock,
                           double m0, double c, affine_law *law)
{
    linear_case run = {
        .data = {m0, 1.0 / kappa}, .forward = model->forward(clock), .c = c};
    run.from = (start){START_NORMAL, 0.0, sde_prior_var(&run.forward)};
    return law_affine(law_linear_rates, &run, 0.0, run.forward.T,
                      law_linear_start(&run), law);
}
