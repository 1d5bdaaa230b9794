/* risk -- E|s(Y) - grad log p(Y)|^2, Y ~ p, of scores s estimated from n points near a curve.  Floor 4. */
#ifndef SC_RISK_H
#define SC_RISK_H

#include "kde.h"
#include "rng.h"
#include "store.h"

/* n points g(U) + sd xi of the given replicate (streams 0 and 1), n x D. */
void risk_draw(const generator *g, double sd, long n, rng_key key, uint64_t replicate,
               double *x);
/* Risks for p of 0 <= k <= RISK_MOST estimates; then, risk[k], that of s = 0, E|grad log p(Y)|^2. By the trapezoid rule of
   cloud_expectation, D <= 2: */
enum { RISK_MOST = 4 };
void risk_by_quadrature(const cloud_law *p, cloud_rule rule, int k, const kde *e,
                        double *risk);
/* or the mean over n points y of p. */
void risk_at(const cloud_law *p, long n, const double *y, int k, const kde *e,
             double *risk);

/* g at so many midpoints, d = 1; the caller frees. */
cloud *risk_curve(const generator *g, int nodes);
/* A sample of g(U) + sd xi and its estimates: kernel ones of 0, 1 or 2 variances, and in the first `fits` replicates the score of
   the law fitted by sieve_fit_sample, degree 1, noise p.s2 known, from the projection of g. All at the same test
   points: by quadrature for D = 1. A value; borrows the curve of p. */
typedef struct {
    generator g; /* d = 1 */
    cloud_law p; /* of the test points: m = 1 */
    double sd, h[2], eps;
    long n, points, fits;
    int kernels, cells, steps;
    rng_key sample, test;
} risk_design;
/* Risks of the kernel estimates, of the fit, of s = 0; the likelihood gained by the fit, per point, and by its last step. 0 where
   there is none. */
enum {
    RISK_KERNEL,
    RISK_SECOND,
    RISK_FIT,
    RISK_ZERO,
    RISK_GAIN,
    RISK_LAST,
    RISK_NUMBERS
};
/* Number j of replicate r < R into y[j*R + r]. Parallel, the same bytes for any number of threads. Each replicate with a fit is kept in s
   (may be NULL) under all that determines it, so that an interrupted run resumes; the others cost little. */
BASE_MUST_USE int risk_replicates(const store *s, const risk_design *c, long R,
                                  double *y);

/* Of the fits among R replicates: the least gain, and the share whose last step still gained `tolerance`. */
void risk_ascent(const risk_design *c, const double *y, long R, double tolerance,
                 double *least, double *unsettled);
/* Mean of (risk of the fit after `factor` times the steps)/(that after c->steps) - 1 over R samples, stats_mean_skewed. */
BASE_MUST_USE int risk_longer(const store *s, const risk_design *c, long R, int factor,
                              double alpha, enclosure *change);

#endif
