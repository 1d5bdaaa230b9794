/* ESM, ISM and the Fisher information: integrals over p_t. */
#include "internal.h"

#include <math.h>

typedef struct {
    const noised *x;
    const field *s; /* NULL: 0 */
} pair;

static void evaluate(const field *s, int n, const double *x, double *y)
{
    s->eval(s->ctx, n, 1, x, 1, y, 1);
}

/* (s - grad log p_t)^2 */
static void explicit_square(const void *ctx, int n, const double *x, double *y)
{
    const pair *p = ctx;
    double u[QUAD_NODES], s[QUAD_NODES] = {0.0};
    REQUIRE(0 < n && n <= QUAD_NODES);
    target_score(p->x->data, p->x->m, p->x->s2, n, x, NULL, u, NULL);
    if (p->s != NULL) evaluate(p->s, n, x, s);
    for (int i = 0; i < n; i++) y[i] = (s[i] - u[i]) * (s[i] - u[i]);
}

static void explicit_fourth(const void *ctx, int n, const double *x, double *y)
{
    explicit_square(ctx, n, x, y);
    for (int i = 0; i < n; i++) y[i] *= y[i];
}

/* s^2 + 2 s' */
static void implicit_square(const void *ctx, int n, const double *x, double *y)
{
    const field *s = ctx;
    double v[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    evaluate(s, n, x, v);
    for (int i = 0; i < n; i++) {
        double slope;
        s->jacobian(s->ctx, 1, &x[i], &slope, 1);
        y[i] = v[i] * v[i] + 2.0 * slope;
    }
}

static void slope_square(const void *ctx, int n, const double *x, double *y)
{
    const field *s = ctx;
    for (int i = 0; i < n; i++) {
        double slope;
        s->jacobian(s->ctx, 1, &x[i], &slope, 1);
        y[i] = 8.0 * slope * slope;
    }
}

noised noised_at(const target *data, const sde *forward, double t)
{
    return (noised){data, sde_scale(forward, t), sde_var(forward, t)};
}

int match_esm(const noised *x, const field *s, enclosure *J)
{
    pair p = {x, s};
    return match_law_mean(x, explicit_square, &p, J);
}

int match_esm_variance(const noised *x, const field *s, enclosure *var)
{
    pair p = {x, s};
    enclosure mean, fourth;
    CHECK(match_law_mean(x, explicit_square, &p, &mean));
    CHECK(match_law_mean(x, explicit_fourth, &p, &fourth));
    *var = enclosure_sub(fourth, enclosure_mul(mean, mean));
    return SC_OK;
}

int match_fisher(const noised *x, const field *s, enclosure *J)
{
    (void)s;
    return match_esm(x, NULL, J);
}

int match_constant(const noised *x, int d, enclosure *constant)
{
    REQUIRE(d >= 1);
    enclosure fisher;
    CHECK(match_fisher(x, NULL, &fisher));
    double m2 = x->m * x->m, others = (d - 1) * (m2 / (x->s2 * (m2 + x->s2)));
    *constant = enclosure_sub(enclosure_exact(1.0 / x->s2 + others), fisher);
    return SC_OK;
}

int match_ism(const noised *x, const field *s, enclosure *J)
{
    REQUIRE(s->jacobian != NULL);
    return match_law_mean(x, implicit_square, s, J);
}

int match_slice_variance(const noised *x, const field *s, enclosure *J)
{
    REQUIRE(s->jacobian != NULL);
    return match_law_mean(x, slope_square, s, J);
}
