/* intervals.c -- from counts to enclosures. */
#include "internal.h"

#include <stdlib.h>

static double fraction(const memorisation *m, int kind, int statistic, int k, long r)
{
    const memorisation_setting *s = m->s;
    return m->of[k * s->sets + r].hits[kind][statistic] / (double)s->draws;
}

enclosure memorisation_mean(const memorisation *m, int kind, int statistic, int k,
                            double alpha)
{
    const long sets = m->s->sets;
    double *mean = NEW_ARRAY(double, sets);
    for (long r = 0; r < sets; r++) mean[r] = fraction(m, kind, statistic, k, r);
    enclosure e = stats_mean(sets, mean, alpha, 1.0);
    free(mean);
    return e;
}

enclosure memorisation_gap(const memorisation *m, int kind, int statistic, int k,
                           double alpha)
{
    return enclosure_sub(memorisation_mean(m, kind, statistic, k, alpha),
                         enclosure_exact(0.5));
}

enclosure memorisation_fall(const memorisation *m, int kind, int statistic, int k,
                            int l, double alpha)
{
    const long sets = m->s->sets;
    double *fall = NEW_ARRAY(double, sets);
    for (long r = 0; r < sets; r++)
        fall[r] =
            fraction(m, kind, statistic, k, r) - fraction(m, kind, statistic, l, r);
    enclosure e = stats_mean(sets, fall, alpha, 2.0);
    free(fall);
    return e;
}

enclosure memorisation_given_sets(const memorisation *m, int kind, int statistic, int k,
                                  double alpha)
{
    const memorisation_setting *s = m->s;
    long hits = 0;
    for (long r = 0; r < s->sets; r++)
        hits += m->of[k * s->sets + r].hits[kind][statistic];
    return stats_binomial(hits, s->sets * s->draws, alpha);
}

enclosure memorisation_less_kde(const memorisation *m, int kind, int statistic, int k,
                                double alpha)
{
    const memorisation_setting *s = m->s;
    const long draws = s->sets * s->draws;
    long more = 0, less = 0;
    for (long r = 0; r < s->sets; r++) {
        const tally *t = &m->of[k * s->sets + r];
        more += t->only[kind][statistic];
        less += t->only_kde[kind][statistic];
    }
    return enclosure_sub(stats_binomial(more, draws, 0.5 * alpha),
                         stats_binomial(less, draws, 0.5 * alpha));
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
