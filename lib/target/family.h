/* What the families of targets share; private to target/. */
#ifndef SC_TARGET_FAMILY_H
#define SC_TARGET_FAMILY_H

#include "target.h"

#include <complex.h>

#define SQRT_HALF 0.70710678118654752440

typedef struct family family;

struct target {
    const family *family;
    double mean, variance, smallest_sd;
    double centre; /* of symmetry; families without one have their own `survival` */
    double a, b; /* ends, location and scale, or the two coefficients: see the family */
    /* mixtures and atoms: component i is w[i] N(mu[i], var[i]); uniforms: w[i] on [lo[i], hi[i]] */
    int k;
    double *w, *mu, *var;
    double *lo, *hi; /* within the block of w */
    gmm *mixture;
    /* quartic: log of the normalising constant, span of the density, cdf at panel ends */
    double log_z, reach;
    double *panel_cdf;
};

/* Log-density, score and its derivative at one point. */
typedef struct {
    double logp, s, ds;
} jet;

struct family {
    const char *name;
    /* Either the jet of the law of m X_0 + sqrt(s2) Z at one point, or at n points at once. */
    jet (*point)(const target *p, double m, double s2, double x);
    void (*score)(const target *p, double m, double s2, long n, const double *x,
                  double *logp, double *s, double *ds);
    double (*cdf)(const target *p, double m, double s2, double x);
    double (*survival)(const target *p, double m, double s2, double x);
    /* Interval of X_0 with all but `tail` on either side. */
    void (*core)(const target *p, double tail, double *lo, double *hi);
    void (*sample)(const target *p, rng_key key, uint64_t first, long n, double *x);
    /* Points where the density of X_0 is not smooth; NULL if there are none. */
    int (*breaks)(const target *p, double x[TARGET_BREAKS]);
};

target *target_of_family(const family *f, double mean, double variance,
                         double smallest_sd);

extern const family TARGET_UNIFORM, TARGET_LAPLACE, TARGET_CAUCHY, TARGET_QUARTIC,
    TARGET_SINE;

/* Standard normal distribution function and density. */
double target_phi_cdf(double x);
double target_phi(double x);
/* exp(x^2) erfc(x), relative error below 1e-15; +inf below about -26. */
double target_erfcx(double x);
/* w(z) = exp(-z^2) erfc(-iz) for Re z, Im z >= 0, relative error about 2e-15. */
double complex target_faddeeva(double complex z);

#endif
