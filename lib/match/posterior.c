/* The law of X_0 given X_t, without Tweedie. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* ---- Mixtures and atoms ---------------------------------------------------------- */

/* Component i of m X_0 - at given X_t = at: weight w N(at; m mu, V)/p_t, mean (m mu - at) s2/V, variance
   m^2 v s2/V, V = m^2 v + s2. */
typedef struct {
    double log_weight, mean, var;
    double slip; /* relative rounding of the weight */
} part;

static part part_of(const noised *x, const gmm *p, int i, double at)
{
    static const double ULP = 0x1p-52;
    match_component c = match_component_of(p, i);
    double V = x->m * x->m * c.v + x->s2, gap = x->m * c.mu - at;
    double exponent = 0.5 * gap * gap / V, scale = log(c.w) - 0.5 * log(V);
    double lost = fabs(gap) * (fabs(at) + fabs(x->m * c.mu)) / V; /* by the gap */
    return (part){scale - exponent, gap * x->s2 / V, x->m * x->m * c.v * x->s2 / V,
                  4.0 * ULP * (1.0 + exponent + fabs(scale) + lost)};
}

/* The weights are rounded by their slips, their parts by a few ulp of mean and at: first order. */
static void components_posterior(const noised *x, const gmm *p, double at, posterior *q)
{
    static const double FEW_ULP = 0x1p-50;
    int k = gmm_components(p);
    part *of = NEW_ARRAY(part, k);
    double top = -INFINITY, sum = 0.0, mean = 0.0, var = 0.0;
    for (int i = 0; i < k; i++) {
        of[i] = part_of(x, p, i, at);
        top = fmax(top, of[i].log_weight);
    }
    for (int i = 0; i < k; i++) sum += exp(of[i].log_weight - top);
    for (int i = 0; i < k; i++) mean += exp(of[i].log_weight - top) / sum * of[i].mean;
    double mean_err = FEW_ULP * (fabs(at) * 0x1p-2 + fabs(mean)), var_err = 0.0;
    for (int i = 0; i < k; i++) {
        double r = exp(of[i].log_weight - top) / sum, gap = of[i].mean - mean;
        double square = of[i].var + gap * gap;
        double off = FEW_ULP * (fabs(of[i].mean) + 0x1p-2 * fabs(at));
        var += r * square;
        mean_err += r * (of[i].slip * fabs(gap) + FEW_ULP * fabs(of[i].mean));
        var_err += r * ((of[i].slip + FEW_ULP) * square + off * fabs(gap));
    }
    q->shift = enclosure_about(mean, mean_err);
    q->var = enclosure_about(var, 2.0 * var_err + mean_err * mean_err);
    free(of);
}

/* ---- Densities --------------------------------------------------------------------- */

typedef struct {
    const noised *x;
    double at, top; /* exp(-top) scales the integrand to about 1 at its largest */
    double centre;  /* of x0 */
    int power;
} integrand;

/* (m (x0 - centre))^power p_0(x0) N(at; m x0, s2), up to a factor free of x0. */
static void moment_density(const void *ctx, int n, const double *x0, double *y)
{
    const integrand *p = ctx;
    double logp[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    target_score(p->x->data, 1.0, 0.0, n, x0, logp, NULL, NULL);
    for (int i = 0; i < n; i++) {
        double gap = p->x->m * x0[i] - p->at;
        double density = exp(logp[i] - 0.5 * gap * gap / p->x->s2 - p->top);
        y[i] = density > 0.0 ? density * pow(p->x->m * (x0[i] - p->centre), p->power)
                             : 0.0;
    }
}

/* Where to split: centres +- steps of a scale. */
typedef struct {
    double *x;
    int n;
} splits;

static void add_splits(splits *s, double centre, double scale)
{
    static const double STEPS[] = {-36.0, -12.0, -6.0, -2.0, 0.0, 2.0, 6.0, 12.0, 36.0};
    for (int i = 0; i < LEN(STEPS); i++) s->x[s->n++] = centre + STEPS[i] * scale;
}
enum { SPLITS = 9 };

/* Around the components of the posterior, which only say where the nodes go. */
static void split_mixture(const integrand *p, const gmm *data, splits *s)
{
    for (int i = 0; i < gmm_components(data); i++) {
        part c = part_of(p->x, data, i, p->at);
        add_splits(s, (p->at + c.mean) / p->x->m, sqrt(c.var) / p->x->m);
    }
}

/* Around the likelihood's peak, or the end of the data's bulk next to it, where it falls like
   exp(-slope |x0|); and where p_0 is not smooth. */
static void split_density(const integrand *p, splits *s)
{
    double lo, hi, m = p->x->m, peak = p->at / m, sd = sqrt(p->x->s2) / m;
    target_span(p->x->data, 1.0, 0.0, 1e-3, &lo, &hi);
    s->n = target_breaks(p->x->data, 1.0, 0.0, s->x);
    double near = fmin(fmax(peak, lo), hi), slope = fabs(peak - near) / (sd * sd);
    add_splits(s, near, slope * sd > 1.0 ? 1.0 / slope : sd);
    add_splits(s, 0.5 * (lo + hi), 0.25 * (hi - lo));
}

/* The split points between infinite ends, increasing; returns their number. The caller frees. */
static int split_points(const integrand *p, double **points)
{
    const gmm *data = target_as_gmm(p->x->data);
    int k = data != NULL ? gmm_components(data) : 2;
    *points = NEW_ARRAY(double, SPLITS *k + TARGET_BREAKS + 2L);
    splits s = {*points + 1, 0};
    if (data != NULL)
        split_mixture(p, data, &s);
    else
        split_density(p, &s);
    base_sort(s.n, s.x);
    int kept = 0;
    for (int i = 0; i < s.n; i++)
        if (kept == 0 || s.x[i] > s.x[kept - 1]) s.x[kept++] = s.x[i];
    (*points)[0] = -INFINITY;
    (*points)[kept + 1] = INFINITY;
    return kept + 2;
}

/* The largest log-integrand at the split points. */
static double top_of(const integrand *p, int n, const double *points)
{
    double top = -INFINITY;
    for (int i = 1; i < n - 1; i++) {
        double logp, gap = p->x->m * points[i] - p->at;
        target_score(p->x->data, 1.0, 0.0, 1, &points[i], &logp, NULL, NULL);
        top = fmax(top, logp - 0.5 * gap * gap / p->x->s2);
    }
    return top;
}

/* What rounding the nodes x0 does to a moment over the mass of a mixture's posterior, 2^-53 int |x0 f'|: a part of
   standard deviation sd at x0 loses (power + 1) 2^-53 |x0|/sd of its moment. */
static double node_rounding(const integrand *p)
{
    const gmm *data = target_as_gmm(p->x->data);
    double top = -INFINITY, sum = 0.0, lost = 0.0, m = p->x->m;
    int k = data != NULL ? gmm_components(data) : 0;
    for (int i = 0; i < k; i++)
        top = fmax(top, part_of(p->x, data, i, p->at).log_weight);
    for (int i = 0; i < k; i++) {
        part c = part_of(p->x, data, i, p->at);
        double x0 = (p->at + c.mean) / m, gap = m * (x0 - p->centre);
        double weight = exp(c.log_weight - top);
        double size = pow(c.var + gap * gap, 0.5 * p->power);
        sum += weight;
        lost += weight * size * m * fabs(x0) / sqrt(c.var);
    }
    return k > 0 ? 0x1p-53 * (p->power + 1) * lost / sum : 0.0;
}

/* The exponents' rounding, 2^-52 |top|, beside the 1e-13 int|f| of quad, and that of the nodes. */
static int moment(integrand *p, int power, double centre, int n, const double *points,
                  double mass, enclosure *value)
{
    double v, err;
    p->power = power;
    p->centre = centre;
    CHECK(
        quad_adaptive_batch(moment_density, p, n, points, 0.0, MATCH_EPSREL, &v, &err));
    err *= 1.0 + 0.01 * fabs(p->top);
    *value = enclosure_about(v, err + (power > 0 ? mass : v) * node_rounding(p));
    return SC_OK;
}

static int moments_posterior(integrand *p, int n, const double *points, posterior *q)
{
    enclosure mass, first, second;
    double m = p->x->m;
    p->top = top_of(p, n, points);
    CHECK(moment(p, 0, 0.0, n, points, 1.0, &mass));
    if (!(mass.lo > 0.0)) return SC_EACCURACY;
    double size = enclosure_mid(mass);
    CHECK(moment(p, 1, p->at / m, n, points, size, &first));
    enclosure shift = enclosure_div(first, mass);
    /* at/m is not quite the centre */
    q->shift = enclosure_widen(shift, 0x1p-52 * fabs(p->at));
    CHECK(moment(p, 2, (p->at + enclosure_mid(shift)) / m, n, points, size, &second));
    double off = enclosure_halfwidth(q->shift) + 0x1p-52 * fabs(enclosure_mid(shift));
    q->var = enclosure_widen(enclosure_div(second, mass), off * off);
    return SC_OK;
}

int match_posterior_quadrature(const noised *x, double at, posterior *q)
{
    REQUIRE(x->s2 > 0.0);
    integrand p = {.x = x, .at = at};
    double *points;
    int n = split_points(&p, &points);
    int status = moments_posterior(&p, n, points, q);
    free(points);
    return status;
}

int match_posterior(const noised *x, double at, posterior *q)
{
    REQUIRE(x->s2 > 0.0);
    const gmm *p = target_as_gmm(x->data);
    if (p == NULL) return match_posterior_quadrature(x, at, q);
    components_posterior(x, p, at, q);
    return SC_OK;
}

/* ---- E Var(X_0 | X_t) ------------------------------------------------------------------ */

/* NaN where the posterior fails, which the outer integral reports. */
static void variances(const void *ctx, int n, const double *at, double *y)
{
    const noised *x = ctx;
    for (int i = 0; i < n; i++) {
        posterior q;
        y[i] = match_posterior(x, at[i], &q) == SC_OK
                   ? enclosure_mid(q.var) / (x->m * x->m)
                   : (double)NAN;
    }
}

int match_posterior_variance(const noised *x, enclosure *mean)
{
    static const double INNER = 1e-12; /* relative accuracy of match_posterior */
    enclosure e;
    CHECK(match_law_mean(x, variances, x, &e));
    *mean = target_as_gmm(x->data) != NULL
                ? e
                : enclosure_widen(e, INNER * enclosure_mid(e));
    return SC_OK;
}
