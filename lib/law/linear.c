/* linear.c -- the continuous reverse SDE with Gaussian data and an affine score error. */
#include "law.h"

#include <math.h>

gauss law_linear_start(const linear_case *c)
{
    if (c->from.kind == START_NORMAL) return (gauss){c->from.mean, c->from.var};
    return law_linear_marginal(c, c->forward.T);
}

gauss law_linear_marginal(const linear_case *c, double t)
{
    return law_marginal(c->data, &c->forward, t);
}

double law_linear_error_under(const linear_case *c, double t, gauss law)
{
    if (c->a == 0.0) return c->c * c->c;
    gauss p = law_linear_marginal(c, t);
    double shift = c->c - c->a * (law.mean - p.mean) / p.var;
    return c->a * c->a * law.var / (p.var * p.var) + shift * shift;
}

double law_linear_error(const linear_case *c, double t)
{
    return law_linear_error_under(c, t, law_linear_marginal(c, t));
}

double law_linear_largest_error(const linear_case *c, int steps, const gauss *path)
{
    double largest = 0.0;
    for (int k = 0; k <= steps; k++) {
        double t = c->forward.T * (1.0 - (double)k / steps);
        gauss law = path ? path[k] : law_linear_marginal(c, t);
        largest = fmax(largest, law_linear_error_under(c, t, law));
    }
    return largest;
}

/* int_0^T g^2/v_t dt = log(1 + zeta/v0) with zeta = n_T/s_T^2, since d zeta = g^2/s^2 dt. */
double law_linear_path_error(const linear_case *c)
{
    const sde *e = &c->forward;
    double s = sde_scale(e, e->T), zeta = sde_var(e, e->T) / (s * s);
    return c->a * c->a * log1p(zeta / c->data.var) +
           c->c * c->c * sde_int_g2(e, 0.0, e->T);
}

/* p_t, A and g^2 at forward time t. */
typedef struct {
    gauss p;
    double A, g2;
} rates;

static rates rates_at(const linear_case *c, double t)
{
    gauss p = law_linear_marginal(c, t);
    double g2 = sde_g2(&c->forward, t);
    return (rates){p, -sde_f(&c->forward, t) - g2 * (1.0 + c->a) / p.var, g2};
}

affine_rates law_linear_rates(const void *ctx, double t)
{
    const linear_case *c = ctx;
    rates r = rates_at(c, fmax(0.0, c->forward.T - t));
    double pull = (1.0 + c->a) * r.p.mean / r.p.var + c->c;
    return (affine_rates){r.A, r.g2 * pull, r.g2};
}

/* One step of the classical RK4 for y' = k A y + F g^2, r at t, t - h/2 and t - h. */
static double rk4(double h, const rates r[3], double k, double F, double y)
{
    double k1 = k * r[0].A * y + F * r[0].g2;
    double k2 = k * r[1].A * (y + 0.5 * h * k1) + F * r[1].g2;
    double k3 = k * r[1].A * (y + 0.5 * h * k2) + F * r[1].g2;
    double k4 = k * r[2].A * (y + h * k3) + F * r[2].g2;
    return y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
}

/* A bound for the error of y after the step, given one before it: what the step makes of the old one,
   and a few roundings of values no larger than |y| before and after. */
static double carried(double h, const rates r[3], double k, double error, double y0,
                      double y1)
{
    return fabs(rk4(h, r, k, 0.0, error)) + 4e-16 * (fabs(y0) + fabs(y1));
}

/* The step times A where RK4 stops damping: beyond, two step sizes tell nothing of the error. */
static const double STABLE = 2.78;

/* The moments are carried as deviations D = m - m_t, W = v - v_t, which vanish for the exact score
   and start:  D' = A D + c g^2,  W' = 2 A W - 2 a g^2. */
int law_linear(const linear_case *c, int steps, gauss *path, linear_deviation *end)
{
    REQUIRE(steps > 0);
    if (!(c->data.var > 0.0)) return SC_EDOMAIN;
    double T = c->forward.T, h = T / steps;
    rates r[3] = {[2] = rates_at(c, T)};
    gauss from = law_linear_start(c);
    double D = from.mean - r[2].p.mean, W = from.var - r[2].p.var;
    gauss error = {4e-16 * fabs(r[2].p.mean), 4e-16 * r[2].p.var};
    if (c->from.kind != START_NORMAL) error = (gauss){0.0, 0.0};

    for (int k = 0;; k++) {
        path[k] = (gauss){r[2].p.mean + D, r[2].p.var + W};
        if (!(path[k].var > 0.0)) return SC_EACCURACY;
        if (k == steps) break;
        double t = T * (1.0 - (k + 1.0) / steps), D0 = D, W0 = W;
        r[0] = r[2];
        r[1] = rates_at(c, t + 0.5 * h);
        r[2] = rates_at(c, t);
        if (!(h * fabs(r[2].A) < STABLE)) return SC_EACCURACY;
        D = rk4(h, r, 1.0, c->c, D0);
        W = rk4(h, r, 2.0, -2.0 * c->a, W0);
        error.mean = carried(h, r, 1.0, error.mean, D0, D);
        error.var = carried(h, r, 2.0, error.var, W0, W);
    }
    *end = (linear_deviation){D, W, error};
    return SC_OK;
}
