/* The noise term of Corollary 6.3 of 002: how far p_T is from N(0, 1) under VP, in TV. */
#ifndef SC_CONVERGENCE_VP_NOISE_H
#define SC_CONVERGENCE_VP_NOISE_H

#include "bound.h"
#include "chapter.h"
#include "quad.h"

/* TV(p_T, N(0, 1)) for Gaussian data. */
static inline enclosure noise_tv(gauss data, double B)
{
    double q = exp(-B);
    gauss p_T = {sqrt(q) * data.mean, 1.0 + q * (data.var - 1.0)};
    return rounded(gauss_tv(p_T, NORMAL));
}

/* -log TV(p_T, N(0, 1)) per unit of B, over [8, 16]. */
static inline enclosure noise_decay(gauss data)
{
    enclosure fall = enclosure_div(noise_tv(data, 8.0), noise_tv(data, 16.0));
    return enclosure_scale(enclosure_log(fall), 1.0 / (16.0 - 8.0));
}

/* The largest TV/bound over B in [0.25, 20], bound as corrected. */
static inline enclosure noise_worst(const target *data)
{
    static const double B[] = {0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0};
    enclosure kl, tv, worst = {0};
    for (int i = 0; i < LEN(B); i++) {
        reference p_T = {data, exp(-0.5 * B[i]), -expm1(-B[i])};
        double bound = bound_vp_noise_tv(second_moment(data), 1, B[i]);
        TRY(divergence_to_gauss(&p_T, NORMAL, &kl, &tv));
        worst = enclosure_max(worst, enclosure_scale(tv, 1.0 / bound));
    }
    return worst;
}

/* As printed. */
static inline double noise_printed(double m2, double B)
{
    return exp(-0.5 * B) * sqrt(0.5 * m2);
}

/* The printed term is the larger one if -(q + log(1 - q)) <= q m2; here m2 = d = 1. */
static inline double noise_room(double B, const void *none)
{
    (void)none;
    double q = exp(-B);
    return 2.0 * q + log1p(-q);
}

/* The B from which it is. */
static inline enclosure noise_printed_from(void)
{
    double B;
    TRY(quad_root(noise_room, NULL, 0.01, 5.0, &B));
    return enclosure_about(B, 1e-14);
}

#endif
