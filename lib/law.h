/* law -- exact laws of reverse chains, without sampling.  Floor 3.
 *
 * Three representations:
 *   gauss   mean and variance: for Gaussian data every scheme is affine, closed recursion;
 *   line    a density on a uniform grid: propagated step by step through
 *           p'(y) = int p(x) N(y; mu(x), q) dx by the trapezoid rule, scattered into bands;
 *   flow    for q = 0: the map F from N(0,1) to the law and its derivative.
 * Source: statements, entry exact_laws; 002 section 6.3, 003 (7).
 */
#ifndef SC_LAW_H
#define SC_LAW_H

#include "enclosure.h"
#include "sampler.h"

typedef struct {
    double mean, var;
} gauss;
extern const gauss GAUSS_STANDARD; /* N(0, 1) */
/* The law of X_t of a forward process from Gaussian data: N(s_t m, s_t^2 v + n_t). */
gauss law_marginal(gauss data, const sde *e, double t);
/* The law of X_t under VP from Gaussian data N(m, v), B = int_0^t beta, q = e^{-B}:
   N(sqrt(q) m, 1 + q (v - 1)). */
gauss law_vp_gauss(gauss data, double B);

/* The law at u < t of the reverse SDE (noise), or of the probability flow, from the law `from` at t, for Gaussian
   data with the marginals p_t = N(m_t, v_t):

       N(m_u + G (from.mean - m_t), v_u + G^2 (from.var - v_t)),   G = (s_t/s_u) v_u/v_t,   or sqrt(v_u/v_t);

   *rounding bounds what rounding does to the two moments. */
gauss law_reverse_gauss(gauss data, const sde *e, gauss from, double t, double u,
                        bool noise, gauss *rounding);

/* Law of the chain for Gaussian data (target_gauss): exact for every scheme. SC_EDOMAIN if the data
   are not Gaussian or the chain has a perturb hook that is not affine. */
BASE_MUST_USE int law_gauss(const chain *c, gauss *law);

/* The same with a bound for what rounding does to mean and variance: 4e-16 a step of the terms it adds
   up, which may cancel, carried through the steps that follow. */
BASE_MUST_USE int law_gauss_bounded(const chain *c, gauss *law, gauss *error);

/* The same in R^d: data of one component, a scheme of one evaluation with the exact score, from N(0, I)
   through t[0..steps]: mean (d), covariance (d x d). SC_EDOMAIN for other data or schemes. */
BASE_MUST_USE int law_gauss_rd(const gmm *data, const sde *e, const sampler *scheme,
                               int steps, const double *t, double *mean, double *cov);

/* p[j] = density at x0 + j dx, j < n; caller frees with line_free. */
typedef struct {
    long n;
    double x0, dx;
    double *p;
} line;
line *line_new(double x0, double dx, long n);
void line_free(line *l);
double line_mass(const line *l); /* dx sum p */
/* The mass in [lo, hi], as far as the grid reaches, n >= 8: the polynomials of line_density, integrated. */
double line_mass_within(const line *l, double lo, double hi);
/* Mean and variance, by the trapezoid rule. */
gauss line_moments(const line *l);
/* The density at x inside the grid, n >= 8: the polynomial through the eight nodes around it. */
double line_density(const line *l, double x);

/* How the density is propagated. The fields that are not numbers of the method exist for the
   negative controls of exact_laws. */
typedef struct {
    double c;           /* dx_k <= c min(sqrt q_{k-1}, sqrt q_k) / refine */
    double refine;      /* 1 coarse, 1.5 fine */
    double band;        /* K: a kernel reaches K sqrt q */
    bool coarse_finish; /* control: the last step stays on the propagation grid */
} law_rules;
/* c = 0.6 for Gaussian data, 0.2 for mixtures, 0.1 if a component sd is <= 0.1; K = 9.2. */
law_rules law_rules_for(const target *data);
/* The same with c = spacing. */
law_rules law_rules_spaced(const target *data, double spacing);
/* law_rules_for the data, but c <= 0.2 if the score is perturbed: then it need not be affine. */
law_rules law_rules_of(const chain *c);

/* Density of the chain's last state. *evaluations (may be NULL) counts kernel evaluations,
   last step excluded. SC_EDOMAIN if some step has q = 0. */
BASE_MUST_USE int law_density(const chain *c, const law_rules *r, line **law,
                              double *evaluations);
/* The same at the point x, at two resolutions: fine +- (4 |fine - coarse| + 1e-13). */
BASE_MUST_USE int law_density_at(const chain *c, const law_rules *r, double x,
                                 enclosure *density);

/* Law at forward time u of the continuous reverse SDE with exact score, for mixtures and atoms,
   by the posterior kernel (a mixture of Gaussian bridges), on a grid fine for it. */
BASE_MUST_USE int law_continuous(const target *data, const sde *e, start from, double u,
                                 double refine, line **law);

/* Euler's scheme Y' = Y + h b(t, Y) + sqrt(h a(t, Y)) Z for a diffusion whose noise depends on the
   place: h = T/steps, t = 0, h, .. (the process's own time), from the law of m X_0 + sqrt(s2) Z, X_0 ~
   start. */
typedef void law_rates(const void *ctx, double t, long n, const double *x, double *b,
                       double *a);
typedef struct {
    law_rates *rates;
    const void *ctx;    /* borrowed, as `start` is */
    double least_noise; /* a(t, x) >= this > 0 */
    double T;
    int steps;
    const target *start;
    double m, s2;
} euler_scheme;
/* Its exact law at T, by scattering on grids of spacing at most 0.2 sqrt(h least_noise)/refine, the last
   one of at least 8001 refine nodes. SC_EDOMAIN if b is not finite or a < least_noise at a node. */
BASE_MUST_USE int law_euler(const euler_scheme *c, double refine, line **law);
/* The same; before the step from t the law at t is shown to `visit` (may be NULL). */
typedef void law_visit(void *ctx, double t, const line *law);
BASE_MUST_USE int law_euler_visited(const euler_scheme *c, double refine,
                                    law_visit *visit, void *ctx, line **law);

/* The map F from N(0,1) to the law at nodes z[j]: F[j], its derivative dF[j] = F'(z[j]). The nodes are
   uniform in w = z + k Q(Phi(z)), w[j] = w0 + j dw, Q the quantile function of the data, z in
   [-12, 12], k such that both terms have the same range: so many nodes for N(0,1) as for the data,
   also where the map is steep. dz[j] = dz/dw. */
typedef struct {
    long n;
    double w0, dw;
    double *z, *dz, *F, *dF;
} flow;
void flow_free(flow *f);
/* Deterministic schemes, exact score and data with a density at the end (SC_EDOMAIN otherwise). Parallel
   over blocks of nodes. SC_ECONVERGENCE if F' <= 0 somewhere (the map has folded). */
BASE_MUST_USE int law_flow(const chain *c, long nodes, flow **f);

/* Gaussian laws of dY = (A(t) Y + b(t)) dt + sqrt(q(t)) dB from N(m, v) at s to t >= s:

       m' = A m + b,   v' = 2 A v + q,   gain = exp int_s^t A,   Cov(Y_s, Y_t) = gain v_s,

   by ode_solve with tolerance 1e-13; the enclosures hold its error. Failures are its own. */
typedef struct {
    double A, b, q;
} affine_rates;
typedef affine_rates affine_sde(const void *ctx, double t);
typedef struct {
    enclosure mean, var, gain;
} affine_law;
BASE_MUST_USE int law_affine(affine_sde *f, const void *ctx, double s, double t,
                             gauss from, affine_law *law);
/* The errors of mean and variance, the one that reaches farther from 0. */
enclosure law_affine_error(const affine_law *law, gauss exact);
/* W2^2 = (mean - m)^2 + (sqrt(var) - sd)^2 to N(m, sd^2), with the errors of both moments. */
enclosure law_affine_w2sq(const affine_law *law, gauss to);

/* The backward process of a linear model with Gaussian data, at t, forward time tau = T - t:

       dY = (-f Y + score g^2 grad log p_tau(Y)) dt + sqrt(noise) g dB.

   score = noise = 1: the reversal, 002 (2.3); score = 1/2, noise = 0: probability flow, 002 (5.7). */
typedef struct {
    gauss data;
    sde forward;
    double score, noise;
} backward;
affine_rates law_backward(const void *ctx, double t); /* ctx: a backward */
/* By law_affine, from p_{T-s} at s. */
BASE_MUST_USE int law_backward_exact(const backward *c, double s, double t,
                                     affine_law *law);
/* Cov(Y_s, Y_t), from p_T at 0, over Cov(X_{T-s}, X_{T-t}) = m_{T-s}/m_{T-t} v_{T-t}, less 1: 0 for the
   reversal. */
BASE_MUST_USE int law_backward_covariance(const backward *c, double s, double t,
                                          enclosure *error);

/* The linear case of chapter convergence: data N(m0, v0), hence p_t = N(m_t, v_t) with
   m_t = s_t m0, v_t = s_t^2 v0 + n_t, and a score that is wrong by an affine function,

       s_theta(t, x) = (1 + a) grad log p_t(x) + c,   grad log p_t(x) = (m_t - x)/v_t.

   The continuous reverse SDE dY = (-f Y + g^2 s_theta) dtau + g dB then has Gaussian laws. */
typedef struct {
    gauss data; /* var > 0 */
    sde forward;
    start from;
    double a, c;
} linear_case;

gauss law_linear_marginal(const linear_case *c, double t); /* p_t */
gauss law_linear_start(const linear_case *c);              /* Y_0 */
/* The rates of Y at t, forward time T - t, for law_affine; ctx: a linear_case. */
affine_rates law_linear_rates(const void *ctx, double t);
/* eps_t^2 = E |s_theta - grad log p_t|^2 under p_t: a^2/v_t + c^2. */
double law_linear_error(const linear_case *c, double t);
/* The same expectation under another Gaussian N(m, v), such as the sampler's own law:
   a^2 (v + (m - m_t)^2)/v_t^2 - 2 a c (m - m_t)/v_t + c^2. */
double law_linear_error_under(const linear_case *c, double t, gauss law);
/* The largest of these at the times of law_linear's path, under its laws (those of the sampler); NULL:
   under p_t. */
double law_linear_largest_error(const linear_case *c, int steps, const gauss *path);
/* int_0^T g^2 eps_t^2 dt = a^2 log(1 + n_T/(s_T^2 v0)) + c^2 int_0^T g^2: twice the relative entropy of
   the exact path with respect to the sampler's (Girsanov). */
double law_linear_path_error(const linear_case *c);
/* Moments of Y at the forward times t_k = T (1 - k/steps), k = 0..steps, by RK4 on

       m' = A m + g^2 ((1 + a) m_t/v_t + c),   v' = 2 A v + g^2,   A = -f - g^2 (1 + a)/v_t

   written for m - m_t and v - v_t. path: steps + 1 values, the last one the law of the sample; *end
   keeps its relative accuracy when tiny. SC_EDOMAIN unless v0 > 0; SC_EACCURACY if a variance is not
   positive or RK4 unstable (steps too long): path is then written in part. */
typedef struct {
    double mean, var; /* m - m0, v - v0 of the sample */
    gauss rounding;   /* bounds for what rounding does to them */
} linear_deviation;
BASE_MUST_USE int law_linear(const linear_case *c, int steps, gauss *path,
                             linear_deviation *end);

/* What the reversal (score = noise = 1) or the flow (1/2 and 0) makes of N(0, w) at T, data N(m0, v0), v0 > 0, in
   closed form. A deviation from p_T = N(s_T m0, v_T) is multiplied by Phi = (s_T^2 v0/v_T)^score/s_T, so that

       m - m0 = -Phi s_T m0,   v - v0 = Phi^2 (w - v_T),   s_T^2 v0/v_T = 1/(1 + zeta^2/v0),  zeta^2 = n_T/s_T^2. */
linear_deviation law_backward_output(const backward *c, double w);

/* The mean of the sample for a = 0, in closed form: data N(m0, 1/kappa) from p_noise, centred,

       m0 - E Y_T = bias m0 - shift c,

       bias = 1/(1 + kappa n_T/s_T^2),   shift = int_0^T g^2 s_t/(s_t^2 + kappa n_t) dt;

   from p_T the bias is 0 and the shift the same. Both are functions of a clock, which may be infinite: B, for
   VE V = int_0^T g^2:

       VP    1/(1 + kappa (e^B - 1))      2 int_{e^{-B/2}}^1 dy/(kappa + (1 - kappa) y^2)
       CVP   1/(1 + kappa (1 - e^{-B}))   2 int_{e^{-B/2}}^1 dy/(1 + kappa - kappa y^2)
       VE    1/(1 + kappa V)              log(1 + kappa V)/kappa */
typedef struct {
    double bias, shift;
} mean_offset;
/* `forward` is a process with that clock: beta grows by 200, as in VP(0.1, 20) with B = 10.05; VE is Brownian
   motion. */
typedef struct {
    const char *name;
    sde (*forward)(double clock);
    mean_offset (*formula)(double kappa, double clock);
} mean_offset_model;
extern const mean_offset_model MEAN_OFFSET_VP, MEAN_OFFSET_CVP, MEAN_OFFSET_VE;
/* The law of that sample, N(m0, 1/kappa) and grad log p_t + c, by law_affine. */
BASE_MUST_USE int law_mean_offset_sample(const mean_offset_model *model, double kappa,
                                         double clock, double m0, double c,
                                         affine_law *law);

/* TV(L(Y_T), N(0, 1)) for VP, data N(0, 1) and s_theta = -x + eps: Y_T ~ N(2 eps (1 - e^{-B/2}), 1).
   Certified; eps and B are decimal literals. */
enclosure law_shift_tv(const char *eps, const char *B);

/* Given X_0 = x and X_T = y, the forward process has at time u the law
   N(shrink x + gain (y - s_T x), var I),

       shrink = s_u,   gain = (s_T/s_u) n_u/n_T,   var = n_u (n_T - (s_T/s_u)^2 n_u)/n_T,

   a Gaussian bridge; 0 <= u <= T = e->T. At u = 0 it is the atom x. */
typedef struct {
    double scale_T, var_T; /* s_T, n_T */
    double shrink, gain, var;
} bridge;
bridge law_bridge(const sde *e, double u);

/* The reverse SDE with the exact score of n equal atoms in R^d, started from y ~ N(0, I) at T: at time u it
   has the law of a bridge to atom i from y with probability w_i(y) prop. to
   exp(-|y - s_T x_i|^2/(2 n_T)). No time step enters. */
typedef struct {
    bridge b;
    int n, d;
    const double *atoms; /* n x d, row-major, borrowed */
} empirical;
empirical law_empirical(const sde *e, double u, int n, int d, const double *atoms);
/* Draws of that law; ctx is an `empirical`. Row j of x (count x d) is replicate first + j of stream
   LAW_STREAM. Serial. */
enum { LAW_STREAM = 0x6c6177 }; /* "law" */
void law_empirical_draw(const void *ctx, rng_key key, uint64_t first, long count,
                        double *x);
/* What draws of that law, and of the kernel estimate 1/n sum N(s_u x_i, n_u I), begin with; the same for
   every u < T. The caller's arrays. */
typedef struct {
    long count;
    double *y,
        *z; /* count x d each, independent N(0, I): the state at T, the noise of the bridge */
    int *atom; /* count: i with probability w_i(y) */
    int *
        even; /* count: each with probability 1/n; equal to atom as often as that allows */
} empirical_start;
/* Replicates first, first + 1, .. of streams LAW_STREAM to LAW_STREAM + 2. Serial. */
void law_empirical_begin(const empirical *e, rng_key key, uint64_t first,
                         const empirical_start *s);
/* x[j]: the law at u, from y to the atom by the bridge. kde[j]: the kernel estimate,
   s_u x_even + (n_u/(gain^2 + var))^{1/2} (gain y + var^{1/2} z). Both count x d. */
void law_empirical_end(const empirical *e, const empirical_start *s, double *x,
                       double *kde);
/* The kernel estimate 1/n sum N(centre x_i, var I), to which that law is close for centre = s_u,
   var = n_u. Caller frees. */
gmm *law_empirical_kde(const empirical *e, double centre, double var);
/* d = 1: W_i = E w_i(y) by quadrature (at u = 0 the law is sum_i W_i delta(x_i)), and tv, the distance
   1/2 sum |W_i - 1/n| to equal weights. */
BASE_MUST_USE int law_empirical_weights(const empirical *e, enclosure *w,
                                        enclosure *tv);
/* The limit of e^{2T} tv for T -> inf (OU), at u = 0: |mean| sum |x_i - mean|/(2n). */
double law_empirical_limit(const empirical *e);
/* d = 1, distinct atoms: the mass of the law within r of them. Where var > 0 every bridge has a density of
   at most (2 pi var)^{-1/2}: [0, 2 r n (2 pi var)^{-1/2}], cut at 1; at u = 0 the sum of the W_i. */
BASE_MUST_USE int law_empirical_near(const empirical *e, double r, enclosure *mass);
/* OU, one atom x of norm R: TV between that law at u and N(e^-u x, n_u I) (shrunk) or N(x, n_u I),
   certified for these very doubles T and u. 0 < u < T. */
enclosure law_point_tv(double T, double u, int d, double R, bool shrunk);

#endif
