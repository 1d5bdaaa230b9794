/* A propagated density against the reference it should have. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* What the grid cannot see: the reference's mass beyond its ends. TV gains half of it; 1e-14 of it
   may carry 1e-12 of KL, so that beyond it KL and W2 are not known. */
static void admit_tails(const reference *r, double lo, double hi, line_values *v)
{
    double outside = target_cdf(r->data, r->m, r->s2, lo) +
                     target_survival(r->data, r->m, r->s2, hi);
    v->tv += 0.5 * outside;
    if (outside > 1e-14) v->kl = v->w2 = (double)NAN;
}

int divergence_line(const line *law, const reference *r, bool zero_split_only,
                    line_values *v)
{
    long n = law->n;
    double *x = NEW_ARRAY(double, 3 * n), *log_p = x + n, *p = log_p + n;
    for (long j = 0; j < n; j++) x[j] = law->x0 + (double)j * law->dx;
    target_score(r->data, r->m, r->s2, n, x, log_p, NULL, NULL);
    for (long j = 0; j < n; j++) p[j] = exp(log_p[j]);
    double breaks[2];
    bool smooth = target_breaks(r->data, r->m, r->s2, breaks) == 0;
    pair c = {n, law->x0, law->dx, log_p, p, law->p, NULL, smooth ? NULL : r};
    line_values out;
    int status = divergence_pair(&c, zero_split_only, &out);
    if (status == SC_OK) {
        admit_tails(r, x[0], x[n - 1], &out);
        *v = out;
    }
    free(x);
    return status;
}

/* On the z-axis the law is N(0,1) and the reference is pulled back to p(F) F'. */
int divergence_flow(const flow *law, const reference *r, line_values *v)
{
    long n = law->n;
    double breaks[2];
    if (target_breaks(r->data, r->m, r->s2, breaks) > 0) return SC_EDOMAIN;
    double *log_p = NEW_ARRAY(double, 3 * n), *p = log_p + n, *q = p + n;
    target_score(r->data, r->m, r->s2, n, law->F, log_p, NULL, NULL);
    for (long j = 0; j < n; j++) {
        double z = law->z0 + (double)j * law->dz;
        log_p[j] += log(law->dF[j]);
        p[j] = exp(log_p[j]);
        q[j] = exp(-0.5 * z * z) / sqrt(2.0 * SC_PI);
    }
    pair c = {n, law->z0, law->dz, log_p, p, q, law->F, NULL};
    line_values out;
    int status = divergence_pair(&c, false, &out);
    if (status == SC_OK) {
        admit_tails(r, law->F[0], law->F[n - 1], &out);
        *v = out;
    }
    free(log_p);
    return status;
}
