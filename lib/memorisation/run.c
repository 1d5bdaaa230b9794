/* run.c -- the replicates: sets, draws, comparisons, counts. */
#include "bound.h"
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is drawn under one key, for all replicates. */
enum { POOL_STREAM = 0x706f6f6c }; /* "pool" */
/* Replicates of fresh draws, away from those of the sets. */
#define FRESH ((uint64_t)1 << 48)

static int parts(const memorisation_setting *s) { return s->held_out ? 3 : 2; }

double *memorisation_parts(const memorisation_setting *s, rng_key key, uint64_t r)
{
    const int rows = parts(s) * s->n, d = s->d;
    double *x = NEW_ARRAY(double, (long)rows *d);
    if (s->law != NULL) {
        gmm_sample(s->law, key, r * (uint64_t)rows, rows, x, d);
        return x;
    }
    REQUIRE(rows <= s->pool_size);
    rng at = rng_at(key, r, POOL_STREAM);
    int *chosen = NEW_ARRAY(int, rows);
    rng_choose(&at, s->pool_size, rows, chosen);
    for (long i = 0; i < rows; i++)
        memcpy(x + i * d, s->pool + (long)chosen[i] * d, (size_t)d * sizeof *x);
    free(chosen);
    return x;
}

memorisation_sets memorisation_sets_of(const memorisation_setting *s, const double *x)
{
    const double *a = x + (s->held_out ? (long)s->n * s->d : 0);
    return (memorisation_sets){neighbour_new(s->n, s->d, a),
                               neighbour_new(s->n, s->d, a + (long)s->n * s->d)};
}

void memorisation_sets_free(memorisation_sets c)
{
    neighbour_free(c.a), neighbour_free(c.b);
}

void memorisation_compare(memorisation_sets c, long count, const double *z, bool *hit)
{
    neighbour *a = NEW_ARRAY(neighbour, 2 * count), *b = a + count;
    neighbour_two(c.a, count, z, a);
    neighbour_two(c.b, count, z, b);
    for (long j = 0; j < count; j++, hit += MEMORISATION_STATISTICS) {
        hit[MEMORISATION_COPY] = neighbour_is_copy(a[j]);
        hit[MEMORISATION_SHARE] = a[j].d1 < b[j].d1;
        hit[MEMORISATION_COPY_B] = neighbour_is_copy(b[j]);
    }
    free(a);
}

empirical_start memorisation_start(int count, int d)
{
    double *y = NEW_ARRAY(double, 2L * count * d);
    int *atom = NEW_ARRAY(int, 2L * count);
    return (empirical_start){count, y, y + (long)count * d, atom, atom + count};
}

void memorisation_start_free(const empirical_start *e) { free(e->y), free(e->atom); }

/* What one draw adds to a tally; hit[kind]: its statistics as a draw of that kind. */
static void add(const bool *const hit[MEMORISATION_KINDS], tally *t)
{
    for (int kind = 0; kind < MEMORISATION_KINDS; kind++)
        for (int q = 0; q < MEMORISATION_STATISTICS; q++) {
            const bool here = hit[kind][q], kde = hit[MEMORISATION_KDE][q];
            t->hits[kind][q] += here;
            t->only[kind][q] += here && !kde;
            t->only_kde[kind][q] += kde && !here;
        }
}

/* z: X_0 of the law p, forward to delta with the noise g */
static void diffuse(const sde *ou, double delta, long size, const double *x0,
                    const double *g, double *z)
{
    const double m = sde_scale(ou, delta), sd = sqrt(sde_var(ou, delta));
    for (long i = 0; i < size; i++) z[i] = m * x0[i] + sd * g[i];
}

/* z: points of one kind, draws x d at every delta in turn; three kinds, one after the other. */
static void draw_points(const memorisation_setting *s, rng_key key, uint64_t first,
                        const double *x, double *z)
{
    const long size = (long)s->draws * s->d, kind = s->times * size;
    const sde ou = sde_ou(s->T);
    double *x0 = NEW_ARRAY(double, 2 * size), *g = x0 + size;
    const empirical_start begun = memorisation_start(s->draws, s->d);
    const empirical begin = law_empirical(&ou, 0.0, s->n, s->d, x);
    law_empirical_begin(&begin, key, first, &begun);
    if (s->law != NULL) gmm_sample(s->law, key, FRESH + first, s->draws, x0, s->d);
    rng_normal_rows(key, first, MEMORISATION_NOISE, 0, s->draws, s->d, g, s->d);
    for (int k = 0; k < s->times; k++, z += size) {
        const empirical end = law_empirical(&ou, s->delta[k], s->n, s->d, x);
        law_empirical_end(&end, &begun, z, z + kind);
        if (s->law != NULL) diffuse(&ou, s->delta[k], size, x0, g, z + 2 * kind);
    }
    memorisation_start_free(&begun);
    free(x0);
}

static void run_replicate(const memorisation *m, rng_key key, uint64_t r)
{
    const memorisation_setting *s = m->s;
    const long kind = (long)s->times * s->draws;
    const int kinds = s->law != NULL ? MEMORISATION_KINDS : MEMORISATION_FRESH;
    double *x = memorisation_parts(s, key, r),
           *z = NEW_ARRAY(double, MEMORISATION_KINDS *kind * s->d);
    bool *hit = NEW_ARRAY(bool, MEMORISATION_KINDS *kind *MEMORISATION_STATISTICS);
    const memorisation_sets c = memorisation_sets_of(s, x);
    draw_points(s, key, r * (uint64_t)s->draws, x, z);
    memorisation_compare(c, kinds * kind, z, hit);
    for (long j = 0; j < kind; j++) {
        const bool *of[MEMORISATION_KINDS];
        for (int i = 0; i < MEMORISATION_KINDS; i++)
            of[i] = hit + (i * kind + j) * MEMORISATION_STATISTICS;
        add(of, &m->of[j / s->draws * s->sets + (long)r]);
    }
    memorisation_sets_free(c);
    free(hit), free(z), free(x);
}

double memorisation_start_tv(const memorisation_setting *s)
{
    const int d = s->d;
    REQUIRE(s->law != NULL);
    double *mean = NEW_ARRAY(double, d), *cov = NEW_ARRAY(double, (long)d *d), m2 = 0.0;
    gmm_moments(s->law, mean, cov, d);
    for (long k = 0; k < d; k++) m2 += mean[k] * mean[k] + cov[k * d + k];
    free(cov), free(mean);
    return bound_vp_noise_tv(m2, d, 2.0 * s->T); /* OU at T is VP at B = 2T */
}

memorisation *memorisation_run(const memorisation_setting *s, rng_key key)
{
    REQUIRE((s->law != NULL) != (s->pool != NULL) && s->sets >= 2 && s->draws >= 1);
    memorisation *m = NEW(memorisation);
    *m = (memorisation){s, NEW_ARRAY(tally, s->times * s->sets)};
#pragma omp parallel for default(none) shared(m, s, key) schedule(dynamic)
    for (long r = 0; r < s->sets; r++) run_replicate(m, key, (uint64_t)r);
    return m;
}

void memorisation_free(memorisation *m)
{
    if (m == NULL) return;
    free(m->of);
    free(m);
}
