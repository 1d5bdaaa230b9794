/* fokker_planck.c -- the equation that the law of a backward process solves, pointwise. */
#include "ode.h"
#include "probability_flow.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

/* Of ode_solve, whose two runs may agree better than that by chance: no integral is taken to be better. */
static const double TOLERANCE = 1e-12;

typedef struct {
    const gmm *data;
    const sde *forward;
    double times;
    long n;
    const double *x;       /* n x d */
    double *s, *laplacian; /* n x d, n: of log p_t */
} problem;

/* d/dt log p_t at fixed x as the backward equation has it: div b + b.s - g^2/2 (Laplace log p + |s|^2). */
static void rate(const void *ctx, double t, const double *y, double *dy)
{
    (void)y;
    const problem *c = ctx;
    const int d = gmm_dim(c->data);
    const double f = sde_f(c->forward, t), g2 = sde_g2(c->forward, t);
    gmm *p = gmm_diffuse(c->data, sde_scale(c->forward, t), sde_var(c->forward, t));
    gmm_score(p, c->n, c->x, d, NULL, c->s, d);
    gmm_divergence(p, c->n, c->x, d, c->laplacian);
    gmm_free(p);
    for (long i = 0; i < c->n; i++) {
        double square = 0.0, inward = 0.0;
        for (long j = i * d; j < (i + 1) * d; j++) {
            square += c->s[j] * c->s[j];
            inward += c->x[j] * c->s[j];
        }
        double div = -f * d + c->times * g2 * c->laplacian[i];
        double along = -f * inward + c->times * g2 * square;
        dy[i] = div + along - 0.5 * g2 * (c->laplacian[i] + square);
    }
}

int probability_flow_fokker_planck(const gmm *data, const sde *e, double times, long n,
                                   const double *x, enclosure *residual)
{
    const int d = gmm_dim(data);
    REQUIRE(0 < n && n <= INT_MAX);
    double *work = NEW_ARRAY(double, n *(d + 5)), *y = work + n * (d + 1);
    double *error = y + n, *log0 = error + n, *logT = log0 + n;
    problem c = {data, e, times, n, x, work, work + n * d};
    int status = ode_solve(rate, &c, (int)n, 0.0, e->T, TOLERANCE, y, error);
    if (status == SC_OK) {
        gmm *p = gmm_diffuse(data, sde_scale(e, e->T), sde_var(e, e->T));
        gmm_score(data, n, x, d, log0, NULL, 0);
        gmm_score(p, n, x, d, logT, NULL, 0);
        gmm_free(p);
        enclosure worst = enclosure_exact(0.0);
        for (long i = 0; i < n; i++) {
            double least = TOLERANCE * (1.0 + fabs(log0[i]) + fabs(logT[i]));
            worst = enclosure_farther(
                worst, enclosure_about(logT[i] - log0[i] - y[i], error[i] + least));
        }
        *residual = worst;
    }
    free(work);
    return status;
}
