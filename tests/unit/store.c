#include "store.h"
#include "catalogue.h"
#include "divergence.h"
#include "folder.h"
#include "perturbation.h"

typedef struct {
    int *calls;
    double first;
    int status;
} job;

static int work(const void *ctx, int n, double *value)
{
    const job *j = ctx;
    ++*j->calls;
    for (int i = 0; i < n; i++) value[i] = j->first / (i + 3.0);
    return j->status;
}

static void what_is_kept_is_not_computed_again(void **state)
{
    (void)state;
    folder f = fresh();
    int calls = 0;
    job j = {&calls, 0.7, SC_OK};
    double a[3], b[3] = {0.0};
    store_key k = store_key_new();
    store_key_text(&k, "seven");
    assert_int_equal(store_fetch(f.s, k, work, &j, 3, a), SC_OK);
    assert_int_equal(store_fetch(f.s, k, work, &j, 3, b), SC_OK);
    assert_int_equal(calls, 1);
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(store_fetch(NULL, k, work, &j, 3, b), SC_OK);
    assert_int_equal(calls, 2);
    assert_int_equal(leave(&f), 1);
}

static void a_failure_is_not_kept(void **state)
{
    (void)state;
    folder f = fresh();
    int calls = 0;
    job j = {&calls, 0.7, SC_EACCURACY};
    double a[2];
    store_key k = store_key_new();
    assert_int_equal(store_fetch(f.s, k, work, &j, 2, a), SC_EACCURACY);
    j.status = SC_OK;
    assert_int_equal(store_fetch(f.s, k, work, &j, 2, a), SC_OK);
    assert_int_equal(calls, 2);
    leave(&f);
}

/* One bit, the order and the place of a boundary all make another key. */
static void keys_differ(void **state)
{
    (void)state;
    const double x[] = {1.0, 2.0}, y[] = {2.0, 1.0}, z[] = {1.0, 0x1.0000000000001p1};
    store_key k[5];
    for (int i = 0; i < 5; i++) k[i] = store_key_new();
    store_key_doubles(&k[0], 2, x);
    store_key_doubles(&k[1], 2, y);
    store_key_doubles(&k[2], 2, z);
    store_key_text(&k[3], "ab");
    store_key_text(&k[3], "c");
    store_key_text(&k[4], "a");
    store_key_text(&k[4], "bc");
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < i; j++) {
            assert_true(k[i].word[0] != k[j].word[0]);
            assert_true(k[i].word[1] != k[j].word[1]);
        }
}

static void a_folder_that_cannot_be_made_is_refused(void **state)
{
    (void)state;
    assert_null(store_open("/nowhere/at/all"));
}

static distances distances_of(const chain *c)
{
    distances d;
    assert_int_equal(divergence_chain(c, NULL, &d), SC_OK);
    return d;
}

/* The same bytes with and without a store, whoever computed; a law of its own for another score, start,
   scheme, process or data. */
static void laws_of_chains(void **state)
{
    (void)state;
    folder f = fresh();
    enum { STEPS = 6 };
    double t[STEPS + 1];
    target *M = catalogue_target(&CATALOGUE_M), *G = catalogue_target(&CATALOGUE_G);
    gmm *data = catalogue_gmm(&CATALOGUE_M);
    sde slower = sde_vp(0.1, 3.0, 2.0);
    perturbation wrong = {data, &SDE_OU, &PERTURBATION_COS3, 0.1};
    chain c = chain_uniform(M, &SDE_OU, &SAMPLER_EM, START_EXACT, STEPS, t);
    distances alone = distances_of(&c);
    c.kept = f.s;
    for (int i = 0; i < 2; i++) {
        distances d = distances_of(&c);
        assert_memory_equal(&d, &alone, sizeof d);
    }
    chain other[5] = {c, c, c, c, c};
    other[0].from = START_STANDARD;
    other[1].scheme = &SAMPLER_EI;
    other[2].data = G;
    other[3].perturb = perturbation_add;
    other[3].perturb_ctx = &wrong;
    other[4].forward = &slower;
    for (int i = 0; i < 5; i++)
        assert_true(enclosure_mid(distances_of(&other[i]).tv) !=
                    enclosure_mid(alone.tv));
    assert_int_equal(leave(&f), 6);
    target_free(M), target_free(G);
    gmm_free(data);
}

/* Nothing where M has mass. */
static void push_the_tails(const void *ctx, double t, long n, const double *x,
                           double *s)
{
    (void)ctx, (void)t;
    for (long i = 0; i < n; i++) s[i] -= fabs(x[i]) > 7.0 ? copysign(0.1, x[i]) : 0.0;
}

/* Two blends of the same schemes, another one of the same weight, and a score that differs in the tails only. */
static void laws_told_apart(void **state)
{
    (void)state;
    folder f = fresh();
    enum { STEPS = 4 };
    double t[STEPS + 1];
    target *M = catalogue_target(&CATALOGUE_M), *normal = target_gauss(0.7, 0.49);
    perturbation shift = {NULL, &SDE_OU, &PERTURBATION_CONST, 0.1};
    const sampler blend[] = {sampler_blend(&SAMPLER_EI, &SAMPLER_DDPM, 0.3),
                             sampler_blend(&SAMPLER_EI, &SAMPLER_DDPM, 0.6),
                             sampler_blend(&SAMPLER_EM, &SAMPLER_DDPM, 0.3)};
    for (int i = 0; i < LEN(blend); i++) {
        chain c = chain_uniform(normal, &SDE_OU, &blend[i], START_EXACT, STEPS, t);
        c.perturb = perturbation_add;
        c.perturb_ctx = &shift;
        distances alone = distances_of(&c);
        c.kept = f.s;
        distances d = distances_of(&c);
        assert_memory_equal(&d, &alone, sizeof d);
    }
    chain c = chain_uniform(M, &SDE_OU, &SAMPLER_EI, START_EXACT, STEPS, t);
    c.kept = f.s;
    distances_of(&c);
    c.perturb = push_the_tails;
    distances_of(&c);
    assert_int_equal(leave(&f), LEN(blend) + 2);
    target_free(M), target_free(normal);
}

/* What makes chains of its own keeps them too: an early stop one, a sweep the exact law and one of each shape. */
static void laws_inside(void **state)
{
    (void)state;
    folder f = fresh();
    target *M = catalogue_target(&CATALOGUE_M);
    gmm *data = catalogue_gmm(&CATALOGUE_M);
    const early_stop at = {1.0, 0.1, 0.4};
    const double eps = 0.1;
    const chain stop = {.data = M, .scheme = &SAMPLER_EI, .kept = f.s};
    early_stopped first, again;
    distances exact, d[PERTURBATION_SHAPES];
    assert_int_equal(divergence_early_stop(&stop, at, false, &first), SC_OK);
    assert_int_equal(divergence_early_stop(&stop, at, false, &again), SC_OK);
    assert_memory_equal(&first.kl, &again.kl, sizeof first.kl);
    assert_int_equal(perturbation_sweep(data, &SDE_OU, 6, 1, &eps, f.s, &exact, d),
                     SC_OK);
    assert_int_equal(leave(&f), 2 + PERTURBATION_SHAPES);
    target_free(M);
    gmm_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_not_computed_again),
        cmocka_unit_test(a_failure_is_not_kept),
        cmocka_unit_test(keys_differ),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_refused),
        cmocka_unit_test(laws_of_chains),
        cmocka_unit_test(laws_told_apart),
        cmocka_unit_test(laws_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
