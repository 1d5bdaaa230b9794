/* law.c -- what is to be learnt, and fields beside it. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static void mixture_score(const void *law, double t, long n, const double *y,
                          double *logp, double *s)
{
    gmm *pt = gmm_diffuse(law, training_m(t), training_var(t));
    const int D = gmm_dim(pt);
    gmm_score(pt, n, y, D, logp, s, D);
    gmm_free(pt);
}

training_problem training_mixture(const char *name, const gmm *p, double t0, double T)
{
    REQUIRE(gmm_dim(p) <= TRAINING_MOST_D && 0.0 < t0 && t0 < T);
    return (training_problem){.name = name,
                              .D = gmm_dim(p),
                              .t0 = t0,
                              .T = T,
                              .clip = (double)INFINITY,
                              .data = plugin_mixture(p),
                              .score = mixture_score,
                              .law = p};
}

struct training_curve {
    generator g;
    double sd;
    cloud *c;
};

training_curve *training_curve_new(const generator *g, double sd, double t0)
{
    REQUIRE(g->d == 1 && g->D <= TRAINING_MOST_D);
    training_curve *c = NEW(training_curve);
    const double m = training_m(t0), s2 = m * m * sd * sd + training_var(t0);
    mesh nodes = mesh_legendre(1, mesh_panels(g, m, s2), 16);
    *c = (training_curve){*g, sd, cloud_of(g, &nodes)};
    mesh_free(&nodes);
    return c;
}

void training_curve_free(training_curve *c)
{
    if (c == NULL) return;
    cloud_free(c->c);
    free(c);
}

static void curve_draw(const void *ctx, rng_key key, uint64_t first, long n, double *x)
{
    const training_curve *c = ctx;
    const int D = c->g.D;
    double *room = NEW_ARRAY(double, n *(D + 1)), *u = room, *xi = room + n;
    rng_uniform_rows(key, first, TRAINING_CURVE, 0, n, 1, u, 1);
    rng_normal_rows(key, first, TRAINING_CURVE + 1, 0, n, D, xi, D);
    generator_eval(&c->g, n, u, x, NULL);
    for (long i = 0; i < n * D; i++) x[i] += c->sd * xi[i];
    free(room);
}

static void curve_score(const void *law, double t, long n, const double *y,
                        double *logp, double *s)
{
    const training_curve *c = law;
    const cloud_law at = cloud_ou(c->c, c->sd, t);
    cloud_eval(&at, n, y, c->g.D, logp, NULL, s);
}

training_problem training_of_curve(const char *name, const training_curve *c, double t0,
                                   double T)
{
    REQUIRE(0.0 < t0 && t0 < T);
    return (training_problem){.name = name,
                              .D = c->g.D,
                              .t0 = t0,
                              .T = T,
                              .sd = c->sd,
                              .clip = 2.0,
                              .data = {curve_draw, c},
                              .score = curve_score,
                              .law = c};
}

void training_plugin_score(const void *points, double t, long n, const double *y,
                           double *logp, double *s)
{
    const training_points *of = points;
    gmm *pt = plugin_law(of->n, of->D, of->x, training_m(t), training_var(t));
    gmm_score(pt, n, y, of->D, logp, s, of->D);
    gmm_free(pt);
}

void training_wrong_score(const void *problem, double t, long n, const double *y,
                          double *logp, double *s)
{
    const training_problem *p = problem;
    const double m = training_m(t), v = training_var(t);
    p->score(p->law, t, n, y, logp, s);
    for (long i = 0; i < n * p->D; i++) { /* Tweedie: E[X_0|X_t] = (y + v s*)/m */
        const double mean = (y[i] + v * s[i]) / m;
        s[i] += (1.0 - m) / v * mean;
    }
}

void training_weighted_score(const void *problem, double t, long n, const double *y,
                             double *logp, double *s)
{
    const training_problem *p = problem;
    const double sigma = sqrt(training_var(t));
    p->score(p->law, t, n, y, logp, s);
    for (long i = 0; i < n * p->D; i++) s[i] *= sigma;
}

/* ---- The model ------------------------------------------------------------------------------ */

training_moment training_at(const training_problem *p, double t)
{
    const double m = training_m(t), v = training_var(t);
    return (training_moment){t, m, sqrt(v), m * m * p->sd * p->sd + v,
                             t * log(p->T / p->t0)};
}

void training_diffuse(const training_problem *p, const training_moment *at,
                      const double *x0, const double *z, double *y)
{
    for (int j = 0; j < p->D; j++) y[j] = at->m * x0[j] + at->sigma * z[j];
}

void training_inputs(const training_problem *p, const training_moment *at,
                     const double *y, double *in)
{
    memcpy(in, y, (size_t)p->D * sizeof *y);
    in[p->D] = log(at->t) / 3.0;
    in[p->D + 1] = at->m;
}

void training_assemble(const training_problem *p, const training_moment *at,
                       const double *y, const double *f, double *s)
{
    for (int j = 0; j < p->D; j++) {
        const double clipped = f[j] > p->clip    ? p->clip
                               : f[j] < -p->clip ? -p->clip
                                                 : f[j]; /* NaN stays */
        s[j] = (-y[j] + at->m * clipped) / at->s2;
    }
}

// NOLINTBEGIN(readability-non-const-parameter): a training_field
void training_model_score(const void *model, double t, long n, const double *y,
                          double *logp, double *s)
{
    const training_model *of = model;
    const training_problem *p = of->p;
    REQUIRE(logp == NULL);
    const training_moment at = training_at(p, t);
    double *in = NEW_ARRAY(double, n *(p->D + 2));
    for (long i = 0; i < n; i++)
        training_inputs(p, &at, y + i * p->D, in + i * (p->D + 2));
    mlp_eval(of->f, n, in, s);
    for (long i = 0; i < n; i++)
        training_assemble(p, &at, y + i * p->D, s + i * p->D, s + i * p->D);
    free(in);
}
// NOLINTEND(readability-non-const-parameter)
