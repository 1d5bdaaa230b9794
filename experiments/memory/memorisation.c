/* memorisation -- a model run with the empirical score reproduces its training points.
 *
 * OU from y ~ N(0, I_d) at T = 6 back to delta with the score of n training points A: the exact law is nearly
 * Z = e^-delta x_i + sigma xi, sigma^2 = 1 - e^-2delta. With d1 <= d2 the two smallest distances from Z to A,
 * and B an equally large set of the same law that the sampler never sees,
 *
 *     F = P(d1 < d2/3)  copies,      S = P(dist(Z, A) < dist(Z, B))  share.
 *
 * Z independent of A: S = 1/2 exactly, for every law and dimension, and F is about 3^-d. Empirical score:
 * F, S -> 1 as delta -> 0; F falls where sigma sqrt(d) is of the order of the nearest distances in A, S much
 * later. Data: 4 clusters in R^d; 1797 digits in R^64, split at random (without them: points of the clusters).
 *
 * Controls  "the population score memorises", S >= .9: S = 1/2;  "the empirical score does not", S <= .6 at
 *           delta = .01, d = 16: S = 1;  "copies of any set of the law", digits F_B >= .5: F_B = 0.
 */
#include "memorisation.h"
#include "catalogue.h"
#include "digits.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

/* clang-format off */
enum { MEMORISES, FRESH_SHARE, FRESH_COPIES, SAME_AS_KDE, FEW_DATA, SHRINKS, FADES, FORGETS, OTHER_HALF, TRACED,
       THREE_PARTS, STEPPED, POPULATION, NO_MEMORY, ANY_SET, MEASURED, HELD_OUT };
static const xp_check CHECKS[] = {
    [MEMORISES] = {xp_claim, MONTE_CARLO, "memorises", "delta = .001, d >= 16: F >= .85, S >= .85"},
    [FRESH_SHARE] = {xp_claim, MONTE_CARLO, "fresh-share", "draws of p_delta: |S - 1/2| <= .06 at every delta"},
    [FRESH_COPIES] = {xp_claim, MONTE_CARLO, "fresh-copies", "draws of p_delta, d >= 16: F <= .002 at every delta"},
    [SAME_AS_KDE] = {xp_claim, MONTE_CARLO, "same-as-kde", "F and S of the kernel estimate are the sampler's within .05 at every delta"},
    [FEW_DATA] = {xp_claim, MONTE_CARLO, "few-data", "d = 16, delta = .1: S >= .88 for n = 64, S <= .84 for n = 2048"},
    [SHRINKS] = {xp_claim, MONTE_CARLO, "shrinks-in-n", "d = 16, delta = .1: S(64) - S(512) >= .03"},
    [FADES] = {xp_claim, MONTE_CARLO, "fades-in-delta", "d = 64: S falls from delta = .01 to .3 to 1"},
    [FORGETS] = {xp_claim, MONTE_CARLO, "forgets", "|S - 1/2| <= .1 at delta = 2"},
    [OTHER_HALF] = {xp_claim, MONTE_CARLO, "other-half", "digits: copies of the half that was not shown, F_B <= .15"},
    [TRACED] = {xp_claim, MONTE_CARLO, "traced", "digits: S >= .85 at delta = .1, where F <= .002"},
    [THREE_PARTS] = {xp_claim, MONTE_CARLO, "three-parts", "digits, trained on a first third: |S - 1/2| <= .06 between the others"},
    [STEPPED] = {xp_claim, MONTE_CARLO, "time-stepped", "DDPM, kappa = .05, d = 16, delta = .01: F and S of the exact law within .05"},
    [POPULATION] = {xp_control, MONTE_CARLO, "population-memorises", "draws of p_delta: S >= .9; S is 1/2"},
    [NO_MEMORY] = {xp_control, MONTE_CARLO, "no-memory", "d = 16, delta = .01: S <= .6; S is 1"},
    [ANY_SET] = {xp_control, MONTE_CARLO, "any-set", "digits, delta = .001: F_B >= .5; F_B is 0"},
    [MEASURED] = {xp_finding, MONTE_CARLO, "measured", "F and S, n = 512 or digits"},
    [HELD_OUT] = {xp_finding, CLOSED_FORM, "held-out", "digits against another half: fraction of copies, median nearest distance"},
};

static const double T = 6.0, DELTAS[] = {1e-3, 1e-2, 0.03, 0.1, 0.3, 0.6, 1.0, 2.0};
enum { D_001, D_01, D_03, D_1, D_3, D_6, D_ONE, D_TWO, TIMES, EVERY = TIMES };
enum { SAMPLER = MEMORISATION_SAMPLER, FRESH = MEMORISATION_FRESH, F = MEMORISATION_COPY, S = MEMORISATION_SHARE, F_B = MEMORISATION_COPY_B };
static const char *const NAME[] = {"F", "S", "F_B"};
enum { D2 = 1, D16 = 2, D64 = 4, CLUSTERS = 7, HALVES = 8, THIRDS = 16, USER = 32 };
enum { SHOWN = 8, SIDE = DIGITS_SIDE, PIXELS = DIGITS_PIXELS };
static const struct { int d; const char *name; } SPACE[] = {{2, "d=2"}, {16, "d=16"}, {PIXELS, "d=64"}};
static const int SIZE[] = {64, 512, 2048}, FADE[] = {D_01, D_3, D_ONE};
#define P memorisation_probability

typedef struct {
    memorisation_number *number;
    int check, kind, statistic, delta; /* EVERY: the number farthest from 0 */
    region predicted;
    int where, n; /* n = 0: for every n */
} expectation;
static const expectation EXPECTED[] = {
    {P, MEMORISES, SAMPLER, F, D_001, {0.85, HUGE_VAL}, D16 | D64 | HALVES, 0},
    {P, MEMORISES, SAMPLER, S, D_001, {0.85, HUGE_VAL}, D16 | D64 | HALVES, 0},
    {memorisation_gap, FRESH_SHARE, FRESH, S, EVERY, {-0.06, 0.06}, CLUSTERS | USER, 0},
    {P, FRESH_COPIES, FRESH, F, EVERY, {-HUGE_VAL, 0.002}, D16 | D64, 0},
    {memorisation_less_kde, SAME_AS_KDE, SAMPLER, F, EVERY, {-0.05, 0.05}, CLUSTERS | HALVES | USER, 0},
    {memorisation_less_kde, SAME_AS_KDE, SAMPLER, S, EVERY, {-0.05, 0.05}, CLUSTERS | HALVES | USER, 0},
    {P, FEW_DATA, SAMPLER, S, D_1, {0.88, HUGE_VAL}, D16, 64},
    {P, FEW_DATA, SAMPLER, S, D_1, {-HUGE_VAL, 0.84}, D16, 2048},
    {memorisation_gap, FORGETS, SAMPLER, S, D_TWO, {-0.1, 0.1}, CLUSTERS, 0},
    {P, OTHER_HALF, SAMPLER, F_B, EVERY, {-HUGE_VAL, 0.15}, HALVES, 0},
    {P, TRACED, SAMPLER, S, D_1, {0.85, HUGE_VAL}, HALVES, 0},
    {P, TRACED, SAMPLER, F, D_1, {-HUGE_VAL, 0.002}, HALVES, 0},
    {memorisation_gap, THREE_PARTS, SAMPLER, S, EVERY, {-0.06, 0.06}, THIRDS, 0},
    {P, POPULATION, FRESH, S, D_001, {0.9, HUGE_VAL}, CLUSTERS, 0},
    {P, NO_MEMORY, SAMPLER, S, D_01, {-HUGE_VAL, 0.6}, D16, 0},
    {P, ANY_SET, SAMPLER, F_B, D_001, {0.5, HUGE_VAL}, HALVES, 0},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "A model run with the empirical score reproduces its training points",
    .statement = "empirical score: F, S -> 1 as delta -> 0; independent draws: S = 1/2",
    .sources = "003 section 2.3, Theorem 2.7; 001 open question 3; Li, Chen, Li 2024",
    .columns = "what data n delta value lo hi draw row col",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

typedef struct {
    xp *x;
    int where;
    const char *name; /* "d=16", "digits" */
    memorisation_setting s;
    rng_key key;
} study;

/* One draw a set, for draws of one set are dependent: 8300 sets without a copy say F <= .002 at alpha/8. */
static study study_of(xp *x, int where, const char *name, memorisation_setting s)
{
    s.T = T, s.times = TIMES, s.delta = DELTAS, s.sets = xp_effort(x, 8400, 16800);
    return (study){x, where, name, s, xp_stream(x, "%s n=%d", name, s.n)};
}

static void show(const study *c, const memorisation *m, const char *who, int kind)
{
    const bool middle = c->s.n >= 512 && c->s.n < 1000 && kind == SAMPLER;
    for (int i = 0; i < 2 * TIMES; i++) {
        const int q = i % 2, k = i / 2;
        enclosure e = memorisation_probability(m, kind, q, k, xp_alpha(c->x));
        xp_row(c->x, "%s-%s %s %d %g %.17g %.17g %.17g nan nan nan", who, NAME[q],
               c->name, c->s.n, DELTAS[k], enclosure_mid(e), e.lo, e.hi);
        if (middle && k % 2 == 1)
            xp_record(c->x, MEASURED, e, "%s n=%d delta=%g %s", c->name, c->s.n,
                      DELTAS[k], NAME[q]);
    }
}

/* Runs unless --only leaves nothing of it (NULL), judges, shows; caller frees. */
static memorisation *measure(const study *c)
{
    const bool compared = xp_wants(c->x, MEASURED, c->where == D16 ? SHRINKS : FADES);
    memorisation *m = compared ? memorisation_run(&c->s, c->key) : NULL;
    for (const expectation *e = EXPECTED; e < EXPECTED + LEN(EXPECTED); e++) {
        if (!(e->where & c->where) || (e->n > 0 && e->n != c->s.n)) continue;
        if (!xp_wants_members(c->x, 1, &e->check, "%s n=%d", c->name, c->s.n)) continue;
        if (m == NULL) m = memorisation_run(&c->s, c->key);
        enclosure of = memorisation_at(m, e->number, e->kind, e->statistic, e->delta,
                                       xp_alpha(c->x));
        xp_judge(c->x, e->check, of, e->predicted, "%s n=%d %s", c->name, c->s.n,
                 NAME[e->statistic]);
    }
    if (m != NULL && !c->s.held_out) show(c, m, "sampler", SAMPLER);
    if (m != NULL && c->s.law != NULL) show(c, m, "fresh", FRESH);
    return m;
}

/* S at delta = .1, to be compared between two n. */
static enclosure study_mixture(xp *x, int where, const char *name, const gmm *p, int n)
{
    const memorisation_setting s = {.d = gmm_dim(p), .n = n, .law = p};
    const study c = study_of(x, where, name, s);
    memorisation *m = measure(&c);
    if (m == NULL) return (enclosure){-HUGE_VAL, HUGE_VAL, 0.0};
    for (int i = 1; i < LEN(FADE) && where == D64; i++)
        xp_judge(x, FADES,
                 memorisation_fall(m, SAMPLER, S, FADE[i - 1], FADE[i], xp_alpha(x)),
                 region_at_least(0.0), "n=%d delta=%g", n, DELTAS[FADE[i]]);
    enclosure share = memorisation_probability(m, SAMPLER, S, D_1, 0.5 * xp_alpha(x));
    memorisation_free(m);
    return share;
}

static void study_stepped(xp *x, const gmm *p)
{
    if (!xp_wants(x, STEPPED)) return;
    enclosure less[2];
    const memorisation_setting s = {.d = 16, .n = 512, .law = p};
    study c = study_of(x, D16, "stepped", s);
    c.s.delta = &DELTAS[D_01], c.s.sets = xp_effort(x, 600, 1200);
    TRY(memorisation_stepped(&c.s, 0.05, 20, c.key, xp_alpha(x), less));
    for (int q = F; q <= S; q++)
        xp_judge(x, STEPPED, less[q], region_about(0.0, 0.05), "%s", NAME[q]);
}

/* In column lo the distance from what was generated. */
static void show_gallery(const study *c, double delta)
{
    static const char *const what[] = {"generated", "training", "held-out"};
    double image[3 * SHOWN][PIXELS], distance[3 * SHOWN];
    memorisation_gallery(&c->s, c->key, delta, SHOWN, image[0], distance);
    for (int j = 0; j < 3 * SHOWN; j++)
        for (int i = 0; i < PIXELS; i++)
            xp_row(c->x, "%s gallery nan %g %.3f %.17g nan %d %d %d", what[j % 3],
                   delta, image[j][i], distance[j], j / 3, i / SIDE, i % SIDE);
}

/* The digits, or as many points of p. */
static void study_digits(xp *x, const gmm *p)
{
    double *pool = NEW_ARRAY(double, (long)DIGITS *PIXELS), copies, median;
    char *path = xp_data_path("digits.csv");
    const int status = digits_read(path, DIGITS, pool, NULL);
    free(path);
    if (status == SC_EIO) {
        xp_note(x, "no data/digits.csv (run_all.sh fetches it): clusters instead");
        gmm_sample(p, xp_stream(x, "pool"), 0, DIGITS, pool, PIXELS);
    } else if (status != SC_OK)
        xp_fail("data/digits.csv: %s", base_status_text(status));
    const char *name = status == SC_OK ? "digits" : "synthetic";
    memorisation_setting s = {PIXELS, DIGITS / 2, .pool = pool, .pool_size = DIGITS};
    const study halves = study_of(x, HALVES, name, s);
    s.n = DIGITS / 3, s.held_out = true;
    const study thirds = study_of(x, THIRDS, name, s);
    memorisation_free(measure(&halves));
    memorisation_free(measure(&thirds));
    for (int k = D_001; k <= D_3; k += 2) show_gallery(&halves, DELTAS[k]);
    memorisation_held_out(&halves.s, halves.key, &copies, &median);
    xp_record(x, HELD_OUT, enclosure_exact(copies), "F");
    xp_record(x, HELD_OUT, enclosure_about(median, 1e-13), "median-distance");
    free(pool);
}

void xp_run(xp *x)
{
    const gmm *user = xp_target(x);
    const double tv = user != NULL ? memorisation_start_tv(user, T) : 0.0;
    if (tv > 0.03)
        xp_assumption_fails(x, "TV(p_6, N(0, I)) <= .03; its bound is %.3g", tv);
    for (int i = 0; i < 2 && user != NULL && tv <= 0.03; i++)
        study_mixture(x, USER, "target", user, SIZE[i]);
    for (int i = 0; i < LEN(SPACE) && user == NULL; i++) {
        const int where = D2 << i;
        gmm *p = catalogue_clusters(SPACE[i].d);
        enclosure share[LEN(SIZE)];
        for (int j = 0; j < (xp_full(x) ? 3 : 2); j++) {
            share[j] = study_mixture(x, where, SPACE[i].name, p, SIZE[j]);
            xp_progress(x, 4L * i + j + 1, 12); /* chains and digits: one each */
        }
        if (where == D16)
            xp_judge(x, SHRINKS, enclosure_sub(share[0], share[1]),
                     region_at_least(0.03), "n=64,512");
        if (where == D16) study_stepped(x, p);
        if (where == D64) study_digits(x, p);
        gmm_free(p);
    }
}
