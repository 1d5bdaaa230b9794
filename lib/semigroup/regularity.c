/* Lower bounds and Lipschitz constants of density ratios p/N(0, var I). */
#include "semigroup.h"

#include "linalg.h"

#include <math.h>
#include <stdlib.h>

void semigroup_bounds(const semigroup_regularity *r, double m, double bound[2])
{
    double slope = r->L / r->c;
    bound[0] = m * slope;
    bound[1] = m * m * (r->L1 / r->c + slope * slope);
}

semigroup_regularity semigroup_wave_regularity(const semigroup_wave *w)
{
    REQUIRE(0.0 <= w->a && w->a < 1.0);
    return (semigroup_regularity){
        .c = 1.0 - w->a, .L = w->a * w->k, .L1 = w->a * w->k * w->k};
}

static const double EQUAL = 1e-12; /* of var: variances this close to it are equal */

/* A component N(mu, diag v) along its axes: its ratio is K exp(-sum P_j (u_j - u*_j)^2/2),
   P_j = 1/v_j - 1/var, log K = sum_j log(var/v_j)/2 + mu_j^2/(2 (var - v_j)). */
typedef struct {
    double log_K, steepest; /* max P_j */
    int grows;              /* the axis along which it is unbounded, or -1 */
} peak;

static peak peak_of(int d, const double *v, const double *axes, const double *mean,
                    double var)
{
    peak p = {0.0, 0.0, -1};
    for (int j = 0; j < d; j++) {
        double mu = 0.0, room = var - v[j];
        for (int l = 0; l < d; l++) mu += axes[(long)j * d + l] * mean[l];
        bool equal = fabs(room) <= EQUAL * var;
        if (equal ? fabs(mu) > EQUAL * sqrt(var) : room < 0.0) p.grows = j;
        if (equal) continue;
        p.log_K += 0.5 * log(var / v[j]) + 0.5 * mu * mu / room;
        p.steepest = fmax(p.steepest, 1.0 / v[j] - 1.0 / var);
    }
    return p;
}

static double log_ratio(const gmm *p, double var, const double *x)
{
    int d = gmm_dim(p);
    double logp, square = 0.0;
    gmm_score(p, 1, x, d, &logp, NULL, d);
    for (int j = 0; j < d; j++) square += x[j] * x[j];
    return logp + 0.5 * square / var + 0.5 * d * log(2.0 * SC_PI * var);
}

/* The larger (smaller) of log f at +-10 sqrt(var) along the axis. */
static double far_along(const gmm *p, double var, const double *axis, bool larger)
{
    int d = gmm_dim(p);
    double *x = NEW_ARRAY(double, d), value[2];
    for (int side = 0; side < 2; side++) {
        double reach = (side == 0 ? 10.0 : -10.0) * sqrt(var);
        for (int j = 0; j < d; j++) x[j] = reach * axis[j];
        value[side] = log_ratio(p, var, x);
    }
    free(x);
    return larger ? fmax(value[0], value[1]) : fmin(value[0], value[1]);
}

/* The coordinate axis along which f is least. */
static void find_vanishing(const gmm *p, double var, semigroup_regularity *r)
{
    int d = gmm_dim(p);
    double *axis = NEW_ARRAY(double, d);
    r->log_far = INFINITY;
    for (int j = 0; j < d; j++) {
        axis[j] = 1.0;
        double value = far_along(p, var, axis, false);
        axis[j] = 0.0;
        if (value < r->log_far) r->log_far = value, r->where = j;
    }
    free(axis);
}

/* Adds component i, with variances v along the axes. */
static void add_component(const gmm *p, int i, double var, const double *v,
                          const double *axes, semigroup_regularity *sum)
{
    int d = gmm_dim(p);
    double weight = gmm_weight(p, i);
    peak f = peak_of(d, v, axes, gmm_mean_of(p, i), var);
    const bool grows = f.grows >= 0, first = isfinite(sum->L1);
    if (!grows && f.steepest == 0.0) sum->c += weight;
    sum->L += grows ? (double)INFINITY : weight * exp(f.log_K - 0.5) * sqrt(f.steepest);
    sum->L1 += grows ? (double)INFINITY : weight * exp(f.log_K) * f.steepest;
    if (isfinite(sum->L1) || !first) return;
    sum->L = INFINITY;
    sum->where = i;
    sum->log_far = grows ? far_along(p, var, &axes[(long)f.grows * d], true) : f.log_K;
}

int semigroup_mixture_regularity(const gmm *p, double var, semigroup_regularity *r)
{
    int d = gmm_dim(p), status = SC_OK;
    REQUIRE(isfinite(var) && var > 0.0);
    semigroup_regularity sum = {0};
    double *axes = NEW_ARRAY(double, 2L * d * d + d);
    double *cov = axes + (long)d * d, *v = cov + (long)d * d;
    for (int i = 0; i < gmm_components(p) && status == SC_OK; i++) {
        gmm_cov_of(p, i, cov, d);
        status = linalg_eigen(d, cov, d, v, axes, d);
        if (status == SC_OK) add_component(p, i, var, v, axes, &sum);
    }
    free(axes);
    CHECK(status);
    if (isfinite(sum.L) && sum.c == 0.0) find_vanishing(p, var, &sum);
    *r = sum;
    return SC_OK;
}

/* |grad log U_t f(y)| */
static int slope_size(const gmm *p, semigroup_kernel ou, const double *y,
                      enclosure *size)
{
    int d = gmm_dim(p);
    smoothed *u = NEW_ARRAY(smoothed, d);
    enclosure square = enclosure_exact(0.0);
    int status = semigroup_mixture(p, 1.0, ou, y, u);
    for (int j = 0; j < d && status == SC_OK; j++) {
        enclosure part = enclosure_scale(u[j].inside, ou.gamma);
        square = enclosure_add(square, enclosure_mul(part, part));
    }
    *size = enclosure_sqrt(square);
    free(u);
    return status;
}

/* The norm of the Hessian of log p_t - log gamma at y. work: 2 d^2 + d doubles. */
static int hessian_size(const gmm *pt, const double *y, double *work, enclosure *size)
{
    int d = gmm_dim(pt);
    double *hessian = work, *axes = hessian + (long)d * d, *w = axes + (long)d * d;
    gmm_jacobian(pt, y, hessian, d);
    for (int j = 0; j < d; j++) hessian[(long)j * d + j] += 1.0;
    CHECK(linalg_eigen(d, hessian, d, w, axes, d));
    double norm = fmax(fabs(w[0]), fabs(w[d - 1]));
    *size = enclosure_about(norm, 1e-13 * d * (1.0 + norm));
    return SC_OK;
}

int semigroup_mixture_sizes(const gmm *p, double t, int n, enclosure largest[2])
{
    int d = gmm_dim(p), status = SC_OK;
    const semigroup_kernel ou = semigroup_ou(1.0, 1.0, t);
    enclosure worst[2] = {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}}, at[2];
    double *work = NEW_ARRAY(double, 2L * d * d + 2L * d), *y = work + 2L * d * d + d;
    gmm *pt = gmm_diffuse(p, ou.gamma, ou.s2);
    for (int i = 0; i < n && status == SC_OK; i++) {
        semigroup_scan(d, n, i, y);
        status = slope_size(p, ou, y, &at[0]);
        if (status == SC_OK) status = hessian_size(pt, y, work, &at[1]);
        if (status != SC_OK) break;
        for (int k = 0; k < 2; k++) worst[k] = enclosure_max(worst[k], at[k]);
    }
    gmm_free(pt);
    free(work);
    if (status == SC_OK) largest[0] = worst[0], largest[1] = worst[1];
    return status;
}
