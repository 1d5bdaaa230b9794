/* The posterior mean of a location mixture as a network (Yakovlev, Puchkin 2025, Theorem 3.3, Step 6). */
#include "relu.h"

#include <math.h>
#include <stdlib.h>

relu_posterior relu_posterior_for(int nodes, const double *a, const double *w, double m,
                                  double s2, double R, int N)
{
    REQUIRE(nodes >= 1 && N >= 1 && s2 > 0.0 && R > 0.0);
    relu_posterior p = {.nodes = nodes, .a = a, .w = w, .m = m, .s2 = s2, .R = R};
    double least = a[0], largest = a[0];
    for (int i = 1; i < nodes; i++) {
        least = fmin(least, a[i]);
        largest = fmax(largest, a[i]);
    }
    p.rho = m * (largest - least) + R;
    const int K = (int)ceil((4.0 + log(N) + R * R / s2) / log(2.0));
    p.bits = 2 * K + 2 * (int)ceil(log2(N)) + 10;
    p.e.bits = p.bits + 64;
    p.e.m = p.bits / 2 + 2;
    p.e.k = (int)fmax(0.0, ceil(log2(0.5 * p.rho * p.rho / s2)));
    double rest = ldexp(0.5, p.e.k); /* 2^k/(q + 1)! at q = 1 */
    for (p.e.q = 1; rest > ldexp(1.0, -p.bits); p.e.q++) rest /= p.e.q + 2.0;
    p.d = relu_division_for(K, 1.0 / ((double)N * N));
    p.d.m = p.e.m;
    return p;
}

int relu_posterior_depth(const relu_posterior *p)
{
    const int m = p->e.m;
    return (p->e.q - 1) * (m + 1) + (p->e.k + 2) * m +
           (p->d.factors - 1) * (2 * m + 4) + 9;
}

/* The signals P and Q. */
static relu_builder *moments(const relu_posterior *p, relu_signal *P, relu_signal *Q)
{
    relu_signal y, *e = NEW_ARRAY(relu_signal, p->nodes);
    double *wa = NEW_ARRAY(double, p->nodes);
    const double exponent = 0.5 * p->rho * p->rho / p->s2, scale = 1.0 / p->rho;
    relu_builder *b = relu_begin(1, &y);
    for (int i = 0; i < p->nodes; i++) {
        const double at = p->m * p->a[i] * scale, minus = -scale;
        const relu_signal right = relu_sum(b, 1, &scale, &y, -at),
                          left = relu_sum(b, 1, &minus, &y, at);
        relu_signal part[] = {relu_neuron(b, right), relu_neuron(b, left)};
        e[i] = relu_sum(b, 2, (double[]){1.0, 1.0}, part, 0.0);
        wa[i] = p->w[i] * p->a[i];
    }
    relu_square(b, p->e.m, p->nodes, e, 0, NULL);
    for (int i = 0; i < p->nodes; i++) e[i] = relu_sum(b, 1, &exponent, &e[i], 0.0);
    relu_exp(b, &p->e, p->nodes, e, 0, NULL);
    *P = relu_sum(b, p->nodes, wa, e, 0.0);
    *Q = relu_sum(b, p->nodes, p->w, e, 0.0);
    free(e);
    free(wa);
    return b;
}

relu *relu_posterior_network(const relu_posterior *p)
{
    relu_signal P, Q;
    relu_builder *b = moments(p, &P, &Q);
    P = relu_quotient(b, &p->d, P, Q);
    return relu_finish(b, 1, &P);
}

relu *relu_moments_network(const relu_posterior *p)
{
    relu_signal both[2];
    relu_builder *b = moments(p, &both[0], &both[1]);
    return relu_finish(b, 2, both);
}

void relu_posterior_exact(const relu_posterior *p, long n, arb_srcptr y, slong bits,
                          arb_ptr f)
{
    enum { M, S2, A, W, E, P, Q, BALLS };
    arb_ptr v = _arb_vec_init(BALLS);
    arb_set_d(v + M, p->m);
    arb_set_d(v + S2, -2.0 * p->s2);
    for (long j = 0; j < n; j++) {
        arb_zero(v + P);
        arb_zero(v + Q);
        for (int i = 0; i < p->nodes; i++) {
            arb_set_d(v + A, p->a[i]);
            arb_set_d(v + W, p->w[i]);
            arb_mul(v + E, v + M, v + A, bits);
            arb_sub(v + E, y + j, v + E, bits);
            arb_sqr(v + E, v + E, bits);
            arb_div(v + E, v + E, v + S2, bits);
            arb_exp(v + E, v + E, bits);
            arb_mul(v + E, v + E, v + W, bits);
            arb_add(v + Q, v + Q, v + E, bits);
            arb_addmul(v + P, v + E, v + A, bits);
        }
        arb_div(f + j, v + P, v + Q, bits);
    }
    _arb_vec_clear(v, BALLS);
}

/* ---- Affine pieces ---------------------------------------------------------------------- */

enum { M, SD, WIDTH, VALUE, SLOPE, Z0, Z1, MASS, MOMENT, WORK, BALLS };

/* z <- (y - m a)/sd */
static void standardise(arb_ptr v, int z, arb_srcptr y, arb_srcptr a, slong bits)
{
    arb_mul(v + z, v + M, a, bits);
    arb_sub(v + z, y, v + z, bits);
    arb_div(v + z, v + z, v + SD, bits);
}

/* MASS <- int e^(-z^2/2) dz over [z1, z0], MOMENT <- int z e^(-z^2/2) dz = e^(-z1^2/2) - e^(-z0^2/2). */
static void gauss_integrals(arb_ptr v, slong bits)
{
    arb_zero(v + MASS);
    arb_zero(v + MOMENT);
    for (int i = 0; i < 2; i++) {
        arb_srcptr z = v + (i == 0 ? Z1 : Z0);
        void (*accumulate)(arb_t, const arb_t, const arb_t, slong) =
            i == 0 ? arb_add : arb_sub;
        arb_sqr(v + WORK, z, bits);
        arb_mul_2exp_si(v + WORK, v + WORK, -1);
        arb_neg(v + WORK, v + WORK);
        arb_exp(v + WORK, v + WORK, bits);
        accumulate(v + MOMENT, v + MOMENT, v + WORK, bits);
        arb_sqrt_ui(v + WORK, 2, bits);
        arb_div(v + WORK, z, v + WORK, bits);
        arb_hypgeom_erfc(v + WORK, v + WORK, bits);
        accumulate(v + MASS, v + MASS, v + WORK, bits);
    }
    arb_const_pi(v + WORK, bits);
    arb_mul_2exp_si(v + WORK, v + WORK, -1);
    arb_sqrt(v + WORK, v + WORK, bits);
    arb_mul(v + MASS, v + MASS, v + WORK, bits);
}

/* Adds int a e^(-z^2/2) du and int e^(-z^2/2) du over one cell: du = -sd/(m slope) dz, a = (y - sd z)/m. */
static void add_cell(arb_ptr v, arb_srcptr y, slong bits, arb_ptr P, arb_ptr Q)
{
    arb_mul(v + WORK, v + SLOPE, v + WIDTH, bits);
    arb_sub(v + WORK, v + VALUE, v + WORK, bits);
    standardise(v, Z0, y, v + WORK, bits);
    standardise(v, Z1, y, v + VALUE, bits);
    gauss_integrals(v, bits);
    arb_div(v + MASS, v + MASS, v + SLOPE, bits);
    arb_div(v + MOMENT, v + MOMENT, v + SLOPE, bits);
    arb_add(Q, Q, v + MASS, bits);
    arb_addmul(P, y, v + MASS, bits);
    arb_submul(P, v + SD, v + MOMENT, bits);
}

void relu_cells_exact(const relu_cells *c, long n, arb_srcptr y, slong bits, arb_ptr f)
{
    arb_ptr v = _arb_vec_init(BALLS), both = _arb_vec_init(2);
    arb_set_d(v + M, c->m);
    arb_set_d(v + SD, c->s2);
    arb_sqrt(v + SD, v + SD, bits);
    arb_set_si(v + WIDTH, c->N);
    arb_inv(v + WIDTH, v + WIDTH, bits);
    for (long j = 0; j < n; j++) {
        _arb_vec_zero(both, 2);
        for (int i = 0; i < c->N; i++) {
            arb_set_d(v + VALUE, c->value[i]);
            arb_set_d(v + SLOPE, c->slope[i]);
            add_cell(v, y + j, bits, both, both + 1);
        }
        arb_div(f + j, both, both + 1, bits);
        arb_div(f + j, f + j, v + M, bits);
    }
    _arb_vec_clear(v, BALLS);
    _arb_vec_clear(both, 2);
}
