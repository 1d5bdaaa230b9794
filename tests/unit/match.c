/* The reference values of the entries implicit_ and denoising_score_matching; DSM by components against
 * the double integral; the posterior against Tweedie; the losses by cubature that is exact for them. */
#include "match.h"
#include "quad.h"
#include "sde.h"

#include "check.h"
#include "reference.h"

/* ---- Fields and targets of the chapter ------------------------------------------- */

/* s = -theta x + 0.7 sin 2x */
static void wavy(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                 int lds)
{
    double theta = *(const double *)ctx;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++)
            s[i * lds + j] = -theta * x[i * ldx + j] + 0.7 * sin(2.0 * x[i * ldx + j]);
}

static void wavy_slope(const void *ctx, int d, const double *x, double *J, int ldj)
{
    (void)d, (void)ldj;
    J[0] = -*(const double *)ctx + 1.4 * cos(2.0 * x[0]);
}

static field wavy_field(const double *theta)
{
    return (field){"wavy", wavy, wavy_slope, theta};
}

static target *bumps(void) /* G = 0.3 N(-1, 0.25) + 0.7 N(1.5, 0.64) */
{
    gmm *p = gmm_new(2, 1, (const double[]){0.3, 0.7}, (const double[]){-1.0, 1.5}, 1,
                     (const double[]){0.25, 0.64});
    target *g = target_mixture(p);
    gmm_free(p);
    return g;
}

static target *three_atoms(void) /* A3 */
{
    return target_atoms(3, (const double[]){0.5, 0.3, 0.2},
                        (const double[]){-1.0, 0.2, 1.0});
}

static noised at(const target *data, double t)
{
    return (noised){data, sde_scale(&SDE_OU, t), sde_var(&SDE_OU, t)};
}

/* ---- Reference values --------------------------------------------------------------- */

typedef int objective(const noised *x, const field *s, double *value, double *err);

/* The value of the reference, to within the bound it comes with, and a useful bound. */
static void expect(objective *J, const char *id, double t, double theta)
{
    target *g = bumps();
    noised x = at(g, t);
    field s = wavy_field(&theta);
    double value = NAN, err = NAN, known = reference_value("matching", id);
    assert_int_equal(J(&x, &s, &value, &err), SC_OK);
    assert_near(value, known, err + reference_error("matching", id) + 1e-15);
    assert_true(err > 0.0 && err < 1e-11);
    target_free(g);
}

static int fisher(const noised *x, const field *s, double *value, double *err)
{
    (void)s;
    return match_fisher(x, value, err);
}

static void references(void **state)
{
    (void)state;
    expect(fisher, "fisher_gm_t0.1", 0.1, 0.0);
    expect(fisher, "fisher_gm_t0.5", 0.5, 0.0);
    expect(match_esm, "esm_gm_t0.1_th0.4", 0.1, 0.4);
    expect(match_esm, "esm_gm_t0.5_th1.3", 0.5, 1.3);
    expect(match_ism, "ism_gm_t0.1_th0.4", 0.1, 0.4);
    expect(match_ism, "ism_gm_t0.5_th0.4", 0.5, 0.4);
    expect(match_ism, "ism_gm_t0.5_th1.3", 0.5, 1.3);
    expect(match_dsm, "dsm_gm_t0.1_th0.4", 0.1, 0.4);
    expect(match_dsm, "dsm_gm_t0.5_th1.3", 0.5, 1.3);
}

static void atoms(void **state)
{
    (void)state;
    target *a = three_atoms();
    noised x = at(a, 0.1);
    double theta = 1.3, esm = NAN, dsm = NAN, err;
    field s = wavy_field(&theta);
    assert_int_equal(match_esm(&x, &s, &esm, &err), SC_OK);
    assert_int_equal(match_dsm(&x, &s, &dsm, &err), SC_OK);
    assert_near(esm, 0.63115657122763, 1e-14);
    assert_near(dsm, 3.8433622874715, 1e-13);
    target_free(a);
}

/* ---- The joint law -------------------------------------------------------------------- */

typedef struct {
    noised x;
    field s;
} denoising;

/* |sigma s(m x0 + sigma z) + z|^2, whose mean is s2 J_DSM: 002 (4.14) */
static void weighted_square(const void *ctx, double x0, int n, const double *z,
                            double *y)
{
    const denoising *c = ctx;
    double sigma = sqrt(c->x.s2);
    for (int i = 0; i < n; i++) {
        double xt = c->x.m * x0 + sigma * z[i], s;
        c->s.eval(c->s.ctx, 1, 1, &xt, 1, &s, 1);
        y[i] = pow(sigma * s + z[i], 2);
    }
}

static double weighted(const noised *x, const double *theta)
{
    denoising c = {*x, wavy_field(theta)};
    double value = NAN, err;
    assert_int_equal(match_expectation(x, weighted_square, &c, &value, &err), SC_OK);
    assert_true(err < 1e-11);
    return value;
}

static void double_integral(void **state)
{
    (void)state;
    double theta = 1.3;
    field s = wavy_field(&theta);
    target *data[] = {bumps(), three_atoms(), target_uniform(-1.0, 1.0),
                      target_laplace(0.3, 0.8)};
    noised g = at(data[0], 0.5);
    assert_near(weighted(&g, &theta), reference_value("matching", "dsm_weighted_gm"),
                1e-13);
    for (int i = 0; i < LEN(data); i++) {
        noised x = at(data[i], 0.5);
        double dsm = NAN, err;
        assert_int_equal(match_dsm(&x, &s, &dsm, &err), SC_OK);
        assert_near(weighted(&x, &theta), x.s2 * dsm, 1e-12);
        target_free(data[i]);
    }
}

/* Moments of X_0 and Z under the double integral, a component's and a density's. */
static void moments(const void *ctx, double x0, int n, const double *z, double *y)
{
    (void)ctx;
    for (int i = 0; i < n; i++) y[i] = x0 * x0 * (1.0 + z[i] * z[i] + z[i]);
}

static void joint_moments(void **state)
{
    (void)state;
    target *data[] = {bumps(), three_atoms(), target_uniform(-1.0, 2.0)};
    for (int i = 0; i < LEN(data); i++) {
        noised x = at(data[i], 0.5);
        double value = NAN, err = NAN, mean = target_mean(data[i]);
        assert_int_equal(match_expectation(&x, moments, NULL, &value, &err), SC_OK);
        assert_near(value, 2.0 * (target_variance(data[i]) + mean * mean), err + 1e-14);
        target_free(data[i]);
    }
}

/* Both displayed constants: J_DSM - J_ESM = 1/s2 - I(p_t) = (m^2/s2^2) E Var(X_0 | X_t). */
static void constants(void **state)
{
    (void)state;
    target *data[] = {bumps(), three_atoms(), target_uniform(-1.0, 1.0)};
    double theta = 0.4;
    field s = wavy_field(&theta);
    for (int i = 0; i < LEN(data); i++) {
        noised x = at(data[i], 0.1);
        double esm = NAN, dsm = NAN, information = NAN, var = NAN, err;
        assert_int_equal(match_esm(&x, &s, &esm, &err), SC_OK);
        assert_int_equal(match_dsm(&x, &s, &dsm, &err), SC_OK);
        assert_int_equal(match_fisher(&x, &information, &err), SC_OK);
        assert_int_equal(match_posterior_variance(&x, &var, &err), SC_OK);
        assert_near(dsm - esm, 1.0 / x.s2 - information, 1e-11);
        assert_near(dsm - esm, x.m * x.m / (x.s2 * x.s2) * var, 1e-11);
        target_free(data[i]);
    }
}

/* Tweedie: m E[X_0 | x] = x + s2 score, m^2 Var(X_0 | x) = s2 + s2^2 score'. */
static void posterior(void **state)
{
    (void)state;
    target *data[] = {bumps(), three_atoms(), target_uniform(-1.0, 1.0),
                      target_laplace(0.3, 0.8)};
    static const double X[] = {-4.0, -1.0, 0.37, 3.0};
    for (int i = 0; i < LEN(data); i++) {
        noised x = at(data[i], 0.1);
        for (int j = 0; j < LEN(X); j++) {
            double mean = NAN, var = NAN, s, ds;
            assert_int_equal(match_posterior(&x, X[j], &mean, &var), SC_OK);
            target_score(data[i], x.m, x.s2, 1, &X[j], NULL, &s, &ds);
            assert_near(x.m * mean, X[j] + x.s2 * s, 1e-12);
            assert_near(x.m * x.m * var, x.s2 + x.s2 * x.s2 * ds, 1e-12);
        }
    }
    noised x = at(data[0], 0.1);
    double mean = NAN, var = NAN;
    assert_int_equal(match_posterior(&x, 0.37, &mean, &var), SC_OK);
    assert_near(x.m * mean, reference_value("matching", "tweedie_gm_t0.1"), 1e-14);
    x = at(data[0], 0.5);
    assert_int_equal(match_posterior(&x, 0.37, &mean, &var), SC_OK);
    assert_near(x.m * mean, reference_value("matching", "tweedie_gm_t0.5"), 1e-14);
    assert_near(x.m * x.m * var, 0.420222987250278, 1e-14);
    for (int i = 0; i < LEN(data); i++) target_free(data[i]);
}

/* ---- Over time ------------------------------------------------------------------------ */

static int square(const void *ctx, double t, double *value, double *err)
{
    (void)ctx;
    *value = t * t;
    *err = 1e-3;
    return SC_OK;
}

static int failing(const void *ctx, double t, double *value, double *err)
{
    (void)ctx, (void)t;
    *value = *err = 0.0;
    return SC_EACCURACY;
}

/* The value, and the bounds of the integrand carried along: int 1e-3 dt <= err. */
static void over_time(void **state)
{
    (void)state;
    double value = NAN, err = NAN;
    assert_int_equal(match_over_time(square, NULL, 0.5, 2.0, &value, &err), SC_OK);
    assert_near(value, (8.0 - 0.125) / 3.0, 1e-12);
    assert_true(err >= 1e-3 * 1.5 && err < 5e-3);
    assert_int_equal(match_over_time(failing, NULL, 0.5, 2.0, &value, &err),
                     SC_EDOMAIN);
}

/* l(s_q, x) = KL at t0 - KL at T, and the references. */
static void denoising_loss(void **state)
{
    (void)state;
    static const struct {
        double sd, x;
        const char *id;
    } CASES[] = {{0.0, 0.35, "dsmloss_x0.35_sd0.0"},
                 {0.2, -0.9, "dsmloss_x-0.9_sd0.2"}};
    static const double W[] = {1.0, 1.0, 1.0}, MU[] = {-0.7, 0.1, 0.6};
    for (int i = 0; i < LEN(CASES); i++) {
        double v = CASES[i].sd * CASES[i].sd, one = 1.0, value = NAN, err = NAN;
        gmm *p = gmm_new(3, 1, W, MU, 1, (const double[]){v, v, v});
        target *q = target_mixture(p), *point = target_atoms(1, &one, &CASES[i].x);
        match_flow c = {point, q, &SDE_OU, match_dsm};
        assert_int_equal(match_flow_loss(&c, 0.05, 1.0, &value, &err), SC_OK);
        assert_close(value, reference_value("matching", CASES[i].id), 1e-12);
        noised first = at(q, 0.05), last = at(q, 1.0);
        double kl[2];
        assert_int_equal(match_kernel_kl(&first, CASES[i].x, &kl[0], &err), SC_OK);
        assert_int_equal(match_kernel_kl(&last, CASES[i].x, &kl[1], &err), SC_OK);
        assert_close(value, kl[0] - kl[1], 1e-12);
        gmm_free(p);
        target_free(q);
        target_free(point);
    }
}

/* KL(N(m x, s2) | N(m a, m^2 v + s2)) in closed form. */
static void kernel_divergence(void **state)
{
    (void)state;
    target *q = target_gauss(0.3, 1.7);
    noised n = {q, 0.8, 0.4};
    double x = -1.1, value = NAN, err, var = 0.64 * 1.7 + 0.4;
    double gap = 0.8 * (x - 0.3);
    assert_int_equal(match_kernel_kl(&n, x, &value, &err), SC_OK);
    assert_close(value, 0.5 * (0.4 / var - 1.0 - log(0.4 / var) + gap * gap / var),
                 1e-13);
    target_free(q);
}

/* In the plane: for N(0, diag) and s = -Bx every integral is closed. */
static void linear(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                   int lds);
static void linear_jacobian(const void *ctx, int d, const double *x, double *J,
                            int ldj);

static void plane(void **state)
{
    (void)state;
    static const double A[2][2] = {{1.2, 0.3}, {-0.5, 0.9}}, V[2] = {1.5, 0.7};
    gmm *p = gmm_new_diagonal(1, 2, (const double[]){1.0}, (const double[]){0.0, 0.0},
                              2, V, 2);
    field s = {"-Ax", linear, linear_jacobian, A};
    enclosure ism, esm, information;
    assert_int_equal(match_plane(p, &s, &ism, &esm, &information), SC_OK);
    double square = 0.0, gap = 0.0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            double b = A[i][j] - (i == j ? 1.0 / V[i] : 0.0);
            square += A[i][j] * A[i][j] * V[j];
            gap += b * b * V[j];
        }
    assert_near(enclosure_mid(ism), square - 2.0 * (A[0][0] + A[1][1]), 1e-12);
    assert_near(enclosure_mid(esm), gap, 1e-12);
    assert_near(enclosure_mid(information), 1.0 / V[0] + 1.0 / V[1], 1e-12);
    assert_true(enclosure_halfwidth(esm) < 1e-11);
    gmm_free(p);
}

/* ---- Losses -------------------------------------------------------------------------- */

static const double SIGMA[2][2] = {{1.5, 0.4}, {0.4, 0.7}};
static const double B[2][2] = {{1.2, 0.3}, {-0.5, 0.9}};

/* s = -A x, A 2 x 2 in ctx. */
static void linear(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                   int lds)
{
    const double *A = ctx;
    (void)d;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < 2; j++)
            s[i * lds + j] = -A[2L * j] * x[i * ldx] - A[2L * j + 1] * x[i * ldx + 1];
}

static void linear_jacobian(const void *ctx, int d, const double *x, double *J, int ldj)
{
    const double *A = ctx;
    (void)x;
    for (int j = 0; j < d; j++)
        for (int k = 0; k < d; k++) J[j * ldj + k] = -A[j * d + k];
}

/* The points +-sqrt(2) L e_j, Sigma = L L^T: their mean is exact for polynomials of degree 3. */
static void cubature(double *x)
{
    double l00 = sqrt(SIGMA[0][0]), l10 = SIGMA[1][0] / l00;
    double l11 = sqrt(SIGMA[1][1] - l10 * l10);
    const double L[2][2] = {{l00, l10}, {0.0, l11}}; /* rows: L e_j */
    for (int j = 0; j < 2; j++)
        for (int k = 0; k < 2; k++) {
            x[(2 * j) * 2 + k] = sqrt(2.0) * L[j][k];
            x[(2 * j + 1) * 2 + k] = -sqrt(2.0) * L[j][k];
        }
}

static double mean4(const double *y) { return (y[0] + y[1] + y[2] + y[3]) / 4.0; }

static void losses(void **state)
{
    (void)state;
    double det = SIGMA[0][0] * SIGMA[1][1] - SIGMA[0][1] * SIGMA[1][0];
    const double P[2][2] = {{SIGMA[1][1] / det, -SIGMA[0][1] / det},
                            {-SIGMA[1][0] / det, SIGMA[0][0] / det}};
    field s = {"-Bx", linear, linear_jacobian, B}, u = {"score", linear, NULL, P};
    double x[8], loss[4];
    cubature(x);
    match_ism_loss(&s, 4, 2, x, loss);
    assert_near(mean4(loss), reference_value("matching", "ism_lin_d2"), 1e-14);
    match_esm_loss(&s, &u, 4, 2, x, loss);
    assert_near(mean4(loss), reference_value("matching", "esm_lin_d2"), 1e-14);

    /* slices +-sqrt(2) e_j: E v v^T = I */
    double r = sqrt(2.0), v[8] = {r, 0.0, -r, 0.0, 0.0, r, 0.0, -r}, same[8];
    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 8; j++) same[j] = x[(j % 2) + 2 * i];
        match_ssm_loss(&s, 4, 2, same, v, loss);
        sum += mean4(loss) / 4.0;
    }
    assert_near(sum, reference_value("matching", "ism_lin_d2"), 1e-14);
    /* one oblique slice sees the off-diagonal: v^T B v = B00 + B01 + B10 + B11, v = (1, 1) */
    match_ssm_loss(&s, 1, 2, (const double[]){0.0, 0.0}, (const double[]){1.0, 1.0},
                   loss);
    assert_near(loss[0], -2.0 * 1.9, 1e-15);
}

static void denoising_loss_of_samples(void **state)
{
    (void)state;
    const double x0[4] = {0.3, -1.0, 2.0, 0.5}, xt[4] = {0.1, 0.2, -0.4, 1.0};
    field s = {"-Bx", linear, linear_jacobian, B};
    double m = 0.8, s2 = 0.3, loss[2];
    match_dsm_loss(&s, m, s2, 2, 2, x0, xt, loss);
    for (long i = 0; i < 2; i++) {
        double sum = 0.0;
        for (int j = 0; j < 2; j++) {
            double value = -B[j][0] * xt[2 * i] - B[j][1] * xt[2 * i + 1];
            sum += pow(value + (xt[2 * i + j] - m * x0[2 * i + j]) / s2, 2);
        }
        assert_close(loss[i], sum, 1e-14);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references),      cmocka_unit_test(atoms),
        cmocka_unit_test(double_integral), cmocka_unit_test(joint_moments),
        cmocka_unit_test(constants),       cmocka_unit_test(posterior),
        cmocka_unit_test(over_time),       cmocka_unit_test(kernel_divergence),
        cmocka_unit_test(denoising_loss),  cmocka_unit_test(plane),
        cmocka_unit_test(losses),          cmocka_unit_test(denoising_loss_of_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
