#include "battery.h"
#include "rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

linear_case battery_case(rng_key key, uint64_t i)
{
    rng r = rng_at(key, i, 0);
    double u[6], z[3];
    rng_uniform(&r, LEN(u), u);
    rng_normal(&r, LEN(z), z);

    double T = 0.3 + 3.7 * u[0];
    double bmin = pow(10.0, -2.0 + 2.0 * u[1]);
    double bmax = fmin(30.0, bmin * pow(10.0, 2.0 * u[2]));
    return (linear_case){
        .data = {2.0 * z[0], pow(10.0, -1.5 + 2.3 * u[3])},
        .forward = sde_vp(bmin, bmax, T),
        .from = START_STANDARD,
        .a = u[4] < 0.5 ? 0.3 * z[1] : 0.0,
        .c = u[5] < 0.5 ? 0.3 * z[2] : 0.0,
    };
}

typedef struct {
    int status;
    enclosure measured;
    double bound[BATTERY_MAX_BOUNDS];
} outcome;

/* The lower median of n numbers, in [lo[i], hi[i]]: between those of the ends. Sorts both. */
static enclosure median_of(int n, double *lo, double *hi)
{
    if (n == 0) return enclosure_exact((double)NAN);
    base_sort(n, lo);
    base_sort(n, hi);
    return enclosure_of(lo[(n - 1) / 2], hi[(n - 1) / 2], 0.0);
}

static void describe(const linear_case *c, char where[BATTERY_WHERE])
{
    snprintf(where, BATTERY_WHERE,
             "T=%.3g beta=%.3g..%.3g m0=%.3g v0=%.3g a=%.3g c=%.3g", c->forward.T,
             c->forward.bmin, c->forward.bmax, c->data.mean, c->data.var, c->a, c->c);
}

static battery_tally tally_of(rng_key key, const outcome *o, int b)
{
    battery_tally t = {.cases = 0};
    double lo[BATTERY_CASES], hi[BATTERY_CASES];
    int worst = -1;
    for (int i = 0; i < BATTERY_CASES; i++) {
        double bound = o[i].bound[b];
        if (isnan(bound)) continue;
        enclosure ratio = enclosure_div(o[i].measured, enclosure_exact(bound));
        lo[t.cases] = ratio.lo;
        hi[t.cases] = ratio.hi;
        t.cases++;
        t.failed += o[i].measured.lo > bound;
        if (worst < 0 || ratio.hi > t.worst.hi) worst = i;
        t.worst = enclosure_max(t.worst, ratio);
    }
    if (worst >= 0) {
        linear_case c = battery_case(key, (uint64_t)worst);
        describe(&c, t.where);
    }
    t.median = median_of(t.cases, lo, hi);
    return t;
}

int battery_run(rng_key key, int bounds, battery_trial *trial, battery_tally *tally)
{
    REQUIRE(0 < bounds && bounds <= BATTERY_MAX_BOUNDS);
    outcome *o = NEW_ARRAY(outcome, BATTERY_CASES);
    const rank_share mine = rank_divide();
#pragma omp parallel for schedule(dynamic, 16) default(none) shared(o, key, trial, mine)
    for (long i = mine.first; i < BATTERY_CASES; i += mine.step) {
        linear_case c = battery_case(key, (uint64_t)i);
        o[i].status = trial(&c, &o[i].measured, o[i].bound);
    }
    rank_gather(mine, BATTERY_CASES * sizeof *o, o);
    int status = SC_OK;
    for (int i = BATTERY_CASES - 1; i >= 0; i--)
        if (o[i].status != SC_OK) status = o[i].status;
    for (int b = 0; b < bounds && status == SC_OK; b++) tally[b] = tally_of(key, o, b);
    free(o);
    return status;
}
