/* stepped.c -- chains in time steps against the exact law. */
#include "internal.h"
#include "timegrid.h"

#include <stdlib.h>

enum { EXACT = 4, CAPACITY = 1001 };

/* Hits of chain j less the mean of its EXACT exact draws, at less[q * total + first + j]. */
static void step_replicate(const memorisation_setting *s, int steps, const double *t,
                           rng_key key, uint64_t r, double *less)
{
    const long chains = s->draws, exact = EXACT * chains, first = (long)r * chains;
    const sde ou = sde_ou(s->T);
    double *x = memorisation_parts(s, key, r), *z = NEW_ARRAY(double, 3 * exact * s->d);
    bool *hit = NEW_ARRAY(bool, (chains + exact) * MEMORISATION_STATISTICS);
    const memorisation_sets c = memorisation_sets_of(s, x);
    gmm *atoms = gmm_new_equal(s->n, s->d, x, 0.0);
    marginals p = marginals_of(atoms, &ou, steps, t);
    const simulation run = {&SAMPLER_DDPM, &ou, marginals_score(&p), steps, t};
    rng_normal_rows(key, (uint64_t)first, MEMORISATION_NOISE, 0, chains, s->d, z, s->d);
    sampler_run(&run, key, (uint64_t)first, chains, s->d, z);
    memorisation_compare(c, chains, z, hit);
    const empirical end = law_empirical(&ou, s->delta[0], s->n, s->d, x);
    const empirical_start begun = memorisation_start((int)exact, s->d);
    law_empirical_begin(&end, key, r * (uint64_t)exact, &begun);
    law_empirical_end(&end, &begun, z, z + exact * s->d);
    memorisation_compare(c, exact, z, hit + chains * MEMORISATION_STATISTICS);
    for (int q = MEMORISATION_COPY; q <= MEMORISATION_SHARE; q++)
        for (long j = 0; j < chains; j++) {
            double of_exact = 0.0;
            for (long i = 0; i < EXACT; i++)
                of_exact += hit[(chains + EXACT * j + i) * MEMORISATION_STATISTICS + q];
            less[q * s->sets * chains + first + j] =
                hit[j * MEMORISATION_STATISTICS + q] - of_exact / EXACT;
        }
    memorisation_start_free(&begun);
    marginals_free(&p);
    gmm_free(atoms);
    memorisation_sets_free(c);
    free(hit), free(z), free(x);
}

int memorisation_stepped(const memorisation_setting *s, double kappa, rng_key key,
                         double alpha, enclosure less[2])
{
    double t[CAPACITY];
    int steps;
    CHECK(timegrid_benton(s->T, s->delta[0], kappa, CAPACITY, t, &steps));
    const long total = s->sets * s->draws;
    double *values = NEW_ARRAY(double, 2 * total);
#pragma omp parallel for default(none) shared(s, key, t, steps, values)                \
    schedule(dynamic)
    for (long r = 0; r < s->sets; r++)
        step_replicate(s, steps, t, key, (uint64_t)r, values);
    for (int q = 0; q < 2; q++)
        less[q] = stats_mean(total, values + q * total, alpha, 2.0);
    free(values);
    return SC_OK;
}
