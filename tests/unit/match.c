/* The reference values of the entries implicit_ and denoising_score_matching; DSM by components against
 * the double integral; the losses by cubature that is exact for them. */
#include "match.h"
#include "catalogue.h"
#include "divergence.h"
#include "sde.h"

#include "check.h"
#include "reference.h"

/* ---- Reference values --------------------------------------------------------------- */

/* The value of the reference, to within the bound it comes with, and a useful bound. */
static void expect(match_objective *J, const char *id, double t, double theta)
{
    target *g = catalogue_target(&CATALOGUE_G);
    noised x = noised_at(g, &SDE_OU, t);
    field s = catalogue_wavy(&theta);
    enclosure value = {NAN, NAN, 0.0};
    double known = reference_value("matching", id);
    assert_int_equal(J(&x, &s, &value), SC_OK);
    double err = enclosure_halfwidth(value);
    assert_near(enclosure_mid(value), known,
                err + reference_error("matching", id) + 1e-15);
    assert_true(err > 0.0 && err < 1e-11);
    target_free(g);
}

/* J of a field at its middle. */
static double measure(match_objective *J, const noised *x, const field *s)
{
    enclosure value = {NAN, NAN, 0.0};
    assert_int_equal(J(x, s, &value), SC_OK);
    return enclosure_mid(value);
}

static void references(void **state)
{
    (void)state;
    expect(match_fisher, "fisher_gm_t0.1", 0.1, 0.0);
    expect(match_fisher, "fisher_gm_t0.5", 0.5, 0.0);
    expect(match_esm, "esm_gm_t0.1_th0.4", 0.1, 0.4);
    expect(match_esm, "esm_gm_t0.5_th1.3", 0.5, 1.3);
    expect(match_ism, "ism_gm_t0.1_th0.4", 0.1, 0.4);
    expect(match_ism, "ism_gm_t0.5_th0.4", 0.5, 0.4);
    expect(match_ism, "ism_gm_t0.5_th1.3", 0.5, 1.3);
    expect(match_slice_variance, "ssm_extra_var_t0.1", 0.1, 1.3);
    expect(match_slice_variance, "ssm_extra_var_t0.5", 0.5, 1.3);
    expect(match_dsm, "dsm_gm_t0.1_th0.4", 0.1, 0.4);
    expect(match_dsm, "dsm_gm_t0.5_th1.3", 0.5, 1.3);
}

static void atoms(void **state)
{
    (void)state;
    target *a = catalogue_target(&CATALOGUE_A3);
    noised x = noised_at(a, &SDE_OU, 0.1);
    double theta = 1.3;
    field s = catalogue_wavy(&theta);
    assert_near(measure(match_esm, &x, &s), 0.63115657122763, 1e-14);
    assert_near(measure(match_dsm, &x, &s), 3.8433622874715, 1e-13);
    target_free(a);
}

/* ---- The joint law -------------------------------------------------------------------- */

/* sigma^2 J_DSM = E(sigma s + Z)^2 (002 (4.14)), the left side by components, the right by the
   double integral. */
static void double_integral(void **state)
{
    (void)state;
    double theta = 1.3;
    field s = catalogue_wavy(&theta);
    target *data[] = {catalogue_target(&CATALOGUE_G), catalogue_target(&CATALOGUE_A3),
                      target_uniform(-1.0, 1.0), target_laplace(0.3, 0.8)};
    noised g = noised_at(data[0], &SDE_OU, 0.5);
    assert_near(measure(match_noise, &g, &s),
                reference_value("matching", "dsm_weighted_gm"), 1e-13);
    for (int i = 0; i < LEN(data); i++) {
        noised x = noised_at(data[i], &SDE_OU, 0.5);
        assert_near(measure(match_noise, &x, &s), x.s2 * measure(match_dsm, &x, &s),
                    1e-12);
        target_free(data[i]);
    }
}

/* s = x, OU: E(a X_t + b Z + c X_0)^2 = (a m + c)^2 E X_0^2 + (a sigma + b)^2. */
static void squares(void **state)
{
    (void)state;
    target *g = catalogue_target(&CATALOGUE_G);
    noised x = noised_at(g, &SDE_OU, 0.5);
    double minus = -1.0, second = target_second_moment(g);
    field s = catalogue_linear(&minus);
    match_combination of = {0.7, -0.4, 1.1};
    enclosure J;
    assert_int_equal(match_square(&x, &s, of, &J), SC_OK);
    assert_near(enclosure_mid(J),
                pow(of.a * x.m + of.c, 2) * second + pow(of.a * sqrt(x.s2) + of.b, 2),
                1e-13);
    target_free(g);
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
    target *data[] = {catalogue_target(&CATALOGUE_G), catalogue_target(&CATALOGUE_A3),
                      target_uniform(-1.0, 2.0)};
    for (int i = 0; i < LEN(data); i++) {
        noised x = noised_at(data[i], &SDE_OU, 0.5);
        double mean = target_mean(data[i]);
        enclosure value = {NAN, NAN, 0.0};
        assert_int_equal(match_expectation(&x, moments, NULL, &value), SC_OK);
        assert_near(enclosure_mid(value),
                    2.0 * (target_variance(data[i]) + mean * mean),
                    enclosure_halfwidth(value) + 1e-14);
        target_free(data[i]);
    }
}

/* The squares with the conditional scores, A3, t = 0.1: J_DSM, and what the entry gives for the wrong
   ones less J_ESM. */
static void conditionals(void **state)
{
    (void)state;
    static const double GAP[] = {3.2122, -0.9737, 3.3203, 4.3643};
    target *a = catalogue_target(&CATALOGUE_A3);
    noised x = noised_at(a, &SDE_OU, 0.1);
    double theta = 0.4;
    field s = catalogue_wavy(&theta);
    match_conditional u0[MATCH_CONDITIONALS];
    match_conditionals(&x, u0);
    for (int i = 0; i < LEN(GAP); i++) {
        enclosure J = {NAN, NAN, 0.0};
        assert_int_equal(match_square(&x, &s, u0[i].of, &J), SC_OK);
        assert_near(enclosure_mid(J) - measure(match_esm, &x, &s), GAP[i], 5e-5);
    }
    target_free(a);
}

/* Both displayed constants: J_DSM - J_ESM = 1/s2 - I(p_t) = (m^2/s2^2) E Var(X_0 | X_t). */
static void constants(void **state)
{
    (void)state;
    target *data[] = {catalogue_target(&CATALOGUE_G), catalogue_target(&CATALOGUE_A3),
                      target_uniform(-1.0, 1.0)};
    double theta = 0.4;
    field s = catalogue_wavy(&theta);
    for (int i = 0; i < LEN(data); i++) {
        noised x = noised_at(data[i], &SDE_OU, 0.1);
        double gap = measure(match_dsm, &x, &s) - measure(match_esm, &x, &s);
        enclosure var = {NAN, NAN, 0.0}, c = var;
        assert_int_equal(match_posterior_variance(&x, &var), SC_OK);
        assert_int_equal(match_constant(&x, 1, &c), SC_OK);
        assert_near(gap, 1.0 / x.s2 - measure(match_fisher, &x, NULL), 1e-11);
        assert_near(gap, enclosure_mid(c), 1e-11);
        assert_near(gap, x.m * x.m / (x.s2 * x.s2) * enclosure_mid(var), 1e-11);
        target_free(data[i]);
    }
}

/* ---- Over time ------------------------------------------------------------------------ */

static int square(const void *ctx, double t, enclosure *f)
{
    (void)ctx;
    *f = enclosure_about(t * t, 1e-3);
    return SC_OK;
}

static int failing(const void *ctx, double t, enclosure *f)
{
    (void)ctx, (void)t, (void)f;
    return SC_EACCURACY;
}

/* The value, and the bounds of the integrand carried along: int 1e-3 dt <= err. */
static void over_time(void **state)
{
    (void)state;
    enclosure value = {NAN, NAN, 0.0};
    assert_int_equal(match_over_time(square, NULL, 0.5, 2.0, &value), SC_OK);
    double err = enclosure_halfwidth(value);
    assert_near(enclosure_mid(value), (8.0 - 0.125) / 3.0, 1e-12);
    assert_true(err >= 1e-3 * 1.5 && err < 5e-3);
    assert_int_equal(match_over_time(square, NULL, 0.0, 2.0, &value), SC_OK);
    assert_near(enclosure_mid(value), 8.0 / 3.0, 1e-13);
    assert_int_equal(match_over_time(failing, NULL, 0.5, 2.0, &value), SC_EDOMAIN);
}

/* s = -x on N(0.7, 0.3) under OU: sigma_t^2 J_ISM = (1 - q)(E X_t^2 - 2), E X_t^2 - 2 = b q - 1,
   q = e^{-2t}, b = 0.3 + 0.49 - 1; int q^k dt = (q_0^k - q_1^k)/(2k). */
static void weighted(void **state)
{
    (void)state;
    target *g = target_gauss(0.7, 0.3);
    double one = 1.0, q0 = exp(-0.4), q1 = exp(-3.0), b = 0.3 + 0.49 - 1.0;
    field s = catalogue_linear(&one);
    enclosure value = {NAN, NAN, 0.0};
    assert_int_equal(match_weighted(match_ism, g, &SDE_OU, &s, 0.2, 1.5, &value),
                     SC_OK);
    /* (1 - q)(b q - 1) = -1 + (b + 1) q - b q^2 */
    double known = -1.3 + (b + 1.0) * (q0 - q1) / 2.0 - b * (q0 * q0 - q1 * q1) / 4.0;
    assert_near(enclosure_mid(value), known, 1e-12);
    target_free(g);
}

/* Of two Gaussians, whose relative entropy is known at both times; g^2/2 is not 1 under subVP. */
static void entropy_loss(void **state)
{
    (void)state;
    const sde *e = &SDE_SUBVP;
    target *p = target_gauss(0.7, 0.3), *q = target_gauss(-0.2, 1.5);
    match_flow c = {p, q, e, match_esm};
    enclosure loss = {NAN, NAN, 0.0};
    assert_int_equal(match_entropy_loss(&c, 0.1, 0.6, &loss), SC_OK);
    double kl[2];
    for (int i = 0; i < 2; i++) {
        double t = i == 0 ? 0.1 : 0.6, m = sde_scale(e, t), s2 = sde_var(e, t);
        kl[i] = gauss_kl((gauss){0.7 * m, 0.3 * m * m + s2},
                         (gauss){-0.2 * m, 1.5 * m * m + s2});
    }
    assert_close(enclosure_mid(loss), kl[0] - kl[1], 1e-12);
    target_free(p);
    target_free(q);
}

/* Energies of the drift of OU and of its reversal, b = -x and x + 2 grad log mu_t, from M at time 0, from the
   chapter "forward" (eight digits). */
static int forward_energy(const void *ctx, double t, enclosure *value)
{
    const double one = 1.0;
    field b = catalogue_linear(&one);
    noised law = noised_at(ctx, &SDE_OU, t);
    return match_square(&law, &b, (match_combination){.a = 1.0}, value);
}

static int reversed_energy(const void *ctx, double t, enclosure *value)
{
    const double half = 0.5;
    field b = catalogue_linear(&half);
    noised law = noised_at(ctx, &SDE_OU, t);
    return match_esm(&law, &b, value);
}

static void drift_energies(void **state)
{
    (void)state;
    target *m = catalogue_target(&CATALOGUE_M);
    enclosure b2 = {NAN, NAN, 0.0}, quarter = b2;
    assert_int_equal(match_over_time(forward_energy, m, 0.0, 1.0, &b2), SC_OK);
    assert_int_equal(match_over_time(reversed_energy, m, 0.0, 1.0, &quarter), SC_OK);
    assert_near(enclosure_mid(b2), 1.2222188, 5e-8);
    assert_near(4.0 * enclosure_mid(quarter), 2.9085395, 5e-8);
    target_free(m);
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
        double v = CASES[i].sd * CASES[i].sd, one = 1.0;
        enclosure integral = {NAN, NAN, 0.0}, kl = integral;
        gmm *p = gmm_new(3, 1, W, MU, 1, (const double[]){v, v, v});
        target *q = target_mixture(p), *point = target_atoms(1, &one, &CASES[i].x);
        match_flow c = {point, q, &SDE_OU, match_dsm};
        assert_int_equal(match_flow_loss(&c, 0.05, 1.0, &integral), SC_OK);
        assert_int_equal(match_kernel_kl_lost(q, &SDE_OU, CASES[i].x, 0.05, 1.0, &kl),
                         SC_OK);
        double value = enclosure_mid(integral);
        assert_close(value, reference_value("matching", CASES[i].id), 1e-12);
        assert_close(value, enclosure_mid(kl), 1e-12);
        assert_int_equal(match_likelihood_ratio(q, &SDE_OU, CASES[i].x, 0.05, 1.0, &kl),
                         SC_OK);
        assert_near(enclosure_mid(kl), 1.0, 1e-12);
        assert_true(enclosure_halfwidth(kl) < 1e-9);
        gmm_free(p);
        target_free(q);
        target_free(point);
    }
}

/* The excess over the least loss is the distance of the scores, which is not 0. */
static void excess_loss(void **state)
{
    (void)state;
    target *data = catalogue_target(&CATALOGUE_TRIO[1]), *q = target_gauss(0.2, 0.5);
    match_flow c = {data, q, &SDE_OU, match_esm};
    enclosure ratio = {NAN, NAN, 0.0}, distance = ratio;
    assert_int_equal(match_excess_ratio(data, q, &SDE_OU, 0.1, 1.0, &ratio), SC_OK);
    assert_near(enclosure_mid(ratio), 1.0, 1e-11);
    assert_int_equal(match_flow_loss(&c, 0.1, 1.0, &distance), SC_OK);
    assert_true(distance.lo > 0.01);
    target_free(q);
    target_free(data);
}

/* KL(N(m x, s2) | N(m a, m^2 v + s2)) in closed form. */
static void kernel_divergence(void **state)
{
    (void)state;
    target *q = target_gauss(0.3, 1.7);
    noised n = {q, 0.8, 0.4};
    double x = -1.1, var = 0.64 * 1.7 + 0.4, gap = 0.8 * (x - 0.3);
    enclosure kl = {NAN, NAN, 0.0};
    assert_int_equal(match_kernel_kl(&n, x, &kl), SC_OK);
    assert_close(enclosure_mid(kl),
                 0.5 * (0.4 / var - 1.0 - log(0.4 / var) + gap * gap / var), 1e-13);
    target_free(q);
}

/* In the plane: for N(0, diag) and s = -Bx every integral is closed. */
static void plane(void **state)
{
    (void)state;
    static const double A[2][2] = {{1.2, 0.3}, {-0.5, 0.9}}, V[2] = {1.5, 0.7};
    gmm *p = gmm_new_diagonal(1, 2, (const double[]){1.0}, (const double[]){0.0, 0.0},
                              2, V, 2);
    field s = catalogue_matrix(A[0]);
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
    field s = catalogue_matrix(B[0]), u = catalogue_matrix(P[0]);
    double x[8], loss[4], ism = NAN, esm = NAN, fisher = NAN;
    assert_int_equal(match_linear(2, SIGMA[0], B[0], &ism, &esm, &fisher), SC_OK);
    assert_near(ism, reference_value("matching", "ism_lin_d2"), 1e-14);
    assert_near(esm, reference_value("matching", "esm_lin_d2"), 1e-14);
    assert_near(fisher, P[0][0] + P[1][1], 1e-14);
    assert_int_equal(match_linear(2, (const double[]){1.0, 2.0, 2.0, 1.0}, B[0], &ism,
                                  &esm, &fisher),
                     SC_EDOMAIN);
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
        match_ssm_loss(&s, 4, 2, same, 1, v, loss);
        sum += mean4(loss) / 4.0;
    }
    assert_near(sum, reference_value("matching", "ism_lin_d2"), 1e-14);
    /* one oblique slice sees the off-diagonal: v^T B v = B00 + B01 + B10 + B11, v = (1, 1) */
    match_ssm_loss(&s, 1, 2, (const double[]){0.0, 0.0}, 1, (const double[]){1.0, 1.0},
                   loss);
    assert_near(loss[0], -2.0 * 1.9, 1e-15);
    /* averaged with (1, 0), which sees B00 alone */
    match_ssm_loss(&s, 1, 2, (const double[]){0.0, 0.0}, 2,
                   (const double[]){1.0, 1.0, 1.0, 0.0}, loss);
    assert_near(loss[0], -1.9 - 1.2, 1e-15);
}

static void minus_x(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                    int lds)
{
    (void)ctx;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++) s[i * lds + j] = -x[i * ldx + j];
}

/* Of many samples what it is of each alone, in blocks and where d is large. */
static void denoising_losses_do_not_depend_on_the_batch(void **state)
{
    (void)state;
    enum { NUMBERS = 6000 };
    static const int DIMS[] = {1, 2, 7, 1024, 1025};
    static double x0[NUMBERS], xt[NUMBERS], loss[NUMBERS];
    const field s = {.name = "-x", .eval = minus_x};
    for (int i = 0; i < NUMBERS; i++) x0[i] = sin(1.3 * i), xt[i] = cos(0.7 * i);
    for (int c = 0; c < LEN(DIMS); c++) {
        const int d = DIMS[c];
        const long n = NUMBERS / d;
        match_dsm_loss(&s, 0.8, 0.3, n, d, x0, xt, loss);
        for (long i = 0; i < n; i++) {
            double alone, sum = 0.0;
            match_dsm_loss(&s, 0.8, 0.3, 1, d, x0 + i * d, xt + i * d, &alone);
            assert_true(alone == loss[i]);
            for (long j = i * d; j < (i + 1) * d; j++)
                sum += pow(-xt[j] - (0.8 * x0[j] - xt[j]) / 0.3, 2);
            assert_close(alone, sum, 1e-13);
        }
    }
}

static void denoising_loss_of_samples(void **state)
{
    (void)state;
    const double x0[4] = {0.3, -1.0, 2.0, 0.5}, xt[4] = {0.1, 0.2, -0.4, 1.0};
    field s = catalogue_matrix(B[0]);
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

/* ---- Edges --------------------------------------------------------------------------- */

/* Exp(1), s = -theta: ISM theta^2, ESM (theta - 1)^2, I = 1; edge term 2[s p] = 2 theta. U(0, 1),
   s = theta x: ISM theta^2/3 + 2 theta, least at -3. N(0, 1), s = theta sign x: edge term of the
   jump -4 theta p(0). */
static void edges(void **state)
{
    (void)state;
    static const edge EXPONENTIAL = {"Exp(1)", 0.0, INFINITY, 1.0, 0.0, -1.0, 0.0, 0.0};
    static const edge UNIFORM = {"U(0,1)", 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0};
    static const edge SIGN = {"sign", -INFINITY, INFINITY, 0.0, 1.0, 0.0, 0.0, 1.0};
    enclosure e = {NAN, NAN, 0.0};
    double boundary = NAN;
    assert_int_equal(edge_mean(&EXPONENTIAL, EDGE_ISM, 0.4, &e), SC_OK);
    assert_near(enclosure_mid(e), 0.16, 1e-12);
    assert_int_equal(edge_mean(&EXPONENTIAL, EDGE_ESM, 0.4, &e), SC_OK);
    assert_near(enclosure_mid(e), 0.36, 1e-12);
    assert_int_equal(edge_mean(&EXPONENTIAL, EDGE_FISHER, 0.4, &e), SC_OK);
    assert_near(enclosure_mid(e), 1.0, 1e-12);
    assert_int_equal(edge_boundary(&EXPONENTIAL, 0.4, &boundary), SC_OK);
    assert_near(boundary, 0.8, 1e-12);
    assert_int_equal(edge_mean(&UNIFORM, EDGE_ISM, 0.4, &e), SC_OK);
    assert_near(enclosure_mid(e), 0.16 / 3.0 + 0.8, 1e-12);
    assert_int_equal(edge_minimiser(&UNIFORM, EDGE_ISM, &e), SC_OK);
    assert_near(enclosure_mid(e), -3.0, 1e-11);
    assert_int_equal(edge_boundary(&SIGN, 0.4, &boundary), SC_OK);
    assert_near(boundary, -1.6 / sqrt(2.0 * SC_PI), 1e-12);
}

/* ---- Sampled --------------------------------------------------------------------------- */

/* Within their intervals, for G x N(0, 1): J_DSM - J_ESM = d/s2 - I; the other two means are of
   d/s2 and 0. The sum of alphas is 4e-6. */
static void sampled(void **state)
{
    (void)state;
    const double c = 1.0;
    field s = catalogue_cyclic(&c);
    target *g = catalogue_target(&CATALOGUE_G);
    gmm *p = catalogue_product(&CATALOGUE_G, 2);
    noised first = noised_at(g, &SDE_OU, 0.5);
    enclosure mean[MATCH_LOSSES], gap;
    assert_int_equal(match_constant(&first, 2, &gap), SC_OK);
    assert_int_equal(
        match_sampled(p, &SDE_OU, 0.5, &s, rng_key_of(1, "match"), 40000, 1e-6, mean),
        SC_OK);
    const double known[] = {[MATCH_DSM_GAP] = enclosure_mid(gap),
                            [MATCH_DSM_FISHER] = 2.0 / first.s2,
                            [MATCH_ISM_FISHER] = 0.0};
    for (int i = MATCH_DSM_GAP; i < MATCH_LOSSES; i++) {
        assert_true(mean[i].lo <= known[i] && known[i] <= mean[i].hi);
        assert_true(enclosure_halfwidth(mean[i]) <
                    0.1 * enclosure_mid(mean[MATCH_DSM]));
    }
    assert_near(enclosure_mid(mean[MATCH_DSM]) - enclosure_mid(mean[MATCH_ESM]),
                enclosure_mid(mean[MATCH_DSM_GAP]), 1e-10);
    gmm_free(p);
    target_free(g);
}

/* ---- Norms ------------------------------------------------------------------------------- */

/* x - c */
static int shifted(const void *ctx, double x, enclosure *f)
{
    *f = enclosure_about(x - *(const double *)ctx, 1e-9);
    return SC_OK;
}

/* Y = X_t - c ~ N(a, v): E Y^2 = a^2 + v, E Y^4 = a^4 + 6 a^2 v + 3 v^2,
   E|Y| = sqrt(2v/pi) e^{-a^2/2v} + a erf(a/sqrt(2v)), which has a kink at c. */
static void norms(void **state)
{
    (void)state;
    target *g = target_gauss(0.4, 0.8);
    noised x = noised_at(g, &SDE_OU, 0.3);
    double c = -0.7, a = x.m * 0.4 - c, v = x.m * x.m * 0.8 + x.s2;
    double known[] = {
        sqrt(2.0 * v / SC_PI) * exp(-0.5 * a * a / v) + a * erf(a / sqrt(2.0 * v)),
        sqrt(a * a + v), pow(pow(a, 4) + 6.0 * a * a * v + 3.0 * v * v, 0.25)};
    static const double P[] = {1.0, 2.0, 4.0};
    for (int i = 0; i < LEN(P); i++) {
        enclosure norm = {NAN, NAN, 0.0};
        assert_int_equal(match_norm(&x, shifted, &c, P[i], 1e-12, &norm), SC_OK);
        assert_near(enclosure_mid(norm), known[i], 1e-11);
        assert_true(enclosure_halfwidth(norm) > 1e-9);
        assert_true(enclosure_halfwidth(norm) < 1e-8);
    }
    target_free(g);
}

/* E|X_t| of N(mu, 1) has its kink off every split point but the root. */
static void first_absolute_moment(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        double mu = 0.1 + 0.29 * i;
        target *g = target_gauss(mu, 0.75);
        const noised x = {g, 1.0, 0.25};
        enclosure norm;
        assert_int_equal(match_position_norm(&x, 1.0, &norm), SC_OK);
        double value =
            sqrt(2.0 / SC_PI) * exp(-0.5 * mu * mu) + mu * erf(mu / sqrt(2.0));
        assert_true(norm.lo <= value && value <= norm.hi);
        target_free(g);
    }
}

/* The stationary process: (e^{-h} - 1)/h + 1 forwards, and backwards from x + 2 grad log p = -x. */
static void stochastic_derivative(void **state)
{
    (void)state;
    static const double H[] = {0.1, 0.01};
    static const char *const ID[] = {"chen.prop13.h=0.1", "chen.prop13.h=0.01"};
    target *g = target_gauss(0.0, 1.0);
    noised x = noised_at(g, &SDE_OU, 0.5);
    enclosure norm = {NAN, NAN, 0.0};
    assert_int_equal(match_position_norm(&x, 4.0, &norm), SC_OK);
    assert_near(enclosure_mid(norm), pow(3.0, 0.25), 1e-12);
    for (int i = 0; i < LEN(H); i++) {
        double known = reference_value("sampling", ID[i]);
        for (int way = 0; way < 2; way++) {
            match_quotient q = {g, 0.5, H[i], way == 1, way ? 1.0 : -1.0, 2.0 * way};
            assert_int_equal(match_quotient_distance(&q, 2.0, &norm), SC_OK);
            assert_close(enclosure_mid(norm), known, 1e-8);
        }
    }
    target_free(g);
}

/* sigma m I(p_t) of U(-1, 1). */
static void uniform_edges(void **state)
{
    (void)state;
    static const double TIME[] = {0.1, 0.01, 0.001};
    static const char *const ID[] = {"uniform_I_t0.1", "uniform_I_t0.01", NULL};
    for (int i = 0; i < 3; i++) {
        const double scale = exp(-TIME[i]) * sqrt(-expm1(-2.0 * TIME[i]));
        const double wanted = ID[i] ? scale * reference_value("matching", ID[i])
                                    : reference_value("matching", "uniform_edge_const");
        enclosure scaled;
        assert_int_equal(match_uniform_edges(TIME[i], &scaled), SC_OK);
        assert_close(enclosure_mid(scaled), wanted, 1e-10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references),
        cmocka_unit_test(uniform_edges),
        cmocka_unit_test(atoms),
        cmocka_unit_test(double_integral),
        cmocka_unit_test(joint_moments),
        cmocka_unit_test(constants),
        cmocka_unit_test(conditionals),
        cmocka_unit_test(over_time),
        cmocka_unit_test(kernel_divergence),
        cmocka_unit_test(denoising_loss),
        cmocka_unit_test(excess_loss),
        cmocka_unit_test(plane),
        cmocka_unit_test(losses),
        cmocka_unit_test(denoising_loss_of_samples),
        cmocka_unit_test(denoising_losses_do_not_depend_on_the_batch),
        cmocka_unit_test(squares),
        cmocka_unit_test(weighted),
        cmocka_unit_test(edges),
        cmocka_unit_test(sampled),
        cmocka_unit_test(entropy_loss),
        cmocka_unit_test(drift_energies),
        cmocka_unit_test(norms),
        cmocka_unit_test(first_absolute_moment),
        cmocka_unit_test(stochastic_derivative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
