/* Classes of fields: jets against the fields, the references of excess_risk_split, fits of samples. */
#include "catalogue.h"
#include "match.h"

#include "check.h"
#include "reference.h"

#include <stdlib.h>

static const match_class *const CLASSES[] = {
    &CATALOGUE_CLASS_TANH, &CATALOGUE_CLASS_LINEAR, &CATALOGUE_CLASS_SHIFT};

/* theta_* over the law of X_t. */
static double best(const noised *x, const match_class *c)
{
    enclosure theta = {NAN, NAN, 0.0};
    assert_int_equal(match_class_minimiser(x, c, &theta), SC_OK);
    assert_true(enclosure_halfwidth(theta) < 1e-12);
    return enclosure_mid(theta);
}

static double risk(const noised *x, const match_class *c, double theta)
{
    enclosure J = {NAN, NAN, 0.0};
    field s = c->at(&theta);
    assert_int_equal(match_esm(x, &s, &J), SC_OK);
    return enclosure_mid(J);
}

/* The loss is s^2 + 2 s' of the field; its derivatives are central differences. */
static void jets(void **state)
{
    (void)state;
    static const double X[] = {-2.0, -0.3, 0.8};
    const double theta = 0.7, h = 1e-5;
    for (int i = 0; i < LEN(CLASSES) * LEN(X); i++) {
        const match_class *c = CLASSES[i / LEN(X)];
        double x = X[i % LEN(X)], value, slope;
        field s = c->at(&theta);
        assert_string_equal(s.name, c->name);
        s.eval(s.ctx, 1, 1, &x, 1, &value, 1);
        s.jacobian(s.ctx, 1, &x, &slope, 1);
        match_jet at = c->jet(theta, x);
        match_jet up = c->jet(theta + h, x), down = c->jet(theta - h, x);
        assert_near(at.loss, value * value + 2.0 * slope, 1e-14);
        assert_near(at.slope, (up.loss - down.loss) / (2.0 * h), 1e-9);
        assert_near(at.curvature, (up.slope - down.slope) / (2.0 * h), 1e-8);
    }
}

/* The numbers of the entry: theta_*, J(theta_*), H and Var g of the class tanh. */
static void minimisers(void **state)
{
    (void)state;
    target *g = catalogue_target(&CATALOGUE_G), *normal = target_gauss(0.0, 1.0);
    noised x = noised_at(g, &SDE_OU, 0.5), n = noised_at(normal, &SDE_OU, 0.5);
    double linear = best(&x, &CATALOGUE_CLASS_LINEAR);
    double tanh = best(&x, &CATALOGUE_CLASS_TANH);
    assert_near(linear, 1.0 / (x.m * x.m * target_second_moment(g) + x.s2), 1e-14);
    assert_near(linear, 0.660373108970687, 1e-14);
    assert_near(tanh, 0.350842307502723, 1e-14);
    assert_near(risk(&x, &CATALOGUE_CLASS_LINEAR, linear), 0.128857398244553, 1e-14);
    assert_near(risk(&x, &CATALOGUE_CLASS_TANH, tanh), 0.157677944799, 1e-12);

    enclosure mean[MATCH_RISKS];
    field s = CATALOGUE_CLASS_TANH.at(&tanh);
    enclosure ism;
    assert_int_equal(match_class_risk(&x, &CATALOGUE_CLASS_TANH, tanh, mean), SC_OK);
    assert_int_equal(match_ism(&x, &s, &ism), SC_OK);
    assert_near(enclosure_mid(mean[MATCH_RISK]), enclosure_mid(ism), 1e-13);
    assert_near(enclosure_mid(mean[MATCH_SLOPE]), 0.0, 1e-13);
    assert_near(enclosure_mid(mean[MATCH_CURVATURE]), 6.69469, 5e-6);
    assert_near(enclosure_mid(mean[MATCH_SLOPE_SQUARE]), 13.07084, 5e-6);

    match_limits limits;
    assert_int_equal(match_class_limits(&x, &CATALOGUE_CLASS_TANH, &limits), SC_OK);
    assert_near(limits.sample_error, 0.198968, 5e-7);
    assert_near(limits.empirical, 0.157677944799, 1e-12);
    assert_near(limits.excess, 0.976209, 5e-7);

    match_class interval = CATALOGUE_CLASS_INTERVAL;
    assert_near(best(&x, &interval), 0.5, 0.0);
    interval.lo = 0.8, interval.hi = 0.9;
    assert_near(best(&x, &interval), 0.8, 0.0);
    assert_near(best(&n, &CATALOGUE_CLASS_SHIFT), 1.0, 0.0);
    target_free(normal);
    target_free(g);
}

static match_split split(const noised *x, const match_class *c, double hat, double star)
{
    match_split of;
    field s = c->at(&hat), s_star = c->at(&star);
    assert_int_equal(match_split_at(x, &s, &s_star, &of), SC_OK);
    return of;
}

static void splits(void **state)
{
    (void)state;
    /* a wide Gaussian has its score in the class: nothing is left to approximate but rounding */
    target *wide = target_gauss(0.0, 1e6);
    noised far = noised_at(wide, &SDE_OU, 0.5);
    double least = best(&far, &CATALOGUE_CLASS_LINEAR);
    match_split none = split(&far, &CATALOGUE_CLASS_LINEAR, least + 0.3, least);
    assert_near(enclosure_mid(none.approximation), 0.0, 1e-26);
    target_free(wide);
    target *g = catalogue_target(&CATALOGUE_G), *normal = target_gauss(0.0, 1.0);
    noised x = noised_at(g, &SDE_OU, 0.5), n = noised_at(normal, &SDE_OU, 0.5);
    double star = best(&x, &CATALOGUE_CLASS_LINEAR);
    match_split of = split(&x, &CATALOGUE_CLASS_LINEAR, star + 0.3, star);
    double known = reference_value("matching", "thm72_linear_lhs");
    assert_near(enclosure_mid(of.risk), known, 1e-14);
    assert_near(enclosure_mid(of.estimation) + enclosure_mid(of.approximation), known,
                1e-14);

    static const struct {
        double shift;
        const char *id;
    } TANH[] = {{0.3, "thm72_tanh_d0.3"},
                {-0.3, "thm72_tanh_d-0.3"},
                {-0.6, "thm72_tanh_d-0.6"}};
    star = best(&x, &CATALOGUE_CLASS_TANH);
    for (int i = 0; i < LEN(TANH); i++) {
        of = split(&x, &CATALOGUE_CLASS_TANH, star + TANH[i].shift, star);
        enclosure sum = enclosure_add(of.estimation, of.approximation);
        assert_near(enclosure_mid(enclosure_div(of.risk, sum)),
                    reference_value("matching", TANH[i].id), 2e-13);
    }
    of = split(&n, &CATALOGUE_CLASS_SHIFT, 2.0, 1.0);
    assert_near(enclosure_mid(of.risk) /
                    (enclosure_mid(of.estimation) + enclosure_mid(of.approximation)),
                reference_value("matching", "thm72_counter_scalar"), 1e-13);
    of = split(&n, &CATALOGUE_CLASS_SHIFT, 1.1, 1.0);
    assert_near(enclosure_mid(of.risk) - enclosure_mid(of.estimation) -
                    enclosure_mid(of.approximation),
                reference_value("matching", "thm72_counter_eps"), 1e-13);
    target_free(normal);
    target_free(g);
}

/* linear: 1/mean x^2; shift: the mean, if it lies in [1, 2]; tanh: the slope vanishes; from afar too. */
static void fits(void **state)
{
    (void)state;
    static const double X[] = {0.4, -1.3, 2.2, 3.1, -0.2}, FAR[] = {0.1, 0.2};
    double theta = NAN, square = 0.0, sum = 0.0, slope = 0.0;
    for (int i = 0; i < LEN(X); i++) square += X[i] * X[i], sum += X[i];
    assert_int_equal(match_class_fit(&CATALOGUE_CLASS_LINEAR, LEN(X), X, 5.0, &theta),
                     SC_OK);
    assert_near(theta, LEN(X) / square, 1e-14);
    match_class wide = CATALOGUE_CLASS_SHIFT;
    wide.lo = -5.0;
    assert_int_equal(match_class_fit(&wide, LEN(X), X, 2.0, &theta), SC_OK);
    assert_near(theta, sum / LEN(X), 1e-14);
    assert_int_equal(
        match_class_fit(&CATALOGUE_CLASS_SHIFT, LEN(FAR), FAR, 1.5, &theta),
        SC_ECONVERGENCE);
    assert_int_equal(match_class_fit(&CATALOGUE_CLASS_TANH, LEN(X), X, 1.9, &theta),
                     SC_OK);
    for (int i = 0; i < LEN(X); i++)
        slope += CATALOGUE_CLASS_TANH.jet(theta, X[i]).slope;
    assert_near(slope, 0.0, 1e-11);
}

/* Replicate r has its own draws, those from r n on, whatever else is drawn; its J is that of its fit. */
static void replicates(void **state)
{
    (void)state;
    enum { N = 50, MANY = 40 };
    target *g = catalogue_target(&CATALOGUE_G);
    noised x = noised_at(g, &SDE_OU, 0.5);
    rng_key key = rng_key_of(1, "replicates");
    match_fit fit[MANY], few[3];
    double star = best(&x, &CATALOGUE_CLASS_LINEAR), mean = 0.0, empirical = 0.0;
    assert_int_equal(
        match_class_replicates(&x, &CATALOGUE_CLASS_LINEAR, star, key, N, MANY, fit),
        SC_OK);
    assert_int_equal(
        match_class_replicates(&x, &CATALOGUE_CLASS_LINEAR, star, key, N, 3, few),
        SC_OK);
    for (int r = 0; r < 3; r++) {
        assert_near(few[r].theta, fit[r].theta, 0.0);
        assert_near(few[r].empirical, fit[r].empirical, 0.0);
    }
    assert_true(fit[0].theta != fit[1].theta);
    for (int r = 0; r < MANY; r++) {
        assert_near(fit[r].risk, risk(&x, &CATALOGUE_CLASS_LINEAR, fit[r].theta),
                    1e-12);
        mean += fit[r].theta / MANY;
        empirical += fit[r].empirical / MANY;
    }
    /* standard errors .15/sqrt(2000) and .22/sqrt(2000), roughly */
    assert_near(mean, star, 0.1);
    assert_near(empirical, 0.128857398244553, 0.03);
    target_free(g);
}

/* N(0, 0.3) at any time: the linear class contains the score, whose risk is 0; the excess is
   E(theta - theta_*)^2 v_t. */
static void a_class_with_the_score(void **state)
{
    (void)state;
    target *normal = target_gauss(0.0, 0.3);
    noised x = noised_at(normal, &SDE_OU, 0.5);
    match_fit fit[8];
    double star = best(&x, &CATALOGUE_CLASS_LINEAR), v = x.m * x.m * 0.3 + x.s2;
    assert_int_equal(match_class_replicates(&x, &CATALOGUE_CLASS_LINEAR, star,
                                            rng_key_of(1, "normal"), 4000, 8, fit),
                     SC_OK);
    for (int r = 0; r < 8; r++)
        assert_near(fit[r].risk, pow(fit[r].theta - star, 2) * v, fit[r].error + 1e-14);
    target_free(normal);
}

/* The means of a study are those of its replicates. */
static void studies(void **state)
{
    (void)state;
    enum { N = 60, MANY = 30 };
    target *g = catalogue_target(&CATALOGUE_G);
    noised x = noised_at(g, &SDE_OU, 0.5);
    const match_class *c = &CATALOGUE_CLASS_LINEAR;
    rng_key key = rng_key_of(1, "study");
    double star = best(&x, c), error = 0.0, excess = 0.0, gap = INFINITY;
    match_fit fit[MANY];
    match_study study;
    assert_int_equal(match_class_replicates(&x, c, star, key, N, MANY, fit), SC_OK);
    assert_int_equal(match_class_study(&x, c, key, N, MANY, 1e-3, &study), SC_OK);
    for (int r = 0; r < MANY; r++) {
        error += fabs(fit[r].risk - fit[r].empirical) / MANY;
        excess += (fit[r].risk - risk(&x, c, star)) / MANY;
        gap = fmin(gap, fit[r].empirical - fit[r].risk);
    }
    assert_near(enclosure_mid(study.sample_error), error, 1e-14);
    assert_near(enclosure_mid(study.excess), excess, 1e-12);
    assert_near(enclosure_mid(study.least_gap), gap, 1e-15);
    assert_true(study.least_gap.hi < 0.0 && study.least_split.lo < 0.0);
    assert_true(enclosure_halfwidth(study.least_split) < 1e-12);
    target_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jets),
        cmocka_unit_test(minimisers),
        cmocka_unit_test(splits),
        cmocka_unit_test(fits),
        cmocka_unit_test(replicates),
        cmocka_unit_test(studies),
        cmocka_unit_test(a_class_with_the_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
