/* semigroup_networks -- how large a ReLU network must be to approximate v = grad log U_t f.
 *
 * OU, gamma = N(0, 1), f = dpi/dgamma, m = e^-t, sigma^2 = 1 - m^2, score = -x + v. 001 and Reu et al.: if f >= c and f,
 * grad f are Lipschitz (B.2), networks of polynomial size have sup |g - v| <= eps for |x| <= R and all t. Here:
 *   (i)   one hidden layer, W pieces of length h: sup |g - v| <= h^2/8 sup |v''|, order W^-2 at every t;
 *   (ii)  f averaged over M points: v_M = (log 1/M sum f(m x + sigma z_i))' errs by the order M^-1/2;
 *   (iii) f = 1 + tri/2, Lipschitz with kinks: still W^-2 at fixed t, not uniformly, for Lip(v) ~ 1/sigma;
 *   (iv)  no B.2: sigma m I(p_t) -> int phi^2/Phi for U(-1, 1); two atoms, error .1: t^-3/2 equidistant pieces, t^-1/2
 *         adapted ones; a Cauchy law has unbounded v (ou_semigroup);
 *   (v)   products: d W units have the error of one coordinate.
 * First experiment 1 and other scales and speeds of OU: semigroup_scales, ou_semigroup.
 * Printed   1/M sum f' for (U_t f)' (Corollary 3.13): the error stays at (e^t - 1) sup |v| = .0971.
 * Controls  h^2/16, W = 1024: half of the error. W^-2 for tri at t = 1e-5, W = 16 .. 128: W^-.16; error ~ 1/M: M^-.5;
 *           (iv) already at t = .1: .89990 for .90320; boundedly many pieces: t^-3/2, t^-1/2; (v) coordinates of another
 *           law: an error 79 times larger.
 */
#include "catalogue.h"
#include "interpolant.h"
#include "rate.h"
#include "semigroup.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { BOUND, ORDER, AVERAGE, KINKS, EDGES, ATOMS, PRODUCT, LITERAL, BOUND_HALF, KINKS_FAST, AVERAGE_FAST, EDGES_EARLY,
       BOUNDED, PRODUCT_OTHER, LIPSCHITZ, COUNT };
static const xp_check CHECKS[] = {
    [BOUND] = {xp_claim, QUADRATURE, "interpolation", "(i) sup |g - v| <= h^2/8 sup |v''|", NULL},
    [ORDER] = {xp_claim, QUADRATURE, "order", "(i) sup |g - v| ~ W^-2 over the last four W, within .02", NULL},
    [AVERAGE] = {xp_claim, MONTE_CARLO, "average-order", "(ii) E sup |v_M - v| ~ M^-1/2, within .04", NULL},
    [KINKS] = {xp_claim, QUADRATURE, "kinks-order", "(iii) at t >= .01 the slope over the last four W is <= -1.9", NULL},
    [EDGES] = {xp_claim, QUADRATURE, "edges", "(iv) U(-1, 1), t <= .01: sigma m I(p_t) = int phi^2/Phi to 1e-9", NULL},
    [ATOMS] = {xp_claim, QUADRATURE, "atoms-order", "(iv) pieces ~ t^-1.5 within .1 (equidistant), t^-.5 within .15 (adapted)", NULL},
    [PRODUCT] = {xp_claim, QUADRATURE, "product", "(v) in R^d, d (W + 1) units: the largest error at 4096 points is .95 to 1 of the error on the line", NULL},
    [LITERAL] = {xp_printed, MONTE_CARLO, "printed-gradient", "1/M sum f'(m x + sigma z_i) for (U_t f)': M = 65536, E sup |v_M - v| <= .01", "m/M sum f'"},
    [BOUND_HALF] = {xp_control, QUADRATURE, "interpolation-half", "sup |g - v| <= h^2/16 sup |v''| at W = 1024: half of what it is", NULL},
    [KINKS_FAST] = {xp_control, QUADRATURE, "kinks-fast", "tri, t = 1e-5, W = 16 .. 128: slope <= -1.9; it is -.16", NULL},
    [AVERAGE_FAST] = {xp_control, MONTE_CARLO, "average-fast", "E sup |v_M - v| ~ 1/M, within .04; it is M^-.5", NULL},
    [EDGES_EARLY] = {xp_control, QUADRATURE, "edges-early", "the same at t = .1; it is .89990 for .90320", NULL},
    [BOUNDED] = {xp_control, QUADRATURE, "atoms-bounded", "two atoms: pieces ~ t^0, within .1; it is t^-1.5, t^-.54", NULL},
    [PRODUCT_OTHER] = {xp_control, QUADRATURE, "product-other", "the network for G, coordinates of law S8: no larger error; it is 79 times larger", NULL},
    [LIPSCHITZ] = {xp_finding, CLOSED_FORM, "kinks-lipschitz", "tri: Lip(v)", NULL},
    [COUNT] = {xp_finding, QUADRATURE, "atoms-pieces", "two atoms on [-1.5, 1.5]: sup error <= .1 with so many pieces, not with one less", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "The size of a network for grad log U_t f",
    .statement = "sup |g - v| <= h^2/8 sup |v''| for W pieces of v = grad log U_t f",
    .sources = "001 Mechanism 1; Reu et al. 2024, B.2, Corollaries 3.13, E.1, E.2",
    .columns = "series t x y z",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const semigroup_wave WAVE = {0.5, 2.0, INFINITY};
enum { WIDTHS = INTERPOLANT_WIDTHS };

/* Slope of log error over four of the log W. */
static enclosure slope_of(const interpolant_ladder *l, int first)
{
    return rate_slope(4, l->log_W + first, l->log_error + first);
}

/* (i) for v = x + score of the data over [lo, hi]; a user's law may be too narrow for the nodes as t -> 0. */
static void verify_smooth(xp *x, const target *data, double lo, double hi)
{
    static const double TIME[] = {0.5, 0.2, 0.05, 0.01, 0.001, 0.0};
    for (int k = 0; k < LEN(TIME); k++) {
        const double t = TIME[k];
        const reference law = interpolant_at(data, t);
        const interpolant_task p = {interpolant_law, &law, lo, hi};
        if (!interpolant_resolved(&p)) {
            xp_assumption_fails(
                x, "200001 nodes resolve v'' on [%g, %g]: not at t = %g", lo, hi, t);
            return;
        }
        const interpolant_ladder l = interpolant_widths(&p, interpolant_uniform);
        double bound[WIDTHS];
        interpolant_bounds(&p, bound);
        for (int i = 0; i < WIDTHS; i++) {
            xp_row(x, "smooth %g %d %.17g %.17g", t, l.W[i], l.error[i].hi, bound[i]);
            xp_bound(x, BOUND, l.error[i], bound[i], "t=%g W=%d", t, l.W[i]);
        }
        if (xp_target(x) != NULL) continue;
        xp_judge(x, ORDER, slope_of(&l, 3), region_about(-2.0, 0.02), "t=%g", t);
        xp_judge(x, BOUND_HALF, l.error[6], region_at_most(0.5 * bound[6]), "t=%g", t);
    }
}

/* (ii) at t = .2 over [-3, 3]; the last M is for the printed form alone. */
static void verify_average(xp *x)
{
    enum { SIZES = 5 };
    double h[SIZES + 1];
    enclosure error[SIZES + 1], mean[2];
    for (int i = 0; i <= SIZES; i++) {
        const long points = 64L << (2 * i);
        const semigroup_average a = {WAVE, semigroup_ou(1.0, 1.0, 0.2), points, 3.0};
        const mc_observables y = {semigroup_average_errors, &a, 2};
        const rng_key key = xp_stream(x, "average M=%ld", points);
        const long n = i < SIZES ? xp_effort(x, 1000, 4000) : 100;
        TRY(mc_mean(&y, key, 0, n, xp_alpha(x), mean, NULL));
        h[i] = 1.0 / (double)points;
        error[i] = mean[0];
        xp_row(x, "average 0.2 %ld %.17g %.17g", points, enclosure_mid(mean[0]),
               enclosure_mid(mean[1]));
    }
    const enclosure order = rate_noisy(SIZES, h, error, xp_alpha(x));
    xp_judge(x, LITERAL, mean[1], region_at_most(0.01), "M=65536");
    xp_judge(x, AVERAGE, order, region_about(0.5, 0.04), NULL);
    xp_judge(x, AVERAGE_FAST, order, region_about(1.0, 0.04), NULL);
}

/* (iii) over [-2, 2]; v is steepest at 0, where U_t f is least and bends most. */
static void verify_kinks(xp *x)
{
    static const double TIME[] = {0.2, 0.05, 0.01, 1e-3, 1e-4, 1e-5}, ORIGIN = 0.0;
    const region fast = region_at_most(-1.9);
    for (int k = 0; k < LEN(TIME); k++) {
        const double t = TIME[k];
        const semigroup_kernel ou = semigroup_ou(1.0, 1.0, t);
        const interpolant_task p = {semigroup_triangle, &ou, -2.0, 2.0};
        const interpolant_ladder l = interpolant_widths(&p, interpolant_uniform);
        double steepest;
        for (int i = 0; i < WIDTHS; i++)
            xp_row(x, "kinks %g %d %.17g nan", t, l.W[i], l.error[i].hi);
        semigroup_triangle(&ou, 1, &ORIGIN, NULL, &steepest);
        xp_record(x, LIPSCHITZ, enclosure_about(steepest, 1e-9 * steepest), "t=%g", t);
        if (t >= 0.01) xp_judge(x, KINKS, slope_of(&l, 3), fast, "t=%g", t);
        if (t == 1e-5) xp_judge(x, KINKS_FAST, slope_of(&l, 0), fast, NULL);
    }
}

static void verify_edges(xp *x)
{
    const region limit = region_about(0.9031972855686253536, 1e-9); /* int phi^2/Phi */
    for (int k = 1; k <= 3; k++) {
        enclosure scaled;
        TRY(match_uniform_edges(pow(10.0, -k), &scaled));
        xp_judge(x, k > 1 ? EDGES : EDGES_EARLY, scaled, limit, "t=1e-%d", k);
    }
}

static void verify_atoms(xp *x, interpolant_rule *knots, const char *name,
                         region exponent)
{
    static const double TIME[] = {0.1, 0.03, 0.01, 0.003, 0.001};
    double log_t[LEN(TIME)];
    enclosure log_pieces[LEN(TIME)];
    for (int k = 0; k < LEN(TIME); k++) {
        int pieces;
        TRY(interpolant_two_atoms(TIME[k], knots, 0.1, &pieces));
        log_t[k] = log(TIME[k]);
        log_pieces[k] = enclosure_rounded(log(pieces));
        xp_record(x, COUNT, enclosure_exact(pieces), "%s t=%g", name, TIME[k]);
        xp_row(x, "%s %g nan %d nan", name, TIME[k], pieces);
    }
    const enclosure order = rate_slope(LEN(TIME), log_t, log_pieces);
    xp_judge(x, ATOMS, order, exponent, "%s", name);
    xp_judge(x, BOUNDED, order, region_about(0.0, 0.1), "%s", name);
}

/* (v) coordinates of law p, the network for `data` at t = .2, over [-4, 4], W = 32. That 4096 points all miss the .95 of the
   worst piece has probability 1e-14. */
static void verify_product(xp *x, const target *data, const gmm *p, int check)
{
    static const int DIM[] = {1, 2, 5, 10};
    const reference law = interpolant_at(data, 0.2);
    const interpolant_task task = {interpolant_law, &law, -4.0, 4.0};
    const enclosure on_line = interpolant_error(&task, interpolant_uniform, 32);
    for (int i = 0; i < LEN(DIM); i++) {
        const rng_key key = xp_stream(x, "product d=%d", DIM[i]);
        const double met = interpolant_product_error(&task, p, DIM[i], 32, key, 4096);
        const enclosure part = enclosure_div(enclosure_about(met, 1e-13), on_line);
        xp_judge(x, check, part, region_between(0.95, 1.0 + 2e-9), "d=%d", DIM[i]);
    }
}

/* On the line (i), which needs no B.2 at one t, over all but 1e-6 on either side. */
static void verify_users_target(xp *x, const gmm *p)
{
    semigroup_regularity b2;
    double lo, hi;
    if (!xp_target_on_line(x)) return;
    TRY(semigroup_mixture_regularity(p, 1.0, &b2));
    if (isinf(b2.L) || b2.c == 0.0)
        xp_assumption_fails(x, "B.2: %s: log f reaches %.4g",
                            isinf(b2.L) ? "f is Lipschitz" : "f >= c > 0", b2.log_far);
    target *data = target_mixture(p);
    target_span(data, 1.0, 0.0, 1e-6, &lo, &hi);
    verify_smooth(x, data, lo, hi);
    target_free(data);
}

void xp_run(xp *x)
{
    if (xp_target(x) != NULL) {
        verify_users_target(x, xp_target(x));
        return;
    }
    target *sine = target_sine(WAVE.a, WAVE.k), *data = catalogue_target(&CATALOGUE_G);
    gmm *g = catalogue_gmm(&CATALOGUE_G), *other = catalogue_gmm(&CATALOGUE_S8);
    verify_smooth(x, sine, -4.0, 4.0);
    verify_average(x);
    verify_kinks(x);
    verify_edges(x);
    verify_atoms(x, interpolant_uniform, "equidistant", region_about(-1.5, 0.1));
    verify_atoms(x, interpolant_adapted, "adapted", region_about(-0.5, 0.15));
    verify_product(x, data, g, PRODUCT);
    verify_product(x, data, other, PRODUCT_OTHER);
    gmm_free(other);
    gmm_free(g);
    target_free(data);
    target_free(sine);
}
