/* Known integrals, exactness degrees, error bounds that bound, and honest failures. */
#include "quad.h"

#include "check.h"

static double gaussian(double x, const void *ctx)
{
    (void)ctx;
    return exp(-0.5 * x * x);
}

static double cauchy(double x, const void *ctx)
{
    (void)ctx;
    return 1.0 / (1.0 + x * x);
}

static double monomial(double x, const void *ctx) { return pow(x, *(const int *)ctx); }

static double inverse_root(double x, const void *ctx)
{
    (void)ctx;
    return 1.0 / sqrt(x);
}

static double kink(double x, const void *ctx)
{
    (void)ctx;
    return fabs(x - 0.3);
}

static double spike(double x, const void *ctx)
{
    double width = *(const double *)ctx, z = x / width;
    return exp(-0.5 * z * z) / width;
}

static double too_fast(double x, const void *ctx)
{
    (void)ctx;
    return cos(1e6 * x);
}

static double broken(double x, const void *ctx)
{
    (void)ctx;
    return x > 0.4 ? (double)NAN : x - 2.0;
}

static double cosine(double x, const void *ctx)
{
    (void)ctx;
    return cos(x);
}

/* The value is right to within the bound, and the bound is no larger than `allowed`. */
static void expect(quad_function *f, const void *ctx, int n, const double *points,
                   double exact, double allowed)
{
    double value = NAN, err = NAN;
    assert_int_equal(quad_adaptive(f, ctx, n, points, 0.0, 1e-12, &value, &err), SC_OK);
    assert_near(value, exact, err);
    assert_true(err > 0.0 && err <= allowed);
}

static void known_integrals(void **state)
{
    (void)state;
    double root = sqrt(2.0 * SC_PI);
    expect(gaussian, NULL, 2, (double[]){-INFINITY, INFINITY}, root, 1e-11);
    expect(gaussian, NULL, 3, (double[]){-INFINITY, 0.7, INFINITY}, root, 1e-11);
    expect(gaussian, NULL, 2, (double[]){-INFINITY, 0.0}, 0.5 * root, 1e-11);
    expect(cauchy, NULL, 2, (double[]){1.0, INFINITY}, SC_PI / 4.0, 1e-11);
    expect(cauchy, NULL, 2, (double[]){-INFINITY, -1.0}, SC_PI / 4.0, 1e-11);
    expect(inverse_root, NULL, 2, (double[]){0.0, 4.0}, 4.0, 1e-10);
    expect(kink, NULL, 2, (double[]){-1.0, 1.0}, 0.5 * (1.69 + 0.49), 1e-11);
    expect(kink, NULL, 3, (double[]){-1.0, 0.3, 1.0}, 0.5 * (1.69 + 0.49), 1e-12);
    expect(kink, NULL, 4, (double[]){-1.0, 0.3, 0.3, 1.0}, 0.5 * (1.69 + 0.49), 1e-12);
}

/* A spike that no node of the whole interval sees is found when the caller splits at it. */
static void split_points_find_the_spike(void **state)
{
    (void)state;
    double width = 1e-7;
    double points[] = {-1.0, -9.0 * width, 0.0, 9.0 * width, 1.3};
    expect(spike, &width, LEN(points), points, sqrt(2.0 * SC_PI), 1e-11);
}

/* One 21-point Kronrod panel is exact to degree 31: the node and weight table is right. */
static void kronrod_degree(void **state)
{
    (void)state;
    for (int k = 0; k <= 31; k++) {
        double value = NAN, err = NAN, exact = (1.0 - pow(-0.5, k + 1)) / (k + 1);
        assert_int_equal(quad_adaptive(monomial, &k, 2, (double[]){-0.5, 1.0}, INFINITY,
                                       0.0, &value, &err),
                         SC_OK);
        assert_close(value, exact, 1e-14);
    }
}

/* |K - G| of a panel is 0 up to degree 19, so the estimate is down to rounding. */
static void gauss_degree(void **state)
{
    (void)state;
    double value = NAN, err = NAN;
    for (int k = 0; k <= 19; k++) {
        assert_int_equal(quad_adaptive(monomial, &k, 2, (double[]){0.0, 1.0}, INFINITY,
                                       0.0, &value, &err),
                         SC_OK);
        assert_true(err <= 2e-13);
    }
    int k = 30;
    assert_int_equal(quad_adaptive(monomial, &k, 2, (double[]){0.0, 1.0}, INFINITY, 0.0,
                                   &value, &err),
                     SC_OK);
    assert_true(err > 2e-13);
}

static void failures(void **state)
{
    (void)state;
    double value = 7.0, err = 7.0;
    assert_int_equal(quad_adaptive(too_fast, NULL, 2, (double[]){0.0, 1.0}, 0.0, 1e-10,
                                   &value, &err),
                     SC_EACCURACY);
    assert_int_equal(
        quad_adaptive(broken, NULL, 2, (double[]){0.0, 1.0}, 0.0, 1e-10, &value, &err),
        SC_EDOMAIN);
    assert_true(value == 7.0 && err == 7.0);
}

static void legendre(void **state)
{
    (void)state;
    static const int SIZES[] = {1, 2, 5, 24, 33};
    for (int s = 0; s < LEN(SIZES); s++) {
        int n = SIZES[s];
        double x[33], w[33];
        quad_legendre(n, -0.5, 2.0, x, w);
        for (int i = 1; i < n; i++) assert_true(x[i - 1] < x[i]);
        for (int k = 0; k < 2 * n && k < 24; k++) {
            double sum = 0.0, exact = (pow(2.0, k + 1) - pow(-0.5, k + 1)) / (k + 1);
            for (int i = 0; i < n; i++) sum += w[i] * pow(x[i], k);
            assert_close(sum, exact, 1e-13);
        }
    }
}

static void roots(void **state)
{
    (void)state;
    double x = 7.0;
    assert_int_equal(quad_root(cosine, NULL, 0.0, 3.0, &x), SC_OK);
    assert_near(x, SC_PI / 2.0, 1e-15);
    int one = 1;
    assert_int_equal(quad_root(monomial, &one, 0.0, 3.0, &x), SC_OK);
    assert_true(x == 0.0);
    x = 7.0;
    assert_int_equal(quad_root(cosine, NULL, 2.0, 4.0, &x), SC_EDOMAIN);
    assert_int_equal(quad_root(broken, NULL, 0.0, 1.0, &x), SC_EDOMAIN);
    assert_true(x == 7.0);
}

static void minima(void **state)
{
    (void)state;
    double x = 7.0;
    assert_int_equal(quad_minimum(cosine, NULL, 0.5, 6.0, &x), SC_OK);
    assert_near(x, SC_PI, 2e-7);
    assert_int_equal(quad_minimum(kink, NULL, -1.0, 4.0, &x), SC_OK);
    assert_near(x, 0.3, 1e-7);
    x = 7.0;
    assert_int_equal(quad_minimum(cosine, NULL, 0.5, 3.0, &x), SC_EDOMAIN);
    assert_true(x == 7.0);
}

/* Exact up to x^4; for x^5 the error is h^4 f^(5)/30 = 4 h^4, the bound 15 times that; noise counts. */
static void derivatives(void **state)
{
    (void)state;
    int four = 4, five = 5;
    double value = 7.0, err = 7.0;
    assert_int_equal(quad_derivative(monomial, &four, 2.0, 0.25, 0.0, &value, &err),
                     SC_OK);
    assert_near(value, 32.0, 1e-13);
    assert_near(err, 0.0, 1e-12);
    assert_int_equal(quad_derivative(monomial, &five, 1.0, 0.1, 0.0, &value, &err),
                     SC_OK);
    assert_near(value, 5.0 - 4e-4, 1e-12);
    assert_near(err, 15.0 * 4e-4, 1e-12);
    assert_int_equal(quad_derivative(monomial, &four, 2.0, 0.25, 1e-3, &value, &err),
                     SC_OK);
    assert_near(err, 6e-3, 1e-12);
    assert_int_equal(quad_derivative(broken, NULL, 0.0, 0.2, 0.0, &value, &err),
                     SC_EDOMAIN);
    assert_near(value, 32.0, 1e-13);
}

/* E Z^k = (k - 1)!! or 0 up to degree 2n - 1, and E cos(a Z) = exp(-a^2/2). */
static void hermite(void **state)
{
    (void)state;
    double x[80], w[80];
    for (int n = 1; n <= 80; n++) {
        quad_hermite(n, x, w);
        double known = 1.0, wave = 0.0;
        for (int k = 0; k < 2 * n && k <= 20; k += 2) {
            double even = 0.0, odd = 0.0;
            for (int i = 0; i < n; i++) even += w[i] * pow(x[i], k);
            for (int i = 0; i < n; i++) odd += w[i] * pow(x[i], k + 1);
            assert_close(even, known, 1e-13);
            assert_near(odd, 0.0, 1e-13 * known * (k + 1));
            known *= k + 1;
        }
        for (int i = 0; i < n; i++) wave += w[i] * cos(3.0 * x[i]);
        if (n >= 24) assert_near(wave, exp(-4.5), 1e-14);
        for (int i = 1; i < n; i++) assert_true(x[i] > x[i - 1]);
    }
}

/* int_{.01}^2 E (t Z)^2/(1 + t) dt = int t^2/(1 + t) dt. */
static void noised(void **state)
{
    (void)state;
    quad_noised r = quad_noised_of(0.01, 2.0, 40, 3);
    const quad_nodes *rules[] = {&r.fine, &r.coarse};
    const double known = 0.5 * (4.0 - 1e-4) - 1.99 + log(3.0 / 1.01);
    assert_int_equal(r.fine.n, 120);
    assert_int_equal(r.coarse.n, 90);
    for (int k = 0; k < 2; k++) {
        double sum = 0.0;
        for (int i = 0; i < rules[k]->n; i++) {
            double t = rules[k]->t[i], z = rules[k]->z[i];
            sum += rules[k]->w[i] * t * t * z * z / (1.0 + t);
        }
        assert_close(sum, known, 1e-13);
    }
    quad_noised_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_integrals),
        cmocka_unit_test(split_points_find_the_spike),
        cmocka_unit_test(kronrod_degree),
        cmocka_unit_test(gauss_degree),
        cmocka_unit_test(failures),
        cmocka_unit_test(legendre),
        cmocka_unit_test(hermite),
        cmocka_unit_test(noised),
        cmocka_unit_test(roots),
        cmocka_unit_test(minima),
        cmocka_unit_test(derivatives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
