#include "manifold.h"

#include <math.h>
#include <stdlib.h>

/* Segments of an arc, the unit of search: each arc lies in a ball. */
enum { ARC = 32 };

/* Coordinates first: coordinate k of segment i at [k*padded + i], of arc a at [k*arcs + a]. The last arc is
   filled up with copies of the last segment. */
struct polyline {
    int d, arcs, padded; /* padded = arcs * ARC */
    double *from;        /* d x padded: first end of a segment */
    double *edge;        /* d x padded: second end less first */
    double *inverse;     /* padded: 1/|edge|^2 */
    double *centre;      /* d x arcs */
    double *radius;      /* arcs */
};

/* Segment from a to b in place i. */
static void set_segment(polyline *p, int i, const double *a, const double *b)
{
    double length2 = 0.0;
    for (long k = 0; k < p->d; k++) {
        p->from[k * p->padded + i] = a[k];
        p->edge[k * p->padded + i] = b[k] - a[k];
        length2 += (b[k] - a[k]) * (b[k] - a[k]);
    }
    REQUIRE(length2 > 0.0);
    p->inverse[i] = 1.0 / length2;
}

/* The ball around arc a, vertices x[0..segments]: centred between the two ends. */
static void set_ball(polyline *p, int a, int segments, const double *x)
{
    const double *last = x + (long)segments * p->d;
    for (int i = 0; i <= segments; i++) {
        double square = 0.0;
        for (long k = 0; k < p->d; k++) {
            double centre = 0.5 * (x[k] + last[k]),
                   gap = x[(long)i * p->d + k] - centre;
            p->centre[k * p->arcs + a] = centre;
            square += gap * gap;
        }
        p->radius[a] = fmax(p->radius[a], sqrt(square));
    }
}

polyline *polyline_new(int n, int d, const double *x)
{
    REQUIRE(n >= 2 && d >= 1);
    int arcs = (n - 2) / ARC + 1;
    polyline *p = NEW(polyline);
    *p = (polyline){.d = d, .arcs = arcs, .padded = arcs * ARC};
    p->from = NEW_ARRAY(double, (long)p->padded *d);
    p->edge = NEW_ARRAY(double, (long)p->padded *d);
    p->inverse = NEW_ARRAY(double, p->padded);
    p->centre = NEW_ARRAY(double, (long)arcs *d);
    p->radius = NEW_ARRAY(double, arcs);
    for (int i = 0; i < p->padded; i++) {
        const double *a = x + (long)(i < n - 1 ? i : n - 2) * d;
        set_segment(p, i, a, a + d);
    }
    for (int a = 0; a < arcs; a++) {
        int left = n - 1 - a * ARC;
        set_ball(p, a, left < ARC ? left : ARC, x + (long)a * ARC * d);
    }
    return p;
}

void polyline_free(polyline *p)
{
    if (p == NULL) return;
    free(p->radius), free(p->centre), free(p->inverse), free(p->edge), free(p->from);
    free(p);
}

/* gap[a] = |x - centre_a| - radius_a; returns the arc with the smallest. */
static int nearest_ball(const polyline *p, const double *x, double *gap)
{
    int arcs = p->arcs, nearest = 0;
    for (int a = 0; a < arcs; a++) gap[a] = 0.0;
    for (int k = 0; k < p->d; k++) {
        const double *c = p->centre + (long)k * arcs;
#pragma omp simd
        for (int a = 0; a < arcs; a++) gap[a] += (x[k] - c[a]) * (x[k] - c[a]);
    }
#pragma omp simd
    for (int a = 0; a < arcs; a++) gap[a] = sqrt(gap[a]) - p->radius[a];
    for (int a = 1; a < arcs; a++)
        if (gap[a] < gap[nearest]) nearest = a;
    return nearest;
}

/* min over the segments of arc a and 0 <= s <= 1 of |x - from - s edge|^2 */
static double arc_distance2(const polyline *p, int a, const double *x)
{
    double s[ARC] = {0.0}, square[ARC] = {0.0};
    const double *inverse = p->inverse + (long)a * ARC;
    for (int k = 0; k < p->d; k++) {
        const double *from = p->from + (long)k * p->padded + (long)a * ARC;
        const double *edge = p->edge + (long)k * p->padded + (long)a * ARC;
#pragma omp simd
        for (int i = 0; i < ARC; i++) s[i] += (x[k] - from[i]) * edge[i] * inverse[i];
    }
#pragma omp simd
    for (int i = 0; i < ARC; i++) {
        s[i] = s[i] > 0.0 ? s[i] : 0.0;
        s[i] = s[i] < 1.0 ? s[i] : 1.0;
    }
    for (int k = 0; k < p->d; k++) {
        const double *from = p->from + (long)k * p->padded + (long)a * ARC;
        const double *edge = p->edge + (long)k * p->padded + (long)a * ARC;
#pragma omp simd
        for (int i = 0; i < ARC; i++) {
            double gap = x[k] - from[i] - s[i] * edge[i];
            square[i] += gap * gap;
        }
    }
    double least = square[0];
    for (int i = 1; i < ARC; i++) least = square[i] < least ? square[i] : least;
    return least;
}

/* The arc with the nearest ball first, then only those whose ball is nearer than the best. */
static double point_distance2(const polyline *p, const double *x, double *gap)
{
    int nearest = nearest_ball(p, x, gap);
    double least = arc_distance2(p, nearest, x);
    for (int a = 0; a < p->arcs; a++)
        if (a != nearest && (gap[a] <= 0.0 || gap[a] * gap[a] < least))
            least = fmin(least, arc_distance2(p, a, x));
    return least;
}

void polyline_distance2(const polyline *p, long n, const double *x, int ldx, double *d2)
{
    REQUIRE(n >= 0 && ldx >= p->d);
#pragma omp parallel default(none) shared(p, n, x, ldx, d2) if (n > 256)
    {
        double *gap = NEW_ARRAY(double, p->arcs);
#pragma omp for schedule(dynamic, 256)
        for (long i = 0; i < n; i++) d2[i] = point_distance2(p, x + i * ldx, gap);
        free(gap);
    }
}

int polyline_dim(const polyline *p) { return p->d; }
