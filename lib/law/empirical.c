/* empirical.c -- the reverse SDE with the score of an empirical law: a mixture of Gaussian bridges. */
#include "law.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

bridge law_bridge(const sde *e, double u)
{
    REQUIRE(0.0 <= u && u <= e->T);
    double n_u = sde_var(e, u), n_T = sde_var(e, e->T);
    return (bridge){.scale_T = sde_scale(e, e->T),
                    .var_T = n_T,
                    .shrink = sde_scale(e, u),
                    .gain = sde_scale_between(e, u, e->T) * n_u / n_T,
                    .var = n_u * sde_var_between(e, u, e->T) / n_T};
}

/* w_i(y) prop. to exp(-|y - s_T x_i|^2 / (2 n_T)), normalised. */
static void posterior(const bridge *b, int n, int d, const double *atoms,
                      const double *y, double *w)
{
    double largest = -(double)INFINITY, sum = 0.0;
    for (long i = 0; i < n; i++) {
        double square = 0.0;
        for (int k = 0; k < d; k++) {
            double gap = y[k] - b->scale_T * atoms[i * d + k];
            square += gap * gap;
        }
        w[i] = -0.5 * square / b->var_T;
        largest = fmax(largest, w[i]);
    }
    for (int i = 0; i < n; i++) sum += w[i] = exp(w[i] - largest);
    for (int i = 0; i < n; i++) w[i] /= sum;
}

void law_empirical_sample(const bridge *b, int n, int d, const double *atoms,
                          rng_key key, uint64_t first, long count, double *x)
{
    REQUIRE(n >= 1 && d >= 1 && count >= 0);
    double *y = NEW_ARRAY(double, d), *w = NEW_ARRAY(double, n);
    for (long j = 0; j < count; j++) {
        rng at = rng_at(key, first + (uint64_t)j, LAW_STREAM);
        double *xj = x + j * d;
        rng_normal(&at, d, y);
        posterior(b, n, d, atoms, y, w);
        const double *atom = atoms + (long)rng_index(&at, n, w) * d;
        rng_normal(&at, d, xj);
        for (int k = 0; k < d; k++)
            xj[k] = b->shrink * atom[k] + b->gain * (y[k] - b->scale_T * atom[k]) +
                    sqrt(b->var) * xj[k];
    }
    free(w), free(y);
}

gmm *law_empirical_kde(int n, int d, const double *atoms, double centre, double var)
{
    REQUIRE(n >= 1 && d >= 1);
    double *weight = NEW_ARRAY(double, n), *vars = NEW_ARRAY(double, n);
    double *mu = NEW_ARRAY(double, (long)n *d);
    for (int i = 0; i < n; i++) {
        weight[i] = 1.0;
        vars[i] = var;
    }
    for (long i = 0; i < (long)n * d; i++) mu[i] = centre * atoms[i];
    gmm *p = gmm_new(n, d, weight, mu, d, vars);
    free(mu), free(vars), free(weight);
    return p;
}

typedef struct {
    const bridge *b;
    int n, i;
    const double *atoms;
    double *w;
} weight_of_atom;

/* N(y; 0, 1) w_i(y) */
static double weight_density(double y, const void *ctx)
{
    const weight_of_atom *c = ctx;
    posterior(c->b, c->n, 1, c->atoms, &y, c->w);
    return exp(-0.5 * y * y) / sqrt(2.0 * SC_PI) * c->w[c->i];
}

int law_empirical_weights(const bridge *b, int n, const double *atoms, enclosure *w)
{
    const double span[] = {-12.0, -4.0, 0.0, 4.0, 12.0}; /* beyond: mass 4e-33 */
    REQUIRE(n >= 1);
    enclosure *found = NEW_ARRAY(enclosure, n);
    weight_of_atom c = {b, n, 0, atoms, NEW_ARRAY(double, n)};
    int status = SC_OK;
    for (c.i = 0; c.i < n && status == SC_OK; c.i++) {
        double value = 0.0, err = 0.0;
        status = quad_adaptive(weight_density, &c, LEN(span), span, 1e-15, 1e-14,
                               &value, &err);
        found[c.i] = enclosure_about(value, err);
    }
    for (int i = 0; i < n && status == SC_OK; i++) w[i] = found[i];
    free(c.w), free(found);
    return status;
}
