/* ESM, ISM and the Fisher information of a mixture in the plane, by tensor Gauss-Legendre. */
#include "match.h"

#include <math.h>
#include <stdlib.h>

enum { ISM, ESM, FISHER, INTEGRALS };

typedef struct {
    double lo[2], hi[2];
    double
        smallest; /* standard deviation of a component in any direction, from below */
} box;

/* All components' means +- 9 standard deviations. Smallest eigenvalue >= det/trace. */
static box box_of(const gmm *p)
{
    box r = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}, INFINITY};
    for (int i = 0; i < gmm_components(p); i++) {
        double cov[4];
        gmm_cov_of(p, i, cov, 2);
        double det = cov[0] * cov[3] - cov[1] * cov[2];
        r.smallest = fmin(r.smallest, sqrt(det / (cov[0] + cov[3])));
        for (long j = 0; j < 2; j++) {
            double mean = gmm_mean_of(p, i)[j], reach = 9.0 * sqrt(cov[3 * j]);
            r.lo[j] = fmin(r.lo[j], mean - reach);
            r.hi[j] = fmax(r.hi[j], mean + reach);
        }
    }
    return r;
}

/* Adds n points x with quadrature weights w. */
static void add_row(const gmm *p, const field *s, long n, const double *x,
                    const double *w, double J[INTEGRALS])
{
    double *u = NEW_ARRAY(double, 5 * n);
    double *logp = u + 2 * n, *ism = logp + n, *esm = ism + n;
    field score = gmm_score_field(p);
    gmm_score(p, n, x, 2, logp, u, 2);
    match_ism_loss(s, n, 2, x, ism);
    match_esm_loss(s, &score, n, 2, x, esm);
    for (long j = 0; j < n; j++) {
        double mass = w[j] * exp(logp[j]);
        J[ISM] += mass * ism[j];
        J[ESM] += mass * esm[j];
        J[FISHER] += mass * (u[2 * j] * u[2 * j] + u[2 * j + 1] * u[2 * j + 1]);
    }
    free(u);
}

/* n nodes an axis. */
static void tensor(const gmm *p, const field *s, const box *r, int n,
                   double J[INTEGRALS])
{
    double *a = NEW_ARRAY(double, 7L * n), *wa = a + n, *b = wa + n, *wb = b + n;
    double *x = wb + n, *w = x + 2L * n;
    quad_legendre(n, r->lo[0], r->hi[0], a, wa);
    quad_legendre(n, r->lo[1], r->hi[1], b, wb);
    for (int k = 0; k < INTEGRALS; k++) J[k] = 0.0;
    for (int i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            x[2 * j] = a[i];
            x[2 * j + 1] = b[j];
            w[j] = wa[i] * wb[j];
        }
        add_row(p, s, n, x, w, J);
    }
    free(a);
}

int match_plane(const gmm *p, const field *s, enclosure *ism, enclosure *esm,
                enclosure *fisher)
{
    enum { MOST = 2000 };
    REQUIRE(gmm_dim(p) == 2 && s->jacobian != NULL);
    box r = box_of(p);
    double width = fmax(r.hi[0] - r.lo[0], r.hi[1] - r.lo[1]);
    double nodes = ceil(4.0 * width / r.smallest); /* spacing at most 0.4 of it */
    if (!(nodes <= MOST)) return SC_EACCURACY;
    double coarse[INTEGRALS], fine[INTEGRALS];
    tensor(p, s, &r, (int)nodes, coarse);
    tensor(p, s, &r, (int)(1.25 * nodes), fine);
    enclosure *J[INTEGRALS] = {ism, esm, fisher};
    for (int k = 0; k < INTEGRALS; k++) {
        double err = 4.0 * fabs(fine[k] - coarse[k]);
        *J[k] = enclosure_about(fine[k], err + 1e-13 * fmax(1.0, fabs(fine[k])));
    }
    return SC_OK;
}
