/* Density and score of a process and of the variance-exploding one it is a scaling of. */
#include "reparam.h"

#include "linalg.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS = 41, CORNERS = 4 };

typedef struct {
    int d;
    double *x, *unit; /* POINTS x d: points, standard deviations there */
    double *logp, *s; /* POINTS, POINTS x d: of p_t */
    double *
        ve_logp; /* CORNERS x POINTS: from p^VE, at the corners of what zeta^2 and x/s may be */
    double *ve_s;     /* CORNERS x POINTS x d */
    double condition; /* of the covariances of p_t, the worst */
} table;

static table table_new(int d)
{
    table c = {.d = d};
    long size = (long)POINTS * d;
    c.x = NEW_ARRAY(double, (3 + CORNERS) * size + (1L + CORNERS) * POINTS);
    c.unit = c.x + size;
    c.s = c.unit + size;
    c.ve_s = c.s + size;
    c.logp = c.ve_s + CORNERS * size;
    c.ve_logp = c.logp + POINTS;
    return c;
}

static int place(table *c, const gmm *p)
{
    int d = c->d;
    long square = (long)d * d;
    double *cov = NEW_ARRAY(double, 2 * square + d), *of = cov + square;
    c->condition = 1.0;
    for (int k = 0; k < gmm_components(p); k++) {
        gmm_cov_of(p, k, cov, d);
        int status = linalg_eigen(d, cov, d, of, of + d, d);
        if (status != SC_OK) {
            free(cov);
            return status;
        }
        c->condition =
            fmax(c->condition, of[0] > 0.0 ? of[d - 1] / of[0] : (double)INFINITY);
    }
    for (long i = 0; i < POINTS; i++) {
        int k = (int)i % gmm_components(p);
        double r = (-4.0 + 0.2 * (double)i) / sqrt(d);
        gmm_cov_of(p, k, cov, d);
        for (int j = 0; j < d; j++) {
            double sd = sqrt(cov[j * d + j]);
            c->x[i * d + j] = gmm_mean_of(p, k)[j] + (j % 2 ? -r : r) * sd;
            c->unit[i * d + j] = sd;
        }
    }
    free(cov);
    return SC_OK;
}

/* p^VE and its score at x/s (1 + shift), scaled back. */
static void rescale(const table *c, const gmm *data, double zeta2, double s,
                    double shift, int corner)
{
    long size = (long)POINTS * c->d;
    double *y = NEW_ARRAY(double, size), *score = c->ve_s + corner * size;
    double *logp = c->ve_logp + (long)corner * POINTS;
    for (long i = 0; i < size; i++) y[i] = c->x[i] / s * (1.0 + shift);
    gmm *law = gmm_diffuse(data, 1.0, zeta2);
    gmm_score(law, POINTS, y, c->d, logp, score, c->d);
    for (int i = 0; i < POINTS; i++) logp[i] -= c->d * log(s);
    for (long i = 0; i < size; i++) score[i] /= s;
    gmm_free(law);
    free(y);
}

/* (a - b) unit over the corners, widened by the rounding of a and b. */
static enclosure difference(double a, const double *b, long stride, double unit,
                            double rounding)
{
    double lo = INFINITY, hi = -(double)INFINITY;
    for (int k = 0; k < CORNERS; k++) {
        double gap = (a - b[k * stride]) * unit;
        lo = fmin(lo, gap);
        hi = fmax(hi, gap);
    }
    return enclosure_widen(enclosure_of(lo, hi, 0.0), rounding);
}

static void farthest(const table *c, enclosure *density, enclosure *score)
{
    const double relative = 4e-15 * c->condition;
    *density = *score = enclosure_exact(0.0);
    for (int i = 0; i < POINTS; i++) {
        const double *s = c->s + (long)i * c->d;
        double length = 0.0, a = c->logp[i];
        enclosure gap =
            difference(a, c->ve_logp + i, POINTS, 1.0, relative * fmax(1.0, fabs(a)));
        *density = enclosure_farther(*density, gap);
        for (int j = 0; j < c->d; j++) length = hypot(length, s[j]);
        for (int j = 0; j < c->d; j++) {
            long at = (long)i * c->d + j;
            double unit = fmin(1.0 / fabs(s[j]), c->unit[at]);
            gap = difference(s[j], c->ve_s + at, (long)POINTS * c->d, unit,
                             relative * fmax(1.0, length * unit));
            *score = enclosure_farther(*score, gap);
        }
    }
}

int reparam_residuals(const gmm *data, const sde *e, double t, enclosure *density,
                      enclosure *score)
{
    enclosure zeta2;
    CHECK(reparam_zeta2_quadrature(e, t, &zeta2));
    table c = table_new(gmm_dim(data));
    double s = sde_scale(e, t);
    gmm *p = gmm_diffuse(data, s, sde_var(e, t));
    int status = place(&c, p);
    if (status == SC_OK) gmm_score(p, POINTS, c.x, c.d, c.logp, c.s, c.d);
    gmm_free(p);
    for (int k = 0; k < CORNERS && status == SC_OK; k++)
        rescale(&c, data, k % 2 ? zeta2.lo : zeta2.hi, s, k / 2 ? 0x1p-49 : -0x1p-49,
                k);
    if (status == SC_OK) farthest(&c, density, score);
    free(c.x);
    return status;
}
