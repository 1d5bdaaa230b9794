/* The regularised score. */
#include "kde.h"

#include <math.h>
#include <stdlib.h>

kde kde_of(const cloud *points, double h, double eps)
{
    REQUIRE(h > 0.0 && eps >= 0.0);
    return (kde){{points, 1.0, h}, eps};
}

void kde_score(const kde *e, long n, const double *y, double *s)
{
    const int D = cloud_dim(e->rho.of);
    double *logrho = NEW_ARRAY(double, n);
    cloud_eval(&e->rho, n, y, D, logrho, NULL, s);
    for (long i = 0; i < n && e->eps > 0.0; i++) {
        const double kept = exp(fmin(0.0, logrho[i] - log(e->eps)));
        for (int k = 0; k < D; k++) s[i * D + k] *= kept;
    }
    free(logrho);
}
