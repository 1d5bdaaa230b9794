/* Objectives for laws with an edge of their support, or fields with a jump. */
#include "match.h"

#include <math.h>

const edge_form EDGE_ISM = {1.0, 2.0, 0.0, 0.0}, EDGE_ESM = {1.0, 0.0, -2.0, 1.0},
                EDGE_FISHER = {0.0, 0.0, 0.0, 1.0};

static double density(const edge *e, double x) /* not normalised */
{
    return exp(-e->a * x - 0.5 * e->b * x * x);
}

static double shape(const edge *e, double x)
{
    return e->c0 + e->c1 * x + (x < 0.0 ? -e->jump : e->jump);
}

typedef struct {
    const edge *e;
    const edge_form *of; /* NULL: the mass */
    double theta;
} integral;

static double weigh(double x, const void *ctx)
{
    const integral *g = ctx;
    double p = density(g->e, x);
    if (g->of == NULL || p == 0.0) return p;
    double s = g->theta * shape(g->e, x), u = -g->e->a - g->e->b * x;
    return p * (g->of->ss * s * s + g->of->div * g->theta * g->e->c1 +
                g->of->su * s * u + g->of->uu * u * u);
}

/* Split at 0, where s may jump. */
static int total(const edge *e, const edge_form *of, double theta, enclosure *sum)
{
    integral g = {e, of, theta};
    double points[] = {e->lo, fmax(e->lo, 0.0), e->hi}, value, err;
    CHECK(quad_adaptive(weigh, &g, LEN(points), points, 0.0, 1e-13, &value, &err));
    *sum = enclosure_about(value, err);
    return SC_OK;
}

int edge_mean(const edge *e, edge_form of, double theta, enclosure *mean)
{
    enclosure sum, mass;
    CHECK(total(e, &of, theta, &sum));
    CHECK(total(e, NULL, 0.0, &mass));
    *mean = enclosure_div(sum, mass);
    return SC_OK;
}

/* From the values at -1, 0, 1. */
int edge_minimiser(const edge *e, edge_form of, enclosure *theta)
{
    enclosure left, middle, right;
    CHECK(edge_mean(e, of, -1.0, &left));
    CHECK(edge_mean(e, of, 0.0, &middle));
    CHECK(edge_mean(e, of, 1.0, &right));
    enclosure twice = enclosure_scale(middle, 2.0);
    enclosure bend = enclosure_sub(enclosure_add(left, right), twice);
    *theta = enclosure_div(enclosure_sub(left, right), enclosure_scale(bend, 2.0));
    return SC_OK;
}

int edge_boundary(const edge *e, double theta, double *value)
{
    enclosure mass;
    CHECK(total(e, NULL, 0.0, &mass));
    double flux = -2.0 * e->jump * density(e, 0.0);
    if (isfinite(e->hi)) flux += shape(e, e->hi) * density(e, e->hi);
    if (isfinite(e->lo)) flux -= shape(e, e->lo) * density(e, e->lo);
    *value = 2.0 * theta * flux / enclosure_mid(mass);
    return SC_OK;
}
