/* marginals.c -- the laws p_t of mixture data at the times of a chain, and their scores. */
#include "sampler.h"

#include <stdlib.h>

marginals marginals_of(const gmm *data, const sde *e, int steps, const double *t)
{
    REQUIRE(steps >= 1);
    marginals m = {steps, t, 1.0, NEW_ARRAY(gmm *, steps + 1)};
    for (int k = 0; k <= steps; k++)
        m.law[k] = gmm_diffuse(data, sde_scale(e, t[k]), sde_var(e, t[k]));
    return m;
}

void marginals_free(marginals *m)
{
    for (int k = 0; k <= m->steps; k++) gmm_free(m->law[k]);
    free(m->law);
}

/* The k with t_k = t; the times decrease. */
static int index_of(const marginals *m, double t)
{
    int lo = 0, hi = m->steps;
    while (lo < hi) {
        int middle = (lo + hi) / 2;
        if (m->t[middle] > t)
            lo = middle + 1;
        else
            hi = middle;
    }
    REQUIRE(m->t[lo] == t);
    return lo;
}

static void evaluate(const void *ctx, double t, long n, int d, const double *x, int ldx,
                     double *s, int lds)
{
    const marginals *m = ctx;
    gmm_score(m->law[index_of(m, t)], n, x, ldx, NULL, s, lds);
    if (m->factor == 1.0) return;
    for (long i = 0; i < n; i++)
        for (int k = 0; k < d; k++) s[i * lds + k] *= m->factor;
}

score marginals_score(const marginals *m) { return (score){evaluate, m}; }
