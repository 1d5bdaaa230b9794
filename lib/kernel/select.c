#include "kernel/tables.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef KERNEL_X86
/* What the compiler may use under -march=x86-64-v3 and -v4, as far as machines differ in it. */
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const kernel *kernel_best(void)
{
#ifdef KERNEL_X86
    if (has_avx512()) return &kernel_avx512;
    if (has_avx2()) return &kernel_avx2;
#endif
    return &kernel_baseline;
}

const kernel *kernel_named(const char *isa)
{
#ifdef KERNEL_X86
    if (strcmp(isa, "avx512") == 0) return has_avx512() ? &kernel_avx512 : NULL;
    if (strcmp(isa, "avx2") == 0) return has_avx2() ? &kernel_avx2 : NULL;
#endif
    return strcmp(isa, "baseline") == 0 ? &kernel_baseline : NULL;
}

/* The larger of what mixture_low (k tiles) and mixture_high (see high_layout) need. */
long kernel_mixture_work(int k, int d)
{
    if (d <= KERNEL_LOW) return (long)k * KERNEL_LOW_TILE;
    return 2L * k + 8 + (2L * k + 3L * KERNEL_ROWS + 4L * d + 128) * KERNEL_TILE;
}
