/* The tables kernel/table.c is compiled into, one per instruction set. */
#ifndef SC_KERNEL_TABLES_H
#define SC_KERNEL_TABLES_H

#include "kernel.h"

extern const kernel kernel_baseline;
#ifdef KERNEL_X86
extern const kernel kernel_avx2, kernel_avx512;
#endif

#endif
