/* enclosure -- an interval that holds an unknown number, and how surely.  Floor 0.
 *
 * Every measurement of the suite is an enclosure: quadrature and exact laws give one with
 * alpha = 0 (value +- error bound), Arb gives a certified one (alpha = 0), Monte Carlo one
 * with alpha > 0.
 */
#ifndef SC_ENCLOSURE_H
#define SC_ENCLOSURE_H

/* P(the true value is not in [lo, hi]) <= alpha. NaN in lo or hi means "not known". */
typedef struct {
    double lo, hi;
    double alpha;
} enclosure;

enclosure enclosure_exact(double value); /* [v, v], alpha 0 */
enclosure enclosure_about(double value,
                          double error); /* [v - e, v + e], alpha 0, e >= 0 */
enclosure enclosure_rounded(
    double value); /* v +- (1e-14 |v| + 1e-16), of a closed form */
enclosure enclosure_of(double lo, double hi, double alpha);

double enclosure_mid(enclosure e);
double enclosure_halfwidth(enclosure e);

/* Interval arithmetic, rounded outwards by one ulp; the alphas add (union bound). */
enclosure enclosure_add(enclosure a, enclosure b);
enclosure enclosure_sub(enclosure a, enclosure b);
enclosure enclosure_mul(enclosure a, enclosure b);
enclosure enclosure_div(enclosure a, enclosure b); /* NaN if b holds 0 */
enclosure enclosure_scale(enclosure a, double factor);
enclosure enclosure_widen(enclosure a, double error); /* [lo - e, hi + e] */
enclosure enclosure_hull(enclosure a, enclosure b);
enclosure enclosure_max(enclosure a,
                        enclosure b); /* of the larger of the two numbers */
/* The one that reaches farther from 0, a if both do; one that is NaN before any. */
enclosure enclosure_farther(enclosure a, enclosure b);
enclosure enclosure_relative(enclosure a, double value); /* a/value - 1, value > 0 */
enclosure enclosure_sqrt(enclosure a); /* the part below 0 is cut off; NaN if hi < 0 */
enclosure enclosure_log(enclosure a);  /* -inf at 0; NaN if hi < 0 */
enclosure enclosure_exp(enclosure a);

#endif
