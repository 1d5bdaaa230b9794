/* concentration -- binomial and chi tails, and the constants of uniform concentration.  Floor 1.
 *
 * Logarithms of probabilities, since tails underflow; every enclosure holds the rounding of its sum.
 */
#ifndef SC_CONCENTRATION_H
#define SC_CONCENTRATION_H

#include "base.h"
#include "enclosure.h"

/* log P(S > k) and log P(S <= k), S ~ Bin(n, p), 0 < p < 1, 1 <= n <= 1e9; -inf where there is no such S. */
enclosure concentration_binomial_above(long n, double p, long k);
enclosure concentration_binomial_at_most(long n, double p, long k);
/* log P(|Z| > r), Z ~ N(0, I_D), 1 <= D <= 10000, r > 0. */
enclosure concentration_chi_above(int D, double r);
/* sup over y in [from, to], from > 0, of P(|Z| > radius) e^gain, where both grow with y: on 600 cells, in each the tail is
   largest at the lower end and the gain at the upper; `lo` is a value attained. parameter is handed to f. */
typedef struct {
    double radius, gain;
} concentration_point;
typedef concentration_point concentration_curve(double parameter, int D, double y);
enclosure concentration_chi_sup(concentration_curve *f, double parameter, int D,
                                double from, double to);

/* A lemma of Chen, Huang, Zhao, Wang 2023: z_i i.i.d., N functions g with values in [0, B], 0 < a <= 1, 0 < delta < 1,
 *
 *     P(max_g  mean_n g - (1 + a) Eg > c (B/n) log(N/delta)) <= delta     (upper)
 *     P(max_g  Eg - (1 + a) mean_n g > c (B/n) log(N/delta)) <= delta     (lower).
 *
 * By e^{lambda g} <= 1 + (g/B)(e^{lambda B} - 1), lambda B = 1/c, and the union of N events it holds for all n, N, delta
 * with c = c_up: c (e^{1/c} - 1) = 1 + a, and c = c_lo: c (1 - e^{-(1 + a)/c}) = 1. */
typedef enum { CONCENTRATION_UPPER, CONCENTRATION_LOWER } concentration_side;
double concentration_constant(concentration_side side, double a);
/* One instance: N independent functions with P(g = B) = p, P(g = 0) = 1 - p. */
typedef struct {
    concentration_side side;
    long n;
    double a, N, delta;
} concentration_case;
/* The largest probability, over all p <= p_max, that the event of the lemma happens with the factor c > 0; *at (may be NULL) is
   the p near which. Between two p where the integer bound on S jumps the probability is monotone, so that it is enough to look at
   the jumps (from the side where it is larger). 0 if the event is impossible. */
enclosure concentration_failure(const concentration_case *l, double c, double p_max,
                                double *at);

#endif
