/* score_representation -- the score of data near a curve or a surface is a posterior mean of the generator.
 *
 * X_0 = g*(U) + sd xi in R^D, U uniform on [0,1]^d, OU: m = e^-t, sigma^2 = 1 - e^-2t, s2 = m^2 sd^2 + sigma^2. Then
 *
 *     grad log p_t(y) = -y/s2 + (m/s2) f*(y, t),   f*(y, t) = E[g*(U) | X_t = y],   |f*| <= max |g*|,
 *
 * f* a quotient of two integrals over u: 16-point Gauss-Legendre on ceil(2 m max|dg|/sqrt(s2)) panels an axis. The
 * gradient: the complex step Im log p_t(y + ih e_k)/h, h = 1e-30. At y = m g*(u) + rho sqrt(s2) e, |e| = 1.
 *
 * Controls  m dropped in the second term: .61339 for .44308 at y = (.3, .5), arc, sd = .1, t = .05; sigma^2 for s2 in both
 *           prefactors: there every component is too large by s2/sigma^2 = 1.095.
 */
#include "manifold.h"
#include "xp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
enum { GRADIENT, NORM, TOWER, PANELS, NO_M, NO_SD, LARGEST, NEEDED };
static const xp_check CHECKS[] = {
    [GRADIENT] = {xp_claim, QUADRATURE, "gradient", "|s* - grad log p_t|/(1 + |s*|) <= 1e-10 at every y and t"},
    [NORM] = {xp_claim, QUADRATURE, "norm", "|f*| - max |g*| <= 1e-12 at every y and t"},
    [TOWER] = {xp_claim, QUADRATURE, "tower", "E f*(X_t, t) - E g*(U) = 0 to 1e-10, every coordinate and t, D <= 2"},
    [PANELS] = {xp_claim, QUADRATURE, "panels", "half as many panels (two for one) change s* by <= 1e-11 (1 + |s*|)"},
    [NO_M] = {xp_control, QUADRATURE, "without-m", "-y/s2 + f*/s2 for s*: .61339 for .44308"},
    [NO_SD] = {xp_control, QUADRATURE, "without-sd", "sigma^2 for s2 in both prefactors: s* times 1.095"},
    [LARGEST] = {xp_finding, QUADRATURE, "largest", "largest |f*| over y and t"},
    [NEEDED] = {xp_finding, QUADRATURE, "needed-panels", "least number of panels that gives s* to 1e-11 (1 + |s*|), sd = 0"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "The score near a manifold is a posterior mean of the generator",
    .statement = "grad log p_t(y) = -y/s2 + (m/s2) E[g*(U)|X_t = y], |f*| <= max |g*|",
    .sources = "000 class of score estimators; Yakovlev, Puchkin 2025 (9)-(11)",
    .columns = "series t x y dx dy",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

static const generator *const ALL[] = {&GENERATOR_LINE, &GENERATOR_ARC, &GENERATOR_BEND,
                                       &GENERATOR_SHEET};
static const double TIMES[] = {1e-3, 0.01, 0.05, 0.1, 0.5, 1.0, 3.0};
static const double SDS[] = {0.0, 0.05, 0.1, 0.3}, RHO[] = {0.0, 1.0, 3.0, 6.0};

/* What is largest over the times. */
typedef struct {
    double gradient, norm, tower, panels;
} worst;

static void keep_largest(double *largest, double value)
{
    if (!(value <= *largest) && !isnan(*largest)) *largest = value; /* a NaN stays */
}

static void posterior_mean(const void *ctx, long n, const double *y, double *f)
{
    const cloud_law *l = ctx;
    cloud_eval(l, n, y, cloud_dim(l->of), NULL, f, NULL);
}

/* The largest |E f*(X_t, t) - E g*(U)| of D <= 2 coordinates; the integrand is as smooth as a Gaussian. */
static double tower_gap(const cloud_law *l, const double *mean)
{
    enclosure f[2];
    const int D = cloud_dim(l->of);
    double gap = 0.0;
    const cloud_rule r = {D == 1 ? 0.25 : 0.4, 9.0};
    cloud_expectation(l, r, posterior_mean, l, D, f);
    for (int k = 0; k < D; k++) {
        keep_largest(&gap, fabs(f[k].lo - mean[k]));
        keep_largest(&gap, fabs(f[k].hi - mean[k]));
    }
    return gap;
}

/* Points y, `all` of them, around the cloud `around`, fewer near a surface (D = 3); the caller frees them. */
static double *place(xp *x, const cloud_law *l, const cloud *around, long *all)
{
    const int each = cloud_dim(around) == 3 ? 6 : (int)xp_effort(x, 6, 24);
    *all = cloud_points(around) * LEN(RHO) * each;
    return cloud_shells(l, around, LEN(RHO), RHO, each, xp_stream(x, "directions"));
}

/* At one time; `fewer`: the same law on fewer panels. */
static void measure(xp *x, const cloud_law *l, const cloud_law *fewer,
                    const cloud *around, const double *mean, worst *w)
{
    const int D = cloud_dim(l->of);
    long all;
    double *y = place(x, l, around, &all), *f = NEW_ARRAY(double, 2 * all * D);
    double *s = f + all * D;
    cloud_eval(l, all, y, D, NULL, f, s);
    for (long i = 0; i < all; i++) {
        double square = 0.0;
        for (long k = 0; k < D; k++) square += f[i * D + k] * f[i * D + k];
        keep_largest(&w->norm, sqrt(square));
    }
    keep_largest(&w->gradient, cloud_score_residual(l, all, y, s));
    keep_largest(&w->panels, cloud_score_change(fewer, all, y, s));
    if (D <= 2) keep_largest(&w->tower, tower_gap(l, mean));
    free(f), free(y);
}

static void judge(xp *x, const char *name, int D, const worst *w, double norm)
{
    const enclosure gradient = enclosure_about(w->gradient, 1e-13),
                    above = enclosure_about(w->norm - norm, 1e-14);
    xp_judge(x, GRADIENT, gradient, region_at_most(1e-10), "%s", name);
    xp_judge(x, NORM, above, region_at_most(1e-12), "%s", name);
    xp_judge(x, PANELS, enclosure_exact(w->panels), region_at_most(1e-11), "%s", name);
    if (D <= 2)
        xp_judge(x, TOWER, enclosure_exact(w->tower), region_at_most(1e-10), "%s",
                 name);
    xp_record(x, LARGEST, enclosure_about(w->norm, 1e-14), "%s", name);
}

static cloud *cloud_on(const generator *g, int panels)
{
    mesh nodes = mesh_legendre(g->d, panels, 16);
    cloud *c = cloud_of(g, &nodes);
    mesh_free(&nodes);
    return c;
}

/* Panels from 1 on, until s* no longer changes. */
static void count_panels(xp *x, const generator *g, const cloud_law *l,
                         const cloud *around, double t)
{
    long all;
    double *y = place(x, l, around, &all), rest = 1.0;
    double *s = NEW_ARRAY(double, all * g->D);
    int panels = 0;
    cloud_eval(l, all, y, g->D, NULL, NULL, s);
    while (!(rest <= 1e-11)) {
        if (panels == 1000) xp_fail("1000 panels do not suffice for %s", g->name);
        cloud *few = cloud_on(g, ++panels);
        rest = cloud_score_change(&(cloud_law){few, l->m, l->s2}, all, y, s);
        cloud_free(few);
    }
    free(s), free(y);
    xp_record(x, NEEDED, enclosure_exact(panels), "%s t=%g", g->name, t);
}

static void verify_generator(xp *x, int i)
{
    const generator *g = ALL[i];
    const long per_axis = g->d == 1 ? xp_effort(x, 8, 64) : xp_effort(x, 3, 5);
    mesh places = mesh_midpoints(g->d, (int)per_axis);
    cloud *around = cloud_of(g, &places), *fine = cloud_on(g, 20);
    double mean[GENERATOR_D];
    cloud_mean(fine, mean);
    for (int j = 0; j < LEN(SDS); j++) {
        char name[32];
        worst w = {0.0, 0.0, 0.0, 0.0};
        (void)snprintf(name, sizeof name, "%s sd=%g", g->name, SDS[j]);
        for (int k = 0; k < LEN(TIMES); k++) {
            cloud_law l = cloud_ou(NULL, SDS[j], TIMES[k]), fewer = l;
            const int panels = mesh_panels(g, l.m, l.s2);
            cloud *whole = cloud_on(g, panels);
            cloud *half = cloud_on(g, panels > 1 ? (panels + 1) / 2 : 2);
            l.of = whole, fewer.of = half;
            measure(x, &l, &fewer, around, mean, &w);
            if (g->d == 1 && SDS[j] == 0.0) count_panels(x, g, &l, around, TIMES[k]);
            cloud_free(whole), cloud_free(half);
        }
        judge(x, name, g->D, &w, generator_largest(g).norm);
        xp_progress(x, (long)i * LEN(SDS) + j + 1, (long)LEN(ALL) * LEN(SDS));
    }
    cloud_free(fine), cloud_free(around), mesh_free(&places);
}

/* Wrong forms at one point: each coordinate about s* +- 1e-10. */
static void refute_variants(xp *x)
{
    const double y[] = {0.3, 0.5}, t = 0.05, variance = -expm1(-2.0 * t);
    cloud *c = cloud_on(&GENERATOR_ARC, 40);
    const cloud_law l = cloud_ou(c, 0.1, t);
    double f[2], s[2];
    cloud_eval(&l, 1, y, 2, NULL, f, s);
    for (int k = 0; k < 2; k++) {
        const region right = region_about(s[k], 1e-10);
        const double no_m = (f[k] - y[k]) / l.s2,
                     no_sd = (l.m * f[k] - y[k]) / variance;
        xp_judge(x, NO_M, enclosure_rounded(no_m), right, "s_%d", k + 1);
        xp_judge(x, NO_SD, enclosure_rounded(no_sd), right, "s_%d", k + 1);
    }
    cloud_free(c);
}

/* bend, sd = 0.1: the curve; X_t; s* on a lattice; from some y to f*(y, t). */
static void draw(xp *x, double t)
{
    enum { CLOUD = 300, SIDE = 13, JOINED = 10 };
    mesh nodes = mesh_midpoints(1, CLOUD);
    cloud *c = cloud_on(&GENERATOR_BEND, 64);
    const cloud_law l = cloud_ou(c, 0.1, t);
    double f[2], s[2], g[2 * CLOUD];
    generator_eval(&GENERATOR_BEND, CLOUD, nodes.u, g, NULL);
    for (long i = 0; i < CLOUD; i++)
        xp_row(x, "curve %g %.17g %.17g 0 0", t, g[2 * i], g[2 * i + 1]);
    for (int i = 0; i < CLOUD; i++) {
        double z[2];
        rng r = rng_at(xp_stream(x, "cloud t=%g", t), (uint64_t)i, 0);
        rng_normal(&r, 2, z);
        const double y[] = {l.m * g[2L * i] + sqrt(l.s2) * z[0],
                            l.m * g[2L * i + 1] + sqrt(l.s2) * z[1]};
        xp_row(x, "cloud %g %.17g %.17g 0 0", t, y[0], y[1]);
        cloud_eval(&l, 1, y, 2, NULL, f, NULL);
        if (i % (CLOUD / JOINED) == 20)
            xp_row(x, "mean %g %.17g %.17g %.17g %.17g", t, y[0], y[1], f[0] - y[0],
                   f[1] - y[1]);
    }
    for (int i = 0; i < SIDE * SIDE; i++) {
        const double y[] = {0.25 * (i % SIDE) - 1.5, 0.25 * (int)(i / SIDE) - 1.5};
        cloud_eval(&l, 1, y, 2, NULL, NULL, s);
        xp_row(x, "score %g %.17g %.17g %.17g %.17g", t, y[0], y[1], s[0], s[1]);
    }
    cloud_free(c), mesh_free(&nodes);
}

void xp_run(xp *x)
{
    const bool wanted = xp_wants(x, GRADIENT, NORM, TOWER, PANELS, LARGEST, NEEDED);
    for (int i = 0; wanted && i < LEN(ALL); i++) verify_generator(x, i);
    refute_variants(x);
    draw(x, 0.01), draw(x, 0.1), draw(x, 0.5);
}
