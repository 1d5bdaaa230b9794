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

empirical law_empirical(const sde *e, double u, int n, int d, const double *atoms)
{
    REQUIRE(n >= 1 && d >= 1);
    return (empirical){law_bridge(e, u), n, d, atoms};
}

/* w_i(y) prop. to exp(-|y - s_T x_i|^2 / (2 n_T)), normalised. */
static void posterior(const empirical *e, const double *y, double *w)
{
    double largest = -(double)INFINITY, sum = 0.0;
    for (long i = 0; i < e->n; i++) {
        double square = 0.0;
        for (int k = 0; k < e->d; k++) {
            double gap = y[k] - e->b.scale_T * e->atoms[i * e->d + k];
            square += gap * gap;
        }
        w[i] = -0.5 * square / e->b.var_T;
        largest = fmax(largest, w[i]);
    }
    for (int i = 0; i < e->n; i++) sum += w[i] = exp(w[i] - largest);
    for (int i = 0; i < e->n; i++) w[i] /= sum;
}

void law_empirical_draw(const void *ctx, rng_key key, uint64_t first, long count,
                        double *x)
{
    const empirical *e = ctx;
    const bridge *b = &e->b;
    double *y = NEW_ARRAY(double, e->d), *w = NEW_ARRAY(double, e->n);
    for (long j = 0; j < count; j++) {
        rng at = rng_at(key, first + (uint64_t)j, LAW_STREAM);
        double *xj = x + j * e->d;
        rng_normal(&at, e->d, y);
        posterior(e, y, w);
        const double *atom = e->atoms + (long)rng_index(&at, e->n, w) * e->d;
        rng_normal(&at, e->d, xj);
        for (int k = 0; k < e->d; k++)
            xj[k] = b->shrink * atom[k] + b->gain * (y[k] - b->scale_T * atom[k]) +
                    sqrt(b->var) * xj[k];
    }
    free(w), free(y);
}

/* Maximal coupling of w and equal weights: an even choice i is kept with probability min(1, n w_i), else
   replaced by one from the part of w above 1/n. u: two uniforms; w is overwritten. */
static void choose_atoms(int n, const double *u, rng *r, double *w, int *atom,
                         int *even)
{
    *even = *atom = (int)(u[0] * n);
    if (u[1] <= n * w[*even]) return;
    for (int i = 0; i < n; i++) w[i] = fmax(0.0, w[i] - 1.0 / n);
    *atom = rng_index(r, n, w);
}

void law_empirical_begin(const empirical *e, rng_key key, uint64_t first,
                         const empirical_start *s)
{
    double *w = NEW_ARRAY(double, e->n), u[2];
    rng_normal_rows(key, first, LAW_STREAM, 0, s->count, e->d, s->y, e->d);
    rng_normal_rows(key, first, LAW_STREAM + 1, 1, s->count, e->d, s->z, e->d);
    for (long j = 0; j < s->count; j++) {
        rng at = rng_at(key, first + (uint64_t)j, LAW_STREAM + 1);
        rng_uniform(&at, 2, u); /* block 0; the normals z begin at block 1 */
        at = rng_at(key, first + (uint64_t)j, LAW_STREAM + 2);
        posterior(e, s->y + j * e->d, w);
        choose_atoms(e->n, u, &at, w, &s->atom[j], &s->even[j]);
    }
    free(w);
}

void law_empirical_end(const empirical *e, const empirical_start *s, double *x,
                       double *kde)
{
    const bridge *b = &e->b;
    const double sd = sqrt(b->var), square = b->gain * b->gain;
    const double n_u = square * b->var_T + b->var;
    const double widen = n_u > 0.0 ? sqrt(n_u / (square + b->var)) : 1.0;
    for (long j = 0; j < s->count; j++) {
        const double *near = e->atoms + (long)s->atom[j] * e->d;
        const double *even = e->atoms + (long)s->even[j] * e->d;
        for (long k = 0; k < e->d; k++) {
            double noise = b->gain * s->y[j * e->d + k] + sd * s->z[j * e->d + k];
            x[j * e->d + k] = (b->shrink - b->gain * b->scale_T) * near[k] + noise;
            kde[j * e->d + k] = b->shrink * even[k] + widen * noise;
        }
    }
}

gmm *law_empirical_kde(const empirical *e, double centre, double var)
{
    long size = (long)e->n * e->d;
    double *mu = NEW_ARRAY(double, size);
    for (long i = 0; i < size; i++) mu[i] = centre * e->atoms[i];
    gmm *p = gmm_new_equal(e->n, e->d, mu, var);
    free(mu);
    return p;
}

typedef struct {
    const empirical *e;
    int i;
    double *w; /* n */
} weight_of_atom;

/* N(y; 0, 1) w_i(y) */
static double weight_density(double y, const void *ctx)
{
    const weight_of_atom *c = ctx;
    posterior(c->e, &y, c->w);
    return exp(-0.5 * y * y) / sqrt(2.0 * SC_PI) * c->w[c->i];
}

int law_empirical_weights(const empirical *e, enclosure *w, enclosure *tv)
{
    REQUIRE(e->d == 1);
    const double span[] = {-12.0, -4.0, 0.0, 4.0, 12.0}; /* beyond: mass 4e-33 */
    enclosure *found = NEW_ARRAY(enclosure, e->n);
    weight_of_atom c = {e, 0, NEW_ARRAY(double, e->n)};
    double sum = 0.0, error = 0.0;
    int status = SC_OK;
    for (; c.i < e->n && status == SC_OK; c.i++) {
        double value = 0.0, err = 0.0;
        status = quad_adaptive(weight_density, &c, LEN(span), span, 1e-15, 1e-14,
                               &value, &err);
        found[c.i] = enclosure_about(value, err);
        sum += 0.5 * fabs(value - 1.0 / e->n);
        error += 0.5 * err;
    }
    if (status == SC_OK) {
        for (int i = 0; i < e->n; i++) w[i] = found[i];
        *tv = enclosure_about(sum, error);
    }
    free(c.w), free(found);
    return status;
}

double law_empirical_limit(const empirical *e)
{
    REQUIRE(e->d == 1);
    double mean = 0.0, size = 0.0;
    for (int i = 0; i < e->n; i++) mean += e->atoms[i];
    mean /= e->n;
    for (int i = 0; i < e->n; i++)
        size += fabs(mean * (e->atoms[i] - mean)) / (2.0 * e->n);
    return size;
}

int law_empirical_near(const empirical *e, double r, enclosure *mass)
{
    REQUIRE(e->d == 1 && r >= 0.0);
    const bridge *b = &e->b;
    if (b->var > 0.0) {
        double most = 2.0 * r * e->n / sqrt(2.0 * SC_PI * b->var);
        *mass = enclosure_of(0.0, fmin(most, 1.0), 0.0);
        return SC_OK;
    }
    enclosure *w = NEW_ARRAY(enclosure, e->n), tv, sum = enclosure_exact(0.0);
    int status = law_empirical_weights(e, w, &tv);
    for (int i = 0; i < e->n && status == SC_OK; i++)
        if (b->gain == 0.0 && fabs((b->shrink - 1.0) * e->atoms[i]) <= r)
            sum = enclosure_add(sum, w[i]);
    if (status == SC_OK) *mass = sum;
    free(w);
    return status;
}
