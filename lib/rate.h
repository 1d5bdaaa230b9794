/* rate -- exponents with a sign and an enclosure.  Floor 4.
 *
 * e(h) ~ C h^r with C of either sign. A rate keeps its own sign (negative: e grows as h -> 0):
 * never abs(slope), never a fit to log|noisy error|. Where the errors do not settle the order (one
 * of them may be 0, or they change sign) the enclosure is the whole line: nothing is known, and a
 * check on it is INCONCLUSIVE. A NaN among the errors gives NaN, a failure.
 *
 * A constant in e (the bias of a reference, of an initial law) pulls every local order towards 0 as
 * h -> 0: subtract it before, or measure against a reference that shares it.
 */
#ifndef SC_RATE_H
#define SC_RATE_H

#include "base.h"
#include "enclosure.h"

/* Local order between (h1, e1) and (h2, e2), h1 > h2 > 0: log(e1/e2)/log(h1/h2), enclosed over
   the errors; the alphas add. */
enclosure rate_local(double h1, enclosure e1, double h2, enclosure e2);
/* The last one of e[0..n-1] at h[0..n-1] (h decreasing), n >= 2. */
enclosure rate_last(int n, const double *h, const enclosure *e);
/* Hull of the last two local orders of e[0..n-1] at h[0..n-1] (h decreasing), n >= 3: the two
   differ by what is left of the pre-asymptotic regime. */
enclosure rate_exact(int n, const double *h, const enclosure *e);
/* Slope of the least-squares line through (x_i, y_i), n >= 2, the x_i not all equal; enclosed over the y. For
   an exponent: y the log of what decays or grows, x linear. */
enclosure rate_slope(int n, const double *x, const enclosure *y);
/* The limit h -> 0 of a quantity known at 2h and at h, of order >= 1 in h: at h +- twice the difference
   of the two, enclosures included. */
enclosure rate_limit(enclosure coarse, enclosure fine);
/* The limit h -> 0 of e(h) = limit + C h^order + ..., n >= 3: C eliminated between the last two (Richardson)
   +- the distance to the same from the two before. */
enclosure rate_richardson(int n, const double *h, const enclosure *e, double order);
/* The same where the last two changes of e are in the ratio of those of h^order, within a quarter of it; elsewhere
   e(h) has not settled, or is known too roughly: the last +- 8 times the larger of the two. */
enclosure rate_settled(int n, const double *h, const enclosure *e, double order);
/* The largest e_i/h_i^order over the smallest, n >= 1, all e_i > 0 (else NaN): 1 for e = C h^order. */
enclosure rate_constancy(int n, const double *h, const enclosure *e, double order);
/* Slope, enclosed at level alpha, of the weighted least-squares line through (log h, log|e|), h
   decreasing, n >= 3. Each e[i] is an independent estimate with its own alpha > 0, read as mean +-
   z se; by the delta method log|e| has standard error u = se/|mean| and bias at most u^2/2. The
   slope's standard error grows with the scatter about the line (factor sqrt(chi^2/(n-2)) if above
   1), and the enclosure by the biases. The whole line unless every mean is more than 5 standard
   errors away from 0 on the same side. */
enclosure rate_noisy(int n, const double *h, const enclosure *e, double alpha);

/* Slope of the unweighted least-squares line through (log h, log e) of the true e > 0 at these h, enclosed at level alpha: a number of
   these h, whether or not e is a power. Independent estimates and their failures as in rate_noisy, but the
   scatter about the line is no error: with the coefficients c_i of the line z sqrt(sum c_i^2 u_i^2) + sum |c_i| u_i^2/2. */
enclosure rate_line(int n, const double *h, const enclosure *e, double alpha);
/* That slope of e less that of f: 2n independent estimates. */
enclosure rate_line_less(int n, const double *h, const enclosure *e, const enclosure *f,
                         double alpha);

#endif
