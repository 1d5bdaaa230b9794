/* Theorem 6.5 of 002. */
#include "bound.h"
#include "quad.h"

#include <math.h>

/* log int_0^1 e^{xs} ds = log((e^x - 1)/x) */
static double log_mean_exp(double x)
{
    if (x == 0.0) return 0.0;
    return x > 1.0 ? x + log1p(-exp(-x)) - log(x) : log(expm1(x) / x);
}

/* log(e^a + e^b); log 0 = -inf is allowed, and no NaN is lost. */
static double log_sum(double a, double b)
{
    return a == b ? a + log(2.0) : fmax(a, b) + log1p(exp(-fabs(a - b)));
}

double bound_lipschitz_log(const bound_lipschitz *b, double h)
{
    REQUIRE(h > 0.0 && b->G > 0.0);
    double x = 2.0 * (b->L + h - b->pull) * b->G; /* kG */
    double term = log(b->eps2 * b->G / (2.0 * h)) + log_mean_exp(x);
    return log_sum(log(b->w2sq_start) + x, term);
}

static double at_log_h(double log_h, const void *ctx)
{
    return bound_lipschitz_log(ctx, exp(log_h));
}

int bound_lipschitz_least(const bound_lipschitz *b, double *log_least)
{
    enum { H_VALUES = 40 };
    const double first = log(1e-3), ratio = log(1e4) / (H_VALUES - 1);
    double least = (double)INFINITY, log_h;
    int best = 0;
    for (int i = 0; i < H_VALUES; i++) {
        double value = at_log_h(first + i * ratio, b);
        if (value < least) best = i;
        least = fmin(least, value);
    }
    if (!isfinite(least)) return SC_EDOMAIN;
    if (0 < best && best < H_VALUES - 1) {
        double h = first + best * ratio;
        CHECK(quad_minimum(at_log_h, b, h - ratio, h + ratio, &log_h));
        least = fmin(least, at_log_h(log_h, b));
    }
    *log_least = least;
    return SC_OK;
}

bound_lipschitz bound_lipschitz_linear(const linear_case *c)
{
    const sde *e = &c->forward;
    gauss p_T = law_linear_marginal(c, e->T);
    double w2 = gauss_w2(p_T, law_linear_start(c));
    double pull = sde_f(e, e->T) / sde_g2(e, e->T), half = 0.5 * e->T;
    REQUIRE(fabs(sde_f(e, half) - pull * sde_g2(e, half)) <= 1e-12 * sde_g2(e, half));
    return (bound_lipschitz){.w2sq_start = w2 * w2,
                             .eps2 = law_linear_largest_error(c, 1, NULL),
                             .L = fabs(1.0 + c->a) / fmin(c->data.var, p_T.var),
                             .pull = pull,
                             .G = sde_int_g2(e, 0.0, e->T)};
}

/* For a mixture with least variance v in its components -1/v <= (log p)'', and the other side is
   target_concavity. */
double bound_score_lipschitz(const target *data, const sde *e)
{
    enum { TIMES = 32 };
    double largest = 0.0, sd = target_smallest_sd(data), at;
    for (int i = 0; i <= TIMES; i++) {
        double t = e->T * i / TIMES, m = sde_scale(e, t), s2 = sde_var(e, t);
        double convexity = -target_concavity(data, m, s2, &at).lo;
        largest = fmax(largest, fmax(convexity, 1.0 / (m * m * sd * sd + s2)));
    }
    return largest;
}

int bound_lipschitz_trial(const linear_case *c, enclosure *ratio, double *bound)
{
    bound_lipschitz b = bound_lipschitz_linear(c);
    double log_least;
    distances d;
    CHECK(divergence_linear(c, NULL, &d));
    CHECK(bound_lipschitz_least(&b, &log_least));
    *ratio = enclosure_scale(enclosure_mul(d.w2, d.w2), exp(-log_least));
    bound[0] = 1.0;
    return SC_OK;
}
