/* stepped.c -- chains in time steps against the exact law. */
#include "internal.h"
#include "rank.h"
#include "timegrid.h"

#include <stdlib.h>

enum { EXACT = 4, CAPACITY = 1001 };

/* Mean hits of the chains less those of EXACT exact draws for each, at less[q * sets + r]. */
static void step_replicate(const memorisation_setting *s, int steps, const double *t,
                           int chains, rng_key key, uint64_t r, double *less)
{
    const int d = s->d, exact = EXACT * chains;
    const uint64_t first = r * (uint64_t)chains;
    const sde ou = sde_ou(s->T);
    double *x = memorisation_parts(s, key, r), *z = NEW_ARRAY(double, 2L * exact * d);
    hits *hit = NEW_ARRAY(hits, chains + exact);
    const memorisation_sets c = memorisation_sets_of(s, x);
    gmm *atoms = gmm_new_equal(s->n, d, x, 0.0);
    marginals p = marginals_of(atoms, &ou, steps, t);
    const simulation run = {&SAMPLER_DDPM, &ou, marginals_score(&p), steps, t};
    rng_normal_rows(key, first, MEMORISATION_NOISE, 0, chains, d, z, d);
    sampler_run(&run, key, first, chains, d, z);
    memorisation_compare(c, chains, z, hit);
    const empirical end = law_empirical(&ou, s->delta[0], s->n, d, x);
    const empirical_start begun = memorisation_start(exact, d);
    law_empirical_begin(&end, key, EXACT * first, &begun);
    law_empirical_end(&end, &begun, z, z + (long)exact * d);
    memorisation_compare(c, exact, z, hit + chains);
    for (int q = MEMORISATION_COPY; q <= MEMORISATION_SHARE; q++) {
        double *value = &less[q * s->sets + (long)r];
        for (int j = 0; j < chains; j++) *value += hit[j].of[q] / (double)chains;
        for (int j = 0; j < exact; j++) *value -= hit[chains + j].of[q] / (double)exact;
    }
    memorisation_start_free(&begun);
    marginals_free(&p);
    gmm_free(atoms);
    memorisation_sets_free(c);
    free(hit), free(z), free(x);
}

int memorisation_stepped(const memorisation_setting *s, double kappa, int chains,
                         rng_key key, double alpha, enclosure less[2])
{
    double t[CAPACITY];
    int steps;
    REQUIRE(chains >= 1);
    CHECK(timegrid_benton(s->T, s->delta[0], kappa, CAPACITY, t, &steps));
    double *values = NEW_ARRAY(double, 2 * s->sets);
    const rank_share mine = rank_divide();
#pragma omp parallel for default(none) shared(s, key, t, steps, chains, values, mine)  \
    schedule(dynamic)
    for (long r = mine.first; r < s->sets; r += mine.step)
        step_replicate(s, steps, t, chains, key, (uint64_t)r, values);
    rank_gather(mine, 2 * (size_t)s->sets * sizeof *values, values);
    for (int q = 0; q < 2; q++)
        less[q] = stats_mean(s->sets, values + q * s->sets, alpha, 2.0);
    free(values);
    return SC_OK;
}
