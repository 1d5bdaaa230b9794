/* The worked diffusions: their coefficients against differences of the marginals written out here. */
#include "diffusion.h"
#include "catalogue.h"
#include "check.h"
#include "divergence.h"
#include "reference.h"

/* log p_t(x), up to a constant that depends on nothing. */
typedef double log_density(const diffusion *c, double t, double x);

static double log_normal(double x, double mean, double var)
{
    return -0.5 * ((x - mean) * (x - mean) / var + log(var));
}

static double gbm(const diffusion *c, double t, double x)
{
    double drift = c->mu - 0.5 * c->sigma * c->sigma;
    double var = c->s0 * c->s0 + c->sigma * c->sigma * t;
    return log_normal(log(x), c->m0 + drift * t, var) - log(x);
}

static double two_waves(const diffusion *c, double t, double x)
{
    double mean = sqrt(2.0) * c->c * t;
    return log(exp(log_normal(x, mean, 2.0 * t)) + exp(log_normal(x, -mean, 2.0 * t)));
}

static double normal(const diffusion *c, double t, double x)
{
    (void)c, (void)t;
    return log_normal(x, 0.0, 1.0);
}

static double ornstein_uhlenbeck(const diffusion *c, double t, double x)
{
    double logp;
    target_score(c->data, exp(-t), -expm1(-2.0 * t), 1, &x, &logp, NULL, NULL);
    return logp;
}

static diffusion_point at(const diffusion *c, double t, double x)
{
    diffusion_point p;
    diffusion_at(c, t, 1, &x, &p);
    return p;
}

/* The score, da, and the continuity equation d log p/dt + v' + v s = 0 of the flow v, by differences. */
static void agrees_with_marginals(const diffusion *c, log_density *logp)
{
    const double h = 1e-4, tolerance = 2e-6, times[] = {0.3, 1.2};
    for (int i = 0; i < LEN(times); i++)
        for (int j = 0; j < 5; j++) {
            double t = times[i], x = 0.2 + 0.37 * j;
            diffusion_point p = at(c, t, x), l = at(c, t, x - h), r = at(c, t, x + h);
            double derivative = (logp(c, t, x + h) - logp(c, t, x - h)) / (2.0 * h);
            double change = (logp(c, t + h, x) - logp(c, t - h, x)) / (2.0 * h);
            double slope = (diffusion_flow(r) - diffusion_flow(l)) / (2.0 * h);
            assert_near(p.score, derivative, tolerance);
            assert_near(p.da, (r.a - l.a) / (2.0 * h), tolerance);
            assert_near(change + slope + diffusion_flow(p) * p.score, 0.0, tolerance);
        }
}

static void known_marginals(void **state)
{
    (void)state;
    gmm *g = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    target *data = target_mixture(g);
    diffusion c[] = {diffusion_gbm(0.3, 1.1, -0.2, 0.8), diffusion_tanh(1.2),
                     diffusion_reversible(), diffusion_manufactured(data)};
    log_density *logp[] = {gbm, two_waves, normal, ornstein_uhlenbeck};
    for (int i = 0; i < LEN(c); i++) agrees_with_marginals(&c[i], logp[i]);
    target_free(data);
    gmm_free(g);
}

/* Reversing, f + fbar = a s + da; the flow is halfway between the two: 2 v = f - fbar. */
static void drifts(void **state)
{
    (void)state;
    diffusion c = diffusion_gbm(0.3, 1.1, -0.2, 0.8);
    diffusion_point p = at(&c, 0.7, 1.3);
    assert_close(p.f + diffusion_reverse(p), p.a * p.score + p.da, 1e-14);
    assert_close(2.0 * diffusion_flow(p), p.f - diffusion_reverse(p), 1e-14);
    assert_close(p.a, 1.1 * 1.1 * 1.3 * 1.3, 1e-14);
}

static void known_values(void **state)
{
    (void)state;
    diffusion c = diffusion_reversible();
    diffusion_point p = at(&c, 0.0, 0.7);
    assert_close(diffusion_reverse(p), reference_value("sampling", "rev.diva"), 1e-14);
    p.da = 0.0;
    assert_close(diffusion_reverse(p), reference_value("sampling", "rev.diva.control"),
                 1e-14);
}

/* In log x the drift is -nu - sigma^2 (l - m)/s^2; without div a it loses 2 sigma^2. */
static void reversed_geometric_brownian_motion(void **state)
{
    (void)state;
    reversal r = {diffusion_gbm(0.3, 1.1, -0.2, 0.8), 0.9, false};
    double nu = 0.3 - 0.5 * 1.21, tau = 0.9 - 0.4, var = 0.64 + 1.21 * tau;
    affine_rates a = reversal_log_affine(&r, 0.4);
    assert_close(a.A, -1.21 / var, 1e-13);
    assert_close(a.b, -nu + 1.21 * (-0.2 + nu * tau) / var, 1e-13);
    assert_close(a.q, 1.21, 1e-14);
    r.without_div = true;
    assert_close(reversal_log_affine(&r, 0.4).b, a.b - 2.0 * 1.21, 1e-13);
}

/* Euler's law of the manufactured diffusion is near M, and the residual of the weak form 0. */
static void reversed_manufactured(void **state)
{
    (void)state;
    target *data = target_gauss(0.7, 0.49);
    reversal r = {diffusion_manufactured(data), 0.5, false};
    euler_scheme c = reversal_euler(&r, 64);
    line *law = NULL;
    assert_int_equal(law_euler(&c, 1.0, &law), SC_OK);
    assert_near(line_density(law, 0.7), 1.0 / sqrt(2.0 * SC_PI * 0.49), 0.02);
    line_free(law);
    enclosure residual;
    assert_int_equal(reversal_weak(&r, 2.0, &residual), SC_OK);
    assert_near(enclosure_mid(residual), 0.0, 1e-11);
    assert_true(enclosure_halfwidth(residual) < 1e-10);
    r.without_div = true;
    assert_int_equal(reversal_weak(&r, 2.0, &residual), SC_OK);
    assert_true(fabs(enclosure_mid(residual)) > 0.1);
    target_free(data);
}

/* M, T = 1: TV and KL of M to Euler's law, to one unit of the last digit known. */
static void known_distances(void **state)
{
    (void)state;
    static const double TV[] = {0.0778447, 0.0391217, 0.0194864, 0.0097097};
    target *data = catalogue_target(&CATALOGUE_M);
    reversal r = {diffusion_manufactured(data), 1.0, false};
    const euler_scheme c = reversal_euler(&r, 1);
    const reference to = {data, 1.0, 0.0};
    ladder l;
    assert_int_equal(divergence_euler_ladder(&c, &to, 32, 2, LEN(TV), &l), SC_OK);
    for (int k = 0; k < LEN(TV); k++) assert_near(enclosure_mid(l.tv[k]), TV[k], 1e-7);
    assert_near(enclosure_mid(l.kl[0]), 0.0243826, 1e-7);
    assert_near(enclosure_mid(l.kl[3]), 4.456519e-4, 1e-10);
    target_free(data);
}

/* The flow of GBM keeps (l - m_t)/s_t; without div a the mean of l gains 2 s_t (s_t - s_0). */
static void flow_of_geometric_brownian_motion(void **state)
{
    (void)state;
    const double sigma = 1.1, s0 = 0.8, t = 0.9, nu = 0.3 - 0.5 * sigma * sigma;
    diffusion c = diffusion_gbm(0.3, sigma, -0.2, s0);
    double st = sqrt(s0 * s0 + sigma * sigma * t);
    for (int without = 0; without <= 1; without++) {
        double x[] = {exp(-0.2), exp(-0.2 + 1.5 * s0)}, error[2];
        assert_int_equal(diffusion_carry(&c, without, 0.0, t, 2, x, error), SC_OK);
        double gain = without ? 2.0 * st * (st - s0) : 0.0;
        for (int i = 0; i < 2; i++)
            assert_near(log(x[i]), -0.2 + nu * t + 1.5 * i * st + gain,
                        1e-14 + 2.0 * error[i] / x[i]);
        assert_true(error[0] < 1e-10);
    }
}

/* (3.4): -y/(T - t). */
static void reversed_tanh(void **state)
{
    (void)state;
    reversal r = {diffusion_tanh(1.2), 0.9, false};
    affine_rates a = reversal_affine(&r, 0.4);
    assert_close(a.A, -2.0, 1e-13);
    assert_near(a.b, 0.0, 1e-15);
    assert_close(a.q, 2.0, 1e-15);
    assert_close(reversal_drift(&r, 0.4, -1.7), 3.4, 1e-14);
    assert_near(reversal_drift_error(&r, 0.4, -2.0, 0.0), 0.0, 1e-13);
    assert_near(reversal_drift_error(&r, 0.4, -2.0, 0.5), 32.0, 1e-12);
}

/* Whatever the step: forwards the drift, backwards -x/t, as for the Brownian bridges from 0. */
static void tanh_quotients(void **state)
{
    (void)state;
    const double c = 1.2, t = 0.7, x = -1.3;
    const diffusion tanh_drift = diffusion_tanh(c);
    static const double H[] = {0.3, 0.03, 0.003};
    for (int i = 0; i < LEN(H); i++) {
        const double h = H[i];
        enclosure ahead, behind;
        assert_int_equal(diffusion_tanh_forward(c, h, x, &ahead), SC_OK);
        assert_int_equal(diffusion_tanh_backward(c, t, h, x, &behind), SC_OK);
        assert_near(enclosure_mid(ahead), at(&tanh_drift, t, x).f, 1e-11);
        assert_near(enclosure_mid(behind), -x / t, 1e-11);
    }
}

/* Logarithms up to c^2 t = 1e5 and x^2/t = 1e6 are rounded by far more than 1e-13; for h near t the bridge is far
   narrower than the kernel. */
static void tanh_quotients_hold_rounding(void **state)
{
    (void)state;
    static const double CASES[][4] = {/* c, t, h, x */
                                      {14.6409, 582.897, 2.36298, -0.505413},
                                      {-25.2872, 55.5575, 0.0861791, -0.0913371},
                                      {11.6461, 0.895527, 0.893054, 1.76932},
                                      {18.3112, 7.85065, 5.10973, 3.40959},
                                      {0.0144557, 1.56871e-5, 1.55753e-5, -6.54065}};
    for (int i = 0; i < LEN(CASES); i++) {
        const double *q = CASES[i];
        enclosure behind;
        assert_int_equal(diffusion_tanh_backward(q[0], q[1], q[2], q[3], &behind),
                         SC_OK);
        assert_true(behind.lo <= -q[3] / q[1] && -q[3] / q[1] <= behind.hi);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_marginals),
        cmocka_unit_test(drifts),
        cmocka_unit_test(known_values),
        cmocka_unit_test(reversed_geometric_brownian_motion),
        cmocka_unit_test(reversed_manufactured),
        cmocka_unit_test(known_distances),
        cmocka_unit_test(flow_of_geometric_brownian_motion),
        cmocka_unit_test(reversed_tanh),
        cmocka_unit_test(tanh_quotients),
        cmocka_unit_test(tanh_quotients_hold_rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
