/* Clouds against mixtures, closed forms and the known values of the chapter. */
#include "manifold.h"

#include "check.h"
#include "gmm.h"
#include "reference.h"

#include <stdlib.h>

/* A law of bend or sheet in dimension D on 7 x 16 nodes an axis. */
static cloud *cloud_by(const generator *g, double m, double s2)
{
    mesh nodes = mesh_legendre(g->d, mesh_panels(g, m, s2), 16);
    cloud *c = cloud_of(g, &nodes);
    mesh_free(&nodes);
    return c;
}

/* Log density, score and posterior mean of many points, near and far, against gmm; blocks are skipped at
   the smaller variance. */
static void evaluation_is_the_mixture(void **state)
{
    (void)state;
    enum { POINTS = 300, N = 1000, D = 3 };
    double c[N * D], w[N], y[POINTS * 4], logp[POINTS], f[POINTS * D], s[POINTS * D];
    double expected[POINTS], score[POINTS * D];
    for (long q = 0; q < N; q++) {
        w[q] = 1.0 + (double)(q * 7 % 11);
        c[q * D] = cos(0.01 * (double)q), c[q * D + 1] = sin(0.01 * (double)q),
              c[q * D + 2] = 0.002 * (double)q;
    }
    for (int j = 0; j < 2; j++) {
        const double s2 = j == 0 ? 0.5 : 4e-4, m = 0.8;
        for (int i = 0; i < 4 * POINTS; i++)
            y[i] = m * c[i / 4 * 9 + i % 4 % D] + 6.0 * sqrt(s2) * sin(1.3 * i * i);
        cloud *set = cloud_new(N, D, c, w);
        gmm *p = gmm_new(N, D, w, c, D, (double[N]){0.0}), *pt = gmm_diffuse(p, m, s2);
        const cloud_law law = {set, m, s2};
        cloud_eval(&law, POINTS, y, 4, logp, f, s);
        gmm_score(pt, POINTS, y, 4, expected, score, D);
        for (int i = 0; i < POINTS; i++) {
            assert_close(logp[i], expected[i], 1e-13);
            for (int k = 0; k < D; k++) {
                assert_near(s[i * D + k], score[i * D + k],
                            1e-14 * (1.0 / s2 + fabs(score[i * D + k])));
                assert_near(s2 * s[i * D + k], m * f[i * D + k] - y[4 * i + k], 1e-13);
            }
        }
        cloud_complex_step(&law, POINTS, y, 4, f);
        for (int i = 0; i < POINTS * D; i++)
            assert_near(f[i], score[i], 1e-14 * (1.0 / s2 + fabs(score[i])));
        gmm_free(pt), gmm_free(p), cloud_free(set);
    }
}

static void moments_of_a_cloud(void **state)
{
    (void)state;
    const double c[] = {0.0, 1.0, 2.0, -3.0}, w[] = {1.0, 3.0},
                 h[] = {0.0, 1.5, 2.5, -3.0};
    cloud *p = cloud_new(2, 2, c, w), *q = cloud_new(2, 2, h, w);
    double mean[2], square, largest;
    cloud_mean(p, mean);
    assert_near(mean[0], 1.5, 1e-15);
    assert_near(mean[1], -2.0, 1e-15);
    assert_near(cloud_norm(p), sqrt(13.0), 1e-15);
    assert_int_equal(cloud_points(p), 2);
    assert_int_equal(cloud_dim(p), 2);
    cloud_gap(p, q, &square, &largest);
    assert_near(square, 0.25, 1e-15);
    assert_near(largest, 0.5, 1e-15);
    cloud_free(p), cloud_free(q);
}

/* One point each: N(m a, s2 I) and N(m b, r2 I), D = 1, 2. */
static void divergences_of_gaussians(void **state)
{
    (void)state;
    const double a[] = {0.3, -0.2}, b[] = {-0.1, 0.4}, m = 0.9, s2 = 0.04, r2 = 0.09;
    for (int D = 1; D <= 2; D++) {
        cloud *p = cloud_new(1, D, a, NULL), *q = cloud_new(1, D, b, NULL);
        const cloud_law at = {p, m, s2}, other = {q, m, r2}, near = {q, m, s2};
        const cloud_rule rule = D == 1 ? CLOUD_LINE : CLOUD_PLANE;
        const double gap = m * m * (0.16 + (D == 2 ? 0.36 : 0.0));
        enclosure kl = cloud_kl(&at, &near, rule);
        assert_close(enclosure_mid(kl), gap / (2.0 * s2), 1e-12);
        kl = cloud_kl(&at, &other, rule);
        const double known = 0.5 * (D * (s2 / r2 - 1.0 - log(s2 / r2)) + gap / r2);
        assert_close(enclosure_mid(kl), known, 1e-12);
        assert_true(kl.lo <= known && known <= kl.hi && kl.hi - kl.lo < 1e-10);
        /* the scores differ by m (a - b)/s2 everywhere */
        enclosure J = cloud_fisher(&at, &near, rule);
        assert_close(enclosure_mid(J), gap / (s2 * s2), 1e-12);
        /* E_p|-(y - ma)/s2 + (y - mb)/r2|^2 */
        J = cloud_fisher(&at, &other, rule);
        const double slope = 1.0 / r2 - 1.0 / s2;
        assert_close(enclosure_mid(J), gap / (r2 * r2) + D * slope * slope * s2, 1e-12);
        assert_true(J.hi - J.lo < 1e-8 * J.hi);
        cloud_free(p), cloud_free(q);
    }
}

/* |y|^2 and y_1 f*_1(y) of two points. */
static void squares(const void *ctx, long n, const double *y, double *h)
{
    const cloud_law *l = ctx;
    double *f = NEW_ARRAY(double, 2 * n);
    cloud_eval(l, n, y, 2, NULL, f, NULL);
    for (long i = 0; i < n; i++) {
        h[2 * i] = y[2 * i] * y[2 * i] + y[2 * i + 1] * y[2 * i + 1];
        h[2 * i + 1] = f[2 * i] * y[2 * i];
    }
    free(f);
}

static void expectations(void **state)
{
    (void)state;
    const double c[] = {0.5, 1.0, -1.0, 0.0};
    cloud *p = cloud_new(2, 2, c, NULL);
    const cloud_law law = {p, 0.7, 0.1};
    enclosure mean[2];
    cloud_expectation(&law, CLOUD_PLANE, squares, &law, 2, mean);
    assert_near(enclosure_mid(mean[0]), 0.49 * (1.25 + 1.0) / 2.0 + 0.2, 1e-13);
    /* E f* Y = E g(U) Y = m E g(U)^2 */
    assert_near(enclosure_mid(mean[1]), 0.7 * 1.25 / 2.0, 1e-13);
    assert_true(mean[1].hi - mean[1].lo < 1e-12);
    cloud_free(p);
}

static void known_scores(void **state)
{
    (void)state;
    static const struct {
        const generator *g;
        double sd, t, y[3], s[3], logp;
    } known[] = {
        {&GENERATOR_BEND,
         0.0,
         0.05,
         {0.2, -0.1},
         {-1.38038811054454, -1.3068209466447},
         -0.46979356817299},
        {&GENERATOR_BEND,
         0.1,
         0.05,
         {0.2, -0.1},
         {-1.24594637010438, -1.16244346144181},
         0.0},
        {&GENERATOR_SHEET,
         0.0,
         0.1,
         {0.2, -0.1, 0.3},
         {-0.763526873458, -0.024682761849, -0.854376735817},
         -0.842435632015},
    };
    for (int i = 0; i < LEN(known); i++) {
        const int D = known[i].g->D;
        cloud_law law = cloud_ou(NULL, known[i].sd, known[i].t);
        cloud *c = cloud_by(known[i].g, law.m, law.s2);
        double s[3], logp;
        law.of = c;
        cloud_eval(&law, 1, known[i].y, D, &logp, NULL, s);
        for (int k = 0; k < D; k++) assert_near(s[k], known[i].s[k], 2e-12);
        if (known[i].logp != 0.0) assert_near(logp, known[i].logp, 2e-12);
        cloud_free(c);
    }
    cloud_law law = cloud_ou(NULL, 0.1, 0.05);
    cloud *c = cloud_by(&GENERATOR_ARC, law.m, law.s2);
    const double y[2] = {0.3, 0.5};
    double s[2], logp;
    law.of = c;
    cloud_eval(&law, 1, y, 2, &logp, NULL, s);
    assert_near(s[0], reference_value("matching", "prop_score_0"), 1e-13);
    assert_near(s[1], reference_value("matching", "prop_score_1"), 1e-13);
    assert_near(logp, reference_value("matching", "prop_logp"), 1e-13);
    cloud_free(c);
}

/* Two laws of one point differ by m (a - b)/s2; the shells have their radii. */
static void scores_compared(void **state)
{
    (void)state;
    const double c[] = {0.0, 0.0, 3.0, 4.0}, rho[] = {0.0, 2.0};
    cloud *p = cloud_new(1, 2, c, NULL), *q = cloud_new(1, 2, c + 2, NULL);
    cloud *both = cloud_new(2, 2, c, NULL);
    const cloud_law a = {p, 0.5, 0.04}, b = {q, 0.5, 0.04};
    double *y = cloud_shells(&a, both, 2, rho, 3, rng_key_of(1, "shells"));
    for (long i = 0; i < 12; i++) {
        const double *m = i < 6 ? c : c + 2;
        assert_near(hypot(y[2 * i] - 0.5 * m[0], y[2 * i + 1] - 0.5 * m[1]),
                    i % 2 == 0 ? 0.0 : 0.4, 1e-15);
    }
    /* at distance 0.4 of 0: |s_a| = 10, |s_a - s_b| = 2.5/0.04 */
    double s[24];
    cloud_eval(&a, 12, y, 2, NULL, NULL, s);
    assert_near(cloud_score_change(&b, 1, y + 2, s + 2), 62.5 / 11.0, 1e-12);
    assert_true(cloud_score_residual(&a, 12, y, s) < 1e-14);
    free(y);
    cloud_free(p), cloud_free(q), cloud_free(both);
}

/* int E|s - s0|^2 dt of seven cosines and of their values at the right ends of N cells: both sides. */
static void known_flow_integrals(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        double sd, t0, T;
        int N;
    } known[] = {{"step1_kl_sd0.0_t0.01_N4", 0.0, 0.01, 1.0, 4},
                 {"step1_kl_sd0.1_t0.01_N8", 0.1, 0.01, 2.0, 8},
                 {"step1_kl_sd0.0_t0.05_N8", 0.0, 0.05, 1.0, 8}};
    mesh nodes = mesh_midpoints(1, 8192);
    const generator W = generator_octaves(1, 0.0, 1.0, 7);
    cloud *whole = cloud_of(&W, &nodes);
    const generator g = generator_scaled(&W, 0.4 / cloud_norm(whole));
    cloud *p = cloud_of(&g, &nodes);
    for (int i = 0; i < LEN(known); i++) {
        cloud *q = cloud_taylor(&g, 0, known[i].N, &nodes);
        const cloud_flow a = {p, known[i].sd}, b = {q, known[i].sd};
        const double value = reference_value("matching", known[i].id);
        enclosure kl = cloud_kl_lost(&a, &b, known[i].t0, known[i].T, CLOUD_LINE);
        assert_near(enclosure_mid(kl), value,
                    reference_error("matching", known[i].id) + 1e-11);
        assert_true(kl.lo <= value + 1e-11 && value - 1e-11 <= kl.hi);
        if (i == 2) {
            enclosure J =
                cloud_score_integral(&a, &b, known[i].t0, known[i].T, 24, CLOUD_LINE);
            assert_close(enclosure_mid(J), value, 1e-9);
        }
        cloud_free(q);
    }
    cloud_free(p), cloud_free(whole);
    mesh_free(&nodes);
}

/* The DSM loss of the score of the flow of three atoms at one point. */
static void known_losses(void **state)
{
    (void)state;
    const double atoms[] = {-0.7, 0.1, 0.6}, x[] = {0.35, -0.9}, sd[] = {0.0, 0.2};
    const char *id[] = {"dsmloss_x0.35_sd0.0", "dsmloss_x-0.9_sd0.2"};
    cloud *q = cloud_new(3, 1, atoms, NULL);
    for (int i = 0; i < 2; i++) {
        cloud *p = cloud_new(1, 1, x + i, NULL);
        const cloud_flow a = {p, 0.0}, b = {q, sd[i]};
        const double value = reference_value("matching", id[i]);
        assert_close(enclosure_mid(cloud_kl_lost(&a, &b, 0.05, 1.0, CLOUD_LINE)), value,
                     1e-12);
        assert_close(
            enclosure_mid(cloud_score_integral(&a, &b, 0.05, 1.0, 40, CLOUD_LINE)),
            value, 1e-11);
        cloud_free(p);
    }
    cloud_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluation_is_the_mixture),
        cmocka_unit_test(moments_of_a_cloud),
        cmocka_unit_test(divergences_of_gaussians),
        cmocka_unit_test(expectations),
        cmocka_unit_test(known_scores),
        cmocka_unit_test(known_flow_integrals),
        cmocka_unit_test(known_losses),
        cmocka_unit_test(scores_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
