/* The pairs (Y+, Y-) for data N(0, v). */
#include "consistency.h"
#include "divergence.h"

#include <math.h>

/* CD: s = -x/(v + t^2), hence Y- = k Y+ with k = 1 - delta t/(v + t^2). */
void consistency_factor(consistency_pair pair, double v, double t, double delta,
                        double L[CONSISTENCY_FACTOR])
{
    REQUIRE(v >= 0.0 && t > 0.0 && 0.0 <= delta && delta <= t);
    for (int i = 0; i < CONSISTENCY_FACTOR; i++) L[i] = 0.0;
    double u = t - delta, sd = sqrt(v + t * t);
    if (pair == CONSISTENCY_CD) {
        L[0] = sd;
        L[3] = (v + t * u) / sd; /* k sd */
        return;
    }
    L[0] = L[3] = sqrt(v);
    L[1] = t;
    L[pair == CONSISTENCY_CT ? 4 : 5] = u;
}

enclosure consistency_w2(consistency_pair other, double v, double t, double delta)
{
    double cd[CONSISTENCY_FACTOR], L[CONSISTENCY_FACTOR];
    consistency_factor(CONSISTENCY_CD, v, t, delta, cd);
    consistency_factor(other, v, t, delta, L);
    return divergence_gauss_w2_rank_one(2, (double[]){cd[0], cd[3]}, 3, L);
}

/* |(c, -c_minus) L|^2 */
double consistency_linear_loss(consistency_pair pair, double v, double t, double delta,
                               double c, double c_minus)
{
    double L[CONSISTENCY_FACTOR], sum = 0.0;
    consistency_factor(pair, v, t, delta, L);
    for (int k = 0; k < 3; k++) {
        double gap = c * L[k] - c_minus * L[3 + k];
        sum += gap * gap;
    }
    return sum;
}
