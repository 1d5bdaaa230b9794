/* The estimator -A_n^{-1} E_n[w F'' + F' (log b)'] on samples, and its replicates. */
#include "expfam.h"
#include "linalg.h"
#include "rank.h"

#include <math.h>
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

void expfam_gauss_mle(long n, const double *x, double theta[2])
{
    REQUIRE(n >= 2);
    double mean = 0.0, var = 0.0;
    for (long i = 0; i < n; i++) mean += x[i] / (double)n;
    for (long i = 0; i < n; i++) var += (x[i] - mean) * (x[i] - mean) / (double)n;
    theta[0] = mean / var;
    theta[1] = -0.5 / var;
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

/* Replicate r from its points x. */
static int replicate(const expfam *p, const double *x, const double *w,
                     const expfam_matrix *inverse, long r, const expfam_estimates *e)
{
    double theta[EXPFAM_MAX], psi[EXPFAM_MAX], n = (double)e->n;
    CHECK(expfam_estimate(p, e->n, x, w, theta, psi));
    for (int i = 0; i < p->k; i++) {
        double gap = theta[i] - p->theta[i], linear = 0.0;
        for (int j = 0; j < p->k; j++)
            linear += enclosure_mid(inverse->at[i][j]) * psi[j];
        e->error[i][r] = sqrt(n) * gap;
        e->rest[i][r] = n * (gap + linear);
    }
    return SC_OK;
}

void expfam_estimates_free(expfam_estimates *e) { free(e->error[0]); }

int expfam_replicates(const expfam *p, const target *law, int slices, rng_key key,
                      long n, long R, expfam_estimates *e)
{
    REQUIRE(n >= 1 && R >= 1 && slices >= 0);
    expfam_matrix A, inverse;
    CHECK(expfam_second(p, EXPFAM_SLOPE, &A));
    CHECK(expfam_inverse(p->k, &A, &inverse));
    expfam_estimates all = {.n = n, .R = R};
    all.error[0] = NEW_ARRAY(double, 2L * EXPFAM_MAX * R);
    for (int i = 0; i < EXPFAM_MAX; i++) {
        all.error[i] = all.error[0] + i * R;
        all.rest[i] = all.error[0] + (EXPFAM_MAX + i) * R;
    }
    int status = SC_OK;
    const rank_share mine = rank_divide();
#pragma omp parallel default(none)                                                     \
    shared(p, law, slices, key, n, R, inverse, all, mine) reduction(min                \
                                                                    : status)
    {
        double *x = NEW_ARRAY(double, 2 * n + (long)BLOCK * slices);
        double *w = slices > 0 ? x + n : NULL, *v = x + 2 * n;
#pragma omp for schedule(dynamic)
        for (long r = mine.first; r < R; r += mine.step) {
            target_replicate(law, key, (uint64_t)r, n, x);
            if (w != NULL) slice_weights(key, (uint64_t)r, slices, n, v, w);
            int failed = replicate(p, x, w, &inverse, r, &all);
            if (failed < status) status = failed;
        }
        free(x);
    }
    rank_gather(mine, (size_t)R * 2 * EXPFAM_MAX * sizeof(double), all.error[0]);
    status = rank_least(status);
    if (status == SC_OK)
        *e = all;
    else
        expfam_estimates_free(&all);
    return status;
}
