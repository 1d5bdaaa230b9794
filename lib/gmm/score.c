/* Log-density, score, Jacobian and divergence. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* z <- M^T z for lower triangular M, in place: entry a uses z_b, b >= a, not yet overwritten. */
static void lower_transposed_times(int d, const double *M, double *z)
{
    for (int a = 0; a < d; a++) {
        double sum = 0.0;
        for (int b = a; b < d; b++) sum += M[b * d + a] * z[b];
        z[a] = sum;
    }
}

double gmm_pull(const gmm *p, int i, const double *x, double *g)
{
    int d = p->d;
    const double *mu = p->mu + (long)i * d;
    const double *prec = p->prec + i * p->per;
    double q = 0.0;
    if (p->shape == GMM_FULL) {
        for (int a = 0; a < d; a++) { /* g = L^{-1}(mu - x), by rows */
            g[a] = 0.0;
            for (int b = 0; b <= a; b++) g[a] += prec[a * d + b] * (mu[b] - x[b]);
            q += g[a] * g[a];
        }
        lower_transposed_times(d, prec, g);
        return q;
    }
    for (int j = 0; j < d; j++) {
        double z = mu[j] - x[j];
        g[j] = z * prec[p->shape == GMM_DIAGONAL ? j : 0];
        q += z * g[j];
    }
    return q;
}

double gmm_posterior(const gmm *p, const double *x, double *r, double *g)
{
    const double half_log2e = 0.72134752044448170368; /* log2(e)/2 */
    const double ln2 = 0.69314718055994530942;
    const double smallest = 0x1p-1000;

    double top = -HUGE_VAL;
    for (int i = 0; i < p->k; i++) {
        r[i] = p->logc[i] - half_log2e * gmm_pull(p, i, x, g);
        top = fmax(top, r[i]);
    }
    double sum = 0.0;
    for (int i = 0; i < p->k; i++) {
        r[i] = exp2(r[i] - top);
        if (r[i] < smallest) r[i] = 0.0;
        sum += r[i];
    }
    for (int i = 0; i < p->k; i++) r[i] /= sum;
    return ln2 * (top + log2(sum));
}

/* s <- sum r_i g_i; returns log p(x). */
static double score_at(const gmm *p, const double *x, double *r, double *g, double *s)
{
    double logp = gmm_posterior(p, x, r, g);
    memset(s, 0, (size_t)p->d * sizeof *s);
    for (int i = 0; i < p->k; i++) {
        if (r[i] == 0.0) continue;
        gmm_pull(p, i, x, g);
        for (int j = 0; j < p->d; j++) s[j] += r[i] * g[j];
    }
    return logp;
}

/* Trace of C_i^{-1}; FULL: |L^{-1}|_F^2. */
static double trace_precision(const gmm *p, int i)
{
    const double *prec = p->prec + i * p->per;
    if (p->shape == GMM_ISOTROPIC) return p->d * prec[0];
    double sum = 0.0;
    for (long j = 0; j < p->per; j++)
        sum += p->shape == GMM_FULL ? prec[j] * prec[j] : prec[j];
    return sum;
}

/* div s = sum r_i (|g_i - s|^2 - tr C_i^{-1}):  |g_i|^2 - |s|^2 would cancel. */
static double divergence_at(const gmm *p, const double *x, double *r, double *g,
                            double *s)
{
    score_at(p, x, r, g, s);
    double div = 0.0;
    for (int i = 0; i < p->k; i++) {
        if (r[i] == 0.0) continue;
        gmm_pull(p, i, x, g);
        double spread = 0.0;
        for (int j = 0; j < p->d; j++) spread += (g[j] - s[j]) * (g[j] - s[j]);
        div += r[i] * (spread - trace_precision(p, i));
    }
    return div;
}

/* High dimension, where the kernels have no divergence: point by point. */
static void divergences(const gmm *p, const kernel_points *points)
{
    double *r = NEW_ARRAY(double, p->k + 2 * p->d);
    double *g = r + p->k;
    for (long i = 0; i < points->n; i++)
        points->div[i] = divergence_at(p, points->x + i * points->ldx, r, g, g + p->d);
    free(r);
}

/* At most GMM_BLOCK points in one thread. */
static void evaluate(const kernel *isa, const gmm *p, const kernel_points *points)
{
    enum { SMALL = 2048 }; /* room for k = 128 in low dimension without an allocation */
    if (p->d > KERNEL_LOW && points->div != NULL) {
        divergences(p, points);
        return;
    }
    double buffer[SMALL];
    const long need = kernel_mixture_work(p->k, p->d);
    double *work = need <= SMALL ? buffer : NEW_ARRAY(double, need);
    kernel_mixture_score *const score = p->d <= KERNEL_LOW
                                            ? isa->mixture_low[p->d - 1][p->shape]
                                            : isa->mixture_high[p->shape];
    score(&p->table, points, work);
    if (work != buffer) free(work);
}

static double *offset(double *y, long by) { return y == NULL ? NULL : y + by; }

/* Points from .. from + GMM_BLOCK - 1 of all. */
static void evaluate_block(const kernel *isa, const gmm *p, const kernel_points *all,
                           long from)
{
    kernel_points block = *all;
    block.n = all->n - from < GMM_BLOCK ? all->n - from : GMM_BLOCK;
    block.x = all->x + from * all->ldx;
    block.logp = offset(all->logp, from);
    block.div = offset(all->div, from);
    block.s = offset(all->s, from * all->lds);
    evaluate(isa, p, &block);
}

void gmm_score_by(const kernel *isa, const gmm *p, const kernel_points *points)
{
    const long n = points->n;
    REQUIRE(!p->atoms && n >= 0 && points->ldx >= p->d);
    if (n <= GMM_BLOCK) { /* often inside a parallel region, where another costs time */
        if (n > 0) evaluate(isa, p, points);
        return;
    }
#pragma omp parallel for schedule(dynamic) default(none) shared(isa, p, points, n)
    for (long from = 0; from < n; from += GMM_BLOCK)
        evaluate_block(isa, p, points, from);
}

void gmm_score(const gmm *p, long n, const double *x, int ldx, double *logp, double *s,
               int lds)
{
    REQUIRE(s == NULL || lds >= p->d);
    kernel_points all = {.n = n, .x = x, .ldx = ldx, .lds = lds};
    all.logp = logp;
    all.s = s;
    gmm_score_by(kernel_best(), p, &all);
}

void gmm_divergence(const gmm *p, long n, const double *x, int ldx, double *div)
{
    kernel_points all = {.n = n, .x = x, .ldx = ldx};
    all.div = div;
    gmm_score_by(kernel_best(), p, &all);
}

/* Entry (a, b) of C_i^{-1}; FULL: sum_l M_la M_lb with M = L^{-1} lower triangular. */
static double precision(const gmm *p, int i, int a, int b)
{
    const double *prec = p->prec + i * p->per;
    if (p->shape == GMM_FULL) {
        double sum = 0.0;
        for (int l = a > b ? a : b; l < p->d; l++)
            sum += prec[l * p->d + a] * prec[l * p->d + b];
        return sum;
    }
    if (a != b) return 0.0;
    return p->shape == GMM_DIAGONAL ? prec[a] : prec[0];
}

/* J = sum r_i ((g_i - s)(g_i - s)^T - C_i^{-1}). */
void gmm_jacobian(const gmm *p, const double *x, double *J, int ldj)
{
    REQUIRE(!p->atoms && ldj >= p->d);
    int d = p->d;
    double *r = NEW_ARRAY(double, p->k + 2 * d);
    double *g = r + p->k;
    double *s = g + d;
    score_at(p, x, r, g, s);
    for (int a = 0; a < d; a++) memset(J + (long)a * ldj, 0, (size_t)d * sizeof *J);
    for (int i = 0; i < p->k; i++) {
        if (r[i] == 0.0) continue;
        gmm_pull(p, i, x, g);
        for (int a = 0; a < d; a++)
            for (int b = 0; b < d; b++)
                J[a * ldj + b] +=
                    r[i] * ((g[a] - s[a]) * (g[b] - s[b]) - precision(p, i, a, b));
    }
    free(r);
}

static void field_score(const void *ctx, long n, int d, const double *x, int ldx,
                        double *s, int lds)
{
    const gmm *p = ctx;
    REQUIRE(d == p->d);
    gmm_score(p, n, x, ldx, NULL, s, lds);
}

static void field_score_jacobian(const void *ctx, int d, const double *x, double *J,
                                 int ldj)
{
    const gmm *p = ctx;
    REQUIRE(d == p->d);
    gmm_jacobian(p, x, J, ldj);
}

field gmm_score_field(const gmm *p)
{
    return (field){.name = "score",
                   .eval = field_score,
                   .jacobian = field_score_jacobian,
                   .ctx = p};
}
