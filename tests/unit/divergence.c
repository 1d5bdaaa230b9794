/* Distances on the line: closed forms, and laws whose distances are known by construction. */
#include "check.h"
#include "reference.h"

#include "divergence.h"
#include "quad.h"
#include "stats.h"
#include "timegrid.h"

#include <stdlib.h>

static target *two(double w, double a, double va, double b, double vb)
{
    gmm *g =
        gmm_new(2, 1, (double[]){w, 1.0 - w}, (double[]){a, b}, 1, (double[]){va, vb});
    target *p = target_mixture(g);
    gmm_free(g);
    return p;
}

/* The density of m X_0 + shift on a grid. */
static line *tabulate(const target *p, double m, double shift, double lo, double hi)
{
    enum { N = 8001 };
    line *l = line_new(lo, (hi - lo) / (N - 1), N);
    for (long j = 0; j < N; j++) {
        double x = l->x0 + (double)j * l->dx - shift, logp;
        target_score(p, m, 0.0, 1, &x, &logp, NULL, NULL);
        l->p[j] = exp(logp);
    }
    return l;
}

static void gaussian_closed_forms(void **state)
{
    (void)state;
    gauss p = {0.3, 0.8}, q = {-0.2, 1.7}, near = {0.3, 0.8 * (1.0 + 1e-7)};
    assert_close(gauss_kl(p, q), 0.5 * (0.8 / 1.7 - 1.0 + log(1.7 / 0.8) + 0.25 / 1.7),
                 1e-14);
    assert_close(gauss_kl(near, p), 0.25e-14 * (1.0 - 2e-7 / 3.0), 1e-7);
    assert_close(gauss_w2(p, q), hypot(0.5, sqrt(1.7) - sqrt(0.8)), 1e-14);
    /* equal variances */
    assert_close(gauss_tv(p, (gauss){0.3 + 1e-6, 0.8}), erf(1e-6 / sqrt(8.0 * 0.8)),
                 1e-9);
    /* TV between N(0, v) and N(0, v(1 + e)) is e/2 phi(1) 2 + O(e^2) */
    assert_close(gauss_tv(p, near), 1e-7 * exp(-0.5) / sqrt(2.0 * SC_PI), 1e-6);
    assert_close(gauss_tv(p, q), gauss_tv(q, p), 1e-15);
    assert_close(gauss_tv((gauss){0, 1}, (gauss){0, 1.1}), 0.0230579097850038, 1e-13);
    assert_near(gauss_tv(p, p), 0.0, 0.0);
    /* N(0, 1/r) and N(0, 1) are equal at +- a/sqrt(r), a^2 = log(r)/(1 - 1/r) */
    double r = 1e12, a = sqrt(log(r) / (1.0 - 1.0 / r));
    assert_close(1.0 - gauss_tv((gauss){0, 1.0 / r}, (gauss){0, 1}),
                 erfc(a * sqrt(0.5)) + erf(a * sqrt(0.5 / r)), 1e-10);
    assert_near(gauss_tv((gauss){0, 1e-12}, (gauss){0, 1e12}), 1.0, 1e-10);
    assert_true(isinf(gauss_kl(p, (gauss){0.0, 0.0})));
}

static void a_law_has_no_distance_from_itself(void **state)
{
    (void)state;
    target *M = two(0.3, -1.5, 0.09, 1.0, 0.16);
    reference r = {M, 1.0, 0.0};
    line *l = tabulate(M, 1.0, 0.0, -5.0, 5.5);
    line_values v;
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    assert_near(v.kl, 0.0, 1e-20);
    assert_near(v.kl_reverse, 0.0, 1e-20);
    assert_near(v.tv, 0.0, 1e-17);
    assert_near(v.w2, 0.0, 1e-14);
    line_free(l);
    target_free(M);
}

static void gaussians_on_a_grid(void **state)
{
    (void)state;
    gauss p = {0.7, 0.49}, q = {0.4, 0.64};
    target *P = target_gauss(p.mean, p.var), *Q = target_gauss(q.mean, q.var);
    reference r = {P, 1.0, 0.0};
    line *l = tabulate(Q, 1.0, 0.0, -8.0, 8.0);
    line_values v;
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    assert_near(v.kl, gauss_kl(p, q), 1e-14);
    assert_near(v.kl_reverse, gauss_kl(q, p), 1e-14);
    assert_near(v.tv, gauss_tv(p, q), 1e-14);
    assert_near(v.w2, gauss_w2(p, q), 1e-13);
    line_free(l);
    target_free(P);
    target_free(Q);
}

/* X + b and a X are at W2 distance b and |a - 1| sqrt(E X^2), whatever the law of X; the TV between
   mirrored laws is symmetric. */
static void shifts_and_scalings(void **state)
{
    (void)state;
    target *M = two(0.3, -1.5, 0.09, 1.0, 0.16);
    reference r = {M, 1.0, 0.0};
    line_values v;
    line *l = tabulate(M, 1.0, 0.01, -5.0, 5.5);
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    assert_near(v.w2, 0.01, 1e-12);
    line_free(l);
    l = tabulate(M, 1.05, 0.0, -5.5, 6.0);
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    double square = target_second_moment(M);
    assert_near(v.w2, 0.05 * sqrt(square), 1e-12);
    line_free(l);
    line *back = tabulate(M, 1.0, 0.0, -5.0, 5.5);
    reference scaled = {M, 1.05, 0.0};
    line_values w;
    assert_int_equal(divergence_line(back, &scaled, false, &w), SC_OK);
    assert_near(w.tv, v.tv, 1e-13);
    assert_near(w.kl, v.kl_reverse, 1e-13);
    line_free(back);
    target_free(M);
}

/* {Q_p(u) - Q_q(u)}^2 for modes N(-3, 0.04), N(3, 0.04) that do not overlap, lower weights 0.3 and
   0.31. */
static double valley_gap(double u, const void *ctx)
{
    (void)ctx;
    double q[2], w[2] = {0.3, 0.31};
    for (int i = 0; i < 2; i++)
        q[i] = u < w[i] ? -3.0 + 0.2 * stats_normal_quantile(u / w[i])
                        : 3.0 + 0.2 * stats_normal_quantile((u - w[i]) / (1.0 - w[i]));
    return (q[0] - q[1]) * (q[0] - q[1]);
}

/* Two modes 30 sd apart whose weights differ by 0.01: TV = 0.01, and W2 is that of 0.01 of mass that
   crosses the valley. A TV split only where the sign changes by more than rounding sees nothing. */
static void deep_valley(void **state)
{
    (void)state;
    target *V = two(0.3, -3.0, 0.04, 3.0, 0.04), *W = two(0.31, -3.0, 0.04, 3.0, 0.04);
    reference r = {V, 1.0, 0.0};
    line *l = tabulate(W, 1.0, 0.0, -5.0, 5.0);
    line_values v, blind;
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    assert_int_equal(divergence_line(l, &r, true, &blind), SC_OK);
    assert_near(v.tv, 0.01, 1e-14);
    assert_near(blind.tv, 0.0, 1e-14);
    double levels[] = {0.0, 0.3, 0.31, 1.0}, square, err;
    assert_int_equal(
        quad_adaptive(valley_gap, NULL, LEN(levels), levels, 1e-13, 0.0, &square, &err),
        SC_OK);
    assert_near(v.w2 * v.w2, square, 1e-11);
    line_free(l);
    target_free(V);
    target_free(W);
}

/* A grid that misses some of the reference: TV knows how much, KL and W2 are not known. */
static void mass_beyond_the_grid(void **state)
{
    (void)state;
    target *P = target_gauss(0.0, 1.0), *Q = target_gauss(0.0, 0.01);
    reference r = {P, 1.0, 0.0};
    line *l = tabulate(Q, 1.0, 0.0, -1.0, 1.0);
    line_values v;
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    assert_true(isnan(v.kl) && isnan(v.w2));
    assert_near(v.tv, gauss_tv((gauss){0, 1}, (gauss){0, 0.01}), 1e-12);
    assert_near(v.kl_reverse, gauss_kl((gauss){0, 0.01}, (gauss){0, 1}), 1e-12);
    l->p[4000] = -1e-3;
    assert_int_equal(divergence_line(l, &r, false, &v), SC_EDOMAIN);
    line_free(l);
    target_free(P);
    target_free(Q);
}

/* Edges and a kink, against N(0,1) on a grid that does not meet them:
   KL(U|N) = -log(2 sqrt 3) + log(2 pi)/2 + 1/2, W2^2 = 2 - 2 sqrt(3/pi),
   KL(Laplace(b)|N) = -1 - log(2b) + log(2 pi)/2 + b^2. */
static void references_that_are_not_smooth(void **state)
{
    (void)state;
    double edge = sqrt(3.0), u = 0.5 / edge, b = 0.6;
    target *N = target_gauss(0.0, 1.0), *U = target_uniform(-edge, edge);
    target *L = target_laplace(0.0, b);
    reference r = {U, 1.0, 0.0};
    line *l = tabulate(N, 1.0, 0.0, -9.0, 9.1);
    line_values v;
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    assert_near(v.kl, -log(2.0 * edge) + 0.5 * log(2.0 * SC_PI) + 0.5, 1e-13);
    assert_true(isinf(v.kl_reverse));
    double cross = sqrt(-2.0 * log(u * sqrt(2.0 * SC_PI)));
    double tv = erf(cross * sqrt(0.5)) - 2.0 * cross * u + erfc(edge * sqrt(0.5));
    assert_near(v.tv, tv, 1e-13);
    assert_near(v.w2 * v.w2, 2.0 - 2.0 * sqrt(3.0 / SC_PI), 1e-12);
    line_free(l);
    /* the Laplace law needs a wide grid: its mass beyond +-22 is 1e-16 */
    l = tabulate(N, 1.0, 0.0, -22.0, 22.1);
    r.data = L;
    assert_int_equal(divergence_line(l, &r, false, &v), SC_OK);
    assert_near(v.kl, -1.0 - log(2.0 * b) + 0.5 * log(2.0 * SC_PI) + b * b, 1e-12);
    line_free(l);
    target_free(N);
    target_free(U);
    target_free(L);
}

static void bend_score(const void *ctx, double t, long n, const double *x, double *s)
{
    (void)t;
    for (long i = 0; i < n; i++) s[i] += *(const double *)ctx * sin(3.0 * x[i]);
}

static void holds(enclosure e, double value)
{
    if (!(e.lo <= value && value <= e.hi))
        print_error("%.17g not in [%.17g, %.17g]\n", value, e.lo, e.hi);
    assert_true(e.lo <= value && value <= e.hi);
}

static double variance(const void *ctx, const line *law)
{
    return *(const double *)ctx * line_moments(law).var;
}

/* The density's enclosures hold the closed forms. A score error that is not affine leaves the
   Gaussian route, and moves the law continuously. */
static void chains_of_gaussian_data(void **state)
{
    (void)state;
    enum { N = 20 };
    target *G = target_gauss(0.7, 0.49);
    sde ou = sde_ou(2.0);
    double t[N + 1], bend = 1e-6;
    timegrid_uniform(2.0, 0.0, N, t);
    chain c = {.data = G,
               .forward = &ou,
               .scheme = &SAMPLER_EI,
               .from = START_STANDARD,
               .steps = N,
               .t = t};
    distances d, e, b;
    enclosure more;
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
    assert_int_equal(divergence_density(&c, NULL, &e), SC_OK);
    assert_close(enclosure_mid(d.kl), reference_value("sampling", "g.OU.EI.20.KL"),
                 1e-13);
    holds(e.kl, enclosure_mid(d.kl));
    holds(e.kl_reverse, enclosure_mid(d.kl_reverse));
    holds(e.tv, enclosure_mid(d.tv));
    holds(e.w2, enclosure_mid(d.w2));
    holds(e.mass, 1.0);
    assert_true(enclosure_halfwidth(e.kl) < 2e-13);

    double twice = 2.0;
    gauss law;
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    assert_int_equal(divergence_density_with(&c, NULL, variance, &twice, &b, &more),
                     SC_OK);
    holds(more, 2.0 * law.var);
    assert_true(enclosure_halfwidth(more) < 1e-12 && b.kl.lo == e.kl.lo);
    c.perturb = bend_score;
    c.perturb_ctx = &bend;
    assert_int_equal(divergence_chain(&c, NULL, &b), SC_OK);
    assert_near(enclosure_mid(b.tv), enclosure_mid(d.tv), 1e-6);
    assert_true(fabs(enclosure_mid(b.tv) - enclosure_mid(d.tv)) > 1e-9);
    target_free(G);
}

/* Stopped at t > 0 the reference is p_t: from p_T the continuous law has no distance, and a chain
   has less than at 0. */
/* The reference where the law has no digits left: from N(s_T m + d, w) it is
   N(m + Phi d, v + Phi^2 (w - v_T)), Phi = v/(v + T^2) under VE'. */
static void a_reference_in_the_tail_of_the_law(void **state)
{
    (void)state;
    double v = 0.04, T = 0.2, shift = -1.0, var_T = v + T * T, to = v / var_T;
    target *p = target_gauss(0.2, v);
    sde e = sde_ve_prime(T);
    gauss law = {0.2 + to * shift, v + to * to * (0.05 - var_T)};
    distances d;
    const start from = {START_NORMAL, 0.2 + shift, 0.05};
    assert_int_equal(divergence_continuous(p, &e, from, 0.0, &d), SC_OK);
    holds(d.kl, gauss_kl((gauss){0.2, v}, law));
    assert_true(enclosure_halfwidth(d.kl) < 1e-6);
    target_free(p);
}

static void laws_stopped_early(void **state)
{
    (void)state;
    enum { N = 32 };
    target *M = two(0.3, -1.5, 0.09, 1.0, 0.16);
    sde ou = sde_ou(2.0);
    double t[N + 1];
    distances d;
    assert_int_equal(divergence_continuous(M, &ou, START_EXACT, 0.3, &d), SC_OK);
    holds(d.kl, 0.0);
    holds(d.tv, 0.0);
    holds(d.w2, 0.0);
    timegrid_uniform(2.0, 0.5, N, t);
    chain c = {.data = M,
               .forward = &ou,
               .scheme = &SAMPLER_EM,
               .from = START_STANDARD,
               .steps = N,
               .t = t};
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
    assert_true(d.tv.lo > 1e-4 && d.tv.hi < 0.03);
    target_free(M);
}

static void flows(void **state)
{
    (void)state;
    enum { N = 64 };
    target *M = two(0.3, -1.5, 0.09, 1.0, 0.16);
    sde ou = sde_ou(2.0);
    double t[N + 1];
    timegrid_uniform(2.0, 0.0, N, t);
    chain c = {.data = M,
               .forward = &ou,
               .scheme = &SAMPLER_DDIM,
               .from = START_STANDARD,
               .steps = N,
               .t = t};
    distances d;
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_OK);
    assert_close(enclosure_mid(d.tv), reference_value("sampling", "m.OU.DDIM.64.TV"),
                 1e-10);
    assert_close(enclosure_mid(d.kl_reverse),
                 reference_value("sampling", "m.OU.DDIM.64.KLrev"), 1e-10);
    /* the map is smooth: both resolutions agree to rounding */
    assert_true(enclosure_halfwidth(d.tv) < 2e-12 && enclosure_halfwidth(d.w2) < 2e-12);
    target_free(M);
    /* the map jumps over a deep valley: an error, not a number */
    target *V = two(0.3, -3.0, 0.04, 3.0, 0.04);
    c.data = V;
    assert_int_equal(divergence_chain(&c, NULL, &d), SC_EACCURACY);
    target_free(V);
}

/* N(0,1)^d against N(delta,1)^d: TV = erf(sqrt(d/8) delta). */
static void products(void **state)
{
    (void)state;
    enum { N = 4001 };
    double *l = NEW_ARRAY(double, 3L * N), *p = l + N, *q = p + N;
    double delta = 0.1, dx = 24.0 / (N - 1);
    for (int i = 0; i < N; i++) {
        double x = -12.0 + i * dx;
        l[i] = 0.5 * delta * delta - delta * x;
        p[i] = dx * exp(-0.5 * x * x) / sqrt(2.0 * SC_PI);
        q[i] = p[i] * exp(-l[i]);
    }
    int d[] = {1, 4, 64, 1024};
    for (int i = 0; i < LEN(d); i++) {
        enclosure tv;
        assert_int_equal(divergence_tv_product(N, l, p, q, d[i], &tv), SC_OK);
        holds(tv, erf(sqrt(d[i] / 8.0) * delta));
        assert_true(enclosure_halfwidth(tv) < 1e-10);
    }
    enclosure tv;
    assert_int_equal(
        divergence_tv_product_gauss(GAUSS_STANDARD, (gauss){0.0, 1.1}, 64, &tv), SC_OK);
    assert_near(enclosure_mid(tv), 0.211962499127, 1e-8);
    for (int i = 0; i < N; i++) p[i] *= 1.01;
    assert_int_equal(divergence_tv_product(N, l, p, q, 4, &tv), SC_EDOMAIN);
    free(l);
}

/* int p log p: -log(2 pi e v)/2 of a Gaussian, -1 - log 2b of Laplace, -log(b - a) of a uniform law. */
static void entropies(void **state)
{
    (void)state;
    target *p[] = {target_gauss(0.3, 0.5), target_laplace(-1.0, 0.7),
                   target_uniform(-1.0, 4.0)};
    const double known[] = {-0.5 * (1.0 + log(2.0 * SC_PI * (0.36 * 0.5 + 0.2))),
                            -1.0 - log(2.0 * 0.6 * 0.7), -log(0.6 * 5.0)};
    for (int i = 0; i < LEN(p); i++) {
        reference r = {p[i], 0.6, i == 0 ? 0.2 : 0.0};
        enclosure h = {NAN, NAN, 0.0};
        assert_int_equal(divergence_entropy(&r, &h), SC_OK);
        assert_true(h.lo <= known[i] && known[i] <= h.hi);
        assert_near(enclosure_halfwidth(h), 0.0, 1e-11);
        target_free(p[i]);
    }
}

/* N(2, 1) under VP: p_T = N(2 e^{-B/2}, 1), so KL = 2 e^{-B}; N(0, v) with x = (v - 1) e^{-B}: x^2/4 - x^3/6 + ...,
   down to 1e-18. CVP: the ratio of variances is 1 + v e^B/(e^B - 1). */
static void noise_kl(void **state)
{
    (void)state;
    static const double HORIZONS[] = {1.0, 2.0};
    for (int i = 0; i < LEN(HORIZONS); i++) {
        sde vp = sde_vp(0.1, 20.0, HORIZONS[i]), cvp = sde_cvp(0.1, 20.0, HORIZONS[i]);
        double B = 10.05 * HORIZONS[i], x = -0.75 * exp(-B), y = 1.0 / -expm1(-B);
        double shifted = 2.0 * exp(-B), narrow = x * x * (0.25 - x / 6.0 + x * x / 8.0);
        double kept = 0.5 * (5.0 * y - log1p(y));
        enclosure e[] = {gauss_noise_kl((gauss){2.0, 1.0}, &vp),
                         gauss_noise_kl((gauss){0.0, 0.25}, &vp),
                         gauss_noise_kl((gauss){2.0, 1.0}, &cvp)};
        const double expected[] = {shifted, narrow, kept};
        for (int k = 0; k < LEN(e); k++) {
            assert_close(enclosure_mid(e[k]), expected[k], 1e-6);
            assert_true(e[k].lo <= expected[k] && expected[k] <= e[k].hi);
            assert_true(enclosure_halfwidth(e[k]) <= 1e-5 * expected[k]);
        }
    }
    /* B = 40: 1 + x rounds to 1; the mean, if any, decides */
    sde vp = sde_vp(0.1, 20.0, 40.0 / 10.05);
    double x = -0.75 * exp(-40.0);
    enclosure narrow = gauss_noise_kl((gauss){0.0, 0.25}, &vp);
    enclosure both = gauss_noise_kl((gauss){1e-6, 0.25}, &vp);
    assert_true(narrow.lo <= 0.25 * x * x && 0.25 * x * x <= narrow.hi);
    assert_true(both.lo <= 0.25 * x * x + 0.5e-12 * exp(-40.0) &&
                0.25 * x * x + 0.5e-12 * exp(-40.0) <= both.hi);
    assert_true(narrow.hi < 1e-29);
}

/* Of M before and after OU on [0, 1], from the chapter "forward" (eight digits). */
static void entropies_of_a_mixture(void **state)
{
    (void)state;
    target *p = two(0.3, -1.5, 0.09, 1.0, 0.16);
    reference before = {p, 1.0, 0.0}, after = {p, exp(-1.0), 1.0 - exp(-2.0)};
    enclosure h[2] = {{NAN, NAN, 0.0}, {NAN, NAN, 0.0}};
    assert_int_equal(divergence_entropy(&before, &h[0]), SC_OK);
    assert_int_equal(divergence_entropy(&after, &h[1]), SC_OK);
    assert_near(enclosure_mid(h[0]), -1.0267031, 5e-8);
    assert_near(enclosure_mid(h[1]), -1.4482833, 5e-8);
    target_free(p);
}

/* The law of DDPM's chain of N steps at t = 1/4 from 0.3 N(-1.5, 0.09) + 0.7 N(1, 0.16), against VP's: six to
   nine digits. A sum over |p - q|, kinks included, gives 5.0207515e-3 for the first. */
static void ddpm_chain(void **state)
{
    (void)state;
    gmm *p = gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){-1.5, 1.0}, 1,
                     (double[]){0.09, 0.16});
    target *data = target_mixture(p);
    const reference vp = {data, sde_scale(&SDE_VP, 0.25), sde_var(&SDE_VP, 0.25)};
    static const double KNOWN[][3] = {{160, 5.02075165e-3, 6.73196e-5},
                                      {2560, 3.1587664e-4, 2.67009e-7}};
    for (int i = 0; i < LEN(KNOWN); i++) {
        long N = (long)KNOWN[i][0];
        double l = sde_log_alpha_bar(&SDE_VP, N, N / 4);
        const reference chain_law = {data, exp(0.5 * l), -expm1(l)};
        enclosure kl, tv;
        assert_int_equal(divergence_between(&chain_law, &vp, &kl, &tv, NULL), SC_OK);
        assert_close(enclosure_mid(tv), KNOWN[i][1], 1.5e-8);
        assert_close(enclosure_mid(kl), KNOWN[i][2], 2e-6);
        assert_true(enclosure_halfwidth(tv) < 1e-9 * tv.hi);
    }
    target_free(data);
    gmm_free(p);
}

/* N(0, v) against N(m, w): the scores differ by x(1/w - 1/v) - m/w. The weights 0.2, 0.8 against equal ones, and
   two intervals on which both laws are constant. */
static void relative_fisher_information(void **state)
{
    (void)state;
    const double v = 0.7, w = 1.3, m = 40.0, equal[] = {0.5, 0.5}, fifth[] = {0.2, 0.8};
    const double at[] = {-1.0, 1.0}, lo[] = {-2.0, 1.0}, hi[] = {-1.0, 2.0};
    target *p[] = {target_gauss(0.0, v), target_atoms(2, equal, at),
                   target_uniforms(2, equal, lo, hi)};
    target *q[] = {target_gauss(m, w), target_atoms(2, fifth, at),
                   target_uniforms(2, fifth, lo, hi)};
    double gap = 1.0 / w - 1.0 / v;
    const double known[] = {v * gap * gap + m * m / (w * w),
                            reference_value("matching", "esm_weights_a1"), 0.0};
    for (int i = 0; i < 3; i++) {
        double s2 = i == 1 ? 1.0 : 0.0;
        enclosure e = {NAN, NAN, 0.0};
        const reference r[] = {{p[i], 1.0, s2}, {q[i], 1.0, s2}};
        assert_int_equal(divergence_fisher(&r[0], &r[1], &e), SC_OK);
        assert_true(e.lo <= known[i] * (1.0 + 1e-12) &&
                    known[i] * (1.0 - 1e-12) <= e.hi);
        assert_true(e.hi - e.lo <= 1e-10 * known[i]);
        target_free(p[i]);
        target_free(q[i]);
    }
}

/* Products of one law: KL and W2 as in R^d, where they have their own closed form; TV of one coordinate is
   that of the chain. Mixtures by the nodes of their law, in agreement with KL at d = 1 (Pinsker). */
static void products_of_a_law(void **state)
{
    (void)state;
    enum { D = 3, STEPS = 20 };
    double t[STEPS + 1], mean[2][D], cov[2][D * D] = {{0.0}}, kl, w2;
    const int d[] = {1, D, 64};
    target *g = target_gauss(0.7, 0.49), *m = two(0.3, -1.5, 0.09, 1.0, 0.16);
    chain c = chain_uniform(g, &SDE_OU, &SAMPLER_EI, START_EXACT, STEPS, t);
    gauss law;
    distances at[LEN(d)], one;
    assert_int_equal(law_gauss(&c, &law), SC_OK);
    for (int i = 0; i < D; i++) {
        mean[0][i] = 0.7, mean[1][i] = law.mean;
        cov[0][i * D + i] = 0.49, cov[1][i * D + i] = law.var;
    }
    assert_int_equal(divergence_products(&c, LEN(d), d, at), SC_OK);
    assert_int_equal(divergence_gauss_kl(D, mean[0], cov[0], mean[1], cov[1], &kl),
                     SC_OK);
    assert_int_equal(divergence_gauss_w2(D, mean[0], cov[0], mean[1], cov[1], &w2),
                     SC_OK);
    assert_close(enclosure_mid(at[1].kl), kl, 1e-11);
    assert_close(enclosure_mid(at[1].w2), w2, 1e-11);
    assert_close(enclosure_mid(at[0].tv), gauss_tv((gauss){0.7, 0.49}, law), 1e-12);
    assert_true(at[2].tv.hi < sqrt(0.5 * at[2].kl.lo) &&
                at[2].tv.lo > 5.0 * at[0].tv.hi);

    c = chain_uniform(m, &SDE_OU, &SAMPLER_EI, START_EXACT, STEPS, t);
    assert_int_equal(divergence_products(&c, LEN(d), d, at), SC_OK);
    assert_int_equal(divergence_chain(&c, NULL, &one), SC_OK);
    assert_true(at[0].tv.lo == one.tv.lo && at[0].kl.hi >= one.kl.hi);
    assert_close(enclosure_mid(at[2].kl), 64.0 * enclosure_mid(one.kl), 1e-12);
    assert_true(enclosure_halfwidth(at[2].tv) < 1e-6 && at[2].tv.hi <= 1.0 + 1e-9);
    c.scheme = &SAMPLER_HEUN;
    assert_int_equal(divergence_products(&c, LEN(d), d, at), SC_EDOMAIN);
    target_free(m);
    target_free(g);
}

/* Against the continuous process from the same start, fine steps leave an error of their order, coarse ones of the
   start none: EM from N(0, 4) on OU. The reverse SDE forgets the start by the factor (s_T v/v_T)^2 in the
   variance, the flow by v/v_T only. */
static void same_start(void **state)
{
    (void)state;
    target *g = target_gauss(0.7, 0.49);
    double t[2001];
    const sampler *const schemes[] = {&SAMPLER_EI2, &SAMPLER_RK4};
    for (int i = 0; i < LEN(schemes); i++) {
        distances d, to_data;
        chain c = chain_uniform(g, &SDE_OU, schemes[i], (start){START_NORMAL, 1.0, 4.0},
                                2000, t);
        assert_int_equal(divergence_same_start(&c, &d), SC_OK);
        assert_int_equal(divergence_chain(&c, NULL, &to_data), SC_OK);
        assert_true(d.w2.hi < (i == 0 ? 2e-6 : 1e-11) && to_data.w2.lo > 0.01);
    }
    gauss data = {0.7, 0.49}, off, same = law_marginal(data, &SDE_OU, 2.0);
    for (int noise = 0; noise < 2; noise++) {
        gauss end = law_reverse_gauss(data, &SDE_OU, same, 2.0, 0.0, noise != 0, &off);
        assert_near(end.mean, 0.7, off.mean);
        assert_near(end.var, 0.49, off.var);
    }
    target *m = two(0.3, -1.5, 0.09, 1.0, 0.16);
    distances d;
    chain c = chain_uniform(m, &SDE_OU, &SAMPLER_EI, START_EXACT, 20, t);
    assert_int_equal(divergence_same_start(&c, &d), SC_EDOMAIN);
    target_free(m);
    target_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ddpm_chain),
        cmocka_unit_test(noise_kl),
        cmocka_unit_test(relative_fisher_information),
        cmocka_unit_test(gaussian_closed_forms),
        cmocka_unit_test(a_law_has_no_distance_from_itself),
        cmocka_unit_test(gaussians_on_a_grid),
        cmocka_unit_test(shifts_and_scalings),
        cmocka_unit_test(deep_valley),
        cmocka_unit_test(mass_beyond_the_grid),
        cmocka_unit_test(references_that_are_not_smooth),
        cmocka_unit_test(chains_of_gaussian_data),
        cmocka_unit_test(a_reference_in_the_tail_of_the_law),
        cmocka_unit_test(laws_stopped_early),
        cmocka_unit_test(flows),
        cmocka_unit_test(products),
        cmocka_unit_test(products_of_a_law),
        cmocka_unit_test(same_start),
        cmocka_unit_test(entropies),
        cmocka_unit_test(entropies_of_a_mixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
