/* Propagation of a density on the line through X' = mu(X) + sqrt(q) Z, mu(x) = a x + b S(t, x):
 *
 *     p'(y_i) = dx/sqrt(2 pi q) sum_j p_j exp(-(y_i - mu(x_j))^2/(2q)),
 *
 * the trapezoid rule of int p(x) N(y; mu(x), q) dx, scattered from the sources x_j into the band
 * |y_i - mu(x_j)| <= K sqrt(q). No inverse map, no interpolation; mu may be non-monotone.
 */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* One Gaussian transition: a step of the scheme, or a correction after it. */
typedef struct {
    step c;
    double t; /* of the score */
} transition;

static bool gaussian_kernel(const sampler *s)
{
    if (s->predictor) s = s->predictor;
    return s->coefficients && s->normals == 1;
}

/* The chain as a list of transitions, steps (1 + corrections) of them. */
static int list_transitions(const chain *c, transition *list)
{
    const sampler *s = c->scheme, *main = s->predictor ? s->predictor : s;
    int corrections = s->predictor ? s->corrections : 0;
    for (int k = 0; k < c->steps; k++) {
        double t = c->t[k], u = c->t[k + 1];
        *list++ = (transition){main->coefficients(c->forward, t, u), t};
        if (!(list[-1].c.q > 0.0)) return SC_EDOMAIN;
        for (int l = 0; l < corrections; l++) {
            *list++ = (transition){sampler_correction(s, t, u), u};
            if (!(list[-1].c.q > 0.0)) return SC_EDOMAIN;
        }
    }
    return SC_OK;
}

/* mu(x_j) for every node, and the span of those that carry density. SC_EDOMAIN if the score is
   not finite there. */
static int images(const chain *c, const transition *tr, const line *l, double *mu,
                  double *lo, double *hi)
{
    double *x = NEW_ARRAY(double, l->n);
    for (long j = 0; j < l->n; j++) x[j] = l->x0 + (double)j * l->dx;
    law_score(c, tr->t, l->n, x, mu, NULL);
    *lo = (double)INFINITY;
    *hi = (double)-INFINITY;
    bool finite = true;
    for (long j = 0; j < l->n; j++) {
        mu[j] = tr->c.a * x[j] + tr->c.b * mu[j];
        if (!(l->p[j] > 1e-40)) continue;
        finite = finite && isfinite(mu[j]);
        *lo = fmin(*lo, mu[j]);
        *hi = fmax(*hi, mu[j]);
    }
    free(x);
    return finite && *hi >= *lo ? SC_OK : SC_EDOMAIN;
}

/* The spacing of the grid after transition k of n: resolves the noise that arrives and the noise
   that leaves; at the end, the target and the law. */
static double spacing(const chain *c, const law_rules *r, const transition *list, int k,
                      int n)
{
    double arriving = sqrt(list[k].c.q);
    if (k < n - 1) return r->c * fmin(arriving, sqrt(list[k + 1].c.q)) / r->refine;
    if (r->coarse_finish) return r->c * arriving / r->refine;
    double end = c->t[c->steps], m = sde_scale(c->forward, end);
    double feature = m * target_smallest_sd(c->data);
    double sd = sqrt(feature * feature + sde_var(c->forward, end));
    return (sd > 0.0 ? fmin(arriving, sd) : arriving) / (12.0 * r->refine);
}

static int propagate(const chain *c, const law_rules *r, const transition *list, int n,
                     line **law, double *evaluations)
{
    line *now = NULL;
    start_law from = law_start(c->data, c->forward, c->t[0], c->from);
    double first = fmin(sqrt(list[0].c.q), law_start_sd(&from));
    int status = law_start_line(&from, r->c * first / r->refine, &now);
    target_free(from.owned);
    for (int k = 0; k < n && status == SC_OK; k++) {
        bool last = k == n - 1;
        long at_least = last && !r->coarse_finish ? lround(8000.0 * r->refine) + 1 : 2;
        double *mu = NEW_ARRAY(double, now->n), lo = 0.0, hi = 0.0;
        double width = 9.0 * sqrt(list[k].c.q);
        line *next = NULL;
        status = images(c, &list[k], now, mu, &lo, &hi);
        if (status == SC_OK)
            status = law_grid(lo - width, hi + width, spacing(c, r, list, k, n),
                              at_least, &next);
        if (status == SC_OK) {
            for (long j = 0; j < now->n; j++) now->p[j] *= now->dx;
            double count = law_scatter(now->n, mu, now->p, list[k].c.q, r->band, next);
            if (!last) *evaluations += count;
            line_free(now);
            now = next;
        }
        free(mu);
    }
    if (status == SC_OK)
        *law = now;
    else
        line_free(now);
    return status;
}

int law_density(const chain *c, const law_rules *r, line **law, double *evaluations)
{
    REQUIRE(c->steps > 0 && r->c > 0.0 && r->refine > 0.0 && r->band > 0.0);
    if (!gaussian_kernel(c->scheme)) return SC_EDOMAIN;
    int n = c->steps * (1 + (c->scheme->predictor ? c->scheme->corrections : 0));
    transition *list = NEW_ARRAY(transition, n);
    double count = 0.0;
    int status = list_transitions(c, list);
    if (status == SC_OK) status = propagate(c, r, list, n, law, &count);
    free(list);
    if (status == SC_OK && evaluations) *evaluations = count;
    return status;
}

int law_density_at(const chain *c, const law_rules *r, double x, enclosure *density)
{
    law_rules at = *r;
    double p[2];
    for (int i = 0; i < 2; i++) {
        line *law = NULL;
        CHECK(law_density(c, &at, &law, NULL));
        p[i] = line_density(law, x);
        line_free(law);
        at.refine *= 1.5;
    }
    *density = enclosure_about(p[1], 4.0 * fabs(p[1] - p[0]) + 1e-13);
    return SC_OK;
}
