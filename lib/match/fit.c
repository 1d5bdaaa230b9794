/* Fits of a class of fields to samples, one and many. */
#include "match.h"
#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bisects where Newton's step leaves the bracket [lo, hi] of the root of the slope. */
int match_class_fit(const match_class *c, long n, const double *x, double near,
                    double *theta)
{
    enum { MAX_ITERATIONS = 100 };
    double lo = c->lo, hi = c->hi, at = near;
    REQUIRE(n > 0 && lo <= near && near <= hi);
    for (int i = 0; i < MAX_ITERATIONS; i++) {
        double slope = 0.0, curvature = 0.0;
        for (long j = 0; j < n; j++) {
            match_jet l = c->jet(at, x[j]);
            slope += l.slope;
            curvature += l.curvature;
        }
        if (slope > 0.0)
            hi = at;
        else
            lo = at;
        double next = at - slope / curvature;
        bool newton = curvature > 0.0 && lo <= next && next <= hi;
        if (newton && fabs(next - at) <= 1e-7 * (1.0 + fabs(at))) {
            *theta = next;
            return SC_OK;
        }
        at = newton ? next : 0.5 * (lo + hi);
    }
    return SC_ECONVERGENCE;
}

/* n draws of X_t, replicates first .. of the data and of stream 1. */
static void draw(const noised *x, rng_key key, uint64_t first, long n, double *xt)
{
    double *z = NEW_ARRAY(double, n);
    target_sample(x->data, key, first, n, xt);
    rng_normal_rows(key, first, 1, 0, n, 1, z, 1);
    for (long i = 0; i < n; i++) xt[i] = x->m * xt[i] + sqrt(x->s2) * z[i];
    free(z);
}

/* J_ESM, or where s is so near the score that its digits are lost J_ISM + I, 002 Theorem 4.1. */
static int risk_of(const noised *x, const field *s, enclosure *risk)
{
    enclosure ism, fisher;
    if (match_esm(x, s, risk) == SC_OK) return SC_OK;
    CHECK(match_ism(x, s, &ism));
    CHECK(match_fisher(x, NULL, &fisher));
    *risk = enclosure_add(ism, fisher);
    return SC_OK;
}

/* work: 2n numbers. */
static int replicate(const noised *x, const match_class *c, double near, long n,
                     const double *xt, double *work, match_fit *fit)
{
    enclosure risk;
    double theta, *u = work, *s = work + n, sum = 0.0;
    CHECK(match_class_fit(c, n, xt, near, &theta));
    field of = c->at(&theta);
    CHECK(risk_of(x, &of, &risk));
    target_score(x->data, x->m, x->s2, n, xt, NULL, u, NULL);
    of.eval(of.ctx, n, 1, xt, 1, s, 1);
    for (long i = 0; i < n; i++) sum += (s[i] - u[i]) * (s[i] - u[i]);
    *fit = (match_fit){theta, enclosure_mid(risk), sum / (double)n,
                       enclosure_halfwidth(risk)};
    return SC_OK;
}

int match_class_replicates(const noised *x, const match_class *c, double near,
                           rng_key key, long n, int replicates, match_fit *fit)
{
    int status = SC_OK;
    const size_t bytes = (size_t)replicates * sizeof *fit;
    const rank_share mine = rank_divide();
    memset(fit, 0, bytes);
#pragma omp parallel default(none) shared(x, c, near, key, n, replicates, fit, mine)   \
    reduction(min                                                                      \
              : status)
    {
        double *xt = NEW_ARRAY(double, 3 * n);
#pragma omp for schedule(dynamic)
        for (long r = mine.first; r < replicates; r += mine.step) {
            draw(x, key, (uint64_t)r * (uint64_t)n, n, xt);
            int end = replicate(x, c, near, n, xt, xt + n, &fit[r]);
            if (end < status) status = end;
        }
        free(xt);
    }
    rank_gather(mine, bytes, fit);
    return rank_least(status);
}

/* ---- Many samples --------------------------------------------------------------------------------- */

typedef struct {
    const match_fit *fit;
    double least;
} fits;

/* |risk - empirical|, empirical, risk - least of fits first .. first + n - 1. */
static void observe(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const fits *all = ctx;
    (void)key;
    for (long i = 0; i < n; i++) {
        const match_fit *fit = &all->fit[first + (uint64_t)i];
        y[3 * i] = fabs(fit->risk - fit->empirical);
        y[3 * i + 1] = fit->empirical;
        y[3 * i + 2] = fit->risk - all->least;
    }
}

/* The risks and the least one have errors, which the intervals of the means do not know. */
static match_study study_of(int replicates, const match_fit *fit,
                            const enclosure mean[3], enclosure least)
{
    double gap = INFINITY, split = INFINITY, error = 0.0;
    for (int r = 0; r < replicates; r++) {
        double excess = fit[r].empirical - fit[r].risk;
        gap = fmin(gap, excess);
        split = fmin(split, fabs(excess) + fit[r].empirical - fit[r].risk);
        error = fmax(error, fit[r].error + 1e-15 * fit[r].empirical);
    }
    return (match_study){enclosure_widen(mean[0], error), mean[1],
                         enclosure_widen(mean[2], error + enclosure_halfwidth(least)),
                         enclosure_about(gap, error),
                         enclosure_about(split, 2.0 * error)};
}

int match_class_study(const noised *x, const match_class *c, rng_key key, long n,
                      int replicates, double alpha, match_study *study)
{
    enclosure best, least, mean[3];
    CHECK(match_class_minimiser(x, c, &best));
    double star = enclosure_mid(best);
    field s = c->at(&star);
    CHECK(risk_of(x, &s, &least));
    match_fit *fit = NEW_ARRAY(match_fit, replicates);
    fits all = {fit, enclosure_mid(least)};
    mc_observables y = {observe, &all, 3};
    int status = match_class_replicates(x, c, star, key, n, replicates, fit);
    if (status == SC_OK) status = mc_mean(&y, key, 0, replicates, alpha, mean, NULL);
    if (status == SC_OK) *study = study_of(replicates, fit, mean, least);
    free(fit);
    return status;
}
