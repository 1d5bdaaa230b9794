/* Many training sets. */
#include "internal.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>

double sieve_error(const sieve *s, const sieve_truth *c, const double *a)
{
    const cloud_rule rule = {1.0 / 3.5, 8.0};
    cloud *of = sieve_flow(s, a);
    const cloud_law p = sieve_law(c, c->cloud), q = sieve_law(c, of);
    const double kl = enclosure_mid(cloud_kl(&p, &q, rule));
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

enum {
    NUMBERS = sizeof(sieve_outcome) / sizeof(double),
    SAMPLED = sizeof(sieve_output) / sizeof(double)
};

/* A store_compute. */
static int measure(const void *ctx, int n, double *value)
{
    const training_set *set = ctx;
    const sieve_design *c = set->c;
    REQUIRE(n == NUMBERS);
    double *x = draw(c, set->key, set->replicate);
    double *a = NEW_ARRAY(double, sieve_size(&c->s));
    sieve_density p = sieve_noised(&c->truth, c->n, x);
    sieve_report report = {0};
    const int status = sieve_erm(c, &p, x, set->key, set->replicate, a, &report);
    if (status == SC_OK) {
        sieve_outcome y = {.error = sieve_error(&c->s, &c->truth, a),
                           .gain = report.gain,
                           .iterations = (double)report.iterations,
                           .unconverged = report.unconverged,
                           .chosen = report.chosen};
        sieve_memoriser(&c->truth, &p, &y.memoriser, &y.square);
        *(sieve_outcome *)value = y;
    }
    sieve_density_free(&p);
    free(a), free(x);
    return status;
}

/* A store_compute: the sampler with the score of the maximiser. */
static int sample(const void *ctx, int n, double *value)
{
    const training_set *set = ctx;
    const sieve_design *c = set->c;
    REQUIRE(n == SAMPLED);
    double *x = draw(c, set->key, set->replicate);
    double *a = NEW_ARRAY(double, sieve_size(&c->s));
    sieve_density p = sieve_noised(&c->truth, c->n, x);
    sieve_report report;
    const int status = sieve_erm(c, &p, x, set->key, set->replicate, a, &report);
    if (status == SC_OK) {
        cloud *of = sieve_flow(&c->s, a);
        const cloud_flow truth = {c->truth.cloud, c->truth.sd}, fit = {of, c->truth.sd};
        *(sieve_output *)value = sieve_sampled(&truth, &fit, c->truth.t0, set->T);
        cloud_free(of);
    }
    sieve_density_free(&p);
    free(a), free(x);
    return status;
}

/* All that a training set and its numbers depend on. */
static store_key key_of(const training_set *set)
{
    const sieve_design *c = set->c;
    const generator *g = c->truth.g;
    store_key k = store_key_new();
    store_key_text(&k, set->T > 0.0 ? "sieve_sampled_sets" : "sieve_sets");
    if (set->T > 0.0) store_key_doubles(&k, 1, &set->T);
    const double sizes[] = {set->key.word[0],
                            set->key.word[1],
                            (double)set->replicate,
                            (double)c->n,
                            c->s.d,
                            c->s.D,
                            c->s.degree,
                            c->s.N,
                            c->truth.sd,
                            c->truth.t0,
                            g->d,
                            g->D,
                            g->waves};
    store_key_doubles(&k, LEN(sizes), sizes);
    store_key_doubles(&k, GENERATOR_D, g->constant);
    store_key_doubles(&k, 2L * GENERATOR_D, g->slope[0]);
    store_key_doubles(&k, 3L * GENERATOR_D, g->square[0]);
    for (int i = 0; i < g->waves; i++) {
        const generator_wave *w = &g->wave[i];
        store_key_doubles(&k, 5, (double[]){w->row, w->a, w->k[0], w->k[1], w->phase});
    }
    return k;
}

int sieve_sets(const sieve_design *c, const store *kept, rng_key key, long R,
               sieve_outcome *y)
{
    int failure = SC_OK;
#pragma omp parallel for default(none) shared(c, kept, key, R, y) schedule(dynamic, 1) \
    reduction(min                                                                      \
              : failure)
    for (long r = 0; r < R; r++) {
        const training_set set = {c, 0.0, key, (uint64_t)r};
        const int status =
            store_fetch(kept, key_of(&set), measure, &set, NUMBERS, (double *)&y[r]);
        if (status < failure) failure = status;
    }
    return failure;
}

int sieve_sampled_sets(const sieve_design *c, double T, const store *kept, rng_key key,
                       long R, sieve_output *y)
{
    int failure = SC_OK;
#pragma omp parallel for default(none) shared(c, T, kept, key, R, y)                   \
    schedule(dynamic, 1) reduction(min                                                 \
                                   : failure)
    for (long r = 0; r < R; r++) {
        const training_set set = {c, T, key, (uint64_t)r};
        const int status =
            store_fetch(kept, key_of(&set), sample, &set, SAMPLED, (double *)&y[r]);
        if (status < failure) failure = status;
    }
    return failure;
}

enclosure sieve_mean(const sieve_design *c, long R, const sieve_outcome *y,
                     const double *value, double factor, double alpha)
{
    const enclosure expected = sieve_mean_square(&c->truth, c->n);
    double *x = NEW_ARRAY(double, R);
    for (long r = 0; r < R; r++) x[r] = value[r * NUMBERS] - factor * y[r].square;
    const enclosure mean = stats_mean(R, x, alpha, 0.0);
    free(x);
    return enclosure_add(mean, enclosure_scale(expected, factor));
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
            out->stopped += y[r].unconverged / (double)R;
        }
        out->error = sieve_mean(c, R, y, &y->error, 1.0, alpha);
        out->memoriser = sieve_mean(c, R, y, &y->memoriser, 1.0, alpha);
    }
    free(y);
    return status;
}

int sieve_limit(const sieve *s, const sieve_truth *c, double *error)
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
