/* gallery.c -- single points and their neighbours. */
#include "internal.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <stdlib.h>
#include <string.h>

static void copy_row(int d, const double *from, long row, double *to)
{
    memcpy(to, from + row * d, (size_t)d * sizeof *to);
}

void memorisation_gallery(const memorisation_setting *s, rng_key key, double delta,
                          int count, double *image, double *distance)
{
    const int d = s->d;
    const sde ou = sde_ou(s->T);
    double *a = memorisation_parts(s, key, 0), *b = a + (long)s->n * d;
    double *z = NEW_ARRAY(double, (long)count *d);
    neighbour *near = NEW_ARRAY(neighbour, 2L * count);
    const memorisation_sets c = {neighbour_new(s->n, d, a), neighbour_new(s->n, d, b)};
    const empirical e = law_empirical(&ou, delta, s->n, d, a);
    law_empirical_draw(&e, key, 0, count, z);
    neighbour_two(c.a, count, z, near);
    neighbour_two(c.b, count, z, near + count);
    for (long j = 0; j < count; j++, image += 3L * d) {
        copy_row(d, z, j, image);
        copy_row(d, a, near[j].first, image + d);
        copy_row(d, b, near[count + j].first, image + 2L * d);
        distance[3 * j] = 0.0;
        distance[3 * j + 1] = near[j].d1;
        distance[3 * j + 2] = near[count + j].d1;
    }
    memorisation_sets_free(c);
    free(near), free(z), free(a);
}

void memorisation_held_out(const memorisation_setting *s, rng_key key, double *copies,
                           double *median)
{
    double *a = memorisation_parts(s, key, 0), *d1 = NEW_ARRAY(double, s->n);
    neighbour *near = NEW_ARRAY(neighbour, s->n);
    neighbour_set *of_a = neighbour_new(s->n, s->d, a);
    neighbour_two(of_a, s->n, a + (long)s->n * s->d, near);
    *copies = 0.0;
    for (int i = 0; i < s->n; i++) {
        d1[i] = near[i].d1;
        *copies += neighbour_is_copy(near[i]) / (double)s->n;
    }
    gsl_sort(d1, 1, (size_t)s->n);
    *median = gsl_stats_median_from_sorted_data(d1, 1, (size_t)s->n);
    neighbour_free(of_a);
    free(near), free(d1), free(a);
}
