/* The linear-quadratic model: the reference values of policy_gradient, the limit lambda = 0, gradients
 * and slopes against five-point differences of V. */
#include "lq.h"

#include "check.h"
#include "reference.h"

/* The base case of the entry. */
static const lq BASE = {.kappa = 0.5,
                        .g = 1.2,
                        .c = 0.8,
                        .beta = 0.7,
                        .eta = 1.5,
                        .goal = 0.6,
                        .sigma = 0.4,
                        .T = 1.0,
                        .theta = {0.3, -0.9}};
static const double Y = 0.4;

static double known(const char *id) { return reference_value("matching", id); }

static double value(const lq *m, double t, double y)
{
    lq rest = *m;
    enclosure J[LQ_JET];
    rest.T = m->T - t;
    assert_int_equal(lq_running(&rest, (gauss){y, 0.0}, J), SC_OK);
    assert_true(enclosure_halfwidth(J[LQ_J]) < 1e-11);
    return enclosure_mid(J[LQ_J]);
}

/* The derivative of V from its values at SHIFTS h. */
static double five_points(const double V[4], double h)
{
    return (V[0] - 8.0 * V[1] + 8.0 * V[2] - V[3]) / (12.0 * h);
}

static const double SHIFTS[] = {-2.0, -1.0, 1.0, 2.0};

static void references(void **state)
{
    (void)state;
    assert_near(value(&BASE, 0.0, Y), known("V_lq"), 1e-13);
    enclosure kl, J[LQ_JET], gradient[2], mean[LQ_FORMS];
    assert_int_equal(lq_path_kl(&BASE, GAUSS_STANDARD, 1.0, &kl), SC_OK);
    assert_near(enclosure_mid(kl), known("kl_path_7.14"), 1e-14);
    assert_near(enclosure_mid(lq_end_kl(&BASE, GAUSS_STANDARD)), known("kl_term_7.13"),
                1e-14);
    /* without penalty the two objectives are the same */
    lq free = BASE;
    free.beta = 0.0;
    enclosure reward[LQ_JET];
    assert_int_equal(lq_running(&free, GAUSS_STANDARD, reward), SC_OK);
    assert_int_equal(lq_terminal(&BASE, GAUSS_STANDARD, J), SC_OK);
    assert_near(enclosure_mid(reward[LQ_J]) - enclosure_mid(J[LQ_J]),
                BASE.beta * known("kl_term_7.13"), 1e-14);

    static const struct {
        lq_q q;
        const char *id;
    } FORMS[] = {{{1.44, 1.0}, "pg_lq_1"},
                 {{1.0, 1.0}, "pg_wrong_g^0"},
                 {{1.2, 1.0}, "pg_wrong_g^1_instead_of_g^2"},
                 {{1.728, 1.0}, "pg_wrong_g^3"},
                 {{1.44, 0.0}, "pg_wrong_no_penalty_term"}};
    for (int i = 0; i < LEN(FORMS); i++) {
        assert_int_equal(lq_policy_gradient(&BASE, FORMS[i].q, 0.0, Y, gradient),
                         SC_OK);
        assert_near(enclosure_mid(gradient[1]), known(FORMS[i].id), 1e-13);
        if (i == 0) assert_near(enclosure_mid(gradient[0]), known("pg_lq_0"), 1e-14);
    }
    lq_mean_q(&BASE, 0.0, Y, mean);
    assert_near(enclosure_mid(mean[LQ_PRINTED]), known("q_mean_printed"), 1e-10);
    assert_near(enclosure_mid(mean[LQ_CENTRED]), 0.0, 1e-14);
}

/* The values of the maxima are without exploration, which moves no maximiser. */
static void maximisers(void **state)
{
    (void)state;
    enclosure theta[2], J[LQ_JET];
    lq at = BASE;
    at.sigma = 0.0;
    assert_int_equal(lq_maximiser(lq_terminal, &BASE, GAUSS_STANDARD, theta), SC_OK);
    for (int j = 0; j < 2; j++) {
        at.theta[j] = enclosure_mid(theta[j]);
        assert_true(enclosure_halfwidth(theta[j]) < 1e-9);
    }
    assert_near(at.theta[0], known("argmax_terminal"), 1e-11);
    assert_near(at.theta[1], known("argmax1_terminal"), 1e-11);
    assert_int_equal(lq_terminal(&at, GAUSS_STANDARD, J), SC_OK);
    assert_near(enclosure_mid(J[LQ_J]), -0.5001524, 5e-8);

    assert_int_equal(lq_maximiser(lq_running, &BASE, GAUSS_STANDARD, theta), SC_OK);
    for (int j = 0; j < 2; j++) at.theta[j] = enclosure_mid(theta[j]);
    assert_near(at.theta[0], known("argmax_path"), 1e-11);
    assert_near(at.theta[1], known("argmax1_path"), 1e-11);
    assert_int_equal(lq_running(&at, GAUSS_STANDARD, J), SC_OK);
    assert_near(enclosure_mid(J[LQ_J]), -0.5966118, 5e-8);
}

/* J falls by what is asked for, in the direction asked for; no level is 100 below within 3. */
static void levels(void **state)
{
    (void)state;
    enclosure top[LQ_JET], J[LQ_JET];
    lq at = BASE;
    double theta[2] = {7.0, 7.0};
    assert_int_equal(lq_running(&BASE, GAUSS_STANDARD, top), SC_OK);
    assert_int_equal(lq_level(lq_running, &BASE, GAUSS_STANDARD, 100.0, SC_PI, theta),
                     SC_EDOMAIN);
    assert_near(theta[0], 7.0, 0.0);
    assert_int_equal(lq_level(lq_running, &BASE, GAUSS_STANDARD, 0.3, 0.25, theta),
                     SC_OK);
    at.theta[0] = theta[0], at.theta[1] = theta[1];
    assert_int_equal(lq_running(&at, GAUSS_STANDARD, J), SC_OK);
    assert_near(enclosure_mid(J[LQ_J]), enclosure_mid(top[LQ_J]) - 0.3, 1e-12);
    assert_near(atan2(theta[1] + 0.9, theta[0] - 0.3), 0.25, 1e-12);
}

/* dJ/dtheta of both objectives from a start with a variance; lambda of either sign, large and 0. */
static void gradients(void **state)
{
    (void)state;
    static lq_objective *const OBJECTIVES[] = {lq_running, lq_terminal};
    static const double THETA1[] = {-2.5, -0.5 / 1.44, 0.5};
    const gauss from = {0.4, 0.7};
    for (int i = 0; i < 6; i++) {
        lq m = BASE;
        m.theta[1] = THETA1[i / 2];
        enclosure jet[LQ_JET], J[LQ_JET];
        assert_int_equal(OBJECTIVES[i % 2](&m, from, jet), SC_OK);
        for (int j = 0; j < 2; j++) {
            double V[4];
            for (int k = 0; k < 4; k++) {
                lq shifted = m;
                shifted.theta[j] += 1e-3 * SHIFTS[k];
                assert_int_equal(OBJECTIVES[i % 2](&shifted, from, J), SC_OK);
                V[k] = enclosure_mid(J[LQ_J]);
            }
            assert_near(enclosure_mid(jet[LQ_D0 + j]), five_points(V, 1e-3), 1e-9);
        }
    }
}

/* V_y, V_yy and V_t, at lambda < 0 and lambda = 0; V is quadratic in y, its differences are exact. */
static void slopes(void **state)
{
    (void)state;
    static const double THETA1[] = {-0.9, -0.5 / 1.44};
    for (int i = 0; i < LEN(THETA1); i++) {
        lq m = BASE;
        m.theta[1] = THETA1[i];
        double t = 0.3, V[4], above = value(&m, t, 1.0), below = value(&m, t, -1.0);
        lq_slope s = lq_value_slope(&m, t);
        assert_near(s.at0, 0.5 * (above - below), 1e-13);
        assert_near(s.rise, above + below - 2.0 * value(&m, t, 0.0), 1e-13);
        for (int k = 0; k < 4; k++) V[k] = value(&m, t + 1e-3 * SHIFTS[k], Y);
        enclosure mean[LQ_FORMS];
        lq_mean_q(&m, t, Y, mean);
        assert_near(enclosure_mid(lq_value_rate(&m, t, Y)), five_points(V, 1e-3),
                    1e-10);
        double mu = m.theta[0] + m.theta[1] * Y, slope = s.at0 + s.rise * Y;
        double reward = -0.5 * m.beta * 1.44 * (pow(mu + m.c * Y, 2) + 0.16);
        assert_near(enclosure_mid(mean[LQ_PRINTED]),
                    five_points(V, 1e-3) + 1.44 * slope * mu + reward, 1e-10);
        assert_near(enclosure_mid(mean[LQ_CENTRED]), 0.0, 1e-13);
    }
}

/* The differences of V against its derivatives, within their errors, which are small. */
static void differences(void **state)
{
    (void)state;
    enclosure jet[LQ_JET], slope;
    assert_int_equal(lq_running(&BASE, (gauss){Y, 0.0}, jet), SC_OK);
    const double truth[] = {[LQ_BY_THETA0] = enclosure_mid(jet[LQ_D0]),
                            [LQ_BY_THETA1] = enclosure_mid(jet[LQ_D1]),
                            [LQ_BY_T] = enclosure_mid(lq_value_rate(&BASE, 0.0, Y))};
    for (int by = 0; by < LEN(truth); by++) {
        assert_int_equal(lq_value_difference(&BASE, Y, by, &slope), SC_OK);
        assert_near(enclosure_mid(slope), truth[by], enclosure_halfwidth(slope));
        assert_true(enclosure_halfwidth(slope) < 2e-9);
    }
}

/* mean' = lambda mean + g^2 theta_0, var' = 2 lambda var + g^2: two half steps make a whole one; at
   lambda = 0 a Brownian motion with drift. */
static void laws(void **state)
{
    (void)state;
    const gauss from = {0.4, 0.7};
    gauss whole = lq_law(&BASE, from, 1.0);
    gauss halves = lq_law(&BASE, lq_law(&BASE, from, 0.5), 0.5);
    assert_near(halves.mean, whole.mean, 1e-15);
    assert_near(halves.var, whole.var, 1e-15);
    lq still = BASE;
    still.kappa = still.theta[1] = 0.0;
    gauss law = lq_law(&still, from, 0.5);
    assert_near(law.mean, 0.4 + 0.5 * 1.44 * 0.3, 1e-15);
    assert_near(law.var, 0.7 + 0.5 * 1.44, 1e-15);
}

/* Far from 0 the means cancel; so does lambda = kappa + g^2 theta_1. Forty digits. */
static void cancellation(void **state)
{
    (void)state;
    const lq far = {.kappa = -0x1p-6,
                    .g = 0x1p-6,
                    .c = -0x1p-6,
                    .beta = 1.0,
                    .T = 0.5,
                    .theta = {-671.0, 0x1p-18}};
    const gauss from = {-1912.5, 0x1p-13};
    enclosure kl = lq_end_kl(&far, from);
    const double known = 12.597504932597477374;
    assert_true(kl.lo <= known && known <= kl.hi);
    assert_true(enclosure_halfwidth(kl) < 1e-8 * known);
    const lq still = {.kappa = -0.45,
                      .g = 1.625,
                      .beta = 0.0,
                      .eta = 10.0,
                      .goal = -53.5,
                      .T = 0.125,
                      .theta = {0.0, 0.45 / (1.625 * 1.625)}};
    enclosure rate = lq_value_rate(&still, 0.0, 181.0);
    const double exact = 13.203124999993925521;
    assert_true(rate.lo <= exact && exact <= rate.hi);
    assert_true(enclosure_halfwidth(rate) < 1e-9 * exact);
}

/* Both forms against quadrature, within their intervals; the centred one varies less. */
static void sampled(void **state)
{
    (void)state;
    enclosure mean[LQ_SAMPLED], var[LQ_SAMPLED], gradient[2];
    assert_int_equal(lq_policy_gradient(&BASE, (lq_q){1.44, 1.0}, 0.0, Y, gradient),
                     SC_OK);
    assert_int_equal(
        lq_sampled_gradient(&BASE, Y, rng_key_of(1, "lq"), 100000, 1e-6, mean, var),
        SC_OK);
    static const double SD[] = {2.48, 3.71, 1.61, 2.15};
    for (int i = 0; i < LQ_SAMPLED; i++) {
        double truth = enclosure_mid(gradient[i % 2]);
        assert_true(mean[i].lo <= truth && truth <= mean[i].hi);
        assert_near(sqrt(enclosure_mid(var[i])), SD[i], 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references),   cmocka_unit_test(maximisers),
        cmocka_unit_test(gradients),    cmocka_unit_test(slopes),
        cmocka_unit_test(differences),  cmocka_unit_test(levels),
        cmocka_unit_test(laws),         cmocka_unit_test(sampled),
        cmocka_unit_test(cancellation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
