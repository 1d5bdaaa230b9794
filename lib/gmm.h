/* gmm -- Gaussian mixtures p = sum_i w_i N(mu_i, C_i) on R^d, exactly.  Floor 1.
 *
 * With r_i(x) the posterior weights (log-sum-exp, weights below 2^-1000 flushed to 0):
 *
 *   score        grad log p = sum r_i C_i^{-1} (mu_i - x)
 *   Jacobian     sum r_i (g_i g_i^T - C_i^{-1}) - s s^T,   g_i = C_i^{-1}(mu_i - x)
 *   diffusion    law of m X + sqrt(s2) Z:  (w_i, m mu_i, m^2 C_i + s2 I)
 *   Fisher       I(p) = E |grad log p|^2
 */
#ifndef SC_GMM_H
#define SC_GMM_H

#include "base.h"
#include "field.h"
#include "rng.h"

typedef struct gmm gmm;
typedef enum { GMM_ISOTROPIC, GMM_DIAGONAL, GMM_FULL } gmm_shape;

/* k components in R^d; weights >= 0, normalised here; mean i at mu + i*ldmu. Everything is
   copied. Variances > 0 (or = 0: an atom, usable only after gmm_diffuse; isotropic only). */
gmm *gmm_new(int k, int d, const double *w, const double *mu, int ldmu,
             const double *var); /* var: k */
gmm *gmm_new_diagonal(int k, int d, const double *w, const double *mu, int ldmu,
                      const double *var, int ldvar); /* var: k x d */
/* cov: k blocks of d x d, row-major, symmetric; SC_EDOMAIN if one is not positive definite. */
BASE_MUST_USE int gmm_new_full(int k, int d, const double *w, const double *mu,
                               int ldmu, const double *cov, gmm **p);
void gmm_free(gmm *p);

int gmm_dim(const gmm *p);
int gmm_components(const gmm *p);
gmm_shape gmm_shape_of(const gmm *p);
double gmm_weight(const gmm *p, int i);
const double *gmm_mean_of(const gmm *p, int i); /* d numbers */
/* Covariance of component i, d x d row-major, ldc >= d. */
void gmm_cov_of(const gmm *p, int i, double *cov, int ldc);
/* Mean (d) and covariance (d x d) of the mixture. */
void gmm_moments(const gmm *p, double *mean, double *cov, int ldc);

gmm *gmm_diffuse(const gmm *p, double m, double s2); /* caller frees */

/* Batched over n points; logp or s may be NULL; s must not overlap x. Parallel over fixed blocks
   of points: the same bytes for any number of threads and any split of the points. */
void gmm_score(const gmm *p, long n, const double *x, int ldx, double *logp, double *s,
               int lds);
/* Laplacian of log p = divergence of the score, n values. */
void gmm_divergence(const gmm *p, long n, const double *x, int ldx, double *div);
void gmm_jacobian(const gmm *p, const double *x, double *J, int ldj);
field gmm_score_field(const gmm *p); /* borrows p */

/* Point i, i < n, is replicate first + i: one uniform (block 0 of stream GMM_STREAM) chooses the
   component, d normals (from block 1) place the point. The stream is the mixture's own, so
   that a caller's draws with the same key and replicate are independent of it. */
enum { GMM_STREAM = 0x676d6d }; /* "gmm" */
void gmm_sample(const gmm *p, rng_key key, uint64_t first, long n, double *x, int ldx);

/* d = 1: Fisher information by quadrature, value and error bound. */
BASE_MUST_USE int gmm_fisher(const gmm *p, double *fisher, double *err);
/* d = 1: the points mu_i + {0, +-2, +-6} sd_i, sorted: where adaptive quadrature should split.
   Writes at most 5k values, returns their number. */
int gmm_breakpoints(const gmm *p, double *x);

/* d = 2, isotropic: E f(X) and the mass (of f = 1) by the trapezoid rule, f tabulated as f[a*n + b] at
   (lo + a h, lo + b h), a, b < n. For h below half the smallest sd and 8 sd of margin the mass is 1
   to rounding; the error of the mean is then that of a non-smooth f: compare two grids. */
void gmm_grid_mean(const gmm *p, int n, double lo, double h, const double *f,
                   double *mean, double *mass);

#endif
