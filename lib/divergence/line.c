/* A propagated density against the reference it should have. */
#include "internal.h"
#include "mc.h"

#include <math.h>
#include <stdlib.h>

/* What the grid of c cannot see: the reference's mass beyond its ends, lo and hi. TV gains half of it.
   The reverse KL, int q log(q/p) - q + p, gains all of it; by the whole mass 1 instead of the part seen
   the sum is left with q log(q/p) - q, which ends at 0. 1e-14 of that mass may carry 1e-12 of KL, so
   that beyond it KL and W2 are not known. */
static void admit_tails(const pair *c, const reference *r, double lo, double hi,
                        line_values *v)
{
    double outside = target_cdf(r->data, r->m, r->s2, lo) +
                     target_survival(r->data, r->m, r->s2, hi);
    double breaks[TARGET_BREAKS];
    v->tv += 0.5 * outside;
    if (outside <= 1e-14) return;
    bool smooth = target_breaks(r->data, r->m, r->s2, breaks) == 0;
    v->kl_reverse += smooth ? 1.0 - c->dx * mc_sum(c->n, c->p) : outside;
    v->kl = v->w2 = (double)NAN;
}

/* Below 1e-17 of its peak a propagated density lacks kernels cut off, hence log(p/q) digits: what four
   units of it weigh under p. */
static double truncation(const pair *c)
{
    double peak = 0.0, mass = 0.0;
    for (long j = 0; j < c->n; j++) peak = fmax(peak, c->q[j]);
    for (long j = 0; j < c->n; j++)
        if (c->q[j] < 1e-17 * peak) mass += c->dx * c->p[j];
    return 4.0 * mass;
}

int divergence_line(const line *law, const reference *r, bool zero_split_only,
                    line_values *v)
{
    long n = law->n;
    double *x = NEW_ARRAY(double, 3 * n), *log_p = x + n, *p = log_p + n;
    for (long j = 0; j < n; j++) x[j] = law->x0 + (double)j * law->dx;
    target_score(r->data, r->m, r->s2, n, x, log_p, NULL, NULL);
    for (long j = 0; j < n; j++) p[j] = exp(log_p[j]);
    double breaks[TARGET_BREAKS];
    bool smooth = target_breaks(r->data, r->m, r->s2, breaks) == 0;
    pair c = {n, law->x0, law->dx, log_p, p, law->p, NULL, smooth ? NULL : r};
    line_values out;
    int status = divergence_pair(&c, zero_split_only, &out);
    if (status == SC_OK) {
        out.kl_truncation = truncation(&c);
        admit_tails(&c, r, x[0], x[n - 1], &out);
        *v = out;
    }
    free(x);
    return status;
}

/* Neighbouring steps of F differ by less than a factor 2 wherever there is mass. Where the map jumps
   over a deep valley they do not, and two resolutions may agree on the wrong value. */
static bool resolved(const flow *f, const double *p, const double *q)
{
    for (long j = 1; j + 1 < f->n; j++) {
        double before = f->F[j] - f->F[j - 1], after = f->F[j + 1] - f->F[j];
        bool mass = f->dw * fmax(p[j], q[j]) > 1e-13;
        if (mass && !(after < 2.0 * before && before < 2.0 * after)) return false;
    }
    return true;
}

/* On the w-axis the law has the density phi(z) dz/dw, and the reference is pulled back to
   p(F) F' dz/dw. */
int divergence_flow(const flow *law, const reference *r, line_values *v)
{
    long n = law->n;
    double breaks[TARGET_BREAKS];
    if (target_breaks(r->data, r->m, r->s2, breaks) > 0) return SC_EDOMAIN;
    double *log_p = NEW_ARRAY(double, 3 * n), *p = log_p + n, *q = p + n;
    target_score(r->data, r->m, r->s2, n, law->F, log_p, NULL, NULL);
    for (long j = 0; j < n; j++) {
        log_p[j] += log(law->dF[j]) + log(law->dz[j]);
        p[j] = exp(log_p[j]);
        q[j] = exp(-0.5 * law->z[j] * law->z[j]) * law->dz[j] / sqrt(2.0 * SC_PI);
    }
    pair c = {n, law->w0, law->dw, log_p, p, q, law->F, NULL};
    line_values out;
    int status = SC_EACCURACY;
    if (resolved(law, p, q)) status = divergence_pair(&c, false, &out);
    if (status == SC_OK) {
        admit_tails(&c, r, law->F[0], law->F[n - 1], &out);
        *v = out;
    }
    free(log_p);
    return status;
}
