/* intervals.c -- from counts of sets to enclosures. */
#include "internal.h"

typedef struct {
    int kind, statistic, k;
} event;

static bool holds(const memorisation *m, event e, long r)
{
    return m->z[(e.kind * m->s->times + e.k) * m->s->sets + r].of[e.statistic];
}

/* P(a) - P(b), from the sets in which only the one holds and those in which only the other does. */
static enclosure difference(const memorisation *m, event a, event b, double alpha)
{
    const long sets = m->s->sets;
    long only_a = 0, only_b = 0;
    for (long r = 0; r < sets; r++) {
        only_a += holds(m, a, r) && !holds(m, b, r);
        only_b += holds(m, b, r) && !holds(m, a, r);
    }
    return enclosure_sub(stats_binomial(only_a, sets, 0.5 * alpha),
                         stats_binomial(only_b, sets, 0.5 * alpha));
}

enclosure memorisation_probability(const memorisation *m, int kind, int statistic,
                                   int k, double alpha)
{
    const event e = {kind, statistic, k};
    long count = 0;
    for (long r = 0; r < m->s->sets; r++) count += holds(m, e, r);
    return stats_binomial(count, m->s->sets, alpha);
}

enclosure memorisation_gap(const memorisation *m, int kind, int statistic, int k,
                           double alpha)
{
    return enclosure_sub(memorisation_probability(m, kind, statistic, k, alpha),
                         enclosure_exact(0.5));
}

enclosure memorisation_fall(const memorisation *m, int kind, int statistic, int k,
                            int l, double alpha)
{
    return difference(m, (event){kind, statistic, k}, (event){kind, statistic, l},
                      alpha);
}

enclosure memorisation_less_kde(const memorisation *m, int kind, int statistic, int k,
                                double alpha)
{
    return difference(m, (event){kind, statistic, k},
                      (event){MEMORISATION_KDE, statistic, k}, alpha);
}

enclosure memorisation_at(const memorisation *m, memorisation_number *number, int kind,
                          int statistic, int k, double alpha)
{
    const int times = m->s->times;
    if (k < times) return number(m, kind, statistic, k, alpha);
    enclosure worst = number(m, kind, statistic, 0, alpha / times);
    for (int i = 1; i < times; i++)
        worst = enclosure_farther(worst, number(m, kind, statistic, i, alpha / times));
    worst.alpha = alpha;
    return worst;
}
