/* What the environment says of a launcher. */
#ifndef SC_RANK_LAUNCHER_H
#define SC_RANK_LAUNCHER_H

#include <stddef.h>

/* As which of how many ranks this process was started: 0 of 1 without a launcher. */
typedef struct {
    int index, count;
} rank_launch;
rank_launch rank_launched(void);

/* The line of rank_open for the first rank, an empty one for the others. */
void rank_refuse(rank_launch l, const char *why, char *message, size_t capacity);

#endif
