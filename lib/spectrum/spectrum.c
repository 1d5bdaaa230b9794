/* spectrum.c -- the recursion of the eigenvalues, and W2. */
#include "internal.h"

#include <math.h>

static const slong P = BALL_PRECISION;

static void nodes_init(nodes *s)
{
    arb_init(s->h);
    for (int r = 0; r < NODES; r++) {
        arb_init(s->beta[r]);
        arb_init(s->decay[r]);
    }
}

static void nodes_clear(nodes *s)
{
    for (int r = 0; r < NODES; r++) {
        arb_clear(s->decay[r]);
        arb_clear(s->beta[r]);
    }
    arb_clear(s->h);
}

/* The nodes t_r = x T of step k, x = {2 (steps - k) - r}/(2 steps): beta = bmin + x (bmax - bmin),
   B = x T (bmin + beta)/2. */
static void nodes_set(nodes *s, const sde *e, int steps, int k)
{
    arb_t bmin, x;
    arb_init(bmin);
    arb_init(x);
    arb_set_d(bmin, e->bmin);
    for (int r = 0; r < NODES; r++) {
        arb_set_si(x, 2L * (steps - k) - r);
        arb_div_si(x, x, 2L * steps, P);
        arb_set_d(s->beta[r], e->bmax);
        arb_sub(s->beta[r], s->beta[r], bmin, P);
        arb_mul(s->beta[r], s->beta[r], x, P);
        arb_add(s->beta[r], s->beta[r], bmin, P);
        arb_set_d(s->h, e->T);
        arb_mul(x, x, s->h, P);
        arb_add(s->decay[r], s->beta[r], bmin, P);
        arb_mul(x, x, s->decay[r], P);
        arb_mul_2exp_si(x, x, -1);
        arb_neg(x, x);
        arb_exp(s->decay[r], x, P);
    }
    arb_div_si(s->h, s->h, steps, P);
    arb_clear(x);
    arb_clear(bmin);
}

/* ref <- the eigenvalue of the continuous law at 0; s: the nodes of a step from T. */
static void continuous(arb_t ref, const nodes *s, int normals, double lambda)
{
    arb_t rise, gain;
    arb_init(rise);
    arb_init(gain);
    arb_set_d(gain, lambda);
    arb_sub_si(rise, gain, 1, P);
    spectrum_variance(ref, s, HERE, rise);
    arb_div(ref, gain, ref, P); /* R^2 = lambda/v_T */
    if (normals > 0) {
        /* lambda - (s_T^2 R^2)^2 rise */
        arb_mul(ref, ref, s->decay[HERE], P);
        arb_sqr(ref, ref, P);
        arb_mul(ref, ref, rise, P);
        arb_sub(ref, gain, ref, P);
    }
    arb_clear(gain);
    arb_clear(rise);
}

/* sum += (sqrt(v) - sqrt(w))^2 */
static void add_square(arb_t sum, const arb_t v, const arb_t w)
{
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    arb_sqrt(x, v, P);
    arb_sqrt(y, w, P);
    arb_sub(x, x, y, P);
    arb_sqr(x, x, P);
    arb_add(sum, sum, x, P);
    arb_clear(y);
    arb_clear(x);
}

static enclosure root(arb_t square)
{
    arb_sqrtpos(square, square, P);
    return ball_enclose(square);
}

/* v <- (1 + eps l_u)^2 v + 2 eps with l_u = -1/v_u, `corrections` times. */
static void correct(const sampler *pc, double eps, const nodes *s, const arb_t rise,
                    arb_t v, arb_ptr w)
{
    arb_set_d(w, eps);
    spectrum_variance(w + 1, s, THERE, rise);
    arb_div(w + 1, w, w + 1, P);
    arb_sub_si(w + 1, w + 1, 1, P);
    arb_mul_2exp_si(w, w, 1);
    for (int i = 0; i < pc->corrections; i++) {
        arb_mul(v, v, w + 1, P);
        arb_mul(v, v, w + 1, P);
        arb_add(v, v, w, P);
    }
}

/* The variances v of all eigenvalues 1 + rise after all steps. s is left at the last step. */
static void propagate(const spectrum *p, const sde *e, const sampler *scheme, int steps,
                      arb_srcptr rise, arb_ptr v)
{
    const sampler *main = scheme->predictor ? scheme->predictor : scheme;
    const spectrum_rule *rule = spectrum_rule_of(main);
    arb_ptr work = _arb_vec_init(SPECTRUM_WORK);
    nodes s;
    numbers c;
    nodes_init(&s);
    arb_init(c.a);
    arb_init(c.b);
    arb_init(c.q);
    for (int k = 0; k < steps; k++) {
        double t = e->T * (steps - k) / steps, u = e->T * (steps - k - 1) / steps;
        double eps = scheme->predictor ? scheme->eps(scheme->eps_ctx, t, u) : 0.0;
        nodes_set(&s, e, steps, k);
        if (rule->numbers) rule->numbers(&s, &c);
        for (int i = 0; i < p->n; i++) {
            rule->move(&s, &c, rise + i, v + i, work);
            if (scheme->predictor) correct(scheme, eps, &s, rise + i, v + i, work);
        }
    }
    arb_clear(c.q);
    arb_clear(c.b);
    arb_clear(c.a);
    nodes_clear(&s);
    _arb_vec_clear(work, SPECTRUM_WORK);
}

static bool linear_vp(const sde *e)
{
    return e->family == SDE_VP.family && e->power == 1.0;
}

static bool in_domain(const sde *e, const sampler *scheme, int steps)
{
    const sampler *main = scheme->predictor ? scheme->predictor : scheme;
    const spectrum_rule *rule = spectrum_rule_of(main);
    if (!linear_vp(e) || !rule || (scheme->predictor && !rule->numbers)) return false;
    return main != &SAMPLER_ANCESTRAL || e->T / steps * fmax(e->bmin, e->bmax) < 1.0;
}

int spectrum_chain(const spectrum *p, const sde *e, const sampler *scheme, int steps,
                   spectrum_w2 *w2)
{
    REQUIRE(p->n >= 1 && steps >= 1);
    for (int i = 0; i < p->n; i++) REQUIRE(p->lambda[i] > 0.0);
    if (!in_domain(e, scheme, steps)) return SC_EDOMAIN;
    arb_ptr rise = _arb_vec_init(p->n), v = _arb_vec_init(p->n);
    arb_t lambda, law, to_data, to_law;
    nodes s;
    arb_init(lambda);
    arb_init(law);
    arb_init(to_data);
    arb_init(to_law);
    nodes_init(&s);
    for (int i = 0; i < p->n; i++) {
        arb_set_d(rise + i, p->lambda[i]);
        arb_sub_si(rise + i, rise + i, 1, P);
        arb_one(v + i);
    }
    propagate(p, e, scheme, steps, rise, v);
    nodes_set(&s, e, steps, 0);
    for (int i = 0; i < p->n; i++) {
        arb_set_d(lambda, p->lambda[i]);
        continuous(law, &s, scheme->normals, p->lambda[i]);
        add_square(to_data, v + i, lambda);
        add_square(to_law, v + i, law);
    }
    *w2 = (spectrum_w2){.data = root(to_data), .law = root(to_law)};
    nodes_clear(&s);
    arb_clear(to_law);
    arb_clear(to_data);
    arb_clear(law);
    arb_clear(lambda);
    _arb_vec_clear(v, p->n);
    _arb_vec_clear(rise, p->n);
    return SC_OK;
}

/* The finest level costs as much as all the others: it comes first. */
int spectrum_climb(const spectrum *p, const sde *e, const sampler *scheme, int n,
                   int levels, spectrum_ladder *l)
{
    REQUIRE(n >= 1 && n % scheme->evaluations == 0);
    REQUIRE(1 <= levels && levels <= SPECTRUM_LEVELS);
    spectrum_ladder out = {.levels = levels};
    int status[SPECTRUM_LEVELS] = {SC_OK};
#pragma omp parallel for default(none) shared(p, e, scheme, n, levels, out, status)    \
    schedule(dynamic)
    for (int i = levels - 1; i >= 0; i--) {
        spectrum_w2 w2 = {.data = {0}};
        int steps = (n << i) / scheme->evaluations;
        status[i] = spectrum_chain(p, e, scheme, steps, &w2);
        out.evaluations[i] = n << i;
        out.h[i] = e->T / steps;
        out.data[i] = w2.data;
        out.law[i] = w2.law;
    }
    for (int i = 0; i < levels; i++) CHECK(status[i]);
    *l = out;
    return SC_OK;
}

int spectrum_floor(const spectrum *p, const sde *e, int normals, enclosure *w2)
{
    if (!linear_vp(e)) return SC_EDOMAIN;
    arb_t lambda, law, sum;
    nodes s;
    arb_init(lambda);
    arb_init(law);
    arb_init(sum);
    nodes_init(&s);
    nodes_set(&s, e, 1, 0);
    for (int i = 0; i < p->n; i++) {
        arb_set_d(lambda, p->lambda[i]);
        continuous(law, &s, normals, p->lambda[i]);
        add_square(sum, law, lambda);
    }
    *w2 = root(sum);
    nodes_clear(&s);
    arb_clear(sum);
    arb_clear(law);
    arb_clear(lambda);
    return SC_OK;
}
