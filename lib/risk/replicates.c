/* Kernel estimates and fits on the same samples, replicate by replicate. */
#include "linalg.h"
#include "rank.h"
#include "risk.h"
#include "sieve.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const risk_design *of;
    long number;
    bool fitted;
} replicate;

static sieve_run climb(const risk_design *c, const sieve *s, const mesh *nodes,
                       const double *x, double *a)
{
    const double tolerance = c->tolerance / (double)c->n;
    sieve_rule rule = SIEVE_SAMPLE;
    if (c->steps == 0)
        return sieve_maximise_sample(s, nodes, c->p.s2, c->n, x, tolerance, a);
    rule.steps = c->steps;
    sieve_run run = sieve_fit_sample(s, nodes, c->p.s2, c->n, x, &rule, a);
    run.converged = true; /* nothing else was asked for */
    return run;
}

/* The cloud of the best curve, the caller frees; of its run: Lambda less that of the projection, E-steps of all starts. */
static int fit(const risk_design *c, const double *x, uint64_t number, cloud **fitted,
               double *gain, double *steps)
{
    const sieve s = {1, c->g.D, 1, c->cells};
    const int per_cell = (159 + c->cells) / c->cells; /* 160 nodes and more */
    const long size = sieve_size(&s);
    mesh nodes = mesh_midpoints(1, c->cells * per_cell);
    double *projection = NEW_ARRAY(double, 3 * size), *a = projection + size,
           *best = a + size;
    rng noise = rng_at(c->sample, number, 2);
    sieve_project(&s, &c->g, &nodes, projection);
    int status = SC_OK;
    *gain = -HUGE_VAL;
    double origin = 0.0;
    for (int k = 0; k < c->starts && status == SC_OK; k++) {
        if (k > 0) rng_normal(&noise, size, a);
        for (long i = 0; i < size; i++)
            a[i] = projection[i] + (k > 0 ? 0.1 * a[i] : 0.0);
        const sieve_run run = climb(c, &s, &nodes, x, a);
        if (k == 0) origin = run.start;
        if (!run.converged) status = SC_ECONVERGENCE;
        *steps += (double)run.iterations;
        if (run.Lambda - origin <= *gain) continue;
        *gain = run.Lambda - origin;
        memcpy(best, a, (size_t)size * sizeof *a);
    }
    *fitted = sieve_cloud(&s, best, &nodes);
    free(projection);
    mesh_free(&nodes);
    return status;
}

/* By the first coordinate, in which the curve proceeds: neighbours in memory are neighbours in space. */
static int by_first(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void risks(const risk_design *c, uint64_t number, int k, const kde *e,
                  double *risk)
{
    if (c->g.D == 1) {
        rng r = rng_at(c->test, number, 0);
        double shift;
        rng_uniform(&r, 1, &shift);
        risk_on_line(&c->p, shift, k, e, risk);
        return;
    }
    double *y = NEW_ARRAY(double, c->points * c->g.D);
    risk_draw(&c->g, sqrt(c->p.s2), c->points, c->test, number, y);
    risk_at(&c->p, c->points, y, k, e, risk);
    free(y);
}

/* A store_compute. */
static int measure(const void *ctx, int n, double *value)
{
    const replicate *r = ctx;
    const risk_design *c = r->of;
    const uint64_t number = (uint64_t)r->number;
    const int D = c->g.D;
    double risk[RISK_MOST + 1], *x = NEW_ARRAY(double, c->n *D);
    kde e[RISK_MOST];
    for (int i = 0; i < n; i++) value[i] = 0.0;
    risk_draw(&c->g, c->sd, c->n, c->sample, number, x);
    qsort(x, (size_t)c->n, (size_t)D * sizeof *x, by_first);
    cloud *points = cloud_new(c->n, D, x, NULL), *fitted = NULL;
    const int status =
        r->fitted ? fit(c, x, number, &fitted, &value[RISK_GAIN], &value[RISK_STEPS])
                  : SC_OK;
    int k = c->kernels;
    for (int i = 0; i < k; i++) e[i] = kde_of(points, c->h[i], c->eps);
    if (fitted != NULL) e[k++] = kde_of(fitted, c->p.s2, 0.0);
    risks(c, number, k, e, risk);
    for (int i = 0; i < c->kernels; i++) value[RISK_KERNEL + i] = risk[i];
    if (fitted != NULL) value[RISK_FIT] = risk[c->kernels];
    value[RISK_ZERO] = risk[k];
    cloud_free(fitted);
    cloud_free(points);
    free(x);
    return status;
}

/* All that determines a replicate: laws and generators by what they give at some points. */
static store_key key_of(const replicate *r)
{
    enum { PROBES = 16 };
    const risk_design *c = r->of;
    const double size[] = {c->g.D,
                           (double)c->n,
                           (double)c->points,
                           c->sd,
                           c->p.s2,
                           c->eps,
                           c->kernels,
                           c->h[0],
                           c->h[1],
                           c->cells,
                           c->starts,
                           c->steps,
                           c->tolerance,
                           SIEVE_SAMPLE.relaxation,
                           r->fitted,
                           (double)r->number,
                           c->sample.word[0],
                           c->sample.word[1],
                           c->test.word[0],
                           c->test.word[1]};
    double u[PROBES], x[PROBES * GENERATOR_D], logp[PROBES];
    for (int i = 0; i < PROBES; i++) u[i] = i / (PROBES - 1.0);
    generator_eval(&c->g, PROBES, u, x, NULL);
    cloud_eval(&c->p, PROBES, x, c->g.D, logp, NULL, NULL);
    store_key key = store_key_new();
    store_key_text(&key, "risk");
    store_key_text(&key, linalg_core());
    store_key_doubles(&key, LEN(size), size);
    store_key_doubles(&key, (long)PROBES * c->g.D, x);
    store_key_doubles(&key, PROBES, logp);
    return key;
}

int risk_replicates(const store *s, const risk_design *c, long R, double *y)
{
    REQUIRE(c->p.m == 1.0 && 0 <= c->kernels && c->kernels <= 2);
    REQUIRE(c->fits == 0 || c->starts >= 1);
    const size_t bytes = (size_t)(RISK_NUMBERS * R) * sizeof *y;
    const rank_share mine = rank_divide();
    int failed = SC_OK;
    memset(y, 0, bytes);
#pragma omp parallel for default(none) shared(s, c, R, y, mine) schedule(dynamic, 1)   \
    reduction(min                                                                      \
              : failed)
    for (long r = mine.first; r < R; r += mine.step) {
        const replicate one = {c, r, r < c->fits};
        double value[RISK_NUMBERS];
        const int status = store_fetch(one.fitted ? s : NULL, key_of(&one), measure,
                                       &one, RISK_NUMBERS, value);
        for (int j = 0; j < RISK_NUMBERS; j++) y[j * R + r] = value[j];
        if (status < failed) failed = status;
    }
    rank_gather(mine, bytes, y);
    return rank_least(failed);
}

double risk_steps(const risk_design *c, long R, const double *y)
{
    double most = 0.0;
    for (long r = 0; r < c->fits; r++) most = fmax(most, y[RISK_STEPS * R + r]);
    return most;
}

int risk_compare(const store *s, const risk_design *other, long R, const double *y,
                 double alpha, risk_comparison *out)
{
    const long n = other->fits;
    REQUIRE(other->kernels == 0 && 2 <= n && n <= R);
    double *z = NEW_ARRAY(double, n *RISK_NUMBERS), *change = z + RISK_FIT * n,
           ahead = 0.0;
    const int status = risk_replicates(s, other, n, z);
    for (long r = 0; r < n && status == SC_OK; r++) {
        const double gain = z[RISK_GAIN * n + r] - y[RISK_GAIN * R + r];
        change[r] = change[r] / y[RISK_FIT * R + r] - 1.0;
        ahead += gain * (double)other->n > 0.01;
    }
    if (status == SC_OK)
        *out =
            (risk_comparison){stats_mean_skewed(n, change, alpha), ahead / (double)n};
    free(z);
    return status;
}
