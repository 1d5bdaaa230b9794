/* S f for mixtures on R^d: S is linear, commutes with rotations, and maps products to products. */
#include "internal.h"

#include "linalg.h"

#include <math.h>
#include <stdlib.h>

static double along(int d, const double *axis, const double *x)
{
    double sum = 0.0;
    for (int j = 0; j < d; j++) sum += axis[j] * x[j];
    return sum;
}

/* One component of the mixture: log w_i S f_i(y), gap and inside along its axes. */
typedef struct {
    double *axes, *variances, *cov; /* d x d (rows), d, d x d */
    enclosure log, *gap, *inside;   /* d each */
} component;

/* What eigenvalues and axes of full covariances, known to 1e-15 of the largest variance, may do relative
   to the scale sqrt(s2) of the kernel. */
static double shake(const gmm *p, const component *c, semigroup_kernel k)
{
    int d = gmm_dim(p);
    double largest = c->variances[d - 1] * k.alpha * k.alpha;
    return gmm_shape_of(p) == GMM_FULL ? 1e-15 * d * (1.0 + largest / k.s2) : 0.0;
}

static int smooth(const gmm *p, int i, double var, semigroup_kernel k, const double *y,
                  bool inside, component *c)
{
    int d = gmm_dim(p);
    gmm_cov_of(p, i, c->cov, d);
    CHECK(linalg_eigen(d, c->cov, d, c->variances, c->axes, d));
    double loose = shake(p, c, k), sd = sqrt(k.s2);
    c->log = enclosure_rounded(log(gmm_weight(p, i)));
    for (int j = 0; j < d; j++) {
        const double *axis = &c->axes[(long)j * d];
        semigroup_ratio ratio = {along(d, axis, gmm_mean_of(p, i)), c->variances[j],
                                 var};
        semigroup_function f = semigroup_gauss(&ratio);
        smoothed s;
        CHECK(semigroup_moments(&f, k, along(d, axis, y), inside, &s));
        double far = fabs(enclosure_mid(s.gap)) / sd;
        c->log =
            enclosure_add(c->log, enclosure_widen(s.log, loose * (1.0 + far * far)));
        c->gap[j] = enclosure_widen(s.gap, loose * sd * (1.0 + far));
        c->inside[j] = enclosure_widen(s.inside, loose / sd * (1.0 + far));
    }
    return SC_OK;
}

/* sum[j] += weight sum_i axes[i][j] v_i */
static void add_turned(int d, const component *c, const enclosure *v, enclosure weight,
                       enclosure *sum)
{
    for (int j = 0; j < d; j++) {
        enclosure turned = enclosure_exact(0.0);
        for (int i = 0; i < d; i++)
            turned =
                enclosure_add(turned, enclosure_scale(v[i], c->axes[(long)i * d + j]));
        sum[j] = enclosure_add(sum[j], enclosure_mul(weight, turned));
    }
}

/* log sum_i exp(log_i), and the means of gap and inside under the weights exp(log_i). */
static void combine(int k, int d, const component *c, smoothed *mean)
{
    double top = -INFINITY;
    for (int i = 0; i < k; i++) top = fmax(top, c[i].log.hi);
    enclosure total = enclosure_exact(0.0);
    for (int j = 0; j < d; j++) mean[j].gap = mean[j].inside = enclosure_exact(0.0);
    enclosure *sum = NEW_ARRAY(enclosure, 2L * d);
    for (int i = 0; i < k; i++) {
        enclosure weight = enclosure_exp(enclosure_sub(c[i].log, enclosure_exact(top)));
        total = enclosure_add(total, weight);
        add_turned(d, &c[i], c[i].gap, weight, sum);
        add_turned(d, &c[i], c[i].inside, weight, sum + d);
    }
    for (int j = 0; j < d; j++) {
        mean[j].log = enclosure_add(enclosure_log(total), enclosure_exact(top));
        mean[j].gap = enclosure_div(sum[j], total);
        mean[j].inside = enclosure_div(sum[d + j], total);
    }
    free(sum);
}

int semigroup_mixture(const gmm *p, double var, semigroup_kernel k, const double *y,
                      smoothed *value)
{
    return semigroup_mixture_moments(p, var, k, y, true, value);
}

int semigroup_mixture_moments(const gmm *p, double var, semigroup_kernel k,
                              const double *y, bool inside, smoothed *value)
{
    int d = gmm_dim(p), n = gmm_components(p), status = SC_OK;
    component *c = NEW_ARRAY(component, n);
    long reals = 2L * d * d + d;
    double *work = NEW_ARRAY(double, reals *n);
    enclosure *parts = NEW_ARRAY(enclosure, 2L * d * n);
    for (int i = 0; i < n && status == SC_OK; i++) {
        c[i].axes = work + reals * i;
        c[i].cov = c[i].axes + (long)d * d;
        c[i].variances = c[i].cov + (long)d * d;
        c[i].gap = parts + 2L * d * i;
        c[i].inside = c[i].gap + d;
        status = smooth(p, i, var, k, y, inside, &c[i]);
    }
    if (status == SC_OK) combine(n, d, c, value);
    free(parts);
    free(work);
    free(c);
    return status;
}
