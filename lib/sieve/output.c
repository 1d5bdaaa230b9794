/* The law of the reverse SDE with the score of a flow. */
#include "entropy.h"
#include "quad.h"
#include "sieve.h"

#include <math.h>
#include <stdlib.h>

enum { NORMALS = 32, FEWER = 24 };

/* Nodes y, and log p_0, p_{t0}, hat p there; `rough` is hat p with FEWER normals. */
typedef struct {
    long n;
    double step, *y, *p0, *pt, *hat, *rough;
} nodes;

/* log E[(gamma/q_T)(X_T) | X_{t0} = y] added to hat, by Gauss-Hermite with so many normals. */
static void add_ratio(const cloud_law *qT, double s, double noise, const nodes *g,
                      int normals, double *hat)
{
    double z[NORMALS], w[NORMALS], *x = NEW_ARRAY(double, 2 * g->n * normals);
    double *logq = x + g->n * normals;
    REQUIRE(normals <= NORMALS);
    quad_hermite(normals, z, w);
    for (long i = 0; i < g->n * normals; i++)
        x[i] = s * g->y[i / normals] + sqrt(noise) * z[i % normals];
    cloud_eval(qT, g->n * normals, x, 1, logq, NULL, NULL);
    for (long i = 0; i < g->n; i++) {
        double mean = 0.0;
        for (long j = i * normals, k = 0; k < normals; j++, k++)
            mean += w[k] * exp(-0.5 * x[j] * x[j] - 0.5 * log(2.0 * SC_PI) - logq[j]);
        hat[i] += log(mean);
    }
    free(x);
}

/* The cubic through f[0], .., f[3] at -1, 0, 1, 2. */
static double cubic(const double f[4], double x)
{
    const double a = x + 1.0, b = x - 1.0, c = x - 2.0;
    return -f[0] * x * b * c / 6.0 + f[1] * a * b * c / 2.0 - f[2] * a * x * c / 2.0 +
           f[3] * a * x * b / 6.0;
}

/* |int_a^b| of it: two nodes of Gauss-Legendre are exact. */
static double area(const double f[4], double a, double b)
{
    const double mid = 0.5 * (a + b), off = (b - a) / sqrt(12.0);
    return 0.5 * (b - a) * fabs(cubic(f, mid - off) + cubic(f, mid + off));
}

/* The zero of it between 0 and 1 by bisection; 1 if it has the same sign there. */
static double zero(const double f[4])
{
    double lo = 0.0, hi = 1.0;
    if (f[1] * f[2] >= 0.0) return 1.0;
    for (int i = 0; i < 50; i++) {
        const double mid = 0.5 * (lo + hi);
        if (f[1] * cubic(f, mid) > 0.0)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* A distance from nodes first, first + stride, .. alone. At the rim the densities are negligible. */
typedef double distance(const nodes *g, const double *logp, const double *logq,
                        int first, int stride);

/* 1/2 int |p - q|: p - q as a cubic between two nodes, split at its zero. */
static double tv(const nodes *g, const double *logp, const double *logq, int first,
                 int stride)
{
    double f[4] = {0.0}, sum = 0.0;
    for (long i = first; i < g->n; i += stride) {
        f[0] = f[1], f[1] = f[2], f[2] = f[3];
        f[3] = exp(logp[i]) - exp(logq[i]);
        const double cut = zero(f);
        sum += area(f, 0.0, cut) + area(f, cut, 1.0);
    }
    return 0.5 * stride * g->step * sum;
}

/* int p log(p/q) - p + q by the trapezoid rule. */
static double kl(const nodes *g, const double *logp, const double *logq, int first,
                 int stride)
{
    double sum = 0.0;
    for (long i = first; i < g->n; i += stride)
        sum += entropy_relative(logp[i], logq[i]);
    return stride * g->step * sum;
}

/* From all nodes, +- the larger of 4 times the change to every second and half of that to every third one (as cloud_kl). */
static enclosure measured(distance *f, const nodes *g, const double *logp,
                          const double *logq)
{
    const double all = f(g, logp, logq, 0, 1);
    double error = 4.0 * fabs(all - f(g, logp, logq, 0, 2));
    for (int i = 0; i < 3; i++)
        error = fmax(error, 0.5 * fabs(all - f(g, logp, logq, i, 3)));
    return enclosure_about(all, error + 1e-13);
}

/* Between p and hat p, wider by what fewer normals change. */
static enclosure from_hat(distance *f, const nodes *g, const double *logp)
{
    return enclosure_widen(measured(f, g, logp, g->hat),
                           fabs(f(g, logp, g->hat, 0, 1) - f(g, logp, g->rough, 0, 1)));
}

/* KL(p_T | gamma) */
static enclosure start(const cloud_flow *p, double T)
{
    const double origin = 0.0;
    cloud *point = cloud_new(1, 1, &origin, NULL);
    const cloud_law gamma = {point, 1.0, 1.0}, pT = cloud_ou(p->of, p->sd, T);
    const enclosure e = cloud_kl(&pT, &gamma, CLOUD_LINE);
    cloud_free(point);
    return e;
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
    g.y = NEW_ARRAY(double, 5 * g.n);
    g.p0 = g.y + g.n, g.pt = g.p0 + g.n, g.hat = g.pt + g.n, g.rough = g.hat + g.n;
    for (long i = 0; i < g.n; i++) g.y[i] = g.step * (double)(i - half);
    cloud_eval(&p0, g.n, g.y, 1, g.p0, NULL, NULL);
    cloud_eval(&pt, g.n, g.y, 1, g.pt, NULL, NULL);
    cloud_eval(&qt, g.n, g.y, 1, g.hat, NULL, NULL);
    for (long i = 0; i < g.n; i++) g.rough[i] = g.hat[i];
    const double s = exp(t0 - T);
    add_ratio(&qT, s, 1.0 - s * s, &g, NORMALS, g.hat);
    add_ratio(&qT, s, 1.0 - s * s, &g, FEWER, g.rough);
    const sieve_output out = {.tv = {[SIEVE_TOTAL] = from_hat(tv, &g, g.p0),
                                     [SIEVE_ESTIMATION] = from_hat(tv, &g, g.pt),
                                     [SIEVE_BIAS] = measured(tv, &g, g.pt, g.p0)},
                              .kl = from_hat(kl, &g, g.pt),
                              .start = start(p, T),
                              .path = cloud_kl_lost(p, q, t0, T, CLOUD_LINE)};
    free(g.y);
    return out;
}
