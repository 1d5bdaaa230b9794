/* Mean and variance of X_0 given X_t, without Tweedie. */
#include "internal.h"

#include <math.h>

/* ---- Mixtures and atoms ---------------------------------------------------------- */

/* Component i of X_0 | X_t = at: weight w N(at; m mu, V)/p_t, mean mu + (m v/V)(at - m mu),
   variance v s2/V, V = m^2 v + s2. The first in logs. */
static match_component update(const noised *x, match_component c, double at,
                              double *log_weight)
{
    double V = x->m * x->m * c.v + x->s2, gap = at - x->m * c.mu;
    *log_weight = log(c.w) - 0.5 * gap * gap / V - 0.5 * log(V);
    return (match_component){0.0, c.mu + x->m * c.v / V * gap, c.v * x->s2 / V};
}

static void components_posterior(const noised *x, const gmm *p, double at, double *mean,
                                 double *var)
{
    int k = gmm_components(p);
    double top = -INFINITY, log_weight, sum = 0.0, first = 0.0, second = 0.0;
    for (int i = 0; i < k; i++) {
        update(x, match_component_of(p, i), at, &log_weight);
        top = fmax(top, log_weight);
    }
    for (int i = 0; i < k; i++) {
        match_component c = update(x, match_component_of(p, i), at, &log_weight);
        sum += exp(log_weight - top);
        first += exp(log_weight - top) * c.mu;
    }
    first /= sum;
    for (int i = 0; i < k; i++) {
        match_component c = update(x, match_component_of(p, i), at, &log_weight);
        second += exp(log_weight - top) * (c.v + (c.mu - first) * (c.mu - first));
    }
    *mean = first;
    *var = second / sum;
}

/* ---- Densities --------------------------------------------------------------------- */

typedef struct {
    const noised *x;
    double at, top; /* exp(-top) scales the likelihood to 1 at its largest */
    double centre;
    int power;
} posterior;

static double exponent(const posterior *p, double x0)
{
    double gap = p->at - p->x->m * x0;
    return -0.5 * gap * gap / p->x->s2;
}

/* (x0 - centre)^power p_0(x0) N(at; m x0, s2), up to a factor free of x0. */
static void moment_density(const void *ctx, int n, const double *x0, double *y)
{
    const posterior *p = ctx;
    double logp[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    target_score(p->x->data, 1.0, 0.0, n, x0, logp, NULL, NULL);
    for (int i = 0; i < n; i++) {
        double density = exp(logp[i] + exponent(p, x0[i]) - p->top);
        y[i] = density > 0.0 ? density * pow(x0[i] - p->centre, p->power) : 0.0;
    }
}

static int moment(posterior *p, int power, double centre, double *value)
{
    enum { POINTS = 10 };
    static const double STEPS[] = {-6.0, -2.0, 0.0, 2.0, 6.0};
    double lo, hi, err, points[POINTS];
    target_span(p->x->data, 1.0, 0.0, 1e-3, &lo, &hi);
    double peak = p->at / p->x->m, sd = sqrt(p->x->s2) / p->x->m;
    int n = 0;
    points[n++] = -INFINITY;
    points[n++] = lo;
    for (int i = 0; i < LEN(STEPS); i++) {
        double x0 = peak + STEPS[i] * sd;
        if (lo < x0 && x0 < hi) points[n++] = x0;
    }
    points[n++] = hi;
    points[n++] = INFINITY;
    p->power = power;
    p->centre = centre;
    p->top = exponent(p, fmin(fmax(peak, lo), hi));
    return quad_adaptive_batch(moment_density, p, n, points, 0.0, MATCH_EPSREL, value,
                               &err);
}

int match_posterior(const noised *x, double at, double *mean, double *var)
{
    REQUIRE(x->s2 > 0.0);
    const gmm *p = target_as_gmm(x->data);
    if (p != NULL) {
        components_posterior(x, p, at, mean, var);
        return SC_OK;
    }
    posterior q = {.x = x, .at = at};
    double mass, first, second;
    CHECK(moment(&q, 0, 0.0, &mass));
    if (!(mass > 0.0)) return SC_EACCURACY;
    CHECK(moment(&q, 1, at / x->m, &first));
    double centre = at / x->m + first / mass;
    CHECK(moment(&q, 2, centre, &second));
    *mean = centre;
    *var = second / mass;
    return SC_OK;
}

/* NaN where the posterior fails, which the outer integral reports. */
static void variances(const void *ctx, int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++) {
        double mean;
        if (match_posterior(ctx, x[i], &mean, &y[i]) != SC_OK) y[i] = NAN;
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
