/* The sieve: its E-step against the definition, EM, and what is known exactly of a training set. */
#include "sieve.h"

#include "check.h"
#include "divergence.h"
#include "folder.h"
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

/* Lambda of the start, by cloud_eval; the truth itself is a fixed point; from elsewhere Lambda rises to it. */
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
    sieve_run run = sieve_fit(&s, &nodes, &c, &p, b);
    assert_true(run.converged && run.left < SIEVE_LEFT);
    assert_near(run.start, Lambda, 1e-12);
    assert_near(run.Lambda, Lambda, 1e-12);
    assert_near(enclosure_mid(sieve_error(&s, &model, b)), 0.0, 1e-12);
    for (long j = 0; j < sieve_size(&s); j++) b[j] = a[j] + 0.1 * sin((double)j);
    run = sieve_fit(&s, &nodes, &c, &p, b);
    assert_true(run.converged && run.iterations > 5);
    assert_true(run.start < Lambda - 1e-6);
    assert_near(run.Lambda, Lambda, 1e-9);
    assert_near(enclosure_mid(sieve_error(&s, &model, b)), 0.0, 1e-9);
    /* without p nothing converges, and says so */
    for (int i = 0; i < p.n[0]; i++) p.p[i] = NAN;
    assert_false(sieve_fit(&s, &nodes, &c, &p, b).converged);
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
    assert_near(run.left, 0.0, 1e-12);
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

/* E 1/2 int (hat p - p)^2/p, exactly and as a mean. */
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
        assert_true(y[r].rounding >= 0.0 && y[r].rounding < 1e-9);
        assert_true(y[r].agreeing > 0.0 && y[r].agreeing <= 1.0);
        /* KL <= log(1 + chi^2), and close to half of it */
        assert_close(y[r].memoriser, y[r].square, 0.5);
    }
    const enclosure mean = stats_mean_skewed(R, square, 1e-6),
                    exact = sieve_mean_square(&c.truth, c.n);
    assert_true(mean.lo <= exact.hi && exact.lo <= mean.hi);
    assert_true(mean.hi < 2.0 * mean.lo);
    /* the control takes all the noise of `square` itself */
    assert_true(sieve_controls(&c.truth));
    const enclosure none = sieve_mean(R, y, &y->square, &exact, 1e-6);
    assert_near(none.lo, exact.lo, 1e-9);
    assert_near(none.hi, exact.hi, 1e-9);
    const enclosure plain = sieve_mean(R, y, &y->square, NULL, 1e-6);
    assert_near(plain.lo, mean.lo, 1e-8);
    assert_near(plain.hi, mean.hi, 1e-8);
    sieve_average all;
    assert_int_equal(sieve_average_of(&c, NULL, rng_key_of(1, "sets"), 20, 1e-3, &all),
                     SC_OK);
    const enclosure error = sieve_mean(20, y, &y->error, &exact, 1e-3);
    assert_true(error.lo == all.error.lo && error.hi == all.error.hi);
    assert_true(all.least_gain > 0.0 && all.most_iterations >= 3.0);
    /* which is left out where its variance is infinite */
    sieve_design wide = c;
    wide.truth.sd = 0.8;
    assert_false(sieve_controls(&wide.truth));
    sieve_outcome z[20];
    assert_int_equal(sieve_sets(&wide, NULL, rng_key_of(1, "sets"), 20, z), SC_OK);
    assert_int_equal(
        sieve_average_of(&wide, NULL, rng_key_of(1, "sets"), 20, 1e-3, &all), SC_OK);
    const enclosure alone = sieve_mean(20, z, &z->error, NULL, 1e-3);
    assert_true(alone.lo == all.error.lo && alone.hi == all.error.hi);
    cloud_free(of);
    mesh_free(&nodes);
}

/* X_0 ~ N(0, sd^2), one point: the mean of `square` is ((s2/v)^D - 1)/(2n); its variance is finite for v > 2 m^2 sd^2. */
static void square_of_a_point(void **state)
{
    (void)state;
    const double zero[2] = {0.0, 0.0}, t0 = 0.3, v = -expm1(-2.0 * t0);
    for (int D = 1; D <= 2; D++) {
        generator g = curve(D);
        cloud *point = cloud_new(1, D, zero, NULL);
        for (int k = 0; k < 2; k++) {
            const double ratio = k == 0 ? 0.25 : 2.0; /* m^2 sd^2/v */
            const sieve_truth c = {&g, point, sqrt(ratio * v) * exp(t0), t0};
            const enclosure e = sieve_mean_square(&c, 10);
            const double exact = (pow(1.0 + ratio, D) - 1.0) / 20.0;
            assert_close(enclosure_mid(e), exact, 1e-9);
            assert_true(sieve_controls(&c) == (ratio < 0.5));
        }
        cloud_free(point);
    }
}

/* A generator that is itself in the class: nothing is out of reach, whatever the nodes. */
static void class_reaches_its_members(void **state)
{
    (void)state;
    generator flat[] = {GENERATOR_LINE, GENERATOR_SLAB};
    flat[1].waves = 0;
    for (int k = 0; k < LEN(flat); k++) {
        const int d = flat[k].d;
        mesh nodes = mesh_legendre(d, 4, 16);
        cloud *of = cloud_of(&flat[k], &nodes);
        const sieve s = {d, flat[k].D, 1, 3};
        const sieve_truth c = {&flat[k], of, 0.0, 0.5 * log(2.0)};
        enclosure error;
        assert_int_equal(sieve_limit(&s, &c, &error), SC_OK);
        assert_true(error.lo <= error.hi && error.hi < 1e-11);
        cloud_free(of);
        mesh_free(&nodes);
    }
}

/* Kept sets come back bytewise, under a key that sees the cloud, the noise and whether there is a sampler. */
static void sets_are_kept(void **state)
{
    (void)state;
    enum { R = 3 };
    folder f = fresh();
    const generator g = generator_first(&GENERATOR_GENTLE, 1);
    mesh fine = mesh_legendre(1, 4, 16), coarse = mesh_legendre(1, 4, 2);
    cloud *of = cloud_of(&g, &fine), *other = cloud_of(&g, &coarse);
    const rng_key key = rng_key_of(1, "kept");
    sieve_design c = {{1, 1, 0, 2}, {&g, of, 0.3, 0.35}, 50};
    sieve_outcome none[R], first[R], again[R];
    assert_int_equal(sieve_sets(&c, NULL, key, R, none), SC_OK);
    assert_int_equal(sieve_sets(&c, f.s, key, R, first), SC_OK);
    assert_int_equal(sieve_sets(&c, f.s, key, R, again), SC_OK);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_equal(first, none, sizeof first);
    c.truth.cloud = other;
    assert_int_equal(sieve_sets(&c, f.s, key, R, again), SC_OK);
    assert_true(again[0].error != first[0].error);
    sieve_output y[R], z[R];
    assert_int_equal(sieve_sampled_sets(&c, 2.0, f.s, key, R, y), SC_OK);
    assert_int_equal(sieve_sampled_sets(&c, 2.0, NULL, key, R, z), SC_OK);
    assert_memory_equal(y, z, sizeof y);
    sieve_sampler all;
    assert_int_equal(sieve_sampler_of(&c, 2.0, f.s, key, R, &all), SC_OK);
    double gain = HUGE_VAL, mean = 0.0;
    for (int r = 0; r < R; r++) {
        const double bound = enclosure_mid(y[r].start) + enclosure_mid(y[r].path),
                     kl = enclosure_mid(y[r].kl), tv = enclosure_mid(y[r].tv[0]);
        assert_true(y[r].gain > 0.0 && y[r].agreeing >= 1.0 / 6.0);
        assert_true(all.excess.hi >= kl - bound);
        assert_true(all.ratio.lo <= kl / bound && kl / bound <= all.ratio.hi);
        assert_true(all.tv[0].lo <= tv && tv <= all.tv[0].hi);
        gain = fmin(gain, y[r].gain);
        mean += tv / R;
    }
    assert_true(all.least_gain == gain && all.excess.hi < 1e-9);
    assert_close(all.mean[0], mean, 1e-14);
    assert_int_equal(leave(&f), 3 * R);
    cloud_free(of), cloud_free(other);
    mesh_free(&fine), mesh_free(&coarse);
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
    const gauss end = {exp(-T) * zero, cloud_ou(one, sd, T).s2};
    const enclosure found[] = {y.kl, y.tv[SIEVE_TOTAL], y.tv[SIEVE_BIAS],
                               y.tv[SIEVE_ESTIMATION], y.start};
    const double exact[] = {gauss_kl(truth, out), gauss_tv(out, data),
                            gauss_tv(truth, data), gauss_tv(out, truth),
                            gauss_kl(end, (gauss){0.0, 1.0})};
    for (int i = 0; i < LEN(found); i++) {
        assert_true(found[i].lo <= exact[i] && exact[i] <= found[i].hi);
        assert_true(enclosure_halfwidth(found[i]) < 5e-5);
        assert_near(enclosure_mid(found[i]), exact[i], 1e-6);
    }
    assert_true(y.kl.hi < y.start.lo + y.path.lo);
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
        cmocka_unit_test(square_of_a_point),
        cmocka_unit_test(class_reaches_its_members),
        cmocka_unit_test(sets_are_kept),
        cmocka_unit_test(sampler_of_gaussians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
