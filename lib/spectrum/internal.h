/* One step of a scheme on one eigenvalue, in balls; private to spectrum/. */
#ifndef SC_SPECTRUM_INTERNAL_H
#define SC_SPECTRUM_INTERNAL_H

#include "ball.h"
#include "spectrum.h"

/* What the schemes evaluate, at the nodes r = t, t - h/2, u = t - h of a step. */
enum { HERE, MIDDLE, THERE, NODES };
typedef struct {
    arb_t h, beta[NODES], decay[NODES]; /* decay: e^{-B_r} */
} nodes;

/* X' = a X + b S + sqrt(q) Z */
typedef struct {
    arb_t a, b, q;
} numbers;

/* A scheme: its three numbers (NULL for the flow's solvers), and how it moves the variance v of an
   eigenvalue 1 + rise. work: SPECTRUM_WORK balls. */
enum { SPECTRUM_WORK = 6 };
typedef struct {
    const sampler *scheme;
    void (*numbers)(const nodes *s, numbers *c);
    void (*move)(const nodes *s, const numbers *c, const arb_t rise, arb_t v,
                 arb_ptr work);
} spectrum_rule;

/* The rule of a scheme, or NULL. */
const spectrum_rule *spectrum_rule_of(const sampler *scheme);
/* v <- v_r = 1 + e^{-B_r} rise at the node r. */
void spectrum_variance(arb_t v, const nodes *s, int r, const arb_t rise);

#endif
