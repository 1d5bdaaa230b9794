/* carry.c -- lines of the probability flow of a worked diffusion. */
#include "diffusion.h"
#include "ode.h"

#include <stdlib.h>

static const double TOLERANCE = 1e-12;

typedef struct {
    const diffusion *c;
    bool without_div;
    int n;
    diffusion_point *at; /* n */
} lines;

static void velocity(const void *ctx, double t, const double *x, double *dx)
{
    const lines *l = ctx;
    diffusion_at(l->c, t, l->n, x, l->at);
    for (int i = 0; i < l->n; i++) {
        if (l->without_div) l->at[i].da = 0.0;
        dx[i] = diffusion_flow(l->at[i]);
    }
}

int diffusion_carry(const diffusion *c, bool without_div, double s, double t, int n,
                    double *x, double *error)
{
    lines l = {c, without_div, n, NEW_ARRAY(diffusion_point, n)};
    int status = ode_solve(velocity, &l, n, s, t, TOLERANCE, x, error);
    free(l.at);
    return status;
}
