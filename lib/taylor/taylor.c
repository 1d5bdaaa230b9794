#include "taylor.h"

#include <math.h>

taylor_costs taylor_measure(const generator *g, double beta, double H, int degree,
                            int N, const mesh *nodes, double t0, double T)
{
    REQUIRE(g->D == 1 && 0.0 < beta && beta <= 2.0 && N >= 1);
    const double e = expm1(2.0 * t0), r = beta > 1.0 ? 1.0 : 0.0;
    cloud *p = cloud_of(g, nodes), *q = cloud_taylor(g, degree, N, nodes);
    const cloud_flow s = {p, 0.0}, s0 = {q, 0.0};
    taylor_costs c = {.cost = cloud_kl_lost(&s, &s0, t0, T, CLOUD_LINE)};
    double mean_square;
    cloud_gap(p, q, &mean_square, &c.gap);
    c.chained = mean_square / (2.0 * e);
    c.lemma = H * pow(g->d, r) * pow(N, -beta);
    c.bound = c.lemma * c.lemma / (2.0 * e);
    cloud_free(p);
    cloud_free(q);
    return c;
}
