/* hat p on a grid, and the E-step there: K is a product over the axes, so that its sums are products of matrices. */
#include "internal.h"
#include "linalg.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { BATCH = 512 };
static const double REACH = 6.5;
static const double HALF_LOG2E = 0.72134752044448170368; /* log2(e)/2 */

void sieve_factor(int n, const double *y, long Q, const double *c, double m, double s2,
                  double *scratch, double *A)
{
    for (int i = 0; i < n; i++) {
        const double scale = -HALF_LOG2E / s2, at = y[i];
#pragma omp simd
        for (long q = 0; q < Q; q++)
            scratch[q] = scale * (at - m * c[q]) * (at - m * c[q]);
        kernel_best()->exp2(Q, scratch, A + i * Q);
    }
}

cloud_law sieve_law(const sieve_truth *c, const cloud *of)
{
    return cloud_ou(of, c->sd, c->t0);
}

static double noise(const sieve_truth *c) { return -expm1(-2.0 * c->t0); }

/* [*lo, *hi] <- with m x_i -+ radius, coordinate r of n points. */
static void extend(long n, int D, const double *x, int r, double m, double radius,
                   double *lo, double *hi)
{
    for (long i = 0; i < n; i++) {
        *lo = fmin(*lo, m * x[i * D + r] - radius);
        *hi = fmax(*hi, m * x[i * D + r] + radius);
    }
}

/* The axes: every node of `spacing` over the range. */
static void set_axes(const sieve_truth *c, long n, const double *x, sieve_density *p)
{
    const int D = p->D;
    const cloud_law law = sieve_law(c, NULL);
    const double spacing = sqrt(law.s2) / (D == 1 ? 6.0 : 3.5);
    mesh nodes = mesh_midpoints(c->g->d, c->g->d == 1 ? 4000 : 80);
    double *g = NEW_ARRAY(double, nodes.n *D);
    generator_eval(c->g, nodes.n, nodes.u, g, NULL);
    p->cell = 1.0;
    for (int r = 0; r < 2; r++) {
        double lo = HUGE_VAL, hi = -HUGE_VAL;
        p->n[r] = 1;
        if (r < D) {
            extend(n, D, x, r, law.m, REACH * sqrt(noise(c)), &lo, &hi);
            extend(nodes.n, D, g, r, law.m, REACH * sqrt(law.s2), &lo, &hi);
            p->n[r] = (int)ceil((hi - lo) / spacing) + 1;
            p->cell *= spacing;
        }
        p->y[r] = NEW_ARRAY(double, p->n[r]);
        for (int i = 0; r < D && i < p->n[r]; i++) p->y[r][i] = lo + i * spacing;
    }
    free(g);
    mesh_free(&nodes);
}

/* A1 (n[0] x Q), A2 (n[1] x Q), ones for D = 1, and room for the E-step: V (2 n[0] x Q). */
typedef struct {
    const sieve_density *p;
    double m, s2;
    double *A[2], *V, *r; /* r: 2 n[0] x n[1] */
    double *den, *logs;   /* n[0] x n[1] */
} grid;

static grid grid_of(const sieve_density *p, double m, double s2, long Q)
{
    grid c = {.p = p, .m = m, .s2 = s2};
    const long all = (long)p->n[0] * p->n[1];
    for (int r = 0; r < 2; r++) c.A[r] = NEW_ARRAY(double, p->n[r] * Q);
    c.V = NEW_ARRAY(double, 2 * p->n[0] * Q);
    c.r = NEW_ARRAY(double, 2 * all);
    c.den = NEW_ARRAY(double, all);
    c.logs = NEW_ARRAY(double, all);
    return c;
}

static void grid_free(grid *c)
{
    free(c->A[0]), free(c->A[1]), free(c->V), free(c->r), free(c->den), free(c->logs);
}

/* Of Q points, coordinate r at x + r Q. */
static void set_factors(grid *c, long Q, const double *x)
{
    for (int r = 0; r < 2; r++)
        if (r < c->p->D)
            sieve_factor(c->p->n[r], c->p->y[r], Q, x + r * Q, c->m, c->s2, c->V,
                         c->A[r]);
        else
            for (long q = 0; q < Q; q++) c->A[r][q] = 1.0;
}

/* The grid with log p_{t0}, row by row. */
static double *log_truth(const sieve_truth *c, const sieve_density *p)
{
    const cloud_law law = sieve_law(c, c->cloud);
    const long all = (long)p->n[0] * p->n[1];
    double *y = NEW_ARRAY(double, all * p->D), *logp = NEW_ARRAY(double, all);
    for (long i = 0; i < all; i++)
        for (int r = 0; r < p->D; r++)
            y[i * p->D + r] = r == 0 ? p->y[0][i / p->n[1]] : p->y[1][i % p->n[1]];
    cloud_eval(&law, all, y, p->D, logp, NULL, NULL);
    free(y);
    return logp;
}

static void add_sample(const sieve_truth *c, long n, const double *x, sieve_density *p)
{
    const int D = p->D;
    grid at = grid_of(p, exp(-c->t0), noise(c), BATCH);
    double batch[2 * BATCH];
    for (long first = 0; first < n; first += BATCH) {
        const int Q = (int)(n - first < BATCH ? n - first : BATCH);
        for (int i = 0; i < Q; i++)
            for (int r = 0; r < D; r++) batch[r * Q + i] = x[(first + i) * D + r];
        set_factors(&at, Q, batch);
        linalg_gemm_nt(p->n[0], p->n[1], Q, 1.0, at.A[0], Q, at.A[1], Q, 1.0, p->p,
                       p->n[1]);
    }
    grid_free(&at);
}

sieve_density sieve_noised(const sieve_truth *c, long n, const double *x)
{
    const int D = c->g->D;
    REQUIRE((D == 1 || D == 2) && n >= 0 && c->t0 > 0.0);
    sieve_density p = {.D = D};
    set_axes(c, n, x, &p);
    const long all = (long)p.n[0] * p.n[1];
    p.p = NEW_ARRAY(double, all);
    if (n > 0) {
        add_sample(c, n, x, &p);
    } else {
        double *logp = log_truth(c, &p);
        for (long i = 0; i < all; i++) p.p[i] = exp(logp[i]);
        free(logp);
    }
    double total = 0.0;
    for (long i = 0; i < all; i++) total += p.p[i];
    for (long i = 0; i < all; i++) p.p[i] /= total;
    return p;
}

void sieve_density_free(sieve_density *p) { free(p->y[0]), free(p->y[1]), free(p->p); }

void sieve_memoriser(const sieve_truth *c, const sieve_density *p, double *kl,
                     double *square)
{
    double *logp = log_truth(c, p);
    *kl = *square = 0.0;
    for (long i = 0; i < (long)p->n[0] * p->n[1]; i++) {
        const double hat = fmax(p->p[i] / p->cell, DBL_MIN), l = logp[i] - log(hat);
        const double truth = exp(logp[i]);
        *kl += p->cell * (truth * l - truth + hat);
        *square += 0.5 * p->cell * (hat - truth) * (hat / truth - 1.0);
    }
    free(logp);
}

/* 1/p at n points. */
static void inverse(const void *ctx, long n, const double *y, double *h)
{
    const cloud_law *p = ctx;
    cloud_eval(p, n, y, cloud_dim(p->of), h, NULL, NULL);
    for (long i = 0; i < n; i++) h[i] = exp(-h[i]);
}

/* N(y; m x, v I)^2 = (4 pi v)^{-D/2} N(y; m x, (v/2) I) */
enclosure sieve_mean_square(const sieve_truth *c, long n)
{
    const cloud_law p = sieve_law(c, c->cloud);
    cloud_law narrow = p;
    narrow.s2 -= 0.5 * noise(c);
    enclosure J;
    cloud_expectation(&narrow, c->g->D == 1 ? CLOUD_LINE : CLOUD_PLANE, inverse, &p, 1,
                      &J);
    J = enclosure_scale(J, pow(4.0 * SC_PI * noise(c), -0.5 * c->g->D));
    return enclosure_scale(enclosure_sub(J, enclosure_exact(1.0)), 0.5 / (double)n);
}

/* den = (1/Q) A1 A2^T, r = hat p/(Q den), then rows w, b_1 and b_2 of the moments from V = (r, r y_2) A2. */
static double expect(void *ctx, sieve_work *w)
{
    grid *c = ctx;
    const sieve_density *p = c->p;
    const int Q = (int)w->Q, rows = p->n[0], columns = p->n[1], D = p->D;
    const long all = (long)rows * columns;
    double Lambda = 0.0;
    set_factors(c, Q, w->points);
    linalg_gemm_nt(rows, columns, Q, 1.0 / Q, c->A[0], Q, c->A[1], Q, 0.0, c->den,
                   columns);
    for (long i = 0; i < all; i++) c->den[i] = fmax(c->den[i], DBL_MIN);
    kernel_best()->log(all, c->den, c->logs);
    for (long i = 0; i < all; i++) {
        Lambda += p->p[i] * c->logs[i];
        c->r[i] = p->p[i] / (Q * c->den[i]);
        c->r[all + i] = c->r[i] * p->y[1][i % columns];
    }
    linalg_gemm(D * rows, Q, columns, 1.0, c->r, columns, c->A[1], Q, 0.0, c->V, Q);
    for (long q = 0; q < (1L + D) * Q; q++) w->moments[q] = 0.0;
    for (int i = 0; i < rows; i++) {
        const double *A = c->A[0] + (long)i * Q, *V = c->V + (long)i * Q;
        const double *V2 = V + (D == 2 ? (long)rows * Q : 0), at = p->y[0][i];
        double *sum = w->moments, *b1 = sum + Q, *b2 = b1 + (D == 2 ? Q : 0);
        for (int q = 0; q < Q; q++) {
            const double mass = A[q] * V[q];
            sum[q] += mass;
            b1[q] += mass * at;
            if (D == 2) b2[q] += A[q] * V2[q];
        }
    }
    return Lambda - 0.5 * D * log(2.0 * SC_PI * c->s2);
}

sieve_run sieve_fit(const sieve *s, const mesh *nodes, const sieve_truth *c,
                    const sieve_density *p, const sieve_rule *rule, double *a)
{
    REQUIRE(s->D == p->D);
    sieve_work w = sieve_work_of(s, nodes);
    const cloud_law law = sieve_law(c, NULL);
    grid at = grid_of(p, law.m, law.s2, w.Q);
    const sieve_run run = sieve_climb(&w, law.m, rule, expect, &at, a);
    grid_free(&at);
    sieve_work_free(&w);
    return run;
}
