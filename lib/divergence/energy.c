/* Energy distance between samples (Szekely, Rizzo 2013). */
#include "divergence.h"
#include "mc.h"

#include <math.h>
#include <stdlib.h>

/* Distances are computed COLUMNS at a time, so that the squares stay in the first cache. */
enum { COLUMNS = 256 };

/* Coordinates first: coordinate k of point j at yt + k*n + j. */
static double *coordinates_first(long n, int d, const double *y, int ldy)
{
    double *yt = NEW_ARRAY(double, n *d);
    for (long j = 0; j < n; j++)
        for (int k = 0; k < d; k++) yt[k * n + j] = y[j * ldy + k];
    return yt;
}

/* sum_{from <= j < n} |x - y_j|. The order of the additions is fixed at compile time. */
static double sum_distances(int d, const double *x, long n, const double *yt, long from)
{
    double square[COLUMNS], total = 0.0;
    for (long block = from; block < n; block += COLUMNS) {
        int width = n - block < COLUMNS ? (int)(n - block) : COLUMNS;
        const double *y = yt + block;
#pragma omp simd
        for (int j = 0; j < width; j++) square[j] = (x[0] - y[j]) * (x[0] - y[j]);
        for (int k = 1; k < d; k++) {
            y = yt + k * n + block;
#pragma omp simd
            for (int j = 0; j < width; j++) square[j] += (x[k] - y[j]) * (x[k] - y[j]);
        }
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < width; j++) sum += sqrt(square[j]);
        total += sum;
    }
    return total;
}

/* Mean of |x_i - y_j| over all pairs, or over j > i where `within` one sample: rows in parallel,
   their sums combined in the fixed tree. */
static double mean_distance(long n, int d, const double *x, int ldx, long m,
                            const double *yt, bool within)
{
    double *row = NEW_ARRAY(double, n);
#pragma omp parallel for default(none) schedule(dynamic, 16)                           \
    shared(n, d, x, ldx, m, yt, within, row)
    for (long i = 0; i < n; i++)
        row[i] = sum_distances(d, x + i * ldx, m, yt, within ? i + 1 : 0);
    double pairs = within ? 0.5 * (double)n * (double)(n - 1) : (double)n * (double)m;
    double mean = mc_sum(n, row) / pairs;
    free(row);
    return mean;
}

double divergence_energy(long n, int d, const double *x, int ldx, long m,
                         const double *y, int ldy)
{
    REQUIRE(n >= 2 && m >= 2 && d >= 1 && ldx >= d && ldy >= d);
    double *xt = coordinates_first(n, d, x, ldx);
    double *yt = coordinates_first(m, d, y, ldy);
    double between = mean_distance(n, d, x, ldx, m, yt, false);
    double within_x = mean_distance(n, d, x, ldx, n, xt, true);
    double within_y = mean_distance(m, d, y, ldy, m, yt, true);
    free(yt), free(xt);
    return 2.0 * between - within_x - within_y;
}

void divergence_energy_groups(int groups, long n, int d, const double *x,
                              const double *y, double *value)
{
    for (long g = 0; g < groups; g++)
        value[g] = divergence_energy(n, d, x + g * n * d, d, n, y + g * n * d, d);
}
