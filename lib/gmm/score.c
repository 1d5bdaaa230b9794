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

    double top = -INFINITY;
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

/* One block of points; r, g, s: scratch. Any of logp, score, div may be NULL. */
typedef struct {
    const double *x;
    double *logp, *score, *div;
    int ldx, lds;
} batch;

static void evaluate(const gmm *p, const batch *b, long from, long to)
{
    double *r = NEW_ARRAY(double, p->k + 2 * p->d);
    double *g = r + p->k;
    double *s = g + p->d;
    for (long n = from; n < to; n++) {
        const double *x = b->x + n * b->ldx;
        double logp = 0.0;
        if (b->div != NULL)
            b->div[n] = divergence_at(p, x, r, g, s);
        else if (b->score != NULL)
            logp = score_at(p, x, r, g, b->score + n * b->lds);
        else
            logp = gmm_posterior(p, x, r, g);
        if (b->logp != NULL) b->logp[n] = logp;
    }
    free(r);
}

static void evaluate_all(const gmm *p, const batch *b, long n)
{
    REQUIRE(!p->atoms && n >= 0 && b->ldx >= p->d);
#pragma omp parallel for schedule(dynamic) if (n > GMM_BLOCK)
    for (long from = 0; from < n; from += GMM_BLOCK)
        evaluate(p, b, from, from + GMM_BLOCK < n ? from + GMM_BLOCK : n);
}

void gmm_score(const gmm *p, long n, const double *x, int ldx, double *logp, double *s,
               int lds)
{
    REQUIRE(s == NULL || lds >= p->d);
    batch b = {.x = x, .logp = logp, .score = s, .ldx = ldx, .lds = lds};
    evaluate_all(p, &b, n);
}

void gmm_divergence(const gmm *p, long n, const double *x, int ldx, double *div)
{
    batch b = {.x = x, .div = div, .ldx = ldx};
    evaluate_all(p, &b, n);
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
    for (int a = 0; a < d; a++) memset(J + a * ldj, 0, (size_t)d * sizeof *J);
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
