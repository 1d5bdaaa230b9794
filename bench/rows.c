/* What is measured. */
#include "bench.h"

#include "gmm.h"
#include "law.h"
#include "sampler.h"

#include <math.h>
#include <stdlib.h>

/* ---- The score of a mixture --------------------------------------------------------- */

typedef struct {
    gmm *p;
    long n;
    int d;
    double *x, *s, *logp;
} scoring;

static void run_scoring(void *state)
{
    const scoring *c = state;
    gmm_score(c->p, c->n, c->x, c->d, c->logp, c->s, c->d);
}

static void release_scoring(void *state)
{
    scoring *c = state;
    gmm_free(c->p);
    free(c->x);
    free(c->s);
    free(c->logp);
    free(c);
}

/* k components with normal means and one standard deviation; points drawn from the mixture. */
static gmm *random_mixture(int k, int d, double sd)
{
    double *mu = NEW_ARRAY(double, (long)k *d), *w = NEW_ARRAY(double, k),
           *var = NEW_ARRAY(double, k);
    rng r = rng_at(rng_key_of(1, "bench means"), 0, 0);
    rng_normal(&r, (long)k * d, mu);
    for (int i = 0; i < k; i++) {
        w[i] = 1.0;
        var[i] = sd * sd;
    }
    gmm *p = gmm_new(k, d, w, mu, d, var);
    free(var);
    free(w);
    free(mu);
    return p;
}

static void make_scoring(row *r, long n, int k, int d, double sd)
{
    scoring *c = NEW(scoring);
    *c = (scoring){.p = random_mixture(k, d, sd), .n = n, .d = d};
    c->x = NEW_ARRAY(double, n *d);
    c->s = NEW_ARRAY(double, n *d);
    c->logp = NEW_ARRAY(double, n);
    gmm_sample(c->p, rng_key_of(1, "bench points"), 0, n, c->x, d);
    r->unit = "points";
    r->items = (double)n;
    r->state = c;
    r->run = run_scoring;
    r->release = release_scoring;
    r->count[BYTES] =
        8.0 * (double)n * (2 * d + 1); /* x read, score and log p written */
}

/* Low dimension, per point and component: differences and squares 2d, scaling 1, maximum 1; then
   subtraction 1, sum 1, weight/v 1, differences and sums 2d; one exponential. */
static void make_low(row *r, long n, int k, int d)
{
    make_scoring(r, n, k, d, 0.5);
    r->count[OPS] = (double)n * k * (4 * d + 5);
    r->count[EXPS] = (double)n * k;
    r->counted = "a point and component: 4d + 5 operations, 1 exp2; a point: 2d + 1 "
                 "numbers moved";
}

/* High dimension, where one component dominates at almost every point: d fma a point and
   component, 2 for the logit, 2 maxima. */
static void make_high(row *r, long n, int k, int d, double sd)
{
    make_scoring(r, n, k, d, sd);
    r->count[OPS] = (double)n * k * (d + 4);
    r->counted = "a point and component: d + 4 operations (screening); a point: 2d + 1 "
                 "numbers moved";
}

static void score_4_2(row *r) { make_low(r, 1000000, 4, 2); }

static void score_100_2(row *r) { make_low(r, 100000, 100, 2); }

static void score_2000_64(row *r) { make_high(r, 20000, 2000, 64, 0.5); }

static void score_2000_64_sharp(row *r) { make_high(r, 20000, 2000, 64, 0.05); }

/* Every component counts: a second product, and an exponential each. */
static void score_2000_64_wide(row *r)
{
    make_scoring(r, 20000, 2000, 64, 4.0);
    r->count[OPS] = r->items * 2000 * (2 * 64 + 8);
    r->count[EXPS] = r->items * 2000;
    r->counted = "a point and component: 2d + 8 operations (two products), 1 exp2";
}

static void score_16_1024(row *r) { make_high(r, 10000, 16, 1024, 0.5); }

/* ---- Normals ------------------------------------------------------------------------- */

enum { NORMALS = 1000000, PART = 10000 };

/* Two normals: one Philox block (2 words), a logarithm, a sine and cosine. */
static void count_normals(row *r, double normals)
{
    r->count[WORDS] = normals;
    r->count[LOGS] = 0.5 * normals;
    r->count[CIRCLE] = 0.5 * normals;
}

static void run_normals(void *state)
{
    double *z = state;
    rng r = rng_at(rng_key_of(1, "bench normals"), 0, 0);
    for (int i = 0; i < NORMALS / PART; i++) rng_normal(&r, PART, z);
}

static void normals(row *r)
{
    r->unit = "normals";
    r->counted = "a pair: 2 Philox words, 1 log, 1 sincos (one thread)";
    r->items = NORMALS;
    r->state = NEW_ARRAY(double, PART);
    r->run = run_normals;
    r->release = free;
    count_normals(r, NORMALS);
}

/* ---- A step of the reverse SDE --------------------------------------------------------- */

enum { PATHS = 100000, EM_STEPS = 20, EM_K = 8, EM_D = 2 };

typedef struct {
    gmm *p;
    sde forward;
    double t[EM_STEPS + 1];
    double *x;
} simulating;

static void exact_score(const void *ctx, double t, long n, int d, const double *x,
                        int ldx, double *s, int lds)
{
    const simulating *c = ctx;
    (void)d;
    gmm *pt = gmm_diffuse(c->p, sde_scale(&c->forward, t), sde_var(&c->forward, t));
    gmm_score(pt, n, x, ldx, NULL, s, lds);
    gmm_free(pt);
}

static void run_simulating(void *state)
{
    const simulating *c = state;
    simulation s = {.scheme = &SAMPLER_EM,
                    .forward = &c->forward,
                    .s = {exact_score, c},
                    .steps = EM_STEPS,
                    .t = c->t};
    const rng_key key = rng_key_of(1, "bench paths");
    rng_normal_rows(key, 0, 0, 0, PATHS, EM_D, c->x, EM_D);
    sampler_run(&s, key, 0, PATHS, EM_D, c->x);
}

static void release_simulating(void *state)
{
    simulating *c = state;
    gmm_free(c->p);
    free(c->x);
    free(c);
}

static void reverse_sde(row *r)
{
    simulating *c = NEW(simulating);
    c->p = random_mixture(EM_K, EM_D, 0.3);
    c->forward = sde_ou(2.0);
    for (int i = 0; i <= EM_STEPS; i++) c->t[i] = 2.0 - 1.9 * i / EM_STEPS;
    c->x = NEW_ARRAY(double, (long)PATHS *EM_D);
    r->unit = "path steps";
    r->counted = "a path step: the score as above, d normals, 2d operations";
    r->items = (double)PATHS * EM_STEPS;
    r->state = c;
    r->run = run_simulating;
    r->release = release_simulating;
    count_normals(r, r->items * EM_D);
    r->count[OPS] = r->items * (EM_K * (4 * EM_D + 5) + 2 * EM_D);
    r->count[EXPS] = r->items * EM_K;
}

/* ---- A step of an exact law on the line ------------------------------------------------- */

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
    gmm *p = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.0, 1.5}, 1,
                     (double[]){0.25, 0.64});
    c->data = target_mixture(p);
    gmm_free(p);
    c->forward = sde_ou(2.0);
    for (int i = 0; i <= LAW_STEPS; i++) c->t[i] = 2.0 - 1.9 * i / LAW_STEPS;
    run_propagating(c);
    r->unit = "law steps";
    r->counted = "a term of the band: 3 operations (one thread)";
    r->items = LAW_STEPS;
    r->state = c;
    r->run = run_propagating;
    r->release = release_propagating;
    /* law_density does not count its last step, which here is like the others. */
    r->count[OPS] = 3.0 * c->evaluations * LAW_STEPS / (LAW_STEPS - 1);
}

const row_maker BENCH_ROWS[] = {
    {"score N=1e6 K=4 d=2", score_4_2},
    {"score N=1e5 K=100 d=2", score_100_2},
    {"score N=2e4 K=2000 d=64 sd=.5", score_2000_64},
    {"score N=2e4 K=2000 d=64 sd=.05", score_2000_64_sharp},
    {"score N=2e4 K=2000 d=64 sd=4", score_2000_64_wide},
    {"score N=1e4 K=16 d=1024", score_16_1024},
    {"Philox normals", normals},
    {"reverse SDE, EM, 1e5 paths K=8 d=2", reverse_sde},
    {"1-D law, EM, two components", law_step},
};
const int BENCH_ROW_COUNT = LEN(BENCH_ROWS);
