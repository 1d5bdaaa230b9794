/* consistency -- consistency models under VE' and the losses that train them.  Floor 3.
 *
 * X_t = x + t z, x ~ data, z ~ N(0, 1), s = grad log p_t; the probability flow is dX/dt = -t s(t, X). A
 * consistency function F(t, x) is constant along it. Training compares the two ends of a step,
 *
 *     L = E |F_theta(t, Y+) - F_theta-(t - delta, Y-)|^2,   Y+ = x + t z,   0 < delta < t,
 *
 *   CD            Y- = Y+ + delta t s(t, Y+)    Euler step of the flow, exact score
 *   CT            Y- = x + (t - delta) z        the same z: Song, Dhariwal, Chen, Sutskever 2023
 *   independent   Y- = x + (t - delta) z'       another z': CT as 002 section 5.2 tells it
 */
#ifndef SC_CONSISTENCY_H
#define SC_CONSISTENCY_H

#include "base.h"
#include "enclosure.h"
#include "gmm.h"
#include "sampler.h"
#include "target.h"

typedef enum {
    CONSISTENCY_CD,
    CONSISTENCY_CT,
    CONSISTENCY_INDEPENDENT
} consistency_pair;

/* ---- Data N(0, v) ------------------------------------------------------------------------ */

/* (Y+, Y-)^T = L (e_1, e_2, e_3)^T with independent N(0, 1): L is 2 x 3, row-major. For CT and
   independent the e are x/sqrt(v), z, z'; for CD Y- is a multiple of Y+ and only e_1 is used. */
enum { CONSISTENCY_FACTOR = 6 };
void consistency_factor(consistency_pair pair, double v, double t, double delta,
                        double L[CONSISTENCY_FACTOR]);
/* W2 between the laws of (Y+, Y-) in CD and in `other`, one coordinate: W2^2 adds over coordinates. */
enclosure consistency_w2(consistency_pair other, double v, double t, double delta);
/* L for F_theta = c x, F_theta- = c_minus x. */
double consistency_linear_loss(consistency_pair pair, double v, double t, double delta,
                               double c, double c_minus);

/* ---- Solvers --------------------------------------------------------------------------------
 *
 * Times t[0] > .. > t[steps] = eps. CD with loss 0 makes F(t_n, .) the solver's steps from t_n to eps, F_N; the
 * consistency function F is the flow from t_n to eps. */

/* The largest |F_N - F|. data NULL: N(0, 1), where both are linear, of the factors at all t_n. Else data on the line,
   at 121 points of |x - centre| <= 3 sqrt(sd^2 + t_n^2) at the four t_n nearest to 0.25, 0.5, 1, 2; the enclosure
   holds the error of the flow (probability_flow_carry, whose failures these are) and 4e-16 of the largest
   |x| a step. */
typedef struct {
    const gmm *data; /* borrowed */
    double centre, sd;
} consistency_domain;
BASE_MUST_USE int consistency_solver_error(const consistency_domain *on,
                                           const sampler *scheme, int steps,
                                           const double *t, enclosure *error);
/* The same on the grids of Karras (timegrid_karras, rho) from 2 to 0.02 with 32, 64, .. steps; h: their longest
   steps. levels <= 8. */
enum { CONSISTENCY_LEVELS = 8 };
BASE_MUST_USE int consistency_solver_ladder(const consistency_domain *on,
                                            const sampler *scheme, double rho,
                                            int levels, double *h, enclosure *error);

/* ---- A model -------------------------------------------------------------------------------
 *
 *     F_theta(t, x) = x (1 + t^2/v)^-theta + wave t sin(2x/length)
 *
 * With wave = 0 and theta = 1/2 it is constant along the flow of N(0, v). */
typedef struct {
    double v, wave, length;
} consistency_model;

/* F_theta at (t, x) and its derivatives by theta, t, x, by theta and t, by theta and x. */
typedef struct {
    double F, theta, t, x, theta_t, theta_x;
} consistency_jet;
consistency_jet consistency_at(const consistency_model *m, double theta, double t,
                               double x);

/* ---- Losses by quadrature ------------------------------------------------------------------
 *
 * Failures are those of match_expectation. */
typedef struct {
    const target *data; /* borrowed */
    consistency_model model;
    double theta, theta_minus; /* theta_minus is frozen: no derivative acts on it */
    double t;
} consistency_setting;

/* L and dL/dtheta of CD or CT, theta and theta_minus >= 0. The enclosures hold the rounding of F, which counts
   where L is small; where it drowns the integrand (L below about 1e-11 E Y+^2) no quadrature converges: SC_EDOMAIN. */
BASE_MUST_USE int consistency_loss(const consistency_setting *c, consistency_pair pair,
                                   double delta, enclosure *loss, enclosure *slope);

/* Both at delta = first/2^k, of CD, of CT and CT less CD (the first index). */
enum { CONSISTENCY_HALVINGS = 8, CONSISTENCY_GAP = 2 };
typedef struct {
    double delta[CONSISTENCY_HALVINGS];
    enclosure loss[3][CONSISTENCY_HALVINGS], slope[3][CONSISTENCY_HALVINGS];
} consistency_losses;
BASE_MUST_USE int consistency_halve(const consistency_setting *c, double first,
                                    consistency_losses *l);

/* What is left for delta -> 0 with theta_minus = theta; D = F_t + F_x z. */
typedef enum {
    CONSISTENCY_CD_LIMIT,     /* E(F_t - t s F_x)^2, (5.18): lim L/delta^2 for CD */
    CONSISTENCY_CT_LIMIT,     /* E D^2: lim L/delta^2 for CT */
    CONSISTENCY_PRODUCT,      /* E F D, (5.19) */
    CONSISTENCY_PLAIN_SLOPE,  /* d/dtheta E F D */
    CONSISTENCY_FROZEN_SLOPE, /* E F_theta D: the same with D frozen (stop-gradient) */
    CONSISTENCY_LIMITS
} consistency_limit;
/* theta_minus is not read. */
BASE_MUST_USE int consistency_limit_of(const consistency_setting *c,
                                       consistency_limit which, enclosure *value);

/* The mean of a limit over t ~ U(0, T) for the model (v, 0, 1) and its own data N(0, v), lambda = 1; and the
   theta in [0, 2] that makes it least, to 2e-7. SC_EDOMAIN if there is none inside. */
BASE_MUST_USE int consistency_objective(consistency_limit which, double v, double T,
                                        double theta, enclosure *mean);
BASE_MUST_USE int consistency_minimiser(consistency_limit which, double v, double T,
                                        enclosure *theta);

#endif
