/* Integrals in closed form for N(0, 1), gradients, held-out losses, and runs that do not depend on threads or stores. */
#include "check.h"
#include "folder.h"

#include "training.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

static const rng_key KEY = {{3, 5}};
static const double T0 = 0.1, T = 1.0;

typedef struct {
    gmm *data;
    training_problem p;
    training_test test;
    training_job job; /* 40 steps of a small network */
} fixture;

static int set_up(void **state)
{
    fixture *f = NEW(fixture);
    f->data = gmm_new(1, 1, (double[]){1.0}, (double[]){0.0}, 1, (double[]){1.0});
    f->p = training_mixture("normal", f->data, T0, T);
    f->test = training_test_of(&f->p, (training_rule){40, 9.0, 0.05});
    f->job = (training_job){&f->p, &f->test, TRAINING_ADAM, KEY, 0, NULL, NULL};
    f->job.recipe.hidden = 8, f->job.recipe.steps = 40, f->job.recipe.batch = 64;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    training_test_free(&f->test);
    gmm_free(f->data);
    free(f);
    return 0;
}

static double between(double a, double b) { return b - a; }

static void assert_inside(enclosure e, double value, double width)
{
    assert_near(enclosure_mid(e), value, enclosure_halfwidth(e) + width);
    assert_true(enclosure_halfwidth(e) <= width);
}

/* p_t = N(0, 1), s* = -y, u = e^-2t, dt = -du/2u. */
static void closed_forms(void **state)
{
    fixture *f = *state;
    const double u0 = exp(-2.0 * T0), u1 = exp(-2.0 * T);
    assert_inside(training_fisher(&f->test), T - T0, 1e-12);
    assert_inside(training_noise(&f->p), T - T0 + 0.5 * log((1.0 - u1) / (1.0 - u0)),
                  1e-13);
    assert_inside(training_weighted_fisher(&f->p, &f->test),
                  T - T0 - 0.5 * between(u1, u0), 1e-12);
    /* f = 0: s = -y/sigma^2, E = int (u/(1-u))^2 dt */
    f->job.f = mlp_new(1, (int[]){3, 1});
    const double E = 0.5 * between(1.0 / (1.0 - u1) + log(1.0 - u1),
                                   1.0 / (1.0 - u0) + log(1.0 - u0));
    assert_inside(training_excess(&f->job), E, 1e-11);
    /* to -y/(1+m), the best for the wrong target: int u/(1-u)^2 dt; f = y is that score */
    assert_inside(training_wrong_distance(&f->job),
                  0.5 * between(1.0 / (1.0 - u1), 1.0 / (1.0 - u0)), 1e-11);
    mlp_weights(f->job.f)[0] = 1.0;
    assert_inside(training_wrong_distance(&f->job), 0.0, 1e-15);
    mlp_free(f->job.f);
    /* one point x: int (u/(1-u))^2 + x^2 u/(1-u)^2 dt */
    f->job.recipe.points = 1;
    double *x = training_data(&f->p, &f->job.recipe, KEY, 0);
    assert_inside(training_plugin_excess(&f->job),
                  E + x[0] * x[0] * 0.5 * between(1.0 / (1.0 - u1), 1.0 / (1.0 - u0)),
                  1e-11);
    free(x);
    /* E[X_0|X_t] = m y: int (1-m)^2 m^2/(1-m^2)^2 dt = int m^2/(1+m)^2 dt */
    const double m0 = exp(-T0), m1 = exp(-T);
    assert_inside(
        training_wrong_excess(&f->p, &f->test),
        between(log(1.0 + m1) + 1.0 / (1.0 + m1), log(1.0 + m0) + 1.0 / (1.0 + m0)),
        1e-11);
}

static void gradient(void **state)
{
    fixture *f = *state;
    const training_gradient of = training_gradient_gap(&f->p, &TRAINING_ADAM, KEY, 50);
    assert_true(of.right.hi < 1e-5 && enclosure_mid(of.right) > 0.0);
    assert_true(of.slip.lo > 1e-3);
}

/* The curve, as well: a clip that cuts off passes no gradient. */
static void gradient_of_a_curve(void **state)
{
    (void)state;
    training_curve *c = training_curve_new(&GENERATOR_ARC, 0.1, T0);
    training_problem p = training_of_curve("arc", c, T0, T);
    training_test test = training_test_of(&p, (training_rule){12, 6.0, 0.4});
    double mass = 0.0;
    for (long i = 0; i < test.fine.first[12]; i++) mass += test.fine.w[i];
    assert_near(mass, T - T0, 1e-8);
    assert_true(training_gradient_gap(&p, &TRAINING_ADAM, KEY, 50).right.hi < 1e-5);
    p.clip = 0.02;
    assert_true(training_gradient_gap(&p, &TRAINING_ADAM, KEY, 50).right.hi < 1e-4);
    training_test_free(&test);
    training_curve_free(c);
}

/* A network has kinks: what the two rules differ by must hold the truth all the same. */
static void kinks(void **state)
{
    fixture *f = *state;
    training_job j = f->job, fine = f->job;
    training_test finer =
        training_test_of(&f->p, (training_rule){160, 9.0, 0.05 / 8.0});
    fine.test = &finer;
    for (uint64_t r = 0; r < 2; r++) {
        j.f = fine.f = training_network(&f->p, &f->job.recipe, KEY, r);
        const enclosure E = training_excess(&j);
        const double truth = enclosure_mid(training_excess(&fine));
        assert_true(E.lo <= truth && truth <= E.hi);
        assert_true(enclosure_halfwidth(E) <= 0.01 * truth);
        mlp_free(j.f);
    }
    training_test_free(&finer);
}

/* J = J* + E with J* = int (1/sigma^2 - 1) dt; the paired estimates, that of the wrong target by its own excess. */
static void held_out(void **state)
{
    fixture *f = *state;
    training_held held;
    f->job.f = training_network(&f->p, &f->job.recipe, KEY, 0);
    const enclosure E = training_excess(&f->job);
    const double J = enclosure_mid(training_noise(&f->p)) - (T - T0) + enclosure_mid(E),
                 wrong = (enclosure_mid(training_wrong_distance(&f->job)) -
                          enclosure_mid(training_wrong_excess(&f->p, &f->test))) /
                         enclosure_mid(E);
    assert_int_equal(
        training_held_out(&f->job, (rng_key){{1, 1}}, 0.1, 0.02, 1e-6, &held), SC_OK);
    assert_true(held.loss.lo < J && J < held.loss.hi);
    assert_true(enclosure_halfwidth(held.loss) < 0.03);
    assert_true(held.paired.lo < 1.0 && 1.0 < held.paired.hi);
    assert_true(enclosure_halfwidth(held.paired) < 0.15);
    assert_true(held.wrong.lo < wrong && wrong < held.wrong.hi &&
                fabs(wrong - 1.0) > 0.1);
    mlp_free(f->job.f);
}

/* Any number of threads, without a store, into one, and from it. */
static void same_bytes(void **state)
{
    fixture *f = *state;
    static const long SIZE[] = {0, 20};
    folder kept = fresh();
    enum { PASSES = 4 };
    static const int THREADS[PASSES] = {1, 2, 3, 7};
    static const bool STORED[PASSES] = {false, false, true, true};
    double w[PASSES][4], untrained = 0.0;
    for (int pass = 0; pass < PASSES; pass++) {
        training_job run[4];
        f->job.recipe.marks = 2;
        training_fill(&f->job, 2, SIZE, 2, run);
        omp_set_num_threads(THREADS[pass]);
        assert_int_equal(training_all(4, run, STORED[pass] ? kept.s : NULL, NULL, NULL),
                         SC_OK);
        for (int i = 0; i < 4; i++) {
            w[pass][i] = mlp_weights(run[i].f)[7] + run[i].trace[0];
            assert_true(run[i].trace[1] == enclosure_mid(training_excess(&run[i])));
        }
        training_job first = run[0];
        first.f = training_network(&f->p, &first.recipe, KEY, 0);
        untrained = enclosure_mid(training_excess(&first));
        assert_true(run[0].trace[1] < untrained);
        mlp_free(first.f);
        training_jobs_free(4, run);
    }
    for (int pass = 1; pass < PASSES; pass++)
        assert_memory_equal(w[0], w[pass], sizeof w[0]);
    assert_true(w[0][0] != w[0][1] && w[0][0] != w[0][2] && w[0][2] != w[0][3]);
    assert_int_equal(leave(&kept), 4);
}

static void divergence_is_a_failure(void **state)
{
    fixture *f = *state;
    f->job.recipe.rate[0] = 1e200;
    assert_int_equal(training_all(1, &f->job, NULL, NULL, NULL), SC_ECONVERGENCE);
    training_jobs_free(1, &f->job);
}

static enclosure inverse(const training_job *j) /* E = 1/points */
{
    return enclosure_exact(1.0 / (double)j->recipe.points);
}

static void slopes_and_splits(void **state)
{
    fixture *f = *state;
    static const long SIZE[] = {10, 100, 1000};
    training_job run[6];
    enclosure y[6], mean[3];
    training_fill(&f->job, 3, SIZE, 2, run);
    const enclosure slope = training_sizes(3, 2, run, inverse, 0.01, y, mean);
    assert_near(enclosure_mid(slope), -1.0, 1e-12);
    assert_near(enclosure_mid(mean[1]), 0.01, 1e-15);
    /* s = s_theta: A = 0 and E = B */
    f->job.f = training_network(&f->p, &f->job.recipe, KEY, 0);
    const training_split of = training_split_of(&f->job, 1, &f->job);
    assert_true(of.worst.lo <= 1.0 && 1.0 <= of.worst.hi);
    assert_near(enclosure_mid(of.mean), 1.0, 1e-10);
    mlp_free(f->job.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(closed_forms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gradient, set_up, tear_down),
        cmocka_unit_test(gradient_of_a_curve),
        cmocka_unit_test_setup_teardown(kinks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(held_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(divergence_is_a_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slopes_and_splits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
