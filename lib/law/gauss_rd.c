/* Gaussian data in R^d: X' = a X + b S(t, X) + sqrt(q) Z, S(t, x) = C_t^{-1} (m_t - x), is affine. */
#include "law.h"
#include "linalg.h"

#include <stdlib.h>

/* One step of mean and covariance: A = a I - b C_t^{-1}, the Jacobian taken at m_t, where S = 0.
   work: 2 d x d + d. */
static void propagate(const gmm *p, step c, double *work, double *mean, double *cov)
{
    int d = gmm_dim(p);
    long square = (long)d * d;
    double *A = work, *AC = A + square, *image = AC + square;
    gmm_jacobian(p, gmm_mean_of(p, 0), A, d);
    gmm_score(p, 1, mean, d, NULL, image, d);
    for (int i = 0; i < d; i++) {
        mean[i] = c.a * mean[i] + c.b * image[i];
        for (int j = 0; j < d; j++) A[i * d + j] = c.a * (i == j) + c.b * A[i * d + j];
    }
    linalg_gemm(d, d, d, 1.0, A, d, cov, d, 0.0, AC, d);
    linalg_gemm_nt(d, d, d, 1.0, AC, d, A, d, 0.0, cov, d);
    for (int i = 0; i < d; i++) cov[i * d + i] += c.q;
}

int law_gauss_rd(const gmm *data, const sde *e, const sampler *scheme, int steps,
                 const double *t, double *mean, double *cov)
{
    int d = gmm_dim(data);
    if (gmm_components(data) != 1 || !scheme->coefficients) return SC_EDOMAIN;
    double *work = NEW_ARRAY(double, 2L * d * d + d);
    for (int i = 0; i < d; i++) {
        mean[i] = 0.0;
        for (int j = 0; j < d; j++) cov[i * d + j] = i == j;
    }
    for (int k = 0; k < steps; k++) {
        gmm *p = gmm_diffuse(data, sde_scale(e, t[k]), sde_var(e, t[k]));
        propagate(p, scheme->coefficients(e, t[k], t[k + 1]), work, mean, cov);
        gmm_free(p);
    }
    free(work);
    return SC_OK;
}
