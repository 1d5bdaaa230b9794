/* match -- score-matching objectives.  Floor 3.
 *
 * X_t | X_0 ~ N(m X_0, s2 I), p_t its law, s a field. Never halved:
 *
 *   ESM  E|s - grad log p_t|^2               002 (4.1)
 *   ISM  E[|s|^2 + 2 div s]                  002 (4.3), Hyvarinen 2005
 *   SSM  E[|s|^2 + 2 v^T (grad s) v]         002 (4.7), Song et al. 2019
 *   DSM  E|s(X_t) - (m X_0 - X_t)/s2|^2      002 (4.9), Vincent 2011
 */
#ifndef SC_MATCH_H
#define SC_MATCH_H

#include "field.h"
#include "target.h"

/* On the line, by adaptive quadrature split at the features of the target; value and error bound.
   DSM integrates over the joint law of (X_0, X_t) component by component, never through Tweedie. */
typedef struct {
    const target *data;
    double m, s2;
} noised;
BASE_MUST_USE int match_esm(const noised *x, const field *s, double *value,
                            double *err);
BASE_MUST_USE int match_ism(const noised *x, const field *s, double *value,
                            double *err);
BASE_MUST_USE int match_dsm(const noised *x, const field *s, double *value,
                            double *err);
BASE_MUST_USE int match_fisher(const noised *x, double *value,
                               double *err); /* I(p_t) */

/* The losses of n samples in R^d. */
void match_esm_loss(const field *s, const field *score, long n, int d, const double *xt,
                    double *loss);
void match_ism_loss(const field *s, long n, int d, const double *xt, double *loss);
void match_ssm_loss(const field *s, long n, int d, const double *xt, const double *v,
                    double *loss);
void match_dsm_loss(const field *s, double m, double s2, long n, int d,
                    const double *x0, const double *xt, double *loss);

#endif
