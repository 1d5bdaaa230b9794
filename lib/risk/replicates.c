/* Kernel estimates and fits on the same samples, replicate by replicate. */
#include "risk.h"
#include "sieve.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const risk_design *of;
    long number;
    bool fitted;
} replicate;

/* The cloud of the fitted curve; the caller frees. */
static cloud *fit(const risk_design *c, const double *x, sieve_run *run)
{
    const sieve s = {1, c->g.D, 1, c->cells};
    sieve_rule rule = SIEVE_SAMPLE;
    rule.steps = c->steps;
    mesh nodes =
        mesh_midpoints(1, c->cells * ((159 + c->cells) / c->cells)); /* >= 160 */
    double *a = NEW_ARRAY(double, sieve_size(&s));
    sieve_project(&s, &c->g, &nodes, a);
    *run = sieve_fit_sample(&s, &nodes, c->p.s2, c->n, x, &rule, a);
    cloud *fitted = sieve_cloud(&s, a, &nodes);
    free(a);
    mesh_free(&nodes);
    return fitted;
}

/* A store_compute. */
static int measure(const void *ctx, int n, double *value)
{
    const replicate *r = ctx;
    const risk_design *c = r->of;
    const uint64_t number = (uint64_t)r->number;
    double risk[RISK_MOST + 1], *x = NEW_ARRAY(double, (c->n + c->points) * c->g.D);
    double *y = x + c->n * c->g.D;
    sieve_run run = {.converged = false};
    kde e[RISK_MOST];
    risk_draw(&c->g, c->sd, c->n, c->sample, number, x);
    cloud *points = cloud_new(c->n, c->g.D, x, NULL);
    cloud *fitted = r->fitted ? fit(c, x, &run) : NULL;
    int k = c->kernels;
    for (int i = 0; i < k; i++) e[i] = kde_of(points, c->h[i], c->eps);
    if (fitted != NULL) e[k++] = kde_of(fitted, c->p.s2, 0.0);
    if (c->g.D == 1) {
        risk_by_quadrature(&c->p, (cloud_rule){0.2, 6.5}, k, e, risk);
    } else {
        risk_draw(&c->g, sqrt(c->p.s2), c->points, c->test, number, y);
        risk_at(&c->p, c->points, y, k, e, risk);
    }
    for (int i = 0; i < n; i++) value[i] = 0.0;
    for (int i = 0; i < c->kernels; i++) value[RISK_KERNEL + i] = risk[i];
    if (fitted != NULL) value[RISK_FIT] = risk[c->kernels];
    value[RISK_ZERO] = risk[k];
    value[RISK_GAIN] = run.Lambda - run.start;
    value[RISK_LAST] = run.left;
    cloud_free(fitted);
    cloud_free(points);
    free(x);
    return SC_OK;
}

static store_key key_of(const replicate *r)
{
    const risk_design *c = r->of;
    const double size[] = {c->g.D,
                           (double)c->n,
                           (double)c->points,
                           c->sd,
                           c->p.s2,
                           c->eps,
                           c->kernels,
                           c->h[0],
                           c->h[1],
                           c->cells,
                           c->steps,
                           r->fitted,
                           (double)r->number,
                           c->sample.word[0],
                           c->sample.word[1],
                           c->test.word[0],
                           c->test.word[1]};
    store_key key = store_key_new();
    store_key_text(&key, "risk");
    store_key_text(&key, c->g.name);
    store_key_doubles(&key, LEN(size), size);
    return key;
}

int risk_replicates(const store *s, const risk_design *c, long R, double *y)
{
    REQUIRE(c->p.m == 1.0 && 0 <= c->kernels && c->kernels <= 2);
    int failed = SC_OK;
#pragma omp parallel for default(none) shared(s, c, R, y, failed) schedule(dynamic, 1)
    for (long r = 0; r < R; r++) {
        const replicate one = {c, r, r < c->fits};
        double value[RISK_NUMBERS];
        const int status = store_fetch(one.fitted ? s : NULL, key_of(&one), measure,
                                       &one, RISK_NUMBERS, value);
        for (int j = 0; j < RISK_NUMBERS; j++) y[j * R + r] = value[j];
        if (status != SC_OK) {
#pragma omp atomic write
            failed = status;
        }
    }
    return failed;
}

void risk_ascent(const risk_design *c, const double *y, long R, double tolerance,
                 double *least, double *unsettled)
{
    REQUIRE(0 < c->fits && c->fits <= R);
    long still = 0;
    *least = HUGE_VAL;
    for (long r = 0; r < c->fits; r++) {
        *least = fmin(*least, y[RISK_GAIN * R + r]);
        still += y[RISK_LAST * R + r] >= tolerance;
    }
    *unsettled = (double)still / (double)c->fits;
}

int risk_longer(const store *s, const risk_design *c, long R, int factor, double alpha,
                enclosure *change)
{
    risk_design two[2] = {*c, *c};
    double *y = NEW_ARRAY(double, 2 * R * RISK_NUMBERS), *after = y + R * RISK_NUMBERS;
    int status = SC_OK;
    two[1].steps *= factor;
    for (int i = 0; i < 2 && status == SC_OK; i++) {
        two[i].fits = R;
        two[i].kernels = 0;
        status = risk_replicates(s, &two[i], R, y + i * R * RISK_NUMBERS);
    }
    if (status == SC_OK) {
        for (long r = RISK_FIT * R; r < (RISK_FIT + 1) * R; r++)
            y[r] = after[r] / y[r] - 1.0;
        *change = stats_mean_skewed(R, y + RISK_FIT * R, alpha);
    }
    free(y);
    return status;
}
