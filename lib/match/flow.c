/* Objectives integrated over time, and the divergence they become for scores of flows. */
#include "internal.h"

#include <math.h>

typedef struct {
    match_at_time *f;
    const void *ctx;
    double *worst; /* largest error bound of t f(t), over the nodes */
} time_integral;

static double in_log_time(double log_t, const void *ctx)
{
    const time_integral *g = ctx;
    double t = exp(log_t), value, err;
    if (g->f(g->ctx, t, &value, &err) != SC_OK) return NAN;
    *g->worst = fmax(*g->worst, t * err);
    return t * value;
}

int match_over_time(match_at_time *f, const void *ctx, double t0, double t1,
                    double *value, double *err)
{
    REQUIRE(0.0 < t0 && t0 < t1);
    double worst = 0.0, v, e;
    time_integral g = {f, ctx, &worst};
    CHECK(quad_adaptive(in_log_time, &g, 2, (double[]){log(t0), log(t1)}, 0.0, 1e-12,
                        &v, &e));
    *value = v;
    *err = e + worst * log(t1 / t0);
    return SC_OK;
}

static void flow_score(const void *ctx, long n, int d, const double *x, int ldx,
                       double *s, int lds)
{
    const noised *q = ctx;
    REQUIRE(d == 1 && ldx == 1 && lds == 1);
    target_score(q->data, q->m, q->s2, n, x, NULL, s, NULL);
}

static int flow_objective(const void *ctx, double t, double *value, double *err)
{
    const match_flow *c = ctx;
    double m = sde_scale(c->forward, t), s2 = sde_var(c->forward, t);
    noised law = {c->data, m, s2}, q = {c->q, m, s2};
    field s = {"score of q_t", flow_score, NULL, &q};
    return c->J(&law, &s, value, err);
}

int match_flow_loss(const match_flow *c, double t0, double t1, double *value,
                    double *err)
{
    return match_over_time(flow_objective, c, t0, t1, value, err);
}

typedef struct {
    const noised *q;
    double x;
} kernel;

/* log of N(m x, s2) over q_t, at m x + sqrt(s2) z */
static void log_ratio(const void *ctx, int n, const double *z, double *y)
{
    const kernel *k = ctx;
    const noised *q = k->q;
    double at[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++) at[i] = q->m * k->x + sqrt(q->s2) * z[i];
    target_score(q->data, q->m, q->s2, n, at, y, NULL, NULL);
    for (int i = 0; i < n; i++)
        y[i] = -0.5 * z[i] * z[i] - 0.5 * log(2.0 * SC_PI * q->s2) - y[i];
}

int match_kernel_kl(const noised *q, double x, double *value, double *err)
{
    REQUIRE(q->s2 > 0.0);
    kernel k = {q, x};
    return match_normal_mean(log_ratio, &k, value, err);
}
