/* path -- relative entropy between laws of paths.  Floor 3.
 *
 * For Markov chains P, Q of n steps the chain rule of relative entropy reads
 *
 *     H(P|Q) = H(P_0|Q_0) + sum_{i<n} E_P KL(p(X_i, .) | q(X_i, .)).
 *
 * For two diffusions with drifts b, b' and the same noise g dB, seen at the times i h, it increases to
 * H(P_0|Q_0) + 1/2 E_P int |b - b'|^2/g^2 dt (Girsanov), by O(h^2) below it for smooth drifts.
 */
#ifndef SC_PATH_H
#define SC_PATH_H

#include "law.h"

/* The transition x -> N(x + b x + c, var). */
typedef struct {
    double b, c, var;
} path_step;

/* H(P|Q) - H(P_0|Q_0) on the line, P_0 = first, for n steps with the transitions p and q, each coefficient
   known to a relative 2e-16: value +- what rounding does to it. */
enclosure path_skeleton(gauss first, path_step p, path_step q, long n);

/* Skeletons of OU on the line. dX = -X dt + g dB from N(0, v) against g dB, n steps of h, g2 = g^2: from below
   towards E int_0^nh X^2 dt/(2 g^2). */
enclosure path_ou(double v, double g2, double h, long n);
/* dX = -X dt + sqrt(2) dB from N(0, 1), its own reversal, against dX = (X - 2 X_0) dt + sqrt(2) dB, one step of the
   exponential integrator, length n h: towards 2(n h - 1 + e^{-n h}). */
enclosure path_integrator_step(double h, long n);

/* Of Euler's scheme P = c against the one Q with the drift of `other` (its noise, too, is that of c):

       H(P|Q) - H(P_0|Q_0) = sum_{k < steps} h/2 E_P |b - b'|^2/a at t_k = k h,

   by law_euler at two resolutions, its density interpolated between the nodes, fine +- (4 |fine - coarse| + 1e-13). Failures are its own. */
BASE_MUST_USE int path_euler(const euler_scheme *c, law_rates *other, const void *ctx,
                             enclosure *entropy);

#endif
