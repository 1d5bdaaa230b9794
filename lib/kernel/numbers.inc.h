/* Uniforms and normals of the words of Philox: the words of NUMBERS_CHUNK blocks into a buffer in L1, then the transform.
 * Of two numbers a block the words come in the order in which lanes_weave() wants them.
 */
#include "kernel/philox.inc.h"

enum { NUMBERS_CHUNK = 512 };

/* (k + 1/2) 2^-52, k the upper 52 bits: strictly between 0 and 1, exact. */
static inline double uniform_of(uint64_t bits)
{
    return double_of((bits >> 12) | 0x3ff0000000000000) - (1.0 - 0x1p-53);
}

/* sin and cos of 2 pi u, u = uniform_of(bits): of u + 1/8 the upper two bits are the quadrant, the next 50, with the half,
   are r + 1/8. */
static inline void circle_of(uint64_t bits, double *sine, double *cosine)
{
    const uint64_t quarter = UINT64_C(1) << 62, sign = UINT64_C(1) << 63;
    const uint64_t turn = bits + quarter / 2;
    const uint64_t shifted = ((turn >> 11) & 0x0007fffffffffffe) | 0x3fe0000000000001;
    double s, c;
    simd_sincos_eighth(double_of(shifted) - 0.625, &s, &c);
    const uint64_t sb = bits_of(s), cb = bits_of(c);
    const bool odd = (turn & quarter) != 0;
    *sine = double_of((odd ? cb : sb) ^ (turn & sign));
    *cosine = double_of((odd ? sb : cb) ^ ((turn + quarter) & sign));
}

/* What becomes of the words of n blocks, n filling vectors: the first `keep` numbers of each, one block after another. */
typedef void numbers_transform(long n, int keep, const uint64_t *restrict first,
                               const uint64_t *restrict second, double *restrict x);

/* A vector of first and one of second numbers. */
INLINE void numbers_store(int keep, const double *a, const double *b,
                          double *restrict x)
{
    if (keep == 2)
        lanes_weave(a, b, x);
    else
        memcpy(x, a, LANES * sizeof *x);
}

static void to_uniforms(long n, int keep, const uint64_t *restrict first,
                        const uint64_t *restrict second, double *restrict x)
{
    for (long j = 0; j < n; j += LANES) {
        double a[LANES], b[LANES];
#pragma omp simd
        for (int e = 0; e < LANES; e++) {
            a[e] = uniform_of(first[j + e]);
            b[e] = uniform_of(second[j + e]);
        }
        numbers_store(keep, a, b, x + keep * j);
    }
}

/* Box-Muller. Two loops: in one the chain from logarithm to product is longer than a processor looks ahead. */
static void to_normals(long n, int keep, const uint64_t *restrict first,
                       const uint64_t *restrict second, double *restrict x)
{
    double square[NUMBERS_CHUNK]; /* of the radius */
#pragma omp simd
    for (long j = 0; j < n; j++) square[j] = -2.0 * simd_log(uniform_of(first[j]));
    for (long j = 0; j < n; j += LANES) {
        double a[LANES], b[LANES];
#pragma omp simd
        for (int e = 0; e < LANES; e++) {
            double s, c;
            const double radius = sqrt(square[j + e]);
            circle_of(second[j + e], &s, &c);
            a[e] = radius * c;
            b[e] = radius * s;
        }
        numbers_store(keep, a, b, x + keep * j);
    }
}

/* n times `keep` numbers to x, x + ld, ... */
static void numbers_spread(long n, int keep, const double *restrict from,
                           double *restrict x, long ld)
{
    if (keep == 2)
        for (long j = 0; j < n; j++) memcpy(x + j * ld, from + 2 * j, 2 * sizeof *x);
    else
        for (long j = 0; j < n; j++) x[j * ld] = from[j];
}

/* The first `keep` numbers of block j to x[j*ld]. */
static void numbers(const kernel_run *run, long n, int keep, double *x, long ld,
                    numbers_transform *transform)
{
    uint64_t first[NUMBERS_CHUNK], second[NUMBERS_CHUNK];
    double chunk[2 * NUMBERS_CHUNK];
    const lanes order = keep == 2 ? lanes_woven() : lanes_index();
    kernel_run part = *run;
    for (long done = 0, here; done < n; done += here) {
        here = philox_until_carry(&part, n - done);
        here = here < NUMBERS_CHUNK ? here : NUMBERS_CHUNK;
        const long whole = (here + LANES - 1) / LANES * LANES;
        const bool direct = ld == keep && here == whole;
        double *y = x + done * ld;
        philox_words(&part, order, whole, first, second);
        transform(whole, keep, first, second, direct ? y : chunk);
        if (!direct) numbers_spread(here, keep, chunk, y, ld);
        philox_advance(&part, here);
    }
}

static void uniforms(const kernel_run *run, long n, int keep, double *u, long ld)
{
    numbers(run, n, keep, u, ld, to_uniforms);
}

static void normals(const kernel_run *run, long n, int keep, double *z, long ld)
{
    numbers(run, n, keep, z, ld, to_normals);
}
