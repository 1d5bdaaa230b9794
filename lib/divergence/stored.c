/* stored.c -- the distances of a chain's law under what they depend on. */
#include "internal.h"

#include <string.h>

/* distances is made of doubles alone. */
enum { PROBES = 33, VALUES = (int)(sizeof(distances) / sizeof(double)) };
_Static_assert(sizeof(distances) == VALUES * sizeof(double), "padding");

static void add(store_key *k, double x) { store_key_doubles(k, 1, &x); }

static void add_process(store_key *k, const sde *e)
{
    const double p[] = {e->T,    e->bmin, e->bmax,      e->power,
                        e->smin, e->smax, e->stationary};
    store_key_text(k, sde_name(e));
    store_key_doubles(k, LEN(p), p);
}

/* A scheme by its name and, in every step, its three numbers and those of a correction. */
static void add_part(store_key *k, const chain *c, const sampler *s)
{
    store_key_text(k, s->name);
    add(k, s->weight);
    add(k, s->corrections);
    for (int i = 0; i < c->steps; i++) {
        const double t = c->t[i], u = c->t[i + 1];
        step own = {0}, correction = {0};
        if (s->coefficients != NULL) own = s->coefficients(c->forward, t, u);
        if (s->predictor != NULL) correction = sampler_correction(s, t, u);
        const double numbers[] = {own.a, own.b, own.q, correction.b};
        store_key_doubles(k, LEN(numbers), numbers);
    }
}

/* With what it is made of. */
static void add_scheme(store_key *k, const chain *c)
{
    const sampler *s = c->scheme, *main = s->predictor != NULL ? s->predictor : s;
    add_part(k, c, s);
    if (main != s) add_part(k, c, main);
    for (int i = 0; i < 2 && main->blend[i] != NULL; i++)
        add_part(k, c, main->blend[i]);
}

/* The data by their name; a mixture by its components, which may lie far out and weigh little. */
static void add_data(store_key *k, const target *data)
{
    const gmm *p = target_as_gmm(data);
    store_key_text(k, target_name(data));
    for (int i = 0; p != NULL && i < gmm_components(p); i++) {
        double var;
        gmm_cov_of(p, i, &var, 1);
        const double component[] = {gmm_weight(p, i), gmm_mean_of(p, i)[0], var};
        store_key_doubles(k, LEN(component), component);
    }
}

/* The data and the score in use by their values: at time t log-density and score at PROBES places over
   all but 1e-3 of p_t on either side, and over all but 1e-20. */
static void add_law(store_key *k, const chain *c, double t)
{
    static const double TAIL[] = {1e-3, 1e-20};
    double m = sde_scale(c->forward, t), n = sde_var(c->forward, t), lo, hi;
    double x[PROBES], logp[PROBES], s[PROBES];
    if (n == 0.0 && target_smallest_sd(c->data) == 0.0) return; /* atoms: seen before */
    for (int i = 0; i < LEN(TAIL); i++) {
        target_span(c->data, m, n, TAIL[i], &lo, &hi);
        for (int j = 0; j < PROBES; j++) x[j] = lo + (hi - lo) * (j + 0.5) / PROBES;
        target_score(c->data, m, n, PROBES, x, logp, s, NULL);
        if (c->perturb != NULL) c->perturb(c->perturb_ctx, t, PROBES, x, s);
        store_key_doubles(k, PROBES, x);
        store_key_doubles(k, PROBES, logp);
        store_key_doubles(k, PROBES, s);
    }
}

static store_key key_of(const chain *c, const law_rules *rules)
{
    store_key k = store_key_new();
    law_rules r = rules != NULL ? *rules : law_rules_of(c);
    const double numbers[] = {c->from.kind, c->from.mean, c->from.var, c->steps,
                              r.c,          r.refine,     r.band,      r.coarse_finish};
    store_key_text(&k, "divergence_chain");
    add_data(&k, c->data);
    add_process(&k, c->forward);
    add_scheme(&k, c);
    store_key_doubles(&k, LEN(numbers), numbers);
    store_key_doubles(&k, c->steps + 1L, c->t);
    for (int i = 0; i <= c->steps; i++) add_law(&k, c, c->t[i]);
    return k;
}

typedef struct {
    const chain *c;
    const law_rules *rules;
} problem;

static int compute(const void *ctx, int n, double *value)
{
    const problem *p = ctx;
    distances d;
    REQUIRE(n == VALUES);
    CHECK(divergence_chain_alone(p->c, p->rules, &d));
    memcpy(value, &d, sizeof d);
    return SC_OK;
}

int divergence_chain(const chain *c, const law_rules *rules, distances *d)
{
    const gmm *mixture = target_as_gmm(c->data);
    bool closed = mixture != NULL && gmm_components(mixture) == 1 &&
                  c->perturb == NULL; /* cheaper than its key */
    if (c->kept == NULL || closed) return divergence_chain_alone(c, rules, d);
    double v[VALUES];
    CHECK(store_fetch(c->kept, key_of(c, rules), compute, &(problem){c, rules}, VALUES,
                      v));
    memcpy(d, v, sizeof *d);
    return SC_OK;
}
