/* Targets: the law of m X_0 + sqrt(s2) Z solves identities that tie score, density, distribution
   function and moments together, whatever the family. */
#include "check.h"

#include "quad.h"
#include "stats.h"
#include "target.h"

#include <float.h>
#include <stdlib.h>

typedef struct {
    target *p;
    double m, s2;
} law;

static double density(double x, const void *ctx)
{
    const law *l = ctx;
    double logp;
    target_score(l->p, l->m, l->s2, 1, &x, &logp, NULL, NULL);
    return exp(logp);
}

static double second_moment(double x, const void *ctx)
{
    const law *l = ctx;
    double y = x - l->m * target_mean(l->p);
    return y * y * density(x, ctx);
}

static double log_density(const law *l, double x)
{
    double logp;
    target_score(l->p, l->m, l->s2, 1, &x, &logp, NULL, NULL);
    return logp;
}

static double score_at(const law *l, double x)
{
    double s;
    target_score(l->p, l->m, l->s2, 1, &x, NULL, &s, NULL);
    return s;
}

static target *mixture(void)
{
    gmm *g = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    target *p = target_mixture(g);
    gmm_free(g);
    return p;
}

enum { FAMILIES = 10, LIGHT = 9 }; /* the last one has no moments */

static void families(target *p[FAMILIES])
{
    p[0] = target_gauss(0.7, 0.49);
    p[1] = mixture();
    p[2] = target_atoms(2, (double[]){1.0, 3.0}, (double[]){-1.0, 0.5});
    p[3] = target_empirical(3, (double[]){-1.0, 0.2, 1.3});
    p[4] = target_uniform(-1.0, 2.0);
    p[5] = target_laplace(0.3, 0.7);
    p[6] = target_quartic(1.0, 0.25);
    p[7] = target_sine(0.9, 3.0);
    p[8] = target_uniforms(2, (double[]){3.0, 1.0}, (double[]){-2.0, 0.5},
                           (double[]){-1.0, 1.0});
    p[9] = target_cauchy(0.2, 0.5);
}

static const double NOISE[][2] = {
    {0.999, 0.002}, {0.9, 0.19}, {0.5, 0.75}, {0.05, 0.9975}};
static const double POINTS[] = {-2.1, -0.9, 0.13, 0.95, 1.7, 2.6};

static void for_every_law(int families_used, void (*check)(const law *l))
{
    target *p[FAMILIES];
    families(p);
    for (int i = 0; i < families_used; i++)
        for (int k = 0; k < LEN(NOISE); k++) {
            law l = {p[i], NOISE[k][0], NOISE[k][1]};
            check(&l);
        }
    for (int i = 0; i < FAMILIES; i++) target_free(p[i]);
}

/* Fourth-order differences of log p and of the score. */
static void score_is_the_slope(const law *l)
{
    double h = 2e-3 * sqrt(l->s2);
    for (int i = 0; i < LEN(POINTS); i++) {
        double x = POINTS[i], s, ds;
        target_score(l->p, l->m, l->s2, 1, &x, NULL, &s, &ds);
        double slope = (8.0 * (log_density(l, x + h) - log_density(l, x - h)) -
                        (log_density(l, x + 2 * h) - log_density(l, x - 2 * h))) /
                       (12.0 * h);
        double curvature = (8.0 * (score_at(l, x + h) - score_at(l, x - h)) -
                            (score_at(l, x + 2 * h) - score_at(l, x - 2 * h))) /
                           (12.0 * h);
        double scale = 1.0 / sqrt(l->s2);
        assert_near(s, slope, 1e-8 * (scale + fabs(slope)));
        assert_near(ds, curvature, 1e-7 * (scale * scale + fabs(curvature)));
    }
}

static void tails_add_up(const law *l)
{
    double lo = l->m * -2.0 - 3.0, hi = 0.8, value, err;
    double points[] = {lo, l->m * -1.0, l->m * 0.5, hi};
    assert_int_equal(
        quad_adaptive(density, l, LEN(points), points, 1e-12, 0.0, &value, &err),
        SC_OK);
    double between =
        target_cdf(l->p, l->m, l->s2, hi) - target_cdf(l->p, l->m, l->s2, lo);
    assert_near(between, value, 1e-11);
    for (int i = 0; i < LEN(POINTS); i++)
        assert_near(target_cdf(l->p, l->m, l->s2, POINTS[i]) +
                        target_survival(l->p, l->m, l->s2, POINTS[i]),
                    1.0, 1e-14);
}

static void moments_are_those_of_the_noised_law(const law *l)
{
    double lo, hi, value, err;
    target_span(l->p, l->m, l->s2, 1e-18, &lo, &hi);
    double points[9];
    for (int i = 0; i < LEN(points); i++) points[i] = lo + (hi - lo) * i / 8.0;
    assert_int_equal(
        quad_adaptive(second_moment, l, LEN(points), points, 0.0, 1e-11, &value, &err),
        SC_OK);
    assert_close(value, l->m * l->m * target_variance(l->p) + l->s2, 1e-10);
}

/* The lower tail keeps its relative accuracy: F' = p by differences of log F, where F is small. */
static void small_tails(const law *l)
{
    double lo, hi;
    target_span(l->p, l->m, l->s2, 1e-12, &lo, &hi);
    double x = lo, h = 1e-4 * (hi - lo);
    if (isinf(target_variance(l->p))) x = -1e6, h = 1e2;
    double up = log(target_cdf(l->p, l->m, l->s2, x + h));
    double down = log(target_cdf(l->p, l->m, l->s2, x - h));
    double up2 = log(target_cdf(l->p, l->m, l->s2, x + 2 * h));
    double down2 = log(target_cdf(l->p, l->m, l->s2, x - 2 * h));
    double slope = (8.0 * (up - down) - (up2 - down2)) / (12.0 * h);
    double F = target_cdf(l->p, l->m, l->s2, x);
    assert_close(slope, exp(log_density(l, x)) / F, 1e-6);
}

static void span_holds_all_but_the_tail(const law *l)
{
    double lo, hi;
    target_span(l->p, l->m, l->s2, 1e-6, &lo, &hi);
    assert_true(target_cdf(l->p, l->m, l->s2, lo) <= 1e-6);
    assert_true(target_survival(l->p, l->m, l->s2, hi) <= 1e-6);
    assert_true(hi - lo < 4e6);
}

static void scores(void **state)
{
    (void)state, for_every_law(FAMILIES, score_is_the_slope);
}
static void tails(void **state) { (void)state, for_every_law(FAMILIES, tails_add_up); }
static void moments(void **state)
{
    (void)state, for_every_law(LIGHT, moments_are_those_of_the_noised_law);
}
static void far_tails(void **state)
{
    (void)state, for_every_law(FAMILIES, small_tails);
}
static void spans(void **state)
{
    (void)state, for_every_law(FAMILIES, span_holds_all_but_the_tail);
}

/* The 30-digit values of exp(-z^2) erfc(-iz) at the Voigt argument, and of the convolved laws. */
static void known_values(void **state)
{
    (void)state;
    target *p[FAMILIES];
    families(p);
    double x = 0.9, logp, s, x_logp[2];
    target_score(p[0], 0.9, 0.19, 1, &x, &logp, &s, NULL);
    assert_close(s, -(0.9 - 0.63) / (0.81 * 0.49 + 0.19), 1e-15);
    /* erf(1/2) = 2 int_0^{1/2} exp(-y^2)/sqrt(pi): the uniform law on [-1, 2] at its centre */
    double centre = 0.5;
    target_score(p[4], 1.0, 4.5, 1, &centre, &logp, &s, NULL);
    assert_close(exp(logp), erf(0.5) / 3.0, 1e-14);
    assert_near(s, 0.0, 1e-16);
    /* without noise: the densities themselves, and the mean a k exp(-k^2/2) of the sine */
    double at[] = {0.4, 0.7};
    target_score(p[7], 1.0, 0.0, 1, &at[0], &logp, NULL, NULL);
    assert_near(logp, -0.08 - 0.5 * log(2.0 * SC_PI) + log(1.0 + 0.9 * sin(1.2)),
                1e-15);
    assert_near(target_mean(p[7]), 2.7 * exp(-4.5), 1e-16);
    target_score(p[8], 1.0, 0.0, 2, at, x_logp, NULL, NULL);
    assert_true(x_logp[0] < -DBL_MAX);
    assert_near(x_logp[1], log(0.25 / 0.5), 1e-15);
    for (int i = 0; i < FAMILIES; i++) target_free(p[i]);
}

/* Close to t = 0 the noised law tends to the target where it has a density: the quartic's two forms
   of the score, and Laplace's far from its kink. */
static void small_noise(void **state)
{
    (void)state;
    target *q = target_quartic(1.0, 0.25), *l = target_laplace(0.3, 0.7);
    for (int i = 0; i < LEN(POINTS); i++) {
        double x = POINTS[i], a[3], b[3];
        target_score(q, 1.0, 1e-10, 1, &x, &a[0], &a[1], &a[2]);
        target_score(q, 1.0, 0.0, 1, &x, &b[0], &b[1], &b[2]);
        for (int k = 0; k < 3; k++) assert_near(a[k], b[k], 1e-7 * (1.0 + fabs(b[k])));
        target_score(l, 1.0, 1e-10, 1, &x, &a[0], &a[1], &a[2]);
        target_score(l, 1.0, 0.0, 1, &x, &b[0], &b[1], &b[2]);
        for (int k = 0; k < 2; k++) assert_near(a[k], b[k], 1e-9 * (1.0 + fabs(b[k])));
    }
    target_free(q);
    target_free(l);
}

/* Kolmogorov distance of 4000 draws at most 1.95/sqrt(n), exceeded with probability 1e-3 (fixed
   seed: the same draws every time); and draws do not depend on how they are split. */
static void samples_follow_the_law(void **state)
{
    (void)state;
    enum { N = 4000 };
    static double x[N], part[N];
    target *p[FAMILIES];
    families(p);
    rng_key key = rng_key_of(1, "target");
    for (int f = 0; f < FAMILIES; f++) {
        target_sample(p[f], key, 0, N, x);
        target_sample(p[f], key, 100, N - 100, part);
        for (int i = 0; i < N - 100; i++) assert_true(part[i] == x[100 + i]);
        for (int g = -8; g <= 8; g++) {
            double u = 0.25 * g;
            int below = 0;
            for (int i = 0; i < N; i++) below += x[i] <= u;
            assert_near((double)below / N, target_cdf(p[f], 1.0, 0.0, u),
                        1.95 / sqrt(N));
        }
        target_free(p[f]);
    }
}

static void features(void **state)
{
    (void)state;
    target *p[FAMILIES];
    families(p);
    assert_near(target_smallest_sd(p[1]), 0.3, 1e-16);
    assert_near(target_smallest_sd(p[2]), 0.0, 0.0);
    assert_near(target_mean(p[2]), 0.125, 1e-16);
    assert_near(target_second_moment(p[2]) - target_variance(p[2]), 0.125 * 0.125,
                1e-15);
    assert_true(isnan(target_mean(p[9])) && isinf(target_variance(p[9])));
    assert_true(isnan(target_second_moment(p[9])));
    assert_near(target_mean(p[8]), 0.75 * -1.5 + 0.25 * 0.75, 1e-15);
    assert_near(target_smallest_sd(p[8]), 0.5 / sqrt(12.0), 1e-16);
    assert_near(target_smallest_sd(p[7]), 1.0 / 3.0, 1e-16);
    assert_int_equal(gmm_components(target_as_gmm(p[3])), 3);
    assert_null(target_as_gmm(p[4]));
    assert_string_equal(target_name(p[6]), "quartic");
    double x[TARGET_BREAKS];
    assert_int_equal(target_breaks(p[4], 0.5, 0.0, x), 2);
    assert_near(x[0], -0.5, 0.0);
    assert_near(x[1], 1.0, 0.0);
    assert_int_equal(target_breaks(p[4], 0.5, 0.1, x), 0);
    assert_int_equal(target_breaks(p[5], 1.0, 0.0, x), 1);
    assert_int_equal(target_breaks(p[6], 1.0, 0.0, x), 0);
    assert_int_equal(target_breaks(p[8], 2.0, 0.0, x), 4);
    for (int i = 0; i < 4; i++)
        assert_near(x[i], ((double[]){-4.0, -2.0, 1.0, 2.0})[i], 0.0);
    for (int i = 0; i < FAMILIES; i++) target_free(p[i]);
}

static double quartic_cdf(double x, const void *ctx)
{
    return target_cdf(ctx, 1.0, 0.0, x);
}

/* Points of one replicate: another replicate is independent of them, fewer are the first ones. */
static void replicates_follow_the_law(void **state)
{
    (void)state;
    enum { N = 20000 };
    double *x = NEW_ARRAY(double, 2L * N), *y = x + N;
    target *p = target_quartic(2.0, 0.25);
    rng_key key = rng_key_of(1, "rejection");
    target_replicate(p, key, 0, N, x);
    target_replicate(p, key, 0, 1000, y);
    assert_memory_equal(x, y, 1000 * sizeof *x);
    target_replicate(p, key, 1, N, y);
    double product = 0.0;
    for (int i = 0; i < N; i++) product += x[i] * y[i] / N;
    assert_near(product, 0.0, 5.0 * target_variance(p) / sqrt(N));
    for (int r = 0; r < 2; r++)
        assert_true(stats_kolmogorov(N, r == 0 ? x : y, quartic_cdf, p, 1e-6).lo ==
                    0.0);
    target_free(p);
    /* a^2 << b: N(0, 1/a) would be accepted once in a million times */
    target *others[] = {mixture(), target_quartic(1e-12, 1.0)};
    for (int k = 0; k < LEN(others); k++) {
        target_replicate(others[k], key, 3, 50, x);
        target_sample(others[k], key, 150, 50, y);
        assert_memory_equal(x, y, 50 * sizeof *x);
        target_free(others[k]);
    }
    free(x);
}

/* Mean 0, variance 1, and the density of the line shifted and scaled: isotropic and full mixtures. */
static void standardised_mixtures(void **state)
{
    (void)state;
    const double w[] = {0.3, 0.7}, mu[] = {40.0, 43.0}, var[] = {0.5, 1.5};
    gmm *p[2] = {gmm_new(2, 1, w, mu, 1, var), NULL};
    assert_int_equal(gmm_new_full(2, 1, w, mu, 1, var, &p[1]), SC_OK);
    const double mean = 42.1, sd = sqrt(1.2 + 0.21 * 9.0), x = 41.0;
    for (int i = 0; i < 2; i++) {
        target *q = target_standardised(p[i]);
        double before, after, y = (x - mean) / sd;
        assert_near(target_mean(q), 0.0, 1e-14);
        assert_near(target_variance(q), 1.0, 1e-14);
        gmm_score(p[i], 1, &x, 1, &before, NULL, 1);
        target_score(q, 1.0, 0.0, 1, &y, &after, NULL, NULL);
        assert_near(after, before + log(sd), 1e-13);
        target_free(q);
        gmm_free(p[i]);
    }
}

/* Little else than an atom next to the noise: for U(0, w) and N(0, 1) the mean of phi over a strip,
   p(x) = phi(y) {1 + w^2 (y^2 - 1)/24 + O(w^4)}, y = x - w/2, score -y (1 - w^2/12 + O(w^4)). */
static void narrow_under_noise(void **state)
{
    (void)state;
    for (int k = 2; k <= 9; k++) {
        double w = pow(10.0, -k), x = 5.0, logp, s;
        target *p = target_uniform(0.0, w);
        target_score(p, 1.0, 1.0, 1, &x, &logp, &s, NULL);
        double y = x - 0.5 * w, mean = log1p(w * w * (y * y - 1.0) / 24.0);
        assert_near(logp, -0.5 * y * y - 0.5 * log(2.0 * SC_PI) + mean,
                    1e-14 + 20.0 * w * w * w * w);
        assert_near(s, -y * (1.0 - w * w / 12.0), 1e-14 + 20.0 * w * w * w * w);
        target_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores),
        cmocka_unit_test(tails),
        cmocka_unit_test(far_tails),
        cmocka_unit_test(moments),
        cmocka_unit_test(spans),
        cmocka_unit_test(known_values),
        cmocka_unit_test(small_noise),
        cmocka_unit_test(narrow_under_noise),
        cmocka_unit_test(features),
        cmocka_unit_test(samples_follow_the_law),
        cmocka_unit_test(standardised_mixtures),
        cmocka_unit_test(replicates_follow_the_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
