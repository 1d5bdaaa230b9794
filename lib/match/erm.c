/* The risk over the law of X_t of a class of fields with one parameter. */
#include "internal.h"

#include <math.h>

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

int match_class_limits(const noised *x, const match_class *c, match_limits *limits)
{
    enclosure best, least, var, mean[MATCH_RISKS];
    CHECK(match_class_minimiser(x, c, &best));
    double star = enclosure_mid(best);
    field s = c->at(&star);
    CHECK(match_esm(x, &s, &least));
    CHECK(match_esm_variance(x, &s, &var));
    CHECK(match_class_risk(x, c, star, mean));
    limits->sample_error = sqrt(2.0 / SC_PI * enclosure_mid(var));
    limits->empirical = enclosure_mid(least);
    limits->excess = enclosure_mid(mean[MATCH_SLOPE_SQUARE]) /
                     (2.0 * enclosure_mid(mean[MATCH_CURVATURE]));
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
