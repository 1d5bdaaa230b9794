/* ode -- initial value problems dy/dt = f(t, y) in R^n, y smooth.  Floor 0. */
#ifndef SC_ODE_H
#define SC_ODE_H

#include "base.h"

/* dy <- f(t, y); y and dy hold n numbers. */
typedef void ode_field(const void *ctx, double t, const double *y, double *dy);

/* y <- y(t1), given y(t0); t1 may lie before t0. Runge-Kutta 8(9) of Prince and Dormand with steps as
   long as keep the local error of y_i below tolerance max(1, |y_i|).
   error: NULL, or error[i] bounds the error of y_i by what a second run with 30 times the tolerance
   changes, and 4e-15 max(1, |y_i|) for rounding. An estimate: right where both runs are in the regime of
   the method's order, and blind to what lies between the stages of both.
   A step on which f is not finite is tried again half as long: SC_EDOMAIN if it is not however short,
   SC_ECONVERGENCE if 100000 steps do not suffice; y and error are then untouched. */
BASE_MUST_USE int ode_solve(ode_field *f, const void *ctx, int n, double t0, double t1,
                            double tolerance, double *y, double *error);

#endif
