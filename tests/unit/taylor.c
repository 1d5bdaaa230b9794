/* Taylor polynomials of a generator and what they cost: references and a closed form. */
#include "check.h"
#include "reference.h"

#include "taylor.h"

/* (u_1 + u_2)^2/2: g - g0 = (h_1 + h_2)^2/2 at distance h from the corner, at most 2/N^2 = half of H d/N^2, H = 2. */
static void quadratic_plane(void **state)
{
    (void)state;
    const generator g = {.d = 2, .D = 1, .square = {{0.5, 1.0, 0.5}}};
    mesh nodes = mesh_midpoints(2, 1000);
    taylor_costs c = taylor_measure(&g, 2.0, 2.0, 1, 10, &nodes, 0.5, 1.0);
    assert_close(c.lemma, 0.04, 1e-14);
    assert_near(c.gap, reference_value("matching", "taylor_d2_deg1"), 4e-4);
    /* E(h_1 + h_2)^4/4 = 31/60 N^-4 */
    assert_close(c.chained, 31.0 / 60.0 * 1e-4 / (2.0 * expm1(1.0)), 2e-4);
    assert_close(c.bound, 8e-4 / expm1(1.0), 1e-13);
    assert_true(c.cost.hi <= c.chained);
    mesh_free(&nodes);
}

/* Seven octaves without a trend, of largest norm 0.4, U on 8192 midpoints, degree 0. */
static void octaves(void **state)
{
    (void)state;
    generator g = generator_octaves(1, 0.0, 0.999, 7);
    double largest = 0.0;
    for (int k = 0; k < 7; k++) g.wave[k].a = pow(0.5, k);
    mesh nodes = mesh_midpoints(1, 8192);
    double x;
    for (int i = 0; i < 8192; i++) {
        generator_eval(&g, 1, nodes.u + i, &x, NULL);
        largest = fmax(largest, fabs(x));
    }
    g = generator_scaled(&g, 0.4 / largest);
    static const struct {
        double t0;
        int N;
        const char *id;
    } CASES[] = {{0.01, 4, "step1_kl_sd0.0_t0.01_N4"},
                 {0.05, 8, "step1_kl_sd0.0_t0.05_N8"}};
    for (int i = 0; i < LEN(CASES); i++) {
        taylor_costs c =
            taylor_measure(&g, 1.0, 1.0, 0, CASES[i].N, &nodes, CASES[i].t0, 1.0);
        assert_near(enclosure_mid(c.cost), reference_value("matching", CASES[i].id),
                    1e-10);
    }
    mesh_free(&nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quadratic_plane),
        cmocka_unit_test(octaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
