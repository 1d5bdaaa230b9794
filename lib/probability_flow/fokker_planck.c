/* fokker_planck.c -- the equation that the law of a backward process solves, pointwise. */
#include "ode.h"
#include "probability_flow.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a step of ode_solve, which has so many stages, and where rounding does not let it keep that; of a term, in
   proportion to its size. */
static const double TOLERANCE[] = {1e-14, 1e-12}, ROUNDING = 4e-15;
enum { STAGES = 13 };

typedef struct {
    const gmm *data;
    const sde *forward;
    double times;
    long n;
    const double *x;       /* n x d */
    double *s, *laplacian; /* n x d, n: of log p_t */
    double *peak;          /* n: largest |integral| seen */
    long *calls;           /* of rate, STAGES in a step */
} problem;

/* d/dt log p_t at fixed x as the backward equation has it: div b + b.s - g^2/2 (Laplace log p + |s|^2). After
   these n numbers ROUNDING times the sum of the sizes of their terms. */
static void rate(const void *ctx, double t, const double *y, double *dy)
{
    const problem *c = ctx;
    const int d = gmm_dim(c->data);
    const double f = sde_f(c->forward, t), g2 = sde_g2(c->forward, t);
    ++*c->calls;
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
        double terms = fabs(f) * (d + fabs(inward)) +
                       (fabs(c->times) + 0.5) * g2 * (fabs(c->laplacian[i]) + square);
        dy[i] = div + along - 0.5 * g2 * (c->laplacian[i] + square);
        dy[c->n + i] = ROUNDING * terms;
        c->peak[i] = fmax(c->peak[i], fabs(y[i]));
    }
}

/* y (2n) and error by the first tolerance that can be kept, returned in tolerance. */
static int integrate(const problem *c, double *y, double *error, double *tolerance)
{
    int status = SC_ECONVERGENCE;
    for (int k = 0; k < LEN(TOLERANCE) && status == SC_ECONVERGENCE; k++) {
        *tolerance = TOLERANCE[k];
        *c->calls = 0;
        memset(c->peak, 0, (size_t)c->n * sizeof *c->peak);
        status = ode_solve(rate, c, (int)(2 * c->n), 0.0, c->forward->T, TOLERANCE[k],
                           y, error);
    }
    return status;
}

/* What the two runs of ode_solve need not show, which may agree by chance: rounding, and the tolerance in every
   step, in proportion to the integral, on the way often larger than at the end. Stages of rejected steps may
   overshoot, but no integral exceeds that of the sizes. */
static double hidden(const problem *c, long i, double tolerance, double rounding)
{
    double largest = fmin(c->peak[i], rounding / ROUNDING);
    return (double)*c->calls / STAGES * tolerance * fmax(1.0, largest) + rounding;
}

int probability_flow_fokker_planck(const gmm *data, const sde *e, double times, long n,
                                   const double *x, enclosure *residual)
{
    const int d = gmm_dim(data);
    REQUIRE(0 < n && n <= INT_MAX / 2);
    double *work = NEW_ARRAY(double, n *(d + 8)), *y = work + n * (d + 2);
    double *error = y + 2 * n, *log0 = error + 2 * n, *logT = log0 + n;
    double tolerance;
    long calls;
    const problem c = {data,  e, times, n, x, work, work + n * d, work + n * (d + 1),
                       &calls};
    int status = integrate(&c, y, error, &tolerance);
    if (status == SC_OK) {
        gmm *p = gmm_diffuse(data, sde_scale(e, e->T), sde_var(e, e->T));
        gmm_score(data, n, x, d, log0, NULL, 0);
        gmm_score(p, n, x, d, logT, NULL, 0);
        gmm_free(p);
        enclosure worst = enclosure_exact(0.0);
        for (long i = 0; i < n; i++) {
            double bound = error[i] + hidden(&c, i, tolerance, y[n + i]) +
                           ROUNDING * (1.0 + fabs(log0[i]) + fabs(logT[i]));
            worst = enclosure_farther(worst,
                                      enclosure_about(logT[i] - log0[i] - y[i], bound));
        }
        *residual = worst;
    }
    free(work);
    return status;
}
