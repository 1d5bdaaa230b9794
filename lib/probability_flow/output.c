/* output.c -- distances between the data and the output of the probability flow. */
#include "probability_flow.h"
#include "quad.h"
#include "target.h"

#include <math.h>
#include <stdlib.h>

enum { SPLITS = 512, UNIFORM = 60, PANELS = 2 * (SPLITS + UNIFORM + 8) };
enum { FINE = 16, COARSE = 12, NODES = FINE + COARSE };

typedef struct {
    const gmm *data;
    const sde *forward;
    double var; /* of p_noise */
} flow_output;

/* At a point x of the data: log p, l = log(p/q) and its error, the image z = phi(x) and its error. */
typedef struct {
    double logp, l, l_error, z, z_error;
} node;

static int evaluate(const flow_output *c, long n, const double *x, node *at)
{
    double *y = NEW_ARRAY(double, 5 * n), *error = y + 2 * n, *logp = error + 2 * n;
    for (long i = 0; i < n; i++) y[2 * i] = x[i];
    int status =
        probability_flow_carry(c->data, c->forward, 0.0, c->forward->T, n, y, error);
    gmm_score(c->data, n, x, 1, logp, NULL, 0);
    for (long i = 0; i < n && status == SC_OK; i++) {
        double z = y[2 * i], off = error[2 * i];
        double normal = -0.5 * (z * z / c->var + log(2.0 * SC_PI * c->var));
        double logq = normal + y[2 * i + 1];
        double l_error = fabs(z) / c->var * off + error[2 * i + 1] +
                         1e-15 * (1.0 + fabs(logp[i]) + fabs(logq));
        at[i] = (node){logp[i], logp[i] - logq, l_error, z, off};
    }
    free(y);
    return status;
}

/* ---- Where to integrate ------------------------------------------------------------------ */

/* Where the flow comes from that reaches 0 and +-2, +-6 standard deviations of p_noise at T and, at the ends, all but
   1e-20 of p_T, of q_T = N(0, var) and, with chi^2, of p_T^2/q_T: a component N(m, v) gives N(2 m w/v, w) there,
   1/w = 2/v - 1/var. */
enum { ORIGINS = 7 };

static int origins(const flow_output *c, bool chi2, double from[ORIGINS])
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
    double sd = sqrt(c->var), y[2 * ORIGINS] = {0.0};
    const double z[ORIGINS] = {-reach,   -6.0 * sd, -2.0 * sd, 0.0,
                               2.0 * sd, 6.0 * sd,  reach};
    for (long i = 0; i < ORIGINS; i++) y[2 * i] = z[i];
    CHECK(probability_flow_carry(c->data, c->forward, T, 0.0, ORIGINS, y, NULL));
    for (long i = 0; i < ORIGINS; i++) from[i] = y[2 * i];
    return SC_OK;
}

enum { KL, TV, CHI2, DISTANCES };

/* Ends of panels, and bounds for what is not between them. */
typedef struct {
    int n;
    double a[PANELS], b[PANELS];
    double lost[DISTANCES];
} panels;

static double mass(const gmm *p, double a, double b)
{
    double sum = 0.0;
    for (int i = 0; i < gmm_components(p); i++) {
        double m = gmm_mean_of(p, i)[0], v;
        gmm_cov_of(p, i, &v, 1);
        double side = a + b > 2.0 * m ? 1.0 : -1.0, root = sqrt(2.0 * v);
        sum += 0.5 * gmm_weight(p, i) *
               fabs(erfc(side * (a - m) / root) - erfc(side * (b - m) / root));
    }
    return sum;
}

/* Between two splits p and q may have no mass, and the flow between the modes of narrow components be too
   stiff to follow: left out if the two ends show it, where z and hence l are then nearly the same. */
static bool empty(const flow_output *c, double a, double b, const node end[2],
                  panels *l)
{
    double width = end[1].z - end[0].z + end[0].z_error + end[1].z_error;
    double p = mass(c->data, a, b), q = width / sqrt(2.0 * SC_PI * c->var);
    if (!(p < 1e-18 && q < 1e-11)) return false;
    l->lost[KL] += p * (1.0 + fmax(fabs(end[0].l), fabs(end[1].l))) + q;
    l->lost[TV] += p + q;
    l->lost[CHI2] += q + (p > 0.0 ? p * (2.0 + exp(fmax(end[0].l, end[1].l))) : 0.0);
    return true;
}

/* At the components of p, where p_noise comes from, and at most (hi - lo)/UNIFORM wide. */
static int make_panels(const flow_output *c, bool chi2, panels *l)
{
    double splits[SPLITS + ORIGINS], found[SPLITS];
    CHECK(origins(c, chi2, splits));
    const double lo = splits[0], hi = splits[ORIGINS - 1];
    target *p = target_mixture(c->data);
    int most = target_splits(p, 1.0, 0.0, SPLITS, found), n = ORIGINS;
    target_free(p);
    for (int i = 0; i < most; i++)
        if (lo < found[i] && found[i] < hi) splits[n++] = found[i];
    base_sort(n, splits);
    node at[SPLITS + ORIGINS];
    CHECK(evaluate(c, n, splits, at));
    for (int i = 0; i + 1 < n; i++) {
        double width = splits[i + 1] - splits[i];
        int parts = (int)ceil(width * UNIFORM / (hi - lo));
        if (empty(c, splits[i], splits[i + 1], &at[i], l)) continue;
        for (int k = 0; k < parts; k++, l->n++) {
            l->a[l->n] = splits[i] + width * k / parts;
            l->b[l->n] = splits[i] + width * (k + 1) / parts;
        }
    }
    return SC_OK;
}

typedef struct {
    const flow_output *c;
    int *status;
} root_problem;

static double ratio_at(double x, const void *ctx)
{
    const root_problem *p = ctx;
    node at = {.l = (double)NAN};
    int status = evaluate(p->c, 1, &x, &at);
    if (status != SC_OK) *p->status = status;
    return at.l;
}

/* Cuts every panel in which p - q changes its sign at its zero. */
static int split_at_zeros(const flow_output *c, panels *l)
{
    int n = l->n, status = SC_OK, inside = SC_OK;
    node *at = NEW_ARRAY(node, 2L * n), *end = at + n;
    root_problem p = {c, &inside};
    status = evaluate(c, n, l->a, at);
    if (status == SC_OK) status = evaluate(c, n, l->b, end);
    for (int i = 0; i < n && status == SC_OK; i++) {
        if (!(at[i].l * end[i].l < 0.0)) continue;
        double zero = l->b[i];
        status = quad_root(ratio_at, &p, l->a[i], l->b[i], &zero);
        if (inside != SC_OK) status = inside;
        l->a[l->n] = zero;
        l->b[l->n++] = l->b[i];
        l->b[i] = zero;
    }
    free(at);
    return status;
}

/* ---- The integrals ------------------------------------------------------------------------- */

typedef struct {
    double fine, coarse, error;
} sums;

/* Adds a node of weight w: p (l - 1 + e^-l), p |1 - e^-l|/2, p (1 - e^-l)(e^l - 1), and what an error of l does
   to them. */
static void add_node(double w, const node *at, bool fine, sums s[DISTANCES])
{
    double l = at->l, p = exp(at->logp), q = exp(at->logp - l);
    double gap = l > 0.0 ? -p * expm1(-l) : q * expm1(l);
    const double value[] = {l > -1.0 ? p * (l + expm1(-l)) : p * (l - 1.0) + q,
                            0.5 * fabs(gap), gap * expm1(l)};
    const double slope[] = {fabs(gap), 0.5 * q, fabs(exp(at->logp + l) - q)};
    for (int k = 0; k < DISTANCES; k++) {
        *(fine ? &s[k].fine : &s[k].coarse) += w * value[k];
        if (fine) s[k].error += w * slope[k] * at->l_error;
    }
}

/* What the fine nodes miss of the mass of p or q: more than 1e-6 is too much. */
static int account_for_mass(long nodes, const double *w, const node *at,
                            sums s[DISTANCES])
{
    double p = 1.0, q = 1.0;
    for (long j = 0; j < nodes; j++) {
        if (j % NODES >= FINE) continue;
        p -= w[j] * exp(at[j].logp);
        q -= w[j] * exp(at[j].logp - at[j].l);
    }
    double lost = fabs(p) + fabs(q);
    if (!(lost < 1e-6)) return SC_EACCURACY;
    for (int k = 0; k < DISTANCES; k++) s[k].error += lost;
    return SC_OK;
}

static int integrate(const flow_output *c, const panels *l, sums s[DISTANCES])
{
    long nodes = (long)NODES * l->n;
    double *x = NEW_ARRAY(double, 2 * nodes), *w = x + nodes;
    node *at = NEW_ARRAY(node, nodes);
    for (int i = 0; i < l->n; i++) {
        long first = (long)NODES * i, second = first + FINE;
        quad_legendre(FINE, l->a[i], l->b[i], x + first, w + first);
        quad_legendre(COARSE, l->a[i], l->b[i], x + second, w + second);
    }
    int status = evaluate(c, nodes, x, at);
    for (long j = 0; j < nodes && status == SC_OK; j++)
        add_node(w[j], &at[j], j % NODES < FINE, s);
    if (status == SC_OK) status = account_for_mass(nodes, w, at, s);
    free(at);
    free(x);
    return status;
}

static void report(sums s, double lost, enclosure *e)
{
    const double rounding = 1e-15;
    double error = fabs(s.fine - s.coarse) + s.error + lost;
    if (e) *e = enclosure_about(s.fine, error + rounding * (1.0 + fabs(s.fine)));
}

int probability_flow_output(const gmm *data, const sde *e, double var, enclosure *kl,
                            enclosure *tv, enclosure *chi2)
{
    REQUIRE(gmm_dim(data) == 1 && var > 0.0);
    flow_output c = {data, e, var};
    panels *l = NEW(panels);
    sums s[DISTANCES] = {{0.0, 0.0, 0.0}};
    int status = make_panels(&c, chi2 != NULL, l);
    if (status == SC_OK) status = split_at_zeros(&c, l);
    if (status == SC_OK) status = integrate(&c, l, s);
    if (status == SC_OK) {
        report(s[KL], l->lost[KL], kl);
        report(s[TV], l->lost[TV], tv);
        report(s[CHI2], l->lost[CHI2], chi2);
    }
    free(l);
    return status;
}
