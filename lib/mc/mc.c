/* Sums in a fixed tree, moments, means. */
#include "internal.h"
#include "kernel.h"
#include "rank.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

double mc_critical(double alpha) { return gsl_cdf_ugaussian_Qinv(alpha / 2.0); }

/* ---- Sums --------------------------------------------------------------- */

static long chunks_of(long n) { return (n + MC_CHUNK - 1) / MC_CHUNK; }

static long chunk_size(long n, long chunk)
{
    long left = n - chunk * MC_CHUNK;
    return left < MC_CHUNK ? left : MC_CHUNK;
}

double mc_sum(long n, const double *x)
{
    REQUIRE(n >= 0);
    long chunks = chunks_of(n);
    if (chunks == 0) return 0.0;
    double *part = NEW_ARRAY(double, chunks);
#pragma omp parallel for default(none) shared(n, x, chunks, part)                      \
    schedule(static) if (chunks > 1)
    for (long c = 0; c < chunks; c++) {
        long m = chunk_size(n, c);
        for (long i = 0; i < m; i++) part[c] += x[c * MC_CHUNK + i];
    }
    /* Neighbours, then neighbours of these, ...: the tree depends on n alone. */
    for (long gap = 1; gap < chunks; gap *= 2)
        for (long c = 0; c + gap < chunks; c += 2 * gap) part[c] += part[c + gap];
    double sum = part[0];
    free(part);
    return sum;
}

/* ---- Moments ------------------------------------------------------------ */

/* Moments of n values y[0], y[stride], ...: two passes, free of cancellation. */
static mc_moments moments_of(int n, const double *y, int stride)
{
    double moment[3];
    kernel_best()->moments(n, y, stride, moment);
    return (mc_moments){n, moment[0], moment[1], moment[2]};
}

/* Of the union (Chan, Golub, LeVeque 1983; the cubes: Pebay 2008). */
static mc_moments moments_join(mc_moments a, mc_moments b)
{
    double n = a.n + b.n, shift = b.mean - a.mean, share = a.n * b.n / n;
    double cube = shift * share * (a.n - b.n) / n * shift * shift +
                  3.0 * shift * (a.n * b.square - b.n * a.square) / n;
    return (mc_moments){n, a.mean + shift * (b.n / n),
                        a.square + b.square + shift * shift * share,
                        a.cube + b.cube + cube};
}

/* n <= MC_CHUNK replicates, in batches that stay in the caches. */
static void draw_chunk(const mc_observables *o, rng_key key, uint64_t first, int n,
                       double *y)
{
    for (int from = 0; from < n; from += MC_BATCH)
        o->draw(o->ctx, key, first + (uint64_t)from,
                n - from < MC_BATCH ? n - from : MC_BATCH, y + (long)from * o->k);
}

/* m[chunk*k + j] of observable j, chunk by chunk in parallel; m is zero before. */
static void measure_chunks(const mc_observables *o, rng_key key, uint64_t first, long n,
                           mc_moments *m)
{
    const long chunks = chunks_of(n);
    const rank_share mine = rank_divide();
#pragma omp parallel default(none) shared(o, key, first, n, m, chunks, mine)
    {
        double *y = NEW_ARRAY(double, (long)MC_CHUNK * o->k);
#pragma omp for schedule(dynamic)
        for (long c = mine.first; c < chunks; c += mine.step) {
            int size = (int)chunk_size(n, c);
            draw_chunk(o, key, first + (uint64_t)c * MC_CHUNK, size, y);
            for (int j = 0; j < o->k; j++)
                m[c * o->k + j] = moments_of(size, y + j, o->k);
        }
        free(y);
    }
    rank_gather(mine, (size_t)(chunks * o->k) * sizeof *m, m);
}

/* Chunk 0's moments become those of all chunks, along the tree of mc_sum. */
static void join_chunks(long chunks, int k, mc_moments *m)
{
    for (long gap = 1; gap < chunks; gap *= 2)
        for (long c = 0; c + gap < chunks; c += 2 * gap)
            for (int j = 0; j < k; j++)
                m[c * k + j] = moments_join(m[c * k + j], m[(c + gap) * k + j]);
}

static bool all_finite(int k, const mc_moments *m)
{
    for (int j = 0; j < k; j++)
        if (!isfinite(m[j].mean) || !isfinite(m[j].square)) return false;
    return true;
}

int mc_moments_of(const mc_observables *y, rng_key key, uint64_t first, long n,
                  mc_moments *m)
{
    REQUIRE(n >= 2 && y->k >= 1);
    mc_moments *chunk = NEW_ARRAY(mc_moments, chunks_of(n) * y->k);
    measure_chunks(y, key, first, n, chunk);
    join_chunks(chunks_of(n), y->k, chunk);
    bool finite = all_finite(y->k, chunk);
    for (int j = 0; j < y->k && finite; j++) m[j] = chunk[j];
    free(chunk);
    return finite ? SC_OK : SC_EDOMAIN;
}

/* ---- Means -------------------------------------------------------------- */

int mc_mean(const mc_observables *y, rng_key key, uint64_t first, long n, double alpha,
            enclosure *mean, double *sd)
{
    REQUIRE(alpha > 0.0 && alpha < 1.0);
    mc_moments *m = NEW_ARRAY(mc_moments, y->k);
    int status = mc_moments_of(y, key, first, n, m);
    for (int j = 0; j < y->k && status == SC_OK; j++) {
        double deviation = sqrt(m[j].square / (double)(n - 1));
        double half = mc_critical(alpha) * deviation / sqrt((double)n);
        mean[j] = enclosure_of(m[j].mean - half, m[j].mean + half, alpha);
        if (sd != NULL) sd[j] = deviation;
    }
    free(m);
    return status;
}

long mc_size(double pilot_sd, double half_width, double alpha)
{
    REQUIRE(pilot_sd >= 0.0 && half_width > 0.0 && alpha > 0.0 && alpha < 1.0);
    double root = mc_critical(alpha) * pilot_sd / half_width;
    double n = ceil(root * root);
    REQUIRE(n < 0x1p62);
    return n > 1000.0 ? (long)n : 1000;
}
