/* What the score says of X_0 given X_t, and the least-squares problem that it solves. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

void match_tweedie(const noised *x, double at, posterior *q)
{
    static const double PART = 1e-12;
    double s, slope;
    REQUIRE(x->s2 > 0.0);
    target_score(x->data, x->m, x->s2, 1, &at, NULL, &s, &slope);
    double first = x->s2 * s, second = x->s2 * (1.0 + x->s2 * slope);
    q->shift = enclosure_about(first, PART * fmax(1.0, fabs(first)));
    q->var = enclosure_about(second, PART * fmax(1.0, fabs(second)));
}

int match_score_form(const noised *x, double a, int power, double at, enclosure *score)
{
    posterior q;
    REQUIRE(0.0 < x->m && x->m < 1.0);
    CHECK(match_posterior(x, at, &q));
    enclosure mean = enclosure_add(enclosure_exact(at), q.shift);
    enclosure term = enclosure_scale(mean, pow(x->m, 4.0 * a - 1.0));
    enclosure sum = enclosure_sub(term, enclosure_exact(at));
    *score = enclosure_scale(enclosure_widen(sum, 0x1p-50 * fabs(at)),
                             pow(-expm1(2.0 * log(x->m)), -power));
    return SC_OK;
}

/* ---- In R^d ---------------------------------------------------------------------------- */

void match_compare(enclosure *worst, enclosure left, enclosure right)
{
    enclosure size = enclosure_exact(fabs(enclosure_mid(right)));
    *worst = enclosure_farther(*worst, match_residual(left, right, size));
}

/* To 1e-12 max(1, .), the rounding of components. */
static enclosure about(double value)
{
    return enclosure_about(value, 1e-12 * fmax(1.0, fabs(value)));
}

/* s2 score and s2 I + s2^2 Jacobian: d + d^2 numbers. */
static void from_score(const gmm *pt, double s2, const double *at, double *right)
{
    const int d = gmm_dim(pt);
    double *cov = right + d;
    gmm_score(pt, 1, at, d, NULL, right, d);
    gmm_jacobian(pt, at, cov, d);
    for (int j = 0; j < d; j++) right[j] *= s2;
    for (int j = 0; j < d * d; j++)
        cov[j] = s2 * ((j % (d + 1) == 0 ? 1.0 : 0.0) + s2 * cov[j]);
}

int match_tweedie_gmm(const gmm *p, double m, double s2, const double *at,
                      enclosure *worst)
{
    const int d = gmm_dim(p), n = d + d * d;
    double *left = NEW_ARRAY(double, 2L * n), *right = left + n;
    enclosure plane[5];
    gmm *pt = gmm_diffuse(p, m, s2);
    from_score(pt, s2, at, right);
    gmm_free(pt);
    int status = match_posterior_gmm(p, m, s2, at, left, left + d);
    for (int j = 0; j < n && status == SC_OK; j++)
        match_compare(worst, about(left[j]), about(right[j]));
    int quadrature = d == 2 && status == SC_OK
                         ? match_posterior_plane(p, m, s2, at, plane, plane + 2)
                         : SC_EACCURACY;
    for (int j = 0; j < 5 && quadrature == SC_OK; j++)
        match_compare(worst, plane[j], about(right[j + (j == 4)]));
    if (quadrature != SC_OK && quadrature != SC_EACCURACY) status = quadrature;
    free(left);
    return status;
}

/* ---- Least squares ----------------------------------------------------------------------- */

typedef struct {
    const noised *x;
    double c;
    match_direction *q;
    double
        lift; /* keeps the integrals away from 0, where their relative accuracy has no meaning */
} variation;

static void slope_along(const void *ctx, double x0, int n, const double *z, double *y)
{
    const variation *v = ctx;
    double sigma = sqrt(v->x->s2), at[QUAD_NODES], s[QUAD_NODES];
    REQUIRE(0 < n && n <= QUAD_NODES);
    for (int i = 0; i < n; i++) at[i] = v->x->m * x0 + sigma * z[i];
    target_score(v->x->data, v->x->m, v->x->s2, n, at, NULL, s, NULL);
    for (int i = 0; i < n; i++)
        y[i] = v->lift + 2.0 * (z[i] / sigma + v->c * s[i]) * v->q(at[i]);
}

int match_variation(const noised *x, double c, match_direction *q, enclosure *slope)
{
    REQUIRE(x->s2 > 0.0);
    double size = sqrt(x->m * x->m * target_second_moment(x->data) + x->s2);
    variation v = {x, c, q, fmax(1.0, size) / sqrt(x->s2)};
    enclosure lifted;
    CHECK(match_expectation(x, slope_along, &v, &lifted));
    /* rounding X_t by 2^-52 |X_t| moves the score by that over s2 */
    double rounding = 0x1p-51 * size * fmax(1.0, size) / x->s2;
    *slope = enclosure_widen(enclosure_sub(lifted, enclosure_exact(v.lift)), rounding);
    return SC_OK;
}
