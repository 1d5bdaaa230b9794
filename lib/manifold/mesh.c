/* Nodes and weights in the unit interval and the unit square. */
#include "manifold.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

/* The product of a rule on the line, `parts` parts of `points` nodes each, part after part; in the plane tile after
   tile. */
static mesh product(int d, int parts, int points, const double *x, const double *w)
{
    REQUIRE(d == 1 || d == 2);
    const int line = parts * points;
    const long n = d == 1 ? line : (long)line * line;
    mesh m = {d, n, NEW_ARRAY(double, n *d), NEW_ARRAY(double, n)};
    const int rows = d == 1 ? 1 : parts, inner = d == 1 ? 1 : points;
    long q = 0;
    for (int row = 0; row < rows; row++)
        for (int part = 0; part < parts; part++)
            for (int i = 0; i < inner; i++)
                for (int j = 0; j < points; j++, q++) {
                    const int last = part * points + j, first = row * points + i;
                    m.u[q * d + d - 1] = x[last];
                    m.w[q] = w[last];
                    if (d == 1) continue;
                    m.u[q * d] = x[first];
                    m.w[q] *= w[first];
                }
    return m;
}

/* Eight nodes a side: a tile is a block of a cloud. */
static int tile_of(int per_axis)
{
    int side = 8;
    while (per_axis % side != 0) side--;
    return side;
}

mesh mesh_midpoints(int d, int per_axis)
{
    REQUIRE(per_axis >= 1);
    double *x = NEW_ARRAY(double, 2L * per_axis), *w = x + per_axis;
    for (int i = 0; i < per_axis; i++) {
        x[i] = (i + 0.5) / per_axis;
        w[i] = 1.0 / per_axis;
    }
    const int tile = tile_of(per_axis);
    mesh m = product(d, per_axis / tile, tile, x, w);
    free(x);
    return m;
}

mesh mesh_legendre(int d, int panels, int points)
{
    REQUIRE(panels >= 1 && points >= 1);
    const long line = (long)panels * points;
    double *x = NEW_ARRAY(double, 2 * line), *w = x + line;
    for (long i = 0; i < panels; i++)
        quad_legendre(points, (double)i / panels, (double)(i + 1) / panels,
                      x + i * points, w + i * points);
    mesh m = product(d, panels, points, x, w);
    free(x);
    return m;
}

void mesh_free(mesh *m)
{
    free(m->u), free(m->w);
    m->u = m->w = NULL;
}

int mesh_panels(const generator *g, double m, double s2)
{
    REQUIRE(s2 > 0.0);
    return (int)fmax(1.0, ceil(2.0 * m * generator_largest(g).slope / sqrt(s2)));
}
