/* uniform_concentration -- a mean and its expectation, uniformly over N functions, up to a factor 1 + a.
 *
 * z_1 .. z_n i.i.d., N functions g with values in [0, B], a <= 1 (the slides' lemma at tau = 0, after Chen, Huang, Zhao,
 * Wang 2023): with probability at least 1 - delta, for all g at once,
 *
 *     mean_n g <= (1 + a) Eg + c (B/n) log(N/delta),    c = (1 + 3/a)/3,
 *     Eg <= (1 + a) mean_n g + c (B/n) log(N/delta),    c = (1 + 6/a)/3   (the scan is unreadable: perhaps 1 + 3/a).
 *
 * Sharp: c (e^{1/c} - 1) = 1 + a and c (1 - e^{-(1 + a)/c}) = 1 do, for all n, N, delta, by e^{lambda g} <= 1 +
 * (g/B)(e^{lambda B} - 1) with lambda B = 1/c, so that Eg cancels, and the union bound. Worst for functions with two
 * values: N independent ones, P(g = B) = p, fail with probability 1 - (1 - P)^N, P a binomial tail, for each p.
 *
 * Controls  half the sharp constants: at n = 200000 failures of 2 to 1000 delta; without the term in 1/a, c = 1/3, at
 *           a = 0.1: failure with probability .9 and more.
 */
#include "concentration.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { PRINT, SHARP, READING, HALF, THIRD, RATIO };
static const xp_check CHECKS[] = {
    [PRINT] = {xp_claim, CLOSED_FORM, "as-printed", "failure <= delta with c = (1 + 3/a)/3 (upper), (1 + 6/a)/3 (lower), for all p"},
    [SHARP] = {xp_claim, CLOSED_FORM, "sharp", "failure <= delta with c_up (e^{1/c_up} - 1) = 1 + a, c_lo (1 - e^{-(1 + a)/c_lo}) = 1, for all p"},
    [READING] = {xp_claim, CLOSED_FORM, "other-reading", "lower, the other reading of the scan: failure <= delta with c = (1 + 3/a)/3"},
    [HALF] = {xp_control, CLOSED_FORM, "half", "n = 200000: failure <= delta with half the sharp constant; off by 2 to 1000 delta"},
    [THIRD] = {xp_control, CLOSED_FORM, "no-inverse-a", "n = 200000, a = 0.1: failure <= delta with c = 1/3; it is .9 and more"},
    [RATIO] = {xp_finding, CLOSED_FORM, "printed-over-sharp", "the printed constant over the sharp one"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "A mean and its expectation over N functions, up to a factor 1 + a",
    .statement = "mean g - (1 + a) Eg and Eg - (1 + a) mean g <= c (B/n) log(N/delta), "
                 "for all g, with probability 1 - delta",
    .sources = "000 Proof Overview, Steps 2 and 3; Chen, Huang, Zhao, Wang 2023",
    .columns = "series side a c failure",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

static const char *const SIDE[] = {"upper", "lower"};
static const double SLACKS[] = {0.1, 0.25, 0.5, 1.0};
static const struct {
    double N, delta;
} CLASSES[] = {{10.0, 0.05}, {1e3, 0.01}, {1e6, 1e-3}};
enum { LONG = 200000, SHORT = 2000, SHOWN = 1 /* of CLASSES, in the figure */ };

static double printed(concentration_side side, double a)
{
    return (1.0 + (side == CONCENTRATION_UPPER ? 3.0 : 6.0) / a) / 3.0;
}

/* The largest failure probability over p <= 400 log(N/delta)/n: beyond, Chernoff's bound is below delta^2. */
static enclosure worst(const concentration_case *l, double c)
{
    const double unit = log(l->N / l->delta) / (double)l->n;
    return concentration_failure(l, c, 400.0 * unit, NULL);
}

static void verify(xp *x, const concentration_case *l)
{
    const double sharp = concentration_constant(l->side, l->a);
    const double print = printed(l->side, l->a);
    const struct {
        int check;
        bool judged;
        double c;
    } TRIALS[] = {
        {PRINT, true, print},
        {SHARP, true, sharp},
        {READING, l->side == CONCENTRATION_LOWER, printed(CONCENTRATION_UPPER, l->a)},
        {HALF, l->n == LONG, 0.5 * sharp},
        {THIRD, l->n == LONG && l->a == 0.1, 1.0 / 3.0}};
    for (int k = 0; k < LEN(TRIALS); k++) {
        if (!TRIALS[k].judged || !xp_wants(x, TRIALS[k].check)) continue;
        xp_bound(x, TRIALS[k].check, worst(l, TRIALS[k].c), l->delta,
                 "%s n=%ld a=%g N=%g delta=%g", SIDE[l->side], l->n, l->a, l->N,
                 l->delta);
    }
}

/* failure/delta against c, and at the four constants. */
static void draw(xp *x, const concentration_case *l)
{
    const double sharp = concentration_constant(l->side, l->a);
    const double marks[] = {0.5 * sharp, sharp, printed(l->side, l->a)};
    static const char *const NAMES[] = {"half", "sharp", "printed"};
    for (int i = 0; i <= 40; i++) {
        double c = 0.2 * exp(0.12 * i);
        xp_row(x, "curve %s %g %.17g %.17g", SIDE[l->side], l->a, c,
               enclosure_mid(worst(l, c)) / l->delta);
    }
    for (int k = 0; k < LEN(marks); k++)
        xp_row(x, "%s %s %g %.17g %.17g", NAMES[k], SIDE[l->side], l->a, marks[k],
               enclosure_mid(worst(l, marks[k])) / l->delta);
}

void xp_run(xp *x)
{
    for (int side = CONCENTRATION_UPPER; side <= CONCENTRATION_LOWER; side++)
        for (int i = 0; i < LEN(SLACKS); i++) {
            const double a = SLACKS[i], sharp = concentration_constant(side, a);
            xp_record(x, RATIO, enclosure_rounded(printed(side, a) / sharp), "%s a=%g",
                      SIDE[side], a);
            for (int k = 0; k < LEN(CLASSES); k++)
                for (long n = SHORT; n <= LONG; n *= LONG / SHORT) {
                    const concentration_case l = {side, n, a, CLASSES[k].N,
                                                  CLASSES[k].delta};
                    verify(x, &l);
                    if (n == LONG && k == SHOWN) draw(x, &l);
                }
        }
}
