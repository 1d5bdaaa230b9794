/* Perceptrons by hand, gradients against central differences, Adam against its first steps. */
#include "check.h"

#include "mlp.h"

#include <stdlib.h>

static const rng_key KEY = {{7, 9}};

/* f(x) = |x_1| + 2 ReLU(x_2 - 1) - 3, set by hand. */
static void by_hand(void **state)
{
    (void)state;
    static const int WIDTH[] = {2, 3, 1};
    static const double W[] = {1, 0, -1, 0, 0, 1, 0, 0, -1, 1, 1, 2, -3};
    static const double X[] = {-2, 0.5, 4, 3, 0, 1};
    double y[3];
    mlp *f = mlp_new(2, WIDTH);
    assert_int_equal(mlp_parameters(f), LEN(W));
    for (int i = 0; i < LEN(W); i++) mlp_weights(f)[i] = W[i];
    mlp_eval(f, 3, X, y);
    assert_true(y[0] == -1.0 && y[1] == 5.0 && y[2] == -3.0);
    mlp_forward(f, 3, X, y);
    assert_true(y[0] == -1.0 && y[1] == 5.0 && y[2] == -3.0);
    mlp_free(f);
}

/* L = sum_ij c_ij f_j(x_i). */
static double loss(mlp *f, int n, const double *x, const double *c)
{
    double y[64], sum = 0.0;
    mlp_forward(f, n, x, y);
    for (int i = 0; i < 2 * n; i++) sum += c[i] * y[i];
    return sum;
}

static void gradients(void **state)
{
    (void)state;
    static const int WIDTH[] = {3, 8, 5, 2};
    enum { N = 20 };
    double x[3 * N], c[2 * N];
    rng_normal_rows(KEY, 0, 1, 0, N, 3, x, 3);
    rng_normal_rows(KEY, 0, 2, 0, N, 2, c, 2);
    mlp *f = mlp_new(3, WIDTH);
    mlp_draw(f, KEY, 3, 0);
    const long all = mlp_parameters(f);
    double *g = NEW_ARRAY(double, all), *w = mlp_weights(f);
    (void)loss(f, N, x, c);
    mlp_backward(f, N, c, g);
    for (long i = 0; i < all; i++) {
        const double kept = w[i], h = 1e-6;
        w[i] = kept + h;
        double up = loss(f, N, x, c);
        w[i] = kept - h;
        double down = loss(f, N, x, c);
        w[i] = kept;
        assert_near(g[i], (up - down) / (2.0 * h), 1e-8 * (1.0 + fabs(g[i])));
    }
    free(g);
    mlp_free(f);
}

/* f of a point is the same bits in any batch; the gradient of a batch larger than a block is the sum over its points. */
static void batches(void **state)
{
    (void)state;
    static const int WIDTH[] = {3, 20, 6, 2};
    enum { N = 200 };
    double x[3 * N], whole[2 * N], y[2 * N], one[2];
    rng_normal_rows(KEY, 0, 3, 0, N, 3, x, 3);
    mlp *f = mlp_new(3, WIDTH);
    mlp_draw(f, KEY, 3, 0);
    const long all = mlp_parameters(f);
    double *g = NEW_ARRAY(double, 3 * all), *of_one = g + all, *sum = of_one + all;
    mlp_forward(f, N, x, whole);
    mlp_eval(f, N, x, y);
    assert_memory_equal(y, whole, sizeof y);
    mlp_backward(f, N, whole, g);
    for (int i = 0; i < N; i++) { /* smaller batches in the room of a larger one */
        mlp_forward(f, 1, x + 3L * i, one);
        assert_memory_equal(one, whole + 2L * i, sizeof one);
        mlp_backward(f, 1, one, of_one);
        for (long k = 0; k < all; k++) sum[k] += of_one[k];
    }
    for (long k = 0; k < all; k++)
        assert_near(g[k], sum[k], 1e-12 * (1.0 + fabs(sum[k])));
    free(g);
    mlp_free(f);
}

static void starting_weights(void **state)
{
    (void)state;
    static const int WIDTH[] = {4, 100, 1};
    mlp *f = mlp_new(2, WIDTH);
    mlp_draw(f, KEY, 0, 0);
    double first = 0.0, last = 0.0;
    for (int i = 0; i < 500; i++) first = fmax(first, fabs(mlp_weights(f)[i]));
    for (int i = 500; i < 601; i++) last = fmax(last, fabs(mlp_weights(f)[i]));
    assert_true(first <= 0.5 && first > 0.49 && last <= 0.1 && last > 0.09);
    mlp_free(f);
}

/* The first step is rate sign(g); a constant gradient keeps it. */
static void steps(void **state)
{
    (void)state;
    double w[] = {1.0, 1.0}, g[] = {1e-3, -4.0};
    adam *a = adam_new(2);
    for (int k = 1; k <= 5; k++) {
        adam_step(a, 0.01, g, w);
        assert_near(w[0], 1.0 - 0.01 * k, 1e-6);
        assert_near(w[1], 1.0 + 0.01 * k, 1e-9);
    }
    g[0] = -1e-3; /* m = .9 m5 - 1e-4, m5 = (1 - .9^5) 1e-3 */
    adam_step(a, 0.01, g, w);
    double m = (0.9 * (1.0 - pow(0.9, 5)) - 0.1) / (1.0 - pow(0.9, 6));
    assert_near(w[0], 0.95 - 0.01 * m, 1e-6);
    adam_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand), cmocka_unit_test(gradients),
        cmocka_unit_test(batches), cmocka_unit_test(starting_weights),
        cmocka_unit_test(steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
