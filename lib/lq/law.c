/* The law of the model, and how far its paths are from the pre-trained ones. */
#include "internal.h"
#include "quad.h"

#include <math.h>

double lq_growth(const lq *m) { return m->kappa + m->g * m->g * m->theta[1]; }
double lq_distance(const lq *m) { return m->theta[1] + m->c; }

double lq_integral(double l, double u)
{
    double x = l * u;
    return x == 0.0 ? u : u * (expm1(x) / x);
}

/* u^2 int_0^1 r e^{x r} dr, x = l u: (x e^x - e^x + 1)/x^2, or sum x^j/(j! (j + 2)) for small x. */
double lq_integral_slope(double l, double u)
{
    double x = l * u;
    if (fabs(x) > 1.0) return u * u * (exp(x) - expm1(x) / x) / x;
    double power = 1.0, sum = 0.0;
    for (int j = 0; j <= 20; j++) {
        sum += power / (j + 2);
        power *= x / (j + 1);
    }
    return u * u * sum;
}

gauss lq_law(const lq *m, gauss from, double u)
{
    double l = lq_growth(m), g2 = m->g * m->g, rise = exp(l * u);
    return (gauss){rise * from.mean + g2 * m->theta[0] * lq_integral(l, u),
                   rise * rise * from.var + g2 * lq_integral(2.0 * l, u)};
}

lq lq_trained(const lq *m)
{
    lq trained = *m;
    trained.theta[0] = 0.0;
    trained.theta[1] = -m->c;
    return trained;
}

/* Sum of the absolute values of the two terms of the mean. */
static double mean_size(const lq *m, gauss from, double u)
{
    double l = lq_growth(m), drift = m->g * m->g * m->theta[0] * lq_integral(l, u);
    return exp(l * u) * fabs(from.mean) + fabs(drift);
}

/* Variances are known to 1e-14 of themselves, means to 1e-14 of the sizes of their terms. */
enclosure lq_end_kl(const lq *m, gauss from)
{
    lq trained = lq_trained(m);
    gauss p = lq_law(m, from, m->T), q = lq_law(&trained, from, m->T);
    double kl = gauss_kl(p, q), shift = fabs(p.mean - q.mean);
    double slip = 1e-14 * (mean_size(m, from, m->T) + mean_size(&trained, from, m->T));
    double by_mean = slip * (shift + slip) / q.var;
    double by_var = 1e-14 * (fabs(p.var / q.var - 1.0) + shift * shift / q.var);
    return enclosure_widen(enclosure_rounded(kl), by_mean + by_var);
}

typedef struct {
    const lq *m;
    gauss from;
} path;

/* E(theta_0 + k Y_u)^2 */
static double squared_error(double u, const void *ctx)
{
    const path *p = ctx;
    gauss law = lq_law(p->m, p->from, u);
    double k = lq_distance(p->m), gap = p->m->theta[0] + k * law.mean;
    return gap * gap + k * k * law.var;
}

int lq_path_kl(const lq *m, gauss from, double u, enclosure *kl)
{
    double value, err, half = 0.5 * m->g * m->g;
    path p = {m, from};
    CHECK(quad_adaptive(squared_error, &p, 2, (double[]){0.0, u}, 0.0, 1e-13, &value,
                        &err));
    *kl = enclosure_about(half * value, half * err);
    return SC_OK;
}
