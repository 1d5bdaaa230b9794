/* The law of X_0 given X_t: components against quadrature, both against Tweedie, the references. */
#include "catalogue.h"
#include "match.h"

#include "check.h"
#include "reference.h"

/* It holds the value and is useful. */
static void assert_holds(enclosure e, double value, double rounding)
{
    assert_true(e.lo - rounding <= value && value <= e.hi + rounding);
    assert_true(enclosure_halfwidth(e) < 1e-10 * fmax(1.0, fabs(value)));
}

/* m E[X_0 | x] = x + s2 score, m^2 Var(X_0 | x) = s2 + s2^2 score', by both ways. */
static void tweedie(void **state)
{
    (void)state;
    target *data[] = {catalogue_target(&CATALOGUE_G), catalogue_target(&CATALOGUE_M),
                      target_uniform(-1.0, 1.0), target_laplace(0.3, 0.8),
                      catalogue_target(&CATALOGUE_A3)};
    static const double X[] = {-4.0, -1.0, 0.37, 3.0}, T[] = {0.05, 0.1, 2.0};
    for (int i = 0; i < LEN(data) * LEN(T); i++) {
        noised x = noised_at(data[i / LEN(T)], &SDE_OU, T[i % LEN(T)]);
        for (int j = 0; j < LEN(X); j++) {
            double s, ds;
            posterior q;
            target_score(x.data, x.m, x.s2, 1, &X[j], NULL, &s, &ds);
            assert_int_equal(match_posterior(&x, X[j], &q), SC_OK);
            assert_holds(q.shift, x.s2 * s, 1e-13 * fmax(1.0, fabs(x.s2 * s)));
            assert_holds(q.var, x.s2 + x.s2 * x.s2 * ds, 1e-13);
            if (i / LEN(T) == LEN(data) - 1) continue;
            assert_int_equal(match_posterior_quadrature(&x, X[j], &q), SC_OK);
            assert_holds(q.shift, x.s2 * s, 1e-13 * fmax(1.0, fabs(x.s2 * s)));
            assert_holds(q.var, x.s2 + x.s2 * x.s2 * ds, 1e-13);
        }
    }
    for (int i = 0; i < LEN(data); i++) target_free(data[i]);
}

static void references(void **state)
{
    (void)state;
    target *g = catalogue_target(&CATALOGUE_G);
    noised first = noised_at(g, &SDE_OU, 0.1), second = noised_at(g, &SDE_OU, 0.5);
    posterior a, b;
    int (*const WAYS[])(const noised *, double,
                        posterior *) = {match_posterior, match_posterior_quadrature};
    for (int i = 0; i < LEN(WAYS); i++) {
        assert_int_equal(WAYS[i](&first, 0.37, &a), SC_OK);
        assert_int_equal(WAYS[i](&second, 0.37, &b), SC_OK);
        assert_near(0.37 + enclosure_mid(a.shift),
                    reference_value("matching", "tweedie_gm_t0.1"), 1e-14);
        assert_near(0.37 + enclosure_mid(b.shift),
                    reference_value("matching", "tweedie_gm_t0.5"), 1e-14);
        assert_near(enclosure_mid(b.var), 0.420222987250278, 1e-14);
    }
    target_free(g);
}

/* 002 (7.7) with the three readings of the exponent of gamma = e^{-2B}, VP, t = 0.3, x = 0.37. */
static void exponents(void **state)
{
    (void)state;
    static const double EXPONENTS[] = {0.25, 0.5, 1.0};
    static const char *const ID[] = {"score77_exp1_4", "score77_exp1_2",
                                     "score77_exp1"};
    const double x = 0.37;
    target *g = catalogue_target(&CATALOGUE_G);
    sde vp = sde_vp(0.1, 20.0, 1.0);
    noised law = noised_at(g, &vp, 0.3);
    for (int i = 0; i < LEN(ID); i++) {
        enclosure value;
        assert_int_equal(match_score_form(&law, EXPONENTS[i], 1, x, &value), SC_OK);
        assert_near(enclosure_mid(value), reference_value("matching", ID[i]), 1e-14);
    }
    target_free(g);
}

/* 2 E[(Z/sigma + c score) q]: for q = x it is 2 (1 - c), as E X_t score = -1; 0 for c = 1 and any q. */
static double identity(double x) { return x; }
static void least_squares(void **state)
{
    (void)state;
    target *data[] = {catalogue_target(&CATALOGUE_G), catalogue_target(&CATALOGUE_A3),
                      target_uniform(-1.0, 1.0)};
    for (int i = 0; i < LEN(data); i++) {
        noised x = noised_at(data[i], &SDE_OU, 0.1);
        enclosure slope;
        assert_int_equal(match_variation(&x, 0.7, identity, &slope), SC_OK);
        assert_holds(slope, 0.6, 0.0);
        assert_int_equal(match_variation(&x, 1.0, sin, &slope), SC_OK);
        assert_holds(slope, 0.0, 0.0);
        target_free(data[i]);
    }
}

/* X_t rounded at 10^4, where the score of a narrow component falls steeply. */
static void least_squares_far_away(void **state)
{
    (void)state;
    gmm *g = gmm_new(2, 1, (double[]){0.5, 0.5}, (double[]){-1e4, 1e4}, 1,
                     (double[]){1e-8, 1.0});
    target *data = target_mixture(g);
    const noised x = {data, 0.985, 9e-4};
    enclosure slope;
    assert_int_equal(match_variation(&x, 1.0, identity, &slope), SC_OK);
    assert_true(slope.lo <= 0.0 && 0.0 <= slope.hi);
    target_free(data);
    gmm_free(g);
}

/* The rounding bound of components far away from 0: the posterior of N(mu, v) is known. */
static void far_away(void **state)
{
    (void)state;
    target *g = target_gauss(1e6, 0.5);
    noised x = {g, 1.0, 0.5};
    posterior q;
    assert_int_equal(match_posterior(&x, 1e6 + 0.3, &q), SC_OK);
    assert_true(q.shift.lo <= -0.15 && -0.15 <= q.shift.hi);
    assert_true(enclosure_halfwidth(q.shift) < 1e-9);
    assert_near(enclosure_mid(q.var), 0.25, 1e-15);
    target_free(g);
}

/* Mean of m X_0 - at and variance given X_t = at, of two components, in long double. */
static void exactly(const noised *x, const gmm *p, double at, long double moments[2])
{
    long double mean[2], var[2], weight[2];
    for (int i = 0; i < 2; i++) {
        double v;
        gmm_cov_of(p, i, &v, 1);
        long double V = (long double)x->m * x->m * v + x->s2;
        long double gap = (long double)x->m * gmm_mean_of(p, i)[0] - at;
        weight[i] = gmm_weight(p, i) * expl(-0.5L * gap * gap / V) / sqrtl(V);
        mean[i] = gap * x->s2 / V;
        var[i] = (long double)x->m * x->m * v * x->s2 / V;
    }
    long double r = weight[1] / (weight[0] + weight[1]), apart = mean[1] - mean[0];
    moments[0] = mean[0] + r * apart;
    moments[1] = var[0] + r * (var[1] - var[0]) + r * (1.0L - r) * apart * apart;
}

/* Where x, or the shift, is far longer than the posterior is wide the enclosures hold what cancels. */
static void narrow_and_far(void **state)
{
    (void)state;
    static const double FAR[] = {0.0, 800.0};
    for (int i = 0; i < 200; i++) {
        double mu = FAR[i % 2], m = i % 2 ? 1.0 : 0.068;
        gmm *g = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){mu - 0.02, mu + 0.03},
                         1, (double[]){1e-4, 2e-5});
        target *data = target_mixture(g);
        const noised x = {data, m, i % 2 ? 0.05 : 10.7};
        const double at = m * mu + (i % 2 ? 0.001 : 0.09) * (i + 1);
        long double exact[2];
        exactly(&x, g, at, exact);
        for (int way = 0; way < 2; way++) {
            posterior q;
            assert_int_equal(
                (way ? match_posterior_quadrature : match_posterior)(&x, at, &q),
                SC_OK);
            assert_true(q.shift.lo <= exact[0] && exact[0] <= q.shift.hi);
            assert_true(q.var.lo <= exact[1] && exact[1] <= q.var.hi);
            assert_true(enclosure_halfwidth(q.var) < 1e-8 * enclosure_mid(q.var));
        }
        target_free(data);
        gmm_free(g);
    }
}

/* In R^d: against Tweedie for every shape of covariance; in the plane by quadrature, too. */
static void in_space(void **state)
{
    (void)state;
    enum { D = 3 };
    static const double W[] = {0.3, 0.7}, MU[] = {0.5, -1.0, 0.2, -0.4, 1.5, 1.0};
    static const double C[] = {1.0, 0.3, 0.1, 0.3, 0.8, -0.2, 0.1, -0.2, 0.5,
                               0.4, 0.0, 0.0, 0.0, 0.9, 0.4,  0.0, 0.4,  0.7};
    static const double V[] = {1.0, 0.3, 0.1, 0.4, 0.9, 0.7}, AT[] = {0.3, -0.2, 0.9};
    const double m = 0.8, s2 = 0.3;
    gmm *p[3] = {gmm_new(2, D, W, MU, D, (double[]){0.2, 0.6}),
                 gmm_new_diagonal(2, D, W, MU, D, V, D)};
    assert_int_equal(gmm_new_full(2, D, W, MU, D, C, &p[2]), SC_OK);
    for (int i = 0; i < LEN(p); i++) {
        double shift[D], cov[D * D], u[D], J[D * D];
        gmm *pt = gmm_diffuse(p[i], m, s2);
        assert_int_equal(match_posterior_gmm(p[i], m, s2, AT, shift, cov), SC_OK);
        gmm_score(pt, 1, AT, D, NULL, u, D);
        gmm_jacobian(pt, AT, J, D);
        for (int j = 0; j < D; j++) assert_near(shift[j], s2 * u[j], 1e-14);
        for (int j = 0; j < D * D; j++)
            assert_near(cov[j], s2 * ((j % (D + 1) == 0 ? 1.0 : 0.0) + s2 * J[j]),
                        1e-14);
        gmm_free(pt);
        gmm_free(p[i]);
    }
}

static void in_the_plane(void **state)
{
    (void)state;
    static const double AT[][2] = {{0.3, -0.2}, {-4.0, 4.0}, {1.5, 0.8}};
    gmm *p = catalogue_plane();
    for (int i = 0; i < LEN(AT); i++)
        for (int k = 0; k < 2; k++) {
            double m = k ? 0.5 : 0.95, s2 = k ? 0.75 : 0.05, shift[2], cov[4];
            enclosure a[2], b[3];
            assert_int_equal(match_posterior_gmm(p, m, s2, AT[i], shift, cov), SC_OK);
            assert_int_equal(match_posterior_plane(p, m, s2, AT[i], a, b), SC_OK);
            for (int j = 0; j < 2; j++) assert_holds(a[j], shift[j], 1e-13);
            for (int j = 0; j < 3; j++) assert_holds(b[j], cov[j + (j == 2)], 1e-13);
        }
    gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tweedie),
        cmocka_unit_test(references),
        cmocka_unit_test(exponents),
        cmocka_unit_test(far_away),
        cmocka_unit_test(narrow_and_far),
        cmocka_unit_test(least_squares),
        cmocka_unit_test(least_squares_far_away),
        cmocka_unit_test(in_space),
        cmocka_unit_test(in_the_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
