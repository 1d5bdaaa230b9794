/* Reference values of the Ornstein-Uhlenbeck and heat semigroups; closed forms of Gaussians, mixtures and
 * waves; composition; the quotients of the stationary process. */
#include "semigroup.h"

#include "catalogue.h"
#include "check.h"
#include "quad.h"
#include "reference.h"
#include "target.h"

static const semigroup_wave SINE = {0.5, 2.0, INFINITY}, SINE_DENSITY = {0.5, 2.0, 1.0};

static smoothed apply(semigroup_function f, semigroup_kernel k, double y)
{
    smoothed s;
    assert_int_equal(semigroup_apply(&f, k, y, &s), SC_OK);
    return s;
}

/* The value lies in the enclosure, to rounding, and the enclosure is narrow. */
static void assert_encloses(enclosure e, double value)
{
    double slack = 4e-15 * (1.0 + fabs(value));
    if (!(e.lo - slack <= value && value <= e.hi + slack))
        print_error("[%.17g, %.17g] misses %.17g\n", e.lo, e.hi, value);
    assert_true(e.lo - slack <= value && value <= e.hi + slack);
    assert_true(enclosure_halfwidth(e) < 2e-11 * (1.0 + fabs(value)));
}

static double known(const char *id) { return reference_value("matching", id); }

static void references(void **state)
{
    (void)state;
    semigroup_function f = semigroup_waves(&SINE), p = semigroup_waves(&SINE_DENSITY);
    smoothed u = apply(f, semigroup_ou(1.0, 1.0, 0.3), 0.7);
    assert_encloses(u.log, log(known("ou_U_t0.3")));
    assert_encloses(u.inside, 0.7 + known("ou_wrongcomm_t0.3"));
    semigroup_kernel forward = semigroup_transition(1.0, 1.0, 0.3);
    assert_encloses(semigroup_slope(forward, apply(p, forward, 0.7).gap),
                    known("ou_score_t0.3"));
    u = apply(f, semigroup_ou(1.0, 1.0, 0.05), -1.0);
    assert_encloses(u.log, log(known("ou_U_t0.05")));
    assert_encloses(u.inside, -1.0 + known("ou_wrongcomm_t0.05"));
    semigroup_kernel heat = semigroup_heat(-expm1(-0.6));
    u = apply(f, heat, exp(-0.3) * 0.7);
    assert_encloses(semigroup_slope(heat, u.gap), known("foellmer_t0.3"));
    assert_encloses(u.inside, known("foellmer_t0.3"));
    heat = semigroup_heat(-expm1(-0.1));
    u = apply(f, heat, -exp(-0.05));
    assert_encloses(semigroup_slope(heat, u.gap), known("foellmer_t0.05"));
}

/* U_t(p_0/gamma) for a mixture that is wider and narrower than gamma: the score of p_t. */
static void mixture(void **state)
{
    (void)state;
    gmm *g = catalogue_gmm(&CATALOGUE_G);
    double y = 0.9, var = 1.5 * 1.5;
    semigroup_kernel ou = semigroup_ou(1.5, 0.7, 0.4);
    smoothed u;
    assert_int_equal(semigroup_mixture(g, var, ou, &y, &u), SC_OK);
    enclosure minus = enclosure_exact(-y / var);
    assert_encloses(enclosure_add(minus, semigroup_slope(ou, u.gap)),
                    known("ou_sigbeta_score"));
    assert_encloses(enclosure_add(minus, enclosure_scale(u.inside, ou.gamma)),
                    known("ou_sigbeta_score"));
    gmm_free(g);
}

/* In R^3 with full covariances: log-density and score of the diffused mixture. */
static void full_mixture(void **state)
{
    (void)state;
    static const double W[] = {0.4, 0.6}, MU[] = {-1.0, 0.5, 2.0, 0.3, -0.4, 0.0};
    static const double COV[] = {0.5, 0.2,  0.0, 0.2,  0.9, -0.3, 0.0, -0.3, 0.4,
                                 2.0, -0.5, 0.7, -0.5, 1.0, 0.1,  0.7, 0.1,  0.6};
    static const double Y[] = {0.7, -1.2, 1.9};
    enum { D = 3 };
    gmm *p = NULL;
    assert_int_equal(gmm_new_full(2, D, W, MU, D, COV, &p), SC_OK);
    semigroup_kernel forward = semigroup_transition(0.8, 0.5, 0.6);
    semigroup_kernel ou = semigroup_ou(0.8, 0.5, 0.6);
    gmm *pt = gmm_diffuse(p, forward.alpha, forward.s2);
    double logp, grad[D], square = 0.0, var = 0.64;
    smoothed direct[D], ratio[D];
    gmm_score(pt, 1, Y, D, &logp, grad, D);
    assert_int_equal(semigroup_mixture(p, INFINITY, forward, Y, direct), SC_OK);
    assert_int_equal(semigroup_mixture(p, var, ou, Y, ratio), SC_OK);
    for (int j = 0; j < D; j++) {
        square += Y[j] * Y[j];
        assert_encloses(direct[j].log, logp);
        assert_encloses(semigroup_slope(forward, direct[j].gap), grad[j]);
        assert_encloses(enclosure_scale(ratio[j].inside, ou.gamma),
                        grad[j] + Y[j] / var);
    }
    assert_encloses(ratio[0].log,
                    logp + 0.5 * square / var + 0.5 * D * log(2.0 * SC_PI * var));
    gmm_free(pt);
    gmm_free(p);
}

/* S of N(mu, v) is N(gamma y; alpha mu, alpha^2 v + s2); narrow, far off, and growing like a Gaussian. */
static void gaussians(void **state)
{
    (void)state;
    static const double MU[] = {0.3, -2.0, 40.0}, V[] = {1e-4, 0.5, 3.0};
    static const semigroup_kernel K = {0.7, 1.3, 0.2};
    for (int i = 0; i < LEN(MU); i++) {
        semigroup_ratio density = {MU[i], V[i], INFINITY};
        smoothed s = apply(semigroup_gauss(&density), K, 0.9);
        double V_y = K.alpha * K.alpha * V[i] + K.s2;
        double gap = K.gamma * 0.9 - K.alpha * MU[i];
        assert_encloses(s.log, -0.5 * gap * gap / V_y - 0.5 * log(2.0 * SC_PI * V_y));
        assert_encloses(semigroup_slope(K, s.gap), -K.gamma * gap / V_y);
        assert_encloses(s.inside, -K.alpha * gap / V_y);
    }
    semigroup_ratio growing = {0.0, 4.0, 1.0}; /* exp(3 u^2/8)/2 */
    semigroup_function f = semigroup_gauss(&growing);
    smoothed s = apply(f, semigroup_heat(1.0), 2.0); /* E exp(3(2 + Z)^2/8)/2 */
    assert_encloses(s.log, 1.5 / 0.25 - 0.5 * log(0.25) - log(2.0));
    assert_encloses(s.inside, 6.0);
    assert_int_equal(semigroup_apply(&f, semigroup_heat(1.4), 2.0, &s), SC_EDOMAIN);
}

/* U_t f = 1 + A sin(k' x), and Q_r f likewise; in d dimensions the products. */
static void waves(void **state)
{
    (void)state;
    static const double Y[] = {0.4, -1.1, 2.3};
    semigroup_kernel k[] = {semigroup_ou(1.0, 1.0, 0.3), semigroup_heat(0.5)};
    for (int i = 0; i < LEN(k); i++) {
        double A = SINE.a * exp(-0.5 * SINE.k * SINE.k * k[i].s2);
        double K = SINE.k * k[i].gamma, sum = 0.0;
        for (int d = 1; d <= SEMIGROUP_CUBE; d++) {
            smoothed cube[SEMIGROUP_CUBE];
            semigroup_waves_cube(&SINE, d, k[i], Y, cube);
            sum += log1p(A * sin(K * Y[d - 1]));
            assert_encloses(cube[0].log, sum);
            for (int j = 0; j < d; j++) {
                double slope = K * A * cos(K * Y[j]) / (1.0 + A * sin(K * Y[j]));
                assert_encloses(semigroup_slope(k[i], cube[j].gap), slope);
                assert_encloses(enclosure_scale(cube[j].inside, k[i].gamma), slope);
            }
        }
    }
    smoothed cube[2], line = apply(semigroup_waves(&SINE_DENSITY),
                                   semigroup_transition(1.0, 1.0, 0.3), Y[1]);
    semigroup_waves_cube(&SINE_DENSITY, 2, semigroup_transition(1.0, 1.0, 0.3), Y,
                         cube);
    assert_encloses(cube[1].gap, enclosure_mid(line.gap));
    assert_encloses(cube[1].inside, enclosure_mid(line.inside));
}

/* The suprema of the slope, closed form, on a grid and by quadrature. */
static void suprema(void **state)
{
    (void)state;
    static const double T[] = {0.1, 0.5};
    static const char *const ID[] = {"ou_sup_t0.1", "ou_sup_t0.5"};
    for (int i = 0; i < LEN(T); i++) {
        semigroup_kernel ou = semigroup_ou(1.0, 1.0, T[i]);
        semigroup_wave later = semigroup_of_wave(&SINE, ou);
        double sup[2], largest[2];
        enclosure top;
        semigroup_wave_sups(&later, sup);
        semigroup_wave_maxima(&later, 20001, largest);
        assert_int_equal(semigroup_wave_top(&SINE, ou, &top), SC_OK);
        assert_close(sup[0], known(ID[i]), 1e-14);
        assert_encloses(top, known(ID[i]));
        assert_true(largest[0] <= sup[0] && largest[0] > (1.0 - 1e-7) * sup[0]);
        /* (log f)'' = -k^2 a sin/(1 + a sin) - slope^2 at sin = -1 */
        double second = later.k * later.k * later.a / (1.0 - later.a);
        assert_close(sup[1], second, 1e-14);
        assert_close(largest[1], second, 1e-12);
    }
}

/* One law seen in four ways, and what is left over: nothing, but where there is no Foellmer drift. */
static void views(void **state)
{
    (void)state;
    const semigroup_law pi = {1, NULL, SINE.a, SINE.k};
    const double y = 0.7, t = 0.3, later[] = {0.3, 1.0};
    semigroup_view v;
    assert_int_equal(semigroup_views(&pi, 1.0, 1.0, t, &y, &v), SC_OK);
    assert_encloses(v.log_ratio, log(known("ou_U_t0.3")));
    assert_encloses(v.log_mehler, log(known("ou_U_t0.3")));
    assert_encloses(v.log_heat, log(known("ou_U_t0.3")));
    assert_encloses(v.ratio_slope, known("ou_score_t0.3") + y);
    assert_encloses(v.slope, known("ou_score_t0.3") + y);
    assert_encloses(v.inside, known("ou_wrongcomm_t0.3") + y);
    assert_encloses(v.drift, known("foellmer_t0.3"));
    gmm *g = catalogue_gmm(&CATALOGUE_G);
    const semigroup_law mixture_law = {.d = 1, .mixture = g};
    enclosure r[SEMIGROUP_RESIDUALS];
    assert_int_equal(semigroup_residuals(&mixture_law, 1.5, 1.0, 2, later, 5, true, r),
                     SC_OK);
    for (int i = 0; i < SEMIGROUP_FOELLMER; i++) assert_near(r[i].hi, 0.0, 1e-11);
    assert_true(isnan(r[SEMIGROUP_FOELLMER].lo));
    gmm_free(g);
}

/* ---- Regularity ------------------------------------------------------------------------- */

/* f = 0.4 + 0.6 N(0.5, 0.25)/N(0, 1): its derivatives stay below L, L1 and f above c. */
static void regular_mixture(void **state)
{
    (void)state;
    static const double W[] = {0.4, 0.6}, MU[] = {0.0, 0.5}, V[] = {1.0, 0.25};
    gmm *p = gmm_new(2, 1, W, MU, 1, V);
    semigroup_regularity r;
    double largest = 0.0, largest2 = 0.0;
    assert_int_equal(semigroup_mixture_regularity(p, 1.0, &r), SC_OK);
    semigroup_ratio ratio = {0.5, 0.25, 1.0};
    semigroup_function f = semigroup_gauss(&ratio);
    for (int i = -300; i <= 300; i++) {
        double value, derivative;
        semigroup_eval(&f, 2.0 / 3.0 + 0.01 * i, &value, &derivative);
        double second = derivative * derivative / value - 3.0 * value;
        largest = fmax(largest, 0.6 * fabs(derivative));
        largest2 = fmax(largest2, 0.6 * fabs(second));
    }
    assert_near(r.c, 0.4, 1e-15);
    assert_close(r.L, largest, 1e-4);
    assert_close(r.L1, largest2, 1e-5);
    double bound[2];
    semigroup_bounds(&r, 0.5, bound);
    assert_close(bound[0], 0.5 * r.L / 0.4, 1e-15);
    assert_close(bound[1], 0.25 * (r.L1 / 0.4 + r.L * r.L / 0.16), 1e-15);
    gmm_free(p);
}

/* N(1, 0.25) has no c, N(0, 4) and N(0.1, 1) no L; in the plane diag(1, 0.25) has no c across. */
static void irregular_mixtures(void **state)
{
    (void)state;
    static const double ONE = 1.0, MU[] = {1.0, 0.0, 0.1}, V[] = {0.25, 4.0, 1.0};
    semigroup_regularity r;
    for (int i = 0; i < LEN(MU); i++) {
        gmm *p = gmm_new(1, 1, &ONE, &MU[i], 1, &V[i]);
        double at = i == 0 ? -10.0 : 10.0, gap = at - MU[i];
        assert_int_equal(semigroup_mixture_regularity(p, 1.0, &r), SC_OK);
        assert_true(i == 0 ? r.c == 0.0 && isfinite(r.L) : isinf(r.L));
        assert_near(r.log_far, 0.5 * at * at - 0.5 * gap * gap / V[i] - 0.5 * log(V[i]),
                    1e-12);
        gmm_free(p);
    }
    static const double CENTRE[] = {0.0, 0.0}, FLAT[] = {1.0, 0.25};
    gmm *p = gmm_new_diagonal(1, 2, &ONE, CENTRE, 2, FLAT, 2);
    assert_int_equal(semigroup_mixture_regularity(p, 1.0, &r), SC_OK);
    assert_true(r.c == 0.0 && isfinite(r.L) && r.where == 1);
    gmm_free(p);
}

/* f = N(0, 2)/N(0, 1) = e^{u^2/4}/sqrt(2): log Q_r f(y) = y^2/(4 (1 - r/2)) - log(2 (1 - r/2))/2, here y^2 2^5 +
   3 log 2, from exponents that all but cancel; f = 1 + sin(9u)/2 is too fast for the cube's meshes. */
static void hard_integrals(void **state)
{
    (void)state;
    static const semigroup_ratio wide = {0.0, 2.0, 1.0};
    static const semigroup_wave fast = {0.5, 9.0, INFINITY};
    semigroup_function f = semigroup_gauss(&wide);
    smoothed s;
    for (int i = 3; i < 12; i++) {
        double at = i, value = 32.0 * at * at + 3.0 * log(2.0);
        assert_int_equal(semigroup_apply(&f, semigroup_heat(2.0 - 0x1p-6), at, &s),
                         SC_OK);
        assert_true(s.log.lo <= value && value <= s.log.hi);
    }
    double y = 0.3;
    semigroup_waves_cube(&fast, 1, semigroup_heat(1.0), &y, &s);
    assert_true(s.log.lo <= 0.0 && 0.0 <= s.log.hi);
}

/* Variances 25 a and 25 along (3, 4) and (4, -3): the latter suffers from the rounding of the former. */
static void flat_mixture(void **state)
{
    (void)state;
    const double a = 0x1p20, r = 0.0625, one = 1.0, mean[] = {0.0, 0.0},
                 y[] = {8.0, -6.0};
    const double cov[] = {9.0 * a + 16.0, 12.0 * a - 12.0, 12.0 * a - 12.0,
                          16.0 * a + 9.0};
    gmm *p;
    smoothed s[2];
    assert_int_equal(gmm_new_full(1, 2, &one, mean, 2, cov, &p), SC_OK);
    assert_int_equal(semigroup_mixture(p, INFINITY, semigroup_heat(r), y, s), SC_OK);
    double along = 25.0 * a + r, across = 25.0 + r;
    double value = -log(2.0 * SC_PI) - 0.5 * log(along * across) - 50.0 / across;
    assert_true(s[0].log.lo <= value && value <= s[0].log.hi);
    gmm_free(p);
}

/* f = N(0, diag(0.5, 0.8))/N(0, I): log U_t f has the slopes (1 - 1/v) y and 1 - 1/v, v = 1 - m^2 (1 - v_0). */
static void sizes(void **state)
{
    (void)state;
    const double one = 1.0, mean[] = {0.0, 0.0}, var[] = {0.5, 0.8}, t = 0.3;
    gmm *p = gmm_new_diagonal(1, 2, &one, mean, 2, var, 2);
    enclosure largest[2];
    double rate[2], slope = 0.0, y[2];
    for (int j = 0; j < 2; j++)
        rate[j] = 1.0 - 1.0 / (1.0 - exp(-2.0 * t) * (1.0 - var[j]));
    for (int i = 0; i < 5; i++) {
        semigroup_scan(2, 5, i, y);
        assert_near(y[1], 2.0 * ((i + 7) % 5) - 4.0, 1e-15);
        slope = fmax(slope, hypot(rate[0] * y[0], rate[1] * y[1]));
    }
    assert_int_equal(semigroup_mixture_sizes(p, t, 5, largest), SC_OK);
    assert_encloses(largest[0], slope);
    assert_encloses(largest[1], -rate[0]);
    gmm_free(p);
}

/* f and f' where the assumption fails. */
static void ratios(void **state)
{
    (void)state;
    static const char *const ID[] = {"f_gauss_x-3", "f_gauss_x3", "f_gauss_x6",
                                     "f_gauss_wide_lip"};
    static const double X[] = {-3.0, 3.0, 6.0, 6.0};
    for (int i = 0; i < LEN(ID); i++) {
        bool wide = i == 3;
        semigroup_ratio r = {wide ? 0.0 : 1.0, wide ? 4.0 : 0.25, 1.0};
        semigroup_function f = semigroup_gauss(&r);
        double value, derivative;
        semigroup_eval(&f, X[i], &value, &derivative);
        assert_close(wide ? derivative : value, known(ID[i]), 1e-12);
    }
}

/* The Cauchy law under the same process: the score stays small where -y does not. */
static void cauchy(void **state)
{
    (void)state;
    target *p = target_cauchy(0.0, 1.0);
    semigroup_kernel k = semigroup_transition(1.0, 1.0, 0.5);
    static const double X[] = {5.0, 20.0};
    double s[LEN(X)];
    target_score(p, k.alpha, k.s2, LEN(X), X, NULL, s, NULL);
    assert_close(s[0], known("cauchy_score_x5"), 1e-11);
    assert_close(s[1], known("cauchy_score_x20"), 1e-11);
    target_free(p);
}

/* f = 1 + tri/2 by quadrature against the series; its slopes at 0 and the errors of the average, as known. */
static double tent(double z, const void *ctx)
{
    const double *at = ctx; /* gamma y, sd */
    const double u = fabs(remainder(at[0] + at[1] * z, 2.0));
    return (0.5 + u) * exp(-0.5 * z * z) / sqrt(2.0 * SC_PI);
}

static double log_tent(double y, const semigroup_kernel *k)
{
    const double sd = sqrt(k->s2), at[] = {k->gamma * y, sd};
    double points[64], value, err;
    int n = 0;
    points[n++] = -12.0;
    const int first = (int)ceil(at[0] - 12.0 * sd),
              last = (int)floor(at[0] + 12.0 * sd);
    for (int kink = first; kink <= last; kink++) points[n++] = (kink - at[0]) / sd;
    points[n++] = 12.0;
    assert_int_equal(quad_adaptive(tent, at, n, points, 0.0, 1e-13, &value, &err),
                     SC_OK);
    return log(value);
}

static void triangle_wave(void **state)
{
    (void)state;
    static const double TIME[] = {0.2, 0.05, 0.01, 1e-3, 1e-4, 1e-5};
    static const double SLOPE[] = {0.573, 3.1, 9.1, 33.0, 110.0, 354.0};
    for (int i = 0; i < LEN(TIME); i++) {
        const semigroup_kernel k = semigroup_ou(1.0, 1.0, TIME[i]);
        const double origin = 0.0;
        double steepest;
        semigroup_triangle(&k, 1, &origin, NULL, &steepest);
        assert_close(steepest, SLOPE[i], 1e-2);
    }
    const semigroup_kernel k = semigroup_ou(1.0, 1.0, 0.05);
    const double y = 0.8, h = 1e-3;
    double v, dv;
    semigroup_triangle(&k, 1, &y, &v, &dv);
    const double below = log_tent(y - h, &k), here = log_tent(y, &k),
                 above = log_tent(y + h, &k);
    assert_near(v, (above - below) / (2.0 * h), 1e-5);
    assert_near(dv, (above - 2.0 * here + below) / (h * h), 1e-4);
}

/* M = 1: by the definition, at the very points; the mean of many is the statement's, .0257 for M = 1024 from 200
   replicates, .80/sqrt(M). */
static void averages(void **state)
{
    (void)state;
    const semigroup_kernel k = semigroup_ou(1.0, 1.0, 0.2);
    const semigroup_average one = {{0.5, 2.0, INFINITY}, k, 1, 3.0};
    const semigroup_average many = {{0.5, 2.0, INFINITY}, k, 1024, 3.0};
    const semigroup_wave later = semigroup_of_wave(&one.f, k);
    const rng_key key = rng_key_of(1, "average");
    rng r = rng_at(key, 5, 0);
    double z, y[2 * 200], worst[2] = {0.0, 0.0}, sum = 0.0;
    rng_normal(&r, 1, &z);
    for (int i = 0; i <= 600; i++) {
        const double x = i / 100.0 - 3.0, u = 2.0 * (k.gamma * x + sqrt(k.s2) * z);
        const double slope =
            later.a * later.k * cos(later.k * x) / (1.0 + later.a * sin(later.k * x));
        const double inside = cos(u) / (1.0 + 0.5 * sin(u));
        worst[0] = fmax(worst[0], fabs(k.gamma * inside - slope));
        worst[1] = fmax(worst[1], fabs(inside - slope));
    }
    semigroup_average_errors(&one, key, 5, 1, y);
    assert_near(y[0], worst[0], 1e-12);
    assert_near(y[1], worst[1], 1e-12);
    semigroup_average_errors(&many, key, 0, 200, y);
    for (int i = 0; i < 200; i++) sum += y[2L * i] / 200.0;
    assert_close(sum, 0.0257, 0.15);
}

/* The statement's differences for G at t = .4, x = .9. */
static void exploding_variance(void **state)
{
    (void)state;
    static const double BETA[] = {1.0, 0.3, 0.1, 0.03, 0.01, 0.001};
    static const double GAP[] = {.3445, .06054, .01671, .004667, .001523, 1.509e-4};
    target *g = catalogue_target(&CATALOGUE_G);
    for (int i = 0; i < LEN(BETA); i++)
        assert_close(fabs(enclosure_mid(semigroup_ve_gap(g, 0.4, BETA[i], 0.9))),
                     GAP[i], 4e-4);
    target_free(g);
}

/* ---- Stochastic derivatives ---------------------------------------------------------- */

/* (e^{-h} - 1)/h x forwards, (e^h - 1)/h x + (2 sinh h/h) grad log p(x) backwards. */
static void quotients(void **state)
{
    (void)state;
    gmm *m = catalogue_gmm(&CATALOGUE_M);
    double x = 0.8, h = 0.01, grad;
    enclosure q;
    gmm *before = gmm_diffuse(m, exp(-0.49), -expm1(-0.98));
    gmm *now = gmm_diffuse(m, exp(-0.5), -expm1(-1.0));
    gmm_score(now, 1, &x, 1, NULL, &grad, 1);
    assert_int_equal(semigroup_forward(h, x, &q), SC_OK);
    assert_encloses(q, expm1(-h) / h * x);
    assert_int_equal(semigroup_backward(before, h, x, &q), SC_OK);
    assert_encloses(q, expm1(h) / h * x + 2.0 * sinh(h) / h * grad);
    gmm_free(now);
    gmm_free(before);
    gmm_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references),
        cmocka_unit_test(mixture),
        cmocka_unit_test(full_mixture),
        cmocka_unit_test(gaussians),
        cmocka_unit_test(waves),
        cmocka_unit_test(suprema),
        cmocka_unit_test(views),
        cmocka_unit_test(regular_mixture),
        cmocka_unit_test(irregular_mixtures),
        cmocka_unit_test(hard_integrals),
        cmocka_unit_test(flat_mixture),
        cmocka_unit_test(sizes),
        cmocka_unit_test(ratios),
        cmocka_unit_test(cauchy),
        cmocka_unit_test(triangle_wave),
        cmocka_unit_test(averages),
        cmocka_unit_test(exploding_variance),
        cmocka_unit_test(quotients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
