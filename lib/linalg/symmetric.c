/* Factorisations of symmetric matrices. */
#include "blas.h"
#include "lapack.h"
#include "linalg.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* to <- from, d x d, tight. */
static void pack(int d, const double *from, int ld, double *to)
{
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) to[i * d + j] = from[i * ld + j];
}

int linalg_cholesky(int d, double *A, int lda)
{
    REQUIRE(d >= 1 && lda >= d);
    linalg_one_thread();
    double *L = NEW_ARRAY(double, (long)d *d);
    pack(d, A, lda, L);
    int info;
    dpotrf_("U", &d, L, &d, &info, 1); /* U of the transpose = L, row-major */
    REQUIRE(info >= 0);
    for (int i = 0; info == 0 && i < d; i++)
        for (int j = 0; j < d; j++) A[i * lda + j] = j <= i ? L[i * d + j] : 0.0;
    free(L);
    return info == 0 ? SC_OK : SC_EDOMAIN;
}

int linalg_eigen(int d, const double *A, int lda, double *w, double *V, int ldv)
{
    REQUIRE(d >= 1 && lda >= d && ldv >= d);
    linalg_one_thread();
    int lwork = 1 + 6 * d + 2 * d * d;
    int liwork = 3 + 5 * d;
    double *a = NEW_ARRAY(double, (long)d *d + d + lwork);
    double *values = a + (long)d * d;
    int *iwork = NEW_ARRAY(int, liwork);
    pack(d, A, lda, a);
    int info;
    dsyevd_("V", "U", &d, a, &d, values, values + d, &lwork, iwork, &liwork, &info, 1,
            1);
    REQUIRE(info >= 0);
    for (int i = 0; info == 0 && i < d; i++) {
        w[i] = values[i];
        for (int j = 0; j < d; j++) V[i * ldv + j] = a[i * d + j];
    }
    free(iwork);
    free(a);
    return info == 0 ? SC_OK : SC_ECONVERGENCE;
}

/* R = sum_i sqrt(w_i) v_i v_i^T; eigenvalues down to -d eps max w count as rounded zeros. */
int linalg_sqrt(int d, const double *A, int lda, double *R, int ldr)
{
    REQUIRE(ldr >= d);
    double *w = NEW_ARRAY(double, d + (long)d * d);
    double *V = w + d;
    int status = linalg_eigen(d, A, lda, w, V, d);
    if (status == SC_OK && !(w[0] >= -d * DBL_EPSILON * fabs(w[d - 1])))
        status = SC_EDOMAIN;
    for (int i = 0; status == SC_OK && i < d; i++)
        for (int j = 0; j < d; j++) {
            double sum = 0.0;
            for (int k = 0; k < d; k++)
                sum += sqrt(fmax(w[k], 0.0)) * V[k * d + i] * V[k * d + j];
            R[i * ldr + j] = sum;
        }
    free(w);
    return status;
}

int linalg_solve_spd(int d, const double *A, int lda, double *b)
{
    double *L = NEW_ARRAY(double, (long)d *d);
    pack(d, A, lda, L);
    int status = linalg_cholesky(d, L, d);
    for (int i = 0; status == SC_OK && i < d; i++) { /* L y = b */
        for (int j = 0; j < i; j++) b[i] -= L[i * d + j] * b[j];
        b[i] /= L[i * d + i];
    }
    for (int i = d - 1; status == SC_OK && i >= 0; i--) { /* L^T x = y */
        for (int j = i + 1; j < d; j++) b[i] -= L[j * d + i] * b[j];
        b[i] /= L[i * d + i];
    }
    free(L);
    return status;
}
