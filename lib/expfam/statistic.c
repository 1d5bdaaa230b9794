/* The statistics: value and two derivatives. */
#include "expfam.h"

#include <math.h>

static void jet_power(const expfam_statistic *F, int n, const double *x, double *value,
                      double *slope, double *bend)
{
    int j = (int)F->a;
    for (int i = 0; i < n; i++) bend[i] = 1.0; /* x^{j-2}, or 1 for j = 1 */
    for (int factor = 2; factor < j; factor++)
        for (int i = 0; i < n; i++) bend[i] *= x[i];
    for (int i = 0; i < n; i++) {
        double below = j == 1 ? 1.0 : bend[i] * x[i]; /* x^{j-1} */
        value[i] = below * x[i];
        slope[i] = j * below;
        bend[i] *= j * (j - 1);
    }
}

static void jet_tanh(const expfam_statistic *F, int n, const double *x, double *value,
                     double *slope, double *bend)
{
    for (int i = 0; i < n; i++) {
        double sech = 1.0 / cosh(F->a * x[i]);
        value[i] = tanh(F->a * x[i]);
        slope[i] = F->a * sech * sech;
        bend[i] = -2.0 * F->a * value[i] * slope[i];
    }
}

static void jet_sin(const expfam_statistic *F, int n, const double *x, double *value,
                    double *slope, double *bend)
{
    for (int i = 0; i < n; i++) {
        value[i] = sin(F->a * x[i]);
        slope[i] = F->a * cos(F->a * x[i]);
        bend[i] = -F->a * F->a * value[i];
    }
}

static void jet_log_density(const expfam_statistic *F, int n, const double *x,
                            double *value, double *slope, double *bend)
{
    target_score(F->law, 1.0, 0.0, n, x, value, slope, bend);
}

expfam_statistic expfam_power(int j)
{
    static const char *const NAMES[] = {"x", "x^2", "x^3", "x^4"};
    REQUIRE(1 <= j && j <= LEN(NAMES));
    return (expfam_statistic){NAMES[j - 1], jet_power, j, NULL};
}

expfam_statistic expfam_tanh(double a)
{
    return (expfam_statistic){"tanh", jet_tanh, a, NULL};
}

expfam_statistic expfam_sin(double a)
{
    return (expfam_statistic){"sin", jet_sin, a, NULL};
}

expfam_statistic expfam_log_density(const target *law)
{
    return (expfam_statistic){"log p", jet_log_density, 1.0, law};
}
