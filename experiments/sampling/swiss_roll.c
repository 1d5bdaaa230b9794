/* swiss_roll -- figure 1 of 002: a Swiss roll grown by 1000 steps of the reverse chain.
 *
 * With the exact score the picture is a statement: after i of N = 1000 iterations of
 *
 *     X' = {X + b_k S(t_k, X)}/sqrt(1 - b_k) + sqrt(b_k) Z,   t_k = 1 - k/N, b_k = beta(t_k)/N,
 *
 * from N(0, I_2), the chain has the law p_t of the noised data at t = 1 - i/N, and only the end is a
 * Swiss roll. VP, beta(t) = 0.1 + 19.9 t; the data are 256 Gaussians of sd 0.05 along the curve
 *
 *     c(theta) = theta (cos theta, sin theta)/7,   3 pi/2 <= theta <= 9 pi/2.
 *
 * The figure shows i = 200, 400, 600, 800, 1000 (its caption says 10000 for the last: a misprint).
 * Two numbers are compared at every panel:
 *
 *     E d^2(X), d the distance to the curve: under p_t by quadrature on two grids;
 *     energy distance 2E|X-Y| - E|X-X'| - E|Y-Y'| to p_t and to the data: unbiased estimates from
 *     40 independent groups of chains, t interval; between p_t and the data in closed form.
 *
 * Controls  at i = 1000, where E d^2 must be the noise level 0.05^2 = 0.0025 (0.0022 to 0.0029):
 *           the score times -1: E d^2 about 1e18; times 0.8: 0.0041; stopped at 800: 0.158.
 */
#include "divergence.h"
#include "manifold.h"
#include "stats.h"
#include "timegrid.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

enum { DISTANCE, ON_CURVE, TO_LAW, ARRIVED, NOT_YET, APPROACH };
enum { WRONG_SIGN = APPROACH + 1, WEAK_SCORE, STOPPED };
enum { EXACT_DISTANCE = STOPPED + 1, TO_DATA, EXACT_TO_DATA, W2 };

static const xp_check CHECKS[] = {
    [DISTANCE] =
        {xp_claim, MONTE_CARLO, "squared-distance",
         "E d^2 after i steps is E d^2 under p_{1-i/1000} within 8%, i <= 800"},
    [ON_CURVE] = {xp_claim, MONTE_CARLO, "on-the-curve",
                  "E d^2 after 1000 steps in [0.0022, 0.0029]: the noise 0.05^2"},
    [TO_LAW] = {xp_claim, MONTE_CARLO, "energy-to-law",
                "energy distance of the chain to p_{1-i/1000} <= 0.006"},
    [ARRIVED] = {xp_claim, MONTE_CARLO, "arrived",
                 "energy distance of the chain to the data <= 0.006 at 1000"},
    [NOT_YET] = {xp_claim, MONTE_CARLO, "not-yet",
                 "energy distance of the chain to the data >= 0.008 at 800"},
    [APPROACH] = {xp_claim, MONTE_CARLO, "approach",
                  "energy distance to the data: larger at 200 than at 800"},
    [WRONG_SIGN] = {xp_control, MONTE_CARLO, "wrong-sign",
                    "score times -1: E d^2 at 1000 about 1e18, not 0.0025"},
    [WEAK_SCORE] = {xp_control, MONTE_CARLO, "weak-score",
                    "score times 0.8: E d^2 at 1000 is 0.0041, not 0.0025"},
    [STOPPED] = {xp_control, MONTE_CARLO, "stopped-at-800",
                 "chain stopped at 800: E d^2 is 0.158, not 0.0025"},
    [EXACT_DISTANCE] = {xp_finding, QUADRATURE, "exact-squared-distance",
                        "E d^2 under p_{1-i/1000}"},
    [TO_DATA] = {xp_finding, MONTE_CARLO, "energy-to-data",
                 "energy distance of the chain to the data"},
    [EXACT_TO_DATA] = {xp_finding, CLOSED_FORM, "exact-energy-to-data",
                       "energy distance of p_{1-i/1000} to the data"},
    [W2] = {xp_finding, MONTE_CARLO, "w2-of-samples",
            "exact W2 of two samples: has a floor, fresh against fresh"},
};

const xp_info xp_this = {
    .title = "Figure 1: a Swiss roll grown by 1000 steps of the reverse chain",
    .statement =
        "after i of 1000 ancestral steps with the exact score the chain has the "
        "law p_{1-i/1000}; only the end is a Swiss roll",
    .sources = "002 Figure 1 (A), (B)",
    .columns = "what i x y value lo hi",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

/* Chains: sd(d^2)/E d^2 = 1.9 at i = 200, so that 40 groups of 1000 leave 3.6 standard errors between the
   interval (half-width 4.6%) and the edge of the region (8%). */
enum { STEPS = 1000, PANELS = 5, PANEL = STEPS / PANELS, GROUPS = 40 };
enum { CENTRES = 256, VERTICES = 4000, SHOWN = 2000, CONTROL_CHAINS = 2000 };

/* ---- Data and curve --------------------------------------------------------- */

static void curve_point(double u, double *c)
{
    double theta = 1.5 * SC_PI * (1.0 + 2.0 * u);
    c[0] = theta * cos(theta) / 7.0;
    c[1] = theta * sin(theta) / 7.0;
}

static gmm *roll_data(void)
{
    double weight[CENTRES], var[CENTRES], mu[2 * CENTRES];
    for (int j = 0; j < CENTRES; j++) {
        curve_point((j + 0.5) / CENTRES, mu + 2L * j);
        weight[j] = 1.0;
        var[j] = 0.05 * 0.05;
    }
    return gmm_new(CENTRES, 2, weight, mu, 2, var);
}

static polyline *roll_curve(void)
{
    double *c = NEW_ARRAY(double, 2L * VERTICES);
    for (int i = 0; i < VERTICES; i++) curve_point(i / (VERTICES - 1.0), c + 2L * i);
    polyline *p = polyline_new(VERTICES, 2, c);
    free(c);
    return p;
}

/* ---- Predictions -------------------------------------------------------------- */

/* d^2 on the n x n points (lo + a h, lo + b h). */
typedef struct {
    int n;
    double lo, h, *d2;
} plane;

static plane plane_of(const polyline *curve, double reach, double h)
{
    const int n = (int)ceil(2.0 * reach / h) + 1;
    const long points = (long)n * n;
    double *x = NEW_ARRAY(double, 2 * points), *d2 = NEW_ARRAY(double, points);
    for (long k = 0; k < points; k++) {
        const long a = k / n, b = k % n;
        x[2 * k] = (double)a * h - reach;
        x[2 * k + 1] = (double)b * h - reach;
    }
    polyline_distance2(curve, points, x, 2, d2);
    free(x);
    return (plane){n, -reach, h, d2};
}

/* E d^2 under p on two grids: finer +- 4 |difference|. */
static enclosure exact_distance2(const plane g[2], const gmm *p)
{
    double mean[2], mass;
    for (int k = 0; k < 2; k++) {
        gmm_grid_mean(p, g[k].n, g[k].lo, g[k].h, g[k].d2, &mean[k], &mass);
        if (!(fabs(mass - 1.0) < 1e-9)) xp_fail("p_t has mass %.17g on a grid", mass);
    }
    return enclosure_about(mean[1], 4.0 * fabs(mean[1] - mean[0]));
}

/* ---- The chain ---------------------------------------------------------------- */

typedef struct {
    xp *x;
    gmm *data, *law[STEPS + 1]; /* p_0, and p_{1-i/1000} */
    polyline *curve;
    long group, chains;  /* chains in one of the GROUPS, and in all */
    double t[STEPS + 1]; /* forward times */
    double *at, *fresh;  /* chains x 2: the chains, and an independent sample */
    double *d2;          /* chains */
    double to_data[PANELS][GROUPS]; /* energy distances */
    enclosure exact[PANELS];        /* E d^2 */
} roll;

typedef struct {
    gmm *const *law;
    double factor;
} scaled;

/* factor times the score of p_t, at the times 1 - i/1000 of the chain */
static void scaled_score(const void *ctx, double t, long n, int d, const double *x,
                         int ldx, double *s, int lds)
{
    const scaled *c = ctx;
    gmm_score(c->law[lround(STEPS * (1.0 - t))], n, x, ldx, NULL, s, lds);
    for (long i = 0; i < n; i++)
        for (int k = 0; k < d; k++) s[i * lds + k] *= c->factor;
}

/* Takes n chains from step `from` to step `to`; step 0 is N(0, I). */
static void advance(roll *r, double factor, long n, int from, int to)
{
    const scaled s = {r->law, factor};
    const simulation c = {
        &SAMPLER_ANCESTRAL, &SDE_VP, {scaled_score, &s}, to - from, r->t + from};
    const rng_key key = xp_stream(r->x, "paths of score * %g from %d", factor, from);
    if (from == 0) rng_normal_rows(key, 0, 0, 0, n, 2, r->at, 2);
    sampler_run(&c, key, 0, n, 2, r->at);
}

static enclosure mean_distance2(roll *r, long n)
{
    polyline_distance2(r->curve, n, r->at, 2, r->d2);
    enclosure mean = stats_mean(n, r->d2, xp_alpha(r->x), 0.0);
    if (!isfinite(mean.hi - mean.lo)) xp_fail("a chain left the range of numbers");
    return mean;
}

/* Energy distance of the chains to a fresh sample of p, a value a group. */
static enclosure energy_to(roll *r, const gmm *p, rng_key key, double *value)
{
    gmm_sample(p, key, 0, r->chains, r->fresh, 2);
    for (long g = 0; g < GROUPS; g++) {
        long first = 2 * g * r->group;
        value[g] = divergence_energy(r->group, 2, r->at + first, 2, r->group,
                                     r->fresh + first, 2);
    }
    return stats_mean(GROUPS, value, xp_alpha(r->x), 0.0);
}

static enclosure w2(long n, const double *x, const double *y)
{
    double value;
    TRY(divergence_w2_samples(n, 2, x, 2, y, 2, &value));
    return enclosure_exact(value);
}

/* ---- What is judged ------------------------------------------------------------ */

static void row(xp *x, const char *what, int i, enclosure e)
{
    xp_row(x, "%s %d nan nan %.17g %.17g %.17g", what, i, enclosure_mid(e), e.lo, e.hi);
}

static void draw_points(xp *x, const char *what, int i, const double *at)
{
    for (long k = 0; k < SHOWN; k++)
        xp_row(x, "%s %d %.6g %.6g nan nan nan", what, i, at[2 * k], at[2 * k + 1]);
}

/* The exact values: lines of the figure and, at the panels, findings. */
static void predict(roll *r)
{
    static const int steps[] = {0,   100, 200, 300, 400, 500, 600,
                                700, 800, 900, 940, 970, 985, STEPS};
    const plane wide[] = {plane_of(r->curve, 8.0, 0.04), plane_of(r->curve, 8.0, 0.03)};
    const plane near[] = {plane_of(r->curve, 2.5, 0.0125),
                          plane_of(r->curve, 2.5, 0.01)};
    for (int k = 0; k < LEN(steps); k++) {
        int i = steps[k];
        enclosure d2 = exact_distance2(i < STEPS ? wide : near, r->law[i]);
        enclosure energy;
        TRY(divergence_energy_gmm(r->law[i], r->data, &energy));
        row(r->x, "exact-distance", i, d2);
        row(r->x, "exact-energy", i, energy);
        if (i == 0 || i % PANEL > 0) continue;
        r->exact[i / PANEL - 1] = d2;
        xp_record(r->x, EXACT_DISTANCE, d2, "i=%d", i);
        xp_record(r->x, EXACT_TO_DATA, energy, "i=%d", i);
    }
    for (int k = 0; k < 2; k++) free(wide[k].d2), free(near[k].d2);
}

static void judge_distance(roll *r, int i, enclosure exact)
{
    const region noise = region_between(0.0022, 0.0029);
    enclosure mean = mean_distance2(r, r->chains);
    row(r->x, "distance", i, mean);
    if (i == STEPS)
        xp_judge(r->x, ON_CURVE, mean, noise, "i=%d", i);
    else
        xp_judge(r->x, DISTANCE, mean, region_between(0.92 * exact.hi, 1.08 * exact.lo),
                 "i=%d", i);
    if (i == 800) xp_judge(r->x, STOPPED, mean, noise, "i=%d", i);
}

static void judge_energy(roll *r, int i, double *to_data)
{
    double value[GROUPS];
    enclosure e = energy_to(r, r->law[i], xp_stream(r->x, "law %d", i), value);
    xp_judge(r->x, TO_LAW, e, region_at_most(0.006), "i=%d", i);
    row(r->x, "energy-to-law", i, e);
    e = energy_to(r, r->data, xp_stream(r->x, "data %d", i), to_data);
    if (i == STEPS) xp_judge(r->x, ARRIVED, e, region_at_most(0.006), "i=%d", i);
    if (i == 800) xp_judge(r->x, NOT_YET, e, region_at_least(0.008), "i=%d", i);
    xp_record(r->x, TO_DATA, e, "i=%d", i);
    row(r->x, "energy-to-data", i, e);
    if (i >= 800)
        xp_record(r->x, W2, w2(r->group, r->at, r->fresh), "i=%d n=%ld", i, r->group);
}

static void judge_control(roll *r, int check, double factor)
{
    if (!xp_wants(r->x, check)) return;
    advance(r, factor, CONTROL_CHAINS, 0, STEPS);
    enclosure mean = mean_distance2(r, CONTROL_CHAINS);
    xp_judge(r->x, check, mean, region_between(0.0022, 0.0029), "i=%d", STEPS);
    row(r->x, CHECKS[check].id, STEPS, mean);
}

void xp_run(xp *x)
{
    roll r = {.x = x,
              .data = roll_data(),
              .curve = roll_curve(),
              .group = xp_effort(x, 1000, 2000)};
    r.chains = GROUPS * r.group;
    r.at = NEW_ARRAY(double, 2 * r.chains);
    r.fresh = NEW_ARRAY(double, 2 * r.chains);
    r.d2 = NEW_ARRAY(double, r.chains);
    timegrid_uniform(1.0, 0.0, STEPS, r.t);
    for (int i = 0; i <= STEPS; i++)
        r.law[i] =
            gmm_diffuse(r.data, sde_scale(&SDE_VP, r.t[i]), sde_var(&SDE_VP, r.t[i]));
    predict(&r);
    for (int k = 0; k < PANELS; k++) {
        int i = (k + 1) * PANEL;
        advance(&r, 1.0, r.chains, i - PANEL, i);
        draw_points(x, "chain", i, r.at);
        judge_distance(&r, i, r.exact[k]);
        judge_energy(&r, i, r.to_data[k]);
    }
    draw_points(x, "data", 0, r.fresh);
    xp_record(x, W2, w2(r.group, r.fresh, r.fresh + 2 * r.group), "fresh n=%ld",
              r.group);
    for (int g = 0; g < GROUPS; g++) r.to_data[0][g] -= r.to_data[3][g];
    xp_judge(x, APPROACH, stats_mean(GROUPS, r.to_data[0], xp_alpha(x), 0.0),
             region_at_least(0.0), "i=200..800");
    judge_control(&r, WRONG_SIGN, -1.0);
    judge_control(&r, WEAK_SCORE, 0.8);
    free(r.d2), free(r.fresh), free(r.at);
    polyline_free(r.curve);
    for (int i = 0; i <= STEPS; i++) gmm_free(r.law[i]);
    gmm_free(r.data);
}
