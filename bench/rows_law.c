/* Rows f: steps of an exact law on the line. */
#include "bench.h"

#include "gmm.h"
#include "kernel.h"
#include "law.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 0.3 N(-1, 0.25) + 0.7 N(1.5, 0.64) */
static const double W[] = {0.3, 0.7}, MU[] = {-1.0, 1.5}, VAR[] = {0.25, 0.64};
enum { K = 2, NODES = BENCH_FFT };

static gmm *two_components(void) { return gmm_new(K, 1, W, MU, 1, VAR); }

/* Its density at x0 + j dx. */
static void density(double x0, double dx, double *x, double *p)
{
    gmm *data = two_components();
    for (long j = 0; j < NODES; j++) x[j] = x0 + (double)j * dx;
    gmm_score(data, NODES, x, 1, p, NULL, 1);
    for (long j = 0; j < NODES; j++) p[j] = exp(p[j]);
    gmm_free(data);
}

/* ---- f: a linear step by FFT -------------------------------------------------------------------
 *
 * X' = a X + sqrt(q) Z: on the grid multiplied by a, the density over a is convolved with N(0, q). The
 * library scatters instead, for any drift; this row is FFTW's. */

enum { FFT_STEPS = 500, MODES = NODES / 2 + 1 };

typedef struct {
    fftw_plan there, back;
    fftw_complex *mode;
    double *x, *start, *p, *gain; /* gain: MODES, of one step, over NODES */
} convolving;

static void run_convolving(void *state)
{
    const convolving *c = state;
    memcpy(c->p, c->start, NODES * sizeof *c->p);
    for (int k = 0; k < FFT_STEPS; k++) {
        fftw_execute(c->there);
        double *mode = (double *)c->mode;
        for (long i = 0; i < MODES; i++) {
            mode[2 * i] *= c->gain[i];
            mode[2 * i + 1] *= c->gain[i];
        }
        fftw_execute(c->back);
    }
}

static void release_convolving(void *state)
{
    convolving *c = state;
    fftw_destroy_plan(c->there);
    fftw_destroy_plan(c->back);
    free(c->x);
    free(c);
}

static void fourier_step(row *r)
{
    const double lo = -16.0, dx = 32.0 / NODES, q = 1e-3;
    convolving *c = NEW(convolving);
    c->x = NEW_ARRAY(double, 3L * NODES + 2L * MODES + MODES);
    c->start = c->x + NODES;
    c->p = c->start + NODES;
    c->mode = (fftw_complex *)(void *)(c->p + NODES);
    c->gain = c->p + NODES + 2L * MODES;
    c->there = fftw_plan_dft_r2c_1d(NODES, c->p, c->mode, FFTW_ESTIMATE);
    c->back = fftw_plan_dft_c2r_1d(NODES, c->mode, c->p, FFTW_ESTIMATE);
    density(lo, dx, c->x, c->start);
    for (int i = 0; i < MODES; i++) {
        const double omega = 2.0 * SC_PI * i / (NODES * dx);
        c->gain[i] = exp(-0.5 * q * omega * omega) / NODES;
    }
    *r = (row){.name = r->name,
               .unit = "steps",
               .counted = "two real transforms, 2 products a mode",
               .items = FFT_STEPS,
               .state = c,
               .run = run_convolving,
               .release = release_convolving,
               .peer = {.group = "fourier",
                        .of = {{"p", NODES, 1, c->start}, {"gain", MODES, 1, c->gain}},
                        .results = NODES,
                        .result = c->p,
                        .tolerance = 1e-12}};
    r->count[FFTS] = 2.0 * FFT_STEPS;
    r->count[OPS] = 2.0 * MODES * FFT_STEPS;
}

/* ---- f2: a step with a nonlinear drift -----------------------------------------------------------
 *
 * x_j moves to x_j + h (x_j + 2 S(x_j)) and spreads by N(0, q), q = 2h: p'_i = sum_j p_j dx N(x_i; mu_j, q)
 * over the j with |x_i - mu_j| <= 9.2 sqrt q. */

enum { SCATTERS = 10 };
static const double REACH = 9.2;

typedef struct {
    gmm *data;
    band b;
    double dx, h;
    double parameters[4]; /* x0, dx, h, reach */
    double *x, *p, *s, *g, *found;
} scattering;

static void run_scattering(void *state)
{
    const scattering *c = state;
    const double unit = c->dx / sqrt(2.0 * SC_PI * 2.0 * c->h);
    double *position = NEW_ARRAY(double, 2L * NODES), *weight = position + NODES;
    for (int n = 0; n < SCATTERS; n++) {
        gmm_score(c->data, NODES, c->x, 1, NULL, c->s, 1);
        for (int j = 0; j < NODES; j++) {
            const double mu = c->x[j] + c->h * (c->x[j] + 2.0 * c->s[j]);
            position[j] = (mu - c->x[0]) / c->dx;
            weight[j] = unit * c->p[j];
        }
        memset(c->found, 0, NODES * sizeof *c->found);
        kernel_best()->band_scatter(NODES, position, weight, &c->b, c->found);
    }
    free(position);
}

static void release_scattering(void *state)
{
    scattering *c = state;
    gmm_free(c->data);
    free(c->x);
    free(c);
}

static void scattered_step(row *r)
{
    const double lo = -7.0, dx = 14.0 / (NODES - 1), spread = 5.0 * dx; /* sqrt q */
    const long half = lround(REACH * 5.0) + KERNEL_BAND_MARGIN + 1;
    scattering *c = NEW(scattering);
    c->data = two_components();
    c->dx = dx;
    c->h = 0.5 * spread * spread;
    c->x = NEW_ARRAY(double, 4L * NODES + 2 * half + 1);
    c->p = c->x + NODES;
    c->s = c->p + NODES;
    c->found = c->s + NODES;
    c->g = c->found + NODES;
    density(lo, dx, c->x, c->p);
    c->b = (band){NODES, 0.2, REACH, half, c->g};
    for (long k = -half; k <= half; k++)
        c->g[half + k] = exp(-0.5 * 0.04 * (double)(k * k));
    memcpy(c->parameters, (double[]){lo, dx, c->h, REACH}, sizeof c->parameters);
    *r = (row){
        .name = r->name,
        .unit = "steps",
        .counted =
            "a term of the band: 3 operations; a node: the score as in a1, 9 exp2",
        .items = SCATTERS,
        .state = c,
        .run = run_scattering,
        .release = release_scattering,
        .peer = {.group = "scatter",
                 .of = {{"x", NODES, 1, c->x},
                        {"p", NODES, 1, c->p},
                        {"weights", K, 1, W},
                        {"means", K, 1, MU},
                        {"var", K, 1, VAR},
                        {"parameters", 4, 1, c->parameters}},
                 .results = NODES,
                 .result = c->found,
                 .tolerance = 1e-12}};
    r->count[OPS] = r->items * NODES * (3.0 * (2.0 * 5.0 * REACH + 1.0) + K * 9.0);
    r->count[EXPS] = r->items * NODES * (9.0 + K);
}

/* ---- The engine of the library ------------------------------------------------------------------- */

enum { LAW_STEPS = 40 };

typedef struct {
    target *data;
    sde forward;
    double t[LAW_STEPS + 1];
    double evaluations; /* of the band kernel, a run */
} propagating;

static void run_propagating(void *state)
{
    propagating *c = state;
    chain path = {.data = c->data,
                  .forward = &c->forward,
                  .scheme = &SAMPLER_EM,
                  .from = START_EXACT,
                  .steps = LAW_STEPS,
                  .t = c->t};
    law_rules rules = law_rules_for(c->data);
    rules.coarse_finish = true; /* every step like the others */
    line *law = NULL;
    REQUIRE(law_density(&path, &rules, &law, &c->evaluations) == SC_OK);
    line_free(law);
}

static void release_propagating(void *state)
{
    propagating *c = state;
    target_free(c->data);
    free(c);
}

static void law_step(row *r)
{
    propagating *c = NEW(propagating);
    gmm *p = two_components();
    c->data = target_mixture(p);
    gmm_free(p);
    c->forward = sde_ou(2.0);
    for (int i = 0; i <= LAW_STEPS; i++) c->t[i] = 2.0 - 1.9 * i / LAW_STEPS;
    run_propagating(c);
    *r = (row){.name = r->name,
               .unit = "steps",
               .counted = "a term of the band: 3 operations (one thread)",
               .items = LAW_STEPS,
               .state = c,
               .run = run_propagating,
               .release = release_propagating};
    /* law_density does not count its last step, which here is like the others. */
    r->count[OPS] = 3.0 * c->evaluations * LAW_STEPS / (LAW_STEPS - 1);
}

const row_maker LAW_ROWS[] = {
    {"f linear law step by FFT, 4096 nodes", fourier_step},
    {"f2 law step with a nonlinear drift, 4096 nodes", scattered_step},
    {"law_density, EM, 40 steps, K=2", law_step},
};
const int LAW_ROW_COUNT = LEN(LAW_ROWS);
