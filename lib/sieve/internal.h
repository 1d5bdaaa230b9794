#ifndef SC_SIEVE_INTERNAL_H
#define SC_SIEVE_INTERNAL_H

#include "sieve.h"

enum { SIEVE_BASIS = 3 };
static const double HALF_LOG2E = 0.72134752044448170368; /* log2(e)/2 */

/* A class on Q nodes of equal weight, and its moments; coordinates first: row r of `points` and of `moments` has Q
   numbers. */
typedef struct {
    const sieve *s;
    long Q;
    int *cell;       /* Q */
    double *B;       /* Q x basis */
    double *points;  /* D x Q: C_q */
    double *moments; /* (1 + D) x Q: w_q, then the coordinates of b_q */
    double *system;  /* N^d x basis x basis */
} sieve_work;
sieve_work sieve_work_of(const sieve *s, const mesh *nodes);
void sieve_work_free(sieve_work *w);

/* The law of U behind g_a, of the fit and of all that is said of it: one node a cell for degree 0, else sieve_nodes. */
mesh sieve_law_nodes(const sieve *s);
/* int p log q_a on the grid of p, node by node. */
double sieve_likelihood(const sieve *s, const sieve_truth *c, const sieve_density *p,
                        const double *a);
/* The cell of u and B at u; cells are closed below. */
int sieve_locate(const sieve *s, const double *u, double *B);
/* points <- g_a at the nodes. */
void sieve_move(sieve_work *w, const double *a);
/* The M-step at t0 = 0: a <- the solution of (sum w B B^T + 1e-12 I) a = sum B b^T in each cell. */
void sieve_maximise(sieve_work *w, double *a);
/* The E-step for w->points: w->moments; returns Lambda. */
typedef double sieve_expect(void *ctx, sieve_work *w);
/* In place: EM over-relaxed, t0 = 0; BFGS, until it has converged. */
sieve_run sieve_relax(sieve_work *w, const sieve_rule *rule, sieve_expect *expect,
                      void *ctx, double *a);
sieve_run sieve_climb(sieve_work *w, double m, double s2, double left,
                      sieve_expect *expect, void *ctx, double *a);

/* A (n x Q) <- exp(-(y_i - m c_q)^2/(2 s2)). */
void sieve_factor(int n, const double *y, long Q, const double *c, double m, double s2,
                  double *A);

/* That matrix for one axis: Phi T with K terms where the range of the c_q is short, else T itself (K = n). */
typedef struct {
    int n, K;
    const double *y; /* n, borrowed */
    double m, s2;
    long Q;
    bool low;            /* Phi is not the identity */
    double centre, half; /* of the interval of m c that Phi is for */
    double *T;           /* K x Q */
    double *Phi;         /* n x K, then its transpose */
} sieve_axis;
sieve_axis sieve_axis_of(int n, const double *y, double m, double s2, long Q);
void sieve_axis_free(sieve_axis *x);
void sieve_axis_set(sieve_axis *x, const double *c); /* T, Phi for the points c */
void sieve_axis_unit(sieve_axis *x);                 /* the matrix of ones, n = 1 */

#endif
