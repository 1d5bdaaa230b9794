/* neighbour -- the nearest points of a set.  Floor 1. */
#ifndef SC_NEIGHBOUR_H
#define SC_NEIGHBOUR_H

#include "base.h"

typedef struct neighbour_set neighbour_set;

/* n >= 2 points of R^d, n x d row-major, borrowed. */
neighbour_set *neighbour_new(int n, int d, const double *x);
void neighbour_free(neighbour_set *set);

/* Of a point z: the nearest x_first at distance d1, the next x_second at d2 >= d1; of equally near ones
   the first in the set. */
typedef struct {
    int first, second;
    double d1, d2;
} neighbour;

/* near[j], j < count, of the point at z + j*d. Screened by |x|^2 - 2 x.z, which cancels; every x_i that
   the rounding of this leaves in question is then measured by its difference from z, so that d1 and d2
   are exact up to rounding. Serial. */
void neighbour_two(const neighbour_set *set, long count, const double *z,
                   neighbour *near);
/* z copies a point of the set: d1 < d2/3. Has probability about 3^-d for z independent of the set, both
   from a locally uniform density: the fraction of a ball of radius d2 within d2/3 of its centre. */
bool neighbour_is_copy(neighbour near);

#endif
