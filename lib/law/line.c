/* Densities on uniform grids, and the rules for choosing them. */
#include "internal.h"
#include "kernel.h"
#include "mc.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

line *line_new(double x0, double dx, long n)
{
    REQUIRE(n > 0 && dx > 0.0);
    line *l = NEW(line);
    l->n = n;
    l->x0 = x0;
    l->dx = dx;
    l->p = NEW_ARRAY(double, n);
    return l;
}

void line_free(line *l)
{
    if (!l) return;
    free(l->p);
    free(l);
}

int law_grid(double lo, double hi, double dx, long at_least, line **l)
{
    const double most = 2e7;
    double n = fmax(ceil((hi - lo) / dx), (double)(at_least - 1));
    if (!(n > 0.0 && n < most)) return SC_EACCURACY;
    *l = line_new(lo, (hi - lo) / n, (long)n + 1);
    return SC_OK;
}

double line_mass(const line *l) { return l->dx * mc_sum(l->n, l->p); }

double line_density(const line *l, double x)
{
    enum { STENCIL = 8 };
    double position = (x - l->x0) / l->dx, sum = 0.0;
    REQUIRE(l->n >= STENCIL && position >= 0.0 && position <= (double)(l->n - 1));
    long first = (long)position - (STENCIL / 2 - 1);
    if (first < 0) first = 0;
    if (first > l->n - STENCIL) first = l->n - STENCIL;
    for (int i = 0; i < STENCIL; i++) {
        double basis = 1.0; /* Lagrange */
        for (int m = 0; m < STENCIL; m++)
            if (m != i) basis *= (position - (double)(first + m)) / (i - m);
        sum += basis * l->p[first + i];
    }
    return sum;
}

double line_mass_within(const line *l, double lo, double hi)
{
    enum { NODES = 4 }; /* exact for degree 7 */
    double node[NODES], w[NODES], last = (double)(l->n - 1);
    double from = fmax((lo - l->x0) / l->dx, 0.0),
           to = fmin((hi - l->x0) / l->dx, last);
    if (!(from < to)) return 0.0;
    quad_legendre(NODES, 0.0, 1.0, node, w);
    double *cell = NEW_ARRAY(double, l->n);
    for (long j = (long)from; (double)j < to; j++) {
        double a = fmax((double)j, from), b = fmin((double)j + 1.0, to);
        for (int i = 0; i < NODES; i++) {
            double position = a + (b - a) * node[i];
            cell[j] += (b - a) * w[i] * line_density(l, l->x0 + position * l->dx);
        }
    }
    double mass = l->dx * mc_sum(l->n, cell);
    free(cell);
    return mass;
}

gauss line_moments(const line *l)
{
    double *x = NEW_ARRAY(double, l->n), mass = line_mass(l);
    for (long j = 0; j < l->n; j++) x[j] = (l->x0 + (double)j * l->dx) * l->p[j];
    double mean = l->dx * mc_sum(l->n, x) / mass;
    for (long j = 0; j < l->n; j++) {
        double off = l->x0 + (double)j * l->dx - mean;
        x[j] = off * off * l->p[j];
    }
    double var = l->dx * mc_sum(l->n, x) / mass;
    free(x);
    return (gauss){mean, var};
}

law_rules law_rules_for(const target *data)
{
    const gmm *mixture = target_as_gmm(data);
    bool gaussian = mixture && gmm_components(mixture) == 1;
    double c = gaussian ? 0.6 : target_smallest_sd(data) <= 0.1 ? 0.1 : 0.2;
    return (law_rules){.c = c, .refine = 1.0, .band = 9.2, .coarse_finish = false};
}

law_rules law_rules_spaced(const target *data, double spacing)
{
    law_rules rules = law_rules_for(data);
    rules.c = spacing;
    return rules;
}

law_rules law_rules_of(const chain *c)
{
    law_rules rules = law_rules_for(c->data);
    if (c->perturb != NULL) rules.c = fmin(rules.c, 0.2);
    return rules;
}

start_law law_start(const target *data, const sde *e, double t, start from)
{
    if (from.kind == START_PT)
        return (start_law){data, NULL, sde_scale(e, t), sde_var(e, t)};
    target *normal = target_gauss(from.mean, from.var);
    return (start_law){normal, normal, 1.0, 0.0};
}

double law_start_sd(const start_law *l)
{
    double sd = l->m * target_smallest_sd(l->p);
    return sqrt(sd * sd + l->s2);
}

int law_start_line(const start_law *l, double dx, line **out)
{
    double lo, hi;
    target_span(l->p, l->m, l->s2, 1e-19, &lo, &hi);
    line *f = NULL;
    CHECK(law_grid(lo, hi, dx, 2, &f));
    double *x = NEW_ARRAY(double, f->n);
    for (long j = 0; j < f->n; j++) x[j] = f->x0 + (double)j * f->dx;
    target_score(l->p, l->m, l->s2, f->n, x, f->p, NULL, NULL);
    for (long j = 0; j < f->n; j++) f->p[j] = exp(f->p[j]);
    free(x);
    *out = f;
    return SC_OK;
}

double law_scatter(long n, double *mu, double *weight, double q, double reach,
                   line *next)
{
    band b = {.nodes = next->n, .r = next->dx / sqrt(q), .reach = reach};
    b.half = (long)ceil(reach / b.r) + KERNEL_BAND_MARGIN;
    double *g = NEW_ARRAY(double, 2 * b.half + 1);
    for (long k = -b.half; k <= b.half; k++) {
        double y = (double)k * b.r;
        g[b.half + k] = exp(-0.5 * y * y);
    }
    b.g = g;
    /* Sources whose whole band lies outside the grid are dropped, and with them the images that are
       not finite, which carry no density. */
    double unit = 1.0 / sqrt(2.0 * SC_PI * q), margin = (double)b.half;
    long sources = 0;
    for (long j = 0; j < n; j++) {
        double position = (mu[j] - next->x0) / next->dx;
        if (!(weight[j] > 0.0 && position > -margin &&
              position < (double)next->n + margin))
            continue;
        mu[sources] = position;
        weight[sources++] = unit * weight[j];
    }
    long count = kernel_best()->band_scatter(sources, mu, weight, &b, next->p);
    free(g);
    return (double)count;
}
