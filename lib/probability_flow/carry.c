/* carry.c -- lines of the probability flow. */
#include "ode.h"
#include "probability_flow.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

/* Points one system takes: its steps are those of its worst point. */
enum { BLOCK = 128 };

static int carry_block(const gmm *data, const sde *e, double s, double t, long n,
                       double *y, double *error)
{
    lines c = {data, e, n, NEW_ARRAY(double, n)};
    int size = (int)n * (gmm_dim(data) + 1);
    int status = ode_solve(velocity, &c, size, s, t, TOLERANCE, y, error);
    free(c.laplacian);
    return status;
}

int probability_flow_carry(const gmm *data, const sde *e, double s, double t, long n,
                           double *y, double *error)
{
    const long ld = gmm_dim(data) + 1, blocks = (n + BLOCK - 1) / BLOCK;
    REQUIRE(n >= 1 && ld <= INT_MAX / BLOCK);
    if (blocks == 1) return carry_block(data, e, s, t, n, y, error);
    double *moved = NEW_ARRAY(double, 2 * n * ld), *off = moved + n * ld;
    int *status = NEW_ARRAY(int, blocks), worst = SC_OK;
    memcpy(moved, y, (size_t)(n * ld) * sizeof *y);
#pragma omp parallel for schedule(dynamic) default(none)                               \
    shared(data, e, s, t, n, ld, blocks, moved, off, error, status)
    for (long b = 0; b < blocks; b++) {
        long from = b * BLOCK, count = n - from < BLOCK ? n - from : BLOCK;
        status[b] = carry_block(data, e, s, t, count, moved + from * ld,
                                error ? off + from * ld : NULL);
    }
    for (long b = 0; b < blocks && worst == SC_OK; b++) worst = status[b];
    if (worst == SC_OK) {
        memcpy(y, moved, (size_t)(n * ld) * sizeof *y);
        if (error) memcpy(error, off, (size_t)(n * ld) * sizeof *error);
    }
    free(status);
    free(moved);
    return worst;
}
