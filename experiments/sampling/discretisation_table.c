/* discretisation_table -- the rates in the step, the dimension and the horizon that 002 Table 2 lists.
 *
 * Step delta, horizon T, dimension d; the scan leaves two readings of [24] and no exponent of d in [97]:
 *
 *     [11]  TV, OU, Euler   sqrt(T d) sqrt(delta)         [47,48]  TV, OU, PC      O_T(1) sqrt(d) sqrt(delta)
 *     [97]  TV, OU, EI      sqrt(T d^?) sqrt(delta^3)     [89]     W2, CVP, Euler  O_T(1) sqrt(d) sqrt(delta)
 *     [24]  W2, VE and VP, Euler   e^{O(T)} sqrt(d delta), or sqrt(d) delta
 *
 * As tested, from above only: no dependence is worse than its row. Products have KL_d = d KL_1, W2(d) = sqrt(d) W2(1),
 * hence TV_d <= sqrt(d KL_1/2). From below: N(0, I_d), OU, long T, W2/sqrt(d) = (1 - h/2)^{-1/2} - 1 ~ h/4 (EM),
 * {(e^{2h} - 1)/(1 - (2 - e^h)^2)}^{1/2} - 1 ~ h/2 (EI): sqrt(d) delta is the truth for Gaussians. In T the errors
 * saturate; from p_noise they are taken against the continuous process from the same start.
 *
 * Printed   Row [97] for EI (6.19): TV/delta^{3/2} doubles with every factor 4 in N; EI has TV order 1. EI2 has 2.
 * Controls  W2 free of d (8 times too small at d = 64); TV order 2 for EM (it has 1); EM on CVP bounded in T (W2 doubles).
 */
#include "catalogue.h"
#include "divergence.h"
#include "rate.h"
#include "xp.h"

#include <math.h>
#include <stdio.h>

/* clang-format off */
enum { ROOT, LINEAR, SECOND, PINSKER, ROOT_D, TV_HORIZON, W2_HORIZON, BELOW_EM, BELOW_EI, CVP_ROOT, ROW_97,
       NO_DIMENSION, EM_SECOND, CVP_BOUNDED, ERRORS, BY_D, BY_T };
static const xp_check CHECKS[] = {
    [ROOT] = {xp_claim, EXACT_LAW, "root-delta", "order in delta >= 0.47: rows [11], [47,48] (TV), [24] as sqrt(d delta) (W2)"},
    [LINEAR] = {xp_claim, CLOSED_FORM, "linear-delta", "[24] as sqrt(d) delta: W2 order >= 0.95 on G"},
    [SECOND] = {xp_claim, CLOSED_FORM, "second-order", "EI2: TV order >= 1.95, so that row [97] holds for it"},
    [PINSKER] = {xp_claim, EXACT_LAW, "pinsker", "TV_d <= sqrt(d KL_1/2)"},
    [ROOT_D] = {xp_claim, EXACT_LAW, "root-d", "order of TV in d, from 16 on, at most 0.51"},
    [TV_HORIZON] = {xp_claim, EXACT_LAW, "tv-horizon", "order of TV in T over [4, 16] at most 0.05"},
    [W2_HORIZON] = {xp_claim, CLOSED_FORM, "w2-horizon", "log W2(2T) - log W2(T) <= 0.1"},
    [BELOW_EM] = {xp_claim, CLOSED_FORM, "attained-em", "N(0, I_d), OU: W2/(sqrt(d) h) in [0.25, 0.262]"},
    [BELOW_EI] = {xp_claim, CLOSED_FORM, "attained-ei", "N(0, I_d), OU: W2/(sqrt(d) h) in [0.505, 0.545]"},
    [CVP_ROOT] = {xp_claim, CLOSED_FORM, "cvp-root-delta", "[89]: EM on CVP, W2 order in delta >= 0.47 at fixed T"},
    [ROW_97] = {xp_printed, CLOSED_FORM, "row-97", "EI has TV order >= 1.45 (row [97]: 3/2)", "order 1 for EI (6.19); 3/2 and more for EI2"},
    [NO_DIMENSION] = {xp_control, CLOSED_FORM, "w2-free-of-d", "W2(64) <= W2(1): too small by a factor of 8"},
    [EM_SECOND] = {xp_control, CLOSED_FORM, "em-second-order", "EM has TV order >= 2 on G: too much by 1"},
    [CVP_BOUNDED] = {xp_control, CLOSED_FORM, "cvp-bounded", "EM on CVP: W2(64) <= 1.5 W2(32): too small by a quarter"},
    [ERRORS] = {xp_finding, EXACT_LAW, "delta", "TV or W2 at the last N"},
    [BY_D] = {xp_finding, EXACT_LAW, "by-dimension", "TV_d/sqrt(d)"},
    [BY_T] = {xp_finding, EXACT_LAW, "by-horizon", "TV or W2 at horizon T"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Discretisation errors against step, dimension and horizon (002 Table 2)",
    .statement = "no row is exceeded; EI cannot reach row [97]; sqrt(d) delta attained",
    .sources = "002 Table 2; Chen et al. 2022; Lee et al. 2022, 2023; Gao et al. 2023",
    .columns = "panel metric series x value",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

typedef enum { G, M, U, WIDE, TARGETS } which;
static const char *const TARGET[TARGETS] = {"G", "M", "U", "N(0,4)"};

/* Orders in delta from p_T, N = first, first factor, ..; two readings may share a ladder. */
typedef struct {
    const char *row;
    const sde *forward;
    const sampler *scheme;
    which data;
    int first, factor, levels[2]; /* quick, full */
    int checks[2];                /* the second may be -1 */
    const char *metric;
    double least[2];
} sweep;

static sde vp_of(double T) { return sde_vp(0.1, 0.1 + T, T); } /* beta = 0.1 + t */
static sde cvp_of(double T) { return sde_cvp(1.0, 1.0, T); }

/* Error at T = 1, 2, ..: TV to the data, from p_T, or W2 to the process from the same p_noise; judged from T = 4 on. */
typedef struct {
    const char *name;
    sde (*forward)(double T);
    which data;
    int check;
} horizon;

/* clang-format off */
static const sweep SWEEPS[] = {
    {"[11]", &SDE_OU, &SAMPLER_EM, G, 64, 2, {5, 7}, {ROOT, EM_SECOND}, "TV", {0.47, 2.0}},
    {"[11]", &SDE_OU, &SAMPLER_EI, G, 64, 4, {5, 5}, {ROOT, ROW_97}, "TV", {0.47, 1.45}},
    {"[11]", &SDE_OU, &SAMPLER_EM, M, 32, 2, {4, 5}, {ROOT, -1}, "TV", {0.47}},
    {"[11]", &SDE_OU, &SAMPLER_EI, M, 32, 2, {4, 5}, {ROOT, -1}, "TV", {0.47}},
    {"[11]", &SDE_OU, &SAMPLER_EM, U, 16, 2, {5, 7}, {ROOT, -1}, "TV", {0.47}},
    {"[11]", &SDE_OU, &SAMPLER_EI, U, 16, 2, {5, 7}, {ROOT, -1}, "TV", {0.47}},
    {"[47,48]", &SDE_OU, &SAMPLER_EM_CORRECTED, G, 64, 2, {5, 7}, {ROOT, -1}, "TV", {0.47}},
    {"[47,48]", &SDE_OU, &SAMPLER_EM_CORRECTED, M, 32, 2, {4, 5}, {ROOT, -1}, "TV", {0.47}},
    {"[24]", &SDE_VE_PRIME, &SAMPLER_EM, G, 64, 2, {5, 7}, {ROOT, LINEAR}, "W2", {0.47, 0.95}},
    {"[24]", &SDE_VP, &SAMPLER_EM, G, 64, 2, {5, 7}, {ROOT, LINEAR}, "W2", {0.47, 0.95}},
    {"[24]", &SDE_VE_PRIME, &SAMPLER_EM, M, 32, 2, {4, 5}, {ROOT, -1}, "W2", {0.47}},
    {"[24]", &SDE_VP, &SAMPLER_EM, M, 32, 2, {4, 5}, {ROOT, -1}, "W2", {0.47}},
    {"[97]", &SDE_OU, &SAMPLER_EI2, G, 64, 2, {5, 7}, {SECOND, -1}, "TV", {1.95}},
};
static const horizon HORIZONS[] = {
    {"OU", sde_ou, G, TV_HORIZON}, {"OU", sde_ou, M, TV_HORIZON}, {"OU", sde_ou, G, W2_HORIZON},
    {"VP", vp_of, G, W2_HORIZON}, {"VE-g=1", sde_brownian, G, W2_HORIZON}, {"VE", sde_ve_prime, G, BY_T}};
static const horizon CVP = {"CVP", cvp_of, WIDE, BY_T};
/* clang-format on */

static void orders(xp *x, const sweep *s, const target *p)
{
    const sde *f = s->forward;
    const chain c = {p, f, s->scheme, START_EXACT, 0, NULL, NULL, NULL, xp_laws(x)};
    const char *scheme = s->scheme->name, *model = sde_name(f), *name = TARGET[s->data];
    ladder l;
    TRY(divergence_ladder(&c, s->first, s->factor, s->levels[xp_full(x)], &l));
    const enclosure *e = s->metric[0] == 'T' ? l.tv : l.w2;
    for (int i = 0; i < LEN(s->checks) && s->checks[i] >= 0; i++)
        xp_judge(x, s->checks[i], rate_exact(l.levels, l.h, e),
                 region_at_least(s->least[i]), "%s %s %s %s", s->row, model, scheme,
                 name);
    for (int i = 0; i < l.levels; i++)
        xp_row(x, "delta %s %s-%s-%s %.17g %.17g", s->metric, scheme, model, name,
               l.h[i], enclosure_mid(e[i]));
    xp_record(x, ERRORS, e[l.levels - 1], "%s %s %s %s N=%d", s->metric, model, scheme,
              name, l.steps[l.levels - 1]);
}

/* EI, N = 64, d = 1, 4, 16, .., 4096 (full: 1, 4, 8, 16, ..; at d = 2 the inversion for M has no error bound). */
static void dimensions(xp *x, const target *data, which of)
{
    int d[12] = {1, 4};
    const int factor = xp_full(x) ? 2 : 4, n = xp_full(x) ? LEN(d) : 7;
    const char *name = TARGET[of];
    double t[65];
    distances at[LEN(d)];
    for (int i = 2; i < n; i++) d[i] = d[i - 1] * factor;
    chain c = chain_uniform(data, &SDE_OU, &SAMPLER_EI, START_EXACT, 64, t);
    TRY(divergence_products(&c, n, d, at));
    for (int i = 0; i < n; i++) {
        double bound = sqrt(0.5 * at[i].kl.lo), root = sqrt(d[i]);
        xp_row(x, "d TV %s %d %.17g", name, d[i], enclosure_mid(at[i].tv));
        xp_row(x, "d Pinsker %s %d %.17g", name, d[i], bound);
        xp_record(x, BY_D, enclosure_scale(at[i].tv, 1 / root), "%s d=%d", name, d[i]);
        xp_bound(x, PINSKER, at[i].tv, bound, "%s d=%d", name, d[i]);
        if (d[i] > 16)
            xp_judge(x, ROOT_D, rate_local(d[i], at[i].tv, d[i - 1], at[i - 1].tv),
                     region_at_most(0.51), "%s d=%d", name, d[i]);
        if (d[i] == 64 && of == G)
            xp_judge(x, NO_DIMENSION, enclosure_div(at[i].w2, at[0].w2),
                     region_at_most(1.0), NULL);
    }
}

/* W2 for N(0, I_d) at T = 20, h = 0.1, 0.05, 0.025. */
static void attained(xp *x, int check, const sampler *scheme, region predicted)
{
    const sde ou = sde_ou(20.0);
    target *normal = target_gauss(0.0, 1.0);
    chain c = {.data = normal, .forward = &ou, .scheme = scheme, .from = START_EXACT};
    ladder l;
    TRY(divergence_ladder(&c, 200, 2, 3, &l));
    for (int i = 0; i < l.levels; i++)
        xp_judge(x, check, enclosure_scale(l.w2[i], 1.0 / l.h[i]), predicted, "h=%g",
                 l.h[i]);
    target_free(normal);
}

static ladder horizons(xp *x, const horizon *m, const target *p, const sampler *scheme,
                       int per_unit)
{
    const law_rules rules = law_rules_spaced(p, 0.4); /* enough for TV */
    const bool tv = m->check == TV_HORIZON;
    const horizon_chain c = {p, m->forward, scheme, per_unit, !tv, &rules, xp_laws(x)};
    char series[64];
    ladder l;
    TRY(divergence_horizons(&c, tv ? 5 : 7, &l));
    const enclosure *e = tv ? l.tv : l.w2;
    (void)snprintf(series, sizeof series, "%s %s-%s-%s-%d", tv ? "TV" : "W2",
                   scheme->name, m->name, TARGET[m->data], per_unit);
    for (int i = 0; i < l.levels; i++) {
        xp_row(x, "T %s %d %.17g", series, 1 << i, enclosure_mid(e[i]));
        xp_record(x, BY_T, e[i], "%s T=%d", series, 1 << i);
        if (m->check == W2_HORIZON && i > 2)
            xp_judge(x, W2_HORIZON, enclosure_log(enclosure_div(e[i], e[i - 1])),
                     region_at_most(0.1), "%s T=%d", series, 1 << i);
    }
    if (tv)
        xp_judge(x, TV_HORIZON, rate_local(16.0, e[4], 4.0, e[2]), region_at_most(0.05),
                 "%s", series);
    return l;
}

/* CVP, beta = 1, from N(0, 4): h = 1/16, 1/32, 1/64. */
static void cvp(xp *x, const target *data)
{
    ladder em[3];
    for (int i = 0; i < LEN(em); i++)
        em[i] = horizons(x, &CVP, data, &SAMPLER_EM, 16 << i);
    (void)horizons(x, &CVP, data, &SAMPLER_EI, 64);
    for (int k = 3; k < em[0].levels; k++) {
        const double h[] = {em[0].h[k], em[1].h[k], em[2].h[k]};
        const enclosure at[] = {em[0].w2[k], em[1].w2[k], em[2].w2[k]};
        xp_judge(x, CVP_ROOT, rate_exact(LEN(em), h, at), region_at_least(0.47), "T=%d",
                 1 << k);
    }
    xp_judge(x, CVP_BOUNDED, enclosure_div(em[2].w2[6], em[2].w2[5]),
             region_at_most(1.5), NULL);
}

void xp_run(xp *x)
{
    target *data[TARGETS] = {
        catalogue_target(&CATALOGUE_GAUSS), catalogue_target(&CATALOGUE_M),
        target_uniform(-sqrt(3.0), sqrt(3.0)), target_gauss(0.0, 4.0)};
    const bool swept = xp_wants(x, ROOT, LINEAR, SECOND, ROW_97, EM_SECOND, ERRORS);
    for (int i = 0; i < LEN(SWEEPS) && swept; i++) {
        orders(x, &SWEEPS[i], data[SWEEPS[i].data]);
        xp_progress(x, i + 1, LEN(SWEEPS) + LEN(HORIZONS));
    }
    for (which of = G; of <= M; of++) dimensions(x, data[of], of);
    attained(x, BELOW_EM, &SAMPLER_EM, region_between(0.25, 0.262));
    attained(x, BELOW_EI, &SAMPLER_EI, region_between(0.505, 0.545));
    for (int i = 0; i < LEN(HORIZONS); i++) {
        const horizon *m = &HORIZONS[i];
        for (int k = 0; k < 4 && xp_wants(x, m->check, BY_T); k++)
            if (m->data == G || k % 2 == 0 || xp_full(x))
                (void)horizons(x, m, data[m->data], k < 2 ? &SAMPLER_EM : &SAMPLER_EI,
                               32 << k % 2);
        xp_progress(x, LEN(SWEEPS) + i + 1, LEN(SWEEPS) + LEN(HORIZONS));
    }
    if (xp_wants(x, CVP_ROOT, CVP_BOUNDED, BY_T)) cvp(x, data[WIDE]);
    for (int i = 0; i < TARGETS; i++) target_free(data[i]);
}
