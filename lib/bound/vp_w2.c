/* Theorem 6.6 of 002. */
#include "bound.h"

#include <math.h>

enum { H_VALUES = 49 };

double bound_vp_noise_w2sq(double m2, int d, double B)
{
    double q = exp(-B), shrink = q / (1.0 + sqrt(-expm1(-B))); /* 1 - sqrt(1 - q) */
    return q * m2 + d * shrink * shrink;
}

double bound_vp_noise_w2sq_printed(double m2, int d, double B)
{
    double q = exp(-B);
    return q * m2 + 0.25 * q * q * d;
}

double bound_vp_concavity(double kappa, double B)
{
    double q = exp(-B);
    return kappa / (q + kappa * (1.0 - q));
}

enclosure bound_vp_concavity_excess(const target *data, double kappa, int n,
                                    const double *B)
{
    enclosure excess = enclosure_exact(-(double)INFINITY);
    for (int i = 0; i < n; i++) {
        double at;
        enclosure least = target_concavity(data, exp(-0.5 * B[i]), -expm1(-B[i]), &at);
        enclosure kappa_s = enclosure_exact(bound_vp_concavity(kappa, B[i]));
        excess = enclosure_max(excess, enclosure_sub(kappa_s, least));
    }
    return excess;
}

double bound_vp_exponent(double kappa, double h, double B)
{
    return (2.0 * h - 1.0) * B - 2.0 * log1p((1.0 - kappa) * expm1(-B));
}

double bound_vp_w2sq(double kappa, double m2, int d, double B, double eps2, double h)
{
    double c = 2.0 * fmin(kappa, 1.0) - 1.0 - 2.0 * h;
    REQUIRE(h > 0.0 && c > 0.0);
    return exp(-c * B) * bound_vp_noise_w2sq(m2, d, B) + eps2 / (2.0 * h * c);
}

double bound_vp_w2sq_least(double kappa, double m2, int d, double B, double eps2)
{
    double least = (double)INFINITY, room = fmin(kappa, 1.0) - 0.5;
    for (int i = 1; i <= H_VALUES; i++)
        least = fmin(least,
                     bound_vp_w2sq(kappa, m2, d, B, eps2, room * i / (H_VALUES + 1)));
    return least;
}

double bound_vp_w2sq_linear(const linear_case *c, int steps, const gauss *path)
{
    double kappa = 1.0 / c->data.var, B = sde_B(&c->forward, c->forward.T);
    double m2 = c->data.mean * c->data.mean + c->data.var;
    if (!(kappa > 0.5)) return (double)NAN;
    return bound_vp_w2sq_least(kappa, m2, 1, B,
                               law_linear_largest_error(c, steps, path));
}

double bound_vp_w2sq_noise_printed(const sde *e, double m2, double h, double rest)
{
    double c = 1.0 - 2.0 * h;
    return exp(-(e->bmin + e->bmax * c) * e->T) * (m2 + rest * exp(-e->bmin * e->T));
}

int bound_w2_failures(bound_failure f[BOUND_W2_FAILURES])
{
    const double eps = 0.1, h = 0.25, term = 4.0 * eps * eps; /* eps^2/(2hc), c = 1/2 */
    const linear_case slow = {.data = GAUSS_STANDARD,
                              .forward = sde_vp(0.5, 0.5, 20.0),
                              .from = START_STANDARD,
                              .c = eps};
    double noise = bound_vp_w2sq_noise_printed(&slow.forward, 1.0, h, 1.0);
    distances d;
    CHECK(divergence_linear(&slow, NULL, &d));
    enclosure w2sq = enclosure_mul(d.w2, d.w2);
    double w2 = gauss_w2(law_vp_gauss((gauss){0.0, 0.0}, 1.0), GAUSS_STANDARD);
    f[0] = (bound_failure){"j=1", w2sq, noise + 0.5 * term};
    f[1] = (bound_failure){"j=2", w2sq, noise + 0.25 * term};
    f[2] = (bound_failure){"kappa=1 h=0.25",
                           enclosure_rounded(bound_vp_exponent(1.0, h, 10.05)),
                           20.0 * (1.0 + 2.0 * h - 2.0)};
    f[3] = (bound_failure){"atom at 0, B=1", enclosure_rounded(w2 * w2),
                           bound_vp_noise_w2sq_printed(0.0, 1, 1.0)};
    return SC_OK;
}

int bound_w2_trial(const linear_case *c, enclosure *w2sq, double *bound)
{
    gauss path[LINEAR_STEPS + 1];
    distances d;
    CHECK(divergence_linear(c, path, &d));
    *w2sq = enclosure_mul(d.w2, d.w2);
    bound[BOUND_W2_ALONG_V] = bound_vp_w2sq_linear(c, LINEAR_STEPS, path);
    bound[BOUND_W2_ALONG_P] = bound_vp_w2sq_linear(c, LINEAR_STEPS, NULL);
    bound[BOUND_W2_ALONG_P_STEEPER] =
        c->a >= 0.0 ? bound[BOUND_W2_ALONG_P] : (double)NAN;
    return SC_OK;
}

int bound_w2_noise_trial(const linear_case *c, enclosure *w2sq, double *bound)
{
    linear_case exact = {.data = {1.0, 1.0}, .forward = c->forward, .from = c->from};
    bound[0] = bound_vp_w2sq_noise_printed(&c->forward, 1.0 + 1.0, 0.0, 0.0);
    bound[1] = bound_vp_w2sq_noise_printed(&c->forward, 9.0 + 1.0, 0.0, 0.0) / 9.0;
    distances d;
    CHECK(divergence_linear(&exact, NULL, &d));
    *w2sq = enclosure_mul(d.w2, d.w2);
    return SC_OK;
}
