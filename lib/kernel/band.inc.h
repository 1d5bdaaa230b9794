/* A sum of Gaussian bumps on a uniform grid, each confined to its band.
 *
 * With r = dy/sqrt(q), c the node nearest to a source and theta = (y_c - mu)/sqrt(q),
 *
 *     exp(-(y_{c+k} - mu)^2/(2q)) = exp(-theta^2/2) g_k w^k,   g_k = exp(-(k r)^2/2),
 *                                                              w = exp(-theta r),
 *
 * so a source costs nine exponentials, and a node two multiplications and an addition. The powers
 * of w run in eight columns: w^k has gathered k/8 roundings, and where k is large g_k is small.
 */

static long band_scatter(long sources, const double *restrict position,
                         const double *restrict weight, const band *b,
                         double *restrict y)
{
    enum { COLUMNS = 8 };
    const double log2e = 0x1.71547652b82fep0;
    long count = 0;
    for (long j = 0; j < sources; j++) {
        double centre = floor(position[j] + 0.5), theta = (centre - position[j]) * b->r;
        long lo = (long)ceil((-b->reach - theta) / b->r);
        long hi = (long)floor((b->reach - theta) / b->r);
        long c = (long)centre;
        if (lo < -c) lo = -c;
        if (hi > b->nodes - 1 - c) hi = b->nodes - 1 - c;
        if (hi < lo) continue;
        count += hi - lo + 1;

        double power[COLUMNS], step = theta * b->r * log2e;
        double first = -0.5 * theta * theta * log2e - step * (double)lo;
#pragma omp simd
        for (int l = 0; l < COLUMNS; l++)
            power[l] = weight[j] * simd_exp2(first - step * l);
        double ratio = simd_exp2(-step * COLUMNS);
        const double *g = b->g + b->half + lo;
        double *out = y + c + lo;
        long n = hi - lo + 1, i = 0;
        for (; i + COLUMNS <= n; i += COLUMNS) {
#pragma omp simd
            for (int l = 0; l < COLUMNS; l++) {
                out[i + l] += power[l] * g[i + l];
                power[l] *= ratio;
            }
        }
        for (int l = 0; i < n; i++, l++) out[i] += power[l] * g[i];
    }
    return count;
}
