/* The targets and chains of the chapter sampling, ready to hand to the laws. */
#ifndef SC_SAMPLING_CHAPTER_H
#define SC_SAMPLING_CHAPTER_H

#include "divergence.h"
#include "timegrid.h"
#include "xp.h"

#include <math.h>
#include <stdlib.h>

static inline target *chapter_two_bumps(double a, double va, double b, double vb)
{
    gmm *p =
        gmm_new(2, 1, (double[]){0.3, 0.7}, (double[]){a, b}, 1, (double[]){va, vb});
    target *q = target_mixture(p);
    gmm_free(p);
    return q;
}

/* 'G' N(0.7, 0.49); 'M' two bumps; 'V' two bumps and a deep valley; 'Q' prop. to
   exp(-x^2/2 - x^4/4); 'S' M with a spike, variance 0.01. */
static inline target *chapter_target(char name)
{
    if (name == 'G') return target_gauss(0.7, 0.49);
    if (name == 'Q') return target_quartic(1.0, 0.25);
    if (name == 'V') return chapter_two_bumps(-3.0, 0.04, 3.0, 0.04);
    return chapter_two_bumps(-1.5, name == 'S' ? 0.01 : 0.09, 1.0, 0.16);
}

static inline double chapter_half_step(const void *ctx, double t, double u)
{
    (void)ctx;
    return 0.5 * (t - u);
}

/* A chain of N uniform steps down to t = 0, with everything it points to. */
typedef struct {
    target *data;
    sde forward;
    sampler corrected;
    double *t;
    chain c;
} cell;

/* `from`: START_PT, or START_NORMAL for N(0,1). scheme NULL: Euler-Maruyama with one correction of
   size h/2. */
static inline cell *cell_new(char data, sde forward, const sampler *scheme, int N,
                             int from)
{
    cell *k = NEW(cell);
    k->data = chapter_target(data);
    k->forward = forward;
    k->corrected = sampler_predictor_corrector(&SAMPLER_EM, 1, chapter_half_step, NULL);
    k->t = NEW_ARRAY(double, N + 1);
    timegrid_uniform(forward.T, 0.0, N, k->t);
    k->c = (chain){.data = k->data,
                   .forward = &k->forward,
                   .scheme = scheme ? scheme : &k->corrected,
                   .from = from == START_PT ? (start){.kind = START_PT}
                                            : (start){START_NORMAL, 0.0, 1.0},
                   .steps = N,
                   .t = k->t};
    return k;
}

static inline void cell_free(cell *k)
{
    target_free(k->data);
    free(k->t);
    free(k);
}

/* The law's rules with dx = c sqrt(q). */
static inline law_rules cell_rules(const cell *k, double c)
{
    law_rules r = law_rules_for(k->data);
    r.c = c;
    return r;
}

/* One resolution, no error bound: what an engine without acceptance test would report. mass and
   evaluations may be NULL. */
static inline line_values cell_once(const cell *k, law_rules r, double *mass,
                                    double *evaluations)
{
    line *law = NULL;
    line_values v;
    reference data = {k->data, 1.0, 0.0};
    TRY(law_density(&k->c, &r, &law, evaluations));
    TRY(divergence_line(law, &data, false, &v));
    if (mass) *mass = line_mass(law);
    line_free(law);
    return v;
}

/* The density at x at two resolutions. */
static inline enclosure cell_density(const cell *k, law_rules r, double x)
{
    double p[2];
    for (int i = 0; i < 2; i++) {
        line *law = NULL;
        TRY(law_density(&k->c, &r, &law, NULL));
        p[i] = line_density(law, x);
        line_free(law);
        r.refine *= 1.5;
    }
    return enclosure_about(p[1], 4.0 * fabs(p[1] - p[0]) + 1e-13);
}

/* A value without acceptance test: rounding only. */
static inline enclosure chapter_rounded(double value)
{
    return enclosure_about(value, 1e-13);
}

/* e/value - 1. */
static inline enclosure chapter_relative(enclosure e, double value)
{
    return enclosure_scale(enclosure_sub(e, enclosure_exact(value)), 1.0 / value);
}

#endif
