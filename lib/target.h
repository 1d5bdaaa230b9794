/* target -- laws on the line known exactly together with all their Gaussian
 * convolutions.  Floor 1.
 *
 * For X = m X_0 + sqrt(s2) Z, X_0 ~ target, Z ~ N(0,1), every target gives log-density, score
 * and its derivative at any (m, s2), s2 > 0 (or s2 = 0 where the target has a density):
 *
 *   mixture            closed form (gmm)
 *   atoms, empirical   closed form
 *   uniform            difference of normal cdfs, in logs; also on several intervals
 *   sine               N(0,1)(x) {1 + a sin kx}, closed form
 *   Laplace            closed form by erfcx
 *   Cauchy             Voigt profile
 *   quartic            density prop. to exp(-a x^2/2 - b x^4), convolved by the trapezoid rule
 *                      (error exp(-2 pi^2 s2/(m dx)^2): below rounding by choice of dx)
 */
#ifndef SC_TARGET_H
#define SC_TARGET_H

#include "base.h"
#include "enclosure.h"
#include "gmm.h"
#include "rng.h"

typedef struct target target;

target *target_gauss(double mean, double var);
target *target_mixture(const gmm *p);      /* 1-D; copies */
target *target_standardised(const gmm *p); /* 1-D; the law of (X - E X)/sd X, X ~ p */
target *target_atoms(int k, const double *w, const double *x);
target *target_empirical(int n, const double *x); /* equal weights */
target *target_uniform(double lo, double hi);
/* sum_i w_i U(lo_i, hi_i), i < k <= TARGET_BREAKS/2, weights > 0, normalised here, hi_i < lo_{i+1}. */
target *target_uniforms(int k, const double *w, const double *lo, const double *hi);
target *target_laplace(double mean, double b);
target *target_cauchy(double median, double scale);
target *target_quartic(double a, double b);
target *target_sine(double a, double k); /* |a| < 1, k > 0 */
void target_free(target *p);

const char *target_name(const target *p);
double target_mean(const target *p);          /* NaN for Cauchy */
double target_variance(const target *p);      /* inf for Cauchy */
double target_second_moment(const target *p); /* E X^2; NaN for Cauchy */
/* Of a feature: component sd, 0 for atoms, 1/k for a wave sin kx, k > 1. */
double target_smallest_sd(const target *p);
/* The target as a mixture (mixtures and atoms; component variance 0 allowed), else NULL. */
const gmm *target_as_gmm(const target *p);

/* At n points x: log-density, score, derivative of the score of the law of
   m X_0 + sqrt(s2) Z; each of logp, s, ds may be NULL. */
void target_score(const target *p, double m, double s2, long n, const double *x,
                  double *logp, double *s, double *ds);
/* P(X <= x) and P(X > x), each with small relative error in its own tail. */
double target_cdf(const target *p, double m, double s2, double x);
double target_survival(const target *p, double m, double s2, double x);
/* The points where the density of m X_0 + sqrt(s2) Z is not smooth, increasing: edges and kinks of
   the target if s2 = 0, none otherwise. Returns their number. */
enum { TARGET_BREAKS = 16 };
int target_breaks(const target *p, double m, double s2, double x[TARGET_BREAKS]);
/* Where a quadrature over that law should split: around every component of a mixture, the ends of several
   uniforms, else the ends and the middle of the bulk, at 0, +-2, +-6, +-12 of its scales, increasing; thinned to at most
   `most`. Returns their number. */
int target_splits(const target *p, double m, double s2, int most, double *x);
/* The largest distance from 0 of such a feature, in its scales: rounding of x by 1e-16 |x| shifts it by
   1e-16 of that. */
double target_remoteness(const target *p, double m, double s2);
/* An interval that holds all but `tail` of the law of m X_0 + sqrt(s2) Z on either side. */
void target_span(const target *p, double m, double s2, double tail, double *lo,
                 double *hi);
/* The constant of strong log-concavity of the law of m X_0 + sqrt(s2) Z: min -(log p)'' over 2001 nodes
   of the span that holds all but 1e-12 on either side, for mixtures also where two components are
   equally likely, descended from, and where it is attained. The enclosure reaches down by the change
   from every second node to all, and by 5e-13 of the value (mixtures: 1e-7) either way for rounding. */
enclosure target_concavity(const target *p, double m, double s2, double *at);
/* The largest |(log p)''| of the law of m X_0 + sqrt(s2) Z found: at the minimum of target_concavity, over 2001
   nodes of the same span and at target_splits, where log p > -700. Not more than the supremum, up to
   rounding: a constant that a bound may take without becoming weaker. */
double target_curvature(const target *p, double m, double s2);
/* Replicate first + i of the target into x[i]. */
void target_sample(const target *p, rng_key key, uint64_t first, long n, double *x);
/* n points of one replicate, what target_sample has from first = replicate n on; of a quartic with a^2 >= b/100
   others, much faster, by rejection: N(0, 1/a) is accepted with probability exp(-b x^4), on average above 1/5,
   in rounds of 512 normals (stream TARGET_STREAM) and as many uniforms (the next one). What the last round has left over is lost. */
enum { TARGET_STREAM = 0x746172 }; /* "tar" */
void target_replicate(const target *p, rng_key key, uint64_t replicate, long n,
                      double *x);

#endif
