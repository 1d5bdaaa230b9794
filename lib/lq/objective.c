/* The two objectives of fine-tuning, their gradients and maximisers. */
#include "internal.h"
#include "quad.h"

#include <math.h>

/* Mean and variance of Y_u and their derivatives in theta; the variance is free of theta_0. */
typedef struct {
    gauss law;
    double mean0, mean1, var1;
} sensitivity;

static sensitivity sensitivity_of(const lq *m, gauss from, double u)
{
    double l = lq_growth(m), g2 = m->g * m->g, rise = exp(l * u);
    return (sensitivity){
        lq_law(m, from, u), g2 * lq_integral(l, u),
        g2 * (u * rise * from.mean + g2 * m->theta[0] * lq_integral_slope(l, u)),
        2.0 * g2 * (u * rise * rise * from.var + g2 * lq_integral_slope(2.0 * l, u))};
}

/* ---- E RWD(Y_T) --------------------------------------------------------------------------- */

/* Closed forms: the terms of each, to 1e-14 of their absolute values. */
static void reward(const lq *m, gauss from, enclosure J[LQ_JET])
{
    sensitivity s = sensitivity_of(m, from, m->T);
    double gap = s.law.mean - m->goal, reach = fabs(s.law.mean) + fabs(m->goal);
    double error = 1e-14 * m->eta;
    J[LQ_J] = enclosure_about(-0.5 * m->eta * (gap * gap + s.law.var),
                              error * (reach * reach + s.law.var));
    J[LQ_D0] =
        enclosure_about(-m->eta * gap * s.mean0, 2.0 * error * reach * fabs(s.mean0));
    J[LQ_D1] = enclosure_about(-m->eta * (gap * s.mean1 + 0.5 * s.var1),
                               2.0 * error * (reach * fabs(s.mean1) + s.var1));
}

/* ---- Running penalty ------------------------------------------------------------------------ */

typedef struct {
    const lq *m;
    gauss from;
    int j; /* 0 or 1 */
} component;

/* d/dtheta_j of E(theta_0 + k Y_u)^2 */
static double squared_error_slope(double u, const void *ctx)
{
    const component *c = ctx;
    const lq *m = c->m;
    sensitivity s = sensitivity_of(m, c->from, u);
    double k = lq_distance(m), gap = m->theta[0] + k * s.law.mean;
    if (c->j == 0) return 2.0 * gap * (1.0 + k * s.mean0);
    return 2.0 * gap * (s.law.mean + k * s.mean1) + 2.0 * k * s.law.var +
           k * k * s.var1;
}

int lq_running(const lq *m, gauss from, enclosure J[LQ_JET])
{
    enclosure kl, gain[LQ_JET];
    double g2 = m->g * m->g, value, err;
    CHECK(lq_path_kl(m, from, m->T, &kl));
    reward(m, from, gain);
    double exploration = 0.5 * g2 * m->sigma * m->sigma * m->T;
    kl = enclosure_add(kl, enclosure_rounded(exploration));
    gain[LQ_J] = enclosure_sub(gain[LQ_J], enclosure_scale(kl, m->beta));
    for (int j = 0; j < 2; j++) {
        component c = {m, from, j};
        CHECK(quad_adaptive(squared_error_slope, &c, 2, (double[]){0.0, m->T}, 0.0,
                            1e-13, &value, &err));
        double half = 0.5 * m->beta * g2;
        gain[LQ_D0 + j] =
            enclosure_sub(gain[LQ_D0 + j], enclosure_about(half * value, half * err));
    }
    for (int i = 0; i < LQ_JET; i++) J[i] = gain[i];
    return SC_OK;
}

/* ---- Terminal penalty ----------------------------------------------------------------------- */

/* KL(N(a, v) | N(b, w)) has derivatives (a - b)/w in a and (1/w - 1/v)/2 in v. */
int lq_terminal(const lq *m, gauss from, enclosure J[LQ_JET])
{
    lq trained = lq_trained(m);
    sensitivity s = sensitivity_of(m, from, m->T);
    gauss pre = lq_law(&trained, from, m->T);
    if (!(s.law.var > 0.0 && pre.var > 0.0)) return SC_EDOMAIN;
    double by_mean = (s.law.mean - pre.mean) / pre.var;
    double by_var = 0.5 * (s.law.var - pre.var) / (pre.var * s.law.var);
    double size = (fabs(s.law.mean) + fabs(pre.mean)) / pre.var;
    double spread = 0.5 / pre.var + 0.5 / s.law.var;
    reward(m, from, J);
    enclosure kl = lq_end_kl(m, from);
    enclosure d0 = enclosure_about(by_mean * s.mean0, 1e-14 * size * fabs(s.mean0));
    enclosure d1 = enclosure_about(by_mean * s.mean1 + by_var * s.var1,
                                   1e-14 * (size * fabs(s.mean1) + spread * s.var1));
    J[LQ_J] = enclosure_sub(J[LQ_J], enclosure_scale(kl, m->beta));
    J[LQ_D0] = enclosure_sub(J[LQ_D0], enclosure_scale(d0, m->beta));
    J[LQ_D1] = enclosure_sub(J[LQ_D1], enclosure_scale(d1, m->beta));
    return SC_OK;
}

/* ---- Maximisers ------------------------------------------------------------------------------- */

typedef struct {
    double g[2], error[2];
} slopes;

static int slopes_at(lq_objective *J, const lq *m, gauss from, slopes *at)
{
    enclosure jet[LQ_JET];
    CHECK(J(m, from, jet));
    for (int j = 0; j < 2; j++) {
        at->g[j] = enclosure_mid(jet[LQ_D0 + j]);
        at->error[j] = enclosure_halfwidth(jet[LQ_D0 + j]);
    }
    return SC_OK;
}

/* H by central differences of the gradient. SC_ECONVERGENCE unless negative definite. */
static int hessian(lq_objective *J, const lq *m, gauss from, double H[3])
{
    const double h = 1e-4;
    double column[2][2];
    for (int j = 0; j < 2; j++) {
        lq up = *m, down = *m;
        slopes above, below;
        up.theta[j] += h;
        down.theta[j] -= h;
        CHECK(slopes_at(J, &up, from, &above));
        CHECK(slopes_at(J, &down, from, &below));
        for (int i = 0; i < 2; i++)
            column[j][i] = (above.g[i] - below.g[i]) / (2.0 * h);
    }
    H[0] = column[0][0];
    H[1] = 0.5 * (column[0][1] + column[1][0]);
    H[2] = column[1][1];
    return H[0] < 0.0 && H[0] * H[2] > H[1] * H[1] ? SC_OK : SC_ECONVERGENCE;
}

int lq_maximiser(lq_objective *J, const lq *m, gauss from, enclosure theta[2])
{
    enum { MAX_ITERATIONS = 50 };
    lq at = *m;
    for (int i = 0; i < MAX_ITERATIONS; i++) {
        slopes s;
        double H[3];
        CHECK(slopes_at(J, &at, from, &s));
        CHECK(hessian(J, &at, from, H));
        double det = H[0] * H[2] - H[1] * H[1];
        double step0 = -(H[2] * s.g[0] - H[1] * s.g[1]) / det;
        double step1 = -(H[0] * s.g[1] - H[1] * s.g[0]) / det;
        at.theta[0] += step0;
        at.theta[1] += step1;
        if (!(fabs(step0) + fabs(step1) <= 1e-9)) continue;
        double error0 = (-H[2] * s.error[0] + fabs(H[1]) * s.error[1]) / det;
        double error1 = (-H[0] * s.error[1] + fabs(H[1]) * s.error[0]) / det;
        theta[0] = enclosure_about(at.theta[0], 2.0 * error0 + fabs(step0));
        theta[1] = enclosure_about(at.theta[1], 2.0 * error1 + fabs(step1));
        return SC_OK;
    }
    return SC_ECONVERGENCE;
}

/* ---- Level lines -------------------------------------------------------------------------------- */

typedef struct {
    lq_objective *J;
    const lq *m;
    gauss from;
    double angle, level;
} ray;

static lq point_on(const ray *c, double r)
{
    lq at = *c->m;
    at.theta[0] += r * cos(c->angle);
    at.theta[1] += r * sin(c->angle);
    return at;
}

static double above_level(double r, const void *ctx)
{
    const ray *c = ctx;
    lq at = point_on(c, r);
    enclosure J[LQ_JET];
    if (c->J(&at, c->from, J) != SC_OK) return (double)NAN;
    return enclosure_mid(J[LQ_J]) - c->level;
}

int lq_level(lq_objective *J, const lq *m, gauss from, double below, double angle,
             double theta[2])
{
    ray c = {J, m, from, angle, 0.0};
    double r;
    c.level = above_level(0.0, &c) - below;
    CHECK(quad_root(above_level, &c, 0.0, 3.0, &r));
    lq at = point_on(&c, r);
    theta[0] = at.theta[0];
    theta[1] = at.theta[1];
    return SC_OK;
}
