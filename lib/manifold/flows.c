/* What the distance of the scores of two flows over time comes to. */
#include "manifold.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

enclosure cloud_score_integral(const cloud_flow *p, const cloud_flow *q, double t0,
                               double T, int n, cloud_rule rule)
{
    REQUIRE(0.0 < t0 && t0 < T && n >= 1);
    double *x = NEW_ARRAY(double, 2L * n), *w = x + n;
    enclosure *J = NEW_ARRAY(enclosure, n), sum = {0.0, 0.0, 0.0};
    quad_legendre(n, log(t0), log(T), x, w);
#pragma omp parallel for schedule(dynamic, 1) default(none)                            \
    shared(p, q, n, rule, x, w, J)
    for (int i = 0; i < n; i++) {
        const double t = exp(x[i]);
        const cloud_law a = cloud_ou(p->of, p->sd, t), b = cloud_ou(q->of, q->sd, t);
        J[i] = enclosure_scale(cloud_fisher(&a, &b, rule), w[i] * t);
    }
    for (int i = 0; i < n; i++) sum = enclosure_add(sum, J[i]);
    free(J), free(x);
    return sum;
}

enclosure cloud_kl_lost(const cloud_flow *p, const cloud_flow *q, double t0, double T,
                        cloud_rule rule)
{
    REQUIRE(0.0 < t0 && t0 < T);
    const cloud_law a = cloud_ou(p->of, p->sd, t0), b = cloud_ou(q->of, q->sd, t0);
    const cloud_law c = cloud_ou(p->of, p->sd, T), d = cloud_ou(q->of, q->sd, T);
    return enclosure_sub(cloud_kl(&a, &b, rule), cloud_kl(&c, &d, rule));
}
