/* affine.c -- Gaussian laws of affine SDEs, and the backward processes of linear models. */
#include "law.h"
#include "ode.h"

#include <math.h>

static const double TOLERANCE = 1e-13;
enum { MEAN, VARIANCE, LOG_GAIN, STATES };

typedef struct {
    affine_sde *f;
    const void *ctx;
} problem;

static void moments(const void *ctx, double t, const double *y, double *dy)
{
    const problem *p = ctx;
    affine_rates r = p->f(p->ctx, t);
    dy[MEAN] = r.A * y[MEAN] + r.b;
    dy[VARIANCE] = 2.0 * r.A * y[VARIANCE] + r.q;
    dy[LOG_GAIN] = r.A;
}

int law_affine(affine_sde *f, const void *ctx, double s, double t, gauss from,
               affine_law *law)
{
    double y[STATES] = {from.mean, from.var, 0.0}, error[STATES];
    problem p = {f, ctx};
    CHECK(ode_solve(moments, &p, STATES, s, t, TOLERANCE, y, error));
    double gain = exp(y[LOG_GAIN]);
    *law = (affine_law){
        .mean = enclosure_about(y[MEAN], error[MEAN]),
        .var = enclosure_about(y[VARIANCE], error[VARIANCE]),
        .gain = enclosure_about(gain, gain * (expm1(error[LOG_GAIN]) + 1e-15))};
    return SC_OK;
}

enclosure law_affine_error(const affine_law *law, gauss exact)
{
    return enclosure_farther(enclosure_sub(law->mean, enclosure_exact(exact.mean)),
                             enclosure_sub(law->var, enclosure_exact(exact.var)));
}

static enclosure squared(enclosure e) { return enclosure_mul(e, e); }

enclosure law_affine_w2sq(const affine_law *law, gauss to)
{
    enclosure sd = enclosure_sqrt(enclosure_exact(to.var));
    enclosure mean_off = enclosure_sub(law->mean, enclosure_exact(to.mean));
    enclosure sd_off = enclosure_sub(enclosure_sqrt(law->var), sd);
    return enclosure_add(squared(mean_off), squared(sd_off));
}

gauss law_marginal(gauss data, const sde *e, double t)
{
    double s = sde_scale(e, t);
    return (gauss){s * data.mean, s * s * data.var + sde_var(e, t)};
}

affine_rates law_backward(const void *ctx, double t)
{
    const backward *c = ctx;
    double tau = c->forward.T - t, g2 = sde_g2(&c->forward, tau);
    gauss p = law_marginal(c->data, &c->forward, tau);
    double pull = c->score * g2 / p.var;
    return (affine_rates){-sde_f(&c->forward, tau) - pull, pull * p.mean,
                          c->noise * g2};
}

int law_backward_exact(const backward *c, double s, double t, affine_law *law)
{
    gauss from = law_marginal(c->data, &c->forward, c->forward.T - s);
    return law_affine(law_backward, c, s, t, from, law);
}

int law_backward_covariance(const backward *c, double s, double t, enclosure *error)
{
    const sde *e = &c->forward;
    double exact = sde_scale_between(e, e->T - t, e->T - s) *
                   law_marginal(c->data, e, e->T - t).var;
    affine_law before, after;
    CHECK(law_backward_exact(c, 0.0, s, &before));
    CHECK(law_backward_exact(c, s, t, &after));
    *error = enclosure_relative(enclosure_mul(after.gain, before.var), exact);
    return SC_OK;
}

/* Only there is Phi^2 v_T + int (noise) = v0. w - v_T is formed from w - n_T, which is s_T^2 for VP. */
linear_deviation law_backward_output(const backward *c, double w)
{
    const sde *e = &c->forward;
    const double v0 = c->data.var, s = sde_scale(e, e->T), n = sde_var(e, e->T);
    REQUIRE(v0 > 0.0 && ((c->score == 1.0 && c->noise == 1.0) ||
                         (c->score == 0.5 && c->noise == 0.0)));
    double v_T = s * s * v0 + n, gain = pow(s * s * v0 / v_T, c->score) / s;
    double mean = -gain * s * c->data.mean;
    double var = gain * gain * ((w - n) - s * s * v0);
    double power = 1.2e-15 * fabs(log(s)); /* of s^2 = e^{2 log s} */
    gauss rounding = {(4e-15 + power) * fabs(mean),
                      (4e-15 + power) * fabs(var) +
                          (4e-16 + power) * gain * gain * (w + v_T)};
    return (linear_deviation){mean, var, rounding};
}
