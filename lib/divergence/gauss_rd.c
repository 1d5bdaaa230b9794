/* Kullback-Leibler divergence and Bures-Wasserstein distance of Gaussian laws on R^d. */
#include "divergence.h"
#include "linalg.h"

#include <gsl/gsl_sf_log.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* B <- L^{-1} B for lower triangular L (d x d) and n columns, by forward substitution. */
static void solve_lower(int d, const double *L, int n, double *B)
{
    for (int i = 0; i < d; i++)
        for (int c = 0; c < n; c++) {
            double sum = B[i * n + c];
            for (int k = 0; k < i; k++) sum -= L[i * d + k] * B[k * n + c];
            B[i * n + c] = sum / L[i * d + i];
        }
}

static void transpose(int d, const double *A, double *At)
{
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) At[j * d + i] = A[i * d + j];
}

static double norm2(long n, const double *x)
{
    double sum = 0.0;
    for (long i = 0; i < n; i++) sum += x[i] * x[i];
    return sum;
}

/* With C2 = L L^T and e_i the eigenvalues of L^{-1} (C1 - C2) L^{-T}:
 *
 *     KL(N(m1, C1) | N(m2, C2)) = 1/2 sum {e_i - log(1 + e_i)} + 1/2 |L^{-1}(m1 - m2)|^2,
 *
 * which does not cancel when C1 is close to C2. C1 is positive definite iff all e_i > -1. */
int divergence_gauss_kl(int d, const double *m1, const double *c1, const double *m2,
                        const double *c2, double *kl)
{
    REQUIRE(d >= 1);
    long dd = (long)d * d;
    double *L = NEW_ARRAY(double, dd), *A = NEW_ARRAY(double, dd);
    double *B = NEW_ARRAY(double, dd), *e = NEW_ARRAY(double, d);
    double *shift = NEW_ARRAY(double, d);

    memcpy(L, c2, (size_t)dd * sizeof *L);
    int status = linalg_cholesky(d, L, d);
    if (status == SC_OK) {
        for (long i = 0; i < dd; i++) A[i] = c1[i] - c2[i];
        solve_lower(d, L, d, A);
        transpose(d, A, B);
        solve_lower(d, L, d, B);
        status = linalg_eigen(d, B, d, e, A, d);
    }
    if (status == SC_OK && !(e[0] > -1.0)) status = SC_EDOMAIN;
    if (status == SC_OK) {
        for (int i = 0; i < d; i++) shift[i] = m1[i] - m2[i];
        solve_lower(d, L, 1, shift);
        double sum = norm2(d, shift);
        for (int i = 0; i < d; i++) sum -= gsl_sf_log_1plusx_mx(e[i]);
        *kl = 0.5 * sum;
    }
    free(shift), free(e), free(B), free(A), free(L);
    return status;
}

/* M <- U = M (M^T M)^{-1/2}, the orthogonal factor of the polar decomposition. */
static int polar(int d, double *M, double *work)
{
    double *S = work, *V = S + (long)d * d, *Q = V + (long)d * d, *w = Q + (long)d * d;
    transpose(d, M, Q);
    linalg_gemm(d, d, d, 1.0, Q, d, M, d, 0.0, S, d);
    CHECK(linalg_eigen(d, S, d, w, V, d));
    if (!(w[0] > 0.0)) return SC_EDOMAIN;
    /* rows of V are eigenvectors: (M^T M)^{-1/2} = sum_k w_k^{-1/2} v_k v_k^T */
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double sum = 0.0;
            for (int k = 0; k < d; k++) sum += V[k * d + i] * V[k * d + j] / sqrt(w[k]);
            S[i * d + j] = sum;
        }
    memcpy(Q, M, (size_t)d * (size_t)d * sizeof *Q);
    linalg_gemm(d, d, d, 1.0, Q, d, S, d, 0.0, M, d);
    return SC_OK;
}

/* Bures distance of the covariances (Bhatia, Jain, Lim 2019, (19)): with R_i = C_i^{1/2} and U the
 * orthogonal factor of R2 R1 = U |R2 R1|,
 *
 *     W2^2 = |m1 - m2|^2 + |R1 - R2 U|_F^2.
 *
 * The usual tr{C1 + C2 - 2 (R1 C2 R1)^{1/2}} loses half the digits when C1 is close to C2. */
int divergence_gauss_w2(int d, const double *m1, const double *c1, const double *m2,
                        const double *c2, double *w2)
{
    REQUIRE(d >= 1);
    long dd = (long)d * d;
    double *R1 = NEW_ARRAY(double, dd), *R2 = NEW_ARRAY(double, dd);
    double *U = NEW_ARRAY(double, dd), *work = NEW_ARRAY(double, 3 * dd + d);
    double *shift = NEW_ARRAY(double, d);

    int status = linalg_sqrt(d, c1, d, R1, d);
    if (status == SC_OK) status = linalg_sqrt(d, c2, d, R2, d);
    if (status == SC_OK) {
        linalg_gemm(d, d, d, 1.0, R2, d, R1, d, 0.0, U, d);
        status = polar(d, U, work);
    }
    if (status == SC_OK) {
        /* R1 <- R1 - R2 U */
        linalg_gemm(d, d, d, -1.0, R2, d, U, d, 1.0, R1, d);
        for (int i = 0; i < d; i++) shift[i] = m1[i] - m2[i];
        *w2 = sqrt(norm2(d, shift) + norm2(dd, R1));
    }
    free(shift), free(work), free(U), free(R2), free(R1);
    return status;
}

/* max w^T L q over unit q is |L^T w|: the coupling w z, L q z + L (I - q q^T) z' is optimal. */
enclosure divergence_gauss_w2_rank_one(int d, const double *w, int r, const double *L)
{
    enum { MOST = 8 };
    REQUIRE(d >= 1 && 1 <= r && r <= MOST);
    double q[MOST], sum = 0.0;
    for (int k = 0; k < r; k++) {
        q[k] = 0.0;
        for (int i = 0; i < d; i++) q[k] += L[i * r + k] * w[i];
    }
    double length = sqrt(norm2(r, q));
    for (int k = 0; k < r && length > 0.0; k++) q[k] /= length;
    for (int i = 0; i < d; i++) {
        double image = 0.0; /* (L q)_i */
        for (int k = 0; k < r; k++) image += L[i * r + k] * q[k];
        sum += (w[i] - image) * (w[i] - image);
        for (int k = 0; k < r; k++) {
            double rest = L[i * r + k] - image * q[k];
            sum += rest * rest;
        }
    }
    double size = sqrt(norm2(d, w)) + sqrt(norm2((long)d * r, L));
    double value = sqrt(sum), rounding = (d + r + 16.0) * 0x1p-53 * size;
    return enclosure_of(fmax(0.0, value - rounding), value + rounding, 0.0);
}

int divergence_chain_rd(const gmm *data, const sde *e, const sampler *scheme, int steps,
                        const double *t, enclosure *kl)
{
    int d = gmm_dim(data);
    double *m = NEW_ARRAY(double, 2L * d * (d + 1)), *law = m + d, value = 0.0;
    double *c = law + d, *law_c = c + (long)d * d;
    int status = law_gauss_rd(data, e, scheme, steps, t, law, law_c);
    if (status == SC_OK) {
        gmm *end = gmm_diffuse(data, sde_scale(e, t[steps]), sde_var(e, t[steps]));
        gmm_moments(end, m, c, d);
        status = divergence_gauss_kl(d, m, c, law, law_c, &value);
        gmm_free(end);
    }
    free(m);
    if (status == SC_OK) *kl = enclosure_about(value, d * d * 4e-16);
    return status;
}
