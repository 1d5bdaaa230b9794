/* Pairs and losses of consistency models against each other: factors, quadrature, differences. */
#include "consistency.h"

#include "check.h"
#include "reference.h"

#include "catalogue.h"
#include "quad.h"

static bool holds(enclosure e, double value, double slack)
{
    return e.lo - slack <= value && value <= e.hi + slack;
}

/* (5.17): W2^2 = 2 {t^2 + u^2 - sqrt(t^4 + u^4)} for an atom and independent noise, u = t - delta. */
static void an_atom_and_independent_noise(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        double t, delta;
    } CASES[] = {{"cdct.t=1.0.d=0.1", 1.0, 0.1},
                 {"cdct.t=0.5.d=0.01", 0.5, 0.01},
                 {"cdct.t=2.0.d=0.5", 2.0, 0.5}};
    for (int i = 0; i < LEN(CASES); i++) {
        enclosure w2 =
            consistency_w2(CONSISTENCY_INDEPENDENT, 0.0, CASES[i].t, CASES[i].delta);
        double value = reference_value("sampling", CASES[i].id);
        assert_true(holds(enclosure_mul(w2, w2), value, 1e-15 * value));
        assert_near(enclosure_halfwidth(w2), 0.0, 1e-14 * CASES[i].t);
    }
    /* delta = 0: proportional to t, hence E W2 = W2(1)/2 for t ~ U(0, 1) */
    enclosure w2 = consistency_w2(CONSISTENCY_INDEPENDENT, 0.0, 1.0, 0.0);
    assert_true(holds(enclosure_scale(w2, 0.5),
                      reference_value("sampling", "cdct.expected"), 0.0));
}

/* W2^2/delta^2 at v = t = 1, as the entry has it. */
static void shared_noise(void **state)
{
    (void)state;
    static const double DELTA[] = {0.1, 0.01, 0.001},
                        VALUE[] = {0.262849, 0.251254, 0.250125};
    for (int i = 0; i < LEN(DELTA); i++) {
        enclosure w2 = consistency_w2(CONSISTENCY_CT, 1.0, 1.0, DELTA[i]);
        double mid = enclosure_mid(w2) / DELTA[i];
        assert_near(mid * mid, VALUE[i], 5e-7);
    }
    assert_near(consistency_w2(CONSISTENCY_CT, 0.0, 1.0, 0.1).hi, 0.0, 1e-14);
}

/* Var Y+ = v + t^2 in all pairs; Cov(Y+, Y-) = v + t u in CD and CT, v in the third. */
static void covariances(void **state)
{
    (void)state;
    const double v = 0.7, t = 1.3, delta = 0.4, u = t - delta;
    for (int pair = 0; pair <= CONSISTENCY_INDEPENDENT; pair++) {
        double L[CONSISTENCY_FACTOR], var = 0.0, cov = 0.0, minus = 0.0;
        consistency_factor((consistency_pair)pair, v, t, delta, L);
        for (int k = 0; k < 3; k++) {
            var += L[k] * L[k];
            cov += L[k] * L[3 + k];
            minus += L[3 + k] * L[3 + k];
        }
        assert_close(var, v + t * t, 1e-15);
        assert_close(cov, pair == CONSISTENCY_INDEPENDENT ? v : v + t * u, 1e-15);
        double excess = delta * delta * v / (v + t * t); /* of CT over CD */
        double expected = v + u * u - (pair == CONSISTENCY_CD ? excess : 0.0);
        assert_close(minus, expected, 1e-15);
    }
}

/* CD is the sampler's Euler step with the score of N(0, v + t^2). */
static void the_step_of_cd(void **state)
{
    (void)state;
    const double v = 0.7, t = 1.3, delta = 0.4;
    double L[CONSISTENCY_FACTOR];
    consistency_factor(CONSISTENCY_CD, v, t, delta, L);
    step c = SAMPLER_EULER.coefficients(&SDE_VE_PRIME, t, t - delta);
    assert_close(L[3], L[0] * (c.a - c.b / (v + t * t)), 1e-15);
}

/* The derivatives of the model against central differences. */
static void derivatives(void **state)
{
    (void)state;
    const consistency_model m = {1.7, 0.2, 0.8};
    const double theta = 0.4, t = 0.9, x = -1.1, h = 1e-6;
    consistency_jet F = consistency_at(&m, theta, t, x);
    assert_close(F.F, x * pow(1.0 + t * t / 1.7, -theta) + 0.2 * t * sin(2.5 * x),
                 1e-15);
#define BY(what, a, b, c)                                                              \
    ((consistency_at(&m, theta + (a)*h, t + (b)*h, x + (c)*h).what -                   \
      consistency_at(&m, theta - (a)*h, t - (b)*h, x - (c)*h).what) /                  \
     (2.0 * h))
    assert_near(F.theta, BY(F, 1, 0, 0), 1e-9);
    assert_near(F.t, BY(F, 0, 1, 0), 1e-9);
    assert_near(F.x, BY(F, 0, 0, 1), 1e-9);
    assert_near(F.theta_t, BY(t, 1, 0, 0), 1e-9);
    assert_near(F.theta_x, BY(x, 1, 0, 0), 1e-9);
#undef BY
}

static consistency_setting gaussian(const target *data, double wave, double minus)
{
    return (consistency_setting){data, {1.7, wave, 1.0}, 0.3, minus, 0.9};
}

/* Linear F and N(0, v): quadrature gives the closed form; the slope is that of the loss. */
static void losses(void **state)
{
    (void)state;
    const double delta = 0.2, u = 0.7, h = 1e-5;
    target *data = target_gauss(0.0, 1.7);
    for (int pair = CONSISTENCY_CD; pair <= CONSISTENCY_CT; pair++) {
        consistency_setting c = gaussian(data, 0.0, 0.6);
        enclosure loss, slope, above, below, unused;
        assert_int_equal(
            consistency_loss(&c, (consistency_pair)pair, delta, &loss, &slope), SC_OK);
        double plus = consistency_at(&c.model, 0.3, 0.9, 1.0).F;
        double minus = consistency_at(&c.model, 0.6, u, 1.0).F;
        double expected = consistency_linear_loss((consistency_pair)pair, 1.7, 0.9,
                                                  delta, plus, minus);
        assert_true(holds(loss, expected, 1e-15));
        c.theta = 0.3 + h;
        assert_int_equal(
            consistency_loss(&c, (consistency_pair)pair, delta, &above, &unused),
            SC_OK);
        c.theta = 0.3 - h;
        assert_int_equal(
            consistency_loss(&c, (consistency_pair)pair, delta, &below, &unused),
            SC_OK);
        assert_near(enclosure_mid(slope),
                    (enclosure_mid(above) - enclosure_mid(below)) / (2.0 * h), 1e-8);
    }
    target_free(data);
}

/* Over t, the limits by quadrature in (x, z) are the closed forms of linear.c; and the plain slope is
   the derivative of the product. */
static double over_time(consistency_limit which, const target *data, double T)
{
    enum { NODES = 12 };
    double t[NODES], w[NODES], sum = 0.0;
    quad_legendre(NODES, 0.0, T, t, w);
    for (int i = 0; i < NODES; i++) {
        consistency_setting c = gaussian(data, 0.0, 0.3);
        enclosure value;
        c.t = t[i];
        assert_int_equal(consistency_limit_of(&c, which, &value), SC_OK);
        sum += w[i] * enclosure_mid(value) / T;
    }
    return sum;
}

static void limits(void **state)
{
    (void)state;
    const double h = 1e-5;
    target *data = target_gauss(0.0, 1.7);
    enclosure mean, above, below;
    for (int which = 0; which < CONSISTENCY_LIMITS; which++) {
        assert_int_equal(
            consistency_objective((consistency_limit)which, 1.7, 1.5, 0.3, &mean),
            SC_OK);
        assert_near(enclosure_mid(mean), over_time((consistency_limit)which, data, 1.5),
                    1e-9);
    }
    assert_int_equal(
        consistency_objective(CONSISTENCY_PLAIN_SLOPE, 1.7, 1.5, 0.3, &mean), SC_OK);
    assert_int_equal(
        consistency_objective(CONSISTENCY_PRODUCT, 1.7, 1.5, 0.3 + h, &above), SC_OK);
    assert_int_equal(
        consistency_objective(CONSISTENCY_PRODUCT, 1.7, 1.5, 0.3 - h, &below), SC_OK);
    assert_near(enclosure_mid(mean),
                (enclosure_mid(above) - enclosure_mid(below)) / (2.0 * h), 1e-9);
    target_free(data);
}

/* Entry consistency_distillation (B): M, t = 1, theta = 0.4. */
static void losses_of_the_mixture(void **state)
{
    (void)state;
    static const double MINUS[] = {0.4, 0.7}, CD[] = {0.0014030236, 0.039990162},
                        CT[] = {0.0053132247, 0.043017142};
    target *M = catalogue_target(&CATALOGUE_M);
    enclosure value;
    consistency_losses l;
    for (int i = 0; i < LEN(MINUS); i++) {
        consistency_setting c = {M, {1.0, 0.2, 1.0}, 0.4, MINUS[i], 1.0};
        assert_int_equal(consistency_halve(&c, 0.1, &l), SC_OK);
        assert_near(enclosure_mid(l.loss[CONSISTENCY_CD][0]), CD[i], i ? 5e-10 : 5e-11);
        assert_near(enclosure_mid(l.loss[CONSISTENCY_CT][0]), CT[i], i ? 5e-10 : 5e-11);
        assert_near(enclosure_mid(l.slope[CONSISTENCY_GAP][0]) / 0.01, -0.05097, 5e-6);
        assert_near(l.delta[3], 0.0125, 1e-17);
    }
    static const double LIMIT[] = {0.143308, 0.5110, 0.0151, -1.4277, -0.00672415},
                        DIGITS[] = {5e-7, 5e-5, 5e-5, 5e-5, 5e-8};
    for (int which = 0; which < CONSISTENCY_LIMITS; which++) {
        consistency_setting c = {M, {1.0, 0.2, 1.0}, 0.4, 0.4, 1.0};
        assert_int_equal(consistency_limit_of(&c, (consistency_limit)which, &value),
                         SC_OK);
        assert_near(enclosure_mid(value), LIMIT[which], DIGITS[which]);
    }
    target_free(M);
}

/* Entry consistency_distillation (C): minimisers of the limits for (v, T). */
static void minimisers(void **state)
{
    (void)state;
    static const double V[] = {1.0, 1.0, 4.0}, T[] = {1.0, 2.0, 2.0},
                        CT[] = {0.72584, 0.70140, 0.72584};
    for (int i = 0; i < LEN(V); i++) {
        enclosure theta;
        assert_int_equal(
            consistency_minimiser(CONSISTENCY_CD_LIMIT, V[i], T[i], &theta), SC_OK);
        assert_true(holds(theta, 0.5, 0.0));
        assert_int_equal(
            consistency_minimiser(CONSISTENCY_CT_LIMIT, V[i], T[i], &theta), SC_OK);
        assert_near(enclosure_mid(theta), CT[i], 5e-6);
        assert_int_equal(consistency_minimiser(CONSISTENCY_PRODUCT, V[i], T[i], &theta),
                         SC_EDOMAIN); /* decreasing */
    }
}

/* Entry consistency_distillation (A): M on uniform grids of 32 and 512 steps; N(0, 1), error over step and
   step^2; and on the grid of Karras both solvers keep their order. */
static void solvers(void **state)
{
    (void)state;
    enum { LEVELS = 5 };
    static const struct {
        const sampler *scheme;
        int order;
        double first, last, constant;
    } CASES[] = {{&SAMPLER_EULER, 1, 0.0717698, 0.00456274, 0.2211},
                 {&SAMPLER_HEUN, 2, 0.00979127, 4.54582e-5, 0.0667}};
    double h[LEVELS];
    enclosure e[LEVELS];
    gmm *M = catalogue_gmm(&CATALOGUE_M);
    const consistency_domain mixture = {M, 0.0, 1.0}, gauss = {.data = NULL};
    for (int i = 0; i < LEN(CASES); i++) {
        const sampler *scheme = CASES[i].scheme;
        assert_int_equal(consistency_solver_ladder(&mixture, scheme, 1.0, LEVELS, h, e),
                         SC_OK);
        assert_near(h[0], 1.98 / 32.0, 1e-15);
        assert_close(enclosure_mid(e[0]), CASES[i].first, 5e-6);
        assert_close(enclosure_mid(e[4]), CASES[i].last, 5e-6);
        assert_int_equal(consistency_solver_ladder(&gauss, scheme, 1.0, LEVELS, h, e),
                         SC_OK);
        assert_close(enclosure_mid(e[4]) / pow(h[4], CASES[i].order), CASES[i].constant,
                     5e-3);
        assert_int_equal(consistency_solver_ladder(&gauss, scheme, 7.0, LEVELS, h, e),
                         SC_OK);
        assert_near(log(enclosure_mid(e[3]) / enclosure_mid(e[4])) / log(h[3] / h[4]),
                    CASES[i].order, 0.02);
    }
    gmm_free(M);
}

/* At the truth, F = x/sqrt(1 + t^2) for N(0, 1), CD's loss is (c - c- k)^2 2, k = 1 - delta/2: held
   down to 6e-11, refused where the rounding of F drowns it. */
static void losses_near_rounding(void **state)
{
    (void)state;
    target *data = target_gauss(0.0, 1.0);
    for (int i = 3; i < 8; i++) {
        const double delta = ldexp(1.0, -i);
        const consistency_setting c = {data, {1.0, 0.0, 1.0}, 0.5, 0.5, 1.0};
        enclosure loss, slope;
        assert_int_equal(consistency_loss(&c, CONSISTENCY_CD, delta, &loss, &slope),
                         SC_OK);
        long double u = 1.0L - delta, plus = 1.0L / sqrtl(2.0L);
        long double gap = plus - (1.0L - 0.5L * delta) / sqrtl(1.0L + u * u);
        long double exact = -4.0L * gap * plus * logl(2.0L);
        assert_true(loss.lo <= 2.0L * gap * gap && 2.0L * gap * gap <= loss.hi);
        assert_true(slope.lo <= exact && exact <= slope.hi);
    }
    const consistency_setting c = {data, {1.0, 0.0, 1.0}, 0.5, 0.5, 1.0};
    enclosure loss, slope;
    assert_int_equal(consistency_loss(&c, CONSISTENCY_CD, 0x1p-20, &loss, &slope),
                     SC_EDOMAIN);
    target_free(data);
}

/* One Euler step from 2 to eps multiplies x - mu by 1 - (2 - eps) 2/(v + 4). */
static void one_step(void **state)
{
    (void)state;
    const double t[] = {2.0, 0.02}, mu = 5.0, v = 3.0, one = 1.0;
    gmm *p = gmm_new(1, 1, &one, &mu, 1, &v);
    const consistency_domain everywhere = {.data = NULL}, own = {p, mu, sqrt(v)};
    enclosure error;
    assert_int_equal(
        consistency_solver_error(&everywhere, &SAMPLER_EULER, 1, t, &error), SC_OK);
    assert_true(holds(error, sqrt(1.0004 / 5.0) - (1.0 - 1.98 * 0.4), 1e-15));
    assert_int_equal(consistency_solver_error(&own, &SAMPLER_EULER, 1, t, &error),
                     SC_OK);
    double gap = sqrt((v + 0.0004) / (v + 4.0)) - (1.0 - 3.96 / (v + 4.0));
    assert_true(holds(error, 3.0 * sqrt(v + 4.0) * gap, 1e-14));
    gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_atom_and_independent_noise),
        cmocka_unit_test(shared_noise),
        cmocka_unit_test(covariances),
        cmocka_unit_test(the_step_of_cd),
        cmocka_unit_test(derivatives),
        cmocka_unit_test(losses),
        cmocka_unit_test(limits),
        cmocka_unit_test(losses_of_the_mixture),
        cmocka_unit_test(minimisers),
        cmocka_unit_test(solvers),
        cmocka_unit_test(losses_near_rounding),
        cmocka_unit_test(one_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
