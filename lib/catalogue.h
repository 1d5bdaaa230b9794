/* catalogue -- the targets, fields, forward processes and reference laws of the statements.  Floor 3.
 *
 * The second parameter of N is a variance.
 *
 *   M      0.3 N(-1.5, 0.09) + 0.7 N(1, 0.16)
 *   M2     0.5 N(-2, 0.25) + 0.5 N(2, 0.25)
 *   G      0.3 N(-1, 0.25) + 0.7 N(1.5, 0.64)
 *   V      0.3 N(-3, 0.04) + 0.7 N(3, 0.04)           a deep valley
 *   S      0.3 N(-1.5, 0.01) + 0.7 N(1, 0.16)       a spike
 *   A3     atoms -1, 0.2, 1 with weights 0.5, 0.3, 0.2
 *   S8     0.5 N(-0.8, 0.36) + 0.5 N(0.8, 0.36)       mean 0, variance 1, E He_4 = -0.8192
 *   SKEW   0.2 N(sqrt 2, 1/2) + 0.8 N(-sqrt(2)/4, 1/2)   mean 0, variance 1, E He_3 = 0.75 sqrt(1/2)
 *   Q      proportional to exp(-x^2/2 - x^4/4)
 *   TRIO   equal atoms -0.7, 0.1, 0.6, plus N(0, sd^2), sd = 0 and 0.2
 *   GAUSS  N(0.7, 0.49), called G in the chapter sampling only
 */
#ifndef SC_CATALOGUE_H
#define SC_CATALOGUE_H

#include "field.h"
#include "gmm.h"
#include "manifold.h"
#include "match.h"
#include "sampler.h"
#include "target.h"

/* ---- Targets on the line --------------------------------------------------------------- */

/* sum_i w_i N(mu_i, v_i), i < k, atoms where v = 0; k = 0: proportional to exp(-a x^2/2 - b x^4). */
enum { CATALOGUE_COMPONENTS = 3 };
typedef struct {
    const char *name; /* in the statements */
    int k;
    double w[CATALOGUE_COMPONENTS], mu[CATALOGUE_COMPONENTS], v[CATALOGUE_COMPONENTS];
    double a, b;
} catalogue_entry;

extern const catalogue_entry CATALOGUE_M, CATALOGUE_M2, CATALOGUE_G, CATALOGUE_V,
    CATALOGUE_A3, CATALOGUE_S8, CATALOGUE_SKEW, CATALOGUE_Q, CATALOGUE_GAUSS,
    CATALOGUE_TRIO[2], CATALOGUE_SPIKE;

/* The caller frees. One component: target_gauss; only atoms: target_atoms. */
target *catalogue_target(const catalogue_entry *e);
/* Of a mixture without atoms. */
gmm *catalogue_gmm(const catalogue_entry *e);

/* ---- Targets in R^d ---------------------------------------------------------------------- */

/* The first coordinate from a mixture without atoms, the others from N(0, 1), all independent. */
gmm *catalogue_product(const catalogue_entry *first, int d);
/* N(mean, diag(var)) reflected, x -> x - (2/d) sum(x) (1, .., 1): its coordinates depend on each other. */
gmm *catalogue_reflected(int d, const double *mean, const double *var);
/* In the plane: 0.4 N((0, 0), 0.25 I) + 0.6 N((2, 1), 0.5 I). */
gmm *catalogue_plane(void);
/* In R^d, d >= 2: four equal N(+-2 e_1, I/4), N(+-2 e_2, I/4). */
gmm *catalogue_clusters(int d);
/* In the plane: 0.5 N((0, 0), 0.25 I) + 0.3 N((2, 1), 0.16 I) + 0.2 N((-1, 2), diag(0.5, 0.1)). */
gmm *catalogue_plane_diagonal(void);
/* In the plane, the Swiss roll of 002 Figure 1: around the curve

       c(u) = theta (cos theta, sin theta)/7,   theta = 3 pi/2 (1 + 2u),   0 <= u <= 1,

   n equal N(c(u), sd^2 I), u = (j + 1/2)/n, j < n; and the curve through the n >= 2 points u = j/(n - 1). The caller
   frees. */
gmm *catalogue_swiss_roll(int n, double sd);
polyline *catalogue_swiss_curve(int n);

/* ---- Fields, all with their Jacobian ------------------------------------------------------
 *
 * The parameter is borrowed. */

field catalogue_wavy(const double *theta);   /* -theta x + 0.7 sin 2x, on the line */
field catalogue_tanh(const double *theta);   /* -2 tanh(theta x), on the line */
field catalogue_linear(const double *theta); /* -theta x, on the line */
field catalogue_shift(const double *theta);  /* -x + theta, on the line */
/* The first three shapes at theta = 0.4, 1.3, in this order; named "wavy theta=0.4". */
enum { CATALOGUE_N_FIELDS = 6 };
extern const field CATALOGUE_FIELDS[CATALOGUE_N_FIELDS];

/* s_j = -c x_j + 3 sin(2 x_{j+1}), indices mod d. */
field catalogue_cyclic(const double *c);
/* -B x, B d x d row-major; L2 of the chapter matching: N(0, Sigma) and -B x in the plane. */
field catalogue_matrix(const double *B);
extern const double CATALOGUE_L2_SIGMA[4], CATALOGUE_L2_B[4];
/* In the plane: (-x + 0.5 sin y, -y + 0.3 x cos y). */
extern const field CATALOGUE_PLANE_FIELD;

/* ---- Classes of fields -----------------------------------------------------------------------
 *
 * tanh: [-1, 2]; linear: [0, 10]; interval: linear, [0.3, 0.5]; shift: [1, 2], where the score -x of N(0, 1)
 * is not. */
extern const match_class CATALOGUE_CLASS_TANH, CATALOGUE_CLASS_LINEAR,
    CATALOGUE_CLASS_INTERVAL, CATALOGUE_CLASS_SHIFT;

/* ---- Forward processes --------------------------------------------------------------------
 *
 * The five of 002 section 3 on [0, T]: OU, VP(0.1, 20), subVP(0.1, 20), VE(0.1, 0.1 3^T), hence r = 3
 * at every T, and CVP(0.1, 2). */
enum { CATALOGUE_N_FORWARD = 5 };
void catalogue_forward(double T, sde e[CATALOGUE_N_FORWARD]);

/* The eight families with closed kernels, each taking from one set of parameters those it has. */
typedef enum {
    CATALOGUE_OU,
    CATALOGUE_VE,
    CATALOGUE_VE_PRIME,
    CATALOGUE_VP,
    CATALOGUE_SUBVP,
    CATALOGUE_CVP,
    CATALOGUE_COU,
    CATALOGUE_CSUBVP,
    CATALOGUE_FAMILIES
} catalogue_family;
typedef struct {
    double theta, sigma, smin, smax, bmin, bmax, T;
} catalogue_parameters;
sde catalogue_process(catalogue_family family, const catalogue_parameters *p);
/* theta = 1.3, sigma = 0.8, (smin, smax) = (0.01, 50), (bmin, bmax) = (0.1, 20), T = 1. */
extern const catalogue_parameters CATALOGUE_STANDARD;
/* Uniform in [0.2, 3], [0.3, 2], [0.005, 0.05], [1, 80], [0.05, 1], [2, 25]; T is 1 or 5. */
catalogue_parameters catalogue_random_parameters(rng_key key, uint64_t replicate);

/* ---- Reference laws -------------------------------------------------------------------------
 *
 * Chains of uniform steps down to t = 0 and the known distances of their laws to the data, decimal
 * literals; NULL: not given. Those of Q called "q..." are known to 1e-8 only, "recomputed..." has
 * them again, and of m.OU.PC.EM.32 the KL, known to 1.4e-9 only, and what is not given. */
typedef struct {
    const char *id;
    const catalogue_entry *data;
    const sde *forward;
    const sampler *scheme;
    int steps;
    start from;
    const char *value[4]; /* KL, reverse KL, TV, W2 */
} catalogue_law;
enum { CATALOGUE_N_LAWS = 28 };
extern const catalogue_law CATALOGUE_LAWS[CATALOGUE_N_LAWS];
/* The four distances of a law, computed at the spacing 0.1; failures are those of divergence_chain. */
BASE_MUST_USE int catalogue_law_distances(const catalogue_law *r, enclosure value[4]);
/* TV between M and what the continuous reverse OU process of horizon 1, 2, 3 makes of N(0, 1). */
extern const double CATALOGUE_START_TV[3];
/* TV between N(0, 1)^d and N(0, 1.1)^d, known to `error` by Gil-Pelaez. */
typedef struct {
    int d;
    double tv, error;
} catalogue_product_tv;
enum { CATALOGUE_N_PRODUCTS = 4 };
extern const catalogue_product_tv CATALOGUE_PRODUCT_TV[CATALOGUE_N_PRODUCTS];

#endif
