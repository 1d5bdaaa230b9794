/* S f on the line, by adaptive quadrature in the logarithm. */
#include "internal.h"

#include "quad.h"

#include <float.h>
#include <math.h>

semigroup_kernel semigroup_ou(double sigma, double beta, double t)
{
    REQUIRE(sigma > 0.0 && beta > 0.0 && t > 0.0);
    double s2 = -sigma * sigma * expm1(-2.0 * beta * t);
    return (semigroup_kernel){1.0, exp(-beta * t), s2};
}

semigroup_kernel semigroup_heat(double r)
{
    REQUIRE(r > 0.0);
    return (semigroup_kernel){1.0, 1.0, r};
}

semigroup_kernel semigroup_transition(double sigma, double beta, double t)
{
    semigroup_kernel ou = semigroup_ou(sigma, beta, t);
    return (semigroup_kernel){ou.gamma, 1.0, ou.s2};
}

enclosure semigroup_slope(semigroup_kernel k, enclosure gap)
{
    return enclosure_div(enclosure_scale(gap, k.gamma), enclosure_exact(k.s2));
}

/* ---- The integrals ---------------------------------------------------------------------- */

typedef enum { MASS, GAP, INSIDE, MOMENTS } moment;

/* u - origin = mean + sd z, and alpha u - gamma y = gap + alpha sd z without cancellation. */
typedef struct {
    const semigroup_function *f;
    semigroup_kernel k;
    double mean, sd, gap;
    double top; /* the integrand is scaled by exp(-top) */
    moment of;
} tilted;

/* log f(u) - (alpha u - gamma y)^2/(2 s2), log f, (log f)' and alpha u - gamma y at n nodes z. */
static void evaluate(const tilted *t, int n, const double *z, double *exponent,
                     double *slope, double *gap)
{
    double u[QUAD_NODES] = {0.0};
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++) u[i] = t->mean + t->sd * z[i];
    t->f->eval(t->f->ctx, n, u, exponent, slope);
    for (int i = 0; i < n; i++) {
        gap[i] = t->gap + t->k.alpha * t->sd * z[i];
        exponent[i] -= 0.5 * gap[i] * gap[i] / t->k.s2;
    }
}

static void integrand(const void *ctx, int n, const double *z, double *y)
{
    const tilted *t = ctx;
    double exponent[QUAD_NODES], slope[QUAD_NODES], gap[QUAD_NODES];
    evaluate(t, n, z, exponent, slope, gap);
    for (int i = 0; i < n; i++) {
        double w = exp(exponent[i] - t->top);
        y[i] = t->of == MASS ? w : w * (t->of == GAP ? gap[i] : slope[i]);
    }
}

static const double SPLITS[] = {-13.0, -6.0, -2.0, 0.0, 2.0, 6.0, 13.0};

/* Sets top, and returns what rounding may do to the integrand, relative: 1e-15 of the exponents' parts,
   and of (u - origin) (log f)', since the node is rounded too. */
static double scale(tilted *t)
{
    double exponent[LEN(SPLITS)], slope[LEN(SPLITS)], gap[LEN(SPLITS)], parts = 1.0;
    evaluate(t, LEN(SPLITS), SPLITS, exponent, slope, gap);
    t->top = -INFINITY;
    for (int i = 1; i + 1 < LEN(SPLITS); i++) {
        double q = 0.5 * gap[i] * gap[i] / t->k.s2, u = t->mean + t->sd * SPLITS[i];
        t->top = fmax(t->top, exponent[i]);
        parts = fmax(parts, fabs(exponent[i] + q) + q + fabs(u * slope[i]));
    }
    return 1e-15 * parts;
}

int semigroup_apply(const semigroup_function *f, semigroup_kernel k, double y,
                    smoothed *value)
{
    return semigroup_moments(f, k, y, true, value);
}

int semigroup_moments(const semigroup_function *f, semigroup_kernel k, double y,
                      bool inside, smoothed *value)
{
    double precision = k.alpha * k.alpha / k.s2 + f->a;
    if (!(precision > 0.0)) return SC_EDOMAIN;
    tilted t = {.f = f, .k = k, .sd = 1.0 / sqrt(precision)};
    double centre = k.gamma * y - k.alpha * f->origin;
    t.mean = (k.alpha * centre / k.s2 + f->b) / precision;
    t.gap = (k.alpha * f->b - f->a * centre) / precision;
    double rounding = scale(&t);
    enclosure of[MOMENTS] = {[INSIDE] = {NAN, NAN, 0.0}};
    for (t.of = MASS; t.of < (inside ? MOMENTS : INSIDE); t.of++) {
        double integral, err;
        CHECK(quad_adaptive_batch(integrand, &t, LEN(SPLITS), SPLITS, 0.0, 1e-13,
                                  &integral, &err));
        /* err holds 1e-13 int|integrand| */
        of[t.of] = enclosure_about(integral, err * (1.0 + 1e13 * rounding));
    }
    if (!(of[MASS].lo > 0.0)) return SC_EACCURACY;
    double factor = t.top + log(t.sd) - 0.5 * log(2.0 * SC_PI * k.s2);
    value->log =
        enclosure_widen(enclosure_add(enclosure_log(of[MASS]), enclosure_exact(factor)),
                        1e-15 * (1.0 + fabs(t.top)));
    value->gap = enclosure_div(of[GAP], of[MASS]);
    value->inside = enclosure_div(of[INSIDE], of[MASS]);
    return SC_OK;
}
