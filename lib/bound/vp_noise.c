/* Corollary 6.3 of 002: how far p_T is from N(0, I) under VP. */
#include "bound.h"
#include "quad.h"

#include <math.h>

/* -(q + log(1 - q)) = q^2/2 + q^3/3 + .., which its two terms lose where q is small, and 1 - q where B is. */
static double excess(double B)
{
    double q = exp(-B), sum = 0.0;
    if (q > 0.01) return -(q + log(-expm1(-B)));
    for (int k = 9; k >= 2; k--) sum = q * sum + 1.0 / k;
    return q * q * sum;
}

double bound_vp_noise_tv(double m2, int d, double B)
{
    return 0.5 * sqrt(bound_vp_kernel_kl_printed(m2, d, B));
}

double bound_vp_noise_tv_printed(double m2, double B)
{
    return exp(-0.5 * B) * sqrt(0.5 * m2);
}

double bound_vp_kernel_kl_printed(double x2, int d, double B)
{
    return exp(-B) * x2 + d * excess(B);
}

/* (q m2 + d (q + log(1 - q)))/d in y = log(1 - q) */
static double room(double y, const void *m2_over_d)
{
    return y - (1.0 + *(const double *)m2_over_d) * expm1(y);
}

/* The room is r - log(1 + r) > 0 at y = -log(1 + r), and -(1 + r) e^y < 0 at y = -(1 + r); r = m2/d. */
int bound_vp_noise_tv_printed_from(double m2, int d, double *B)
{
    REQUIRE(m2 > 0.0 && d > 0);
    double r = m2 / d, y;
    CHECK(quad_root(room, &r, -(1.0 + r), -log1p(r), &y));
    *B = -log1p(-exp(y));
    return SC_OK;
}

/* 2 (1 - e^{-B/2})/sqrt(2 pi) = slope, the reading at eps = T = 1 */
static double until(double slope) { return -2.0 * log1p(-slope * sqrt(0.5 * SC_PI)); }

int bound_tv_thresholds(bound_threshold t[BOUND_TV_THRESHOLDS])
{
    double from;
    CHECK(bound_vp_noise_tv_printed_from(1.0, 1, &from));
    t[0] =
        (bound_threshold){"reading A fails", until(bound_tv_score_printed_a(1.0, 1.0))};
    t[1] =
        (bound_threshold){"reading B fails", until(bound_tv_score_printed_b(1.0, 1.0))};
    t[2] = (bound_threshold){"printed noise term holds", from};
    return SC_OK;
}

void bound_tv_failures(bound_failure f[BOUND_TV_FAILURES])
{
    const double eps = 0.1, B = 10.05, shift = -2.0 * eps * expm1(-0.5 * B);
    const gauss atom = {0.0, 0.0}, narrow = {0.0, 0.01};
    enclosure kl = enclosure_rounded(gauss_kl(GAUSS_STANDARD, (gauss){shift, 1.0}));
    double total =
        bound_vp_noise_tv_printed(1.0, B) + bound_tv_score_printed_b(eps, 1.0);
    f[0] = (bound_failure){"A VP(.1,20) T=1 eps=0.1", kl, 0.5 * eps * eps};
    f[1] = (bound_failure){"B VP(.1,20) T=1 eps=0.1", kl, eps * eps};
    f[2] = (bound_failure){"N(0,1) VP(.1,20) T=1 eps=0.1", law_shift_tv("0.1", "10.05"),
                           total};
    f[3] = (bound_failure){"noise term of the atom at 0, B=2",
                           gauss_vp_noise_tv(atom, 2.0),
                           bound_vp_noise_tv_printed(0.0, 2.0)};
    f[4] = (bound_failure){"N(0,0.01) B=1", gauss_vp_noise_tv(narrow, 1.0),
                           bound_vp_noise_tv_printed(0.01, 1.0)};
}
