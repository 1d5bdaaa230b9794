/* Relative Fisher information of two laws known exactly on the line. */
#include "divergence.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

enum { SPLITS = 512, MOST = 2 * (SPLITS + TARGET_BREAKS) + 2 };

/* p {(log p)' - (log q)'}^2, or p times the sum of the two squares. */
typedef struct {
    const reference *p, *q;
    bool squares;
} integral;

static void weigh(const void *ctx, int n, const double *x, double *y)
{
    const integral *g = ctx;
    double logp[QUAD_NODES], s[QUAD_NODES], u[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    target_score(g->p->data, g->p->m, g->p->s2, n, x, logp, s, NULL);
    target_score(g->q->data, g->q->m, g->q->s2, n, x, NULL, u, NULL);
    for (int i = 0; i < n; i++) {
        double p = exp(logp[i]), gap = s[i] - u[i];
        double square = g->squares ? s[i] * s[i] + u[i] * u[i] : gap * gap;
        y[i] = p > 0.0 ? p * square : 0.0;
    }
}

/* The features and breaks of both laws, with infinite ends. Returns their number. */
static int split(const reference *p, const reference *q, double *at)
{
    const reference *both[] = {p, q};
    int n = 0;
    at[n++] = -INFINITY;
    at[n++] = INFINITY;
    for (int i = 0; i < 2; i++) {
        const reference *r = both[i];
        n += target_splits(r->data, r->m, r->s2, SPLITS, at + n);
        n += target_breaks(r->data, r->m, r->s2, at + n);
    }
    base_sort(n, at);
    return n;
}

/* Scores are rounded by a part e of themselves: by Cauchy and Schwarz that changes I by 2 e sqrt(2 I S) + 2 e^2 S,
   S = E_p of the sum of their squares. */
int divergence_fisher(const reference *p, const reference *q, enclosure *fisher)
{
    integral gap = {p, q, false}, squares = {p, q, true};
    double *at = NEW_ARRAY(double, MOST), v, err, S, S_err;
    int n = split(p, q, at);
    int status = quad_adaptive_batch(weigh, &squares, n, at, 0.0, 1e-6, &S, &S_err);
    double e = 2e-15 * (1.0 + fmax(target_remoteness(p->data, p->m, p->s2),
                                   target_remoteness(q->data, q->m, q->s2)));
    if (status == SC_OK)
        status = quad_adaptive_batch(weigh, &gap, n, at, e * e * S, 1e-12, &v, &err);
    free(at);
    CHECK(status);
    *fisher = enclosure_about(v, err + 2.0 * e * (sqrt(2.0 * v * S) + e * S));
    return SC_OK;
}
