/* The objectives by sampling, in any dimension: what the experiments of the chapter do where no
 * quadrature reaches. */
#ifndef MATCHING_SAMPLED_H
#define MATCHING_SAMPLED_H

#include "chapter.h"
#include "mc.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

/* ---- The fields: 0, and s_j = -c x_j + 3 sin(2 x_{j+1}), indices mod d ------------------- */

static inline void sampled_no_field(const void *ctx, long n, int d, const double *x,
                                    int ldx, double *s, int lds)
{
    (void)ctx, (void)x, (void)ldx;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++) s[i * lds + j] = 0.0;
}

/* ctx points to c. */
static inline void sampled_cyclic_eval(const void *ctx, long n, int d, const double *x,
                                       int ldx, double *s, int lds)
{
    double c = *(const double *)ctx;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++)
            s[i * lds + j] =
                -c * x[i * ldx + j] + 3.0 * sin(2.0 * x[i * ldx + (j + 1) % d]);
}

static inline void sampled_cyclic_jacobian(const void *ctx, int d, const double *x,
                                           double *J, int ldj)
{
    double c = *(const double *)ctx;
    for (long j = 0; j < d; j++)
        for (int k = 0; k < d; k++)
            J[j * ldj + k] =
                (k == j ? -c : 0.0) + (k == (j + 1) % d ? 6.0 * cos(2.0 * x[k]) : 0.0);
}

/* ---- A product law -------------------------------------------------------------------- */

/* The law that is G in the first coordinate, N(0, 1) in the others. */
static inline gmm *sampled_product(int d)
{
    enum { MOST = 8 };
    REQUIRE(d <= MOST);
    const double mu[2][MOST] = {{-1.0}, {1.5}};
    double var[2][MOST];
    for (int j = 0; j < d; j++) var[0][j] = var[1][j] = 1.0;
    var[0][0] = 0.25;
    var[1][0] = 0.64;
    return gmm_new_diagonal(2, d, (double[]){0.3, 0.7}, mu[0], MOST, var[0], MOST);
}

/* d/sigma^2 - I(p_t) for the product law. */
static inline double sampled_constant(int d, const sde *e, double t)
{
    target *g = chapter_g();
    noised first = chapter_noised(g, e, t);
    double information = enclosure_mid(chapter_measure(chapter_fisher, &first, NULL));
    information += (d - 1) / (first.m * first.m + first.s2);
    target_free(g);
    return d / first.s2 - information;
}

/* ---- Means over (X_0, X_t) ---------------------------------------------------------- */

/* Losses of one draw, s the field, u the score of X_t, u0 the conditional score:
   pairs are sampled together, so that what they share cancels. */
enum {
    SAMPLED_DSM,        /* |s - u0|^2 */
    SAMPLED_ESM,        /* |s - u|^2 */
    SAMPLED_DSM_GAP,    /* |s - u0|^2 - |s - u|^2 */
    SAMPLED_DSM_FISHER, /* |s - u0|^2 - |s - u|^2 + |u|^2 */
    SAMPLED_ISM_FISHER, /* |s|^2 + 2 div s - |s - u|^2 + |u|^2; 0 if s has no Jacobian */
    SAMPLED_LOSSES
};

typedef struct {
    const gmm *p0, *pt;
    const field *s;
    double m, s2;
} sampled_law;

static inline void sampled_draw(const void *ctx, rng_key key, uint64_t first, int n,
                                double *y)
{
    const sampled_law *c = ctx;
    int d = gmm_dim(c->p0);
    long size = (long)n * d;
    field u = gmm_score_field(c->pt), zero = {"0", sampled_no_field, NULL, NULL};
    double *x0 = NEW_ARRAY(double, 2 * size + 4L * n), *xt = x0 + size;
    double *dsm = xt + size, *esm = dsm + n, *ism = esm + n, *square = ism + n;
    gmm_sample(c->p0, key, first, n, x0, d);
    rng_normal_rows(key, first, 1, 0, n, d, xt, d);
    for (long i = 0; i < size; i++) xt[i] = c->m * x0[i] + sqrt(c->s2) * xt[i];
    match_dsm_loss(c->s, c->m, c->s2, n, d, x0, xt, dsm);
    match_esm_loss(c->s, &u, n, d, xt, esm);
    match_esm_loss(&zero, &u, n, d, xt, square);
    if (c->s->jacobian != NULL) match_ism_loss(c->s, n, d, xt, ism);
    for (long i = 0; i < n; i++) {
        double *loss = y + i * SAMPLED_LOSSES;
        loss[SAMPLED_DSM] = dsm[i];
        loss[SAMPLED_ESM] = esm[i];
        loss[SAMPLED_DSM_GAP] = dsm[i] - esm[i];
        loss[SAMPLED_DSM_FISHER] = dsm[i] - esm[i] + square[i];
        loss[SAMPLED_ISM_FISHER] =
            c->s->jacobian != NULL ? ism[i] - esm[i] + square[i] : 0.0;
    }
    free(x0);
}

/* Means over n draws of X_0 ~ p0, X_t by e at time t; field with the constant c. */
static inline void sampled_means(xp *x, rng_key key, const gmm *p0, const sde *e,
                                 double t, const field *s, long n,
                                 enclosure mean[SAMPLED_LOSSES])
{
    sampled_law law = {p0, NULL, s, sde_scale(e, t), sde_var(e, t)};
    gmm *pt = gmm_diffuse(p0, law.m, law.s2);
    law.pt = pt;
    mc_observables losses = {sampled_draw, &law, SAMPLED_LOSSES};
    TRY(mc_mean(&losses, key, 0, n, xp_alpha(x), mean, NULL));
    gmm_free(pt);
}

#endif
