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

enum { BATTERY_CASES = 4000, BATTERY_MAX_BOUNDS = 8, BATTERY_WHERE = 128 };

/* Case i is replicate i of the key. */
linear_case battery_case(rng_key key, uint64_t i);

/* Measures one case, and the bounds > 0 it is held against; a bound that does not apply to it
   is NaN. Called from several threads. */
typedef int battery_trial(const linear_case *c, enclosure *measured, double *bound);

/* What became of one bound over the battery. */
typedef struct {
    int cases;       /* to which it applies */
    int failed;      /* of these: measured > bound for sure */
    enclosure worst; /* the largest measured/bound */
    enclosure
        median; /* of them, the lower of the two in the middle; NaN without cases */
    /* The case with the largest, "T=1.2 beta=0.05..3 m0=-1 v0=0.3 a=0 c=0.1"; "" without cases. */
    char where[BATTERY_WHERE];
} battery_tally;

/* Tries `bounds` bounds, at most BATTERY_MAX_BOUNDS, on all cases in parallel; the first
   failing status in the order of the cases. */
BASE_MUST_USE int battery_run(rng_key key, int bounds, battery_trial *trial,
                              battery_tally *tally);

#endif
