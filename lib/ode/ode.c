#include "ode.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const unsigned long MAX_STEPS = 100000;
static const double COARSER = 30.0, ROUNDING = 4e-15;

typedef struct {
    ode_field *f;
    const void *ctx;
    int n;
} problem;

static int evaluate(double t, const double y[], double dy[], void *params)
{
    const problem *p = params;
    p->f(p->ctx, t, y, dy);
    for (int i = 0; i < p->n; i++)
        if (!isfinite(dy[i])) return GSL_EBADFUNC;
    return GSL_SUCCESS;
}

/* The solver carries y from t0 to t1. A step in which f fails is tried again half as long: what is not
   finite in the end has run out of steps or of length. */
static int run(problem *p, double t0, double t1, double tolerance, double *y)
{
    gsl_odeiv2_system system = {evaluate, NULL, (size_t)p->n, p};
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_standard_new(
        &system, gsl_odeiv2_step_rk8pd, 1e-3 * (t1 - t0), tolerance, tolerance, 1.0,
        0.0);
    REQUIRE(driver != NULL);
    gsl_odeiv2_driver_set_nmax(driver, MAX_STEPS);
    int status = gsl_odeiv2_driver_apply(driver, &t0, t1, y);
    gsl_odeiv2_driver_free(driver);
    for (int i = 0; i < p->n; i++)
        if (!isfinite(y[i])) return SC_EDOMAIN;
    if (status == GSL_EBADFUNC) return SC_EDOMAIN;
    return status == GSL_SUCCESS ? SC_OK : SC_ECONVERGENCE;
}

int ode_solve(ode_field *f, const void *ctx, int n, double t0, double t1,
              double tolerance, double *y, double *error)
{
    REQUIRE(n >= 1 && tolerance > 0.0 && isfinite(t0) && isfinite(t1));
    if (t0 == t1) {
        if (error != NULL) memset(error, 0, (size_t)n * sizeof *error);
        return SC_OK;
    }
    problem p = {f, ctx, n};
    double *fine = NEW_ARRAY(double, 2L * n), *coarse = fine + n;
    memcpy(fine, y, (size_t)n * sizeof *y);
    memcpy(coarse, y, (size_t)n * sizeof *y);
    int status = run(&p, t0, t1, tolerance, fine);
    if (status == SC_OK && error != NULL)
        status = run(&p, t0, t1, COARSER * tolerance, coarse);
    for (int i = 0; status == SC_OK && i < n; i++) {
        if (error != NULL)
            error[i] = fabs(fine[i] - coarse[i]) + ROUNDING * fmax(1.0, fabs(fine[i]));
        y[i] = fine[i];
    }
    free(fine);
    return status;
}
