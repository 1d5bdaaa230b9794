/* Data on a subspace of R^D: the chain splits into the one in the subspace and the one for an atom, normal to
 * it. */
#include "linalg.h"
#include "sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A random rotation: the eigenvectors of G + G^T, G of independent normals. */
static int rotation(int D, rng_key key, double *U)
{
    double *z = NEW_ARRAY(double, 2L * D * D + D), *sum = z + (long)D * D;
    rng r = rng_at(key, 0, SAMPLER_STREAM + 1);
    rng_normal(&r, (long)D * D, z);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++) sum[i * D + j] = z[i * D + j] + z[j * D + i];
    int status = linalg_eigen(D, sum, D, sum + (long)D * D, U, D);
    free(z);
    return status;
}

/* The law of U (X, 0) + sqrt(n_t) Z, given that of the X in the subspace, noise n_t included. */
static int embed(const gmm *inside, double noise, int D, const double *U, gmm **law)
{
    int k = gmm_dim(inside), m = gmm_components(inside);
    long size = (long)D * D;
    double *w = NEW_ARRAY(double, m), *mu = NEW_ARRAY(double, (long)m *D);
    double *cov = NEW_ARRAY(double, (m + 2) * size), *C = cov + m * size,
           *UC = C + size;
    for (int i = 0; i < m; i++) {
        w[i] = gmm_weight(inside, i);
        linalg_gemm(D, 1, k, 1.0, U, D, gmm_mean_of(inside, i), 1, 0.0,
                    mu + (long)i * D, 1);
        memset(C, 0, (size_t)size * sizeof *C);
        for (int j = k; j < D; j++) C[j * D + j] = noise;
        gmm_cov_of(inside, i, C, D);
        linalg_gemm(D, D, D, 1.0, U, D, C, D, 0.0, UC, D);
        linalg_gemm_nt(D, D, D, 1.0, UC, D, U, D, 0.0, cov + i * size, D);
    }
    int status = gmm_new_full(m, D, w, mu, D, cov, law);
    free(cov);
    free(mu);
    free(w);
    return status;
}

static int marginals_embedded(const marginals *inside, const sde *e, int D,
                              const double *U, marginals *m)
{
    *m =
        (marginals){inside->steps, inside->t, 1.0, NEW_ARRAY(gmm *, inside->steps + 1)};
    for (int j = 0; j <= m->steps; j++) {
        int status = embed(inside->law[j], sde_var(e, m->t[j]), D, U, &m->law[j]);
        if (status == SC_OK) continue;
        marginals_free(m);
        return status;
    }
    return SC_OK;
}

/* The coordinates first .. first + width - 1 of n rows of D. */
static void pick(long n, int D, const double *x, int first, int width, double *part)
{
    for (long i = 0; i < n; i++)
        memcpy(part + i * width, x + i * D + first, (size_t)width * sizeof *x);
}

/* One chain through its steps: n points of R^d, which are coordinates first .. first + d - 1 of those of R^D
   whose normals are z, `rows` rows a step; turned by U if that is not NULL. */
typedef struct {
    const sampler *scheme;
    const sde *e;
    const marginals *laws;
    const double *z, *U;
    long n;
    int D, first, d;
} walk;

static void run(const walk *c, double *x)
{
    long rows = c->n * (c->scheme->normals > 0 ? c->scheme->normals : 1);
    double *z = NEW_ARRAY(double, 2 * rows * c->d), *turned = z + rows * c->d;
    for (int k = 0; k < c->laws->steps; k++) {
        move m = {c->e,          marginals_score(c->laws),
                  c->laws->t[k], c->laws->t[k + 1],
                  c->n,          c->d};
        pick(rows, c->D, c->z + k * rows * c->D, c->first, c->d, z);
        if (c->U)
            linalg_gemm_nt((int)rows, c->d, c->d, 1.0, z, c->d, c->U, c->d, 0.0, turned,
                           c->d);
        c->scheme->advance(c->scheme, &m, x, c->U ? turned : z, x);
    }
    free(z);
}

/* x in R^D as it is moved whole, turned, and in its two parts. */
static double gap_of(const walk *whole, const walk part[2], const double *begin)
{
    long n = whole->n;
    int D = whole->D;
    double *x = NEW_ARRAY(double, 4 * n * D), *y = x + n * D, *both = y + n * D;
    double *turned = both + n * D, gap = 0.0;
    linalg_gemm_nt((int)n, D, D, 1.0, begin, D, whole->U, D, 0.0, x, D);
    run(whole, x);
    for (int i = 0; i < 2; i++) {
        pick(n, D, begin, part[i].first, part[i].d, y);
        run(&part[i], y);
        for (long j = 0; j < n; j++)
            memcpy(both + j * D + part[i].first, y + j * part[i].d,
                   (size_t)part[i].d * sizeof *y);
    }
    linalg_gemm_nt((int)n, D, D, 1.0, both, D, whole->U, D, 0.0, turned, D);
    for (long j = 0; j < n * D; j++) {
        double off = fabs(x[j] - turned[j]);
        if (!(off <= gap)) gap = off; /* NaN too */
    }
    free(x);
    return gap;
}

int sampler_subspace_gap(const simulation *c, const gmm *data, int D, rng_key key,
                         int paths, double *gap)
{
    const sampler *scheme = c->scheme;
    const sde *e = c->forward;
    int steps = c->steps, k = gmm_dim(data);
    int normals = scheme->normals > 0 ? scheme->normals : 1;
    REQUIRE(k < D && 0 < paths && paths <= 4096 && steps >= 1 && c->t[steps] > 0.0);
    long rows = (long)paths * normals * steps;
    double *U = NEW_ARRAY(double, (long)D *D),
           *z = NEW_ARRAY(double, (rows + paths) * D);
    double *origin = NEW_ARRAY(double, D - k);
    rng_normal_rows(key, 0, SAMPLER_STREAM, 0, rows + paths, D, z, D);
    gmm *atom = gmm_new_equal(1, D - k, origin, 0.0);
    marginals in = marginals_of(data, e, steps, c->t),
              normal = marginals_of(atom, e, steps, c->t);
    marginals all;
    int status = rotation(D, key, U);
    if (status == SC_OK) status = marginals_embedded(&in, e, D, U, &all);
    if (status == SC_OK) {
        walk whole = {scheme, e, &all, z, U, paths, D, 0, D};
        walk part[2] = {{scheme, e, &in, z, NULL, paths, D, 0, k},
                        {scheme, e, &normal, z, NULL, paths, D, k, D - k}};
        *gap = gap_of(&whole, part, z + rows * D);
        marginals_free(&all);
    }
    marginals_free(&normal);
    marginals_free(&in);
    gmm_free(atom);
    free(origin);
    free(z);
    free(U);
    return status;
}
