/* Copies and shares where they are known. */
#include "memorisation.h"
#include "catalogue.h"

#include "check.h"

#include <stdlib.h>

static const double DELTAS[] = {1e-6, 0.5};

static memorisation_setting setting(int d, int n, const gmm *law)
{
    return (memorisation_setting){.d = d,
                                  .n = n,
                                  .law = law,
                                  .T = 6.0,
                                  .times = 2,
                                  .delta = DELTAS,
                                  .sets = 2000};
}

/* At delta = 1e-6 all draws are copies and nearer to A; fresh draws have S = 1/2 and, in d = 2, F = 1/9. */
static void the_sampler_copies_and_the_law_does_not(void **state)
{
    (void)state;
    gmm *p = catalogue_clusters(2);
    const memorisation_setting s = setting(2, 64, p);
    memorisation *m = memorisation_run(&s, rng_key_of(1, "copies"));
    const int kinds[] = {MEMORISATION_SAMPLER, MEMORISATION_KDE};
    for (int i = 0; i < 2; i++) {
        enclosure f = memorisation_probability(m, kinds[i], MEMORISATION_COPY, 0, 1e-3);
        enclosure share =
            memorisation_probability(m, kinds[i], MEMORISATION_SHARE, 0, 1e-3);
        assert_true(enclosure_mid(f) > 0.97 && enclosure_mid(share) > 0.99);
    }
    enclosure f =
        memorisation_probability(m, MEMORISATION_FRESH, MEMORISATION_COPY, 0, 1e-6);
    assert_true(f.lo <= 1.0 / 9.0 && 1.0 / 9.0 <= f.hi &&
                enclosure_halfwidth(f) < 0.05);
    enclosure gap =
        memorisation_gap(m, MEMORISATION_FRESH, MEMORISATION_SHARE, 0, 1e-6);
    assert_true(gap.lo <= 0.0 && 0.0 <= gap.hi && enclosure_halfwidth(gap) < 0.1);
    enclosure b =
        memorisation_probability(m, MEMORISATION_SAMPLER, MEMORISATION_COPY_B, 0, 1e-6);
    assert_true(b.lo <= 1.0 / 9.0 && 1.0 / 9.0 <= b.hi);
    memorisation_free(m);
    gmm_free(p);
}

/* The sampler and the kernel estimate share atoms and noise; the numbers fit together. */
static void numbers_fit_together(void **state)
{
    (void)state;
    gmm *p = catalogue_clusters(2);
    const memorisation_setting s = setting(2, 64, p);
    memorisation *m = memorisation_run(&s, rng_key_of(1, "fit"));
    const double alpha = 1e-6;
    for (int k = 0; k < 2; k++) {
        enclosure less = memorisation_less_kde(m, MEMORISATION_SAMPLER,
                                               MEMORISATION_SHARE, k, alpha);
        assert_true(less.lo < 0.0 && 0.0 < less.hi && less.hi < 0.02);
    }
    /* As wide as for so many tosses of a coin, though sets differ in their share: one draw a set. */
    enclosure toss =
        memorisation_gap(m, MEMORISATION_FRESH, MEMORISATION_SHARE, 1, alpha);
    assert_close(enclosure_halfwidth(toss), 0.5 * 4.89 / sqrt((double)s.sets), 0.02);
    enclosure fall =
        memorisation_fall(m, MEMORISATION_SAMPLER, MEMORISATION_SHARE, 0, 1, alpha);
    enclosure far = memorisation_at(m, memorisation_gap, MEMORISATION_SAMPLER,
                                    MEMORISATION_SHARE, s.times, alpha);
    assert_true(fall.lo > 0.2 && far.hi > 0.49 && far.alpha == alpha);
    memorisation_free(m);
    gmm_free(p);
}

/* Parts of a pool: every row once, none twice; the third part is asked for by held_out. */
static void parts_are_disjoint(void **state)
{
    (void)state;
    enum { ROWS = 12 };
    double pool[ROWS];
    for (int i = 0; i < ROWS; i++) pool[i] = i;
    memorisation_setting s = setting(1, 4, NULL);
    s.pool = pool, s.pool_size = ROWS, s.held_out = true;
    int seen[ROWS] = {0};
    double *x = memorisation_parts(&s, rng_key_of(1, "parts"), 3);
    for (int i = 0; i < ROWS; i++) seen[(int)x[i]]++;
    for (int i = 0; i < ROWS; i++) assert_int_equal(seen[i], 1);
    free(x);
}

/* At delta -> 0 row j shows Z, beside it the training point it copies; distances belong to the images. */
static void the_gallery_shows_neighbours(void **state)
{
    (void)state;
    gmm *p = catalogue_clusters(2);
    const memorisation_setting s = setting(2, 64, p);
    double image[5][3][2], distance[5][3], copies, median;
    memorisation_gallery(&s, rng_key_of(1, "show"), 1e-6, 5, image[0][0], distance[0]);
    for (int j = 0; j < 5; j++) {
        for (int part = 0; part < 3; part++) {
            const double *z = image[j][0], *x = image[j][part];
            assert_near(hypot(z[0] - x[0], z[1] - x[1]), distance[j][part], 1e-14);
        }
        assert_true(distance[j][1] > 0.0 && distance[j][1] < distance[j][2]);
        assert_true(distance[j][1] < 0.01);
    }
    memorisation_held_out(&s, rng_key_of(1, "show"), &copies, &median);
    assert_true(copies > 0.0 && copies < 0.4 && median > 0.05 && median < 1.0);
    gmm_free(p);
}

static void the_start_costs_what_its_bound_says(void **state)
{
    (void)state;
    gmm *p = catalogue_clusters(2); /* E|X|^2 = 4 + 2/4 */
    double q = exp(-12.0);
    assert_close(memorisation_start_tv(p, 6.0),
                 0.5 * sqrt(4.5 * q - 2.0 * (q + log1p(-q))), 1e-9);
    gmm_free(p);
}

static void steps_keep_copies_and_shares(void **state)
{
    (void)state;
    gmm *p = catalogue_clusters(2);
    memorisation_setting s = setting(2, 16, p);
    const double end = 0.01;
    s.delta = &end, s.sets = 20;
    enclosure less[2];
    assert_int_equal(
        memorisation_stepped(&s, 0.05, 50, rng_key_of(1, "steps"), 1e-6, less), SC_OK);
    for (int q = 0; q < 2; q++)
        assert_true(less[q].lo < 0.0 && 0.0 < less[q].hi &&
                    enclosure_halfwidth(less[q]) < 0.1);
    assert_int_equal(
        memorisation_stepped(&s, 1e-3, 50, rng_key_of(1, "steps"), 1e-6, less),
        SC_EDOMAIN);
    gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sampler_copies_and_the_law_does_not),
        cmocka_unit_test(numbers_fit_together),
        cmocka_unit_test(parts_are_disjoint),
        cmocka_unit_test(the_gallery_shows_neighbours),
        cmocka_unit_test(the_start_costs_what_its_bound_says),
        cmocka_unit_test(steps_keep_copies_and_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
