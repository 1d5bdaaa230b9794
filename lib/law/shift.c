/* shift.c -- certified: N(0, 1) under VP with a constant score error. */
#include "ball.h"
#include "law.h"

enclosure law_shift_tv(const char *eps, const char *B)
{
    arb_t d, decay;
    arb_init(d);
    arb_init(decay);
    ball_set(d, eps);
    ball_set(decay, B);
    arb_mul_2exp_si(decay, decay, -1);
    arb_neg(decay, decay);
    arb_expm1(decay, decay, BALL_PRECISION); /* e^{-B/2} - 1 */
    arb_mul(d, d, decay, BALL_PRECISION);
    arb_mul_si(d, d, -2, BALL_PRECISION);
    ball_shift_tv(d, d);
    enclosure tv = ball_enclose(d);
    arb_clear(d);
    arb_clear(decay);
    return tv;
}
