/* The global error of a solver of the probability flow, down to eps. */
#include "consistency.h"
#include "probability_flow.h"
#include "timegrid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 121 };
static const double ROUNDING = 4e-16; /* of x, a step */

static int nearest(int steps, const double *t, double at)
{
    int best = 0;
    for (int k = 1; k < steps; k++)
        if (fabs(t[k] - at) < fabs(t[best] - at)) best = k;
    return best;
}

/* x: POINTS values at c->t[0], on return those of the solver; *worst grows to the largest error. */
static int compare(const gmm *data, const simulation *c, double *x, enclosure *worst)
{
    double flow[2 * POINTS], error[2 * POINTS], largest = 0.0; /* rows: x, int div */
    for (long i = 0; i < POINTS; i++) {
        flow[2 * i] = x[i];
        flow[2 * i + 1] = 0.0;
        largest = fmax(largest, fabs(x[i]));
    }
    CHECK(probability_flow_carry(data, c->forward, c->t[0], c->t[c->steps], POINTS,
                                 flow, error));
    sampler_run(c, (rng_key){0}, 0, POINTS, 1, x);
    for (long i = 0; i < POINTS; i++) {
        double bound = error[2 * i] + ROUNDING * c->steps * largest;
        *worst =
            enclosure_max(*worst, enclosure_about(fabs(x[i] - flow[2 * i]), bound));
    }
    return SC_OK;
}

static int mixture_error(const consistency_domain *on, const sampler *scheme, int steps,
                         const double *t, enclosure *error)
{
    static const double AT[] = {0.25, 0.5, 1.0, 2.0};
    const sde forward = sde_ve_prime(t[0]);
    marginals laws = marginals_of(on->data, &forward, steps, t);
    enclosure worst = enclosure_exact(0.0);
    int status = SC_OK;
    for (int k = 0; k < LEN(AT) && status == SC_OK; k++) {
        int n = nearest(steps, t, AT[k]);
        simulation c = {scheme, &forward, marginals_score(&laws), steps - n, t + n};
        double x[POINTS], reach = 3.0 * sqrt(on->sd * on->sd + t[n] * t[n]);
        for (int i = 0; i < POINTS; i++) x[i] = on->centre + reach * (i - 60) / 60.0;
        status = compare(on->data, &c, x, &worst);
    }
    marginals_free(&laws);
    CHECK(status);
    *error = worst;
    return SC_OK;
}

static void standard_score(const void *ctx, double t, long n, int d, const double *x,
                           int ldx, double *s, int lds)
{
    (void)ctx;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++) s[i * lds + j] = -x[i * ldx + j] / (1.0 + t * t);
}

/* c_N(t_n) is the product of the factors of the steps below t_n. */
static enclosure gauss_error(const sampler *scheme, int steps, const double *t)
{
    const sde forward = sde_ve_prime(t[0]);
    double factor = 1.0, worst = 0.0, eps = t[steps];
    for (int k = steps - 1; k >= 0; k--) {
        move m = {&forward, {standard_score, NULL}, t[k], t[k + 1], 1, 1};
        double x = 1.0;
        scheme->advance(scheme, &m, &x, NULL, &x);
        factor *= x;
        double exact = sqrt((1.0 + eps * eps) / (1.0 + t[k] * t[k]));
        worst = fmax(worst, fabs(factor - exact));
    }
    return enclosure_about(worst, 2.0 * ROUNDING * steps);
}

int consistency_solver_error(const consistency_domain *on, const sampler *scheme,
                             int steps, const double *t, enclosure *error)
{
    REQUIRE(scheme->normals == 0 && steps >= 1 && t[steps] > 0.0);
    REQUIRE(on->data == NULL || gmm_dim(on->data) == 1);
    if (on->data != NULL) return mixture_error(on, scheme, steps, t, error);
    *error = gauss_error(scheme, steps, t);
    return SC_OK;
}

int consistency_solver_ladder(const consistency_domain *on, const sampler *scheme,
                              double rho, int levels, double *h, enclosure *error)
{
    enum { COARSEST = 32 };
    REQUIRE(1 <= levels && levels <= CONSISTENCY_LEVELS);
    double t[(COARSEST << (CONSISTENCY_LEVELS - 1)) + 1];
    double longest[CONSISTENCY_LEVELS] = {0};
    enclosure e[CONSISTENCY_LEVELS];
    for (int i = 0, steps = COARSEST; i < levels; i++, steps *= 2) {
        timegrid_karras(2.0, 0.02, rho, steps, t);
        for (int k = 0; k < steps; k++) longest[i] = fmax(longest[i], t[k] - t[k + 1]);
        CHECK(consistency_solver_error(on, scheme, steps, t, &e[i]));
    }
    memcpy(h, longest, (size_t)levels * sizeof *h);
    memcpy(error, e, (size_t)levels * sizeof *error);
    return SC_OK;
}
