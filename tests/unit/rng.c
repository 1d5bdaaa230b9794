/* Streams: Random123's words, batched = scalar bit for bit, and the laws of what comes out. */
#include "rng.h"

#include "check.h"
#include "kernel.h"
#include "stats.h"

#include <Random123/philox.h>
#include <stdlib.h>
#include <string.h>

static const double LEVEL =
    1e-6; /* of every statistical test here, under a fixed seed */

/* Number i of the blocks of (key, replicate, stream), from Random123. */
static double reference_uniform(rng_key key, uint64_t replicate, uint32_t stream, int i)
{
    philox4x32_ctr_t c = {
        {(uint32_t)replicate, (uint32_t)(replicate >> 32), (uint32_t)i / 2, stream}};
    philox4x32_key_t k = {{key.word[0], key.word[1]}};
    philox4x32_ctr_t w = philox4x32(c, k);
    uint64_t bits =
        i % 2 == 0 ? w.v[0] | (uint64_t)w.v[1] << 32 : w.v[2] | (uint64_t)w.v[3] << 32;
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

static void uniforms_are_the_words_of_philox(void **state)
{
    (void)state;
    enum { N = 101 };
    rng_key key = rng_key_of(1, "uniforms");
    rng r = rng_at(key, 0x100000002, 9);
    double u[N];
    rng_uniform(&r, N, u);
    assert_int_equal(r.block, (N + 1) / 2);
    for (int i = 0; i < N; i++)
        assert_true(u[i] == reference_uniform(key, 0x100000002, 9, i));
}

static void uniforms_lie_strictly_inside_and_are_odd_multiples_of_2_to_minus_53(
    void **state)
{
    (void)state;
    enum { N = 10000 };
    rng r = rng_at(rng_key_of(1, "inside"), 0, 0);
    double u[N];
    rng_uniform(&r, N, u);
    for (int i = 0; i < N; i++) {
        assert_true(0.0 < u[i] && u[i] < 1.0);
        assert_int_equal((uint64_t)ldexp(u[i], 53) % 2, 1);
        assert_true(ldexp(u[i], 53) == floor(ldexp(u[i], 53)));
    }
}

/* r^2 = z1^2 + z2^2 = -2 log u1 and z1 sin 2 pi u2 = z2 cos 2 pi u2, z1 of the sign of cos. */
static void normals_are_box_muller_of_the_uniforms(void **state)
{
    (void)state;
    enum { N = 1000 };
    rng a = rng_at(rng_key_of(1, "box muller"), 5, 0), b = a;
    double u[N];
    double z[N];
    rng_uniform(&a, N, u);
    rng_normal(&b, N, z);
    assert_int_equal(a.block, b.block);
    for (int i = 0; i < N; i += 2) {
        double radius = sqrt(-2.0 * log(u[i])), angle = 2.0 * SC_PI * u[i + 1];
        assert_near(z[i], radius * cos(angle), 1e-14);
        assert_near(z[i + 1], radius * sin(angle), 1e-14);
    }
}

static void calls_start_at_a_fresh_block(void **state)
{
    (void)state;
    double all[8];
    double part[8];
    rng r = rng_at(rng_key_of(1, "blocks"), 0, 0), s = r;
    rng_normal(&r, 8, all);
    rng_normal(&s, 3, part);     /* blocks 0, 1 */
    rng_normal(&s, 1, part + 4); /* block 2 */
    rng_normal(&s, 2, part + 6); /* block 3 */
    rng_normal(&s, 0, NULL);
    assert_int_equal(s.block, 4);
    assert_memory_equal(part, all, 3 * sizeof *all);
    assert_true(part[4] == all[4]);
    assert_memory_equal(part + 6, all + 6, 2 * sizeof *all);
}

typedef void scalar(rng *r, long n, double *x);
typedef void rows(rng_key key, uint64_t first, uint32_t stream, uint32_t block,
                  long n_rows, long n, double *x, long ld);

/* Rows of n numbers, in two batches, against one scalar call a row; the padding stays. */
static void compare_rows(scalar *one, rows *many, long n, long ld)
{
    enum { ROWS = 37, SPLIT = 20, BLOCK = 11 };
    const double untouched = -77.0;
    const uint64_t first = 0xfffffff0;
    rng_key key = rng_key_of(2, "rows");
    double *x = NEW_ARRAY(double, ROWS *ld), *y = NEW_ARRAY(double, n);
    for (long i = 0; i < ROWS * ld; i++) x[i] = untouched;
    many(key, first, 6, BLOCK, SPLIT, n, x, ld);
    many(key, first + SPLIT, 6, BLOCK, ROWS - SPLIT, n, x + SPLIT * ld, ld);
    for (int i = 0; i < ROWS; i++) {
        rng r = rng_at(key, first + (uint64_t)i, 6);
        r.block = BLOCK;
        one(&r, n, y);
        assert_memory_equal(x + i * ld, y, (size_t)n * sizeof *y);
        for (long j = n; j < ld; j++) assert_true(x[i * ld + j] == untouched);
    }
    free(x);
    free(y);
}

static void batches_are_the_scalar_form_bit_for_bit(void **state)
{
    (void)state;
    static const long LENGTHS[] = {1, 2, 3, 8, 29, 30, 33, 64, 1001};
    for (int i = 0; i < LEN(LENGTHS); i++) {
        long n = LENGTHS[i];
        compare_rows(rng_uniform, rng_uniform_rows, n, n);
        compare_rows(rng_uniform, rng_uniform_rows, n, n + 3);
        compare_rows(rng_normal, rng_normal_rows, n, n);
        compare_rows(rng_normal, rng_normal_rows, n, n + 3);
    }
}

/* ---- Laws ---------------------------------------------------------------- */

static double uniform_cdf(double x, const void *ctx)
{
    (void)ctx;
    return x;
}

static double normal_cdf(double x, const void *ctx)
{
    (void)ctx;
    return 0.5 * erfc(-x / sqrt(2.0));
}

static void uniforms_and_normals_have_their_laws(void **state)
{
    (void)state;
    enum { N = 200000 };
    double *x = NEW_ARRAY(double, N);
    rng_uniform_rows(rng_key_of(1, "law"), 0, 0, 0, N / 4, 4, x, 4);
    assert_true(stats_kolmogorov(N, x, uniform_cdf, NULL, LEVEL).lo == 0.0);
    rng_normal_rows(rng_key_of(1, "law"), 0, 1, 0, N / 4, 4, x, 4);
    assert_true(stats_kolmogorov(N, x, normal_cdf, NULL, LEVEL).lo == 0.0);
    free(x);
}

/* Moments 1 to 4 of pairs of normals and the products of neighbours, within 5 standard errors
   (level 6e-7 each): var z^k = E z^{2k} - (E z^k)^2. */
static void normals_have_their_moments(void **state)
{
    (void)state;
    enum { N = 200000, PAIRS = N / 2 };
    static const double MOMENT[] = {0.0, 1.0, 0.0, 3.0}, VAR[] = {1.0, 2.0, 15.0, 96.0};
    double *z = NEW_ARRAY(double, N);
    rng r = rng_at(rng_key_of(1, "moments"), 0, 0);
    rng_normal(&r, N, z);
    double sum[4] = {0.0}, pair = 0.0, neighbour = 0.0;
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < 4; k++) sum[k] += pow(z[i], k + 1);
        if (i % 2 == 1) pair += z[i - 1] * z[i];
        if (i % 2 == 1 && i + 1 < N) neighbour += z[i] * z[i + 1];
    }
    for (int k = 0; k < 4; k++)
        assert_near(sum[k] / N, MOMENT[k], 5.0 * sqrt(VAR[k] / N));
    assert_near(pair / PAIRS, 0.0, 5.0 / sqrt(PAIRS));
    assert_near(neighbour / PAIRS, 0.0, 5.0 / sqrt(PAIRS));
    free(z);
}

static void index_inverts_the_cumulative_weights(void **state)
{
    (void)state;
    static const double W[] = {0.0, 1.5, 0.0, 0.5, 2.0, 0.0}, LAST[] = {0.0, 0.0, 3.0};
    rng a = rng_at(rng_key_of(3, "index"), 0, 0), b = a;
    for (int i = 0; i < 2000; i++) {
        double u;
        rng_uniform(&b, 1, &u);
        int expected = u * 4.0 < 1.5 ? 1 : u * 4.0 < 2.0 ? 3 : 4;
        assert_int_equal(rng_index(&a, LEN(W), W), expected);
        assert_int_equal(a.block, b.block);
    }
    assert_int_equal(rng_index(&a, LEN(LAST), LAST), 2);
}

/* Of 5, all orders of 2: each of the 20 about as often (5 standard deviations), and no repetition in 5. */
static void choices_are_uniform_without_repetition(void **state)
{
    (void)state;
    enum { N = 5, DRAWS = 20000 };
    const rng_key key = rng_key_of(1, "choose");
    int times[N][N] = {{0}}, c[N];
    for (uint64_t j = 0; j < DRAWS; j++) {
        rng r = rng_at(key, j, 0);
        rng_choose(&r, N, 2, c);
        assert_int_equal(r.block, 1);
        times[c[0]][c[1]]++;
    }
    for (int a = 0; a < N; a++)
        for (int b = 0; b < N; b++)
            assert_near(times[a][b], a == b ? 0.0 : DRAWS / 20.0,
                        a == b ? 0.0 : 5.0 * sqrt(DRAWS * 0.05 * 0.95));
    rng r = rng_at(key, 0, 0);
    int seen[N] = {0};
    rng_choose(&r, N, N, c);
    for (int j = 0; j < N; j++) seen[c[j]]++;
    for (int j = 0; j < N; j++) assert_int_equal(seen[j], 1);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t key_bits(uint64_t seed, const char *name)
{
    rng_key k = rng_key_of(seed, name);
    return k.word[0] | (uint64_t)k.word[1] << 32;
}

/* No two of 8000 neighbouring (seed, name) share a key; one bit of the seed changes half of it. */
static void keys_differ(void **state)
{
    (void)state;
    enum { SEEDS = 80, NAMES = 100, KEYS = SEEDS * NAMES };
    uint64_t keys[KEYS];
    long n = 0;
    for (int s = 0; s < SEEDS; s++)
        for (int i = 0; i < NAMES; i++) {
            char name[] = {'c', (char)('0' + i / 10), (char)('0' + i % 10), '\0'};
            keys[n++] = key_bits((uint64_t)s, name);
        }
    qsort(keys, KEYS, sizeof *keys, by_key);
    for (int i = 1; i < KEYS; i++) assert_true(keys[i - 1] != keys[i]);
    for (int bit = 0; bit < 64; bit++) {
        int changed =
            __builtin_popcountll(key_bits(0, "x") ^ key_bits(1ULL << bit, "x"));
        assert_in_range(changed, 10,
                        54); /* binomial(64, 1/2): 5.5 standard deviations */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniforms_are_the_words_of_philox),
        cmocka_unit_test(
            uniforms_lie_strictly_inside_and_are_odd_multiples_of_2_to_minus_53),
        cmocka_unit_test(normals_are_box_muller_of_the_uniforms),
        cmocka_unit_test(calls_start_at_a_fresh_block),
        cmocka_unit_test(batches_are_the_scalar_form_bit_for_bit),
        cmocka_unit_test(uniforms_and_normals_have_their_laws),
        cmocka_unit_test(normals_have_their_moments),
        cmocka_unit_test(index_inverts_the_cumulative_weights),
        cmocka_unit_test(choices_are_uniform_without_repetition),
        cmocka_unit_test(keys_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
