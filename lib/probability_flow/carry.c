/* carry.c -- lines of the probability flow. */
#include "ode.h"
#include "probability_flow.h"

#include <limits.h>
#include <stdlib.h>

static const double TOLERANCE = 1e-12;

typedef struct {
    const gmm *data;
    const sde *forward;
    long n;
    double *laplacian; /* n: of log p_t */
} lines;

static void velocity(const void *ctx, double t, const double *y, double *dy)
{
    const lines *c = ctx;
    int d = gmm_dim(c->data), ld = d + 1;
    double f = sde_f(c->forward, t), half = 0.5 * sde_g2(c->forward, t);
    gmm *p = gmm_diffuse(c->data, sde_scale(c->forward, t), sde_var(c->forward, t));
    gmm_score(p, c->n, y, ld, NULL, dy, ld);
    gmm_divergence(p, c->n, y, ld, c->laplacian);
    for (long i = 0; i < c->n; i++) {
        for (long j = i * ld; j < i * ld + d; j++) dy[j] = f * y[j] - half * dy[j];
        dy[i * ld + d] = d * f - half * c->laplacian[i];
    }
    gmm_free(p);
}

int probability_flow_carry(const gmm *data, const sde *e, double s, double t, long n,
                           double *y, double *error)
{
    long size = n * (gmm_dim(data) + 1);
    REQUIRE(n >= 1 && size <= INT_MAX);
    lines c = {data, e, n, NEW_ARRAY(double, n)};
    int status = ode_solve(velocity, &c, (int)size, s, t, TOLERANCE, y, error);
    free(c.laplacian);
    return status;
}
