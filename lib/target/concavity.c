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

/* A law and how far apart the nodes on it are. */
typedef struct {
    const target *p;
    double m, s2, lo, hi, spacing;
} search;

/* The least -(log p)'' near x and where: among 21 nodes around the best so far, ever closer together. */
static double descend(const search *c, double x, double *at)
{
    enum { AROUND = 10, ROUNDS = 30 };
    double y[2 * AROUND + 1], slope[2 * AROUND + 1], least = (double)INFINITY;
    double h = c->spacing;
    *at = x;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < LEN(y); i++)
            y[i] = fmin(fmax(*at + h * (i - AROUND) / AROUND, c->lo), c->hi);
        target_score(c->p, c->m, c->s2, LEN(y), y, NULL, NULL, slope);
        for (int i = 0; i < LEN(y); i++) {
            if (-slope[i] >= least) continue;
            least = -slope[i];
            *at = y[i];
        }
        h *= 0.3;
    }
    return least;
}

/* The node of 0, every, 2 every, ... with the least -(log p)''. */
static long lowest(const double *slope, long every)
{
    long best = 0;
    for (long i = 0; i < NODES; i += every)
        if (-slope[i] < -slope[best]) best = i;
    return best;
}

enclosure target_concavity(const target *p, double m, double s2, double *at)
{
    const gmm *mixture = target_as_gmm(p);
    long k = mixture ? gmm_components(mixture) : 0;
    search c = {.p = p, .m = m, .s2 = s2};
    double *x = NEW_ARRAY(double, NODES + k * k), aside;
    double *slope = NEW_ARRAY(double, NODES + k * k);
    target_span(p, m, s2, 1e-12, &c.lo, &c.hi);
    c.spacing = 2.0 * (c.hi - c.lo) / (NODES - 1.0);
    for (int i = 0; i < NODES; i++) x[i] = c.lo + 0.5 * c.spacing * i;
    int n = NODES + (mixture ? crossings(mixture, m, s2, x + NODES) : 0);
    target_score(p, m, s2, n, x, NULL, NULL, slope);

    long best = lowest(slope, 1);
    double fine = descend(&c, x[best], at);
    double reach = fabs(descend(&c, x[lowest(slope, 2)], &aside) - fine);
    for (int i = NODES; i < n; i++) {
        if (x[i] < c.lo || x[i] > c.hi) continue;
        double value = descend(&c, x[i], &aside);
        if (value < fine) *at = aside;
        fine = fmin(fine, value);
    }
    free(x);
    free(slope);
    double rounding =
        (k > 1 ? 1e-7 : 5e-13) * fabs(fine); /* -(log p)'' of a mixture cancels */
    return enclosure_of(fine - reach - rounding, fine + rounding, 0.0);
}

double target_curvature(const target *p, double m, double s2)
{
    enum { SPLITS = 512 };
    double *x = NEW_ARRAY(double, NODES + SPLITS), lo, hi, at;
    double *slope = NEW_ARRAY(double, NODES + SPLITS);
    double *logp = NEW_ARRAY(double, NODES + SPLITS);
    double largest = -target_concavity(p, m, s2, &at).hi;
    target_span(p, m, s2, 1e-12, &lo, &hi);
    for (int i = 0; i < NODES; i++) x[i] = lo + (hi - lo) * i / (NODES - 1.0);
    int n = NODES + target_splits(p, m, s2, SPLITS, x + NODES);
    target_score(p, m, s2, n, x, logp, NULL, slope);
    for (int i = 0; i < n; i++)
        if (logp[i] > -700.0) largest = fmax(largest, fabs(slope[i]));
    free(x);
    free(slope);
    free(logp);
    return largest;
}
