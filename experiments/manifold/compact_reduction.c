/* compact_reduction -- the set K_t on which a score network has to be right, and how far it must reach.
 *
 * X_t = m_t g(U) + s~_t Z in R^D, e^{-L} = D eps^{2 beta}; K_t = {y: min_u |y - m_t g(u)| <= R_t}. Yakovlev, Puchkin 2025
 * take R_t/s~_t = sqrt D + c (sqrt(D L) v L), c = 16, so that P(X_t not in K_t) <= P(|Z| > R_t/s~_t) <= e^{-L}. As
 * P(|Z| > sqrt D + r) <= e^{-r^2/2}, sqrt D + sqrt(2L) is enough: no 16, no sqrt D in the second term. Also tested:
 *
 *     Lemma A.2  P(|Z|^2 > D + x) <= exp{-(x/D ^ sqrt x)/16};
 *     (23)       int_t0^T m^2 s~^{-4} dt = (m_0^2 - m_T^2)/(2 s~_0^2 s~_T^2);
 *     (39)       int exp(-|y - m g0(u)|^2/(2 s~^2)) du >= eps^d e^{-4 - R_t^2/s~^2} on K_t, g0: Taylor on cells of length eps.
 *
 * Printed   "R_t is defined under the hypotheses": for H < 1 they allow D > eps^{-2 beta}, L < 0, and sqrt(D L) does not exist.
 * Controls  c = 1/4: P e^L = 3.6 at D = 1, L = 5; 2 for 1/16 in Lemma A.2: exceeded threefold; (39) for H eps sqrt D > s~.
 */
#include "concentration.h"
#include "manifold.h"
#include "quad.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { EXIT, DROPPED, LEMMA, INTEGRAL, DENOMINATOR, INSTANCE, DEFINED, QUARTER, DOUBLE, OUTSIDE, LEAST, LEMMA_ONE, RADIUS, SECOND };
static const xp_check CHECKS[] = {
    [EXIT] = {xp_claim, CLOSED_FORM, "exit", "P(|Z| > R/s~) e^L <= 1 for all L in [.05, 60]: c = 16, 4, 1, and sqrt D + sqrt(2L)"},
    [DROPPED] = {xp_claim, CLOSED_FORM, "exit-16", "c = 16: 16 P e^L <= 1 for all L in [.01, 60] (the 16 that (23) drops)"},
    [LEMMA] = {xp_claim, CLOSED_FORM, "lemma-a2", "P(|Z|^2 > D + x) <= exp{-min(x/D, sqrt x)/16} for all x in [1e-3, 1e4]"},
    [INTEGRAL] = {xp_claim, QUADRATURE, "integral", "int m^2 s~^-4 dt/{(m_0^2 - m_T^2)/(2 s~_0^2 s~_T^2)} - 1 = 0 to 1e-12"},
    [DENOMINATOR] = {xp_claim, QUADRATURE, "denominator", "(39): log of the denominator of f0 >= -d log N - 4 - R^2/s~^2 at distance R from the curve"},
    [INSTANCE] = {xp_claim, CLOSED_FORM, "instance", "D = 20, eps = .01, beta = .1, H = 1e-3, s~_0^2 = .673: left/right of the three hypotheses <= 1"},
    [DEFINED] = {xp_printed, CLOSED_FORM, "printed-defined", "R_t is defined under the hypotheses: L = log(eps^{-2 beta}/D) >= 0; there L = -2.07", "L v 1 in the place of L"},
    [QUARTER] = {xp_control, CLOSED_FORM, "quarter", "c = 1/4: P e^L <= 1; 3.6 at (D, L) = (1, 5), 10 at (2, 10)"},
    [DOUBLE] = {xp_control, CLOSED_FORM, "lemma-2", "Lemma A.2 with 2 for 1/16, largest ratio over D: exceeded 2.9 times and more"},
    [OUTSIDE] = {xp_control, QUADRATURE, "denominator-outside", "(39) with H eps sqrt D > s~ (arc, N = 8, s~ = .05): too large by e^34"},
    [LEAST] = {xp_finding, CLOSED_FORM, "least-c", "the least c with P e^L <= 1 for all D and L of the grid"},
    [LEMMA_ONE] = {xp_finding, CLOSED_FORM, "lemma-1", "largest ratio of Lemma A.2 with 1 for 1/16: it holds even so"},
    [RADIUS] = {xp_finding, CLOSED_FORM, "radius", "R_t/s~_t at D = 1, eps = 1/4, beta = 2"},
    [SECOND] = {xp_finding, CLOSED_FORM, "second-form", "R^2 = s~^2 {D + c (sqrt(D x) v x)}, x = log(D eps^{-2 beta}): P e^x at D = 10, eps^{2 beta} = 1e-3; not what is printed"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "How far from the curve a score network must be right",
    .statement = "P(X_t not in K_t) <= e^-L for R_t = s~_t (sqrt D + sqrt(2L))",
    .sources = "000 Step 2; Yakovlev, Puchkin 2025, (21)-(24), Lemma A.2, (39)",
    .columns = "radius D L log10",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

static const int DIMENSIONS[] = {1, 2, 3, 4, 5, 10, 30, 100, 300, 1000};

/* ---- Suprema of P(|Z| > radius) e^gain ---------------------------------------------------------- */

/* R_t/s~_t; c = 0: sqrt D + sqrt(2L). */
static double radius(double c, double D, double L)
{
    return sqrt(D) + (c > 0.0 ? c * fmax(sqrt(D * L), L) : sqrt(2.0 * L));
}

static concentration_point outside_K(double c, int D, double L)
{
    return (concentration_point){radius(c, D, L), L};
}

static concentration_point lemma_a2(double factor, int D, double y)
{
    return (concentration_point){sqrt(D + y), factor * fmin(y / D, sqrt(y))};
}

/* The largest over all D too. */
static enclosure largest(concentration_curve *f, double c, double from, double to)
{
    enclosure most = enclosure_exact(0.0);
    for (int i = 0; i < LEN(DIMENSIONS); i++)
        most =
            enclosure_max(most, concentration_chi_sup(f, c, DIMENSIONS[i], from, to));
    return most;
}

static void verify_tails(xp *x)
{
    static const double C[] = {16.0, 4.0, 1.0, 0.0};
    static const char *const NAMES[] = {"c=16", "c=4", "c=1", "sqrt(2L)"};
    for (int i = 0; i < LEN(DIMENSIONS); i++) {
        const int D = DIMENSIONS[i];
        for (int k = 0; k < LEN(C); k++)
            xp_bound(x, EXIT, concentration_chi_sup(outside_K, C[k], D, 0.05, 60.0),
                     1.0, "%s D=%d", NAMES[k], D);
        enclosure most = concentration_chi_sup(outside_K, 16.0, D, 0.01, 60.0);
        xp_bound(x, DROPPED, enclosure_scale(most, 16.0), 1.0, "D=%d", D);
        most = concentration_chi_sup(lemma_a2, 1.0 / 16.0, D, 1e-3, 1e4);
        xp_bound(x, LEMMA, most, 1.0, "D=%d", D);
    }
    for (int D = 1; D <= 2; D++) {
        const double L = 5.0 * D;
        enclosure log_p = concentration_chi_above(D, radius(0.25, D, L));
        xp_bound(x, QUARTER, enclosure_exp(enclosure_add(log_p, enclosure_exact(L))),
                 1.0, "D=%d L=%g", D, L);
    }
    xp_bound(x, DOUBLE, largest(lemma_a2, 2.0, 1e-3, 1e4), 1.0, NULL);
    xp_record(x, LEMMA_ONE, largest(lemma_a2, 1.0, 1e-3, 1e4), NULL);
}

static void record_radii(xp *x)
{
    double fails = 0.25, holds = 1.0; /* in between neither is known */
    for (int i = 0; i < 60; i++) {
        const double c = 0.34 + 0.0005 * i;
        enclosure e = largest(outside_K, c, 0.05, 60.0);
        if (e.lo > 1.0) fails = c;
        if (e.hi <= 1.0) holds = fmin(holds, c);
    }
    xp_record(x, LEAST, enclosure_of(fails, holds, 0.0), NULL);
    const double L = 4.0 * log(4.0), y = log(10.0 / 1e-3);
    xp_record(x, RADIUS, enclosure_rounded(radius(16.0, 1.0, L)), "c=16");
    xp_record(x, RADIUS, enclosure_rounded(radius(0.0, 1.0, L)), "sqrt(2L)");
    static const double C[] = {16.0, 4.0, 3.0, 2.0, 1.0};
    for (int k = 0; k < LEN(C); k++) {
        enclosure log_p =
            concentration_chi_above(10, sqrt(10.0 + C[k] * fmax(sqrt(10.0 * y), y)));
        xp_record(x, SECOND, enclosure_exp(enclosure_add(log_p, enclosure_exact(y))),
                  "c=%g", C[k]);
    }
}

static void draw(xp *x, double c, int D)
{
    for (int i = 0; i <= 60; i++) {
        const double L = 0.1 * pow(600.0, i / 60.0);
        enclosure log_p = concentration_chi_above(D, radius(c, D, L));
        xp_row(x, "%g %d %.17g %.17g", c, D, L, (enclosure_mid(log_p) + L) / log(10.0));
    }
}

/* ---- The integral of (23), and the hypotheses ---------------------------------------------------- */

static double integrand(double t, const void *sd)
{
    double m2 = exp(-2.0 * t),
           s2 = m2 * pow(*(const double *)sd, 2.0) - expm1(-2.0 * t);
    return m2 / (s2 * s2);
}

static void verify_integral(xp *x)
{
    static const double SD[] = {0.0, 0.05, 0.1, 0.3, 0.9};
    static const double SPAN[][2] = {
        {0.001, 1.0}, {0.01, 1.0}, {0.05, 2.0}, {0.1, 6.0}};
    for (int i = 0; i < LEN(SD) * LEN(SPAN); i++) {
        const double sd = SD[i / LEN(SPAN)], *t = SPAN[i % LEN(SPAN)];
        double value, err, both = 2.0;
        for (int k = 0; k < 2; k++)
            both *= exp(-2.0 * t[k]) * sd * sd - expm1(-2.0 * t[k]);
        TRY(quad_adaptive(integrand, &sd, 2, t, 0.0, 1e-13, &value, &err));
        double known = (exp(-2.0 * t[0]) - exp(-2.0 * t[1])) / both;
        xp_judge(x, INTEGRAL, enclosure_relative(enclosure_about(value, err), known),
                 region_about(0.0, 1e-12), "sd=%g t0=%g T=%g", sd, t[0], t[1]);
    }
}

/* Theorem 3.3: D eps sqrt(log 1/eps) <= s~_0^2, H eps sqrt D <= s~_0, H eps^beta sqrt D <= 1 ^ s~_0 ([beta] = 0). */
static void verify_hypotheses(xp *x)
{
    const double D = 20.0, eps = 0.01, beta = 0.1, H = 1e-3, sd2 = 0.6, t0 = 0.1;
    const double s2 = exp(-2.0 * t0) * sd2 - expm1(-2.0 * t0), s = sqrt(s2);
    const double ratio[] = {D * eps * sqrt(log(1.0 / eps)) / s2, H * eps * sqrt(D) / s,
                            H * pow(eps, beta) * sqrt(D) / fmin(1.0, s)};
    for (int i = 0; i < LEN(ratio); i++)
        xp_bound(x, INSTANCE, enclosure_rounded(ratio[i]), 1.0, "condition=%d", i + 1);
    xp_judge(x, DEFINED, enclosure_rounded(log(pow(eps, -2.0 * beta) / D)),
             region_at_least(0.0), NULL);
}

/* ---- (39) ------------------------------------------------------------------------------------------ */

/* log of the denominator less that of its bound: the least over 64 directions from both ends and from the middle of
   the curve, where they leave the tube of radius R. The polyline is within 2^-24 of the curve, |grad log| <= (R + 2)/s^2. */
static enclosure denominator_margin(const generator *g, double beta, int N, double s)
{
    const double m = exp(-0.01),
                 R = s * radius(0.0, g->D, log(pow(N, 2.0 * beta) / g->D));
    const double bound = -log(N) - 4.0 - R * R / (s * s);
    mesh nodes = mesh_legendre(1, 8 * N, 16);
    cloud *c = cloud_taylor(g, beta > 1.0 ? 1 : 0, N, &nodes);
    polyline *curve = polyline_of(g, m, 4097);
    const cloud_law law = {c, m, s * s};
    double least = HUGE_VAL;
    const int rays = g->D > 1 ? 64 : 2;
    for (int k = 0; k < 3 * rays; k++) {
        const int turn = k / 3;
        const double u = 0.5 * (k % 3), angle = 2.0 * SC_PI * turn / rays;
        const double direction[] = {cos(angle), sin(angle)};
        double y[2], from[2], logp;
        generator_eval(g, 1, &u, from, NULL);
        for (int j = 0; j < g->D; j++) from[j] *= m;
        TRY(polyline_exit(curve, from, direction, R, y));
        cloud_eval(&law, 1, y, g->D, &logp, NULL, NULL);
        least = fmin(least, logp + 0.5 * g->D * log(2.0 * SC_PI * s * s) - bound);
    }
    polyline_free(curve), cloud_free(c), mesh_free(&nodes);
    return enclosure_about(least, 0x1p-24 * (R + 2.0) / (s * s) + 1e-9 * fabs(least));
}

static void verify_denominator(xp *x)
{
    static const double CELLS[][2] = {{64.0, 0.2}, {256.0, 0.05}}; /* N, s~ */
    generator wave = {.name = "cos", .d = 1, .D = 1, .waves = 1};
    wave.wave[0] = (generator_wave){0, 0.8, {3.0, 0.0}, 0.5 * SC_PI};
    for (int i = 0; i < 8; i++) {
        const generator *g = i / 4 ? &wave : &GENERATOR_ARC;
        const double beta = 1.0 + i / 2 % 2, *cell = CELLS[i % 2];
        xp_judge(x, DENOMINATOR, denominator_margin(g, beta, (int)cell[0], cell[1]),
                 region_at_least(0.0), "%s beta=%g N=%g s=%g", g->name, beta, cell[0],
                 cell[1]);
    }
    xp_judge(x, OUTSIDE, denominator_margin(&GENERATOR_ARC, 1.0, 8, 0.05),
             region_at_least(0.0), NULL);
}

void xp_run(xp *x)
{
    static const double C[] = {16.0, 4.0, 1.0, 0.25, 0.0};
    verify_tails(x);
    verify_integral(x);
    verify_hypotheses(x);
    verify_denominator(x);
    record_radii(x);
    for (int D = 1; D <= 100; D *= 10)
        for (int k = 0; k < LEN(C); k++) draw(x, C[k], D);
}
