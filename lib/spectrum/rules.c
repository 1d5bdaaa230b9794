/* rules.c -- the schemes of `sampler` for VP and a centred Gaussian coordinate, in balls: f = -beta/2,
 * g^2 = beta, S(r, x) = -x/v_r. */
#include "internal.h"

static const slong P = BALL_PRECISION;

void spectrum_variance(arb_t v, const nodes *s, int r, const arb_t rise)
{
    arb_mul(v, s->decay[r], rise, P);
    arb_add_si(v, v, 1, P);
}

/* l <- -1/v_r, the slope of the score. */
static void slope(arb_t l, const nodes *s, int r, const arb_t rise)
{
    spectrum_variance(l, s, r, rise);
    arb_inv(l, l, P);
    arb_neg(l, l);
}

/* ---- The three numbers --------------------------------------------------------------------- */

/* 1 + h beta/2, h beta, h beta at t. */
static void euler_maruyama(const nodes *s, numbers *c)
{
    arb_mul(c->b, s->h, s->beta[HERE], P);
    arb_set(c->q, c->b);
    arb_mul_2exp_si(c->a, c->b, -1);
    arb_add_si(c->a, c->a, 1, P);
}

/* The same with q = int_u^t beta, h beta at t - h/2 for linear beta. */
static void integrated_noise(const nodes *s, numbers *c)
{
    euler_maruyama(s, c);
    arb_mul(c->q, s->h, s->beta[MIDDLE], P);
}

static void euler(const nodes *s, numbers *c)
{
    euler_maruyama(s, c);
    arb_mul_2exp_si(c->b, c->b, -1);
    arb_zero(c->q);
}

/* With D = B_t - B_u: e^{D/2}, 2 (e^{D/2} - 1), e^D - 1. */
static void exponential(const nodes *s, numbers *c)
{
    arb_div(c->q, s->decay[THERE], s->decay[HERE], P);
    arb_sqrt(c->a, c->q, P);
    arb_sub_si(c->q, c->q, 1, P);
    arb_sub_si(c->b, c->a, 1, P);
    arb_mul_2exp_si(c->b, c->b, 1);
}

static void exponential_ode(const nodes *s, numbers *c)
{
    exponential(s, c);
    arb_mul_2exp_si(c->b, c->b, -1);
    arb_zero(c->q);
}

/* e^{D/2}, (e^D - 1)/e^{D/2}, 1 - e^{-D} */
static void ddpm_beta(const nodes *s, numbers *c)
{
    exponential(s, c);
    arb_div(c->b, c->q, c->a, P);
    arb_div(c->q, c->b, c->a, P);
}

/* The same with q (1 - e^{-B_u})/(1 - e^{-B_t}). */
static void ddpm(const nodes *s, numbers *c)
{
    arb_t n;
    arb_init(n);
    ddpm_beta(s, c);
    arb_sub_si(n, s->decay[THERE], 1, P);
    arb_mul(c->q, c->q, n, P);
    arb_sub_si(n, s->decay[HERE], 1, P);
    arb_div(c->q, c->q, n, P);
    arb_clear(n);
}

/* e^{D/2}, e^{D/2} n_t - sqrt(n_t n_u), 0 with n_r = 1 - e^{-B_r}. */
static void ddim(const nodes *s, numbers *c)
{
    exponential(s, c);
    arb_sub_si(c->b, s->decay[HERE], 1, P);
    arb_sub_si(c->q, s->decay[THERE], 1, P);
    arb_mul(c->q, c->q, c->b, P);
    arb_sqrtpos(c->q, c->q, P);
    arb_mul(c->b, c->b, c->a, P);
    arb_add(c->b, c->b, c->q, P);
    arb_neg(c->b, c->b);
    arb_zero(c->q);
}

/* 1/r, h beta/r, h beta with r = sqrt(1 - h beta). */
static void ancestral(const nodes *s, numbers *c)
{
    arb_mul(c->q, s->h, s->beta[HERE], P);
    arb_sub_si(c->a, c->q, 1, P);
    arb_neg(c->a, c->a);
    arb_rsqrt(c->a, c->a, P);
    arb_mul(c->b, c->q, c->a, P);
}

/* ---- The moves ----------------------------------------------------------------------------- */

/* v <- A^2 v */
static void stretch(arb_t v, const arb_t A)
{
    arb_mul(v, v, A, P);
    arb_mul(v, v, A, P);
}

/* A = a + b l_t */
static void once(const nodes *s, const numbers *c, const arb_t rise, arb_t v, arb_ptr w)
{
    slope(w, s, HERE, rise);
    arb_mul(w, w, c->b, P);
    arb_add(w, w, c->a, P);
    stretch(v, w);
    arb_add(v, v, c->q, P);
}

/* A = a + (b/2){l_t + l_u (a + b l_t)}, noise (1 + b l_u/2)^2 q. */
static void twice(const nodes *s, const numbers *c, const arb_t rise, arb_t v,
                  arb_ptr w)
{
    arb_ptr here = w, there = w + 1, trial = w + 2, half = w + 3;
    slope(here, s, HERE, rise);
    slope(there, s, THERE, rise);
    arb_mul_2exp_si(half, c->b, -1);
    arb_mul(trial, c->b, here, P);
    arb_add(trial, trial, c->a, P);
    arb_addmul(here, there, trial, P);
    arb_mul(here, here, half, P);
    arb_add(here, here, c->a, P);
    stretch(v, here);
    arb_mul(there, there, half, P);
    arb_add_si(there, there, 1, P);
    arb_set(trial, c->q);
    stretch(trial, there);
    arb_add(v, v, trial, P);
}

/* k <- F_r, dy = F_r y dtau, F_r = (beta_r/2)(1 - 1/v_r). */
static void flow(arb_t k, const nodes *s, int r, const arb_t rise)
{
    slope(k, s, r, rise);
    arb_add_si(k, k, 1, P);
    arb_mul(k, k, s->beta[r], P);
    arb_mul_2exp_si(k, k, -1);
}

/* k <- F (1 + h 2^shift k), the next stage of a Runge-Kutta scheme. */
static void stage(arb_t k, const nodes *s, slong shift, const arb_t F)
{
    arb_mul(k, k, s->h, P);
    arb_mul_2exp_si(k, k, shift);
    arb_add_si(k, k, 1, P);
    arb_mul(k, k, F, P);
}

/* v <- (1 + h sum/n)^2 v */
static void runge_kutta(const nodes *s, arb_t sum, slong n, arb_t v)
{
    arb_mul(sum, sum, s->h, P);
    arb_div_si(sum, sum, n, P);
    arb_add_si(sum, sum, 1, P);
    stretch(v, sum);
}

static void heun(const nodes *s, const numbers *c, const arb_t rise, arb_t v, arb_ptr w)
{
    (void)c;
    arb_ptr k = w, sum = w + 1, F = w + 2;
    flow(k, s, HERE, rise);
    flow(F, s, THERE, rise);
    arb_set(sum, k);
    stage(k, s, 0, F);
    arb_add(sum, sum, k, P);
    runge_kutta(s, sum, 2, v);
}

/* Both slopes at the old state. */
static void heun_stale(const nodes *s, const numbers *c, const arb_t rise, arb_t v,
                       arb_ptr w)
{
    (void)c;
    flow(w, s, HERE, rise);
    flow(w + 1, s, THERE, rise);
    arb_add(w, w, w + 1, P);
    runge_kutta(s, w, 2, v);
}

/* k1 + 2 k2 + 2 k3 + k4 */
static void rk4(const nodes *s, const numbers *c, const arb_t rise, arb_t v, arb_ptr w)
{
    (void)c;
    arb_ptr k = w, sum = w + 1, F = w + 2;
    flow(k, s, HERE, rise);
    arb_set(sum, k);
    flow(F, s, MIDDLE, rise);
    for (int i = 0; i < 2; i++) {
        stage(k, s, -1, F);
        arb_addmul_si(sum, k, 2, P);
    }
    flow(F, s, THERE, rise);
    stage(k, s, 0, F);
    arb_add(sum, sum, k, P);
    runge_kutta(s, sum, 6, v);
}

/* ---- The table ----------------------------------------------------------------------------- */

static const spectrum_rule RULES[] = {
    {&SAMPLER_EM, euler_maruyama, once},
    {&SAMPLER_INTEGRATED_NOISE, integrated_noise, once},
    {&SAMPLER_EI, exponential, once},
    {&SAMPLER_EI_ODE, exponential_ode, once},
    {&SAMPLER_DDPM, ddpm, once},
    {&SAMPLER_DDPM_BETA, ddpm_beta, once},
    {&SAMPLER_DDIM, ddim, once},
    {&SAMPLER_EULER, euler, once},
    {&SAMPLER_ANCESTRAL, ancestral, once},
    {&SAMPLER_EI2, exponential, twice},
    {&SAMPLER_HEUN, NULL, heun},
    {&SAMPLER_HEUN_STALE, NULL, heun_stale},
    {&SAMPLER_RK4, NULL, rk4},
};

const spectrum_rule *spectrum_rule_of(const sampler *scheme)
{
    for (int i = 0; i < LEN(RULES); i++)
        if (RULES[i].scheme == scheme) return &RULES[i];
    return NULL;
}
