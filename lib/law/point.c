/* point.c -- certified: the reverse SDE with a single training point against its kernel estimate. */
#include "ball.h"
#include "law.h"

#include <math.h>

/* g = m^2/(1 - m^2) (e^{2 u} - 1)^{1/2}, m = e^-T */
static void relative_gain(arb_t g, double T, double u)
{
    const slong p = BALL_PRECISION;
    arb_t m2;
    arb_init(m2);
    arb_set_d(m2, -2.0 * T);
    arb_expm1(m2, m2, p); /* m^2 - 1 */
    arb_set_d(g, 2.0 * u);
    arb_expm1(g, g, p);
    arb_sqrt(g, g, p);
    arb_div(g, g, m2, p);
    arb_add_si(m2, m2, 1, p);
    arb_mul(g, g, m2, p);
    arb_neg(g, g);
    arb_clear(m2);
}

/* v <- tanh(u/2)^{1/2} = (1 - e^-u)/(1 - e^-2u)^{1/2} */
static void relative_shrinking(arb_t v, double u)
{
    arb_set_d(v, 0.5 * u);
    arb_tanh(v, v, BALL_PRECISION);
    arb_sqrt(v, v, BALL_PRECISION);
}

/* The law is N((e^-u - K m) x, (1 + g^2) n_u I), K m = g n_u^{1/2}, and N(0, I) has distance erf(|a|/sqrt 8)
   to N(a, I). The factor 1 + g^2 changes it by at most g^2 (d/8)^{1/2} (Pinsker, KL <= d g^4/4). */
enclosure law_point_tv(double T, double u, int d, double R, bool shrunk)
{
    REQUIRE(0.0 < u && u < T && d >= 1 && R >= 0.0);
    const slong p = BALL_PRECISION;
    arb_t g, z, scale;
    arb_init(g);
    arb_init(z);
    arb_init(scale);
    relative_gain(g, T, u);
    if (!shrunk) relative_shrinking(z, u);
    arb_add(z, z, g, p);
    arb_set_d(scale, R);
    arb_mul(z, z, scale, p);
    arb_sqrt_ui(scale, 8, p);
    arb_div(z, z, scale, p);
    arb_hypgeom_erf(z, z, p);

    arb_mul(g, g, g, p);
    arb_set_si(scale, d);
    arb_mul_2exp_si(scale, scale, -3);
    arb_sqrt(scale, scale, p);
    arb_mul(g, g, scale, p);
    enclosure tv = enclosure_widen(ball_enclose(z), ball_enclose(g).hi);
    arb_clear(scale);
    arb_clear(z);
    arb_clear(g);
    return tv;
}
