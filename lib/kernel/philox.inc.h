/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): the words of a run of counters.
 *
 * A counter is two halves, words 0 and 1 and words 2 and 3, each of a low and a high word. A round is
 *
 *     low_a <- hi(M_b low_b) ^ high_a ^ key_a,   high_a <- lo(M_b low_b),
 *
 * and the same with a and b exchanged. In a run without carry one word moves: let it be low_a. Then M_b low_b of round
 * 0 and M_a low_a of round 1 are the same for all counters, and are found once.
 */
enum { PHILOX_ROUNDS = 10 };
/* Vectors in flight, which hide the latency of the multiplication. */
enum { PHILOX_UNROLL = 4, PHILOX_GROUP = LANES * PHILOX_UNROLL };

/* What the counters of a run have in common; index 0 is of half a, 1 of half b. */
typedef struct {
    uint32_t first;         /* low_a of the first counter */
    uint64_t multiplier[2]; /* M */
    /* of what round i xors into low the part that is the same for all */
    uint64_t with[PHILOX_ROUNDS][2];
} philox_common;

static inline philox_common philox_common_of(const kernel_run *run)
{
    static const uint32_t M[2] = {0xD2511F53, 0xCD9E8D57};
    /* golden ratio, sqrt 3 - 1 */
    static const uint32_t WEYL[2] = {0x9E3779B9, 0xBB67AE85};
    const uint32_t low[2] = {(uint32_t)run->replicate, run->block};
    const uint32_t high[2] = {(uint32_t)(run->replicate >> 32), run->stream};
    const int a = run->along_rows ? 0 : 1, b = 1 - a;
    philox_common c = {.first = low[a], .multiplier = {M[a], M[b]}};
    for (uint32_t i = 0; i < PHILOX_ROUNDS; i++) {
        c.with[i][0] = run->key[a] + i * WEYL[a];
        c.with[i][1] = run->key[b] + i * WEYL[b];
    }
    const uint64_t b0 = c.multiplier[1] * low[b];
    const uint64_t a1 = c.multiplier[0] * ((b0 >> 32) ^ high[a] ^ c.with[0][0]);
    c.with[0][1] ^= high[b];
    c.with[1][0] ^= (uint32_t)b0;
    c.with[1][1] ^= a1 >> 32;
    c.with[2][1] ^= (uint32_t)a1;
    return c;
}

// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define EACH_VECTOR(v) _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++)

/* The words of the counters with low_a in the lanes of x, x + LANES, ..., `vectors` <= PHILOX_UNROLL of them. The upper half
   of a lane is not used until the end. */
INLINE void philox_group(const philox_common *c, lanes x, int vectors,
                         uint64_t *restrict words_a, uint64_t *restrict words_b)
{
    const lanes ma = lanes_all(c->multiplier[0]), mb = lanes_all(c->multiplier[1]);
    /* low words, and products, whose lower halves are the high words */
    lanes a[PHILOX_UNROLL], b[PHILOX_UNROLL], pa[PHILOX_UNROLL], pb[PHILOX_UNROLL];
    EACH_VECTOR (v) {
        pa[v] = lanes_multiply_low(x + (uint64_t)v * LANES, ma);
        b[v] = (pa[v] >> 32) ^ c->with[0][1];
    }
    EACH_VECTOR (v) {
        pb[v] = lanes_multiply_low(b[v], mb);
        a[v] = (pb[v] >> 32) ^ c->with[1][0];
        b[v] = pa[v] ^ c->with[1][1];
        pa[v] = (lanes){0}; /* what it would be is in with[2][1] */
    }
#pragma GCC unroll 8
    for (int i = 2; i < PHILOX_ROUNDS; i++)
        EACH_VECTOR (v) {
            const lanes high_a = pb[v], high_b = pa[v];
            pa[v] = lanes_multiply_low(a[v], ma);
            pb[v] = lanes_multiply_low(b[v], mb);
            a[v] = (pb[v] >> 32) ^ (high_a ^ c->with[i][0]);
            b[v] = (pa[v] >> 32) ^ (high_b ^ c->with[i][1]);
        }
    EACH_VECTOR (v) {
        a[v] = (a[v] & 0xffffffff) | (pb[v] << 32);
        b[v] = (b[v] & 0xffffffff) | (pa[v] << 32);
        memcpy(words_a + (long)v * LANES, &a[v], sizeof a[v]);
        memcpy(words_b + (long)v * LANES, &b[v], sizeof b[v]);
    }
}

/* Counters of the run until its low word carries, at most n. */
static inline long philox_until_carry(const kernel_run *run, long n)
{
    const uint64_t at = run->along_rows ? run->replicate : run->block;
    const long left = (1L << 32) - (long)(uint32_t)at;
    return n < left ? n : left;
}

static inline void philox_advance(kernel_run *run, long n)
{
    run->replicate += run->along_rows ? (uint64_t)n : 0;
    run->block += run->along_rows ? 0 : (uint32_t)n;
}

/* n counters without carry; lane e of the vector from j on has number j + order[e]. */
static inline void philox_words(const kernel_run *run, lanes order, long n,
                                uint64_t *restrict first, uint64_t *restrict second)
{
    const philox_common c = philox_common_of(run);
    uint64_t *a = run->along_rows ? first : second,
             *b = run->along_rows ? second : first;
    lanes x = order + c.first;
    long j = 0;
    for (; j + PHILOX_GROUP <= n; j += PHILOX_GROUP, x += PHILOX_GROUP)
        philox_group(&c, x, PHILOX_UNROLL, a + j, b + j);
    for (; j < n; j += LANES, x += LANES) {
        uint64_t some_a[LANES], some_b[LANES];
        const size_t kept = (size_t)(n - j < LANES ? n - j : LANES);
        philox_group(&c, x, 1, some_a, some_b);
        memcpy(a + j, some_a, kept * sizeof *a);
        memcpy(b + j, some_b, kept * sizeof *b);
    }
}

static void philox(const kernel_run *run, long n, uint64_t *restrict first,
                   uint64_t *restrict second)
{
    kernel_run part = *run;
    for (long done = 0, here; done < n; done += here) {
        here = philox_until_carry(&part, n - done);
        philox_words(&part, lanes_index(), here, first + done, second + done);
        philox_advance(&part, here);
    }
}
