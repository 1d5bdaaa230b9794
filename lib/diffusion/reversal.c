/* reversal.c -- the reversed diffusions, as law_affine and law_euler want them, and in weak form. */
#include "diffusion.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

/* b and a at backward time t. */
static void rates(const void *ctx, double t, long n, const double *y, double *b,
                  double *a)
{
    const reversal *r = ctx;
    diffusion_point *p = NEW_ARRAY(diffusion_point, n);
    diffusion_at(&r->c, r->T - t, n, y, p);
    for (long i = 0; i < n; i++) {
        if (r->without_div) p[i].da = 0.0;
        b[i] = diffusion_reverse(p[i]);
        a[i] = p[i].a;
    }
    free(p);
}

double reversal_drift(const reversal *r, double t, double y)
{
    double b, a;
    rates(r, t, 1, &y, &b, &a);
    return b;
}

double reversal_drift_error(const reversal *r, double t, double linear, double cubic)
{
    double worst = 0.0;
    for (int i = 0; i <= 40; i++) {
        double y = -4.0 + 0.2 * i, expected = linear * y + cubic * y * y * y;
        worst = fmax(worst, fabs(reversal_drift(r, t, y) - expected));
    }
    return worst;
}

affine_rates reversal_affine(const void *ctx, double t)
{
    double y[] = {0.0, 1.0}, b[2], a[2];
    rates(ctx, t, 2, y, b, a);
    return (affine_rates){b[1] - b[0], b[0], a[0]};
}

/* Ito: d log Y = (b/Y - a/(2 Y^2)) dt + sqrt(a)/Y dB. */
affine_rates reversal_log_affine(const void *ctx, double t)
{
    double y[] = {1.0, exp(1.0)}, b[2], a[2], at[2], q[2];
    rates(ctx, t, 2, y, b, a);
    for (int i = 0; i < 2; i++) {
        q[i] = a[i] / (y[i] * y[i]);
        at[i] = b[i] / y[i] - 0.5 * q[i];
    }
    return (affine_rates){at[1] - at[0], at[0], q[0]};
}

euler_scheme reversal_euler(const reversal *r, int steps)
{
    REQUIRE(r->c.data != NULL);
    return (euler_scheme){.rates = rates,
                          .ctx = r,
                          .least_noise = 1.0,
                          .T = r->T,
                          .steps = steps,
                          .start = r->c.data,
                          .m = exp(-r->T),
                          .s2 = -expm1(-2.0 * r->T)};
}

/* ---- The weak form -------------------------------------------------------------------- */

enum { SPLITS = 256 };

typedef struct {
    const reversal *r;
    double k, t;   /* forward time */
    int *status;   /* of an inner integral */
    double *error; /* the largest of them */
} problem;

/* p_t (b phi' + a phi''/2), phi = sin kx */
static void generator(const void *ctx, int n, const double *x, double *y)
{
    const problem *p = ctx;
    double b[QUAD_NODES], a[QUAD_NODES], logp[QUAD_NODES], k = p->k, t = p->t;
    REQUIRE(n <= QUAD_NODES);
    rates(p->r, p->r->T - t, n, x, b, a);
    target_score(p->r->c.data, exp(-t), -expm1(-2.0 * t), n, x, logp, NULL, NULL);
    for (int i = 0; i < n; i++) {
        double density = exp(logp[i]);
        double change = k * (b[i] * cos(k * x[i]) - 0.5 * k * a[i] * sin(k * x[i]));
        y[i] = density > 0.0 ? density * change : 0.0;
    }
}

/* phi p_t */
static void sine(const void *ctx, int n, const double *x, double *y)
{
    const problem *p = ctx;
    double t = p->t;
    target_score(p->r->c.data, exp(-t), -expm1(-2.0 * t), n, x, y, NULL, NULL);
    for (int i = 0; i < n; i++) y[i] = exp(y[i]) * sin(p->k * x[i]);
}

/* The integral of f over the line at forward time t. */
static double mean(quad_batch *f, const problem *c, double t)
{
    problem p = *c;
    double points[SPLITS + 2] = {-(double)INFINITY}, value = (double)NAN, error = 0.0;
    int n = target_splits(p.r->c.data, exp(-t), -expm1(-2.0 * t), SPLITS, points + 1);
    points[n + 1] = (double)INFINITY;
    p.t = t;
    int status =
        quad_adaptive_batch(f, &p, n + 2, points, 1e-13, 1e-12, &value, &error);
    if (status != SC_OK) *p.status = status;
    *p.error = fmax(*p.error, error);
    return value;
}

static double generator_mean(double t, const void *ctx)
{
    return mean(generator, ctx, t);
}

int reversal_weak(const reversal *r, double k, enclosure *residual)
{
    REQUIRE(r->c.data != NULL);
    int inside = SC_OK;
    double inner = 0.0, value, error;
    problem p = {r, k, 0.0, &inside, &inner};
    double lost = mean(sine, &p, 0.0) - mean(sine, &p, r->T);
    int status = quad_adaptive(generator_mean, &p, 2, (double[]){0.0, r->T}, 1e-12,
                               1e-12, &value, &error);
    CHECK(inside);
    CHECK(status);
    *residual = enclosure_about(value - lost, error + (2.0 + r->T) * inner);
    return SC_OK;
}
