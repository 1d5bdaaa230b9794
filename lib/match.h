/* match -- score-matching objectives.  Floor 3.
 *
 * X_t = m X_0 + sqrt(s2) Z, p_t its law, s a field. Never halved:
 *
 *   ESM  E|s - grad log p_t|^2               002 (4.1)
 *   ISM  E[|s|^2 + 2 div s]                  002 (4.3), Hyvarinen 2005
 *   SSM  E[|s|^2 + 2 v^T (grad s) v]         002 (4.7), Song et al. 2019
 *   DSM  E|s(X_t) - (m X_0 - X_t)/s2|^2      002 (4.9), Vincent 2011
 */
#ifndef SC_MATCH_H
#define SC_MATCH_H

#include "enclosure.h"
#include "field.h"
#include "quad.h"
#include "sde.h"
#include "target.h"

/* ---- On the line, by adaptive quadrature: value and error bound ----------------------
 *
 * Fields grow at most polynomially. Gaussian variables are cut at 13 standard deviations
 * (mass 1e-38). Failures are those of quad_adaptive. */
typedef struct {
    const target *data;
    double m, s2; /* s2 > 0 */
} noised;

/* Over p_t, split at the features of the target. ISM needs s->jacobian. */
BASE_MUST_USE int match_esm(const noised *x, const field *s, double *value,
                            double *err);
BASE_MUST_USE int match_ism(const noised *x, const field *s, double *value,
                            double *err);
BASE_MUST_USE int match_fisher(const noised *x, double *value,
                               double *err); /* I(p_t) */

/* Over the joint law of (X_0, X_t), never through Tweedie: component by component for mixtures
   and atoms (within one, m X_0 given X_t is Gaussian), else by the double integral. */
BASE_MUST_USE int match_dsm(const noised *x, const field *s, double *value,
                            double *err);

/* E f(X_0, Z) by the double integral, component by component where there are any.
   f gives y_i = f(x0, z_i), 1 <= n <= QUAD_NODES. */
typedef void match_observable(const void *ctx, double x0, int n, const double *z,
                              double *y);
BASE_MUST_USE int match_expectation(const noised *x, match_observable *f,
                                    const void *ctx, double *value, double *err);

/* Mean and variance of X_0 given X_t = at: from the posterior of the components, or by quadrature of
   p_0(x_0) N(at; m x_0, s2) to about 1e-12. */
BASE_MUST_USE int match_posterior(const noised *x, double at, double *mean,
                                  double *var);
/* E Var(X_0 | X_t). */
BASE_MUST_USE int match_posterior_variance(const noised *x, double *value, double *err);

/* ---- Over time, on the line ------------------------------------------------------------ */

/* int_{t0}^{t1} f(t) dt, 0 < t0 < t1, adaptively in log t; f comes with an error bound at every t.
   SC_EDOMAIN if f fails at some t. */
typedef int match_at_time(const void *ctx, double t, double *value, double *err);
BASE_MUST_USE int match_over_time(match_at_time *f, const void *ctx, double t0,
                                  double t1, double *value, double *err);

/* int_{t0}^{t1} J(t) dt for data and q both diffused, s = the score of q_t. J = match_dsm gives the
   loss E l(s_q, X_0) of 000 (Yakovlev, Puchkin 2025 (6)), J = match_esm the excess risk. */
typedef int match_objective(const noised *x, const field *s, double *value,
                            double *err);
typedef struct {
    const target *data, *q;
    const sde *forward;
    match_objective *J;
} match_flow;
BASE_MUST_USE int match_flow_loss(const match_flow *c, double t0, double t1,
                                  double *value, double *err);
/* KL(N(m x, s2) | q_t), q_t the law of m X + sqrt(s2) Z, X ~ q->data. */
BASE_MUST_USE int match_kernel_kl(const noised *q, double x, double *value,
                                  double *err);

/* ---- In the plane ------------------------------------------------------------------
 *
 * J_ISM, J_ESM and I(p) of a mixture on R^2 by tensor Gauss-Legendre over means +- 9 standard
 * deviations, at two resolutions: fine +- (4 |fine - coarse| + 1e-13 max(1, |fine|)).
 * SC_EACCURACY if a component is narrower than 1/500 of the box. */
BASE_MUST_USE int match_plane(const gmm *p, const field *s, enclosure *ism,
                              enclosure *esm, enclosure *fisher);

/* ---- The losses of n samples in R^d, row-major with leading dimension d --------------- */

void match_esm_loss(const field *s, const field *score, long n, int d, const double *xt,
                    double *loss);
void match_ism_loss(const field *s, long n, int d, const double *xt, double *loss);
/* One slice v a sample: n rows of d; NULL stands for the exact trace (ISM). */
void match_ssm_loss(const field *s, long n, int d, const double *xt, const double *v,
                    double *loss);
void match_dsm_loss(const field *s, double m, double s2, long n, int d,
                    const double *x0, const double *xt, double *loss);

#endif
