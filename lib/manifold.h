/* manifold -- sets of low dimension in R^d.  Floor 1.
 *
 * A polyline is the union of the segments x_0 x_1, x_1 x_2, .. of R^d. */
#ifndef SC_MANIFOLD_H
#define SC_MANIFOLD_H

#include "base.h"

typedef struct polyline polyline;

/* n >= 2 vertices, n x d row-major, neighbours distinct; copied. */
polyline *polyline_new(int n, int d, const double *x);
void polyline_free(polyline *p);
/* d2[i] = squared distance of point i, at x + i*ldx, to the polyline; ldx >= d. Exact up to rounding: the
   segments, not only the vertices. Parallel. */
void polyline_distance2(const polyline *p, long n, const double *x, int ldx,
                        double *d2);

#endif
