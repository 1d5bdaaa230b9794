/* The variance-exploding limit of slow mean reversion. */
#include "semigroup.h"

#include <math.h>

enclosure semigroup_ve_gap(const target *data, double t, double beta, double x)
{
    REQUIRE(beta > 0.0 && t > 0.0);
    const double s2 = -expm1(-2.0 * beta * t) / (2.0 * beta);
    double slow, exploding;
    target_score(data, exp(-beta * t), s2, 1, &x, NULL, &slow, NULL);
    target_score(data, 1.0, t, 1, &x, NULL, &exploding, NULL);
    return enclosure_about(slow - exploding, 1e-14 * (fabs(slow) + fabs(exploding)));
}
