/* What the files of training share. */
#ifndef SC_TRAINING_INTERNAL_H
#define SC_TRAINING_INTERNAL_H

#include "training.h"

#include <math.h>

enum { TRAINING_MOST_D = 2 };
/* Streams of a key. That of the data, GMM_STREAM or CURVE and CURVE + 1, is another. */
enum {
    TRAINING_TIMES = 1,
    TRAINING_NOISE,
    TRAINING_WEIGHTS,
    TRAINING_CHOICE,
    TRAINING_CURVE
};

/* OU: m and sigma^2 at t. */
static inline double training_m(double t) { return exp(-t); }
static inline double training_var(double t) { return -expm1(-2.0 * t); }

/* t = t0 (T/t0)^tau */
static inline double training_time(const training_problem *p, double tau)
{
    return p->t0 * exp(tau * log(p->T / p->t0));
}
/* What depends on t alone: m, sigma, s2 of the model, and the weight t log(T/t0) of a draw. */
typedef struct {
    double t, m, sigma, s2, weight;
} training_moment;
training_moment training_at(const training_problem *p, double t);
/* y <- X_t = m x0 + sigma z, and what f sees of it: D and D + 2 numbers. */
void training_diffuse(const training_problem *p, const training_moment *at,
                      const double *x0, const double *z, double *y);
void training_inputs(const training_problem *p, const training_moment *at,
                     const double *y, double *in);
/* The model's score at y from f(y, t), D numbers each. */
void training_assemble(const training_problem *p, const training_moment *at,
                       const double *y, const double *f, double *s);
/* The target u0: -z/sigma, or without m -(X_t - x0)/sigma^2; a coordinate. */
static inline double training_target(const training_moment *at, double x0, double z,
                                     bool without_m)
{
    const double right = -z / at->sigma;
    return without_m ? right + (1.0 - at->m) / (at->sigma * at->sigma) * x0 : right;
}

/* Fields: the model; the score of n points x (n x D) under OU; the best score for the wrong target, of a problem. */
typedef struct {
    const training_problem *p;
    const mlp *f;
} training_model;
void training_model_score(const void *model, double t, long n, const double *y,
                          double *logp, double *s);
typedef struct {
    int n, D;
    const double *x;
} training_points;
void training_plugin_score(const void *points, double t, long n, const double *y,
                           double *logp, double *s);
void training_wrong_score(const void *problem, double t, long n, const double *y,
                          double *logp, double *s);
/* sigma s*, of a problem. */
void training_weighted_score(const void *problem, double t, long n, const double *y,
                             double *logp, double *s);
/* int E|a - b|^2 dt; b NULL: s*; a score that is NULL: 0. */
typedef struct {
    training_field *score;
    const void *ctx;
} training_of;
enclosure training_distance(const training_test *test, training_of a,
                            const training_of *b);

#endif
