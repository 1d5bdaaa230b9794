#include "target.h"

#include <math.h>
#include <stdlib.h>

enum { NODES = 2001 };

/* The points where w_i N(x; mu_i, v_i) = w_j N(x; mu_j, v_j), i < j, all components widened to the
   law of m X_0 + sqrt(s2) Z: log-concavity fails where two components are equally likely, between
   distant ones in a valley narrower than any grid. Writes at most k (k - 1). */
static int crossings(const gmm *p, double m, double s2, double *x)
{
    int n = 0, k = gmm_components(p);
    for (int j = 1; j < k; j++)
        for (int i = 0; i < j; i++) {
            double vi, vj, gap = m * (gmm_mean_of(p, j)[0] - gmm_mean_of(p, i)[0]);
            gmm_cov_of(p, i, &vi, 1);
            gmm_cov_of(p, j, &vj, 1);
            vi = m * m * vi + s2;
            vj = m * m * vj + s2;
            /* a y^2 + 2 b y + c = 0, y from the mean of i */
            double a = 1.0 / vi - 1.0 / vj, b = gap / vj, wi = gmm_weight(p, i);
            double c = -gap * b - 2.0 * log(wi / gmm_weight(p, j)) + log(vi / vj);
            double root = -(b + copysign(sqrt(b * b - a * c), b));
            double y[] = {root / a, c / root};
            for (int r = 0; r < 2; r++)
                if (isfinite(y[r])) x[n++] = m * gmm_mean_of(p, i)[0] + y[r];
        }
    return n;
}

enclosure target_concavity(const target *p, double m, double s2, double *at)
{
    const gmm *mixture = target_as_gmm(p);
    long k = mixture ? gmm_components(mixture) : 0;
    double lo, hi, fine = (double)INFINITY, coarse = (double)INFINITY;
    double *x = NEW_ARRAY(double, NODES + k * k);
    double *slope = NEW_ARRAY(double, NODES + k * k);
    target_span(p, m, s2, 1e-12, &lo, &hi);
    for (int i = 0; i < NODES; i++) x[i] = lo + (hi - lo) * i / (NODES - 1.0);
    int n = NODES + (mixture ? crossings(mixture, m, s2, x + NODES) : 0);
    target_score(p, m, s2, n, x, NULL, NULL, slope);
    for (int i = 0; i < n; i++) {
        if (i % 2 == 0 || i >= NODES) coarse = fmin(coarse, -slope[i]);
        if (-slope[i] >= fine) continue;
        fine = -slope[i];
        *at = x[i];
    }
    free(x);
    free(slope);
    return enclosure_of(fine - (coarse - fine), fine, 0.0);
}
