/* training -- score networks fitted by denoising score matching.  Floor 4.
 *
 * Data X_0 in R^D under OU, X_t = m X_0 + sigma Z, m = e^-t, sigma^2 = 1 - e^-2t, t0 <= t <= T; s* = grad log p_t. The
 * model is a perceptron f with inputs (y, log(t)/3, m) in
 *
 *     s(y, t) = (-y + m clip f(y, t))/s2,   s2 = m^2 sd^2 + sigma^2,   clip: each coordinate to [-c, c].
 *
 * Its loss (002 (4.9), Vincent 2011) and what the loss has beyond the least one, J*:
 *
 *     J(s) = int_{t0}^T E|s(X_t, t) + Z/sigma|^2 dt = J* + E(s),
 *     E(s) = int_{t0}^T E|s - s*|^2 dt,   J* = int_{t0}^T {D/sigma^2 - I(p_t)} dt.
 *
 * A draw estimates J without bias by t log(T/t0) |s(X_t, t) + Z/sigma|^2, t = t0 (T/t0)^tau, tau ~ U(0, 1); with t
 * uniform the variance would grow like 1/t0.
 *
 *     gmm *data = catalogue_gmm(&CATALOGUE_G);
 *     training_problem p = training_mixture("G", data, 0.01, 2.0);
 *     training_test test = training_test_of(&p, (training_rule){40, 7.0, 0.05});
 *     training_job run = {&p, &test, TRAINING_ADAM, key, 0};
 *     TRY(training_all(1, &run, NULL, NULL, NULL));
 *     enclosure E = training_excess(&run);
 */
#ifndef SC_TRAINING_H
#define SC_TRAINING_H

#include "manifold.h"
#include "mc.h"
#include "mlp.h"
#include "plugin.h"
#include "store.h"

/* ---- The law to learn -------------------------------------------------------------------- */

/* A score at n points y (n x D) of time t: s (n x D), and log p_t where the caller knows one; logp may be NULL. */
typedef void training_field(const void *ctx, double t, long n, const double *y,
                            double *logp, double *s);

typedef struct {
    const char *name; /* of what is kept in a store */
    int D;
    double t0, T;
    double sd, clip; /* of the model; clip = INFINITY: none */
    draws data;      /* of X_0 */
    training_field *score;
    const void *law; /* of `score`, which gives log p_t too */
} training_problem;

/* X_0 ~ p, D <= 2; borrows p; sd = 0, no clip. */
training_problem training_mixture(const char *name, const gmm *p, double t0, double T);
/* X_0 = g(U) + sd xi, g a curve, D <= 2, U uniform on [0, 1]; clip 2. The score by Gauss-Legendre in u, to rounding for
   t >= t0. */
typedef struct training_curve training_curve;
training_curve *training_curve_new(const generator *g, double sd, double t0);
void training_curve_free(training_curve *c);
training_problem training_of_curve(const char *name, const training_curve *c, double t0,
                                   double T); /* borrows c */

/* ---- Integrals over time and law ---------------------------------------------------------- */

/* Gauss-Legendre in log t; at each time the trapezoid rule on [-half_width, half_width]^D with nodes
   spacing sqrt(s2) apart (of density 1e-16 of the largest or more). */
typedef struct {
    int times;
    double half_width, spacing;
} training_rule;
typedef struct {
    int D, times;
    double *t;   /* times */
    long *first; /* times + 1: nodes first[k] .. first[k + 1] - 1 are of t[k] */
    double *y, *s,
        *w; /* nodes, s* there, weights: sum_i w_i h(t_i, y_i) = int E h(t, X_t) dt */
} training_nodes;
/* Two rules, the coarse one with 3/4 of the times and 3/2 of the spacing; training_test_free releases. */
typedef struct {
    training_nodes fine, coarse;
} training_test;
training_test training_test_of(const training_problem *p, training_rule rule);
void training_test_free(training_test *test);
/* int I(p_t) dt. This and all other integrals: fine +- 4 |fine - coarse|, NaN if a score is. */
enclosure training_fisher(const training_test *test);
/* int dt/sigma^2, and int sigma^2 I(p_t) dt. */
enclosure training_noise(const training_problem *p);
enclosure training_weighted_fisher(const training_problem *p,
                                   const training_test *test);
/* E of the best score for the wrong target -(X_t - X_0)/sigma^2, which is s* + (1 - m)/sigma^2 E[X_0|X_t]; sd = 0. */
enclosure training_wrong_excess(const training_problem *p, const training_test *test);

/* ---- Training ------------------------------------------------------------------------------ */

/* Adam with a rate that falls linearly from rate[0] at the first step to rate[1] at the last. */
typedef struct {
    int hidden; /* neurons in each of two hidden layers */
    int batch, steps;
    double rate[2];
    long
        points; /* so many fixed data, drawn with replacement; 0: fresh data at every step */
    bool without_m; /* the wrong target -(X_t - X_0)/sigma^2 */
    int marks;      /* the trace: E(s) after steps k/marks, k = 1 .. marks */
} training_recipe;
/* (D + 2)-64-64-D, batch 512, 4000 steps, rate 2e-3 to 1e-5, fresh data, no trace. */
extern const training_recipe TRAINING_ADAM;

/* The perceptron of a recipe, weights of (key, replicate). The caller frees. */
mlp *training_network(const training_problem *p, const training_recipe *r, rng_key key,
                      uint64_t replicate);
/* The data of a recipe with r->points > 0: points x D; the caller frees. */
double *training_data(const training_problem *p, const training_recipe *r, rng_key key,
                      uint64_t replicate);
/* One batch: x0 (n x D), t (n), z (n x D). The loss of f and its gradient in the weights (NULL: not wanted). */
typedef struct {
    int n;
    const double *x0, *t, *z;
} training_batch;
double training_loss(const training_problem *p, mlp *f, const training_batch *b,
                     bool without_m, double *gradient);
/* |g - d|/|d| over `some` >= 2 weights in equal distances, the first and the last among them, at the starting weights and
   the first batch of a run with fresh data: g by back-propagation, d by central differences of the loss at step 1e-8,
   +-2 |d - d'|/|d| with d' at half the step. slip: g of the wrong target. */
typedef struct {
    enclosure right, slip;
} training_gradient;
training_gradient training_gradient_gap(const training_problem *p,
                                        const training_recipe *r, rng_key key,
                                        int some);

/* A run, from its first step to its last: no iterate is chosen. The pointers are borrowed but for f and trace. */
typedef struct {
    const training_problem *p;
    const training_test *test;
    training_recipe recipe;
    rng_key key;
    uint64_t replicate;
    mlp *f;        /* trained */
    double *trace; /* marks */
} training_job;
/* Runs of several sizes: run[i*seeds + r] <- like, with size[i] points and the replicate k + i*seeds + r, k that of like. */
void training_fill(const training_job *like, int sizes, const long *size, long seeds,
                   training_job *run);
/* All runs, in parallel, each by one thread, divided over the ranks: the same bytes for any number of them. What a run
   leaves is kept in a store under all it depends on. done(ctx, jobs so far, all) of this rank after each job, by one
   thread at a time; may be NULL. Allocates f and trace of each job. SC_ECONVERGENCE if some loss, weight or trace is
   not finite. */
typedef void training_done(void *ctx, long jobs, long all);
BASE_MUST_USE int training_all(long n, training_job *jobs, const store *kept,
                               training_done *done, void *ctx);
void training_jobs_free(long n, training_job *jobs);

/* ---- What came of it -------------------------------------------------------------------------- */

/* E(s) of a network, and of the plug-in score of the points it was given. */
typedef enclosure training_measure(const training_job *j);
enclosure training_excess(const training_job *j);
enclosure training_plugin_excess(const training_job *j);
/* int E|s - s_w|^2 dt of a network, s_w the score of training_wrong_excess; sd = 0. */
enclosure training_wrong_distance(const training_job *j);

/* Runs of training_fill, at most TRAINING_SEEDS of a size. E into y, in the same order,
   its means into mean (sizes, NULL: not wanted); returns the mean over r of the slope of log E_r in log n, a t interval
   of level alpha. */
enum { TRAINING_SEEDS = 16, TRAINING_SIZES = 8 };
enclosure training_sizes(int sizes, long seeds, const training_job *run,
                         training_measure *E, double alpha, enclosure *y,
                         enclosure *mean);

/* E(s)/(A + B) over `seeds` runs, A = int E|s - s_theta|^2 dt, B = E(s_theta), s_theta that of `best`: the largest and
   the mean. 002 (7.9) with its factor 2: at most 2. */
typedef struct {
    enclosure worst, mean;
} training_split;
training_split training_split_of(const training_job *best, long seeds,
                                 const training_job *run);

/* Of held-out draws, 512 an observation: 16 times in equal distances of tau, (x0, z) and (x0, -z). Of level alpha each:
     loss    J(s);
     paired  the loss less that of s* at the same draws, over E: 1 by Vincent's identity;
     wrong   the same for the target without m, sd = 0: {int E|s - s_w|^2 dt - int E|s* - s_w|^2 dt}/E.
   So many observations, 2000 to 32768, as a pilot on others asks for to have `paired` within +-part and the loss within
   +-within (INFINITY: as it comes). SC_EDOMAIN if a loss is not finite. */
typedef struct {
    enclosure loss, paired, wrong;
} training_held;
BASE_MUST_USE int training_held_out(const training_job *j, rng_key key, double part,
                                    double within, double alpha, training_held *held);

#endif
