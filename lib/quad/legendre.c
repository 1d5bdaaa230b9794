#include "quad.h"

#include <gsl/gsl_integration.h>

void quad_legendre(int n, double a, double b, double *x, double *w)
{
    REQUIRE(n >= 1);
    gsl_integration_glfixed_table *table =
        gsl_integration_glfixed_table_alloc((size_t)n);
    REQUIRE(table != NULL);
    for (int i = 0; i < n; i++)
        gsl_integration_glfixed_point(a, b, (size_t)i, &x[i], &w[i], table);
    gsl_integration_glfixed_table_free(table);
}
