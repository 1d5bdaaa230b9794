/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), and uniforms and normals made of it in two
 * stages: the bits of PHILOX_CHUNK blocks into a buffer in L1, then the transform.
 */
enum { PHILOX_CHUNK = 256, PHILOX_UNROLL = 4, PHILOX_ROUNDS = 10 };

/* Blocks j .. j + LANES * vectors - 1, vectors <= PHILOX_UNROLL: several vectors in flight hide
   the latency of the multiplication. Word i of a counter is c[i]; its upper half is not used
   until the end. */
static inline void philox_group(const kernel_run *run, long j, int vectors,
                                uint64_t *restrict first, uint64_t *restrict second)
{
    lanes c[PHILOX_UNROLL][4];
    uint64_t dr = run->along_rows ? 1 : 0, db = 1 - dr;
    for (int v = 0; v < vectors; v++) {
        uint64_t at = (uint64_t)j + (uint64_t)v * LANES;
        lanes replicate = lanes_count(run->replicate + at * dr, 0 - dr);
        c[v][0] = replicate;
        c[v][1] = replicate >> 32;
        c[v][2] = lanes_count(run->block + at * db, 0 - db);
        c[v][3] = lanes_all(run->stream);
    }
    const lanes m0 = lanes_all(0xD2511F53), m1 = lanes_all(0xCD9E8D57);
    uint32_t k0 = run->key[0], k1 = run->key[1];
#pragma GCC unroll 10
    for (int i = 0; i < PHILOX_ROUNDS; i++) {
        for (int v = 0; v < vectors; v++) {
            lanes p = lanes_multiply_low(c[v][0], m0);
            lanes q = lanes_multiply_low(c[v][2], m1);
            c[v][0] = (q >> 32) ^ c[v][1] ^ k0;
            c[v][1] = q;
            c[v][2] = (p >> 32) ^ c[v][3] ^ k1;
            c[v][3] = p;
        }
        k0 += 0x9E3779B9; /* golden ratio */
        k1 += 0xBB67AE85; /* sqrt 3 - 1 */
    }
    for (int v = 0; v < vectors; v++) {
        lanes a = (c[v][0] & 0xffffffff) | (c[v][1] << 32);
        lanes b = (c[v][2] & 0xffffffff) | (c[v][3] << 32);
        memcpy(first + (long)v * LANES, &a, sizeof a);
        memcpy(second + (long)v * LANES, &b, sizeof b);
    }
}

static void philox(const kernel_run *run, long n, uint64_t *restrict first,
                   uint64_t *restrict second)
{
    enum { GROUP = LANES * PHILOX_UNROLL };
    long j = 0;
    for (; j + GROUP <= n; j += GROUP)
        philox_group(run, j, PHILOX_UNROLL, first + j, second + j);
    for (; j < n; j += LANES) {
        uint64_t a[LANES], b[LANES];
        size_t kept = (size_t)(n - j < LANES ? n - j : LANES);
        philox_group(run, j, 1, a, b);
        memcpy(first + j, a, kept * sizeof *a);
        memcpy(second + j, b, kept * sizeof *b);
    }
}

/* (k + 1/2) 2^-52, k the upper 52 bits: strictly between 0 and 1, exact. */
static inline double uniform_of(uint64_t bits)
{
    return (double_of((bits >> 12) | 0x3ff0000000000000) - 1.0) + 0x1p-53;
}

/* What becomes of the two 64-bit words of n <= PHILOX_CHUNK blocks. */
typedef void philox_transform(long n, const uint64_t *first, const uint64_t *second,
                              double *restrict a, double *restrict b);

static inline void to_uniforms(long n, const uint64_t *first, const uint64_t *second,
                               double *restrict a, double *restrict b)
{
#pragma omp simd
    for (long j = 0; j < n; j++) {
        a[j] = uniform_of(first[j]);
        b[j] = uniform_of(second[j]);
    }
}

/* Box-Muller. */
static inline void to_normals(long n, const uint64_t *first, const uint64_t *second,
                              double *restrict a, double *restrict b)
{
#pragma omp simd
    for (long j = 0; j < n; j++) {
        double radius = sqrt(-2.0 * simd_log(uniform_of(first[j])));
        double s, c;
        simd_sincos2pi(uniform_of(second[j]), &s, &c);
        a[j] = radius * c;
        b[j] = radius * s;
    }
}

/* Block j to x[j*ld] and, if keep = 2, x[j*ld + 1]. */
static inline void philox_numbers(const kernel_run *run, long n, int keep, double *x,
                                  long ld, philox_transform *transform)
{
    uint64_t first[PHILOX_CHUNK], second[PHILOX_CHUNK];
    double a[PHILOX_CHUNK], b[PHILOX_CHUNK];
    kernel_run part = *run;
    for (long done = 0; done < n; done += PHILOX_CHUNK) {
        long m = n - done < PHILOX_CHUNK ? n - done : PHILOX_CHUNK;
        double *y = x + done * ld;
        philox(&part, m, first, second);
        transform(m, first, second, a, b);
        if (keep == 2 && ld == 2) {
#pragma omp simd
            for (long j = 0; j < m; j++) {
                y[2 * j] = a[j];
                y[2 * j + 1] = b[j];
            }
        } else {
            for (long j = 0; j < m; j++) y[j * ld] = a[j];
            if (keep == 2)
                for (long j = 0; j < m; j++) y[j * ld + 1] = b[j];
        }
        part.replicate += run->along_rows ? PHILOX_CHUNK : 0;
        part.block += run->along_rows ? 0 : PHILOX_CHUNK;
    }
}

static void uniforms(const kernel_run *run, long n, int keep, double *u, long ld)
{
    philox_numbers(run, n, keep, u, ld, to_uniforms);
}

static void normals(const kernel_run *run, long n, int keep, double *z, long ld)
{
    philox_numbers(run, n, keep, z, ld, to_normals);
}
