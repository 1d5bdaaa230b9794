/* Heun and RK4 for the probability flow, EI2 for the SDE. */
#include "sampler.h"

#include <math.h>
#include <stdlib.h>

/* k = F(t, x) with dy = F dtau, F = -f y + g^2 S/2, tau = T - t. */
static void flow(const move *m, double t, const double *x, double *k)
{
    double f = sde_f(m->forward, t), half_g2 = 0.5 * sde_g2(m->forward, t);
    m->s.eval(m->s.ctx, t, m->n, m->d, x, m->d, k, m->d);
    for (long i = 0; i < m->n * m->d; i++) k[i] = half_g2 * k[i] - f * x[i];
}

/* y = x + h k */
static void shift(long size, const double *x, double h, const double *k, double *y)
{
    for (long i = 0; i < size; i++) y[i] = x[i] + h * k[i];
}

/* k1 at x; k2 at x + h k1, or, wrongly, at x again. */
static void trapezoid(const move *m, const double *x, bool stale, double *y)
{
    long size = m->n * m->d;
    double h = m->t - m->u;
    double *k1 = NEW_ARRAY(double, 3 * size), *k2 = k1 + size, *trial = k2 + size;
    flow(m, m->t, x, k1);
    shift(size, x, stale ? 0.0 : h, k1, trial);
    flow(m, m->u, trial, k2);
    for (long i = 0; i < size; i++) y[i] = x[i] + 0.5 * h * (k1[i] + k2[i]);
    free(k1);
}

static void heun(const sampler *self, const move *m, const double *x, const double *z,
                 double *y)
{
    (void)self, (void)z;
    trapezoid(m, x, false, y);
}

static void heun_stale(const sampler *self, const move *m, const double *x,
                       const double *z, double *y)
{
    (void)self, (void)z;
    trapezoid(m, x, true, y);
}

static void rk4(const sampler *self, const move *m, const double *x, const double *z,
                double *y)
{
    (void)self, (void)z;
    long size = m->n * m->d;
    double h = m->t - m->u, middle = m->t - 0.5 * h;
    double *k1 = NEW_ARRAY(double, 5 * size);
    double *k2 = k1 + size, *k3 = k2 + size, *k4 = k3 + size, *trial = k4 + size;
    flow(m, m->t, x, k1);
    shift(size, x, 0.5 * h, k1, trial);
    flow(m, middle, trial, k2);
    shift(size, x, 0.5 * h, k2, trial);
    flow(m, middle, trial, k3);
    shift(size, x, h, k3, trial);
    flow(m, m->u, trial, k4);
    for (long i = 0; i < size; i++)
        y[i] = x[i] + h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    free(k1);
}

/* EI twice with the same noise; the second time with the mean of both scores. */
static void ei2(const sampler *self, const move *m, const double *x, const double *z,
                double *y)
{
    (void)self;
    step c = SAMPLER_EI.coefficients(m->forward, m->t, m->u);
    double noise = sqrt(c.q);
    long size = m->n * m->d;
    double *s = NEW_ARRAY(double, 3 * size), *s_trial = s + size;
    double *trial = s_trial + size;
    m->s.eval(m->s.ctx, m->t, m->n, m->d, x, m->d, s, m->d);
    for (long i = 0; i < size; i++) trial[i] = c.a * x[i] + c.b * s[i] + noise * z[i];
    m->s.eval(m->s.ctx, m->u, m->n, m->d, trial, m->d, s_trial, m->d);
    for (long i = 0; i < size; i++)
        y[i] = c.a * x[i] + 0.5 * c.b * (s[i] + s_trial[i]) + noise * z[i];
    free(s);
}

const sampler SAMPLER_HEUN = {
    .name = "Heun", .evaluations = 2, .normals = 0, .advance = heun};
const sampler SAMPLER_HEUN_STALE = {
    .name = "Heun-stale", .evaluations = 2, .normals = 0, .advance = heun_stale};
const sampler SAMPLER_RK4 = {
    .name = "RK4", .evaluations = 4, .normals = 0, .advance = rk4};
const sampler SAMPLER_EI2 = {
    .name = "EI2", .evaluations = 2, .normals = 1, .advance = ei2};
