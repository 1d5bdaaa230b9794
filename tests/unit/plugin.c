/* A population against the plug-in of n of its points. */
#include "check.h"
#include "reference.h"

#include "plugin.h"

#include <stdlib.h>

enum { N = 10 };
static const double POINTS[N] = {0.3,  -1.2, 0.9, -0.4, 0.05,
                                 -0.1, 1.7,  0.6, -0.7, -2.1};

/* sum_i int_{cell i} (x_(i) - y)^2 p(dy) by Riemann sums in the quantile's level. */
static double w2_squared_by_levels(const plugin_cells *c, const double *sorted,
                                   double (*quantile)(double u))
{
    enum { PART = 20000 };
    double sum = 0.0;
    for (int i = 0; i < c->n; i++)
        for (int j = 0; j < PART; j++) {
            double gap = sorted[i] - quantile((i + (j + 0.5) / PART) / c->n);
            sum += gap * gap / PART / c->n;
        }
    return sum;
}

static double uniform_quantile(double u) { return 4.0 * u - 2.0; }

/* Of the two atoms -1, 1 with N(0, v): 2 (1 - sqrt(2 v/pi)) + v - 1. */
static void w2_of_atoms(void **state)
{
    (void)state;
    const double v = 0.49;
    double pair[] = {1.0, -1.0}, ten[N];
    plugin_cells cells;
    target *normal = target_gauss(0.0, v), *flat = target_uniform(-2.0, 2.0);
    assert_int_equal(plugin_cells_of(normal, 2, &cells), SC_OK);
    enclosure e = plugin_w2_squared(&cells, pair);
    assert_near(enclosure_mid(e), 1.0 + v - 2.0 * sqrt(2.0 * v / SC_PI), 1e-14);
    assert_true(pair[0] == -1.0 && enclosure_halfwidth(e) < 1e-12);
    free(cells.first);

    for (int i = 0; i < N; i++) ten[i] = POINTS[i];
    assert_int_equal(plugin_cells_of(flat, N, &cells), SC_OK);
    e = plugin_w2_squared(&cells, ten);
    assert_close(enclosure_mid(e), w2_squared_by_levels(&cells, ten, uniform_quantile),
                 1e-7);
    free(cells.first);
    target_free(flat), target_free(normal);

    target *laplace = target_laplace(0.0, 1.0);
    assert_int_equal(plugin_cells_of(laplace, 2, &cells), SC_EDOMAIN);
    target_free(laplace);
}

/* E W2^2 for U(-1/2, 1/2), whose i-th smallest point has mean i/(n + 1) - 1/2, is 1/(6n). */
static void mean_w2_of_a_uniform_law(void **state)
{
    (void)state;
    enum { SIZE = 1000 };
    const double s2 = 0.01;
    plugin_cells cells;
    target *flat = target_uniform(-0.5, 0.5);
    assert_int_equal(plugin_cells_of(flat, SIZE, &cells), SC_OK);
    double mean = cells.second + 1.0 / 12.0;
    for (int i = 0; i < SIZE; i++)
        mean -= 2.0 * ((i + 1.0) / (SIZE + 1.0) - 0.5) * cells.first[i];
    assert_close(mean, 1.0 / (6.0 * SIZE), 1e-11);
    assert_close((1.0 - s2) / (2.0 * s2) * mean,
                 reference_value("matching", "plugin_bound_E"), 1e-11);
    free(cells.first);
    target_free(flat);
}

/* The cells of a mixture: their moments add up to its mean; W2 is at least the distance of the means. */
static void cells_of_a_mixture(void **state)
{
    (void)state;
    gmm *g = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    target *p = target_mixture(g);
    plugin_cells cells;
    double sum = 0.0, x[N], shifted[N];
    assert_int_equal(plugin_cells_of(p, N, &cells), SC_OK);
    for (int i = 0; i < N; i++) sum += cells.first[i];
    assert_near(sum, 0.0, 1e-15);
    for (int i = 0; i < N; i++) x[i] = POINTS[i], shifted[i] = POINTS[i] + 3.0;
    double mean = 0.0;
    for (int i = 0; i < N; i++) mean += x[i] / N;
    /* W2^2(p, shifted by a) = W2^2 + 2 a (mean - E) + a^2 */
    double before = enclosure_mid(plugin_w2_squared(&cells, x));
    assert_close(enclosure_mid(plugin_w2_squared(&cells, shifted)),
                 before + 6.0 * (mean - target_mean(p)) + 9.0, 1e-14);
    free(cells.first);
    target_free(p);
    gmm_free(g);
}

/* Much of the mass lies within an ulp of the median, in the second component: 1/2 = 0.3 + 0.6 Phi(z). By 40 digits. */
static void cells_of_a_narrow_mixture(void **state)
{
    (void)state;
    const double var = 0x1p-54, W2_SQUARED = 0.48999999479866356;
    double x[] = {0.9, -0.7};
    gmm *g = gmm_new(3, 1, (double[]){0.3, 0.6, 0.1}, (double[]){-1.0, 1.0 / 3.0, 2.0},
                     1, (double[]){var, var, var});
    target *p = target_mixture(g);
    plugin_cells cells;
    assert_int_equal(plugin_cells_of(p, 2, &cells), SC_OK);
    enclosure e = plugin_w2_squared(&cells, x);
    assert_true(e.lo <= W2_SQUARED && W2_SQUARED <= e.hi);
    assert_true(enclosure_halfwidth(e) < 1e-13);
    free(cells.first);
    target_free(p);
    gmm_free(g);
}

/* More nodes than a machine has room for: refused, by the samples too. */
static void data_too_wide_for_a_grid(void **state)
{
    (void)state;
    target *wide = target_gauss(0.0, 1e12);
    const plugin_kernel at[] = {{1e-3, 1.0}, {1.0, 0.01}};
    plugin_grid grid;
    plugin_sample s = {.n = -1};
    assert_int_equal(plugin_grid_of(wide, 1e-6, 1.0, &grid), SC_OK);
    assert_true(grid.nodes < PLUGIN_NODES);
    free(grid.x);
    assert_int_equal(plugin_grid_of(wide, 1.0, 0.01, &grid), SC_EACCURACY);
    assert_int_equal(plugin_sample_of(wide, N, 2, at, rng_key_of(1, "plugin"), 3, &s),
                     SC_EACCURACY);
    assert_int_equal(s.n, -1);
    target_free(wide);
}

/* By adaptive quadrature. */
static void kl_of_atoms(void **state)
{
    (void)state;
    target *data[] = {target_gauss(0.2, 1.3), target_uniform(-1.0, 1.0)};
    target *atoms = target_empirical(N, POINTS);
    for (int i = 0; i < LEN(data); i++)
        for (int j = 0; j < 3; j++) {
            const double s2 = 0.02 * pow(4.0, j);
            const reference p = {data[i], 0.8, s2}, q = {atoms, 0.8, s2};
            plugin_grid grid;
            assert_int_equal(plugin_grid_of(data[i], 0.8, s2, &grid), SC_OK);
            enclosure known, kl = plugin_kl(&grid, N, POINTS);
            assert_int_equal(divergence_between(&p, &q, &known, NULL, NULL), SC_OK);
            assert_true(kl.lo <= known.hi && known.lo <= kl.hi);
            assert_near(enclosure_halfwidth(kl), 0.0, 0.02 * enclosure_mid(known));
            free(grid.x);
        }
    target_free(atoms);
    for (int i = 0; i < LEN(data); i++) target_free(data[i]);
}

/* m^2 v/(2 s2) for N(mean, v), however far the integrand reaches. */
static void limit_for_a_gaussian(void **state)
{
    (void)state;
    for (int j = 0; j < 7; j++) {
        const double s2 = 0.01 * pow(3.0, j);
        target *p = target_gauss(0.7, 2.0);
        enclosure limit;
        assert_int_equal(plugin_limit(p, 0.9, s2, &limit), SC_OK);
        assert_close(enclosure_mid(limit), 0.81 / s2, 1e-9);
        assert_true(limit.lo <= 0.81 / s2 * (1 + 1e-12) &&
                    0.81 / s2 * (1 - 1e-12) <= limit.hi);
        target_free(p);
    }
}

/* N(0, I) against N(a, v I): KL, mass 1, E|x - factor (x - a)/v|^2. */
static void gaussians_compared(void **state)
{
    (void)state;
    enum { D = 3, DRAWS = 200000 };
    double zero[D] = {0.0}, a[D] = {0.3, -0.2, 0.1};
    const double v = 1.2, factor = 0.7, square = 0.14;
    gmm *p = gmm_new_equal(1, D, zero, 1.0), *q = plugin_law(1, D, a, 1.0, v);
    plugin_gap gap = plugin_compare(p, q, factor, rng_key_of(1, "plugin"), 0, DRAWS);
    double slope = 1.0 - factor / v, shift = factor / v;
    assert_near(gap.log_ratio, 0.5 * (D / v - D + D * log(v) + square / v), 0.01);
    assert_near(gap.mass, 1.0, 0.01);
    assert_near(gap.score_error, D * slope * slope + shift * shift * square, 0.02);
    gmm_free(q), gmm_free(p);
}

/* Densities of the circle and the sphere against those of many points of them. */
static void densities_around_spheres(void **state)
{
    (void)state;
    enum { MANY = 4000 };
    const double golden = SC_PI * (3.0 - sqrt(5.0)), y[] = {0.9, 0.5, -0.3};
    for (int d = 2; d <= 3; d++) {
        const plugin_sphere c = {.n = MANY, .d = d, .m = 0.8, .s2 = 0.2};
        double *x = NEW_ARRAY(double, (long)MANY *d), logp;
        for (long i = 0; i < MANY; i++) {
            double turn = d == 2 ? 2.0 * SC_PI * (double)i / MANY : golden * (double)i;
            double height = d == 2 ? 0.0 : 1.0 - (2.0 * (double)i + 1.0) / MANY;
            x[i * d] = sqrt(1.0 - height * height) * cos(turn);
            x[i * d + 1] = sqrt(1.0 - height * height) * sin(turn);
            if (d == 3) x[i * d + 2] = height;
        }
        gmm *p = plugin_law(MANY, d, x, c.m, c.s2);
        gmm_score(p, 1, y, d, &logp, NULL, d);
        assert_near(plugin_sphere_logp(&c, y), logp, d == 2 ? 1e-12 : 1e-5);
        gmm_free(p);
        free(x);
    }
    /* a large s2 leaves N(0, I/d) and its variance: n E KL -> {(1 + 1/(s2 d))^d - 1}/2, about 1/(2 s2) */
    const plugin_sphere far = {.n = 50,
                               .d = 3,
                               .m = 1.0,
                               .s2 = 50.0,
                               .points = 50,
                               .draw = rng_key_of(2, "far")};
    enclosure kl = plugin_sphere_kl(&far, rng_key_of(1, "far"), 4000, 1e-6);
    assert_near(far.n * enclosure_mid(kl), 0.01, 6e-4);
}

/* Every set has its own points of the law, and the number that is told. */
static void ends(const void *ctx, long set, double *x, double *y)
{
    y[0] = x[0];
    y[1] = x[*(const int *)ctx - 1] + (double)set;
    x[0] = 0.0; /* it is the statistic's own */
}

static void sets_are_numbered(void **state)
{
    (void)state;
    enum { SETS = 7, POINTS_A_SET = 5 };
    const int n = POINTS_A_SET;
    double y[2 * SETS], x[SETS * POINTS_A_SET];
    target *p = target_uniform(0.0, 1.0);
    rng_key key = rng_key_of(3, "sets");
    const plugin_design design = {plugin_target(p), n, 1, ends, &n, 2};
    plugin_sets(&design, key, SETS, y);
    target_sample(p, key, 0, LEN(x), x);
    for (long g = 0; g < SETS; g++) {
        assert_true(y[2 * g] == x[g * n]);
        assert_true(y[2 * g + 1] == x[g * n + n - 1] + (double)g);
    }
    target_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(w2_of_atoms),
        cmocka_unit_test(mean_w2_of_a_uniform_law),
        cmocka_unit_test(cells_of_a_mixture),
        cmocka_unit_test(cells_of_a_narrow_mixture),
        cmocka_unit_test(data_too_wide_for_a_grid),
        cmocka_unit_test(kl_of_atoms),
        cmocka_unit_test(limit_for_a_gaussian),
        cmocka_unit_test(gaussians_compared),
        cmocka_unit_test(sets_are_numbered),
        cmocka_unit_test(densities_around_spheres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
