/* Elementary functions in plain C, without branches, calls or tables, so that a loop over them
 * vectorises and gives the same bits on every instruction set.
 *
 * fma() is written wherever a compiler might contract: one instruction for AVX2 and AVX-512, the
 * correctly rounded (slow) function of libm for the baseline. Polynomials are the interpolants at
 * the Chebyshev nodes of the reduced interval. A NaN comes out as a NaN (see simd_exp2).
 */
#ifndef SC_KERNEL_MATH_H
#define SC_KERNEL_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x)
{
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static inline double double_of(uint64_t b)
{
    double x;
    memcpy(&x, &b, sizeof x);
    return x;
}

/* x + ROUNDER has the integer nearest to x in its low bits (|x| < 2^51). */
#define ROUNDER 0x1.8p52

/* 2^x for x < 1023.5, within 0.85 ulp; 0 for x < -1000, so that no weight is denormal.
 * x = n + f, |f| <= 1/2, 2^f = 1 + f Q(f), Q of degree 10 (error 6e-18). The coefficient of f^2 in Q
 * also carries 4 (ln 2 - Q(0)): it cancels the rounding of Q(0) = ln 2 at |f| = 1/2. The factor 2^n is added to
 * the exponent; a NaN stays one if its lower 12 bits are 0, as arithmetic leaves them. */
static inline double simd_exp2(double x)
{
    double shifted = x + ROUNDER;
    double f = x - (shifted - ROUNDER);
    double q = 0x1.e9d3fe3952179p-32;
    q = fma(q, f, 0x1.e6063f7217bc6p-28);
    q = fma(q, f, 0x1.b524fae627834p-24);
    q = fma(q, f, 0x1.62bfd47773353p-20);
    q = fma(q, f, 0x1.ffcbfc670dcd4p-17);
    q = fma(q, f, 0x1.430913096fd9fp-13);
    q = fma(q, f, 0x1.5d87fe78a5276p-10);
    q = fma(q, f, 0x1.3b2ab6fba1ddap-7);
    q = fma(q, f, 0x1.c6b08d704a0cfp-5);
    q = fma(q, f, 0x1.ebfbdff82c598p-3);
    q = fma(q, f, 0x1.62e42fefa39efp-1);
    double power = double_of(bits_of(fma(q, f, 1.0)) + (bits_of(shifted) << 52));
    return x < -1000.0 ? 0.0 : power; /* where n would leave its 12 bits, too */
}

/* log x for normal positive finite x, within 0.9 ulp.
 * x = 2^e (1 + g), 1 + g in [sqrt(1/2), sqrt 2); s = g/(2 + g), log(1 + g) = 2 atanh s
 * = g - (g^2/2 - s (g^2/2 + R)), R = s^2 L(s^2), L of degree 6 (error 1e-17 of the result). The
 * arrangement is fdlibm's e_log.c: ln 2 in two parts, the first exact when multiplied by e. */
static inline double simd_log(double x)
{
    const uint64_t sqrt_half = 0x3fe6a09e667f3bcd; /* bits of sqrt(1/2) */
    const uint64_t mantissa = 0x000fffffffffffff;
    uint64_t above = bits_of(x) - sqrt_half + 0x3ff0000000000000;
    /* The biased exponent as a double without an integer conversion, which AVX2 lacks. */
    double e = double_of((above >> 52) | 0x4330000000000000) - (0x1p52 + 1023.0);
    double g = double_of((above & mantissa) + sqrt_half) - 1.0;
    double s = g / (2.0 + g);
    double z = s * s;
    double r = 0x1.2b584aae78a57p-3;
    r = fma(r, z, 0x1.39fe606542ddep-3);
    r = fma(r, z, 0x1.7462b4ab2ef6bp-3);
    r = fma(r, z, 0x1.c71c62e5800a1p-3);
    r = fma(r, z, 0x1.2492492df148dp-2);
    r = fma(r, z, 0x1.99999999952e2p-2);
    r = fma(r, z, 0x1.5555555555558p-1);
    double half_square = 0.5 * g * g;
    double inner = fma(s, fma(r, z, half_square), e * 0x1.a39ef35793c76p-33);
    return fma(e, 0x1.62e42fee00000p-1, g - (half_square - inner));
}

/* sin 2 pi r and cos 2 pi r for |r| <= 1/8, z = r^2: sin 2 pi r = r S(z), cos 2 pi r = 1 + z C(z), both of degree 6
 * (errors 1e-18); S(0) = 2 pi in two parts. */
static inline void simd_sincos_eighth(double r, double *sine, double *cosine)
{
    double z = r * r;
    double p = 0x1.e3f38399551bfp+1;
    p = fma(p, z, -0x1.e30071afc3e59p+3);
    p = fma(p, z, 0x1.50782fda12d96p+5);
    p = fma(p, z, -0x1.32d2cce2e5b19p+6);
    p = fma(p, z, 0x1.466bc677587f8p+6);
    p = fma(p, z, -0x1.4abbce625be41p+5);
    *sine = fma(r, 0x1.921fb54442d18p+2, r * fma(p, z, 2.2515506477589669e-16));
    double c = -0x1.b2f3eb054afcdp+0;
    c = fma(c, z, 0x1.f9ce245cada0bp+2);
    c = fma(c, z, -0x1.a6d1eef479be1p+4);
    c = fma(c, z, 0x1.e1f5068688d5bp+5);
    c = fma(c, z, -0x1.55d3c7e3cb241p+6);
    c = fma(c, z, 0x1.03c1f081b5ac0p+6);
    c = fma(c, z, -0x1.3bd3cc9be45dep+4);
    *cosine = fma(c, z, 1.0);
}

/* sin(2 pi u) and cos(2 pi u) for |u| <= 2^48, within 1.1 ulp.
 * u = k/4 + r, |r| <= 1/8: quadrant k swaps sin 2 pi r and cos 2 pi r and flips signs. */
static inline void simd_sincos2pi(double u, double *sine, double *cosine)
{
    double s, c, shifted = fma(u, 4.0, ROUNDER);
    simd_sincos_eighth(fma(shifted - ROUNDER, -0.25, u), &s, &c);
    uint64_t k = bits_of(shifted);
    uint64_t swap = 0 - (k & 1); /* all ones in an odd quadrant */
    uint64_t sb = bits_of(s), cb = bits_of(c), exchange = (sb ^ cb) & swap;
    *sine = double_of(sb ^ exchange ^ ((k & 2) << 62));
    *cosine = double_of(cb ^ exchange ^ (((k + 1) & 2) << 62));
}

#endif
