#include "reparam.h"

#include "ode.h"
#include "quad.h"

#include <math.h>

double reparam_zeta2(const sde *e, double t)
{
    double s = sde_scale(e, t);
    return sde_var(e, t) / (s * s);
}

static double g2_over_s2(double t, const void *ctx)
{
    double s = sde_scale(ctx, t);
    return sde_g2(ctx, t) / (s * s);
}

int reparam_zeta2_quadrature(const sde *e, double t, enclosure *zeta2)
{
    double value, err;
    CHECK(
        quad_adaptive(g2_over_s2, e, 2, (double[]){0.0, t}, 0.0, 1e-13, &value, &err));
    *zeta2 = enclosure_about(value, err);
    return SC_OK;
}

/* s^k zeta zeta' = g^2 s^{k-2}/2 */
double reparam_velocity(const reparam *r, double t, double y, double ve_score)
{
    const sde *e = &r->forward;
    double coefficient = 0.5 * sde_g2(e, t) * pow(sde_scale(e, t), r->power - 2);
    return sde_f(e, t) * y - coefficient * ve_score;
}

/* The variance of the noise at which the score is taken. */
static double noise_in_use(const reparam *r, double t)
{
    double zeta2 = reparam_zeta2(&r->forward, t);
    return r->rootless ? zeta2 * zeta2 : zeta2;
}

/* ---- Data N(0, v0) ------------------------------------------------------------------- */

typedef struct {
    const reparam *r;
    double v0;
} gaussian;

/* dY/dt = rate Y; its two terms may cancel, which leaves their rounding: below CANCELLED over [0, T] for
   |log s| < 100. */
static const double CANCELLED = 1e-13;

static double rate(double t, const void *ctx)
{
    const gaussian *g = ctx;
    double argument = 1.0 / sde_scale(&g->r->forward, t);
    double ve_score = -argument / (g->v0 + noise_in_use(g->r, t));
    return reparam_velocity(g->r, t, 1.0, ve_score);
}

int reparam_log_variance(const reparam *r, double v0, double t, enclosure *log_variance)
{
    static const double SPLIT[] = {0.02, 0.1, 0.3, 0.6, 1.0};
    const double T = r->forward.T, s = sde_scale(&r->forward, T);
    REQUIRE(v0 > 0.0 && 0.0 <= t && t <= T);
    double points[LEN(SPLIT) + 1] = {t}, growth = 0.0, err = 0.0;
    int n = 1;
    for (int i = 0; i < LEN(SPLIT); i++)
        if (SPLIT[i] * T > t) points[n++] = SPLIT[i] * T;
    gaussian g = {r, v0};
    if (n > 1)
        CHECK(quad_adaptive(rate, &g, n, points, CANCELLED, 1e-13, &growth, &err));
    double start = log(s * s * v0 + sde_var(&r->forward, T));
    *log_variance =
        enclosure_add(enclosure_rounded(start),
                      enclosure_about(-2.0 * growth, 2.0 * (err + CANCELLED)));
    return SC_OK;
}

/* ---- Any data ------------------------------------------------------------------------ */

typedef struct {
    const reparam *r;
    const target *data;
    int n;
} moving;

static void velocity(const void *ctx, double t, const double *y, double *dy)
{
    const moving *m = ctx;
    double x[REPARAM_POINTS], s[REPARAM_POINTS], scale = sde_scale(&m->r->forward, t);
    for (int i = 0; i < m->n; i++) x[i] = y[i] / scale;
    target_score(m->data, 1.0, noise_in_use(m->r, t), m->n, x, NULL, s, NULL);
    for (int i = 0; i < m->n; i++) dy[i] = reparam_velocity(m->r, t, y[i], s[i]);
}

int reparam_flow(const reparam *r, const target *data, int n, double *y, double *error)
{
    REQUIRE(1 <= n && n <= REPARAM_POINTS);
    moving m = {r, data, n};
    return ode_solve(velocity, &m, n, r->forward.T, 0.0, 1e-12, y, error);
}
