/* A sum of Gaussian bumps on a uniform grid, each with a width of its own.
 *
 * In units of the spacing: y_i += weight_j exp(-(i - mu_j)^2/(2 w_j^2)) for |i - mu_j| <= K w_j. One
 * exponential a node; band.inc.h needs none, for bumps of the same width. */

static long bump_scatter(const bumps *b, long nodes, double *restrict y)
{
    const double half_log2e = 0x1.71547652b82fep-1;
    long count = 0;
    for (long j = 0; j < b->sources; j++) {
        double mu = b->position[j], w = b->width[j], weight = b->weight[j];
        long lo = (long)ceil(mu - b->reach * w), hi = (long)floor(mu + b->reach * w);
        if (lo < 0) lo = 0;
        if (hi > nodes - 1) hi = nodes - 1;
        if (hi < lo) continue;
        int n = (int)(hi - lo + 1);
        count += n;
        double offset = (double)lo - mu, curvature = -half_log2e / (w * w);
        double *out = y + lo;
#pragma omp simd
        for (int i = 0; i < n; i++) {
            double u = offset + (double)i;
            out[i] += weight * simd_exp2(curvature * u * u);
        }
    }
    return count;
}
