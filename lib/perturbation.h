/* perturbation -- score errors of exactly known size, to try bounds on.  Floor 3.
 *
 * s_theta(t, x) = grad log p_t(x) + eps e(x)/sqrt(E_{p_t} e^2), so that
 * E_{p_t} |s_theta - grad log p_t|^2 = eps^2 at every t. With phi_t the characteristic function
 * of p_t, e = cos(kx) has E e^2 = (1 + Re phi_t(2k))/2; for a mixture both are closed forms:
 *
 *     E x^2 = sum w_i (v_i + m_i^2),   Re phi_t(2k) = sum w_i e^{-2 k^2 v_i} cos(2 k m_i).
 */
#ifndef SC_PERTURBATION_H
#define SC_PERTURBATION_H

#include "divergence.h"

typedef struct {
    const char *name;
    bool linear; /* e(x) = x, else cos(frequency x) */
    double frequency;
} error_shape;

/* "const", "x", "cos3x", "cos12x". */
extern const error_shape PERTURBATION_CONST, PERTURBATION_X, PERTURBATION_COS3,
    PERTURBATION_COS12;
/* All of them, in this order. */
enum { PERTURBATION_SHAPES = 4 };
extern const error_shape *const PERTURBATION_ALL[PERTURBATION_SHAPES];

typedef struct {
    const gmm *data; /* 1-D, borrowed; NULL will do for a constant error */
    const sde *forward;
    const error_shape *shape;
    double eps;
} perturbation;

/* E_{p_t} e^2. */
double perturbation_mean_square(const perturbation *p, double t);
/* s_i += eps e(x_i)/sqrt(E_{p_t} e^2): the `perturb` hook of a chain, ctx a perturbation. */
void perturbation_add(const void *ctx, double t, long n, const double *x, double *s);
/* A bounded error e(x) = A tanh(theta x/A): |e| <= A, and e -> theta x as A -> inf. */
typedef struct {
    double bound, slope; /* A, theta > 0 */
} clipped_error;
/* s_i += e(x_i): a `perturb` hook, ctx a clipped_error. */
void perturbation_clipped_add(const void *ctx, double t, long n, const double *x,
                              double *s);
/* E_p e^2, by quadrature. */
BASE_MUST_USE int perturbation_clipped_mean_square(const clipped_error *e,
                                                   const reference *p,
                                                   enclosure *mean_square);
/* Data N(0, 1) under VP with the score -x + e(x): dY = (-Y/2 + e(Y)) dB + dW in the time B = int beta tends to the
   density proportional to exp(-x^2/2 + 2 (A^2/theta) log cosh(theta x/A)). Its distances to N(0, 1), A <= 2. */
BASE_MUST_USE int perturbation_clipped_stationary(const clipped_error *e, distances *d);

/* d[i]: divergence_chain of the chain c with the error p[i] (eps = 0: the exact score), in parallel
   over i; the first failing status. */
BASE_MUST_USE int perturbation_distances(const chain *c, const law_rules *rules, int n,
                                         const perturbation *p, distances *d);
/* divergence_ladder of the exponential integrator, steps and 2 steps, with the score grad log p_t + eps; `kept` as in
   a chain. */
BASE_MUST_USE int perturbation_constant_ladder(const target *data, const sde *forward,
                                               start from, double eps, int steps,
                                               const store *kept, ladder *l);
/* The exponential integrator from p_T: with the exact score, and in d[PERTURBATION_SHAPES i + j] with
   shape j of size eps[i], i < n <= PERTURBATION_SIZES. The steps are short where the score moves fast,
   n_t below the smallest variance. Twice as coarse as law_rules_for: enough for TV and three digits of
   KL, as the enclosures say. `kept` as in a chain. */
enum { PERTURBATION_SIZES = 8 };
BASE_MUST_USE int perturbation_sweep(const gmm *data, const sde *forward, int steps,
                                     int n, const double *eps, const store *kept,
                                     distances *exact, distances *d);

#endif
