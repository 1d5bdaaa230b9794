/* Losses and their limits as integrals over (x, z). */
#include "consistency.h"
#include "match.h"

#include <math.h>

consistency_jet consistency_at(const consistency_model *m, double theta, double t,
                               double x)
{
    double growth = log1p(t * t / m->v), c = exp(-theta * growth);
    double rate = 2.0 * t / (m->v + t * t); /* of growth, by t */
    double k = 2.0 / m->length, wave = m->wave * sin(k * x);
    return (consistency_jet){.F = x * c + t * wave,
                             .theta = -growth * x * c,
                             .t = -theta * rate * x * c + wave,
                             .x = c + k * m->wave * t * cos(k * x),
                             .theta_t = (theta * growth - 1.0) * rate * x * c,
                             .theta_x = -growth * c};
}

typedef struct {
    const consistency_setting *c;
    consistency_pair pair;
    double delta;
    bool slope;
    consistency_limit limit;
} integrand;

/* Y+ at n values of z, and the score there. */
static void plus_end(const consistency_setting *c, double x0, int n, const double *z,
                     double *x, double *s)
{
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++) x[i] = x0 + c->t * z[i];
    if (s != NULL) target_score(c->data, 1.0, c->t * c->t, n, x, NULL, s, NULL);
}

static void squared_step(const void *ctx, double x0, int n, const double *z, double *y)
{
    const integrand *q = ctx;
    const consistency_setting *c = q->c;
    bool distilled = q->pair == CONSISTENCY_CD;
    double x[QUAD_NODES], s[QUAD_NODES] = {0}, u = c->t - q->delta;
    plus_end(c, x0, n, z, x, distilled ? s : NULL);
    for (int i = 0; i < n; i++) {
        double minus = distilled ? x[i] + q->delta * c->t * s[i] : x0 + u * z[i];
        consistency_jet F = consistency_at(&c->model, c->theta, c->t, x[i]);
        double gap = F.F - consistency_at(&c->model, c->theta_minus, u, minus).F;
        y[i] = q->slope ? 2.0 * gap * F.theta : gap * gap;
    }
}

/* F is rounded by at most 2^-49 (|x| + |wave| t), both ends together, in quadratic mean, by 2^-48 S with
   S = E(Y+^2)^{1/2} + |wave| t. By Cauchy and Schwarz that moves L by 2^-47 S L^{1/2} and its slope by
   2^-47 S^2 log(1 + t^2/v). */
int consistency_loss(const consistency_setting *c, consistency_pair pair, double delta,
                     enclosure *loss, enclosure *slope)
{
    REQUIRE(pair != CONSISTENCY_INDEPENDENT && 0.0 < delta && delta < c->t);
    REQUIRE(c->theta >= 0.0 && c->theta_minus >= 0.0);
    const noised at = {c->data, 1.0, c->t * c->t};
    integrand q = {.c = c, .pair = pair, .delta = delta};
    enclosure value, derivative;
    CHECK(match_expectation(&at, squared_step, &q, &value));
    q.slope = true;
    CHECK(match_expectation(&at, squared_step, &q, &derivative));
    double S = sqrt(target_second_moment(c->data) + at.s2) + fabs(c->model.wave) * c->t;
    *loss = enclosure_widen(value, 0x1p-47 * S * sqrt(fmax(0.0, value.hi)));
    *slope = enclosure_widen(derivative, 0x1p-47 * S * S * log1p(at.s2 / c->model.v));
    return SC_OK;
}

int consistency_halve(const consistency_setting *c, double first, consistency_losses *l)
{
    consistency_losses all;
    for (int k = 0; k < CONSISTENCY_HALVINGS; k++) {
        all.delta[k] = ldexp(first, -k);
        for (int i = CONSISTENCY_CD; i <= CONSISTENCY_CT; i++)
            CHECK(consistency_loss(c, (consistency_pair)i, all.delta[k],
                                   &all.loss[i][k], &all.slope[i][k]));
        all.loss[CONSISTENCY_GAP][k] =
            enclosure_sub(all.loss[CONSISTENCY_CT][k], all.loss[CONSISTENCY_CD][k]);
        all.slope[CONSISTENCY_GAP][k] =
            enclosure_sub(all.slope[CONSISTENCY_CT][k], all.slope[CONSISTENCY_CD][k]);
    }
    *l = all;
    return SC_OK;
}

/* D acts along the pair: D = F_t + F_x z, E[z | Y+] = -t s(t, Y+). */
static double limit_at(consistency_limit which, const consistency_jet *F, double z,
                       double mean_z)
{
    double D = F->t + F->x * z, total = F->t + F->x * mean_z;
    switch (which) {
    case CONSISTENCY_CD_LIMIT:
        return total * total;
    case CONSISTENCY_CT_LIMIT:
        return D * D;
    case CONSISTENCY_PRODUCT:
        return F->F * D;
    case CONSISTENCY_PLAIN_SLOPE:
        return F->theta * D + F->F * (F->theta_t + F->theta_x * z);
    default:
        return F->theta * D;
    }
}

static void limit_integrand(const void *ctx, double x0, int n, const double *z,
                            double *y)
{
    const integrand *q = ctx;
    const consistency_setting *c = q->c;
    double x[QUAD_NODES], s[QUAD_NODES] = {0};
    plus_end(c, x0, n, z, x, q->limit == CONSISTENCY_CD_LIMIT ? s : NULL);
    for (int i = 0; i < n; i++) {
        consistency_jet F = consistency_at(&c->model, c->theta, c->t, x[i]);
        y[i] = limit_at(q->limit, &F, z[i], -c->t * s[i]);
    }
}

int consistency_limit_of(const consistency_setting *c, consistency_limit which,
                         enclosure *value)
{
    REQUIRE(0 <= (int)which && which < CONSISTENCY_LIMITS);
    const noised at = {c->data, 1.0, c->t * c->t};
    integrand q = {.c = c, .limit = which};
    return match_expectation(&at, limit_integrand, &q, value);
}
