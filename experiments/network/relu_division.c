/* relu_division -- division by a ReLU network, and where double precision ends.
 *
 * 000 Step 6 and Yakovlev, Puchkin 2025 (Lemma A.4, (40)): for K >= 4, eps in (0, 1] some network R has, where
 * 2^-K <= y <= 1, |x| <= y and |x - x'|, |y - y'| <= 4^-K eps,
 *
 *     |R(x', y') - x/y| <= 2049 (4 K^2 log^2 2 + log^2(1/eps)) eps,
 *     L <~ K^2 + log^2(1/eps),   S <~ K^4 + K log^3(1/eps),   B <~ 2^4K log^2(1/eps).
 *
 * True, and above 1, hence empty, for eps >= 1e-5. The perturbation alone costs 2 eta/(2^-K - eta), eta = 4^-K eps,
 * which is 2^(1-K) eps/(1 - 2^-K eps); a network need not add more. Ours, x times 1/y = prod_i (1 + (1 - y)^(2^i)),
 * does not: for eps <= .1 (at K = 4, eps = 1 the perturbation alone costs 1.067 times 2^(1-K) eps)
 *
 *     |R(x', y') - x/y| <= 1.02 2^(1-K) eps,   L <= 13 (K^2 + log^2), S <= 13 (K^4 + K log^3), B = 2^(2K+2).
 *
 * Its products have factors up to 2^(K+1), which costs 2K bits, and errors of 1 - y double with every square:
 * double ends near K = 12. Errors are enclosed in ball arithmetic; by MPFR with 40 + 8K + 4 log2(1/eps) bits
 * they are the same.
 *
 * Controls  half of 2^(1-K) eps: the perturbation exceeds it twofold;
 *           4 factors fewer: .357 at (K, eps) = (4, .01), .135 at (8, 1e-4), .018 at (12, 1e-8);
 *           double: 1.4e-9 for 4.9e-12 at (12, 1e-8), 6e-5 at (20, 1e-6), 1 at (30, 1e-6).
 */
#include "relu.h"
#include "rng.h"
#include "xp.h"

#include <math.h>
#include <stdio.h>

enum { PRINTED_BOUND, SHARP, MPFR, DEPTH, NONZEROS, WEIGHTS, SLOWER, REFERENCE };
enum { FORMULA = REFERENCE + 1, HALF, FEWER, DOUBLE, LOOSE, ALONE, EXPONENT };

/* clang-format off */
static const xp_check CHECKS[] = {
    [PRINTED_BOUND] = {xp_claim, CERTIFIED, "printed-bound", "the error is at most 2049 (4 K^2 log^2 2 + log^2(1/eps)) eps", NULL},
    [SHARP] = {xp_claim, CERTIFIED, "sharp-bound", "the error is at most 1.02 2^(1-K) eps, eps <= .1", NULL},
    [MPFR] = {xp_claim, CERTIFIED, "mpfr", "the error found by MPFR with 40 + 8K + 4 log2(1/eps) bits is the certified one, to 1e-3 of itself", NULL},
    [DEPTH] = {xp_claim, CLOSED_FORM, "depth", "L/(K^2 + log^2(1/eps)) <= 13", NULL},
    [NONZEROS] = {xp_claim, CLOSED_FORM, "non-zeros", "S/(K^4 + K log^3(1/eps)) <= 13", NULL},
    [WEIGHTS] = {xp_claim, CLOSED_FORM, "weights", "log2 B <= 4K + 2 log2 log(1/eps)", NULL},
    [SLOWER] = {xp_claim, CLOSED_FORM, "slower", "S/(K^4 + K log^3(1/eps)) decreases in K: next less last <= 0", NULL},
    [REFERENCE] = {xp_claim, CERTIFIED, "reference", "L, S and error at (4, .1), (4, 1e-6), (8, 1e-4), (12, 1e-8): the known values (errors to 4 digits)", NULL},
    [FORMULA] = {xp_claim, CLOSED_FORM, "formula", "L - {(M - 1)(2m + 4) + m + 6} = 0, M factors of m levels", NULL},
    [HALF] = {xp_control, CERTIFIED, "half", "error <= 2^-K eps: off by 2", NULL},
    [FEWER] = {xp_control, CERTIFIED, "fewer-factors", "4 factors fewer: error <= 1.02 2^(1-K) eps; it is .357, .135, .018", NULL},
    [DOUBLE] = {xp_control, CERTIFIED, "double", "in double: error <= 1.02 2^(1-K) eps; it is 1.4e-9 for 4.9e-12, 6e-5 and more for 1.9e-12 and less", NULL},
    [LOOSE] = {xp_finding, CERTIFIED, "printed-over-error", "printed bound over the error", NULL},
    [ALONE] = {xp_finding, CERTIFIED, "error-over-perturbation", "the error over 2 eta/(2^-K - eta), what the perturbation alone costs", NULL},
    [EXPONENT] = {xp_finding, CLOSED_FORM, "weight-exponent", "log2 B (2K + 2: half the exponent printed)", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Division by a ReLU network, and where double precision ends",
    .statement = "|R(x', y') - x/y| <= 1.02 2^(1-K) eps, S = O(K^4 + K log^3(1/eps))",
    .sources = "000 Step 6; Yakovlev, Puchkin 2025, Lemmata A.4, A.8, (40)",
    .columns = "series K eps L S log2B error double sharp printed",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
};

/* ---- The grid ------------------------------------------------------------------------------------- */

static const int KS[] = {4, 6, 8, 10, 12}, DEEP[] = {4, 8, 12, 14, 16, 20, 25, 30};
static const double EPS[] = {1e-1, 1e-2, 1e-4, 1e-6, 1e-8};
static const struct known {
    int K;
    double eps, L, S, error;
} KNOWN[] = {{4, 1e-1, 274, 3819, 0.01258},
             {4, 1e-6, 498, 7117, 1.25e-7},
             {8, 1e-4, 804, 11608, 7.813e-7},
             {12, 1e-8, 1649, 24123, 4.883e-12}};

typedef struct {
    char name[24];
    int K;
    double eps, eta;    /* eta = 4^-K eps */
    double sharp;       /* 1.02 2^(1-K) eps */
    double printed;     /* the lemma's bound */
    double depth, size; /* K^2 + log^2, K^4 + K log^3 */
    relu_division d;
} lemma;

static lemma lemma_at(int K, double eps)
{
    const double l = -log(eps), log2K = K * log(2.0);
    lemma a = {
        .K = K, .eps = eps, .eta = ldexp(eps, -2 * K), .d = relu_division_for(K, eps)};
    a.sharp = 1.02 * ldexp(eps, 1 - K);
    a.printed = 2049.0 * (4.0 * log2K * log2K + l * l) * eps;
    a.depth = K * K + l * l;
    a.size = pow(K, 4) + K * l * l * l;
    (void)snprintf(a.name, sizeof a.name, "K=%d eps=%g", K, eps);
    return a;
}

/* Over y = 2^(-Ki/(n-1)), i < n (n = 1: 2^-K), and as many as `random` log-uniform ones. */
enum { COARSE = 13, FINE = 200, RANDOM = 40 };
static enclosure error_of(const xp *x, const relu *f, const lemma *a,
                          relu_arithmetic how, int n, int random)
{
    const double bits = ceil(40.0 + 8.0 * a->K - 4.0 * log2(a->eps));
    double y[FINE + RANDOM];
    enclosure worst;
    rng r = rng_at(xp_stream(x, "K=%d", a->K), 0, 0);
    rng_uniform(&r, random, y + n);
    for (int i = 0; i < n; i++) y[i] = n == 1 ? 1.0 : (double)i / (n - 1);
    for (int i = 0; i < n + random; i++) y[i] = exp2(-a->K * y[i]);
    TRY(relu_quotient_error(f, how, (slong)bits, a->eta, n + random, y, &worst));
    return worst;
}

static void draw(xp *x, const char *series, const lemma *a, relu_size s, double error,
                 double rounded)
{
    xp_row(x, "%s %d %g %d %ld %.17g %.17g %.17g %.17g %.17g", series, a->K, a->eps,
           s.L, s.S, log2(s.B), error, rounded, a->sharp, a->printed);
}

/* ---- Checks --------------------------------------------------------------------------------------- */

static void judge_sizes(xp *x, const lemma *a, relu_size s, double *last)
{
    const double ratio = (double)s.S / a->size, depth = s.L / a->depth;
    const double log2B = log2(s.B), most = 4.0 * a->K + 2.0 * log2(-log(a->eps));
    const int off = s.L - (a->d.factors - 1) * (2 * a->d.m + 4) - a->d.m - 6;
    xp_bound(x, DEPTH, enclosure_rounded(depth), 13.0, "%s", a->name);
    xp_bound(x, NONZEROS, enclosure_rounded(ratio), 13.0, "%s", a->name);
    xp_bound(x, WEIGHTS, enclosure_rounded(log2B), most, "%s", a->name);
    xp_judge(x, FORMULA, enclosure_exact(off), region_about(0.0, 0.0), "%s", a->name);
    if (a->K > KS[0])
        xp_judge(x, SLOWER, enclosure_rounded(ratio - *last), region_at_most(0.0), "%s",
                 a->name);
    *last = ratio;
    if (a->eps == EPS[0])
        xp_record(x, EXPONENT, enclosure_rounded(log2B), "K=%d", a->K);
}

static void judge_known(xp *x, const lemma *a, relu_size s, enclosure error)
{
    for (int i = 0; i < LEN(KNOWN); i++) {
        const struct known *k = &KNOWN[i];
        if (k->K != a->K || k->eps != a->eps) continue;
        const enclosure L = enclosure_exact(s.L), S = enclosure_exact((double)s.S);
        xp_judge(x, REFERENCE, L, region_about(k->L, 0.0), "L %s", a->name);
        xp_judge(x, REFERENCE, S, region_about(k->S, 0.0), "S %s", a->name);
        xp_judge(x, REFERENCE, error, region_about(k->error, 5e-4 * k->error),
                 "error %s", a->name);
    }
}

static void judge_error(xp *x, const lemma *a, relu_size s, const relu *f)
{
    const int n = (int)xp_effort(x, COARSE, FINE), more = (int)xp_effort(x, 0, RANDOM);
    const enclosure error = error_of(x, f, a, RELU_BALL, n, more);
    const enclosure mpfr = error_of(x, f, a, RELU_MPFR, COARSE, 0);
    const enclosure rounded = error_of(x, f, a, RELU_DOUBLE, COARSE, 0);
    xp_bound(x, PRINTED_BOUND, error, a->printed, "%s", a->name);
    xp_bound(x, SHARP, error, a->sharp, "%s", a->name);
    xp_judge(x, MPFR, enclosure_sub(enclosure_div(mpfr, error), enclosure_exact(1.0)),
             region_about(0.0, 1e-3), "%s", a->name);
    xp_judge(x, HALF, error, region_at_most(ldexp(a->eps, -a->K)), "%s", a->name);
    xp_record(x, LOOSE, enclosure_div(enclosure_exact(a->printed), error), "%s",
              a->name);
    const double alone = relu_quotient_perturbation(a->K, a->eta);
    xp_record(x, ALONE, enclosure_scale(error, 1.0 / alone), "%s", a->name);
    judge_known(x, a, s, error);
    draw(x, "error", a, s, enclosure_mid(error), enclosure_mid(rounded));
}

/* Quick: K <= 8 and the finest of all; sizes are counted everywhere. */
static void verify(xp *x)
{
    const bool errors =
        xp_wants(x, PRINTED_BOUND, SHARP, MPFR, REFERENCE, HALF, LOOSE, ALONE);
    for (int j = 0; j < LEN(EPS); j++) {
        double last = 0.0;
        for (int i = 0; i < LEN(KS); i++) {
            const lemma a = lemma_at(KS[i], EPS[j]);
            relu *f = relu_quotient_network(&a.d);
            const relu_size s = relu_measure(f);
            const bool finest = a.K == 12 && a.eps == 1e-8;
            judge_sizes(x, &a, s, &last);
            if (errors && (xp_full(x) || a.K <= 8 || finest)) judge_error(x, &a, s, f);
            draw(x, "size", &a, s, NAN, NAN);
            relu_free(f);
        }
        xp_progress(x, LEN(DEEP) + j + 1, LEN(DEEP) + LEN(EPS));
    }
}

static void control_factors(xp *x, int K, double eps)
{
    lemma a = lemma_at(K, eps);
    if (!xp_wants(x, FEWER)) return;
    a.d.factors -= 4;
    relu *f = relu_quotient_network(&a.d);
    xp_judge(x, FEWER, error_of(x, f, &a, RELU_BALL, COARSE, 0),
             region_at_most(a.sharp), "%s", a.name);
    relu_free(f);
}

/* The same weights and points in double; enclosed at y = 2^-K alone. */
static void control_double(xp *x, int K, double eps)
{
    const lemma a = lemma_at(K, eps);
    if (!xp_wants(x, SHARP, DOUBLE)) return;
    relu *f = relu_quotient_network(&a.d);
    const enclosure rounded = error_of(x, f, &a, RELU_DOUBLE, COARSE, 0);
    const enclosure error = error_of(x, f, &a, RELU_BALL, 1, 0);
    if (K >= 20 || eps == 1e-8)
        xp_judge(x, DOUBLE, rounded, region_at_most(a.sharp), "%s", a.name);
    xp_bound(x, SHARP, error, a.sharp, "%s y=2^-K", a.name);
    draw(x, "double", &a, relu_measure(f), enclosure_mid(error),
         enclosure_mid(rounded));
    relu_free(f);
}

void xp_run(xp *x)
{
    control_factors(x, 4, 1e-2);
    control_factors(x, 8, 1e-4);
    control_factors(x, 12, 1e-8);
    control_double(x, 12, 1e-8);
    for (int i = 0; i < LEN(DEEP); i++) {
        control_double(x, DEEP[i], 1e-6);
        xp_progress(x, i + 1, LEN(DEEP) + LEN(EPS));
    }
    verify(x);
}
