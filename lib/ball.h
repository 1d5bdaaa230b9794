/* ball -- certified numbers by ball arithmetic (Arb).  Floor 0.
 *
 * An experiment writes its formula in arb_t at BALL_PRECISION bits and hands the result over.
 */
#ifndef SC_BALL_H
#define SC_BALL_H

#if __has_include(<arb.h>)
#include <arb.h>
#include <arb_hypgeom.h>
#else
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#endif

#include "enclosure.h"

enum { BALL_PRECISION = 128 };

/* The ball as an enclosure with alpha = 0, endpoints rounded outwards to double. */
enclosure ball_enclose(const arb_t x);
/* x <- the decimal number in text ("0.1", exactly as a ball); aborts on a malformed literal. */
void ball_set(arb_t x, const char *text);
/* p <- Phi(x). */
void ball_normal_cdf(arb_t p, const arb_t x);
/* tv <- TV(N(d, 1), N(0, 1)) = erf(d/(2 sqrt 2)), d >= 0. */
void ball_shift_tv(arb_t tv, const arb_t d);

#endif
