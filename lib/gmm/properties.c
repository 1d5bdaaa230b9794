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

gmm *gmm_diffuse(const gmm *p, double m, double s2)
{
    REQUIRE(s2 >= 0.0);
    gmm *q = gmm_allocate(p->shape, p->k, p->d);
    memcpy(q->w, p->w, (size_t)p->k * sizeof *p->w);
    for (long j = 0; j < (long)p->k * p->d; j++) q->mu[j] = m * p->mu[j];
    /* FULL: the diagonal of d x d numbers is every (d+1)-th. */
    const long stride = p->shape == GMM_FULL ? p->d + 1 : 1;
    for (long i = 0; i < p->k; i++)
        for (long j = 0; j < p->per; j++)
            q->var[i * p->per + j] =
                m * m * p->var[i * p->per + j] + (j % stride == 0 ? s2 : 0.0);
    REQUIRE(gmm_prepare(q) == SC_OK);
    return q;
}
