#include "manifold.h"

#include <math.h>
#include <stdlib.h>

/* Segments of an arc: arcs are the unit of search, each in a ball. */
enum { ARC = 32 };

struct polyline {
    int d, segments, arcs;
    double *from;    /* segments x d: first end */
    double *edge;    /* segments x d: second end less first */
    double *inverse; /* segments: 1/|edge|^2 */
    double *centre;  /* arcs x d */
    double *radius;  /* arcs */
};

static double distance2(int d, const double *x, const double *y)
{
    double sum = 0.0;
    for (int k = 0; k < d; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
    return sum;
}

/* The ball around arc a: centred between the ends of the arc. */
static void enclose_arc(polyline *p, int a, const double *x)
{
    int d = p->d, first = a * ARC, last = first + ARC;
    if (last > p->segments) last = p->segments;
    double *centre = p->centre + (long)a * d;
    for (int k = 0; k < d; k++)
        centre[k] = 0.5 * (x[(long)first * d + k] + x[(long)last * d + k]);
    for (long i = first; i <= last; i++)
        p->radius[a] = fmax(p->radius[a], sqrt(distance2(d, x + i * d, centre)));
}

polyline *polyline_new(int n, int d, const double *x)
{
    REQUIRE(n >= 2 && d >= 1);
    polyline *p = NEW(polyline);
    *p = (polyline){.d = d, .segments = n - 1, .arcs = (n - 2) / ARC + 1};
    p->from = NEW_ARRAY(double, (long)p->segments *d);
    p->edge = NEW_ARRAY(double, (long)p->segments *d);
    p->inverse = NEW_ARRAY(double, p->segments);
    p->centre = NEW_ARRAY(double, (long)p->arcs *d);
    p->radius = NEW_ARRAY(double, p->arcs);
    for (long i = 0; i < p->segments; i++) {
        double length2 = distance2(d, x + i * d, x + (i + 1) * d);
        REQUIRE(length2 > 0.0);
        p->inverse[i] = 1.0 / length2;
        for (int k = 0; k < d; k++) {
            p->from[i * d + k] = x[i * d + k];
            p->edge[i * d + k] = x[(i + 1) * d + k] - x[i * d + k];
        }
    }
    for (int a = 0; a < p->arcs; a++) enclose_arc(p, a, x);
    return p;
}

void polyline_free(polyline *p)
{
    if (p == NULL) return;
    free(p->radius), free(p->centre), free(p->inverse), free(p->edge), free(p->from);
    free(p);
}

/* min over 0 <= s <= 1 of |x - from - s edge|^2 */
static double segment_distance2(const polyline *p, long i, const double *x)
{
    int d = p->d;
    const double *from = p->from + i * d, *edge = p->edge + i * d;
    double along = 0.0, sum = 0.0;
    for (int k = 0; k < d; k++) along += (x[k] - from[k]) * edge[k];
    double s = fmin(1.0, fmax(0.0, along * p->inverse[i]));
    for (int k = 0; k < d; k++) {
        double gap = x[k] - from[k] - s * edge[k];
        sum += gap * gap;
    }
    return sum;
}

static double arc_distance2(const polyline *p, int a, const double *x)
{
    double least = (double)INFINITY;
    int last = (a + 1) * ARC < p->segments ? (a + 1) * ARC : p->segments;
    for (int i = a * ARC; i < last; i++)
        least = fmin(least, segment_distance2(p, i, x));
    return least;
}

/* The arc with the nearest ball first, then only those whose ball is nearer than the best. */
static double point_distance2(const polyline *p, const double *x, double *gap)
{
    int nearest = 0;
    for (int a = 0; a < p->arcs; a++) {
        gap[a] = sqrt(distance2(p->d, x, p->centre + (long)a * p->d)) - p->radius[a];
        if (gap[a] < gap[nearest]) nearest = a;
    }
    double least = arc_distance2(p, nearest, x);
    for (int a = 0; a < p->arcs; a++)
        if (a != nearest && (gap[a] <= 0.0 || gap[a] * gap[a] < least))
            least = fmin(least, arc_distance2(p, a, x));
    return least;
}

void polyline_distance2(const polyline *p, long n, const double *x, int ldx, double *d2)
{
    REQUIRE(n >= 0 && ldx >= p->d);
#pragma omp parallel default(none) shared(p, n, x, ldx, d2)
    {
        double *gap = NEW_ARRAY(double, p->arcs);
#pragma omp for schedule(dynamic, 256)
        for (long i = 0; i < n; i++) d2[i] = point_distance2(p, x + i * ldx, gap);
        free(gap);
    }
}
