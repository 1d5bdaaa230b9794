#include "quad.h"

#include <gsl/gsl_integration.h>
#include <math.h>

void quad_hermite(int n, double *x, double *w)
{
    REQUIRE(n >= 1);
    gsl_integration_fixed_workspace *rule = gsl_integration_fixed_alloc(
        gsl_integration_fixed_hermite, (size_t)n, 0.0, 0.5, 0.0, 0.0);
    REQUIRE(rule != NULL);
    const double *nodes = gsl_integration_fixed_nodes(rule);
    const double *weights = gsl_integration_fixed_weights(rule);
    for (int i = 0; i < n; i++) {
        x[i] = nodes[i];
        w[i] = weights[i] / sqrt(2.0 * SC_PI);
    }
    gsl_integration_fixed_free(rule);
}
