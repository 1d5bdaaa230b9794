/* denoising_score_matching -- the conditional score will do.
 *
 * X_t = m X_0 + sigma Z, u0 = (m X_0 - X_t)/sigma^2 its conditional score, p_t the law of X_t.
 * 002 Theorem 4.3 (Vincent 2011), 000: for every law of X_0 and every field s
 *
 *     J_DSM - J_ESM = d/sigma^2 - I(p_t) = (m^2/sigma^4) E tr Cov(X_0 | X_t) >= 0,
 *     J_DSM = E|s(X_t) - u0|^2,   sigma^2 J_DSM = E|sigma s(X_t) + Z|^2   (4.14),
 *
 * the constant being implicit in the sources. No integration by parts: atoms are welcome. With
 * l(s, x) = int_{t0}^T E[|s - u0|^2 | X_0 = x] dt (000) and s_q the score of an OU flow from q,
 *
 *     l(s_q, x) = KL(p_{t0}(.|x) | q_{t0}) - KL(p_T(.|x) | q_T)      (de Bruijn),
 *     E l(s, X_0) - E l(s*, X_0) = int_{t0}^T E|s - s*|^2 dt,   s* the true score.
 *
 * Controls  "J_DSM - J_ESM is free of theta" (A3, OU, t = 0.1, theta = 0.4 and 1.3; true 3.2122
 *           twice) with u0 wrong: sigma for sigma^2 (-0.9737, 0.0600), without m (3.3203, 3.9291),
 *           sign slip (4.3643, 7.9643: shifted by 4 E s'). (4.14) with |s + Z|^2 for
 *           |sigma s + Z|^2: 0.8813, 0.6911 for 0.9185, 0.6967.
 */
#include "catalogue.h"
#include "match.h"
#include "xp.h"

#include <math.h>

enum { GAP, COV, NOISE, DRAWS, NORMAL, LOSS, EXCESS, SPREAD, SHIFT, PLAIN, GROWTH };

/* clang-format off */
static const xp_check CHECKS[] = {
    [GAP] = {xp_claim, QUADRATURE, "constant", "(J_DSM - J_ESM - 1/sigma^2 + I)/max(1, J_DSM) = 0, 6 fields"},
    [COV] = {xp_claim, QUADRATURE, "covariance", "the same for (m^2/sigma^4) E Var(X_0 | X_t)"},
    [NOISE] = {xp_claim, QUADRATURE, "reparametrised", "(4.14): E|sigma s + Z|^2 = sigma^2 J_DSM, 6 fields"},
    [DRAWS] = {xp_claim, MONTE_CARLO, "sampled", "J_DSM - J_ESM = d/sigma^2 - I to 3 % (full 1 %) of J_DSM"},
    [NORMAL] = {xp_claim, QUADRATURE, "normal-data", "N(0, I), VP: gap d m^2/sigma^2, (4.14) at the score d m^2"},
    [LOSS] = {xp_claim, QUADRATURE, "likelihood", "l(s_q, x)/(KL_t0 - KL_T) = 1 to 1e-9"},
    [EXCESS] = {xp_claim, QUADRATURE, "excess", "(E l(s) - E l(s*))/int E|s - s*|^2 dt = 1 to 1e-9"},
    [SPREAD] = {xp_control, QUADRATURE, "wrong-score-spread", "u0 wrong: J_DSM - J_ESM is free of theta, off by 0.6 to 3.6"},
    [SHIFT] = {xp_control, QUADRATURE, "wrong-score-constant", "u0 wrong: J_DSM - J_ESM = 1/sigma^2 - I, off by 0.1 to 4.8"},
    [PLAIN] = {xp_control, QUADRATURE, "unscaled", "(4.14) with |s + Z|^2: off by 0.037 and 0.0056"},
    [GROWTH] = {xp_finding, QUADRATURE, "growth", "(J_DSM - J_ESM) sigma^2/(d m^2): 1 is the rate d m^2/sigma^2"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Denoising score matching is explicit score matching plus a constant",
    .statement = "E|s - u0|^2 - E|s - grad log p_t|^2 = d/sigma_t^2 - I(p_t), every s",
    .sources = "002 Theorem 4.3, (4.9)-(4.11), (4.14); 000; Vincent 2011",
    .columns = "case theta gap constant",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const region ZERO = {-1e-10, 1e-10};
static const sde *const PROCESSES[] = {&SDE_OU, &SDE_VP, &SDE_VE_PRIME, &SDE_SUBVP};

static enclosure measure(match_objective *J, const noised *law, const field *s)
{
    enclosure value;
    TRY(J(law, s, &value));
    return value;
}

static void verify_line(xp *x, const target *data, const char *name, const sde *e,
                        double t)
{
    noised law = noised_at(data, e, t);
    enclosure c, variance, worst[NOISE + 1] = {{0.0, 0.0, 0.0}};
    if (!xp_wants_members(x, XP_SET(GAP, COV, NOISE), "%s %s t=%g", name, sde_name(e),
                          t))
        return;
    TRY(match_constant(&law, 1, &c));
    TRY(match_posterior_variance(&law, &variance));
    enclosure covariance = enclosure_scale(variance, law.m * law.m / (law.s2 * law.s2));
    for (int i = 0; i < CATALOGUE_N_FIELDS; i++) {
        const field *s = &CATALOGUE_FIELDS[i];
        enclosure dsm = measure(match_dsm, &law, s);
        enclosure gap = enclosure_sub(dsm, measure(match_esm, &law, s));
        enclosure scaled = enclosure_scale(dsm, law.s2);
        enclosure r[] = {
            [GAP] = match_residual(gap, c, dsm),
            [COV] = match_residual(gap, covariance, dsm),
            [NOISE] = match_residual(measure(match_noise, &law, s), scaled, scaled)};
        for (int k = 0; k < LEN(r); k++) worst[k] = enclosure_farther(worst[k], r[k]);
    }
    for (int k = 0; k < LEN(worst); k++)
        xp_judge(x, k, worst[k], ZERO, "%s %s t=%g", name, sde_name(e), t);
}

/* Takes the data over. */
static void verify_target(xp *x, target *data, const char *name)
{
    static const double TIMES[] = {0.05, 0.1, 0.5, 1.0, 2.0};
    static const double SMALL[] = {0.1, 0.01, 0.001};
    enclosure c;
    for (int i = 0; i < LEN(PROCESSES); i++)
        for (int k = 0; k < LEN(TIMES); k++)
            if (TIMES[k] <= PROCESSES[i]->T)
                verify_line(x, data, name, PROCESSES[i], TIMES[k]);
    for (int k = 0; k < LEN(SMALL); k++) {
        noised law = noised_at(data, &SDE_OU, SMALL[k]);
        TRY(match_constant(&law, 1, &c));
        xp_record(x, GROWTH, enclosure_scale(c, law.s2 / (law.m * law.m)), "%s t=%g",
                  name, SMALL[k]);
    }
    target_free(data);
}

/* N(0, I) under VP: p_t = N(0, I), so I = d; d independent coordinates add up. */
static void verify_normal(xp *x, double t, int d)
{
    target *data = target_gauss(0.0, 1.0);
    noised law = noised_at(data, &SDE_VP, t);
    double m2 = d * law.m * law.m, c = m2 / law.s2, one = 1.0;
    field truth = catalogue_linear(&one);
    enclosure gap = enclosure_sub(measure(match_dsm, &law, &truth),
                                  measure(match_esm, &law, &truth));
    xp_judge(x, NORMAL, enclosure_scale(gap, d), region_about(c, 1e-10 * fmax(1.0, c)),
             "constant d=%d t=%g", d, t);
    xp_judge(x, NORMAL, enclosure_scale(measure(match_noise, &law, &truth), d),
             region_about(m2, 1e-10 * fmax(1.0, m2)), "least d=%d t=%g", d, t);
    target_free(data);
}

/* Controls: A3, OU, t = 0.1. J_DSM - J_ESM for the wavy fields when -b Z - c X_0 stands for u0 = -Z/sigma. */
static void verify_controls(xp *x)
{
    enum { AT_0_4 = 4, AT_1_3 = 13, THETAS = 21 }; /* theta = 0.1 i */
    target *atoms = catalogue_target(&CATALOGUE_A3);
    noised law = noised_at(atoms, &SDE_OU, 0.1);
    match_conditional u0[MATCH_CONDITIONALS];
    enclosure constant, gap[THETAS], square;
    match_conditionals(&law, u0);
    TRY(match_constant(&law, 1, &constant));
    double c = enclosure_mid(constant);
    for (int k = 0; k < LEN(u0); k++) {
        const char *name = u0[k].name;
        for (int i = 0; i < THETAS; i++) {
            double theta = 0.1 * i;
            field s = catalogue_wavy(&theta);
            TRY(match_square(&law, &s, u0[k].of, &square));
            gap[i] = enclosure_sub(square, measure(match_esm, &law, &s));
            xp_row(x, "%s %.17g %.17g %.17g", name, theta, enclosure_mid(gap[i]), c);
            if (k == 0 || (i != AT_0_4 && i != AT_1_3)) continue;
            xp_judge(x, SHIFT, gap[i], region_about(c, 1e-9), "%s theta=%g", name,
                     theta);
            if (k > 1) continue;
            double truth = law.s2 * enclosure_mid(measure(match_dsm, &law, &s));
            xp_judge(x, PLAIN, square, region_about(truth, 1e-10), "theta=%g", theta);
        }
        if (k > 0)
            xp_judge(x, SPREAD, enclosure_sub(gap[AT_1_3], gap[AT_0_4]), ZERO, "%s",
                     name);
    }
    target_free(atoms);
}

/* The loss l, integrated over [0.05, 1]. Takes q over. */
static void verify_likelihood(xp *x, target *q, const char *name)
{
    static const double POINTS[] = {0.35, -0.9};
    static const region ONE = {1.0 - 1e-9, 1.0 + 1e-9};
    target *mu = target_empirical(LEN(POINTS), POINTS);
    enclosure ratio;
    for (int i = 0; i < LEN(POINTS) && xp_wants(x, LOSS); i++) {
        TRY(match_likelihood_ratio(q, &SDE_OU, POINTS[i], 0.05, 1.0, &ratio));
        xp_judge(x, LOSS, ratio, ONE, "x=%g %s", POINTS[i], name);
    }
    TRY(match_excess_ratio(mu, q, &SDE_OU, 0.05, 1.0, &ratio));
    xp_judge(x, EXCESS, ratio, ONE, "%s", name);
    target_free(mu);
    target_free(q);
}

/* Sampled, in any dimension: the user's law, or G x N(0, I), whose Fisher information is known. */
static void verify_sampled(xp *x, const sde *e, double t, int d)
{
    if (!xp_wants_members(x, XP_SET(DRAWS), "%s d=%d t=%g", sde_name(e), d, t)) return;
    const gmm *user = xp_target(x);
    gmm *product = user == NULL ? catalogue_product(&CATALOGUE_G, d) : NULL;
    const double none = 0.0, part = xp_full(x) ? 0.01 : 0.03;
    field s = catalogue_cyclic(&none);
    s.jacobian = NULL; /* not needed, and costly */
    enclosure mean[MATCH_LOSSES];
    TRY(match_sampled(user == NULL ? product : user, e, t, &s,
                      xp_stream(x, "%s d=%d t=%g", sde_name(e), d, t),
                      xp_effort(x, 400000, 4000000), xp_alpha(x), mean));
    target *g = catalogue_target(&CATALOGUE_G);
    noised first = noised_at(g, e, t);
    enclosure constant = enclosure_exact(d / first.s2);
    if (user == NULL) TRY(match_constant(&first, d, &constant));
    xp_judge(
        x, DRAWS, mean[user == NULL ? MATCH_DSM_GAP : MATCH_DSM_FISHER],
        region_about(enclosure_mid(constant), part * enclosure_mid(mean[MATCH_DSM])),
        "%s d=%d t=%g", sde_name(e), d, t);
    gmm_free(product);
    target_free(g);
}

void xp_run(xp *x)
{
    static const double TIMES[] = {0.1, 0.5};
    static const int DIMS[] = {2, 8};
    const gmm *user = xp_target(x);
    if (user == NULL) {
        verify_target(x, catalogue_target(&CATALOGUE_G), "G");
        verify_target(x, catalogue_target(&CATALOGUE_M), "M");
        verify_target(x, catalogue_target(&CATALOGUE_A3), "A3");
        verify_target(x, target_uniform(-1.0, 1.0), "U(-1,1)");
        for (int i = 0; i < LEN(CATALOGUE_TRIO); i++)
            verify_likelihood(x, catalogue_target(&CATALOGUE_TRIO[i]),
                              CATALOGUE_TRIO[i].name);
    } else if (gmm_dim(user) == 1) {
        verify_likelihood(x, target_mixture(user), "yours");
        verify_target(x, target_mixture(user), "yours");
    }
    for (int i = 0; i < 2 * LEN(PROCESSES); i++) {
        for (int j = 0; j < (user == NULL ? LEN(DIMS) : 1); j++)
            verify_sampled(x, PROCESSES[i / 2], TIMES[i % 2],
                           user == NULL ? DIMS[j] : gmm_dim(user));
        xp_progress(x, i + 1, 2L * LEN(PROCESSES));
    }
    for (int k = 0; k < LEN(TIMES); k++)
        for (int j = 0; j < LEN(DIMS); j++) verify_normal(x, TIMES[k], DIMS[j]);
    if (xp_wants(x, SPREAD, SHIFT, PLAIN)) verify_controls(x);
}
