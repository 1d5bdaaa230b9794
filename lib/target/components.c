/* Gaussian mixtures, atoms and empirical laws: sum_i w_i N(mu_i, v_i), v_i >= 0. */
#include "family.h"

#include "kernel.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* m X_0 + sqrt(s2) Z has components N(m mu_i, V_i), V_i = m^2 v_i + s2: the kernel's mixture on the
   line, where the divergence of the score is s'. */
static void components_score(const target *p, double m, double s2, long n,
                             const double *x, double *logp, double *s, double *ds)
{
    int k = p->k;
    double *logc = NEW_ARRAY(double, 3L * k + kernel_mixture_work(k, 1));
    double *mu = logc + k, *prec = mu + k, *work = prec + k;
    for (int i = 0; i < k; i++) {
        double v = m * m * p->var[i] + s2;
        REQUIRE(v > 0.0);
        logc[i] = log2(p->w[i]) - 0.5 * log2(2.0 * SC_PI * v);
        mu[i] = m * p->mu[i];
        prec[i] = 1.0 / v;
    }
    kernel_mixture mixture = {.shape = KERNEL_ISOTROPIC,
                              .k = k,
                              .d = 1,
                              .logc = logc,
                              .mu = mu,
                              .prec = prec};
    kernel_points points = {.n = n, .x = x, .ldx = 1, .lds = 1};
    points.logp = logp;
    points.s = s;
    points.div = ds;
    kernel_best()->mixture_low[0][KERNEL_ISOTROPIC](&mixture, &points, work);
    free(logc);
}

/* sum_i w_i Phi(side (x - m mu_i)/sd_i); an atom on x counts for the lower side. */
static double one_side(const target *p, double m, double s2, double x, double side)
{
    double sum = 0.0;
    for (int i = 0; i < p->k; i++) {
        double y = x - m * p->mu[i], sd = sqrt(m * m * p->var[i] + s2);
        bool below = (y >= 0.0) == (side > 0.0);
        sum += p->w[i] * (sd > 0.0 ? target_phi_cdf(side * y / sd) : (double)below);
    }
    return sum;
}

static double components_cdf(const target *p, double m, double s2, double x)
{
    return one_side(p, m, s2, x, 1.0);
}

static double components_survival(const target *p, double m, double s2, double x)
{
    return one_side(p, m, s2, x, -1.0);
}

static void components_core(const target *p, double tail, double *lo, double *hi)
{
    double z = sqrt(-2.0 * log(tail));
    *lo = (double)INFINITY;
    *hi = (double)-INFINITY;
    for (int i = 0; i < p->k; i++) {
        double sd = sqrt(p->var[i]);
        *lo = fmin(*lo, p->mu[i] - z * sd);
        *hi = fmax(*hi, p->mu[i] + z * sd);
    }
}

static void components_sample(const target *p, rng_key key, uint64_t first, long n,
                              double *x)
{
    gmm_sample(p->mixture, key, first, n, x, 1);
}

#define COMPONENTS(text)                                                               \
    {                                                                                  \
        .name = (text), .score = components_score, .cdf = components_cdf,              \
        .survival = components_survival, .core = components_core,                      \
        .sample = components_sample                                                    \
    }
static const family TARGET_GAUSS = COMPONENTS("gauss");
static const family TARGET_MIXTURE = COMPONENTS("mixture");
static const family TARGET_ATOMS = COMPONENTS("atoms");
static const family TARGET_EMPIRICAL = COMPONENTS("empirical");

/* Takes over the mixture. */
static target *target_of_gmm(const family *f, gmm *mixture)
{
    REQUIRE(gmm_dim(mixture) == 1);
    int k = gmm_components(mixture);
    target *p = target_of_family(f, 0.0, 0.0, (double)INFINITY);
    p->mixture = mixture;
    p->k = k;
    p->w = NEW_ARRAY(double, k);
    p->mu = NEW_ARRAY(double, k);
    p->var = NEW_ARRAY(double, k);
    for (int i = 0; i < k; i++) {
        p->w[i] = gmm_weight(mixture, i);
        p->mu[i] = gmm_mean_of(mixture, i)[0];
        gmm_cov_of(mixture, i, &p->var[i], 1);
        p->smallest_sd = fmin(p->smallest_sd, sqrt(p->var[i]));
    }
    gmm_moments(mixture, &p->mean, &p->variance, 1);
    return p;
}

target *target_gauss(double mean, double var)
{
    REQUIRE(var >= 0.0);
    return target_of_gmm(&TARGET_GAUSS, gmm_new(1, 1, (double[]){1.0}, &mean, 1, &var));
}

target *target_mixture(const gmm *p)
{
    return target_of_gmm(&TARGET_MIXTURE, gmm_diffuse(p, 1.0, 0.0));
}

target *target_standardised(const gmm *p)
{
    int k = gmm_components(p);
    double mean, var, *w = NEW_ARRAY(double, 3L * k), *mu = w + k, *v = mu + k;
    REQUIRE(gmm_dim(p) == 1);
    gmm_moments(p, &mean, &var, 1);
    for (int i = 0; i < k; i++) {
        gmm_cov_of(p, i, &v[i], 1);
        v[i] /= var;
        w[i] = gmm_weight(p, i);
        mu[i] = (gmm_mean_of(p, i)[0] - mean) / sqrt(var);
    }
    gmm *q = gmm_new(k, 1, w, mu, 1, v);
    free(w);
    return target_of_gmm(&TARGET_MIXTURE, q);
}

static target *atoms(const family *f, int k, const double *w, const double *x)
{
    double *zero = NEW_ARRAY(double, k);
    gmm *mixture = gmm_new(k, 1, w, x, 1, zero);
    free(zero);
    return target_of_gmm(f, mixture);
}

target *target_atoms(int k, const double *w, const double *x)
{
    return atoms(&TARGET_ATOMS, k, w, x);
}

target *target_empirical(int n, const double *x)
{
    double *w = NEW_ARRAY(double, n);
    for (int i = 0; i < n; i++) w[i] = 1.0 / n;
    target *p = atoms(&TARGET_EMPIRICAL, n, w, x);
    free(w);
    return p;
}
