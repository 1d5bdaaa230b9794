/* KL, reverse KL and TV of two densities on one grid. */
#include "internal.h"
#include "mc.h"

#include <math.h>
#include <stdlib.h>

/* p excess(u) = p log(p/q) - p + q >= 0 with u = log(p/q), excess(u) = exp(-u) - 1 + u: by its
   series where the closed form cancels. */
static double bregman(double p, double q, double u)
{
    if (fabs(u) > 0.05) return p * u - p + q;
    double term = 0.5 * u * u, sum = term;
    for (int k = 3; k <= 10; k++) {
        term *= -u / k;
        sum += term;
    }
    return p * sum;
}

/* A propagated density ends where its last kernel ends, at exp(-K^2/2) = 4e-19 of the peak. Where it
   is 0, a reference below this is taken for 0, and not for a proof of KL = inf. */
static const double NEGLIGIBLE = 1e-17;

double divergence_kl_integrand(double p, double log_p, double q, double log_q)
{
    if (!(p > 0.0)) return q;
    if (!(q > 0.0)) return p > NEGLIGIBLE ? (double)INFINITY : 0.0;
    return bregman(p, q, log_p - log_q);
}

/* Both, by the trapezoid rule, exponentially accurate for analytic densities. */
static void kl(const pair *c, line_values *v)
{
    double *forward = NEW_ARRAY(double, 2 * c->n), *reverse = forward + c->n;
    for (long j = 0; j < c->n; j++) {
        double log_q = log(c->q[j]);
        forward[j] = divergence_kl_integrand(c->p[j], c->log_p[j], c->q[j], log_q);
        /* p may underflow where log p is finite: then it is positive all the same */
        double p = isinf(c->log_p[j]) ? 0.0 : fmax(c->p[j], 0x1p-1074);
        reverse[j] = divergence_kl_integrand(c->q[j], log_q, p, c->log_p[j]);
    }
    v->kl = c->dx * mc_sum(c->n, forward);
    v->kl_reverse = c->dx * mc_sum(c->n, reverse);
    free(forward);
}

/* The zero of the cell's polynomial, whose ends have opposite signs, to the last bit of theta. */
static double crossing(const double c[STENCIL], double left)
{
    double lo = 0.0, hi = 1.0;
    for (int i = 0; i < 52; i++) {
        double mid = 0.5 * (lo + hi), f = spline_value(c, mid);
        if ((f > 0.0) == (left > 0.0))
            lo = mid;
        else
            hi = mid;
    }
    return 0.5 * (lo + hi);
}

/* 1/2 sum |int (p - q)| over segments that end at every sign change and at every node: a segment
   spanning a valley where |p - q| is rounding would cancel the masses on its two sides. With
   zero_split_only (a control) segments end only at sign changes of more than 1e-14. */
static double tv(const pair *c, bool zero_split_only)
{
    double *d = NEW_ARRAY(double, c->n), *part = NEW_ARRAY(double, c->n);
    for (long j = 0; j < c->n; j++) d[j] = c->p[j] - c->q[j];
    spline s;
    spline_make(&s);
    double run = 0.0; /* integral since the last split */
    for (long j = 0; j + 1 < c->n; j++) {
        double a[STENCIL];
        spline_cell(&s, c->n, d, j, a);
        double whole = spline_integral(a, 1.0);
        double change = d[j] * d[j + 1] < 0.0 ? fmin(fabs(d[j]), fabs(d[j + 1])) : 0.0;
        if (change > (zero_split_only ? 1e-14 : 0.0)) {
            double first = spline_integral(a, crossing(a, d[j]));
            part[j] = fabs(run + first);
            run = whole - first;
        } else {
            run += whole;
        }
        if (!zero_split_only || j + 2 == c->n) {
            part[j] += fabs(run);
            run = 0.0;
        }
    }
    double sum = mc_sum(c->n, part);
    free(part);
    free(d);
    return 0.5 * c->dx * sum;
}

int divergence_pair(const pair *c, bool zero_split_only, line_values *v)
{
    REQUIRE(c->n >= STENCIL);
    for (long j = 0; j < c->n; j++)
        if (!(c->p[j] >= 0.0 && c->q[j] >= 0.0)) return SC_EDOMAIN;
    line_values out = {.kl_truncation = 0.0};
    double x[TARGET_BREAKS];
    int breaks =
        c->exact ? target_breaks(c->exact->data, c->exact->m, c->exact->s2, x) : 0;
    if (breaks > 0) {
        divergence_pair_broken(c, breaks, x, &out);
    } else {
        kl(c, &out);
        out.tv = tv(c, zero_split_only);
    }
    divergence_pair_w2(c, &out);
    *v = out;
    return SC_OK;
}
