/* Rows b, c and d: what begins with random numbers. */
#include "bench.h"

#include "gmm.h"
#include "kernel.h"
#include "match.h"
#include "mc.h"
#include "sampler.h"

#include <math.h>
#include <stdlib.h>

/* Two normals: one Philox block (2 words), a logarithm, a sine and cosine. */
static void count_normals(row *r, double normals)
{
    r->count[WORDS] += normals;
    r->count[LOGS] += 0.5 * normals;
    r->count[CIRCLE] += 0.5 * normals;
}

/* A peer draws other numbers: statistics are compared, in units of their standard errors, about. */
static const double SIGMAS = 6.0;

/* Mean and mean square of n numbers. */
static void moments(long n, const double *x, double *m)
{
    double *square = NEW_ARRAY(double, n);
    for (long i = 0; i < n; i++) square[i] = x[i] * x[i];
    m[0] = mc_sum(n, x) / (double)n;
    m[1] = mc_sum(n, square) / (double)n;
    free(square);
}

/* ---- d: normals ----------------------------------------------------------------------- */

enum { NORMALS = 1000000, PART = 10000 };

typedef struct {
    double size, z[PART], found[2],
        scale[2]; /* moments of the last part of each round's run */
} drawing;

static void run_normals(void *state)
{
    drawing *c = state;
    rng r = rng_at(rng_key_of(1, "bench normals"), 0, 0);
    for (int i = 0; i < NORMALS / PART; i++) rng_normal(&r, PART, c->z);
}

static void conclude_normals(void *state)
{
    drawing *c = state;
    moments(PART, c->z, c->found);
}

static void normals(row *r)
{
    drawing *c = NEW(drawing);
    c->size = NORMALS;
    c->scale[0] = sqrt(2.0 / PART); /* of a difference */
    c->scale[1] = 2.0 / sqrt(PART);
    *r = (row){.name = r->name,
               .unit = "normals",
               .counted = "a pair: 2 Philox words, 1 log, 1 sincos (one thread)",
               .items = NORMALS,
               .state = c,
               .run = run_normals,
               .conclude = conclude_normals,
               .release = free,
               .peer = {.group = "normals",
                        .of = {{"n", 1, 1, &c->size}},
                        .results = 2,
                        .result = c->found,
                        .scale = c->scale,
                        .tolerance = SIGMAS}};
    count_normals(r, NORMALS);
}

/* ---- A mixture in the plane that peers know too ---------------------------------------- */

enum { D = 2, MOST_K = 8 };

typedef struct {
    double w[MOST_K], mu[MOST_K * D], var[MOST_K];
    gmm *p;
} plane_mixture;

static void plane_mixture_make(int k, double sd, plane_mixture *m)
{
    rng r = rng_at(rng_key_of(1, "bench means"), 0, 0);
    rng_normal(&r, (long)k * D, m->mu);
    for (int i = 0; i < k; i++) {
        m->w[i] = 1.0 / k;
        m->var[i] = sd * sd;
    }
    m->p = gmm_new(k, D, m->w, m->mu, D, m->var);
}

/* The score (4d + 5 operations and an exponential a component) at `points` points. */
static void count_score(row *r, double points, int k)
{
    r->count[OPS] += points * k * (4 * D + 5);
    r->count[EXPS] += points * k;
}

/* ---- b: reverse SDE ----------------------------------------------------------------------- */

enum { PATHS = 100000, STEPS = 200, REVERSE_K = 8 };

typedef struct {
    plane_mixture data;
    sde forward;
    marginals law;
    double t[STEPS + 1], size, found[2 * D], scale[2 * D];
    double *x; /* PATHS x D */
} reversing;

static void run_reversing(void *state)
{
    reversing *c = state;
    c->law = marginals_of(c->data.p, &c->forward, STEPS, c->t);
    simulation s = {.scheme = &SAMPLER_EM,
                    .forward = &c->forward,
                    .s = marginals_score(&c->law),
                    .steps = STEPS,
                    .t = c->t};
    const rng_key key = rng_key_of(1, "bench paths");
    rng_normal_rows(key, 0, 0, 0, PATHS, D, c->x, D);
    sampler_run(&s, key, 0, PATHS, D, c->x);
    marginals_free(&c->law);
}

static void conclude_reversing(void *state)
{
    reversing *c = state;
    double *column = NEW_ARRAY(double, PATHS);
    for (int j = 0; j < D; j++) {
        for (long i = 0; i < PATHS; i++) column[i] = c->x[i * D + j];
        moments(PATHS, column, c->found + 2L * j);
    }
    free(column);
}

static void release_reversing(void *state)
{
    reversing *c = state;
    gmm_free(c->data.p);
    free(c->x);
    free(c);
}

static void reverse_sde(row *r)
{
    reversing *c = NEW(reversing);
    plane_mixture_make(REVERSE_K, 0.3, &c->data);
    c->forward = sde_ou(2.0);
    c->size = PATHS;
    for (int i = 0; i <= STEPS; i++) c->t[i] = 2.0 - 1.9 * i / STEPS;
    for (int j = 0; j < 2 * D; j++)
        c->scale[j] = (j % 2 == 0 ? 1.5 : 3.0) * sqrt(2.0 / PATHS);
    c->x = NEW_ARRAY(double, (long)PATHS *D);
    *r = (row){.name = r->name,
               .unit = "path steps",
               .counted = "a path step: the score as in a1, d normals, 2d operations",
               .items = (double)PATHS * STEPS,
               .state = c,
               .run = run_reversing,
               .conclude = conclude_reversing,
               .release = release_reversing,
               .peer = {.group = "reverse",
                        .of = {{"weights", REVERSE_K, 1, c->data.w},
                               {"means", REVERSE_K, D, c->data.mu},
                               {"var", REVERSE_K, 1, c->data.var},
                               {"t", STEPS + 1, 1, c->t},
                               {"n", 1, 1, &c->size}},
                        .results = 2L * D,
                        .result = c->found,
                        .scale = c->scale,
                        .tolerance = SIGMAS}};
    count_normals(r, r->items * D);
    count_score(r, r->items, REVERSE_K);
    r->count[OPS] += r->items * 2 * D;
}

/* ---- c: denoising score matching ------------------------------------------------------------ */

enum { SAMPLES = 10000000, DSM_K = 4 };

typedef struct {
    plane_mixture data;
    gmm *pt;
    field s;
    double m, s2, size, found[1], scale[1];
} matching;

/* A mc_batch: |s(X_t) - (m X_0 - X_t)/s2|^2. */
static void draw_losses(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const matching *c = ctx;
    double x0[MC_BATCH * D], xt[MC_BATCH * D];
    gmm_sample(c->data.p, key, first, n, x0, D);
    rng_normal_rows(key, first, 1, 0, n, D, xt, D);
    kernel_best()->combine((long)n * D, c->m, x0, sqrt(c->s2), xt, 0.0, NULL, xt);
    match_dsm_loss(&c->s, c->m, c->s2, n, D, x0, xt, y);
}

static void run_matching(void *state)
{
    matching *c = state;
    const mc_observables loss = {draw_losses, c, 1};
    enclosure mean;
    double sd;
    REQUIRE(mc_mean(&loss, rng_key_of(1, "bench losses"), 0, SAMPLES, 0.05, &mean,
                    &sd) == SC_OK);
    c->found[0] = enclosure_mid(mean);
    c->scale[0] = sd * sqrt(2.0 / SAMPLES);
}

static void release_matching(void *state)
{
    matching *c = state;
    gmm_free(c->data.p);
    gmm_free(c->pt);
    free(c);
}

static void dsm(row *r)
{
    matching *c = NEW(matching);
    plane_mixture_make(DSM_K, 0.5, &c->data);
    c->m = 0.8;
    c->s2 = 0.36;
    c->size = SAMPLES;
    c->pt = gmm_diffuse(c->data.p, c->m, c->s2);
    c->s = gmm_score_field(c->pt);
    *r = (row){.name = r->name,
               .unit = "samples",
               .counted = "a sample: 2d normals, 1 uniform (2 words), the score as in "
                          "a1, 7d operations",
               .items = SAMPLES,
               .state = c,
               .run = run_matching,
               .release = release_matching,
               .peer = {.group = "dsm",
                        .of = {{"weights", DSM_K, 1, c->data.w},
                               {"means", DSM_K, D, c->data.mu},
                               {"var", DSM_K, 1, c->data.var},
                               {"m", 1, 1, &c->m},
                               {"s2", 1, 1, &c->s2},
                               {"n", 1, 1, &c->size}},
                        .results = 1,
                        .result = c->found,
                        .scale = c->scale,
                        .tolerance = SIGMAS}};
    count_normals(r, 2.0 * D * SAMPLES);
    r->count[WORDS] += 2.0 * SAMPLES;
    count_score(r, SAMPLES, DSM_K);
    r->count[OPS] += 7.0 * D * SAMPLES;
}

const row_maker SAMPLING_ROWS[] = {
    {"b reverse SDE, EM, 1e5 paths x 200, K=8 d=2", reverse_sde},
    {"c DSM loss, 1e7 samples, K=4 d=2", dsm},
    {"d normals", normals},
};
const int SAMPLING_ROW_COUNT = LEN(SAMPLING_ROWS);
