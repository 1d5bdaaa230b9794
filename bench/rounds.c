/* Rounds: the limits, then every row and its peer, interleaved. */
#include "bench.h"

#include "base.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void measure(int threads, const row *r, const double *rate, times *m, int n)
{
    double begin = machine_clock(threads);
    r->run(r->state);
    m->seconds[n] = machine_clock(threads) - begin;
    m->memory[n] = r->count[BYTES] / rate[BYTES];
    m->compute[n] = 0.0;
    for (int q = 0; q < QUANTITIES; q++)
        if (q != BYTES) m->compute[n] += r->count[q] / rate[q];
}

double rounds_median(int n, const double *x)
{
    double *sorted = NEW_ARRAY(double, n);
    memcpy(sorted, x, (size_t)n * sizeof *x);
    base_sort(n, sorted);
    double m = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
    free(sorted);
    return m;
}

static void give_all(const measurements *all, peer *p)
{
    for (int i = 0; i < all->rows; i++)
        if (all->row[i].peer.group != NULL)
            all->m[i].peer_way = peer_give(p, i, &all->row[i].peer);
}

static void compare_all(const measurements *all, peer *p)
{
    for (int i = 0; i < all->rows; i++) {
        const row *r = &all->row[i];
        if (r->conclude != NULL) r->conclude(r->state);
        if (all->m[i].peer_way != NULL)
            all->m[i].difference = peer_difference(p, i, &r->peer);
    }
}

measurements rounds_run(int threads, int rounds, int rows, const row *r, peer *p)
{
    enum { KINDS = 4 };
    measurements all = {.threads = threads, .rounds = rounds, .rows = rows, .row = r};
    machine *here = machine_new(threads);
    all.m = NEW_ARRAY(times, rows);
    for (int q = 0; q < QUANTITIES; q++) all.rate[q] = NEW_ARRAY(double, rounds);
    for (int i = 0; i < rows; i++) {
        times *m = &all.m[i];
        m->seconds = NEW_ARRAY(double, (long)KINDS *rounds);
        m->compute = m->seconds + rounds;
        m->memory = m->compute + rounds;
        m->peer_seconds = m->memory + rounds;
    }
    if (p != NULL) {
        all.peer_versions = peer_versions(p);
        give_all(&all, p);
    }
    for (int n = -1; n < rounds; n++) { /* round -1 warms up */
        const int kept = n < 0 ? 0 : n;
        double rate[QUANTITIES];
        machine_rates(here, rate);
        for (int q = 0; q < QUANTITIES; q++) all.rate[q][kept] = rate[q];
        for (int i = 0; i < rows; i++) {
            measure(threads, &r[i], rate, &all.m[i], kept);
            if (all.m[i].peer_way != NULL) all.m[i].peer_seconds[kept] = peer_run(p, i);
        }
    }
    compare_all(&all, p);
    machine_free(here);
    return all;
}

void rounds_free(measurements *all)
{
    for (int i = 0; i < all->rows; i++) free(all->m[i].seconds);
    for (int q = 0; q < QUANTITIES; q++) free(all->rate[q]);
    free(all->m);
}
