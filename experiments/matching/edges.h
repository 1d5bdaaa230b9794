/* Laws on the line with an edge of their support, or fields with a jump: where integration by parts
 * leaves a boundary term. Used by implicit_score_matching. */
#ifndef MATCHING_EDGES_H
#define MATCHING_EDGES_H

#include "enclosure.h"
#include "quad.h"
#include "xp.h"

#include <math.h>

/* p prop. to exp(-a x - b x^2/2) on [lo, hi], score -a - b x; the field is s = theta r with
   r = c0 + c1 x + jump sign(x). */
typedef struct {
    const char *name;
    double lo, hi, a, b;
    double c0, c1, jump;
} edge;

static const edge EDGES[] = {
    {"Exp(1)", 0.0, INFINITY, 1.0, 0.0, -1.0, 0.0, 0.0},
    {"U(0,1)", 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0},
    {"N(0,1) on [-1,2]", -1.0, 2.0, 0.0, 1.0, 0.0, -1.0, 0.0},
    {"N(0,1) and sign", -INFINITY, INFINITY, 0.0, 1.0, 0.0, 0.0, -1.0},
};

static inline double edge_mass(const edge *e, double x)
{
    return exp(-e->a * x - 0.5 * e->b * x * x);
}

static inline double edge_field(const edge *e, double x)
{
    return e->c0 + e->c1 * x + (x < 0.0 ? -e->jump : e->jump);
}

/* E[ss s^2 + div s' + su s u + uu u^2] */
typedef struct {
    double ss, div, su, uu;
} quadratic;
static const quadratic ISM = {1.0, 2.0, 0.0, 0.0}, ESM = {1.0, 0.0, -2.0, 1.0};
static const quadratic FISHER = {0.0, 0.0, 0.0, 1.0};

typedef struct {
    const edge *e;
    const quadratic *of; /* NULL: the mass */
    double theta;
} edge_integral;

static inline double edge_weigh(double x, const void *ctx)
{
    const edge_integral *g = ctx;
    double mass = edge_mass(g->e, x);
    if (g->of == NULL || mass == 0.0) return mass;
    double s = g->theta * edge_field(g->e, x), u = -g->e->a - g->e->b * x;
    return mass * (g->of->ss * s * s + g->of->div * g->theta * g->e->c1 +
                   g->of->su * s * u + g->of->uu * u * u);
}

/* Split at 0, where s may jump. */
static inline enclosure edge_total(const edge *e, const quadratic *of, double theta)
{
    edge_integral g = {e, of, theta};
    double points[] = {e->lo, fmax(e->lo, 0.0), e->hi}, value, err;
    TRY(quad_adaptive(edge_weigh, &g, LEN(points), points, 0.0, 1e-13, &value, &err));
    return enclosure_about(value, err);
}

static inline enclosure edge_mean(const edge *e, quadratic of, double theta)
{
    return enclosure_div(edge_total(e, &of, theta), edge_total(e, NULL, 0.0));
}

/* The parabola's minimiser from its values at -1, 0, 1. */
static inline enclosure edge_minimiser(const edge *e, quadratic of)
{
    enclosure left = edge_mean(e, of, -1.0), right = edge_mean(e, of, 1.0);
    enclosure twice = enclosure_scale(edge_mean(e, of, 0.0), 2.0);
    enclosure bend = enclosure_sub(enclosure_add(left, right), twice);
    return enclosure_div(enclosure_sub(left, right), enclosure_scale(bend, 2.0));
}

/* 2[s p]_lo^hi - 2 p(0){s(0+) - s(0-)} */
static inline double edge_boundary(const edge *e, double theta)
{
    double flux = -2.0 * e->jump * edge_mass(e, 0.0);
    if (isfinite(e->hi)) flux += edge_field(e, e->hi) * edge_mass(e, e->hi);
    if (isfinite(e->lo)) flux -= edge_field(e, e->lo) * edge_mass(e, e->lo);
    return 2.0 * theta * flux / enclosure_mid(edge_total(e, NULL, 0.0));
}

#endif
