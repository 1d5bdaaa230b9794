#include "taylor.h"

#include <math.h>

enclosure taylor_kl_lost(const cloud *p, const cloud *q, double sd, double t0, double T)
{
    REQUIRE(0.0 < t0 && t0 < T);
    const cloud_law p0 = cloud_ou(p, sd, t0), q0 = cloud_ou(q, sd, t0);
    const cloud_law pT = cloud_ou(p, sd, T), qT = cloud_ou(q, sd, T);
    return enclosure_sub(cloud_kl(&p0, &q0, CLOUD_LINE),
                         cloud_kl(&pT, &qT, CLOUD_LINE));
}

taylor_costs taylor_measure(const generator *g, double beta, double H, int degree,
                            int N, const mesh *nodes, double t0, double T)
{
    REQUIRE(g->D == 1 && 0.0 < beta && beta <= 2.0 && N >= 1);
    const double e = expm1(2.0 * t0), r = beta > 1.0 ? 1.0 : 0.0;
    cloud *p = cloud_of(g, nodes), *q = cloud_taylor(g, degree, N, nodes);
    taylor_costs c = {.cost = taylor_kl_lost(p, q, 0.0, t0, T)};
    double mean_square;
    cloud_gap(p, q, &mean_square, &c.gap);
    c.chained = mean_square / (2.0 * e);
    c.lemma = H * pow(g->d, r) * pow(N, -beta);
    c.bound = c.lemma * c.lemma / (2.0 * e);
    cloud_free(p);
    cloud_free(q);
    return c;
}
