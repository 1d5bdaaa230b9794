/* chain_limits -- the noising chains of SMLD and DDPM and their continuum limits.
 *
 * SMLD, x_i = x_{i-1} + sqrt(s_i^2 - s_{i-1}^2) z, has the variance s_n^2 - s_0^2 of VE at every grid point for every N.
 * (002 counts N scales; N steps need N + 1.) DDPM, x_i = sqrt(1 - beta_i) x_{i-1} + sqrt(beta_i) z_i,
 * beta_i = beta(t_i) T/N: with a_n = prod_{i <= n} (1 - beta_i), B = B_t at t = t_n, data of variance v0,
 *
 *     N (sqrt(a_n) - e^{-B/2}) -> c_t = -T/2 e^{-B/2} [(beta(t) - beta(0))/2 + int_0^t beta^2/2],
 *     N (var - var_VP)         -> 2 (v0 - 1) e^{-B/2} c_t,
 *
 * by log(1 - b) = -b - b^2/2 - ... and the right-end Riemann sum. The chain's law is that of VP with -log a_n for B: TV to
 * p_t is of order 1/N, KL of order 1/N^2, for every p_0 but N(0, 1), which both keep.
 *
 * Controls  prod (1 - beta_i) for the factor: tends to e^{-B}, .5237 at t = .25, not e^{-B/2} = .7236;
 *           order 2: it is 1; c_t for beta(t_{i-1}): off by T/2 e^{-B/2} (beta(t) - beta(0));
 *           SMLD with (s_i - s_{i-1}) z: .402, .0426, .00426 of the variance for N = 10, 100, 1000.
 */
#include "catalogue.h"
#include "divergence.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

enum { SMLD, MEAN_ORDER, VAR_ORDER, COV_ORDER, MEAN_LIMIT, VAR_LIMIT, CLAIMS };
enum { TV_ORDER = CLAIMS, KL_ORDER, NO_ROOT, SECOND_ORDER, LEFT_END };
enum { WRONG_NOISE = LEFT_END + 1, EULER };

/* clang-format off */
static const xp_check CHECKS[] = {
    [SMLD] = {xp_claim, CLOSED_FORM, "smld-exact", "variance of the chain over s_n^2 - s_0^2, geometric: of VE, less 1: worst n"},
    [MEAN_ORDER] = {xp_claim, CLOSED_FORM, "mean-order", "order in 1/N of sqrt(a_n) - e^{-B/2}, last doubling: .98 to 1.02"},
    [VAR_ORDER] = {xp_claim, CLOSED_FORM, "variance-order", "order in 1/N of var - var_VP, v0 = .3, last doubling: .98 to 1.02"},
    [COV_ORDER] = {xp_claim, CLOSED_FORM, "covariance-order", "order in 1/N of cov(x_{n/2}, x_n) less that of VP, v0 = .3: .98 to 1.02"},
    [MEAN_LIMIT] = {xp_claim, CLOSED_FORM, "mean-limit", "N (sqrt(a_n) - e^{-B/2}), extrapolated, over c_t: 1 within 1e-4"},
    [VAR_LIMIT] = {xp_claim, CLOSED_FORM, "variance-limit", "N (var - var_VP), extrapolated, over 2 (v0 - 1) e^{-B/2} c_t: 1 within 1e-4"},
    [TV_ORDER] = {xp_claim, EXACT_LAW, "tv-order", "order in 1/N of TV(chain, p_t), last doubling: .98 to 1.02"},
    [KL_ORDER] = {xp_claim, EXACT_LAW, "kl-order", "order in 1/N of KL(chain | p_t), last doubling: 1.96 to 2.04"},
    [NO_ROOT] = {xp_control, CLOSED_FORM, "factor-without-root", "prod (1 - beta_i) over e^{-B/2} = 1 within 1e-4, N = 2^18: .5237 for .7236 at t = .25"},
    [SECOND_ORDER] = {xp_control, CLOSED_FORM, "second-order", "the mean factor has order 1.9 to 2.1: too much by 1"},
    [LEFT_END] = {xp_control, CLOSED_FORM, "left-end", "limit over c_t of the left ends t_{i-1}, which is T/2 e^{-B/2} (beta(t) - beta(0)) higher"},
    [WRONG_NOISE] = {xp_control, CLOSED_FORM, "smld-increments", "noise (s_i - s_{i-1}) z: variance .402, .0426, .00426 of s_N^2 - s_0^2"},
    [EULER] = {xp_finding, CLOSED_FORM, "euler-for-ve", "N (variance of Euler-Maruyama for VE over exact - 1); limit -log(smax/smin) = -8.517"},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "SMLD's chain is VE at its grid points; DDPM's tends to VP at rate 1/N",
    .statement = "SMLD = VE at t_n; DDPM - VP: mean c_t/N, TV = O(1/N), KL = O(1/N^2)",
    .sources = "002 section 3 (b), (c); Song & Ermon 2019; Ho et al. 2020",
    .columns = "series N a a_predicted b b_predicted",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

static const region FIRST = {0.98, 1.02}, SECOND = {1.96, 2.04}, ONE = {0.9999, 1.0001};

/* ---- DDPM: moments and law -------------------------------------------------- */

static const double V0 = 0.3;
enum { MEAN, VARIANCE, COVARIANCE, QUANTITIES };

static double log_bar(const sde *vp, double t, long N) /* log a_n at t_n = t */
{
    return sde_log_alpha_bar(vp, N, lround(t / vp->T * (double)N));
}

/* e^{-b + l} - e^{-b} */
static enclosure gap(double b, enclosure l)
{
    enclosure rise = enclosure_of(expm1(l.lo), expm1(l.hi), 0.0);
    return enclosure_mul(enclosure_rounded(exp(-b)), rise);
}

/* Chain less VP; log a_n + B to 3e-15 of B. With a = a_n, h = a_{n/2} the covariance of the two times is
   (v0 - 1) sqrt(a h) + sqrt(a/h). */
static void errors(const sde *vp, double t, long N, enclosure e[QUANTITIES])
{
    double B = sde_B(vp, t), H = sde_B(vp, 0.5 * t);
    enclosure l = enclosure_about(log_bar(vp, t, N) + B, 3e-15 * B);
    enclosure k = enclosure_about(log_bar(vp, 0.5 * t, N) + H, 3e-15 * H);
    enclosure product = gap(0.5 * (B + H), enclosure_scale(enclosure_add(l, k), 0.5));
    enclosure ratio = gap(0.5 * (B - H), enclosure_scale(enclosure_sub(l, k), 0.5));
    e[MEAN] = gap(0.5 * B, enclosure_scale(l, 0.5));
    e[VARIANCE] = enclosure_scale(gap(B, l), V0 - 1.0);
    e[COVARIANCE] = enclosure_add(enclosure_scale(product, V0 - 1.0), ratio);
}

/* c_t; of the left ends for end = -1. */
static double limit(const sde *vp, double t, double end)
{
    double first = sde_g2(vp, 0.0), last = sde_g2(vp, t);
    double cubes = (pow(last, 3.0) - pow(first, 3.0)) / (vp->bmax - vp->bmin);
    return -0.5 * vp->T * exp(-0.5 * sde_B(vp, t)) *
           (0.5 * end * (last - first) + vp->T * cubes / 6.0);
}

static void verify_moments(xp *x, double T, double t)
{
    static const int ORDER[QUANTITIES] = {MEAN_ORDER, VAR_ORDER, COV_ORDER};
    const sde vp = sde_vp(0.1, 20.0, T);
    const double root = exp(-0.5 * sde_B(&vp, t)), c = limit(&vp, t, 1.0);
    const double var = 2.0 * (V0 - 1.0) * root * c;
    const enclosure a_n = enclosure_rounded(exp(log_bar(&vp, t, 262144)));
    const long last = xp_effort(x, 16384, 262144);
    enclosure e[QUANTITIES] = {{0.0, 0.0, 0.0}}, half[QUANTITIES];
    enclosure order[QUANTITIES], end[QUANTITIES];
    for (long N = 128; N <= last; N *= 2) {
        errors(&vp, t, N, e);
        xp_row(x, "T=%g/t=%g %ld %.17g %.17g %.17g %.17g", T, t, N,
               fabs(enclosure_mid(e[MEAN])), fabs(c) / (double)N,
               fabs(enclosure_mid(e[VARIANCE])), fabs(var) / (double)N);
    }
    errors(&vp, t, last / 2, half);
    for (int k = 0; k < QUANTITIES; k++) {
        order[k] = rate_local(2.0, half[k], 1.0, e[k]);
        end[k] = enclosure_sub(e[k], enclosure_scale(half[k], 0.25));
        end[k] = enclosure_scale(end[k], 2.0 * (double)last);
        xp_judge(x, ORDER[k], order[k], FIRST, "T=%g t=%g", T, t);
    }
    enclosure over_c = enclosure_scale(end[MEAN], 1.0 / c);
    enclosure over_left = enclosure_scale(end[MEAN], 1.0 / limit(&vp, t, -1.0));
    enclosure over_var = enclosure_scale(end[VARIANCE], 1.0 / var);
    xp_judge(x, SECOND_ORDER, order[MEAN], region_between(1.9, 2.1), "T=%g t=%g", T, t);
    xp_judge(x, MEAN_LIMIT, over_c, ONE, "T=%g t=%g", T, t);
    xp_judge(x, VAR_LIMIT, over_var, ONE, "T=%g t=%g", T, t);
    xp_judge(x, LEFT_END, over_left, ONE, "T=%g t=%g", T, t);
    xp_judge(x, NO_ROOT, enclosure_scale(a_n, 1.0 / root), ONE, "T=%g t=%g", T, t);
}

/* What lies c standard deviations of p_t from 0 moves by about c/N of them: N starts at 160 max(1, c/40). */
static double reach(const target *data, double m, double s2)
{
    double lo, hi, least = target_smallest_sd(data);
    target_span(data, m, s2, 1e-12, &lo, &hi);
    return fmax(-lo, hi) / sqrt(m * m * least * least + s2);
}

/* The rounding of log a_n, m and s2 is below 1e-15 N of log a_n + B. */
static void verify_law(xp *x, const target *data, double t)
{
    const char *name = xp_target(x) != NULL ? "yours" : "M";
    const reference vp = {data, sde_scale(&SDE_VP, t), sde_var(&SDE_VP, t)};
    const double c = reach(data, vp.m, vp.s2);
    /* to first order the chain is VP at B + 2 e^{B/2} c_t/N; TV and KL there, N = 1e5 */
    const double shift = 2e-5 * limit(&SDE_VP, t, 1.0) / vp.m;
    const reference near = {data, vp.m * exp(0.5 * shift),
                            vp.s2 - vp.m * vp.m * expm1(shift)};
    enclosure kl[5] = {{0.0, 0.0, 0.0}}, tv[5] = {{0.0, 0.0, 0.0}}, kl_near, tv_near;
    TRY(divergence_between(&near, &vp, &kl_near, &tv_near, NULL));
    for (int k = 0; k < LEN(kl) && c < 2e6; k++) {
        long N = 160L << (k + (c > 40.0 ? ilogb(c / 40.0) + 1 : 0));
        double log_a = log_bar(&SDE_VP, t, N), rounding = 1e-14 * (double)N;
        const reference law = {data, exp(0.5 * log_a), -expm1(log_a)};
        TRY(divergence_between(&law, &vp, &kl[k], &tv[k], NULL));
        kl[k] = enclosure_widen(kl[k], rounding * kl[k].hi);
        tv[k] = enclosure_widen(tv[k], rounding * tv[k].hi);
        xp_row(x, "law/t=%g %ld %.17g %.17g %.17g %.17g", t, N, enclosure_mid(tv[k]),
               enclosure_mid(tv_near) * 1e5 / (double)N, enclosure_mid(kl[k]),
               enclosure_mid(kl_near) * 1e10 / pow((double)N, 2.0));
    }
    if (c >= 2e6)
        xp_assumption_fails(
            x, "p_0 reaches %.3g standard deviations of p_t from 0: N > 1e8 needed", c);
    else if (xp_target(x) != NULL && !(kl[4].lo > 0.0))
        xp_assumption_fails(x, "p_0 is N(0, 1), or too close: chain and VP keep it");
    else {
        enclosure order = rate_local(2.0, tv[3], 1.0, tv[4]);
        xp_judge(x, TV_ORDER, order, FIRST, "%s t=%g", name, t);
        order = rate_local(2.0, kl[3], 1.0, kl[4]);
        xp_judge(x, KL_ORDER, order, SECOND, "%s t=%g", name, t);
    }
}

/* ---- SMLD ------------------------------------------------------------------ */

enum { GEOMETRIC, LINEAR, RANDOM, SHAPES, MOST = 1000 };
static const char *const SHAPE[SHAPES] = {"geometric", "linear", "random"};
static const double SMIN = 0.01;

/* A sum of positive terms, rounded a few times each; a geometric scale is known to 2e-15 of itself. */
static void verify_smld(xp *x, int shape, double smax, int N)
{
    const sde ve = sde_ve(SMIN, smax, 1.0);
    const bool geometric = shape == GEOMETRIC;
    double u[MOST], old = SMIN, sum = 0.0, wrong = 0.0, euler = 0.0, exact = 1.0;
    enclosure worst = enclosure_exact(0.0);
    rng r = rng_at(xp_stream(x, "scales"), (uint64_t)N, 0);
    rng_uniform(&r, N, u);
    for (int n = 1; n <= N; n++) {
        double part = (n + (shape == RANDOM && n < N ? u[n] : 0.0)) / N;
        double s =
            geometric ? SMIN * pow(smax / SMIN, part) : SMIN + (smax - SMIN) * part;
        sum += (s - old) * (s + old);
        wrong += (s - old) * (s - old);
        euler += sde_g2(&ve, (n - 1.0) / N) / N;
        exact = geometric ? sde_var(&ve, (double)n / N) : (s - SMIN) * (s + SMIN);
        old = s;
        double error = 2e-16 * (n + 4) + (geometric ? 5e-15 * s * s / exact : 0.0);
        worst = enclosure_farther(worst, enclosure_about(sum / exact - 1.0, error));
    }
    xp_judge(x, SMLD, worst, region_about(0.0, 1e-12), "%s smax=%g N=%d", SHAPE[shape],
             smax, N);
    if (!geometric || smax != 50.0) return;
    double excess = N * (euler / exact - 1.0);
    enclosure ratio = enclosure_about(wrong / exact, 1e-12);
    xp_judge(x, WRONG_NOISE, ratio, region_about(1.0, 1e-12), "N=%d", N);
    xp_record(x, EULER, enclosure_about(excess, 1e-12 * N), "N=%d", N);
    xp_row(x, "smld %d %.17g %.17g %.17g nan", N, sum / exact, wrong / exact,
           euler / exact);
}

void xp_run(xp *x)
{
    const gmm *user = xp_target(x);
    verify_moments(x, 1.0, 0.25);
    verify_moments(x, 1.0, 1.0);
    verify_moments(x, 5.0, 1.25);
    for (int shape = 0; shape < SHAPES; shape++)
        for (int N = 10; N <= MOST; N *= 10) {
            verify_smld(x, shape, 5.0, N);
            verify_smld(x, shape, 50.0, N);
        }
    if (!xp_target_on_line(x)) return;
    target *data = user != NULL ? target_mixture(user) : catalogue_target(&CATALOGUE_M);
    verify_law(x, data, 0.1);
    verify_law(x, data, 0.25);
    target_free(data);
}
