/* The sieve: its E-step against the definition, EM, and what is known exactly of a training set. */
#include "sieve.h"

#include "check.h"
#include "divergence.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static generator curve(int D) { return generator_first(&GENERATOR_BEND, D); }

/* A linear function is its own projection of degree 1; of degree 0, its means over the cells. */
static void projections(void **state)
{
    (void)state;
    const generator straight = GENERATOR_LINE;
    double a[8], x[2];
    const double u[] = {0.1, 0.93};
    for (int degree = 0; degree <= 1; degree++) {
        const sieve s = {1, 1, degree, 4};
        assert_int_equal(sieve_size(&s), 4 * (1 + degree));
        mesh nodes = sieve_nodes(&s);
        sieve_project(&s, &straight, &nodes, a);
        sieve_eval(&s, a, 2, u, x);
        for (int i = 0; i < 2; i++) {
            const double middle = (floor(4.0 * u[i]) + 0.5) / 4.0;
            assert_near(x[i], 1.6 * ((degree == 1 ? u[i] : middle) - 0.5), 1e-12);
        }
        mesh_free(&nodes);
    }
    /* of the quantile function of two points, in two cells: the points */
    const sieve s = {1, 1, 0, 2};
    mesh nodes = sieve_nodes(&s);
    sieve_quantile(&s, 2, (double[]){-1.0, 3.0}, &nodes, a);
    assert_near(a[0], -1.0, 1e-12);
    assert_near(a[1], 3.0, 1e-12);
    mesh_free(&nodes);
}

static void planes_have_their_cells(void **state)
{
    (void)state;
    const sieve s = {2, 2, 1, 3};
    const generator g = GENERATOR_SLAB;
    generator linear = g;
    linear.waves = 0;
    double a[54], x[2], y[2];
    const double u[] = {0.71, 0.2};
    mesh nodes = sieve_nodes(&s);
    sieve_project(&s, &linear, &nodes, a);
    sieve_eval(&s, a, 1, u, x);
    generator_eval(&linear, 1, u, y, NULL);
    assert_near(x[0], y[0], 1e-12);
    assert_near(x[1], y[1], 1e-12);
    assert_int_equal(sieve_size(&s), 54);
    mesh_free(&nodes);
}

/* hat p of few points, node by node. */
static void noised_density_is_the_mixture(void **state)
{
    (void)state;
    const double x[] = {0.1, -0.3, 0.5, 0.2, -0.6, 0.4}, t0 = 0.3, m = exp(-t0);
    for (int D = 1; D <= 2; D++) {
        const generator g = curve(D);
        const sieve_truth c = {&g, NULL, 0.2, t0};
        const int n = 6 / D;
        sieve_density p = sieve_noised(&c, n, x);
        cloud *points = cloud_new(n, D, x, NULL);
        const cloud_law law = {points, m, 1.0 - m * m};
        for (long i = 0; i < (long)p.n[0] * p.n[1]; i += 7) {
            const double y[] = {p.y[0][i / p.n[1]], p.y[1][i % p.n[1]]};
            double logp;
            cloud_eval(&law, 1, y, 2, &logp, NULL, NULL);
            assert_close(p.p[i] / p.cell, exp(logp), 1e-8);
        }
        cloud_free(points);
        sieve_density_free(&p);
    }
}

/* Lambda of the start, by cloud_eval; the truth itself is a fixed point; Lambda only rises. `wide`: kernels interpolated. */
static void check_fit(const generator *g, double t0, int N)
{
    const sieve s = {g->d, g->D, 1, N};
    const sieve_truth c = {g, NULL, 0.1, t0};
    double *a = NEW_ARRAY(double, 2 * sieve_size(&s)), *b = a + sieve_size(&s);
    mesh nodes = sieve_nodes(&s);
    sieve_project(&s, g, &nodes, a);
    memcpy(b, a, (size_t)sieve_size(&s) * sizeof *a);
    cloud *of = sieve_cloud(&s, a, &nodes);
    const sieve_truth model = {g, of, 0.1, t0};
    sieve_density p = sieve_noised(&model, 0, NULL);
    const cloud_law law = sieve_law(&model, of);
    double Lambda = 0.0;
    for (long i = 0; i < (long)p.n[0] * p.n[1]; i++) {
        const double y[] = {p.y[0][i / p.n[1]], p.y[1][i % p.n[1]]};
        double logp;
        cloud_eval(&law, 1, y, 2, &logp, NULL, NULL);
        Lambda += p.p[i] * logp;
    }
    const sieve_rule few = {1.6, 0.0, 0, 5};
    sieve_run run = sieve_fit(&s, &nodes, &c, &p, &few, b);
    assert_near(run.start, Lambda, 1e-12);
    assert_near(run.Lambda, Lambda, 1e-12);
    for (long j = 0; j < sieve_size(&s); j++) assert_near(b[j], a[j], 1e-8);
    assert_false(run.converged);
    for (long j = 0; j < sieve_size(&s); j++) b[j] = a[j] + 0.1 * sin((double)j);
    double last = -HUGE_VAL;
    for (int i = 0; i < 4; i++) {
        run = sieve_fit(&s, &nodes, &c, &p, &few, b);
        assert_true(run.start >= last - 1e-13 && run.Lambda >= run.start - 1e-13);
        last = run.Lambda;
    }
    assert_true(last < Lambda);
    assert_true(last > Lambda - 0.05);
    sieve_density_free(&p);
    cloud_free(of);
    mesh_free(&nodes);
    free(a);
}

static void maximum_is_the_truth(void **state)
{
    (void)state;
    const generator one = curve(1), two = curve(2);
    check_fit(&one, 0.35, 4);
    check_fit(&one, 0.02, 4);
    check_fit(&two, 0.35, 3);
    check_fit(&two, 0.02, 3);
    check_fit(&GENERATOR_SLAB, 0.35, 2);
}

/* One point: EM gives that point (all mass in it), for a grid and for a sample; a far start does not underflow. */
static void one_point_is_found(void **state)
{
    (void)state;
    const sieve s = {1, 3, 0, 1};
    const double x[] = {0.3, -0.2, 0.7};
    double a[3] = {40.0, -40.0, 40.0};
    mesh nodes = mesh_midpoints(1, 10);
    const sieve_run run = sieve_fit_sample(&s, &nodes, 0.01, 1, x, &SIEVE_SAMPLE, a);
    for (int k = 0; k < 3; k++) assert_near(a[k], x[k], 1e-10);
    assert_near(run.Lambda, -1.5 * log(2.0 * SC_PI * 0.01), 1e-9);
    assert_true(run.converged);
    assert_int_equal(run.iterations, 60);
    mesh_free(&nodes);
}

/* Sample and grid agree: with sd > 0 at t0 -> 0 both maximise the likelihood of the points. */
static void sample_likelihood_rises(void **state)
{
    (void)state;
    enum { N = 600 };
    const generator g = generator_first(&GENERATOR_WIRE, 5);
    const sieve s = {1, 5, 1, 6};
    double u[N], z[5 * N], x[5 * N], a[60];
    rng r = rng_at(rng_key_of(1, "sieve"), 0, 0);
    rng_uniform(&r, N, u);
    rng_normal(&r, 5L * N, z);
    generator_eval(&g, N, u, x, NULL);
    for (int i = 0; i < 5 * N; i++) x[i] += 0.25 * z[i];
    mesh nodes = mesh_midpoints(1, 160); /* not a multiple of N */
    sieve_project(&s, &g, &nodes, a);
    cloud *of = sieve_cloud(&s, a, &nodes);
    const cloud_law law = {of, 1.0, 0.0625};
    double logp[N], mean = 0.0;
    cloud_eval(&law, N, x, 5, logp, NULL, NULL);
    for (int i = 0; i < N; i++) mean += logp[i] / N;
    const sieve_run run = sieve_fit_sample(&s, &nodes, 0.0625, N, x, &SIEVE_SAMPLE, a);
    assert_near(run.start, mean, 1e-12);
    assert_true(run.Lambda > run.start + 0.01); /* 60 coefficients, about 60/(2 N) */
    assert_true(run.Lambda < run.start + 0.2);
    cloud_free(of);
    mesh_free(&nodes);
}

/* E 1/2 int (hat p - p)^2/p, exactly and as a mean; sets from a store are the same. */
static void training_sets(void **state)
{
    (void)state;
    enum { R = 800 };
    const generator g = generator_first(&GENERATOR_GENTLE, 1);
    mesh nodes = mesh_legendre(1, 4, 16);
    cloud *of = cloud_of(&g, &nodes);
    const sieve_design c = {{1, 1, 0, 2}, {&g, of, 0.3, 0.35}, 100};
    sieve_outcome y[R];
    double square[R];
    assert_int_equal(sieve_sets(&c, NULL, rng_key_of(1, "sets"), R, y), SC_OK);
    for (int r = 0; r < R; r++) {
        square[r] = y[r].square;
        assert_true(y[r].gain > 0.0 && y[r].error > 0.0);
        /* KL <= log(1 + chi^2), and close to half of it */
        assert_close(y[r].memoriser, y[r].square, 0.5);
    }
    const enclosure mean = stats_mean(R, square, 1e-6, 0.0),
                    exact = sieve_mean_square(&c.truth, c.n);
    assert_true(mean.lo <= exact.hi && exact.lo <= mean.hi);
    assert_true(mean.hi < 2.0 * mean.lo);
    /* factor 1 on `square` itself leaves its mean alone */
    const enclosure none = sieve_mean(&c, R, y, &y->square, 1.0, 1e-6);
    assert_close(none.lo, exact.lo, 1e-12);
    cloud_free(of);
    mesh_free(&nodes);
}

/* Flows of points: every law is Gaussian. The score of N(m_t c, s2_t) takes N(0, 1) at T to N(a, b^2 + w) at t0, where
   X_{t0} | X_T ~ N(a + b X_T, w). */
static void sampler_of_gaussians(void **state)
{
    (void)state;
    const double zero = 0.1, c = 0.4, sd = 0.5, t0 = 0.05, T = 1.2;
    cloud *one = cloud_new(1, 1, &zero, NULL), *two = cloud_new(1, 1, &c, NULL);
    const cloud_flow p = {one, sd}, q = {two, sd};
    const cloud_law pt = cloud_ou(one, sd, t0), qt = cloud_ou(two, sd, t0),
                    qT = cloud_ou(two, sd, T), p0 = cloud_ou(one, sd, 0.0);
    const double b = exp(t0 - T) * qt.s2 / qT.s2, a = qt.m * c - b * qT.m * c;
    const gauss out = {a, b * b + qt.s2 - b * b * qT.s2}, truth = {pt.m * zero, pt.s2},
                data = {zero, p0.s2};
    const sieve_output y = sieve_sampled(&p, &q, t0, T);
    assert_near(enclosure_mid(y.kl), gauss_kl(truth, out), 1e-11);
    assert_near(enclosure_mid(y.total), gauss_tv(out, data), 1e-4);
    assert_near(enclosure_mid(y.bias), gauss_tv(truth, data), 1e-4);
    assert_near(enclosure_mid(y.estimation), gauss_tv(out, truth), 1e-4);
    assert_true(y.total.lo <= gauss_tv(out, data) && gauss_tv(out, data) <= y.total.hi);
    assert_true(y.kl.hi < y.bound.lo);
    cloud_free(one), cloud_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(projections),
        cmocka_unit_test(planes_have_their_cells),
        cmocka_unit_test(noised_density_is_the_mixture),
        cmocka_unit_test(maximum_is_the_truth),
        cmocka_unit_test(one_point_is_found),
        cmocka_unit_test(sample_likelihood_rises),
        cmocka_unit_test(training_sets),
        cmocka_unit_test(sampler_of_gaussians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
