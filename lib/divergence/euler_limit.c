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

/* One combination at one resolution: of one copy, and TV of each number of copies. */
typedef struct {
    line_values one;
    enclosure *tv;
} values;

static int values_of(const line *law, const reference *r, int n, const int *d,
                     values *v)
{
    CHECK(divergence_line(law, r, false, &v->one));
    for (int i = 0; i < n; i++) {
        v->tv[i] = enclosure_exact(v->one.tv);
        if (d[i] > 1) CHECK(divergence_line_products(law, r, 1, &d[i], &v->tv[i]));
    }
    return SC_OK;
}

/* Both combinations at one resolution: up to h (v[0]) and up to h^2 (v[1]). */
static int extrapolate(const euler_scheme *c, double refine, const reference *r, int n,
                       const int *d, values v[2])
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
        status = values_of(limit, r, n, d, &v[k]);
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

static enclosure limit_tv(enclosure coarse, enclosure first, enclosure fine)
{
    const enclosure limit =
        limit_of(enclosure_mid(coarse), enclosure_mid(first), enclosure_mid(fine));
    return enclosure_widen(limit, enclosure_halfwidth(fine));
}

int divergence_euler_limit(const euler_scheme *c, const reference *r, int n,
                           const int *d, distances *copies)
{
    values v[2][2];
    enclosure *tv = NEW_ARRAY(enclosure, 4L * n);
    int status[2];
    for (int i = 0; i < 4; i++) v[i / 2][i % 2].tv = tv + (long)i * n;
#pragma omp parallel for default(none) shared(v, status, c, r, n, d) schedule(static, 1)
    for (int i = 0; i < 2; i++)
        status[i] = extrapolate(c, i == 0 ? 1.0 : 1.5, r, n, d, v[i]);
    const values *coarse = &v[0][1], *first = &v[1][0], *fine = &v[1][1];
    const enclosure unknown = enclosure_exact((double)NAN);
    for (int i = 0; i < n && status[0] == SC_OK && status[1] == SC_OK; i++) {
        REQUIRE(d[i] >= 1);
        copies[i] =
            (distances){.kl = limit_of(d[i] * coarse->one.kl, d[i] * first->one.kl,
                                       d[i] * fine->one.kl),
                        .kl_reverse = limit_of(d[i] * coarse->one.kl_reverse,
                                               d[i] * first->one.kl_reverse,
                                               d[i] * fine->one.kl_reverse),
                        .tv = limit_tv(coarse->tv[i], first->tv[i], fine->tv[i]),
                        .w2 = unknown,
                        .mass = unknown};
    }
    free(tv);
    CHECK(status[0]);
    return status[1];
}
