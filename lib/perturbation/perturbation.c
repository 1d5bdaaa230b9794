#include "perturbation.h"

#include "timegrid.h"

#include <math.h>
#include <stdlib.h>

const error_shape PERTURBATION_CONST = {"const", false, 0.0};
const error_shape PERTURBATION_X = {"x", true, 0.0};
const error_shape PERTURBATION_COS3 = {"cos3x", false, 3.0};
const error_shape PERTURBATION_COS12 = {"cos12x", false, 12.0};
const error_shape *const PERTURBATION_ALL[PERTURBATION_SHAPES] = {
    &PERTURBATION_CONST, &PERTURBATION_X, &PERTURBATION_COS3, &PERTURBATION_COS12};

double perturbation_mean_square(const perturbation *p, double t)
{
    if (p->data == NULL) {
        REQUIRE(!p->shape->linear && p->shape->frequency == 0.0);
        return 1.0;
    }
    REQUIRE(gmm_dim(p->data) == 1);
    double s = sde_scale(p->forward, t), n = sde_var(p->forward, t);
    double k = p->shape->frequency, sum = 0.0;
    for (int i = 0; i < gmm_components(p->data); i++) {
        double c, m = s * gmm_mean_of(p->data, i)[0];
        gmm_cov_of(p->data, i, &c, 1);
        double v = s * s * c + n;
        double e2 = p->shape->linear
                        ? v + m * m
                        : 0.5 * (1.0 + exp(-2.0 * k * k * v) * cos(2.0 * k * m));
        sum += gmm_weight(p->data, i) * e2;
    }
    return sum;
}

void perturbation_add(const void *ctx, double t, long n, const double *x, double *s)
{
    const perturbation *p = ctx;
    const error_shape *e = p->shape;
    double size = p->eps / sqrt(perturbation_mean_square(p, t));
    for (long i = 0; i < n; i++)
        s[i] += size * (e->linear ? x[i] : cos(e->frequency * x[i]));
}

int perturbation_distances(const chain *c, const law_rules *rules, int n,
                           const perturbation *p, distances *d)
{
    int *statuses = NEW_ARRAY(int, n), status = SC_OK;
#pragma omp parallel for schedule(dynamic, 1) default(none)                            \
    shared(c, rules, n, p, d, statuses)
    for (int i = 0; i < n; i++) {
        chain perturbed = *c;
        perturbed.perturb = perturbation_add;
        perturbed.perturb_ctx = &p[i];
        statuses[i] = divergence_chain(&perturbed, rules, &d[i]);
    }
    for (int i = n - 1; i >= 0; i--)
        if (statuses[i] != SC_OK) status = statuses[i];
    free(statuses);
    return status;
}

/* Why not uniform steps: for M under OU from T = 2 it would take 8500 to leave a TV with the exact score
   below 1% of (eps/2) sqrt(int g^2) at eps = 0.05 (400 leave 21%, 1600 5%, and KL/(eps^2 T) .72 .38 .055
   .036 at eps = .1 for the .69 .33 .069 .0063 that belong to the error). */
int perturbation_sweep(const gmm *data, const sde *forward, int steps, int n,
                       const double *eps, const store *kept, distances *exact,
                       distances *d)
{
    enum { MOST = 1 + PERTURBATION_SIZES * PERTURBATION_SHAPES };
    REQUIRE(0 < n && n <= PERTURBATION_SIZES);
    perturbation p[MOST] = {{data, forward, PERTURBATION_ALL[0], 0.0}};
    distances all[MOST];
    int count = n * PERTURBATION_SHAPES;
    for (int i = 0; i < count; i++)
        p[1 + i] =
            (perturbation){data, forward, PERTURBATION_ALL[i % PERTURBATION_SHAPES],
                           eps[i / PERTURBATION_SHAPES]};

    target *on_line = target_mixture(data);
    double *t = NEW_ARRAY(double, steps + 1L), sd = target_smallest_sd(on_line);
    timegrid_shifted(forward->T, 0.5 * sd * sd, steps, t);
    law_rules rules = law_rules_for(on_line);
    rules.c *= 2.0;
    chain c = {.data = on_line,
               .forward = forward,
               .scheme = &SAMPLER_EI,
               .from = START_EXACT,
               .steps = steps,
               .t = t,
               .kept = kept};
    int status = perturbation_distances(&c, &rules, 1 + count, p, all);
    free(t);
    target_free(on_line);
    CHECK(status);
    *exact = all[0];
    for (int i = 0; i < count; i++) d[i] = all[1 + i];
    return SC_OK;
}

int perturbation_constant_ladder(const target *data, const sde *forward, start from,
                                 double eps, int steps, const store *kept, ladder *l)
{
    perturbation p = {NULL, forward, &PERTURBATION_CONST, eps};
    chain c = {.data = data,
               .forward = forward,
               .scheme = &SAMPLER_EI,
               .from = from,
               .perturb = perturbation_add,
               .perturb_ctx = &p,
               .kept = kept};
    return divergence_ladder(&c, steps, 2, 2, l);
}
