/* path_euler: the exact law of Euler's scheme, step by step. */
#include "mc.h"
#include "path.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const euler_scheme *c;
    law_rates *other;
    const void *ctx;
    double sum;
} energy;

/* The law is smooth, but the drift may have kinks: so many cells for one of the law's grid. */
enum { FINER = 4 };

/* h/2 E |b - b'|^2/a under the law at t, by the trapezoid rule. */
static void add_step(void *ctx, double t, const line *law)
{
    energy *e = ctx;
    const long n = FINER * (law->n - 1); /* at the last node there is no mass */
    const double dx = law->dx / FINER;
    double *x = NEW_ARRAY(double, 5 * n), *b = x + n, *a = b + n, *q = a + n;
    for (long j = 0; j < n; j++) x[j] = law->x0 + (double)j * dx;
    e->other(e->ctx, t, n, x, q, q + n);
    e->c->rates(e->c->ctx, t, n, x, b, a);
    for (long j = 0; j < n; j++) {
        const double p = line_density(law, x[j]);
        x[j] = p * (b[j] - q[j]) * (b[j] - q[j]) / a[j];
    }
    e->sum += 0.5 * e->c->T / e->c->steps * dx * mc_sum(n, x);
    free(x);
}

int path_euler(const euler_scheme *c, law_rates *other, const void *ctx,
               enclosure *entropy)
{
    energy e[2];
    int status[2];
#pragma omp parallel for default(none) shared(e, status, c, other, ctx)                \
    schedule(static, 1)
    for (int i = 0; i < 2; i++) {
        line *law = NULL;
        e[i] = (energy){c, other, ctx, 0.0};
        status[i] = law_euler_visited(c, i == 0 ? 1.0 : 1.5, add_step, &e[i], &law);
        line_free(law);
    }
    CHECK(status[0]);
    CHECK(status[1]);
    *entropy = enclosure_about(e[1].sum, 4.0 * fabs(e[1].sum - e[0].sum) + 1e-13);
    return SC_OK;
}
