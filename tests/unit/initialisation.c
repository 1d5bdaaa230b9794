/* What starting from noise costs: closed forms for Gaussian data, the two ways for a mixture. */
#include "check.h"
#include "reference.h"

#include "catalogue.h"
#include "initialisation.h"

enum { START = INITIALISATION_START, ODE, SDE };

/* Against the moments by Runge-Kutta, and the known ones of the flow: mean m - m s_T R, variance R^2 w, R^2 = v/v_T. */
static void gaussian_moments(void **state)
{
    (void)state;
    const gauss data = {0.7, 0.3};
    const sde e[] = {sde_vp(0.1, 20.0, 0.4), sde_ve(0.1, 3.0, 1.0),
                     sde_cvp(1.0, 1.0, 2.0), sde_subvp(0.1, 20.0, 0.4)};
    for (int i = 0; i < 2 * LEN(e); i++) {
        const sde *f = &e[i / 2];
        const double w = sde_prior_var(f), s = sde_scale(f, f->T);
        const backward c = initialisation_process(data, f, i % 2 ? SDE : ODE);
        linear_deviation off = law_backward_output(&c, w);
        affine_law law;
        assert_int_equal(law_affine(law_backward, &c, 0.0, f->T, (gauss){0.0, w}, &law),
                         SC_OK);
        assert_near(data.mean + off.mean, enclosure_mid(law.mean), 1e-10);
        assert_near(data.var + off.var, enclosure_mid(law.var), 1e-10);
        assert_true(off.rounding.mean < 1e-14 && off.rounding.var < 1e-14);
        if (i % 2 != 0) continue;
        double R2 = data.var / law_marginal(data, f, f->T).var;
        assert_near(off.mean, -sqrt(R2) * s * data.mean, 1e-14);
        assert_near(data.var + off.var, R2 * w, 1e-14);
    }
}

/* What is known to 30 digits: noise far below the variance of the data, whose flow leaves a law far narrower than them,
   and long time, where s_T = e^{-B/2} is rounded as B is. */
static void enclosed_distances(void **state)
{
    (void)state;
    static const struct {
        double m, v, w, bmin, bmax, T;
        bool expanding, noise;
        double w2;
    } KNOWN[] = {
        {-0.25, 160, 0.03, 0.1, 1.9, 5.5, true, false, 1.264052946326156726377e+01},
        {0, 600, 1.75, 0.1, 1.9, 2.8, true, false, 2.416893532468798708626e+01},
        {0.25, 27.5, 0.06, 0.1, 13.2, 5.75, false, true, 1.686492248206714992322e-15},
        {13, 0.001, 2.5, 0.1, 15, 5.2, false, true, 1.157557879440839383824e-19},
        {-5.5, 0.012, 10, 0.1, 13, 4.9, false, true, 7.631324591037275109940e-16},
        {13, 0.001, 2.5, 0.1, 15.3, 5.3, false, true, 2.456893144984996745204e-20},
    };
    for (int i = 0; i < LEN(KNOWN); i++) {
        sde e = KNOWN[i].expanding ? sde_cvp(KNOWN[i].bmin, KNOWN[i].bmax, KNOWN[i].T)
                                   : sde_vp(KNOWN[i].bmin, KNOWN[i].bmax, KNOWN[i].T);
        backward c = {{KNOWN[i].m, KNOWN[i].v}, e, 0.5, 0.0};
        if (KNOWN[i].noise) c.score = c.noise = 1.0;
        enclosure w2 = divergence_backward(&c, KNOWN[i].w).w2;
        assert_true(w2.lo <= KNOWN[i].w2 && KNOWN[i].w2 <= w2.hi);
        assert_true(enclosure_halfwidth(w2) <= 2e-11 * KNOWN[i].w2);
    }
}

/* The formulas of the header, zeta^2 against the ratio of what sde says. */
static void mean_errors(void **state)
{
    (void)state;
    const gauss data = {-1.0, 0.5};
    const sde e[] = {sde_ou(1.5), sde_vp(0.1, 20.0, 0.4), sde_ve(0.1, 3.0, 1.0),
                     sde_cvp(0.1, 2.0, 1.0)};
    for (int i = 0; i < LEN(e); i++) {
        double s = sde_scale(&e[i], e[i].T), zeta2 = sde_var(&e[i], e[i].T) / (s * s);
        assert_close(initialisation_mean_error(data, &e[i], SDE),
                     1.0 / (1.0 + 2.0 * zeta2), 1e-13);
        assert_close(initialisation_mean_error(data, &e[i], ODE),
                     1.0 / sqrt(1.0 + 2.0 * zeta2), 1e-13);
    }
}

/* Distances of Gaussian outputs: references, and the same by the posterior kernel. */
static void gaussian_distances(void **state)
{
    (void)state;
    static const struct {
        gauss data;
        double T;
        const char *id;
    } KNOWN[] = {{{1.0, 0.25}, 1.0, "initG_out_mu1_T1"},
                 {{1.0, 0.25}, 3.0, "initG_out_mu1_T3"},
                 {{0.0, 4.0}, 2.0, "initG_out_mu0_T2"}};
    for (int i = 0; i < LEN(KNOWN); i++) {
        const sde e = sde_ou(KNOWN[i].T);
        const backward c = initialisation_process(KNOWN[i].data, &e, SDE);
        target *data = target_gauss(KNOWN[i].data.mean, KNOWN[i].data.var);
        distances d = divergence_backward(&c, 1.0), grid;
        double known = reference_value("matching", KNOWN[i].id);
        assert_near(enclosure_mid(d.kl), known,
                    reference_error("matching", KNOWN[i].id) +
                        enclosure_halfwidth(d.kl));
        assert_true(enclosure_halfwidth(d.kl) < 1e-9 * known);
        assert_int_equal(divergence_continuous(data, &e, START_STANDARD, 0.0, &grid),
                         SC_OK);
        assert_near(enclosure_mid(d.kl_reverse), enclosure_mid(grid.kl_reverse), 1e-11);
        assert_near(enclosure_mid(d.tv), enclosure_mid(grid.tv), 1e-11);
        assert_near(enclosure_mid(d.w2), enclosure_mid(grid.w2), 1e-7);
        target_free(data);
    }
}

static void costs(void **state)
{
    (void)state;
    static const char *const ID[] = {"init.M.T=1", "init.M.T=2", "init.M.T=3"};
    initialisation_cost c;
    target *m = catalogue_target(&CATALOGUE_M), *narrow = target_gauss(1.0, 0.25);
    for (int T = 1; T <= 3; T++) {
        const sde ou = sde_ou(T);
        assert_int_equal(initialisation_measure(m, &ou, &c), SC_OK);
        assert_near(enclosure_mid(c.tv[SDE]), reference_value("sampling", ID[T - 1]),
                    2e-9);
        assert_near(enclosure_mid(c.tv[ODE]), enclosure_mid(c.tv[START]), 1e-8);
        assert_true(c.kl[SDE].hi < c.kl[START].lo);
    }
    /* from N(0, n_T): VE, where it is not N(0, 1) */
    const sde ve = sde_ve(0.1, 3.0, 1.0);
    assert_int_equal(initialisation_measure(narrow, &ve, &c), SC_OK);
    const gauss at_T = law_marginal((gauss){1.0, 0.25}, &ve, 1.0);
    const gauss noise = {0.0, sde_prior_var(&ve)};
    assert_close(enclosure_mid(c.tv[START]), gauss_tv(at_T, noise), 1e-10);
    assert_close(enclosure_mid(c.tv[ODE]), gauss_tv(at_T, noise), 1e-10);
    assert_true(c.tv[SDE].hi < 0.5 * c.tv[START].lo);
    target *quartic = target_quartic(1.0, 0.25);
    assert_int_equal(initialisation_measure(quartic, &ve, &c), SC_EDOMAIN);
    target_free(quartic), target_free(narrow), target_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussian_moments),
        cmocka_unit_test(enclosed_distances),
        cmocka_unit_test(mean_errors),
        cmocka_unit_test(gaussian_distances),
        cmocka_unit_test(costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
