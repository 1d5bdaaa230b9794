#include "ode.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const unsigned long MAX_STEPS = 100000;
/* FIRST: the first step of the run that counts, over t1 - t0. The second begins with the whole way, else both
   may take the same steps where it is short, and agree however wrong. */
static const double FIRST = 1e-3, COARSER = 30.0, ROUNDING = 4e-15;

typedef struct {
    ode_field *f;
    const void *ctx;
    int n;
    bool finite; /* f where it was last evaluated */
} problem;

static int evaluate(double t, const double y[], double dy[], void *params)
{
    problem *p = params;
    p->f(p->ctx, t, y, dy);
    p->finite = true;
    for (int i = 0; i < p->n; i++) p->finite = p->finite && isfinite(dy[i]);
    return p->finite ? GSL_SUCCESS : GSL_FAILURE;
}

/* The solver carries y from t0 to t1, at first by a step of first (t1 - t0). A step in which f fails is tried
   again half as long (not so for GSL_EBADFUNC): what is not finite in the end has run out of steps or of
   length. */
static int run(problem *p, double t0, double t1, double first, double tolerance,
               double *y)
{
    gsl_odeiv2_system system = {evaluate, NULL, (size_t)p->n, p};
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_standard_new(
        &system, gsl_odeiv2_step_rk8pd, first * (t1 - t0), tolerance, tolerance, 1.0,
        0.0);
    REQUIRE(driver != NULL);
    gsl_odeiv2_driver_set_nmax(driver, MAX_STEPS);
    int status = gsl_odeiv2_driver_apply(driver, &t0, t1, y);
    gsl_odeiv2_driver_free(driver);
    for (int i = 0; i < p->n; i++)
        if (!isfinite(y[i])) return SC_EDOMAIN;
    if (status == GSL_SUCCESS) return SC_OK;
    return p->finite ? SC_ECONVERGENCE : SC_EDOMAIN;
}

int ode_solve(ode_field *f, const void *ctx, int n, double t0, double t1,
              double tolerance, double *y, double *error)
{
    REQUIRE(n >= 1 && tolerance > 0.0 && isfinite(t0) && isfinite(t1));
    if (t0 == t1) {
        if (error != NULL) memset(error, 0, (size_t)n * sizeof *error);
        return SC_OK;
    }
    problem p = {f, ctx, n, true};
    double *fine = NEW_ARRAY(double, 2L * n), *coarse = fine + n;
    memcpy(fine, y, (size_t)n * sizeof *y);
    memcpy(coarse, y, (size_t)n * sizeof *y);
    int status = run(&p, t0, t1, FIRST, tolerance, fine);
    if (status == SC_OK && error != NULL)
        status = run(&p, t0, t1, 1.0, COARSER * tolerance, coarse);
    for (int i = 0; status == SC_OK && i < n; i++) {
        if (error != NULL)
            error[i] = fabs(fine[i] - coarse[i]) + ROUNDING * fmax(1.0, fabs(fine[i]));
        y[i] = fine[i];
    }
    free(fine);
    return status;
}
