/* bound -- right-hand sides of chapter convergence, as corrected and as 002 prints them.  Floor 3.
 *
 * eps_t^2 = E_{p_t} |s_theta - grad log p_t|^2 <= eps^2 on [0, T]; for VP B = int_0^T beta, q = e^{-B},
 * m2 = E|X_0|^2, data in R^d, k = min(kappa, 1). What is "printed" fails somewhere: for printed checks.
 */
#ifndef SC_BOUND_H
#define SC_BOUND_H

#include "divergence.h"

/* ---- Theorem 6.2: TV(L(Y_T), p_data) <= TV(p_T, p_noise) + score term --------------------------- */

/* 1/2 sqrt(path_error), path_error = int_0^T g^2 eps_t^2 dt: corrected. */
double bound_tv_score(double path_error);
/* The print, which lacks g, in two readings of the scan: A (eps/2) sqrt(T), B eps sqrt(T/2). */
double bound_tv_score_printed_a(double eps, double T);
double bound_tv_score_printed_b(double eps, double T);

/* The right-hand sides of the linear case from c->from. In the print eps = sup_t eps_t, which is
   attained at an end, v_t being monotone (or a = 0). */
typedef enum {
    BOUND_TV,
    BOUND_TV_PRINTED_A,
    BOUND_TV_PRINTED_B,
    BOUND_TV_FORMS
} bound_tv_form;
double bound_tv_linear(const linear_case *c, bound_tv_form form);
/* TV of the linear case, with all its right-hand sides: a trial of `battery`. */
BASE_MUST_USE int bound_tv_trial(const linear_case *c, enclosure *tv, double *bound);
/* TV for the score grad log p_t + eps, and its corrected bound. */
BASE_MUST_USE int bound_tv_constant_error(const sde *e, start from, gauss data,
                                          double eps, enclosure *tv, double *bound);

/* ---- Corollary 6.3: VP, distance of p_T to the noise -------------------------------------------- */

/* TV(p_T, N(0, I)) <= 1/2 sqrt(q m2 - d (q + log(1 - q))): corrected. */
double bound_vp_noise_tv(double m2, int d, double B);
/* e^{-B/2} sqrt(m2/2): printed, "for T sufficiently large". */
double bound_vp_noise_tv_printed(double m2, double B);
/* KL(p_{T|0}(.|x) | N(0, I)) = q |x|^2 - d (q + log(1 - q)): (6.8) as printed, twice the value. */
double bound_vp_kernel_kl_printed(double x2, int d, double B);
/* The B from which the printed term is not below the corrected one, q m2 + d (q + log(1 - q)) >= 0;
   m2 > 0. */
BASE_MUST_USE int bound_vp_noise_tv_printed_from(double m2, int d, double *B);
/* The B from which reading A and reading B fail and from which the printed noise term holds: for N(0, 1) and
   T = 1, the readings for s_theta = -x + eps, where TV/eps -> 2 (1 - e^{-B/2})/sqrt(2 pi) as eps -> 0. */
typedef struct {
    const char *what;
    double B;
} bound_threshold;
enum { BOUND_TV_THRESHOLDS = 3 };
BASE_MUST_USE int bound_tv_thresholds(bound_threshold t[BOUND_TV_THRESHOLDS]);

/* Where what is printed around Theorem 6.2 fails as an upper bound of `value`: (6.4) in both readings, for
   N(0, 1), s = -x + 0.1, VP(0.1, 20), T = 1; Corollary 6.3 there and, its noise term alone, for an atom at 0 and
   for N(0, 0.01), where B is small. */
typedef struct {
    const char *where;
    enclosure value;
    double printed;
} bound_failure;
enum { BOUND_TV_FAILURES = 5 };
void bound_tv_failures(bound_failure f[BOUND_TV_FAILURES]);

/* ---- Theorem 6.5: s_theta(t, .) L-Lipschitz, W2 -------------------------------------------------- */

/* W2^2(p_data, L(Y_T)) <= W2^2(p_T, p_noise) e^{u(T)} + eps^2/(2h) int_0^T g^2(t) e^{u(T) - u(T-t)} dt,
   u(t) = int_{T-t}^T (-2 r_f + (2L + 2h) g^2) ds, for every h > 0, (x - x').(f(t,x) - f(t,x')) >=
   r_f(t) |x - x'|^2. Where r_f = pull g^2 (pull = -1/2 for OU and VP, 0 for VE and Brownian motion, 1/2 for CVP;
   not subVP), with k = 2 (L + h - pull) and G = int_0^T g^2:

       W2^2 <= w2sq_start e^{kG} + eps2/(2h) (e^{kG} - 1)/k. */
typedef struct {
    double w2sq_start; /* W2^2(p_T, p_noise) */
    double eps2;       /* sup_t eps_t^2 */
    double L, pull, G;
} bound_lipschitz;
/* The log of the right-hand side, which itself may overflow. */
double bound_lipschitz_log(const bound_lipschitz *b, double h);
/* Its least value over h in [1e-3, 10]: the best of 40 on a logarithmic grid and, where that one lies inside, the
   minimum between its neighbours. SC_EDOMAIN if it is 0 or not a number. */
BASE_MUST_USE int bound_lipschitz_least(const bound_lipschitz *b, double *log_least);
/* That of the linear case: L = |1 + a| sup_t 1/v_t, eps2 = sup_t eps_t^2, both at an end. */
bound_lipschitz bound_lipschitz_linear(const linear_case *c);
/* sup_x |(log p_t)''(x)|, its largest value over t = T i/32: the Lipschitz constant of the exact score; data a
   mixture on the line. */
double bound_score_lipschitz(const target *data, const sde *e);
/* W2^2 over the least bound of the linear case, formed in logs, against 1: a trial of `battery`. */
BASE_MUST_USE int bound_lipschitz_trial(const linear_case *c, enclosure *ratio,
                                        double *bound);

/* ---- CVP, strongly log-concave data, W2 (Tang, Zhao 2024) --------------------------------------- */

/* W2^2 <= e^{2hB} m2/(1 + kappa - kappa e^{-B})^2 + eps2/(2h (1 - 2h)), 0 < h < 1/2, from N(0, (e^B - 1) I), eps2 the
   squared score error along the sampler. */
double bound_cvp_w2sq(double kappa, double m2, double B, double eps2, double h);
/* Its least value over h = i/100, i = 1..49. */
double bound_cvp_w2sq_least(double kappa, double m2, double B, double eps2);

/* ---- Theorem 6.6: VP, strongly log-concave data, W2 ---------------------------------------------- */

/* W2^2(p_T, N(0, I)) <= q m2 + d (1 - sqrt(1 - q))^2: proof, corrected. */
double bound_vp_noise_w2sq(double m2, int d, double B);
/* q m2 + q^2 d/4: printed there. */
double bound_vp_noise_w2sq_printed(double m2, int d, double B);
/* kappa_s = kappa/(q + kappa (1 - q)): the law at B_s = B of kappa-strongly log-concave data is
   kappa_s-strongly log-concave (Gao, Nguyen, Zhu 2023, proposition 10). */
double bound_vp_concavity(double kappa, double B);
/* The largest kappa_s - min_x -(log p_s)'' over B_s = B[0..n-1], data on the line: <= 0 if that holds. */
enclosure bound_vp_concavity_excess(const target *data, double kappa, int n,
                                    const double *B);
/* u_VP(T) = int_0^T beta (1 + 2h - 2 kappa_s) ds = (1 + 2h) B - 2 log(1 + kappa (e^B - 1)): (6.15). */
double bound_vp_exponent(double kappa, double h, double B);
/* W2^2 <= e^{-cB} (bound_vp_noise_w2sq) + eps2/(2hc), c = 2k - 1 - 2h, for kappa > 1/2,
   0 < h < k - 1/2, eps2 the squared score error along the sampler: corrected. */
double bound_vp_w2sq(double kappa, double m2, int d, double B, double eps2, double h);
/* Its least value over h = (k - 1/2) i/50, i = 1..49. */
double bound_vp_w2sq_least(double kappa, double m2, int d, double B, double eps2);
/* That of the linear case, VP from N(0, 1), with eps2 the largest error along `path` (law_linear, steps);
   NULL: along p_t, where the print has it. NaN unless kappa = 1/v0 > 1/2. */
double bound_vp_w2sq_linear(const linear_case *c, int steps, const gauss *path);
/* e^{-(bmin + bmax c) T} (m2 + rest e^{-bmin T}): the printed first term on the line for kappa >= 1, with
   O(e^{-bmin T}) d read as rest e^{-bmin T}. Its exponent needs beta linear in t. */
double bound_vp_w2sq_noise_printed(const sde *e, double m2, double h, double rest);

/* Where what is printed around Theorem 6.6 fails as an upper bound of `value`: the score term eps^2 bmax^j/(2hc), j = 1
   and 2, for N(0, 1), s = -x + 0.1, beta = 1/2, T = 20; u_VP(T) <= bmax (1 + 2h - 2 kappa) T for VP(0.1, 20), T = 1;
   bound_vp_noise_w2sq_printed for an atom at 0. */
enum { BOUND_W2_FAILURES = 4 };
BASE_MUST_USE int bound_w2_failures(bound_failure f[BOUND_W2_FAILURES]);

/* W2^2 of the linear case, with bound_vp_w2sq_linear along the sampler, along p_t, and along p_t for a >= 0
   only: a trial of `battery`. */
enum { BOUND_W2_ALONG_V, BOUND_W2_ALONG_P, BOUND_W2_ALONG_P_STEEPER, BOUND_W2_FORMS };
BASE_MUST_USE int bound_w2_trial(const linear_case *c, enclosure *w2sq, double *bound);
/* The same for N(1, 1) and the exact score under the schedule of the case, with the printed first term at its
   smallest (h -> 0, no O()) for N(m, 1), m = 1 and 3, over m^2: W2 is proportional to m. */
enum { BOUND_W2_NOISE_FORMS = 2 };
BASE_MUST_USE int bound_w2_noise_trial(const linear_case *c, enclosure *w2sq,
                                       double *bound);

/* ---- OU, exponential integrator from N(0, I), data in R^d ----------------------------------------- */

/* KL(p_delta | law) <= kappa^2 d N + kappa d T + (d + |E X_0|^2) e^{-2T} after N steps of the step rule
   timegrid_benton, Cov X_0 = I, exact score; mean2 = |E X_0|^2. The print has mean2 = 0 for every mean. */
double bound_kl_early_stopping(int d, double mean2, double kappa, int steps, double T);

/* TV(p_0, law) <= e^{-T} sqrt(H) + (L sqrt(d h) + L m h) sqrt(T) + error sqrt(T), steps of h. */
typedef struct {
    double T, h;
    int d;
    double L;      /* Lipschitz constant of u = 2 grad log p_t, t in [0, T] */
    double moment; /* m = (E|X_0|^2)^{1/2} */
    double H;      /* KL(p_0 | N(0, I)) */
    double error;  /* of u: E|u - u_theta|^2 <= error^2 */
} bound_ddpm;
double bound_ddpm_tv(const bound_ddpm *b);
/* Those of data on the line with the exact score; h is left 0. L is 2 |(log p_t)''| at its largest over
   t = T (k/32)^2 and x by target_curvature, hence not above the supremum, and H is taken from below: the
   bound is not weakened. Failures are those of divergence_to_gauss. */
BASE_MUST_USE int bound_ddpm_line(const target *data, double T, bound_ddpm *b);

#endif
