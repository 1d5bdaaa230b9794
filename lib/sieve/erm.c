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

sieve_report sieve_erm(const sieve *s, const sieve_truth *c, const sieve_density *p,
                       long n, double *x, rng_key key, uint64_t replicate, double *a)
{
    const long size = sieve_size(s);
    const bool line = s->d == 1 && s->D == 1;
    const sieve_rule *rule = s->D == 1 ? &SIEVE_LINE : &SIEVE_PLANE;
    mesh nodes = sieve_nodes(s, s->d == 1 ? 240 : 30);
    double *projection = NEW_ARRAY(double, 2 * size), *trial = projection + size;
    rng r = rng_at(key, replicate, 1);
    sieve_report report = {.best.Lambda = -HUGE_VAL,
                           .starts = 1 + line + SIEVE_PERTURBED};
    sieve_project(s, c->g, &nodes, projection);
    for (int k = 0; k < report.starts; k++) {
        memcpy(trial, projection, (size_t)size * sizeof *trial);
        if (k == 1 && line) {
            qsort(x, (size_t)n, sizeof *x, ascending);
            sieve_quantile(s, n, x, &nodes, trial);
        } else if (k > 0) {
            rng_normal(&r, size, trial);
            for (long j = 0; j < size; j++) trial[j] = projection[j] + 0.1 * trial[j];
        }
        const sieve_run run = sieve_fit(s, &nodes, c, p, rule, trial);
        if (k == 0) report.gain = -run.start;
        report.iterations += run.iterations;
        report.unconverged += !run.converged;
        if (run.Lambda <= report.best.Lambda) continue;
        report.best = run;
        report.chosen = k;
        memcpy(a, trial, (size_t)size * sizeof *a);
    }
    report.gain += report.best.Lambda;
    free(projection);
    mesh_free(&nodes);
    return report;
}
