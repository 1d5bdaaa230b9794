/* Mixtures in dimension d > 8: screening in single precision changes no bit, whatever the scale; its bound is needed;
 * the same bits for every instruction set and every batch. */
#include "gmm/internal.h"

#include "check.h"

#include <stdlib.h>

/* Deterministic numbers in (-1, 1), evenly spread; not meant to be random. */
static double weyl(long i)
{
    return 2.0 * fmod(0.618033988749894848 * (double)i, 1.0) - 1.0;
}

/* k components in R^d of standard deviations sd to 1.5 sd, the same in all directions, at scale * (-1, 1)^d. */
typedef struct {
    int k, d;
    double scale, sd;
} family;
static const family FAMILIES[] = {
    {1, 9, 1.0, 0.1},       {4, 9, 1.0, 0.1},         {5, 9, 1.0, 0.1},
    {8, 11, 1.0, 1e-3},     {9, 12, 1.0, 0.05},       {40, 9, 1.0, 0.4},
    {40, 64, 1.0, 1e-6},    {100, 20, 1.0, 2.0},      {100, 70, 1.0, 0.3},
    {33, 131, 1.0, 0.02},   {40, 30, 1e-150, 1e-151}, {40, 30, 1e150, 1e149},
    {40, 30, 1e140, 1e-10}, {40, 30, 1e-140, 1e-150}, {40, 30, 1e-20, 1e20},
};

static gmm *make(const family *f, gmm_shape shape)
{
    const long size = (long)f->k * f->d;
    double *mu = NEW_ARRAY(double, size), *var = NEW_ARRAY(double, size);
    double *v = NEW_ARRAY(double, f->k), *w = NEW_ARRAY(double, f->k);
    for (int i = 0; i < f->k; i++) {
        w[i] = i % 7 == 6 ? 0.0 : 1.0 + 0.5 * weyl(3L * i);
        v[i] = pow(f->sd * (1.25 + 0.25 * weyl(i)), 2.0);
    }
    for (long j = 0; j < size; j++)
        mu[j] = f->scale * weyl(j + 1), var[j] = v[j / f->d];
    gmm *p = shape == GMM_ISOTROPIC
                 ? gmm_new(f->k, f->d, w, mu, f->d, v)
                 : gmm_new_diagonal(f->k, f->d, w, mu, f->d, var, f->d);
    free(w), free(v), free(var), free(mu);
    return p;
}

/* Coordinate j of point n: at a mean, between two, near one, further and further out; NaN and infinities now and then. */
static double coordinate(const family *f, const gmm *p, int n, int j)
{
    static const double OUT[] = {1e3, 1e8, 1e20, 1e100},
                        NEAR[5] = {0.0, 0.0, 1.0, 3.0, 0.0};
    const double a = gmm_mean_of(p, n % f->k)[j], b = gmm_mean_of(p, n / 3 % f->k)[j];
    if (n % 19 == 7 && j == n % f->d) return n < 30 ? (double)NAN : HUGE_VAL;
    if (n % 11 == 10) return a + f->scale * OUT[n / 11 % LEN(OUT)] * weyl(n + j);
    if (n % 5 == 1) return 0.5 * (a + b);
    return a + NEAR[n % 5] * f->sd * weyl(7L * n + 11L * j);
}

enum { POINTS = 77 };
static double *points(const family *f, const gmm *p)
{
    double *x = NEW_ARRAY(double, (long)POINTS * f->d);
    for (int n = 0; n < POINTS; n++)
        for (int j = 0; j < f->d; j++) x[(long)n * f->d + j] = coordinate(f, p, n, j);
    return x;
}

/* Scores, then log p, of n points by one table of kernels; n x (d + 1), freed by the caller. */
static double *scored(const char *isa, const gmm *p, long n, const double *x)
{
    const int d = gmm_dim(p);
    double *found = NEW_ARRAY(double, n *(d + 1));
    kernel_points all = {.n = n, .x = x, .ldx = d, .s = found, .lds = d};
    all.logp = found + n * d;
    gmm_score_by(isa == NULL ? kernel_best() : kernel_named(isa), p, &all);
    return found;
}

/* The same bits, or both NaN. */
static void assert_same(long n, const double *a, const double *b)
{
    for (long i = 0; i < n; i++)
        if (!(isnan(a[i]) && isnan(b[i]))) assert_memory_equal(&a[i], &b[i], sizeof *a);
}

static void single_precision_changes_no_bit(void **state)
{
    (void)state;
    int screened = 0;
    for (int i = 0; i < LEN(FAMILIES); i++) {
        const family *f = &FAMILIES[i];
        gmm *p = make(f, GMM_ISOTROPIC);
        double *x = points(f, p), *single = scored(NULL, p, POINTS, x);
        screened += p->table.screen.mean != NULL;
        p->table.screen.mean = NULL;
        double *plain = scored(NULL, p, POINTS, x);
        assert_same((long)POINTS * (f->d + 1), single, plain);
        free(plain), free(single), free(x);
        gmm_free(p);
    }
    assert_true(screened >= LEN(FAMILIES) / 2);
}

/* log p and the score of one point by their definition in long double; weights as given. */
static long double defined(const gmm *p, const double *x, long double *s)
{
    const int k = gmm_components(p), d = gmm_dim(p);
    long double top = -HUGE_VALL, sum = 0.0L, *l = NEW_ARRAY(long double, k);
    for (int i = 0; i < k; i++) {
        const long double v = (long double)p->var[i * p->per];
        l[i] = logl((long double)p->w[i]) - 0.5L * d * logl(2.0L * acosl(-1.0L) * v);
        for (int j = 0; j < d; j++) {
            const long double z = (long double)gmm_mean_of(p, i)[j] - (long double)x[j];
            l[i] -= z * z / (2.0L * v);
        }
        top = fmaxl(top, l[i]);
    }
    for (int j = 0; j < d; j++) s[j] = 0.0L;
    for (int i = 0; i < k; i++) {
        const long double r = expl(l[i] - top);
        sum += r;
        for (int j = 0; j < d; j++)
            s[j] += r * ((long double)gmm_mean_of(p, i)[j] - (long double)x[j]) /
                    (long double)p->var[i * p->per];
    }
    for (int j = 0; j < d; j++) s[j] /= sum;
    free(l);
    return top + logl(sum);
}

/* At every scale, as far as it goes where rounding x decides: 1e-11 of a score and of sqrt(d)/sd. */
static void every_scale_agrees_with_the_definition(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * LEN(FAMILIES); i++) {
        const family *f = &FAMILIES[i / 2];
        gmm *p = make(f, i % 2 == 0 ? GMM_ISOTROPIC : GMM_DIAGONAL);
        double *x = points(f, p), *found = scored(NULL, p, POINTS, x);
        long double *s = NEW_ARRAY(long double, f->d);
        for (int n = 0; n < POINTS; n++) {
            if (n % 5 == 1 || n % 11 == 10 || n % 19 == 7) continue;
            const double logp = (double)defined(p, x + (long)n * f->d, s);
            assert_near(found[(long)POINTS * f->d + n], logp,
                        1e-11 * (1.0 + fabs(logp)));
            for (int j = 0; j < f->d; j++) {
                const double exact = (double)s[j];
                assert_near(found[(long)n * f->d + j], exact,
                            1e-11 * (sqrt(f->d) / f->sd + fabs(exact)));
            }
        }
        free(s), free(found), free(x);
        gmm_free(p);
    }
}

static void instruction_sets_and_batches_give_the_same_bits(void **state)
{
    (void)state;
    static const char *const ISA[] = {"baseline", "avx2", "avx512"};
    for (int c = 0; c < 2 * LEN(FAMILIES) * LEN(ISA); c++) {
        const family *f = &FAMILIES[c / 2 / LEN(ISA)];
        if (kernel_named(ISA[c % LEN(ISA)]) == NULL) continue;
        gmm *p = make(f, c / LEN(ISA) % 2 == 0 ? GMM_ISOTROPIC : GMM_DIAGONAL);
        double *x = points(f, p), *base = scored("baseline", p, POINTS, x);
        double *found = scored(ISA[c % LEN(ISA)], p, POINTS, x);
        assert_same((long)POINTS * (f->d + 1), found, base);
        for (int n = 0; n < POINTS; n++) {
            double *one = scored(ISA[c % LEN(ISA)], p, 1, x + (long)n * f->d);
            assert_same(f->d, one, base + (long)n * f->d);
            assert_same(1, one + f->d, base + (long)POINTS * f->d + n);
            free(one);
        }
        free(found), free(base), free(x);
        gmm_free(p);
    }
}

/* Batches whose scores go past the caches: the bits of each point alone, wherever its row begins. */
static void large_batches_give_the_same_bits(void **state)
{
    (void)state;
    enum { N = GMM_BLOCK, HIGH = 517, LD = HIGH + 2 };
    static const char *const ISA[] = {"baseline", "avx2", "avx512"};
    const family f = {8, HIGH, 1.0, 0.1};
    gmm *p = make(&f, GMM_ISOTROPIC);
    double *x = NEW_ARRAY(double, (long)N *HIGH), *s = NEW_ARRAY(double, (long)N *LD);
    for (int n = 0; n < N; n++)
        for (int j = 0; j < HIGH; j++)
            x[(long)n * HIGH + j] =
                gmm_mean_of(p, n % f.k)[j] + f.sd * weyl(7L * n + 11L * j);
    for (int c = 0; c < LEN(ISA); c++) {
        if (kernel_named(ISA[c]) == NULL) continue;
        const kernel_points all = {.n = N, .x = x, .ldx = HIGH, .s = s + 1, .lds = LD};
        gmm_score_by(kernel_named(ISA[c]), p, &all);
        for (int n = 0; n < N; n += 7) {
            double *one = scored(NULL, p, 1, x + (long)n * HIGH);
            assert_same(HIGH, s + 1 + (long)n * LD, one);
            free(one);
        }
        for (long n = 0; n < N; n++)
            assert_true(s[n * LD] == 0.0 && s[n * LD + HIGH + 1] == 0.0);
    }
    free(s), free(x);
    gmm_free(p);
}

/* Rounding at its worst. b = mu_30 = (a, t, .., t) with t^2 a little below 2^-25: in single precision |b|^2 comes out as
   a^2 < 1, every t^2 being lost, so that at x = mu_30 the component mu_0 = (a, 0, .., 0) seems to be the nearer one by
   199 t^2 = 94 2^-24, with reason to doubt only if the bound is not some 18 times too small. Odd components are the
   negatives, so that the mean of the means is 0. */
static void the_bound_of_single_precision_is_needed(void **state)
{
    (void)state;
    enum { N = 200, MANY = 32, NEAREST = 30 };
    const double a = 1.0 - 0x1p-10, t = 0x1.6p-13;
    static double mu[MANY][N];
    double v[MANY], w[MANY], s[N];
    for (int i = 0; i < MANY; i++) {
        const double sign = i % 2 == 0 ? 1.0 : -1.0;
        v[i] = 1e-10, w[i] = 1.0;
        if (i / 2 == 0 || i / 2 == NEAREST / 2)
            mu[i][0] = sign * a;
        else
            mu[i][i / 2] = 0.5 * sign;
        for (int j = 1; j < N && i / 2 == NEAREST / 2; j++) mu[i][j] = sign * t;
    }
    gmm *p = gmm_new(MANY, N, w, mu[0], N, v);
    assert_non_null(p->table.screen.mean);
    gmm_score(p, 1, mu[NEAREST], N, NULL, s, N);
    for (int j = 0; j < N; j++) assert_true(s[j] == 0.0);
    gmm_free(p);
}

/* Two means at the same distance count alike: between them the score is 0. */
static void ties_are_kept(void **state)
{
    (void)state;
    enum { N = 40, MANY = 40 };
    static double mu[MANY][N];
    double v[MANY], w[MANY], s[N], logp, x[N] = {0.0};
    for (int i = 0; i < MANY; i++) {
        v[i] = 1e-8, w[i] = 1.0;
        mu[i][i / 2] = i % 2 == 0 ? 1.0 : -1.0;
        if (i / 2 > 0) mu[i][0] = 1.0;
    }
    gmm *p = gmm_new(MANY, N, w, mu[0], N, v);
    assert_non_null(p->table.screen.mean);
    gmm_score(p, 1, x, N, &logp, s, N);
    for (int j = 0; j < N; j++) assert_true(s[j] == 0.0);
    assert_close(logp, log(2.0 / MANY) - 0.5 * N * log(2e-8 * SC_PI) - 0.5e8, 1e-15);
    gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_precision_changes_no_bit),
        cmocka_unit_test(every_scale_agrees_with_the_definition),
        cmocka_unit_test(instruction_sets_and_batches_give_the_same_bits),
        cmocka_unit_test(large_batches_give_the_same_bits),
        cmocka_unit_test(the_bound_of_single_precision_is_needed),
        cmocka_unit_test(ties_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
