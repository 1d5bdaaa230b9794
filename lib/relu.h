/* relu -- ReLU networks with explicit weights: built, counted, evaluated.  Floor 1.
 *
 *     f(x) = A_L ReLU(... ReLU(A_1 x - b_1) ...) - b_L          (Yakovlev, Puchkin 2025, (8))
 *
 * is built from signals. A signal is a linear form, with a constant, in the neurons of one layer; adding a
 * neuron to the next layer states it as ReLU of a signal, and the form is multiplied out: a linear map costs no
 * layer. A signal that is needed later has to be carried, by one neuron a layer if it is >= 0. |x|, say:
 *
 *     relu_signal x, part[2];
 *     relu_builder *b = relu_begin(1, &x);
 *     part[0] = relu_neuron(b, x);
 *     part[1] = relu_neuron(b, relu_sum(b, 1, (double[]){-1.0}, &x, 0.0));
 *     relu_signal y = relu_sum(b, 2, (double[]){1.0, 1.0}, part, 0.0);
 *     relu *f = relu_finish(b, 1, &y);                          L = 2, W = 2, S = 4, B = 1
 *
 * Weights are dyadic rationals, products and sums of them exact, so that the same matrices are evaluated in
 * double, in multiple precision and in ball arithmetic.
 */
#ifndef SC_RELU_H
#define SC_RELU_H

#include "ball.h"
#include "base.h"
#include "rng.h"

typedef struct relu relu; /* a network; may be shared by threads */
void relu_free(relu *f);

/* Counted on the matrices: L affine maps, W the widest layer with the input, S non-zero entries of all A_j and
   b_j, B the largest |entry|, to double. */
typedef struct {
    int L, W;
    long S;
    double B;
} relu_size;
relu_size relu_measure(const relu *f);
/* The largest of the four distances of two sizes. */
double relu_size_distance(relu_size a, relu_size b);

/* ---- Evaluation ------------------------------------------------------------------------------------
 * At n points, in parallel: point i at x + i*ldx, its value at y + i*ldy. A result depends on its own
 * point alone. */

/* In double; weights beyond 53 bits are rounded. */
void relu_eval(const relu *f, long n, const double *x, int ldx, double *y, int ldy);
/* Points of `inputs` numbers each, values of `outputs`, without gaps. relu_eval_ball: y encloses f(x), all
   operations with radii at `bits` bits, exact if bits is ARF_PREC_EXACT. relu_eval_mpfr: f(midpoint of x) by
   MPFR, every operation rounded to `bits` bits; the radius of y is 0 and says nothing. */
typedef void relu_evaluation(const relu *f, long n, arb_srcptr x, slong bits,
                             arb_ptr y);
relu_evaluation relu_eval_ball, relu_eval_mpfr;
/* relu_eval_ball at as many bits as it takes, point by point, for a radius <= 2^-wanted of every value: at
   first wanted + 64 + L/6, for the radii of a and b in 2a - 4b add, though the errors cancel.
   SC_EACCURACY if 32 times as many do not suffice (inputs with too large radii). */
BASE_MUST_USE int relu_enclose(const relu *f, long n, arb_srcptr x, slong wanted,
                               arb_ptr y);

/* ---- Building --------------------------------------------------------------------------------------- */

typedef struct relu_builder relu_builder;
typedef struct {
    int layer, index;
} relu_signal; /* usable until the layer after the next one has its first neuron */

/* The input layer; x[i] its coordinates. */
relu_builder *relu_begin(int inputs, relu_signal *x);
/* sum_i w_i s_i + c, of signals of one layer, n >= 1; no layer is spent. */
relu_signal relu_sum(relu_builder *b, int n, const double *w, const relu_signal *s,
                     double c);
relu_signal relu_sum_exact(relu_builder *b, int n, arf_srcptr w, const relu_signal *s,
                           const arf_t c);
/* ReLU(s) in the layer after that of s. */
relu_signal relu_neuron(relu_builder *b, relu_signal s);
/* s_i <- ReLU(s_i), for s_i >= 0. */
void relu_carry(relu_builder *b, int n, relu_signal *s);
/* The last affine map, to n outputs; frees b (its layers become the network's). */
relu *relu_finish(relu_builder *b, int n, const relu_signal *y);

/* ---- Blocks ------------------------------------------------------------------------------------------
 * Each replaces u[0..n-1], in parallel, and carries c[0..n_c-1] (all >= 0; may be empty) along. */

/* min(max(u, 0), 1): one layer. */
void relu_clip(relu_builder *b, int n, relu_signal *u, int n_c, relu_signal *c);
/* u^2 of u in [0, 1] by m >= 1 levels of the sawtooth g -> 2 ReLU(g) - 4 ReLU(g - 1/2), g_0 = u,
   sq_m(u) = u - sum_s 4^-s g_s: m layers. 0 <= sq_m(u) - u^2 <= 2^(-2m-2) (Yarotsky 2017). */
void relu_square(relu_builder *b, int m, int n, relu_signal *u, int n_c,
                 relu_signal *c);
/* u v of |u|, |v| <= M = 2^range: M^2 {sq_m(|u + v|/2M) - sq_m(|u - v|/2M)}: m + 1 layers, error at most
   M^2 2^(-2m-2), 0 if a factor is 0. v[i] stands at u[n + i] and is lost. */
void relu_product(relu_builder *b, int m, int range, int n, relu_signal *u, int n_c,
                  relu_signal *c);

/* e^-u of u in [0, 2^k]: the Taylor polynomial of degree q >= 2 of e^-z, z = u 2^-k, its coefficients rounded to
   `bits` bits, by Horner's rule with q - 1 products (M = 1); clipped to [0, 1]; k squares. m levels in all:
   m (k + q - 1) + q + 1 layers. */
typedef struct {
    int k, q, m, bits;
} relu_exponential;
void relu_exp(relu_builder *b, const relu_exponential *e, int n, relu_signal *u,
              int n_c, relu_signal *c);

/* u/v of v in [2^-K, 1], |u| <= v: from 1/v = prod_i (1 + (1 - v)^(2^i)), i < factors, u times the product at
   last: (factors - 1)(2m + 4) + m + 5 layers. relu_division_for(K, eps) has
   K + ceil(log2 log(2^K/eps)) + 1 factors and m = ceil((4K + log2(64K/eps) + 4)/2); it is within
   1.02 2^(1-K) eps of x/y where |u - x|, |v - y| <= 4^-K eps, K >= 4, eps <= 0.1. */
typedef struct {
    int K, factors, m;
} relu_division;
relu_division relu_division_for(int K, double eps);
relu_signal relu_quotient(relu_builder *b, const relu_division *d, relu_signal u,
                          relu_signal v);

/* E[g(U) | y] of y = m g(U) + sqrt(s2) Z on the line, U on finitely many points:
 *
 *     f(y) = P/Q,   Q = sum_i w_i e_i,   P = sum_i w_i a_i e_i,   e_i = exp(-(y - m a_i)^2/(2 s2)),
 *
 * where |y - m a_i| <= rho = m (max a - min a) + R for all i (Yakovlev, Puchkin 2025, Step 6, for D = d = 1): squares
 * of |y - m a_i|/rho, an exponential for each i, P/Q by a quotient. relu_posterior_for chooses
 * K = ceil((4 + log N + R^2/s2)/log 2), exponentials of 2K + 2 ceil(log2 N) + 10 bits, a quotient to N^-2. */
typedef struct {
    int nodes;
    const double *a, *w; /* nodes of each, borrowed; sum w = 1 */
    double m, s2, R, rho;
    int bits; /* of P and Q */
    relu_exponential e;
    relu_division d;
} relu_posterior;
relu_posterior relu_posterior_for(int nodes, const double *a, const double *w, double m,
                                  double s2, double R, int N);
relu *relu_posterior_network(const relu_posterior *p); /* y -> f(y) */
relu *relu_moments_network(const relu_posterior *p);   /* y -> (P, Q) */
/* (q - 1)(m + 1) + (k + 2)m + (M - 1)(2m + 4) + 9, of e and of d's M factors. */
int relu_posterior_depth(const relu_posterior *p);
/* f at n points, from its formula. */
void relu_posterior_exact(const relu_posterior *p, long n, arb_srcptr y, slong bits,
                          arb_ptr f);

/* The same for U uniform on [0, 1] and g affine on N cells, value_j + slope_j (u - j/N) for u in ((j-1)/N, j/N]
   (j = 1..N at [j-1]; slopes not 0): the integrals over a cell are error functions and exponentials. */
typedef struct {
    int N;
    const double *value, *slope; /* borrowed */
    double m, s2;
} relu_cells;
void relu_cells_exact(const relu_cells *c, long n, arb_srcptr y, slong bits, arb_ptr f);

/* Each block as a network of its own: u -> sq_m(u), (u, v) -> uv, u -> e^-u, (u, v) -> u/v. */
relu *relu_square_network(int m);
relu *relu_product_network(int m, int range);
relu *relu_exp_network(const relu_exponential *e);
relu *relu_quotient_network(const relu_division *d);
/* sq_m with the tooth 2 ReLU(g) - slope ReLU(g - 1/2): a square for slope 4 alone. */
relu *relu_sawtooth_network(int m, double slope);
/* (u, v) -> 2 {sq_m(|u + v|/2) - sq_m(|u|/2) - sq_m(|v|/2)} = uv on [-1, 1]^2 with error at most 2^(-2m)
   (Yarotsky 2017, (3)). */
relu *relu_three_squares_network(int m);

/* ---- Errors ------------------------------------------------------------------------------------------ */

/* Points step (k - half), 0 <= k < side, in d coordinates: all side^d of them if there are no more than
   `most`, else 4096 at random. *n of them, row-major; the caller frees. */
typedef struct {
    int d;
    long side, half, most;
    double step;
} relu_lattice;
double *relu_lattice_points(const relu_lattice *g, rng_key key, long *n);
/* Least and largest f(x) - x_0 x_{d-1}, d = 1, 2 (the square; the product), at n points, without rounding. */
void relu_product_error(const relu *f, int d, long n, const double *x, enclosure *least,
                        enclosure *largest);
/* max |f(x) - e^-x| over n equidistant points of [0, end], n >= 2, to 2^-70. */
BASE_MUST_USE int relu_exp_error(const relu *f, long n, double end, enclosure *worst);
/* What bounds it (end < 2^k): k squares of an error of Horner's rule and their own, Taylor's rest, rounded
   coefficients:  2^k (1 + 1/(1 - end 2^-k)) 2^(-2m-2) + max_x 2^k (x 2^-k)^(q+1)/(q+1)! e^(-x(1 - 2^-k))
   + 2^(k+1-bits). */
double relu_exp_bound(const relu_exponential *e, double end);

typedef enum { RELU_DOUBLE, RELU_MPFR, RELU_BALL } relu_arithmetic;
/* max |f(x', y') - x/y| over y = y[0..n-1], x = -y, 0.3 y, y, x' = x +- eta, y' = y +- eta, all four signs, with f
   in double, by MPFR at `bits` bits, or enclosed to eta/64. The first two are enclosed as
   the numbers they are: what is lost by rounding counts as error. */
BASE_MUST_USE int relu_quotient_error(const relu *f, relu_arithmetic how, slong bits,
                                      double eta, long n, const double *y,
                                      enclosure *worst);
/* What the perturbation alone costs: sup |x'/y' - x/y| over y >= 2^-K > eta, |x| <= y: 2 eta/(2^-K - eta). */
double relu_quotient_perturbation(int K, double eta);

/* f and (P, Q) of a posterior as networks against f0, at n points; largest over the points. */
typedef struct {
    enclosure net;     /* |net - f0|, the net enclosed to 2^-64 */
    enclosure mpfr;    /* |net - f0|, by MPFR with p->bits + 64 bits */
    enclosure rounded; /* |net - f0|, in double */
    enclosure between; /* |net by MPFR - net enclosed| */
    enclosure sums;    /* |P/Q - f0| from the formula: f0's integrals for sums */
    enclosure P;       /* |P - f0|, P of the network enclosed to 2^-bits, or by MPFR */
    enclosure Q;       /* the least Q of the network, likewise */
} relu_posterior_errors;
/* f0 is that of the cells or, for NULL, P/Q from the formula. moments may be NULL: P, Q untouched; enclosed says
   whether net and between are wanted, and P, Q enclosed. */
BASE_MUST_USE int relu_posterior_error(const relu_posterior *p, const relu *f,
                                       const relu *moments, const relu_cells *cells,
                                       bool enclosed, long n, const double *y,
                                       relu_posterior_errors *e);

#endif
