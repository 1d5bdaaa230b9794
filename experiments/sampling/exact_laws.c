/* exact_laws -- the law of a sampler on the line, computed and not sampled.
 *
 * The instrument that the chapters sampling and convergence rest on. One step X' = mu(X) + sqrt(q) Z,
 * mu = a x + b S(t, x), of 002 section 6.3 and 003 (7) moves a density by
 *
 *     p'(y_i) = dx/sqrt(2 pi q) sum_{j: |y_i - mu(x_j)| <= K sqrt q} p_j exp(-(y_i - mu(x_j))^2/(2q)),
 *
 * the trapezoid rule, dx = c sqrt(q), K = 9.2, the last step onto a fine grid. Two resolutions
 * enclose each functional: fine +- (4 |fine - coarse| + 1e-13 max(1, fine)).
 *
 * Controls  dx = 1.5 sqrt q: KL of G off by 4e-8 to 4e-3; K = 5: a step loses a mass of 5.7e-7 = erfc(5/sqrt 2);
 *           TV split at sign changes only: 0; last step on the coarse grid: 6.3e-7 for 1e-8.
 */
#include "catalogue.h"
#include "divergence.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

/* clang-format off */
enum { ENGINE, DIGITS, REFERENCE, REFERENCE_G, RECOMPUTED, MASS, COST, PRODUCT, MAP, FINISH,
       VALLEY, COARSE, NARROW, ZERO_SPLIT, COARSE_FINISH, GIVEN, SPACING };
static const xp_check CHECKS[] = {
    [ENGINE] = {xp_claim, EXACT_LAW, "engine", "density = recursion: KL to 1e-12, TV to 1e-10, W2 to 1e-9"},
    [DIGITS] = {xp_claim, EXACT_LAW, "digits", "M, OU T=1, EI, N=3: 30-digit KL and density at 0.3, to 1e-12"},
    [REFERENCE] = {xp_claim, EXACT_LAW, "reference", "reference laws of M: the same to 2e-9 relative"},
    [REFERENCE_G] = {xp_claim, CLOSED_FORM, "reference-gauss", "reference laws of G: the same to 2e-9 relative"},
    [RECOMPUTED] = {xp_claim, EXACT_LAW, "recomputed", "laws of Q, one of M, by other programs: the same to 2e-9"},
    [MASS] = {xp_claim, EXACT_LAW, "mass", "|mass - 1| <= 1e-12"},
    [COST] = {xp_claim, EXACT_LAW, "cost", "kernel evaluations grow like N^r, r in [1.4, 1.6] (theory 3/2)"},
    [PRODUCT] = {xp_claim, QUADRATURE, "product", "TV(N(0,1)^d, N(0,1.1)^d) by Gil-Pelaez, to 1e-8 (d = 4: 1e-5)"},
    [MAP] = {xp_claim, EXACT_LAW, "flow-map", "G, VP, DDIM: KL of flow map = that of recursion, to 1e-11"},
    [FINISH] = {xp_claim, EXACT_LAW, "fine-finish", "KL of M, OU, EI, N=8, c=.2: relative error 0 to 1e-8"},
    [VALLEY] = {xp_claim, EXACT_LAW, "valley", "TV(V, from N(0,1)) = 0.0230240, split at low densities, too"},
    [COARSE] = {xp_control, EXACT_LAW, "coarse-spacing", "engine with dx = 1.5 sqrt q: KL off by 4e-8 to 4e-3"},
    [NARROW] = {xp_control, EXACT_LAW, "narrow-band", "mass with K = 5 after three steps: off by 1.7e-6"},
    [ZERO_SPLIT] = {xp_control, EXACT_LAW, "zero-split", "TV(V, from N(0,1)) = 0.0230240, split at zeros only: 0"},
    [COARSE_FINISH] = {xp_control, EXACT_LAW, "coarse-finish", "fine-finish on the propagation grid: off by 6.3e-7"},
    [GIVEN] = {xp_finding, EXACT_LAW, "given-values", "first values given for M (N = 3) and Q: ours/theirs - 1"},
    [SPACING] = {xp_finding, EXACT_LAW, "spacing", "errors against c: M, spike S"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Exact laws of discretised samplers on the line",
    .statement = "density propagation reproduces recursion, references, flow maps",
    .sources = "none: the instrument for 002 section 6.3 and 003 (7)",
    .columns = "quantity abscissa kl tv w2",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

enum { MOST_STEPS = 1024 };
static const region ONE = {1.0 - 1e-12, 1.0 + 1e-12};
static region zero(double tolerance) { return region_about(0.0, tolerance); }

static distances once(const chain *c, law_rules rules)
{
    distances d;
    TRY(divergence_once(c, &rules, &d));
    return d;
}

/* ---- (1), (4) and control (a): Gaussian data */
static void verify_gaussian(xp *x, const target *G, const sde *forward,
                            const sampler *scheme, int N)
{
    double t[MOST_STEPS + 1];
    chain c = chain_uniform(G, forward, scheme, START_STANDARD, N, t);
    distances a, b, w = once(&c, law_rules_spaced(G, 1.5)); /* w: too wide */
    TRY(divergence_density(&c, NULL, &a));
    TRY(divergence_chain(&c, NULL, &b));
    const char *e = sde_name(forward), *s = scheme->name;
    xp_judge(x, ENGINE, enclosure_sub(a.kl, b.kl), zero(1e-12), "%s %s %d KL", e, s, N);
    xp_judge(x, ENGINE, enclosure_sub(a.tv, b.tv), zero(1e-10), "%s %s %d TV", e, s, N);
    xp_judge(x, ENGINE, enclosure_sub(a.w2, b.w2), zero(1e-9), "%s %s %d W2", e, s, N);
    xp_judge(x, MASS, a.mass, ONE, "G %s %s N=%d", e, s, N);
    xp_judge(x, COARSE, enclosure_sub(w.kl, b.kl), zero(1e-12), "%s %s %d KL", e, s, N);
}

/* ---- (2) and control (b): three steps, 30 digits */
static void verify_digits(xp *x, const target *M)
{
    const sde ou = sde_ou(1.0);
    double t[4];
    chain c = chain_uniform(M, &ou, &SAMPLER_EI, START_STANDARD, 3, t);
    law_rules fine = law_rules_spaced(M, 0.1), narrow = fine;
    narrow.band = 5.0;
    distances d;
    enclosure density;
    TRY(divergence_density(&c, &fine, &d));
    TRY(law_density_at(&c, &fine, 0.3, &density));
    density = enclosure_relative(density, 0.28465922457348293103);
    enclosure kl = enclosure_relative(d.kl, 0.51957097583341223527);
    enclosure given = enclosure_relative(d.kl, 0.51957097508964500858);
    xp_judge(x, DIGITS, kl, zero(1e-12), "KL");
    xp_record(x, GIVEN, given, "m.OU.EI.3.KL");
    xp_judge(x, DIGITS, density, zero(1e-12), "density at 0.3");
    xp_judge(x, MASS, d.mass, ONE, "M OU EI N=3");
    xp_judge(x, NARROW, once(&c, narrow).mass, ONE, "M OU EI N=3");
}

/* ---- (3): reference laws */
static void verify_reference(xp *x, const catalogue_law *r)
{
    static const char *const NAME[] = {"KL", "KLrev", "TV", "W2"};
    static const int CHECK_OF[] = {
        ['g'] = REFERENCE_G, ['m'] = REFERENCE, ['q'] = GIVEN, ['r'] = RECOMPUTED};
    int check = CHECK_OF[(int)r->id[0]];
    if (!xp_wants(x, check)) return;
    enclosure measured[LEN(NAME)];
    TRY(catalogue_law_distances(r, measured));
    for (int i = 0; i < LEN(measured); i++) {
        if (r->value[i] == NULL) continue;
        enclosure e = enclosure_relative(measured[i], strtod(r->value[i], NULL));
        if (check == GIVEN) xp_record(x, GIVEN, e, "%s.%s", r->id, NAME[i]);
        if (check != GIVEN) xp_judge(x, check, e, zero(2e-9), "%s.%s", r->id, NAME[i]);
    }
}

static void verify_start(xp *x, const target *M)
{
    for (int T = 1; T <= LEN(CATALOGUE_START_TV); T++) {
        sde ou = sde_ou(T);
        distances d;
        TRY(divergence_continuous(M, &ou, START_STANDARD, 0.0, &d));
        enclosure off = enclosure_relative(d.tv, CATALOGUE_START_TV[T - 1]);
        xp_judge(x, REFERENCE, off, zero(2e-9), "init.M.T=%d", T);
    }
}

/* ---- (5), control (d) and the spacing */
static void verify_cost(xp *x, const target *M)
{
    double before = (double)NAN, t[MOST_STEPS + 1];
    for (int i = 0; i < 3; i++) {
        int N = (int)xp_effort(x, 64, 256) << i;
        chain c = chain_uniform(M, &SDE_OU, &SAMPLER_EI, START_STANDARD, N, t);
        distances d = once(&c, law_rules_spaced(M, 0.2));
        enclosure growth = enclosure_exact(log2(d.evaluations / before));
        xp_judge(x, MASS, d.mass, ONE, "M OU EI N=%d", N);
        xp_row(x, "evaluations %d %.17g nan nan", N, d.evaluations);
        if (i > 0) xp_judge(x, COST, growth, region_between(1.4, 1.6), "N=%d", N);
        before = d.evaluations;
    }
}

static void verify_finish(xp *x, const target *M)
{
    double t[9];
    chain c = chain_uniform(M, &SDE_OU, &SAMPLER_EI, START_EXACT, 8, t);
    law_rules best = law_rules_spaced(M, 0.05), rules = law_rules_spaced(M, 0.2);
    distances d;
    TRY(divergence_density(&c, &best, &d));
    for (int i = 0; i <= 1; i++) {
        rules.coarse_finish = i == 1;
        enclosure off = enclosure_relative(once(&c, rules).kl, enclosure_mid(d.kl));
        xp_judge(x, i == 0 ? FINISH : COARSE_FINISH, off, zero(1e-8), "N=8");
    }
}

/* Errors of single runs at spacing c, against c = 0.07. */
static void record_spacing(xp *x, const catalogue_entry *e)
{
    static const double C[] = {0.2, 0.3, 0.4, 0.5, 0.6, 0.7};
    target *data = catalogue_target(e);
    double t[201];
    chain c = chain_uniform(data, &SDE_OU, &SAMPLER_EI, START_STANDARD, 200, t);
    distances off[LEN(C)];
    TRY(divergence_spacing(&c, 0.07, LEN(C), C, off));
    for (int i = 0; i < LEN(C); i++) {
        xp_record(x, SPACING, off[i].kl, "%s KL c=%g", e->name, C[i]);
        xp_record(x, SPACING, off[i].tv, "%s TV c=%g", e->name, C[i]);
        xp_row(x, "%s %g %.17g %.17g %.17g", e->name, C[i], enclosure_mid(off[i].kl),
               enclosure_mid(off[i].tv), enclosure_mid(off[i].w2));
    }
    target_free(data);
}

/* ---- (6), (7) and control (c) */
static void verify_products_and_map(xp *x, const target *G)
{
    double t[101];
    chain c = chain_uniform(G, &SDE_VP, &SAMPLER_DDIM, START_STANDARD, 100, t);
    distances map, exact;
    for (int i = 0; i < CATALOGUE_N_PRODUCTS; i++) {
        const catalogue_product_tv *p = &CATALOGUE_PRODUCT_TV[i];
        enclosure tv;
        TRY(divergence_tv_product_gauss(GAUSS_STANDARD, (gauss){0.0, 1.1}, p->d, &tv));
        xp_judge(x, PRODUCT, tv, region_about(p->tv, p->error), "d=%d", p->d);
    }
    TRY(divergence_map(&c, 8001, &map));
    TRY(divergence_chain(&c, NULL, &exact));
    xp_judge(x, MAP, enclosure_sub(map.kl, exact.kl), zero(1e-11), "N=100");
}

static void verify_valley(xp *x)
{
    const region known = region_about(0.0230240, 5e-8);
    target *V = catalogue_target(&CATALOGUE_V);
    line_values v, zeros;
    TRY(divergence_continuous_once(V, &SDE_OU, START_STANDARD, 0.0, false, &v));
    TRY(divergence_continuous_once(V, &SDE_OU, START_STANDARD, 0.0, true, &zeros));
    xp_judge(x, VALLEY, enclosure_about(v.tv, 1e-13), known, "V");
    xp_judge(x, ZERO_SPLIT, enclosure_about(zeros.tv, 1e-13), known, "V");
    target_free(V);
}

void xp_run(xp *x)
{
    target *G = catalogue_target(&CATALOGUE_GAUSS), *M = catalogue_target(&CATALOGUE_M);
    for (int i = 0; i < 3; i++) {
        const sampler *s = SAMPLER_FIRST_ORDER[i]; /* EM, (6.16), EI */
        for (int N = 20; N <= xp_effort(x, 100, 500); N *= 5)
            verify_gaussian(x, G, &SDE_OU, s, N);
        verify_gaussian(x, G, &SDE_VP, s, 100);
    }
    verify_digits(x, M);
    for (int i = 0; i < CATALOGUE_N_LAWS; i++) verify_reference(x, &CATALOGUE_LAWS[i]);
    verify_start(x, M);
    verify_cost(x, M);
    verify_finish(x, M);
    record_spacing(x, &CATALOGUE_M);
    record_spacing(x, &CATALOGUE_SPIKE);
    verify_products_and_map(x, G);
    verify_valley(x);
    target_free(M);
    target_free(G);
}
