/* Theorem 6.6 of 002 on the linear cases: the bound, as corrected and as printed. */
#ifndef SC_CONVERGENCE_W2_READINGS_H
#define SC_CONVERGENCE_W2_READINGS_H

#include "bound.h"
#include "chapter.h"
#include "quad.h"

/* e^{-(bmin + bmax c) T} (m2 + constant e^{-bmin T}), kappa >= 1 */
static inline double printed_noise(const sde *e, double h, double m2, double constant)
{
    double c = 1.0 - 2.0 * h;
    return exp(-(e->bmin + e->bmax * c) * e->T) *
           (m2 + constant * exp(-e->bmin * e->T));
}

/* W2^2 by RK4, and the laws on the way. */
static inline int linear_w2sq(const linear_case *c, gauss path[RK4_STEPS + 1],
                              enclosure *w2sq)
{
    distances d = {0};
    CHECK(divergence_linear(c, RK4_STEPS, path, &d));
    *w2sq = enclosure_mul(d.w2, d.w2);
    return SC_OK;
}

enum { ALONG_V, ALONG_P, ALONG_P_STEEPER, BOUNDS };

/* Applies where kappa = 1/v0 > 1/2. The third bound is the second where a >= 0. */
static inline int w2_trial(const linear_case *c, enclosure *w2sq, double *bound)
{
    double kappa = 1.0 / c->data.var, B = sde_B(&c->forward, c->forward.T);
    double m2 = c->data.mean * c->data.mean + c->data.var, along_v = 0.0, along_p = 0.0;
    for (int b = 0; b < BOUNDS; b++) bound[b] = (double)NAN;
    *w2sq = enclosure_exact(0.0);
    if (!(kappa > 0.5)) return SC_OK;

    gauss path[RK4_STEPS + 1];
    CHECK(linear_w2sq(c, path, w2sq));
    for (int k = 0; k <= RK4_STEPS; k++) {
        double t = c->forward.T * (1.0 - (double)k / RK4_STEPS);
        along_v = fmax(along_v, law_linear_error_under(c, t, path[k]));
        along_p = fmax(along_p, law_linear_error(c, t));
    }
    bound[ALONG_V] = bound_vp_w2sq_least(kappa, m2, 1, B, along_v);
    bound[ALONG_P] = bound_vp_w2sq_least(kappa, m2, 1, B, along_p);
    if (c->a >= 0.0) bound[ALONG_P_STEEPER] = bound[ALONG_P];
    return SC_OK;
}

/* N(1, 1) with the exact score under the case's beta, against the printed noise term at its
   smallest (h -> 0, no O()) for m = 1 and 3; W2 is proportional to m. */
static inline int w2_linear_beta(const linear_case *c, enclosure *w2sq, double *bound)
{
    linear_case exact = {.data = {1.0, 1.0}, .forward = c->forward, .from = c->from};
    gauss path[RK4_STEPS + 1];
    bound[0] = printed_noise(&c->forward, 0.0, 1.0 + 1.0, 0.0);
    bound[1] = printed_noise(&c->forward, 0.0, 9.0 + 1.0, 0.0) / 9.0;
    return linear_w2sq(&exact, path, w2sq);
}

static inline sde vp(double T) { return sde_vp(0.1, 20.0, T); }

/* W2^2 for N(m, 1) with the score (1 + a) grad log p_t + c, from N(0, 1). */
static inline enclosure w2sq_after(sde e, double m, double a, double c)
{
    linear_case run = {{m, 1.0}, e, FROM_NORMAL, a, c};
    enclosure w2sq = {0};
    gauss path[RK4_STEPS + 1];
    TRY(linear_w2sq(&run, path, &w2sq));
    return w2sq;
}

/* As B -> inf the variance tends to 1/(1 - 2 theta): W2^2 - 4 theta^2 has the sign of this. */
static inline double gap(double theta, const void *none)
{
    (void)none;
    return 1.0 / sqrt(1.0 - 2.0 * theta) - 1.0 - 2.0 * theta;
}

/* The theta from which it is positive. */
static inline enclosure gap_from(void)
{
    double theta;
    TRY(quad_root(gap, NULL, 0.1, 0.49, &theta));
    return enclosure_about(theta, 1e-12);
}

#endif
