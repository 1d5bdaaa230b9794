/* Empirical risk minimisation over a class of fields with one parameter. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* ---- Over the law of X_t ------------------------------------------------------------------- */

typedef struct {
    const match_class *c;
    double theta;
    int part; /* of MATCH_RISKS */
} risk_part;

static void evaluate(const void *ctx, int n, const double *x, double *y)
{
    const risk_part *r = ctx;
    for (int i = 0; i < n; i++) {
        match_jet l = r->c->jet(r->theta, x[i]);
        const double part[MATCH_RISKS] = {l.loss, l.slope, l.curvature,
                                          l.slope * l.slope};
        y[i] = part[r->part];
    }
}

static int part_of(const noised *x, const match_class *c, double theta, int part,
                   enclosure *mean)
{
    risk_part r = {c, theta, part};
    return match_law_mean(x, evaluate, &r, mean);
}

int match_class_risk(const noised *x, const match_class *c, double theta,
                     enclosure mean[MATCH_RISKS])
{
    enclosure all[MATCH_RISKS];
    for (int k = 0; k < MATCH_RISKS; k++) CHECK(part_of(x, c, theta, k, &all[k]));
    for (int k = 0; k < MATCH_RISKS; k++) mean[k] = all[k];
    return SC_OK;
}

typedef struct {
    const noised *x;
    const match_class *c;
} population;

static double slope_at(double theta, const void *ctx)
{
    const population *p = ctx;
    enclosure slope;
    if (part_of(p->x, p->c, theta, MATCH_SLOPE, &slope) != SC_OK) return (double)NAN;
    return enclosure_mid(slope);
}

/* How far the root of the slope near theta may be: the curvature hardly changes so close to it. */
static int root_error(const noised *x, const match_class *c, double theta,
                      double *error)
{
    enclosure slope, curvature;
    CHECK(part_of(x, c, theta, MATCH_SLOPE, &slope));
    CHECK(part_of(x, c, theta, MATCH_CURVATURE, &curvature));
    if (!(curvature.lo > 0.0)) return SC_ECONVERGENCE;
    double farthest = fmax(fabs(slope.lo), fabs(slope.hi));
    *error = 2.0 * farthest / curvature.lo + 1e-15 * fabs(theta);
    return SC_OK;
}

int match_class_minimiser(const noised *x, const match_class *c, enclosure *theta)
{
    population p = {x, c};
    enclosure lo, hi;
    REQUIRE(c->lo < c->hi);
    CHECK(part_of(x, c, c->lo, MATCH_SLOPE, &lo));
    CHECK(part_of(x, c, c->hi, MATCH_SLOPE, &hi));
    if (lo.lo > 0.0 || hi.hi < 0.0) {
        *theta = enclosure_exact(lo.lo > 0.0 ? c->lo : c->hi);
        return SC_OK;
    }
    double root, error;
    CHECK(quad_root(slope_at, &p, c->lo, c->hi, &root));
    CHECK(root_error(x, c, root, &error));
    *theta = enclosure_about(root, error);
    return SC_OK;
}

/* ---- The split -------------------------------------------------------------------------------- */

typedef struct {
    const field *a, *b;
} field_pair;

static void squared_distance(const void *ctx, int n, const double *x, double *y)
{
    const field_pair *p = ctx;
    double a[QUAD_NODES], b[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    p->a->eval(p->a->ctx, n, 1, x, 1, a, 1);
    p->b->eval(p->b->ctx, n, 1, x, 1, b, 1);
    for (int i = 0; i < n; i++) y[i] = (a[i] - b[i]) * (a[i] - b[i]);
}

int match_distance(const noised *x, const field *a, const field *b, enclosure *J)
{
    field_pair p = {a, b};
    return match_law_mean(x, squared_distance, &p, J);
}

int match_split_at(const noised *x, const field *s, const field *best,
                   match_split *split)
{
    match_split all;
    CHECK(match_esm(x, s, &all.risk));
    CHECK(match_distance(x, s, best, &all.estimation));
    CHECK(match_esm(x, best, &all.approximation));
    *split = all;
    return SC_OK;
}

/* ---- Over samples ------------------------------------------------------------------------------- */

/* Bisects where Newton's step leaves the bracket [lo, hi] of the root of the slope. */
int match_class_fit(const match_class *c, long n, const double *x, double near,
                    double *theta)
{
    enum { MAX_ITERATIONS = 100 };
    double lo = c->lo, hi = c->hi, at = near;
    REQUIRE(n > 0 && lo <= near && near <= hi);
    for (int i = 0; i < MAX_ITERATIONS; i++) {
        double slope = 0.0, curvature = 0.0;
        for (long j = 0; j < n; j++) {
            match_jet l = c->jet(at, x[j]);
            slope += l.slope;
            curvature += l.curvature;
        }
        if (slope > 0.0)
            hi = at;
        else
            lo = at;
        double next = at - slope / curvature;
        bool newton = curvature > 0.0 && lo <= next && next <= hi;
        if (newton && fabs(next - at) <= 1e-7 * (1.0 + fabs(at))) {
            *theta = next;
            return SC_OK;
        }
        at = newton ? next : 0.5 * (lo + hi);
    }
    return SC_ECONVERGENCE;
}

/* n draws of X_t, replicates first .. of the data and of stream 1. */
static void draw(const noised *x, rng_key key, uint64_t first, long n, double *xt)
{
    double *z = NEW_ARRAY(double, n);
    target_sample(x->data, key, first, n, xt);
    rng_normal_rows(key, first, 1, 0, n, 1, z, 1);
    for (long i = 0; i < n; i++) xt[i] = x->m * xt[i] + sqrt(x->s2) * z[i];
    free(z);
}

/* work: 2n numbers. */
static int replicate(const noised *x, const match_class *c, double near, long n,
                     const double *xt, double *work, match_fit *fit)
{
    enclosure risk;
    double theta, *u = work, *s = work + n, sum = 0.0;
    CHECK(match_class_fit(c, n, xt, near, &theta));
    field of = c->at(&theta);
    CHECK(match_esm(x, &of, &risk));
    target_score(x->data, x->m, x->s2, n, xt, NULL, u, NULL);
    of.eval(of.ctx, n, 1, xt, 1, s, 1);
    for (long i = 0; i < n; i++) sum += (s[i] - u[i]) * (s[i] - u[i]);
    *fit = (match_fit){theta, enclosure_mid(risk), sum / (double)n};
    return SC_OK;
}

int match_class_replicates(const noised *x, const match_class *c, double near,
                           rng_key key, long n, int replicates, match_fit *fit)
{
    int status = SC_OK;
#pragma omp parallel default(none) shared(x, c, near, key, n, replicates, fit, status)
    {
        double *xt = NEW_ARRAY(double, 3 * n);
#pragma omp for schedule(dynamic)
        for (int r = 0; r < replicates; r++) {
            draw(x, key, (uint64_t)r * (uint64_t)n, n, xt);
            int end = replicate(x, c, near, n, xt, xt + n, &fit[r]);
#pragma omp critical(match_class_replicates)
            if (end < status) status = end;
        }
        free(xt);
    }
    return status;
}
