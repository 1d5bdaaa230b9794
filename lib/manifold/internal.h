#ifndef SC_MANIFOLD_INTERNAL_H
#define SC_MANIFOLD_INTERNAL_H

#include "manifold.h"

/* Coordinates first: coordinate k of point q at c[k*padded + q], of block b's ball at centre[k*blocks + b]. The last
   block is filled up with copies of the last point, of weight 0. */
struct cloud {
    int D;
    long n, blocks, padded;                  /* padded = blocks CLOUD_BLOCK */
    double *c;                               /* D x padded */
    double *w;                               /* padded */
    double *centre;                          /* D x blocks */
    double *radius;                          /* blocks */
    double lo[GENERATOR_D], hi[GENERATOR_D]; /* of the points */
    double norm;
};

/* d2[i] = |y - m c_q|^2 for the points q of block b; the least. */
double cloud_block_distance2(const cloud_law *l, long b, const double *y,
                             double d2[CLOUD_BLOCK]);

#endif
