/* run.c -- the replicates: sets, draws, comparisons, counts. */
#include "bound.h"
#include "internal.h"
#include "rank.h"

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

void memorisation_compare(memorisation_sets c, long count, const double *z, hits *hit)
{
    neighbour *a = NEW_ARRAY(neighbour, 2 * count), *b = a + count;
    neighbour_two(c.a, count, z, a);
    neighbour_two(c.b, count, z, b);
    for (long j = 0; j < count; j++) {
        hit[j].of[MEMORISATION_COPY] = neighbour_is_copy(a[j]);
        hit[j].of[MEMORISATION_SHARE] = a[j].d1 < b[j].d1;
        hit[j].of[MEMORISATION_COPY_B] = neighbour_is_copy(b[j]);
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

/* z: X_0 of the law p, forward to delta with the noise g */
static void diffuse(const sde *ou, double delta, int d, const double *x0,
                    const double *g, double *z)
{
    const double m = sde_scale(ou, delta), sd = sqrt(sde_var(ou, delta));
    for (int i = 0; i < d; i++) z[i] = m * x0[i] + sd * g[i];
}

/* z: one point of each kind at every delta, kinds x times x d. */
static void draw_points(const memorisation_setting *s, rng_key key, uint64_t r,
                        const double *x, double *z)
{
    const int d = s->d;
    const long kind = (long)s->times * d;
    const sde ou = sde_ou(s->T);
    double *x0 = NEW_ARRAY(double, 2L * d), *g = x0 + d;
    const empirical_start begun = memorisation_start(1, d);
    const empirical begin = law_empirical(&ou, 0.0, s->n, d, x);
    law_empirical_begin(&begin, key, r, &begun);
    if (s->law != NULL) gmm_sample(s->law, key, FRESH + r, 1, x0, d);
    rng_normal_rows(key, r, MEMORISATION_NOISE, 0, 1, d, g, d);
    for (int k = 0; k < s->times; k++, z += d) {
        const empirical end = law_empirical(&ou, s->delta[k], s->n, d, x);
        law_empirical_end(&end, &begun, z, z + kind);
        if (s->law != NULL) diffuse(&ou, s->delta[k], d, x0, g, z + 2 * kind);
    }
    memorisation_start_free(&begun);
    free(x0);
}

static void run_replicate(const memorisation *m, rng_key key, uint64_t r)
{
    const memorisation_setting *s = m->s;
    const int kinds = s->law != NULL ? MEMORISATION_KINDS : MEMORISATION_FRESH;
    const long points = (long)kinds * s->times;
    double *x = memorisation_parts(s, key, r), *z = NEW_ARRAY(double, points * s->d);
    hits *hit = NEW_ARRAY(hits, points);
    const memorisation_sets c = memorisation_sets_of(s, x);
    draw_points(s, key, r, x, z);
    memorisation_compare(c, points, z, hit);
    for (long j = 0; j < points; j++) m->z[j * s->sets + (long)r] = hit[j];
    memorisation_sets_free(c);
    free(hit), free(z), free(x);
}

double memorisation_start_tv(const gmm *law, double T)
{
    const int d = gmm_dim(law);
    double *mean = NEW_ARRAY(double, d), *cov = NEW_ARRAY(double, (long)d *d), m2 = 0.0;
    gmm_moments(law, mean, cov, d);
    for (long k = 0; k < d; k++) m2 += mean[k] * mean[k] + cov[k * d + k];
    free(cov), free(mean);
    return bound_vp_noise_tv(m2, d, 2.0 * T); /* OU at T is VP at B = 2T */
}

memorisation *memorisation_run(const memorisation_setting *s, rng_key key)
{
    REQUIRE((s->law != NULL) != (s->pool != NULL) && s->sets >= 2);
    memorisation *m = NEW(memorisation);
    const long all = s->sets * s->times * MEMORISATION_KINDS;
    const rank_share mine = rank_divide();
    *m = (memorisation){s, NEW_ARRAY(hits, all)};
#pragma omp parallel for default(none) shared(m, s, key, mine) schedule(dynamic)
    for (long r = mine.first; r < s->sets; r += mine.step)
        run_replicate(m, key, (uint64_t)r);
    rank_gather(mine, (size_t)all * sizeof *m->z, m->z);
    return m;
}

void memorisation_free(memorisation *m)
{
    if (m == NULL) return;
    free(m->z);
    free(m);
}
