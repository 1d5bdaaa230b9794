/* The E-step on a grid: the kernel is a product over the axes, so that its sums are products of small matrices. */
#include "internal.h"
#include "linalg.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* The kernel between node i and point q of axis r is (Phi T)_iq, or T_iq where Phi is the identity. */
typedef struct {
    const sieve_density *p;
    double s2;
    sieve_axis axis[2];
    double *den, *logs, *r; /* n[0] x n[1] */
    double *small, *half;   /* n[0] x n[1] */
    double *V;              /* n[0] x Q, or more */
} grid;

static grid grid_of(const sieve_density *p, double m, double s2, long Q)
{
    grid c = {.p = p, .s2 = s2};
    const long room =
        64 + (p->n[0] > 64 ? p->n[0] : 64) * (long)(p->n[1] > 64 ? p->n[1] : 64);
    for (int r = 0; r < 2; r++) c.axis[r] = sieve_axis_of(p->n[r], p->y[r], m, s2, Q);
    if (p->D == 1) sieve_axis_unit(&c.axis[1]);
    c.den = NEW_ARRAY(double, 5 * room);
    c.logs = c.den + room;
    c.r = c.logs + room;
    c.small = c.r + room;
    c.half = c.small + room;
    c.V = NEW_ARRAY(double, (p->n[0] > 64 ? p->n[0] : 64) * Q);
    return c;
}

static void grid_free(grid *c)
{
    sieve_axis_free(&c->axis[0]), sieve_axis_free(&c->axis[1]);
    free(c->den), free(c->V);
}

/* den = (1/Q) sum_q K_yq = Phi_1 (T_1 T_2^T/Q) Phi_2^T */
static void set_density(grid *c, int Q)
{
    const sieve_axis *a = &c->axis[0], *b = &c->axis[1];
    double *at = a->low || b->low ? c->small : c->den;
    linalg_gemm_nt(a->K, b->K, Q, 1.0 / Q, a->T, Q, b->T, Q, 0.0, at, b->K);
    if (a->low) {
        double *to = b->low ? c->half : c->den;
        linalg_gemm(a->n, b->K, a->K, 1.0, a->Phi, a->K, at, b->K, 0.0, to, b->K);
        at = to;
    }
    if (b->low)
        linalg_gemm_nt(a->n, b->n, b->K, 1.0, at, b->K, b->Phi, b->K, 0.0, c->den,
                       b->n);
}

/* sum_q-moment of f (n[0] x n[1]): sum_y f(y) K_yq = sum_k T_1kq (Phi_1^T f Phi_2 T_2)_kq */
static void set_moment(grid *c, int Q, const double *f, double *moment)
{
    const sieve_axis *a = &c->axis[0], *b = &c->axis[1];
    const double *at = f;
    if (a->low) {
        const double *transposed = a->Phi + (long)a->n * a->K;
        linalg_gemm(a->K, b->n, a->n, 1.0, transposed, a->n, at, b->n, 0.0, c->half,
                    b->n);
        at = c->half;
    }
    if (b->low) {
        linalg_gemm(a->K, b->K, b->n, 1.0, at, b->n, b->Phi, b->K, 0.0, c->small, b->K);
        at = c->small;
    }
    linalg_gemm(a->K, Q, b->K, 1.0, at, b->K, b->T, Q, 0.0, c->V, Q);
    for (int q = 0; q < Q; q++) moment[q] = 0.0;
    for (int k = 0; k < a->K; k++) {
        const double *T = a->T + (long)k * Q, *V = c->V + (long)k * Q;
#pragma omp simd
        for (int q = 0; q < Q; q++) moment[q] += T[q] * V[q];
    }
}

static double expect(void *ctx, sieve_work *w)
{
    grid *c = ctx;
    const sieve_density *p = c->p;
    const int Q = (int)w->Q, D = p->D;
    const long all = (long)p->n[0] * p->n[1];
    double Lambda = 0.0;
    for (int r = 0; r < D; r++) sieve_axis_set(&c->axis[r], w->points + (long)r * Q);
    set_density(c, Q);
    for (long i = 0; i < all; i++) c->half[i] = fmax(c->den[i], DBL_MIN);
    kernel_best()->log(all, c->half, c->logs);
    for (long i = 0; i < all; i++) {
        const bool under = c->den[i] < DBL_MIN; /* there Lambda is not known */
        Lambda += under ? -HUGE_VAL : p->p[i] * c->logs[i];
        c->r[i] = under ? 0.0 : p->p[i] / (Q * c->den[i]);
    }
    set_moment(c, Q, c->r, w->moments);
    for (int r = 0; r < D; r++) {
        for (long i = 0; i < all; i++) /* den is no longer needed */
            c->den[i] =
                c->r[i] * (r == 0 ? p->y[0][i / p->n[1]] : p->y[1][i % p->n[1]]);
        set_moment(c, Q, c->den, w->moments + (1L + r) * Q);
    }
    return Lambda - 0.5 * D * log(2.0 * SC_PI * c->s2);
}

sieve_run sieve_fit(const sieve *s, const mesh *nodes, const sieve_truth *c,
                    const sieve_density *p, double *a)
{
    REQUIRE(s->D == p->D);
    sieve_work w = sieve_work_of(s, nodes);
    const cloud_law law = sieve_law(c, NULL);
    grid at = grid_of(p, law.m, law.s2, w.Q);
    const sieve_run run = sieve_climb(&w, law.m, law.s2, SIEVE_LEFT, expect, &at, a);
    grid_free(&at);
    sieve_work_free(&w);
    return run;
}
