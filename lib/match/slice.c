/* The laws of a slice, and v^T A v under them. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* ---- Draws --------------------------------------------------------------------------- */

static void gauss_rows(rng_key key, uint64_t first, uint32_t stream, long n, int m,
                       int d, double *v)
{
    rng_normal_rows(key, first, stream, 0, n, (long)m * d, v, (long)m * d);
}

static void rademacher_rows(rng_key key, uint64_t first, uint32_t stream, long n, int m,
                            int d, double *v)
{
    rng_uniform_rows(key, first, stream, 0, n, (long)m * d, v, (long)m * d);
    for (long i = 0; i < n * m * d; i++) v[i] = v[i] < 0.5 ? -1.0 : 1.0;
}

/* Normal vectors, each scaled to the radius. */
static void sphere_rows(rng_key key, uint64_t first, uint32_t stream, long n, int m,
                        int d, double *v, double radius)
{
    gauss_rows(key, first, stream, n, m, d, v);
    for (double *end = v + n * m * d; v < end; v += d) {
        double square = 0.0;
        for (int j = 0; j < d; j++) square += v[j] * v[j];
        for (int j = 0; j < d; j++) v[j] *= radius / sqrt(square);
    }
}

static void wide_sphere_rows(rng_key key, uint64_t first, uint32_t stream, long n,
                             int m, int d, double *v)
{
    sphere_rows(key, first, stream, n, m, d, v, sqrt(d));
}

static void unit_sphere_rows(rng_key key, uint64_t first, uint32_t stream, long n,
                             int m, int d, double *v)
{
    sphere_rows(key, first, stream, n, m, d, v, 1.0);
}

/* ---- Moments ------------------------------------------------------------------------- */

static slice_moments gauss_moments(int d)
{
    (void)d;
    return (slice_moments){1.0, 3.0, 1.0};
}

static slice_moments rademacher_moments(int d)
{
    (void)d;
    return (slice_moments){1.0, 1.0, 1.0};
}

/* E v_1^4 = 3 E v_1^2 v_2^2, and (sum v_j^2)^2 = r^4. */
static slice_moments sphere_moments(int d, double r2)
{
    double mixed = r2 * r2 / (d * (d + 2.0));
    return (slice_moments){r2 / d, 3.0 * mixed, mixed};
}

static slice_moments wide_sphere_moments(int d) { return sphere_moments(d, d); }

static slice_moments unit_sphere_moments(int d) { return sphere_moments(d, 1.0); }

const slice SLICE_GAUSS = {"Gaussian", gauss_rows, gauss_moments},
            SLICE_RADEMACHER = {"Rademacher", rademacher_rows, rademacher_moments},
            SLICE_SPHERE = {"sphere", wide_sphere_rows, wide_sphere_moments},
            SLICE_UNIT_SPHERE = {"unit-sphere", unit_sphere_rows, unit_sphere_moments};

double slice_mean(const slice *v, int d, const double *A)
{
    return 2.0 * v->moments(d).second * match_quadratic(d, A, NULL);
}

/* E(v^T S v)^2 = fourth sum S_ii^2 + mixed sum_{i != j} (S_ii S_jj + 2 S_ij^2). */
double slice_variance(const slice *v, int d, const double *A)
{
    slice_moments e = v->moments(d);
    double trace = match_quadratic(d, A, NULL), diagonal = 0.0, rest = 0.0;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double S = 0.5 * (A[i * d + j] + A[j * d + i]);
            *(i == j ? &diagonal : &rest) += S * S;
        }
    return 4.0 * ((e.fourth - e.mixed) * diagonal + 2.0 * e.mixed * rest +
                  (e.mixed - e.second * e.second) * trace * trace);
}

/* ---- Sampled ------------------------------------------------------------------------- */

/* Few replicates at a time, so that their slices stay in the cache. */
static void draw_form(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    enum { BLOCK = 64 };
    const slice_form *c = ctx;
    const long size = (long)c->m * c->d;
    double *v = NEW_ARRAY(double, BLOCK *size);
    for (int start = 0; start < n; start += BLOCK) {
        int rows = n - start < BLOCK ? n - start : BLOCK;
        c->v->draw(key, first + (uint64_t)start, MATCH_SLICES, rows, c->m, c->d, v);
        for (int i = 0; i < rows; i++)
            y[start + i] = match_sliced_trace(c->d, c->A, c->m, v + i * size);
    }
    free(v);
}

mc_observables slice_form_values(const slice_form *c)
{
    return (mc_observables){draw_form, c, 1};
}
