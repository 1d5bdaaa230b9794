/* Distances between samples: exact assignment, the monotone coupling, energy distance. */
#include "divergence.h"

#include "check.h"

#include <omp.h>
#include <stdlib.h>

/* n x d numbers in (-1, 1), spread but without structure. */
static double *scattered(long n, int d, double phase)
{
    double *x = NEW_ARRAY(double, n *d);
    for (long i = 0; i < n * d; i++) {
        double s = 43758.5453 * sin((double)(i + 1) * 12.9898 + phase);
        x[i] = 2.0 * (s - floor(s)) - 1.0;
    }
    return x;
}

static double gap2(int d, const double *x, const double *y)
{
    double sum = 0.0;
    for (int k = 0; k < d; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
    return sum;
}

static double w2_samples(long n, int d, const double *x, const double *y)
{
    double w2 = -1.0;
    assert_int_equal(divergence_w2_samples(n, d, x, d, y, d, &w2), SC_OK);
    return w2;
}

/* Digits of `code` in base 6 into p; false unless they are a permutation. */
static bool permutation(int code, int *p)
{
    bool taken[6] = {false};
    for (int i = 0; i < 6; i++, code /= 6) {
        p[i] = code % 6;
        if (taken[p[i]]) return false;
        taken[p[i]] = true;
    }
    return true;
}

/* min over all permutations p of sum_i |x_i - y_{p(i)}|^2, six points of the plane. */
static double best_cost(const double *x, const double *y)
{
    double best = (double)INFINITY;
    for (int code = 0; code < 46656; code++) {
        int p[6];
        if (!permutation(code, p)) continue;
        double sum = 0.0;
        for (long i = 0; i < 6; i++) sum += gap2(2, x + 2 * i, y + 2L * p[i]);
        best = fmin(best, sum);
    }
    return best;
}

static void the_assignment_is_the_best_of_all_permutations(void **state)
{
    (void)state;
    for (int trial = 0; trial < 50; trial++) {
        double *x = scattered(6, 2, trial), *y = scattered(6, 2, 100.0 + trial);
        assert_near(w2_samples(6, 2, x, y), sqrt(best_cost(x, y) / 6.0), 1e-14);
        free(y), free(x);
    }
}

/* W2(X, X + a) = |a|, however far, and whatever the order of the points. */
static void a_shift_costs_its_length(void **state)
{
    (void)state;
    enum { D = 3 };
    const long N = 200;
    double *x = scattered(N, D, 0.5), *y = NEW_ARRAY(double, N *D);
    const double a[D] = {1.0, -2.0, 2.0};
    for (long i = 0; i < N; i++)
        for (int k = 0; k < D; k++) y[(N - 1 - i) * D + k] = x[i * D + k] + a[k];
    assert_near(w2_samples(N, D, x, y), 3.0, 1e-12);
    free(y), free(x);
}

/* On the line the assignment is the monotone coupling. */
static void on_the_line_both_forms_agree(void **state)
{
    (void)state;
    enum { N = 300 };
    double *x = scattered(N, 1, 1.0), *y = scattered(N, 1, 2.0), w[N];
    for (int i = 0; i < N; i++) {
        w[i] = 1.0 / N;
        y[i] = y[i] * y[i] + 0.3 * x[i];
    }
    assert_near(w2_samples(N, 1, x, y), divergence_w2_discrete(N, x, w, N, y, w),
                1e-12);
    free(y), free(x);
}

/* Mass .25 at 4 and .75 at 0 against .5 at 0, .5 at 1: .25 goes 4 -> 1, .25 goes 0 -> 1. */
static void unequal_weights_are_split(void **state)
{
    (void)state;
    const double x[2] = {4.0, 0.0}, wx[2] = {0.25, 0.75};
    const double y[2] = {0.0, 1.0}, wy[2] = {0.5, 0.5};
    assert_near(divergence_w2_discrete(2, x, wx, 2, y, wy), sqrt(2.25 + 0.25), 1e-15);
}

static void a_sample_that_is_not_finite_is_refused(void **state)
{
    (void)state;
    const double x[2] = {0.0, (double)NAN}, y[2] = {1.0, 2.0};
    double w2 = -7.0;
    assert_int_equal(divergence_w2_samples(2, 1, x, 1, y, 1, &w2), SC_EDOMAIN);
    assert_true(w2 == -7.0);
}

/* {0, 1} and {3, 5}: mean distance 7/2 between, 1 and 2 within, so 2 * 7/2 - 1 - 2. */
static void energy_distance_by_hand(void **state)
{
    (void)state;
    const double x[2] = {0.0, 1.0}, y[2] = {3.0, 5.0};
    assert_near(divergence_energy(2, 1, x, 1, 2, y, 1), 4.0, 1e-15);
}

/* Against plain loops, with a leading dimension and more points than a block of columns. */
static void energy_distance_is_its_formula(void **state)
{
    (void)state;
    enum { N = 301, M = 270, LD = 4, D = 3 };
    double *x = scattered(N, LD, 0.1), *y = scattered(M, LD, 0.2);
    double between = 0.0, in_x = 0.0, in_y = 0.0;
    for (long i = 0; i < N; i++)
        for (long j = 0; j < M; j++) between += sqrt(gap2(D, x + i * LD, y + j * LD));
    for (long i = 0; i < N; i++)
        for (long j = 0; j < N; j++) in_x += sqrt(gap2(D, x + i * LD, x + j * LD));
    for (long i = 0; i < M; i++)
        for (long j = 0; j < M; j++) in_y += sqrt(gap2(D, y + i * LD, y + j * LD));
    double formula =
        2.0 * between / (N * M) - in_x / (N * (N - 1.0)) - in_y / (M * (M - 1.0));
    assert_near(divergence_energy(N, D, x, LD, M, y, LD), formula, 1e-13);
    free(y), free(x);
}

static void energy_distances_of_groups(void **state)
{
    (void)state;
    const double x[] = {0.0, 0.5, 1.0, 1.5, 7.0, 2.0, 0.0, 0.0};
    const double y[] = {3.0, 1.0, 2.0, 2.0, 5.0, 1.0, 4.0, 4.0};
    double value[2];
    divergence_energy_groups(2, 2, 2, x, y, value);
    assert_true(value[0] == divergence_energy(2, 2, x, 2, 2, y, 2));
    assert_true(value[1] == divergence_energy(2, 2, x + 4, 2, 2, y + 4, 2));
}

static void energy_distance_has_the_same_bytes_for_any_threads(void **state)
{
    (void)state;
    double *x = scattered(700, 2, 0.3), *y = scattered(600, 2, 0.4);
    static const int THREADS[] = {2, 3, 7};
    int before = omp_get_max_threads();
    omp_set_num_threads(1);
    const double one = divergence_energy(700, 2, x, 2, 600, y, 2);
    for (int i = 0; i < LEN(THREADS); i++) {
        omp_set_num_threads(THREADS[i]);
        const double again = divergence_energy(700, 2, x, 2, 600, y, 2);
        assert_memory_equal(&one, &again, sizeof one);
    }
    omp_set_num_threads(before);
    free(y), free(x);
}

/* On the line E|N(a, v)| = a erf(a/sqrt(2v)) + sqrt(2v/pi) exp(-a^2/2v). */
static double mean_abs(double a, double v)
{
    return a * erf(a / sqrt(2.0 * v)) + sqrt(2.0 * v / SC_PI) * exp(-a * a / (2.0 * v));
}

static void energy_of_mixtures_on_the_line_by_hand(void **state)
{
    (void)state;
    const double w[2] = {0.25, 0.75}, mu[2] = {-1.0, 2.0}, v[2] = {0.5, 0.1};
    const double nu = 0.5, u = 0.3;
    gmm *p = gmm_new(2, 1, w, mu, 1, v), *q = gmm_new(1, 1, &(double){1.0}, &nu, 1, &u);
    double between = 0.0, within = 0.0;
    enclosure energy;
    for (int i = 0; i < 2; i++) {
        between += w[i] * mean_abs(mu[i] - nu, v[i] + u);
        for (int j = 0; j < 2; j++)
            within += w[i] * w[j] * mean_abs(mu[i] - mu[j], v[i] + v[j]);
    }
    assert_int_equal(divergence_energy_gmm(p, q, &energy), SC_OK);
    between *= 2.0;
    within += mean_abs(0.0, 2.0 * u);
    assert_near(enclosure_mid(energy), between - within, 1e-13);
    assert_close(enclosure_halfwidth(energy), 1e-11 * (between + within), 1e-2);
    assert_int_equal(divergence_energy_gmm(p, p, &energy), SC_OK);
    assert_true(energy.lo <= 0.0 && 0.0 <= energy.hi);
    gmm_free(q), gmm_free(p);
}

/* The U-statistic against the closed form, in R^3: 400 pairs of samples, 5 standard errors. */
static void energy_of_samples_is_unbiased(void **state)
{
    (void)state;
    enum { N = 50, PAIRS = 400 };
    const double w[2] = {0.5, 0.5}, mu[6] = {0.0, 0.0, 0.0, 1.0, 2.0, -1.0};
    const double v[2] = {0.2, 1.0}, at[3] = {1.0, 0.0, 0.0}, u = 0.5;
    gmm *p = gmm_new(2, 3, w, mu, 3, v), *q = gmm_new(1, 3, &(double){1.0}, at, 3, &u);
    double sum = 0.0, squares = 0.0, x[3 * N], y[3 * N];
    enclosure closed;
    assert_int_equal(divergence_energy_gmm(p, q, &closed), SC_OK);
    double exact = enclosure_mid(closed);
    for (uint64_t r = 0; r < PAIRS; r++) {
        gmm_sample(p, rng_key_of(1, "x"), r * N, N, x, 3);
        gmm_sample(q, rng_key_of(1, "y"), r * N, N, y, 3);
        double e = divergence_energy(N, 3, x, 3, N, y, 3);
        sum += e;
        squares += e * e;
    }
    double mean = sum / PAIRS, se = sqrt((squares / PAIRS - mean * mean) / PAIRS);
    assert_true(se < 0.02 * exact);
    assert_near(mean, exact, 5.0 * se);
    gmm_free(q), gmm_free(p);
}

static void energy_of_other_shapes_is_refused(void **state)
{
    (void)state;
    const double one = 1.0, mu[2] = {0.0, 0.0}, v[2] = {1.0, 2.0};
    gmm *p = gmm_new(1, 2, &one, mu, 2, v);
    gmm *q = gmm_new_diagonal(1, 2, &one, mu, 2, v, 2);
    enclosure energy = {-7.0, -7.0, 0.0};
    assert_int_equal(divergence_energy_gmm(p, q, &energy), SC_EDOMAIN);
    assert_true(energy.lo == -7.0 && energy.hi == -7.0);
    gmm_free(q), gmm_free(p);
}

/* N(0, I) against N(a, I): TV = erf(|a|/sqrt 8), for p itself and for p drawn by the caller; the
   law q in the place of p wins nothing. */
static void draw_mixture(const void *ctx, rng_key key, uint64_t first, long n,
                         double *x)
{
    gmm_sample(ctx, key, first, n, x, gmm_dim(ctx));
}

static void total_variation_of_shifted_gaussians(void **state)
{
    (void)state;
    const double one = 1.0, at[6] = {0.0, 0.0, 0.0, 1.0, -1.0, 0.5};
    gmm *p = gmm_new(1, 3, &one, at, 3, &one),
        *q = gmm_new(1, 3, &one, at + 3, 3, &one);
    const draws itself = {draw_mixture, p}, other = {draw_mixture, q};
    enclosure tv, again, none;
    rng_key key = rng_key_of(1, "tv");
    assert_int_equal(divergence_tv_gmm(p, q, NULL, key, 20000, 1e-6, &tv), SC_OK);
    assert_int_equal(divergence_tv_gmm(p, q, &itself, key, 20000, 1e-6, &again), SC_OK);
    assert_int_equal(divergence_tv_gmm(p, q, &other, key, 20000, 1e-6, &none), SC_OK);
    double exact = erf(1.5 / sqrt(8.0));
    assert_true(tv.lo < exact && exact < tv.hi);
    assert_true(enclosure_halfwidth(tv) < 0.03);
    assert_memory_equal(&tv, &again, sizeof tv);
    assert_true(none.lo == 0.0 && none.hi == 0.0);
    gmm_free(q), gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_assignment_is_the_best_of_all_permutations),
        cmocka_unit_test(a_shift_costs_its_length),
        cmocka_unit_test(on_the_line_both_forms_agree),
        cmocka_unit_test(unequal_weights_are_split),
        cmocka_unit_test(a_sample_that_is_not_finite_is_refused),
        cmocka_unit_test(energy_distance_by_hand),
        cmocka_unit_test(energy_distance_is_its_formula),
        cmocka_unit_test(energy_distances_of_groups),
        cmocka_unit_test(energy_of_mixtures_on_the_line_by_hand),
        cmocka_unit_test(energy_of_samples_is_unbiased),
        cmocka_unit_test(energy_of_other_shapes_is_refused),
        cmocka_unit_test(total_variation_of_shifted_gaussians),
        cmocka_unit_test(energy_distance_has_the_same_bytes_for_any_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
