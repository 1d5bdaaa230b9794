/* sampler -- schemes for the reverse SDE and the probability-flow ODE.  Floor 2.
 *
 * One step goes from forward time t to u < t. With S = the score in use, Z ~ N(0, I):
 *
 *     X' = a X + b S(t, X) + sqrt(q) Z                         (one evaluation)
 *
 *   scheme        a        b                        q
 *   EM (6.17)     1 - fh   g^2 h                    g^2 h          (f, g at t, h = t - u)
 *   (6.16)        1 - fh   g^2 h                    int_u^t g^2
 *   EI (6.19)     s_u/s_t  int (s_u/s_r) g^2 dr     int (s_u/s_r)^2 g^2 dr
 *   EI-ODE (6.20) s_u/s_t  half of the EI value     0
 *   DDPM          1/alpha  qbar/alpha               qbar n_u/n_t   ("posterior variance")
 *   DDPM-beta     1/alpha  qbar/alpha               qbar           ("beta variance")
 *   DDIM          1/alpha  n_t/alpha - sqrt(n_t n_u) 0
 *   Euler ODE     1 - fh   g^2 h/2                  0
 *   ancestral     1/r      beta/r                   beta,   beta = h g^2(t), r = sqrt(1-beta)
 *   Langevin      1        h                        2h             (no reversal: keeps p_t, to O(h))
 *
 * alpha = s_t/s_u, qbar = n_t - alpha^2 n_u. Heun and RK4 act on dy = (-f y + g^2 S/2) dtau.
 * EI2: X* = aX + bS(t,X) + sqrt(q) Z, X' = aX + (b/2){S(t,X) + S(u,X*)} + sqrt(q) Z.
 * Predictor-corrector (6.18): a step of the predictor, then M Langevin steps X += eps S(u,X) + sqrt(2 eps) Z.
 */
#ifndef SC_SAMPLER_H
#define SC_SAMPLER_H

#include "rng.h"
#include "sde.h"
#include "store.h"
#include "target.h"

/* X' = a X + b S + sqrt(q) Z */
typedef struct {
    double a, b, q;
} step;

/* The score in use: s_i = S(t, x_i) for n points of R^d. */
typedef void score_eval(const void *ctx, double t, long n, int d, const double *x,
                        int ldx, double *s, int lds);
typedef struct {
    score_eval *eval;
    const void *ctx;
} score;

/* One step of n points of R^d from t to u. */
typedef struct {
    const sde *forward;
    score s;
    double t, u;
    long n;
    int d;
} move;

typedef struct sampler sampler;
struct sampler {
    const char *name;
    int evaluations; /* of the score, a step */
    int normals;     /* standard normals per coordinate and step: 0 (ODE), 1, 1 + M */
    /* The three numbers of a one-evaluation scheme; NULL for the others. */
    step (*coefficients)(const sde *e, double t, double u);
    /* y <- x moved; both n rows of d, leading dimension d, and may be the same array. z holds
       n*normals rows of d standard normals, rows i*normals .. of point i. */
    void (*advance)(const sampler *self, const move *m, const double *x,
                    const double *z, double *y);
    /* Predictor-corrector only: M corrections of step size eps(t, u) at time u. */
    const sampler *predictor;
    int corrections;
    double (*eps)(const void *ctx, double t, double u);
    const void *eps_ctx; /* borrowed */
    /* Blends only: the two schemes between which it lies, and the weight of the second. */
    const sampler *blend[2];
    double weight;
};

extern const sampler SAMPLER_EM, SAMPLER_INTEGRATED_NOISE, SAMPLER_EI, SAMPLER_EI_ODE,
    SAMPLER_DDPM, SAMPLER_DDPM_BETA, SAMPLER_DDIM, SAMPLER_EULER, SAMPLER_ANCESTRAL,
    SAMPLER_HEUN, SAMPLER_RK4, SAMPLER_EI2, SAMPLER_LANGEVIN;

/* Predictor, then `corrections` Langevin steps (6.18). The predictor is borrowed. */
sampler sampler_predictor_corrector(const sampler *predictor, int corrections,
                                    double (*eps)(const void *ctx, double t, double u),
                                    const void *eps_ctx);
/* Rules for eps after a step of length h = t - u; ctx is the double c. */
double sampler_eps_proportional(const void *ctx, double t, double u); /* c h */
double sampler_eps_fixed(const void *ctx, double t, double u);        /* c */
double sampler_eps_squared(const void *ctx, double t, double u);      /* c h^2 */
double sampler_eps_falling(const void *ctx, double t, double u);      /* c u + h^2 */
/* One correction after a step t -> u, as X' = a X + b S(u, X) + sqrt(q) Z: a Langevin step of length eps. */
step sampler_correction(const sampler *pc, double t, double u);
/* Euler-Maruyama and one correction of eps = h/2. */
extern const sampler SAMPLER_EM_CORRECTED;

/* Between two schemes of one evaluation and one normal, both borrowed: a, b and q are 1 - weight times
   those of the first and weight times those of the second; weight is any number that leaves q >= 0.
   It has no `coefficients`. */
sampler sampler_blend(const sampler *first, const sampler *second, double weight);

/* By the order in TV and W2 on smooth targets and uniform grids; lists that end with NULL. First: EM,
   (6.16), EI, DDPM-beta, EI-ODE, Euler. Second: Heun, EI2. */
extern const sampler *const SAMPLER_FIRST_ORDER[], *const SAMPLER_SECOND_ORDER[];

/* Wrong on purpose, for printed checks and controls: EI with the weight s_r/s_t that (6.19) prints for
   s_u/s_r, on subVP only (elsewhere it makes no difference); EI with b halved; EI with q halved, which for OU
   is the noise dB in place of sqrt(2) dB; Heun with both slopes at the old state, of order 1. */
extern const sampler SAMPLER_EI_PRINTED, SAMPLER_EI_HALF, SAMPLER_EI_HALF_NOISE,
    SAMPLER_HEUN_STALE;

/* The law a chain starts from. */
typedef struct {
    enum { START_PT, START_NORMAL } kind; /* p_T of the data, or N(mean, var) */
    double mean, var;                     /* of START_NORMAL, every coordinate */
} start;
extern const start START_EXACT, START_STANDARD; /* p_T; N(0, 1) */

/* A reverse chain on the line, complete: what `law` computes the law of. Borrowed pointers. */
typedef struct {
    const target *data;
    const sde *forward;
    const sampler *scheme;
    start from;
    int steps;
    const double *t; /* steps + 1 forward times, decreasing */
    /* NULL, or changes the exact score in place: the score in use is what it leaves. */
    void (*perturb)(const void *ctx, double t, long n, const double *x, double *s);
    const void *perturb_ctx;
    const store *kept; /* where divergence_chain keeps what it finds; NULL: nowhere */
} chain;

/* The chain of uniform steps from e->T to 0 with the exact score; writes the steps + 1 times to t,
   which it borrows. */
chain chain_uniform(const target *data, const sde *e, const sampler *scheme, start from,
                    int steps, double *t);

/* n steps of SAMPLER_LANGEVIN of length eps for N(0, v), the data, from N(0, 1): *e becomes an OU process that
   keeps N(0, v), t takes n + 1 times; borrows all three. */
chain chain_langevin(const target *data, double eps, int n, sde *e, double *t);

/* Mean of the last state of `steps` uniform steps from X_T = x to 0 by a one-evaluation scheme with the
   score S = 1. EI is exact for it. */
double sampler_constant_score(const sampler *scheme, const sde *e, int steps, double x);

/* A reverse chain in R^d: times t[0..steps], decreasing. Borrowed pointers. */
typedef struct {
    const sampler *scheme;
    const sde *forward;
    score s;
    int steps;
    const double *t;
} simulation;

/* The laws p_t of mixture data in R^d at the times of a chain. */
typedef struct {
    int steps;
    const double *t; /* steps + 1 forward times, decreasing; borrowed */
    double factor;   /* of the score: 1, or another for a score that is to be wrong */
    gmm **law;       /* steps + 1: p_t at t[k] */
} marginals;
marginals marginals_of(const gmm *data, const sde *e, int steps, const double *t);
void marginals_free(marginals *m);
/* factor grad log p_t, for t among the times (aborts otherwise). Borrows m. */
score marginals_score(const marginals *m);

/* How far the chain c is from respecting a subspace of dimension k = gmm_dim(data) < D, t[steps] > 0; c->s is not
   read. With U a random rotation and W = U (X, 0) in R^D, X ~ data: the largest |Y_i - (U (y, y'))_i| over all
   coordinates of `paths` <= 4096 paths after the steps, where Y is the chain for the data W with the noise
   U (z, z'), y the one for X with z, y' the one for the atom 0 of R^{D-k} with z', from the same points, standard
   normal. 0 but for rounding: the coordinates normal to the subspace are independent of those in it and have
   the law of the chain for an atom. SC_EDOMAIN if a covariance in R^D is not positive definite to rounding. */
BASE_MUST_USE int sampler_subspace_gap(const simulation *c, const gmm *data, int D,
                                       rng_key key, int paths, double *gap);

/* The stream of a replicate that the steps draw from; draw starting points from another one. */
enum { SAMPLER_STREAM = 1 };

/* Runs n independent chains in R^d through the times from the points x (n rows, leading
   dimension d), in place. Path i draws from rng replicate first + i, so the result does not
   depend on threads or on how the paths are split. Parallel over blocks of 256 paths, each
   taken through all its steps, divided over the ranks. */
void sampler_run(const simulation *c, rng_key key, uint64_t first, long n, int d,
                 double *x);

#endif
