#include "perturbation.h"

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
