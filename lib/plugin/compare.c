/* compare.c -- how far two mixtures in R^d and their scores are apart, by draws of the first. */
#include "plugin.h"

#include <math.h>
#include <stdlib.h>

gmm *plugin_law(int n, int d, const double *x, double m, double s2)
{
    double *mean = NEW_ARRAY(double, (long)n *d);
    for (long i = 0; i < (long)n * d; i++) mean[i] = m * x[i];
    gmm *p = gmm_new_equal(n, d, mean, s2);
    free(mean);
    return p;
}

plugin_gap plugin_compare(const gmm *p, const gmm *q, double factor, rng_key key,
                          uint64_t first, long n)
{
    const int d = gmm_dim(p);
    REQUIRE(n >= 1 && gmm_dim(q) == d);
    double *x = NEW_ARRAY(double, n *(3L * d + 2)), *sp = x + n * d, *sq = sp + n * d;
    double *logp = sq + n * d, *logq = logp + n;
    gmm_sample(p, key, first, n, x, d);
    gmm_score(p, n, x, d, logp, sp, d);
    gmm_score(q, n, x, d, logq, sq, d);
    plugin_gap sum = {0.0, 0.0, 0.0};
    for (long i = 0; i < n; i++) {
        sum.log_ratio += logp[i] - logq[i];
        sum.mass += exp(logq[i] - logp[i]);
        for (long j = i * d; j < (i + 1) * d; j++)
            sum.score_error += (sp[j] - factor * sq[j]) * (sp[j] - factor * sq[j]);
    }
    free(x);
    double count = (double)n;
    return (plugin_gap){sum.log_ratio / count, sum.mass / count,
                        sum.score_error / count};
}
