/* Corollary 6.3 of 002: how far p_T is from N(0, I) under VP. */
#include "bound.h"
#include "quad.h"

#include <math.h>

double bound_vp_noise_tv(double m2, int d, double B)
{
    double q = exp(-B);
    return 0.5 * sqrt(q * m2 - d * (q + log1p(-q)));
}

double bound_vp_noise_tv_printed(double m2, double B)
{
    return exp(-0.5 * B) * sqrt(0.5 * m2);
}

double bound_vp_kernel_kl_printed(double x2, int d, double B)
{
    double q = exp(-B);
    return q * x2 - d * (q + log1p(-q));
}

/* (q m2 + d (q + log(1 - q)))/d */
static double room(double q, const void *m2_over_d)
{
    return q * (1.0 + *(const double *)m2_over_d) + log1p(-q);
}

/* The room is r - log(1 + r) > 0 at q = r/(1 + r), and -(1 + r) e^{-(1 + r)} < 0 at
   q = 1 - e^{-(1 + r)}; r = m2/d. */
int bound_vp_noise_tv_printed_from(double m2, int d, double *B)
{
    REQUIRE(m2 > 0.0 && d > 0);
    double r = m2 / d, q;
    CHECK(quad_root(room, &r, r / (1.0 + r), -expm1(-(1.0 + r)), &q));
    *B = -log(q);
    return SC_OK;
}

int bound_vp_noise_tv_tightness(const target *data, int n, const double *B,
                                enclosure *worst)
{
    double m2 = target_second_moment(data);
    *worst = enclosure_exact(0.0);
    for (int i = 0; i < n; i++) {
        reference p_T = {data, exp(-0.5 * B[i]), -expm1(-B[i])};
        enclosure kl, tv;
        CHECK(divergence_to_gauss(&p_T, GAUSS_STANDARD, &kl, &tv));
        tv = enclosure_scale(tv, 1.0 / bound_vp_noise_tv(m2, 1, B[i]));
        *worst = enclosure_max(*worst, tv);
    }
    return SC_OK;
}
