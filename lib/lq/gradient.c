/* The value function's derivatives and the policy gradient. */
#include "internal.h"
#include "mc.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

/* With tau = T - t, e = e^{lambda tau}, E = E_lambda(tau):
     at0  = -beta g^2 k theta_0 (E + k g^2 E^2/2) - eta e (g^2 theta_0 E - goal)
     rise = -beta g^2 k^2 E_{2 lambda}(tau) - eta e^2 */
lq_slope lq_value_slope(const lq *m, double t)
{
    double l = lq_growth(m), k = lq_distance(m), g2 = m->g * m->g, tau = m->T - t;
    double E = lq_integral(l, tau), rise = exp(l * tau), b = m->beta * g2 * k;
    const double term[] = {
        -b * m->theta[0] * E, -b * m->theta[0] * k * g2 * E * E / 2.0,
        -m->eta * rise * g2 * m->theta[0] * E, m->eta * rise * m->goal};
    lq_slope s = {0.0, -b * k * lq_integral(2.0 * l, tau) - m->eta * rise * rise, 0.0};
    for (int i = 0; i < LEN(term); i++) {
        s.at0 += term[i];
        s.error += 1e-14 * fabs(term[i]);
    }
    return s;
}

/* ---- E_pi q ------------------------------------------------------------------------------- */

/* V_t = -dV/dtau = beta/2 g^2 {(theta_0 + k mean)^2 + k^2 var + sigma^2}
                    + eta {(mean - goal) mean' + var'/2},  mean' = e (lambda y + g^2 theta_0),
   var' = g^2 e^2, at u = tau. *size sums the absolute values of the terms. */
static double rate_of(const lq *m, double t, double y, double *size)
{
    double l = lq_growth(m), k = lq_distance(m), g2 = m->g * m->g, tau = m->T - t;
    double rise = exp(l * tau), drift = g2 * m->theta[0] * lq_integral(l, tau);
    double mean = rise * y + drift, var = g2 * lq_integral(2.0 * l, tau);
    double rate = rise * (l * y + g2 * m->theta[0]), half = 0.5 * m->beta * g2;
    double gap = m->theta[0] + k * mean, rest = k * k * var + m->sigma * m->sigma;
    double far = rise * fabs(y) + fabs(drift),
           reach = fabs(m->theta[0]) + fabs(k) * far;
    double pull = fabs(m->kappa) + g2 * fabs(m->theta[1]); /* lambda may cancel */
    double speed = rise * (pull * fabs(y) + fabs(g2 * m->theta[0]));
    double growth = 0.5 * g2 * rise * rise;
    *size = half * (reach * reach + rest) +
            m->eta * ((far + fabs(m->goal)) * speed + growth);
    return half * (gap * gap + rest) + m->eta * ((mean - m->goal) * rate + growth);
}

enclosure lq_value_rate(const lq *m, double t, double y)
{
    double size, rate = rate_of(m, t, y, &size);
    return enclosure_about(rate, 1e-14 * size);
}

void lq_mean_q(const lq *m, double t, double y, enclosure mean[LQ_FORMS])
{
    double size, rate = rate_of(m, t, y, &size), g2 = m->g * m->g;
    double mu = m->theta[0] + m->theta[1] * y, apart = mu + m->c * y;
    double reward = -0.5 * m->beta * g2 * (apart * apart + m->sigma * m->sigma);
    lq_slope s = lq_value_slope(m, t);
    double slope = s.at0 + s.rise * y, far = fabs(s.at0) + fabs(s.rise * y);
    double q = rate + g2 * slope * mu + reward;
    double error = 1e-14 * (size + fabs(reward)) +
                   (1e-14 * far + s.error) * (fabs(g2 * mu) + fabs(m->kappa * y)) +
                   1e-14 * g2 * fabs(s.rise);
    mean[LQ_PRINTED] = enclosure_about(q, error);
    mean[LQ_CENTRED] =
        enclosure_about(q + m->kappa * y * slope + 0.5 * g2 * s.rise, error);
}

/* ---- Differences of V --------------------------------------------------------------------- */

typedef struct {
    const lq *m;
    double y;
    int by;
} shifted;

/* V(0, y) with one parameter put `at`, or V(at, y); NaN on failure. */
static enclosure value_at(const shifted *c, double at)
{
    lq m = *c->m;
    enclosure J[LQ_JET];
    if (c->by == LQ_BY_T)
        m.T -= at;
    else
        m.theta[c->by] = at;
    if (lq_running(&m, (gauss){c->y, 0.0}, J) != SC_OK)
        return (enclosure){NAN, NAN, 0.0};
    return J[LQ_J];
}

static double value_mid(double at, const void *ctx)
{
    return enclosure_mid(value_at(ctx, at));
}

int lq_value_difference(const lq *m, double y, int by, enclosure *slope)
{
    REQUIRE(LQ_BY_THETA0 <= by && by <= LQ_BY_T);
    shifted c = {m, y, by};
    double at = by == LQ_BY_T ? 0.0 : m->theta[by], value, err;
    double noise = 2.0 * enclosure_halfwidth(value_at(&c, at));
    if (isnan(noise)) return SC_EDOMAIN;
    CHECK(quad_derivative(value_mid, &c, at, 1e-3, noise, &value, &err));
    *slope = enclosure_about(value, err);
    return SC_OK;
}

/* ---- (7.15) by quadrature --------------------------------------------------------------------- */

typedef struct {
    const lq *m;
    lq_q q;
    double t, y;
    int j;
} integrand;

/* E_pi[grad log pi q] = (h0 + h1 y)(1, y) with h = action V_y - weight beta g^2 (theta_0 + k y):
   the terms of q free of a drop out. */
static double gradient_rate(double u, const void *ctx)
{
    const integrand *c = ctx;
    const lq *m = c->m;
    lq_slope s = lq_value_slope(m, c->t + u);
    gauss law = lq_law(m, (gauss){c->y, 0.0}, u);
    double penalty = c->q.weight * m->beta * m->g * m->g;
    double h0 = c->q.action * s.at0 - penalty * m->theta[0];
    double h1 = c->q.action * s.rise - penalty * lq_distance(m);
    if (c->j == 0) return h0 + h1 * law.mean;
    return h0 * law.mean + h1 * (law.mean * law.mean + law.var);
}

/* What the rounding of V_y at 0, larger at one end of the time than between, does to the integrals. */
static double rounding(const lq *m, lq_q q, double t, double y)
{
    double first = lq_value_slope(m, t).error, last = lq_value_slope(m, m->T).error;
    double mean = lq_law(m, (gauss){y, 0.0}, m->T - t).mean;
    double reach = 1.0 + fmax(fabs(y), fabs(mean));
    return 2.0 * (m->T - t) * fabs(q.action) * fmax(first, last) * reach;
}

int lq_policy_gradient(const lq *m, lq_q q, double t, double y, enclosure gradient[2])
{
    enclosure both[2];
    for (int j = 0; j < 2; j++) {
        integrand c = {m, q, t, y, j};
        double value, err;
        CHECK(quad_adaptive(gradient_rate, &c, 2, (double[]){0.0, m->T - t}, 0.0, 1e-13,
                            &value, &err));
        both[j] = enclosure_about(value, err + rounding(m, q, t, y));
    }
    gradient[0] = both[0];
    gradient[1] = both[1];
    return SC_OK;
}

/* ---- (7.15) by sampling ------------------------------------------------------------------------ */

typedef struct {
    const lq *m;
    double y;
} start_point;

/* T grad log pi q at s = T u, Y_s = mean + sd z[0], a = mu(Y_s) + sigma z[1]. */
static void observe(const lq *m, double y, double u, const double z[2], double *out)
{
    double s = m->T * u, g2 = m->g * m->g, size;
    gauss law = lq_law(m, (gauss){y, 0.0}, s);
    double at = law.mean + sqrt(law.var) * z[0];
    double a = m->theta[0] + m->theta[1] * at + m->sigma * z[1], apart = a + m->c * at;
    lq_slope v = lq_value_slope(m, s);
    double slope = v.at0 + v.rise * at;
    double q =
        rate_of(m, s, at, &size) + g2 * slope * a - 0.5 * m->beta * g2 * apart * apart;
    const double form[LQ_FORMS] = {q, q + m->kappa * at * slope + 0.5 * g2 * v.rise};
    double weight = m->T * z[1] / m->sigma; /* T (a - mu)/sigma^2 */
    for (long i = 0; i < LQ_FORMS; i++) {
        out[2 * i] = weight * form[i];
        out[2 * i + 1] = weight * at * form[i];
    }
}

static void draw(const void *ctx, rng_key key, uint64_t first, int n, double *y)
{
    const start_point *c = ctx;
    double *u = NEW_ARRAY(double, 3L * n), *z = u + n;
    rng_uniform_rows(key, first, 0, 0, n, 1, u, 1);
    rng_normal_rows(key, first, 1, 0, n, 2, z, 2);
    for (long i = 0; i < n; i++)
        observe(c->m, c->y, u[i], z + 2 * i, y + i * LQ_SAMPLED);
    free(u);
}

int lq_sampled_gradient(const lq *m, double y, rng_key key, long n, double alpha,
                        enclosure mean[LQ_SAMPLED], enclosure var[LQ_SAMPLED])
{
    REQUIRE(m->sigma > 0.0);
    start_point c = {m, y};
    mc_observables gradient = {draw, &c, LQ_SAMPLED};
    enclosure means[LQ_SAMPLED];
    CHECK(mc_mean(&gradient, key, 0, n, alpha, means, NULL));
    CHECK(mc_variance(&gradient, key, 0, n, alpha, var, NULL));
    for (int i = 0; i < LQ_SAMPLED; i++) mean[i] = means[i];
    return SC_OK;
}
