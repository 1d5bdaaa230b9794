/* Elementary functions against long double, Philox against Random123, and one instruction set
 * against another, bit for bit.
 */
#include "kernel.h"

#include "base.h"
#include "check.h"

#include <Random123/philox.h>
#include <float.h>
#include <string.h>

static const char *const ISAS[] = {"baseline", "avx2", "avx512"};
enum { N = 1 << 14 };

/* |y - exact| in units of the last place of `exact`. */
static double ulps(double y, long double exact)
{
    int e;
    (void)frexpl(exact, &e);
    return (double)(fabsl(y - exact) / ldexpl(1.0L, e - DBL_MANT_DIG));
}

static void fill(double lo, double hi, double *x)
{
    for (int i = 0; i < N; i++) x[i] = lo + (hi - lo) * (i + 0.37) / N;
}

static void exp2_is_accurate(void **state)
{
    (void)state;
    static const double RANGES[][2] = {
        {-1.0, 1.0}, {-0.5, -0.45}, {-1e-9, 1e-9}, {-60.0, 0.0}, {-1000.0, 1023.4}};
    double x[N];
    double y[N];
    for (int r = 0; r < LEN(RANGES); r++) {
        fill(RANGES[r][0], RANGES[r][1], x);
        kernel_best()->exp2(N, x, y);
        for (int i = 0; i < N; i++) assert_true(ulps(y[i], exp2l(x[i])) <= 0.85);
    }
}

static void exp2_is_exact_on_integers_and_flushes_below_minus_1000(void **state)
{
    (void)state;
    enum { LO = -1000, HI = 1023 };
    double x[N];
    double y[N];
    for (int k = LO; k <= HI; k++) x[k - LO] = k;
    kernel_best()->exp2(HI - LO + 1, x, y);
    for (int k = LO; k <= HI; k++) assert_true(y[k - LO] == ldexp(1.0, k));

    double special[] = {nextafter(-1000.0, -INFINITY),
                        -1e6,
                        -INFINITY,
                        -1047.3,
                        -5143.7,
                        -DBL_MAX,
                        NAN};
    kernel_best()->exp2(LEN(special), special, y);
    for (int i = 0; i < LEN(special) - 1; i++) assert_true(y[i] == 0.0);
    assert_true(isnan(y[LEN(special) - 1]));
}

static void log_is_accurate(void **state)
{
    (void)state;
    double x[N];
    double y[N];
    for (int range = 0; range < 3; range++) {
        if (range == 0) fill(0.6, 1.6, x);
        if (range == 1) fill(1.0 - 1e-9, 1.0 + 1e-9, x);
        if (range == 2) {
            fill(DBL_MIN_EXP, DBL_MAX_EXP - 1, x);
            for (int i = 0; i < N; i++) x[i] = exp2(x[i]);
        }
        kernel_best()->log(N, x, y);
        for (int i = 0; i < N; i++) assert_true(ulps(y[i], logl(x[i])) <= 0.9);
    }
    double extremes[] = {DBL_MIN, DBL_MAX, 0x1p-53, 1.0 - 0x1p-53};
    kernel_best()->log(LEN(extremes), extremes, y);
    for (int i = 0; i < LEN(extremes); i++)
        assert_true(ulps(y[i], logl(extremes[i])) <= 0.9);
    double one = 1.0;
    kernel_best()->log(1, &one, y);
    assert_true(y[0] == 0.0);
}

/* sin 2 pi (u + quarters/4), reduced exactly to |angle| <= pi/4. */
static long double sine_of_turns(double u, long quarters)
{
    long k = lrint(4.0 * u);
    long double angle = 6.28318530717958647692528676656L * (u - 0.25 * (double)k);
    long quadrant = ((k + quarters) % 4 + 4) % 4;
    long double value = quadrant % 2 == 0 ? sinl(angle) : cosl(angle);
    return quadrant < 2 ? value : -value;
}

/* Where the sine is the sine polynomial alone, |u| <= 1/8, it is within 0.7 ulp. */
static void sincos2pi_is_accurate(void **state)
{
    (void)state;
    static const struct {
        double lo, hi, sine;
    } RANGES[] = {
        {0.0, 1.0, 1.1}, {-0.125, 0.125, 0.7}, {-1e-9, 1e-9, 0.7}, {-3.0, 1000.0, 1.1}};
    double *u = NEW_ARRAY(double, 3L * N), *s = u + N, *c = s + N;
    for (int r = 0; r < LEN(RANGES); r++) {
        fill(RANGES[r].lo, RANGES[r].hi, u);
        kernel_best()->sincos2pi(N, u, s, c);
        for (int i = 0; i < N; i++) {
            assert_true(ulps(s[i], sine_of_turns(u[i], 0)) <= RANGES[r].sine);
            assert_true(ulps(c[i], sine_of_turns(u[i], 1)) <= 1.1);
        }
    }
    free(u);
}

static void sincos2pi_is_exact_on_quadrants(void **state)
{
    (void)state;
    static const double SINE[] = {0.0, 1.0, 0.0, -1.0};
    for (int k = -8; k <= 8; k++) {
        double u = 0.25 * k + 0x1p40, s, c; /* 2^40 turns change nothing */
        kernel_best()->sincos2pi(1, &u, &s, &c);
        assert_true(s == SINE[(k + 8) % 4]);
        assert_true(c == SINE[(k + 9) % 4]);
    }
}

/* Known answers of Random123 (kat_vectors): counter and key of zeros, of ones, of digits of pi. */
static void philox_gives_the_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], words[4];
    } KNOWN[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (int i = 0; i < LEN(KNOWN); i++) {
        const uint32_t *c = KNOWN[i].counter, *w = KNOWN[i].words;
        kernel_run run = {{KNOWN[i].key[0], KNOWN[i].key[1]},
                          c[0] | (uint64_t)c[1] << 32,
                          c[2],
                          c[3],
                          false};
        uint64_t first, second;
        kernel_best()->philox(&run, 1, &first, &second);
        assert_true(first == (w[0] | (uint64_t)w[1] << 32));
        assert_true(second == (w[2] | (uint64_t)w[3] << 32));
    }
}

/* Runs along replicates and along blocks, across the carry of both. */
static void philox_gives_the_words_of_random123(void **state)
{
    (void)state;
    enum { BLOCKS = 77 };
    kernel_run run = {{0x12345678, 0x9abcdef0}, 0xfffffffff0, 0xffffffd0, 3, true};
    for (int along = 0; along < 2; along++) {
        run.along_rows = along != 0;
        uint64_t first[BLOCKS];
        uint64_t second[BLOCKS];
        kernel_best()->philox(&run, BLOCKS, first, second);
        for (uint32_t j = 0; j < BLOCKS; j++) {
            uint64_t replicate = run.replicate + (along != 0 ? j : 0);
            uint32_t block = run.block + (along != 0 ? 0 : j);
            philox4x32_ctr_t c = {
                {(uint32_t)replicate, (uint32_t)(replicate >> 32), block, run.stream}};
            philox4x32_key_t k = {{run.key[0], run.key[1]}};
            philox4x32_ctr_t w = philox4x32(c, k);
            assert_true(first[j] == (w.v[0] | (uint64_t)w.v[1] << 32));
            assert_true(second[j] == (w.v[2] | (uint64_t)w.v[3] << 32));
        }
    }
}

/* Numbers 2j and 2j + 1, uniforms or normals, of the words of block j, by their formulas. */
static void numbers_of_words(const kernel *k, bool normal, uint64_t first,
                             uint64_t second, double *x)
{
    double logarithm, s, c;
    x[0] = ((double)(first >> 12) + 0.5) * 0x1p-52;
    x[1] = ((double)(second >> 12) + 0.5) * 0x1p-52;
    if (!normal) return;
    k->log(1, &x[0], &logarithm);
    k->sincos2pi(1, &x[1], &s, &c);
    x[0] = sqrt(-2.0 * logarithm) * c;
    x[1] = sqrt(-2.0 * logarithm) * s;
}

/* To the bit: along blocks and along rows, across the carry of both, one or two of a block, with gaps and without. */
static void uniforms_and_normals_are_those_of_the_words(void **state)
{
    (void)state;
    enum { BLOCKS = 700, WIDE = 4 }; /* more than a chunk */
    uint64_t first[BLOCKS], second[BLOCKS];
    double x[BLOCKS * WIDE + 1], exact[2];
    for (int c = 0; c < 24 * LEN(ISAS); c++) {
        const kernel *k = kernel_named(ISAS[c / 24]);
        const bool normal = c % 2 != 0, rows = c / 2 % 2 != 0;
        const int keep = 1 + c / 4 % 2, ld = keep + c / 8 % 3;
        const kernel_run run = {{5, 6}, 0x1fffffff9c, 0xfffffff1, 3, rows};
        if (k == NULL) continue;
        for (int i = 0; i < LEN(x); i++) x[i] = 7.0; /* not theirs */
        k->philox(&run, BLOCKS, first, second);
        (normal ? k->normals : k->uniforms)(&run, BLOCKS, keep, x, ld);
        for (int j = 0; j < BLOCKS; j++) {
            numbers_of_words(k, normal, first[j], second[j], exact);
            assert_memory_equal(x + (long)j * ld, exact, (size_t)keep * sizeof *x);
            for (int i = keep; i < ld; i++) assert_true(x[j * ld + i] == 7.0);
        }
        assert_true(x[(long)BLOCKS * ld] == 7.0);
    }
}

typedef struct {
    double exp2[N], log[N], sine[N], cosine[N], uniform[2 * N], normal[2 * N],
        column[3 * N];
} outputs;

static void run_all(const kernel *k, const double *x, const double *positive,
                    outputs *y)
{
    const kernel_run run = {{1, 2}, 3, 4, 5, false}, rows = {{1, 2}, 3, 4, 5, true};
    k->exp2(N, x, y->exp2);
    k->log(N, positive, y->log);
    k->sincos2pi(N, x, y->sine, y->cosine);
    k->uniforms(&run, N, 2, y->uniform, 2);
    k->normals(&run, N, 2, y->normal, 2);
    k->normals(&rows, N, 1, y->column, 3);
}

static void every_instruction_set_gives_the_same_bits(void **state)
{
    (void)state;
    double x[N];
    double positive[N];
    fill(-1010.0, 1023.0, x);
    for (int i = 0; i < N; i++) positive[i] = exp2(0.5 * x[i]);
    outputs *expected = NEW(outputs), *y = NEW(outputs);
    run_all(kernel_named("baseline"), x, positive, expected);
    for (int i = 0; i < LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i]);
        if (k == NULL) continue;
        run_all(k, x, positive, y);
        assert_memory_equal(y, expected, sizeof *y);
    }
    free(y);
    free(expected);
}

/* Against the exponential of every term; sources beyond both ends of the grid reach into it. */
/* Nine bumps of mesh r, `gap` nodes apart, on 61 nodes, against plain loops. */
static void bumps_on_nodes(double r, double reach, double first_at, double gap)
{
    enum { NODES = 61, SOURCES = 9, HALF = 64 };
    double position[SOURCES], weight[SOURCES], g[2 * HALF + 1], exact[NODES] = {0.0};
    band b = {NODES, r, reach, HALF, g};
    /* three exponents of at most 12.5, each rounded to half an ulp, and eight products */
    const double tolerance = (3.0 * 12.5 + 8.0) * 0x1p-53;
    long terms = 0;
    for (int k = -HALF; k <= HALF; k++) g[HALF + k] = exp(-0.5 * k * r * k * r);
    for (int j = 0; j < SOURCES; j++) {
        position[j] = first_at + gap * j;
        weight[j] = pow(10.0, 3.0 * j - 12.0);
        for (int i = 0; i < NODES; i++) {
            double y = (i - position[j]) * r;
            if (fabs(y) > reach) continue;
            exact[i] += weight[j] * exp(-0.5 * y * y);
            terms++;
        }
    }
    double first[NODES];
    for (int i = 0; i < LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i]);
        if (k == NULL) continue;
        double y[NODES + 1] = {0.0};
        y[NODES] = 7.0; /* not theirs */
        assert_int_equal(k->band_scatter(SOURCES, position, weight, &b, y), terms);
        for (int n = 0; n < NODES; n++) assert_close(y[n], exact[n], tolerance);
        assert_true(y[NODES] == 7.0);
        if (i == 0) memcpy(first, y, sizeof first);
        assert_memory_equal(y, first, sizeof first);
    }
}

static void bumps_on_a_grid(void **state)
{
    (void)state;
    bumps_on_nodes(0.16, 5.0, -20.3, 12.37); /* each alone */
    bumps_on_nodes(0.16, 5.0, 26.4, 0.83);   /* next to each other */
    bumps_on_nodes(0.16, 5.0, 40.2, -3.71);  /* falling, partly together */
    bumps_on_nodes(0.16, 5.0, -3.3, 1.07);   /* across the first node */
    bumps_on_nodes(0.16, 5.0, 57.3, 1.07);   /* across the last */
    bumps_on_nodes(7.0, 9.2, 10.4, 0.49);    /* narrower than a cell */
    bumps_on_nodes(40.0, 9.2, 10.4, 0.05);   /* that reach no node */
}

/* Against plain loops; the same bits on every instruction set. */
static void blocks_of_points(void **state)
{
    (void)state;
    enum { D = 3, STRIDE = KERNEL_BLOCK + 5 };
    const double y[D] = {0.3, -0.2, 1.1}, m = 0.7, scale = 0.6, origin = 0.2;
    double c[D * STRIDE], w[KERNEL_BLOCK], first[2 + D];
    double exact[2 + D] = {(double)INFINITY, 1.0, 2.0, 3.0, 4.0};
    for (int i = 0; i < D * STRIDE; i++) c[i] = sin(1.7 * i);
    for (int i = 0; i < KERNEL_BLOCK; i++) {
        double d2 = 0.0, K;
        w[i] = 1.0 + 0.1 * (i % 7);
        for (int k = 0; k < D; k++) {
            const double gap = y[k] - m * c[k * STRIDE + i];
            d2 += gap * gap;
        }
        exact[0] = fmin(exact[0], d2);
        K = w[i] * exp2(scale * (origin - d2));
        exact[1] += K;
        for (int k = 0; k < D; k++) exact[2 + k] += K * c[k * STRIDE + i];
    }
    for (int i = 0; i < LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i]);
        if (k == NULL) continue;
        double d2[KERNEL_BLOCK], value[2 + D] = {0.0, 1.0, 2.0, 3.0, 4.0};
        value[0] = k->block_distance2(D, c, STRIDE, y, m, d2);
        k->block_sums(D, c, STRIDE, w, scale, origin, d2, value + 1);
        for (int j = 0; j < LEN(value); j++) assert_near(value[j], exact[j], 1e-13);
        if (i == 0) memcpy(first, value, sizeof value);
        assert_memory_equal(value, first, sizeof value);
    }
}

/* Responsibilities against plain loops, with a rest that fills no vector; far away, where every exponential underflows. */
static void posteriors(void **state)
{
    (void)state;
    enum { D = 3, Q = 27, STRIDE = 30 };
    const double far[] = {0.0, 1e3}, scale = 40.0;
    double c[D * STRIDE], rho[Q], first[2][Q + 2];
    for (int i = 0; i < D * STRIDE; i++) c[i] = sin(1.7 * i);
    for (int i = 0; i < 2 * LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i / 2]);
        if (k == NULL) continue;
        const double y[D] = {0.3 + far[i % 2], -0.2, 1.1};
        double d2[Q], least = (double)INFINITY, total = 0.0, value[Q + 2];
        for (int q = 0; q < Q; q++) {
            d2[q] = 0.0;
            for (int r = 0; r < D; r++)
                d2[q] += (y[r] - c[r * STRIDE + q]) * (y[r] - c[r * STRIDE + q]);
            least = fmin(least, d2[q]);
        }
        for (int q = 0; q < Q; q++) total += exp2(scale * (least - d2[q]));
        value[0] = k->posterior(Q, D, c, STRIDE, y, scale, rho, &value[1]);
        memcpy(value + 2, rho, sizeof rho);
        assert_near(value[0], total, 1e-13 * total);
        assert_true(value[1] == least);
        for (int q = 0; q < Q; q++)
            assert_near(rho[q], exp2(scale * (least - d2[q])) / total, 1e-13);
        if (i < 2) memcpy(first[i], value, sizeof value);
        assert_memory_equal(value, first[i % 2], sizeof value);
    }
}

/* The same with a width for every source. */
static void bumps_of_their_own_width(void **state)
{
    (void)state;
    enum { NODES = 61, SOURCES = 9 };
    const double reach = 5.0;
    double position[SOURCES], weight[SOURCES], width[SOURCES], exact[NODES] = {0.0};
    bumps b = {SOURCES, position, weight, width, reach};
    long terms = 0;
    for (int j = 0; j < SOURCES; j++) {
        position[j] = -20.3 + 12.37 * j;
        weight[j] = pow(10.0, 3.0 * j - 12.0);
        width[j] = 6.3 + 0.9 * cos(j);
        for (int i = 0; i < NODES; i++) {
            double u = (i - position[j]) / width[j];
            if (fabs(u) > reach) continue;
            exact[i] += weight[j] * exp(-0.5 * u * u);
            terms++;
        }
    }
    double first[NODES];
    for (int i = 0; i < LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i]);
        if (k == NULL) continue;
        double y[NODES] = {0.0};
        assert_int_equal(k->bump_scatter(&b, NODES, y), terms);
        for (int n = 0; n < NODES; n++) assert_close(y[n], exact[n], 6e-15);
        if (i == 0) memcpy(first, y, sizeof y);
        assert_memory_equal(y, first, sizeof y);
    }
}

/* Vector bodies and scalar tails of the same loop must agree. */
static void length_and_alignment_do_not_matter(void **state)
{
    (void)state;
    enum { SHORT = 70 };
    const kernel_run run = {{1, 2}, 3, 4, 5, false};
    const kernel *k = kernel_best();
    double x[N], whole[N], normal[2 * SHORT];
    fill(-5.0, 5.0, x);
    k->exp2(N, x, whole);
    k->normals(&run, SHORT, 2, normal, 2);
    for (int n = 1; n < SHORT; n++) {
        double part[2 * SHORT];
        k->exp2(n, x + n, part);
        assert_memory_equal(part, whole + n, (size_t)n * sizeof *part);
        k->normals(&run, n, 2, part, 2);
        assert_memory_equal(part, normal, 2 * (size_t)n * sizeof *part);
    }
}

/* A product with gaps in all arrays, A in either order, half of it 0, and its exact result. */
enum { MOST = 65, GAP = 3, APART = MOST + GAP };
typedef struct {
    double A[MOST * APART], B[MOST * APART], begin[MOST * APART], C[MOST * APART];
    double exact[MOST * APART];
} product_room;

/* Every entry the chain of fma from begin on, without the terms of 0; then relu or value. */
static void chain(const kernel_product *p, double *exact)
{
    for (long i = 0; i < p->rows; i++)
        for (long j = 0; j < p->columns; j++) {
            double sum = p->begin[i * p->ldbegin + j];
            for (long k = 0; k < p->inner; k++) {
                const double a = p->A[i * p->down + k * p->along];
                if (a != 0.0) sum = fma(a, p->B[k * p->ldb + j], sum);
            }
            if (p->relu && sum < 0.0) sum = 0.0;
            if (p->value != NULL && p->value[i * p->ldvalue + j] == 0.0) sum = 0.0;
            exact[i * p->ldc + j] = sum;
        }
}

/* multiply and multiply_sparse of every table give `exact`, all terms at once or two calls one after the other with
   begin = C, and touch nothing beside the entries. */
static void assert_product(kernel_product p, product_room *r)
{
    memset(r->exact, 0, sizeof r->exact);
    chain(&p, r->exact);
    p.C = r->C;
    for (int i = 0; i < 4 * LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i / 4]);
        if (k == NULL) continue;
        void (*multiply)(const kernel_product *) =
            i % 2 ? k->multiply_sparse : k->multiply;
        kernel_product first = p, rest = p;
        memset(r->C, 0, sizeof r->C);
        if (i / 2 % 2) {
            first.inner /= 2, first.relu = false, first.value = NULL;
            multiply(&first);
            rest.inner -= first.inner, rest.A += first.inner * p.along;
            rest.B += first.inner * p.ldb, rest.begin = r->C, rest.ldbegin = p.ldc;
        }
        multiply(&rest);
        assert_memory_equal(r->C, r->exact, sizeof r->C);
    }
}

static void products(void **state)
{
    (void)state;
    static const int SIZES[] = {1, 2, 3, 7, 8, 63, 64, 65};
    enum { SOME = LEN(SIZES) };
    product_room *r = NEW(product_room);
    for (int i = 0; i < MOST * APART; i++) {
        const double a = sin(1.3 * i);
        r->A[i] = a < 0.0 ? 0.0 : a, r->B[i] = cos(0.7 * i), r->begin[i] = sin(2.1 * i);
    }
    for (int c = 0; c < SOME * SOME * SOME * 6; c++) {
        const bool turned = c % 2, same = c / 2 % 3 > 0;
        assert_product((kernel_product){.rows = SIZES[c / 6 % SOME],
                                        .columns = SIZES[c / 6 / SOME % SOME],
                                        .inner = SIZES[c / 6 / SOME / SOME],
                                        .A = r->A,
                                        .down = turned ? 1 : APART,
                                        .along = turned ? APART : 1,
                                        .B = r->B,
                                        .ldb = APART,
                                        .begin = r->begin,
                                        .ldbegin = same ? 0 : APART,
                                        .ldc = APART,
                                        .relu = c / 2 % 3 == 1,
                                        .value = c / 2 % 3 == 2 ? r->A : NULL,
                                        .ldvalue = APART},
                       r);
    }
    free(r);
}

/* multiply_sparse leaves out what stands beside a 0, a NaN as well; not a NaN of A, nor what stands beside it. */
static void sparse_products(void **state)
{
    (void)state;
    enum { INNER = 130, COLUMNS = 20 };
    for (int i = 0; i < LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i]);
        if (k == NULL) continue;
        double A[2 * INNER] = {0.0}, B[INNER * COLUMNS], zero[COLUMNS] = {0.0},
                     C[2 * COLUMNS];
        for (int j = 0; j < INNER * COLUMNS; j++) B[j] = (double)NAN;
        for (int j = 0; j < COLUMNS; j++) B[129 * COLUMNS + j] = B[3 * COLUMNS + j] = j;
        A[3] = 2.0, A[64] = -0.0, A[129] = 1.0, A[INNER + 129] = (double)NAN;
        k->multiply_sparse(&(kernel_product){2, COLUMNS, INNER, A, INNER, 1, B, COLUMNS,
                                             zero, 0, C, COLUMNS, .relu = true});
        for (int j = 0; j < COLUMNS; j++)
            assert_true(C[j] == 3.0 * j && isnan(C[COLUMNS + j]));
    }
}

/* Sums of columns, a step of Adam; the same bits from each table. */
static void arrays_of_training(void **state)
{
    (void)state;
    enum { ROWS = 3, COLUMNS = 77, ALL = ROWS * COLUMNS };
    double first[ALL], x[COLUMNS], g[ALL];
    for (int i = 0; i < ALL; i++) g[i] = cos(0.9 * i);
    for (int j = 0; j < COLUMNS; j++) x[j] = sin(1.7 * j);
    for (int i = 0; i < LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i]);
        if (k == NULL) continue;
        double sum[COLUMNS], m[ALL] = {0.0}, v[ALL] = {0.0}, w[ALL] = {0.0};
        memcpy(sum, x, sizeof sum);
        k->column_sums(ROWS, COLUMNS, g, sum);
        for (int j = 0; j < COLUMNS; j++)
            assert_true(sum[j] == x[j] + g[j] + g[COLUMNS + j] + g[2 * COLUMNS + j]);
        k->adam(&(kernel_adam){0.1, 10.0, 1000.0}, ALL, g, m, v, w);
        for (int j = 0; j < ALL; j++)
            assert_near(w[j], -0.1 * g[j] / (fabs(g[j]) + 1e-8), 1e-12);
        if (i == 0) memcpy(first, w, sizeof w);
        assert_memory_equal(w, first, sizeof w);
    }
}

/* x (ld numbers) is z in the component that u chooses, by a search from the first one on. */
static void assert_placed(const kernel_places *p, double u, const double *z,
                          const double *x, int ld)
{
    int at = 0;
    while (at < p->k - 1 && u >= p->cumulated[at]) at++;
    const double *mu = p->mu + (long)at * p->d, *root = p->root + (long)at * p->per;
    for (int j = 0; j < p->d; j++)
        assert_true(x[j] == mu[j] + root[p->per == 1 ? 0 : j] * z[j]);
    for (int j = p->d; j < ld; j++) assert_true(x[j] == z[j]);
}

/* Draws of isotropic and diagonal mixtures, rows tight or not, against bisection's rule point by point. */
static void places(void **state)
{
    (void)state;
    enum { POINTS = 41, COMPONENTS = 5, WIDE = 5, ALL = POINTS * WIDE };
    const double cumulated[COMPONENTS] = {0.1, 0.1, 0.45, 0.8, 0.9999};
    double mu[COMPONENTS * WIDE], root[COMPONENTS * WIDE], u[POINTS], z[ALL];
    for (int i = 0; i < COMPONENTS * WIDE; i++) {
        mu[i] = sin(1.7 * i);
        root[i] = 1.0 + 0.1 * i;
    }
    for (int i = 0; i < POINTS; i++) u[i] = (i + 0.5) / POINTS;
    u[3] = 0.1, u[7] = 0.99995;
    for (int i = 0; i < ALL; i++) z[i] = cos(0.9 * i);
    for (int c = 0; c < 16 * COMPONENTS * LEN(ISAS); c++) {
        const kernel *k = kernel_named(ISAS[c / (16 * COMPONENTS)]);
        const int d = 1 + c / 4 % 4, per = c % 2 == 0 ? 1 : d,
                  ld = c / 2 % 2 == 0 ? d : WIDE;
        if (k == NULL) continue;
        double x[ALL];
        memcpy(x, z, sizeof x);
        const kernel_places p = {1 + c / 16 % COMPONENTS, d, per, cumulated, mu, root};
        k->place(&p, POINTS, u, x, ld);
        for (int i = 0; i < POINTS; i++)
            assert_placed(&p, u[i], z + (long)i * ld, x + (long)i * ld, ld);
    }
}

/* Rows of points against their formulas, to the bit. */
static void rows_of_points(void **state)
{
    (void)state;
    enum { ALL = 39 };
    const double a = 0.7, b = -1.3, c = 0.1;
    double x[ALL], y[ALL], z[ALL];
    for (int i = 0; i < ALL; i++)
        x[i] = sin(1.7 * i), y[i] = cos(0.9 * i), z[i] = 1.0 / (i + 1);
    for (int i = 0; i < LEN(ISAS); i++) {
        const kernel *k = kernel_named(ISAS[i]);
        if (k == NULL) continue;
        double out[ALL], in_place[ALL];
        memcpy(in_place, y, sizeof y);
        k->combine(ALL, a, x, b, y, c, z, out);
        k->combine(ALL, a, x, b, in_place, 0.0, NULL, in_place);
        for (int j = 0; j < ALL; j++) {
            assert_true(out[j] == a * x[j] + b * y[j] + c * z[j]);
            assert_true(in_place[j] == a * x[j] + b * y[j]);
        }
    }
}

static void assert_row(int d, double m, double s2, const double *x, const double *y,
                       const double *z, double distance2, double loss)
{
    double sum = 0.0, denoising = 0.0;
    for (int j = 0; j < d; j++) {
        const double gap = z[j] - 1.0 / s2 * (m * x[j] - y[j]);
        sum += (x[j] - y[j]) * (x[j] - y[j]);
        denoising += gap * gap;
    }
    assert_true(distance2 == sum && loss == denoising);
}

static void sums_of_rows(void **state)
{
    (void)state;
    enum { ALL = 39, MOST_D = 3 };
    const double m = 0.7, s2 = 0.3;
    double x[ALL], y[ALL], z[ALL], distance2[ALL], loss[ALL];
    for (int i = 0; i < ALL; i++)
        x[i] = sin(1.7 * i), y[i] = cos(0.9 * i), z[i] = 1.0 / (i + 1);
    for (int c = 0; c < MOST_D * LEN(ISAS); c++) {
        const kernel *k = kernel_named(ISAS[c / MOST_D]);
        const int d = 1 + c % MOST_D;
        if (k == NULL) continue;
        k->row_distances2(d, ALL / d, x, y, distance2);
        k->denoising_losses(d, ALL / d, m, s2, x, y, z, loss);
        for (int i = 0; i < ALL / d; i++)
            assert_row(d, m, s2, x + (long)i * d, y + (long)i * d, z + (long)i * d,
                       distance2[i], loss[i]);
    }
}

static void assert_moments(int n, const double *y, int stride, const double *moment)
{
    double sum = 0.0, square = 0.0, cube = 0.0;
    for (long i = 0; i < n; i++) sum += y[i * stride];
    for (long i = 0; i < n; i++) {
        const double gap = y[i * stride] - sum / n;
        square += gap * gap;
        cube += gap * gap * gap;
    }
    assert_near(moment[0], sum / n, 1e-14);
    assert_near(moment[1], square, 1e-13);
    assert_near(moment[2], cube, 1e-13);
}

/* Whole lanes or not, columns of one or of several; the same bits on every instruction set. */
static void moments_of_columns(void **state)
{
    (void)state;
    enum { LONGEST = 41, WIDE = 3 };
    double y[LONGEST * WIDE];
    for (int i = 0; i < LEN(y); i++) y[i] = 1.0 + sin(0.1 * i * i);
    for (int c = 0; c < LONGEST * WIDE; c++) {
        const int n = 1 + c / WIDE, stride = 1 + c % WIDE;
        double expected[3];
        kernel_named("baseline")->moments(n, y, stride, expected);
        assert_moments(n, y, stride, expected);
        for (int i = 0; i < LEN(ISAS); i++) {
            double moment[3];
            if (kernel_named(ISAS[i]) == NULL) continue;
            kernel_named(ISAS[i])->moments(n, y, stride, moment);
            assert_memory_equal(moment, expected, sizeof moment);
        }
    }
}

static void the_best_table_is_one_of_the_named(void **state)
{
    (void)state;
    assert_ptr_equal(kernel_named(kernel_best()->isa), kernel_best());
    assert_non_null(kernel_named("baseline"));
    assert_null(kernel_named("sse9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp2_is_accurate),
        cmocka_unit_test(exp2_is_exact_on_integers_and_flushes_below_minus_1000),
        cmocka_unit_test(log_is_accurate),
        cmocka_unit_test(sincos2pi_is_accurate),
        cmocka_unit_test(sincos2pi_is_exact_on_quadrants),
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(philox_gives_the_words_of_random123),
        cmocka_unit_test(uniforms_and_normals_are_those_of_the_words),
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(bumps_on_a_grid),
        cmocka_unit_test(bumps_of_their_own_width),
        cmocka_unit_test(blocks_of_points),
        cmocka_unit_test(posteriors),
        cmocka_unit_test(length_and_alignment_do_not_matter),
        cmocka_unit_test(products),
        cmocka_unit_test(sparse_products),
        cmocka_unit_test(arrays_of_training),
        cmocka_unit_test(places),
        cmocka_unit_test(rows_of_points),
        cmocka_unit_test(sums_of_rows),
        cmocka_unit_test(moments_of_columns),
        cmocka_unit_test(the_best_table_is_one_of_the_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
