/* What the sources of lib/memorisation share. */
#ifndef SC_MEMORISATION_INTERNAL_H
#define SC_MEMORISATION_INTERNAL_H

#include "law.h"
#include "memorisation.h"
#include "neighbour.h"
#include "stats.h"

/* Which statistics a point hits. */
typedef struct {
    bool of[MEMORISATION_STATISTICS];
} hits;

struct memorisation {
    const memorisation_setting *s;
    hits *z; /* kinds x times x sets; of the fresh kind none without a law */
};

enum { MEMORISATION_NOISE = 0x6e6f6973 }; /* stream "nois" */

/* The two sets of a comparison; a is where the sampler was trained, unless that was held out. */
typedef struct {
    neighbour_set *a, *b;
} memorisation_sets;
/* Of the parts x; free before them. */
memorisation_sets memorisation_sets_of(const memorisation_setting *s, const double *x);
void memorisation_sets_free(memorisation_sets c);
/* hit[j], j < count, of the points z (count x d). */
void memorisation_compare(memorisation_sets c, long count, const double *z, hits *hit);

empirical_start memorisation_start(int count, int d);
void memorisation_start_free(const empirical_start *e);

#endif
