/* entropy -- the integrand of relative entropy.  Floor 0. */
#ifndef SC_ENTROPY_H
#define SC_ENTROPY_H

/* p log(p/q) - p + q >= 0, whose integral is KL(p | q): without cancellation where p is close to q, without overflow where it is
   not; 0 where both are 0. */
double entropy_relative(double logp, double logq);

#endif
