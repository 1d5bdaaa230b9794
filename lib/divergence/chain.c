/* The distances of a chain's law to its data, with error bounds. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* A functional known at two resolutions; `rounding` is that of the method. */
static enclosure accept(double fine, double coarse, double rounding)
{
    if (isinf(fine) && fine == coarse) return enclosure_of(fine, fine, 0.0);
    double error = 4.0 * fabs(fine - coarse) + rounding * fmax(1.0, fabs(fine));
    return enclosure_about(fine, error);
}

/* The same for W2 through W2^2, the quantity whose error is known; rounding is a floor of it. */
static enclosure accept_w2(const line_values *fine, const line_values *coarse,
                           double rounding)
{
    double square = fine->w2 * fine->w2;
    double error = 4.0 * fabs(square - coarse->w2 * coarse->w2) + fine->w2_rounding;
    enclosure e = enclosure_sqrt(enclosure_about(square, error));
    return enclosure_widen(e, rounding * fmax(1.0, fine->w2));
}

/* Of propagated densities, which are positive sums; of maps, whose slope amplifies it. */
static const double ROUNDING_DENSITY = 1e-13, ROUNDING_MAP = 1e-12;

/* One resolution. */
typedef struct {
    int status;
    line_values v;
    double mass, evaluations;
} run;

static distances from_two(const run out[2], double rounding)
{
    const line_values *coarse = &out[0].v, *fine = &out[1].v;
    enclosure kl = accept(fine->kl, coarse->kl, rounding);
    if (fine->kl_truncation > 0.0 && !isinf(fine->kl))
        kl = enclosure_widen(kl, fine->kl_truncation);
    return (distances){.kl = kl,
                       .kl_reverse =
                           accept(fine->kl_reverse, coarse->kl_reverse, rounding),
                       .tv = accept(fine->tv, coarse->tv, rounding),
                       .w2 = accept_w2(fine, coarse, rounding),
                       .mass = accept(out[1].mass, out[0].mass, rounding),
                       .evaluations = out[0].evaluations};
}

enclosure divergence_spread(double (*f)(gauss, gauss), gauss p, gauss law, gauss error)
{
    double value = f(p, law);
    double mean = fmax(fabs(f(p, (gauss){law.mean + error.mean, law.var}) - value),
                       fabs(f(p, (gauss){law.mean - error.mean, law.var}) - value));
    double var = fmax(fabs(f(p, (gauss){law.mean, law.var + error.var}) - value),
                      fabs(f(p, (gauss){law.mean, law.var - error.var}) - value));
    return enclosure_about(value, mean + var + 4e-15 * fabs(value));
}

double divergence_kl_backwards(gauss p, gauss q) { return gauss_kl(q, p); }

/* Closed forms. The moments of p are rounded too. */
static int gaussian_distances(const chain *c, gauss p, gauss rounding, distances *d)
{
    gauss law, error;
    CHECK(law_gauss_bounded(c, &law, &error));
    if (!(p.var > 0.0 && law.var > 0.0)) return SC_EDOMAIN;
    error.mean += rounding.mean;
    error.var += rounding.var;
    *d = (distances){.kl = divergence_spread(gauss_kl, p, law, error),
                     .kl_reverse =
                         divergence_spread(divergence_kl_backwards, p, law, error),
                     .tv = divergence_spread(gauss_tv, p, law, error),
                     .w2 = divergence_spread(gauss_w2, p, law, error),
                     .mass = enclosure_exact(1.0)};
    return SC_OK;
}

/* *law is the caller's to free, NULL on failure. */
static run run_density(const chain *c, const law_rules *rules, const reference *r,
                       line **law)
{
    run out = {.status = SC_OK};
    *law = NULL;
    out.status = law_density(c, rules, law, &out.evaluations);
    if (out.status == SC_OK) {
        out.mass = line_mass(*law);
        out.status = divergence_line(*law, r, false, &out.v);
    }
    return out;
}

static run run_flow(const chain *c, long nodes, const reference *r)
{
    run out = {.status = SC_OK, .mass = 1.0};
    flow *f = NULL;
    out.status = law_flow(c, nodes, &f);
    if (out.status == SC_OK) out.status = divergence_flow(f, r, &out.v);
    flow_free(f);
    return out;
}

static reference data_of(const chain *c)
{
    double end = c->t[c->steps];
    return (reference){c->data, sde_scale(c->forward, end), sde_var(c->forward, end)};
}

static int report(const run out[2], double rounding, distances *d)
{
    CHECK(out[0].status);
    CHECK(out[1].status);
    *d = from_two(out, rounding);
    return SC_OK;
}

/* The two resolutions run side by side. */
int divergence_density_laws(const chain *c, const law_rules *rules, distances *d,
                            line *law[2])
{
    reference r = data_of(c);
    law_rules at[2];
    run out[2];
    at[0] = at[1] = rules ? *rules : law_rules_of(c);
    at[1].refine *= 1.5;
#pragma omp parallel for default(none) shared(out, c, at, r, law) schedule(static, 1)
    for (int i = 0; i < 2; i++) out[i] = run_density(c, &at[i], &r, &law[i]);
    return report(out, ROUNDING_DENSITY, d);
}

int divergence_density(const chain *c, const law_rules *rules, distances *d)
{
    line *law[2];
    int status = divergence_density_laws(c, rules, d, law);
    line_free(law[0]);
    line_free(law[1]);
    return status;
}

int divergence_density_with(const chain *c, const law_rules *rules, line_functional *f,
                            const void *ctx, distances *d, enclosure *value)
{
    line *law[2];
    int status = divergence_density_laws(c, rules, d, law);
    if (status == SC_OK)
        *value = accept(f(ctx, law[1]), f(ctx, law[0]), ROUNDING_DENSITY);
    line_free(law[0]);
    line_free(law[1]);
    return status;
}

int divergence_once(const chain *c, const law_rules *rules, distances *d)
{
    reference r = data_of(c);
    line *law;
    run once = run_density(c, rules, &r, &law), out[2] = {once, once};
    line_free(law);
    return report(out, ROUNDING_DENSITY, d);
}

static enclosure distance(enclosure a, enclosure b)
{
    return enclosure_about(fabs(enclosure_mid(a) - enclosure_mid(b)), ROUNDING_DENSITY);
}

int divergence_spacing(const chain *c, double best, int n, const double *spacing,
                       distances *error)
{
    law_rules rules = law_rules_spaced(c->data, best);
    distances finest, d;
    CHECK(divergence_once(c, &rules, &finest));
    for (int i = 0; i < n; i++) {
        rules.c = spacing[i];
        CHECK(divergence_once(c, &rules, &d));
        error[i].kl = distance(d.kl, finest.kl);
        error[i].tv = distance(d.tv, finest.tv);
        error[i].w2 = distance(d.w2, finest.w2);
    }
    return SC_OK;
}

/* Flows are parallel over their nodes. */
int divergence_map(const chain *c, long nodes, distances *d)
{
    reference r = data_of(c);
    run out[2] = {run_flow(c, nodes, &r), run_flow(c, nodes + nodes / 2, &r)};
    return report(out, ROUNDING_MAP, d);
}

int divergence_chain_alone(const chain *c, const law_rules *rules, distances *d)
{
    const gmm *mixture = target_as_gmm(c->data);
    if (mixture && gmm_components(mixture) == 1) {
        reference r = data_of(c);
        gauss p = {r.m * target_mean(r.data),
                   r.m * r.m * target_variance(r.data) + r.s2};
        gauss rounding = {4e-16 * fabs(p.mean), 4e-16 * p.var};
        int status = gaussian_distances(c, p, rounding, d);
        if (status != SC_EDOMAIN || !c->perturb) return status;
    }
    return c->scheme->normals == 0 ? divergence_map(c, 12001, d)
                                   : divergence_density(c, rules, d);
}

int divergence_same_start(const chain *c, distances *d)
{
    const gmm *mixture = target_as_gmm(c->data);
    if (!mixture || gmm_components(mixture) != 1) return SC_EDOMAIN;
    gauss data = {target_mean(c->data), target_variance(c->data)}, rounding;
    gauss from = law_marginal(data, c->forward, c->t[0]);
    if (c->from.kind == START_NORMAL) from = (gauss){c->from.mean, c->from.var};
    double end = c->t[c->steps];
    gauss p = law_reverse_gauss(data, c->forward, from, c->t[0], end,
                                c->scheme->normals > 0, &rounding);
    return gaussian_distances(c, p, rounding, d);
}

static run run_euler(const euler_scheme *c, double refine, const reference *r)
{
    run out = {.status = SC_OK};
    line *law = NULL;
    out.status = law_euler(c, refine, &law);
    if (out.status == SC_OK) {
        out.mass = line_mass(law);
        out.status = divergence_line(law, r, false, &out.v);
    }
    line_free(law);
    return out;
}

int divergence_euler(const euler_scheme *c, const reference *r, distances *d)
{
    run out[2];
#pragma omp parallel for default(none) shared(out, c, r) schedule(static, 1)
    for (int i = 0; i < 2; i++) out[i] = run_euler(c, i == 0 ? 1.0 : 1.5, r);
    return report(out, ROUNDING_DENSITY, d);
}

int divergence_continuous(const target *data, const sde *e, start from, double u,
                          distances *d)
{
    const reference r = {data, sde_scale(e, u), sde_var(e, u)};
    return divergence_continuous_to(&r, data, e, from, u, d);
}

int divergence_continuous_to(const reference *r, const target *data, const sde *e,
                             start from, double u, distances *d)
{
    run out[2] = {{.status = SC_OK}, {.status = SC_OK}};
    for (int i = 0; i < 2; i++) {
        line *law = NULL;
        CHECK(law_continuous(data, e, from, u, i == 0 ? 1.0 : 1.5, &law));
        out[i].mass = line_mass(law);
        out[i].status = divergence_line(law, r, false, &out[i].v);
        line_free(law);
    }
    return report(out, ROUNDING_DENSITY, d);
}

static run run_unnormalised(divergence_log_density *l, const void *ctx, line *law,
                            const reference *r)
{
    run out = {.status = SC_OK, .mass = 1.0};
    double *x = NEW_ARRAY(double, law->n), largest = -(double)INFINITY;
    for (long j = 0; j < law->n; j++) x[j] = law->x0 + (double)j * law->dx;
    l(ctx, law->n, x, law->p);
    for (long j = 0; j < law->n; j++) largest = fmax(largest, law->p[j]);
    for (long j = 0; j < law->n; j++) law->p[j] = exp(law->p[j] - largest);
    const double mass = line_mass(law);
    for (long j = 0; j < law->n; j++) law->p[j] /= mass;
    free(x);
    out.status = divergence_line(law, r, false, &out.v);
    return out;
}

int divergence_unnormalised(divergence_log_density *l, const void *ctx, double lo,
                            double hi, const reference *r, distances *d)
{
    REQUIRE(lo < hi);
    run out[2];
    for (int i = 0; i < 2; i++) {
        long cells = 8000 + 4000L * i;
        line *law = line_new(lo, (hi - lo) / (double)cells, cells + 1);
        out[i] = run_unnormalised(l, ctx, law, r);
        line_free(law);
    }
    return report(out, ROUNDING_DENSITY, d);
}

int divergence_continuous_once(const target *data, const sde *e, start from, double u,
                               bool zero_split_only, line_values *v)
{
    const reference r = {data, sde_scale(e, u), sde_var(e, u)};
    line *law = NULL;
    CHECK(law_continuous(data, e, from, u, 1.0, &law));
    int status = divergence_line(law, &r, zero_split_only, v);
    line_free(law);
    return status;
}
