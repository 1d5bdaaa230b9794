/* Samples near a generator, and risks at test points. */
#include "risk.h"

#include <math.h>
#include <stdlib.h>

cloud *risk_curve(const generator *g, int nodes)
{
    mesh m = mesh_midpoints(1, nodes);
    cloud *curve = cloud_of(g, &m);
    mesh_free(&m);
    return curve;
}

void risk_draw(const generator *g, double sd, long n, rng_key key, uint64_t replicate,
               double *x)
{
    rng uniform = rng_at(key, replicate, 0), normal = rng_at(key, replicate, 1);
    double *u = NEW_ARRAY(double, n *(g->d + g->D)), *z = u + n * g->d;
    rng_uniform(&uniform, n * g->d, u);
    rng_normal(&normal, n * g->D, z);
    generator_eval(g, n, u, x, NULL);
    for (long i = 0; i < n * g->D; i++) x[i] += sd * z[i];
    free(u);
}

typedef struct {
    const cloud_law *p;
    int k;
    const kde *e;
} contest;

/* h[i*stride] = |s_i - r_i|^2, r NULL: 0. */
static void squares(long n, int D, const double *s, const double *r, int stride,
                    double *h)
{
    for (long i = 0; i < n; i++) {
        double square = 0.0;
        for (int k = 0; k < D; k++) {
            const double gap = s[i * D + k] - (r != NULL ? r[i * D + k] : 0.0);
            square += gap * gap;
        }
        h[i * stride] = square;
    }
}

/* |s_j - grad log p|^2 at point i into h[i*(k + 1) + j]; j = k: s = 0. */
static void losses(const void *ctx, long n, const double *y, double *h)
{
    const contest *c = ctx;
    const int D = cloud_dim(c->p->of), k = c->k;
    double *truth = NEW_ARRAY(double, 2 * n * D), *s = truth + n * D;
    cloud_eval(c->p, n, y, D, NULL, NULL, truth);
    squares(n, D, truth, NULL, k + 1, h + k);
    for (int j = 0; j < k; j++) {
        kde_score(&c->e[j], n, y, s);
        squares(n, D, s, truth, k + 1, h + j);
    }
    free(truth);
}

void risk_on_line(const cloud_law *p, double shift, int k, const kde *e, double *risk)
{
    REQUIRE(0 <= k && k <= RISK_MOST && cloud_dim(p->of) == 1);
    const contest c = {p, k, e};
    const double sd = sqrt(p->s2), step = 0.2 * sd;
    const double reach = fabs(p->m) * cloud_norm(p->of) + 6.5 * sd;
    const long n = (long)(2.0 * reach / step) + 2;
    double *y = NEW_ARRAY(double, n *(k + 3L)), *logp = y + n, *h = logp + n;
    for (long i = 0; i < n; i++) y[i] = step * ((double)i - 1.0 + shift) - reach;
    cloud_eval(p, n, y, 1, logp, NULL, NULL);
    losses(&c, n, y, h);
    for (int j = 0; j <= k; j++) {
        risk[j] = 0.0;
        for (long i = 0; i < n; i++)
            risk[j] += step * exp(logp[i]) * h[i * (k + 1) + j];
    }
    free(y);
}

void risk_at(const cloud_law *p, long n, const double *y, int k, const kde *e,
             double *risk)
{
    REQUIRE(n >= 1 && 0 <= k && k <= RISK_MOST);
    const contest c = {p, k, e};
    double *h = NEW_ARRAY(double, n *(k + 1L));
    losses(&c, n, y, h);
    for (int j = 0; j <= k; j++) {
        risk[j] = 0.0;
        for (long i = 0; i < n; i++) risk[j] += h[i * (k + 1) + j] / (double)n;
    }
    free(h);
}
