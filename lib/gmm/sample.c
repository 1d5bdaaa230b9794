/* Exact draws: a component by one uniform, then mu_i + L_i z with d normals. */
#include "internal.h"

/* Smallest i with u < w_0 + ... + w_i, and a positive weight. */
static int component(int k, const double *cumulated, double u)
{
    int lo = 0;
    int hi = k - 1;
    while (lo < hi) {
        int middle = (lo + hi) / 2;
        if (u < cumulated[middle])
            hi = middle;
        else
            lo = middle + 1;
    }
    return lo;
}

/* x <- mu_i + L_i x, in place; entry a uses x_b, b <= a: from the last to the first. */
static void place(const gmm *p, int i, double *x)
{
    int d = p->d;
    const double *mu = p->mu + (long)i * d;
    const double *root = p->root + i * p->per;
    for (int a = d - 1; a >= 0; a--) {
        double z = 0.0;
        if (p->shape == GMM_FULL)
            for (int b = 0; b <= a; b++) z += root[a * d + b] * x[b];
        else
            z = root[p->shape == GMM_DIAGONAL ? a : 0] * x[a];
        x[a] = mu[a] + z;
    }
}

/* Components chosen by comparing with all cumulated weights rather than by bisection. */
enum { FEW = 32 };
static bool vectorised(const gmm *p)
{
    return p->shape != GMM_FULL && p->d <= KERNEL_LOW && p->k <= FEW;
}

/* At most GMM_BLOCK points. */
static void sample_block(const gmm *p, rng_key key, uint64_t first, long n, double *x,
                         int ldx)
{
    double u[GMM_BLOCK];
    rng_uniform_rows(key, first, GMM_STREAM, 0, n, 1, u, 1);
    rng_normal_rows(key, first, GMM_STREAM, 1, n, p->d, x, ldx);
    if (vectorised(p)) {
        const kernel_places places = {p->k,         p->d,  (int)p->per,
                                      p->cumulated, p->mu, p->root};
        kernel_best()->place(&places, n, u, x, ldx);
        return;
    }
    for (long j = 0; j < n; j++)
        place(p, component(p->k, p->cumulated, u[j]), x + j * ldx);
}

void gmm_sample(const gmm *p, rng_key key, uint64_t first, long n, double *x, int ldx)
{
    REQUIRE(n >= 0 && ldx >= p->d);
    if (n <= GMM_BLOCK) { /* often inside a parallel region, where another costs time */
        sample_block(p, key, first, n, x, ldx);
        return;
    }
#pragma omp parallel for schedule(dynamic) default(none)                               \
    shared(p, key, first, n, x, ldx)
    for (long from = 0; from < n; from += GMM_BLOCK)
        sample_block(p, key, first + (uint64_t)from,
                     from + GMM_BLOCK < n ? GMM_BLOCK : n - from, x + from * ldx, ldx);
}
