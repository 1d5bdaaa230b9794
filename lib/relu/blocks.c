/* Clip, square, product, exponential, quotient (Yarotsky 2017; Yakovlev, Puchkin 2025, Lemmata A.4, E.1, E.2). */
#include "relu.h"

#include <math.h>
#include <stdlib.h>

static relu_signal shifted(relu_builder *b, relu_signal s, double c)
{
    return relu_sum(b, 1, (double[]){1.0}, &s, c);
}

static relu_signal combined(relu_builder *b, double w0, relu_signal s0, double w1,
                            relu_signal s1)
{
    return relu_sum(b, 2, (double[]){w0, w1}, (relu_signal[]){s0, s1}, 0.0);
}

/* min(max(u, 0), 1) = ReLU(u) - ReLU(u - 1) */
void relu_clip(relu_builder *b, int n, relu_signal *u, int n_c, relu_signal *c)
{
    for (int i = 0; i < n; i++) {
        relu_signal above = shifted(b, u[i], -1.0);
        relu_signal low = relu_neuron(b, u[i]), high = relu_neuron(b, above);
        u[i] = combined(b, 1.0, low, -1.0, high);
    }
    relu_carry(b, n_c, c);
}

/* ---- Square and product ----------------------------------------------------------------- */

/* After level s: g_{s-1} = u or tooth(g_{s-2}) has become a = ReLU(g_{s-1}), half = ReLU(g_{s-1} - 1/2);
   partial = u - sum_{r<s} 4^-r g_r. */
typedef struct {
    relu_signal a, half, partial;
} level;

static relu_signal tooth(relu_builder *b, double slope, const level *l)
{
    return combined(b, 2.0, l->a, -slope, l->half);
}

static level first_level(relu_builder *b, relu_signal u)
{
    level l;
    relu_signal below = shifted(b, u, -0.5);
    l.a = l.partial = relu_neuron(b, u);
    l.half = relu_neuron(b, below);
    return l;
}

static level next_level(relu_builder *b, double slope, const level *l, int s)
{
    relu_signal g = tooth(b, slope, l), below = shifted(b, g, -0.5);
    relu_signal partial = combined(b, 1.0, l->partial, -ldexp(1.0, -2 * (s - 1)), g);
    level next;
    next.a = relu_neuron(b, g);
    next.half = relu_neuron(b, below);
    next.partial = relu_neuron(b, partial);
    return next;
}

/* u_i <- u_i - sum_{s<=m} 4^-s g_s with teeth of that slope */
static void sawtooth(relu_builder *b, double slope, int m, int n, relu_signal *u,
                     int n_c, relu_signal *c)
{
    REQUIRE(m >= 1 && n >= 1);
    level *l = NEW_ARRAY(level, n);
    for (int i = 0; i < n; i++) l[i] = first_level(b, u[i]);
    relu_carry(b, n_c, c);
    for (int s = 2; s <= m; s++) {
        for (int i = 0; i < n; i++) l[i] = next_level(b, slope, &l[i], s);
        relu_carry(b, n_c, c);
    }
    for (int i = 0; i < n; i++)
        u[i] =
            combined(b, 1.0, l[i].partial, -ldexp(1.0, -2 * m), tooth(b, slope, &l[i]));
    free(l);
}

void relu_square(relu_builder *b, int m, int n, relu_signal *u, int n_c, relu_signal *c)
{
    sawtooth(b, 4.0, m, n, u, n_c, c);
}

/* |w0 u + w1 v|, with one layer */
static relu_signal magnitude(relu_builder *b, double w0, relu_signal u, double w1,
                             relu_signal v)
{
    relu_signal plus = combined(b, w0, u, w1, v), minus = combined(b, -w0, u, -w1, v);
    plus = relu_neuron(b, plus);
    return combined(b, 1.0, plus, 1.0, relu_neuron(b, minus));
}

void relu_product(relu_builder *b, int m, int range, int n, relu_signal *u, int n_c,
                  relu_signal *c)
{
    const double scale = ldexp(0.5, -range), M2 = ldexp(1.0, 2 * range);
    for (int i = 0; i < n; i++) {
        relu_signal x = u[i], y = u[n + i];
        u[i] = magnitude(b, scale, x, scale, y);
        u[n + i] = magnitude(b, scale, x, -scale, y);
    }
    relu_carry(b, n_c, c);
    relu_square(b, m, 2 * n, u, n_c, c);
    for (int i = 0; i < n; i++) u[i] = combined(b, M2, u[i], -M2, u[n + i]);
}

/* ---- Exponential ------------------------------------------------------------------------ */

/* (-1)^j/j! to `bits` bits. */
static void taylor_coefficient(arf_t c, int j, int bits)
{
    fmpz_t factorial;
    fmpz_init(factorial);
    fmpz_fac_ui(factorial, (ulong)j);
    arf_set_fmpz(c, factorial);
    arf_ui_div(c, 1, c, bits, ARF_RND_NEAR);
    if (j % 2 == 1) arf_neg(c, c);
    fmpz_clear(factorial);
}

/* Horner: p[i] <- sum_{j<=q} (-1)^j z_i^j/j! with z_i = p[n + i]; the z are carried along. */
static void horner(relu_builder *b, const relu_exponential *e, int n, relu_signal *p,
                   int n_c, relu_signal *c)
{
    relu_signal *z = NEW_ARRAY(relu_signal, n + n_c); /* and c: what is carried */
    arf_struct w[2];
    for (int k = 0; k < 2; k++) arf_init(w + k);
    for (int i = 0; i < n; i++) z[i] = p[n + i];
    for (int i = 0; i < n_c; i++) z[n + i] = c[i];
    taylor_coefficient(w, e->q, e->bits);
    taylor_coefficient(w + 1, e->q - 1, e->bits);
    for (int i = 0; i < n; i++) p[i] = relu_sum_exact(b, 1, w, &z[i], w + 1);
    arf_one(w);
    for (int j = e->q - 2; j >= 0; j--) {
        for (int i = 0; i < n; i++) p[n + i] = z[i];
        relu_product(b, e->m, 0, n, p, n + n_c, z);
        taylor_coefficient(w + 1, j, e->bits);
        for (int i = 0; i < n; i++) p[i] = relu_sum_exact(b, 1, w, &p[i], w + 1);
    }
    for (int i = 0; i < n_c; i++) c[i] = z[n + i];
    for (int k = 0; k < 2; k++) arf_clear(w + k);
    free(z);
}

void relu_exp(relu_builder *b, const relu_exponential *e, int n, relu_signal *u,
              int n_c, relu_signal *c)
{
    REQUIRE(e->q >= 2 && e->k >= 0);
    relu_signal *p = NEW_ARRAY(relu_signal, 2L * n);
    const double scale = ldexp(1.0, -e->k);
    for (int i = 0; i < n; i++)
        p[n + i] = relu_neuron(b, relu_sum(b, 1, &scale, &u[i], 0.0));
    relu_carry(b, n_c, c);
    horner(b, e, n, p, n_c, c);
    relu_clip(b, n, p, n_c, c);
    for (int k = 0; k < e->k; k++) relu_square(b, e->m, n, p, n_c, c);
    for (int i = 0; i < n; i++) u[i] = p[i];
    free(p);
}

/* ---- Quotient --------------------------------------------------------------------------- */

relu_division relu_division_for(int K, double eps)
{
    REQUIRE(K >= 1 && eps > 0.0 && eps <= 1.0);
    const double log2_eps = log2(eps);
    const double bits = 4.0 * K + log2(64.0 * K) - log2_eps + 4.0;
    const double factors = log2((K - log2_eps) * log(2.0));
    return (relu_division){K, K + (int)ceil(factors) + 1, (int)ceil(0.5 * bits)};
}

relu_signal relu_quotient(relu_builder *b, const relu_division *d, relu_signal u,
                          relu_signal v)
{
    enum { Z, P, PLUS, MINUS, SIGNALS }; /* z = (1-v)^(2^i), the product, u+ and u- */
    relu_signal s[SIGNALS], pair[2];
    relu_signal opposite = relu_sum(b, 1, (double[]){-1.0}, &u, 0.0);
    s[PLUS] = relu_neuron(b, u);
    s[MINUS] = relu_neuron(b, opposite);
    v = relu_neuron(b, v);
    s[Z] = relu_sum(b, 1, (double[]){-1.0}, &v, 1.0);
    relu_clip(b, 1, &s[Z], 2, &s[PLUS]);
    s[P] = shifted(b, s[Z], 1.0);
    relu_carry(b, SIGNALS, s);
    for (int i = 1; i < d->factors; i++) {
        relu_square(b, d->m, 1, &s[Z], 3, &s[P]);
        relu_clip(b, 1, &s[Z], 3, &s[P]);
        relu_carry(b, SIGNALS, s);
        pair[0] = s[P];
        pair[1] = shifted(b, s[Z], 1.0);
        s[P] = s[Z]; /* carried beside PLUS and MINUS */
        relu_product(b, d->m, (i < d->K ? i : d->K) + 1, 1, pair, 3, &s[P]);
        s[Z] = s[P];
        s[P] = pair[0];
        relu_carry(b, SIGNALS, s);
    }
    relu_carry(b, 3, &s[P]);
    pair[0] = combined(b, 1.0, s[PLUS], -1.0, s[MINUS]);
    pair[1] = s[P];
    relu_product(b, d->m, d->K + 1, 1, pair, 0, NULL);
    return pair[0];
}

/* ---- Each block alone ------------------------------------------------------------------- */

relu *relu_sawtooth_network(int m, double slope)
{
    relu_signal u;
    relu_builder *b = relu_begin(1, &u);
    sawtooth(b, slope, m, 1, &u, 0, NULL);
    return relu_finish(b, 1, &u);
}

relu *relu_square_network(int m) { return relu_sawtooth_network(m, 4.0); }

relu *relu_three_squares_network(int m)
{
    relu_signal u[2], s[3];
    relu_builder *b = relu_begin(2, u);
    s[0] = magnitude(b, 0.5, u[0], 0.5, u[1]);
    s[1] = magnitude(b, 0.5, u[0], 0.0, u[1]);
    s[2] = magnitude(b, 0.0, u[0], 0.5, u[1]);
    relu_square(b, m, 3, s, 0, NULL);
    s[0] = relu_sum(b, 3, (double[]){2.0, -2.0, -2.0}, s, 0.0);
    return relu_finish(b, 1, s);
}

relu *relu_product_network(int m, int range)
{
    relu_signal u[2];
    relu_builder *b = relu_begin(2, u);
    relu_product(b, m, range, 1, u, 0, NULL);
    return relu_finish(b, 1, u);
}

relu *relu_exp_network(const relu_exponential *e)
{
    relu_signal u;
    relu_builder *b = relu_begin(1, &u);
    relu_exp(b, e, 1, &u, 0, NULL);
    return relu_finish(b, 1, &u);
}

relu *relu_quotient_network(const relu_division *d)
{
    relu_signal u[2];
    relu_builder *b = relu_begin(2, u);
    u[0] = relu_quotient(b, d, u[0], u[1]);
    return relu_finish(b, 1, u);
}
