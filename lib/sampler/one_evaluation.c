/* The schemes X' = a X + b S(t, X) + sqrt(q) Z: their three numbers, and the step they share. */
#include "kernel.h"
#include "sampler.h"

#include <math.h>
#include <stdlib.h>

/* (6.17), everything frozen at t. */
static step euler_maruyama(const sde *e, double t, double u)
{
    double h = t - u, g2h = sde_g2(e, t) * h;
    return (step){1.0 - sde_f(e, t) * h, g2h, g2h};
}

/* (6.16): the noise of the step is integrated exactly. */
static step integrated_noise(const sde *e, double t, double u)
{
    step c = euler_maruyama(e, t, u);
    c.q = sde_int_g2(e, u, t);
    return c;
}

/* (6.19): variation of constants with S frozen. */
static step exponential(const sde *e, double t, double u)
{
    return (step){1.0 / sde_scale_between(e, u, t), sde_int_ei(e, u, t, 1),
                  sde_int_ei(e, u, t, 2)};
}

/* (6.20): the same for the probability flow, half the drift and no noise. */
static step exponential_ode(const sde *e, double t, double u)
{
    return (step){1.0 / sde_scale_between(e, u, t), 0.5 * sde_int_ei(e, u, t, 1), 0.0};
}

/* Ho, Jain, Abbeel 2020: E[X_0 | X_t] frozen, noise sqrt(qbar). */
static step ddpm_beta(const sde *e, double t, double u)
{
    double alpha = sde_scale_between(e, u, t), qbar = sde_var_between(e, u, t);
    return (step){1.0 / alpha, qbar / alpha, qbar};
}

/* The same with the variance of X_u given X_t and X_0. */
static step ddpm(const sde *e, double t, double u)
{
    step c = ddpm_beta(e, t, u);
    c.q *= sde_var(e, u) / sde_var(e, t);
    return c;
}

/* Song, Meng, Ermon 2020: the noise -sqrt(n_t) S frozen.
   n_t/alpha - sqrt(n_t n_u) = sqrt(n_t) qbar / (alpha (sqrt(n_t) + alpha sqrt(n_u))). */
static step ddim(const sde *e, double t, double u)
{
    double alpha = sde_scale_between(e, u, t);
    double sigma_t = sqrt(sde_var(e, t)), sigma_u = sqrt(sde_var(e, u));
    double b =
        sigma_t * sde_var_between(e, u, t) / (alpha * (sigma_t + alpha * sigma_u));
    return (step){1.0 / alpha, b, 0.0};
}

static step euler(const sde *e, double t, double u)
{
    double h = t - u;
    return (step){1.0 - sde_f(e, t) * h, 0.5 * sde_g2(e, t) * h, 0.0};
}

/* The discrete chain X <- sqrt(1 - beta) X + sqrt(beta) Z, reversed. */
static step ancestral(const sde *e, double t, double u)
{
    double beta = (t - u) * sde_g2(e, t);
    REQUIRE(beta < 1.0);
    double r = sqrt(1.0 - beta);
    return (step){1.0 / r, beta / r, beta};
}

/* The corrector of (6.18) alone, eps = h. */
static step langevin_step(const sde *e, double t, double u)
{
    (void)e;
    double h = t - u;
    return (step){1.0, h, 2.0 * h};
}

/* (6.19) as printed, on subVP: b and q are int_u^t (s_r/s_t)^k g_r^2 dr, k = 1, 2, in B = B_r. */
static step exponential_printed(const sde *e, double t, double u)
{
    double Bt = sde_B(e, t), Bu = sde_B(e, u), D = Bt - Bu;
    double b = exp(0.5 * Bt) * (exp(-2.5 * Bu) - exp(-2.5 * Bt)) / 2.5;
    double q = exp(Bt) * (exp(-3.0 * Bu) - exp(-3.0 * Bt)) / 3.0;
    return (step){exp(0.5 * D), 2.0 * expm1(0.5 * D) - b, expm1(D) - q};
}

static step exponential_half(const sde *e, double t, double u)
{
    step c = exponential(e, t, u);
    return (step){c.a, 0.5 * c.b, c.q};
}

static step exponential_half_noise(const sde *e, double t, double u)
{
    step c = exponential(e, t, u);
    return (step){c.a, c.b, 0.5 * c.q};
}

static step step_of(const sampler *self, const sde *e, double t, double u)
{
    if (self->coefficients) return self->coefficients(e, t, u);
    step c = self->blend[0]->coefficients(e, t, u);
    step other = self->blend[1]->coefficients(e, t, u);
    double w = self->weight;
    return (step){(1.0 - w) * c.a + w * other.a, (1.0 - w) * c.b + w * other.b,
                  (1.0 - w) * c.q + w * other.q};
}

static void advance(const sampler *self, const move *m, const double *x,
                    const double *z, double *y)
{
    step c = step_of(self, m->forward, m->t, m->u);
    double noise = sqrt(c.q);
    enum { SMALL = 1024 }; /* paths in low dimension need no allocation */
    const long size = m->n * m->d;
    double buffer[SMALL], *s = size <= SMALL ? buffer : NEW_ARRAY(double, size);
    m->s.eval(m->s.ctx, m->t, m->n, m->d, x, m->d, s, m->d);
    kernel_best()->combine(size, c.a, x, c.b, s, noise, self->normals == 0 ? NULL : z,
                           y);
    if (s != buffer) free(s);
}

#define STOCHASTIC(text, rule)                                                         \
    {                                                                                  \
        .name = (text), .evaluations = 1, .normals = 1, .coefficients = (rule),        \
        .advance = advance                                                             \
    }
#define DETERMINISTIC(text, rule)                                                      \
    {                                                                                  \
        .name = (text), .evaluations = 1, .normals = 0, .coefficients = (rule),        \
        .advance = advance                                                             \
    }

const sampler SAMPLER_EM = STOCHASTIC("EM", euler_maruyama);
const sampler SAMPLER_INTEGRATED_NOISE = STOCHASTIC("(6.16)", integrated_noise);
const sampler SAMPLER_EI = STOCHASTIC("EI", exponential);
const sampler SAMPLER_DDPM = STOCHASTIC("DDPM", ddpm);
const sampler SAMPLER_DDPM_BETA = STOCHASTIC("DDPM-beta", ddpm_beta);
const sampler SAMPLER_ANCESTRAL = STOCHASTIC("ancestral", ancestral);
const sampler SAMPLER_LANGEVIN = STOCHASTIC("Langevin", langevin_step);
const sampler SAMPLER_EI_ODE = DETERMINISTIC("EI-ODE", exponential_ode);
const sampler SAMPLER_DDIM = DETERMINISTIC("DDIM", ddim);
const sampler SAMPLER_EULER = DETERMINISTIC("Euler", euler);
const sampler SAMPLER_EI_PRINTED = STOCHASTIC("EI-printed", exponential_printed);
const sampler SAMPLER_EI_HALF = STOCHASTIC("EI-half", exponential_half);
const sampler SAMPLER_EI_HALF_NOISE =
    STOCHASTIC("EI-half-noise", exponential_half_noise);

sampler sampler_blend(const sampler *first, const sampler *second, double weight)
{
    REQUIRE(first->coefficients && second->coefficients);
    REQUIRE(first->normals == 1 && second->normals == 1);
    return (sampler){.name = "blend",
                     .evaluations = 1,
                     .normals = 1,
                     .advance = advance,
                     .blend = {first, second},
                     .weight = weight};
}

const sampler *const SAMPLER_FIRST_ORDER[] = {&SAMPLER_EM,
                                              &SAMPLER_INTEGRATED_NOISE,
                                              &SAMPLER_EI,
                                              &SAMPLER_DDPM_BETA,
                                              &SAMPLER_EI_ODE,
                                              &SAMPLER_EULER,
                                              NULL};
const sampler *const SAMPLER_SECOND_ORDER[] = {&SAMPLER_HEUN, &SAMPLER_EI2, NULL};
