/* ISM and SSM, draw by draw. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

static void draw(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const sliced *c = ctx;
    const int d = gmm_dim(c->law), m = c->m;
    double *x = NEW_ARRAY(double, (long)n *d *(m + 1) + (long)d * d + 2L * n);
    double *v = x + (long)n * d, *J = v + (long)n * m * d, *ism = J + (long)d * d;
    double *ssm = ism + n;
    gmm_sample(c->law, key, first, n, x, d);
    c->v->draw(key, first, MATCH_SLICES, n, m, d, v);
    match_ism_loss(c->s, n, d, x, ism);
    match_ssm_loss(c->s, n, d, x, m, v, ssm);
    for (long i = 0; i < n; i++) {
        double *of = y + i * SLICED_LOSSES;
        c->s->jacobian(c->s->ctx, d, x + i * d, J, d);
        of[SLICED_SSM] = ssm[i];
        of[SLICED_EXCESS] = ssm[i] - ism[i];
        of[SLICED_SUM] = ssm[i] + ism[i];
        of[SLICED_VARIANCE] = slice_variance(c->v, d, J) / m;
    }
    free(x);
}

mc_observables sliced_losses(const sliced *c)
{
    REQUIRE(c->m >= 1 && c->s->jacobian != NULL);
    return (mc_observables){draw, c, SLICED_LOSSES};
}
