/* Making a mixture: copy, normalise, precompute what the score needs. */
#include "internal.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static gmm *allocate(gmm_shape shape, int k, int d, const double *w, const double *mu,
                     int ldmu)
{
    REQUIRE(k >= 1 && d >= 1 && ldmu >= d);
    gmm *p = NEW(gmm);
    *p = (gmm){.shape = shape, .k = k, .d = d};
    p->per = shape == GMM_ISOTROPIC ? 1 : shape == GMM_DIAGONAL ? d : (long)d * d;
    p->w = NEW_ARRAY(double, k);
    p->mu = NEW_ARRAY(double, (long)k *d);
    p->var = NEW_ARRAY(double, k * p->per);
    p->root = NEW_ARRAY(double, k * p->per);
    p->prec = NEW_ARRAY(double, k * p->per);
    p->logc = NEW_ARRAY(double, k);

    double sum = 0.0;
    for (int i = 0; i < k; i++) {
        REQUIRE(w[i] >= 0.0 && isfinite(w[i]));
        sum += w[i];
    }
    REQUIRE(sum > 0.0);
    for (int i = 0; i < k; i++) {
        p->w[i] = w[i] / sum;
        for (int j = 0; j < d; j++) p->mu[(long)i * d + j] = mu[(long)i * ldmu + j];
    }
    return p;
}

/* (1/2) log2 det(2 pi C) from n standard deviations root[0], root[stride], ..., each standing for
   `times` coordinates. */
static double half_log_det(int n, const double *root, long stride, int times)
{
    double sum = 0.0;
    for (int j = 0; j < n; j++) sum += log2(root[j * stride]);
    return times * (sum + 0.5 * n * log2(2.0 * SC_PI));
}

/* The fields of p->table that screening by one product needs (see kernel.h). */
static void prepare_screening(gmm *p)
{
    const double half_log2e = 0.72134752044448170368; /* log2(e)/2 */
    const long k = p->k;
    const long d = p->d;
    p->screen = NEW_ARRAY(double, d + k * d + k);
    double *centre = p->screen;
    double *centred = centre + d;
    double *offset = centred + k * d;
    for (long i = 0; i < k; i++)
        for (long j = 0; j < d; j++) centre[j] += p->mu[i * d + j] / (double)k;
    for (long i = 0; i < k; i++) {
        double norm2 = 0.0;
        for (long j = 0; j < d; j++) {
            centred[i * d + j] = p->mu[i * d + j] - centre[j];
            norm2 += centred[i * d + j] * centred[i * d + j];
        }
        offset[i] = p->logc[i] - half_log2e * norm2 * p->prec[i];
        p->table.reach = fmax(p->table.reach, sqrt(norm2));
        p->table.sharpest = fmax(p->table.sharpest, p->prec[i]);
    }
    p->table.centre = centre;
    p->table.centred = centred;
    p->table.offset = offset;
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
    if (p->shape == GMM_ISOTROPIC && p->d > KERNEL_LOW && !p->atoms)
        prepare_screening(p);
}

/* From the variances of p: roots, precisions, log2 constants (isotropic and diagonal). */
static void prepare(gmm *p)
{
    int n = (int)p->per;
    for (long j = 0; j < p->k * p->per; j++) {
        REQUIRE(p->var[j] >= 0.0 && isfinite(p->var[j]));
        p->atoms = p->atoms || p->var[j] == 0.0;
        p->root[j] = sqrt(p->var[j]);
        p->prec[j] = 1.0 / p->var[j];
    }
    for (int i = 0; i < p->k; i++)
        p->logc[i] =
            log2(p->w[i]) - half_log_det(n, p->root + (long)i * n, 1, p->d / n);
    prepare_table(p);
}

gmm *gmm_new(int k, int d, const double *w, const double *mu, int ldmu,
             const double *var)
{
    gmm *p = allocate(GMM_ISOTROPIC, k, d, w, mu, ldmu);
    memcpy(p->var, var, (size_t)k * sizeof *var);
    prepare(p);
    return p;
}

gmm *gmm_new_diagonal(int k, int d, const double *w, const double *mu, int ldmu,
                      const double *var, int ldvar)
{
    REQUIRE(ldvar >= d);
    gmm *p = allocate(GMM_DIAGONAL, k, d, w, mu, ldmu);
    for (int i = 0; i < k; i++)
        memcpy(p->var + (long)i * d, var + (long)i * ldvar, (size_t)d * sizeof *var);
    prepare(p);
    REQUIRE(!p->atoms);
    return p;
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

int gmm_new_full(int k, int d, const double *w, const double *mu, int ldmu,
                 const double *cov, gmm **p)
{
    gmm *q = allocate(GMM_FULL, k, d, w, mu, ldmu);
    memcpy(q->var, cov, (size_t)(k * q->per) * sizeof *cov);
    memcpy(q->root, cov, (size_t)(k * q->per) * sizeof *cov);
    for (int i = 0; i < k; i++) {
        double *L = q->root + i * q->per;
        if (!symmetric(d, L) || linalg_cholesky(d, L, d) != SC_OK) {
            gmm_free(q);
            return SC_EDOMAIN;
        }
        invert_lower(d, L, q->prec + i * q->per);
        q->logc[i] = log2(q->w[i]) - half_log_det(d, L, d + 1, 1);
    }
    prepare_table(q);
    *p = q;
    return SC_OK;
}

void gmm_free(gmm *p)
{
    if (p == NULL) return;
    free(p->w);
    free(p->mu);
    free(p->var);
    free(p->root);
    free(p->prec);
    free(p->logc);
    free(p->screen);
    free(p);
}
