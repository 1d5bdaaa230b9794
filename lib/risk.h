/* risk -- E|s(Y) - grad log p(Y)|^2, Y ~ p, of scores s estimated from n points near a curve.  Floor 4. */
#ifndef SC_RISK_H
#define SC_RISK_H

#include "kde.h"
#include "rng.h"
#include "store.h"

/* n points g(U) + sd xi of the given replicate (streams 0 and 1), n x D. */
void risk_draw(const generator *g, double sd, long n, rng_key key, uint64_t replicate,
               double *x);
/* Risks for p of 0 <= k <= RISK_MOST estimates; then, risk[k], that of s = 0, E|grad log p(Y)|^2. On the line by the trapezoid rule,
   nodes sqrt(p.s2)/5 apart to 6.5 sqrt(p.s2) around p, moved by 0 <= shift < 1 spacings: over a uniform shift its mean is the integral,
   so that the error of the rule is noise without bias; */
enum { RISK_MOST = 3 };
void risk_on_line(const cloud_law *p, double shift, int k, const kde *e, double *risk);
/* or the mean over n points y of p. */
void risk_at(const cloud_law *p, long n, const double *y, int k, const kde *e,
             double *risk);

/* g at so many midpoints, d = 1; the caller frees. */
cloud *risk_curve(const generator *g, int nodes);
/* A sample of g(U) + sd xi and its estimates: kernel ones of 0, 1 or 2 variances, and in the first `fits` replicates the score of
   the law fitted by likelihood, the class of sieve.h of degree 1, noise p.s2 known. The fit is the best of `starts` maximisers
   (sieve_maximise_sample): up from the projection of g, and from it + N(0, 0.1^2) in each coefficient, log-likelihood of the sample to
   `tolerance`; if steps > 0, it is where so many steps of EM (SIEVE_SAMPLE) lead from these starts. Risks of all at the same test
   points, so many; D = 1: risk_on_line, its shift random. A value; borrows the curve of p. */
typedef struct {
    generator g; /* d = 1 */
    cloud_law p; /* of the test points: m = 1 */
    double sd, h[2], eps, tolerance;
    long n, points, fits;
    int kernels, cells, starts, steps;
    rng_key sample, test;
} risk_design;
/* Risks of the kernel estimates, of the fit, of s = 0; the log-likelihood gained on the projection by the fit, per point; its E-steps,
   of all starts. 0 where there is none. */
enum {
    RISK_KERNEL,
    RISK_SECOND,
    RISK_FIT,
    RISK_ZERO,
    RISK_GAIN,
    RISK_STEPS,
    RISK_NUMBERS
};
/* Number j of replicate r < R into y[j*R + r]. Parallel, divided over the ranks, the same bytes for any number of them
   and of threads (on one BLAS core). Each replicate with a fit is kept in s (may be NULL) under all that determines it,
   so that an interrupted run resumes; the others cost little. SC_ECONVERGENCE if a fit did not converge. */
BASE_MUST_USE int risk_replicates(const store *s, const risk_design *c, long R,
                                  double *y);

/* The most E-steps of a fit among R replicates. */
double risk_steps(const risk_design *c, long R, const double *y);
/* What other fits make of the same samples: `other`, the design of y (R replicates) but for how it fits, in the first `fits` of them. */
typedef struct {
    enclosure
        change; /* mean of (risk of the other fit)/(risk of the fit) - 1: stats_mean_skewed */
    double
        ahead; /* share of samples whose log-likelihood it brings higher by more than 0.01 */
} risk_comparison;
BASE_MUST_USE int risk_compare(const store *s, const risk_design *other, long R,
                               const double *y, double alpha, risk_comparison *out);

#endif
