/* estimation_rate -- how fast a structured estimator learns the score from n points.
 *
 * X_0 = g(U) + sd xi, g: [0,1]^d -> R^D in a Hoelder ball of exponent beta. For the empirical minimiser of the denoising loss over
 * a class of scores, with probability 1 - delta (Yakovlev, Puchkin 2025, Theorem 3.4, under (14))
 *
 *     int_{t0}^T E|hat s - s*|^2 dt <~ (n sigma_0^2)^{-2 beta/(2 beta + d)} up to logarithms and powers of D and T.
 *
 * Class: flow scores of piecewise polynomials of degree floor(beta) on N^d cells, n = c N^{2 beta + d}, T = inf: then the loss is a
 * likelihood and the error KL(p_{t0} | hat p_{t0}) (de Bruijn). The maximiser, by EM (lib/sieve.h), must be at least as likely as
 * the projection of the truth: all that the proof uses. KL is exact for each training set; in the mean the known expectation of
 * 1/2 int (hat p - p)^2/p, hat p the noised empirical density, takes nearly all of the noise.
 *
 * Inside (14): gentle, slab, sigma_0^2 = 1/2, sd = 0, H = 1.85, 1.2. Outside: findings. A maximiser that has not converged ends the
 * run. The exponent is nowhere seen to be attained: at fixed t0 the error is parametric.
 *
 * Printed   the right side has the factor log D: 0 for D = 1, for every constant. The error is 4e-4 at n = 240.
 * Controls  N = 1 at all n: slope 0 for -2/3 (error .0066 of the best constant); the exponent as an equality at (1, 1, 1), -2/3
 *           +- .1: it is -1.0; the memoriser hat p with slope <= -1.3: it is -1.
 */
#include "rate.h"
#include "sieve.h"
#include "xp.h"

#include <math.h>
#include <stdio.h>

/* clang-format off */
enum { RATE, LIKELIER, KNOWN, LOG_D, FROZEN, ATTAINED, FAST, SLOPE, RATIO, EFFORT };
static const xp_check CHECKS[] = {
    [RATE] = {xp_claim, MONTE_CARLO, "rate", "inside (14): slope of the mean error in n <= -2 beta/(2 beta + d) + .05"},
    [LIKELIER] = {xp_claim, QUADRATURE, "not-below-projection", "Lambda(hat g) >= Lambda(projection of g), the worst of all training sets"},
    [KNOWN] = {xp_claim, MONTE_CARLO, "known-error", "mean error against known values: gentle (20 sets, 30%) within a factor 2.5, bend 1.2; bend, n = inf, within 2%"},
    [LOG_D] = {xp_printed, MONTE_CARLO, "log-dimension", "D = 1: error <~ .. log D = 0", "log(e + D); error > 0"},
    [FROZEN] = {xp_control, MONTE_CARLO, "frozen-sieve", "N = 1 for all n: slope <= -2/3 + .05; it is 0"},
    [ATTAINED] = {xp_control, MONTE_CARLO, "exponent-attained", "(1, 1, 1): slope within .1 of -2/3; it is -1"},
    [FAST] = {xp_control, MONTE_CARLO, "memoriser-fast", "slope of the memoriser <= -1.3; it is -1"},
    [SLOPE] = {xp_finding, MONTE_CARLO, "slope", "slope of the maximiser, of the memoriser; outside (14) too"},
    [RATIO] = {xp_finding, MONTE_CARLO, "over-memoriser", "error of the maximiser over that of the memoriser"},
    [EFFORT] = {xp_finding, QUADRATURE, "iterations", "most iterations of the chosen start, until it had converged; how many of 5 or 6 starts were stopped before"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Fitting a piecewise polynomial generator learns the score at the rate",
    .statement =
        "slope of the error in n <= -2 beta/(2 beta + d), n = c N^(2 beta + d)",
    .sources =
        "000 'Generalization bound'; Yakovlev and Puchkin 2025, Theorem 3.4, (14)",
    .columns = "series law beta d D N n error lo hi",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

/* ---- The grid ------------------------------------------------------------------------------- */

enum { CELLS = 6 };
typedef struct {
    const generator *of; /* NULL: weier(beta), 13 octaves, amplitude .8 */
    double beta;
    int d, D;
    double c;
    int quick, full, N[CELLS];         /* so many of N; quick = 0: full effort only */
    double sd, noise;                  /* noise = sigma_0 */
    double known[CELLS], limit[CELLS]; /* known errors: at n, for n = inf; 0: none */
} regime;

/* clang-format off */
#define ROOT_HALF 0.70710678118654752440
static const regime INSIDE[] = {
    {&GENERATOR_GENTLE, 1.0, 1, 1, 30.0, 6, 6, {2, 3, 4, 6, 8, 12}, 0.0, ROOT_HALF, {4.2e-4, 6.9e-5, 3.3e-5, 1.8e-5, 4.5e-6, 6.6e-7}, {0.0}},
    {&GENERATOR_GENTLE, 2.0, 1, 1, 12.0, 5, 5, {2, 3, 4, 5, 6}, 0.0, ROOT_HALF, {0.0}, {0.0}},
    {&GENERATOR_GENTLE, 1.0, 1, 2, 40.0, 5, 5, {2, 3, 4, 6, 8}, 0.0, ROOT_HALF, {0.0}, {0.0}},
    {&GENERATOR_GENTLE, 2.0, 1, 2, 12.0, 4, 4, {4, 5, 6, 7}, 0.0, ROOT_HALF, {0.0}, {0.0}},
    {&GENERATOR_SLAB, 1.0, 2, 2, 60.0, 3, 3, {3, 4, 6}, 0.0, ROOT_HALF, {0.0}, {0.0}},
    {&GENERATOR_SLAB, 2.0, 2, 2, 60.0, 2, 3, {3, 4, 5}, 0.0, ROOT_HALF, {0.0}, {0.0}}};
static const regime OUTSIDE[] = {
    {&GENERATOR_BEND, 1.0, 1, 1, 30.0, 5, 5, {3, 4, 6, 8, 12}, 0.1, 0.1, {.1305, .05191, .00922, .001962, 1.63e-4}, {.128, .0507, .00897, .00186, 1.27e-4}},
    {&GENERATOR_BEND, 2.0, 1, 1, 12.0, 0, 5, {2, 3, 4, 5, 6}, 0.0, 0.1, {0.0}, {0.0}},
    {&GENERATOR_BEND, 1.0, 1, 2, 40.0, 0, 4, {3, 4, 6, 8}, 0.1, 0.15, {0.0}, {0.0}},
    {&GENERATOR_BEND, 2.0, 1, 2, 12.0, 0, 4, {3, 4, 5, 6}, 0.1, 0.15, {0.0}, {0.0}},
    {&GENERATOR_SHEET, 1.0, 2, 2, 60.0, 0, 3, {3, 4, 6}, 0.1, 0.15, {0.0}, {0.0}},
    {NULL, 0.75, 1, 1, 30.0, 0, 4, {4, 8, 16, 32}, 0.0, 0.1, {0.0}, {0.0}},
    {NULL, 1.5, 1, 1, 20.0, 0, 4, {4, 6, 8, 12}, 0.0, 0.1, {0.0}, {0.0}}};
/* clang-format on */

typedef struct {
    const regime *c;
    generator g;
    mesh nodes;
    cloud *cloud;
    sieve_truth truth;
    const char *law;
    char name[64];
} population;

static void open_population(const regime *c, population *p)
{
    const double t0 = -0.5 * log1p(-c->noise * c->noise);
    const cloud_law at = cloud_ou(NULL, c->sd, t0);
    p->c = c;
    if (c->of == NULL) {
        p->nodes = mesh_midpoints(1, 4000);
        p->g = generator_octaves(1, 4.0, c->beta, 13);
        p->g = generator_centred(&p->g, &p->nodes, 0.8);
    } else {
        p->g = generator_first(c->of, c->D);
        p->nodes = mesh_legendre(c->d, mesh_panels(&p->g, at.m, at.s2), 16);
    }
    p->cloud = cloud_of(&p->g, &p->nodes);
    p->truth = (sieve_truth){&p->g, p->cloud, c->sd, t0};
    p->law = c->of == NULL ? "weier" : c->of->name;
    snprintf(p->name, sizeof p->name, "%s beta=%g d=%d D=%d", p->law, c->beta, c->d,
             c->D);
}

/* ---- Measured ------------------------------------------------------------------------------- */

typedef struct {
    int cells;
    double logn[CELLS];
    enclosure error[CELLS], memoriser[CELLS];
} curve;

static void row(xp *x, const char *series, const population *p, const sieve_design *of,
                enclosure e)
{
    xp_row(x, "%s %s %g %d %d %d %ld %.17g %.17g %.17g", series, p->law, p->c->beta,
           p->c->d, p->c->D, of->s.N, of->n, enclosure_mid(e), e.lo, e.hi);
}

/* Cell i from R training sets, each kept under its own key: an interrupted sweep goes on where it was. */
static void measure(xp *x, const population *p, const sieve_design *of, long R, int i,
                    curve *out)
{
    sieve_average y;
    TRY(sieve_average_of(of, xp_laws(x), xp_stream(x, "%s N=%d", p->name, of->s.N), R,
                         xp_alpha(x) / out->cells, &y));
    out->logn[i] = log((double)of->n);
    out->error[i] = y.error, out->memoriser[i] = y.memoriser;
    xp_judge(x, LIKELIER, enclosure_about(y.least_gain, 1e-13), region_at_least(0.0),
             "%s N=%d n=%ld", p->name, of->s.N, of->n);
    xp_record(x, EFFORT, enclosure_exact(y.most_iterations), "%s N=%d n=%ld", p->name,
              of->s.N, of->n);
    xp_record(x, EFFORT, enclosure_exact(y.stopped), "%s N=%d n=%ld starts stopped",
              p->name, of->s.N, of->n);
}

static enclosure slope(const curve *c, const enclosure *e)
{
    enclosure log_e[CELLS];
    for (int i = 0; i < c->cells; i++) log_e[i] = enclosure_log(e[i]);
    return rate_slope(c->cells, c->logn, log_e);
}

static void judge_known(xp *x, const regime *c, int i, enclosure error, double limit)
{
    const double known = c->known[i], factor = c->limit[i] > 0.0 ? 1.2 : 2.5;
    if (known > 0.0)
        xp_judge(x, KNOWN, error, region_between(known / factor, known * factor),
                 "%s N=%d", c->of->name, c->N[i]);
    if (c->limit[i] > 0.0)
        xp_judge(x, KNOWN, enclosure_about(limit, 1e-6 * limit),
                 region_about(c->limit[i], 0.02 * c->limit[i]), "%s N=%d n=inf",
                 c->of->name, c->N[i]);
}

static void judge_slopes(xp *x, const population *p, const curve *out, double rate)
{
    const int last = out->cells - 1;
    const enclosure r = slope(out, out->error), memoriser = slope(out, out->memoriser);
    xp_record(x, SLOPE, r, "%s", p->name);
    xp_record(x, SLOPE, memoriser, "%s memoriser", p->name);
    xp_record(x, RATIO, enclosure_div(out->error[last], out->memoriser[last]), "%s",
              p->name);
    if (p->c->noise != ROOT_HALF) return; /* outside */
    xp_judge(x, RATE, r, region_at_most(rate + 0.05), "%s", p->name);
    xp_judge(x, FAST, memoriser, region_at_most(-1.3), "%s", p->name);
    if (p->c != INSIDE) return;
    xp_judge(x, ATTAINED, r, region_about(rate, 0.1), NULL);
    xp_judge(x, LOG_D, out->error[0], region_at_most(0.0), "n=240");
}

/* frozen: one constant at all n. */
static void verify(xp *x, const regime *c, int cells, long R, bool frozen)
{
    population p;
    curve out = {.cells = cells};
    const double exponent = 2.0 * c->beta + c->d, rate = -2.0 * c->beta / exponent;
    open_population(c, &p);
    for (int i = 0; i < cells; i++) {
        const int degree = (int)ceil(c->beta) - 1, N = frozen ? 1 : c->N[i];
        const long n = lround(c->c * pow(c->N[i], exponent));
        const sieve_design of = {{c->d, c->D, degree, N}, p.truth, n};
        double limit;
        measure(x, &p, &of, R, i, &out);
        row(x, frozen ? "frozen" : "maximiser", &p, &of, out.error[i]);
        if (frozen) continue;
        TRY(sieve_limit(&of.s, &of.truth, &limit));
        judge_known(x, c, i, out.error[i], limit);
        row(x, "memoriser", &p, &of, out.memoriser[i]);
        row(x, "approximation", &p, &of, enclosure_exact(limit));
    }
    if (frozen)
        xp_judge(x, FROZEN, slope(&out, out.error), region_at_most(rate + 0.05), NULL);
    else
        judge_slopes(x, &p, &out, rate);
    cloud_free(p.cloud), mesh_free(&p.nodes);
}

/* --only may leave most of the work out. */
static bool wanted(const xp *x, const regime *c)
{
    static const int ALWAYS[] = {RATE, LIKELIER, FAST, SLOPE, RATIO, EFFORT};
    for (int k = 0; k < LEN(ALWAYS); k++)
        if (xp_wants(x, ALWAYS[k])) return true;
    return c->known[0] > 0.0 &&
           (xp_wants(x, KNOWN) || xp_wants(x, LOG_D) || xp_wants(x, ATTAINED));
}

void xp_run(xp *x)
{
    const int inside = LEN(INSIDE), all = inside + LEN(OUTSIDE);
    verify(x, INSIDE, INSIDE[0].quick, xp_effort(x, 12, 200), true);
    for (int i = 0; i < all; i++) {
        const regime *c = i < inside ? &INSIDE[i] : &OUTSIDE[i - inside];
        const int cells = (int)xp_effort(x, c->quick, c->full);
        const long R = xp_effort(x, 12, i < inside ? 200 : 24);
        if (cells > 0 && wanted(x, c)) verify(x, c, cells, R, false);
        xp_progress(x, i + 1, all);
    }
}
