/* tv_bound -- the sampler's law is close to the data in total variation.
 *
 * Forward dX = f X dt + g dB on [0, T], p_t the law of X_t. The sampler is the reverse
 * SDE dY = (-f Y + g^2 s_theta) dtau + g dB from Y_0 ~ p_noise, with a score that is off
 * by eps_t^2 = E_{p_t} |s_theta - grad log p_t|^2 <= eps^2. 002 Theorem 6.2 prints
 *
 *     TV(L(Y_T), p_data) <= TV(p_T, p_noise) + (eps/2) sqrt(T)     reading A of the scan
 *                                       or  ... + eps sqrt(T/2)    reading B.
 *
 * The drifts differ by g^2 (s_theta - grad log p) under noise g: Girsanov's path entropy
 * is 1/2 E int g^2 |s_theta - grad log p|^2, and Pinsker's inequality gives
 *
 *     TV(L(Y_T), p_data) <= TV(p_T, p_noise) + 1/2 (int g^2 eps_t^2 dt)^{1/2}.
 *
 * Corollary 6.3 (VP, q = e^{-B}, m2 = E|X_0|^2) prints e^{-B/2} sqrt(m2/2) for the first
 * term. (6.8) lacks a factor 1/2; corrected, and for every T,
 *
 *     TV(p_T, N(0, I)) <= 1/2 sqrt(q m2 - d (q + log(1 - q))).
 *
 * Controls  1/4 for 1/2 is too small by 1.284 on Brownian motion with N(0, 0.255 T);
 *           "TV grows like sqrt(T) for OU": its order over [4, 16] is 0.0133, not 0.4;
 *           the printed noise term at small T is too small by 2.54 (N(0, 0.01), B = 1).
 */
#include "ball.h"
#include "battery.h"
#include "bound.h"
#include "divergence.h"
#include "perturbation.h"
#include "quad.h"
#include "rate.h"
#include "timegrid.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

#define TOTAL "TV <= TV(p_T, p_noise) + 1/2 (int g^2 eps_t^2 dt)^{1/2}"
#define NOISE "TV(p_T, N(0,I)) <= 1/2 sqrt(q m2 - d(q + log(1 - q))), q = e^{-B}"

enum { CONSTANT, LINEAR, FIELDS, RESOLVED, BROWNIAN, OU, OU_ORDER, COROLLARY, DECAY };
enum { READINGS = DECAY + 1, PATH_KL, TERM, KL_68, QUARTER, OU_ROOT, SMALL_T };
enum { THRESHOLD = SMALL_T + 1, BATTERY, ATTAINED };

static const xp_check CHECKS[] = {
    [CONSTANT] = {xp_claim, CERTIFIED, "constant-error", "N(0,1), s = -x + eps: " TOTAL,
                  NULL},
    [LINEAR] = {xp_claim, QUADRATURE, "linear-cases",
                "Gaussian data, affine error, worst TV/bound: " TOTAL, NULL},
    [FIELDS] = {xp_claim, EXACT_LAW, "error-fields",
                "mixture: TV <= (eps/2) sqrt(int g^2) + TV with the exact score", NULL},
    [RESOLVED] = {xp_claim, EXACT_LAW, "steps-resolved",
                  "the TV with the exact score is below 1% of every score term", NULL},
    [BROWNIAN] = {xp_claim, QUADRATURE, "order-attained",
                  "Brownian motion, N(0,vT): TV/((eps/2) sqrt T) = 0.642 at every T",
                  NULL},
    [OU] = {xp_claim, QUADRATURE, "ou-ceiling",
            "OU, s = -x + eps: TV <= 2 Phi(eps) - 1", NULL},
    [OU_ORDER] = {xp_claim, QUADRATURE, "ou-order",
                  "OU, s = -x + eps: TV has order <= 0.02 in T over [4, 16]", NULL},
    [COROLLARY] = {xp_claim, QUADRATURE, "corollary",
                   "worst TV/bound over B in [0.25, 20]: " NOISE, NULL},
    [DECAY] = {xp_claim, CLOSED_FORM, "noise-decay",
               "-log TV(p_T, N(0,1)) per unit B: 1/2 with a mean, 1 without", NULL},
    [READINGS] = {xp_printed, CERTIFIED, "printed-score-term",
                  "Theorem 6.2, score term A: (eps/2) sqrt(T), B: eps sqrt(T/2)",
                  TOTAL},
    [PATH_KL] = {xp_printed, CLOSED_FORM, "printed-path-kl",
                 "(6.4): path KL, hence marginal KL, <= eps^2 T/2 (A), eps^2 T (B)",
                 "path KL = 1/2 E int g^2 |s_theta - grad log p|^2 dt"},
    [TERM] = {xp_printed, CLOSED_FORM, "printed-corollary",
              "Corollary 6.3: TV <= e^{-B/2} sqrt(m2/2) + score term B", NOISE},
    [KL_68] = {xp_printed, CLOSED_FORM, "printed-68",
               "(6.8): KL(p_{T|0}(.|x) | N(0,1)) = q x^2 - (q + log(1 - q))",
               "half of that: (q x^2 - (q + log(1 - q)))/2"},
    [QUARTER] = {xp_control, QUADRATURE, "quarter",
                 "1/4 in place of 1/2, too small by 1.284: TV/bound <= 1", NULL},
    [OU_ROOT] = {xp_control, QUADRATURE, "ou-sqrt",
                 "OU: TV has order >= 0.4 in T over [4, 16]; it is 0.0133", NULL},
    [SMALL_T] = {xp_control, CLOSED_FORM, "corollary-small-t",
                 "printed noise term, B = 1, N(0,0.01): too small by 2.54", NULL},
    [THRESHOLD] =
        {xp_finding, CLOSED_FORM, "from-which-b",
         "B from which: a reading fails (N(0,1), T = 1, eps -> 0); the printed "
         "noise term holds (m2 = d)",
         NULL},
    [BATTERY] = {xp_finding, QUADRATURE, "battery",
                 "random linear cases that violate the bound, largest TV/bound", NULL},
    [ATTAINED] = {xp_finding, EXACT_LAW, "kl-attained",
                  "mixture: KL(data | sampler)/(eps^2 T); the path KL allows 1", NULL},
};

const xp_info xp_this = {
    .title = "Total variation of the sampler: noise term plus score term",
    .statement = TOTAL "; VP: " NOISE,
    .sources = "002 Assumption 6.1, Theorem 6.2, Corollary 6.3, (6.2)-(6.8); "
               "Chen, Chewi, Li, Li, Salim, Zhang 2022",
    .columns = "panel series x tv bound reading_a reading_b",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static double reading_a(double eps, double T) { return 0.5 * eps * sqrt(T); }
static double reading_b(double eps, double T) { return eps * sqrt(0.5 * T); }

static enclosure rounded(double value)
{
    return enclosure_about(value, 1e-14 * fabs(value) + 1e-16);
}

/* ---- N(0, 1) with s = -x + eps under VP: Y_T ~ N(2 eps (1 - e^{-B/2}), 1) --------- */

static double shift(double eps, double B) { return -2.0 * eps * expm1(-0.5 * B); }

static enclosure certified_tv(const char *eps, const char *B)
{
    arb_t d, r;
    arb_init(d);
    arb_init(r);
    ball_set(d, eps);
    ball_set(r, B);
    arb_mul_2exp_si(r, r, -1);
    arb_neg(r, r);
    arb_expm1(r, r, BALL_PRECISION);
    arb_mul(d, d, r, BALL_PRECISION);
    arb_mul_si(d, d, -2, BALL_PRECISION);
    ball_shift_tv(d, d);
    enclosure tv = ball_enclose(d);
    arb_clear(d);
    arb_clear(r);
    return tv;
}

static void constant_error(xp *x)
{
    static const char *const EPS[] = {"0.01", "0.1", "0.5"};
    static const struct {
        const char *name, *B;
        double T;
    } MODELS[] = {{"VP(.1,20) T=1", "10.05", 1.0}, {"g^2=100 T=0.1", "10", 0.1}};

    for (int m = 0; m < LEN(MODELS); m++)
        for (int i = 0; i < LEN(EPS); i++) {
            const char *name = MODELS[m].name;
            double eps = strtod(EPS[i], NULL), B = strtod(MODELS[m].B, NULL);
            double T = MODELS[m].T, a = reading_a(eps, T), b = reading_b(eps, T);
            enclosure tv = certified_tv(EPS[i], MODELS[m].B);
            xp_bound(x, CONSTANT, tv, 0.5 * eps * sqrt(B), "%s eps=%s", name, EPS[i]);
            xp_judge(x, READINGS, tv, region_at_most(a), "A %s eps=%s", name, EPS[i]);
            xp_judge(x, READINGS, tv, region_at_most(b), "B %s eps=%s", name, EPS[i]);
            xp_row(x, "eps B=%s %s %.17g %.17g %.17g %.17g", MODELS[m].B, EPS[i],
                   enclosure_mid(tv), 0.5 * eps * sqrt(B), a, b);
        }
    double eps = 0.1, B = 10.05, d = shift(eps, B), q = exp(-B);
    enclosure kl = rounded(0.5 * d * d), tv = certified_tv("0.1", "10.05");
    xp_judge(x, PATH_KL, kl, region_at_most(0.5 * eps * eps),
             "A VP(.1,20) T=1 eps=0.1");
    xp_judge(x, PATH_KL, kl, region_at_most(eps * eps), "B VP(.1,20) T=1 eps=0.1");
    xp_judge(x, TERM, tv, region_at_most(sqrt(0.5 * q) + reading_b(eps, 1.0)),
             "N(0,1) VP(.1,20) T=1 eps=0.1");
}

/* e^{-B/2} sqrt(m2/2) is the larger noise term if -(q + log(1 - q)) <= q m2; here m2 = d = 1. */
static double room(double B, const void *none)
{
    (void)none;
    double q = exp(-B);
    return 2.0 * q + log1p(-q);
}

/* TV/eps -> 2 (1 - e^{-B/2})/sqrt(2 pi) as eps -> 0 exceeds the reading's slope r from
   B = -2 log(1 - r sqrt(pi/2)) on. */
static void thresholds(xp *x)
{
    double B, r[] = {reading_a(1.0, 1.0), reading_b(1.0, 1.0)};
    for (int i = 0; i < LEN(r); i++)
        xp_record(x, THRESHOLD, rounded(-2.0 * log1p(-r[i] * sqrt(0.5 * SC_PI))),
                  "reading %c fails", 'A' + i);
    TRY(quad_root(room, NULL, 0.01, 5.0, &B));
    xp_record(x, THRESHOLD, enclosure_about(B, 1e-14), "printed noise term holds");
}

/* ---- Linear cases ---------------------------------------------------------------- */

enum { CORRECTED, READING_A, READING_B, BOUNDS, RK4_STEPS = 1500 };

/* eps = sup_t eps_t is taken at an end: v_t is monotone (or the error constant). */
static int trial(const linear_case *c, enclosure *tv, double *bound)
{
    double T = c->forward.T;
    double eps = sqrt(fmax(law_linear_error(c, 0.0), law_linear_error(c, T)));
    gauss p_T = law_linear_marginal(c, T);
    bool exact = c->from.kind == START_PT;
    double noise = exact ? 0.0 : gauss_tv(p_T, (gauss){c->from.mean, c->from.var});
    bound[CORRECTED] = noise + 0.5 * sqrt(law_linear_path_error(c));
    bound[READING_A] = noise + reading_a(eps, T);
    bound[READING_B] = noise + reading_b(eps, T);
    gauss path[RK4_STEPS + 1];
    distances d = {0};
    CHECK(divergence_linear(c, RK4_STEPS, path, &d));
    *tv = d.tv;
    return SC_OK;
}

static void battery(xp *x)
{
    static const char *const NAMES[BOUNDS] = {"corrected", "A", "B"};
    battery_tally tally[BOUNDS];
    TRY(battery_run(xp_stream(x, "battery"), BOUNDS, trial, tally));
    for (int b = 0; b < BOUNDS; b++) {
        xp_record(x, BATTERY, enclosure_exact(tally[b].failed), "%s: failed of %d",
                  NAMES[b], tally[b].cases);
        xp_record(x, BATTERY, tally[b].worst, "%s: largest TV/bound", NAMES[b]);
    }
    xp_bound(x, LINEAR, tally[CORRECTED].worst, 1.0, "battery of %d", BATTERY_CASES);
}

static const start EXACT = {.kind = START_PT};

/* TV for N(0, 1) and s = -x + 0.1, and the corrected bound. */
static enclosure tv_after(sde e, start from, double *bound)
{
    linear_case c = {.data = {0.0, 1.0}, .forward = e, .from = from, .c = 0.1};
    enclosure tv = {0};
    double bounds[BOUNDS];
    TRY(trial(&c, &tv, bounds));
    *bound = bounds[CORRECTED];
    return tv;
}

static void models(xp *x)
{
    static const char *const NAMES[] = {"OU", "VP", "subVP", "VE", "CVP"};
    for (int m = 0; m < LEN(NAMES); m++) {
        enclosure worst = {0.0, 0.0, 0.0};
        for (int k = 0; k <= 5; k++) {
            double T = ldexp(0.25, k), bound;
            sde all[] = {sde_ou(T), sde_vp(0.1, 20.0, T), sde_subvp(0.1, 20.0, T),
                         sde_ve(0.1, 0.1 * pow(3.0, T), T), sde_cvp(0.1, 2.0, T)};
            start noise = {START_NORMAL, 0.0, sde_prior_var(&all[m])};
            enclosure tv = tv_after(all[m], noise, &bound);
            worst = enclosure_max(worst, enclosure_scale(tv, 1.0 / bound));
            tv = tv_after(all[m], EXACT, &bound);
            xp_row(x, "T %s %.17g %.17g %.17g nan nan", NAMES[m], T, enclosure_mid(tv),
                   bound);
        }
        xp_bound(x, LINEAR, worst, 1.0, "%s T=0.25..8", NAMES[m]);
    }
}

static void saturation_of_ou(xp *x)
{
    double bound;
    enclosure at4 = tv_after(sde_ou(4.0), EXACT, &bound);
    enclosure at16 = tv_after(sde_ou(16.0), EXACT, &bound);
    enclosure order = rate_local(16.0, at16, 4.0, at4);
    xp_bound(x, OU, at4, erf(0.1 / sqrt(2.0)), "T=4 eps=0.1");
    xp_bound(x, OU, at16, erf(0.1 / sqrt(2.0)), "T=16 eps=0.1");
    xp_judge(x, OU_ORDER, order, region_at_most(0.02), "eps=0.1");
    xp_judge(x, OU_ROOT, order, region_at_least(0.4), "eps=0.1");
}

/* With data N(0, v T), TV/((eps/2) sqrt T) -> sqrt(2 v/pi) log(1 + 1/v) as eps -> 0. */
static double minus_attained(double v, const void *none)
{
    (void)none;
    return -sqrt(2.0 * v / SC_PI) * log1p(1.0 / v);
}

static void brownian(xp *x)
{
    double v, bound[BOUNDS];
    TRY(quad_minimum(minus_attained, NULL, 0.01, 2.0, &v));
    region attained = region_about(-minus_attained(v, NULL), 1e-4);
    for (int k = 0; k < 4; k++) {
        double T = ldexp(1.0, 2 * k);
        linear_case c = {
            .data = {0.0, v * T}, .forward = sde_brownian(T), .c = 0.01 / sqrt(T)};
        enclosure tv = {0};
        TRY(trial(&c, &tv, bound));
        enclosure ratio = enclosure_scale(tv, 1.0 / bound[CORRECTED]);
        xp_judge(x, BROWNIAN, ratio, attained, "T=%g", T);
        xp_judge(x, QUARTER, enclosure_scale(ratio, 2.0), region_at_most(1.0), "T=%g",
                 T);
        xp_row(x, "T Brownian %.17g %.17g %.17g nan nan", T, enclosure_mid(tv),
               bound[CORRECTED]);
    }
}

/* ---- The mixture, by exact laws --------------------------------------------------- */

enum { SHAPES = 4, SIZES = 3, CHAINS = 1 + SHAPES * SIZES };

/* Chain 0 has the exact score. By the triangle inequality its TV is what the steps may add:
   between two chains Girsanov holds step by step, since b_k^2/q_k <= int g^2 (with e^2 taken
   under chain 0 instead of p_t: second order). The steps are short where the score moves
   fast, n_t below the smallest variance; of uniform ones it would take 8500 to stay below 1%
   of the smallest score term (400 leave 21%, 1600 5%). */
static void fields(xp *x, const gmm *p, bool users)
{
    static const error_shape *const SHAPE[SHAPES] = {
        &PERTURBATION_CONST, &PERTURBATION_X, &PERTURBATION_COS3, &PERTURBATION_COS12};
    static const double EPS[SIZES] = {0.2, 0.1, 0.05};
    int sizes = (int)xp_effort(x, 2, 3), steps = (int)xp_effort(x, 1000, 2000);
    int n = 1 + SHAPES * sizes;
    target *data = target_mixture(p);
    sde ou = sde_ou(2.0);
    double *t = NEW_ARRAY(double, steps + 1), root = sqrt(sde_int_g2(&ou, 0.0, ou.T));
    timegrid_shifted(ou.T, 0.5 * pow(target_smallest_sd(data), 2.0), steps, t);
    law_rules rules = law_rules_for(data);
    rules.c *= 2.0; /* enough for TV and three digits of KL; the enclosures say so */
    chain c = {data, &ou, &SAMPLER_EI, EXACT, steps, t, NULL, NULL};
    perturbation e[CHAINS] = {{p, &ou, SHAPE[0], 0.0}};
    distances d[CHAINS];
    for (int i = 1; i < n; i++)
        e[i] = (perturbation){p, &ou, SHAPE[(i - 1) % SHAPES], EPS[(i - 1) / SHAPES]};
    TRY(perturbation_distances(&c, &rules, n, e, d));

    for (int i = 1; i < n; i++) {
        const char *name = e[i].shape->name;
        double eps = e[i].eps, bound = 0.5 * eps * root + d[0].tv.hi;
        enclosure kl = enclosure_scale(d[i].kl, 1.0 / (eps * eps * ou.T));
        xp_bound(x, FIELDS, d[i].tv, bound, "e=%s eps=%g", name, eps);
        xp_record(x, ATTAINED, kl, "e=%s eps=%g", name, eps);
        xp_row(x, "mixture %s %.17g %.17g %.17g nan nan", name, eps,
               enclosure_mid(d[i].tv), bound);
    }
    enclosure share = enclosure_scale(d[0].tv, 2.0 / (EPS[sizes - 1] * root));
    if (!users) xp_judge(x, RESOLVED, share, region_at_most(0.01), "N=%d", steps);
    free(t);
    target_free(data);
}

/* ---- The corollary ---------------------------------------------------------------- */

static void corollary(xp *x, target *data, const char *name)
{
    static const double B[] = {0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0};
    double m2 = target_variance(data) + pow(target_mean(data), 2.0);
    enclosure worst = {0.0, 0.0, 0.0};
    for (int i = 0; i < LEN(B); i++) {
        reference p_T = {data, exp(-0.5 * B[i]), -expm1(-B[i])};
        enclosure kl, tv;
        TRY(divergence_to_gauss(&p_T, (gauss){0.0, 1.0}, &kl, &tv));
        worst = enclosure_max(
            worst, enclosure_scale(tv, 1.0 / bound_vp_noise_tv(m2, 1, B[i])));
    }
    xp_bound(x, COROLLARY, worst, 1.0, "%s", name);
    target_free(data);
}

/* TV(p_T, N(0, 1)) for data p under VP. */
static enclosure noise_tv(gauss p, double B)
{
    double q = exp(-B);
    gauss p_T = {sqrt(q) * p.mean, 1.0 + q * (p.var - 1.0)};
    return rounded(gauss_tv(p_T, (gauss){0.0, 1.0}));
}

static void corollary_gauss(xp *x)
{
    static const struct {
        const char *name;
        gauss p;
        double slope;
    } DECAYS[] = {{"N(3,1)", {3.0, 1.0}, 0.5}, {"N(0,4)", {0.0, 4.0}, 1.0}};
    for (int i = 0; i < LEN(DECAYS); i++) {
        enclosure fall =
            enclosure_div(noise_tv(DECAYS[i].p, 8.0), noise_tv(DECAYS[i].p, 16.0));
        xp_judge(x, DECAY, enclosure_scale(enclosure_log(fall), 1.0 / 8.0),
                 region_about(DECAYS[i].slope, 0.01), "%s", DECAYS[i].name);
    }
    xp_judge(x, TERM, noise_tv((gauss){0.0, 0.0}, 2.0), region_at_most(0.0),
             "noise term of the atom at 0, B=2");
    xp_judge(x, SMALL_T, noise_tv((gauss){0.0, 0.01}, 1.0),
             region_at_most(exp(-0.5) * sqrt(0.01 / 2.0)), "N(0,0.01) B=1");
    double q = exp(-2.0), printed = q * 9.0 - (q + log1p(-q));
    double kl = gauss_kl((gauss){3.0 * sqrt(q), 1.0 - q}, (gauss){0.0, 1.0});
    xp_judge(x, KL_68, rounded(kl), region_about(printed, 1e-9), "x=3 B=2");
}

void xp_run(xp *x)
{
    const gmm *users = xp_target(x);
    if (users && gmm_dim(users) != 1) {
        xp_assumption_fails(x,
                            "the laws are computed on the line; the target has d = %d",
                            gmm_dim(users));
        return;
    }
    gmm *m = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    const gmm *p = users ? users : m;
    corollary(x, target_mixture(p), users ? "user mixture" : "mixture");
    if (xp_wants(x, FIELDS) || xp_wants(x, RESOLVED) || xp_wants(x, ATTAINED))
        fields(x, p, users != NULL);
    gmm_free(m);
    if (users) return;

    corollary(x, target_gauss(0.0, 1.0), "N(0,1)");
    corollary(x, target_gauss(3.0, 1.0), "N(3,1)");
    corollary(x, target_gauss(0.0, 4.0), "N(0,4)");
    corollary(x, target_atoms(1, (double[]){1.0}, (double[]){0.0}), "atom at 0");
    corollary_gauss(x);
    constant_error(x);
    thresholds(x);
    if (xp_wants(x, LINEAR) || xp_wants(x, BATTERY)) battery(x);
    models(x);
    saturation_of_ou(x);
    brownian(x);
}
