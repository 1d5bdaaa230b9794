/* Moments under p_theta: the integral of a product of components, over the mass. */
#include "internal.h"
#include "quad.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { PANELS = 64, SPLITS = 512 }; /* SPLITS: at most, of one term with a law */

/* log p up to a constant and its derivative; the jets of the terms. */
typedef struct {
    double logp[QUAD_NODES], u[QUAD_NODES], known[QUAD_NODES]; /* known: (log b)' */
    double size[QUAD_NODES]; /* the terms of log p, without their signs */
    double value[EXPFAM_TERMS][QUAD_NODES], slope[EXPFAM_TERMS][QUAD_NODES],
        bend[EXPFAM_TERMS][QUAD_NODES];
} nodes;

static void evaluate(const expfam *p, int n, const double *x, nodes *at)
{
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++)
        at->logp[i] = at->size[i] = at->u[i] = at->known[i] = 0.0;
    for (int j = 0; j < p->terms; j++) {
        p->F[j].jet(&p->F[j], n, x, at->value[j], at->slope[j], at->bend[j]);
        for (int i = 0; i < n; i++) {
            double slope = p->theta[j] * at->slope[j][i];
            double term = p->theta[j] * at->value[j][i];
            at->logp[i] += term;
            at->size[i] += fabs(term);
            at->u[i] += slope;
            if (j >= p->k) at->known[i] += slope;
        }
    }
}

static double component(const nodes *at, const expfam_factor *f, int node)
{
    double slope = at->slope[f->i][node], bend = at->bend[f->i][node];
    switch (f->v) {
    case EXPFAM_F:
        return at->value[f->i][node];
    case EXPFAM_SLOPE:
        return slope;
    case EXPFAM_BEND:
        return bend;
    case EXPFAM_DRIFT:
        return slope * at->u[node];
    case EXPFAM_KNOWN:
        return bend + slope * at->known[node];
    case EXPFAM_PSI:
        return bend + slope * at->u[node];
    }
    return NAN;
}

typedef struct {
    const expfam *p;
    double top; /* about the maximum of log p */
    int factors;
    const expfam_factor *f;
} product;

/* exp(log p - top) times the product; 0 where p underflows, whatever the product is there. */
static void weigh(const void *ctx, int n, const double *x, double *y)
{
    const product *g = ctx;
    nodes at;
    evaluate(g->p, n, x, &at);
    for (int i = 0; i < n; i++) {
        y[i] = exp(at.logp[i] - g->top);
        for (int j = 0; j < g->factors && y[i] != 0.0; j++)
            y[i] *= component(&at, &g->f[j], i) - g->f[j].centre;
    }
}

/* The splits, with infinite ends; how many times the quadrature's bound for rounding, 1e-13 int|f|, that of nodes
   and of log p costs; the largest log p at the splits. */
typedef struct {
    double x[PANELS + 3 + EXPFAM_TERMS * SPLITS];
    int n;
    double rounding, top;
} mesh;

/* Nodes are rounded by 1e-16 |x|, a shift by that part of the scales of a law, and log p by 2e-16 of its terms
   without their signs, the largest of which counts where p exceeds e^-40 of its maximum. */
static void weigh_rounding(const expfam *p, int n, mesh *m)
{
    double *logp = NEW_ARRAY(double, 2L * n), *size = logp + n, worst = 0.0;
    m->top = -INFINITY;
    for (int i = 0; i < n; i++) {
        nodes at;
        evaluate(p, 1, &m->x[i + 1], &at);
        logp[i] = at.logp[0];
        size[i] = at.size[0];
        m->top = fmax(m->top, logp[i]);
    }
    for (int i = 0; i < n; i++)
        if (logp[i] > m->top - 40.0) worst = fmax(worst, size[i]);
    free(logp);
    for (int j = 0; j < p->terms; j++)
        if (p->F[j].law != NULL)
            worst = fmax(worst, target_remoteness(p->F[j].law, 1.0, 0.0));
    m->rounding = 1.0 + 4e-3 * worst;
}

static void mesh_of(const expfam *p, mesh *m)
{
    double *x = m->x + 1;
    int n = 0;
    for (; n <= PANELS; n++) x[n] = p->lo + (p->hi - p->lo) * n / PANELS;
    for (int j = 0; j < p->terms; j++)
        if (p->F[j].law != NULL)
            n += target_splits(p->F[j].law, 1.0, 0.0, SPLITS, x + n);
    base_sort(n, x);
    m->x[0] = -INFINITY;
    m->x[n + 1] = INFINITY;
    m->n = n + 2;
    weigh_rounding(p, n, m);
}

static int integrate(const product *g, const mesh *m, enclosure *integral)
{
    double value, err;
    CHECK(quad_adaptive_batch(weigh, g, m->n, m->x, 0.0, 1e-13, &value, &err));
    *integral = enclosure_about(value, err * m->rounding);
    return SC_OK;
}

int expfam_product_mean(const expfam *p, int factors, const expfam_factor *f,
                        enclosure *mean)
{
    REQUIRE(1 <= p->k && p->k <= EXPFAM_MAX && p->k <= p->terms);
    REQUIRE(p->terms <= EXPFAM_TERMS && p->lo < p->hi);
    mesh *m = NEW(mesh);
    mesh_of(p, m);
    enclosure sum, mass;
    int status = integrate(&(product){p, m->top, factors, f}, m, &sum);
    if (status == SC_OK) status = integrate(&(product){p, m->top, 0, NULL}, m, &mass);
    free(m);
    CHECK(status);
    *mean = enclosure_div(sum, mass);
    return SC_OK;
}

int expfam_mean(const expfam *p, expfam_vector v, enclosure mean[EXPFAM_MAX])
{
    enclosure e[EXPFAM_MAX];
    for (int i = 0; i < p->k; i++)
        CHECK(expfam_product_mean(p, 1, &(expfam_factor){v, i, 0.0}, &e[i]));
    for (int i = 0; i < p->k; i++) mean[i] = e[i];
    return SC_OK;
}

/* E (v - c)(v - c)^T */
static int second_about(const expfam *p, expfam_vector v, const double *c,
                        expfam_matrix *S)
{
    expfam_matrix e;
    for (int i = 0; i < p->k; i++)
        for (int j = 0; j <= i; j++) {
            const expfam_factor f[] = {{v, i, c[i]}, {v, j, c[j]}};
            CHECK(expfam_product_mean(p, 2, f, &e.at[i][j]));
            e.at[j][i] = e.at[i][j];
        }
    *S = e;
    return SC_OK;
}

int expfam_second(const expfam *p, expfam_vector v, expfam_matrix *S)
{
    return second_about(p, v, (const double[EXPFAM_MAX]){0.0}, S);
}

/* About c, the middle of E v: Cov = E(v - c)(v - c)^T - (E v - c)(E v - c)^T. A component is rounded by two
   ulp of |c| where it is close to c, which moves the covariance by that times a standard deviation. */
int expfam_cov(const expfam *p, expfam_vector v, expfam_matrix *C)
{
    enclosure mean[EXPFAM_MAX];
    double c[EXPFAM_MAX], sd[EXPFAM_MAX];
    expfam_matrix S;
    CHECK(expfam_mean(p, v, mean));
    for (int i = 0; i < p->k; i++) c[i] = enclosure_mid(mean[i]);
    CHECK(second_about(p, v, c, &S));
    for (int i = 0; i < p->k; i++) sd[i] = sqrt(fmax(0.0, S.at[i][i].hi));
    for (int i = 0; i < p->k; i++)
        for (int j = 0; j < p->k; j++) {
            enclosure left = enclosure_sub(mean[i], enclosure_exact(c[i]));
            enclosure right = enclosure_sub(mean[j], enclosure_exact(c[j]));
            enclosure cov = enclosure_sub(S.at[i][j], enclosure_mul(left, right));
            double ulps = 4.0 * DBL_EPSILON;
            C->at[i][j] =
                enclosure_widen(cov, ulps * (fabs(c[i]) * sd[j] + fabs(c[j]) * sd[i]));
        }
    return SC_OK;
}
