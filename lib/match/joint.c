/* Integrals over the joint law of (X_0, Z), and DSM. */
#include "internal.h"

#include <math.h>

/* ---- E f(X_0, Z) ----------------------------------------------------------------
 *
 * The outer variable y is z0 with X_0 = mu + sqrt(v) z0 for a component, X_0 itself for a density
 * p_0. The inner integrals come with bounds e(y); what they add to the outer one,
 * int p e dy, is at most  pi w max{p e (1 + (y - c)^2/w^2)}  for any centre c and width w. */

typedef struct {
    const noised *x;
    match_observable *f;
    const void *ctx;
    match_component of;   /* the component, if there is one */
    double centre, width; /* c and w */
    double x0;
    double *worst; /* the maximum above, over the nodes */
} joint;

static void inner(const void *ctx, int n, const double *z, double *y)
{
    const joint *j = ctx;
    j->f(j->ctx, j->x0, n, z, y);
}

/* E f(x0, Z) at the outer variable y, density p; NaN if it fails, which the outer integral
   reports. */
static double inner_mean(const joint *j, double x0, double y, double p)
{
    joint at = *j;
    at.x0 = x0;
    double value, err, reach = (y - j->centre) / j->width;
    if (match_normal_mean(inner, &at, &value, &err) != SC_OK) return NAN;
    *j->worst = fmax(*j->worst, p * err * (1.0 + reach * reach));
    return value;
}

static void over_component(const void *ctx, int n, const double *z0, double *y)
{
    const joint *j = ctx;
    for (int i = 0; i < n; i++)
        y[i] = inner_mean(j, j->of.mu + sqrt(j->of.v) * z0[i], z0[i],
                          exp(-0.5 * z0[i] * z0[i]) / sqrt(2.0 * SC_PI));
}

static void over_density(const void *ctx, int n, const double *x0, double *y)
{
    const joint *j = ctx;
    double logp[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    target_score(j->x->data, 1.0, 0.0, n, x0, logp, NULL, NULL);
    for (int i = 0; i < n; i++) {
        double p = exp(logp[i]);
        y[i] = p > 0.0 ? p * inner_mean(j, x0[i], x0[i], p) : 0.0;
    }
}

static int component_mean(joint *j, match_component c, double *value, double *err)
{
    double worst = 0.0;
    j->of = c;
    j->centre = 0.0;
    j->width = 1.0;
    j->worst = &worst;
    if (c.v > 0.0) {
        CHECK(match_normal_mean(over_component, j, value, err));
        *err += SC_PI * worst;
        return SC_OK;
    }
    j->x0 = c.mu; /* an atom */
    return match_normal_mean(inner, j, value, err);
}

static int density_mean(joint *j, double *value, double *err)
{
    double lo, hi, worst = 0.0;
    target_span(j->x->data, 1.0, 0.0, 1e-3, &lo, &hi);
    double points[] = {-INFINITY, lo, 0.5 * (lo + hi), hi, INFINITY};
    j->centre = 0.5 * (lo + hi);
    j->width = 0.5 * (hi - lo);
    j->worst = &worst;
    CHECK(quad_adaptive_batch(over_density, j, LEN(points), points, 0.0, MATCH_EPSREL,
                              value, err));
    *err += SC_PI * j->width * worst;
    return SC_OK;
}

int match_expectation(const noised *x, match_observable *f, const void *ctx,
                      enclosure *mean)
{
    joint j = {.x = x, .f = f, .ctx = ctx};
    const gmm *p = target_as_gmm(x->data);
    double sum = 0.0, sum_err = 0.0;
    if (p == NULL) CHECK(density_mean(&j, &sum, &sum_err));
    for (int i = 0; p != NULL && i < gmm_components(p); i++) {
        match_component c = match_component_of(p, i);
        double part, part_err;
        CHECK(component_mean(&j, c, &part, &part_err));
        sum += c.w * part;
        sum_err += c.w * part_err;
    }
    *mean = enclosure_about(sum, sum_err);
    return SC_OK;
}

/* ---- Squares ---------------------------------------------------------------------- */

typedef struct {
    const noised *x;
    const field *s;
    match_combination of;
} combination;

static void square(const void *ctx, double x0, int n, const double *z, double *y)
{
    const combination *q = ctx;
    double x[QUAD_NODES], s[QUAD_NODES], sigma = sqrt(q->x->s2);
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++) x[i] = q->x->m * x0 + sigma * z[i];
    q->s->eval(q->s->ctx, n, 1, x, 1, s, 1);
    for (int i = 0; i < n; i++) {
        double sum = q->of.a * s[i] + q->of.b * z[i] + q->of.c * x0;
        y[i] = sum * sum;
    }
}

int match_square(const noised *x, const field *s, match_combination of, enclosure *J)
{
    REQUIRE(x->s2 > 0.0);
    combination q = {x, s, of};
    return match_expectation(x, square, &q, J);
}

void match_conditionals(const noised *x, match_conditional score[MATCH_CONDITIONALS])
{
    double inverse = 1.0 / sqrt(x->s2);
    const match_conditional all[] = {
        {"truth", {1.0, inverse, 0.0}},
        {"sigma-for-sigma^2", {1.0, 1.0, 0.0}},
        {"without-m", {1.0, inverse, (x->m - 1.0) / x->s2}},
        {"sign-slip", {1.0, -inverse, 0.0}}};
    for (int i = 0; i < MATCH_CONDITIONALS; i++) score[i] = all[i];
}

int match_noise(const noised *x, const field *s, enclosure *J)
{
    return match_square(x, s, (match_combination){sqrt(x->s2), 1.0, 0.0}, J);
}

/* ---- DSM -------------------------------------------------------------------------- */

typedef struct {
    const field *s;
    double mean, var; /* of X_t within the component */
} regression;

/* Within a component X_t ~ N(a, V), a = m mu, V = m^2 v + s2, and m X_0 given X_t = x is Gaussian
   with mean a + (1 - s2/V)(x - a) and variance m^2 v s2/V. Hence (m X_0 - X_t)/s2 has mean
   -(x - a)/V and variance m^2 v/(V s2). This is the square of the mean's distance from s. */
static void squared_bias(const void *ctx, int n, const double *z, double *y)
{
    const regression *r = ctx;
    double x[QUAD_NODES], s[QUAD_NODES], sd = sqrt(r->var);
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++) x[i] = r->mean + sd * z[i];
    r->s->eval(r->s->ctx, n, 1, x, 1, s, 1);
    for (int i = 0; i < n; i++) {
        double gap = s[i] + z[i] / sd;
        y[i] = gap * gap;
    }
}

int match_dsm(const noised *x, const field *s, enclosure *J)
{
    REQUIRE(x->s2 > 0.0);
    regression r = {.s = s};
    const gmm *p = target_as_gmm(x->data);
    if (p == NULL)
        return match_square(x, s, (match_combination){1.0, 1.0 / sqrt(x->s2), 0.0}, J);
    double sum = 0.0, sum_err = 0.0;
    for (int i = 0; i < gmm_components(p); i++) {
        match_component c = match_component_of(p, i);
        double signal = x->m * x->m * c.v, bias, bias_err;
        r.mean = x->m * c.mu;
        r.var = signal + x->s2;
        CHECK(match_normal_mean(squared_bias, &r, &bias, &bias_err));
        sum += c.w * (bias + signal / (r.var * x->s2));
        sum_err += c.w * bias_err;
    }
    *J = enclosure_about(sum, sum_err + 2e-15 * sum); /* rounding of the sum */
    return SC_OK;
}
