#include "blas.h"
#include "linalg.h"

#include <cblas.h>
#include <pthread.h>

static void set_one_thread(void) { openblas_set_num_threads(1); }

void linalg_one_thread(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    REQUIRE(pthread_once(&once, set_one_thread) == 0);
}

// NOLINTBEGIN(readability-function-size): the arguments of a BLAS routine

void linalg_gemm_nt(int m, int n, int k, double alpha, const double *A, int lda,
                    const double *B, int ldb, double beta, double *C, int ldc)
{
    REQUIRE(m >= 0 && n >= 0 && k >= 0 && lda >= k && ldb >= k && ldc >= n);
    linalg_one_thread();
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, alpha, A, lda, B, ldb,
                beta, C, ldc);
}

void linalg_gemm(int m, int n, int k, double alpha, const double *A, int lda,
                 const double *B, int ldb, double beta, double *C, int ldc)
{
    REQUIRE(m >= 0 && n >= 0 && k >= 0 && lda >= k && ldb >= n && ldc >= n);
    linalg_one_thread();
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, alpha, A, lda, B,
                ldb, beta, C, ldc);
}

void linalg_gemm_tn(int m, int n, int k, double alpha, const double *A, int lda,
                    const double *B, int ldb, double beta, double *C, int ldc)
{
    REQUIRE(m >= 0 && n >= 0 && k >= 0 && lda >= m && ldb >= n && ldc >= n);
    linalg_one_thread();
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, alpha, A, lda, B, ldb,
                beta, C, ldc);
}

// NOLINTEND(readability-function-size)

const char *linalg_core(void) { return openblas_get_corename(); }
