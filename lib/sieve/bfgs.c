/* The maximum of Lambda, by BFGS from the step of EM (Jamshidian, Jennrich 1997, QN2).
 *
 * With the moments of the E-step  dLambda/da_{cell,k} = (m/s2) sum_{q in cell} B_qk (b_q - m w_q C_q).  H, the inverse of minus the
 * Hessian in the end, begins as (s2/m^2) N^d/mean_q B_qk^2 on the diagonal: then H g is the step of EM where all w_q are 1/Q, as they
 * are at the truth. A step a + t H g, t = 1, 1/2, .., is taken where Lambda rises by 1e-4 t g.H g or, where rounding hides that, the
 * slope along it falls (Hager, Zhang 2005, approximate Wolfe conditions). g.H g/2 estimates what Lambda lacks: too little while H has not
 * seen the flat directions. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double ROUNDING = 1e-14; /* of Lambda: sums over some thousand nodes */

typedef struct {
    sieve_work *w;
    double m, s2;
    sieve_expect *expect;
    void *ctx;
    long steps;
} objective;

/* Lambda(a), gradient g. */
static double value(objective *f, const double *a, double *g)
{
    sieve_work *w = f->w;
    const int k = sieve_basis(w->s), D = w->s->D;
    sieve_move(w, a);
    const double Lambda = f->expect(f->ctx, w);
    f->steps++;
    memset(g, 0, (size_t)sieve_size(w->s) * sizeof *g);
    for (long q = 0; q < w->Q; q++) {
        const double *B = w->B + q * k;
        double *of = g + (long)w->cell[q] * k * D;
        for (int r = 0; r < D; r++) {
            const double b = w->moments[(1 + r) * w->Q + q],
                         C = w->points[r * w->Q + q],
                         pull = f->m / f->s2 * (b - f->m * w->moments[q] * C);
            for (int i = 0; i < k; i++) of[i * D + r] += B[i] * pull;
        }
    }
    return Lambda;
}

static double dot(long n, const double *x, const double *y)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (long i = 0; i < n; i++) sum += x[i] * y[i];
    return sum;
}

static void set_first(const objective *f, long n, double *H)
{
    const sieve_work *w = f->w;
    const int k = sieve_basis(w->s), D = w->s->D;
    double square[SIEVE_BASIS] = {0.0};
    for (long q = 0; q < w->Q; q++)
        for (int i = 0; i < k; i++) square[i] += w->B[q * k + i] * w->B[q * k + i];
    memset(H, 0, (size_t)(n * n) * sizeof *H);
    const double cells = (double)n / (k * D);
    for (long j = 0; j < n; j++)
        H[j * n + j] = f->s2 / (f->m * f->m) * cells * (double)w->Q / square[j / D % k];
}

static void multiply(long n, const double *H, const double *x, double *y)
{
    for (long i = 0; i < n; i++) y[i] = dot(n, H + i * n, x);
}

/* s the step, y the fall of the gradient: H <- (I - s y^T/sy) H (I - y s^T/sy) + s s^T/sy */
static void update(long n, const double *s, const double *y, double *Hy, double *H)
{
    const double sy = dot(n, s, y);
    if (!(sy > 1e-12 * sqrt(dot(n, s, s) * dot(n, y, y)))) return; /* not concave */
    multiply(n, H, y, Hy);
    const double both = (1.0 + dot(n, y, Hy) / sy) / sy;
    for (long i = 0; i < n; i++) {
        const double si = s[i], hi = Hy[i];
        double *row = H + i * n;
#pragma omp simd
        for (long j = 0; j < n; j++)
            row[j] += both * si * s[j] - (hi * s[j] + si * Hy[j]) / sy;
    }
}

/* a + t s, t = 1, 1/2, .., into trial, its gradient into next, Lambda into *Lambda: false if none will do. rise = g.s */
static bool search(objective *f, long n, const double *a, const double *s, double rise,
                   double *Lambda, double *trial, double *next)
{
    enum { HALVINGS = 30 };
    const double from = *Lambda;
    double t = 1.0;
    for (int i = 0; i < HALVINGS; i++) {
        for (long j = 0; j < n; j++) trial[j] = a[j] + t * s[j];
        *Lambda = value(f, trial, next);
        if (*Lambda - from >= 1e-4 * t * rise) return true;
        if (*Lambda >= from - ROUNDING && fabs(dot(n, next, s)) <= 0.9 * rise)
            return true;
        t *= 0.5;
    }
    *Lambda = from;
    return false;
}

sieve_run sieve_climb(sieve_work *w, double m, double s2, double left,
                      sieve_expect *expect, void *ctx, double *a)
{
    const long n = sieve_size(w->s);
    double *g = NEW_ARRAY(double, n *(n + 5)), *next = g + n, *s = next + n,
           *trial = s + n, *Hy = trial + n, *H = Hy + n;
    objective f = {w, m, s2, expect, ctx, 0};
    sieve_run run = {.left = HUGE_VAL};
    bool first = true;
    run.start = run.Lambda = value(&f, a, g);
    set_first(&f, n, H);
    while (f.steps < SIEVE_MOST) {
        multiply(n, H, g, s);
        const double rise = dot(n, g, s);
        run.left = 0.5 * rise;
        if (!(run.left >= left)) break;
        if (!search(&f, n, a, s, rise, &run.Lambda, trial, next)) {
            if (first) break; /* not even along the step of EM */
            set_first(&f, n, H);
            first = true;
            continue;
        }
        for (long j = 0; j < n; j++) {
            s[j] = trial[j] - a[j];
            g[j] -= next[j];
        }
        update(n, s, g, Hy, H);
        memcpy(a, trial, (size_t)n * sizeof *a);
        memcpy(g, next, (size_t)n * sizeof *g);
        first = false;
    }
    run.iterations = f.steps;
    run.converged = run.left < left;
    free(g);
    return run;
}
