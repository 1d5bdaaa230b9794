/* Weighted points and the law of m c_U + sqrt(s2) Z. */
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <stdlib.h>

/* The ball of block b around the middle of its box. */
static void set_ball(cloud *c, long b)
{
    double square[CLOUD_BLOCK] = {0.0}, farthest = 0.0;
    for (long k = 0; k < c->D; k++) {
        const double *x = c->c + k * c->padded + b * CLOUD_BLOCK;
        double lo = x[0], hi = x[0];
        for (int i = 1; i < CLOUD_BLOCK; i++) {
            lo = fmin(lo, x[i]);
            hi = fmax(hi, x[i]);
        }
        const double centre = c->centre[k * c->blocks + b] = 0.5 * (lo + hi);
        for (int i = 0; i < CLOUD_BLOCK; i++)
            square[i] += (x[i] - centre) * (x[i] - centre);
        c->lo[k] = b == 0 ? lo : fmin(c->lo[k], lo);
        c->hi[k] = b == 0 ? hi : fmax(c->hi[k], hi);
    }
    for (int i = 0; i < CLOUD_BLOCK; i++) farthest = fmax(farthest, square[i]);
    c->radius[b] = sqrt(farthest);
}

static double total_weight(long n, const double *w)
{
    double total = 0.0;
    for (long q = 0; q < n; q++) {
        REQUIRE(w[q] > 0.0);
        total += w[q];
    }
    return total;
}

cloud *cloud_new(long n, int D, const double *x, const double *w)
{
    REQUIRE(n >= 1 && 1 <= D && D <= GENERATOR_D);
    const long blocks = (n - 1) / CLOUD_BLOCK + 1, padded = blocks * CLOUD_BLOCK;
    const double total = w == NULL ? (double)n : total_weight(n, w);
    cloud *c = NEW(cloud);
    *c = (cloud){.D = D, .n = n, .blocks = blocks, .padded = padded};
    c->c = NEW_ARRAY(double, padded *D);
    c->w = NEW_ARRAY(double, padded);
    c->centre = NEW_ARRAY(double, blocks *D);
    c->radius = NEW_ARRAY(double, blocks);
    for (long q = 0; q < padded; q++) {
        const double *from = x + (q < n ? q : n - 1) * D;
        double square = 0.0;
        for (long k = 0; k < D; k++) {
            c->c[k * padded + q] = from[k];
            square += from[k] * from[k];
        }
        c->norm = fmax(c->norm, sqrt(square));
        if (q < n) c->w[q] = (w == NULL ? 1.0 : w[q]) / total;
    }
    for (long b = 0; b < blocks; b++) set_ball(c, b);
    return c;
}

cloud *cloud_of(const generator *g, const mesh *nodes)
{
    REQUIRE(g->d == nodes->d);
    double *x = NEW_ARRAY(double, nodes->n * g->D);
    generator_eval(g, nodes->n, nodes->u, x, NULL);
    cloud *c = cloud_new(nodes->n, g->D, x, nodes->w);
    free(x);
    return c;
}

cloud *cloud_taylor(const generator *g, int degree, int N, const mesh *nodes)
{
    REQUIRE(g->d == nodes->d);
    double *x = NEW_ARRAY(double, nodes->n * g->D);
    generator_taylor(g, degree, N, nodes->n, nodes->u, x);
    cloud *c = cloud_new(nodes->n, g->D, x, nodes->w);
    free(x);
    return c;
}

void cloud_free(cloud *c)
{
    if (c == NULL) return;
    free(c->radius), free(c->centre), free(c->w), free(c->c);
    free(c);
}

long cloud_points(const cloud *c) { return c->n; }
int cloud_dim(const cloud *c) { return c->D; }
double cloud_norm(const cloud *c) { return c->norm; }

void cloud_mean(const cloud *c, double *mean)
{
    for (long k = 0; k < c->D; k++) {
        mean[k] = 0.0;
        for (long q = 0; q < c->n; q++) mean[k] += c->w[q] * c->c[k * c->padded + q];
    }
}

void cloud_gap(const cloud *g, const cloud *h, double *mean_square, double *largest)
{
    REQUIRE(g->n == h->n && g->D == h->D);
    double sum = 0.0, most = 0.0;
    for (long q = 0; q < g->n; q++) {
        double square = 0.0;
        REQUIRE(g->w[q] == h->w[q]);
        for (long k = 0; k < g->D; k++) {
            double gap = g->c[k * g->padded + q] - h->c[k * h->padded + q];
            square += gap * gap;
        }
        sum += g->w[q] * square;
        most = fmax(most, square);
    }
    if (mean_square != NULL) *mean_square = sum;
    if (largest != NULL) *largest = sqrt(most);
}

cloud_law cloud_ou(const cloud *c, double sd, double t)
{
    REQUIRE(t >= 0.0);
    const double m = exp(-t);
    return (cloud_law){c, m, m * m * sd * sd - expm1(-2.0 * t)};
}

double cloud_block_distance2(const cloud_law *l, long b, const double *y,
                             double d2[CLOUD_BLOCK])
{
    const cloud *c = l->of;
    return kernel_best()->block_distance2(c->D, c->c + b * CLOUD_BLOCK, c->padded, y,
                                          l->m, d2);
}

/* Sums over the points seen so far, relative to the distance of the nearest of them. */
typedef struct {
    double d2;
    double sum[1 + GENERATOR_D]; /* e^{d2/(2 s2)} times sum w K, then sum w K c */
} sums;

static void add_block(const cloud_law *l, long b, const double *y, sums *s)
{
    const cloud *c = l->of;
    const double half_log2e = 0.72134752044448170368; /* log2(e)/2 */
    double d2[CLOUD_BLOCK];
    const double least = cloud_block_distance2(l, b, y, d2);
    if (least - s->d2 > CLOUD_REACH * l->s2) return;
    if (least < s->d2) {
        const double rescale = exp(0.5 * (least - s->d2) / l->s2);
        s->d2 = least;
        for (int k = 0; k <= c->D; k++) s->sum[k] *= rescale;
    }
    const long first = b * CLOUD_BLOCK;
    kernel_best()->block_sums(c->D, c->c + first, c->padded, c->w + first,
                              half_log2e / l->s2, s->d2, d2, s->sum);
}

long cloud_nearest_block(const cloud_law *l, const double *y, double *gap)
{
    const cloud *c = l->of;
    for (long b = 0; b < c->blocks; b++) gap[b] = 0.0;
    for (long k = 0; k < c->D; k++) {
        const double *centre = c->centre + k * c->blocks, m = l->m, at = y[k];
#pragma omp simd
        for (long b = 0; b < c->blocks; b++)
            gap[b] += (at - m * centre[b]) * (at - m * centre[b]);
    }
    long nearest = 0;
    double least = HUGE_VAL;
    for (long b = 0; b < c->blocks; b++) {
        const double signed_gap = sqrt(gap[b]) - l->m * c->radius[b];
        if (signed_gap < least) least = signed_gap, nearest = b;
        gap[b] = fmax(0.0, signed_gap);
    }
    return nearest;
}

/* The block with the nearest ball first, then those within reach of what is nearest so far. */
static sums sum_blocks(const cloud_law *l, const double *y, double *gap)
{
    const long nearest = cloud_nearest_block(l, y, gap);
    sums s = {.d2 = HUGE_VAL};
    add_block(l, nearest, y, &s);
    for (long b = 0; b < l->of->blocks; b++)
        if (b != nearest && gap[b] * gap[b] - s.d2 <= CLOUD_REACH * l->s2)
            add_block(l, b, y, &s);
    return s;
}

void cloud_eval(const cloud_law *l, long n, const double *y, int ldy, double *logp,
                double *f, double *score)
{
    const int D = l->of->D;
    REQUIRE(n >= 0 && ldy >= D && l->s2 > 0.0);
    const double constant = -0.5 * D * log(2.0 * SC_PI * l->s2);
    const bool worthwhile = n * l->of->n > 100000; /* else threads cost more */
#pragma omp parallel default(none)                                                     \
    shared(l, n, y, ldy, logp, f, score, D, constant) if (worthwhile)
    {
        double *gap = NEW_ARRAY(double, l->of->blocks);
#pragma omp for schedule(dynamic, 16)
        for (long i = 0; i < n; i++) {
            const double *at = y + i * ldy;
            const sums s = sum_blocks(l, at, gap);
            if (logp != NULL) logp[i] = constant + log(s.sum[0]) - 0.5 * s.d2 / l->s2;
            for (int k = 0; k < D; k++) {
                const double mean = s.sum[1 + k] / s.sum[0];
                if (f != NULL) f[i * D + k] = mean;
                if (score != NULL) score[i * D + k] = (l->m * mean - at[k]) / l->s2;
            }
        }
        free(gap);
    }
}
