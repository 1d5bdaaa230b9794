#include "timegrid.h"

#include <math.h>

void timegrid_uniform(double T, double end, int steps, double *t)
{
    REQUIRE(steps >= 1 && 0.0 <= end && end < T);
    for (int k = 0; k < steps; k++) t[k] = T - (T - end) * k / steps;
    t[steps] = end;
}

void timegrid_geometric(double T, double end, int steps, double *t)
{
    REQUIRE(steps >= 1 && 0.0 < end && end < T);
    for (int k = 0; k < steps; k++) t[k] = T * pow(end / T, (double)k / steps);
    t[steps] = end;
}

void timegrid_shifted(double T, double w, int steps, double *t)
{
    timegrid_geometric(T + w, w, steps, t);
    for (int k = 1; k < steps; k++) t[k] -= w;
    t[0] = T;
    t[steps] = 0.0;
}

void timegrid_karras(double T, double end, double rho, int steps, double *t)
{
    REQUIRE(steps >= 1 && 0.0 <= end && end < T && rho > 0.0);
    double from = pow(T, 1.0 / rho), to = pow(end, 1.0 / rho);
    for (int k = 0; k < steps; k++) t[k] = pow(from + (to - from) * k / steps, rho);
    t[0] = T;
    t[steps] = end;
}

/* Sums of kappa are formed as products and compared up to SLACK kappa, so that a grid that is
   meant to hit 1 (or end) does, whatever the rounding. */
int timegrid_benton(double T, double end, double kappa, int capacity, double *t,
                    int *steps)
{
    static const double SLACK = 1e-9;
    REQUIRE(0.0 < end && end < T && kappa > 0.0 && capacity >= 2);
    double linear = floor((T - 1.0) / kappa + SLACK); /* steps while r - kappa >= 1 */
    if (linear < 0.0) linear = 0.0;
    double turn = T - kappa * linear;
    int k = 0;
    for (; k < capacity; k++) {
        double r = k <= linear ? T - kappa * k : turn * pow(1.0 + kappa, linear - k);
        if (r <= end * (1.0 + SLACK)) break;
        t[k] = r;
    }
    if (k == capacity) return SC_EDOMAIN;
    t[k] = end;
    *steps = k;
    return SC_OK;
}

double *timegrid_benton_whole(double T, double end, double kappa, int *steps)
{
    REQUIRE(0.0 < end && end < 1.0 && 1.0 < T && kappa > 0.0);
    double J = ceil(-log(end) / log1p(kappa));
    int capacity = (int)((T - 1.0) / kappa + J) + 4;
    double *t = NEW_ARRAY(double, capacity);
    int status = timegrid_benton(T, pow(1.0 + kappa, -J), kappa, capacity, t, steps);
    REQUIRE(status == SC_OK);
    return t;
}

enclosure timegrid_benton_ratio(double kappa, int steps, const double *t)
{
    enclosure largest = {0};
    for (int k = 0; k < steps; k++) {
        double allowed = kappa * fmin(1.0, t[k + 1]);
        enclosure ratio =
            enclosure_about((t[k] - t[k + 1]) / allowed, 4e-16 * t[k] / allowed);
        largest = enclosure_max(largest, ratio);
    }
    return largest;
}
