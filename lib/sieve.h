/* sieve -- maximum likelihood over piecewise polynomial generators.  Floor 4.
 *
 * Generators  g_a(u) = sum_k a_{cell(u),k} B_k(l),  l = N u - cell(u) - 1/2 in [-1/2, 1/2)^d,  B = 1 or (1, l_1, .., l_d),
 * on N^d equal cells. Over the scores of their flows the minimiser of the empirical denoising loss on [t0, inf) is the maximiser of
 *
 *     Lambda(a) = int hat p log q_a,   q_a the law of m g_a(U) + sqrt(s2) Z,   hat p = 1/n sum_i N(m x_i, v I),
 *
 * m = e^-t0, v = 1 - e^-2t0, s2 = m^2 sd^2 + v (Yakovlev, Puchkin 2025; loss of a flow = -log-likelihood at t0). With nodes u_q,
 * q = 1 .. Q, for the law of U, C_q = g_a(u_q), the E-step of EM
 *
 *     w_q = sum_y hat p(y) rho_q(y),  b_q = sum_y hat p(y) rho_q(y) y,   rho_q(y) = K_yq/sum_q K_yq,
 *     K_yq = exp(-|y - m C_q|^2/(2 s2))
 *
 * gives the gradient dLambda/da = (m/s2) sum_q B_q (b_q - m w_q C_q)^T in each cell. The sum over y is over a grid, at a cost free of n:
 * there BFGS climbs until it has converged, and Lambda never falls (but for rounding, 1e-14). Or it is over the sample itself (t0 = 0:
 * m = 1, v = 0): there BFGS climbs, or EM makes a fixed number of steps, over-relaxed, a + relaxation (a_EM - a), unless Lambda falls by
 * more than 1e-14 then,
 *
 *     M-step  in each cell (sum_q w_q B_q B_q^T + 1e-12 I) a_EM = sum_q B_q b_q^T.
 *
 * Nothing here is parallel: call it from the threads of the replicates. */
#ifndef SC_SIEVE_H
#define SC_SIEVE_H

#include "manifold.h"
#include "store.h"

/* A class of generators; a value. Coefficient k of cell j, coordinate r, at a[(j*basis + k)*D + r]; cell (i, j) of the plane has
   the number i N + j. */
typedef struct {
    int d, D, degree, N; /* d = 1, 2; D <= GENERATOR_D; degree 0, 1 */
} sieve;
int sieve_basis(const sieve *s); /* 1 + degree d */
long sieve_size(const sieve *s); /* of a: N^d basis D */
/* max(8, ceil(points/N)) midpoints a cell and axis, points = 240 (d = 1), 30. */
mesh sieve_nodes(const sieve *s);
/* g_a at n points u (n x d) into x (n x D). */
void sieve_eval(const sieve *s, const double *a, long n, const double *u, double *x);
/* g_a on nodes, and on those that are the law of U in every fit and in all that is said of it: sieve_nodes, of which degree 0 needs
   one a cell. The caller frees. */
cloud *sieve_cloud(const sieve *s, const double *a, const mesh *nodes);
cloud *sieve_flow(const sieve *s, const double *a);

/* Starts. The projection of g in L2 of the nodes; d = D = 1: of the quantile function of x_1 <= .. <= x_n. */
void sieve_project(const sieve *s, const generator *g, const mesh *nodes, double *a);
void sieve_quantile(const sieve *s, long n, const double *sorted, const mesh *nodes,
                    double *a);

typedef struct {
    double relaxation;
    int steps;
} sieve_rule;
extern const sieve_rule SIEVE_SAMPLE; /* 1.5, 60 */

typedef struct {
    double start, Lambda; /* of the start, in the end */
    double left;     /* EM: |change| of Lambda in the last step; BFGS: what Lambda lacks
                        of a local maximum by its estimate, too little while it has not
                        seen the flat directions (measured: up to 5e-9 in the plane) */
    long iterations; /* EM: steps; BFGS: E-steps */
    bool converged; /* BFGS: left below what was asked for, before SIEVE_MOST E-steps */
} sieve_run;
#define SIEVE_LEFT 1e-15 /* asked for on a grid */
enum { SIEVE_MOST = 100000 };

/* From a, in place, on the sample x (n x D) with noise of variance s2, any D <= GENERATOR_D; Lambda is per point. In the log domain:
   nothing underflows. D = 1: the sample condensed to a lattice, 1e-12 of its sums, at a cost free of n. By the steps of EM that the
   rule says and a plain one, */
sieve_run sieve_fit_sample(const sieve *s, const mesh *nodes, double s2, long n,
                           const double *x, const sieve_rule *rule, double *a);
/* or by BFGS until `left` is below the one given. */
sieve_run sieve_maximise_sample(const sieve *s, const mesh *nodes, double s2, long n,
                                const double *x, double left, double *a);

/* ---- On a grid of y in R^D, D = 1, 2 ------------------------------------------------------------- */

/* A density on a grid: node (i, j) at (y[0][i], y[1][j]), its mass p[i*n[1] + j], sum 1. D = 1: n[1] = 1, y[1][0] = 0. */
typedef struct {
    int D, n[2];
    double *y[2], *p;
    double cell; /* Delta: length or area of a cell of the grid */
} sieve_density;
/* The truth: X_0 = g(U) + sd xi at t0, g(U) as a cloud. All borrowed. */
typedef struct {
    const generator *g;
    const cloud *cloud;
    double sd, t0;
} sieve_truth;
cloud_law sieve_law(const sieve_truth *c, const cloud *of); /* OU at t0 */
/* hat p of n points x (n x D), n = 0: p_{t0} itself. From the least of m x_i - 6.5 sqrt(v) and m g - 6.5 sqrt(s2) to the largest of
   the same with +; spacing sqrt(s2)/6, in the plane /3.5. */
sieve_density sieve_noised(const sieve_truth *c, long n, const double *x);
void sieve_density_free(sieve_density *p);
/* KL(p_{t0} | hat p) and 1/2 int (hat p - p_{t0})^2/p_{t0}, by the trapezoid rule on the nodes of hat p, no error estimated. If sd > 0 some
   of the latter lies beyond them: 4e-6 of its mean at m^2 sd^2 = .43 v. */
void sieve_memoriser(const sieve_truth *c, const sieve_density *p, double *kl,
                     double *square);
/* The mean of the latter, (1/2n) {int E N(y; m X_0, v I)^2/p_{t0}(y) dy - 1}, m^2 sd^2 <= 3 v. */
enclosure sieve_mean_square(const sieve_truth *c, long n);

/* BFGS from a, in place. */
sieve_run sieve_fit(const sieve *s, const mesh *nodes, const sieve_truth *c,
                    const sieve_density *p, double *a);
/* The maximiser, from several starts: the projection of the truth; d = D = 1: the quantile function; SIEVE_PERTURBED times the
   projection + N(0, 0.1^2) in each coefficient, from stream 1 of the replicate. SC_ECONVERGENCE if one of them does not converge. */
enum { SIEVE_PERTURBED = 4 };
typedef struct {
    double gain;          /* Lambda - Lambda(projection), by cloud_eval */
    int starts, agreeing; /* how many, and of these within 1e-9 of the best */
    long iterations;      /* the most of a start */
} sieve_report;
typedef struct {
    sieve s;
    sieve_truth truth;
    long n;
} sieve_design;
/* Of n points x (n x D), n = 0: of the truth; into a. */
BASE_MUST_USE int sieve_erm(const sieve_design *c, const sieve_density *p,
                            const double *x, rng_key key, uint64_t replicate, double *a,
                            sieve_report *report);

/* ---- Training sets ------------------------------------------------------------------------------- */

/* Of one training set; all doubles, so that a store can keep them. */
typedef struct {
    double error;     /* KL(p_{t0} | flow of the maximiser) */
    double memoriser; /* KL(p_{t0} | hat p) */
    double rounding;  /* of error: quadrature and rounding */
    double square;    /* 1/2 int (hat p - p_{t0})^2/p_{t0} */
    double gain, iterations;
    double agreeing; /* part of the starts that agree with the best */
} sieve_outcome;
/* y[r], r < R: of points from stream 0 of replicate r. Parallel over the sets, divided over the ranks; each stands in
   the store under all that it depends on, so that an interrupted run goes on where it was. Failures of sieve_erm. */
BASE_MUST_USE int sieve_sets(const sieve_design *c, const store *kept, rng_key key,
                             long R, sieve_outcome *y);
/* Whether `square` has a finite variance, v > 2 m^2 sd^2 (E square^k is finite for k < 1 + v/(2 m^2 sd^2) only): then nearly all of
   the noise of a KL is in it. */
bool sieve_controls(const sieve_truth *c);
/* Mean over the sets of value r, at value + r*sizeof(sieve_outcome): stats_mean_skewed of nominal level alpha, wider by the largest
   `rounding`. With the mean of `square` (NULL: without) of value - square, to which that is added. */
enclosure sieve_mean(long R, const sieve_outcome *y, const double *value,
                     const enclosure *square, double alpha);
/* What R sets of sieve_sets say: sieve_mean of error and memoriser, with the mean of `square` if sieve_controls. */
typedef struct {
    enclosure error, memoriser;
    double least_gain, most_iterations;
    double agreeing; /* mean */
} sieve_average;
BASE_MUST_USE int sieve_average_of(const sieve_design *c, const store *kept,
                                   rng_key key, long R, double alpha,
                                   sieve_average *out);
/* KL(p_{t0} | flow of a), by the trapezoid rule at spacing sqrt(s2)/8, in the plane /3.5, out to 8 standard deviations. */
enclosure sieve_error(const sieve *s, const sieve_truth *c, const double *a);
/* That of the maximiser for n = inf: what the class cannot reach, if no better maximum was missed, up to SIEVE_LEFT and what the grid
   of p_{t0} cuts off. Failures of sieve_erm. */
BASE_MUST_USE int sieve_limit(const sieve *s, const sieve_truth *c, enclosure *error);

/* ---- What the sampler gives, on the line ---------------------------------------------------------- */

/* The reverse SDE of OU with the score of a flow q from N(0, 1) at T to t0 has at t0 the density

       hat p(y) = q_{t0}(y) E[(gamma/q_T)(X_T) | X_{t0} = y],   gamma = N(0, 1),

   by the change of measure on paths. sd > 0. Enclosures as in cloud_kl. */
enum { SIEVE_TOTAL, SIEVE_ESTIMATION, SIEVE_BIAS, SIEVE_TVS };
typedef struct {
    enclosure tv[SIEVE_TVS]; /* TV(hat p, p_0), TV(hat p, p_{t0}), TV(p_{t0}, p_0) */
    enclosure kl;            /* KL(p_{t0} | hat p) <= start + path (Girsanov) */
    enclosure start;         /* KL(p_T | N(0, 1)) */
    enclosure path;          /* int_{t0}^T E|grad log q_t - grad log p_t|^2 dt */
    double gain, agreeing;   /* of a training set, as in sieve_outcome; else 0 */
} sieve_output;
sieve_output sieve_sampled(const cloud_flow *p, const cloud_flow *q, double t0,
                           double T);
/* Of R training sets of the design, its maximiser and the sampler from T(n): as sieve_sets. */
BASE_MUST_USE int sieve_sampled_sets(const sieve_design *c, double T, const store *kept,
                                     rng_key key, long R, sieve_output *y);
/* What these say: hull and mean of tv; the largest kl - (start + path), the hull of kl/(start + path); the least gain; the mean of
   `agreeing`. */
typedef struct {
    enclosure tv[SIEVE_TVS], excess, ratio;
    double mean[SIEVE_TVS], least_gain, agreeing;
} sieve_sampler;
BASE_MUST_USE int sieve_sampler_of(const sieve_design *c, double T, const store *kept,
                                   rng_key key, long R, sieve_sampler *out);

#endif
