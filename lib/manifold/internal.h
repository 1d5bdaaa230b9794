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

/* K is left out below e^-50 of the largest: |y - m c|^2 more than CLOUD_REACH s2 above the least. */
#define CLOUD_REACH 100.0

/* gap[b] = distance of y from the ball of block b, at least 0; returns the block whose ball is the nearest. */
long cloud_nearest_block(const cloud_law *l, const double *y, double *gap);
/* d2[i] = |y - m c_q|^2 for the points q of block b; the least. */
double cloud_block_distance2(const cloud_law *l, long b, const double *y,
                             double d2[CLOUD_BLOCK]);

#endif
