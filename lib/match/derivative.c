/* Difference quotients of conditional means of OU, in L^p. */
#include "internal.h"

#include "semigroup.h"

#include <math.h>

typedef struct {
    const match_quotient *q;
    const noised *now;
    gmm *before; /* the law at t - h */
} gap;

static int gap_at(const void *ctx, double x, enclosure *e)
{
    const gap *g = ctx;
    double slope;
    CHECK(g->q->reversed ? semigroup_backward(g->before, g->q->h, x, e)
                         : semigroup_forward(g->q->h, x, e));
    target_score(g->now->data, g->now->m, g->now->s2, 1, &x, NULL, &slope, NULL);
    *e = enclosure_sub(*e, enclosure_rounded(g->q->a * x + g->q->c * slope));
    return SC_OK;
}

int match_quotient_distance(const match_quotient *q, double p, enclosure *distance)
{
    const gmm *data = target_as_gmm(q->data);
    REQUIRE(data != NULL && 0.0 < q->h && q->h < q->t);
    const noised now = noised_at(q->data, &SDE_OU, q->t);
    const double u = q->t - q->h;
    gap g = {q, &now, gmm_diffuse(data, exp(-u), -expm1(-2.0 * u))};
    int status = match_norm(&now, gap_at, &g, p, 1e-8, distance);
    gmm_free(g.before);
    return status;
}

static int identity(const void *ctx, double x, enclosure *f)
{
    (void)ctx;
    *f = enclosure_exact(x);
    return SC_OK;
}

int match_position_norm(const noised *x, double p, enclosure *norm)
{
    return match_norm(x, identity, NULL, p, 1e-12, norm);
}
