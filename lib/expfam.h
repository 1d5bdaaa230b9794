/* expfam -- exponential families on the line: moments, score matching, efficiency.  Floor 3.
 *
 *   p_theta prop. to exp(sum_{j<terms} theta_j F_j),   F = (F_0, .., F_{k-1}) the statistics,
 *
 * theta_0 .. theta_{k-1} the parameters, the other terms known: log b = sum_{j>=k} theta_j F_j is the base.
 * With u = (log p_theta)' and psi = F' u + F'', the gradient of u^2/2 + u' in theta,
 *
 *   theta = -A^{-1} E[F'' + F' (log b)'],   A = E F' F'^T                       002 (7.6), b = 1
 *   sqrt(n) (theta_n - theta) -> N(0, Gamma_SM),   Gamma_SM = A^{-1} Cov(psi) A^{-1}     Theorem 7.1
 *   maximum likelihood:                            Gamma_MLE = Cov(F)^{-1}
 *
 * where theta_n has the means over n points in place of E. Moments come by adaptive quadrature, weighed by
 * exp(log p - its maximum), enclosed with the error of the quadrature and the rounding of nodes and of log p.
 */
#ifndef SC_EXPFAM_H
#define SC_EXPFAM_H

#include "base.h"
#include "enclosure.h"
#include "target.h"

/* ---- Families ---------------------------------------------------------------------------- */

/* A smooth function on the line with two derivatives; value[i], slope[i], bend[i] = F, F', F'' at x[i]. */
typedef struct expfam_statistic expfam_statistic;
struct expfam_statistic {
    const char *name;
    void (*jet)(const expfam_statistic *F, int n, const double *x, double *value,
                double *slope, double *bend);
    double a;          /* the exponent, or what x is multiplied by */
    const target *law; /* of the log-density, borrowed; else NULL */
};
expfam_statistic expfam_power(int j);                   /* x^j, 1 <= j <= 4 */
expfam_statistic expfam_tanh(double a);                 /* tanh(a x) */
expfam_statistic expfam_sin(double a);                  /* sin(a x) */
expfam_statistic expfam_log_density(const target *law); /* borrows; smooth laws only */

enum { EXPFAM_MAX = 2, EXPFAM_TERMS = 3 };
typedef struct {
    int k, terms; /* 1 <= k <= EXPFAM_MAX, k <= terms <= EXPFAM_TERMS */
    expfam_statistic F[EXPFAM_TERMS];
    double theta[EXPFAM_TERMS];
    /* The bulk: where the terms have their features. Quadrature splits it into 64 panels, and at the
       features of the laws among the terms, and goes on to infinity on either side. */
    double lo, hi;
} expfam;

/* N(mean, var) in (x, x^2); exp(-a x^2/2 - b x^4) in (x^2, x^4), a, b > 0. */
expfam expfam_gauss(double mean, double var);
expfam expfam_quartic(double a, double b);
/* The law tilted by exp(theta F), at theta = 0: its bulk has all but 1e-16 on either side. Borrows. */
expfam expfam_tilt(expfam_statistic F, const target *law);

/* ---- Moments ----------------------------------------------------------------------------- */

/* A random vector of k components. */
typedef enum {
    EXPFAM_F,     /* F */
    EXPFAM_SLOPE, /* F' */
    EXPFAM_BEND,  /* F'' */
    EXPFAM_DRIFT, /* F' u */
    EXPFAM_KNOWN, /* F'' + F' (log b)' */
    EXPFAM_PSI    /* F'' + F' u, of mean 0 */
} expfam_vector;

/* k x k; the rest is not used. */
typedef struct {
    enclosure at[EXPFAM_MAX][EXPFAM_MAX];
} expfam_matrix;

/* E v, E v v^T, Cov v. Failures are those of quad_adaptive. */
BASE_MUST_USE int expfam_mean(const expfam *p, expfam_vector v,
                              enclosure mean[EXPFAM_MAX]);
BASE_MUST_USE int expfam_second(const expfam *p, expfam_vector v, expfam_matrix *S);
BASE_MUST_USE int expfam_cov(const expfam *p, expfam_vector v, expfam_matrix *C);

/* ---- Asymptotics ------------------------------------------------------------------------- */

/* A^{-1}, in interval arithmetic. SC_EDOMAIN if det A may be 0. */
BASE_MUST_USE int expfam_inverse(int k, const expfam_matrix *A, expfam_matrix *inverse);

/* E psi/max(1, sd psi), which is 0 where one may integrate by parts. */
BASE_MUST_USE int expfam_equation(const expfam *p, enclosure residual[EXPFAM_MAX]);
/* -A^{-1} E[F'' + F' (log b)'], which is theta. */
BASE_MUST_USE int expfam_theta(const expfam *p, enclosure theta[EXPFAM_MAX]);
BASE_MUST_USE int expfam_gamma_mle(const expfam *p, expfam_matrix *G);
/* A^{-1} Cov(v) A^{-1}: Gamma_SM if v is EXPFAM_PSI. */
BASE_MUST_USE int expfam_gamma(const expfam *p, expfam_vector v, expfam_matrix *G);
/* Gamma_SM for the exact F'' (slices = 0), or for F'' v^2 averaged over slices v ~ N(0, 1): Cov(psi) grows
   by 2 E F'' F''^T/slices. */
BASE_MUST_USE int expfam_gamma_sm(const expfam *p, int slices, expfam_matrix *G);
/* lim n E(theta_n - theta) = A^{-1} E[F' F'^T A^{-1} psi], by the delta method; slices leave it as it is. */
BASE_MUST_USE int expfam_bias(const expfam *p, enclosure bias[EXPFAM_MAX]);

/* One parameter: both variances, and with C the Poincare constant of the law (Var F <= C E F'^2)
     Gamma_SM <= C^2 Gamma_MLE^2 Var psi <= 2 C^2 Gamma_MLE^2 {Var(F' u) + Var F''}.
   Koehler, Heckett, Risteski 2022. */
typedef struct {
    enclosure sm, mle, ratio; /* Gamma_SM, Gamma_MLE, the first over the second */
    enclosure constant;       /* Var F/E F'^2, at most C */
    enclosure sharp, bound;   /* the two bounds for C = 1 */
} expfam_efficiency;
BASE_MUST_USE int expfam_compare(const expfam *p, expfam_efficiency *e);

/* N(0, S) on R^d, F = x^T N x (S, N: d x d, row-major, symmetric): Gamma_SM and Gamma_MLE in closed form,
     A = 4 tr N S N,   Var psi = 4 tr(N N + N S^-1 N S),   Var F = 2 tr N S N S.
   SC_EDOMAIN if S is not positive definite. */
BASE_MUST_USE int expfam_quadratic(int d, const double *S, const double *N, double *sm,
                                   double *mle);

/* ---- Estimates ----------------------------------------------------------------------------- */

/* theta_n (k numbers) of n points x, F'' weighed by w (NULL: by 1), and the mean of psi, weighed alike, at
   the theta of the family (k; may be NULL). SC_EDOMAIN if the mean of F' F'^T is not positive definite. */
BASE_MUST_USE int expfam_estimate(const expfam *p, long n, const double *x,
                                  const double *w, double *theta, double *psi);

/* Maximum likelihood for the family expfam_gauss: (mean/var, -1/(2 var)), var with divisor n. */
void expfam_gauss_mle(long n, const double *x, double theta[2]);

/* R replicates of theta_n, by coordinate:
     error[i][r] = sqrt(n) (theta_n - theta)_i,   rest[i][r] = n (theta_n - theta + A^{-1} mean psi)_i,
   the second with the mean n E(theta_n - theta)_i, as E psi = 0, but a spread of order 1 only. */
typedef struct {
    long n, R;
    double *error[EXPFAM_MAX], *rest[EXPFAM_MAX];
} expfam_estimates;
/* Replicates 0, 1, .. (target_replicate) of n points of the law, which should be that of the family. Slices as
   for expfam_gamma_sm, drawn from the module's own stream: the points are the same whatever their number.
   Parallel over replicates. */
enum { EXPFAM_STREAM = 0x65787066 }; /* "expf" */
BASE_MUST_USE int expfam_replicates(const expfam *p, const target *law, int slices,
                                    rng_key key, long n, long R, expfam_estimates *e);
void expfam_estimates_free(expfam_estimates *e); /* what it points to */

#endif
