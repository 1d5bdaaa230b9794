#include "target.h"

#include <math.h>
#include <stdlib.h>

enum { NODES = 2001 };

enclosure target_concavity(const target *p, double m, double s2, double *at)
{
    double lo, hi, fine = (double)INFINITY, coarse = (double)INFINITY;
    double *x = NEW_ARRAY(double, NODES), *slope = NEW_ARRAY(double, NODES);
    target_span(p, m, s2, 1e-12, &lo, &hi);
    for (int i = 0; i < NODES; i++) x[i] = lo + (hi - lo) * i / (NODES - 1.0);
    target_score(p, m, s2, NODES, x, NULL, NULL, slope);
    for (int i = 0; i < NODES; i++) {
        if (i % 2 == 0) coarse = fmin(coarse, -slope[i]);
        if (-slope[i] >= fine) continue;
        fine = -slope[i];
        *at = x[i];
    }
    free(x);
    free(slope);
    return enclosure_of(fine - (coarse - fine), fine, 0.0);
}
