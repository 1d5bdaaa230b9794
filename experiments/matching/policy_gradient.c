/* policy_gradient -- fine-tuning by policy gradient, where everything is known.
 *
 * 002 Theorem 7.3: dY = {-f + g^2 a} dt + g dB, a ~ pi_theta = N(mu_theta(Y), sigma^2). With the running
 * reward r = -beta/2 g^2 |a - s_pre|^2 and V(t, y) = E[int_t^T r ds + RWD(Y_T) | Y_t = y],
 *
 *     (7.15)  grad_theta V = E[int_t^T grad_theta log pi_theta(a_s | Y_s) q(s, Y_s, a_s) ds | Y_t = y],
 *             q = V_t + g^2 V_y a + r,
 *
 * tested in the linear-quadratic model of lq.h: both sides by quadrature, base case and random sets.
 *
 * Printed   "q is the advantage": E_pi q is 0.2034043 in the base case, not 0. The advantage is
 *           q + (-f) V_y + g^2/2 V_yy; the added terms are free of a and leave (7.15) alone.
 *           "(7.13) is equivalent to the running penalty": the latter is the KL of the paths, which is at
 *           least that at T: 0.0646347 and 0.0467503, other maximisers, (0.504, -1.470) and
 *           (0.734, -1.919); T/2 and 0 for f = s_pre = 0, g = 1, mu = 1 on [0, T/2], -1 after.
 * Controls  second component of (7.15) with 1, g, g^3 for g^2 in q: -0.4118, -0.4804, -0.6615; without r:
 *           -0.4939; true: -0.5627.
 */
#include "lq.h"
#include "xp.h"

#include <math.h>
#include <stdio.h>

enum { GRADIENT, DIFFERENCES, SAMPLED, CENTRED, PATH_KL, ADVANTAGE, SAME_KL };
enum { SAME_MAXIMISER = SAME_KL + 1, COEFFICIENT, VARIANCE, MAXIMA };

#define CENTRING "q + (-f) V_y + g^2/2 V_yy has E_pi = 0"
#define PATHS    "the running penalty is the KL of the paths, at least the KL at T"

/* clang-format off */
static const xp_check CHECKS[] = {
    [GRADIENT] = {xp_claim, QUADRATURE, "gradient", "(7.15): right less left side, the farther component, is 0 to 1e-8"},
    [DIFFERENCES] = {xp_claim, QUADRATURE, "differences", "(7.15), V_t: less five-point differences of V, 0 to 1e-8"},
    [SAMPLED] = {xp_claim, MONTE_CARLO, "sampled", "(7.15) by sampling s, Y_s, a is grad V to 0.03 (full 0.01)"},
    [CENTRED] = {xp_claim, CLOSED_FORM, "centred", "E_pi[q + (-f) V_y + g^2/2 V_yy] = 0 to 1e-8"},
    [PATH_KL] = {xp_claim, QUADRATURE, "path-kl", "KL at T <= KL of the paths = 1/2 E int g^2 |mu - s_pre|^2"},
    [ADVANTAGE] = {xp_printed, CLOSED_FORM, "printed-advantage", "q is the advantage function: E_pi q = 0 to 1e-8", CENTRING},
    [SAME_KL] = {xp_printed, QUADRATURE, "printed-equivalence", "running penalty/beta is the KL at T to 1e-6", PATHS},
    [SAME_MAXIMISER] = {xp_printed, QUADRATURE, "printed-maximiser", "(7.13) has the maximiser of the running form to 1e-6", PATHS},
    [COEFFICIENT] = {xp_control, QUADRATURE, "coefficient", "(7.15) with 1, g, g^3 for g^2, or without r: off by 0.07 to 0.15"},
    [VARIANCE] = {xp_finding, MONTE_CARLO, "variance-ratio", "variance with q over that with the centred q"},
    [MAXIMA] = {xp_finding, QUADRATURE, "maxima", "largest values of the two objectives, without exploration"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "The policy gradient of fine-tuning, and what its penalty is",
    .statement = "grad V = E int grad log pi q ds, q = V_t + g^2 V_y a + r",
    .sources = "002 Theorem 7.3, (7.10)-(7.17); Jia, Zhou 2022",
    .columns = "series x y u v",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

static const region ZERO = {-1e-8, 1e-8};
static const double Y = 0.4;
static const lq BASE = {.kappa = 0.5,
                        .g = 1.2,
                        .c = 0.8,
                        .beta = 0.7,
                        .eta = 1.5,
                        .goal = 0.6,
                        .sigma = 0.4,
                        .T = 1.0,
                        .theta = {0.3, -0.9}};

static lq_q as_printed(const lq *m) { return (lq_q){m->g * m->g, 1.0}; }

/* ---- (7.15) -------------------------------------------------------------------------- */

static void verify_model(xp *x, const lq *m, double y, const char *name)
{
    enclosure kl = lq_end_kl(m, GAUSS_STANDARD), left[LQ_JET], right[2], mean[LQ_FORMS],
              path;
    TRY(lq_running(m, (gauss){y, 0.0}, left));
    TRY(lq_policy_gradient(m, as_printed(m), 0.0, y, right));
    TRY(lq_path_kl(m, GAUSS_STANDARD, m->T, &path));
    lq_mean_q(m, 0.0, y, mean);
    xp_judge(x, GRADIENT,
             enclosure_farther(enclosure_sub(right[0], left[LQ_D0]),
                               enclosure_sub(right[1], left[LQ_D1])),
             ZERO, "%s", name);
    xp_judge(x, CENTRED, mean[LQ_CENTRED], ZERO, "%s", name);
    xp_bound(x, PATH_KL, kl, path.lo, "%s", name);
    if (m != &BASE) return;
    xp_judge(x, ADVANTAGE, mean[LQ_PRINTED], ZERO, NULL);
    xp_judge(x, SAME_KL, path, region_about(enclosure_mid(kl), 1e-6), "%s", name);
}

static void verify_random(xp *x)
{
    enum { SETS = 20, PARAMETERS = 10 };
    static const double LO[] = {0.1, 0.5, 0.2, 0.1, 0.5, -1, 0.2, -1, -1.5, -1};
    static const double HI[] = {1, 1.5, 1.5, 1.5, 2, 1, 0.8, 1, 0.5, 1};
    for (int i = 0; i < SETS; i++) {
        rng r = rng_at(xp_stream(x, "sets"), (uint64_t)i, 0);
        double u[PARAMETERS];
        char name[16];
        rng_uniform(&r, PARAMETERS, u);
        for (int j = 0; j < PARAMETERS; j++) u[j] = LO[j] + (HI[j] - LO[j]) * u[j];
        lq m = {u[0], u[1], u[2], u[3], u[4], u[5], u[6], 1.0, {u[7], u[8]}};
        (void)snprintf(name, sizeof name, "set=%d", i + 1);
        verify_model(x, &m, u[9], name);
    }
}

/* The base case: differences of V, the wrong forms of q, and sampling. */
static void verify_base(xp *x)
{
    static const char *const NAME[] = {"theta_0", "theta_1", "t"};
    static const char *const FORM[] = {"1", "g", "g^3", "no-reward"};
    const lq_q wrong[] = {
        {1.0, 1.0}, {BASE.g, 1.0}, {pow(BASE.g, 3), 1.0}, {BASE.g * BASE.g, 0.0}};
    enclosure slope[3], difference, gradient[2];
    TRY(lq_policy_gradient(&BASE, as_printed(&BASE), 0.0, Y, slope));
    slope[LQ_BY_T] = lq_value_rate(&BASE, 0.0, Y);
    for (int by = 0; by < 3; by++) {
        TRY(lq_value_difference(&BASE, Y, by, &difference));
        xp_judge(x, DIFFERENCES, enclosure_sub(slope[by], difference), ZERO, "%s",
                 NAME[by]);
    }
    for (int i = 0; i < LEN(wrong); i++) {
        TRY(lq_policy_gradient(&BASE, wrong[i], 0.0, Y, gradient));
        xp_judge(x, COEFFICIENT, enclosure_sub(gradient[1], slope[1]), ZERO, "%s",
                 FORM[i]);
    }
    if (!xp_wants(x, SAMPLED, VARIANCE)) return;
    enclosure mean[LQ_SAMPLED], var[LQ_SAMPLED];
    TRY(lq_sampled_gradient(&BASE, Y, xp_stream(x, "sampled"),
                            xp_effort(x, 1000000, 10000000), xp_alpha(x), mean, var));
    for (int i = 0; i < LQ_SAMPLED; i++)
        xp_judge(x, SAMPLED, enclosure_sub(mean[i], slope[i % 2]),
                 region_about(0.0, xp_full(x) ? 0.01 : 0.03), "%s %s",
                 i < 2 ? "q" : "centred", NAME[i % 2]);
    for (int j = 0; j < 2; j++)
        xp_record(x, VARIANCE, enclosure_div(var[j], var[2 + j]), "%s", NAME[j]);
}

/* ---- The two penalties ------------------------------------------------------------------ */

/* f = s_pre = 0, g = 1: forth on [0, T/2], back after. */
static void verify_turning(xp *x)
{
    const lq forth = {.g = 1.0, .T = 0.5, .theta = {1.0, 0.0}},
             rest = {.g = 1.0, .T = 1.0};
    const lq back = {.g = 1.0, .T = 0.5, .theta = {-1.0, 0.0}};
    gauss middle = lq_law(&forth, GAUSS_STANDARD, forth.T);
    double kl =
        gauss_kl(lq_law(&back, middle, back.T), lq_law(&rest, GAUSS_STANDARD, rest.T));
    enclosure first, second;
    TRY(lq_path_kl(&forth, GAUSS_STANDARD, forth.T, &first));
    TRY(lq_path_kl(&back, middle, back.T, &second));
    xp_judge(x, SAME_KL, enclosure_add(first, second), region_about(kl, 1e-6),
             "turning");
}

/* Level lines about the maximiser m->theta; a ray that does not cross the level within 3 leaves a gap. */
static void draw_levels(xp *x, lq_objective *J, const lq *m, const char *name)
{
    static const double BELOW[] = {0.01, 0.04, 0.1, 0.2};
    enum { ANGLES = 90 };
    for (int i = 0; i < LEN(BELOW); i++)
        for (int k = 0; k <= ANGLES; k++) {
            double theta[2], angle = 2.0 * SC_PI * k / ANGLES;
            if (lq_level(J, m, GAUSS_STANDARD, BELOW[i], angle, theta) != SC_OK)
                theta[0] = theta[1] = NAN;
            xp_row(x, "%s-%d %.17g %.17g nan nan", name, i, theta[0], theta[1]);
        }
}

static void verify_maximisers(xp *x)
{
    static lq_objective *const OBJECTIVES[] = {lq_terminal, lq_running};
    static const char *const NAMES[] = {"terminal", "running"};
    enclosure best[2][2], J[LQ_JET];
    for (int i = 0; i < 2; i++) {
        lq m = BASE;
        m.sigma = 0.0; /* exploration costs a constant */
        TRY(lq_maximiser(OBJECTIVES[i], &m, GAUSS_STANDARD, best[i]));
        for (int j = 0; j < 2; j++) m.theta[j] = enclosure_mid(best[i][j]);
        TRY(OBJECTIVES[i](&m, GAUSS_STANDARD, J));
        xp_record(x, MAXIMA, J[LQ_J], "%s", NAMES[i]);
        xp_row(x, "%s %.17g %.17g nan nan", NAMES[i], m.theta[0], m.theta[1]);
        draw_levels(x, OBJECTIVES[i], &m, NAMES[i]);
    }
    for (int j = 0; j < 2; j++)
        xp_judge(x, SAME_MAXIMISER, enclosure_sub(best[0][j], best[1][j]),
                 region_about(0.0, 1e-6), "theta_%d", j);
}

/* ---- The figure ------------------------------------------------------------------------------ */

/* Along theta_1: y is component j of (7.15), u the difference of V, v (7.15) with g for g^2. */
static void draw_gradient(xp *x, int j)
{
    for (int k = 0; k <= 28; k++) {
        lq m = BASE;
        enclosure gradient[2], wrong[2], difference;
        m.theta[1] = -2.0 + 0.1 * k;
        TRY(lq_policy_gradient(&m, as_printed(&m), 0.0, Y, gradient));
        TRY(lq_policy_gradient(&m, (lq_q){m.g, 1.0}, 0.0, Y, wrong));
        TRY(lq_value_difference(&m, Y, j, &difference));
        xp_row(x, "theta_%d %.17g %.17g %.17g %.17g", j, m.theta[1],
               enclosure_mid(gradient[j]), enclosure_mid(difference),
               enclosure_mid(wrong[j]));
    }
}

void xp_run(xp *x)
{
    verify_model(x, &BASE, Y, "base");
    verify_random(x);
    verify_base(x);
    verify_turning(x);
    verify_maximisers(x);
    for (int j = 0; j < 2; j++) draw_gradient(x, j);
}
