/* The E-step on the points of a sample, in the log domain. */
#include "internal.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>

enum { BATCH = 256 };

typedef struct {
    long n;
    const double *x; /* n x D */
    double s2;
    double *rho; /* BATCH x Q */
    double
        *ones; /* (1 + D) x BATCH: 1, then the coordinates of the points of a batch */
} sample;

/* rho_q = K_q/sum K for one point y; returns log mean K. */
static double responsibilities(const sample *c, const sieve_work *w, const double *y,
                               double *rho)
{
    double least;
    const double total = kernel_best()->posterior(w->Q, w->s->D, w->points, w->Q, y,
                                                  HALF_LOG2E / c->s2, rho, &least);
    return log(total / (double)w->Q) - 0.5 * least / c->s2;
}

static double expect(void *ctx, sieve_work *w)
{
    const sample *c = ctx;
    const int D = w->s->D, Q = (int)w->Q;
    double sum = 0.0;
    for (long first = 0; first < c->n; first += BATCH) {
        const int n = (int)(c->n - first < BATCH ? c->n - first : BATCH);
        for (int i = 0; i < n; i++) {
            const double *y = c->x + (first + i) * D;
            sum += responsibilities(c, w, y, c->rho + (long)i * Q);
            c->ones[i] = 1.0 / (double)c->n;
            for (int r = 0; r < D; r++)
                c->ones[(1 + r) * BATCH + i] = y[r] * c->ones[i];
        }
        linalg_gemm(1 + D, Q, n, 1.0, c->ones, BATCH, c->rho, Q, first > 0 ? 1.0 : 0.0,
                    w->moments, Q);
    }
    return sum / (double)c->n - 0.5 * D * log(2.0 * SC_PI * c->s2);
}

sieve_run sieve_fit_sample(const sieve *s, const mesh *nodes, double s2, long n,
                           const double *x, const sieve_rule *rule, double *a)
{
    REQUIRE(n >= 1 && s2 > 0.0);
    sieve_work w = sieve_work_of(s, nodes);
    sample c = {.n = n, .x = x, .s2 = s2};
    c.rho = NEW_ARRAY(double, BATCH *w.Q);
    c.ones = NEW_ARRAY(double, (1L + s->D) * BATCH);
    const sieve_run run = sieve_relax(&w, rule, expect, &c, a);
    free(c.ones), free(c.rho);
    sieve_work_free(&w);
    return run;
}
