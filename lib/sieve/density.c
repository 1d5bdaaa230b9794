/* hat p on a grid: a sum of products over the axes, hence a product of matrices. */
#include "internal.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>

enum { BATCH = 512 };
static const double REACH = 6.5;

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

/* log of the flow of a cloud at t0 on the grid, row by row; the caller frees. */
static double *log_flow(const sieve_truth *c, const cloud *of, const sieve_density *p)
{
    const cloud_law law = sieve_law(c, of);
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
    double batch[BATCH], *A[2];
    for (int r = 0; r < 2; r++) A[r] = NEW_ARRAY(double, (long)p->n[r] * BATCH);
    for (long first = 0; first < n; first += BATCH) {
        const int Q = (int)(n - first < BATCH ? n - first : BATCH);
        for (int r = 0; r < 2; r++) {
            for (int i = 0; i < Q; i++) {
                batch[i] = r < D ? x[(first + i) * D + r] : 0.0;
            }
            sieve_factor(p->n[r], p->y[r], Q, batch, exp(-c->t0), noise(c), A[r]);
        }
        linalg_gemm_nt(p->n[0], p->n[1], Q, 1.0, A[0], Q, A[1], Q, 1.0, p->p, p->n[1]);
    }
    free(A[0]), free(A[1]);
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
        double *logp = log_flow(c, c->cloud, &p);
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
    double *logp = log_flow(c, c->cloud, p);
    *kl = *square = 0.0;
    for (long i = 0; i < (long)p->n[0] * p->n[1]; i++) {
        const double hat = p->p[i] / p->cell, l = logp[i] - log(hat);
        const double truth = exp(logp[i]);
        *kl += p->cell * (truth * l - truth + hat);
        *square += 0.5 * p->cell * (hat - truth) * (hat / truth - 1.0);
    }
    free(logp);
}

double sieve_likelihood(const sieve *s, const sieve_truth *c, const sieve_density *p,
                        const double *a)
{
    cloud *of = sieve_flow(s, a);
    double *logq = log_flow(c, of, p), sum = 0.0;
    for (long i = 0; i < (long)p->n[0] * p->n[1]; i++) sum += p->p[i] * logq[i];
    free(logq);
    cloud_free(of);
    return sum;
}

/* 1/p at n points. */
static void inverse(const void *ctx, long n, const double *y, double *h)
{
    const cloud_law *p = ctx;
    cloud_eval(p, n, y, cloud_dim(p->of), h, NULL, NULL);
    for (long i = 0; i < n; i++) h[i] = exp(-h[i]);
}

/* N(y; m x, v I)^2 = (4 pi v)^{-D/2} N(y; m x, (v/2) I). Around a point the quotient of the two normal densities has the
   variance s2 (s2 - v/2)/(v/2), more than the narrow one. */
enclosure sieve_mean_square(const sieve_truth *c, long n)
{
    const cloud_law p = sieve_law(c, c->cloud);
    cloud_law narrow = p;
    narrow.s2 -= 0.5 * noise(c);
    cloud_rule rule = c->g->D == 1 ? CLOUD_LINE : CLOUD_PLANE;
    rule.reach *= sqrt(2.0 * p.s2 / noise(c));
    REQUIRE(p.s2 <= 4.0 * noise(c)); /* else 1/p overflows at the rim */
    enclosure J;
    cloud_expectation(&narrow, rule, inverse, &p, 1, &J);
    J = enclosure_scale(J, pow(4.0 * SC_PI * noise(c), -0.5 * c->g->D));
    return enclosure_scale(enclosure_sub(J, enclosure_exact(1.0)), 0.5 / (double)n);
}
