/* The limit of many steps of Euler's scheme, by extrapolation of its densities. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

enum { LEVELS = 3 };

/* log p = sum_i w_i log p_i up to a constant, mass 1; 0 where one of them is not above 0. On the grid of the last law as far as the others
   reach, which is where all have mass. */
static line *combine(line *const law[LEVELS], const double w[LEVELS])
{
    const line *last = law[LEVELS - 1];
    line *out = line_new(last->x0, last->dx, last->n);
    for (long j = 0; j < last->n; j++) {
        const double x = last->x0 + (double)j * last->dx;
        double sum = 0.0;
        for (int i = 0; i < LEVELS; i++) {
            const double place = (x - law[i]->x0) / law[i]->dx;
            const bool inside = place >= 0.0 && place <= (double)(law[i]->n - 1);
            const double p = inside ? line_density(law[i], x) : 0.0;
            sum += p > 0.0 ? w[i] * log(p) : -(double)INFINITY;
        }
        out->p[j] = isfinite(sum) ? exp(sum) : 0.0;
    }
    const double mass = line_mass(out);
    for (long j = 0; j < out->n; j++) out->p[j] /= mass;
    return out;
}

/* One combination at one resolution. */
typedef struct {
    double kl, kl_reverse, tv, inversion; /* of d copies; error of TV by Gil-Pelaez */
} values;

static int values_of(const line *law, const reference *r, int d, values *v)
{
    line_values one;
    enclosure tv;
    CHECK(divergence_line(law, r, false, &one));
    *v = (values){d * one.kl, d * one.kl_reverse, one.tv, 0.0};
    if (d == 1) return SC_OK;
    CHECK(divergence_line_products(law, r, 1, &d, &tv));
    v->tv = enclosure_mid(tv);
    v->inversion = enclosure_halfwidth(tv);
    return SC_OK;
}

/* Both combinations at one resolution: up to h (v[0]) and up to h^2 (v[1]). */
static int extrapolate(const euler_scheme *c, double refine, const reference *r, int d,
                       values v[2])
{
    static const double WEIGHT[2][LEVELS] = {{0.0, -1.0, 2.0},
                                             {1.0 / 3.0, -2.0, 8.0 / 3.0}};
    line *law[LEVELS] = {NULL, NULL, NULL};
    int status = SC_OK;
    for (int i = 0; i < LEVELS && status == SC_OK; i++) {
        euler_scheme level = *c;
        level.steps = c->steps << i;
        status = law_euler(&level, refine, &law[i]);
    }
    for (int k = 0; k < 2 && status == SC_OK; k++) {
        line *limit = combine(law, WEIGHT[k]);
        status = values_of(limit, r, d, &v[k]);
        line_free(limit);
    }
    for (int i = 0; i < LEVELS; i++) line_free(law[i]);
    return status;
}

static enclosure limit_of(double coarse_grid, double first_order, double value)
{
    return enclosure_about(value, fabs(value - first_order) +
                                      4.0 * fabs(value - coarse_grid) + 1e-13);
}

int divergence_euler_limit(const euler_scheme *c, const reference *r, int d,
                           distances *out)
{
    REQUIRE(d >= 1);
    values v[2][2];
    int status[2];
#pragma omp parallel for default(none) shared(v, status, c, r, d) schedule(static, 1)  \
    num_threads(2)
    for (int i = 0; i < 2; i++)
        status[i] = extrapolate(c, i == 0 ? 1.0 : 1.5, r, d, v[i]);
    CHECK(status[0]);
    CHECK(status[1]);
    const values *coarse = &v[0][1], *first = &v[1][0], *fine = &v[1][1];
    const enclosure unknown = enclosure_exact((double)NAN);
    *out = (distances){
        .kl = limit_of(coarse->kl, first->kl, fine->kl),
        .kl_reverse = limit_of(coarse->kl_reverse, first->kl_reverse, fine->kl_reverse),
        .tv =
            enclosure_widen(limit_of(coarse->tv, first->tv, fine->tv), fine->inversion),
        .w2 = unknown,
        .mass = unknown};
    return SC_OK;
}
