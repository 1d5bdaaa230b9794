/* Gaussian data: a chain with an affine score stays Gaussian, X' = A X + sum_k B_k Z_k + C. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

const gauss GAUSS_STANDARD = {0.0, 1.0};

gauss law_vp_gauss(gauss data, double B)
{
    double q = exp(-B);
    return (gauss){sqrt(q) * data.mean, 1.0 + q * (data.var - 1.0)};
}

/* What rounding does to a number that holds s_t = e^{log s_t}, relative to it; where s_t underflows it is cut. */
static double unit_at(const sde *e, double t)
{
    return 1e-15 * (1.0 + fmin(fabs(log(sde_scale(e, t))), 745.0));
}

gauss law_reverse_gauss(gauss data, const sde *e, gauss from, double t, double u,
                        bool noise, gauss *rounding)
{
    gauss p_t = law_marginal(data, e, t), p_u = law_marginal(data, e, u);
    double gain = noise ? sde_scale_between(e, u, t) * p_u.var / p_t.var
                        : sqrt(p_u.var / p_t.var);
    double square = gain * gain, at_t = unit_at(e, t), at_u = unit_at(e, u);
    *rounding = (gauss){at_u * fabs(p_u.mean) +
                            at_t * gain * (fabs(from.mean) + fabs(p_t.mean)),
                        at_u * p_u.var + at_t * square * (from.var + p_t.var)};
    double var = noise ? p_u.var + square * (from.var - p_t.var) : square * from.var;
    return (gauss){p_u.mean + gain * (from.mean - p_t.mean), var};
}

bool law_gauss_data(const target *data, gauss *p)
{
    const gmm *mixture = target_as_gmm(data);
    if (!mixture || gmm_components(mixture) != 1) return false;
    *p = (gauss){target_mean(data), target_variance(data)};
    return true;
}

void law_score(const chain *c, double t, long n, const double *x, double *s, double *ds)
{
    REQUIRE(!(ds && c->perturb));
    double m = sde_scale(c->forward, t), s2 = sde_var(c->forward, t);
    target_score(c->data, m, s2, n, x, NULL, s, ds);
    if (c->perturb) c->perturb(c->perturb_ctx, t, n, x, s);
}

/* The score S(t, x) = (m_t - x)/v_t, perturbed, or its linear part S(t, x) - S(t, 0), formed
   without the mean so that nothing cancels. sign -1 turns it round: the terms of an update, of opposite
   signs for the score as it is, then add up to the size of what cancels. */
typedef struct {
    const chain *chain;
    gauss data;
    bool linear_part;
    double sign;
} affine;

static void affine_score(const void *ctx, double t, long n, int d, const double *x,
                         int ldx, double *s, int lds)
{
    const affine *c = ctx;
    REQUIRE(d == 1 && ldx == 1 && lds == 1);
    double scale = sde_scale(c->chain->forward, t);
    double mean = c->linear_part ? 0.0 : scale * c->data.mean;
    double var = scale * scale * c->data.var + sde_var(c->chain->forward, t);
    for (long i = 0; i < n; i++) s[i] = (mean - x[i]) / var;
    double zero = 0.0, at_zero = 0.0;
    if (c->chain->perturb) c->chain->perturb(c->chain->perturb_ctx, t, n, x, s);
    if (c->chain->perturb && c->linear_part)
        c->chain->perturb(c->chain->perturb_ctx, t, 1, &zero, &at_zero);
    for (long i = 0; i < n; i++) s[i] = c->sign * (s[i] - at_zero);
}

/* A rounding, relative to the size of what is added up. */
static const double ROUNDING = 4e-16;

/* The linear part of step k, of either sign of the score: the images of x = 1 (A), of x = -2 and of
   z = e_i (B_i) into image. z: (2 + normals) x normals, zeroed. */
static void linear_part(affine *a, int k, double sign, double *z, double *image)
{
    const chain *c = a->chain;
    int r = c->scheme->normals;
    for (int i = 0; i < 2 + r; i++) image[i] = 0.0;
    image[0] = 1.0;
    image[1] = -2.0;
    for (int i = 0; i < r; i++) z[(2 + i) * r + i] = 1.0;
    a->linear_part = true;
    a->sign = sign;
    move m = {c->forward, {affine_score, a}, c->t[k], c->t[k + 1], 2L + r, 1};
    c->scheme->advance(c->scheme, &m, image, z, image);
}

/* How far the square of a rounded sum of this size may be off. */
static double square_error(double sum, double size)
{
    double error = ROUNDING * fmax(fabs(sum), fabs(size));
    return (2.0 * fabs(sum) + error) * error;
}

/* One step of the law and of its rounding error. x = -2 catches a score that is not affine.
   work: 2 + normals points, again, and their normals. */
static int propagate(const chain *c, affine *a, int k, double *work, gauss *law,
                     gauss *error)
{
    int r = c->scheme->normals;
    double *x = work, *size = x + 2 + r, *z = size + 2 + r;
    for (long i = 0; i < (2L + r) * (2 + r); i++) work[i] = 0.0;
    linear_part(a, k, 1.0, z, x);
    linear_part(a, k, -1.0, z, size);
    if (!(fabs(x[1] + 2.0 * x[0]) <= 1e-9 * (1.0 + fabs(x[0])))) return SC_EDOMAIN;

    double A = x[0], old = law->mean, var = A * A * law->var;
    double off = A * A * error->var + square_error(A, size[0]) * law->var;
    for (int i = 2; i < 2 + r; i++) {
        var += x[i] * x[i];
        off += square_error(x[i], size[i]);
    }
    a->linear_part = false;
    a->sign = 1.0;
    move m = {c->forward, {affine_score, a}, c->t[k], c->t[k + 1], 1, 1};
    c->scheme->advance(c->scheme, &m, &law->mean, z, &law->mean); /* z[0..r-1] = 0 */
    double largest = fabs(sde_scale(c->forward, c->t[k]) * a->data.mean);
    largest = fmax(fabs(old), largest) * fmax(fabs(A), fabs(size[0]));
    law->var = var;
    error->mean =
        fabs(A) * error->mean + ROUNDING * (largest + fabs(law->mean) + sqrt(var));
    error->var = off + ROUNDING * var;
    return SC_OK;
}

int law_gauss_bounded(const chain *c, gauss *law, gauss *error)
{
    affine a = {.chain = c};
    if (!law_gauss_data(c->data, &a.data)) return SC_EDOMAIN;
    double scale = sde_scale(c->forward, c->t[0]), noise = sde_var(c->forward, c->t[0]);
    gauss p = c->from.kind == START_NORMAL
                  ? (gauss){c->from.mean, c->from.var}
                  : (gauss){scale * a.data.mean, scale * scale * a.data.var + noise};
    int r = c->scheme->normals;
    double *work = NEW_ARRAY(double, (2L + r) * (2 + r));
    int status = SC_OK;
    gauss e = {ROUNDING * fabs(p.mean), ROUNDING * p.var};
    for (int k = 0; k < c->steps && status == SC_OK; k++)
        status = propagate(c, &a, k, work, &p, &e);
    free(work);
    CHECK(status);
    *law = p;
    *error = e;
    return SC_OK;
}

int law_gauss(const chain *c, gauss *law)
{
    gauss error;
    return law_gauss_bounded(c, law, &error);
}
