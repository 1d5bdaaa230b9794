/* Mixtures on the line: where to split an integral, and the Fisher information. */
#include "internal.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

int gmm_breakpoints(const gmm *p, double *x)
{
    static const double STEPS[] = {-6.0, -2.0, 0.0, 2.0, 6.0};
    REQUIRE(p->d == 1);
    for (int i = 0; i < p->k; i++)
        for (int j = 0; j < LEN(STEPS); j++)
            x[i * LEN(STEPS) + j] = p->mu[i] + STEPS[j] * p->root[i];
    int n = p->k * LEN(STEPS);
    base_sort(n, x);
    int kept = 1; /* equal ones once */
    for (int i = 1; i < n; i++)
        if (x[i] > x[kept - 1]) x[kept++] = x[i];
    return kept;
}

/* p(x) (d log p / dx)^2 */
static double fisher_density(double x, const void *ctx)
{
    double logp;
    double s;
    gmm_score(ctx, 1, &x, 1, &logp, &s, 1);
    return exp(logp) * s * s;
}

/* I(p) = int p (log p)'^2, split at the breakpoints. */
int gmm_fisher(const gmm *p, double *fisher, double *err)
{
    REQUIRE(p->d == 1);
    double *points = NEW_ARRAY(double, 5L * p->k + 2);
    int n = gmm_breakpoints(p, points + 1);
    points[0] = -HUGE_VAL;
    points[n + 1] = HUGE_VAL;
    int status =
        quad_adaptive(fisher_density, p, n + 2, points, 0.0, 1e-13, fisher, err);
    free(points);
    return status;
}
