/* semigroup -- Gaussian smoothing: the Ornstein-Uhlenbeck and the heat semigroup.  Floor 2.
 *
 * dX = -beta X dt + sigma sqrt(2 beta) dB on R^d has the transition density N(x; m x_0, s2 I),
 * m = e^{-beta t}, s2 = sigma^2 (1 - m^2), and the stationary law gamma = N(0, sigma^2 I). For f > 0
 *
 *   U_t f(y) = E f(m y + sqrt(s2) Z)           Ornstein-Uhlenbeck (Mehler)
 *   Q_r f(y) = E f(y + sqrt(r) Z)              heat
 *   p_t(y)   = int p_0(x) N(y; m x, s2 I) dx   law of X_t;  p_t/gamma = U_t(p_0/gamma)
 *   b(s, y)  = grad log Q_{1-s} f(y)           Foellmer drift
 *
 * Each is S f(y) = int f(u) N(alpha u - gamma y; 0, s2 I) du. Source: Reu, Vargas, Kerekes, Bronstein
 * 2024, Definition 3.4, Remark 3.5, Lemma 3.6.
 */
#ifndef SC_SEMIGROUP_H
#define SC_SEMIGROUP_H

#include "base.h"
#include "enclosure.h"
#include "gmm.h"
#include "rng.h"
#include "target.h"

typedef struct {
    double alpha, gamma, s2; /* alpha, gamma, s2 > 0 */
} semigroup_kernel;

semigroup_kernel semigroup_ou(double sigma, double beta, double t); /* U_t: 1, m, s2 */
semigroup_kernel semigroup_heat(double r);                          /* Q_r: 1, 1, r */
semigroup_kernel semigroup_transition(double sigma, double beta,
                                      double t); /* p_0 -> p_t: m, 1, s2 */

/* S f at one point; E is over the law of u proportional to f(u) N(alpha u - gamma y; 0, s2 I). */
typedef struct {
    enclosure log; /* log S f(y) */
    enclosure gap; /* E[alpha u - gamma y]: the derivative on the kernel, see below */
    enclosure inside; /* S f'(y)/S f(y) = E (log f)'(u): the derivative on f */
} smoothed;

/* d/dy log S f(y) = (gamma/s2) gap, by differentiating the kernel: f need not be smooth. */
enclosure semigroup_slope(semigroup_kernel k, enclosure gap);

/* ---- On the line --------------------------------------------------------------------- */

/* f > 0 by log f and (log f)' at n points origin + u_i, 1 <= n <= QUAD_NODES, the origin near a narrow
   feature; f(origin + u) is exp(-a u^2/2 + b u) times a function that neither grows nor falls like a
   Gaussian. */
typedef struct {
    void (*eval)(const void *ctx, int n, const double *u, double *logf, double *slope);
    const void *ctx; /* borrowed */
    double origin, a, b;
} semigroup_function;

/* f(at) and f'(at). */
void semigroup_eval(const semigroup_function *f, double at, double *value,
                    double *derivative);
/* Adaptive quadrature in z = (u - mean)/sd, |z| <= 13, N(mean, sd^2) the Gaussian part of f times the
   kernel, in logs. The enclosures hold the quadrature's bound and rounding. SC_EDOMAIN if S f is
   infinite (alpha^2/s2 + a <= 0), else failures are those of quad_adaptive. */
BASE_MUST_USE int semigroup_apply(const semigroup_function *f, semigroup_kernel k,
                                  double y, smoothed *value);

/* w {1 + a sin ku} with w = 1 (var = INFINITY) or the density of N(0, var): |a| < 1. */
typedef struct {
    double a, k, var;
} semigroup_wave;
semigroup_function semigroup_waves(const semigroup_wave *w); /* borrows */
/* S f = 1 + A sin k'y of f = 1 + a sin ku (var = INFINITY, alpha = 1): A = a e^{-k^2 s2/2}, k' = gamma k. */
semigroup_wave semigroup_of_wave(const semigroup_wave *w, semigroup_kernel k);
/* The suprema k a/sqrt(1 - a^2) and k^2 a/(1 - a) of |(log f)'| and |(log f)''|, f = 1 + a sin ku, a >= 0;
   the largest values at n points ku of [0, 2 pi]. */
void semigroup_wave_sups(const semigroup_wave *w, double sup[2]);
void semigroup_wave_maxima(const semigroup_wave *w, int n, double largest[2]);
/* sup (log S f)' of f = 1 + a sin ku by quadrature, where sin k'y = -A. Failures: semigroup_apply. */
BASE_MUST_USE int semigroup_wave_top(const semigroup_wave *w, semigroup_kernel k,
                                     enclosure *slope);

/* f = 1 + tri(u)/2, tri the triangle wave of period 2 from -1 at 0 to 1 at 1: Lipschitz, its derivative is not. Then
   S f = 1 - (4/pi^2) sum_{n odd} cos(n pi gamma y) e^{-n^2 pi^2 s2/2}/n^2: v = (log S f)' and v' at n points, either
   may be NULL, from the terms with n pi sqrt(s2) <= 9, the first at least. ctx: a semigroup_kernel, alpha = 1. */
void semigroup_triangle(const void *ctx, long n, const double *y, double *v,
                        double *dv);

/* The average phi(y) = 1/M sum_i f(gamma y + sqrt(s2) z_i) of f = 1 + a sin ku over M draws z_i of N(0, 1), for S f. */
typedef struct {
    semigroup_wave f; /* var = INFINITY */
    semigroup_kernel k;
    long points;  /* M */
    double reach; /* errors are taken at 601 points of [-reach, reach] */
} semigroup_average;
/* Of replicates first .. first + n - 1, n x 2, an mc_batch: sup |(log phi)' - (log S f)'|, and the same with
   1/M sum f'(gamma y + sqrt(s2) z_i) for phi', without the factor gamma. ctx: a semigroup_average. */
void semigroup_average_errors(const void *ctx, rng_key key, uint64_t first, int n,
                              double *y);

/* N(mu, v)/N(0, var); var = INFINITY: the density of N(mu, v). */
typedef struct {
    double mu, v, var;
} semigroup_ratio;
semigroup_function semigroup_gauss(const semigroup_ratio *r); /* borrows */

/* ---- On R^d ---------------------------------------------------------------------------
 *
 * y: d numbers; value: d, value[j] with coordinate j of gap and inside, the same log in all. */

/* f = p/N(0, var I) of a mixture, var = INFINITY: f = p. Component by component, in its principal axes,
   where it is a product of functions on the line. Failures are those of semigroup_apply. */
BASE_MUST_USE int semigroup_mixture(const gmm *p, double var, semigroup_kernel k,
                                    const double *y, smoothed *value);

/* f = prod_j w(u_j), w a wave, d <= SEMIGROUP_CUBE: the d-fold integral by the trapezoid rule over
   |z_j| <= 9 with meshes 0.4 and 0.5, fine +- (4 |fine - coarse| + 1e-13 int|f|). Keep k sd <= 4. */
enum { SEMIGROUP_CUBE = 3 };
void semigroup_waves_cube(const semigroup_wave *w, int d, semigroup_kernel k,
                          const double *y, smoothed *value);

/* A law on R^d: a mixture (borrowed), or, with NULL, prod_j N(0, 1)(x_j) (1 + a sin k x_j), then for
   sigma = 1 only. */
typedef struct {
    int d;
    const gmm *mixture;
    double a, k;
} semigroup_law;

/* The law at time t in coordinate j of y, seen in four ways: the derivative on the transition kernel, on
   the Mehler kernel, on f = dpi/dgamma, and Q_{1-s} f(m y), s = m^2, with the derivative on f. */
typedef struct {
    enclosure log_ratio;   /* log p_t/gamma */
    enclosure ratio_slope; /* its derivative: the score of p_t plus y/sigma^2 */
    enclosure log_mehler;  /* log U_t f */
    enclosure slope;       /* its derivative */
    enclosure inside;      /* U_t f_j/U_t f, f_j = df/dx_j */
    enclosure log_heat;    /* log Q_{1-s} f(m y); NaN unless sigma = beta = 1 */
    enclosure drift;       /* b(s, m y); NaN likewise */
} semigroup_view;
BASE_MUST_USE int semigroup_views(const semigroup_law *pi, double sigma, double beta,
                                  double t, const double *y, semigroup_view *v);

/* A scan of [-4, 4]^d by n >= 2 points: coordinate j of point i is 8 ((i + 7 j) mod n)/(n - 1) - 4. */
void semigroup_scan(int d, int n, int i, double *y);

/* What is left over, farthest from 0 over the scan by n points, n_times times and coordinates, of
     density   log p_t - log gamma - log U_t f
     score     its gradient
     chain     (grad U_t f - m U_t grad f)/U_t f
     foellmer  log(p_t/gamma) - log Q_{1-s} f(m y) and grad log(p_t/gamma) - m b(s, m y); NaN as above
   If `relative`, each difference a - b is divided by max(1, |a|). Parallel over points and times. */
enum {
    SEMIGROUP_DENSITY,
    SEMIGROUP_SCORE,
    SEMIGROUP_CHAIN,
    SEMIGROUP_FOELLMER,
    SEMIGROUP_RESIDUALS
};
BASE_MUST_USE int semigroup_residuals(const semigroup_law *pi, double sigma,
                                      double beta, int n_times, const double *times,
                                      int n, bool relative,
                                      enclosure r[SEMIGROUP_RESIDUALS]);

/* dX = -beta X dt + dB (sigma^2 beta = 1/2) against dX = dB: the score at x of the law at t of the first less that of
   the second, from data on the line, with 1e-14 of both for rounding. O(beta) as beta -> 0. */
enclosure semigroup_ve_gap(const target *data, double t, double beta, double x);

/* ---- Regularity -------------------------------------------------------------------------- */

/* Assumption B.2 of the source: f >= c > 0, f and grad f Lipschitz with constants L and L1. Then
   |grad log U_t f| <= m L/c and |Hessian of log U_t f| <= m^2 (L1/c + L^2/c^2): the two bounds. */
typedef struct {
    double c;     /* 0: there is none */
    double L, L1; /* INFINITY: there are none */
    /* Mixtures without: log f at 10 sqrt(var) from 0, and where. If c = 0: on the coordinate axis `where`,
       along which f falls farthest. If L is infinite: on an axis of component `where`, along which f grows;
       or at the peak of that component, if L exceeds all doubles. */
    double log_far;
    int where;
} semigroup_regularity;
void semigroup_bounds(const semigroup_regularity *r, double m, double bound[2]);

/* 1 + a sin ku: {1 - a, a k, a k^2}, 0 <= a < 1. */
semigroup_regularity semigroup_wave_regularity(const semigroup_wave *w);
/* p/N(0, var I): all components at most as wide as N(0, var I), where as wide centred, and one equal to it;
   c is the weight of the latter, L and L1 are sums of the components' largest derivatives. Failures are those
   of linalg_eigen. */
BASE_MUST_USE int semigroup_mixture_regularity(const gmm *p, double var,
                                               semigroup_regularity *r);

/* The largest |grad log U_t f| (by quadrature) and norm of the Hessian of log U_t f (closed form) over the scan
   by n points, for the mixture p, sigma = beta = 1, f = p/N(0, I). */
BASE_MUST_USE int semigroup_mixture_sizes(const gmm *p, double t, int n,
                                          enclosure largest[2]);

/* ---- Stochastic derivatives ------------------------------------------------------------- */

/* Of the process with sigma = beta = 1 on the line, given X_t = x, for a step h: the forward quotient
   E[X_{t+h} - x]/h, and E[X_{t-h} - x]/h with the law `before` of X_{t-h} (a mixture on the line), by
   Bayes' formula: the mean of y under the law proportional to before(y) N(x; e^{-h} y, 1 - e^{-2h}). */
BASE_MUST_USE int semigroup_forward(double h, double x, enclosure *quotient);
BASE_MUST_USE int semigroup_backward(const gmm *before, double h, double x,
                                     enclosure *quotient);

#endif
