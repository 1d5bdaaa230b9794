#include "risk.h"
#include "check.h"
#include "folder.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

static const rng_key KEY = {{11, 12}}, OTHER = {{13, 14}};

/* s = -y/h against N(0, v I): E = (1/h - 1/v)^2 v D; s = 0: D/v. On the line for any shift; at given points their mean. */
static void gaussians(void **state)
{
    (void)state;
    static const double origin[2] = {0.0, 0.0}, y[4] = {1.0, 2.0, -3.0, 0.5};
    const double v = 0.5, factor = 1.0 / 0.2 - 1.0 / v;
    for (int D = 1; D <= 2; D++) {
        double risk[3];
        cloud *point = cloud_new(1, D, origin, NULL);
        const cloud_law p = {point, 1.0, v};
        const kde e[] = {kde_of(point, v, 0.0), kde_of(point, 0.2, 0.0)};
        for (int i = 0; D == 1 && i < 4; i++) {
            risk_on_line(&p, 0.3 * i, 2, e, risk);
            assert_near(risk[0], 0.0, 1e-14);
            assert_close(risk[1], factor * factor * v, 1e-8);
            assert_close(risk[2], 1.0 / v, 1e-8);
        }
        risk_at(&p, 4 / D, y, 2, e, risk);
        assert_near(risk[0], 0.0, 1e-14);
        assert_close(risk[1], factor * factor * 14.25 * D / 4.0, 1e-13);
        assert_close(risk[2], 14.25 * D / 4.0 / (v * v), 1e-13);
        cloud_free(point);
    }
}

/* A kernel estimate half as wide as the spacing: one shift errs, the mean over shifts does not. */
static void shifts_are_unbiased(void **state)
{
    (void)state;
    enum { FEW = 64, MANY = 256 };
    static const double X[] = {-0.9, -0.3, 0.2, 1.1};
    cloud *points = cloud_new(4, 1, X, NULL), *origin = cloud_new(1, 1, X + 2, NULL);
    const cloud_law p = {origin, 1.0, 0.25};
    const kde narrow = kde_of(points, 0.0025, 0.0);
    double risk[2], mean[2] = {0.0}, least = HUGE_VAL, most = 0.0;
    for (int i = 0; i < MANY; i++) {
        risk_on_line(&p, (double)i / MANY, 1, &narrow, risk);
        mean[0] += risk[0] / MANY;
        if (i % (MANY / FEW) == 0) mean[1] += risk[0] / FEW;
        least = fmin(least, risk[0]);
        most = fmax(most, risk[0]);
    }
    assert_true(most > 1.01 * least);
    assert_close(mean[1], mean[0], 1e-4);
    cloud_free(points);
    cloud_free(origin);
}

/* E|grad log p|^2 near the wire, sd = .25: the known values, which are Monte Carlo, by points and on the line. */
static void energies_near_the_wire(void **state)
{
    (void)state;
    enum { POINTS = 20000 };
    static const int D[] = {1, 2, 3, 5, 8};
    static const double known[] = {5.47, 20.4, 33.9, 61.8, 111};
    for (int i = 0; i < LEN(D); i++) {
        const generator g = generator_first(&GENERATOR_WIRE, D[i]);
        cloud *curve = risk_curve(&g, 300);
        const cloud_law p = {curve, 1.0, 0.0625};
        double energy, *y = NEW_ARRAY(double, (long)POINTS *D[i]);
        risk_draw(&g, 0.25, POINTS, KEY, 0, y);
        risk_at(&p, POINTS, y, 0, NULL, &energy);
        assert_close(energy, known[i], 0.03);
        if (D[i] == 1) {
            risk_on_line(&p, 0.5, 0, NULL, &energy);
            assert_close(energy, known[i], 0.02);
        }
        free(y);
        cloud_free(curve);
    }
}

static void draws_lie_near_the_curve(void **state)
{
    (void)state;
    enum { N = 50, D = 3 };
    const generator g = generator_first(&GENERATOR_WIRE, D);
    double u[N], z[N * D], on[N * D], x[N * D];
    rng uniform = rng_at(KEY, 7, 0), normal = rng_at(KEY, 7, 1);
    rng_uniform(&uniform, N, u);
    rng_normal(&normal, LEN(z), z);
    generator_eval(&g, N, u, on, NULL);
    risk_draw(&g, 0.25, N, KEY, 7, x);
    for (int i = 0; i < N * D; i++) assert_true(x[i] == on[i] + 0.25 * z[i]);
}

static risk_design design(const cloud *curve, const generator *g)
{
    return (risk_design){.g = *g,
                         .p = {curve, 1.0, 0.0625},
                         .sd = 0.25,
                         .h = {0.04, 0.09},
                         .eps = 1e-6,
                         .n = 300,
                         .points = 200,
                         .fits = 4,
                         .kernels = 2,
                         .cells = 4,
                         .starts = 1,
                         .tolerance = 1e-6,
                         .sample = KEY,
                         .test = OTHER};
}

/* The same bytes from any number of threads; a fit where one is asked for; kernels do not depend on it. */
static void replicates(void **state)
{
    (void)state;
    enum { R = 6 };
    static const int THREADS[] = {2, 3, 7};
    for (int D = 1; D <= 3; D += 2) {
        const generator g = generator_first(&GENERATOR_WIRE, D);
        cloud *curve = risk_curve(&g, 300);
        risk_design c = design(curve, &g);
        double y[R * RISK_NUMBERS], again[R * RISK_NUMBERS];
        omp_set_num_threads(1);
        assert_int_equal(risk_replicates(NULL, &c, R, y), SC_OK);
        for (int i = 0; i < LEN(THREADS); i++) {
            omp_set_num_threads(THREADS[i]);
            assert_int_equal(risk_replicates(NULL, &c, R, again), SC_OK);
            assert_memory_equal(y, again, sizeof y);
        }
        for (int r = 0; r < R; r++) {
            for (int j = RISK_FIT; j <= RISK_STEPS; j++)
                if (j != RISK_ZERO) assert_true((y[j * R + r] > 0.0) == (r < c.fits));
            assert_true(y[RISK_KERNEL * R + r] > y[RISK_FIT * R + r]);
        }
        c.fits = 0;
        c.kernels = 1;
        assert_int_equal(risk_replicates(NULL, &c, R, again), SC_OK);
        assert_memory_equal(y, again, R * sizeof *y);
        for (int r = 0; r < R; r++) assert_true(again[RISK_SECOND * R + r] == 0.0);
        assert_memory_equal(y + (long)RISK_ZERO * R, again + (long)RISK_ZERO * R,
                            R * sizeof *y);
        cloud_free(curve);
    }
}

/* Fits compared with themselves, with few steps of EM, which raise the likelihood less, and with the best of several starts. */
static void other_fits(void **state)
{
    (void)state;
    enum { R = 4 };
    const generator g = generator_first(&GENERATOR_WIRE, 2);
    cloud *curve = risk_curve(&g, 300);
    risk_design c = design(curve, &g);
    c.kernels = 0;
    double y[R * RISK_NUMBERS], few[R * RISK_NUMBERS];
    risk_comparison out;
    assert_int_equal(risk_replicates(NULL, &c, R, y), SC_OK);
    assert_int_equal(risk_compare(NULL, &c, R, y, 0.1, &out), SC_OK);
    assert_true(out.change.lo == 0.0 && out.change.hi == 0.0 && out.ahead == 0.0);
    risk_design other = c;
    other.steps = 10;
    assert_int_equal(risk_replicates(NULL, &other, R, few), SC_OK);
    assert_true(risk_steps(&other, R, few) == 10.0);
    for (int r = 0; r < R; r++)
        assert_true(few[RISK_GAIN * R + r] < y[RISK_GAIN * R + r]);
    assert_int_equal(risk_compare(NULL, &other, R, y, 0.1, &out), SC_OK);
    assert_true(out.change.hi > out.change.lo && out.ahead == 0.0);
    assert_int_equal(risk_compare(NULL, &c, R, few, 0.1, &out), SC_OK);
    assert_true(out.ahead == 1.0);
    other = c;
    other.starts = 3;
    assert_int_equal(risk_replicates(NULL, &other, R, few), SC_OK);
    for (int r = 0; r < R; r++) {
        assert_true(few[RISK_GAIN * R + r] >= y[RISK_GAIN * R + r]);
        assert_true(few[RISK_STEPS * R + r] > y[RISK_STEPS * R + r]);
    }
    cloud_free(curve);
}

/* What a store keeps of a design is not taken for another that differs in one thing only: the truth, its generator, the fit. */
static void kept_fits(void **state)
{
    (void)state;
    enum { R = 2, DESIGNS = 5 };
    const long fit = (long)RISK_FIT * R;
    folder f = fresh();
    const generator g = generator_first(&GENERATOR_WIRE, 2),
                    moved = generator_scaled(&g, 0.9);
    cloud *curve = risk_curve(&g, 300), *coarse = risk_curve(&g, 5);
    risk_design c[DESIGNS];
    for (int i = 0; i < DESIGNS; i++) c[i] = design(curve, &g), c[i].fits = R;
    c[1].p.of = coarse;
    c[2].g = moved;
    c[3].tolerance = 1.0;
    c[4].starts = 2;
    double y[DESIGNS][R * RISK_NUMBERS], again[R * RISK_NUMBERS];
    for (int i = 0; i < DESIGNS; i++) {
        assert_int_equal(risk_replicates(f.s, &c[i], R, y[i]), SC_OK);
        for (int j = 0; j < i; j++) assert_true(y[i][fit] != y[j][fit]);
    }
    for (int i = 0; i < DESIGNS; i++) {
        assert_int_equal(risk_replicates(f.s, &c[i], R, again), SC_OK);
        assert_memory_equal(again, y[i], sizeof again);
    }
    cloud_free(curve);
    cloud_free(coarse);
    assert_int_equal(leave(&f), R * DESIGNS);
}

/* A rule that cannot be met is a failure, not a number. */
static void no_convergence_is_a_failure(void **state)
{
    (void)state;
    const generator g = generator_first(&GENERATOR_WIRE, 1);
    cloud *curve = risk_curve(&g, 300);
    risk_design c = design(curve, &g);
    double y[RISK_NUMBERS];
    c.tolerance = -1.0;
    assert_int_equal(risk_replicates(NULL, &c, 1, y), SC_ECONVERGENCE);
    cloud_free(curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussians),
        cmocka_unit_test(shifts_are_unbiased),
        cmocka_unit_test(energies_near_the_wire),
        cmocka_unit_test(draws_lie_near_the_curve),
        cmocka_unit_test(replicates),
        cmocka_unit_test(other_fits),
        cmocka_unit_test(kept_fits),
        cmocka_unit_test(no_convergence_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
