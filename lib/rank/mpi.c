/* mpi.c -- the ranks of MPI_COMM_WORLD. */
#include "rank.h"
#include "rank/launcher.h"

#include <mpi.h>
#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

int rank_open(char *message, size_t capacity)
{
    const rank_launch l = rank_launched();
    if (l.count <= 1) return SC_OK;
    int provided;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    if (rank_count() == l.count && provided >= MPI_THREAD_FUNNELED) return SC_OK;
    rank_refuse(l, "has another MPI, or one that knows no threads", message, capacity);
    return SC_EDOMAIN;
}

/* Outside of rank_open to rank_close there is one rank. */
static bool joined(void)
{
    int begun, ended;
    MPI_Initialized(&begun);
    MPI_Finalized(&ended);
    return begun && !ended;
}

void rank_close(void)
{
    if (joined()) MPI_Finalize();
}

int rank_index(void)
{
    int index = 0;
    if (joined()) MPI_Comm_rank(MPI_COMM_WORLD, &index);
    return index;
}

int rank_count(void)
{
    int count = 1;
    if (joined()) MPI_Comm_size(MPI_COMM_WORLD, &count);
    return count;
}

int rank_threads(void)
{
    if (!joined()) return omp_get_max_threads();
    MPI_Comm node;
    int ranks;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    sched_getaffinity(0, sizeof cores, &cores);
    const int own = CPU_COUNT(&cores); /* the launcher may have bound each to its own */
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &ranks);
    MPI_Allreduce(MPI_IN_PLACE, &cores, sizeof cores, MPI_BYTE, MPI_BOR, node);
    MPI_Comm_free(&node);
    const int each = CPU_COUNT(&cores) / ranks, least = own < each ? own : each;
    return least > 1 ? least : 1;
}

/* ---- Sharing ------------------------------------------------------------ */

/* In a parallel region each thread is on its own. */
static bool shared(void) { return omp_get_level() == 0 && rank_count() > 1; }

rank_share rank_divide(void)
{
    return shared() ? (rank_share){rank_index(), rank_count()} : (rank_share){0, 1};
}

void rank_gather(rank_share mine, size_t bytes, void *y)
{
    const size_t most = (size_t)1 << 30; /* MPI counts in int */
    char *at = y;
    if (mine.step == 1) return;
    for (size_t n; bytes > 0; bytes -= n, at += n) {
        n = bytes < most ? bytes : most;
        MPI_Allreduce(MPI_IN_PLACE, at, (int)n, MPI_BYTE, MPI_BOR, MPI_COMM_WORLD);
    }
}

int rank_least(int value)
{
    if (shared())
        MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return value;
}

bool rank_same(size_t bytes, const void *y)
{
    if (!shared()) return true;
    void *first = base_alloc((long)bytes, 1);
    memcpy(first, y, bytes);
    MPI_Bcast(first, (int)bytes, MPI_BYTE, 0, MPI_COMM_WORLD);
    const bool same = memcmp(first, y, bytes) == 0;
    free(first);
    return rank_least(same) == 1;
}
