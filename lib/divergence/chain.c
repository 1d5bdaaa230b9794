/* The distances of a chain's law to its data, with error bounds. */
#include "divergence.h"

#include <math.h>

/* The entry's acceptance rule for a functional known at two resolutions. */
static enclosure accept(double fine, double coarse)
{
    double error = 4.0 * fabs(fine - coarse) + 1e-13 * fmax(1.0, fabs(fine));
    return enclosure_about(fine, error);
}

static distances from_two(const line_values *coarse, const line_values *fine,
                          double coarse_mass, double fine_mass)
{
    return (distances){.kl = accept(fine->kl, coarse->kl),
                       .kl_reverse = accept(fine->kl_reverse, coarse->kl_reverse),
                       .tv = accept(fine->tv, coarse->tv),
                       .w2 = accept(fine->w2, coarse->w2),
                       .mass = accept(fine_mass, coarse_mass)};
}

static enclosure spread(double (*f)(gauss, gauss), gauss p, gauss law, double rounding)
{
    double value = f(p, law), error = 4e-15 * fabs(value);
    double mean = rounding * (fabs(law.mean) + sqrt(law.var)), var = rounding * law.var;
    error += fabs(f(p, (gauss){law.mean + mean, law.var}) - value) +
             fabs(f(p, (gauss){law.mean - mean, law.var}) - value) +
             fabs(f(p, (gauss){law.mean, law.var + var}) - value) +
             fabs(f(p, (gauss){law.mean, law.var - var}) - value);
    return enclosure_about(value, error);
}

static double kl_backwards(gauss p, gauss q) { return gauss_kl(q, p); }

/* Closed forms; the recursion rounds a few times a step, and its error bound is what that does to
   each functional. */
static int gaussian_distances(const chain *c, const reference *r, distances *d)
{
    gauss law;
    CHECK(law_gauss(c, &law));
    gauss p = {r->m * target_mean(r->data),
               r->m * r->m * target_variance(r->data) + r->s2};
    if (!(p.var > 0.0 && law.var > 0.0)) return SC_EDOMAIN;
    double rounding = 4e-16 * (8.0 + c->steps);
    *d = (distances){.kl = spread(gauss_kl, p, law, rounding),
                     .kl_reverse = spread(kl_backwards, p, law, rounding),
                     .tv = spread(gauss_tv, p, law, rounding),
                     .w2 = spread(gauss_w2, p, law, rounding),
                     .mass = enclosure_exact(1.0)};
    return SC_OK;
}

/* One resolution. */
typedef struct {
    int status;
    line_values v;
    double mass, evaluations;
} run;

static run run_density(const chain *c, const law_rules *rules, const reference *r)
{
    run out = {.status = SC_OK};
    line *law = NULL;
    out.status = law_density(c, rules, &law, &out.evaluations);
    if (out.status == SC_OK) {
        out.mass = line_mass(law);
        out.status = divergence_line(law, r, false, &out.v);
    }
    line_free(law);
    return out;
}

/* The two resolutions run side by side. */
static int density_distances(const chain *c, const law_rules *rules, const reference *r,
                             distances *d)
{
    law_rules at[2] = {*rules, *rules};
    at[1].refine *= 1.5;
    run out[2];
#pragma omp parallel for schedule(static, 1) num_threads(2)
    for (int i = 0; i < 2; i++) out[i] = run_density(c, &at[i], r);
    CHECK(out[0].status);
    CHECK(out[1].status);
    *d = from_two(&out[0].v, &out[1].v, out[0].mass, out[1].mass);
    d->evaluations = out[0].evaluations;
    return SC_OK;
}

int divergence_chain(const chain *c, const law_rules *rules, distances *d)
{
    double end = c->t[c->steps];
    reference r = {c->data, sde_scale(c->forward, end), sde_var(c->forward, end)};
    const gmm *mixture = target_as_gmm(c->data);
    if (mixture && gmm_components(mixture) == 1) {
        int status = gaussian_distances(c, &r, d);
        if (status != SC_EDOMAIN || !c->perturb) return status;
    }
    law_rules chosen = rules ? *rules : law_rules_for(c->data);
    return density_distances(c, &chosen, &r, d);
}
