#include "ball.h"

#include "base.h"

#include <math.h>

enclosure ball_enclose(const arb_t x)
{
    arf_t lo, hi;
    arf_init(lo);
    arf_init(hi);
    arb_get_interval_arf(lo, hi, x, BALL_PRECISION);
    enclosure e = {arf_get_d(lo, ARF_RND_FLOOR), arf_get_d(hi, ARF_RND_CEIL), 0.0};
    arf_clear(lo);
    arf_clear(hi);
    return e;
}

void ball_set(arb_t x, const char *text)
{
    REQUIRE(arb_set_str(x, text, BALL_PRECISION) == 0);
}

/* Phi(x) = erfc(-x/sqrt 2)/2 */
void ball_normal_cdf(arb_t p, const arb_t x)
{
    arb_t root2;
    arb_init(root2);
    arb_sqrt_ui(root2, 2, BALL_PRECISION);
    arb_div(p, x, root2, BALL_PRECISION);
    arb_neg(p, p);
    arb_hypgeom_erfc(p, p, BALL_PRECISION);
    arb_mul_2exp_si(p, p, -1);
    arb_clear(root2);
}

void ball_shift_tv(arb_t tv, const arb_t d)
{
    arb_t root8;
    arb_init(root8);
    arb_sqrt_ui(root8, 8, BALL_PRECISION);
    arb_abs(tv, d);
    arb_div(tv, tv, root8, BALL_PRECISION);
    arb_hypgeom_erf(tv, tv, BALL_PRECISION);
    arb_clear(root8);
}
