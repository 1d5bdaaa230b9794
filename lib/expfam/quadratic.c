/* N(0, S) with one quadratic statistic. */
#include "expfam.h"
#include "linalg.h"

#include <stdlib.h>
#include <string.h>

/* tr A B */
static double trace(int d, const double *A, const double *B)
{
    double sum = 0.0;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) sum += A[i * d + j] * B[j * d + i];
    return sum;
}

int expfam_quadratic(int d, const double *S, const double *N, double *sm, double *mle)
{
    REQUIRE(d >= 1);
    double *NS = NEW_ARRAY(double, 2L * d * d), *NP = NS + (long)d * d; /* P = S^-1 */
    int status = SC_OK;
    linalg_gemm(d, d, d, 1.0, N, d, S, d, 0.0, NS, d);
    memcpy(NP, N, (size_t)d * (size_t)d * sizeof *N);
    for (int i = 0; i < d && status == SC_OK; i++) /* row i of N P solves S y = N_i */
        status = linalg_solve_spd(d, S, d, NP + (long)i * d);
    if (status == SC_OK) {
        double A = 4.0 * trace(d, NS, N);
        *sm = 4.0 * (trace(d, N, N) + trace(d, NP, NS)) / (A * A);
        *mle = 0.5 / trace(d, NS, NS);
    }
    free(NS);
    return status;
}
