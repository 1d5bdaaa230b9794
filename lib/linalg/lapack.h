/* The LAPACK routines used, in their Fortran form (Debian's OpenBLAS ships no lapacke.h):
   every argument by reference, one hidden length per character argument at the end.
   Matrices are column-major: a row-major array is its transpose. */
#ifndef SC_LINALG_LAPACK_H
#define SC_LINALG_LAPACK_H

#include <stddef.h>

/* A = U^T U or L L^T in place; *info > 0: a leading minor is not positive definite. */
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info,
             size_t uplo_length);
/* Eigenvalues w and, for jobz = "V", eigenvectors (over a) of a symmetric matrix. */
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a,
             const int *lda, double *w, double *work, const int *lwork, int *iwork,
             const int *liwork, int *info, size_t jobz_length, size_t uplo_length);

#endif
