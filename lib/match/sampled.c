/* Means of the losses over draws of (X_0, X_t). */
#include "kernel.h"
#include "match.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const gmm *p0, *pt;
    const field *s;
    double m, s2;
} pair;

static void draw(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const pair *c = ctx;
    int d = gmm_dim(c->p0);
    long size = (long)n * d;
    field score = gmm_score_field(c->pt);
    double *x0 = NEW_ARRAY(double, 3 * size + 3L * n), *xt = x0 + size, *u = xt + size;
    double *dsm = u + size, *esm = dsm + n, *ism = esm + n;
    gmm_sample(c->p0, key, first, n, x0, d);
    rng_normal_rows(key, first, 1, 0, n, d, xt, d);
    kernel_best()->combine(size, c->m, x0, sqrt(c->s2), xt, 0.0, NULL, xt);
    match_dsm_loss(c->s, c->m, c->s2, n, d, x0, xt, dsm);
    match_esm_loss(c->s, &score, n, d, xt, esm);
    if (c->s->jacobian != NULL) match_ism_loss(c->s, n, d, xt, ism);
    gmm_score(c->pt, n, xt, d, NULL, u, d);
    for (long i = 0; i < n; i++) {
        double *loss = y + i * MATCH_LOSSES, square = 0.0;
        for (int j = 0; j < d; j++) square += u[i * d + j] * u[i * d + j];
        loss[MATCH_DSM] = dsm[i];
        loss[MATCH_ESM] = esm[i];
        loss[MATCH_DSM_GAP] = dsm[i] - esm[i];
        loss[MATCH_DSM_FISHER] = dsm[i] - esm[i] + square;
        loss[MATCH_ISM_FISHER] =
            c->s->jacobian != NULL ? ism[i] - esm[i] + square : 0.0;
    }
    free(x0);
}

int match_sampled(const gmm *p0, const sde *forward, double t, const field *s,
                  rng_key key, long n, double alpha, enclosure mean[MATCH_LOSSES])
{
    double m = sde_scale(forward, t), s2 = sde_var(forward, t);
    gmm *pt = gmm_diffuse(p0, m, s2);
    pair c = {p0, pt, s, m, s2};
    mc_observables losses = {draw, &c, MATCH_LOSSES};
    int status = mc_mean(&losses, key, 0, n, alpha, mean, NULL);
    gmm_free(pt);
    return status;
}
