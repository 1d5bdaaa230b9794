/* output.c -- distances between the data and the output of the probability flow. */
#include "probability_flow.h"
#include "quad.h"
#include "target.h"

#include <math.h>
#include <stdlib.h>

enum { UNIFORM = 60, SPLITS = 512, POINTS = UNIFORM + 1 + SPLITS };
enum { FINE = 16, COARSE = 12, NODES = FINE + COARSE };

typedef struct {
    const gmm *data;
    const sde *forward;
    double var; /* of p_noise */
} flow_output;

/* At n points x: log p and log(p/q), and a bound for the error of the latter. */
static int log_ratio(const flow_output *c, long n, const double *x, double *logp,
                     double *ratio, double *error)
{
    double *y = NEW_ARRAY(double, 4 * n), *off = y + 2 * n;
    for (long i = 0; i < n; i++) y[2 * i] = x[i];
    int status = probability_flow_carry(c->data, c->forward, 0.0, c->forward->T, n, y,
                                        error ? off : NULL);
    gmm_score(c->data, n, x, 1, logp, NULL, 0);
    for (long i = 0; i < n && status == SC_OK; i++) {
        double z = y[2 * i];
        double logq =
            -0.5 * (z * z / c->var + log(2.0 * SC_PI * c->var)) + y[2 * i + 1];
        ratio[i] = logp[i] - logq;
        if (error)
            error[i] = fabs(z) / c->var * off[2 * i] + off[2 * i + 1] +
                       1e-15 * (1.0 + fabs(logp[i]) + fabs(logq));
    }
    free(y);
    return status;
}

typedef struct {
    const flow_output *c;
    int *status;
} root_problem;

static double ratio_at(double x, const void *ctx)
{
    const root_problem *p = ctx;
    double logp, ratio = (double)NAN;
    int status = log_ratio(p->c, 1, &x, &logp, &ratio, NULL);
    if (status != SC_OK) *p->status = status;
    return ratio;
}

/* The interval of the data from which the flow reaches all but 1e-20 of p_T, of q_T = N(0, var) and, with
   chi^2, of p_T^2/q_T: a component N(m, v) gives N(2 m w/v, w) there, 1/w = 2/v - 1/var. */
static int span(const flow_output *c, bool chi2, double *lo, double *hi)
{
    const double sds = 9.4;
    double T = c->forward->T, scale = sde_scale(c->forward, T);
    double noise = sde_var(c->forward, T), reach = sds * sqrt(c->var);
    for (int i = 0; i < gmm_components(c->data); i++) {
        double m = scale * gmm_mean_of(c->data, i)[0], v;
        gmm_cov_of(c->data, i, &v, 1);
        v = scale * scale * v + noise;
        reach = fmax(reach, fabs(m) + sds * sqrt(v));
        double w = 1.0 / (2.0 / v - 1.0 / c->var);
        if (chi2 && !(w > 0.0 && isfinite(w))) return SC_EDOMAIN;
        if (chi2) reach = fmax(reach, 2.0 * fabs(m) * w / v + sds * sqrt(w));
    }
    double ends[] = {-reach, 0.0, reach, 0.0};
    CHECK(probability_flow_carry(c->data, c->forward, T, 0.0, 2, ends, NULL));
    *lo = ends[0];
    *hi = ends[2];
    return SC_OK;
}

static int increasing(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The ends of the panels, before p = q splits them. Returns their number. */
static int panels(const flow_output *c, double lo, double hi, double at[POINTS])
{
    double splits[SPLITS];
    target *p = target_mixture(c->data);
    int found = target_splits(p, 1.0, 0.0, SPLITS, splits), n = 0;
    target_free(p);
    for (int i = 0; i <= UNIFORM; i++) at[n++] = lo + (hi - lo) * i / UNIFORM;
    for (int i = 0; i < found; i++)
        if (lo < splits[i] && splits[i] < hi) at[n++] = splits[i];
    qsort(at, (size_t)n, sizeof *at, increasing);
    return n;
}

/* The same, and between two of them where p - q changes its sign its zero: *count points. */
static int split_at_zeros(const flow_output *c, int n, const double *at, double *split,
                          int *count)
{
    double *logp = NEW_ARRAY(double, 2L * n), *ratio = logp + n;
    int status = log_ratio(c, n, at, logp, ratio, NULL), inside = SC_OK;
    *count = 0;
    for (int i = 0; i < n && status == SC_OK; i++) {
        if (i > 0 && ratio[i - 1] * ratio[i] < 0.0) {
            root_problem p = {c, &inside};
            status = quad_root(ratio_at, &p, at[i - 1], at[i], &split[*count]);
            if (inside != SC_OK) status = inside;
            (*count)++;
        }
        split[(*count)++] = at[i];
    }
    free(logp);
    return status;
}

enum { KL, TV, CHI2, DISTANCES };
typedef struct {
    double fine, coarse, error;
} sums;

/* Adds node i of weight w to the sums: p (l - 1 + e^-l), p |1 - e^-l|/2, p (1 - e^-l)(e^l - 1), l = log(p/q), and
   what an error of l does to them. */
static void add_node(double w, double logp, double l, double error, bool fine,
                     sums s[DISTANCES])
{
    double p = exp(logp), q = exp(logp - l),
           gap = l > 0.0 ? -p * expm1(-l) : q * expm1(l);
    double value[] = {l > -1.0 ? p * (l + expm1(-l)) : p * (l - 1.0) + q,
                      0.5 * fabs(gap), gap * expm1(l)};
    double slope[] = {fabs(gap), 0.5 * q, fabs(p * exp(l) - q)};
    for (int k = 0; k < DISTANCES; k++) {
        *(fine ? &s[k].fine : &s[k].coarse) += w * value[k];
        if (fine) s[k].error += w * slope[k] * error;
    }
}

static int integrate(const flow_output *c, int n, const double *at, sums s[DISTANCES])
{
    long nodes = (long)NODES * (n - 1);
    double *x = NEW_ARRAY(double, 5 * nodes), *w = x + nodes, *logp = w + nodes;
    double *ratio = logp + nodes, *error = ratio + nodes;
    for (int i = 0; i + 1 < n; i++) {
        long first = (long)NODES * i, second = first + FINE;
        quad_legendre(FINE, at[i], at[i + 1], x + first, w + first);
        quad_legendre(COARSE, at[i], at[i + 1], x + second, w + second);
    }
    int status = log_ratio(c, nodes, x, logp, ratio, error);
    for (long j = 0; j < nodes && status == SC_OK; j++)
        add_node(w[j], logp[j], ratio[j], error[j], j % NODES < FINE, s);
    free(x);
    return status;
}

static void report(sums s, enclosure *e)
{
    const double rounding = 1e-15;
    if (e)
        *e = enclosure_about(s.fine, fabs(s.fine - s.coarse) + s.error +
                                         rounding * (1.0 + fabs(s.fine)));
}

int probability_flow_output(const gmm *data, const sde *e, double var, enclosure *kl,
                            enclosure *tv, enclosure *chi2)
{
    REQUIRE(gmm_dim(data) == 1 && var > 0.0);
    flow_output c = {data, e, var};
    double lo, hi, at[POINTS], split[2 * POINTS];
    int count = 0;
    sums s[DISTANCES] = {{0.0, 0.0, 0.0}};
    CHECK(span(&c, chi2 != NULL, &lo, &hi));
    int n = panels(&c, lo, hi, at);
    CHECK(split_at_zeros(&c, n, at, split, &count));
    CHECK(integrate(&c, count, split, s));
    report(s[KL], kl);
    report(s[TV], tv);
    report(s[CHI2], chi2);
    return SC_OK;
}
