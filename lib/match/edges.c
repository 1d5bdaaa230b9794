/* The Fisher information that the edges of a density cost. */
#include "match.h"

#include <math.h>

int match_uniform_edges(double t, enclosure *scaled)
{
    target *uniform = target_uniform(-1.0, 1.0);
    const noised law = noised_at(uniform, &SDE_OU, t);
    enclosure fisher;
    const int status = match_fisher(&law, NULL, &fisher);
    target_free(uniform);
    if (status == SC_OK) *scaled = enclosure_scale(fisher, law.m * sqrt(law.s2));
    return status;
}
