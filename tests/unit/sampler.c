/* The coefficients against their closed forms and references; the linear ODE, where Heun and RK4 are
 * truncated exponentials; the steps of EI2 and the predictor-corrector; whole runs against the
 * Gaussian recursion, and the same bytes for any threads and splits. */
#include "sampler.h"
#include "timegrid.h"

#include "check.h"
#include "reference.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* ---- Coefficients -------------------------------------------------------------- */

/* VP between u and t > u with B(t) = B_u + D. */
static double time_of(const sde *vp, double B)
{
    double slope = (vp->bmax - vp->bmin) / (2.0 * vp->T); /* B = bmin t + slope t^2 */
    return (sqrt(vp->bmin * vp->bmin + 4.0 * slope * B) - vp->bmin) / (2.0 * slope);
}

static step vp_step(const sampler *s, double B_t, double D)
{
    return s->coefficients(&SDE_VP, time_of(&SDE_VP, B_t), time_of(&SDE_VP, B_t - D));
}

static void references(void **state)
{
    (void)state;
    assert_close(vp_step(&SAMPLER_EI, 1.3, 0.2).b, reference_value("sampling", "ei.b"),
                 1e-14);
    assert_close(vp_step(&SAMPLER_DDPM, 1.3, 0.2).b,
                 reference_value("sampling", "ddpm.b"), 1e-14);
    assert_close(vp_step(&SAMPLER_DDIM, 1.3, 0.2).b,
                 reference_value("sampling", "ddim.b"), 1e-14);
    assert_close(vp_step(&SAMPLER_EI_ODE, 1.3, 0.2).b,
                 reference_value("sampling", "eiode.b"), 1e-14);
    assert_close(SAMPLER_EI.coefficients(&SDE_SUBVP, 0.5, 0.4).b,
                 reference_value("sampling", "psi.subVP.correct"), 1e-14);
}

/* Closed forms of the entry scheme_orders, D = B_t - B_u. */
static void closed_forms(void **state)
{
    (void)state;
    static const double DELTA[] = {0.4, 0.2, 0.1, 0.05};
    for (int i = 0; i < LEN(DELTA); i++) {
        double D = DELTA[i], B = 1.7, u = 0.3, t = 0.3 + 0.5 * D;
        step ei = vp_step(&SAMPLER_EI, B, D), ddpm = vp_step(&SAMPLER_DDPM, B, D);
        assert_close(ei.a, exp(0.5 * D), 1e-14);
        assert_close(ei.b, 2.0 * (exp(0.5 * D) - 1.0), 1e-13);
        assert_close(ei.q, exp(D) - 1.0, 1e-13);
        assert_near(ei.b - ddpm.b, 4.0 * pow(sinh(0.25 * D), 2), 1e-14);
        assert_close(ddpm.q, (1.0 - exp(-D)) * (1.0 - exp(D - B)) / (1.0 - exp(-B)),
                     1e-13);
        assert_close(vp_step(&SAMPLER_DDPM_BETA, B, D).q, 1.0 - exp(-D), 1e-13);

        step ou = SAMPLER_EI.coefficients(&SDE_OU, t, u); /* D = 2h */
        assert_close(ou.b, 2.0 * (exp(0.5 * D) - 1.0), 1e-13);
        assert_close(ou.q, exp(D) - 1.0, 1e-13);
        step ve = SAMPLER_EI.coefficients(&SDE_VE_PRIME, t, u);
        assert_true(ve.a == 1.0);
        assert_close(ve.b, t * t - u * u, 1e-13);
        assert_close(ve.q, t * t - u * u, 1e-13);
        step cvp = SAMPLER_EI.coefficients(&SDE_CVP, t, u);
        double C = sde_B(&SDE_CVP, t) - sde_B(&SDE_CVP, u);
        assert_close(cvp.b, 2.0 * (1.0 - exp(-0.5 * C)), 1e-12);
        assert_close(cvp.q, 1.0 - exp(-C), 1e-12);
    }
}

/* DDIM = n_t/alpha - sqrt(n_t n_u); its distance to EI-ODE is D^2/(8(e^{B_t} - 1)) + O(D^3). */
static void ddim_and_ei_ode(void **state)
{
    (void)state;
    double B = 1.3, D = 0.2, n_t = 1.0 - exp(-B), n_u = 1.0 - exp(D - B);
    step ddim = vp_step(&SAMPLER_DDIM, B, D);
    assert_close(ddim.a, exp(0.5 * D), 1e-14);
    assert_close(ddim.b, n_t * exp(0.5 * D) - sqrt(n_t * n_u), 1e-13);
    assert_true(ddim.q == 0.0);
    for (int i = 0; i < 4; i++) {
        D = ldexp(0.01, -i);
        double gap = vp_step(&SAMPLER_DDIM, B, D).b - vp_step(&SAMPLER_EI_ODE, B, D).b;
        assert_close(gap, D * D / (8.0 * (exp(B) - 1.0)), 2.0 * D);
    }
}

/* Everything taken at t; h = 0.1. */
static void frozen_schemes(void **state)
{
    (void)state;
    double t = 0.6, h = 0.1, u = t - h, beta = 0.1 + 19.9 * t;
    step em = SAMPLER_EM.coefficients(&SDE_VP, t, u);
    assert_close(em.a, 1.0 + 0.5 * beta * h, 1e-14);
    assert_close(em.b, beta * h, 1e-14);
    assert_close(em.q, beta * h, 1e-14);
    step integrated = SAMPLER_INTEGRATED_NOISE.coefficients(&SDE_VP, t, u);
    assert_true(integrated.a == em.a && integrated.b == em.b);
    assert_close(integrated.q, sde_B(&SDE_VP, t) - sde_B(&SDE_VP, u), 1e-13);
    step euler = SAMPLER_EULER.coefficients(&SDE_VP, t, u);
    assert_true(euler.a == em.a && euler.q == 0.0);
    assert_close(euler.b, 0.5 * em.b, 1e-14);
    step ancestral = SAMPLER_ANCESTRAL.coefficients(&SDE_VP, t, t - 0.01);
    double r = sqrt(1.0 - 0.01 * beta);
    assert_close(ancestral.a, 1.0 / r, 1e-14);
    assert_close(ancestral.b, 0.01 * beta / r, 1e-14);
    assert_close(ancestral.q, 0.01 * beta, 1e-14);
}

/* ---- Single steps ---------------------------------------------------------------- */

/* S = kappa x, so that every scheme is linear. */
static void linear_score(const void *ctx, double t, long n, int d, const double *x,
                         int ldx, double *s, int lds)
{
    (void)t;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++)
            s[i * lds + j] = *(const double *)ctx * x[i * ldx + j];
}

static double one_step(const sampler *s, const sde *e, double kappa, double h,
                       const double *z)
{
    const double x = 1.0;
    double y = NAN;
    move m = {.forward = e,
              .s = {linear_score, &kappa},
              .t = 1.0,
              .u = 1.0 - h,
              .n = 1,
              .d = 1};
    s->advance(s, &m, &x, z, &y);
    return y;
}

/* OU: dy = (1 + kappa) y dtau. Heun and RK4 are the exponential series to order 2 and 4. */
static void exponential_series(void **state)
{
    (void)state;
    for (int i = 1; i <= 4; i++) {
        double h = 0.1 * i, w = h * (1.0 - 0.3);
        assert_close(one_step(&SAMPLER_EULER, &SDE_OU, -0.3, h, NULL), 1.0 + w, 1e-15);
        assert_close(one_step(&SAMPLER_HEUN, &SDE_OU, -0.3, h, NULL),
                     1.0 + w + w * w / 2.0, 1e-15);
        assert_close(one_step(&SAMPLER_RK4, &SDE_OU, -0.3, h, NULL),
                     1.0 + w + w * w / 2.0 + pow(w, 3) / 6.0 + pow(w, 4) / 24.0, 1e-15);
    }
}

/* S free of x: RK4 is Simpson's rule, Heun the trapezoid; dy = t^3 S dtau here. */
static void cubic_score(const void *ctx, double t, long n, int d, const double *x,
                        int ldx, double *s, int lds)
{
    (void)ctx, (void)x, (void)ldx;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++) s[i * lds + j] = 2.0 * t * t * t;
}

static void quadrature_in_time(void **state)
{
    (void)state;
    sde e = sde_brownian(2.0); /* g = 1: dy = S/2 dtau = t^3 dtau */
    double x = 0.5, y = NAN, t = 1.5, u = 0.7;
    move m = {.forward = &e, .s = {cubic_score, NULL}, .t = t, .u = u, .n = 1, .d = 1};
    SAMPLER_RK4.advance(&SAMPLER_RK4, &m, &x, NULL, &y);
    assert_close(y, 0.5 + (pow(t, 4) - pow(u, 4)) / 4.0, 1e-14);
    SAMPLER_HEUN.advance(&SAMPLER_HEUN, &m, &x, NULL, &y);
    assert_close(y, 0.5 + (t - u) * (pow(t, 3) + pow(u, 3)) / 2.0, 1e-14);
}

static void ei2_step(void **state)
{
    (void)state;
    double h = 0.2, kappa = -1.7, z = 0.6;
    step c = SAMPLER_EI.coefficients(&SDE_OU, 1.0, 1.0 - h);
    double trial = c.a + c.b * kappa + sqrt(c.q) * z;
    double expected = c.a + 0.5 * c.b * kappa * (1.0 + trial) + sqrt(c.q) * z;
    assert_close(one_step(&SAMPLER_EI2, &SDE_OU, kappa, h, &z), expected, 1e-14);
}

/* Two points in R^2, EM and two corrections of size h/2; the normals go where they should. */
static void predictor_corrector_step(void **state)
{
    (void)state;
    double half = 0.5, h = 0.1, kappa = -0.8;
    sampler pc =
        sampler_predictor_corrector(&SAMPLER_EM, 2, sampler_eps_proportional, &half);
    assert_true(pc.normals == 3 && pc.evaluations == 3 && pc.coefficients == NULL);
    step c = sampler_correction(&pc, 1.0, 1.0 - h);
    assert_true(c.a == 1.0);
    assert_close(c.b, 0.05, 1e-14);
    assert_close(c.q, 0.1, 1e-14);
    assert_close(sampler_eps_fixed(&half, 1.0, 0.7), 0.5, 1e-14);
    assert_close(sampler_eps_squared(&half, 1.0, 0.7), 0.045, 1e-14);
    assert_close(sampler_eps_falling(&half, 1.0, 0.7), 0.44, 1e-14);

    double x[4] = {1.0, -0.5, 0.3, 2.0}, z[12], y[4];
    for (int i = 0; i < 12; i++) z[i] = sin(3.0 * i + 1.0);
    move m = {.forward = &SDE_OU,
              .s = {linear_score, &kappa},
              .t = 1.0,
              .u = 1.0 - h,
              .n = 2,
              .d = 2};
    step em = SAMPLER_EM.coefficients(&SDE_OU, m.t, m.u);
    pc.advance(&pc, &m, x, z, y);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            double w = (em.a + em.b * kappa) * x[2 * i + j] +
                       sqrt(em.q) * z[(3 * i + 0) * 2 + j];
            for (int l = 1; l <= 2; l++)
                w = (1.0 + c.b * kappa) * w + sqrt(c.q) * z[(3 * i + l) * 2 + j];
            assert_close(y[2 * i + j], w, 1e-14);
        }
}

/* ---- Runs ------------------------------------------------------------------------ */

enum { PATHS = 1000, DIM = 3, STEPS = 20, SIZE = PATHS * DIM };

/* Score of N(m, v) pushed by OU to time t, ctx = {m, v}. */
static void gaussian_score(const void *ctx, double t, long n, int d, const double *x,
                           int ldx, double *s, int lds)
{
    const double *p = ctx;
    double scale = sde_scale(&SDE_OU, t), mean = scale * p[0];
    double var = scale * scale * p[1] + sde_var(&SDE_OU, t);
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++) s[i * lds + j] = (mean - x[i * ldx + j]) / var;
}

static const double TARGET[2] = {0.7, 0.49};

static void run(const sampler *scheme, int threads, uint64_t first, long n, double *x)
{
    double t[STEPS + 1];
    timegrid_uniform(2.0, 0.0, STEPS, t);
    simulation c = {scheme, &SDE_OU, {gaussian_score, TARGET}, STEPS, t};
    omp_set_num_threads(threads);
    sampler_run(&c, rng_key_of(1, "sampler"), first, n, DIM, x);
}

static void same_bytes(void **state)
{
    (void)state;
    static const int THREADS[] = {2, 3, 7};
    double half = 0.5;
    sampler pc =
        sampler_predictor_corrector(&SAMPLER_EM, 2, sampler_eps_proportional, &half);
    const sampler *schemes[] = {&SAMPLER_EI, &SAMPLER_EI2, &SAMPLER_HEUN, &pc};
    size_t bytes = SIZE * sizeof(double);
    double *a = NEW_ARRAY(double, SIZE), *b = NEW_ARRAY(double, SIZE);
    for (int i = 0; i < LEN(schemes); i++) {
        for (int k = 0; k < SIZE; k++) a[k] = 0.001 * k;
        memcpy(b, a, bytes);
        run(schemes[i], 1, 5, PATHS, a);
        for (int j = 0; j < LEN(THREADS); j++) {
            for (int k = 0; k < SIZE; k++) b[k] = 0.001 * k;
            run(schemes[i], THREADS[j], 5, PATHS, b);
            assert_memory_equal(a, b, bytes);
        }
        for (int k = 0; k < SIZE; k++) b[k] = 0.001 * k;
        long split = 333; /* not a multiple of the block */
        run(schemes[i], 2, 5, split, b);
        run(schemes[i], 2, 5 + (uint64_t)split, PATHS - split, b + split * DIM);
        assert_memory_equal(a, b, bytes);
    }
    free(a);
    free(b);
}

/* From x = 0: the law after the run is N(mean, var), by the recursion of entry exact_laws. */
static void gaussian_recursion(void **state)
{
    (void)state;
    enum { N = 40000 };
    double t[STEPS + 1], mean = 0.0, var = 0.0;
    timegrid_uniform(2.0, 0.0, STEPS, t);
    for (int k = 0; k < STEPS; k++) {
        step c = SAMPLER_EI.coefficients(&SDE_OU, t[k], t[k + 1]);
        double scale = sde_scale(&SDE_OU, t[k]);
        double v = scale * scale * TARGET[1] + sde_var(&SDE_OU, t[k]);
        double A = c.a - c.b / v;
        mean = A * mean + c.b * scale * TARGET[0] / v;
        var = A * A * var + c.q;
    }
    double *x = NEW_ARRAY(double, (long)N *DIM);
    run(&SAMPLER_EI, 2, 0, N, x);
    for (int j = 0; j < DIM; j++) {
        double sum = 0.0, sum2 = 0.0, cross = 0.0;
        for (int i = 0; i < N; i++) {
            double y = x[i * DIM + j] - mean, other = x[i * DIM + (j + 1) % DIM] - mean;
            sum += y;
            sum2 += y * y;
            cross += y * other;
        }
        assert_near(sum / N, 0.0, 5.0 * sqrt(var / N));
        assert_near(sum2 / N, var, 5.0 * var * sqrt(2.0 / N));
        assert_near(cross / N, 0.0, 5.0 * var / sqrt(N));
    }
    free(x);
}

/* A deterministic scheme draws nothing and follows the affine recursion path by path. */
static void deterministic_run(void **state)
{
    (void)state;
    double x[DIM] = {-1.0, 0.2, 3.0}, y[DIM], t[STEPS + 1];
    memcpy(y, x, sizeof x);
    timegrid_uniform(2.0, 0.0, STEPS, t);
    run(&SAMPLER_DDIM, 1, 0, 1, x);
    for (int k = 0; k < STEPS; k++) {
        step c = SAMPLER_DDIM.coefficients(&SDE_OU, t[k], t[k + 1]);
        double s[DIM];
        gaussian_score(TARGET, t[k], 1, DIM, y, DIM, s, DIM);
        for (int j = 0; j < DIM; j++) y[j] = c.a * y[j] + c.b * s[j];
    }
    assert_memory_equal(x, y, sizeof x);
}

/* The printed weight is off by a part of b that falls like h^2 under subVP. EI-half has half of b and all of q,
   EI-half-noise the reverse. */
static void wrong_on_purpose(void **state)
{
    (void)state;
    const sde *e = &SDE_SUBVP;
    double gap[2];
    for (int i = 0; i < 2; i++) {
        double t = 0.5, u = t - 0.01 / (1 + i);
        step ei = SAMPLER_EI.coefficients(e, t, u);
        step printed = SAMPLER_EI_PRINTED.coefficients(e, t, u);
        step half = SAMPLER_EI_HALF.coefficients(e, t, u);
        assert_near(printed.a, ei.a, 1e-14);
        gap[i] = printed.b / ei.b - 1.0;
        assert_true(fabs(gap[i]) > 1e-6);
        assert_near(half.b, 0.5 * ei.b, 1e-15);
        assert_near(half.q, ei.q, 0.0);
        step quiet = SAMPLER_EI_HALF_NOISE.coefficients(e, t, u);
        assert_near(quiet.b, ei.b, 0.0);
        assert_near(quiet.q, 0.5 * ei.q, 1e-16);
    }
    assert_near(gap[0] / gap[1], 4.0, 0.3);
    for (int i = 0; SAMPLER_FIRST_ORDER[i] != NULL; i++)
        assert_int_equal(SAMPLER_FIRST_ORDER[i]->evaluations, 1);
    for (int i = 0; SAMPLER_SECOND_ORDER[i] != NULL; i++)
        assert_int_equal(SAMPLER_SECOND_ORDER[i]->evaluations, 2);
}

/* factor (m_k - x)/v_k for one Gaussian, m_k = s_t mu, v_k = s_t^2 v + n_t, at every time of an uneven
   chain. */
static void marginal_scores(void **state)
{
    (void)state;
    const double t[] = {1.0, 0.7, 0.65, 0.2, 0.0}, w = 1.0, v = 0.3;
    const double mu[] = {1.0, -2.0}, x[] = {0.5, 0.25, 9.0, -1.0, 3.0, 9.0};
    gmm *p = gmm_new(1, 2, &w, mu, 2, &v);
    marginals m = marginals_of(p, &SDE_VP, 4, t);
    for (int i = 0; i < 2 * (m.steps + 1); i++) {
        int k = i / 2;
        double scale = sde_scale(&SDE_VP, t[k]), s[4];
        double var = scale * scale * v + sde_var(&SDE_VP, t[k]);
        m.factor = i % 2 == 0 ? 1.0 : -0.8;
        score eval = marginals_score(&m);
        eval.eval(eval.ctx, t[k], 2, 2, x, 3, s, 2);
        for (int j = 0; j < 4; j++) {
            double gap = scale * mu[j % 2] - x[j / 2 * 3 + j % 2];
            assert_close(s[j], m.factor * gap / var, 1e-14);
        }
    }
    marginals_free(&m);
    gmm_free(p);
}

/* EI solves dx = (-f x + g^2) dtau exactly: on OU, f = -1, g^2 = 2, x_0 = e^T (x_T + 2) - 2; EM's first step
   is x (1 + h) + 2 h. */
static void constant_score(void **state)
{
    (void)state;
    sde ou = sde_ou(2.0);
    assert_close(sampler_constant_score(&SAMPLER_EI, &ou, 7, 0.3), exp(2.0) * 2.3 - 2.0,
                 1e-14);
    assert_close(sampler_constant_score(&SAMPLER_EM, &ou, 2, 0.3), 2.3 * 4.0 - 2.0,
                 1e-14);
}

/* DDIM's b, which is in closed form, is the integral. */
static void frozen_noise(void **state)
{
    (void)state;
    static const sde *const FORWARD[] = {&SDE_OU, &SDE_SUBVP, &SDE_VE_PRIME};
    for (int i = 0; i < LEN(FORWARD); i++)
        assert_close(sde_int_frozen_noise(FORWARD[i], 0.3, 0.4),
                     SAMPLER_DDIM.coefficients(FORWARD[i], 0.4, 0.3).b, 1e-13);
}

/* Half way between two schemes every step is half of both; the ends are the schemes. */
static void blends(void **state)
{
    (void)state;
    enum { N = 3 };
    const double x[N] = {-1.0, 0.5, 2.0}, z[N] = {0.0, 0.0, 0.0};
    double ends[2][N], y[N];
    gmm *p = gmm_new_equal(1, 1, (double[]){0.7}, 0.49);
    double t[2] = {1.0, 0.6};
    marginals laws = marginals_of(p, &SDE_OU, 1, t);
    const move m = {&SDE_OU, marginals_score(&laws), t[0], t[1], N, 1};
    SAMPLER_EI.advance(&SAMPLER_EI, &m, x, z, ends[0]);
    SAMPLER_DDPM.advance(&SAMPLER_DDPM, &m, x, z, ends[1]);
    for (int i = 0; i <= 4; i++) {
        double w = 0.5 * i - 0.5;
        sampler s = sampler_blend(&SAMPLER_EI, &SAMPLER_DDPM, w);
        s.advance(&s, &m, x, z, y);
        for (int j = 0; j < N; j++)
            assert_near(y[j], (1.0 - w) * ends[0][j] + w * ends[1][j], 1e-14);
    }
    marginals_free(&laws);
    gmm_free(p);
}

/* A score frozen coordinate by coordinate does not turn with the data: such a scheme has a gap. */
static void clipped(const sampler *self, const move *m, const double *x,
                    const double *z, double *y)
{
    (void)self;
    SAMPLER_EI.advance(&SAMPLER_EI, m, x, z, y);
    for (long i = 0; i < m->n * m->d; i++) y[i] = fmin(y[i], 0.5);
}

static void subspaces(void **state)
{
    (void)state;
    enum { HOPS = 10 };
    double t[HOPS + 1], gap;
    gmm *p = gmm_new(2, 2, (double[]){0.4, 0.6}, (double[]){0.0, 0.0, 2.0, 1.0}, 2,
                     (double[]){0.25, 0.5});
    const sampler clip = {
        .name = "clipped", .evaluations = 1, .normals = 1, .advance = clipped};
    const sampler *const schemes[] = {&SAMPLER_DDPM, &SAMPLER_EI2, &SAMPLER_HEUN,
                                      &SAMPLER_EM_CORRECTED};
    timegrid_uniform(2.0, 0.05, HOPS, t);
    simulation c = {.forward = &SDE_OU, .steps = HOPS, .t = t};
    for (int i = 0; i < LEN(schemes); i++) {
        c.scheme = schemes[i];
        assert_int_equal(sampler_subspace_gap(&c, p, 5, rng_key_of(1, "gap"), 20, &gap),
                         SC_OK);
        assert_near(gap, 0.0, 1e-11);
    }
    c.scheme = &clip;
    assert_int_equal(sampler_subspace_gap(&c, p, 5, rng_key_of(1, "gap"), 20, &gap),
                     SC_OK);
    assert_true(gap > 0.1);
    gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_on_purpose),
        cmocka_unit_test(constant_score),
        cmocka_unit_test(frozen_noise),
        cmocka_unit_test(references),
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(ddim_and_ei_ode),
        cmocka_unit_test(frozen_schemes),
        cmocka_unit_test(exponential_series),
        cmocka_unit_test(quadrature_in_time),
        cmocka_unit_test(ei2_step),
        cmocka_unit_test(predictor_corrector_step),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(gaussian_recursion),
        cmocka_unit_test(deterministic_run),
        cmocka_unit_test(marginal_scores),
        cmocka_unit_test(blends),
        cmocka_unit_test(subspaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
