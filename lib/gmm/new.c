/* Making a mixture: copy, normalise, precompute what the score needs. */
#include "internal.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

gmm *gmm_allocate(gmm_shape shape, int k, int d)
{
    REQUIRE(k >= 1 && d >= 1);
    gmm *p = NEW(gmm);
    *p = (gmm){.shape = shape, .k = k, .d = d};
    p->per = shape == GMM_ISOTROPIC ? 1 : shape == GMM_DIAGONAL ? d : (long)d * d;
    const long means = (long)k * d, covariances = k * p->per;
    const long screen = gmm_screen_size(p);
    p->w = NEW_ARRAY(double, 3L * k + means + 3 * covariances + screen);
    p->logc = p->w + k;
    p->mu = p->logc + k;
    p->var = p->mu + means;
    p->root = p->var + covariances;
    p->prec = p->root + covariances;
    p->screen = screen > 0 ? p->prec + covariances : NULL;
    p->cumulated = p->prec + covariances + screen;
    return p;
}

void gmm_free(gmm *p)
{
    if (p == NULL) return;
    free(p->w);
    free(p);
}

/* Weights, normalised, and means. */
static void fill(gmm *p, const double *w, const double *mu, int ldmu)
{
    REQUIRE(ldmu >= p->d);
    double sum = 0.0;
    for (int i = 0; i < p->k; i++) {
        REQUIRE(w[i] >= 0.0 && isfinite(w[i]));
        sum += w[i];
    }
    REQUIRE(sum > 0.0);
    for (long i = 0; i < p->k; i++) {
        p->w[i] = w[i] / sum;
        for (int j = 0; j < p->d; j++) p->mu[i * p->d + j] = mu[i * ldmu + j];
    }
}

/* (1/2) log2 det(2 pi C) from n standard deviations root[0], root[stride], ..., each standing for
   `times` coordinates. */
static double half_log_det(int n, const double *root, long stride, int times)
{
    double sum = 0.0;
    for (int j = 0; j < n; j++) sum += log2(root[j * stride]);
    return times * (sum + 0.5 * n * log2(2.0 * SC_PI));
}

/* The table the kernels read, once everything else stands. */
static void prepare_table(gmm *p)
{
    p->table = (kernel_mixture){.shape = (int)p->shape,
                                .k = p->k,
                                .d = p->d,
                                .logc = p->logc,
                                .mu = p->mu,
                                .prec = p->prec};
    if (p->screen != NULL && !p->atoms) gmm_prepare_screen(p);
}

/* Isotropic and diagonal: roots, precisions, log2 constants. */
static void prepare_variances(gmm *p)
{
    const int n = (int)p->per;
    for (long j = 0; j < p->k * p->per; j++) {
        REQUIRE(p->var[j] >= 0.0 && isfinite(p->var[j]));
        p->atoms = p->atoms || p->var[j] == 0.0;
        p->root[j] = sqrt(p->var[j]);
        p->prec[j] = 1.0 / p->var[j];
    }
    for (long i = 0; i < p->k; i++)
        p->logc[i] = log2(p->w[i]) - half_log_det(n, p->root + i * n, 1, p->d / n);
}

/* M <- L^{-1} for lower triangular L: column j by forward substitution of e_j. */
static void invert_lower(int d, const double *L, double *M)
{
    for (int j = 0; j < d; j++)
        for (int i = j; i < d; i++) {
            double sum = i == j ? 1.0 : 0.0;
            for (int l = j; l < i; l++) sum -= L[i * d + l] * M[l * d + j];
            M[i * d + j] = sum / L[i * d + i];
        }
}

static bool symmetric(int d, const double *C)
{
    for (int i = 0; i < d; i++)
        for (int j = 0; j < i; j++)
            if (!(fabs(C[i * d + j] - C[j * d + i]) <=
                  1e-12 * sqrt(fabs(C[i * d + i] * C[j * d + j]))))
                return false;
    return true;
}

/* The same for full covariances: Cholesky factors, their inverses, log2 constants. */
static int prepare_covariances(gmm *p)
{
    const int d = p->d;
    for (long i = 0; i < p->k; i++) {
        double *L = p->root + i * p->per;
        memcpy(L, p->var + i * p->per, (size_t)p->per * sizeof *L);
        if (!symmetric(d, L)) return SC_EDOMAIN;
        CHECK(linalg_cholesky(d, L, d));
        invert_lower(d, L, p->prec + i * p->per);
        p->logc[i] = log2(p->w[i]) - half_log_det(d, L, d + 1, 1);
    }
    return SC_OK;
}

int gmm_prepare(gmm *p)
{
    double sum = 0.0;
    for (int i = 0; i < p->k; i++) p->cumulated[i] = sum += p->w[i];
    if (p->shape == GMM_FULL)
        CHECK(prepare_covariances(p));
    else
        prepare_variances(p);
    prepare_table(p);
    return SC_OK;
}

gmm *gmm_new(int k, int d, const double *w, const double *mu, int ldmu,
             const double *var)
{
    gmm *p = gmm_allocate(GMM_ISOTROPIC, k, d);
    fill(p, w, mu, ldmu);
    memcpy(p->var, var, (size_t)k * sizeof *var);
    REQUIRE(gmm_prepare(p) == SC_OK);
    return p;
}

gmm *gmm_new_equal(int k, int d, const double *mu, double var)
{
    gmm *p = gmm_allocate(GMM_ISOTROPIC, k, d);
    for (int i = 0; i < k; i++) {
        p->w[i] = 1.0 / k;
        p->var[i] = var;
    }
    memcpy(p->mu, mu, (size_t)k * (size_t)d * sizeof *mu);
    REQUIRE(gmm_prepare(p) == SC_OK);
    return p;
}

gmm *gmm_new_diagonal(int k, int d, const double *w, const double *mu, int ldmu,
                      const double *var, int ldvar)
{
    REQUIRE(ldvar >= d);
    gmm *p = gmm_allocate(GMM_DIAGONAL, k, d);
    fill(p, w, mu, ldmu);
    for (long i = 0; i < k; i++)
        memcpy(p->var + i * d, var + i * ldvar, (size_t)d * sizeof *var);
    REQUIRE(gmm_prepare(p) == SC_OK && !p->atoms);
    return p;
}

int gmm_new_full(int k, int d, const double *w, const double *mu, int ldmu,
                 const double *cov, gmm **p)
{
    gmm *q = gmm_allocate(GMM_FULL, k, d);
    fill(q, w, mu, ldmu);
    memcpy(q->var, cov, (size_t)(k * q->per) * sizeof *cov);
    int status = gmm_prepare(q);
    if (status == SC_OK)
        *p = q;
    else
        gmm_free(q);
    return status;
}
