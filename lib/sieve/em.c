/* Over-relaxed EM on a sample. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const sieve_rule SIEVE_SAMPLE = {1.5, 60};

/* A x = b for symmetric positive definite A (k x k, k <= 3) and D right sides b (k x D), in place, by elimination. */
static void solve(int k, double *A, int D, double *b)
{
    for (int i = 0; i < k; i++)
        for (int j = i + 1; j < k; j++) {
            const double factor = A[j * k + i] / A[i * k + i];
            for (int l = i; l < k; l++) A[j * k + l] -= factor * A[i * k + l];
            for (int r = 0; r < D; r++) b[j * D + r] -= factor * b[i * D + r];
        }
    for (int i = k - 1; i >= 0; i--)
        for (int r = 0; r < D; r++) {
            for (int j = i + 1; j < k; j++) b[i * D + r] -= A[i * k + j] * b[j * D + r];
            b[i * D + r] /= A[i * k + i];
        }
}

void sieve_maximise(sieve_work *w, double *a)
{
    const int k = sieve_basis(w->s), D = w->s->D;
    const long size = sieve_size(w->s), all = size / ((long)k * D);
    memset(a, 0, (size_t)size * sizeof *a);
    memset(w->system, 0, (size_t)(all * k * k) * sizeof *a);
    for (long q = 0; q < w->Q; q++) {
        const double *B = w->B + q * k;
        double *A = w->system + (long)w->cell[q] * k * k;
        double *rhs = a + (long)w->cell[q] * k * D;
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) A[i * k + j] += w->moments[q] * B[i] * B[j];
            for (int r = 0; r < D; r++)
                rhs[i * D + r] += B[i] * w->moments[(1 + r) * w->Q + q];
        }
    }
    for (long cell = 0; cell < all; cell++) {
        double *A = w->system + cell * k * k;
        for (int i = 0; i < k; i++) A[i * k + i] += 1e-12;
        solve(k, A, D, a + cell * k * D);
    }
}

sieve_run sieve_relax(sieve_work *w, const sieve_rule *rule, sieve_expect *expect,
                      void *ctx, double *a)
{
    const long size = sieve_size(w->s);
    double *em = NEW_ARRAY(double, size);
    sieve_run run = {0};
    sieve_move(w, a);
    run.start = run.Lambda = expect(ctx, w);
    for (int i = 1; i <= rule->steps; i++) {
        sieve_maximise(w, em);
        for (long j = 0; j < size; j++) a[j] += rule->relaxation * (em[j] - a[j]);
        sieve_move(w, a);
        double Lambda = expect(ctx, w);
        if (!(Lambda >= run.Lambda - 1e-14)) { /* too far: the plain step */
            memcpy(a, em, (size_t)size * sizeof *a);
            sieve_move(w, a);
            Lambda = expect(ctx, w);
        }
        run.left = fabs(Lambda - run.Lambda);
        run.Lambda = Lambda;
        run.iterations = i;
    }
    sieve_maximise(w, a);
    sieve_move(w, a);
    run.Lambda = expect(ctx, w);
    free(em);
    return run;
}
