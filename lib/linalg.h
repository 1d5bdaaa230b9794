/* linalg -- a thin layer over BLAS and LAPACK (OpenBLAS), one thread a call.  Floor 0.
 * Matrices are row-major with leading dimension.
 *
 * The first call sets the number of threads of OpenBLAS to one, for the whole process:
 * parallelism is over blocks of points, above this layer. A result depends on the shapes of
 * the arguments and on the core in use, not on threads. */
#ifndef SC_LINALG_H
#define SC_LINALG_H

#include "base.h"

/* C (m x n) <- alpha A B^T + beta C with A m x k, B n x k. */
void linalg_gemm_nt(int m, int n, int k, double alpha, const double *A, int lda,
                    const double *B, int ldb, double beta, double *C, int ldc);
/* C (m x n) <- alpha A B + beta C with A m x k, B k x n. */
void linalg_gemm(int m, int n, int k, double alpha, const double *A, int lda,
                 const double *B, int ldb, double beta, double *C, int ldc);
/* C (m x n) <- alpha A^T B + beta C with A k x m, B k x n. */
void linalg_gemm_tn(int m, int n, int k, double alpha, const double *A, int lda,
                    const double *B, int ldb, double beta, double *C, int ldc);
/* Cholesky factor L (lower, in place; upper part zeroed) of symmetric A.
   SC_EDOMAIN if A is not positive definite. */
BASE_MUST_USE int linalg_cholesky(int d, double *A, int lda);
/* Eigenvalues w (increasing) and orthonormal eigenvectors (rows of V) of symmetric A. */
BASE_MUST_USE int linalg_eigen(int d, const double *A, int lda, double *w, double *V,
                               int ldv);
/* Symmetric square root R of a positive semidefinite A. */
BASE_MUST_USE int linalg_sqrt(int d, const double *A, int lda, double *R, int ldr);
/* Solves A x = b for symmetric positive definite A (b of length d is overwritten). */
BASE_MUST_USE int linalg_solve_spd(int d, const double *A, int lda, double *b);
/* Name of the BLAS core in use ("SKYLAKEX"), for reports. */
const char *linalg_core(void);

#endif
