/* Energy distance between isotropic Gaussian mixtures, in closed form. */
#include "divergence.h"
#include "gmm.h"
#include "mc.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_hyperg.h>
#include <math.h>
#include <stdlib.h>

/* Relative error allowed in every E|X - Y|. */
static const double ACCURACY = 1e-11;

/* E|N(a, v I_d)| = sqrt(2 v) Gamma((d+1)/2)/Gamma(d/2) 1F1(-1/2; d/2; -|a|^2/(2 v)), infinite if the
   series misses ACCURACY (DLMF 13.4.1 applied to the noncentral chi law). */
static double mean_norm(int d, double a2, double v)
{
    if (!(v > 0.0)) return sqrt(a2);
    gsl_sf_result f;
    int status = gsl_sf_hyperg_1F1_e(-0.5, 0.5 * d, -0.5 * a2 / v, &f);
    if (status != GSL_SUCCESS || f.err > ACCURACY * f.val) return (double)INFINITY;
    return sqrt(2.0 * v) * gsl_sf_poch(0.5 * d, 0.5) * f.val;
}

/* Means and variances of an isotropic mixture, read once. */
typedef struct {
    int k, d;
    const gmm *p;
    double *var; /* k */
} isotropic;

static isotropic isotropic_of(const gmm *p)
{
    int d = gmm_dim(p), k = gmm_components(p);
    isotropic m = {k, d, p, NEW_ARRAY(double, k)};
    double *cov = NEW_ARRAY(double, (long)d *d);
    for (int i = 0; i < k; i++) {
        gmm_cov_of(p, i, cov, d);
        m.var[i] = cov[0];
    }
    free(cov);
    return m;
}

/* w_i sum_{j >= from} w_j E|X_i - Y_j| for component i of p. */
static double row_sum(const isotropic *p, int i, const isotropic *q, int from)
{
    const double *a = gmm_mean_of(p->p, i);
    double sum = 0.0;
    for (int j = from; j < q->k; j++) {
        const double *b = gmm_mean_of(q->p, j);
        double a2 = 0.0;
        for (int c = 0; c < p->d; c++) a2 += (a[c] - b[c]) * (a[c] - b[c]);
        sum += gmm_weight(q->p, j) * mean_norm(p->d, a2, p->var[i] + q->var[j]);
    }
    return gmm_weight(p->p, i) * sum;
}

/* E|X - Y|, rows in parallel; within one mixture every pair i < j counts twice. */
static double mean_distance(const isotropic *p, const isotropic *q)
{
    bool within = p == q;
    double *row = NEW_ARRAY(double, p->k);
#pragma omp parallel for default(none) schedule(dynamic) shared(p, q, row, within)
    for (int i = 0; i < p->k; i++) {
        double w = gmm_weight(p->p, i);
        row[i] = within ? 2.0 * row_sum(p, i, q, i + 1) +
                              w * w * mean_norm(p->d, 0.0, 2.0 * p->var[i])
                        : row_sum(p, i, q, 0);
    }
    double mean = mc_sum(p->k, row);
    free(row);
    return mean;
}

int divergence_energy_gmm(const gmm *p, const gmm *q, enclosure *energy)
{
    REQUIRE(gmm_dim(p) == gmm_dim(q));
    if (gmm_shape_of(p) != GMM_ISOTROPIC || gmm_shape_of(q) != GMM_ISOTROPIC)
        return SC_EDOMAIN;
    isotropic a = isotropic_of(p), b = isotropic_of(q);
    double between = 2.0 * mean_distance(&a, &b);
    double within = mean_distance(&a, &a) + mean_distance(&b, &b);
    free(b.var), free(a.var);
    if (!isfinite(between + within)) return SC_EACCURACY;
    *energy = enclosure_about(between - within, ACCURACY * (between + within));
    return SC_OK;
}
