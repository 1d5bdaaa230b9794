/* The law of the reverse SDE with the score of a flow. */
#include "quad.h"
#include "sieve.h"

#include <math.h>
#include <stdlib.h>

enum { NORMALS = 40 };

/* Nodes y, and log p_0, p_{t0}, hat p there. */
typedef struct {
    long n;
    double step, *y, *p0, *pt, *hat;
} nodes;

/* log E[(gamma/q_T)(X_T) | X_{t0} = y] added to hat, by Gauss-Hermite. */
static void add_ratio(const cloud_law *qT, double s, double noise, nodes *g)
{
    double z[NORMALS], w[NORMALS], *x = NEW_ARRAY(double, 2 * g->n * NORMALS);
    double *logq = x + g->n * NORMALS;
    quad_hermite(NORMALS, z, w);
    for (long i = 0; i < g->n * NORMALS; i++)
        x[i] = s * g->y[i / NORMALS] + sqrt(noise) * z[i % NORMALS];
    cloud_eval(qT, g->n * NORMALS, x, 1, logq, NULL, NULL);
    for (long i = 0; i < g->n; i++) {
        double mean = 0.0;
        for (long j = i * NORMALS, k = 0; k < NORMALS; j++, k++)
            mean += w[k] * exp(-0.5 * x[j] * x[j] - 0.5 * log(2.0 * SC_PI) - logq[j]);
        g->hat[i] += log(mean);
    }
    free(x);
}

/* 1/2 int |p - q| over every `stride`-th node; where p - q changes sign it is taken as linear. */
static double distance(const nodes *g, const double *logp, const double *logq,
                       int stride)
{
    double sum = 0.0, last = 0.0;
    for (long i = 0; i < g->n; i += stride) {
        const double gap = exp(logp[i]) - exp(logq[i]), all = fabs(gap) + fabs(last);
        if (i > 0 && all > 0.0)
            sum += gap * last >= 0.0 ? all : (gap * gap + last * last) / all;
        last = gap;
    }
    return 0.25 * stride * g->step * sum;
}

static enclosure tv(const nodes *g, const double *logp, const double *logq)
{
    const double fine = distance(g, logp, logq, 1), coarse = distance(g, logp, logq, 2);
    return enclosure_about(fine, 4.0 * fabs(fine - coarse) + 1e-13);
}

static enclosure kl(const nodes *g, const double *logp, const double *logq)
{
    double sum[2] = {0.0, 0.0};
    for (long i = 0; i < g->n; i++) {
        const double l = logp[i] - logq[i];
        const double term = exp(logp[i]) * (l - 1.0) + exp(logq[i]);
        sum[0] += term;
        if (i % 2 == 0) sum[1] += 2.0 * term;
    }
    return enclosure_about(g->step * sum[0],
                           4.0 * g->step * fabs(sum[0] - sum[1]) + 1e-13);
}

static enclosure bound(const cloud_flow *p, const cloud_flow *q, double t0, double T)
{
    const double origin = 0.0;
    cloud *point = cloud_new(1, 1, &origin, NULL);
    const cloud_law gamma = {point, 1.0, 1.0}, pT = cloud_ou(p->of, p->sd, T);
    const enclosure start = cloud_kl(&pT, &gamma, CLOUD_LINE);
    cloud_free(point);
    return enclosure_add(start, cloud_kl_lost(p, q, t0, T, CLOUD_LINE));
}

sieve_output sieve_sampled(const cloud_flow *p, const cloud_flow *q, double t0,
                           double T)
{
    REQUIRE(p->sd > 0.0 && 0.0 < t0 && t0 < T && cloud_dim(p->of) == 1);
    const cloud_law p0 = cloud_ou(p->of, p->sd, 0.0), pt = cloud_ou(p->of, p->sd, t0),
                    qt = cloud_ou(q->of, q->sd, t0), qT = cloud_ou(q->of, q->sd, T);
    const double reach = fmax(cloud_norm(p->of), cloud_norm(q->of)) + 9.0 * sqrt(pt.s2);
    nodes g = {.step = p->sd / 20.0};
    const long half = (long)ceil(reach / g.step);
    g.n = 2 * half + 1;
    g.y = NEW_ARRAY(double, 4 * g.n);
    g.p0 = g.y + g.n, g.pt = g.p0 + g.n, g.hat = g.pt + g.n;
    for (long i = 0; i < g.n; i++) g.y[i] = g.step * (double)(i - half);
    cloud_eval(&p0, g.n, g.y, 1, g.p0, NULL, NULL);
    cloud_eval(&pt, g.n, g.y, 1, g.pt, NULL, NULL);
    cloud_eval(&qt, g.n, g.y, 1, g.hat, NULL, NULL);
    const double s = exp(t0 - T);
    add_ratio(&qT, s, 1.0 - s * s, &g);
    const sieve_output out = {tv(&g, g.hat, g.p0), tv(&g, g.pt, g.p0),
                              tv(&g, g.hat, g.pt), kl(&g, g.pt, g.hat),
                              bound(p, q, t0, T)};
    free(g.y);
    return out;
}
