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

/* Start k into a. */
static void set_start(const sieve *s, int k, bool quantiles, const mesh *nodes, long n,
                      double *x, const double *projection, rng *r, double *a)
{
    const long size = sieve_size(s);
    if (k == 1 && quantiles) {
        qsort(x, (size_t)n, sizeof *x, ascending);
        sieve_quantile(s, n, x, nodes, a);
        return;
    }
    if (k > 0) rng_normal(r, size, a);
    for (long j = 0; j < size; j++) a[j] = projection[j] + (k > 0 ? 0.1 * a[j] : 0.0);
}

int sieve_erm(const sieve *s, const sieve_truth *c, const sieve_density *p, long n,
              double *x, rng_key key, uint64_t replicate, double *a,
              sieve_report *report)
{
    const long size = sieve_size(s);
    const bool quantiles = s->d == 1 && s->D == 1 && n > 0;
    mesh fine = sieve_nodes(s);
    mesh nodes = s->degree == 0 ? mesh_midpoints(s->d, s->N) : sieve_nodes(s);
    double *projection = NEW_ARRAY(double, 3 * size), *trial = projection + size,
           *chosen = trial + size;
    rng r = rng_at(key, replicate, 1);
    sieve_run best = {.Lambda = -HUGE_VAL};
    sieve_report out = {.starts = 1 + quantiles + SIEVE_PERTURBED};
    double Lambda0 = 0.0;
    sieve_project(s, c->g, &fine, projection);
    for (int k = 0; k < out.starts; k++) {
        set_start(s, k, quantiles, &fine, n, x, projection, &r, trial);
        const sieve_run run =
            sieve_fit(s, &nodes, c, p, s->D == 1 ? &SIEVE_LINE : &SIEVE_PLANE, trial);
        if (k == 0) Lambda0 = run.start;
        out.unconverged += !run.converged;
        if (run.Lambda <= best.Lambda) continue;
        best = run;
        out.chosen = k;
        memcpy(chosen, trial, (size_t)size * sizeof *a);
    }
    out.iterations = best.iterations;
    if (!best.converged) {
        best = sieve_fit(s, &nodes, c, p, &SIEVE_PATIENT, chosen);
        out.iterations += best.iterations;
    }
    out.gain = best.Lambda - Lambda0;
    if (best.converged) {
        memcpy(a, chosen, (size_t)size * sizeof *a);
        *report = out;
    }
    free(projection);
    mesh_free(&nodes), mesh_free(&fine);
    return best.converged ? SC_OK : SC_ECONVERGENCE;
}
