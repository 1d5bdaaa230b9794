/* Deterministic schemes: the map F from N(0,1) to the law, and its derivative.
 *
 * A scheme acts linearly on the state and on values of the score. Applied in R^2 to the pair
 * (F, F') with the "score" (S(F), S'(F) F') it therefore moves F' by the derivative of its own
 * map: no scheme needs code of its own.
 */
#include "internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { BLOCK = 256 }; /* nodes a task */

void flow_free(flow *f)
{
    if (!f) return;
    free(f->z);
    free(f);
}

/* log Phi(z) for z <= 0, and the log of the lower (side = 1) or upper (side = -1) tail at x. */
static double log_tail(const start_law *l, double side, double x)
{
    return log(side > 0.0 ? target_cdf(l->p, l->m, l->s2, x)
                          : target_survival(l->p, l->m, l->s2, x));
}

/* F(z) = Q(Phi(z)), F' = phi(z)/p(F): Newton on the logarithm of the nearer tail, started at x.
   Returns false if it does not converge. */
static bool quantile(const start_law *l, double z, double *x, double *dx)
{
    double side = z <= 0.0 ? 1.0 : -1.0, want = log(0.5 * erfc(fabs(z) * sqrt(0.5)));
    for (int i = 0; i < 60; i++) {
        double logp, have = log_tail(l, side, *x);
        target_score(l->p, l->m, l->s2, 1, x, &logp, NULL, NULL);
        double shift = (want - have) * exp(have - logp);
        *x += side * shift;
        *dx = exp(-0.5 * z * z - 0.5 * log(2.0 * SC_PI) - logp);
        if (fabs(shift) <= 4e-16 * (1.0 + fabs(*x)) || (i > 8 && fabs(shift) < 1e-14))
            return isfinite(*x) && *dx > 0.0;
    }
    return false;
}

/* The start law as a map of N(0,1), from the centre outwards, each node started at the tangent of its
   neighbour. */
static int start_map(const start_law *l, flow *f)
{
    long middle = 0;
    while (middle + 1 < f->n && f->z[middle] < 0.0) middle++;
    double x = l->m * (isfinite(target_mean(l->p)) ? target_mean(l->p) : 0.0), dx = 0.0;
    if (!quantile(l, f->z[middle], &x, &dx)) return SC_ECONVERGENCE;
    for (int side = -1; side <= 1; side += 2) {
        double y = x, dy = dx;
        for (long j = middle; j >= 0 && j < f->n; j += side) {
            if (j != middle) y += (f->z[j] - f->z[j - side]) * dy;
            if (!quantile(l, f->z[j], &y, &dy)) return SC_ECONVERGENCE;
            f->F[j] = y;
            f->dF[j] = dy;
        }
    }
    return SC_OK;
}

/* z(x) = Phi^{-1}(P(x)) and dz/dx = p(x)/phi(z). */
static double normal_score(const start_law *data, double x, double *slope)
{
    double below = target_cdf(data->p, data->m, data->s2, x), logp;
    double above = target_survival(data->p, data->m, data->s2, x);
    double z =
        below < above ? gsl_cdf_ugaussian_Pinv(below) : gsl_cdf_ugaussian_Qinv(above);
    target_score(data->p, data->m, data->s2, 1, &x, &logp, NULL, NULL);
    *slope = exp(logp + 0.5 * z * z + 0.5 * log(2.0 * SC_PI));
    return z;
}

/* The nodes: w(x) = z(x) + k x at equal steps, by Newton for x. */
static int place_nodes(const start_law *data, flow *f)
{
    double lo, hi, slope;
    target_span(data->p, data->m, data->s2, 1e-33, &lo, &hi);
    if (!quantile(data, -12.0, &lo, &slope) || !quantile(data, 12.0, &hi, &slope))
        return SC_ECONVERGENCE;
    double k = 24.0 / (hi - lo), x = lo;
    f->w0 = -12.0 + k * lo;
    f->dw = 48.0 / (double)(f->n - 1);
    for (long j = 0; j < f->n; j++) {
        double want = f->w0 + (double)j * f->dw, miss = (double)INFINITY;
        for (int i = 0; i < 60 && fabs(miss) > 1e-13; i++) {
            f->z[j] = normal_score(data, x, &slope);
            miss = f->z[j] + k * x - want;
            x -= miss / (slope + k);
        }
        if (!(fabs(miss) <= 1e-13)) return SC_ECONVERGENCE;
        f->dz[j] = slope / (slope + k);
        x += f->dw / (slope + k);
    }
    return SC_OK;
}

/* Rows (F, F') -> (S(F), S'(F) F'). */
static void tangent_score(const void *ctx, double t, long n, int d, const double *x,
                          int ldx, double *s, int lds)
{
    REQUIRE(d == 2 && n <= BLOCK);
    double F[BLOCK] = {0}, S[BLOCK], dS[BLOCK];
    for (long i = 0; i < n; i++) F[i] = x[i * ldx];
    law_score(ctx, t, n, F, S, dS);
    for (long i = 0; i < n; i++) {
        s[i * lds] = S[i];
        s[i * lds + 1] = dS[i] * x[i * ldx + 1];
    }
}

/* Takes nodes first .. first+n-1 through all steps; false if F' <= 0 or F is not finite. */
static bool carry(const chain *c, flow *f, long first, long n)
{
    double state[2 * BLOCK];
    for (long i = 0; i < n; i++) {
        state[2 * i] = f->F[first + i];
        state[2 * i + 1] = f->dF[first + i];
    }
    for (int k = 0; k < c->steps; k++) {
        move m = {c->forward, {tangent_score, c}, c->t[k], c->t[k + 1], n, 2};
        c->scheme->advance(c->scheme, &m, state, NULL, state);
        for (long i = 0; i < n; i++)
            if (!(isfinite(state[2 * i]) && state[2 * i + 1] > 0.0)) return false;
    }
    for (long i = 0; i < n; i++) {
        f->F[first + i] = state[2 * i];
        f->dF[first + i] = state[2 * i + 1];
    }
    return true;
}

int law_flow(const chain *c, long nodes, flow **out)
{
    REQUIRE(nodes >= 2 && c->steps > 0);
    double end = c->t[c->steps];
    start_law data = {c->data, NULL, sde_scale(c->forward, end),
                      sde_var(c->forward, end)};
    if (c->scheme->normals != 0 || c->perturb || !(law_start_sd(&data) > 0.0))
        return SC_EDOMAIN;
    flow *f = NEW(flow);
    f->n = nodes;
    f->z = NEW_ARRAY(double, 4 * nodes);
    f->dz = f->z + nodes;
    f->F = f->dz + nodes;
    f->dF = f->F + nodes;
    start_law from = law_start(c->data, c->forward, c->t[0], c->from);
    int status = place_nodes(&data, f);
    if (status == SC_OK) status = start_map(&from, f);
    target_free(from.owned);
    long blocks = (nodes + BLOCK - 1) / BLOCK, folded = 0;
    if (status == SC_OK) {
#pragma omp parallel for default(none) shared(c, f, blocks, nodes) schedule(dynamic)     \
    reduction(+ : folded)
        for (long b = 0; b < blocks; b++) {
            long first = b * BLOCK, n = nodes - first < BLOCK ? nodes - first : BLOCK;
            folded += !carry(c, f, first, n);
        }
        if (folded > 0) status = SC_ECONVERGENCE;
    }
    if (status == SC_OK)
        *out = f;
    else
        flow_free(f);
    return status;
}
