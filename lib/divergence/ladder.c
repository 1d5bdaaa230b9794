/* The errors of a chain, or of Euler's scheme, on ever finer uniform grids. */
#include "divergence.h"
#include "timegrid.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

/* The distances after so many steps of something. */
typedef int level(const void *ctx, int steps, distances *d);

/* The finest level costs about as much as all the others: it comes first. */
static int climb(level *f, const void *ctx, ladder *l)
{
    ladder out = *l;
    int status[LADDER_LEVELS] = {SC_OK};
#pragma omp parallel for default(none) shared(f, ctx, out, status) schedule(dynamic)
    for (int i = out.levels - 1; i >= 0; i--) {
        distances d = {0};
        status[i] = f(ctx, out.steps[i], &d);
        out.kl[i] = d.kl;
        out.tv[i] = d.tv;
        out.w2[i] = d.w2;
    }
    for (int i = 0; i < out.levels; i++) CHECK(status[i]);
    *l = out;
    return SC_OK;
}

static ladder rungs(double T, int first, int factor, int levels)
{
    REQUIRE(first >= 1 && factor >= 2 && 1 <= levels && levels <= LADDER_LEVELS);
    ladder l = {.levels = levels};
    for (int i = 0, steps = first; i < levels; i++, steps *= factor) {
        l.steps[i] = steps;
        l.h[i] = T / steps;
    }
    return l;
}

typedef struct {
    const chain *c;
    double shift; /* of timegrid_shifted; 0: uniform */
} chain_problem;

static int chain_level(const void *ctx, int steps, distances *d)
{
    const chain_problem *p = ctx;
    chain c = *p->c;
    double *t = NEW_ARRAY(double, steps + 1L);
    if (p->shift > 0.0)
        timegrid_shifted(c.forward->T, p->shift, steps, t);
    else
        timegrid_uniform(c.forward->T, 0.0, steps, t);
    c.steps = steps;
    c.t = t;
    int status = divergence_chain(&c, NULL, d);
    free(t);
    return status;
}

int divergence_ladder_shifted(const chain *c, double shift, int first, int factor,
                              int levels, ladder *l)
{
    const chain_problem p = {c, shift};
    ladder out = rungs(c->forward->T, first, factor, levels);
    CHECK(climb(chain_level, &p, &out));
    *l = out;
    return SC_OK;
}

int divergence_ladder(const chain *c, int first, int factor, int levels, ladder *l)
{
    return divergence_ladder_shifted(c, 0.0, first, factor, levels, l);
}

static int horizon_level(const void *ctx, int steps, distances *d)
{
    const horizon_chain *p = ctx;
    const sde e = p->forward((double)steps / p->per_unit);
    const start noise = {START_NORMAL, 0.0, sde_prior_var(&e)};
    double *t = NEW_ARRAY(double, steps + 1L);
    chain c =
        chain_uniform(p->data, &e, p->scheme, p->noise ? noise : START_EXACT, steps, t);
    c.kept = p->kept;
    int status =
        p->noise ? divergence_same_start(&c, d) : divergence_chain(&c, p->rules, d);
    free(t);
    return status;
}

int divergence_horizons(const horizon_chain *c, int levels, ladder *l)
{
    ladder out = rungs(1.0, c->per_unit, 2, levels);
    for (int i = 0; i < levels; i++) out.h[i] = 1.0 / c->per_unit;
    CHECK(climb(horizon_level, c, &out));
    *l = out;
    return SC_OK;
}

/* error > eps after few steps, error/eps = ratio there, and not after many. */
typedef struct {
    int few, many;
    double ratio;
} bracket;

static int try_steps(divergence_error *f, const void *ctx, int steps, double eps,
                     bracket *b)
{
    enclosure error;
    CHECK(f(ctx, steps, &error));
    if (error.hi <= eps) {
        b->many = steps;
        return SC_OK;
    }
    if (!(error.lo > eps)) return SC_EACCURACY;
    b->few = steps;
    b->ratio = enclosure_mid(error) / eps;
    return SC_OK;
}

/* Between few and many where that order would have it, in the middle after a few tries. */
int divergence_least(divergence_error *f, const void *ctx, double order, double eps,
                     int *steps)
{
    enum { TRIES = 6 };
    bracket b = {0, INT_MAX, 1.0};
    REQUIRE(order > 0.0 && eps > 0.0);
    for (int next = 1; b.many == INT_MAX; next *= 2) {
        if (next > INT_MAX / 2) return SC_ECONVERGENCE;
        CHECK(try_steps(f, ctx, next, eps, &b));
    }
    for (int i = 0; b.many - b.few > 1; i++) {
        double guess = i < TRIES ? ceil(b.few * pow(b.ratio, 1.0 / order))
                                 : floor(0.5 * (b.few + (double)b.many));
        int next = (int)fmin(fmax(guess, b.few + 1.0), b.many - 1.0);
        CHECK(try_steps(f, ctx, next, eps, &b));
    }
    *steps = b.many;
    return SC_OK;
}

static int tv_after(const void *ctx, int steps, enclosure *tv)
{
    distances d;
    CHECK(chain_level(&(chain_problem){ctx, 0.0}, steps, &d));
    *tv = d.tv;
    return SC_OK;
}

int divergence_least_steps(const chain *c, double eps, int *steps)
{
    return divergence_least(tv_after, c, 1.0, eps, steps);
}

typedef struct {
    const euler_scheme *c;
    const reference *r;
} euler_problem;

static int euler_level(const void *ctx, int steps, distances *d)
{
    const euler_problem *p = ctx;
    euler_scheme c = *p->c;
    c.steps = steps;
    return divergence_euler(&c, p->r, d);
}

int divergence_euler_ladder(const euler_scheme *c, const reference *r, int first,
                            int factor, int levels, ladder *l)
{
    const euler_problem p = {c, r};
    ladder out = rungs(c->T, first, factor, levels);
    CHECK(climb(euler_level, &p, &out));
    *l = out;
    return SC_OK;
}
