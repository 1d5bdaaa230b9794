/* grid.c -- means under planar mixtures by the trapezoid rule on three square grids. */
#include "gmm.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>

/* f[a*n + b] at (a h - reach, b h - reach), a, b < n. */
typedef struct {
    int n;
    double reach, h, *f;
} grid;

enum { GRIDS = 3 };
static const double MESH[GRIDS] = {1.0, 4.0 / 3.0, 1.5};

struct gmm_plane {
    grid grids[GRIDS]; /* of mesh MESH h */
};

static grid grid_of(double reach, double h, gmm_function *f, const void *ctx)
{
    const int n = (int)ceil(2.0 * reach / h) + 1;
    const grid g = {n, reach, h, NEW_ARRAY(double, (long)n *n)};
    double *x = NEW_ARRAY(double, 2L * n * n);
    for (long a = 0; a < n; a++)
        for (long b = 0; b < n; b++) {
            x[2 * (a * n + b)] = (double)a * h - reach;
            x[2 * (a * n + b) + 1] = (double)b * h - reach;
        }
    f(ctx, (long)n * n, x, g.f);
    free(x);
    return g;
}

gmm_plane *gmm_plane_new(double reach, double h, gmm_function *f, const void *ctx)
{
    REQUIRE(reach > 0.0 && h > 0.0 && h < reach);
    gmm_plane *plane = NEW(gmm_plane);
    for (int k = 0; k < GRIDS; k++)
        plane->grids[k] = grid_of(reach, MESH[k] * h, f, ctx);
    return plane;
}

void gmm_plane_free(gmm_plane *plane)
{
    if (plane == NULL) return;
    for (int k = 0; k < GRIDS; k++) free(plane->grids[k].f);
    free(plane);
}

/* k x n: density of component i's coordinate c at a h - reach, times h. */
static double *marginals(const gmm *p, int c, const grid *g)
{
    int k = gmm_components(p);
    double *m = NEW_ARRAY(double, (long)k * g->n), cov[4];
    for (int i = 0; i < k; i++) {
        gmm_cov_of(p, i, cov, 2);
        double scale = g->h / sqrt(2.0 * SC_PI * cov[0]);
        double centre = gmm_mean_of(p, i)[c];
        for (int a = 0; a < g->n; a++) {
            double gap = a * g->h - g->reach - centre;
            m[(long)i * g->n + a] = scale * exp(-0.5 * gap * gap / cov[0]);
        }
    }
    return m;
}

/* sum_ab x_a f_ab y_b for every component: one matrix product, then inner products. */
static double grid_mean(const grid *g, const gmm *p, double *mass)
{
    int k = gmm_components(p), n = g->n;
    double *x = marginals(p, 0, g), *y = marginals(p, 1, g);
    double *xf = NEW_ARRAY(double, (long)k *n);
    linalg_gemm(k, n, n, 1.0, x, n, g->f, n, 0.0, xf, n);
    double mean = *mass = 0.0;
    for (int i = 0; i < k; i++) {
        double sum = 0.0, in_x = 0.0, in_y = 0.0;
        for (long b = (long)i * n; b < (long)(i + 1) * n; b++) {
            sum += xf[b] * y[b];
            in_x += x[b];
            in_y += y[b];
        }
        mean += gmm_weight(p, i) * sum;
        *mass += gmm_weight(p, i) * in_x * in_y;
    }
    free(xf), free(y), free(x);
    return mean;
}

int gmm_plane_mean(const gmm_plane *plane, const gmm *p, enclosure *mean)
{
    REQUIRE(gmm_dim(p) == 2 && gmm_shape_of(p) == GMM_ISOTROPIC);
    double value[GRIDS], mass, apart = 0.0;
    for (int k = 0; k < GRIDS; k++) {
        value[k] = grid_mean(&plane->grids[k], p, &mass);
        if (!(fabs(mass - 1.0) < 1e-9)) return SC_EACCURACY;
        apart = fmax(apart, fabs(value[k] - value[0]));
    }
    *mean = enclosure_about(value[0], 4.0 * apart + 1e-13 * fabs(value[0]));
    return SC_OK;
}
