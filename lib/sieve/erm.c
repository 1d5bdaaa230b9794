/* The best of several starts. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct {
    const sieve_design *c;
    const double *x;
    bool quantiles;
    mesh nodes;
    double *projection;
    rng r;
} starts;

/* Start k into a. */
static void set_start(starts *t, int k, double *a)
{
    const sieve *s = &t->c->s;
    const long size = sieve_size(s);
    if (k == 1 && t->quantiles) {
        const long n = t->c->n;
        double *sorted = NEW_ARRAY(double, n);
        memcpy(sorted, t->x, (size_t)n * sizeof *sorted);
        qsort(sorted, (size_t)n, sizeof *sorted, ascending);
        sieve_quantile(s, n, sorted, &t->nodes, a);
        free(sorted);
        return;
    }
    if (k > 0) rng_normal(&t->r, size, a);
    for (long j = 0; j < size; j++)
        a[j] = t->projection[j] + (k > 0 ? 0.1 * a[j] : 0.0);
}

int sieve_erm(const sieve_design *c, const sieve_density *p, const double *x,
              rng_key key, uint64_t replicate, double *a, sieve_report *report)
{
    enum { STARTS = 2 + SIEVE_PERTURBED };
    const double AGREES = 1e-9;
    const sieve *s = &c->s;
    const long size = sieve_size(s);
    double *projection = NEW_ARRAY(double, 3 * size), *trial = projection + size,
           *chosen = trial + size, Lambda[STARTS], best = -HUGE_VAL;
    starts t = {.c = c, .x = x, .projection = projection};
    t.quantiles = s->d == 1 && s->D == 1 && c->n > 0;
    t.nodes = sieve_nodes(s);
    t.r = rng_at(key, replicate, 1);
    mesh nodes = sieve_law_nodes(s);
    sieve_report out = {.starts = 1 + t.quantiles + SIEVE_PERTURBED};
    bool converged = true;
    sieve_project(s, c->truth.g, &t.nodes, projection);
    for (int k = 0; k < out.starts && converged; k++) {
        set_start(&t, k, trial);
        const sieve_run run = sieve_fit(s, &nodes, &c->truth, p, trial);
        converged = run.converged;
        Lambda[k] = run.Lambda;
        out.iterations =
            run.iterations > out.iterations ? run.iterations : out.iterations;
        if (run.Lambda <= best) continue;
        best = run.Lambda;
        memcpy(chosen, trial, (size_t)size * sizeof *a);
    }
    if (converged) {
        for (int k = 0; k < out.starts; k++) out.agreeing += Lambda[k] > best - AGREES;
        out.gain = sieve_likelihood(s, &c->truth, p, chosen) -
                   sieve_likelihood(s, &c->truth, p, projection);
        memcpy(a, chosen, (size_t)size * sizeof *a);
        *report = out;
    }
    free(projection);
    mesh_free(&nodes), mesh_free(&t.nodes);
    return converged ? SC_OK : SC_ECONVERGENCE;
}
