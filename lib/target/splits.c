/* splits.c -- where the density of m X_0 + sqrt(s2) Z has its features. */
#include "family.h"

#include <math.h>
#include <stdlib.h>

/* A feature: a component, or an end of an interval, or an end or the middle of the data's bulk, blurred by the noise. */
typedef struct {
    double centre, scale;
} feature;

static int count(const target *p)
{
    const gmm *mixture = target_as_gmm(p);
    if (mixture != NULL) return gmm_components(mixture);
    double ends[TARGET_BREAKS];
    int n = target_breaks(p, 1.0, 0.0, ends);
    return n > 3 ? n : 3;
}

static feature feature_of(const target *p, double m, double s2, int i)
{
    const gmm *mixture = target_as_gmm(p);
    if (mixture != NULL) {
        double v;
        gmm_cov_of(mixture, i, &v, 1);
        return (feature){m * gmm_mean_of(mixture, i)[0], sqrt(m * m * v + s2)};
    }
    double lo, hi, ends[TARGET_BREAKS];
    target_span(p, 1.0, 0.0, 1e-3, &lo, &hi);
    bool several = target_breaks(p, 1.0, 0.0, ends) > 3;
    return (feature){m * (several ? ends[i] : lo + 0.5 * i * (hi - lo)),
                     s2 > 0.0 ? sqrt(s2) : 0.25 * m * (hi - lo)};
}

int target_splits(const target *p, double m, double s2, int most, double *x)
{
    static const double STEPS[] = {-12.0, -6.0, -2.0, 0.0, 2.0, 6.0, 12.0};
    REQUIRE(most >= 1);
    int k = count(p), n = LEN(STEPS) * k;
    double *all = NEW_ARRAY(double, n);
    for (int i = 0; i < k; i++) {
        feature f = feature_of(p, m, s2, i);
        for (int j = 0; j < LEN(STEPS); j++)
            all[LEN(STEPS) * i + j] = f.centre + STEPS[j] * f.scale;
    }
    base_sort(n, all);
    int every = (n + most - 1) / most, kept = 0;
    for (int i = 0; i < n; i += every) x[kept++] = all[i];
    free(all);
    return kept;
}

double target_remoteness(const target *p, double m, double s2)
{
    double far = 0.0;
    for (int i = 0, k = count(p); i < k; i++) {
        feature f = feature_of(p, m, s2, i);
        far = fmax(far, fabs(f.centre) / f.scale);
    }
    return far;
}
