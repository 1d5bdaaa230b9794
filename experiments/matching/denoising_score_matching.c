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
#include "chapter.h"
#include "denoising.h"
#include "sampled.h"
#include "xp.h"

enum {
    CONSTANT,
    COVARIANCE,
    REPARAMETRISED,
    SAMPLED,
    NORMAL,
    LIKELIHOOD,
    EXCESS,
    SPREAD,
    SHIFT,
    UNSCALED,
    GROWTH
};
static const xp_check CHECKS[] = {
    [CONSTANT] = {xp_claim, QUADRATURE, "constant",
                  "(J_DSM - J_ESM - 1/sigma^2 + I)/max(1, J_DSM) = 0, 6 fields", NULL},
    [COVARIANCE] = {xp_claim, QUADRATURE, "covariance",
                    "the same for (m^2/sigma^4) E Var(X_0 | X_t)", NULL},
    [REPARAMETRISED] = {xp_claim, QUADRATURE, "reparametrised",
                        "(4.14): E|sigma s + Z|^2 = sigma^2 J_DSM, 6 fields", NULL},
    [SAMPLED] = {xp_claim, MONTE_CARLO, "sampled",
                 "J_DSM - J_ESM = d/sigma^2 - I to 3 % (full 1 %) of J_DSM", NULL},
    [NORMAL] =
        {xp_claim, QUADRATURE, "normal-data",
         "N(0, I), VP: constant d m^2/sigma^2, least (4.14), at the score, d m^2",
         NULL},
    [LIKELIHOOD] = {xp_claim, QUADRATURE, "likelihood",
                    "l(s_q, x)/(KL_t0 - KL_T) = 1 to 1e-9", NULL},
    [EXCESS] = {xp_claim, QUADRATURE, "excess",
                "(E l(s) - E l(s*))/int E|s - s*|^2 dt = 1 to 1e-9", NULL},
    [SPREAD] = {xp_control, QUADRATURE, "wrong-score-spread",
                "u0 wrong: J_DSM - J_ESM is free of theta, off by 0.6 to 3.6", NULL},
    [SHIFT] = {xp_control, QUADRATURE, "wrong-score-constant",
               "u0 wrong: J_DSM - J_ESM = 1/sigma^2 - I, off by 0.1 to 4.8", NULL},
    [UNSCALED] = {xp_control, QUADRATURE, "unscaled",
                  "(4.14) with |s + Z|^2: off by 0.037 and 0.0056", NULL},
    [GROWTH] = {xp_finding, QUADRATURE, "growth",
                "(J_DSM - J_ESM) sigma^2/(d m^2): 1 is the rate d m^2/sigma^2", NULL},
};

const xp_info xp_this = {
    .title = "Denoising score matching is explicit score matching plus a constant",
    .statement = "E|s - u0|^2 - E|s - grad log p_t|^2 = d/sigma_t^2 - I(p_t), every s",
    .sources = "002 Theorem 4.3, (4.9)-(4.11), (4.14); 000; Vincent 2011",
    .columns = "case theta gap constant",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const sde *const PROCESSES[] = {&SDE_OU, &SDE_VP, &SDE_VE_PRIME, &SDE_SUBVP};

/* ---- On the line ------------------------------------------------------------------------ */

static void verify_line(xp *x, const target *data, const char *name, const sde *e,
                        double t)
{
    static const int CHECK_OF[] = {CONSTANT, COVARIANCE, REPARAMETRISED};
    noised law = chapter_noised(data, e, t);
    enclosure c = denoising_constant(&law), worst[LEN(CHECK_OF)] = {{0.0, 0.0, 0.0}};
    double var, err, gain = law.m * law.m / (law.s2 * law.s2);
    TRY(match_posterior_variance(&law, &var, &err));
    enclosure covariance = enclosure_about(gain * var, gain * err);
    for (int i = 0; i < CHAPTER_N_FIELDS; i++) {
        const line_field *f = &CHAPTER_FIELDS[i];
        enclosure dsm = chapter_measure(match_dsm, &law, f);
        enclosure esm = chapter_measure(match_esm, &law, f);
        enclosure difference = enclosure_sub(dsm, esm);
        enclosure scaled = enclosure_scale(dsm, law.s2);
        worst[0] = chapter_worse(worst[0], chapter_relative(difference, c, dsm));
        worst[1] =
            chapter_worse(worst[1], chapter_relative(difference, covariance, dsm));
        worst[2] = chapter_worse(
            worst[2],
            chapter_relative(denoising_mean(&law, f, DENOISE_SCALED), scaled, scaled));
    }
    for (int k = 0; k < LEN(CHECK_OF); k++)
        xp_judge(x, CHECK_OF[k], worst[k], chapter_zero(), "%s %s t=%g", name,
                 sde_name(e), t);
}

/* Takes the data over. */
static void verify_target(xp *x, target *data, const char *name)
{
    static const double SMALL[] = {0.1, 0.01, 0.001};
    for (int i = 0; i < LEN(PROCESSES); i++)
        for (int k = 0; k < LEN(CHAPTER_TIMES); k++)
            if (CHAPTER_TIMES[k] <= PROCESSES[i]->T)
                verify_line(x, data, name, PROCESSES[i], CHAPTER_TIMES[k]);
    for (int k = 0; k < LEN(SMALL); k++) {
        noised law = chapter_noised(data, &SDE_OU, SMALL[k]);
        enclosure rate =
            enclosure_scale(denoising_constant(&law), law.s2 / (law.m * law.m));
        xp_record(x, GROWTH, rate, "%s t=%g", name, SMALL[k]);
    }
    target_free(data);
}

/* ---- N(0, I) under VP: p_t = N(0, I), so I = d; d independent coordinates add up --------- */

static void verify_normal(xp *x, double t, int d)
{
    target *data = target_gauss(0.0, 1.0);
    noised law = chapter_noised(data, &SDE_VP, t);
    double m2 = d * law.m * law.m, c = m2 / law.s2;
    line_field score = {LINEAR, 1.0};
    enclosure dsm = chapter_measure(match_dsm, &law, &score);
    enclosure esm = chapter_measure(match_esm, &law, &score);
    enclosure least = denoising_mean(&law, &score, DENOISE_SCALED);
    xp_judge(x, NORMAL, enclosure_scale(enclosure_sub(dsm, esm), d),
             region_about(c, 1e-10 * fmax(1.0, c)), "constant d=%d t=%g", d, t);
    xp_judge(x, NORMAL, enclosure_scale(least, d),
             region_about(m2, 1e-10 * fmax(1.0, m2)), "least d=%d t=%g", d, t);
    target_free(data);
}

/* ---- Controls: A3, OU, t = 0.1 --------------------------------------------------------------- */

static void verify_controls(xp *x)
{
    static const double THETA[] = {0.4, 1.3};
    target *atoms = chapter_a3();
    noised law = chapter_noised(atoms, &SDE_OU, 0.1);
    double c = enclosure_mid(denoising_constant(&law));
    for (int of = DENOISE_TRUTH; of <= DENOISE_SIGN_SLIP; of++)
        for (int i = 0; i <= 20; i++)
            xp_row(x, "%s %.17g %.17g %.17g", DENOISING_NAMES[of], 0.1 * i,
                   enclosure_mid(denoising_gap(&law, 0.1 * i, (denoising)of)), c);
    for (int of = DENOISE_UNSQUARED; of <= DENOISE_SIGN_SLIP; of++) {
        enclosure g[LEN(THETA)];
        for (int i = 0; i < LEN(THETA); i++) {
            g[i] = denoising_gap(&law, THETA[i], (denoising)of);
            xp_judge(x, SHIFT, g[i], region_about(c, 1e-9), "%s theta=%g",
                     DENOISING_NAMES[of], THETA[i]);
        }
        xp_judge(x, SPREAD, enclosure_sub(g[1], g[0]), chapter_zero(), "%s",
                 DENOISING_NAMES[of]);
    }
    for (int i = 0; i < LEN(THETA); i++) {
        line_field f = {WAVY, THETA[i]};
        double dsm = enclosure_mid(chapter_measure(match_dsm, &law, &f));
        xp_judge(x, UNSCALED, denoising_mean(&law, &f, DENOISE_UNSQUARED),
                 region_about(law.s2 * dsm, 1e-10), "theta=%g", THETA[i]);
    }
    target_free(atoms);
}

/* ---- The loss l, integrated over [0.05, 1] ------------------------------------------------------ */

static enclosure loss(const target *data, const target *q, match_objective *J)
{
    match_flow c = {data, q, &SDE_OU, J};
    double value, err;
    TRY(match_flow_loss(&c, 0.05, 1.0, &value, &err));
    return enclosure_about(value, err);
}

/* KL(N(m x, sigma^2) | q_t) */
static enclosure kernel_kl(const target *q, double x, double t)
{
    noised qt = chapter_noised(q, &SDE_OU, t);
    double value, err;
    TRY(match_kernel_kl(&qt, x, &value, &err));
    return enclosure_about(value, err);
}

/* Takes q over. */
static void verify_likelihood(xp *x, target *q, const char *name)
{
    static const double POINTS[] = {0.35, -0.9};
    for (int i = 0; i < LEN(POINTS); i++) {
        target *point = target_empirical(1, &POINTS[i]);
        enclosure kl =
            enclosure_sub(kernel_kl(q, POINTS[i], 0.05), kernel_kl(q, POINTS[i], 1.0));
        xp_judge(x, LIKELIHOOD, enclosure_div(loss(point, q, match_dsm), kl),
                 region_about(1.0, 1e-9), "x=%g %s", POINTS[i], name);
        target_free(point);
    }
    target *both = target_empirical(LEN(POINTS), POINTS);
    enclosure excess =
        enclosure_sub(loss(both, q, match_dsm), loss(both, both, match_dsm));
    xp_judge(x, EXCESS, enclosure_div(excess, loss(both, q, match_esm)),
             region_about(1.0, 1e-9), "%s", name);
    target_free(both);
    target_free(q);
}

/* ---- Sampled, in any dimension -------------------------------------------------------------------- */

/* The user's law, or the product law in R^d, whose Fisher information is known. */
static void verify_sampled(xp *x, const sde *e, double t, int d)
{
    const gmm *user = xp_target(x);
    gmm *product = user == NULL ? sampled_product(d) : NULL;
    const double none = 0.0;
    field s = {"cyclic", sampled_cyclic_eval, NULL, &none};
    enclosure mean[SAMPLED_LOSSES];
    sampled_means(x, xp_stream(x, "%s d=%d t=%g", sde_name(e), d, t),
                  user == NULL ? product : user, e, t, &s,
                  xp_effort(x, 400000, 4000000), mean);
    enclosure measured = mean[user == NULL ? SAMPLED_DSM_GAP : SAMPLED_DSM_FISHER];
    double c = user == NULL ? sampled_constant(d, e, t) : d / sde_var(e, t);
    double tolerance = (xp_full(x) ? 0.01 : 0.03) * enclosure_mid(mean[SAMPLED_DSM]);
    xp_judge(x, SAMPLED, measured, region_about(c, tolerance), "%s d=%d t=%g",
             sde_name(e), d, t);
    gmm_free(product);
}

/* ---- The experiment --------------------------------------------------------------------- */

void xp_run(xp *x)
{
    static const double TIMES[] = {0.1, 0.5};
    static const int DIMS[] = {2, 8};
    const gmm *user = xp_target(x);
    if (user == NULL) {
        verify_target(x, chapter_g(), "G");
        verify_target(x, chapter_m(), "M");
        verify_target(x, chapter_a3(), "A3");
        verify_target(x, target_uniform(-1.0, 1.0), "U(-1,1)");
        verify_likelihood(x, chapter_noisy_atoms(0.0), "sd=0");
        verify_likelihood(x, chapter_noisy_atoms(0.2), "sd=0.2");
    } else if (gmm_dim(user) == 1) {
        verify_likelihood(x, target_mixture(user), "yours");
        verify_target(x, target_mixture(user), "yours");
    }
    for (int i = 0; i < 2 * LEN(PROCESSES) && xp_wants(x, SAMPLED); i++)
        for (int j = 0; j < (user == NULL ? LEN(DIMS) : 1); j++)
            verify_sampled(x, PROCESSES[i / 2], TIMES[i % 2],
                           user == NULL ? DIMS[j] : gmm_dim(user));
    for (int k = 0; k < LEN(TIMES); k++)
        for (int j = 0; j < LEN(DIMS); j++) verify_normal(x, TIMES[k], DIMS[j]);
    verify_controls(x);
}
