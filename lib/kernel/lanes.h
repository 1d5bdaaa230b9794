/* A vector of 64-bit lanes of the widest kind the instruction set has, and the one operation on
 * it that compilers do not find by themselves: the product of the lower halves, one instruction
 * where a 64-bit product takes three.
 */
#ifndef SC_KERNEL_LANES_H
#define SC_KERNEL_LANES_H

#include <stdint.h>
#include <string.h>

#ifdef KERNEL_X86
#include <immintrin.h>
#endif

#if defined __AVX512F__
enum { LANES = 8 };
#elif defined __AVX2__
enum { LANES = 4 };
#else
enum { LANES = 2 };
#endif

typedef uint64_t lanes __attribute__((vector_size(LANES * sizeof(uint64_t))));

/* Lane by lane (a mod 2^32)(b mod 2^32). */
static inline lanes lanes_multiply_low(lanes a, lanes b)
{
#if defined __AVX512F__
    return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined KERNEL_X86
    return (lanes)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & 0xffffffff) * (b & 0xffffffff);
#endif
}

/* to[0..7] <- x[0..7] past the caches, for what is far larger than they are: written through them it would be read first.
   to stands on a multiple of 64 bytes; lanes_streamed() before another thread reads it. */
static inline void lanes_stream(double *to, const double *x)
{
#if defined __AVX512F__
    _mm512_stream_pd(to, _mm512_loadu_pd(x));
#elif defined KERNEL_X86
    for (int i = 0; i < 8; i += 2) _mm_stream_pd(to + i, _mm_loadu_pd(x + i));
#else
    memcpy(to, x, 8 * sizeof *x);
#endif
}

static inline void lanes_streamed(void)
{
#ifdef KERNEL_X86
    _mm_sfence();
#endif
}

/* x in every lane. */
static inline lanes lanes_all(uint64_t x) { return (lanes){0} + x; }

/* 0, 1, 2, ... */
static inline lanes lanes_index(void)
{
    static const uint64_t INDEX[] = {0, 1, 2, 3, 4, 5, 6, 7};
    lanes index;
    memcpy(&index, INDEX, sizeof index);
    return index;
}

/* 0, h, 1, h + 1, 2, ..., h = LANES/2: what the lanes of a and b must stand for in lanes_weave(). */
static inline lanes lanes_woven(void)
{
    const lanes e = lanes_index();
    return (e >> 1) + (e & 1) * (LANES / 2);
}

/* to <- a, b of number 0, a, b of number 1, ...: two operations that stay within 128 bits, on units that multiplications
   leave free, where numbers in their own order take two that do not. */
static inline void lanes_weave(const double *a, const double *b, double *to)
{
#if defined __AVX512F__
    const __m512d x = _mm512_loadu_pd(a), y = _mm512_loadu_pd(b);
    _mm512_storeu_pd(to, _mm512_unpacklo_pd(x, y));
    _mm512_storeu_pd(to + LANES, _mm512_unpackhi_pd(x, y));
#elif defined __AVX2__
    const __m256d x = _mm256_loadu_pd(a), y = _mm256_loadu_pd(b);
    _mm256_storeu_pd(to, _mm256_unpacklo_pd(x, y));
    _mm256_storeu_pd(to + LANES, _mm256_unpackhi_pd(x, y));
#else
    to[0] = a[0];
    to[1] = b[0];
    to[2] = a[1];
    to[3] = b[1];
#endif
}

#endif
