/* Both sides in closed form for Gaussians and for two points. */
#include "two_flows.h"

#include "check.h"

#include <stdlib.h>

/* N(a, v) and N(b, w) under OU, from t = 0: KL in closed form at both ends. */
static void gaussians(void **state)
{
    (void)state;
    target *p = target_gauss(1.0, 0.25), *q = target_gauss(-0.3, 0.5);
    const two_flows c = two_flows_line(p, q, sde_ou(3.0), 0.0, 3.0);
    double kl[2];
    for (int i = 0; i < 2; i++) {
        const double m = exp(-3.0 * i), n = 1.0 - m * m;
        kl[i] =
            gauss_kl((gauss){m, m * m * 0.25 + n}, (gauss){-0.3 * m, m * m * 0.5 + n});
    }
    enclosure kl0, lost, left;
    assert_int_equal(two_flows_kl(&c, 0.0, &kl0), SC_OK);
    assert_int_equal(two_flows_lost(&c, 3.0, &lost), SC_OK);
    assert_int_equal(two_flows_integral(&c, 0.0, 3.0, 40, &left), SC_OK);
    assert_close(enclosure_mid(kl0), kl[0], 1e-12);
    assert_close(enclosure_mid(lost), kl[0] - kl[1], 1e-12);
    assert_close(enclosure_mid(left), kl[0] - kl[1], 1e-11);
    double t[5];
    enclosure l[5], r[5];
    assert_int_equal(two_flows_profile(&c, 4, 12, t, l, r), SC_OK);
    assert_true(t[0] == 0.0 && t[1] > 0.0 && t[1] < t[2]);
    assert_near(t[4], 3.0, 1e-14);
    for (int i = 1; i <= 4; i++)
        assert_close(enclosure_mid(l[i]), enclosure_mid(r[i]), 1e-11);
    assert_close(enclosure_mid(r[4]), kl[0] - kl[1], 1e-12);
    target_free(p), target_free(q);
}

/* N(0, 1) stays under VP and has the score -y: 1.5 times it leaves (beta/2)/4, whose integral is B/8. */
static void a_wrong_score(void **state)
{
    (void)state;
    target *p = target_gauss(0.0, 1.0);
    two_flows c = two_flows_line(p, p, sde_vp(0.5, 3.0, 1.0), 0.1, 1.0);
    c.factor = 1.5;
    enclosure left;
    assert_int_equal(two_flows_integral(&c, 0.1, 1.0, 20, &left), SC_OK);
    assert_close(enclosure_mid(left),
                 (sde_B(&c.forward, 1.0) - sde_B(&c.forward, 0.1)) / 8.0, 1e-11);
    target_free(p);
}

/* Points at distance r in the plane: r^2 m^2/(2 sigma^2) at both ends. */
static void points_in_the_plane(void **state)
{
    (void)state;
    cloud *a = cloud_new(1, 2, (double[]){0.3, 0.1}, NULL);
    cloud *b = cloud_new(1, 2, (double[]){-0.3, 0.9}, NULL);
    const two_flows c =
        two_flows_clouds((cloud_flow){a, 0.2}, (cloud_flow){b, 0.2}, 0.05, 1.0);
    enclosure lost, left;
    double known = 0.0;
    for (int i = 0; i < 2; i++) {
        const double m2 = exp(-2.0 * (i == 0 ? 0.05 : 1.0));
        known += (i == 0 ? 0.5 : -0.5) * m2 / (0.04 * m2 + 1.0 - m2);
    }
    assert_int_equal(two_flows_lost(&c, 1.0, &lost), SC_OK);
    assert_int_equal(two_flows_integral(&c, 0.05, 1.0, 30, &left), SC_OK);
    assert_close(enclosure_mid(lost), known, 1e-12);
    assert_close(enclosure_mid(left), known, 1e-11);
    cloud_free(a), cloud_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussians),
        cmocka_unit_test(a_wrong_score),
        cmocka_unit_test(points_in_the_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
