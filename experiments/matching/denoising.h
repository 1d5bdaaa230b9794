/* Observables of (X_0, Z), X_t = m X_0 + sigma Z: distances of a field from the conditional score
 * u0 = (m X_0 - X_t)/sigma^2 = -Z/sigma, and from three that are wrong. */
#ifndef MATCHING_DENOISING_H
#define MATCHING_DENOISING_H

#include "chapter.h"

typedef enum {
    DENOISE_TRUTH,
    DENOISE_UNSQUARED,
    DENOISE_NO_MEAN,
    DENOISE_SIGN_SLIP,
    DENOISE_SCALED
} denoising;
static const char *const DENOISING_NAMES[] = {"truth", "sigma-for-sigma^2", "without-m",
                                              "sign-slip"};

typedef struct {
    noised law;
    const line_field *f;
    denoising of;
} denoising_setting;

/* |s - u0|^2 with u0 = -Z/sigma, -Z, X_0 for m X_0, Z/sigma; and |sigma s + Z|^2. */
static inline void denoising_observe(const void *ctx, double x0, int n, const double *z,
                                     double *y)
{
    const denoising_setting *c = ctx;
    double m = c->law.m, sigma = sqrt(c->law.s2);
    double xt[QUAD_NODES], s[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++) xt[i] = m * x0 + sigma * z[i];
    line_field_eval(c->f, n, 1, xt, 1, s, 1);
    for (int i = 0; i < n; i++) {
        const double GAP[] = {
            [DENOISE_TRUTH] = s[i] + z[i] / sigma,
            [DENOISE_UNSQUARED] = s[i] + z[i],
            [DENOISE_NO_MEAN] = s[i] + (xt[i] - x0) / c->law.s2,
            [DENOISE_SIGN_SLIP] = s[i] - z[i] / sigma,
            [DENOISE_SCALED] = sigma * s[i] + z[i],
        };
        y[i] = GAP[c->of] * GAP[c->of];
    }
}

static inline enclosure denoising_mean(const noised *law, const line_field *f,
                                       denoising of)
{
    denoising_setting c = {*law, f, of};
    double value, err;
    TRY(match_expectation(law, denoising_observe, &c, &value, &err));
    return enclosure_about(value, err);
}

/* 1/sigma^2 - I(p_t) */
static inline enclosure denoising_constant(const noised *law)
{
    enclosure information = chapter_measure(chapter_fisher, law, NULL);
    return enclosure_sub(enclosure_exact(1.0 / law->s2), information);
}

/* What J_DSM - J_ESM becomes with another conditional score. */
static inline enclosure denoising_gap(const noised *law, double theta, denoising of)
{
    line_field f = {WAVY, theta};
    return enclosure_sub(denoising_mean(law, &f, of),
                         chapter_measure(match_esm, law, &f));
}

#endif
