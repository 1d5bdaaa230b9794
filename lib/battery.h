/* battery -- random linear cases on which the bounds of chapter convergence are tried.
 * Floor 3.
 *
 * A case is VP(bmin, bmax) on [0, T] from N(0, 1), data N(m0, v0) and the score
 * (1 + a) grad log p_t + c, drawn from
 *
 *     T ~ U(0.3, 4),   bmin = 10^U(-2, 0),   bmax = min(30, bmin 10^U(0, 2)),
 *     m0 ~ N(0, 4),    v0 = 10^U(-1.5, 0.8),
 *     a ~ N(0, 0.09) with probability 1/2, else 0;  c likewise and independently.
 */
#ifndef SC_BATTERY_H
#define SC_BATTERY_H

#include "law.h"

enum { BATTERY_CASES = 4000 };

/* Case i is replicate i of the key. */
linear_case battery_case(rng_key key, uint64_t i);

#endif
