/* The catalogue: each target by its moments, each field by its formula and its Jacobian. */
#include "catalogue.h"
#include "divergence.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

/* Mean and variance worked out by hand from the formulas of the header. */
static void targets(void **state)
{
    (void)state;
    static const struct {
        const catalogue_entry *e;
        const char *name, *family;
        double mean, var;
    } KNOWN[] = {
        {&CATALOGUE_M, "M", "mixture", 0.25, 1.4515},
        {&CATALOGUE_M2, "M2", "mixture", 0.0, 4.25},
        {&CATALOGUE_G, "G", "mixture", 0.75, 1.8355},
        {&CATALOGUE_V, "V", "mixture", 1.2, 7.6},
        {&CATALOGUE_A3, "A3", "atoms", -0.24, 0.6544},
        {&CATALOGUE_S8, "S8", "mixture", 0.0, 1.0},
        {&CATALOGUE_SKEW, "skew", "mixture", 0.0, 1.0},
        /* int x^2 exp(-x^2/2 - x^4/4) over int exp(-x^2/2 - x^4/4) */
        {&CATALOGUE_Q, "Q", "quartic", 0.0, 0.46791991697366},
        {&CATALOGUE_GAUSS, "G", "gauss", 0.7, 0.49},
    };
    for (int i = 0; i < LEN(KNOWN); i++) {
        target *p = catalogue_target(KNOWN[i].e);
        assert_string_equal(KNOWN[i].e->name, KNOWN[i].name);
        assert_string_equal(target_name(p), KNOWN[i].family);
        assert_near(target_mean(p), KNOWN[i].mean, 1e-14);
        assert_near(target_variance(p), KNOWN[i].var, 1e-9);
        target_free(p);
    }
}

/* Symmetric weights would hide a swap: the mass left of the valley. */
static void weights(void **state)
{
    (void)state;
    target *m = catalogue_target(&CATALOGUE_M), *v = catalogue_target(&CATALOGUE_V);
    assert_near(target_cdf(v, 1.0, 0.0, 0.0), 0.3, 1e-12);
    /* 0.3 Phi(1.3/0.3) + 0.7 Phi(-1.2/0.4) */
    double phi =
        0.3 * 0.5 * erfc(-1.3 / 0.3 / sqrt(2.0)) + 0.7 * 0.5 * erfc(3.0 / sqrt(2.0));
    assert_near(target_cdf(m, 1.0, 0.0, -0.2), phi, 1e-14);
    target_free(m);
    target_free(v);
}

static void product_and_plane(void **state)
{
    (void)state;
    double mean[3], cov[9];
    gmm *p = catalogue_product(&CATALOGUE_G, 3), *g = catalogue_gmm(&CATALOGUE_G);
    gmm_moments(p, mean, cov, 3);
    static const double MEAN[] = {0.75, 0.0, 0.0};
    static const double COV[] = {1.8355, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0};
    for (int j = 0; j < 3; j++) assert_near(mean[j], MEAN[j], 1e-15);
    for (int j = 0; j < 9; j++) assert_near(cov[j], COV[j], 1e-15);
    /* independent: the log-density is a sum, at a point where both components matter */
    double x[] = {0.1, 0.4, -1.2}, whole, first;
    gmm_score(p, 1, x, 3, &whole, NULL, 0);
    gmm_score(g, 1, x, 1, &first, NULL, 0);
    assert_near(whole, first - log(2.0 * SC_PI) - 0.5 * (0.16 + 1.44), 1e-14);
    gmm_free(p);
    gmm_free(g);

    p = catalogue_clusters(3); /* E X = 0, Var X_j = 2^2/2 + 1/4 for j < 2, 1/4 else */
    gmm_moments(p, mean, cov, 3);
    for (int j = 0; j < 9; j++)
        assert_near(cov[j], j % 4 > 0 ? 0.0 : j < 8 ? 2.25 : 0.25, 1e-15);
    assert_true(mean[0] == 0.0 && mean[1] == 0.0 && gmm_components(p) == 4);
    gmm_free(p);
    p = catalogue_plane();
    gmm_moments(p, mean, cov, 2);
    static const double SPREAD[] = {1.36, 0.48, 0.48,
                                    0.64}; /* 0.4 I + 0.24 (2,1)(2,1)^T */
    assert_near(mean[0], 1.2, 1e-15);
    assert_near(mean[1], 0.6, 1e-15);
    for (int j = 0; j < 4; j++) assert_near(cov[j], SPREAD[j], 1e-15);
    gmm_free(p);

    p = catalogue_plane_diagonal();
    gmm_moments(p, mean, cov, 2);
    assert_near(mean[0], 0.4, 1e-15);
    assert_near(mean[1], 0.7, 1e-15);
    assert_near(cov[0], 0.273 + 0.3 * 4.0 + 0.2 - 0.16, 1e-15);
    assert_near(cov[3], 0.193 + 0.3 + 0.2 * 4.0 - 0.49, 1e-15);
    gmm_free(p);
}

/* The Jacobian against central differences: error h^2/6 times the third derivative (at most 24)
   plus rounding 1e-16/h. */
static void agree(const field *s, int d, const double *x)
{
    enum { MOST = 3 };
    double J[MOST * MOST], h = 1e-5;
    s->jacobian(s->ctx, d, x, J, d);
    for (int k = 0; k < d; k++) {
        double y[2][MOST], v[2][MOST];
        for (int j = 0; j < d; j++) y[0][j] = y[1][j] = x[j];
        y[0][k] -= h;
        y[1][k] += h;
        s->eval(s->ctx, 2, d, y[0], MOST, v[0], MOST);
        for (int j = 0; j < d; j++)
            assert_near(J[j * d + k], (v[1][j] - v[0][j]) / (2.0 * h), 1e-8);
    }
}

static void jacobians(void **state)
{
    (void)state;
    static const double X[] = {0.3, -1.1, 2.0}, C = 0.6;
    field cyclic = catalogue_cyclic(&C);
    for (int i = 0; i < CATALOGUE_N_FIELDS; i++)
        for (int k = 0; k < LEN(X); k++) agree(&CATALOGUE_FIELDS[i], 1, &X[k]);
    agree(&CATALOGUE_PLANE_FIELD, 2, X);
    field matrix = catalogue_matrix(CATALOGUE_L2_B);
    agree(&matrix, 2, X);
    agree(&cyclic, 3, X);
    agree(&cyclic, 2, X);
}

static double at(field s, double x)
{
    double y;
    s.eval(s.ctx, 1, 1, &x, 1, &y, 1);
    return y;
}

/* The values, and that table and functions are the same fields under the right names. */
static void values(void **state)
{
    (void)state;
    static const double THETA[] = {0.4, 1.3};
    field (*const SHAPES[])(const double *) = {catalogue_wavy, catalogue_tanh,
                                               catalogue_linear};
    const double x = 0.8, known[] = {-0.32 + 0.7 * sin(1.6),
                                     -1.04 + 0.7 * sin(1.6),
                                     -2.0 * tanh(0.32),
                                     -2.0 * tanh(1.04),
                                     -0.32,
                                     -1.04};
    for (int i = 0; i < CATALOGUE_N_FIELDS; i++) {
        field s = SHAPES[i / 2](&THETA[i % 2]);
        char name[32];
        snprintf(name, sizeof name, "%s theta=%g", s.name, THETA[i % 2]);
        assert_string_equal(CATALOGUE_FIELDS[i].name, name);
        assert_near(at(s, x), known[i], 1e-15);
        assert_near(at(CATALOGUE_FIELDS[i], x), known[i], 1e-15);
    }
    const double c = 0.5, y[] = {0.2, -0.4, 1.0, 7.0};
    double s[3];
    field cyclic = catalogue_cyclic(&c);
    cyclic.eval(cyclic.ctx, 1, 3, y, 4, s, 3);
    for (int j = 0; j < 3; j++)
        assert_near(s[j], -0.5 * y[j] + 3.0 * sin(2.0 * y[(j + 1) % 3]), 1e-15);
    CATALOGUE_PLANE_FIELD.eval(NULL, 1, 2, y, 2, s, 2);
    assert_near(s[0], -0.2 + 0.5 * sin(-0.4), 1e-15);
    assert_near(s[1], 0.4 + 0.06 * cos(-0.4), 1e-15);
}

/* The reference laws with Gaussian data, by the closed recursion. */
static void gaussian_laws(void **state)
{
    (void)state;
    int seen = 0;
    for (int i = 0; i < CATALOGUE_N_LAWS; i++) {
        const catalogue_law *r = &CATALOGUE_LAWS[i];
        if (r->data != &CATALOGUE_GAUSS) continue;
        enclosure e[4];
        assert_int_equal(catalogue_law_distances(r, e), SC_OK);
        for (int j = 0; j < LEN(e); j++)
            if (r->value[j] != NULL) {
                assert_close(enclosure_mid(e[j]), strtod(r->value[j], NULL), 2e-9);
                seen++;
            }
    }
    assert_int_equal(seen, 28);
}

/* M, OU T = 1, EI, three steps: 30-digit KL and density; the engine's single run and its band. */
static void three_steps(void **state)
{
    (void)state;
    target *M = catalogue_target(&CATALOGUE_M);
    const sde ou = sde_ou(1.0);
    double t[4];
    chain c = chain_uniform(M, &ou, &SAMPLER_EI, START_STANDARD, 3, t);
    law_rules rules = law_rules_spaced(M, 0.1);
    enclosure density;
    distances d;
    assert_int_equal(law_density_at(&c, &rules, 0.3, &density), SC_OK);
    assert_close(enclosure_mid(density), 0.28465922457348293103, 1e-12);
    assert_int_equal(divergence_once(&c, &rules, &d), SC_OK);
    assert_close(enclosure_mid(d.kl), 0.51957097583341223527, 1e-12);
    assert_near(enclosure_halfwidth(d.kl), 1e-13, 1e-15);
    assert_true(d.evaluations > 1e4);
    rules.band = 5.0; /* three steps lose erfc(5/sqrt 2) each */
    assert_int_equal(divergence_once(&c, &rules, &d), SC_OK);
    assert_close(1.0 - enclosure_mid(d.mass), 3.0 * erfc(5.0 / sqrt(2.0)), 0.1);
    target_free(M);
}

/* TV of what is made of N(0, 1) in time 2, and of products, against the engines. */
static void other_distances(void **state)
{
    (void)state;
    target *M = catalogue_target(&CATALOGUE_M);
    sde ou = sde_ou(2.0);
    distances d;
    enclosure tv;
    assert_int_equal(divergence_continuous(M, &ou, START_STANDARD, 0.0, &d), SC_OK);
    assert_close(enclosure_mid(d.tv), CATALOGUE_START_TV[1], 1e-9);
    for (int i = 0; i < CATALOGUE_N_PRODUCTS; i++) {
        const catalogue_product_tv *p = &CATALOGUE_PRODUCT_TV[i];
        assert_int_equal(
            divergence_tv_product_gauss(GAUSS_STANDARD, (gauss){0.0, 1.1}, p->d, &tv),
            SC_OK);
        assert_near(enclosure_mid(tv), p->tv, p->error);
    }
    target_free(M);
}

/* The single runs: the error of the spacing falls with it; TV without its split at the valley is 0; the
   spike is M with a narrower left component. */
static void single_runs(void **state)
{
    (void)state;
    static const double C[] = {0.5, 0.3};
    target *V = catalogue_target(&CATALOGUE_V), *S = catalogue_target(&CATALOGUE_SPIKE);
    target *M = catalogue_target(&CATALOGUE_M);
    double t[21];
    chain c = chain_uniform(M, &SDE_OU, &SAMPLER_EI, START_STANDARD, 20, t);
    distances off[2];
    line_values v;
    assert_near(target_variance(S), 0.3 * 0.01 + 0.7 * 0.16 + 0.21 * 2.5 * 2.5, 1e-14);
    assert_int_equal(divergence_spacing(&c, 0.1, 2, C, off), SC_OK);
    assert_true(off[0].kl.lo > 100.0 * off[1].kl.hi && off[0].w2.hi < 1e-3);
    assert_true(off[0].tv.lo > off[1].tv.hi);
    assert_int_equal(divergence_spacing(&c, 0.3, 1, &C[1], off), SC_OK);
    assert_near(enclosure_mid(off[0].kl), 0.0, 1e-20);
    assert_int_equal(
        divergence_continuous_once(V, &SDE_OU, START_STANDARD, 0.0, false, &v), SC_OK);
    assert_near(v.tv, 0.0230240, 5e-8);
    assert_int_equal(
        divergence_continuous_once(V, &SDE_OU, START_STANDARD, 0.0, true, &v), SC_OK);
    assert_near(v.tv, 0.0, 1e-12);
    target_free(M);
    target_free(S);
    target_free(V);
}

/* On [0, 2]: s_T and n_T. */
static void forward_processes(void **state)
{
    (void)state;
    const double vp = 20.1, cvp = 2.1; /* B(2) */
    const struct {
        const char *name;
        double scale, var;
    } KNOWN[] = {{"OU", exp(-2.0), -expm1(-4.0)},
                 {"VP", exp(-0.5 * vp), -expm1(-vp)},
                 {"subVP", exp(-0.5 * vp), pow(expm1(-vp), 2.0)},
                 {"VE", 1.0, 0.01 * (81.0 - 1.0)},
                 {"CVP", exp(0.5 * cvp), expm1(cvp)}};
    sde e[CATALOGUE_N_FORWARD];
    catalogue_forward(2.0, e);
    assert_int_equal(LEN(e), LEN(KNOWN));
    for (int i = 0; i < LEN(e); i++) {
        assert_string_equal(sde_name(&e[i]), KNOWN[i].name);
        assert_close(sde_scale(&e[i], 2.0), KNOWN[i].scale, 1e-13);
        assert_close(sde_var(&e[i], 2.0), KNOWN[i].var, 1e-13);
    }
}

/* The kernel variances at 0.35 of the standard parameters, in the order of the families. */
static void families(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double var;
    } KNOWN[CATALOGUE_FAMILIES] = {
        {"OU", 0.1470709602378742},    {"VE", 0.03873998048578667},
        {"VE-linear", 0.1225},         {"VP", 0.7146032609790648},
        {"subVP", 0.5106578206019135}, {"CVP", 2.503894275143226},
        {"COU", 0.3653717005254933},   {"CsubVP", 6.269486541095021}};
    for (int i = 0; i < CATALOGUE_FAMILIES; i++) {
        sde e = catalogue_process(i, &CATALOGUE_STANDARD);
        assert_string_equal(sde_name(&e), KNOWN[i].name);
        assert_close(sde_var(&e, 0.35), KNOWN[i].var, 1e-14);
    }
}

/* Inside the box, at both horizons, and reaching within 5 % of either side in 200 draws. */
static void random_parameters(void **state)
{
    (void)state;
    catalogue_parameters lo = {9, 9, 9, 99, 9, 99, 9}, hi = {0, 0, 0, 0, 0, 0, 0};
    rng_key key = rng_key_of(1, "parameters");
    for (int i = 0; i < 200; i++) {
        catalogue_parameters p = catalogue_random_parameters(key, (uint64_t)i);
        assert_true(p.T == 1.0 || p.T == 5.0);
        lo.theta = fmin(lo.theta, p.theta), hi.theta = fmax(hi.theta, p.theta);
        lo.sigma = fmin(lo.sigma, p.sigma), hi.sigma = fmax(hi.sigma, p.sigma);
        lo.smin = fmin(lo.smin, p.smin), hi.smin = fmax(hi.smin, p.smin);
        lo.smax = fmin(lo.smax, p.smax), hi.smax = fmax(hi.smax, p.smax);
        lo.bmin = fmin(lo.bmin, p.bmin), hi.bmin = fmax(hi.bmin, p.bmin);
        lo.bmax = fmin(lo.bmax, p.bmax), hi.bmax = fmax(hi.bmax, p.bmax);
        lo.T = fmin(lo.T, p.T), hi.T = fmax(hi.T, p.T);
    }
    const double ENDS[][4] = {
        {lo.theta, hi.theta, 0.2, 3.0},  {lo.sigma, hi.sigma, 0.3, 2.0},
        {lo.smin, hi.smin, 0.005, 0.05}, {lo.smax, hi.smax, 1.0, 80.0},
        {lo.bmin, hi.bmin, 0.05, 1.0},   {lo.bmax, hi.bmax, 2.0, 25.0},
        {lo.T, hi.T, 1.0, 5.0}};
    for (int i = 0; i < LEN(ENDS); i++) {
        double slack = 0.05 * (ENDS[i][3] - ENDS[i][2]);
        assert_true(ENDS[i][0] >= ENDS[i][2] && ENDS[i][0] <= ENDS[i][2] + slack);
        assert_true(ENDS[i][1] <= ENDS[i][3] && ENDS[i][1] >= ENDS[i][3] - slack);
    }
}

/* The roll turns by 3 pi, from radius 3 pi/14 straight down to three times that straight up: what lies further out and
   the origin are nearest to the ends. One Gaussian stands half way. */
static void swiss_roll(void **state)
{
    (void)state;
    const double unit = SC_PI / 14.0;
    const double x[] = {0.0, -3.0 * unit, 0.0, 9.0 * unit, 0.0, 11.0 * unit, 0.0, 0.0};
    double d2[4];
    polyline *curve = catalogue_swiss_curve(4001);
    polyline_distance2(curve, 4, x, 2, d2);
    assert_near(d2[0], 0.0, 1e-25);
    assert_near(d2[1], 0.0, 1e-25);
    assert_close(d2[2], 4.0 * unit * unit, 1e-13);
    assert_close(d2[3], 9.0 * unit * unit, 1e-13);
    gmm *one = catalogue_swiss_roll(1, 0.3), *two = catalogue_swiss_roll(2, 0.3);
    assert_close(gmm_mean_of(one, 0)[0], -3.0 * SC_PI / 7.0, 1e-14);
    assert_near(gmm_mean_of(one, 0)[1], 0.0, 1e-14);
    double theta = 2.25 * SC_PI, cov[4];
    assert_close(gmm_mean_of(two, 0)[0], theta / 7.0 * sqrt(0.5), 1e-13);
    assert_close(gmm_mean_of(two, 0)[1], theta / 7.0 * sqrt(0.5), 1e-13);
    gmm_cov_of(two, 1, cov, 2);
    assert_true(cov[0] == 0.3 * 0.3 && cov[3] == cov[0] && cov[1] == 0.0);
    gmm_free(two);
    gmm_free(one);
    polyline_free(curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets),
        cmocka_unit_test(weights),
        cmocka_unit_test(product_and_plane),
        cmocka_unit_test(jacobians),
        cmocka_unit_test(values),
        cmocka_unit_test(gaussian_laws),
        cmocka_unit_test(three_steps),
        cmocka_unit_test(other_distances),
        cmocka_unit_test(single_runs),
        cmocka_unit_test(forward_processes),
        cmocka_unit_test(families),
        cmocka_unit_test(random_parameters),
        cmocka_unit_test(swiss_roll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
