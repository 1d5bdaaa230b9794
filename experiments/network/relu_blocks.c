/* relu_blocks -- square, product and exponential as ReLU networks, every weight written down.
 *
 * 000 Steps 4, 5 and Yakovlev, Puchkin 2025 (Lemmata E.1, E.2, from Oko, Akiyama, Suzuki 2023): networks multiply
 * and exponentiate to eps with a depth and a number of weights that grow like log 1/eps and log^2 1/eps. Here with
 * constants, on the matrices themselves (Yarotsky 2017):
 *
 *     square       sq_m interpolates x^2 at k 2^-m:  0 <= sq_m - x^2 <= 2^(-2m-2),
 *                  L = m + 1, W = 3, S = 8m - 3, B = 4
 *     product      M^2 {sq_m(|x+y|/2M) - sq_m(|x-y|/2M)} on [-M, M]^2:  |error| <= M^2 2^(-2m-2), 0 if x y = 0,
 *                  L = m + 2, W = 6, S = 16m + 6, B = max(4, M^2)
 *     exponential  Horner of degree q in x 2^-k on [0, V], k squares:
 *                  |error| <= 2^k (1 + 1/(1 - V 2^-k)) 2^(-2m-2) + max_x 2^k (x 2^-k)^(q+1)/(q+1)! e^(-x(1 - 2^-k)),
 *                  L = m(k+q-1) + q + 2, W = 7, S = 17m(q-1) + 25(q-2) + 8km - 2k + 16, B = 4
 *
 * The bounds for square and product are attained half way between the nodes, exactly: all numbers are dyadic, and
 * the evaluation is without rounding. At the nodes every error is 0.
 *
 * Controls  the tooth 2a - 3b for 2a - 4b: error .1875, .1992, .199997 at m = 2, 4, 8, tending to 1/5;
 *           an error of the product that ignores M: at M = 4 it is 16 times larger.
 */
#include "relu.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

enum { LARGEST, LEAST, ZERO, EXP, SIZE, REFERENCE, GROWTH, LADDER };
enum { BLUNT = LADDER + 1, UNSCALED, THREE, EXP_GROWTH };

/* clang-format off */
static const xp_check CHECKS[] = {
    [LARGEST] = {xp_claim, CERTIFIED, "largest", "the largest error of square and product is M^2 2^(-2m-2), without rounding", NULL},
    [LEAST] = {xp_claim, CERTIFIED, "least", "the least error of the square is 0, of the product -M^2 2^(-2m-2)", NULL},
    [ZERO] = {xp_claim, CERTIFIED, "product-zero", "the product is 0 if a factor is 0", NULL},
    [EXP] = {xp_claim, CERTIFIED, "exponential", "|error| on [0, 20] is at most the bound above", NULL},
    [SIZE] = {xp_claim, CLOSED_FORM, "sizes", "L, W, S, B counted on the matrices less their formulas: 0 (the farthest of the four)", NULL},
    [REFERENCE] = {xp_claim, CERTIFIED, "exponential-reference", "L, S and error of the four exponentials: the known values (errors to 3 digits)", NULL},
    [GROWTH] = {xp_claim, CERTIFIED, "growth", "S/log(1/error) <= 4/log 2 (square), 8/log 2 (product, M = 1)", NULL},
    [LADDER] = {xp_claim, CERTIFIED, "exponential-growth", "S/log^2(1/error) of the exponential does not increase: next less last <= 0", NULL},
    [BLUNT] = {xp_control, CERTIFIED, "tooth-of-3", "slope -3 for -4: error <= 2^(-2m-2); it is .1875 to .2", NULL},
    [UNSCALED] = {xp_control, CERTIFIED, "product-unscaled", "M = 4: error <= 2^(-2m-2); it is 16 times that", NULL},
    [THREE] = {xp_finding, CERTIFIED, "three-squares", "product by three squares, M = 1: its largest |error| over 2^(-2m-2)", NULL},
    [EXP_GROWTH] = {xp_finding, CERTIFIED, "exponential-ratio", "S/log^2(1/error) of the exponential", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Square, product and exponential by ReLU networks, with every constant",
    .statement = "errors 2^(-2m-2), M^2 2^(-2m-2); S = O(log 1/eps), O(log^2 1/eps)",
    .sources = "000 Steps 4, 5; Yakovlev, Puchkin 2025, Lemmata E.1, E.2; Oko et al. "
               "2023; Yarotsky 2017",
    .columns = "series x L W S B error bound",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

static relu_size verify_size(xp *x, const relu *f, relu_size formula, const char *name,
                             int m)
{
    const relu_size s = relu_measure(f);
    xp_judge(x, SIZE, enclosure_exact(relu_size_distance(s, formula)),
             region_about(0.0, 0.0), "%s m=%d", name, m);
    return s;
}

static void draw(xp *x, const char *series, double at, relu_size s, enclosure error,
                 double bound)
{
    xp_row(x, "%s %.17g %d %d %ld %.17g %.17g %.17g", series, at, s.L, s.W, s.S, s.B,
           enclosure_mid(error), bound);
}

/* S over log(1/error)^power. */
static enclosure per_log(long S, enclosure error, int power)
{
    enclosure l = enclosure_scale(enclosure_log(error), -1.0);
    if (power == 2) l = enclosure_mul(l, l);
    return enclosure_div(enclosure_exact((double)S), l);
}

/* ---- Square and product -------------------------------------------------------------------------- */

static const struct block {
    const char *name;
    int d, range, first, last; /* M = 2^range, m = first .. last */
} BLOCKS[] = {{"square", 1, 0, 1, 24},
              {"product-M=1", 2, 0, 2, 12},
              {"product-M=4", 2, 2, 2, 12},
              {"product-M=1024", 2, 10, 2, 12}};

/* The nodes of sq_m and the points half way between them; for the product points of [-M, M]^2 where one of
   the two squares stands half way while the other is at a node. */
static double *points(xp *x, const struct block *p, int m, long *n)
{
    const long most = xp_effort(x, 20000, 70000);
    relu_lattice g = {1, (2L << m) + 1, 0, most, ldexp(0.5, -m)};
    if (p->d == 2)
        g = (relu_lattice){2, (4L << m) + 1, 2L << m, most, ldexp(0.5, p->range - m)};
    return relu_lattice_points(&g, xp_stream(x, "%s m=%d", p->name, m), n);
}

/* At some of the points with one coordinate, in turn, replaced by 0. */
static void verify_zero(xp *x, const struct block *p, int m, const relu *f, long n,
                        double *at)
{
    enclosure least, largest;
    n = n < 1024 ? n : 1024;
    for (long i = 0; i < n; i++) at[2 * i + i % 2] = 0.0;
    relu_product_error(f, 2, n, at, &least, &largest);
    xp_judge(x, ZERO, enclosure_hull(least, largest), region_about(0.0, 0.0), "%s m=%d",
             p->name, m);
}

static void verify(xp *x, const struct block *p, int m)
{
    const double unit = ldexp(0.25, -2 * m), M2 = ldexp(1.0, 2 * p->range);
    const relu_size square = {m + 1, m == 1 ? 2 : 3, 8L * m - 3, m == 1 ? 1.0 : 4.0},
                    product = {m + 2, 6, 16L * m + 6, fmax(4.0, M2)};
    const bool is_square = p->d == 1;
    relu *f = is_square ? relu_square_network(m) : relu_product_network(m, p->range);
    const relu_size size = verify_size(x, f, is_square ? square : product, p->name, m);
    enclosure least, largest;
    long n;
    double *at = points(x, p, m, &n);
    relu_product_error(f, p->d, n, at, &least, &largest);
    xp_judge(x, LARGEST, largest, region_about(M2 * unit, 0.0), "%s m=%d", p->name, m);
    xp_judge(x, LEAST, least, region_about(is_square ? 0.0 : -M2 * unit, 0.0),
             "%s m=%d", p->name, m);
    if (p->range == 0)
        xp_judge(x, GROWTH, per_log(size.S, largest, 1),
                 region_at_most((is_square ? 4.0 : 8.0) / log(2.0)), "%s m=%d", p->name,
                 m);
    draw(x, p->name, m, size, largest, M2 * unit);
    if (p->range == 2) xp_judge(x, UNSCALED, largest, region_at_most(unit), "m=%d", m);
    if (!is_square) verify_zero(x, p, m, f, n, at);
    relu_free(f);
    free(at);
}

static void verify_others(xp *x, int m)
{
    const double unit = ldexp(0.25, -2 * m);
    enclosure least, largest;
    long n;
    relu *blunt = relu_sawtooth_network(m, 3.0), *three = relu_three_squares_network(m);
    double *at = points(x, &BLOCKS[0], m, &n);
    relu_product_error(blunt, 1, n, at, &least, &largest);
    largest = enclosure_scale(least, -1.0);
    xp_judge(x, BLUNT, largest, region_at_most(unit), "m=%d", m);
    draw(x, "tooth-of-3", m, relu_measure(blunt), largest, unit);
    free(at);
    at = points(x, &BLOCKS[1], m, &n);
    relu_product_error(three, 2, n, at, &least, &largest);
    xp_record(x, THREE, enclosure_scale(enclosure_farther(least, largest), 1.0 / unit),
              "m=%d", m);
    free(at);
    relu_free(blunt);
    relu_free(three);
}

static void draw_sawtooth(xp *x)
{
    enum { M = 4, PARTS = 512 };
    double u[PARTS + 1], square[PARTS + 1]; /* without rounding: 18 bits */
    relu *f = relu_square_network(M);
    for (int i = 0; i <= PARTS; i++) u[i] = (double)i / PARTS;
    relu_eval(f, PARTS + 1, u, 1, square, 1);
    for (int i = 0; i <= PARTS; i++)
        draw(x, "sawtooth", u[i], relu_measure(f),
             enclosure_exact(square[i] - u[i] * u[i]), ldexp(0.25, -2 * M));
    relu_free(f);
}

/* ---- Exponential on [0, V] -------------------------------------------------------------------------- */

/* Errors to 3 digits; for the second 1.04e-8 was expected, two independent programs find 1.03489e-8. */
static const struct {
    relu_exponential e;
    double L, S, error, half_digit;
} STEPS[] = {{{5, 4, 10, 96}, 86, 966, 9.65e-6, 5e-9},
             {{5, 6, 15, 96}, 158, 1981, 1.03e-8, 5e-11},
             {{5, 8, 20, 96}, 250, 3336, 8.87e-12, 5e-15},
             {{5, 10, 26, 96}, 376, 5224, 2.58e-15, 5e-18}};

static relu_size exponential_size(const relu_exponential *e)
{
    const int k = e->k, q = e->q, m = e->m;
    const long S = 17L * m * (q - 1) + 25L * (q - 2) + 8L * k * m - 2L * k + 16;
    return (relu_size){m * (k + q - 1) + q + 2, 7, S, 4.0};
}

static void verify_exponential(xp *x)
{
    const double V = 20.0;
    enclosure last = {0.0, 0.0, 0.0};
    for (int i = 0; i < LEN(STEPS); i++) {
        const relu_exponential *e = &STEPS[i].e;
        relu *f = relu_exp_network(e);
        const relu_size s = verify_size(x, f, exponential_size(e), "exponential", e->m);
        enclosure error;
        TRY(relu_exp_error(f, 2001, V, &error));
        const enclosure ratio = per_log(s.S, error, 2);
        xp_bound(x, EXP, error, relu_exp_bound(e, V), "q=%d m=%d", e->q, e->m);
        const double known[] = {STEPS[i].L, STEPS[i].S, STEPS[i].error};
        const enclosure found[] = {enclosure_exact(s.L), enclosure_exact((double)s.S),
                                   error};
        for (int k = 0; k < LEN(known); k++)
            xp_judge(x, REFERENCE, found[k],
                     region_about(known[k], k == 2 ? STEPS[i].half_digit : 0.0),
                     "%s q=%d", (const char *[]){"L", "S", "error"}[k], e->q);
        if (i > 0)
            xp_judge(x, LADDER, enclosure_sub(ratio, last), region_at_most(0.0), "q=%d",
                     e->q);
        last = ratio;
        xp_record(x, EXP_GROWTH, ratio, "q=%d m=%d", e->q, e->m);
        draw(x, "exponential", e->m, s, error, relu_exp_bound(e, V));
        relu_free(f);
    }
}

void xp_run(xp *x)
{
    const bool lattices = xp_wants(x, LARGEST, LEAST, ZERO, SIZE, GROWTH, UNSCALED);
    for (int i = 0; i < LEN(BLOCKS) && lattices; i++)
        for (int m = BLOCKS[i].first; m <= BLOCKS[i].last; m++)
            verify(x, &BLOCKS[i], m);
    for (int m = 2; m <= 8 && xp_wants(x, BLUNT, THREE); m *= 2) verify_others(x, m);
    draw_sawtooth(x);
    if (xp_wants(x, EXP, SIZE, REFERENCE, LADDER, EXP_GROWTH)) verify_exponential(x);
}
