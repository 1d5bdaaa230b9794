/* ISM and SSM, draw by draw. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* One evaluation of s and of its Jacobian for all losses. */
static void draw(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const sliced *c = ctx;
    const long d = gmm_dim(c->law), m = c->m;
    double *x = NEW_ARRAY(double, n *d *(m + 2) + d * d), *s = x + n * d;
    double *v = s + n * d, *J = v + n * m * d;
    gmm_sample(c->law, key, first, n, x, (int)d);
    c->v->draw(key, first, MATCH_SLICES, n, c->m, (int)d, v);
    c->s->eval(c->s->ctx, n, (int)d, x, (int)d, s, (int)d);
    for (long i = 0; i < n; i++) {
        double *of = y + i * SLICED_LOSSES, square = 0.0;
        c->s->jacobian(c->s->ctx, (int)d, x + i * d, J, (int)d);
        for (long j = 0; j < d; j++) square += s[i * d + j] * s[i * d + j];
        double exact = match_sliced_trace((int)d, J, 1, NULL);
        double sliced_trace = match_sliced_trace((int)d, J, c->m, v + i * m * d);
        of[SLICED_SSM] = square + sliced_trace;
        of[SLICED_EXCESS] = sliced_trace - exact;
        of[SLICED_SUM] = 2.0 * square + sliced_trace + exact;
        of[SLICED_VARIANCE] = slice_variance(c->v, (int)d, J) / c->m;
    }
    free(x);
}

mc_observables sliced_losses(const sliced *c)
{
    REQUIRE(c->m >= 1 && c->s->jacobian != NULL);
    return (mc_observables){draw, c, SLICED_LOSSES};
}
