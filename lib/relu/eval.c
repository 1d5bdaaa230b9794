/* The network at points: in double, by MPFR, in ball arithmetic. */
#include "internal.h"

#include <math.h>
#include <mpfr.h>
#include <stdlib.h>
#include <string.h>

/* ---- In double ------------------------------------------------------------------------ */

enum { TILE = 8 }; /* points at once: neuron i of point k at v[i*TILE + k] */

static void map_double(const relu *f, int l, const double *in, double *out)
{
    const relu_rows *r = &f->map[l];
    const double least = l < f->layers - 1 ? 0.0 : -HUGE_VAL;
    for (long i = 0; i < r->rows; i++) {
        double sum[TILE];
        const double c =
            r->constant[i] == RELU_NONE ? 0.0 : f->pool.rounded[r->constant[i]];
        for (int k = 0; k < TILE; k++) sum[k] = c;
        for (long j = r->first[i]; j < r->first[i + 1]; j++) {
            const double w = f->pool.rounded[r->entry[j].weight];
            const double *v = in + (long)r->entry[j].neuron * TILE;
            for (int k = 0; k < TILE; k++) sum[k] += w * v[k];
        }
        for (int k = 0; k < TILE; k++)
            out[i * TILE + k] = sum[k] < least ? least : sum[k];
    }
}

void relu_eval(const relu *f, long n, const double *x, int ldx, double *y, int ldy)
{
    const long width = relu_widest(f);
    const int outputs = (int)f->map[f->layers - 1].rows;
#pragma omp parallel for default(none) shared(f, n, x, ldx, y, ldy, width, outputs)    \
    schedule(dynamic)
    for (long tile = 0; tile < (n + TILE - 1) / TILE; tile++) {
        double *v = NEW_ARRAY(double, 2 * width * TILE), *next = v + width * TILE;
        double *const work = v;
        const long first = tile * TILE;
        const int points = (int)(n - first < TILE ? n - first : TILE);
        for (int k = 0; k < points; k++)
            for (int j = 0; j < f->inputs; j++)
                v[j * TILE + k] = x[(first + k) * ldx + j];
        for (int l = 0; l < f->layers; l++) {
            map_double(f, l, v, next);
            double *const swap = v;
            v = next;
            next = swap;
        }
        for (int k = 0; k < points; k++)
            for (int j = 0; j < outputs; j++)
                y[(first + k) * ldy + j] = v[j * TILE + k];
        free(work);
    }
}

/* ---- Weights as the evaluations below read them ------------------------------------------ */

/* +-2^shift, or any other dyadic number. Most weights are of the first kind, for which a shift is enough. */
typedef struct {
    bool power;
    int sign;
    slong shift;
} kind;

static kind *kinds_of(const relu_pool *p)
{
    kind *k = NEW_ARRAY(kind, p->n);
    arf_t size;
    arf_init(size);
    for (long i = 0; i < p->n; i++) {
        k[i].sign = arf_sgn(p->value + i);
        k[i].shift = arf_abs_bound_lt_2exp_si(p->value + i) - 1;
        arf_abs(size, p->value + i);
        k[i].power = arf_cmp_2exp_si(size, k[i].shift) == 0;
    }
    arf_clear(size);
    return k;
}

/* ---- By MPFR --------------------------------------------------------------------------- */

typedef struct {
    const relu *f;
    const kind *kind;
    mpfr_ptr weight;  /* the pool, exact */
    mpfr_ptr v, next; /* the neurons of two layers */
    mpfr_t term;
} mpfr_work;

static mpfr_ptr mpfr_array(long n, slong bits)
{
    mpfr_ptr x = NEW_ARRAY(__mpfr_struct, n);
    for (long i = 0; i < n; i++) mpfr_init2(x + i, bits);
    return x;
}

static void mpfr_array_free(mpfr_ptr x, long n)
{
    for (long i = 0; i < n; i++) mpfr_clear(x + i);
    free(x);
}

/* sum <- sum + w v */
static void mpfr_accumulate(mpfr_work *w, mpfr_ptr sum, relu_entry e)
{
    mpfr_srcptr v = w->v + e.neuron;
    const kind *k = &w->kind[e.weight];
    if (mpfr_zero_p(v)) return;
    if (k->power)
        mpfr_mul_2si(w->term, v, k->shift, MPFR_RNDN);
    else
        mpfr_mul(w->term, v, w->weight + e.weight, MPFR_RNDN);
    if (k->power && k->sign < 0)
        mpfr_sub(sum, sum, w->term, MPFR_RNDN);
    else
        mpfr_add(sum, sum, w->term, MPFR_RNDN);
}

static void map_mpfr(mpfr_work *w, int l)
{
    const relu_rows *r = &w->f->map[l];
    for (long i = 0; i < r->rows; i++) {
        mpfr_ptr sum = w->next + i;
        if (r->constant[i] == RELU_NONE)
            mpfr_set_zero(sum, 1);
        else
            mpfr_set(sum, w->weight + r->constant[i], MPFR_RNDN);
        for (long j = r->first[i]; j < r->first[i + 1]; j++)
            mpfr_accumulate(w, sum, r->entry[j]);
        if (l < w->f->layers - 1 && mpfr_sgn(sum) < 0) mpfr_set_zero(sum, 1);
    }
    mpfr_ptr swap = w->v;
    w->v = w->next;
    w->next = swap;
}

static mpfr_ptr mpfr_weights(const relu_pool *p)
{
    mpfr_ptr w = NEW_ARRAY(__mpfr_struct, p->n);
    for (long i = 0; i < p->n; i++) {
        const slong bits = arf_bits(p->value + i);
        mpfr_init2(w + i, bits < 2 ? 2 : bits);
        arf_get_mpfr(w + i, p->value + i, MPFR_RNDN);
    }
    return w;
}

void relu_eval_mpfr(const relu *f, long n, arb_srcptr x, slong bits, arb_ptr y)
{
    REQUIRE(bits >= 2);
    const long width = relu_widest(f), outputs = f->map[f->layers - 1].rows;
    kind *kinds = kinds_of(&f->pool);
    mpfr_ptr weight = mpfr_weights(&f->pool);
#pragma omp parallel default(none)                                                     \
    shared(f, n, x, bits, y, width, outputs, kinds, weight)
    {
        mpfr_work w = {.f = f, .kind = kinds, .weight = weight};
        w.v = mpfr_array(width, bits);
        w.next = mpfr_array(width, bits);
        mpfr_init2(w.term, bits);
#pragma omp for schedule(dynamic)
        for (long p = 0; p < n; p++) {
            for (int j = 0; j < f->inputs; j++)
                arf_get_mpfr(w.v + j, arb_midref(x + p * f->inputs + j), MPFR_RNDN);
            for (int l = 0; l < f->layers; l++) map_mpfr(&w, l);
            for (long j = 0; j < outputs; j++) {
                arf_set_mpfr(arb_midref(y + p * outputs + j), w.v + j);
                mag_zero(arb_radref(y + p * outputs + j));
            }
        }
        mpfr_clear(w.term);
        mpfr_array_free(w.v, width);
        mpfr_array_free(w.next, width);
    }
    mpfr_array_free(weight, f->pool.n);
    free(kinds);
}

/* ---- In balls --------------------------------------------------------------------------- */

typedef struct {
    const relu *f;
    const kind *kind;
    slong bits;
    arb_ptr v, next;
    arb_t term;
} ball_work;

static void ball_accumulate(ball_work *w, arb_ptr sum, relu_entry e)
{
    arb_srcptr v = w->v + e.neuron;
    const kind *k = &w->kind[e.weight];
    if (arb_is_zero(v)) return;
    if (!k->power) {
        arb_addmul_arf(sum, v, w->f->pool.value + e.weight, w->bits);
        return;
    }
    arb_mul_2exp_si(w->term, v, k->shift);
    if (k->sign < 0)
        arb_sub(sum, sum, w->term, w->bits);
    else
        arb_add(sum, sum, w->term, w->bits);
}

static void map_ball(ball_work *w, int l)
{
    const relu_rows *r = &w->f->map[l];
    for (long i = 0; i < r->rows; i++) {
        arb_ptr sum = w->next + i;
        if (r->constant[i] == RELU_NONE)
            arb_zero(sum);
        else
            arb_set_arf(sum, w->f->pool.value + r->constant[i]);
        for (long j = r->first[i]; j < r->first[i + 1]; j++)
            ball_accumulate(w, sum, r->entry[j]);
        if (l == w->f->layers - 1 || arb_is_nonnegative(sum)) continue;
        if (arb_is_negative(sum))
            arb_zero(sum);
        else
            arb_nonnegative_part(sum, sum);
    }
    arb_ptr swap = w->v;
    w->v = w->next;
    w->next = swap;
}

/* One point; the status is SC_EACCURACY if some radius is above 2^-wanted. */
static int ball_point(ball_work *w, arb_srcptr x, slong wanted, arb_ptr y)
{
    const long outputs = w->f->map[w->f->layers - 1].rows;
    _arb_vec_set(w->v, x, w->f->inputs);
    for (int l = 0; l < w->f->layers; l++) map_ball(w, l);
    for (long j = 0; j < outputs; j++)
        if (mag_cmp_2exp_si(arb_radref(w->v + j), -wanted) > 0) return SC_EACCURACY;
    _arb_vec_set(y, w->v, outputs);
    return SC_OK;
}

/* Number of points where `bits`, and then more until they exceed `most`, were not enough. */
static long eval_balls(const relu *f, long n, arb_srcptr x, slong bits, slong most,
                       slong wanted, arb_ptr y)
{
    const long width = relu_widest(f), outputs = f->map[f->layers - 1].rows;
    kind *kinds = kinds_of(&f->pool);
    long failed = 0;
#pragma omp parallel default(none)                                                     \
    shared(f, n, x, bits, most, wanted, y, width, outputs, kinds) reduction(+ : failed)
    {
        ball_work w = {.f = f, .kind = kinds, .bits = bits};
        w.v = _arb_vec_init(width);
        w.next = _arb_vec_init(width);
        arb_init(w.term);
#pragma omp for schedule(dynamic)
        for (long p = 0; p < n; p++) {
            int status = ball_point(&w, x + p * f->inputs, wanted, y + p * outputs);
            while (status != SC_OK && w.bits <= most) {
                w.bits += w.bits / 2;
                status = ball_point(&w, x + p * f->inputs, wanted, y + p * outputs);
            }
            w.bits = bits;
            failed += status != SC_OK;
        }
        arb_clear(w.term);
        _arb_vec_clear(w.v, width);
        _arb_vec_clear(w.next, width);
    }
    free(kinds);
    return failed;
}

void relu_eval_ball(const relu *f, long n, arb_srcptr x, slong bits, arb_ptr y)
{
    REQUIRE(eval_balls(f, n, x, bits, 0, -ARF_PREC_EXACT, y) == 0);
}

int relu_enclose(const relu *f, long n, arb_srcptr x, slong wanted, arb_ptr y)
{
    const long values = n * f->map[f->layers - 1].rows;
    const slong bits = wanted + 64 + f->layers / 6;
    arb_ptr trial = _arb_vec_init(values);
    const long failed = eval_balls(f, n, x, bits, 32 * bits, wanted, trial);
    if (failed == 0) _arb_vec_swap(y, trial, values);
    _arb_vec_clear(trial, values);
    return failed == 0 ? SC_OK : SC_EACCURACY;
}
