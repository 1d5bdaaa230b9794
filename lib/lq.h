/* lq -- fine-tuning by policy gradient in the linear-quadratic model.  Floor 3.
 *
 *   dY = {kappa Y + g^2 a} ds + g dB on [0, T], on the line
 *   a | Y_s = y  ~  pi = N(mu(y), sigma^2),  mu(y) = theta_0 + theta_1 y      the policy
 *   r = -beta/2 g^2 (a - s_pre)^2,           s_pre(y) = -c y                  running reward
 *   RWD(y) = -eta/2 (y - goal)^2                                              terminal reward
 *
 * 002 Theorem 7.3 with f = -kappa y. The drift averages over a. With lambda = kappa + g^2 theta_1,
 * k = theta_1 + c and E_l(u) = (e^{l u} - 1)/l (u at l = 0), from Y_0 ~ N(y, w):
 *
 *   mean(u) = e^{lambda u} y + g^2 theta_0 E_lambda(u),   var(u) = e^{2 lambda u} w + g^2 E_{2 lambda}(u)
 *   V(t, y) = -beta/2 g^2 int_0^{T-t} {(theta_0 + k mean)^2 + k^2 var + sigma^2} du + E RWD(Y_T),  w = 0
 */
#ifndef SC_LQ_H
#define SC_LQ_H

#include "divergence.h"

typedef struct {
    double kappa, g, c, beta, eta, goal, sigma, T;
    double theta[2];
} lq;

/* Of Y_u, Y_0 ~ from; from.var >= 0. */
gauss lq_law(const lq *m, gauss from, double u);
/* The same with the pre-trained score for mean of the policy, theta = (0, -c). */
lq lq_trained(const lq *m);
/* KL of the laws of Y_T under mu and s_pre. */
enclosure lq_end_kl(const lq *m, gauss from);
/* KL of the path measures of mu and s_pre on [0, u]: 1/2 g^2 int E|mu - s_pre|^2; quadrature. */
BASE_MUST_USE int lq_path_kl(const lq *m, gauss from, double u, enclosure *kl);

/* ---- Objectives and their gradients -------------------------------------------------------- */

/* J, dJ/dtheta_0, dJ/dtheta_1, the gradient by differentiating the formula of J. */
enum { LQ_J, LQ_D0, LQ_D1, LQ_JET };
typedef int lq_objective(const lq *m, gauss from, enclosure J[LQ_JET]);
/* Running penalty: E[int_0^T r ds + RWD(Y_T)]. V(t, y): from {y, 0}, T - t for T: (7.14). */
BASE_MUST_USE int lq_running(const lq *m, gauss from, enclosure J[LQ_JET]);
/* Terminal penalty: E RWD(Y_T) - beta lq_end_kl: (7.13). */
BASE_MUST_USE int lq_terminal(const lq *m, gauss from, enclosure J[LQ_JET]);
/* The theta near m->theta that makes J largest, by Newton's method: the last step and what the
   enclosures of the gradient make of it. SC_ECONVERGENCE if it ends nowhere, or not at a maximum. */
BASE_MUST_USE int lq_maximiser(lq_objective *J, const lq *m, gauss from,
                               enclosure theta[2]);

/* The theta on the ray from m->theta at `angle` where J is `below` under its value there. SC_EDOMAIN if
   that is not within 3. */
BASE_MUST_USE int lq_level(lq_objective *J, const lq *m, gauss from, double below,
                           double angle, double theta[2]);

/* ---- The policy gradient -------------------------------------------------------------------- */

/* q = V_t + action V_y a + weight r; printed: action = g^2, weight = 1. */
typedef struct {
    double action, weight;
} lq_q;
/* E[int_t^T grad_theta log pi(a|Y_s) q(s, Y_s, a) ds | Y_t = y], (7.15); quadrature. */
BASE_MUST_USE int lq_policy_gradient(const lq *m, lq_q q, double t, double y,
                                     enclosure gradient[2]);

/* V_y = at0 + rise y, at0 known to error. */
typedef struct {
    double at0, rise, error;
} lq_slope;
lq_slope lq_value_slope(const lq *m, double t);
/* V_t at (t, y), by differentiating the formula of V. */
enclosure lq_value_rate(const lq *m, double t, double y);
/* dV/dtheta_0, dV/dtheta_1 or dV/dt at (0, y), by five-point differences at step 1e-3. */
enum { LQ_BY_THETA0, LQ_BY_THETA1, LQ_BY_T };
BASE_MUST_USE int lq_value_difference(const lq *m, double y, int by, enclosure *slope);
/* E_pi q at (t, y), q as printed and the centred advantage
   q + kappa y V_y + 1/2 g^2 V_yy; closed form. */
enum { LQ_PRINTED, LQ_CENTRED, LQ_FORMS };
void lq_mean_q(const lq *m, double t, double y, enclosure mean[LQ_FORMS]);

/* (7.15) from t = 0 without time steps: s ~ U(0, T), Y_s from its law, a ~ pi; means and variances, of level
   alpha each, of T grad log pi q over n draws: components 0, 1 with q as printed, then with the centred one. */
enum { LQ_SAMPLED = 2 * LQ_FORMS };
BASE_MUST_USE int lq_sampled_gradient(const lq *m, double y, rng_key key, long n,
                                      double alpha, enclosure mean[LQ_SAMPLED],
                                      enclosure var[LQ_SAMPLED]);

#endif
