/* A propagated density against the reference it should have. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

int divergence_line(const line *law, const reference *r, bool zero_split_only,
                    line_values *v)
{
    long n = law->n;
    double *x = NEW_ARRAY(double, 3 * n), *log_p = x + n, *p = log_p + n;
    for (long j = 0; j < n; j++) x[j] = law->x0 + (double)j * law->dx;
    target_score(r->data, r->m, r->s2, n, x, log_p, NULL, NULL);
    for (long j = 0; j < n; j++) p[j] = exp(log_p[j]);
    pair c = {n, law->x0, law->dx, log_p, p, law->p, NULL};
    line_values out;
    int status = divergence_pair(&c, zero_split_only, &out);
    double outside = target_cdf(r->data, r->m, r->s2, x[0]) +
                     (1.0 - target_cdf(r->data, r->m, r->s2, x[n - 1]));
    free(x);
    CHECK(status);
    out.tv += 0.5 * outside;
    /* 1e-14 of mass beyond the grid may carry 1e-12 of KL. */
    if (outside > 1e-14) out.kl = out.w2 = (double)NAN;
    *v = out;
    return SC_OK;
}
