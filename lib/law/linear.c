/* linear.c -- the continuous reverse SDE with Gaussian data and an affine score error. */
#include "law.h"

static start origin(const linear_case *c)
{
    if (c->from.kind == START_NORMAL) return c->from;
    gauss p = law_linear_marginal(c, c->forward.T);
    return (start){START_NORMAL, p.mean, p.var};
}

gauss law_linear_marginal(const linear_case *c, double t)
{
    double s = sde_scale(&c->forward, t);
    return (gauss){s * c->data.mean, s * s * c->data.var + sde_var(&c->forward, t)};
}

double law_linear_error_under(const linear_case *c, double t, gauss law)
{
    gauss p = law_linear_marginal(c, t);
    double shift = c->c - c->a * (law.mean - p.mean) / p.var;
    return c->a * c->a * law.var / (p.var * p.var) + shift * shift;
}

double law_linear_error(const linear_case *c, double t)
{
    return law_linear_error_under(c, t, law_linear_marginal(c, t));
}

/* The right side in reverse time: m' = A m + F, v' = 2 A v + g2. */
typedef struct {
    double A, F, g2;
} rates;

static rates rates_at(const linear_case *c, double t)
{
    gauss p = law_linear_marginal(c, t);
    double g2 = sde_g2(&c->forward, t), pull = (1.0 + c->a) / p.var;
    return (rates){-sde_f(&c->forward, t) - g2 * pull, g2 * (pull * p.mean + c->c), g2};
}

/* One step of the classical RK4 for y' = A y + F, given at t, t - h/2 and t - h. */
static double rk4(double h, const double A[3], const double F[3], double y)
{
    double k1 = A[0] * y + F[0];
    double k2 = A[1] * (y + 0.5 * h * k1) + F[1];
    double k3 = A[1] * (y + 0.5 * h * k2) + F[1];
    double k4 = A[2] * (y + h * k3) + F[2];
    return y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
}

int law_linear(const linear_case *c, int steps, gauss *path)
{
    REQUIRE(steps > 0);
    if (!(c->data.var > 0.0)) return SC_EDOMAIN;
    double T = c->forward.T, h = T / steps;
    start from = origin(c);
    gauss y = {from.mean, from.var};
    rates end = rates_at(c, T);

    for (int k = 0;; k++) {
        path[k] = y;
        if (k == steps) return SC_OK;
        rates r[3] = {end, rates_at(c, T * (1.0 - (k + 0.5) / steps)),
                      rates_at(c, T * (1.0 - (k + 1.0) / steps))};
        y.mean = rk4(h, (double[]){r[0].A, r[1].A, r[2].A},
                     (double[]){r[0].F, r[1].F, r[2].F}, y.mean);
        y.var = rk4(h, (double[]){2.0 * r[0].A, 2.0 * r[1].A, 2.0 * r[2].A},
                    (double[]){r[0].g2, r[1].g2, r[2].g2}, y.var);
        if (!(y.var > 0.0)) return SC_EACCURACY;
        end = r[2];
    }
}
