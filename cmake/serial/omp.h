/* <omp.h> for a compiler without OpenMP: one thread. */
#ifndef SC_SERIAL_OMP_H
#define SC_SERIAL_OMP_H

static inline void omp_set_num_threads(int n) { (void)n; }
static inline int omp_get_max_threads(void) { return 1; }
static inline int omp_get_level(void) { return 0; }

#endif
