#include "mc.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

/* Normal quantile of the two-sided level alpha. */
static double critical(double alpha) { return gsl_cdf_ugaussian_Qinv(alpha / 2.0); }

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
#pragma omp parallel for default(none) shared(n, x, chunks, part) schedule(static)
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

/* ---- Means -------------------------------------------------------------- */

/* Number, mean and sum of squared deviations of some draws of one observable. */
typedef struct {
    double n, mean, square;
} moments;

/* Moments of n values y[0], y[stride], ...: two passes, free of cancellation. */
static moments moments_of(int n, const double *y, int stride)
{
    double sum = 0.0, square = 0.0;
    for (long i = 0; i < n; i++) sum += y[i * stride];
    double mean = sum / n;
    for (long i = 0; i < n; i++)
        square += (y[i * stride] - mean) * (y[i * stride] - mean);
    return (moments){n, mean, square};
}

/* Of the union (Chan, Golub, LeVeque 1983). */
static moments moments_join(moments a, moments b)
{
    double n = a.n + b.n, shift = b.mean - a.mean;
    return (moments){n, a.mean + shift * (b.n / n),
                     a.square + b.square + shift * shift * (a.n * b.n / n)};
}

/* m[chunk*k + j] of observable j, chunk by chunk in parallel. */
static void measure_chunks(const mc_observables *o, rng_key key, uint64_t first, long n,
                           moments *m)
{
    long chunks = chunks_of(n);
#pragma omp parallel default(none) shared(o, key, first, n, m, chunks)
    {
        double *y = NEW_ARRAY(double, (long)MC_CHUNK * o->k);
#pragma omp for schedule(dynamic)
        for (long c = 0; c < chunks; c++) {
            int size = (int)chunk_size(n, c);
            o->draw(o->ctx, key, first + (uint64_t)c * MC_CHUNK, size, y);
            for (int j = 0; j < o->k; j++)
                m[c * o->k + j] = moments_of(size, y + j, o->k);
        }
        free(y);
    }
}

/* Chunk 0's moments become those of all chunks, along the tree of mc_sum. */
static void join_chunks(long chunks, int k, moments *m)
{
    for (long gap = 1; gap < chunks; gap *= 2)
        for (long c = 0; c + gap < chunks; c += 2 * gap)
            for (int j = 0; j < k; j++)
                m[c * k + j] = moments_join(m[c * k + j], m[(c + gap) * k + j]);
}

static bool all_finite(int k, const moments *m)
{
    for (int j = 0; j < k; j++)
        if (!isfinite(m[j].mean) || !isfinite(m[j].square)) return false;
    return true;
}

int mc_mean(const mc_observables *y, rng_key key, uint64_t first, long n, double alpha,
            enclosure *mean, double *sd)
{
    REQUIRE(n >= 2 && y->k >= 1 && alpha > 0.0 && alpha < 1.0);
    moments *m = NEW_ARRAY(moments, chunks_of(n) * y->k);
    measure_chunks(y, key, first, n, m);
    join_chunks(chunks_of(n), y->k, m);
    int status = all_finite(y->k, m) ? SC_OK : SC_EDOMAIN;
    for (int j = 0; j < y->k && status == SC_OK; j++) {
        double deviation = sqrt(m[j].square / (double)(n - 1));
        double half = critical(alpha) * deviation / sqrt((double)n);
        mean[j] = enclosure_of(m[j].mean - half, m[j].mean + half, alpha);
        if (sd != NULL) sd[j] = deviation;
    }
    free(m);
    return status;
}

long mc_size(double pilot_sd, double half_width, double alpha)
{
    REQUIRE(pilot_sd >= 0.0 && half_width > 0.0 && alpha > 0.0 && alpha < 1.0);
    double root = critical(alpha) * pilot_sd / half_width;
    double n = ceil(root * root);
    REQUIRE(n < 0x1p62);
    return n > 1000.0 ? (long)n : 1000;
}
