/* The E-step on the points of a sample, in the log domain. */
#include "internal.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>

enum { BATCH = 256, P = 6 };

typedef struct {
    long n;
    const double *x;      /* n x D */
    const double *weight; /* n, of sum 1, or NULL: 1/n */
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
            const double weight =
                c->weight != NULL ? c->weight[first + i] : 1.0 / (double)c->n;
            sum += weight * responsibilities(c, w, y, c->rho + (long)i * Q);
            c->ones[i] = weight;
            for (int r = 0; r < D; r++)
                c->ones[(1 + r) * BATCH + i] = y[r] * c->ones[i];
        }
        linalg_gemm(1 + D, Q, n, 1.0, c->ones, BATCH, c->rho, Q, first > 0 ? 1.0 : 0.0,
                    w->moments, Q);
    }
    return sum - 0.5 * D * log(2.0 * SC_PI * c->s2);
}

/* Values at 0 of the Lagrange polynomials of the nodes i - t - P + 1, i = 0 .. 2 P - 1, 0 <= t < 1, times prod_{j != i} (i - j). */
static void lagrange(double t, double value[2 * P])
{
    double below = 1.0, above = 1.0;
    for (int i = 0; i < 2 * P; i++) {
        value[i] = below;
        below *= t + P - 1 - i;
    }
    for (int i = 2 * P - 1; i >= 0; i--) {
        value[i] *= above;
        above *= t + P - 1 - i;
    }
}

/* On the line: nodes sqrt(s2)/8 apart with weights such that sum_j w_j f(y_j) is the mean over the points of f interpolated between
   its values at the 12 nearest nodes. What the E-step asks of a point is analytic in it within a strip, log sum_q K and K_q/sum_q K: 1e-12
   of the sums over the points, at a cost free of n. Returns the number of nodes; y, then their weights: the caller frees. */
static long condense(long n, const double *x, double s2, double **y)
{
    const double step = sqrt(s2) / 8.0;
    double lo = x[0], hi = x[0], value[2 * P], share[2 * P];
    for (long i = 1; i < n; i++) lo = fmin(lo, x[i]), hi = fmax(hi, x[i]);
    const long nodes = (long)((hi - lo) / step) + 2L * P;
    double *weight = (*y = NEW_ARRAY(double, 2 * nodes)) + nodes;
    for (long j = 0; j < nodes; j++) (*y)[j] = lo + step * (double)(j - P + 1);
    for (int i = 0; i < 2 * P; i++) {
        share[i] = 1.0 / (double)n;
        for (int j = 0; j < 2 * P; j++) share[i] /= j != i ? i - j : 1;
    }
    for (long i = 0; i < n; i++) {
        const double at = (x[i] - lo) / step, cell = floor(at);
        lagrange(at - cell, value);
        for (int j = 0; j < 2 * P; j++) weight[(long)cell + j] += share[j] * value[j];
    }
    return nodes;
}

typedef struct {
    sample of;
    sieve_work w;
    double *condensed; /* D = 1 */
} task;

static task task_new(const sieve *s, const mesh *nodes, double s2, long n,
                     const double *x)
{
    REQUIRE(n >= 1 && s2 > 0.0);
    task t = {.of = {.n = n, .x = x, .s2 = s2}, .w = sieve_work_of(s, nodes)};
    if (s->D == 1) {
        t.of.n = condense(n, x, s2, &t.condensed);
        t.of.x = t.condensed;
        t.of.weight = t.condensed + t.of.n;
    }
    t.of.rho = NEW_ARRAY(double, BATCH *(t.w.Q + 1 + s->D));
    t.of.ones = t.of.rho + BATCH * t.w.Q;
    return t;
}

static void task_free(task *t)
{
    free(t->of.rho);
    free(t->condensed);
    sieve_work_free(&t->w);
}

sieve_run sieve_fit_sample(const sieve *s, const mesh *nodes, double s2, long n,
                           const double *x, const sieve_rule *rule, double *a)
{
    task t = task_new(s, nodes, s2, n, x);
    const sieve_run run = sieve_relax(&t.w, rule, expect, &t.of, a);
    task_free(&t);
    return run;
}

sieve_run sieve_maximise_sample(const sieve *s, const mesh *nodes, double s2, long n,
                                const double *x, double left, double *a)
{
    task t = task_new(s, nodes, s2, n, x);
    const sieve_run run = sieve_climb(&t.w, 1.0, s2, left, expect, &t.of, a);
    task_free(&t);
    return run;
}
