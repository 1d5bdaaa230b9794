/* rank -- the processes that share one run.  Floor 0.
 *
 * Started by an MPI launcher (mpirun -n 4 PROGRAM), every rank runs the whole program on the same numbers. A loop
 * over independent pieces that costs time is divided: each rank computes its own pieces, then all have all of them,
 * to the bit, and go on as if they had computed them themselves. y is zero before:
 *
 *     const rank_share mine = rank_divide();
 *     #pragma omp parallel for
 *     for (long r = mine.first; r < R; r += mine.step) ... y[r] = ...
 *     rank_gather(mine, (size_t)R * sizeof *y, y);
 *
 * All ranks make the same calls in the same order. In a parallel region nothing is divided and nobody waits for
 * another rank: every piece is the caller's, and it alone decides.
 */
#ifndef SC_RANK_H
#define SC_RANK_H

#include "base.h"

/* For the driver: joins the other ranks, if a launcher has started more than one. SC_EDOMAIN and one line in `message`
   if the program cannot join them: it was built without MPI, or with that of another launcher. */
BASE_MUST_USE int rank_open(char *message, size_t capacity);
/* The last call, by all ranks: waits for them. */
void rank_close(void);

/* This process and all of them: 0 and 1 without a launcher. */
int rank_index(void);
int rank_count(void);
/* How many threads each rank has a core for, at least 1: the cores of this machine over its ranks. */
int rank_threads(void);

/* Pieces first, first + step, .. are this rank's. */
typedef struct {
    long first, step;
} rank_share;
rank_share rank_divide(void);
/* y <- that of all ranks (bitwise or): every byte is zero on all ranks but the one that computed it. */
void rank_gather(rank_share mine, size_t bytes, void *y);
/* The least of the values that the ranks give: the worst of their statuses. */
int rank_least(int value);
/* Whether all ranks have the same bytes. */
bool rank_same(size_t bytes, const void *y);

#endif
