/* Slices and the variance of the losses: the references of the entries sliced_score_matching and
 * matching_variance, the displayed formulas, and the laws of v by their moments. */
#include "catalogue.h"
#include "match.h"

#include "check.h"
#include "reference.h"

#include <stdlib.h>

static const slice *const LAWS[] = {&SLICE_GAUSS, &SLICE_RADEMACHER, &SLICE_SPHERE,
                                    &SLICE_UNIT_SPHERE};
static const double A3X3[] = {0.3, -1.2, 0.5, 0.8, -0.1, 2.0, -0.7, 0.4, 1.1};

/* sum S_ii^2, sum_{i != j} S_ij^2, trace */
typedef struct {
    double diagonal, rest, trace;
} norms;

static norms norms_of(int d, const double *A)
{
    norms n = {0.0, 0.0, 0.0};
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double S = 0.5 * (A[i * d + j] + A[j * d + i]);
            if (i == j) n.diagonal += S * S, n.trace += S;
            if (i != j) n.rest += S * S;
        }
    return n;
}

/* The three displayed formulas; the unit sphere's form is 1/d of the sphere's. */
static void formulas(void **state)
{
    (void)state;
    norms n = norms_of(3, A3X3);
    double whole = n.diagonal + n.rest;
    double sphere = 8.0 * 3.0 / 5.0 * (whole - n.trace * n.trace / 3.0);
    assert_close(slice_variance(&SLICE_GAUSS, 3, A3X3), 8.0 * whole, 1e-14);
    assert_close(slice_variance(&SLICE_RADEMACHER, 3, A3X3), 8.0 * n.rest, 1e-14);
    assert_close(slice_variance(&SLICE_SPHERE, 3, A3X3), sphere, 1e-14);
    assert_close(slice_variance(&SLICE_UNIT_SPHERE, 3, A3X3), sphere / 9.0, 1e-14);
    for (int k = 0; k < 3; k++) assert_close(slice_mean(LAWS[k], 3, A3X3), 2.6, 1e-14);
    assert_close(slice_mean(&SLICE_UNIT_SPHERE, 3, A3X3), 2.6 / 3.0, 1e-14);
}

/* (v^T s)^2 + 2 v^T A v = 2 v^T (A + s s^T/2) v: 8|S|^2 + 8 s^T S s + 2|s|^4. */
static void squared_form(void **state)
{
    (void)state;
    const double s[] = {0.7, -1.1}, *B = CATALOGUE_L2_B;
    double A[4], form[4], sSs = 0.0, s2 = s[0] * s[0] + s[1] * s[1];
    for (int i = 0; i < 4; i++) {
        A[i] = -B[i];
        form[i] = A[i] + 0.5 * s[i / 2] * s[i % 2];
        sSs += s[i / 2] * A[i] * s[i % 2];
    }
    double plain = slice_variance(&SLICE_GAUSS, 2, A);
    double squared = slice_variance(&SLICE_GAUSS, 2, form);
    assert_close(squared, plain + 8.0 * sSs + 2.0 * s2 * s2, 1e-14);
    assert_near(squared, 9.292, 1e-12);
    assert_close(plain, reference_value("matching", "ssm_var_gauss_d2"), 1e-14);
    assert_close(slice_variance(&SLICE_RADEMACHER, 2, A),
                 reference_value("matching", "ssm_var_rade_d2"), 1e-14);
    assert_close(slice_variance(&SLICE_SPHERE, 2, A), 0.26, 1e-12);
    double ism = NAN, esm = NAN, fisher = NAN;
    assert_int_equal(match_linear(2, CATALOGUE_L2_SIGMA, B, &ism, &esm, &fisher),
                     SC_OK);
    assert_near(ism - 2.0 * (A[0] + A[3]) + slice_mean(&SLICE_UNIT_SPHERE, 2, A),
                reference_value("matching", "ssm_wrong_sphere"), 1e-14);
}

/* Means of the form over 16 slices, and its variance, against the moments. */
static void draws_have_these_moments(void **state)
{
    (void)state;
    for (int k = 0; k < LEN(LAWS); k++)
        for (int m = 1; m <= 4; m += 3) {
            slice_form c = {LAWS[k], 3, m, A3X3};
            mc_observables y = slice_form_values(&c);
            rng_key key = rng_key_of(3, LAWS[k]->name);
            enclosure mean, var;
            assert_int_equal(mc_mean(&y, key, 0, 200000, 1e-6, &mean, NULL), SC_OK);
            assert_int_equal(mc_variance(&y, key, 0, 200000, 1e-6, &var, NULL), SC_OK);
            double v = slice_variance(LAWS[k], 3, A3X3) / m;
            double expected = slice_mean(LAWS[k], 3, A3X3);
            assert_true(mean.lo <= expected && expected <= mean.hi);
            assert_true(var.lo <= v && v <= var.hi);
            assert_true(enclosure_halfwidth(var) < 0.05 * v);
        }
}

/* Rows on the sphere, signs, and that replicate i has the same slices in any batch. */
static void rows(void **state)
{
    (void)state;
    enum { N = 5, M = 2, D = 3, ROW = M * D };
    rng_key key = rng_key_of(1, "rows");
    for (int k = 0; k < LEN(LAWS); k++) {
        double v[N * ROW], one[ROW];
        LAWS[k]->draw(key, 7, 2, N, M, D, v);
        LAWS[k]->draw(key, 7 + 3, 2, 1, M, D, one);
        assert_memory_equal(one, v + 3L * ROW, sizeof one);
        for (int i = 0; i < N * M && k > 0; i++) {
            const double *r = v + (long)i * D;
            double r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
            assert_close(r2, LAWS[k] == &SLICE_UNIT_SPHERE ? 1.0 : 3.0, 1e-14);
            assert_true(LAWS[k] != &SLICE_RADEMACHER || fabs(r[0]) == 1.0);
        }
    }
}

/* Var SSM - Var ISM = 8 E s'^2/m on G, the reference; E SSM = E ISM. */
static void sliced_losses_of_a_mixture(void **state)
{
    (void)state;
    static const double T[] = {0.1, 0.5}, THETA = 1.3;
    static const char *const ID[] = {"ssm_extra_var_t0.1", "ssm_extra_var_t0.5"};
    field s = catalogue_wavy(&THETA);
    gmm *g = catalogue_gmm(&CATALOGUE_G);
    for (int i = 0; i < LEN(T); i++) {
        gmm *pt = gmm_diffuse(g, sde_scale(&SDE_OU, T[i]), sde_var(&SDE_OU, T[i]));
        sliced c = {pt, &s, &SLICE_GAUSS, 4};
        mc_observables y = sliced_losses(&c);
        enclosure mean[SLICED_LOSSES], cov[SLICED_LOSSES * SLICED_LOSSES];
        rng_key key = rng_key_of(4, ID[i]);
        assert_int_equal(mc_mean(&y, key, 0, 200000, 1e-6, mean, NULL), SC_OK);
        assert_int_equal(mc_covariance(&y, key, 0, 200000, 1e-6, cov, NULL), SC_OK);
        enclosure excess = cov[SLICED_EXCESS * SLICED_LOSSES + SLICED_SUM];
        double known = reference_value("matching", ID[i]) / c.m;
        assert_true(excess.lo <= known && known <= excess.hi);
        assert_true(enclosure_halfwidth(excess) < 0.1 * known);
        assert_true(mean[SLICED_VARIANCE].lo <= known &&
                    known <= mean[SLICED_VARIANCE].hi);
        assert_true(mean[SLICED_EXCESS].lo <= 0.0 && 0.0 <= mean[SLICED_EXCESS].hi);
        gmm_free(pt);
    }
    gmm_free(g);
}

/* The observables are the losses of match on the same draws. */
static void sliced_losses_draw_by_draw(void **state)
{
    (void)state;
    enum { N = 6, D = 2, M = 3 };
    gmm *law = catalogue_plane();
    sliced c = {law, &CATALOGUE_PLANE_FIELD, &SLICE_SPHERE, M};
    mc_observables y = sliced_losses(&c);
    rng_key key = rng_key_of(6, "draws");
    double of[N * SLICED_LOSSES], x[N * D], v[N * M * D], ssm[N], ism[N], J[D * D];
    assert_int_equal(y.k, SLICED_LOSSES);
    y.draw(y.ctx, key, 11, N, of);
    gmm_sample(law, key, 11, N, x, D);
    SLICE_SPHERE.draw(key, 11, 2, N, M, D, v);
    match_ssm_loss(c.s, N, D, x, M, v, ssm);
    match_ism_loss(c.s, N, D, x, ism);
    for (long i = 0; i < N; i++) {
        const double *known = of + i * SLICED_LOSSES;
        c.s->jacobian(c.s->ctx, D, x + i * D, J, D);
        assert_near(known[SLICED_SSM], ssm[i], 1e-14);
        assert_near(known[SLICED_EXCESS], ssm[i] - ism[i], 1e-13);
        assert_near(known[SLICED_SUM], ssm[i] + ism[i], 1e-13);
        assert_near(known[SLICED_VARIANCE], slice_variance(&SLICE_SPHERE, D, J) / M,
                    1e-14);
    }
    gmm_free(law);
}

/* ---- Variance of one sample ------------------------------------------------------------ */

static void variance_table(void **state)
{
    (void)state;
    static const char *const ID[SPREAD_WEIGHT] = {"lossvar_ISM",     "lossvar_SSM",
                                                  "lossvar_DSM",     "lossvar_gradISM",
                                                  "lossvar_gradSSM", "lossvar_gradDSM"};
    const spread c = {5, 1, 0.3, 0.8};
    double var[SPREAD_WEIGHT];
    spread_variances(&c, var);
    for (int i = 0; i < SPREAD_WEIGHT; i++)
        assert_close(var[i], reference_value("matching", ID[i]), 1e-14);
    assert_close(spread_crossing(1), reference_value("matching", "ssm_dsm_cross_m1"),
                 1e-15);
    assert_close(spread_crossing(4), reference_value("matching", "ssm_dsm_cross_m4"),
                 1e-15);
    assert_close(spread_crossing(16), reference_value("matching", "ssm_dsm_cross_m16"),
                 1e-15);
    assert_close(spread_crossing(0), sqrt(0.5), 1e-15);
}

/* The losses of the draws are those of match for s = -k x, and the gradients their derivatives: central
   differences are exact for parabolas. */
static void losses_of_the_model(void **state)
{
    (void)state;
    enum { N = 10, D = 2, M = 3, K = SPREAD_OBSERVABLES };
    const spread c = {D, M, 0.3, 0.8};
    rng_key key = rng_key_of(5, "model");
    double y[N * K], left[N * K], right[N * K];
    double x0[N * D], z[N * D], xt[N * D], v[N * M * D], loss[SPREAD_GRADIENT][N];
    const double B[] = {c.k, 0.0, 0.0, c.k}, h = 0.25;
    const spread below = {D, M, c.sigma, c.k - h}, above = {D, M, c.sigma, c.k + h};
    field s = catalogue_matrix(B);
    spread_losses(&c).draw(&c, key, 3, N, y);
    spread_losses(&below).draw(&below, key, 3, N, left);
    spread_losses(&above).draw(&above, key, 3, N, right);
    rng_normal_rows(key, 3, 0, 0, N, D, x0, D);
    rng_normal_rows(key, 3, 1, 0, N, D, z, D);
    SLICE_GAUSS.draw(key, 3, 2, N, M, D, v);
    for (int i = 0; i < N * D; i++) xt[i] = x0[i] + c.sigma * z[i];
    match_ism_loss(&s, N, D, xt, loss[SPREAD_ISM]);
    match_ssm_loss(&s, N, D, xt, M, v, loss[SPREAD_SSM]);
    match_dsm_loss(&s, 1.0, c.sigma * c.sigma, N, D, x0, xt, loss[SPREAD_DSM]);
    for (long i = 0; i < N; i++) {
        for (int j = 0; j < SPREAD_GRADIENT; j++) {
            double slope = (right[i * K + j] - left[i * K + j]) / (2.0 * h);
            assert_near(y[i * K + j], loss[j][i], 1e-12);
            assert_near(y[i * K + SPREAD_GRADIENT + j], slope, 1e-11);
        }
        double u0 = (z[i * D] * z[i * D] + z[i * D + 1] * z[i * D + 1]) / 0.09;
        assert_close(y[i * K + SPREAD_WEIGHT], u0, 1e-13);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas),
        cmocka_unit_test(squared_form),
        cmocka_unit_test(draws_have_these_moments),
        cmocka_unit_test(rows),
        cmocka_unit_test(sliced_losses_of_a_mixture),
        cmocka_unit_test(sliced_losses_draw_by_draw),
        cmocka_unit_test(variance_table),
        cmocka_unit_test(losses_of_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
