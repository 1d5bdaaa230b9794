/* clipped.c -- an error of the score that is bounded, and the law to which it leads. */
#include "perturbation.h"
#include "quad.h"

#include <math.h>

static double clipped(const clipped_error *e, double x)
{
    return e->bound * tanh(e->slope * x / e->bound);
}

void perturbation_clipped_add(const void *ctx, double t, long n, const double *x,
                              double *s)
{
    (void)t;
    for (long i = 0; i < n; i++) s[i] += clipped(ctx, x[i]);
}

typedef struct {
    const clipped_error *e;
    const reference *p;
} square;

static void square_integrand(const void *ctx, int n, const double *x, double *y)
{
    const square *c = ctx;
    double logp[QUAD_NODES];
    target_score(c->p->data, c->p->m, c->p->s2, n, x, logp, NULL, NULL);
    for (int i = 0; i < n; i++) y[i] = exp(logp[i]) * pow(clipped(c->e, x[i]), 2.0);
}

/* Over 64 panels that meet where e is steep, at 0. The tails cut off weigh 2e-20. */
int perturbation_clipped_mean_square(const clipped_error *e, const reference *p,
                                     enclosure *mean_square)
{
    enum { HALF = 32 };
    const square c = {e, p};
    double at[2 * HALF + 1], lo, hi, value, err;
    target_span(p->data, p->m, p->s2, 1e-20, &lo, &hi);
    const double middle = lo < 0.0 && 0.0 < hi ? 0.0 : 0.5 * (lo + hi);
    for (int i = 0; i <= HALF; i++) {
        at[i] = lo + (middle - lo) * i / HALF;
        at[HALF + i] = middle + (hi - middle) * i / HALF;
    }
    CHECK(quad_adaptive_batch(square_integrand, &c, LEN(at), at, 0.0, 1e-12, &value,
                              &err));
    *mean_square = enclosure_about(value, err + 2e-20 * e->bound * e->bound);
    return SC_OK;
}

/* log cosh y = |y| + log(1 + e^{-2|y|}) - log 2 */
static void stationary(const void *ctx, long n, const double *x, double *l)
{
    const clipped_error *e = ctx;
    double factor = 2.0 * e->bound * e->bound / e->slope;
    for (long i = 0; i < n; i++) {
        double y = fabs(e->slope * x[i] / e->bound);
        l[i] = -0.5 * x[i] * x[i] + factor * (y + log1p(exp(-2.0 * y)) - log(2.0));
    }
}

/* Beyond 10 from +-2A, the peaks of exp(-x^2/2 + 2A|x|), the density is below e^-50 of its largest. */
int perturbation_clipped_stationary(const clipped_error *e, distances *d)
{
    REQUIRE(0.0 < e->bound && e->bound <= 2.0 && e->slope > 0.0);
    const double reach = 10.0 + 2.0 * e->bound;
    target *standard = target_gauss(0.0, 1.0);
    const reference r = {standard, 1.0, 0.0};
    int status = divergence_unnormalised(stationary, e, -reach, reach, &r, d);
    target_free(standard);
    return status;
}
