#include "manifold.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

polyline *polyline_of(const generator *g, double m, int n)
{
    REQUIRE(g->d == 1 && n >= 2);
    double *u = NEW_ARRAY(double, n), *x = NEW_ARRAY(double, (long)n * g->D);
    for (int i = 0; i < n; i++) u[i] = i / (n - 1.0);
    generator_eval(g, n, u, x, NULL);
    for (long i = 0; i < (long)n * g->D; i++) x[i] *= m;
    polyline *p = polyline_new(n, g->D, x);
    free(u);
    free(x);
    return p;
}

typedef struct {
    const polyline *p;
    const double *from, *direction;
    double R;
} ray;

static double beyond(double r, const void *ctx)
{
    const ray *c = ctx;
    const int d = polyline_dim(c->p);
    double y[GENERATOR_D], d2;
    for (int j = 0; j < d; j++) y[j] = c->from[j] + r * c->direction[j];
    polyline_distance2(c->p, 1, y, d, &d2);
    return sqrt(d2) - c->R;
}

/* The farthest vertex is not farther than R + its distance. */
int polyline_exit(const polyline *p, const double *from, const double *direction,
                  double R, double *y)
{
    const int d = polyline_dim(p);
    REQUIRE(d <= GENERATOR_D && R > 0.0);
    const ray c = {p, from, direction, R};
    double r, far = 2.0 * R;
    while (beyond(far, &c) <= 0.0) far *= 2.0;
    CHECK(quad_root(beyond, &c, 0.0, far, &r));
    for (int j = 0; j < d; j++) y[j] = from[j] + r * direction[j];
    return SC_OK;
}
