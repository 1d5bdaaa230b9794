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

/* Law of the chain for Gaussian data (target_gauss): exact for every scheme. SC_EDOMAIN if the data
   are not Gaussian or the chain has a perturb hook that is not affine. */
BASE_MUST_USE int law_gauss(const chain *c, gauss *law);

/* p[j] = density at x0 + j dx, j < n; caller frees with line_free. */
typedef struct {
    long n;
    double x0, dx;
    double *p;
} line;
line *line_new(double x0, double dx, long n);
void line_free(line *l);
double line_mass(const line *l); /* dx sum p */

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

/* Density of the chain's last state. *evaluations (may be NULL) counts kernel evaluations,
   last step excluded. SC_EDOMAIN if some step has q = 0. */
BASE_MUST_USE int law_density(const chain *c, const law_rules *r, line **law,
                              double *evaluations);

/* Law at forward time u of the continuous reverse SDE with exact score, for mixtures and atoms,
   by the posterior kernel (a mixture of Gaussian bridges), on a grid fine for it. */
BASE_MUST_USE int law_continuous(const target *data, const sde *e, start from, double u,
                                 double refine, line **law);

/* z[j] = -9 + j dz; F maps N(0,1) to the law, dF = F'. */
typedef struct {
    long n;
    double dz;
    double *F, *dF;
} flow;
void flow_free(flow *f);
/* Deterministic schemes. SC_ECONVERGENCE if F' <= 0 somewhere (the map has folded). */
BASE_MUST_USE int law_flow(const chain *c, long nodes, flow **f);

#endif
