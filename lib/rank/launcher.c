/* launcher.c -- how MPI launchers number the processes they start. */
#include "rank/launcher.h"
#include "base.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *index, *count;
} LAUNCHERS[] = {
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"}, /* Open MPI */
    {"PMI_RANK", "PMI_SIZE"},                         /* MPICH, Intel MPI */
    {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"},         /* srun */
};

rank_launch rank_launched(void)
{
    for (int i = 0; i < LEN(LAUNCHERS); i++) {
        const char *index = getenv(LAUNCHERS[i].index);
        const char *count = getenv(LAUNCHERS[i].count);
        if (index != NULL && count != NULL)
            return (rank_launch){(int)strtol(index, NULL, 10),
                                 (int)strtol(count, NULL, 10)};
    }
    return (rank_launch){0, 1};
}

void rank_refuse(rank_launch l, const char *why, char *message, size_t capacity)
{
    message[0] = '\0';
    if (l.index == 0)
        snprintf(message, capacity,
                 "started %d times by an MPI launcher, expected once: this build %s",
                 l.count, why);
}
