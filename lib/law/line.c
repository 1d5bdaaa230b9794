/* Densities on uniform grids, and the rules for choosing them. */
#include "law.h"
#include "mc.h"

#include <math.h>
#include <stdlib.h>

line *line_new(double x0, double dx, long n)
{
    REQUIRE(n > 0 && dx > 0.0);
    line *l = NEW(line);
    l->n = n;
    l->x0 = x0;
    l->dx = dx;
    l->p = NEW_ARRAY(double, n);
    return l;
}

void line_free(line *l)
{
    if (!l) return;
    free(l->p);
    free(l);
}

double line_mass(const line *l) { return l->dx * mc_sum(l->n, l->p); }

law_rules law_rules_for(const target *data)
{
    const gmm *mixture = target_as_gmm(data);
    bool gaussian = mixture && gmm_components(mixture) == 1;
    double c = gaussian ? 0.6 : target_smallest_sd(data) <= 0.1 ? 0.1 : 0.2;
    return (law_rules){.c = c, .refine = 1.0, .band = 9.2, .coarse_finish = false};
}
