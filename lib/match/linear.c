/* Linear fields and a Gaussian law, in closed form. */
#include "linalg.h"
#include "match.h"

#include <math.h>
#include <stdlib.h>

enclosure match_residual(enclosure a, enclosure b, enclosure J)
{
    return enclosure_scale(enclosure_sub(a, b), 1.0 / fmax(1.0, enclosure_mid(J)));
}

/* E|Ax|^2 = tr A S A^T */
static double mean_square(int d, const double *S, const double *A)
{
    double sum = 0.0;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            for (int k = 0; k < d; k++)
                sum += A[i * d + j] * S[j * d + k] * A[i * d + k];
    return sum;
}

int match_linear(int d, const double *S, const double *B, double *ism, double *esm,
                 double *fisher)
{
    double *gap = NEW_ARRAY(double, (long)d *(d + 1)), *column = gap + (long)d * d;
    double precision = 0.0, trace = 0.0;
    for (int j = 0; j < d; j++) {
        for (int i = 0; i < d; i++) column[i] = i == j ? 1.0 : 0.0;
        int status = linalg_solve_spd(d, S, d, column);
        if (status != SC_OK) {
            free(gap);
            return status;
        }
        for (int i = 0; i < d; i++) gap[i * d + j] = B[i * d + j] - column[i];
        precision += column[j];
        trace += B[j * d + j];
    }
    *ism = mean_square(d, S, B) - 2.0 * trace;
    *esm = mean_square(d, S, gap);
    *fisher = precision;
    free(gap);
    return SC_OK;
}
