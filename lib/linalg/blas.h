/* Inside linalg: how OpenBLAS is entered. */
#ifndef SC_LINALG_BLAS_H
#define SC_LINALG_BLAS_H

/* Sets OpenBLAS to one thread a call, at the first call only. The setting belongs to the whole
   process: our parallelism is over blocks of points, and a product split over threads would
   give other bits for another number of them. Every linalg function calls this first. */
void linalg_one_thread(void);

#endif
