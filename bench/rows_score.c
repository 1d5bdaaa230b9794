/* Rows a: score and log-density of a mixture. */
#include "bench.h"

#include "gmm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* k components in R^d: weights, means and covariances (k x 1, d or d*d) as a peer is given them. */
typedef struct {
    gmm *p;
    double *w, *mu, *cov;
    long n;
    int d;
    double *x, *found; /* n x d; log p (n), then scores (n x d) */
} scoring;

static void run_scoring(void *state)
{
    const scoring *c = state;
    gmm_score(c->p, c->n, c->x, c->d, c->found, c->found + c->n, c->d);
}

static void release_scoring(void *state)
{
    scoring *c = state;
    gmm_free(c->p);
    free(c->w);
    free(c->x);
    free(c->found);
    free(c);
}

/* Entry (a, b) of a covariance about sd^2 I: u holds d normals. */
static double full_entry(int d, const double *u, int a, int b, double sd)
{
    return sd * sd * ((a == b ? 0.75 : 0.0) + 0.25 * u[a] * u[b] / d);
}

/* c->p: normal means, equal weights, covariances about sd^2 I. */
static void random_mixture(scoring *c, int k, gmm_shape shape, double sd)
{
    const int d = c->d;
    const long per = shape == GMM_ISOTROPIC  ? 1
                     : shape == GMM_DIAGONAL ? d
                                             : (long)d * d;
    c->w = NEW_ARRAY(double, k *(1 + d + per));
    c->mu = c->w + k;
    c->cov = c->mu + (long)k * d;
    double *u = NEW_ARRAY(double, (long)k *d);
    rng r = rng_at(rng_key_of(1, "bench means"), 0, 0);
    rng_normal(&r, (long)k * d, c->mu);
    rng_normal(&r, (long)k * d, u);
    for (long i = 0; i < k; i++) {
        double *cov = c->cov + i * per;
        c->w[i] = 1.0;
        if (shape == GMM_ISOTROPIC) cov[0] = sd * sd;
        for (int a = 0; a < d && shape != GMM_ISOTROPIC; a++)
            if (shape == GMM_DIAGONAL)
                cov[a] = sd * sd * (0.75 + 0.25 * fmin(fabs(u[i * d + a]), 2.0));
            else
                for (int b = 0; b < d; b++)
                    cov[a * d + b] = full_entry(d, u + i * d, a, b, sd);
    }
    free(u);
    if (shape == GMM_ISOTROPIC) c->p = gmm_new(k, d, c->w, c->mu, d, c->cov);
    if (shape == GMM_DIAGONAL) c->p = gmm_new_diagonal(k, d, c->w, c->mu, d, c->cov, d);
    if (shape == GMM_FULL)
        REQUIRE(gmm_new_full(k, d, c->w, c->mu, d, c->cov, &c->p) == SC_OK);
}

/* Points drawn from the mixture. */
static void make_scoring(row *r, long n, int k, int d, gmm_shape shape, double sd)
{
    static const char *const COVARIANCE[] = {"isotropic", "diagonal", "full"};
    scoring *c = NEW(scoring);
    *c = (scoring){.n = n, .d = d};
    random_mixture(c, k, shape, sd);
    c->x = NEW_ARRAY(double, n *d);
    c->found = NEW_ARRAY(double, n *(1 + d));
    gmm_sample(c->p, rng_key_of(1, "bench points"), 0, n, c->x, d);
    r->unit = "points";
    r->items = (double)n;
    r->state = c;
    r->run = run_scoring;
    r->release = release_scoring;
    r->count[BYTES] =
        8.0 * (double)n * (2 * d + 1); /* x read, score and log p written */
    const long per = shape == GMM_ISOTROPIC  ? 1
                     : shape == GMM_DIAGONAL ? d
                                             : (long)d * d;
    r->peer = (same_work){.group = "score",
                          .of = {{"x", n, d, c->x},
                                 {"weights", k, 1, c->w},
                                 {"means", k, d, c->mu},
                                 {COVARIANCE[shape], k, per, c->cov}},
                          .results = n * (1 + d),
                          .result = c->found,
                          .tolerance = 1e-12};
}

/* Operations a point and component: of the logit, and of what it adds to the score. */
static double logit_operations(int d, gmm_shape shape)
{
    const double whiten = d + 0.5 * d * (d + 1);
    return shape == GMM_ISOTROPIC  ? 2 * d + 2
           : shape == GMM_DIAGONAL ? 3 * d + 2
                                   : whiten + d + 2;
}

static double pull_operations(int d, gmm_shape shape)
{
    const double whiten = d + 0.5 * d * (d + 1), pull = 0.5 * d * (d + 1);
    return shape == GMM_ISOTROPIC  ? 2 * d + 3
           : shape == GMM_DIAGONAL ? 3 * d + 2
                                   : whiten + pull + d + 2;
}

/* Low dimension: every component counts. */
static void make_low(row *r, long n, int k, int d, gmm_shape shape)
{
    make_scoring(r, n, k, d, shape, 0.5);
    r->count[OPS] =
        r->items * k * (logit_operations(d, shape) + pull_operations(d, shape));
    r->count[EXPS] = r->items * k;
    r->counted =
        "a point and component: logit, maximum, 1 exp2, weighted pull (isotropic 4d + "
        "5 operations, diagonal 6d "
        "+ 4, full d^2 + d + d(d+1)/2 + 3d + 4); a point: 2d + 1 numbers moved";
}

/* High dimension, where one component dominates at almost every point: isotropic, single precision tells which. */
static void make_high(row *r, long n, int k, int d, gmm_shape shape, double sd)
{
    make_scoring(r, n, k, d, shape, sd);
    const double logit = logit_operations(d, shape), pull = pull_operations(d, shape);
    if (shape == GMM_ISOTROPIC) {
        r->count[SINGLES] = r->items * k * (d + 4.0);
        r->count[OPS] = r->items * (logit + pull);
    } else {
        r->count[OPS] = r->items * (k * logit + pull);
        r->count[EXPS] = r->items * k;
    }
    r->counted = "a point and component: isotropic d + 4 operations in single "
                 "precision (screening) "
                 "and 4d + 5 for one component, diagonal 3d + 2, full d(d+1)/2 + 2d + "
                 "2; a point: 2d + 1 "
                 "numbers moved";
}

static void a1(row *r) { make_low(r, 1000000, 4, 2, GMM_ISOTROPIC); }
static void a1_diagonal(row *r) { make_low(r, 1000000, 4, 2, GMM_DIAGONAL); }
static void a1_full(row *r) { make_low(r, 1000000, 4, 2, GMM_FULL); }
static void a2(row *r) { make_low(r, 100000, 100, 2, GMM_ISOTROPIC); }
static void a2_diagonal(row *r) { make_low(r, 100000, 100, 2, GMM_DIAGONAL); }
static void a2_full(row *r) { make_low(r, 100000, 100, 2, GMM_FULL); }
static void a3(row *r) { make_high(r, 20000, 2000, 64, GMM_ISOTROPIC, 0.5); }
static void a3_sharp(row *r) { make_high(r, 20000, 2000, 64, GMM_ISOTROPIC, 0.05); }
static void a3_diagonal(row *r) { make_high(r, 20000, 200, 64, GMM_DIAGONAL, 0.5); }
static void a3_full(row *r) { make_high(r, 20000, 50, 64, GMM_FULL, 0.5); }
static void a4(row *r) { make_high(r, 10000, 16, 1024, GMM_ISOTROPIC, 0.5); }
static void a4_diagonal(row *r) { make_high(r, 10000, 16, 1024, GMM_DIAGONAL, 0.5); }

/* Every component counts: a second product, and an exponential each. */
static void a3_wide(row *r)
{
    make_scoring(r, 20000, 2000, 64, GMM_ISOTROPIC, 4.0);
    r->count[OPS] = r->items * 2000 * (2 * 64 + 8);
    r->count[EXPS] = r->items * 2000;
    r->counted = "a point and component: 2d + 8 operations (two products), 1 exp2";
}

const row_maker SCORE_ROWS[] = {
    {"a1 score N=1e6 K=4 d=2", a1},
    {"a1 diagonal", a1_diagonal},
    {"a1 full", a1_full},
    {"a2 score N=1e5 K=100 d=2", a2},
    {"a2 diagonal", a2_diagonal},
    {"a2 full", a2_full},
    {"a3 score N=2e4 K=2000 d=64 sd=.5", a3},
    {"a3 sd=.05", a3_sharp},
    {"a3 sd=4", a3_wide},
    {"a3 diagonal, K=200", a3_diagonal},
    {"a3 full, K=50", a3_full},
    {"a4 score N=1e4 K=16 d=1024", a4},
    {"a4 diagonal", a4_diagonal},
};
const int SCORE_ROW_COUNT = LEN(SCORE_ROWS);
