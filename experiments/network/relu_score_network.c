/* relu_score_network -- the score near a curve by a ReLU network, every weight written down.
 *
 * 000; Yakovlev, Puchkin 2025 (Theorem 3.3): X_t = m g(U) + sqrt(s2) Z, g beta-Hoelder on [0, 1]^d, N = 1/eps; some
 * network s has int E|s - score|^2 dt <~ D eps^(2 beta)/s2 with, among others,
 *
 *     L <~ D^2 + log^4 N,   S <~ D N^d (D + log^2 N)^(2 binom(d + floor beta, d) + 5) + ...
 *
 * Here D = d = 1, beta = 2, one t = 0.05 (networks of t are not exercised): g = .7u + .2 sin 3u, noise .2 in the data.
 * score = (-y + m f)/s2, f = E[g(U)|y], f0 that of the Taylor pieces on N cells. The network has an exponential
 * e_i = exp(-(y - m a_i)^2/(2 s2)) for each of 4 Gauss-Legendre nodes a cell, and divides: f0 = P/Q. K_t: within
 * R = sd (1 + sqrt(2 log N^4)) of m g([0, 1]), the sharp radius; the printed one makes K about 12000 at N = 4.
 * Claims    |net - f0| <= N^-2 on K_t, Q >= e^(-4 - R^2/s2)/N there; (m^2/s2^2) E|f0 - f|^2 ~ N^-r, r >= 3.85;
 *           the printed laws of S and L, one-sided. In balls; by MPFR far from the curve.
 * Controls  double at 6, 8, 10 sd from the end point: error .70 (it returns 0); "no logarithms", S/N bounded by 1.5
 *           times that at N = 2: 2.2 times at 8, 3.8 at 32; P for P/Q: error .69 at the end of K_t.
 */
#include "manifold.h"
#include "rate.h"
#include "relu.h"
#include "xp.h"

#include <math.h>

enum { NET, FLOOR, MPFR, RATE, RATE_VALUE, SIZES, REFERENCE, LAW_S, LAW_L, LOCAL, FAR };
enum { DOUBLE = FAR + 1, NO_LOGS, NO_QUOTIENT, NODES, PRECISION };

/* clang-format off */
static const xp_check CHECKS[] = {
    [NET] = {xp_claim, CERTIFIED, "net", "|net - f0| <= N^-2 on K_t", NULL},
    [FLOOR] = {xp_claim, CERTIFIED, "denominator", "Q >= e^(-4 - R^2/s2)/N on K_t", NULL},
    [MPFR] = {xp_claim, CERTIFIED, "mpfr", "the network by MPFR with b + 64 bits and enclosed differ by <= 1e-12", NULL},
    [RATE] = {xp_claim, QUADRATURE, "rate", "(m^2/s2^2) E|f0 - f|^2 ~ N^-r, r >= 3.85 between N and 2N, N >= 4", NULL},
    [RATE_VALUE] = {xp_claim, QUADRATURE, "squared-error", "(m^2/s2^2) E|f0 - f|^2: the five known values, to 5 digits", NULL},
    [SIZES] = {xp_claim, CLOSED_FORM, "sizes", "L, W, B less (q-1)(m+1) + (k+2)m + (M-1)(2m+4) + 9, 28 N, 2^(2K+2): 0 (the farthest)", NULL},
    [REFERENCE] = {xp_claim, CLOSED_FORM, "reference", "counted L, W, S, B less the known ones: 0 (the farthest)", NULL},
    [LAW_S] = {xp_claim, CLOSED_FORM, "law-of-s", "S/(N (1 + log^2 N)^9) does not increase: at 2N less at N <= 0", NULL},
    [LAW_L] = {xp_claim, CLOSED_FORM, "law-of-l", "L/(1 + log^4 N) does not increase: at 2N less at N <= 0", NULL},
    [LOCAL] = {xp_claim, CLOSED_FORM, "exponent", "S ~ N^r between N and 2N: r < 2", NULL},
    [FAR] = {xp_claim, CERTIFIED, "far", "MPFR at 4, 6, 8, 10 sd beyond the end point, N = 4, 3 nodes a cell: |net - P/Q| <= 1e-6", NULL},
    [DOUBLE] = {xp_control, CERTIFIED, "double", "the same networks in double: |net - P/Q| <= 1/16 at 6, 8, 10 sd; it is .70", NULL},
    [NO_LOGS] = {xp_control, CLOSED_FORM, "no-logarithms", "S/N <= 1.5 S/N of N = 2: at N = 8 2.2 times, at 32 3.8 times", NULL},
    [NO_QUOTIENT] = {xp_control, CERTIFIED, "no-quotient", "|P - f0| <= N^-2 on K_t, N >= 4; it is .69", NULL},
    [NODES] = {xp_finding, CERTIFIED, "nodes", "|P/Q - f0| on K_t without the network: 4 nodes for an integral", NULL},
    [PRECISION] = {xp_finding, CERTIFIED, "precision", "at 4, 6, 8, 10 sd: -log2 Q, the bits b given to P and Q, the error by MPFR", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "The score near a curve by a ReLU network, every weight written down",
    .statement = "|net - f0| <= eps^2 on K_t with S = O(1/eps polylog), L2 error eps^4",
    .sources =
        "000 approximation theorem, Steps 3-6; Yakovlev, Puchkin 2025, Theorem 3.3",
    .columns = "series N y L S K error double",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

/* ---- The setting ------------------------------------------------------------------------------------ */

/* .7u + .2 sin 3u */
static const generator G = {
    "g", 1, 1, {0.0}, {{0.7}}, {{0.0}}, 1, {{0, 0.2, {3.0}, 0.0}}, 0.0, 0.0};
static const double T = 0.05, SD_DATA = 0.2;
enum { MOST_N = 32, STAGES = 5, PER_CELL = 4, MOST_POINTS = 40, RADII = 4 };

/* The squared error and the size, B = 2^(2K+2). */
static const struct {
    int N;
    double error;
    relu_size size;
} KNOWN[STAGES] = {{2, 0.12399, {2800, 56, 125758, 0x1p50}},
                   {4, 0.0047540, {5122, 112, 397345, 0x1p72}},
                   {8, 2.9456e-4, {8143, 224, 1113165, 0x1p94}},
                   {16, 1.9003e-5, {11651, 448, 2909256, 0x1p116}},
                   {32, 1.2137e-6, {15944, 896, 7666451, 0x1p138}}};

typedef struct {
    mesh nodes;
    double a[MOST_N * PER_CELL], value[MOST_N], slope[MOST_N], end;
    relu_cells f0;
    relu_posterior p;
} stage;

/* R = reach sd; K_t = [-R, end + R], for g runs from 0 to g(1) = end/m. The caller frees nodes. */
static void stage_set(stage *s, int N, int per_cell, double reach)
{
    const double m = exp(-T), s2 = m * m * SD_DATA * SD_DATA - expm1(-2.0 * T);
    double corner[MOST_N];
    for (int j = 0; j < N; j++) corner[j] = (j + 1.0) / N;
    s->nodes = mesh_legendre(1, N, per_cell);
    generator_taylor(&G, 1, N, s->nodes.n, s->nodes.u, s->a);
    generator_eval(&G, N, corner, s->value, s->slope);
    s->end = m * s->value[N - 1];
    s->f0 = (relu_cells){N, s->value, s->slope, m, s2};
    s->p = relu_posterior_for((int)s->nodes.n, s->a, s->nodes.w, m, s2,
                              reach * sqrt(s2), N);
}

/* ---- On K_t ----------------------------------------------------------------------------------------- */

static void judge_net(xp *x, const stage *s, const relu *f, int n)
{
    const int N = s->f0.N;
    const double R = s->p.R, length = s->end + 2.0 * R, accuracy = 1.0 / (N * N);
    const double least = exp(-4.0 - R * R / s->p.s2) / N;
    double y[MOST_POINTS];
    relu_posterior_errors e;
    relu *moments = relu_moments_network(&s->p);
    for (int i = 0; i < n; i++) y[i] = length * i / (n - 1) - R;
    TRY(relu_posterior_error(&s->p, f, moments, &s->f0, true, n, y, &e));
    xp_bound(x, NET, e.net, accuracy, "N=%d", N);
    xp_judge(x, MPFR, e.between, region_at_most(1e-12), "N=%d", N);
    xp_judge(x, FLOOR, e.Q, region_at_least(least), "N=%d", N);
    if (N >= 4) xp_judge(x, NO_QUOTIENT, e.P, region_at_most(accuracy), "N=%d", N);
    xp_record(x, NODES, e.sums, "N=%d", N);
    for (int i = 0; N == 4 && i < MOST_POINTS; i++) {
        y[0] = length * i / (MOST_POINTS - 1) - R;
        TRY(relu_posterior_error(&s->p, f, NULL, &s->f0, false, 1, y, &e));
        xp_row(x, "on-K %d %.17g nan nan nan %.17g %.17g", N, y[0] / sqrt(s->p.s2),
               enclosure_mid(e.mpfr), enclosure_mid(e.rounded));
    }
    relu_free(moments);
}

/* ---- Sizes and rates ---------------------------------------------------------------------------------- */

static void verify_rate(xp *x)
{
    mesh nodes = mesh_legendre(1, 2 * MOST_N, 16);
    cloud *of_g = cloud_of(&G, &nodes);
    const cloud_law p = cloud_ou(of_g, SD_DATA, T);
    enclosure e, last = {0.0, 0.0, 0.0};
    for (int i = 0; i < STAGES; i++, last = e) {
        const int N = KNOWN[i].N;
        cloud *of_pieces = cloud_taylor(&G, 1, N, &nodes);
        const cloud_law q = cloud_ou(of_pieces, SD_DATA, T);
        e = cloud_fisher(&p, &q, CLOUD_LINE);
        xp_judge(x, RATE_VALUE, e, region_about(KNOWN[i].error, 5e-5 * KNOWN[i].error),
                 "N=%d", N);
        if (N > 4)
            xp_judge(x, RATE, rate_local(2.0 / N, last, 1.0 / N, e),
                     region_at_least(3.85), "N=%d to %d", N / 2, N);
        cloud_free(of_pieces);
    }
    cloud_free(of_g);
    mesh_free(&nodes);
}

static void judge_size(xp *x, int i, const stage *s, relu_size size)
{
    const int N = KNOWN[i].N, K = s->p.d.K, L = relu_posterior_depth(&s->p);
    const relu_size formula = {L, 28 * N, size.S, ldexp(1.0, 2 * K + 2)};
    const double off = relu_size_distance(size, formula);
    const double gap = relu_size_distance(size, KNOWN[i].size);
    xp_judge(x, SIZES, enclosure_exact(off), region_about(0.0, 0.0), "N=%d", N);
    xp_judge(x, REFERENCE, enclosure_exact(gap), region_about(0.0, 0.0), "N=%d", N);
    xp_row(x, "size %d nan %d %ld %d nan nan", N, size.L, size.S, K);
}

static void judge_growth(xp *x, int N, relu_size now, relu_size half)
{
    const double l = log(N), h = l - log(2.0);
    const double s = (double)now.S / N, s_half = 2.0 * (double)half.S / N;
    const double rise_s = s / pow(1.0 + l * l, 9) - s_half / pow(1.0 + h * h, 9);
    const double rise_l = now.L / (1.0 + pow(l, 4)) - half.L / (1.0 + pow(h, 4));
    xp_judge(x, LAW_S, enclosure_rounded(rise_s), region_at_most(0.0), "N=%d", N);
    xp_judge(x, LAW_L, enclosure_rounded(rise_l), region_at_most(0.0), "N=%d", N);
    xp_judge(x, LOCAL, enclosure_rounded(1.0 + log2(s / s_half)), region_at_most(2.0),
             "N=%d to %d", N / 2, N);
}

/* Quick: N <= 8 counted, N <= 4 evaluated. */
static void verify_stages(xp *x)
{
    relu_size last = {0}, first = {0};
    const int stages = xp_full(x) ? STAGES : 3, most = xp_full(x) ? STAGES : 2;
    const int evaluated = xp_wants(x, NET, FLOOR, MPFR, NO_QUOTIENT, NODES) ? most : 0;
    for (int i = 0; i < stages; i++) {
        const int N = KNOWN[i].N, points = xp_full(x) && N <= 8 ? 40 : 6;
        stage s;
        stage_set(&s, N, PER_CELL, 1.0 + sqrt(8.0 * log(N)));
        relu *f = relu_posterior_network(&s.p);
        const relu_size size = relu_measure(f);
        judge_size(x, i, &s, size);
        if (i == 0) first = size;
        if (i > 0) judge_growth(x, N, size, last);
        const double rise = 2.0 / N * (double)size.S / (double)first.S;
        if (i == stages - 1)
            xp_judge(x, NO_LOGS, enclosure_rounded(rise), region_at_most(1.5), NULL);
        if (i < evaluated) judge_net(x, &s, f, points);
        last = size;
        relu_free(f);
        mesh_free(&s.nodes);
        xp_progress(x, RADII + i + 1, RADII + STAGES);
    }
}

/* ---- Far from the curve --------------------------------------------------------------------------------- */

static void verify_far(xp *x, int radius)
{
    stage s;
    stage_set(&s, 4, 3, radius);
    const double y = s.end + s.p.R;
    relu *f = relu_posterior_network(&s.p), *moments = relu_moments_network(&s.p);
    const relu_size size = relu_measure(f);
    relu_posterior_errors e;
    TRY(relu_posterior_error(&s.p, f, moments, NULL, false, 1, &y, &e));
    xp_judge(x, FAR, e.mpfr, region_at_most(1e-6), "%d sd", radius);
    if (radius > 4)
        xp_judge(x, DOUBLE, e.rounded, region_at_most(0.0625), "%d sd", radius);
    xp_record(x, PRECISION, enclosure_scale(enclosure_log(e.Q), -1.0 / log(2.0)),
              "-log2 Q at %d sd", radius);
    xp_record(x, PRECISION, enclosure_exact(s.p.bits), "b at %d sd", radius);
    xp_record(x, PRECISION, e.mpfr, "error at %d sd", radius);
    xp_row(x, "far 4 %.17g %d %ld %d %.17g %.17g", y / sqrt(s.p.s2), size.L, size.S,
           s.p.d.K, enclosure_mid(e.mpfr), enclosure_mid(e.rounded));
    relu_free(f);
    relu_free(moments);
    mesh_free(&s.nodes);
    xp_progress(x, radius / 2 - 1, RADII + STAGES);
}

void xp_run(xp *x)
{
    if (xp_wants(x, RATE, RATE_VALUE)) verify_rate(x);
    for (int i = 0; i < RADII && xp_wants(x, FAR, DOUBLE, PRECISION); i++)
        verify_far(x, 4 + 2 * i);
    verify_stages(x);
}
