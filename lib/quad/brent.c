/* Brent's root finder and minimiser, by GSL. GSL aborts on values that are not finite unless its
   handler is off; here they are noted, and reported as a status. */
#include "quad.h"

#include <float.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_roots.h>
#include <math.h>

typedef struct {
    quad_function *f;
    const void *ctx;
    bool broken; /* f was not finite somewhere */
} guarded;

static double evaluate(double x, void *params)
{
    guarded *g = params;
    double y = g->f(x, g->ctx);
    if (isfinite(y)) return y;
    g->broken = true;
    return 0.0;
}

int quad_root(quad_function *f, const void *ctx, double a, double b, double *root)
{
    enum { MAX_ITERATIONS = 200 };
    REQUIRE(a <= b);
    guarded g = {f, ctx, false};
    double fa = evaluate(a, &g), fb = evaluate(b, &g);
    if (g.broken || (fa < 0.0 && fb < 0.0) || (fa > 0.0 && fb > 0.0)) return SC_EDOMAIN;
    if (fa == 0.0 || fb == 0.0) {
        *root = fa == 0.0 ? a : b;
        return SC_OK;
    }

    gsl_function F = {evaluate, &g};
    gsl_root_fsolver *s = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    REQUIRE(s != NULL);
    int status = SC_ECONVERGENCE;
    gsl_root_fsolver_set(s, &F, a, b);
    double x = a;
    for (int i = 0; i < MAX_ITERATIONS && status == SC_ECONVERGENCE; i++) {
        gsl_root_fsolver_iterate(s);
        x = gsl_root_fsolver_root(s);
        double width = fabs(gsl_root_fsolver_x_upper(s) - gsl_root_fsolver_x_lower(s));
        if (g.broken)
            status = SC_EDOMAIN;
        else if (width <= 4.0 * DBL_EPSILON * fabs(x) + DBL_MIN ||
                 evaluate(x, &g) == 0.0)
            status = SC_OK;
    }
    gsl_root_fsolver_free(s);
    if (status == SC_OK) *root = x;
    return status;
}

/* The lowest of 32 inner points, if it lies below both ends. */
static bool bracket(guarded *g, double a, double b, double *inner)
{
    enum { POINTS = 33 };
    double best = fmin(evaluate(a, g), evaluate(b, g));
    bool found = false;
    for (int i = 1; i < POINTS; i++) {
        double x = a + (b - a) * i / POINTS, y = evaluate(x, g);
        if (y < best) {
            best = y;
            *inner = x;
            found = true;
        }
    }
    return found && !g->broken;
}

int quad_minimum(quad_function *f, const void *ctx, double a, double b, double *argmin)
{
    enum { MAX_ITERATIONS = 200 };
    REQUIRE(a < b);
    guarded g = {f, ctx, false};
    double x;
    if (!bracket(&g, a, b, &x)) return SC_EDOMAIN;

    gsl_function F = {evaluate, &g};
    gsl_min_fminimizer *s = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    REQUIRE(s != NULL);
    int status = SC_ECONVERGENCE;
    gsl_min_fminimizer_set(s, &F, x, a, b);
    for (int i = 0; i < MAX_ITERATIONS && status == SC_ECONVERGENCE; i++) {
        gsl_min_fminimizer_iterate(s);
        x = gsl_min_fminimizer_x_minimum(s);
        double width = gsl_min_fminimizer_x_upper(s) - gsl_min_fminimizer_x_lower(s);
        if (g.broken)
            status = SC_EDOMAIN;
        else if (width <= 1e-8 * (b - a) + 4e-8 * fabs(x))
            status = SC_OK;
    }
    gsl_min_fminimizer_free(s);
    if (status == SC_OK) *argmin = x;
    return status;
}
