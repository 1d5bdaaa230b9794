/* Relative entropies of skeletons: closed-form sums of the chapter "forward", and the chain rule. */
#include "check.h"
#include "reference.h"

#include "divergence.h"
#include "path.h"

static void assert_reference(enclosure e, const char *id)
{
    double value = reference_value("sampling", id);
    double slack = reference_error("sampling", id) + 2e-16 * fabs(value);
    assert_true(e.lo - slack <= value && value <= e.hi + slack);
    assert_near(enclosure_halfwidth(e), 0.0, 1e-13);
}

/* On [0, 1], noise sqrt(2) dB. */
static enclosure ou(double v, long n) { return path_ou(v, 2.0, 1.0 / (double)n, n); }

static void ornstein_uhlenbeck(void **state)
{
    (void)state;
    assert_reference(ou(1.0, 100), "chen.entropy.N100.v0=1.0");
    assert_reference(ou(4.0, 100), "chen.entropy.N100.v0=4.0");
    /* Girsanov: the limit, and from below */
    static const char *const LIMIT[] = {"chen.entropy.v0=1.0", "chen.entropy.v0=4.0"};
    for (int i = 0; i < LEN(LIMIT); i++) {
        double limit = reference_value("sampling", LIMIT[i]), v = i == 0 ? 1.0 : 4.0;
        assert_true(ou(v, 10000).hi < limit);
        assert_close(enclosure_mid(ou(v, 10000)), limit, 1e-9);
    }
}

static void exponential_integrator(void **state)
{
    (void)state;
    assert_reference(path_integrator_step(1e-3, 100), "chen.pathKL.skel100");
}

/* A skeleton cut in two: n steps from N(m, v) are k steps, then n - k from where those lead. */
static void chain_rule(void **state)
{
    (void)state;
    path_step p = {-0.1, 0.3, 0.2}, q = {0.05, -0.2, 0.5};
    gauss x = {0.7, 1.3};
    enclosure whole = path_skeleton(x, p, q, 7), first = path_skeleton(x, p, q, 3);
    for (int i = 0; i < 3; i++) x = (gauss){0.9 * x.mean + 0.3, 0.81 * x.var + 0.2};
    enclosure rest = path_skeleton(x, p, q, 4);
    assert_near(enclosure_mid(whole), enclosure_mid(first) + enclosure_mid(rest),
                1e-14);
    /* from an atom one step is the KL of two Gaussians */
    assert_near(enclosure_mid(path_skeleton((gauss){2.0, 0.0}, p, q, 1)),
                gauss_kl((gauss){2.1, 0.2}, (gauss){1.9, 0.5}), 1e-15);
}

/* A constant drift q, T = 1: q^2/4, the terms summed to rounding however many. */
static void many_steps(void **state)
{
    (void)state;
    for (long n = 1; n <= 1000000; n *= 1000) {
        double h = 1.0 / (double)n;
        path_step drift = {0.0, 0.7 * h, 2.0 * h}, none = {0.0, 0.0, 2.0 * h};
        enclosure e = path_skeleton(GAUSS_STANDARD, drift, none, n);
        assert_true(e.lo <= 0.1225 && 0.1225 <= e.hi);
        assert_true(enclosure_halfwidth(e) < 1e-14);
    }
}

/* dY = -Y dt + sqrt(2) dB and, with a drift c Y more, c = 1/2: h/4 c^2 sum_k E Y_k^2, E Y_k^2 by its recursion. */
static void linear_drift(const void *ctx, double t, long n, const double *x, double *b,
                         double *a)
{
    const double *c = ctx;
    (void)t;
    for (long j = 0; j < n; j++) {
        b[j] = -x[j] + *c * x[j];
        a[j] = 2.0;
    }
}

static void euler_chains(void **state)
{
    (void)state;
    static const double NONE = 0.0, HALF = 0.5;
    const double h = 0.1;
    target *from = target_gauss(0.0, 3.0);
    const euler_scheme c = {.rates = linear_drift,
                            .ctx = &NONE,
                            .least_noise = 2.0,
                            .T = 1.0,
                            .steps = 10,
                            .start = from,
                            .m = 1.0};
    double var = 3.0, sum = 0.0;
    for (int k = 0; k < 10; k++) {
        sum += 0.25 * h * 0.25 * var;
        var = (1.0 - h) * (1.0 - h) * var + 2.0 * h;
    }
    enclosure entropy;
    assert_int_equal(path_euler(&c, linear_drift, &HALF, &entropy), SC_OK);
    assert_close(enclosure_mid(entropy), sum, 1e-10);
    assert_true(entropy.lo <= sum && sum <= entropy.hi);
    target_free(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ornstein_uhlenbeck), cmocka_unit_test(exponential_integrator),
        cmocka_unit_test(chain_rule),         cmocka_unit_test(many_steps),
        cmocka_unit_test(euler_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
