/* rate -- exponents with a sign and an enclosure.  Floor 4.
 *
 * e ~ C h^r. A rate is never abs(slope), never a fit to log|noisy error|.
 */
#ifndef SC_RATE_H
#define SC_RATE_H

#include "base.h"
#include "enclosure.h"

/* Local order between (h1, e1) and (h2, e2): log(e1/e2)/log(h1/h2), enclosed over the errors.
   NaN unless both e > 0 for sure. */
enclosure rate_local(double h1, enclosure e1, double h2, enclosure e2);
/* Hull of the last two local orders of e[0..n-1] at h[0..n-1] (h decreasing), n >= 3. */
enclosure rate_exact(int n, const double *h, const enclosure *e);
/* Weighted log-log fit of e (each with its own alpha > 0, read as mean +- z se) against h: slope
   enclosure of level alpha; the fit is done on the means, errors by the delta method. NaN if some mean
   is not > 5 standard errors away from 0. */
enclosure rate_noisy(int n, const double *h, const enclosure *e, double alpha);

#endif
