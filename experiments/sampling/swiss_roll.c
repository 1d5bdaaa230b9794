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
 *     E d^2(X), d the distance to the curve: under p_t by quadrature;
 *     energy distance 2E|X-Y| - E|X-X'| - E|Y-Y'| to p_t and to the data: unbiased estimates from
 *     40 independent groups of chains, t interval; between p_t and the data in closed form.
 *
 * Controls  at i = 1000, where E d^2 must be the noise level 0.05^2 = 0.0025 (0.0022 to 0.0029):
 *           the score times -1: E d^2 about 4e18; times 0.8: 0.0043; stopped at 800: 0.158;
 *           the clock t = i/N: energy distance of the chain after 800 steps to p_0.8: 0.02 > 0.006.
 */
#include "catalogue.h"
#include "divergence.h"
#include "stats.h"
#include "timegrid.h"
#include "xp.h"

#include <stdlib.h>

enum { DISTANCE, ON_CURVE, TO_LAW, ARRIVED, NOT_YET, APPROACH, STOPPED, CLOCK };
enum { TO_DATA = CLOCK + 1, W2, OF_CHAIN }; /* so far what the chain shows */
enum { EXACT_DISTANCE = OF_CHAIN, EXACT_TO_DATA, WRONG_SIGN, WEAK_SCORE };

/* clang-format off */
static const xp_check CHECKS[] = {
    [DISTANCE] = {xp_claim, MONTE_CARLO, "squared-distance", "E d^2 after i <= 800 steps is that of p_{1-i/1000} within 8%"},
    [ON_CURVE] = {xp_claim, MONTE_CARLO, "on-the-curve", "E d^2 after 1000 steps in [0.0022, 0.0029]: the noise 0.05^2"},
    [TO_LAW] = {xp_claim, MONTE_CARLO, "energy-to-law", "energy distance of the chain to p_{1-i/1000} <= 0.006"},
    [ARRIVED] = {xp_claim, MONTE_CARLO, "arrived", "energy distance of the chain to the data <= 0.006 at 1000"},
    [NOT_YET] = {xp_claim, MONTE_CARLO, "not-yet", "energy distance of the chain to the data >= 0.008 at 800"},
    [APPROACH] = {xp_claim, MONTE_CARLO, "approach", "energy distance to the data: larger at 200 than at 800"},
    [STOPPED] = {xp_control, MONTE_CARLO, "stopped-at-800", "chain stopped at 800: E d^2 is 0.158, not 0.0025"},
    [CLOCK] = {xp_control, MONTE_CARLO, "forward-clock", "chain at 800 against p_{i/1000}: energy distance 0.02 > 0.006"},
    [TO_DATA] = {xp_finding, MONTE_CARLO, "energy-to-data", "energy distance of the chain to the data"},
    [W2] = {xp_finding, MONTE_CARLO, "w2-of-samples", "exact W2 of two samples: has a floor, fresh against fresh"},
    [EXACT_DISTANCE] = {xp_finding, QUADRATURE, "exact-squared-distance", "E d^2 under p_{1-i/1000}"},
    [EXACT_TO_DATA] = {xp_finding, CLOSED_FORM, "exact-energy-to-data", "energy distance of p_{1-i/1000} to the data"},
    [WRONG_SIGN] = {xp_control, MONTE_CARLO, "wrong-sign", "score times -1: E d^2 at 1000 is 4e18, not 0.0025"},
    [WEAK_SCORE] = {xp_control, MONTE_CARLO, "weak-score", "score times 0.8: E d^2 at 1000 is 0.0043, not 0.0025"},
};
/* clang-format on */

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
static const region NOISE = {0.0022, 0.0029}; /* E d^2 at the end */

/* d^2 at n points of the plane; ctx is the curve */
static void distance2(const void *ctx, long n, const double *x, double *d2)
{
    polyline_distance2(ctx, n, x, 2, d2);
}

/* ---- The chain ---------------------------------------------------------------- */

typedef struct {
    xp *x;
    gmm *data;
    polyline *curve;
    double t[STEPS + 1]; /* forward times 1 - i/1000 */
    marginals p;         /* p_t at these times */
    long group, chains;  /* chains in one of the GROUPS, and in all */
    double *at, *fresh;  /* chains x 2: the chains, an independent sample */
    double *d2;          /* chains */
    /* At panel i/200: E d^2 under p_t; energy distances to the data. */
    enclosure exact[PANELS + 1];
    double to_data[PANELS + 1][GROUPS];
} roll;

/* Takes n chains from step `from` to step `to`; step 0 is N(0, I). */
static void advance(roll *r, double factor, long n, int from, int to)
{
    r->p.factor = factor;
    const simulation c = {&SAMPLER_ANCESTRAL, &SDE_VP, marginals_score(&r->p),
                          to - from, r->t + from};
    const rng_key key = xp_stream(r->x, "paths of score * %g from %d", factor, from);
    if (from == 0) rng_normal_rows(key, 0, 0, 0, n, 2, r->at, 2);
    sampler_run(&c, key, 0, n, 2, r->at);
}

static void row(xp *x, const char *what, int i, enclosure e)
{
    xp_row(x, "%s %d nan nan %.17g %.17g %.17g", what, i, enclosure_mid(e), e.lo, e.hi);
}

/* Energy distance of the chains after i steps to a fresh sample of p, a value a group. */
static enclosure energy_to(roll *r, const gmm *p, const char *name, int i,
                           double *value)
{
    gmm_sample(p, xp_stream(r->x, "%s %d", name, i), 0, r->chains, r->fresh, 2);
    divergence_energy_groups(GROUPS, r->group, 2, r->at, r->fresh, value);
    enclosure e = stats_mean(GROUPS, value, xp_alpha(r->x), 0.0);
    row(r->x, name, i, e);
    return e;
}

static void record_w2(const roll *r, const char *name, const double *x, const double *y)
{
    double w2;
    TRY(divergence_w2_samples(r->group, 2, x, 2, y, 2, &w2));
    xp_record(r->x, W2, enclosure_exact(w2), "%s n=%ld", name, r->group);
}

/* ---- What is judged ------------------------------------------------------------ */

static void draw_points(xp *x, const char *what, int i, const double *at)
{
    for (long k = 0; k < SHOWN; k++)
        xp_row(x, "%s %d %.4f %.4f nan nan nan", what, i, at[2 * k], at[2 * k + 1]);
}

/* The exact values: lines of the figure and, at the panels, findings. */
static void predict(roll *r)
{
    gmm_plane *plane = gmm_plane_new(8.0, 0.025, distance2, r->curve);
    for (int i = 0; i <= STEPS; i += i < 800 ? 100 : 20) {
        enclosure d2, energy;
        TRY(gmm_plane_mean(plane, r->p.law[i], &d2));
        TRY(divergence_energy_gmm(r->p.law[i], r->data, &energy));
        row(r->x, "exact-distance", i, d2);
        row(r->x, "exact-energy", i, energy);
        if (i == 0 || i % PANEL > 0) continue;
        r->exact[i / PANEL] = d2;
        xp_record(r->x, EXACT_DISTANCE, d2, "i=%d", i);
        xp_record(r->x, EXACT_TO_DATA, energy, "i=%d", i);
    }
    gmm_plane_free(plane);
}

/* E d^2 over the first n chains, after i steps. */
static void judge_distance(roll *r, int check, long n, int i, region predicted)
{
    polyline_distance2(r->curve, n, r->at, 2, r->d2);
    enclosure mean = stats_mean(n, r->d2, xp_alpha(r->x), 0.0);
    xp_judge(r->x, check, mean, predicted, "i=%d", i);
    row(r->x, CHECKS[check].id, i, mean);
}

static void judge_energy(roll *r, int i, double *to_data)
{
    const region close = region_at_most(0.006);
    double value[GROUPS];
    enclosure e = energy_to(r, r->p.law[i], "law", i, value);
    xp_judge(r->x, TO_LAW, e, close, "i=%d", i);
    if (i == 800) {
        e = energy_to(r, r->p.law[STEPS - i], "clock", i, value);
        xp_judge(r->x, CLOCK, e, close, "i=%d", i);
    }
    e = energy_to(r, r->data, "data", i, to_data);
    if (i == STEPS) xp_judge(r->x, ARRIVED, e, close, "i=%d", i);
    if (i == 800) xp_judge(r->x, NOT_YET, e, region_at_least(0.008), "i=%d", i);
    xp_record(r->x, TO_DATA, e, "i=%d", i);
    if (i >= 800) record_w2(r, i == 800 ? "i=800" : "i=1000", r->at, r->fresh);
}

static void judge_chain(roll *r)
{
    for (int i = PANEL; i <= STEPS; i += PANEL) {
        const enclosure exact = r->exact[i / PANEL];
        const region near = region_between(0.92 * exact.hi, 1.08 * exact.lo);
        advance(r, 1.0, r->chains, i - PANEL, i);
        draw_points(r->x, "chain", i, r->at);
        if (i < STEPS) judge_distance(r, DISTANCE, r->chains, i, near);
        if (i == STEPS) judge_distance(r, ON_CURVE, r->chains, i, NOISE);
        if (i == 800) judge_distance(r, STOPPED, r->chains, i, NOISE);
        judge_energy(r, i, r->to_data[i / PANEL]);
        xp_progress(r->x, i / PANEL, PANELS + 1); /* the rest is like one more */
    }
    draw_points(r->x, "roll", 0, r->fresh);
    record_w2(r, "fresh", r->fresh, r->fresh + 2 * r->group);
    double fall[GROUPS];
    for (int g = 0; g < GROUPS; g++) fall[g] = r->to_data[1][g] - r->to_data[4][g];
    enclosure e = stats_mean(GROUPS, fall, xp_alpha(r->x), 0.0);
    xp_judge(r->x, APPROACH, e, region_at_least(0.0), "i=200..800");
}

static void judge_control(roll *r, int check, double factor)
{
    if (!xp_wants(r->x, check)) return;
    advance(r, factor, CONTROL_CHAINS, 0, STEPS);
    judge_distance(r, check, CONTROL_CHAINS, STEPS, NOISE);
}

void xp_run(xp *x)
{
    const long group = xp_effort(x, 1000, 2000), chains = GROUPS * group;
    double *points = NEW_ARRAY(double, 5 * chains);
    roll r = {.x = x, .group = group, .chains = chains, .at = points};
    r.data = catalogue_swiss_roll(CENTRES, 0.05);
    r.curve = catalogue_swiss_curve(VERTICES);
    r.fresh = points + 2 * chains, r.d2 = points + 4 * chains;
    timegrid_uniform(1.0, 0.0, STEPS, r.t);
    r.p = marginals_of(r.data, &SDE_VP, STEPS, r.t);
    int first = 0; /* check that is asked for */
    while (first < WRONG_SIGN && !xp_wants(x, first)) first++;
    if (first < WRONG_SIGN) predict(&r);
    if (first < OF_CHAIN) judge_chain(&r);
    judge_control(&r, WRONG_SIGN, -1.0);
    judge_control(&r, WEAK_SCORE, 0.8);
    marginals_free(&r.p);
    gmm_free(r.data);
    polyline_free(r.curve);
    free(points);
}
