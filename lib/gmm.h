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
#include "enclosure.h"
#include "field.h"
#include "rng.h"

typedef struct gmm gmm;
typedef enum { GMM_ISOTROPIC, GMM_DIAGONAL, GMM_FULL } gmm_shape;

/* k components in R^d; weights >= 0, normalised here; mean i at mu + i*ldmu. Everything is
   copied. Variances > 0 (or = 0: an atom, usable only after gmm_diffuse; isotropic only). */
gmm *gmm_new(int k, int d, const double *w, const double *mu, int ldmu,
             const double *var); /* var: k */
/* The same with weights 1/k and one variance for all; means one after the other. */
gmm *gmm_new_equal(int k, int d, const double *mu, double var);
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

/* d = 2: E f(X) for many mixtures. f is tabulated once, on three grids of [-reach, reach]^2 with mesh h,
   4h/3, 3h/2; fine enough for sd >= 2h (mass 1 to 3e-15); 8 sd around every mean should lie inside. */
typedef void gmm_function(const void *ctx, long n, const double *x, double *f);
typedef struct gmm_plane gmm_plane;
gmm_plane *gmm_plane_new(double reach, double h, gmm_function *f, const void *ctx);
void gmm_plane_free(gmm_plane *plane);
/* Isotropic p, by the trapezoid rule, spectrally accurate for smooth f: the value of the finest grid +-
   (4 times its largest difference from the others + 1e-13 of it). An error estimate: a straight kink of f
   along an axis errs by c(place) h^2, and is missed at 1% of the places. SC_EACCURACY unless p has mass 1
   to 1e-9 on every grid. */
BASE_MUST_USE int gmm_plane_mean(const gmm_plane *plane, const gmm *p, enclosure *mean);

#endif
