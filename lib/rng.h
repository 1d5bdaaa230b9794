/* rng -- Philox4x32-10 streams.  Floor 0.
 *
 * Salmon, Moraes, Dror, Shaw 2011. Key = 64-bit hash of (seed, name); counter =
 * (replicate: 64 bits, block: 32, stream: 32), so that a draw depends on nothing but these
 * numbers: not on threads, ranks, batch size or on what else ran.
 *
 * A block is 128 bits = two doubles. A call for n numbers always starts at a fresh block and
 * uses ceil(n/2) of them (fixed consumption), whatever the transform.
 *   uniform   u = (k + 1/2) 2^-52, k the upper 52 bits: strictly inside (0, 1), exact
 *   normal    Box-Muller: r = sqrt(-2 log u1), z = (r cos 2 pi u2, r sin 2 pi u2)
 */
#ifndef SC_RNG_H
#define SC_RNG_H

#include "base.h"

typedef struct {
    uint32_t word[2];
} rng_key;

/* 64-bit FNV-1a of the seed (8 bytes, low first) and the name, finalised as splitmix64 does. */
rng_key rng_key_of(uint64_t seed, const char *name);

/* A position in one replicate's sequence; a value. */
typedef struct {
    rng_key key;
    uint64_t replicate;
    uint32_t stream;
    uint32_t block;
} rng;

/* Block 0 of (replicate, stream). */
rng rng_at(rng_key key, uint64_t replicate, uint32_t stream);
/* n numbers, n >= 0; a stream has 2^32 - 1 blocks. */
void rng_uniform(rng *r, long n, double *u);
void rng_normal(rng *r, long n, double *z);
/* Index i < k with probability w[i]/sum w, w >= 0 not all 0; one uniform (one block). */
int rng_index(rng *r, int k, const double *w);
/* The first k of a random order of 0 .. n-1, 1 <= k <= n; k uniforms, one call. */
void rng_choose(rng *r, int n, int k, int *chosen);

/* The batched forms: row i (n_rows rows, leading dimension ld >= n) holds what the scalar form
   gives for replicate first + i, stream, starting at `block`. */
void rng_uniform_rows(rng_key key, uint64_t first, uint32_t stream, uint32_t block,
                      long n_rows, long n, double *u, long ld);
void rng_normal_rows(rng_key key, uint64_t first, uint32_t stream, uint32_t block,
                     long n_rows, long n, double *z, long ld);

#endif
