/* Identities of the score, its Jacobian and its divergence; shapes that coincide; the diffusion
 * semigroup; accuracy against long double; the same bytes however the points are split. */
#include "gmm/internal.h"

#include "check.h"
#include "reference.h"

#include <omp.h>

#include <stdlib.h>
#include <string.h>

/* ---- Mixtures ---------------------------------------------------------------- */

enum { D = 3, K = 3, LD = 5 };

static const double W[K] = {0.5, 1.0, 0.5};
static const double MU[K][LD] = {{-1.0, 0.5, 0.0}, {1.5, 0.0, -0.3}, {0.2, -1.0, 1.1}};

static gmm *isotropic(void)
{
    return gmm_new(K, D, W, MU[0], LD, (const double[]){0.3, 0.7, 0.2});
}

static gmm *diagonal(void)
{
    static const double VAR[K][D] = {{0.3, 0.5, 0.4}, {0.7, 0.2, 1.0}, {0.2, 0.3, 0.6}};
    return gmm_new_diagonal(K, D, W, MU[0], LD, VAR[0], D);
}

static gmm *full(void)
{
    static const double COV[K][D][D] = {
        {{0.5, 0.2, -0.1}, {0.2, 0.6, 0.1}, {-0.1, 0.1, 0.4}},
        {{0.9, -0.3, 0.2}, {-0.3, 0.5, 0.0}, {0.2, 0.0, 1.1}},
        {{0.3, 0.1, 0.0}, {0.1, 0.7, -0.2}, {0.0, -0.2, 0.6}},
    };
    gmm *p = NULL;
    assert_int_equal(gmm_new_full(K, D, W, MU[0], LD, COV[0][0], &p), SC_OK);
    return p;
}

typedef gmm *make(void);
static make *const SHAPES[] = {isotropic, diagonal, full};

/* 0.3 N(-1, 0.25) + 0.7 N(1.5, 0.64): the mixture of the reference values. */
static gmm *line_bumps(void)
{
    return gmm_new(2, 1, (const double[]){0.3, 0.7}, (const double[]){-1.0, 1.5}, 1,
                   (const double[]){0.25, 0.64});
}

static double log_density(const gmm *p, const double *x)
{
    double logp;
    gmm_score(p, 1, x, gmm_dim(p), &logp, NULL, 0);
    return logp;
}

/* Deterministic numbers in (-1, 1), evenly spread; not meant to be random. */
static double weyl(long i)
{
    return 2.0 * fmod(0.618033988749894848 * (double)i, 1.0) - 1.0;
}

/* ---- Identities --------------------------------------------------------------- */

/* (f(x+h) - f(x-h)) / 2h and its Richardson extrapolation: error O(h^4). */
static const double H = 1e-3;

static void score_is_the_gradient_of_the_log_density(void **state)
{
    (void)state;
    for (int m = 0; m < LEN(SHAPES); m++) {
        gmm *p = SHAPES[m]();
        double x[D] = {0.4, -0.2, 0.1};
        double s[D];
        gmm_score(p, 1, x, D, NULL, s, D);
        for (int j = 0; j < D; j++) {
            double slope[2];
            for (int e = 0; e < 2; e++) {
                double y[D];
                memcpy(y, x, sizeof y);
                y[j] = x[j] + (1 + e) * H;
                slope[e] = log_density(p, y);
                y[j] = x[j] - (1 + e) * H;
                slope[e] = (slope[e] - log_density(p, y)) / (2.0 * (1 + e) * H);
            }
            assert_near(s[j], (4.0 * slope[0] - slope[1]) / 3.0, 1e-9);
        }
        gmm_free(p);
    }
}

static void jacobian_is_the_derivative_of_the_score(void **state)
{
    (void)state;
    for (int m = 0; m < LEN(SHAPES); m++) {
        gmm *p = SHAPES[m]();
        static const double STEP[4] = {-1.0, 1.0, -2.0, 2.0};
        const double x[D] = {0.4, -0.2, 0.1};
        double J[D][LD];
        gmm_jacobian(p, x, J[0], LD);
        for (int k = 0; k < D; k++) {
            double y[4][D]; /* x -+ H, x -+ 2H along axis k */
            double s[4][D];
            for (int e = 0; e < 4; e++) {
                memcpy(y[e], x, sizeof x);
                y[e][k] += STEP[e] * H;
            }
            gmm_score(p, 4, y[0], D, NULL, s[0], D);
            for (int j = 0; j < D; j++) {
                double near = (s[1][j] - s[0][j]) / (2.0 * H);
                double far = (s[3][j] - s[2][j]) / (4.0 * H);
                assert_near(J[j][k], (4.0 * near - far) / 3.0, 1e-8);
                assert_near(J[j][k], J[k][j], 1e-14);
            }
        }
        gmm_free(p);
    }
}

static void divergence_is_the_trace_of_the_jacobian(void **state)
{
    (void)state;
    for (int m = 0; m < LEN(SHAPES); m++) {
        gmm *p = SHAPES[m]();
        for (int i = 0; i < 20; i++) {
            double x[D] = {-3.0 + 0.3 * i, 0.5 - 0.1 * i, 0.07 * i};
            double J[D][D];
            double div;
            gmm_jacobian(p, x, J[0], D);
            gmm_divergence(p, 1, x, D, &div);
            assert_near(div, J[0][0] + J[1][1] + J[2][2], 1e-13 * (1.0 + fabs(div)));
        }
        gmm_free(p);
    }
}

/* E s = 0, E X s = -1, E s' = -E s^2 by the trapezoid rule, which converges geometrically. */
static void expectations_of_the_score(void **state)
{
    (void)state;
    gmm *p = line_bumps();
    const double dx = 1.0 / 64;
    double mass = 0.0, mean = 0.0, xs = 0.0, ss = 0.0, div = 0.0;
    for (int i = -20 * 64; i <= 20 * 64; i++) {
        double x = i * dx, logp, s, ds;
        gmm_score(p, 1, &x, 1, &logp, &s, 1);
        gmm_divergence(p, 1, &x, 1, &ds);
        double dp = exp(logp) * dx;
        mass += dp;
        mean += dp * s;
        xs += dp * x * s;
        ss += dp * s * s;
        div += dp * ds;
    }
    assert_near(mass, 1.0, 1e-14);
    assert_near(mean, 0.0, 1e-14);
    assert_near(xs, -1.0, 1e-14);
    assert_near(div, -ss, 1e-13);
    gmm_free(p);
}

/* ---- Shapes --------------------------------------------------------------------- */

static void shapes_agree_where_they_coincide(void **state)
{
    (void)state;
    const double v[K] = {0.3, 0.7, 0.2};
    double var[K][D];
    double cov[K][D][D] = {0};
    for (int i = 0; i < K; i++)
        for (int j = 0; j < D; j++) var[i][j] = cov[i][j][j] = v[i];
    gmm *p[3] = {isotropic(), gmm_new_diagonal(K, D, W, MU[0], LD, var[0], D), NULL};
    assert_int_equal(gmm_new_full(K, D, W, MU[0], LD, cov[0][0], &p[2]), SC_OK);
    for (int i = 0; i < 30; i++) {
        double x[D] = {-6.0 + 0.4 * i, 0.1 * i, 2.0 - 0.2 * i};
        double s[3][D], logp[3], div[3];
        for (int m = 0; m < 3; m++) {
            gmm_score(p[m], 1, x, D, &logp[m], s[m], D);
            gmm_divergence(p[m], 1, x, D, &div[m]);
            assert_near(logp[m], logp[0], 1e-13 * (1.0 + fabs(logp[0])));
            assert_near(div[m], div[0], 1e-13 * (1.0 + fabs(div[0])));
            for (int j = 0; j < D; j++)
                assert_near(s[m][j], s[0][j], 1e-13 * (1.0 + fabs(s[0][j])));
        }
    }
    for (int m = 0; m < 3; m++) gmm_free(p[m]);
}

static void covariances_are_checked(void **state)
{
    (void)state;
    gmm *p = NULL;
    const double w = 1.0, mu[2] = {0.0, 0.0};
    const double indefinite[4] = {1.0, 2.0, 2.0, 1.0};
    const double lopsided[4] = {1.0, 0.5, 0.0, 1.0};
    assert_int_equal(gmm_new_full(1, 2, &w, mu, 2, indefinite, &p), SC_EDOMAIN);
    assert_int_equal(gmm_new_full(1, 2, &w, mu, 2, lopsided, &p), SC_EDOMAIN);
    assert_null(p);
}

static void parts_can_be_read_back(void **state)
{
    (void)state;
    gmm *p = diagonal();
    double c[D][LD];
    assert_int_equal(gmm_dim(p), D);
    assert_int_equal(gmm_components(p), K);
    assert_int_equal(gmm_shape_of(p), GMM_DIAGONAL);
    assert_true(gmm_weight(p, 1) == 0.5);
    assert_true(gmm_mean_of(p, 2)[1] == -1.0);
    gmm_cov_of(p, 1, c[0], LD);
    assert_true(c[0][0] == 0.7 && c[1][1] == 0.2 && c[2][2] == 1.0 && c[0][1] == 0.0);
    gmm_free(p);
}

/* Where the kernels of high dimension take over: three shapes, d = 20, at points near and between
   the means, where from one to all of the components count. */
static void shapes_agree_in_high_dimension(void **state)
{
    (void)state;
    enum { HIGH = 20, MANY = 40, POINTS = 50 };
    static double mu[MANY * HIGH], v[MANY], w[MANY], var[MANY * HIGH];
    static double cov[MANY * HIGH * HIGH], x[POINTS * HIGH], s[3][POINTS * HIGH];
    double logp[3][POINTS];
    for (int i = 0; i < MANY; i++) {
        w[i] = 1.0 + 0.5 * weyl(i);
        v[i] = 0.5 + 0.01 * i;
        for (int j = 0; j < HIGH; j++) {
            mu[i * HIGH + j] = weyl(HIGH * i + j);
            var[i * HIGH + j] = cov[(i * HIGH + j) * HIGH + j] = v[i];
        }
    }
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < HIGH; j++)
            x[i * HIGH + j] = 0.1 * i * weyl(3L * i + 7L * j);
    gmm *p[3] = {gmm_new(MANY, HIGH, w, mu, HIGH, v),
                 gmm_new_diagonal(MANY, HIGH, w, mu, HIGH, var, HIGH), NULL};
    assert_int_equal(gmm_new_full(MANY, HIGH, w, mu, HIGH, cov, &p[2]), SC_OK);
    for (int m = 0; m < 3; m++) {
        gmm_score(p[m], POINTS, x, HIGH, logp[m], s[m], HIGH);
        for (int i = 0; i < POINTS; i++)
            assert_near(logp[m][i], logp[0][i], 1e-13 * (1.0 + fabs(logp[0][i])));
        for (int i = 0; i < POINTS * HIGH; i++)
            assert_near(s[m][i], s[0][i], 1e-13 * (1.0 + fabs(s[0][i])));
        gmm_free(p[m]);
    }
}

/* ---- Diffusion ------------------------------------------------------------------ */

/* (m1, s1) then (m2, s2) is (m1 m2, m2^2 s1 + s2). */
static void diffusing_twice_is_diffusing_once(void **state)
{
    (void)state;
    const double m1 = 0.8, s1 = 0.3, m2 = 0.9, s2 = 0.15;
    for (int m = 0; m < LEN(SHAPES); m++) {
        gmm *p = SHAPES[m]();
        gmm *half = gmm_diffuse(p, m1, s1);
        gmm *twice = gmm_diffuse(half, m2, s2);
        gmm *once = gmm_diffuse(p, m1 * m2, m2 * m2 * s1 + s2);
        assert_int_equal(gmm_shape_of(twice), gmm_shape_of(p));
        const double x[D] = {0.7, -0.4, 1.3};
        double s[2][D], logp[2];
        gmm_score(twice, 1, x, D, &logp[0], s[0], D);
        gmm_score(once, 1, x, D, &logp[1], s[1], D);
        assert_near(logp[0], logp[1], 1e-14);
        for (int j = 0; j < D; j++) assert_near(s[0][j], s[1][j], 1e-13);
        gmm_free(once);
        gmm_free(twice);
        gmm_free(half);
        gmm_free(p);
    }
}

/* Mean and covariance of m X + sqrt(s2) Z are m E X and m^2 Cov X + s2 I. */
static void moments_follow_the_diffusion(void **state)
{
    (void)state;
    for (int m = 0; m < LEN(SHAPES); m++) {
        gmm *p = SHAPES[m]();
        gmm *q = gmm_diffuse(p, 0.6, 0.4);
        double mean[2][D], cov[2][D][D];
        gmm_moments(p, mean[0], cov[0][0], D);
        gmm_moments(q, mean[1], cov[1][0], D);
        assert_near(mean[0][0], 0.25 * -1.0 + 0.5 * 1.5 + 0.25 * 0.2, 1e-15);
        for (int a = 0; a < D; a++) {
            assert_near(mean[1][a], 0.6 * mean[0][a], 1e-15);
            for (int b = 0; b < D; b++)
                assert_near(cov[1][a][b], 0.36 * cov[0][a][b] + (a == b ? 0.4 : 0.0),
                            1e-15);
        }
        gmm_free(q);
        gmm_free(p);
    }
}

/* Atoms have no density, but diffused they have: two atoms at -+1, m = 1, v: the score is
   (tanh(x/v) - x)/v. */
static void atoms_can_be_diffused(void **state)
{
    (void)state;
    gmm *p = gmm_new(2, 1, (const double[]){1.0, 1.0}, (const double[]){-1.0, 1.0}, 1,
                     (const double[]){0.0, 0.0});
    const double v = 0.3;
    gmm *q = gmm_diffuse(p, 1.0, v);
    for (int i = -20; i <= 20; i++) {
        double x = 0.1 * i, s;
        gmm_score(q, 1, &x, 1, NULL, &s, 1);
        assert_near(s, (tanh(x / v) - x) / v, 1e-14);
    }
    gmm_free(q);
    gmm_free(p);
}

/* ---- Accuracy ------------------------------------------------------------------- */

/* The score by its definition in long double, isotropic with one variance. */
static void direct_score(int k, int d, const double *mu, double v, const double *x,
                         long double *s)
{
    long double top = -HUGE_VALL, sum = 0.0L;
    long double *l = malloc((size_t)k * sizeof *l);
    for (int i = 0; i < k; i++) {
        l[i] = 0.0L;
        for (int j = 0; j < d; j++) {
            long double z = (long double)x[j] - (long double)mu[i * d + j];
            l[i] -= z * z / (2.0L * (long double)v);
        }
        top = fmaxl(top, l[i]);
    }
    for (int j = 0; j < d; j++) s[j] = 0.0L;
    for (int i = 0; i < k; i++) {
        long double r = expl(l[i] - top);
        sum += r;
        for (int j = 0; j < d; j++)
            s[j] +=
                r * ((long double)mu[i * d + j] - (long double)x[j]) / (long double)v;
    }
    for (int j = 0; j < d; j++) s[j] /= sum;
    free(l);
}

/* Largest |s - direct| over sqrt(d)/sigma, the size of the score, at points within about sigma of
   a mean. */
static double worst_error(int k, int d, double sigma, int points)
{
    double *mu = malloc((size_t)(k * d) * sizeof *mu);
    double *var = malloc((size_t)k * sizeof *var);
    double *w = malloc((size_t)k * sizeof *w);
    double *x = malloc((size_t)d * sizeof *x);
    double *s = malloc((size_t)d * sizeof *s);
    long double *exact = malloc((size_t)d * sizeof *exact);
    for (long i = 0; i < (long)k * d; i++) mu[i] = weyl(i + 1);
    for (int i = 0; i < k; i++) var[i] = sigma * sigma, w[i] = 1.0;
    gmm *p = gmm_new(k, d, w, mu, d, var);
    double worst = 0.0;
    for (int n = 0; n < points; n++) {
        for (int j = 0; j < d; j++)
            x[j] = mu[(n % k) * d + j] + sigma * weyl(7L * d * n + 11L * j + 5);
        gmm_score(p, 1, x, d, NULL, s, d);
        direct_score(k, d, mu, var[0], x, exact);
        for (int j = 0; j < d; j++)
            worst = fmax(worst, fabs((double)((long double)s[j] - exact[j])));
    }
    gmm_free(p);
    free(exact);
    free(s);
    free(x);
    free(w);
    free(var);
    free(mu);
    return worst / (sqrt(d) / sigma);
}

static void small_sigma_keeps_its_digits(void **state)
{
    (void)state;
    assert_near(worst_error(4, 2, 0.05, 40), 0.0, 1e-12);
    assert_near(worst_error(300, 64, 0.05, 40), 0.0, 1e-12);
    assert_near(worst_error(300, 64, 5e-4, 40), 0.0, 1e-11);
    assert_near(worst_error(8, 1024, 0.05, 10), 0.0, 1e-12);
    assert_near(worst_error(300, 16, 3.0, 40), 0.0, 1e-13); /* every component counts */
}

/* Far out the nearest component alone counts: s = (mu_i - x)/v_i, and nothing overflows. */
static void tails_stay_finite(void **state)
{
    (void)state;
    gmm *p = line_bumps();
    for (int sign = -1; sign <= 1; sign += 2) {
        double x = sign * 1e6, logp, s, div;
        gmm_score(p, 1, &x, 1, &logp, &s, 1);
        gmm_divergence(p, 1, &x, 1, &div);
        assert_close(s, (1.5 - x) / 0.64, 1e-14);
        assert_true(isfinite(logp) && logp < -1e11);
        assert_close(div, -1.0 / 0.64, 1e-14);
    }
    gmm_free(p);
}

/* Weights of 2^-990 .. 2^-1074 and below: the far component adds nothing, and no NaN. */
static void denormal_weights_are_flushed(void **state)
{
    (void)state;
    gmm *p = gmm_new(2, 1, (const double[]){1.0, 1.0}, (const double[]){0.0, 30.0}, 1,
                     (const double[]){1.0, 1.0});
    for (int i = 0; i < 300; i++) {
        double x = -9.0 + 0.01 * i, s; /* weight e^{-(450 - 30 x)} */
        gmm_score(p, 1, &x, 1, NULL, &s, 1);
        assert_near(s, -x, 1e-14);
    }
    gmm_free(p);
}

static void a_component_of_weight_zero_is_absent(void **state)
{
    (void)state;
    gmm *p = gmm_new(2, 1, (const double[]){0.0, 2.0}, (const double[]){0.0, 1.0}, 1,
                     (const double[]){1.0, 0.5});
    double x = 0.3, s, logp;
    gmm_score(p, 1, &x, 1, &logp, &s, 1);
    assert_near(s, (1.0 - x) / 0.5, 1e-15);
    assert_near(logp, -0.49 - 0.5 * log(SC_PI), 1e-15);
    gmm_free(p);
}

/* ---- Batches ---------------------------------------------------------------------- */

/* A mixture for every kernel: low and high dimension, three shapes. */
static gmm *for_kernel(int d, gmm_shape shape)
{
    enum { MANY = 20, MOST = 12 };
    double mu[MANY * MOST], var[MANY * MOST], w[MANY];
    double cov[MANY * MOST * MOST];
    for (int i = 0; i < MANY; i++) {
        w[i] = 1.0;
        for (int a = 0; a < d; a++) {
            mu[i * d + a] = weyl(5L * i + a);
            var[i * d + a] = 0.3 + 0.2 * weyl(i + 3L * a);
            for (int b = 0; b < d; b++)
                cov[(i * d + a) * d + b] = a == b ? 1.0 : 0.5 / d;
        }
    }
    gmm *p = NULL;
    if (shape == GMM_ISOTROPIC) p = gmm_new(MANY, d, w, mu, d, var);
    if (shape == GMM_DIAGONAL) p = gmm_new_diagonal(MANY, d, w, mu, d, var, d);
    if (shape == GMM_FULL)
        assert_int_equal(gmm_new_full(MANY, d, w, mu, d, cov, &p), SC_OK);
    return p;
}

/* Points of a batch one by one, in odd pieces, with another leading dimension: same bits. */
static void a_batch_equals_its_points(void **state)
{
    (void)state;
    enum { N = 2500, MOST = 12, WIDE = 15 };
    static const int DIMS[] = {3, 12};
    static double x[N * MOST], s[N * MOST], logp[N], piece[N * MOST];
    for (long i = 0; i < (long)N * MOST; i++) x[i] = 4.0 * weyl(i + 1);
    for (int c = 0; c < 3 * LEN(DIMS); c++) {
        const int d = DIMS[c / 3];
        gmm *p = for_kernel(d, (gmm_shape)(c % 3));
        gmm_score(p, N, x, d, logp, s, d);
        for (long i = 0; i < N; i += 7) {
            double wide[WIDE], one[WIDE], l;
            memcpy(wide, x + i * d, (size_t)d * sizeof *x);
            gmm_score(p, 1, wide, WIDE, &l, one, WIDE);
            assert_memory_equal(one, s + i * d, (size_t)d * sizeof *s);
            assert_memory_equal(&l, logp + i, sizeof l);
        }
        gmm_score(p, 1111, x + 37L * d, d, NULL, piece, d);
        assert_memory_equal(piece, s + 37L * d, sizeof(double) * (size_t)(1111 * d));
        gmm_free(p);
    }
}

/* The kernels against the definition, s = sum r_i g_i, in every dimension and shape. */
static void kernels_agree_with_the_definition(void **state)
{
    (void)state;
    enum { MOST = 12, MANY = 20 };
    for (int c = 0; c < 3 * MOST; c++) {
        const int d = 1 + c / 3;
        gmm *p = for_kernel(d, (gmm_shape)(c % 3));
        for (int n = 0; n < 20; n++) {
            double x[MOST], s[MOST], expected[MOST] = {0.0}, r[MANY], g[MOST], logp;
            for (int j = 0; j < d; j++) x[j] = 0.2 * n * weyl(13L * n + j);
            double l = gmm_posterior(p, x, r, g);
            for (int i = 0; i < MANY; i++) {
                gmm_pull(p, i, x, g);
                for (int j = 0; j < d; j++) expected[j] += r[i] * g[j];
            }
            gmm_score(p, 1, x, d, &logp, s, d);
            assert_near(logp, l, 1e-13 * (1.0 + fabs(l)));
            for (int j = 0; j < d; j++)
                assert_near(s[j], expected[j], 1e-13 * (1.0 + fabs(expected[j])));
        }
        gmm_free(p);
    }
}

/* Every instruction set this machine has gives the bits of the baseline, for 1, 2, 3 and 7
   threads. */
static void instruction_sets_and_threads_give_the_same_bits(void **state)
{
    (void)state;
    enum { N = 3 * GMM_BLOCK + 100, MOST = 12 };
    static const char *const ISA[] = {"baseline", "avx2", "avx512"};
    static const int DIMS[] = {1, 2, 3, 8, 9, 12};
    static const int THREADS[] = {1, 2, 3, 7};
    static double x[N * MOST], s[2][N * MOST], logp[2][N], div[2][N];
    for (int i = 0; i < N * MOST; i++) x[i] = 3.0 * weyl(i + 1);
    for (int c = 0; c < LEN(DIMS) * 3 * LEN(ISA); c++) {
        const int d = DIMS[c / 3 / LEN(ISA)];
        const kernel *isa = kernel_named(ISA[c % LEN(ISA)]);
        if (isa == NULL) continue;
        gmm *p = for_kernel(d, (gmm_shape)(c / LEN(ISA) % 3));
        for (int b = 0; b < 2; b++) {
            kernel_points points = {.n = N, .x = x, .ldx = d, .lds = d};
            points.logp = logp[b];
            points.s = s[b];
            if (d <= KERNEL_LOW) points.div = div[b];
            omp_set_num_threads(b == 0 ? 1 : THREADS[c % LEN(THREADS)]);
            gmm_score_by(b == 0 ? kernel_named("baseline") : isa, p, &points);
        }
        assert_memory_equal(s[0], s[1], sizeof(double) * (size_t)(N * d));
        assert_memory_equal(logp[0], logp[1], sizeof logp[0]);
        assert_memory_equal(div[0], div[1], sizeof div[0]);
        gmm_free(p);
    }
}

/* k components on the line or in the plane, no two alike. */
static gmm *few_components(int k, int d, gmm_shape shape)
{
    enum { MOST = 9 };
    double w[MOST], mu[MOST * 2], var[MOST * 2];
    for (int i = 0; i < k; i++) w[i] = 1.0 + i;
    for (int i = 0; i < k * d; i++) {
        mu[i] = 2.0 * weyl(i + 1);
        var[i] = 0.3 + 0.2 * weyl(3L * i);
    }
    return shape == GMM_ISOTROPIC ? gmm_new(k, d, w, mu, d, var)
                                  : gmm_new_diagonal(k, d, w, mu, d, var, d);
}

/* What is contiguous, and with few components unrolled, equals what is not, on every instruction set; a NaN stays in
   its point. */
static void few_components_change_no_bit(void **state)
{
    (void)state;
    enum { N = 203, WIDE = 3, ILL = 100, CASES = 9 * 2 * 2 * 3 };
    static const char *const ISA[] = {"baseline", "avx2", "avx512"};
    double x[2 * N], s[2 * N], logp[N], wide[WIDE * N], swide[WIDE * N], lwide[N];
    for (int c = 0; c < CASES; c++) {
        const int k = 1 + c % 9, d = 1 + c / 9 % 2;
        const kernel *isa = kernel_named(ISA[c / 36]);
        if (isa == NULL) continue;
        gmm *p = few_components(k, d, c / 18 % 2 == 0 ? GMM_ISOTROPIC : GMM_DIAGONAL);
        for (long i = 0; i < (long)N * d; i++)
            x[i] = wide[i / d * WIDE + i % d] = 3.0 * weyl(i + 1);
        x[(long)ILL * d] = wide[(long)ILL * WIDE] = (double)NAN;
        const kernel_points close = {
            .n = N, .x = x, .ldx = d, .logp = logp, .s = s, .lds = d};
        const kernel_points apart = {
            .n = N, .x = wide, .ldx = WIDE, .logp = lwide, .s = swide, .lds = WIDE};
        gmm_score_by(isa, p, &close);
        gmm_score_by(kernel_named("baseline"), p, &apart);
        for (long i = 0; i < N; i++) {
            const bool nan = i == ILL;
            assert_true(nan ? isnan(logp[i]) && isnan(s[i * d]) : logp[i] == lwide[i]);
            for (int j = 0; j < d && !nan; j++)
                assert_true(s[i * d + j] == swide[i * WIDE + j]);
        }
        gmm_free(p);
    }
}

/* A NaN stays where it is: in its own point. */
static void a_nan_is_confined_to_its_point(void **state)
{
    (void)state;
    for (int d = 2; d <= 12; d += 10) {
        gmm *p = for_kernel(d, GMM_ISOTROPIC);
        double x[3][12], s[3][12], logp[3];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < d; j++) x[i][j] = weyl(i + j);
        x[1][d - 1] = (double)NAN;
        gmm_score(p, 3, x[0], 12, logp, s[0], 12);
        for (int j = 0; j < d; j++) {
            assert_true(isfinite(s[0][j]) && isfinite(s[2][j]));
            assert_true(isnan(s[1][j]));
        }
        assert_true(isfinite(logp[0]) && isnan(logp[1]) && isfinite(logp[2]));
        gmm_free(p);
    }
}

static void equal_weights(void **state)
{
    (void)state;
    const double mu[] = {1.0, -2.0, 0.5, 3.0, 0.0, 4.0};
    const double w[] = {7.0, 7.0, 7.0}, v[] = {0.3, 0.3, 0.3}, x[] = {0.2, 0.1};
    gmm *p = gmm_new_equal(3, 2, mu, 0.3), *q = gmm_new(3, 2, w, mu, 2, v);
    double logp[2], s[2][2];
    gmm_score(p, 1, x, 2, &logp[0], s[0], 2);
    gmm_score(q, 1, x, 2, &logp[1], s[1], 2);
    assert_true(logp[0] == logp[1]);
    assert_memory_equal(s[0], s[1], sizeof s[0]);
    gmm_free(q), gmm_free(p);
}

static void x2y(const void *ctx, long n, const double *x, double *f)
{
    (void)ctx;
    for (long i = 0; i < n; i++) f[i] = x[2 * i] * x[2 * i] * x[2 * i + 1];
}

static void absolute_x(const void *ctx, long n, const double *x, double *f)
{
    for (long i = 0; i < n; i++) f[i] = fabs(x[2 * i] - *(const double *)ctx);
}

/* E X^2 Y = sum w_i (a_i^2 + v_i) b_i, to rounding: the trapezoid rule is spectrally accurate. */
static void plane_means_are_moments(void **state)
{
    (void)state;
    const double w[2] = {0.25, 0.75}, mu[4] = {1.0, -0.5, -0.7, 2.0};
    const double v[2] = {0.09, 0.25};
    gmm *p = gmm_new(2, 2, w, mu, 2, v);
    gmm_plane *plane = gmm_plane_new(6.0, 0.1, x2y, NULL);
    enclosure mean;
    assert_int_equal(gmm_plane_mean(plane, p, &mean), SC_OK);
    double exact = 0.0;
    for (long i = 0; i < 2; i++)
        exact += w[i] * (mu[2 * i] * mu[2 * i] + v[i]) * mu[2 * i + 1];
    assert_near(enclosure_mid(mean), exact, 1e-13);
    assert_true(enclosure_halfwidth(mean) < 1e-12);
    gmm_plane_free(plane);
    gmm_free(p);
}

/* E|X - c| = sd (2/pi)^{1/2} for the centre c: enclosed wherever the kink lies between the nodes. */
static void plane_means_enclose_a_kink(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        const double c = weyl(i), mu[2] = {c, 0.0}, w = 1.0, v = 0.09;
        gmm *p = gmm_new(1, 2, &w, mu, 2, &v);
        gmm_plane *plane = gmm_plane_new(4.0, 0.1, absolute_x, &c);
        enclosure mean;
        assert_int_equal(gmm_plane_mean(plane, p, &mean), SC_OK);
        double exact = 0.3 * sqrt(2.0 / SC_PI);
        assert_true(mean.lo <= exact && exact <= mean.hi);
        assert_true(enclosure_halfwidth(mean) < 0.1 * exact);
        gmm_plane_free(plane);
        gmm_free(p);
    }
}

static void planes_too_small_or_coarse_are_refused(void **state)
{
    (void)state;
    const double w = 1.0, mu[2] = {0.0, 0.0}, v = 0.09;
    const double reach[] = {1.2, 3.0}, h[] = {0.1, 0.5};
    gmm *p = gmm_new(1, 2, &w, mu, 2, &v);
    for (int i = 0; i < 2; i++) {
        gmm_plane *plane = gmm_plane_new(reach[i], h[i], x2y, NULL);
        enclosure mean;
        assert_int_equal(gmm_plane_mean(plane, p, &mean), SC_EACCURACY);
        gmm_plane_free(plane);
    }
    gmm_free(p);
}

/* ---- The line --------------------------------------------------------------------- */

/* I(p_t) of the bumps under dX = -X dt + sqrt 2 dB, against 30-digit quadrature. */
static void fisher_information_has_its_reference_value(void **state)
{
    (void)state;
    const double times[] = {0.1, 0.5};
    const char *const ids[] = {"fisher_gm_t0.1", "fisher_gm_t0.5"};
    gmm *p = line_bumps();
    for (int i = 0; i < 2; i++) {
        double fisher, err;
        gmm *q = gmm_diffuse(p, exp(-times[i]), -expm1(-2.0 * times[i]));
        assert_int_equal(gmm_fisher(q, &fisher, &err), SC_OK);
        assert_near(fisher, reference_value("matching", ids[i]), err);
        assert_true(err < 1e-11);
        gmm_free(q);
    }
    gmm_free(p);
}

/* Increasing, and mu + {0, +-2, +-6} sd among them. */
static void breakpoints_are_sorted(void **state)
{
    (void)state;
    gmm *p = gmm_new(2, 1, (const double[]){1.0, 1.0}, (const double[]){0.0, 1.0}, 1,
                     (const double[]){1.0, 0.25});
    const double expected[] = {-6.0, -2.0, 0.0, 1.0, 2.0, 4.0, 6.0};
    double x[10];
    assert_int_equal(gmm_breakpoints(p, x), LEN(expected));
    for (int i = 0; i < LEN(expected); i++) assert_true(x[i] == expected[i]);
    gmm_free(p);
}

/* ---- Samples ----------------------------------------------------------------------- */

/* Point i is mu_c + L_c z with c and z from replicate first + i, whatever the batch. */
static void a_sample_is_built_from_its_replicate(void **state)
{
    (void)state;
    enum { N = 1500 };
    const rng_key key = rng_key_of(1, "gmm test");
    gmm *p = full();
    static double x[N][D], piece[N][LD];
    gmm_sample(p, key, 10, N, x[0], D);
    gmm_sample(p, key, 10 + 700, 300, piece[0], LD);
    for (int i = 0; i < 300; i++)
        assert_memory_equal(piece[i], x[700 + i], sizeof x[0]);
    for (int i = 0; i < N; i += 50) {
        rng r = rng_at(key, 10 + (uint64_t)i, GMM_STREAM);
        double z[D];
        int c = rng_index(&r, K, W);
        rng_normal(&r, D, z);
        for (int a = 0; a < D; a++) {
            double expected = p->mu[c * D + a];
            for (int b = 0; b <= a; b++)
                expected += p->root[(c * D + a) * D + b] * z[b];
            assert_near(x[i][a], expected, 1e-14);
        }
    }
    gmm_free(p);
}

/* Means and covariances of 200 000 draws within 5 standard errors (bounded by the largest
   fourth moment, about 10). */
static void samples_have_the_moments(void **state)
{
    (void)state;
    enum { N = 200000 };
    const rng_key key = rng_key_of(1, "gmm moments");
    double *x = malloc(sizeof(double[N][D]));
    for (int m = 0; m < LEN(SHAPES); m++) {
        gmm *p = SHAPES[m]();
        double mean[D], cov[D][D], sum[D] = {0.0}, sums[D][D] = {{0.0}};
        gmm_moments(p, mean, cov[0], D);
        gmm_sample(p, key, 0, N, x, D);
        for (long i = 0; i < N; i++)
            for (int a = 0; a < D; a++) {
                double za = x[i * D + a] - mean[a];
                sum[a] += za / N;
                for (int b = 0; b < D; b++)
                    sums[a][b] += za * (x[i * D + b] - mean[b]) / N;
            }
        for (int a = 0; a < D; a++) {
            assert_near(sum[a], 0.0, 5.0 * sqrt(cov[a][a] / N));
            for (int b = 0; b < D; b++)
                assert_near(sums[a][b], cov[a][b], 5.0 * sqrt(10.0 / N));
        }
        gmm_free(p);
    }
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_is_the_gradient_of_the_log_density),
        cmocka_unit_test(jacobian_is_the_derivative_of_the_score),
        cmocka_unit_test(divergence_is_the_trace_of_the_jacobian),
        cmocka_unit_test(expectations_of_the_score),
        cmocka_unit_test(shapes_agree_where_they_coincide),
        cmocka_unit_test(shapes_agree_in_high_dimension),
        cmocka_unit_test(covariances_are_checked),
        cmocka_unit_test(parts_can_be_read_back),
        cmocka_unit_test(diffusing_twice_is_diffusing_once),
        cmocka_unit_test(moments_follow_the_diffusion),
        cmocka_unit_test(atoms_can_be_diffused),
        cmocka_unit_test(small_sigma_keeps_its_digits),
        cmocka_unit_test(tails_stay_finite),
        cmocka_unit_test(denormal_weights_are_flushed),
        cmocka_unit_test(a_component_of_weight_zero_is_absent),
        cmocka_unit_test(a_batch_equals_its_points),
        cmocka_unit_test(equal_weights),
        cmocka_unit_test(plane_means_are_moments),
        cmocka_unit_test(plane_means_enclose_a_kink),
        cmocka_unit_test(planes_too_small_or_coarse_are_refused),
        cmocka_unit_test(kernels_agree_with_the_definition),
        cmocka_unit_test(instruction_sets_and_threads_give_the_same_bits),
        cmocka_unit_test(few_components_change_no_bit),
        cmocka_unit_test(fisher_information_has_its_reference_value),
        cmocka_unit_test(breakpoints_are_sorted),
        cmocka_unit_test(a_sample_is_built_from_its_replicate),
        cmocka_unit_test(samples_have_the_moments),
        cmocka_unit_test(a_nan_is_confined_to_its_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
