/* grid.c -- means under planar mixtures by the trapezoid rule on a square grid. */
#include "gmm.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>

/* k x n: density of component i's coordinate c at lo + a h, times h. */
static double *marginals(const gmm *p, int c, int n, double lo, double h)
{
    int k = gmm_components(p);
    double *m = NEW_ARRAY(double, (long)k *n), cov[4];
    for (int i = 0; i < k; i++) {
        gmm_cov_of(p, i, cov, 2);
        double scale = h / sqrt(2.0 * SC_PI * cov[0]), centre = gmm_mean_of(p, i)[c];
        for (int a = 0; a < n; a++) {
            double gap = lo + a * h - centre;
            m[(long)i * n + a] = scale * exp(-0.5 * gap * gap / cov[0]);
        }
    }
    return m;
}

/* sum_ab g_a f_ab h_b for every component: one matrix product, then inner products. */
void gmm_grid_mean(const gmm *p, int n, double lo, double h, const double *f,
                   double *mean, double *mass)
{
    REQUIRE(gmm_dim(p) == 2 && gmm_shape_of(p) == GMM_ISOTROPIC && n >= 2 && h > 0.0);
    int k = gmm_components(p);
    double *x = marginals(p, 0, n, lo, h), *y = marginals(p, 1, n, lo, h);
    double *xf = NEW_ARRAY(double, (long)k *n);
    linalg_gemm(k, n, n, 1.0, x, n, f, n, 0.0, xf, n);
    *mean = *mass = 0.0;
    for (int i = 0; i < k; i++) {
        double sum = 0.0, in_x = 0.0, in_y = 0.0;
        for (long b = (long)i * n; b < (long)(i + 1) * n; b++) {
            sum += xf[b] * y[b];
            in_x += x[b];
            in_y += y[b];
        }
        *mean += gmm_weight(p, i) * sum;
        *mass += gmm_weight(p, i) * in_x * in_y;
    }
    free(xf), free(y), free(x);
}
