/* two_flows -- the distance of the scores of two diffused laws over time.  Floor 3.
 *
 * p_t, q_t the laws of two data, diffused by the same dX = f X dt + g dB, with KL(p_{t0} | q_{t0}) < inf:
 *
 *     int_{t0}^T (g^2/2) E_{p_t}|grad log p_t - grad log q_t|^2 dt = KL(p_{t0} | q_{t0}) - KL(p_T | q_T)
 *
 * (de Bruijn): both densities solve d_t p = div(-f x p + (g^2/2) grad p). If p is the flow of one point x, the
 * left side is the DSM loss of grad log q_t at x. */
#ifndef SC_TWO_FLOWS_H
#define SC_TWO_FLOWS_H

#include "divergence.h"
#include "manifold.h"

/* Either laws known exactly on the line, p and q, or clouds under OU, a and b, in the line or the plane, by CLOUD_LINE
   or CLOUD_PLANE. All borrowed. 0 <= t0 < T; t0 > 0 for clouds. */
typedef struct {
    double t0, T;
    const target *p, *q; /* NULL: clouds */
    sde forward;
    cloud_flow a, b;
    double
        factor; /* 1; on the line another one multiplies grad log q_t on the left, which is no score of a
                      flow then */
} two_flows;
two_flows two_flows_line(const target *p, const target *q, sde forward, double t0,
                         double T);
two_flows two_flows_clouds(cloud_flow a, cloud_flow b, double t0, double T);

/* KL(p_t | q_t). Failures of divergence_between. */
BASE_MUST_USE int two_flows_kl(const two_flows *c, double t, enclosure *kl);
/* The right side with t for T. */
BASE_MUST_USE int two_flows_lost(const two_flows *c, double t, enclosure *lost);
/* The left side over [from, to] within [t0, T], by n-point Gauss-Legendre in log t, in log(t + T/30) if t0 = 0. The
   enclosure holds the errors at the nodes alone: compare two n. Failures of divergence_fisher and match_esm. */
BASE_MUST_USE int two_flows_integral(const two_flows *c, double from, double to, int n,
                                     enclosure *integral);
/* Both sides with t[i] for T, t[0] = t0 to t[parts] = T equally far apart in that logarithm; index 0 is 0. The integral
   part by part with n nodes each. */
BASE_MUST_USE int two_flows_profile(const two_flows *c, int parts, int n, double *t,
                                    enclosure *left, enclosure *right);

#endif
