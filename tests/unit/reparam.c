/* Reparametrised flows: the noise levels and end variances of the entry flow_reparametrisation. */
#include "reparam.h"

#include "check.h"
#include "reference.h"

static enclosure variance(sde forward, int power, bool rootless, double v0)
{
    reparam r = {forward, power, rootless};
    enclosure log_variance;
    assert_int_equal(reparam_log_variance(&r, v0, 0.0, &log_variance), SC_OK);
    return enclosure_of(exp(log_variance.lo), exp(log_variance.hi), 0.0);
}

/* zeta(0.35), closed form and quadrature. */
static void noise_levels(void **state)
{
    (void)state;
    const sde e[] = {sde_vp(0.1, 20.0, 1.0), sde_subvp(0.1, 20.0, 1.0),
                     sde_cvp(0.1, 20.0, 1.0)};
    const double zeta[] = {1.58236982881, 1.33764382934, 0.845342097011};
    for (int i = 0; i < LEN(e); i++) {
        enclosure zeta2;
        assert_close(sqrt(reparam_zeta2(&e[i], 0.35)), zeta[i], 5e-12);
        assert_int_equal(reparam_zeta2_quadrature(&e[i], 0.35, &zeta2), SC_OK);
        assert_close(sqrt(enclosure_mid(zeta2)), zeta[i], 5e-12);
    }
}

/* In the plane, correlated, and on the line: both identities hold to 1e-11, and the enclosures say so. */
static void identities(void **state)
{
    (void)state;
    const double w[] = {0.3, 0.7}, mu[] = {0.0, 1.0, -2.0, 0.5};
    const double cov[] = {1.0, 0.6, 0.6, 0.5, 0.2, 0.0, 0.0, 0.1}, var[] = {0.05, 0.4};
    const sde e[] = {sde_cvp(0.1, 20.0, 1.0), sde_subvp(0.1, 20.0, 1.0), sde_ou(2.0)};
    gmm *plane = NULL, *line = gmm_new(2, 1, w, mu, 1, var);
    assert_int_equal(gmm_new_full(2, 2, w, mu, 2, cov, &plane), SC_OK);
    for (int i = 0; i < LEN(e); i++)
        for (int d = 1; d <= 2; d++) {
            enclosure density, score;
            assert_int_equal(
                reparam_residuals(d == 1 ? line : plane, &e[i], 0.6, &density, &score),
                SC_OK);
            assert_true(-1e-11 < density.lo && density.lo <= density.hi &&
                        density.hi < 1e-11);
            assert_true(-1e-11 < score.lo && score.lo <= score.hi && score.hi < 1e-11);
        }
    gmm_free(plane), gmm_free(line);
}

/* k = 2, VP, to the digits of the reference. */
static void printed_power(void **state)
{
    (void)state;
    enclosure v = variance(sde_vp(0.1, 20.0, 1.0), 2, false, 0.25);
    double value = reference_value("sampling", "reparam.printed.v0=0.25");
    double slack = reference_error("sampling", "reparam.printed.v0=0.25");
    assert_true(v.lo - slack <= value && value <= v.hi + slack);
    assert_near(enclosure_halfwidth(v), 0.0, 1e-11 * value);
    v = variance(sde_vp(0.1, 20.0, 1.0), 2, false, 1.0);
    assert_close(enclosure_mid(v), 3175.254841007083, 1e-13);
}

/* The other values of the entry, v0 = 0.25, 1, 4. */
static void other_powers(void **state)
{
    (void)state;
    const struct {
        sde forward;
        int power;
        bool rootless;
        double variance[3], tolerance;
    } CASES[] = {
        {sde_vp(0.1, 20.0, 1.0), 2, false, {1120.72036, 3175.25484, 7002.85063}, 5e-6},
        {sde_subvp(0.1, 20.0, 1.0),
         2,
         false,
         {1453.66185, 3682.20067, 7492.34050},
         5e-6},
        {sde_cvp(0.1, 20.0, 1.0), 2, false, {0.0954808, 0.5788261, 3.2597450}, 5e-8},
        {sde_ou(1.0), 2, false, {0.6796846, 2.0870652, 5.9693106}, 5e-8},
        {sde_ou(1.0), 0, false, {0.0386613, 0.2377433, 1.7621838}, 5e-8},
        {sde_cvp(0.1, 20.0, 1.0), 0, false, {0.3660600, 1.2216773, 4.2947125}, 5e-8},
        {sde_ou(1.0), 1, true, {0.3354, 1.7940, 5.5126}, 5e-5},
    };
    for (int i = 0; i < LEN(CASES); i++)
        for (int j = 0; j < 3; j++)
            assert_near(enclosure_mid(variance(CASES[i].forward, CASES[i].power,
                                               CASES[i].rootless, ldexp(0.25, 2 * j))),
                        CASES[i].variance[j], CASES[i].tolerance);
}

/* k = 1: on the way, too, the variance is s^2 v0 + n; and the flow of N(0, v0) is x sqrt(v0/v_T). */
static void right_power(void **state)
{
    (void)state;
    const reparam r = {sde_subvp(0.1, 20.0, 1.0), 1, false};
    enclosure v;
    for (int i = 0; i <= 4; i++) {
        double t = 0.25 * i, s = sde_scale(&r.forward, t);
        assert_int_equal(reparam_log_variance(&r, 0.6, t, &v), SC_OK);
        assert_near(enclosure_mid(v), log(s * s * 0.6 + sde_var(&r.forward, t)), 1e-13);
    }
    double s = sde_scale(&r.forward, 1.0), end = s * s * 0.6 + sde_var(&r.forward, 1.0);
    double y[2] = {1.0, -0.4}, error[2];
    target *data = target_gauss(0.0, 0.6);
    assert_int_equal(reparam_flow(&r, data, 2, y, error), SC_OK);
    assert_near(y[0], sqrt(0.6 / end), error[0]);
    assert_near(y[1], -0.4 * sqrt(0.6 / end), error[1]);
    assert_near(error[0], 0.0, 1e-10);
    target_free(data);
}

/* The identities hold, within what rounding leaves: covariances of condition 1 to 1e8. */
static void identities_in_the_plane(void **state)
{
    (void)state;
    const sde e[] = {sde_ou(1.0), sde_subvp(0.1, 20.0, 1.0), sde_ve(0.01, 50.0, 1.0)};
    for (int k = 0; k <= 8; k += 2) {
        double c = 1.0 - pow(10.0, -k), means[] = {0.0, 1.0, 1.0, -1.0};
        gmm *p = NULL;
        assert_int_equal(gmm_new_full(2, 2, (double[]){0.4, 0.6}, means, 2,
                                      (double[]){0.01, 0.0, 0.0, 0.01, 1.0, c, c, 1.0},
                                      &p),
                         SC_OK);
        for (int i = 0; i < LEN(e); i++) {
            enclosure density, score;
            assert_int_equal(reparam_residuals(p, &e[i], 0.05, &density, &score),
                             SC_OK);
            assert_true(density.lo <= 0.0 && 0.0 <= density.hi);
            assert_true(score.lo <= 0.0 && 0.0 <= score.hi);
            assert_true(k > 0 || enclosure_halfwidth(density) < 1e-11);
            assert_true(k > 0 || enclosure_halfwidth(score) < 1e-11);
        }
        gmm_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_levels),  cmocka_unit_test(identities),
        cmocka_unit_test(printed_power), cmocka_unit_test(other_powers),
        cmocka_unit_test(right_power),   cmocka_unit_test(identities_in_the_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
