#include "check.h"
#include "sieve.h"

#include <stdlib.h>
#include <string.h>

enum { N = 400, CELLS = 4, PER_CELL = 20, MOST = CELLS * 2 * GENERATOR_D };
static const double S2 = 0.0625;

/* N points of the first D coordinates of the wire, one a row. */
static void draw(int D, double *x)
{
    const generator g = generator_first(&GENERATOR_WIRE, D);
    double u[N], z[N * GENERATOR_D];
    rng r = rng_at(rng_key_of(1, "maximiser"), (uint64_t)D, 0);
    rng_uniform(&r, N, u);
    rng_normal(&r, (long)N * D, z);
    generator_eval(&g, N, u, x, NULL);
    for (int i = 0; i < N * D; i++) x[i] += sqrt(S2) * z[i];
}

/* mean log q_a over the points, by the density of the cloud. */
static double likelihood(const sieve *s, const mesh *nodes, const double *x,
                         const double *a)
{
    cloud *of = sieve_cloud(s, a, nodes);
    const cloud_law law = {of, 1.0, S2};
    double logq[N], mean = 0.0;
    cloud_eval(&law, N, x, s->D, logq, NULL, NULL);
    for (int i = 0; i < N; i++) mean += logq[i] / N;
    cloud_free(of);
    return mean;
}

/* What is returned is the likelihood of what is returned, on the line too, where the sample is condensed. No neighbour is better: a little
   to both sides in each coefficient; nor are 2000 plain steps of EM from there; 10 steps of EM from the start are worse. */
static void no_neighbour_is_better(void **state)
{
    (void)state;
    const double tolerance = 1e-11;
    const sieve_rule plain = {1.0, 2000}, few = {1.5, 10};
    for (int D = 1; D <= 3; D += 2) {
        const sieve s = {1, D, 1, CELLS};
        const generator g = generator_first(&GENERATOR_WIRE, D);
        mesh nodes = mesh_midpoints(1, CELLS * PER_CELL);
        double x[N * GENERATOR_D], start[MOST], a[MOST], b[MOST];
        draw(D, x);
        sieve_project(&s, &g, &nodes, start);
        memcpy(a, start, sizeof a);
        const sieve_run run = sieve_maximise_sample(&s, &nodes, S2, N, x, tolerance, a);
        assert_true(run.converged);
        assert_near(run.start, likelihood(&s, &nodes, x, start), 1e-12);
        assert_near(run.Lambda, likelihood(&s, &nodes, x, a), 1e-12);
        assert_true(run.Lambda > run.start + 1e-3);
        for (int k = 0; k < sieve_size(&s); k++)
            for (int side = -1; side <= 1; side += 2) {
                memcpy(b, a, sizeof b);
                b[k] += side * 1e-3;
                assert_true(likelihood(&s, &nodes, x, b) < run.Lambda + tolerance);
            }
        const double Lambda = sieve_fit_sample(&s, &nodes, S2, N, x, &plain, a).Lambda;
        assert_near(Lambda, run.Lambda, 3.0 * tolerance);
        assert_true(sieve_fit_sample(&s, &nodes, S2, N, x, &few, start).Lambda <
                    run.Lambda - 1e-5);
        mesh_free(&nodes);
    }
}

/* A start at the maximum stays there; a tolerance below 0 is never met, and ends. */
static void ends(void **state)
{
    (void)state;
    const sieve s = {1, 3, 0, 1};
    const double x[] = {0.3, -0.2, 0.7};
    double a[] = {0.3, -0.2, 0.7}, far[] = {4.0, -4.0, 4.0};
    mesh nodes = mesh_midpoints(1, 10);
    sieve_run run = sieve_maximise_sample(&s, &nodes, 0.01, 1, x, 1e-12, a);
    assert_true(run.converged && run.iterations == 1);
    for (int k = 0; k < 3; k++) assert_true(a[k] == x[k]);
    run = sieve_maximise_sample(&s, &nodes, 0.01, 1, x, 1e-12, far);
    assert_true(run.converged);
    for (int k = 0; k < 3; k++) assert_near(far[k], x[k], 1e-6);
    assert_near(run.Lambda, -1.5 * log(2.0 * SC_PI * 0.01), 1e-9);
    assert_false(sieve_maximise_sample(&s, &nodes, 0.01, 1, x, -1.0, far).converged);
    mesh_free(&nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_neighbour_is_better),
        cmocka_unit_test(ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
