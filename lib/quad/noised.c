#include "quad.h"

#include <math.h>
#include <stdlib.h>

/* All three in one block, at t. */
static quad_nodes nodes_of(double t0, double T, int times, int normals)
{
    const long n = (long)times * normals;
    double *t = NEW_ARRAY(double, 3 * n), *z = t + n, *w = z + n;
    double *rule = NEW_ARRAY(double, 2 * ((long)times + normals));
    double *logs = rule, *lengths = logs + times, *x = lengths + times,
           *p = x + normals;
    quad_legendre(times, log(t0), log(T), logs, lengths);
    quad_hermite(normals, x, p);
    for (long i = 0; i < n; i++) {
        const long at = i / normals, k = i % normals;
        t[i] = exp(logs[at]);
        z[i] = x[k];
        w[i] = lengths[at] * t[i] * p[k];
    }
    free(rule);
    return (quad_nodes){(int)n, normals, t, z, w};
}

quad_noised quad_noised_of(double t0, double T, int times, int normals)
{
    REQUIRE(0.0 < t0 && t0 < T && times >= 1 && normals >= 1);
    return (quad_noised){t0, T, nodes_of(t0, T, times, normals),
                         nodes_of(t0, T, (3 * times + 3) / 4, (3 * normals + 3) / 4)};
}

void quad_noised_free(quad_noised *r)
{
    free(r->fine.t);
    free(r->coarse.t);
}
