/* The estimator -A_n^{-1} E_n[w F'' + F' (log b)'] on samples, and its replicates. */
#include "expfam.h"
#include "linalg.h"

#include <stdlib.h>

enum { BLOCK = 256 };

/* Sums over the points of F_i' F_j' and w F_i'', the terms of the base included. */
typedef struct {
    double A[EXPFAM_TERMS][EXPFAM_TERMS], b[EXPFAM_TERMS];
} sums;

static void add_block(const expfam *p, int n, const double *x, const double *w, sums *s)
{
    double value[BLOCK], slope[EXPFAM_TERMS][BLOCK], bend[BLOCK];
    REQUIRE(0 < n && n <= BLOCK);
    for (int a = 0; a < p->terms; a++) {
        p->F[a].jet(&p->F[a], n, x, value, slope[a], bend);
        for (int i = 0; i < n; i++) s->b[a] += w == NULL ? bend[i] : w[i] * bend[i];
        for (int c = 0; c <= a; c++) {
            for (int i = 0; i < n; i++) s->A[a][c] += slope[a][i] * slope[c][i];
            s->A[c][a] = s->A[a][c];
        }
    }
}

int expfam_estimate(const expfam *p, long n, const double *x, const double *w,
                    double *theta, double *psi)
{
    REQUIRE(n >= 1 && 1 <= p->k && p->k <= EXPFAM_MAX);
    REQUIRE(p->k <= p->terms && p->terms <= EXPFAM_TERMS);
    sums s = {.b = {0.0}};
    for (long i = 0; i < n; i += BLOCK)
        add_block(p, (int)(n - i < BLOCK ? n - i : BLOCK), x + i,
                  w == NULL ? NULL : w + i, &s);
    double known[EXPFAM_MAX], total[EXPFAM_MAX];
    for (int a = 0; a < p->k; a++) {
        known[a] = s.b[a];
        for (int j = p->k; j < p->terms; j++) known[a] += s.A[a][j] * p->theta[j];
        total[a] = known[a];
        for (int j = 0; j < p->k; j++) total[a] += s.A[a][j] * p->theta[j];
    }
    CHECK(linalg_solve_spd(p->k, s.A[0], EXPFAM_TERMS, known));
    for (int a = 0; a < p->k; a++) theta[a] = -known[a];
    for (int a = 0; a < p->k && psi != NULL; a++) psi[a] = total[a] / (double)n;
    return SC_OK;
}

/* w_i = mean of v^2 over the slices of point i. */
static void slice_weights(rng_key key, uint64_t replicate, int slices, long n,
                          double *v, double *w)
{
    rng r = rng_at(key, replicate, EXPFAM_STREAM);
    for (long start = 0; start < n; start += BLOCK) {
        long block = n - start < BLOCK ? n - start : BLOCK;
        rng_normal(&r, block * slices, v);
        for (long i = 0; i < block; i++) {
            double sum = 0.0;
            for (int l = 0; l < slices; l++)
                sum += v[i * slices + l] * v[i * slices + l];
            w[start + i] = sum / slices;
        }
    }
}

int expfam_replicates(const expfam *p, const expfam_sample *points, int slices,
                      rng_key key, long n, long replicates, double *theta, double *psi)
{
    REQUIRE(n >= 1 && replicates >= 1 && slices >= 0);
    int status = SC_OK;
#pragma omp parallel default(none)                                                     \
    shared(p, points, slices, key, n, replicates, theta, psi) reduction(min            \
                                                                        : status)
    {
        double *x = NEW_ARRAY(double, 2 * n + (long)BLOCK * slices);
        double *w = x + n, *v = w + n;
#pragma omp for schedule(dynamic)
        for (long r = 0; r < replicates; r++) {
            points->draw(points->ctx, key, (uint64_t)r, n, x);
            if (slices > 0) slice_weights(key, (uint64_t)r, slices, n, v, w);
            int failed = expfam_estimate(p, n, x, slices > 0 ? w : NULL,
                                         theta + r * p->k, psi + r * p->k);
            if (failed < status) status = failed;
        }
        free(x);
    }
    return status;
}
