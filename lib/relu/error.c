/* How far the blocks are from what they compute. */
#include "relu.h"

#include <math.h>
#include <stdlib.h>

double *relu_lattice_points(const relu_lattice *g, rng_key key, long *n)
{
    enum { SOME = 4096 };
    REQUIRE(g->d == 1 || g->d == 2);
    const long all = g->d == 1 ? g->side : g->side * g->side;
    const bool some = all > g->most;
    *n = some ? SOME : all;
    double *at = NEW_ARRAY(double, *n * g->d);
    rng r = rng_at(key, 0, 0);
    if (some) rng_uniform(&r, *n * g->d, at);
    for (long i = 0; i < *n * g->d; i++) {
        long k = i / g->d; /* of the point, then of the coordinate */
        if (some)
            k = (long)(at[i] * (double)g->side);
        else
            k = i % g->d == 0 ? k % g->side : k / g->side;
        at[i] = g->step * (double)(k - g->half);
    }
    return at;
}

void relu_product_error(const relu *f, int d, long n, const double *x, enclosure *least,
                        enclosure *largest)
{
    REQUIRE(n >= 1 && (d == 1 || d == 2));
    arb_ptr in = _arb_vec_init(n * d), out = _arb_vec_init(n), lo = out, hi = out;
    for (long i = 0; i < n * d; i++) arb_set_d(in + i, x[i]);
    relu_eval_ball(f, n, in, ARF_PREC_EXACT, out);
    for (long i = 0; i < n; i++) {
        arb_submul(out + i, in + i * d, in + i * d + d - 1, ARF_PREC_EXACT);
        if (arb_lt(out + i, lo)) lo = out + i;
        if (arb_gt(out + i, hi)) hi = out + i;
    }
    *least = ball_enclose(lo);
    *largest = ball_enclose(hi);
    _arb_vec_clear(in, n * d);
    _arb_vec_clear(out, n);
}

int relu_exp_error(const relu *f, long n, double end, enclosure *worst)
{
    enum { BITS = 96, WANTED = 72 };
    REQUIRE(n >= 2 && end > 0.0);
    enclosure largest = {0.0, 0.0, 0.0};
    arb_ptr in = _arb_vec_init(n), out = _arb_vec_init(n);
    for (long i = 0; i < n; i++) arb_set_d(in + i, end * (double)i / (double)(n - 1));
    const int status = relu_enclose(f, n, in, WANTED, out);
    for (long i = 0; i < n && status == SC_OK; i++) {
        arb_neg(in + i, in + i);
        arb_exp(in + i, in + i, BITS);
        arb_sub(out + i, out + i, in + i, BITS);
        arb_abs(out + i, out + i);
        largest = enclosure_max(largest, ball_enclose(out + i));
    }
    if (status == SC_OK) *worst = largest;
    _arb_vec_clear(in, n);
    _arb_vec_clear(out, n);
    return status;
}

double relu_exp_bound(const relu_exponential *e, double end)
{
    const double scale = ldexp(1.0, e->k), rate = 1.0 - 1.0 / scale;
    REQUIRE(end < scale);
    const double at = fmin(end, (e->q + 1) / rate); /* where Taylor's rest is largest */
    const double taylor =
        pow(at / scale, e->q + 1) / tgamma(e->q + 2.0) * exp(-at * rate);
    const double squares = (1.0 + 1.0 / (1.0 - end / scale)) * ldexp(0.25, -2 * e->m);
    return scale * (squares + taylor + ldexp(2.0, -e->bits));
}

/* ---- Quotient ------------------------------------------------------------------------- */

enum { PATTERNS = 12, BITS = 256 }; /* three x times four signs; of the differences */

/* x and y of pattern p, then x' and y', at in: exact. */
static void quotient_input(arb_ptr x, arb_ptr in, double y, double eta, int p)
{
    static const double share[] = {-1.0, 0.3, 1.0};
    arf_t shift;
    arf_init(shift);
    arb_set_d(x, share[p / 4] * y);
    arb_set_d(x + 1, y);
    for (int j = 0; j < 2; j++) {
        arf_set_d(shift, ((p >> j) & 1) == 0 ? eta : -eta);
        arb_add_arf(in + j, x + j, shift, ARF_PREC_EXACT);
    }
    arf_clear(shift);
}

/* f of n points of d coordinates, in double. */
static void eval_rounded(const relu *f, int d, long n, arb_srcptr x, arb_ptr y)
{
    double *in = NEW_ARRAY(double, (d + 1) * n), *out = in + d * n;
    for (long i = 0; i < d * n; i++) in[i] = arf_get_d(arb_midref(x + i), ARF_RND_NEAR);
    relu_eval(f, n, in, d, out, 1);
    for (long i = 0; i < n; i++) arb_set_d(y + i, out[i]);
    free(in);
}

/* |out - x_0/x_1| at n points */
static enclosure farthest_quotient(long n, arb_srcptr x, arb_ptr out)
{
    enclosure worst = {0.0, 0.0, 0.0};
    arb_t quotient;
    arb_init(quotient);
    for (long i = 0; i < n; i++) {
        arb_div(quotient, x + 2 * i, x + 2 * i + 1, BITS);
        arb_sub(out + i, out + i, quotient, BITS);
        arb_abs(out + i, out + i);
        worst = enclosure_max(worst, ball_enclose(out + i));
    }
    arb_clear(quotient);
    return worst;
}

int relu_quotient_error(const relu *f, relu_arithmetic how, slong bits, double eta,
                        long n, const double *y, enclosure *worst)
{
    REQUIRE(n >= 1 && eta > 0.0);
    const long points = n * PATTERNS;
    arb_ptr x = _arb_vec_init(2 * points), in = _arb_vec_init(2 * points),
            out = _arb_vec_init(points);
    for (long i = 0; i < points; i++)
        quotient_input(x + 2 * i, in + 2 * i, y[i / PATTERNS], eta,
                       (int)(i % PATTERNS));
    int status = SC_OK;
    if (how == RELU_DOUBLE)
        eval_rounded(f, 2, points, in, out);
    else if (how == RELU_MPFR)
        relu_eval_mpfr(f, points, in, bits, out);
    else
        status = relu_enclose(f, points, in, 6 - (slong)floor(log2(eta)), out);
    if (status == SC_OK) *worst = farthest_quotient(points, x, out);
    _arb_vec_clear(x, 2 * points);
    _arb_vec_clear(in, 2 * points);
    _arb_vec_clear(out, points);
    return status;
}

double relu_quotient_perturbation(int K, double eta)
{
    REQUIRE(eta >= 0.0 && eta < ldexp(1.0, -K));
    return 2.0 * eta / (ldexp(1.0, -K) - eta);
}

/* ---- Posterior mean ------------------------------------------------------------------- */

/* max |a_i - b_i| */
static enclosure farthest(long n, arb_srcptr a, arb_srcptr b)
{
    enclosure worst = {0.0, 0.0, 0.0};
    arb_t gap;
    arb_init(gap);
    for (long i = 0; i < n; i++) {
        arb_sub(gap, a + i, b + i, BITS);
        arb_abs(gap, gap);
        worst = enclosure_max(worst, ball_enclose(gap));
    }
    arb_clear(gap);
    return worst;
}

static int measure_moments(const relu_posterior *p, const relu *moments, bool enclosed,
                           long n, arb_srcptr y, arb_srcptr f0,
                           relu_posterior_errors *e)
{
    int status = SC_OK;
    arb_ptr both = _arb_vec_init(2 * n), P = _arb_vec_init(n);
    if (enclosed)
        status = relu_enclose(moments, n, y, p->bits, both);
    else
        relu_eval_mpfr(moments, n, y, p->bits + 64, both);
    e->Q = ball_enclose(both + 1);
    for (long i = 0; i < n; i++) {
        const enclosure Q = ball_enclose(both + 2 * i + 1);
        arb_set(P + i, both + 2 * i);
        if (Q.lo < e->Q.lo) e->Q = Q;
    }
    e->P = farthest(n, P, f0);
    _arb_vec_clear(both, 2 * n);
    _arb_vec_clear(P, n);
    return status;
}

int relu_posterior_error(const relu_posterior *p, const relu *f, const relu *moments,
                         const relu_cells *cells, bool enclosed, long n,
                         const double *y, relu_posterior_errors *e)
{
    enum { Y, NET, POINT, ROUNDED, SUM, CELLS, VECTORS, EXACT = 512 };
    arb_ptr v[VECTORS];
    for (int k = 0; k < VECTORS; k++) v[k] = _arb_vec_init(n);
    for (long i = 0; i < n; i++) arb_set_d(v[Y] + i, y[i]);
    int status = enclosed ? relu_enclose(f, n, v[Y], 64, v[NET]) : SC_OK;
    if (status == SC_OK) {
        relu_eval_mpfr(f, n, v[Y], p->bits + 64, v[POINT]);
        eval_rounded(f, 1, n, v[Y], v[ROUNDED]);
        relu_posterior_exact(p, n, v[Y], EXACT, v[SUM]);
        if (cells != NULL) relu_cells_exact(cells, n, v[Y], EXACT, v[CELLS]);
        arb_srcptr f0 = cells != NULL ? v[CELLS] : v[SUM];
        if (enclosed) {
            e->net = farthest(n, v[NET], f0);
            e->between = farthest(n, v[NET], v[POINT]);
        }
        e->mpfr = farthest(n, v[POINT], f0);
        e->rounded = farthest(n, v[ROUNDED], f0);
        e->sums = farthest(n, v[SUM], f0);
        if (moments != NULL)
            status = measure_moments(p, moments, enclosed, n, v[Y], f0, e);
    }
    for (int k = 0; k < VECTORS; k++) _arb_vec_clear(v[k], n);
    return status;
}
