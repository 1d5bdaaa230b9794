/* Networks with explicit weights: what is built is what is counted and what is evaluated. */
#include "check.h"

#include "base.h"
#include "reference.h"
#include "relu.h"

#include <stdlib.h>

static double value(const relu *f, double x0, double x1)
{
    double y;
    relu_eval(f, 1, (double[]){x0, x1}, 2, &y, 1);
    return y;
}

static void assert_size(const relu *f, int L, int W, long S, double B)
{
    relu_size size = relu_measure(f);
    assert_int_equal(size.L, L);
    assert_int_equal(size.W, W);
    assert_int_equal(size.S, S);
    assert_true(size.B == B);
}

/* f(x) = 2|x0 - 3 x1| - 5, by hand. */
static void a_network_is_its_formula(void **state)
{
    (void)state;
    relu_signal x[2], part[2];
    relu_builder *b = relu_begin(2, x);
    relu_signal gap = relu_sum(b, 2, (double[]){1.0, -3.0}, x, 0.0);
    part[0] = relu_neuron(b, gap);
    part[1] = relu_neuron(b, relu_sum(b, 1, (double[]){-1.0}, &gap, 0.0));
    relu_signal y = relu_sum(b, 2, (double[]){2.0, 2.0}, part, -5.0);
    relu *f = relu_finish(b, 1, &y);
    assert_size(f, 2, 2, 4 + 3, 5.0);
    assert_true(value(f, 1.0, 2.0) == 5.0 && value(f, 7.0, 0.5) == 6.0);
    relu_free(f);
}

/* A coefficient that cancels is no non-zero entry. */
static void what_cancels_is_not_counted(void **state)
{
    (void)state;
    relu_signal x[2], s[2];
    relu_builder *b = relu_begin(2, x);
    s[0] = relu_sum(b, 2, (double[]){1.0, 1.0}, x, 0.25);
    s[1] = relu_sum(b, 2, (double[]){1.0, -1.0}, x, -0.25);
    relu_signal y = relu_sum(b, 2, (double[]){1.0, 1.0}, s, 0.0);
    relu *f = relu_finish(b, 1, &y);
    assert_size(f, 1, 2, 1, 2.0);
    assert_true(value(f, 1.5, 9.0) == 3.0);
    relu_free(f);
}

static void sizes_are_the_formulas(void **state)
{
    (void)state;
    for (int m = 2; m <= 20; m += 6) {
        relu *f = relu_square_network(m);
        assert_size(f, m + 1, 3, 8 * m - 3, 4.0);
        relu_free(f);
        f = relu_product_network(m, 5);
        assert_size(f, m + 2, 6, 16 * m + 6, 1024.0);
        relu_free(f);
        f = relu_exp_network(&(relu_exponential){3, 4, m, 60});
        assert_int_equal(relu_measure(f).L, m * 6 + 6);
        relu_free(f);
    }
    relu_division d = relu_division_for(4, 0.1);
    relu *f = relu_quotient_network(&d);
    assert_size(f, 274, 9, 3819, 1024.0);
    relu_free(f);
}

/* The known errors of square and product, at all points of their lattices. */
static void errors_are_the_known_values(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        int m, d;
    } known[] = {{"yarotsky_sq_m4", 4, 1},
                 {"yarotsky_sq_m12", 12, 1},
                 {"prod2_m4", 4, 2},
                 {"prod2_m8", 8, 2}};
    for (int i = 0; i < LEN(known); i++) {
        const int m = known[i].m;
        relu_lattice g = {1, (2L << m) + 1, 0, 1L << 14, ldexp(0.5, -m)};
        if (known[i].d == 2)
            g = (relu_lattice){2, (4L << m) + 1, 2L << m, 1L << 14, ldexp(0.5, -m)};
        relu *f = known[i].d == 1 ? relu_square_network(m) : relu_product_network(m, 0);
        long n;
        double *at = relu_lattice_points(&g, rng_key_of(1, "lattice"), &n);
        assert_true(n == (known[i].d == 1 ? g.side : 4096) || (n == g.side * g.side));
        enclosure least, largest;
        relu_product_error(f, known[i].d, n, at, &least, &largest);
        assert_near(largest.hi, reference_value("matching", known[i].id),
                    reference_error("matching", known[i].id));
        assert_true(least.lo == (known[i].d == 1 ? 0.0 : -largest.hi));
        free(at);
        relu_free(f);
    }
}

/* The bound holds and is not idle. */
static void exponentials_meet_their_bound(void **state)
{
    (void)state;
    const relu_exponential e = {4, 5, 9, 60};
    relu *f = relu_exp_network(&e);
    enclosure error;
    assert_int_equal(relu_exp_error(f, 301, 12.0, &error), SC_OK);
    double bound = relu_exp_bound(&e, 12.0);
    assert_true(error.hi <= bound && error.lo > 0.1 * bound);
    /* 2^4 (1 + 1/(1 - 12/16)) 2^-20 and Taylor's rest at x = 6 16/15, as decimals. */
    assert_close(bound, 7.62939453125e-05 + 16.0 * pow(0.4, 6) / 720.0 * exp(-6.0),
                 1e-12);
    relu_free(f);
}

static void sizes_are_compared_in_all_four(void **state)
{
    (void)state;
    const relu_size a = {1, 2, 3, 4.0};
    assert_true(relu_size_distance(a, (relu_size){2, 2, 3, 4.0}) == 1.0);
    assert_true(relu_size_distance(a, (relu_size){1, 4, 3, 4.0}) == 2.0);
    assert_true(relu_size_distance(a, (relu_size){1, 2, 6, 4.0}) == 3.0);
    assert_true(relu_size_distance(a, (relu_size){1, 2, 3, 0.0}) == 4.0);
}

/* sq_m(x) - x^2 = 2^(-2m-2) half way between the nodes, 0 at them; double is exact here. */
static void squares_interpolate(void **state)
{
    (void)state;
    enum { M = 5 };
    relu *f = relu_square_network(M);
    for (int k = 0; k <= 2 << M; k++) {
        double x = ldexp(k, -M - 1), gap = value(f, x, 0.0) - x * x;
        assert_true(gap == (k % 2 == 1 ? ldexp(1.0, -2 * M - 2) : 0.0));
    }
    relu_free(f);
}

static void products_are_near(void **state)
{
    (void)state;
    relu *f = relu_product_network(10, 2);
    assert_true(value(f, 0.0, 3.0) == 0.0 && value(f, -2.75, 0.0) == 0.0);
    assert_near(value(f, 3.9, -1.3), 3.9 * -1.3, 16.0 * ldexp(1.0, -22));
    relu_free(f);
}

static void exponentials_and_quotients_are_near(void **state)
{
    (void)state;
    relu *f = relu_exp_network(&(relu_exponential){4, 9, 20, 60});
    for (int i = 0; i <= 20; i++)
        assert_near(value(f, 0.8 * i, 0.0), exp(-0.8 * i), 1e-10);
    assert_near(value(f, -0.5, 0.0), 1.0, 1e-10); /* the input is clipped at 0 */
    relu_free(f);
    relu_division d = relu_division_for(4, 1e-4);
    f = relu_quotient_network(&d);
    for (int i = 0; i <= 16; i++) {
        double y = exp2(-0.25 * i);
        assert_near(value(f, -0.3 * y, y), -0.3, 1e-7);
        assert_near(value(f, y, y), 1.0, 1e-7);
    }
    relu_free(f);
}

/* Three squares: errors down to -2^(-2m), four times those of two: one at a node, two half way. */
static void three_squares_have_four_times_the_error(void **state)
{
    (void)state;
    enum { M = 3 };
    const relu_lattice g = {2, (4L << M) + 1, 2L << M, 1L << 14, ldexp(0.5, -M)};
    relu *f = relu_three_squares_network(M);
    long n;
    double *at = relu_lattice_points(&g, rng_key_of(1, "lattice"), &n);
    enclosure least, largest;
    assert_int_equal(n, g.side * g.side);
    relu_product_error(f, 2, n, at, &least, &largest);
    assert_true(least.lo == -ldexp(1.0, -2 * M) && largest.hi <= ldexp(0.5, -2 * M));
    assert_true(value(f, 0.0, 0.75) == 0.0 && value(f, 1.0, -0.5) == -0.5);
    free(at);
    relu_free(f);
}

/* 300 different weights, more than the table of weights holds at first. */
static void many_weights_are_kept_apart(void **state)
{
    (void)state;
    enum { N = 300 };
    double w[N], x[N], y;
    relu_signal u[N];
    relu_builder *b = relu_begin(N, u);
    for (int i = 0; i < N; i++) {
        w[i] = 1.0 + 0.25 * i;
        x[i] = 1.0 + i % 7;
    }
    relu_signal sum = relu_sum(b, N, w, u, 0.0);
    relu *f = relu_finish(b, 1, &sum);
    assert_size(f, 1, N, N, w[N - 1]);
    double expected = 0.0;
    for (int i = 0; i < N; i++) expected += w[i] * x[i];
    relu_eval(f, 1, x, N, &y, 1);
    assert_true(y == expected);
    relu_free(f);
}

/* 30^40 x of x = 1/7 to 2^-60, as wanted, and of a small x, for which fewer bits do, also in this company. */
static void enclosures_take_the_bits_they_need(void **state)
{
    (void)state;
    relu_signal u;
    relu_builder *b = relu_begin(1, &u);
    for (int l = 0; l < 40; l++)
        u = relu_neuron(b, relu_sum(b, 1, (double[]){30.0}, &u, 0.0));
    relu *f = relu_finish(b, 1, &u);
    arb_ptr x = _arb_vec_init(3), y = _arb_vec_init(3), exact = _arb_vec_init(3);
    for (int i = 0; i < 3; i++) arb_set_ui(x + i, 1);
    for (int i = 0; i < 3; i++) arb_div_ui(x + i, x + i, 7, 700);
    arb_mul_2exp_si(x + 2, x + 2, -200);
    for (int i = 0; i < 3; i++) mag_zero(arb_radref(x + i));
    assert_int_equal(relu_enclose(f, 3, x, 60, y), SC_OK);
    relu_eval_ball(f, 3, x, ARF_PREC_EXACT, exact);
    for (int i = 0; i < 3; i++) {
        assert_true(arb_contains(y + i, exact + i));
        assert_true(mag_cmp_2exp_si(arb_radref(y + i), -60) <= 0);
    }
    assert_true(arb_equal(y, y + 1));
    assert_int_equal(relu_enclose(f, 1, x + 2, 60, x), SC_OK);
    assert_true(arb_equal(x, y + 2));
    arb_ptr all[] = {x, y, exact};
    for (int i = 0; i < LEN(all); i++) _arb_vec_clear(all[i], 3);
    relu_free(f);
}

/* What is carried beside a block comes out as it went in. */
static void carried_signals_arrive(void **state)
{
    (void)state;
    relu_signal x[3];
    relu_builder *b = relu_begin(3, x);
    relu_exp(b, &(relu_exponential){2, 6, 8, 60}, 1, x, 2, &x[1]);
    relu_product(b, 8, 1, 1, x, 1, &x[2]);
    relu_clip(b, 1, x, 1, &x[2]);
    x[1] = x[2];
    relu *f = relu_finish(b, 2, x);
    double y[2];
    relu_eval(f, 1, (double[]){1.0, 0.5, 7.25}, 3, y, 2);
    assert_near(y[0], 0.5 * exp(-1.0), 1e-3);
    assert_true(y[1] == 7.25);
    relu_free(f);
}

/* Many points at once, with gaps between them, and one at a time. */
static void points_do_not_depend_on_company(void **state)
{
    (void)state;
    enum { POINTS = 21 };
    double x[POINTS][3], y[POINTS][2];
    relu *f = relu_product_network(6, 0);
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < 3; j++) x[i][j] = sin(1.0 + i + 7.0 * j);
    relu_eval(f, POINTS, x[0], 3, y[0], 2);
    for (int i = 0; i < POINTS; i++) assert_true(y[i][0] == value(f, x[i][0], x[i][1]));
    relu_free(f);
}

/* 53 bits of MPFR are double; more bits lie in the ball, and the exact ball has no radius. */
static void evaluations_agree(void **state)
{
    (void)state;
    enum { POINTS = 9 };
    /* Coefficients of 30 bits, so that no weight has more than 53. */
    relu *f = relu_exp_network(&(relu_exponential){4, 9, 20, 30});
    arb_ptr x = _arb_vec_init(POINTS), low = _arb_vec_init(POINTS),
            high = _arb_vec_init(POINTS), ball = _arb_vec_init(POINTS),
            exact = _arb_vec_init(POINTS);
    for (int i = 0; i < POINTS; i++) arb_set_d(x + i, 1.7 * i);
    mag_one(arb_radref(low)); /* taken away below */
    relu_eval_mpfr(f, POINTS, x, 53, low);
    assert_true(arb_is_exact(low));
    relu_eval_mpfr(f, POINTS, x, 300, high);
    assert_int_equal(relu_enclose(f, POINTS, x, 100, ball), SC_OK);
    relu_eval_ball(f, POINTS, x, ARF_PREC_EXACT, exact);
    for (int i = 0; i < POINTS; i++) {
        double rounded = arf_get_d(arb_midref(low + i), ARF_RND_NEAR);
        assert_true(rounded == value(f, 1.7 * i, 0.0));
        assert_near(rounded, exp(-1.7 * i), 1e-7);
        assert_true(arb_is_exact(exact + i) && arb_contains(ball + i, exact + i));
        assert_true(mag_cmp_2exp_si(arb_radref(ball + i), -100) <= 0);
        arb_sub(exact + i, exact + i, high + i, 300);
        assert_true(arf_cmpabs_2exp_si(arb_midref(exact + i), -250) < 0);
    }
    /* A point that is not known to 2^-100 has no such value. */
    mag_set_d(arb_radref(x + 1), 1e-6);
    assert_int_equal(relu_enclose(f, POINTS, x, 100, ball), SC_EACCURACY);
    arb_ptr all[] = {x, low, high, ball, exact};
    for (int i = 0; i < LEN(all); i++) _arb_vec_clear(all[i], POINTS);
    relu_free(f);
}

/* x/y at y = 1/16 .. 1: what the perturbation costs, hardly more; double is as good, for K = 4. */
static void quotients_lose_what_their_inputs_lose(void **state)
{
    (void)state;
    const double y[] = {0.0625, 0.3, 1.0}, eta = ldexp(0.1, -8);
    const relu_division d = relu_division_for(4, 0.1),
                        tight = relu_division_for(4, 0.01),
                        few = {4, tight.factors - 4, tight.m};
    relu *f = relu_quotient_network(&d), *g = relu_quotient_network(&few);
    const double alone = relu_quotient_perturbation(4, eta);
    enclosure e[3];
    for (int how = RELU_DOUBLE; how <= RELU_BALL; how++) {
        assert_int_equal(relu_quotient_error(f, how, 120, eta, LEN(y), y, &e[how]),
                         SC_OK);
        assert_close(enclosure_mid(e[how]), alone,
                     1e-4); /* 2 eta/(y + eta): 1e-2 less */
    }
    assert_true(enclosure_halfwidth(e[RELU_BALL]) <= eta / 64.0);
    assert_int_equal(
        relu_quotient_error(g, RELU_BALL, 120, 0.1 * eta, LEN(y), y, &e[0]), SC_OK);
    assert_near(e[0].lo, 0.357, 1e-3);
    relu_free(f);
    relu_free(g);
}

static void perturbations_are_the_known_values(void **state)
{
    (void)state;
    assert_near(relu_quotient_perturbation(4, ldexp(0.01, -8)),
                reference_value("matching", "div_pert_K4"),
                reference_error("matching", "div_pert_K4"));
    assert_near(relu_quotient_perturbation(10, ldexp(0.01, -20)),
                reference_value("matching", "div_pert_K10"),
                reference_error("matching", "div_pert_K10"));
}

/* ReLU of a ball around 0 is [0, hi]. */
static void balls_are_cut_at_zero(void **state)
{
    (void)state;
    relu_signal x;
    relu_builder *b = relu_begin(1, &x);
    relu_carry(b, 1, &x);
    relu *f = relu_finish(b, 1, &x);
    arb_t in, out;
    arb_init(in);
    arb_init(out);
    arb_set_d(in, 0.25);
    mag_set_d(arb_radref(in), 0.5);
    relu_eval_ball(f, 1, in, 53, out);
    enclosure e = ball_enclose(out);
    assert_true(e.lo <= 0.0 && e.lo > -1e-6 && e.hi >= 0.75 && e.hi < 0.750001);
    arb_clear(in);
    arb_clear(out);
    relu_free(f);
}

/* ---- The posterior mean ------------------------------------------------------------------- */

static const double A[] = {-0.4, 0.1, 0.7}, SHARE[] = {0.25, 0.25, 0.5};

static double posterior_mean(double m, double s2, double y)
{
    double P = 0.0, Q = 0.0;
    for (int i = 0; i < LEN(A); i++) {
        double e = SHARE[i] * exp(-(y - m * A[i]) * (y - m * A[i]) / (2.0 * s2));
        P += A[i] * e;
        Q += e;
    }
    return P / Q;
}

static double mid(arb_srcptr x) { return arf_get_d(arb_midref(x), ARF_RND_NEAR); }

/* The formula, the network and its size; P of the network is not P/Q. */
static void posterior_means_are_networks(void **state)
{
    (void)state;
    enum { POINTS = 5 };
    const double m = 0.9, s2 = 0.3, R = 1.2, y[POINTS] = {-1.0, -0.3, 0.2, 0.8, 1.5};
    const relu_posterior p = relu_posterior_for(LEN(A), A, SHARE, m, s2, R, 4);
    arb_ptr in = _arb_vec_init(POINTS), out = _arb_vec_init(POINTS);
    for (int i = 0; i < POINTS; i++) arb_set_d(in + i, y[i]);
    relu_posterior_exact(&p, POINTS, in, 128, out);
    for (int i = 0; i < POINTS; i++)
        assert_close(mid(out + i), posterior_mean(m, s2, y[i]), 1e-14);
    assert_near(p.rho, 0.9 * 1.1 + 1.2, 1e-15);
    assert_int_equal(p.d.K, (int)ceil((4.0 + log(4.0) + 1.44 / 0.3) / log(2.0)));
    relu *f = relu_posterior_network(&p), *both = relu_moments_network(&p);
    const relu_size size = relu_measure(f);
    assert_int_equal(size.L, relu_posterior_depth(&p));
    assert_int_equal(size.W, 7 * LEN(A));
    relu_posterior_errors e;
    assert_int_equal(relu_posterior_error(&p, f, both, NULL, true, POINTS, y, &e),
                     SC_OK);
    assert_true(e.net.hi < 1e-4 && e.net.hi > 0.0);
    assert_true(e.between.hi < 1e-15 && e.between.lo > 0.0); /* two roundings */
    assert_near(e.mpfr.hi, e.net.hi, 1e-15);
    assert_near(e.rounded.hi, e.net.hi, 1e-6); /* K = 16: double still does */
    assert_true(e.sums.hi < 1e-60 && e.P.lo > 0.3);
    double Q = 0.0; /* the least one is at 1.5 */
    for (int i = 0; i < LEN(A); i++)
        Q += SHARE[i] * exp(-(1.5 - m * A[i]) * (1.5 - m * A[i]) / (2.0 * s2));
    assert_close(enclosure_mid(e.Q), Q, 1e-3);
    relu_free(f);
    relu_free(both);
    _arb_vec_clear(in, POINTS);
    _arb_vec_clear(out, POINTS);
}

/* One node, close to it: the exponent is below 1/2 and is not scaled. */
static void posterior_means_close_to_a_node(void **state)
{
    (void)state;
    const double a = 0.5, one = 1.0;
    const relu_posterior p = relu_posterior_for(1, &a, &one, 0.9, 0.25, 0.1, 1);
    assert_int_equal(p.e.k, 0);
    relu *f = relu_posterior_network(&p);
    assert_near(value(f, 0.5, 0.0), 0.5, 1e-3);
    relu_free(f);
}

/* The network is compared with the integrals, not with the sum over one node at the middle of each cell. */
static void errors_are_those_to_the_cells(void **state)
{
    (void)state;
    const double value_at[] = {0.1, 0.9}, slope[] = {0.5, -1.5}, m = 0.8, s2 = 0.3;
    const double a[] = {0.1 - 0.125, 0.9 + 0.375}, half[] = {0.5, 0.5}, y = 0.3;
    const relu_cells cells = {2, value_at, slope, m, s2};
    const relu_posterior p = relu_posterior_for(2, a, half, m, s2, 1.0, 2);
    relu *f = relu_posterior_network(&p);
    arb_ptr v = _arb_vec_init(3);
    relu_posterior_errors e;
    arb_set_d(v, y);
    relu_posterior_exact(&p, 1, v, 128, v + 1);
    relu_cells_exact(&cells, 1, v, 128, v + 2);
    const double gap = fabs(mid(v + 1) - mid(v + 2));
    assert_true(gap > 0.01);
    assert_int_equal(relu_posterior_error(&p, f, NULL, &cells, true, 1, &y, &e), SC_OK);
    assert_close(enclosure_mid(e.sums), gap, 1e-12);
    const double net = fabs(value(f, y, 0.0) - mid(v + 2));
    assert_true(fabs(net - gap) > 1e-9); /* of the network, not of the formula */
    assert_near(enclosure_mid(e.rounded), net, 1e-15);
    assert_near(enclosure_mid(e.mpfr), net, 1e-8);
    assert_near(enclosure_mid(e.net), net, 1e-8);
    _arb_vec_clear(v, 3);
    relu_free(f);
}

/* Two affine pieces against sums over 2000 midpoints of each. */
static void cells_are_integrals(void **state)
{
    (void)state;
    enum { PARTS = 2000 };
    const double value[] = {0.1, 0.9}, slope[] = {0.5, -1.5}, m = 0.8, s2 = 0.04;
    const relu_cells cells = {2, value, slope, m, s2};
    arb_t y, f;
    arb_init(y);
    arb_init(f);
    for (int k = -2; k <= 3; k++) {
        double P = 0.0, Q = 0.0;
        for (int i = 0; i < 2 * PARTS; i++) {
            const double u = (i + 0.5) / (2.0 * PARTS);
            const int j = i / PARTS;
            const double a = value[j] + slope[j] * (u - 0.5 * (j + 1));
            const double e = exp(-(0.4 * k - m * a) * (0.4 * k - m * a) / (2.0 * s2));
            P += a * e;
            Q += e;
        }
        arb_set_d(y, 0.4 * k);
        relu_cells_exact(&cells, 1, y, 256, f);
        assert_near(mid(f), P / Q, 1e-6);
    }
    arb_clear(y);
    arb_clear(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_is_its_formula),
        cmocka_unit_test(what_cancels_is_not_counted),
        cmocka_unit_test(sizes_are_the_formulas),
        cmocka_unit_test(errors_are_the_known_values),
        cmocka_unit_test(exponentials_meet_their_bound),
        cmocka_unit_test(sizes_are_compared_in_all_four),
        cmocka_unit_test(squares_interpolate),
        cmocka_unit_test(products_are_near),
        cmocka_unit_test(exponentials_and_quotients_are_near),
        cmocka_unit_test(three_squares_have_four_times_the_error),
        cmocka_unit_test(many_weights_are_kept_apart),
        cmocka_unit_test(enclosures_take_the_bits_they_need),
        cmocka_unit_test(carried_signals_arrive),
        cmocka_unit_test(points_do_not_depend_on_company),
        cmocka_unit_test(evaluations_agree),
        cmocka_unit_test(quotients_lose_what_their_inputs_lose),
        cmocka_unit_test(perturbations_are_the_known_values),
        cmocka_unit_test(balls_are_cut_at_zero),
        cmocka_unit_test(posterior_means_are_networks),
        cmocka_unit_test(posterior_means_close_to_a_node),
        cmocka_unit_test(errors_are_those_to_the_cells),
        cmocka_unit_test(cells_are_integrals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
