#include "quad.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = QUAD_NODES, HALF = NODES / 2 + 1, MAX_PANELS = 4000 };

static const double ROUNDING = 1e-13; /* of int|f|: what rounding in f may do */

/* Kronrod's extension of 10-point Gauss-Legendre on [-1, 1], nodes from the right end to 0;
   the odd entries are the Gauss nodes (Piessens et al., QUADPACK 1983, QK21). */
static const double NODE[HALF] = {0.995657163025808080735527280689003,
                                  0.973906528517171720077964012084452,
                                  0.930157491355708226001207180059508,
                                  0.865063366688984510732096688423493,
                                  0.780817726586416897063717578345042,
                                  0.679409568299024406234327365114874,
                                  0.562757134668604683339000099272694,
                                  0.433395394129247190799265943165784,
                                  0.294392862701460198131126603103866,
                                  0.148874338981631210884826001129720,
                                  0.0};
static const double KRONROD[HALF] = {
    0.011694638867371874278064396062192, 0.032558162307964727478818972459390,
    0.054755896574351996031381300244580, 0.075039674810919952767043140916190,
    0.093125454583697605535065465083366, 0.109387158802297641899210590325805,
    0.123491976262065851077958109585166, 0.134709217311473325928054001771707,
    0.142775938577060080797094273138717, 0.147739104901338491374841515972068,
    0.149445554002916905664936468389821};
static const double GAUSS[HALF / 2] = {
    0.066671344308688137593568809893332, 0.149451349150580593145863396957658,
    0.219086362515982043995534934228163, 0.269266719309996355091226921569469,
    0.295524224714752870173815619188769};

/* Where the panels live: x itself, or y in (0, 1] with x = origin + sign (1 - y)/y. */
typedef struct {
    bool infinite;
    double origin, sign;
} chart;

typedef struct {
    chart c;
    double a, b;
    double value, err, absolute; /* of int f, and int|f| */
} panel;

typedef struct {
    quad_batch *f;
    const void *ctx;
    panel *panels;
    int count, capacity;
} integral;

/* The rule on panel p; false if f is not finite at some node. */
static bool measure(const integral *g, panel *p)
{
    double x[NODES], y[NODES], jacobian[NODES];
    double centre = 0.5 * (p->a + p->b), half = 0.5 * (p->b - p->a);
    for (int i = 0; i < NODES; i++) {
        double node = i < HALF ? -NODE[i] : NODE[NODES - 1 - i];
        double at = centre + half * node;
        x[i] = p->c.infinite ? p->c.origin + p->c.sign * (1.0 - at) / at : at;
        jacobian[i] = p->c.infinite ? 1.0 / (at * at) : 1.0;
    }
    g->f(g->ctx, NODES, x, y);

    double kronrod = 0.0, gauss = 0.0, absolute = 0.0;
    for (int i = 0; i < NODES; i++) {
        int k = i < HALF ? i : NODES - 1 - i;
        y[i] *= jacobian[i];
        if (!isfinite(y[i])) return false;
        kronrod += KRONROD[k] * y[i];
        absolute += KRONROD[k] * fabs(y[i]);
        if (k % 2 == 1) gauss += GAUSS[k / 2] * y[i];
    }
    double spread = 0.0;
    for (int i = 0; i < NODES; i++)
        spread += KRONROD[i < HALF ? i : NODES - 1 - i] * fabs(y[i] - 0.5 * kronrod);

    p->value = kronrod * half;
    p->absolute = absolute * half;
    spread *= half;
    p->err = fabs((kronrod - gauss) * half);
    if (spread > 0.0 && p->err > 0.0) /* QUADPACK: (200 |K - G|/spread)^{3/2} spread */
        p->err = spread * fmin(1.0, pow(200.0 * p->err / spread, 1.5));
    p->err = fmax(p->err, 50.0 * DBL_EPSILON * p->absolute);
    return true;
}

/* Appends the panel (a, b) in chart c, measured. */
static bool append(integral *g, chart c, double a, double b)
{
    panel p = {.c = c, .a = a, .b = b};
    if (!measure(g, &p)) return false;
    if (g->count == g->capacity) {
        panel *more = NEW_ARRAY(panel, 2L * g->capacity);
        memcpy(more, g->panels, (size_t)g->count * sizeof *more);
        free(g->panels);
        g->panels = more;
        g->capacity *= 2;
    }
    g->panels[g->count++] = p;
    return true;
}

/* [a, b] of the caller: one panel, or two for the whole line. */
static bool append_interval(integral *g, double a, double b)
{
    const chart finite = {false, 0.0, 1.0};
    if (isfinite(a) && isfinite(b)) return append(g, finite, a, b);
    double left = isfinite(b) ? b : 0.0, right = isfinite(a) ? a : 0.0;
    return (isfinite(a) || append(g, (chart){true, left, -1.0}, 0.0, 1.0)) &&
           (isfinite(b) || append(g, (chart){true, right, 1.0}, 0.0, 1.0));
}

/* Halves the panel with the largest error. */
static int halve_worst(integral *g)
{
    int worst = 0;
    for (int i = 1; i < g->count; i++)
        if (g->panels[i].err > g->panels[worst].err) worst = i;
    panel *p = &g->panels[worst];
    chart c = p->c;
    double a = p->a, b = p->b, centre = 0.5 * (a + b);
    if (!(a < centre && centre < b)) return SC_EACCURACY;
    p->b = centre;
    if (!measure(g, p) || !append(g, c, centre, b)) return SC_EDOMAIN;
    return SC_OK;
}

static int refine(integral *g, double epsabs, double epsrel, double *value, double *err)
{
    for (;;) {
        double sum = 0.0, estimate = 0.0, absolute = 0.0;
        for (int i = 0; i < g->count; i++) {
            sum += g->panels[i].value;
            estimate += g->panels[i].err;
            absolute += g->panels[i].absolute;
        }
        double rounding = ROUNDING * absolute;
        if (estimate <= fmax(fmax(epsabs, epsrel * fabs(sum)), rounding)) {
            *value = sum;
            *err = estimate + rounding;
            return SC_OK;
        }
        if (g->count >= MAX_PANELS) return SC_EACCURACY;
        CHECK(halve_worst(g));
    }
}

int quad_adaptive_batch(quad_batch *f, const void *ctx, int n, const double *points,
                        double epsabs, double epsrel, double *value, double *err)
{
    REQUIRE(n >= 2 && n < MAX_PANELS / 2 && epsabs >= 0.0 && epsrel >= 0.0);
    int capacity = n + 16;
    integral g = {f, ctx, NEW_ARRAY(panel, capacity), 0, capacity};
    int status = SC_OK;
    for (int i = 0; i + 1 < n && status == SC_OK; i++) {
        REQUIRE(points[i] <= points[i + 1]);
        if (points[i] < points[i + 1] && !append_interval(&g, points[i], points[i + 1]))
            status = SC_EDOMAIN;
    }
    if (status == SC_OK) status = refine(&g, epsabs, epsrel, value, err);
    free(g.panels);
    return status;
}

typedef struct {
    quad_function *f;
    const void *ctx;
} scalar;

static void eval_scalar(const void *ctx, int n, const double *x, double *y)
{
    const scalar *s = ctx;
    for (int i = 0; i < n; i++) y[i] = s->f(x[i], s->ctx);
}

int quad_adaptive(quad_function *f, const void *ctx, int n, const double *points,
                  double epsabs, double epsrel, double *value, double *err)
{
    scalar s = {f, ctx};
    return quad_adaptive_batch(eval_scalar, &s, n, points, epsabs, epsrel, value, err);
}
