/* Total variation between mixtures on R^d, by Monte Carlo of the likelihood ratio. */
#include "divergence.h"
#include "mc.h"

#include <stdlib.h>

enum { BLOCK = 256 };

typedef struct {
    const gmm *p, *q;
    const draws *law; /* NULL: p */
} contest;

static void draw_law(const contest *c, rng_key key, uint64_t first, long n, double *x)
{
    if (c->law != NULL)
        c->law->draw(c->law->ctx, key, first, n, x);
    else
        gmm_sample(c->p, key, first, n, x, gmm_dim(c->p));
}

/* sign y_j += sign where p(x_j) > q(x_j) */
static void count_wins(const contest *c, long n, const double *x, double sign,
                       double *y)
{
    int d = gmm_dim(c->p);
    double p[BLOCK], q[BLOCK];
    gmm_score(c->p, n, x, d, p, NULL, d);
    gmm_score(c->q, n, x, d, q, NULL, d);
    for (long j = 0; j < n; j++) y[j] += p[j] > q[j] ? sign : 0.0;
}

/* 1{p > q}(X) - 1{p > q}(Y), X ~ law, Y ~ q */
static void observe(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const contest *c = ctx;
    double *x = NEW_ARRAY(double, (long)BLOCK *gmm_dim(c->p));
    for (int done = 0; done < n; done += BLOCK) {
        int size = n - done < BLOCK ? n - done : BLOCK;
        for (int j = 0; j < size; j++) y[done + j] = 0.0;
        draw_law(c, key, first + (uint64_t)done, size, x);
        count_wins(c, size, x, 1.0, y + done);
        gmm_sample(c->q, key, first + (uint64_t)done, size, x, gmm_dim(c->q));
        count_wins(c, size, x, -1.0, y + done);
    }
    free(x);
}

int divergence_tv_gmm(const gmm *p, const gmm *q, const draws *law, rng_key key, long n,
                      double alpha, enclosure *tv)
{
    REQUIRE(gmm_dim(p) == gmm_dim(q));
    const contest c = {p, q, law};
    const mc_observables o = {observe, &c, 1};
    return mc_mean(&o, key, 0, n, alpha, tv, NULL);
}
