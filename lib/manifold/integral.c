/* Integrals over the line and the plane by the trapezoid rule. */
#include "entropy.h"
#include "internal.h"
#include "manifold.h"

#include <math.h>
#include <stdlib.h>

const cloud_rule CLOUD_LINE = {1.0 / 12.0, 9.0}, CLOUD_PLANE = {1.0 / 5.0, 9.0};

/* Values j of the integrands at point i into v[i*k + j]. */
typedef void integrand(const void *ctx, long n, const double *y, double *v);

enum { CHUNK = 2048, MOST = 16 };

/* The box of both laws and an even number of steps along each axis (axes beyond D: one node, step 1). */
typedef struct {
    int D;
    double lo[2], step[2];
    long nodes[2];
} lattice;

static lattice lattice_of(const cloud_law *p, const cloud_law *q, cloud_rule rule)
{
    const int D = p->of->D;
    REQUIRE((D == 1 || D == 2) && q->of->D == D && rule.spacing > 0.0);
    lattice g = {.D = D, .step = {1.0, 1.0}, .nodes = {1, 1}};
    const double a = sqrt(p->s2), b = sqrt(q->s2);
    for (int k = 0; k < D; k++) {
        const double lo = fmin(p->m * p->of->lo[k] - rule.reach * a,
                               q->m * q->of->lo[k] - rule.reach * b);
        const double hi = fmax(p->m * p->of->hi[k] + rule.reach * a,
                               q->m * q->of->hi[k] + rule.reach * b);
        const long half = (long)ceil(0.5 * (hi - lo) / (rule.spacing * fmin(a, b)));
        g.lo[k] = lo;
        g.step[k] = (hi - lo) / (2.0 * (double)half);
        g.nodes[k] = 2 * half + 1;
    }
    return g;
}

/* Classes of nodes: on the line i mod 6, in the plane (i mod 2, j mod 2). */
enum { CLASSES = 6 };

/* Point number i, the last axis running fastest; its class. */
static int lattice_point(const lattice *g, long i, double *y)
{
    const long row = g->D == 2 ? i / g->nodes[1] : i, column = i % g->nodes[1];
    const long at[2] = {row, column};
    for (int k = 0; k < g->D; k++) y[k] = g->lo[k] + (double)at[k] * g->step[k];
    return (int)(g->D == 2 ? 2 * (row % 2) + column % 2 : row % CLASSES);
}

/* The sum of all classes, and how far the rule may be off: 4 times the farthest of the sums over every second node, or
   half the farthest of those over every third one, on the line: near a bend the differences of second nodes change
   sign with its place, and vanish at some. */
static double combine(const lattice *g, const double part[CLASSES], double *error)
{
    double all = 0.0, second = 0.0, third = 0.0;
    for (int c = 0; c < CLASSES; c++) all += part[c];
    for (int c = 0; g->D == 2 && c < 4; c++)
        second = fmax(second, fabs(all - 4.0 * part[c]));
    if (g->D == 1) second = fabs(all - 2.0 * (part[0] + part[2] + part[4]));
    for (int c = 0; g->D == 1 && c < 3; c++)
        third = fmax(third, fabs(all - 3.0 * (part[c] + part[c + 3])));
    const double cell = g->step[0] * g->step[1];
    *error = cell * fmax(4.0 * second, third / 2.0);
    return cell * all;
}

/* int f_j dy into sum[j] and its error; chunks in order. At the rim f is negligible. */
static void integrate(const lattice *g, int k, integrand *f, const void *ctx,
                      double *sum, double *error)
{
    REQUIRE(1 <= k && k <= MOST);
    const long all = g->nodes[0] * g->nodes[1];
    double *y = NEW_ARRAY(double, (long)CHUNK *(g->D + k)), *v = y + (long)CHUNK * g->D;
    double part[MOST][CLASSES] = {{0.0}};
    int *class = NEW_ARRAY(int, CHUNK);
    for (long first = 0; first < all; first += CHUNK) {
        const long n = all - first < CHUNK ? all - first : CHUNK;
        for (long i = 0; i < n; i++)
            class[i] = lattice_point(g, first + i, y + i * g->D);
        f(ctx, n, y, v);
        for (long i = 0; i < n; i++)
            for (int j = 0; j < k; j++) part[j][class[i]] += v[i * k + j];
    }
    for (int j = 0; j < k; j++) sum[j] = combine(g, part[j], &error[j]);
    free(class), free(y);
}

/* Of log p, relative to standard deviations: coordinates are rounded. */
static double rounding(const cloud_law *p, const cloud_law *q)
{
    const double a = p->m * p->of->norm / sqrt(p->s2),
                 b = q->m * q->of->norm / sqrt(q->s2);
    return 1e-15 * (1.0 + fmax(a, b));
}

typedef struct {
    const cloud_law *p, *q;
} pair;

static void kl_integrand(const void *ctx, long n, const double *y, double *v)
{
    const pair *c = ctx;
    double *logq = NEW_ARRAY(double, n);
    cloud_eval(c->p, n, y, c->p->of->D, v, NULL, NULL);
    cloud_eval(c->q, n, y, c->q->of->D, logq, NULL, NULL);
    for (long i = 0; i < n; i++) v[i] = entropy_relative(v[i], logq[i]);
    free(logq);
}

enclosure cloud_kl(const cloud_law *p, const cloud_law *q, cloud_rule rule)
{
    const pair c = {p, q};
    const lattice g = lattice_of(p, q, rule);
    double kl, error;
    integrate(&g, 1, kl_integrand, &c, &kl, &error);
    const double e = rounding(p, q); /* as in divergence_between, TV^2 <= KL/2 */
    return enclosure_about(kl, error + e * (kl + 4.0 * (sqrt(0.5 * kl) + e)));
}

static void fisher_integrand(const void *ctx, long n, const double *y, double *v)
{
    const pair *c = ctx;
    const int D = c->p->of->D;
    double *s = NEW_ARRAY(double, 2 * n * D), *r = s + n * D;
    cloud_eval(c->p, n, y, D, v, NULL, s);
    cloud_eval(c->q, n, y, D, NULL, NULL, r);
    for (long i = 0; i < n; i++) {
        double square = 0.0;
        for (int k = 0; k < D; k++) {
            const double gap = s[i * D + k] - r[i * D + k];
            square += gap * gap;
        }
        v[i] = exp(v[i]) * square;
    }
    free(s);
}

enclosure cloud_fisher(const cloud_law *p, const cloud_law *q, cloud_rule rule)
{
    const pair c = {p, q};
    const lattice g = lattice_of(p, q, rule);
    double J, error;
    integrate(&g, 1, fisher_integrand, &c, &J, &error);
    const double e = rounding(p, q), score = e / sqrt(fmin(p->s2, q->s2));
    return enclosure_about(J, error + e * J + score * (2.0 * sqrt(J) + score));
}

typedef struct {
    const cloud_law *p;
    cloud_function *h;
    const void *ctx;
    int k;
} expectation;

/* p h_j, then p |h_j| */
static void weighted(const void *ctx, long n, const double *y, double *v)
{
    const expectation *e = ctx;
    double *h = NEW_ARRAY(double, n *(e->k + 1L)), *logp = h + n * e->k;
    e->h(e->ctx, n, y, h);
    cloud_eval(e->p, n, y, e->p->of->D, logp, NULL, NULL);
    for (long i = 0; i < n; i++)
        for (int j = 0; j < e->k; j++) {
            const double value = exp(logp[i]) * h[i * e->k + j];
            v[2 * i * e->k + j] = value;
            v[(2 * i + 1) * e->k + j] = fabs(value);
        }
    free(h);
}

void cloud_expectation(const cloud_law *p, cloud_rule rule, cloud_function *h,
                       const void *ctx, int k, enclosure *mean)
{
    const expectation e = {p, h, ctx, k};
    const lattice g = lattice_of(p, p, rule);
    double sum[MOST] = {0.0}, error[MOST] = {0.0};
    integrate(&g, 2 * k, weighted, &e, sum, error);
    for (int j = 0; j < k; j++)
        mean[j] = enclosure_about(sum[j], error[j] + rounding(p, p) * sum[k + j]);
}
