/* Piecewise polynomial generators: values, projections. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

int sieve_basis(const sieve *s) { return 1 + s->degree * s->d; }

static long cells(const sieve *s) { return s->d == 1 ? s->N : (long)s->N * s->N; }

long sieve_size(const sieve *s) { return cells(s) * sieve_basis(s) * s->D; }

mesh sieve_nodes(const sieve *s)
{
    const int points = s->d == 1 ? 240 : 30, per_cell = (points + s->N - 1) / s->N;
    return mesh_midpoints(s->d, s->N * (per_cell > 8 ? per_cell : 8));
}

int sieve_locate(const sieve *s, const double *u, double *B)
{
    int cell = 0;
    B[0] = 1.0;
    for (int j = 0; j < s->d; j++) {
        const double at = s->N * u[j];
        const int k = (int)fmin(fmax(floor(at), 0.0), s->N - 1.0);
        cell = cell * s->N + k;
        if (s->degree == 1) B[1 + j] = at - k - 0.5;
    }
    return cell;
}

void sieve_eval(const sieve *s, const double *a, long n, const double *u, double *x)
{
    const int basis = sieve_basis(s);
    for (long i = 0; i < n; i++) {
        double B[SIEVE_BASIS] = {0.0};
        const double *of = a + (long)sieve_locate(s, u + i * s->d, B) * basis * s->D;
        for (int r = 0; r < s->D; r++) {
            double sum = 0.0;
            for (int k = 0; k < basis; k++) sum += B[k] * of[k * s->D + r];
            x[i * s->D + r] = sum;
        }
    }
}

cloud *sieve_cloud(const sieve *s, const double *a, const mesh *nodes)
{
    REQUIRE(nodes->d == s->d);
    double *x = NEW_ARRAY(double, nodes->n * s->D);
    sieve_eval(s, a, nodes->n, nodes->u, x);
    cloud *c = cloud_new(nodes->n, s->D, x, nodes->w);
    free(x);
    return c;
}

mesh sieve_law_nodes(const sieve *s)
{
    return s->degree == 0 ? mesh_midpoints(s->d, s->N) : sieve_nodes(s);
}

cloud *sieve_flow(const sieve *s, const double *a)
{
    mesh nodes = sieve_law_nodes(s);
    cloud *c = sieve_cloud(s, a, &nodes);
    mesh_free(&nodes);
    return c;
}

sieve_work sieve_work_of(const sieve *s, const mesh *nodes)
{
    REQUIRE((s->d == 1 || s->d == 2) && nodes->d == s->d && s->N >= 1);
    REQUIRE((s->degree == 0 || s->degree == 1) && 1 <= s->D && s->D <= GENERATOR_D);
    const int basis = sieve_basis(s);
    const long Q = nodes->n;
    sieve_work w = {.s = s, .Q = Q};
    w.cell = NEW_ARRAY(int, Q);
    w.B = NEW_ARRAY(double, Q *basis);
    w.points = NEW_ARRAY(double, Q * s->D);
    w.moments = NEW_ARRAY(double, Q *(1 + s->D));
    w.system = NEW_ARRAY(double, cells(s) * basis * basis);
    for (long q = 0; q < Q; q++)
        w.cell[q] = sieve_locate(s, nodes->u + q * s->d, w.B + q * basis);
    return w;
}

void sieve_work_free(sieve_work *w)
{
    free(w->cell), free(w->B), free(w->points), free(w->moments), free(w->system);
}

void sieve_move(sieve_work *w, const double *a)
{
    const int basis = sieve_basis(w->s), D = w->s->D;
    for (long q = 0; q < w->Q; q++) {
        const double *B = w->B + q * basis, *of = a + (long)w->cell[q] * basis * D;
        for (int r = 0; r < D; r++) {
            double sum = 0.0;
            for (int k = 0; k < basis; k++) sum += B[k] * of[k * D + r];
            w->points[r * w->Q + q] = sum;
        }
    }
}

/* The L2 projection of x (Q x D): the M-step with all w = 1, b = x. */
static void project(const sieve *s, const mesh *nodes, const double *x, double *a)
{
    sieve_work w = sieve_work_of(s, nodes);
    for (long q = 0; q < w.Q; q++) {
        w.moments[q] = 1.0;
        for (int r = 0; r < s->D; r++) w.moments[(1 + r) * w.Q + q] = x[q * s->D + r];
    }
    sieve_maximise(&w, a);
    sieve_work_free(&w);
}

void sieve_project(const sieve *s, const generator *g, const mesh *nodes, double *a)
{
    REQUIRE(g->d == s->d && g->D == s->D);
    double *x = NEW_ARRAY(double, nodes->n * s->D);
    generator_eval(g, nodes->n, nodes->u, x, NULL);
    project(s, nodes, x, a);
    free(x);
}

void sieve_quantile(const sieve *s, long n, const double *sorted, const mesh *nodes,
                    double *a)
{
    REQUIRE(s->d == 1 && s->D == 1 && n >= 1);
    double *x = NEW_ARRAY(double, nodes->n);
    for (long q = 0; q < nodes->n; q++)
        x[q] = sorted[(long)fmin((double)n - 1.0, floor((double)n * nodes->u[q]))];
    project(s, nodes, x, a);
    free(x);
}
