#include "base.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *base_status_text(int status)
{
    switch (status) {
    case SC_OK:
        return "success";
    case SC_EDOMAIN:
        return "argument outside the domain";
    case SC_EACCURACY:
        return "accuracy not reached";
    case SC_ECONVERGENCE:
        return "no convergence";
    case SC_EFORMAT:
        return "malformed file";
    case SC_EIO:
        return "input or output failed";
    default:
        return "unknown status";
    }
}

void base_abort(const char *file, int line, const char *what)
{
    fprintf(stderr, "scorecheck: %s:%d: required: %s\n", file, line, what);
    abort();
}

void *base_alloc(long count, size_t size)
{
    enum { ALIGNMENT = 64 };
    REQUIRE(count >= 0);
    REQUIRE(size == 0 || (size_t)count <= (SIZE_MAX - ALIGNMENT) / size);
    size_t bytes = (size_t)count * size;
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *block = aligned_alloc(ALIGNMENT, bytes > 0 ? bytes : ALIGNMENT);
    REQUIRE(block != NULL);
    memset(block, 0, bytes);
    return block;
}

void base_keep_memory(void)
{
    enum { LARGEST = 8 << 20, MOST = 64 << 20 }; /* an array; in all, a thread */
    mallopt(M_MMAP_THRESHOLD, LARGEST);
    mallopt(M_TRIM_THRESHOLD, MOST);
}

static int increasing(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void base_sort(long n, double *x) { qsort(x, (size_t)n, sizeof *x, increasing); }
