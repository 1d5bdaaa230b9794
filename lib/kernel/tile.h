/* What the kernels share: tiles of points, one a lane, and sums by lanes. */
#ifndef SC_KERNEL_TILE_H
#define SC_KERNEL_TILE_H

#include "kernel.h"
#include "kernel/math.h"

#define INLINE static inline __attribute__((always_inline))

enum { TILE = KERNEL_TILE };

/* The loop over the lanes of a tile: the vector loop. */
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define EACH_LANE(e) _Pragma("omp simd") for (int e = 0; e < TILE; e++)

static const double HALF_LOG2E = 0.72134752044448170368; /* log2(e)/2 */
static const double LN2 = 0.69314718055994530942;

/* ((p0 + p4) + (p2 + p6)) + ((p1 + p5) + (p3 + p7)): eight lanes of a sum, in this order on every instruction set. */
INLINE double sum_of_eight(const double *p)
{
    return ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));
}

/* log sum_i 2^{l_i} from top = max l and sum = sum_i 2^{l_i - top}; NaN if sum is. */
INLINE double log_sum(double top, double sum)
{
    return fma(LN2, top, simd_log(sum)) + (sum - sum);
}

/* Numbers a covariance takes in `prec`. */
INLINE long precision_size(int d, int shape)
{
    return shape == KERNEL_ISOTROPIC ? 1 : shape == KERNEL_DIAGONAL ? d : (long)d * d;
}

#endif
