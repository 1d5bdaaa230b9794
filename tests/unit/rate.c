/* Orders of sequences whose exponent is known exactly. */
#include "check.h"

#include "rate.h"
#include "rng.h"
#include "stats.h"

enum { N = 6 };

static void steps(double *h)
{
    for (int i = 0; i < N; i++) h[i] = ldexp(0.1, -i);
}

static bool holds(enclosure e, double value) { return e.lo <= value && value <= e.hi; }

static void assert_whole_line(enclosure e)
{
    assert_true(e.lo == -(double)INFINITY && e.hi == (double)INFINITY);
}

/* e = C h^r gives r to rounding, C of either sign, r of either sign. */
static void power_laws(void **state)
{
    (void)state;
    static const double R[] = {-1.0, 0.0, 0.5, 1.0, 2.0, 4.0},
                        C[] = {3.0, -0.2, 1e-200};
    double h[N];
    steps(h);
    for (int k = 0; k < LEN(R); k++)
        for (int c = 0; c < LEN(C); c++) {
            enclosure e[N];
            for (int i = 0; i < N; i++) {
                double v = C[c] * pow(h[i], R[k]);
                e[i] = enclosure_about(v, 4e-16 * fabs(v));
            }
            enclosure r = rate_exact(N, h, e);
            assert_true(holds(r, R[k]));
            assert_true(r.hi - r.lo < 1e-12);
            assert_true(r.alpha == 0.0);
        }
}

/* The enclosure is that of the errors: log([2,3]/[1,1])/log 2. */
static void wide_errors(void **state)
{
    (void)state;
    enclosure r = rate_local(2.0, enclosure_of(2.0, 3.0, 1e-6), 1.0,
                             enclosure_of(1.0, 1.0, 2e-6));
    assert_near(r.lo, 1.0, 1e-14);
    assert_near(r.hi, log(3.0) / log(2.0), 1e-14);
    assert_near(r.alpha, 3e-6, 1e-20);
}

/* e = h + 8 h^2: the local orders fall to 1 from above; the hull is the last two. */
static void pre_asymptotic(void **state)
{
    (void)state;
    double h[N];
    enclosure e[N];
    steps(h);
    for (int i = 0; i < N; i++)
        e[i] = enclosure_of(h[i] + 8 * h[i] * h[i], h[i] + 8 * h[i] * h[i],
                            1e-6 * (i + 1));
    enclosure r = rate_exact(N, h, e);
    double last = log((h[4] + 8 * h[4] * h[4]) / (h[5] + 8 * h[5] * h[5])) / log(2.0);
    double before = log((h[3] + 8 * h[3] * h[3]) / (h[4] + 8 * h[4] * h[4])) / log(2.0);
    assert_near(r.lo, last, 1e-14);
    assert_near(r.hi, before, 1e-14);
    assert_near(enclosure_mid(rate_last(N, h, e)), last, 1e-14);
    assert_near(r.alpha, (4 + 5 + 6) * 1e-6, 1e-18);
}

/* A floor hides the order and must not be taken for it; without the floor it is back. */
static void floors(void **state)
{
    (void)state;
    double h[N];
    enclosure e[N], free_of_floor[N];
    steps(h);
    for (int i = 0; i < N; i++) {
        e[i] = enclosure_about(0.05 + h[i] * h[i], 1e-15);
        free_of_floor[i] = enclosure_sub(e[i], enclosure_exact(0.05));
    }
    enclosure r = rate_exact(N, h, e);
    assert_true(r.lo > 0.0 && r.hi < 0.05);
    assert_true(holds(rate_exact(N, h, free_of_floor), 2.0));
}

/* Errors that may vanish or that change sign settle nothing; NaN stays NaN. */
static void unresolved(void **state)
{
    (void)state;
    double h[] = {0.4, 0.2, 0.1};
    enclosure one = enclosure_exact(1.0), minus = enclosure_exact(-0.5);
    enclosure open = enclosure_of(0.0, 1.0, 0.0), nan = {NAN, NAN, 0.0};
    assert_whole_line(rate_local(h[0], one, h[1], minus));
    assert_whole_line(rate_local(h[0], minus, h[1], one));
    assert_whole_line(rate_local(h[0], one, h[1], open));
    assert_whole_line(rate_local(h[0], open, h[1], one));
    assert_true(isnan(rate_local(h[0], nan, h[1], one).lo));
    assert_true(isnan(rate_local(h[0], one, h[1], nan).hi));
    assert_whole_line(rate_exact(3, h, (enclosure[]){one, one, open}));
    assert_true(isnan(rate_exact(3, h, (enclosure[]){nan, one, one}).lo));
    /* What lies before the last three does not count. */
    double h4[] = {0.8, 0.4, 0.2, 0.1};
    enclosure flat = rate_exact(4, h4, (enclosure[]){nan, one, one, one});
    assert_near(flat.lo, 0.0, 1e-14);
    assert_near(flat.hi, 0.0, 1e-14);
}

/* Estimates mean +- z se of level alpha. */
static enclosure estimate(double mean, double se, double alpha)
{
    double z = -stats_normal_quantile(0.5 * alpha);
    return enclosure_of(mean - z * se, mean + z * se, alpha);
}

/* Without noise the slope is r, and the standard error that of weighted least squares:
   1/sqrt(sum (x - xbar)^2/u^2); the biases add sum |x - xbar|/2/Sxx. */
static void noisy_exactly(void **state)
{
    (void)state;
    double h[] = {4.0, 2.0, 1.0};
    enclosure e[3];
    for (int i = 0; i < 3; i++)
        e[i] = estimate(-pow(h[i], 1.5), 0.01 * pow(h[i], 1.5), 1e-6);
    enclosure r = rate_noisy(3, h, e, 1e-3);
    double sxx = 2.0 * log(2.0) * log(2.0) / 1e-4;
    double error = -stats_normal_quantile(5e-4) / sqrt(sxx) + log(2.0) / sxx;
    assert_near(enclosure_mid(r), 1.5, 1e-12);
    assert_near(enclosure_halfwidth(r), error, 1e-12);
    assert_true(r.alpha == 1e-3);
}

/* Weights: a point ten times less certain hardly moves the line. */
static void noisy_weights(void **state)
{
    (void)state;
    double h[] = {4.0, 2.0, 1.0};
    enclosure e[] = {estimate(4.0, 0.004, 1e-6), estimate(2.0, 0.002, 1e-6),
                     estimate(1.1, 0.11, 1e-6)};
    assert_near(enclosure_mid(rate_noisy(3, h, e, 1e-6)), 1.0, 1e-3);
}

/* Scatter beyond the standard errors widens the enclosure by sqrt(chi^2/(n-2)). */
static void noisy_scatter(void **state)
{
    (void)state;
    double h[] = {8.0, 4.0, 2.0, 1.0};
    enclosure line[4], bent[4];
    for (int i = 0; i < 4; i++) {
        line[i] = estimate(h[i], 1e-3 * h[i], 1e-6);
        double v = h[i] * (i == 1 || i == 2 ? 1.1 : 1.0);
        bent[i] = estimate(v, 1e-3 * v, 1e-6);
    }
    double narrow = enclosure_halfwidth(rate_noisy(4, h, line, 1e-6));
    enclosure wide = rate_noisy(4, h, bent, 1e-6);
    assert_near(enclosure_mid(wide), 1.0, 1e-12);
    double chi2 = 4.0 * pow(0.5 * log(1.1) / 1e-3, 2.0);
    assert_close(enclosure_halfwidth(wide) / narrow, sqrt(chi2 / 2.0), 1e-3);
}

/* The plain line through exact values that are no power: c = (1, 0, -1)/(2 log 2) at h = 4, 2, 1, and its error. */
static void line_plainly(void **state)
{
    (void)state;
    const double h[] = {4.0, 2.0, 1.0}, alpha = 1e-3, u = 0.01;
    const double z = -stats_normal_quantile(0.5 * alpha), c = 0.5 / log(2.0);
    enclosure e[3];
    for (int i = 0; i < 3; i++) {
        const double mean = i == 0 ? 9.0 : i == 1 ? 5.0 : 1.0;
        e[i] = enclosure_of(mean * (1.0 - z * u), mean * (1.0 + z * u), alpha);
    }
    const enclosure r = rate_line(3, h, e, alpha);
    assert_near(enclosure_mid(r), c * log(9.0), 1e-12);
    assert_near(enclosure_halfwidth(r), z * u * c * sqrt(2.0) + c * u * u, 1e-12);
    assert_near(r.alpha, alpha, 0.0);
    const enclosure less = rate_line_less(3, h, e, e, alpha);
    assert_near(enclosure_mid(less), 0.0, 1e-12);
    assert_near(enclosure_halfwidth(less), z * u * c * 2.0 + 2.0 * c * u * u, 1e-12);
    const enclosure weak[] = {e[0], e[1], enclosure_of(-1.0, 2.0, alpha)};
    assert_whole_line(rate_line(3, h, weak, alpha));
    assert_whole_line(rate_line_less(3, h, e, weak, alpha));
    const enclosure nan[] = {e[0], e[1], enclosure_of((double)NAN, 2.0, alpha)};
    assert_true(isnan(rate_line_less(3, h, nan, e, alpha).lo));
    enclosure flat[3];
    for (int i = 0; i < 3; i++) flat[i] = e[2];
    assert_near(enclosure_mid(rate_line_less(3, h, e, flat, alpha)), c * log(9.0),
                1e-12);
}

static void noisy_unresolved(void **state)
{
    (void)state;
    double h[] = {4.0, 2.0, 1.0};
    enclosure good = estimate(1.0, 0.01, 1e-6), weak = estimate(1.0, 0.21, 1e-6);
    enclosure minus = estimate(-1.0, 0.01, 1e-6), nan = {NAN, NAN, 1e-6};
    assert_whole_line(rate_noisy(3, h, (enclosure[]){good, good, weak}, 1e-6));
    assert_whole_line(rate_noisy(3, h, (enclosure[]){good, minus, good}, 1e-6));
    assert_true(isnan(rate_noisy(3, h, (enclosure[]){good, nan, good}, 1e-6).lo));
    enclosure enough = estimate(1.0, 0.19, 1e-6);
    assert_true(isfinite(rate_noisy(3, h, (enclosure[]){good, good, enough}, 1e-6).lo));
}

/* Level: of 2000 noisy sequences at alpha = 0.05 the slope is missed about 100 times, never 150. */
static void noisy_level(void **state)
{
    (void)state;
    enum { RUNS = 2000 };
    static const double SE = 0.02;
    double h[N], z[N];
    steps(h);
    rng_key key = rng_key_of(1, "unit/rate");
    int missed = 0;
    for (int k = 0; k < RUNS; k++) {
        rng r = rng_at(key, (uint64_t)k, 0);
        rng_normal(&r, N, z);
        enclosure e[N];
        for (int i = 0; i < N; i++)
            e[i] = estimate(h[i] * (1 + SE * z[i]), SE * h[i], 1e-6);
        missed += !holds(rate_noisy(N, h, e, 0.05), 1.0);
    }
    assert_true(missed > 10);
    assert_true(missed < 150);
}

/* 1 + h + h^2 at 0.2 and 0.1, each known to 0.01: 1.11 +- 2 (0.13 + 0.02) +- 0.01 holds 1. */
static void limit_of_first_order(void **state)
{
    (void)state;
    enclosure l = rate_limit(enclosure_about(1.24, 0.01), enclosure_about(1.11, 0.01));
    assert_near(l.lo, 0.80, 1e-12);
    assert_near(l.hi, 1.42, 1e-12);
}

/* e = 3 + 0.2 h^2 is extrapolated to rounding; a term in h^4 is what the widening covers, and no more than
   15 times over at h/2. */
static void richardson(void **state)
{
    (void)state;
    double h[N];
    enclosure e[N], f[N];
    steps(h);
    for (int i = 0; i < N; i++) {
        e[i] = enclosure_about(3.0 + 0.2 * h[i] * h[i], 1e-15);
        f[i] = enclosure_about(3.0 + 0.2 * h[i] * h[i] + pow(h[i], 4.0), 1e-15);
    }
    enclosure exact = rate_richardson(N, h, e, 2.0);
    assert_true(holds(exact, 3.0) && enclosure_halfwidth(exact) < 1e-14);
    enclosure quartic = rate_richardson(4, h, f, 2.0);
    double last = pow(h[3], 4.0); /* the limit from h and h/2 is off by -(h/2)^4 4 */
    assert_true(holds(quartic, 3.0));
    assert_near(enclosure_mid(quartic), 3.0 - 4.0 * last, 1e-14);
    assert_close(enclosure_halfwidth(quartic), 60.0 * last, 1e-6);
    e[N - 1].alpha = e[N - 3].alpha = 1e-6;
    assert_near(rate_richardson(N, h, e, 2.0).alpha, 2e-6, 1e-20);
}

/* Least squares through (0, 1), (1, 2), (3, 2), the last within 0.7: mean 4/3, (-4, -1, 5)/14 . y = 4/14. */
static void slope_of_three_points(void **state)
{
    (void)state;
    const double x[] = {0.0, 1.0, 3.0};
    const enclosure y[] = {{1.0, 1.0, 0.0}, {2.0, 2.0, 0.0}, {1.3, 2.7, 0.0}};
    enclosure slope = rate_slope(LEN(x), x, y);
    assert_near(enclosure_mid(slope), 4.0 / 14.0, 1e-14);
    assert_near(enclosure_halfwidth(slope), 0.25, 1e-14);
}

/* Errors that fall like h are extrapolated; those that do not, or fall faster than known, are not. */
static void settled(void **state)
{
    (void)state;
    const double h[] = {0.4, 0.2, 0.1};
    enclosure e[3], slow[3], rough[3];
    for (int i = 0; i < 3; i++) {
        e[i] = enclosure_about(1.0 + h[i] + 0.1 * h[i] * h[i], 1e-12);
        slow[i] = enclosure_about(pow(h[i], 0.2), 1e-12);
        rough[i] = enclosure_of(1.0 + h[i] - 0.1, 1.0 + h[i] + 0.1, 1e-7);
    }
    enclosure limit = rate_settled(3, h, e, 1.0), same = rate_richardson(3, h, e, 1.0);
    assert_true(limit.lo == same.lo && limit.hi == same.hi && holds(limit, 1.0));
    enclosure far = rate_settled(3, h, slow, 1.0); /* tends to 0 */
    assert_true(holds(far, 0.0));
    assert_false(holds(rate_richardson(3, h, slow, 1.0), 0.0));
    assert_close(enclosure_mid(far), pow(0.1, 0.2), 1e-12);
    far = rate_settled(3, h, rough, 1.0);
    assert_near(enclosure_halfwidth(far), 0.1 + 8.0 * (0.2 + 0.2), 1e-12);
    assert_near(far.alpha, 3e-7, 1e-20);
}

/* e/h^2 is 3, 4 and 2 within 0.5: a ratio of 2 within [3.5/2.5, 4.5/1.5]; nothing is known of an e that may be 0. */
static void constancy(void **state)
{
    (void)state;
    const double h[] = {1.0, 0.5, 0.25};
    enclosure e[] = {
        {2.5, 3.5, 1e-6}, {0.875, 1.125, 1e-6}, {1.5 / 16, 2.5 / 16, 1e-6}};
    enclosure ratio = rate_constancy(LEN(h), h, e, 2.0);
    assert_near(ratio.lo, 3.5 / 2.5, 1e-14);
    assert_near(ratio.hi, 4.5 / 1.5, 1e-14);
    assert_near(ratio.alpha, 3e-6, 1e-20);
    e[1].lo = 0.0;
    assert_true(isnan(rate_constancy(LEN(h), h, e, 2.0).lo));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit_of_first_order),
        cmocka_unit_test(power_laws),
        cmocka_unit_test(wide_errors),
        cmocka_unit_test(pre_asymptotic),
        cmocka_unit_test(floors),
        cmocka_unit_test(unresolved),
        cmocka_unit_test(slope_of_three_points),
        cmocka_unit_test(noisy_exactly),
        cmocka_unit_test(noisy_weights),
        cmocka_unit_test(noisy_scatter),
        cmocka_unit_test(line_plainly),
        cmocka_unit_test(noisy_unresolved),
        cmocka_unit_test(noisy_level),
        cmocka_unit_test(richardson),
        cmocka_unit_test(settled),
        cmocka_unit_test(constancy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
