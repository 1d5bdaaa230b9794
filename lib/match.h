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
#include "mc.h"
#include "quad.h"
#include "sde.h"
#include "target.h"

/* ---- On the line, by adaptive quadrature: value +- error bound ------------------------
 *
 * Fields grow at most polynomially. Gaussian variables are cut at 13 standard deviations
 * (mass 1e-38). Failures are those of quad_adaptive. */
typedef struct {
    const target *data;
    double m, s2; /* s2 > 0 */
} noised;

/* The data, borrowed, diffused to time t. */
noised noised_at(const target *data, const sde *forward, double t);

typedef int match_objective(const noised *x, const field *s, enclosure *J);

/* Over p_t, split at the features of the target. ISM needs s->jacobian. I(p_t) is an objective
   that ignores s, which may be NULL. */
BASE_MUST_USE int match_esm(const noised *x, const field *s, enclosure *J);
BASE_MUST_USE int match_ism(const noised *x, const field *s, enclosure *J);
BASE_MUST_USE int match_fisher(const noised *x, const field *s, enclosure *J);
/* sigma m I(p_t) for data U(-1, 1) under OU at t: int phi^2/Phi = .9031972856 as t -> 0, one edge at a time. */
BASE_MUST_USE int match_uniform_edges(double t, enclosure *scaled);
/* 8 E s'^2, what one Gaussian slice adds to the variance of the loss. */
BASE_MUST_USE int match_slice_variance(const noised *x, const field *s, enclosure *J);

/* Variance of |s(X_t) - grad log p_t|^2, the loss J_ESM is the mean of. */
BASE_MUST_USE int match_esm_variance(const noised *x, const field *s, enclosure *var);

/* Over the joint law of (X_0, X_t), never through Tweedie: component by component for mixtures
   and atoms (within one, m X_0 given X_t is Gaussian), else by the double integral. */
BASE_MUST_USE int match_dsm(const noised *x, const field *s, enclosure *J);

/* E f(X_0, Z) by the double integral, component by component where there are any.
   f gives y_i = f(x0, z_i), 1 <= n <= QUAD_NODES. */
typedef void match_observable(const void *ctx, double x0, int n, const double *z,
                              double *y);
BASE_MUST_USE int match_expectation(const noised *x, match_observable *f,
                                    const void *ctx, enclosure *mean);

/* E(a s(X_t) + b Z + c X_0)^2 by the double integral: DSM is a = 1, b = 1/sqrt(s2), c = 0. */
typedef struct {
    double a, b, c;
} match_combination;
BASE_MUST_USE int match_square(const noised *x, const field *s, match_combination of,
                               enclosure *J);
/* That of DSM, then of DSM with a wrong conditional score: "sigma-for-sigma^2", "without-m", "sign-slip". */
enum { MATCH_CONDITIONALS = 4 };
typedef struct {
    const char *name;
    match_combination of;
} match_conditional;
void match_conditionals(const noised *x, match_conditional score[MATCH_CONDITIONALS]);
/* Noise prediction, E(sigma s(X_t) + Z)^2, sigma = sqrt(s2): 002 (4.14). By the double integral. */
BASE_MUST_USE int match_noise(const noised *x, const field *s, enclosure *J);

/* (E|f(X_t)|^p)^{1/p}, p >= 1, for a smooth f known to within an error at every x; integrated to the
   relative accuracy given (f may be noisy at its error). Split where f changes sign on a scan of 256 points
   between the quantiles 1e-12. The enclosure holds the norm of the error as well (Minkowski), from its values
   at the nodes. */
typedef int match_known(const void *ctx, double x, enclosure *f);
BASE_MUST_USE int match_norm(const noised *x, match_known *f, const void *ctx, double p,
                             double accuracy, enclosure *norm);

/* (E|X_t|^p)^{1/p} */
BASE_MUST_USE int match_position_norm(const noised *x, double p, enclosure *norm);

/* A stochastic derivative of OU at time t before its limit: the L^p distance, for data that are a mixture, of

       E[X_{t+h} - X_t | X_t]/h,  or E[X_{t-h} - X_t | X_t]/h (reversed),  from  a X_t + c grad log p_t(X_t),

   by semigroup_forward and _backward; 0 < h < t. 003 Proposition 1.3. Relative accuracy 1e-8. */
typedef struct {
    const target *data;
    double t, h;
    bool reversed;
    double a, c;
} match_quotient;
BASE_MUST_USE int match_quotient_distance(const match_quotient *q, double p,
                                          enclosure *distance);

/* Given X_t = at, without Tweedie: E m X_0 - at, free of cancellation, and Var m X_0; value +- error bound.
   From the posterior of the components where there are any, else by quadrature of p_0(x_0) N(at; m x_0, s2). */
typedef struct {
    enclosure shift, var;
} posterior;
BASE_MUST_USE int match_posterior(const noised *x, double at, posterior *q);
/* Always by quadrature; data with a density. */
BASE_MUST_USE int match_posterior_quadrature(const noised *x, double at, posterior *q);
/* The same in R^d for mixtures: shift (d) and covariance (d x d) by components, to rounding; in the plane also
   by the trapezoid rule, with covariances 11, 12, 22, at two resolutions as match_plane. SC_EDOMAIN if a
   covariance is not positive definite, SC_EACCURACY if a part of the posterior is narrower than about 1/100 of
   their box. */
BASE_MUST_USE int match_posterior_gmm(const gmm *p, double m, double s2,
                                      const double *at, double *shift, double *cov);
BASE_MUST_USE int match_posterior_plane(const gmm *p, double m, double s2,
                                        const double *at, enclosure shift[2],
                                        enclosure cov[3]);
/* What Tweedie makes of the score for it, s2 score and s2 + s2^2 score', taken to be good to 1e-12 max(1, .):
   002 (4.12) and its derivative. */
void match_tweedie(const noised *x, double at, posterior *q);
/* In R^d: makes worst the farthest from 0 of itself and the residuals of both identities at X_t = at, each over
   max(1, .); by components, in the plane by quadrature, too, unless the posterior is too narrow for it.
   Failures as there. */
BASE_MUST_USE int match_tweedie_gmm(const gmm *p, double m, double s2, const double *at,
                                    enclosure *worst);
/* The farther from 0 of worst and (left - right)/max(1, |right|). */
void match_compare(enclosure *worst, enclosure left, enclosure right);
/* gamma^a/(1 - sqrt gamma)^power E[X_0|at] - at/(1 - sqrt gamma)^power, gamma = m^4 < 1: the score in 002 (7.7),
   VP, has power 1 and an exponent a that the scan does not show. */
BASE_MUST_USE int match_score_form(const noised *x, double a, int power, double at,
                                   enclosure *score);
/* 2 E[(Z/sigma + c score) q(X_t)], the derivative at eps = 0 of E|(X_t - m X_0)/s2 + h(X_t)|^2 along
   h = c score + eps q: 0 for c = 1. */
typedef double match_direction(double x);
BASE_MUST_USE int match_variation(const noised *x, double c, match_direction *q,
                                  enclosure *slope);
/* E Var(X_0 | X_t). */
BASE_MUST_USE int match_posterior_variance(const noised *x, enclosure *mean);

/* What J_DSM exceeds J_ESM by, d/s2 - I, for independent coordinates: the first x, d - 1 further
   ones N(0, 1) diffused alike, each adding m^2/(s2 (m^2 + s2)). */
BASE_MUST_USE int match_constant(const noised *x, int d, enclosure *constant);

/* ---- Over time, on the line ------------------------------------------------------------ */

/* int_{t0}^{t1} f(t) dt, 0 <= t0 < t1, adaptively in log t, or log(t + 1e-6 t1) if t0 = 0; f is an enclosure at every
   t > 0. SC_EDOMAIN if f fails at some t. */
typedef int match_at_time(const void *ctx, double t, enclosure *f);
BASE_MUST_USE int match_over_time(match_at_time *f, const void *ctx, double t0,
                                  double t1, enclosure *integral);

/* int_{t0}^{t1} sigma_t^2 J(t) dt for a field that does not depend on t: 002 (4.5), (4.6) with
   lambda = sigma_t^2. */
BASE_MUST_USE int match_weighted(match_objective *J, const target *data,
                                 const sde *forward, const field *s, double t0,
                                 double t1, enclosure *integral);

/* int_{t0}^{t1} J(t) dt for data and q both diffused, s = the score of q_t. J = match_dsm gives the
   loss E l(s_q, X_0) of 000 (Yakovlev, Puchkin 2025 (6)), J = match_esm the excess risk. */
typedef struct {
    const target *data, *q;
    const sde *forward;
    match_objective *J;
} match_flow;
BASE_MUST_USE int match_flow_loss(const match_flow *c, double t0, double t1,
                                  enclosure *integral);
/* int_{t0}^{t1} lambda_t J(t) dt, lambda = sde_g2 or sde_var. */
typedef double match_weight(const sde *forward, double t);
BASE_MUST_USE int match_flow_weighted(const match_flow *c, match_weight *weight,
                                      double t0, double t1, enclosure *integral);
/* int_{t0}^{t1} g_t^2/2 J(t) dt. With J = match_esm, for any linear process, what relative entropy loses
   (de Bruijn): KL(p_{t0} | q_{t0}) - KL(p_{t1} | q_{t1}), p_t the law of the diffused data. */
BASE_MUST_USE int match_entropy_loss(const match_flow *c, double t0, double t1,
                                     enclosure *integral);
/* KL(N(m x, s2) | law of m X + sqrt(s2) Z), X ~ q->data. */
BASE_MUST_USE int match_kernel_kl(const noised *q, double x, enclosure *kl);
/* KL(p_{t0}(.|x) | q_{t0}) - KL(p_{t1}(.|x) | q_{t1}), p_t(.|x) the law of X_t given X_0 = x:
   by de Bruijn the flow loss with J = DSM of the data x. */
BASE_MUST_USE int match_kernel_kl_lost(const target *q, const sde *forward, double x,
                                       double t0, double t1, enclosure *kl);

/* Two identities over [t0, t1], s_q the score of q_t, s* that of the diffused data; the ratios are 1:
     l(s_q, x)/(KL_t0 - KL_t1),   the KLs of match_kernel_kl_lost
     {E l(s_q, X_0) - E l(s*, X_0)}/int E|s_q - s*|^2 dt */
BASE_MUST_USE int match_likelihood_ratio(const target *q, const sde *forward, double x,
                                         double t0, double t1, enclosure *ratio);
BASE_MUST_USE int match_excess_ratio(const target *data, const target *q,
                                     const sde *forward, double t0, double t1,
                                     enclosure *ratio);

/* ---- Identities ------------------------------------------------------------------------- */

/* (a - b)/max(1, J): how far a = b fails, J the size of what both are made of. */
enclosure match_residual(enclosure a, enclosure b, enclosure J);

/* The objectives and I of N(0, S) for s = -B x, in closed form (S, B: d x d, row-major):
     ISM = tr B S B^T - 2 tr B,   ESM = tr (B - S^-1) S (B - S^-1)^T,   I = tr S^-1.
   SC_EDOMAIN if S is not positive definite. */
BASE_MUST_USE int match_linear(int d, const double *S, const double *B, double *ism,
                               double *esm, double *fisher);

/* ---- Laws with an edge, fields with a jump -----------------------------------------
 *
 * p prop. to exp(-a x - b x^2/2) on [lo, hi], with score u = -a - b x, and s = theta r with
 * r = c0 + c1 x + jump sign(x): where integrating by parts leaves a boundary term. */
typedef struct {
    const char *name;
    double lo, hi, a, b;
    double c0, c1, jump;
} edge;

/* E[ss s^2 + div s' + su s u + uu u^2], s' without the jump. */
typedef struct {
    double ss, div, su, uu;
} edge_form;
extern const edge_form EDGE_ISM, EDGE_ESM, EDGE_FISHER;

BASE_MUST_USE int edge_mean(const edge *e, edge_form of, double theta, enclosure *mean);
/* The theta that makes the mean, a parabola in theta, least. */
BASE_MUST_USE int edge_minimiser(const edge *e, edge_form of, enclosure *theta);
/* J_ISM - J_ESM + I as integration by parts has it: 2[s p]_lo^hi - 2 p(0){s(0+) - s(0-)}. */
BASE_MUST_USE int edge_boundary(const edge *e, double theta, double *value);

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
/* m slices a sample, sample i's at v + i*m*d; v = NULL stands for the exact trace (ISM). */
void match_ssm_loss(const field *s, long n, int d, const double *xt, int m,
                    const double *v, double *loss);
void match_dsm_loss(const field *s, double m, double s2, long n, int d,
                    const double *x0, const double *xt, double *loss);

/* ---- Slices -------------------------------------------------------------------------------
 *
 * Laws of v in R^d, symmetric under changes of sign and of order of the coordinates. SSM needs
 * E v v^T = I: N(0, I), independent signs, the sphere of radius sqrt d; the unit sphere is biased. */

/* E v_1^2, E v_1^4, E v_1^2 v_2^2. */
typedef struct {
    double second, fourth, mixed;
} slice_moments;

typedef struct {
    const char *name;
    /* m slices a replicate, n replicates: replicate i's at v + i*m*d. */
    void (*draw)(rng_key key, uint64_t first, uint32_t stream, long n, int m, int d,
                 double *v);
    slice_moments (*moments)(int d);
} slice;
extern const slice SLICE_GAUSS, SLICE_RADEMACHER, SLICE_SPHERE, SLICE_UNIT_SPHERE;

/* Mean and variance of 2 v^T A v, A d x d, S = (A + A^T)/2: 2 tr A E v_1^2, and
     N(0, I)  8 |S|^2     signs  8 sum_{i != j} S_ij^2     sphere  8d/(d + 2) (|S|^2 - (tr S)^2/d).
   (v^T s)^2 + 2 v^T A v of Song et al. 2019 is the form of A + s s^T/2. */
double slice_mean(const slice *v, int d, const double *A);
double slice_variance(const slice *v, int d, const double *A);

/* 2 v^T A v averaged over m slices, as one observable. Everything is borrowed. */
typedef struct {
    const slice *v;
    int d, m;
    const double *A;
} slice_form;
mc_observables slice_form_values(const slice_form *c);

/* The losses at x ~ law with m slices, as observables. Everything is borrowed. */
enum {
    SLICED_SSM,    /* |s|^2 + 2 v^T (grad s) v */
    SLICED_EXCESS, /* SSM - ISM */
    SLICED_SUM,    /* SSM + ISM; its covariance with the excess is Var SSM - Var ISM */
    SLICED_VARIANCE, /* of the excess given x: slice_variance of grad s(x), over m */
    SLICED_LOSSES
};
typedef struct {
    const gmm *law;
    const field *s; /* with its Jacobian */
    const slice *v;
    int m;
} sliced;
mc_observables sliced_losses(const sliced *c);

/* ---- Variance of one sample -------------------------------------------------------------------
 *
 * Data N(0, I_d), noise sigma (VE), X_t = X_0 + sigma Z, s = -k x, SSM with m Gaussian slices: of the
 * loss, and of its derivative in k. S = 1 + sigma^2, tau = k^2 + (1/sigma - k sigma)^2:
 *
 *          loss                      gradient                     at k = 1/S
 *   ISM    2 d k^4 S^2               8 d k^2 S^2                  8 d
 *   SSM    2 d k^4 S^2 + 8 k^2 d/m   8 d k^2 S^2 + 8 d/m          8 d (1 + 1/m)
 *   DSM    2 d tau^2                 4 d (S tau + (k S - 1)^2)    4 d/sigma^2 */
typedef struct {
    int d, m;
    double sigma, k;
} spread;
enum {
    SPREAD_ISM,
    SPREAD_SSM,
    SPREAD_DSM,
    SPREAD_GRADIENT,                     /* + one of these three: its derivative */
    SPREAD_WEIGHT = 2 * SPREAD_GRADIENT, /* |grad log p(X_t | X_0)|^2 */
    SPREAD_OBSERVABLES
};
void spread_variances(const spread *c, double var[SPREAD_WEIGHT]);
/* Borrows c. */
mc_observables spread_losses(const spread *c);
/* The sigma at which SSM and DSM have the same variance of the gradient at k = 1/S, sqrt(m/(2(m + 1)));
   m = 0 stands for ISM, 1/sqrt 2. */
double spread_crossing(int m);

/* ---- Means over n draws of X_0 ~ p0, X_t at time t, in R^d ------------------------------
 *
 * s the field, u the score of X_t, u0 the conditional score. What two losses share cancels
 * within a draw, before the mean. */
enum {
    MATCH_DSM,        /* |s - u0|^2 */
    MATCH_ESM,        /* |s - u|^2 */
    MATCH_DSM_GAP,    /* |s - u0|^2 - |s - u|^2 */
    MATCH_DSM_FISHER, /* |s - u0|^2 - |s - u|^2 + |u|^2 */
    MATCH_ISM_FISHER, /* |s|^2 + 2 div s - |s - u|^2 + |u|^2; 0 if s has no Jacobian */
    MATCH_LOSSES
};
/* Enclosures of level alpha each; failures are those of mc_mean. */
BASE_MUST_USE int match_sampled(const gmm *p0, const sde *forward, double t,
                                const field *s, rng_key key, long n, double alpha,
                                enclosure mean[MATCH_LOSSES]);

/* ---- Empirical risk minimisation over fields s_theta on the line, theta in [lo, hi] ---------- */

/* The ISM loss l = s^2 + 2 s' at one point and its derivatives in theta. */
typedef struct {
    double loss, slope, curvature;
} match_jet;
typedef struct {
    const char *name;
    field (*at)(const double *theta); /* borrows theta */
    match_jet (*jet)(double theta, double x);
    double lo, hi;
} match_class;

/* Of l over the law of X_t: value, first and second derivative in theta, and E of the first squared. */
enum { MATCH_RISK, MATCH_SLOPE, MATCH_CURVATURE, MATCH_SLOPE_SQUARE, MATCH_RISKS };
BASE_MUST_USE int match_class_risk(const noised *x, const match_class *c, double theta,
                                   enclosure mean[MATCH_RISKS]);
/* theta_* of a class whose J decreases, then increases on [lo, hi]: an end, or the root of
   the slope. The error is that of the slope over the curvature. */
BASE_MUST_USE int match_class_minimiser(const noised *x, const match_class *c,
                                        enclosure *theta);
/* The minimiser of (1/n) sum l(theta, x_i) next to `near`, by Newton's method within [lo, hi], to about
   1e-12. SC_ECONVERGENCE if that ends at no inner minimum. */
BASE_MUST_USE int match_class_fit(const match_class *c, long n, const double *x,
                                  double near, double *theta);

/* E|a - b|^2 over the law of X_t. */
BASE_MUST_USE int match_distance(const noised *x, const field *a, const field *b,
                                 enclosure *J);
/* J_ESM of s, E|s - s_*|^2 and J_ESM of s_*, for 002 (7.9). */
typedef struct {
    enclosure risk, estimation, approximation;
} match_split;
BASE_MUST_USE int match_split_at(const noised *x, const field *s, const field *best,
                                 match_split *split);

/* Replicate r fits n draws of X_t, those from r n on: the fit, its J_ESM over the law of X_t, and the
   mean of |s - grad log p_t|^2 over the sample. Parallel over replicates. */
typedef struct {
    double theta, risk, empirical;
    double error; /* of risk, by quadrature */
} match_fit;
BASE_MUST_USE int match_class_replicates(const noised *x, const match_class *c,
                                         double near, rng_key key, long n,
                                         int replicates, match_fit *fit);

/* Over many such replicates, with theta_* for `near`. */
typedef struct {
    /* means, of level alpha each: |risk - empirical|, empirical, risk - J_ESM(theta_*) */
    enclosure sample_error, empirical, excess;
    /* the least of empirical - risk, and of that + |risk - empirical| */
    enclosure least_gap, least_split;
} match_study;
BASE_MUST_USE int match_class_study(const noised *x, const match_class *c, rng_key key,
                                    long n, int replicates, double alpha,
                                    match_study *study);
/* What they tend to for an inner theta_*: J_ESM(theta_*); sqrt n sample_error = sqrt(2 Var/pi), Var that of
   |s_* - grad log p_t|^2; n excess = E slope^2/(2 E curvature). */
typedef struct {
    double sample_error, empirical, excess;
} match_limits;
BASE_MUST_USE int match_class_limits(const noised *x, const match_class *c,
                                     match_limits *limits);

#endif
