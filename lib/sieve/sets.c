/* Many training sets. */
#include "internal.h"
#include "rank.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enclosure sieve_error(const sieve *s, const sieve_truth *c, const double *a)
{
    const cloud_rule rule = {1.0 / (s->D == 1 ? 8.0 : 3.5), 8.0};
    cloud *of = sieve_flow(s, a);
    const cloud_law p = sieve_law(c, c->cloud), q = sieve_law(c, of);
    const enclosure kl = cloud_kl(&p, &q, rule);
    cloud_free(of);
    return kl;
}

/* x_i = g(u_i) + sd xi_i: uniforms, then normals. */
static double *draw(const sieve_design *c, rng_key key, uint64_t replicate)
{
    const int d = c->s.d, D = c->s.D;
    double *u = NEW_ARRAY(double, c->n *(d + 2L * D)), *z = u + c->n * d;
    double *x = NEW_ARRAY(double, c->n *D);
    rng r = rng_at(key, replicate, 0);
    rng_uniform(&r, c->n * d, u);
    rng_normal(&r, c->n * D, z);
    generator_eval(c->truth.g, c->n, u, x, NULL);
    for (long i = 0; i < c->n * D; i++) x[i] += c->truth.sd * z[i];
    free(u);
    return x;
}

typedef struct {
    const sieve_design *c;
    double T; /* 0: no sampler */
    rng_key key;
    uint64_t replicate;
} training_set;

/* What is kept of a set. */
static sieve_outcome outcome_of(const sieve_design *c, const sieve_density *p,
                                const double *a, const sieve_report *report)
{
    const enclosure error = sieve_error(&c->s, &c->truth, a);
    sieve_outcome y = {.error = enclosure_mid(error),
                       .rounding = enclosure_halfwidth(error),
                       .gain = report->gain,
                       .iterations = (double)report->iterations,
                       .agreeing = (double)report->agreeing / report->starts};
    sieve_memoriser(&c->truth, p, &y.memoriser, &y.square);
    return y;
}

static sieve_output output_of(const sieve_design *c, double T, const double *a,
                              const sieve_report *report)
{
    cloud *of = sieve_flow(&c->s, a);
    const cloud_flow truth = {c->truth.cloud, c->truth.sd}, fit = {of, c->truth.sd};
    sieve_output y = sieve_sampled(&truth, &fit, c->truth.t0, T);
    y.gain = report->gain;
    y.agreeing = (double)report->agreeing / report->starts;
    cloud_free(of);
    return y;
}

/* A store_compute: a sieve_outcome, or a sieve_output. */
static int measure(const void *ctx, int n, double *value)
{
    const training_set *set = ctx;
    const sieve_design *c = set->c;
    (void)n;
    double *x = draw(c, set->key, set->replicate);
    double *a = NEW_ARRAY(double, sieve_size(&c->s));
    sieve_density p = sieve_noised(&c->truth, c->n, x);
    sieve_report report = {0};
    const int status = sieve_erm(c, &p, x, set->key, set->replicate, a, &report);
    if (status == SC_OK && set->T > 0.0)
        *(sieve_output *)value = output_of(c, set->T, a, &report);
    else if (status == SC_OK)
        *(sieve_outcome *)value = outcome_of(c, &p, a, &report);
    sieve_density_free(&p);
    free(a), free(x);
    return status;
}

/* All that a training set and its numbers depend on; the text changes with every constant of this module. */
static store_key key_of(const training_set *set, int numbers)
{
    const sieve_design *c = set->c;
    const generator *g = c->truth.g;
    const cloud *of = c->truth.cloud;
    double mean[GENERATOR_D] = {0.0};
    cloud_mean(of, mean);
    store_key k = store_key_new();
    store_key_text(&k, "sieve_sets, version 3");
    const double sizes[] = {numbers,
                            set->T,
                            set->key.word[0],
                            set->key.word[1],
                            (double)set->replicate,
                            (double)c->n,
                            c->s.d,
                            c->s.D,
                            c->s.degree,
                            c->s.N,
                            c->truth.sd,
                            c->truth.t0,
                            (double)cloud_points(of),
                            cloud_norm(of),
                            g->d,
                            g->D,
                            g->waves};
    store_key_doubles(&k, LEN(sizes), sizes);
    store_key_doubles(&k, GENERATOR_D, mean);
    store_key_doubles(&k, GENERATOR_D, g->constant);
    store_key_doubles(&k, 2L * GENERATOR_D, g->slope[0]);
    store_key_doubles(&k, 3L * GENERATOR_D, g->square[0]);
    for (int i = 0; i < g->waves; i++) {
        const generator_wave *w = &g->wave[i];
        store_key_doubles(&k, 5, (double[]){w->row, w->a, w->k[0], w->k[1], w->phase});
    }
    return k;
}

/* `numbers` of each of R sets, divided over the ranks. */
static int all_sets(const sieve_design *c, double T, const store *kept, rng_key key,
                    long R, int numbers, double *y)
{
    const size_t bytes = (size_t)(R * numbers) * sizeof *y;
    const rank_share mine = rank_divide();
    int failure = SC_OK;
    memset(y, 0, bytes);
#pragma omp parallel for default(none) shared(c, T, kept, key, R, numbers, y, mine)    \
    schedule(dynamic, 1) reduction(min                                                 \
                                   : failure)
    for (long r = mine.first; r < R; r += mine.step) {
        const training_set set = {c, T, key, (uint64_t)r};
        const int status = store_fetch(kept, key_of(&set, numbers), measure, &set,
                                       numbers, y + r * numbers);
        if (status < failure) failure = status;
    }
    rank_gather(mine, bytes, y);
    return rank_least(failure);
}

int sieve_sets(const sieve_design *c, const store *kept, rng_key key, long R,
               sieve_outcome *y)
{
    return all_sets(c, 0.0, kept, key, R, sizeof *y / sizeof(double), (double *)y);
}

int sieve_sampled_sets(const sieve_design *c, double T, const store *kept, rng_key key,
                       long R, sieve_output *y)
{
    REQUIRE(T > 0.0);
    return all_sets(c, T, kept, key, R, sizeof *y / sizeof(double), (double *)y);
}

bool sieve_controls(const sieve_truth *c)
{
    const cloud_law law = sieve_law(c, NULL);
    const double v = -expm1(-2.0 * c->t0);
    return v > 2.0 * (law.s2 - v);
}

enclosure sieve_mean(long R, const sieve_outcome *y, const double *value,
                     const enclosure *square, double alpha)
{
    const int numbers = sizeof *y / sizeof(double);
    double *x = NEW_ARRAY(double, R), rounding = 0.0;
    for (long r = 0; r < R; r++) {
        x[r] = value[r * numbers] - (square != NULL ? y[r].square : 0.0);
        rounding = fmax(rounding, y[r].rounding);
    }
    const enclosure mean = enclosure_widen(stats_mean_skewed(R, x, alpha), rounding);
    free(x);
    return square != NULL ? enclosure_add(mean, *square) : mean;
}

int sieve_average_of(const sieve_design *c, const store *kept, rng_key key, long R,
                     double alpha, sieve_average *out)
{
    sieve_outcome *y = NEW_ARRAY(sieve_outcome, R);
    const int status = sieve_sets(c, kept, key, R, y);
    if (status == SC_OK) {
        *out = (sieve_average){.least_gain = HUGE_VAL};
        for (long r = 0; r < R; r++) {
            out->least_gain = fmin(out->least_gain, y[r].gain);
            out->most_iterations = fmax(out->most_iterations, y[r].iterations);
            out->agreeing += y[r].agreeing / (double)R;
        }
        const bool controlled = sieve_controls(&c->truth);
        enclosure square = {0.0, 0.0, 0.0};
        if (controlled) square = sieve_mean_square(&c->truth, c->n);
        const enclosure *control = controlled ? &square : NULL;
        out->error = sieve_mean(R, y, &y->error, control, alpha);
        out->memoriser = sieve_mean(R, y, &y->memoriser, control, alpha);
    }
    free(y);
    return status;
}

int sieve_sampler_of(const sieve_design *c, double T, const store *kept, rng_key key,
                     long R, sieve_sampler *out)
{
    sieve_output *y = NEW_ARRAY(sieve_output, R);
    const int status = sieve_sampled_sets(c, T, kept, key, R, y);
    for (long r = 0; r < R && status == SC_OK; r++) {
        const enclosure bound = enclosure_add(y[r].start, y[r].path);
        const enclosure excess = enclosure_sub(y[r].kl, bound),
                        ratio = enclosure_div(y[r].kl, bound);
        if (r == 0) {
            *out = (sieve_sampler){
                .excess = excess, .ratio = ratio, .least_gain = y->gain};
            for (int k = 0; k < SIEVE_TVS; k++) out->tv[k] = y->tv[k];
        }
        out->excess = enclosure_max(out->excess, excess);
        out->ratio = enclosure_hull(out->ratio, ratio);
        out->least_gain = fmin(out->least_gain, y[r].gain);
        out->agreeing += y[r].agreeing / (double)R;
        for (int k = 0; k < SIEVE_TVS; k++) {
            out->tv[k] = enclosure_hull(out->tv[k], y[r].tv[k]);
            out->mean[k] += enclosure_mid(y[r].tv[k]) / (double)R;
        }
    }
    free(y);
    return status;
}

int sieve_limit(const sieve *s, const sieve_truth *c, enclosure *error)
{
    double *a = NEW_ARRAY(double, sieve_size(s));
    sieve_density p = sieve_noised(c, 0, NULL);
    sieve_report report;
    const sieve_design all = {*s, *c, 0};
    const int status =
        sieve_erm(&all, &p, NULL, rng_key_of(0, "sieve_limit"), 0, a, &report);
    if (status == SC_OK) *error = sieve_error(s, c, a);
    sieve_density_free(&p);
    free(a);
    return status;
}
