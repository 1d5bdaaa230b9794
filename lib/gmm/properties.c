/* What a mixture is made of, its moments, its diffusion. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

int gmm_dim(const gmm *p) { return p->d; }

int gmm_components(const gmm *p) { return p->k; }

gmm_shape gmm_shape_of(const gmm *p) { return p->shape; }

double gmm_weight(const gmm *p, int i)
{
    REQUIRE(0 <= i && i < p->k);
    return p->w[i];
}

const double *gmm_mean_of(const gmm *p, int i)
{
    REQUIRE(0 <= i && i < p->k);
    return p->mu + (long)i * p->d;
}

void gmm_cov_of(const gmm *p, int i, double *cov, int ldc)
{
    REQUIRE(0 <= i && i < p->k && ldc >= p->d);
    const double *var = p->var + i * p->per;
    for (int a = 0; a < p->d; a++)
        for (int b = 0; b < p->d; b++) {
            double c = 0.0;
            if (p->shape == GMM_FULL)
                c = var[a * p->d + b];
            else if (a == b)
                c = p->shape == GMM_DIAGONAL ? var[a] : var[0];
            cov[a * ldc + b] = c;
        }
}

/* mean = sum w_i mu_i,  cov = sum w_i (C_i + (mu_i - mean)(mu_i - mean)^T). */
void gmm_moments(const gmm *p, double *mean, double *cov, int ldc)
{
    int d = p->d;
    REQUIRE(ldc >= d);
    memset(mean, 0, (size_t)d * sizeof *mean);
    for (int i = 0; i < p->k; i++)
        for (int j = 0; j < d; j++) mean[j] += p->w[i] * p->mu[(long)i * d + j];

    double *c = NEW_ARRAY(double, (long)d *d);
    for (int a = 0; a < d; a++) memset(cov + (long)a * ldc, 0, (size_t)d * sizeof *cov);
    for (int i = 0; i < p->k; i++) {
        const double *mu = p->mu + (long)i * d;
        gmm_cov_of(p, i, c, d);
        for (int a = 0; a < d; a++)
            for (int b = 0; b < d; b++)
                cov[a * ldc + b] +=
                    p->w[i] * (c[a * d + b] + (mu[a] - mean[a]) * (mu[b] - mean[b]));
    }
    free(c);
}

/* C <- m^2 C + s2 I in the storage of p's shape. */
static void diffuse_covariances(const gmm *p, double m, double s2, double *var)
{
    for (long j = 0; j < p->k * p->per; j++) {
        long within = j % p->per; /* FULL: the diagonal is every (d+1)-th number */
        bool diagonal = p->shape != GMM_FULL || within % (p->d + 1) == 0;
        var[j] = m * m * p->var[j] + (diagonal ? s2 : 0.0);
    }
}

gmm *gmm_diffuse(const gmm *p, double m, double s2)
{
    REQUIRE(s2 >= 0.0);
    int k = p->k;
    int d = p->d;
    double *mu = NEW_ARRAY(double, (long)k *d);
    double *var = NEW_ARRAY(double, k * p->per);
    for (long j = 0; j < (long)k * d; j++) mu[j] = m * p->mu[j];
    diffuse_covariances(p, m, s2, var);

    gmm *q = NULL;
    if (p->shape == GMM_ISOTROPIC)
        q = gmm_new(k, d, p->w, mu, d, var);
    else if (p->shape == GMM_DIAGONAL)
        q = gmm_new_diagonal(k, d, p->w, mu, d, var, d);
    else
        REQUIRE(gmm_new_full(k, d, p->w, mu, d, var, &q) == SC_OK);
    free(var);
    free(mu);
    return q;
}
