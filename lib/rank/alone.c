/* alone.c -- one rank: a build without MPI. */
#include "rank.h"
#include "rank/launcher.h"

#include <omp.h>
#include <stdio.h>

int rank_open(char *message, size_t capacity)
{
    const rank_launch l = rank_launched();
    if (l.count <= 1) return SC_OK;
    rank_refuse(l, "has no MPI (package libopenmpi-dev)", message, capacity);
    return SC_EDOMAIN;
}

void rank_close(void) {}

int rank_index(void) { return 0; }

int rank_count(void) { return 1; }

int rank_threads(void) { return omp_get_max_threads(); }

rank_share rank_divide(void) { return (rank_share){0, 1}; }

void rank_gather(rank_share mine, size_t bytes, void *y)
{
    (void)mine, (void)bytes, (void)y;
}

int rank_least(int value) { return value; }

bool rank_same(size_t bytes, const void *y)
{
    (void)bytes, (void)y;
    return true;
}
