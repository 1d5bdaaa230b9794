/* Objectives integrated over time, and the divergence they become for scores of flows. */
#include "internal.h"

#include <math.h>

typedef struct {
    match_at_time *f;
    const void *ctx;
    double origin; /* u = log(t/origin + 1), or log t if 0 */
    double *worst; /* largest error bound of f dt/du, over the nodes */
} time_integral;

/* f(t) dt/du */
static double in_log_time(double u, const void *ctx)
{
    const time_integral *g = ctx;
    double t = g->origin > 0.0 ? g->origin * expm1(u) : exp(u), dt = t + g->origin;
    enclosure f;
    if (g->f(g->ctx, t, &f) != SC_OK) return NAN;
    *g->worst = fmax(*g->worst, dt * enclosure_halfwidth(f));
    return dt * enclosure_mid(f);
}

int match_over_time(match_at_time *f, const void *ctx, double t0, double t1,
                    enclosure *integral)
{
    REQUIRE(0.0 <= t0 && t0 < t1);
    double worst = 0.0, v, e, origin = t0 > 0.0 ? 0.0 : 1e-6 * t1;
    double ends[] = {0.0, origin > 0.0 ? log1p(t1 / origin) : log(t1)};
    if (t0 > 0.0) ends[0] = log(t0);
    time_integral g = {f, ctx, origin, &worst};
    CHECK(quad_adaptive(in_log_time, &g, 2, ends, 0.0, 1e-12, &v, &e));
    *integral = enclosure_about(v, e + worst * (ends[1] - ends[0]));
    return SC_OK;
}

typedef struct {
    match_objective *J;
    const target *data;
    const sde *forward;
    const field *s;
} objective;

/* sigma_t^2 J(t) */
static int weighted_at(const void *ctx, double t, enclosure *value)
{
    const objective *o = ctx;
    noised law = noised_at(o->data, o->forward, t);
    enclosure J;
    CHECK(o->J(&law, o->s, &J));
    *value = enclosure_scale(J, law.s2);
    return SC_OK;
}

int match_weighted(match_objective *J, const target *data, const sde *forward,
                   const field *s, double t0, double t1, enclosure *integral)
{
    objective o = {J, data, forward, s};
    return match_over_time(weighted_at, &o, t0, t1, integral);
}

static void flow_score(const void *ctx, long n, int d, const double *x, int ldx,
                       double *s, int lds)
{
    const noised *q = ctx;
    REQUIRE(d == 1 && ldx == 1 && lds == 1);
    target_score(q->data, q->m, q->s2, n, x, NULL, s, NULL);
}

static int flow_objective(const void *ctx, double t, enclosure *J)
{
    const match_flow *c = ctx;
    noised law = noised_at(c->data, c->forward, t), q = noised_at(c->q, c->forward, t);
    field s = {"score of q_t", flow_score, NULL, &q};
    return c->J(&law, &s, J);
}

int match_flow_loss(const match_flow *c, double t0, double t1, enclosure *integral)
{
    return match_over_time(flow_objective, c, t0, t1, integral);
}

typedef struct {
    const match_flow *c;
    match_weight *weight;
} weighted_flow;

static int weighted_objective(const void *ctx, double t, enclosure *J)
{
    const weighted_flow *w = ctx;
    enclosure plain;
    CHECK(flow_objective(w->c, t, &plain));
    *J = enclosure_scale(plain, w->weight(w->c->forward, t));
    return SC_OK;
}

int match_flow_weighted(const match_flow *c, match_weight *weight, double t0, double t1,
                        enclosure *integral)
{
    weighted_flow w = {c, weight};
    return match_over_time(weighted_objective, &w, t0, t1, integral);
}

int match_entropy_loss(const match_flow *c, double t0, double t1, enclosure *integral)
{
    enclosure twice;
    CHECK(match_flow_weighted(c, sde_g2, t0, t1, &twice));
    *integral = enclosure_scale(twice, 0.5);
    return SC_OK;
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

int match_kernel_kl(const noised *q, double x, enclosure *kl)
{
    REQUIRE(q->s2 > 0.0);
    kernel k = {q, x};
    double value, err;
    CHECK(match_normal_mean(log_ratio, &k, &value, &err));
    *kl = enclosure_about(value, err);
    return SC_OK;
}

int match_kernel_kl_lost(const target *q, const sde *forward, double x, double t0,
                         double t1, enclosure *kl)
{
    noised first = noised_at(q, forward, t0), last = noised_at(q, forward, t1);
    enclosure before, after;
    CHECK(match_kernel_kl(&first, x, &before));
    CHECK(match_kernel_kl(&last, x, &after));
    *kl = enclosure_sub(before, after);
    return SC_OK;
}

int match_likelihood_ratio(const target *q, const sde *forward, double x, double t0,
                           double t1, enclosure *ratio)
{
    target *point = target_empirical(1, &x);
    match_flow c = {point, q, forward, match_dsm};
    enclosure loss, kl;
    int status = match_flow_loss(&c, t0, t1, &loss);
    if (status == SC_OK) status = match_kernel_kl_lost(q, forward, x, t0, t1, &kl);
    if (status == SC_OK) *ratio = enclosure_div(loss, kl);
    target_free(point);
    return status;
}

int match_excess_ratio(const target *data, const target *q, const sde *forward,
                       double t0, double t1, enclosure *ratio)
{
    match_flow other = {data, q, forward, match_dsm},
               own = {data, data, forward, match_dsm};
    match_flow risk = {data, q, forward, match_esm};
    enclosure loss, least, distance;
    CHECK(match_flow_loss(&other, t0, t1, &loss));
    CHECK(match_flow_loss(&own, t0, t1, &least));
    CHECK(match_flow_loss(&risk, t0, t1, &distance));
    *ratio = enclosure_div(enclosure_sub(loss, least), distance);
    return SC_OK;
}
