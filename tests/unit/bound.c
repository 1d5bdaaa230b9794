/* The right-hand sides against what they must equal or exceed. */
#include "check.h"
#include "reference.h"

#include "bound.h"
#include "divergence.h"
#include "quad.h"

/* Convexity of KL is an equality for an atom: TV bound = sqrt(KL/2). */
static void noise_of_an_atom(void **state)
{
    (void)state;
    for (int i = 1; i <= 4; i++) {
        double B = 0.5 * i, q = exp(-B);
        gauss p = {sqrt(q) * 3.0, 1.0 - q}, normal = {0.0, 1.0};
        double tv = bound_vp_noise_tv(9.0, 1, B), w2sq = bound_vp_noise_w2sq(9.0, 1, B);
        assert_close(2.0 * tv * tv, gauss_kl(p, normal), 1e-13);
        assert_close(w2sq, gauss_w2(p, normal) * gauss_w2(p, normal), 1e-13);
    }
    assert_close(2.0 * pow(bound_vp_noise_tv(9.0, 1, 2.0), 2.0),
                 reference_value("sampling", "eq68.exact"), 1e-13);
    assert_close(bound_vp_noise_w2sq(0.0, 1, 1.0),
                 reference_value("sampling", "thm66.quarter"), 1e-13);
}

/* d independent coordinates: squares of both bounds add. */
static void coordinates_add(void **state)
{
    (void)state;
    double one = bound_vp_noise_tv(0.7, 1, 1.3), all = bound_vp_noise_tv(2.1, 3, 1.3);
    assert_close(all * all, 3.0 * one * one, 1e-13);
    assert_close(bound_vp_noise_w2sq(2.1, 3, 1.3),
                 3.0 * bound_vp_noise_w2sq(0.7, 1, 1.3), 1e-13);
}

/* N(0, 1/kappa) at B has the precision kappa_s; u_VP(T) of (6.15) from it, kappa = 0.8. */
static double u_rate(double t, const void *none)
{
    (void)none;
    sde vp = sde_vp(0.1, 20.0, 1.0);
    return sde_g2(&vp, t) * (1.3 - 2.0 * bound_vp_concavity(0.8, sde_B(&vp, t)));
}

static void concavity_of_a_gauss(void **state)
{
    (void)state;
    double q = exp(-0.4), ends[] = {0.0, 1.0}, u, err;
    assert_close(bound_vp_concavity(3.0, 0.4), 1.0 / (q / 3.0 + 1.0 - q), 1e-14);
    assert_int_equal(quad_adaptive(u_rate, NULL, 2, ends, 0.0, 1e-12, &u, &err), SC_OK);
    assert_close(u, reference_value("sampling", "thm66.uVP.kappa=0.8"), 1e-11);
}

/* kappa >= 1, B -> inf: inf_h eps^2/(2h(1 - 2h)) = 4 eps^2 at h = 1/4; B = 0 gives
   the distance to the start. */
static void w2_bound(void **state)
{
    (void)state;
    assert_close(bound_vp_w2sq_least(2.0, 5.0, 1, 500.0, 0.01), 0.04, 1e-12);
    assert_close(bound_vp_w2sq(1.0, 5.0, 1, 3.0, 0.01, 0.25),
                 exp(-1.5) * bound_vp_noise_w2sq(5.0, 1, 3.0) + 0.04, 1e-13);
    /* at the smallest h the noise term decays fastest, e^{-0.98 B} */
    assert_close(bound_vp_w2sq_least(1.0, 5.0, 1, 3.0, 0.0),
                 exp(-0.98 * 3.0) * bound_vp_noise_w2sq(5.0, 1, 3.0), 1e-12);
    assert_close(bound_vp_w2sq_least(0.7, 5.0, 1, 500.0, 0.01),
                 0.01 / (2.0 * 0.1 * 0.2), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_an_atom),
        cmocka_unit_test(coordinates_add),
        cmocka_unit_test(concavity_of_a_gauss),
        cmocka_unit_test(w2_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
