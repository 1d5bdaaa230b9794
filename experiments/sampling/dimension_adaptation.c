/* dimension_adaptation -- which coefficients make the error depend on the intrinsic dimension only.
 *
 * OU, exact score, start p_T, T = 5; forward times T - kappa j down to 1, then (1 + kappa)^{-j} down to 1e-3 (the step
 * rule of Benton et al. 2024). Data: any law on a k-dimensional subspace of R^D. Every scheme here turns with the data,
 * and the D - k coordinates normal to the subspace are independent copies of the chain for the atom 0. With b the
 * relative entropy of one copy, KL_D = KL_k + (D - k) b. DDPM with the posterior variance moves an atom by the very law
 * of X_u given X_t and X_0 = 0: b = 0, and D does not enter. With EI, or with the variance beta, b ~ kappa^2, and a given
 * error takes sqrt(D) times the steps.
 *
 * Controls  KL_256 <= 2 KL_1 for EI and for DDPM with the variance beta: too small by 255 b - KL_1.
 *
 * Steps are the fewest with kappa = 4/n: EI 28, 211, 868, 3489, 13966 for D = 1, 16, 256, 4096, 65536, DDPM 37. The
 * statement's 31, 216, 875, 3590, 14061 and 36 belong to the largest kappa = 0.4/1.05^j that suffices, with round(4/kappa)
 * steps down to 1 (tests/unit/ladder.c finds them so): not the fewest. The exponents agree.
 */
#include "catalogue.h"
#include "divergence.h"
#include "rate.h"
#include "timegrid.h"
#include "xp.h"

#include <stdlib.h>

/* clang-format off */
enum { NORMAL_EXACT, SUBSPACE, AMBIENT, SAME_STEPS, NORMAL_ORDER, ROOT_D, INTRINSIC, UNIQUE, EI_FREE, BETA_FREE,
       COORDINATE, REVERSE, STEPS };
static const xp_check CHECKS[] = {
    [NORMAL_EXACT] = {xp_claim, CLOSED_FORM, "normal-exact", "DDPM (posterior variance): b <= 1e-14"},
    [SUBSPACE] = {xp_claim, CLOSED_FORM, "subspace", "paths for data on a random subspace are those inside and those for atoms, turned"},
    [AMBIENT] = {xp_claim, CLOSED_FORM, "free-of-ambient", "DDPM: KL_D - KL_k = (D - k) b = 0 +- 1e-12, D = 65536"},
    [SAME_STEPS] = {xp_claim, EXACT_LAW, "same-steps", "DDPM: steps for KL_D <= 0.01, less those for D = k, are 0"},
    [NORMAL_ORDER] = {xp_claim, CLOSED_FORM, "normal-order", "EI: b ~ kappa^r, r in [1.8, 2.1]"},
    [ROOT_D] = {xp_claim, CLOSED_FORM, "root-ambient", "EI: steps for KL_D <= 0.01 grow like D^p, p in [0.45, 0.55]"},
    [INTRINSIC] = {xp_claim, EXACT_LAW, "intrinsic-order", "DDPM, P_2: KL_k = k KL_1 ~ kappa^r, r >= 1.9"},
    [UNIQUE] = {xp_claim, CLOSED_FORM, "unique-zero", "(1 - lambda) EI + lambda DDPM, lambda not 1: b > 1e-6"},
    [EI_FREE] = {xp_control, EXACT_LAW, "ei-free-of-ambient", "EI: KL_256 - 2 KL_1 <= 0: it is 255 b - KL_1"},
    [BETA_FREE] = {xp_control, EXACT_LAW, "beta-free-of-ambient", "DDPM, variance beta: KL_256 - 2 KL_1 <= 0: it is 255 b - KL_1"},
    [COORDINATE] = {xp_finding, EXACT_LAW, "coordinate", "KL(data | law) of one coordinate; of the atom it is b"},
    [REVERSE] = {xp_finding, EXACT_LAW, "reverse", "KL(law | data) of one coordinate"},
    [STEPS] = {xp_finding, EXACT_LAW, "steps", "steps for KL_D <= 0.01"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Adaptation to low-dimensional structure",
    .statement = "KL_D = KL_k + (D - k) b; b = 0 for DDPM with posterior variance only",
    .sources = "002 (6.3); Potaptchik, Azangulov, Deligiannidis 2025; Li, Yan 2024",
    .columns = "panel series x value",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const double KAPPA[] = {0.2, 0.1, 0.05, 0.025};
static const sampler *const SCHEME[] = {&SAMPLER_EI, &SAMPLER_DDPM, &SAMPLER_DDPM_BETA};
enum { EI, DDPM, BETA, SCHEMES, KAPPAS = LEN(KAPPA), LARGEST_D = 65536 };

static early_stopped measure(xp *x, const target *p, const sampler *s, double kappa)
{
    const chain c = {p, NULL, s, START_EXACT, 0, NULL, NULL, NULL, xp_laws(x)};
    early_stopped out;
    TRY(divergence_early_stop(&c, (early_stop){5.0, 1e-3, kappa}, true, &out));
    return out;
}

/* KL_D from KL_1 of k equal coordinates inside, and b. */
static enclosure embedded(enclosure one, int k, enclosure b, int D)
{
    return enclosure_add(enclosure_scale(one, k), enclosure_scale(b, D - k));
}

#define CASE "%s %s kappa=%g"
/* KL_1 of one coordinate. */
static void coordinate(xp *x, const target *data, const char *name,
                       enclosure kl[SCHEMES][KAPPAS])
{
    for (int s = 0; s < SCHEMES; s++)
        for (int i = 0; i < KAPPAS; i++) {
            const char *scheme = SCHEME[s]->name;
            early_stopped d = measure(x, data, SCHEME[s], KAPPA[i]);
            xp_record(x, COORDINATE, kl[s][i] = d.kl, CASE, name, scheme, KAPPA[i]);
            xp_record(x, REVERSE, d.kl_reverse, CASE, name, scheme, KAPPA[i]);
        }
}

static void normal_coordinates(xp *x, enclosure b[SCHEMES][KAPPAS])
{
    for (int i = 0; i < KAPPAS; i++) {
        xp_judge(x, NORMAL_EXACT, b[DDPM][i], region_at_most(1e-14), "kappa=%g",
                 KAPPA[i]);
        for (int k = 1; k <= 4; k += 3)
            xp_judge(x, AMBIENT, enclosure_scale(b[DDPM][i], LARGEST_D - k),
                     region_about(0.0, 1e-12), "k=%d kappa=%g", k, KAPPA[i]);
    }
    enclosure order = rate_exact(KAPPAS, KAPPA, b[EI]);
    xp_judge(x, NORMAL_ORDER, order, region_between(1.8, 2.1), NULL);
}

static void blends(xp *x, const target *atom)
{
    static const double LAMBDA[] = {0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0, 1.05, 1.1};
    for (int i = 0; i < LEN(LAMBDA); i++) {
        const sampler between = sampler_blend(&SAMPLER_EI, &SAMPLER_DDPM, LAMBDA[i]);
        enclosure b = measure(x, atom, &between, 0.1).kl;
        xp_row(x, "blend b %.17g %.17g", LAMBDA[i], enclosure_mid(b));
        xp_judge(x, LAMBDA[i] == 1.0 ? NORMAL_EXACT : UNIQUE, b,
                 LAMBDA[i] == 1.0 ? region_at_most(1e-14) : region_at_least(1e-6),
                 "lambda=%g", LAMBDA[i]);
    }
}

static void subspace(xp *x, const gmm *data, const char *name)
{
    const sde ou = sde_ou(5.0);
    const int k = gmm_dim(data), D = k + 3;
    simulation c = {.forward = &ou};
    double *t = timegrid_benton_whole(5.0, 1e-3, KAPPA[1], &c.steps), gap;
    c.t = t;
    for (int s = 0; s < SCHEMES; s++) {
        c.scheme = SCHEME[s];
        TRY(sampler_subspace_gap(&c, data, D, xp_stream(x, "subspace"), 64, &gap));
        xp_judge(x, SUBSPACE, enclosure_exact(gap), region_at_most(1e-9),
                 "%s k=%d D=%d %s", name, k, D, SCHEME[s]->name);
    }
    free(t);
}

/* The controls, from KL_1 inside and b. */
static void ambient(xp *x, const char *name, enclosure one[SCHEMES][KAPPAS],
                    enclosure b[SCHEMES][KAPPAS])
{
    for (int s = EI; s <= BETA; s += BETA - EI)
        for (int i = 0; i < KAPPAS; i++) {
            enclosure at_256 = embedded(one[s][i], 1, b[s][i], 256);
            xp_judge(x, s == EI ? EI_FREE : BETA_FREE,
                     enclosure_sub(at_256, enclosure_scale(one[s][i], 2.0)),
                     region_at_most(0.0), "%s kappa=%g", name, KAPPA[i]);
        }
}

/* ---- Steps for KL_D <= 0.01 ------------------------------------------------------------- */

typedef struct {
    xp *x;
    const char *name;
    const target *data, *atom;
    const sampler *scheme;
    int k, D;
} question;

/* KL_D for kappa = 4/n. */
static int relative_entropy(const void *ctx, int n, enclosure *kl)
{
    const question *q = ctx;
    *kl = embedded(measure(q->x, q->data, q->scheme, 4.0 / n).kl, q->k,
                   measure(q->x, q->atom, q->scheme, 4.0 / n).kl, q->D);
    return SC_OK;
}

static int steps_for(const question *q)
{
    int n;
    TRY(divergence_least(relative_entropy, q, 2.0, 0.01, &n));
    int count = measure(q->x, q->data, q->scheme, 4.0 / n).steps;
    xp_record(q->x, STEPS, enclosure_exact(count), "%s %s k=%d D=%d", q->name,
              q->scheme->name, q->k, q->D);
    xp_row(q->x, "steps %s-%s-%d %d %d", q->scheme->name, q->name, q->k, q->D, count);
    return count;
}

/* D = k, 16, 256, ..., `largest`; EI and DDPM. */
static void steps(question q, int largest)
{
    if (!xp_wants(q.x, SAME_STEPS, ROOT_D, STEPS)) return;
    for (int s = EI; s <= DDPM; s++) {
        q.scheme = SCHEME[s], q.D = q.k;
        int first = steps_for(&q), before = first;
        for (q.D = 16; q.D <= largest; q.D *= 16) {
            int now = steps_for(&q);
            enclosure p = rate_local(q.D, enclosure_exact(now), q.D / 16.0,
                                     enclosure_exact(before));
            if (s == DDPM)
                xp_judge(q.x, SAME_STEPS, enclosure_exact(now - first),
                         region_about(0.0, 0.0), "%s k=%d D=%d", q.name, q.k, q.D);
            else if (q.D > 16)
                xp_judge(q.x, ROOT_D, p, region_between(0.45, 0.55), "%s k=%d D=%d",
                         q.name, q.k, q.D);
            before = now;
        }
    }
}

/* For P_2 the steps of EI are those of exact densities: up to D = 256. */
static void own_targets(xp *x, const target *atom, enclosure b[SCHEMES][KAPPAS])
{
    static const double half[] = {0.5, 0.5}, ends[] = {-1.0, 1.0};
    static const char *const NAME[] = {"N(0,1)", "P_2"};
    static const char *const INSIDE[] = {"M", "plane"};
    target *in[] = {target_gauss(0.0, 1.0), target_atoms(2, half, ends)};
    gmm *inside[] = {catalogue_gmm(&CATALOGUE_M), catalogue_plane_diagonal()};
    const int largest[] = {LARGEST_D, (int)xp_effort(x, 16, 256)};
    enclosure one[SCHEMES][KAPPAS];
    for (int i = 0; i < LEN(in); i++) {
        if (xp_wants(x, SUBSPACE)) subspace(x, inside[i], INSIDE[i]);
        coordinate(x, in[i], NAME[i], one);
        ambient(x, NAME[i], one, b);
        for (int k = 1; k <= (i == 0 || xp_full(x) ? 4 : 1); k += 3) {
            steps((question){x, NAME[i], in[i], atom, NULL, k, 0}, largest[i]);
            xp_progress(x, 2 * i + 1 + k / 4, 4);
        }
        gmm_free(inside[i]);
        target_free(in[i]);
    }
    enclosure order = rate_exact(KAPPAS, KAPPA, one[DDPM]); /* of P_2 */
    xp_judge(x, INTRINSIC, order, region_at_least(1.9), NULL);
}

void xp_run(xp *x)
{
    target *atom = target_atoms(1, (double[]){1.0}, (double[]){0.0});
    enclosure b[SCHEMES][KAPPAS];
    coordinate(x, atom, "atom", b);
    normal_coordinates(x, b);
    if (xp_wants(x, NORMAL_EXACT, UNIQUE)) blends(x, atom);
    if (xp_target(x))
        subspace(x, xp_target(x), "yours");
    else
        own_targets(x, atom, b);
    target_free(atom);
}
