/* euler.c -- exact law of Euler's scheme for a diffusion on the line whose noise depends on the place:
 *
 *     p'(y_i) = dx sum_j p_j N(y_i; x_j + h b(x_j), h a(x_j)),
 *
 * the trapezoid rule of law_density with a kernel as wide as its source says.
 */
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <stdlib.h>

/* Spacing over the narrowest kernel: of the grids on the way, and of the last. */
static const double SPACING = 0.2, LAST_SPACING = 1.0 / 12.0;
enum { LAST_NODES = 8001 };

/* One image x + h b, one standard deviation sqrt(h a) and one mass p dx for every node. */
typedef struct {
    double *mean, *sd, *mass;
    double lo, hi; /* nine standard deviations about the images that carry mass */
} images;

static int images_of(const euler_scheme *c, double t, const line *l, images *at)
{
    double h = c->T / c->steps;
    double *x = NEW_ARRAY(double, l->n);
    for (long j = 0; j < l->n; j++) x[j] = l->x0 + (double)j * l->dx;
    c->rates(c->ctx, t, l->n, x, at->mean, at->sd);
    at->lo = (double)INFINITY;
    at->hi = (double)-INFINITY;
    bool valid = true;
    for (long j = 0; j < l->n; j++) {
        valid = valid && isfinite(at->mean[j]) && at->sd[j] >= c->least_noise;
        at->mean[j] = x[j] + h * at->mean[j];
        at->sd[j] = sqrt(h * at->sd[j]);
        at->mass[j] = l->p[j] * l->dx;
        if (!(l->p[j] > 1e-40)) continue;
        at->lo = fmin(at->lo, at->mean[j] - 9.0 * at->sd[j]);
        at->hi = fmax(at->hi, at->mean[j] + 9.0 * at->sd[j]);
    }
    free(x);
    return valid ? SC_OK : SC_EDOMAIN;
}

/* next += sum_j mass_j N(mean_j, sd_j^2), out to K = 9.2 standard deviations; the images are overwritten. */
static void scatter(long n, images *at, line *next)
{
    const double reach = 9.2;
    long kept = 0;
    for (long j = 0; j < n; j++) {
        double position = (at->mean[j] - next->x0) / next->dx;
        double width = at->sd[j] / next->dx, margin = reach * width;
        if (!(position > -margin && position < (double)next->n + margin)) continue;
        at->mean[kept] = position;
        at->mass[kept] = at->mass[j] / (at->sd[j] * sqrt(2.0 * SC_PI));
        at->sd[kept++] = width;
    }
    bumps b = {kept, at->mean, at->mass, at->sd, reach};
    kernel_best()->bump_scatter(&b, next->n, next->p);
}

static int advance(const euler_scheme *c, double refine, int k, line **law)
{
    line *now = *law, *next = NULL;
    double h = c->T / c->steps, narrowest = sqrt(h * c->least_noise);
    bool last = k == c->steps - 1;
    images at = {.mean = NEW_ARRAY(double, 3 * now->n)};
    at.sd = at.mean + now->n;
    at.mass = at.sd + now->n;
    int status = images_of(c, k * h, now, &at);
    if (status == SC_OK)
        status =
            law_grid(at.lo, at.hi, (last ? LAST_SPACING : SPACING) * narrowest / refine,
                     last ? lround(LAST_NODES * refine) : 2, &next);
    if (status == SC_OK) {
        scatter(now->n, &at, next);
        line_free(now);
        *law = next;
    }
    free(at.mean);
    return status;
}

int law_euler_visited(const euler_scheme *c, double refine, law_visit *visit, void *ctx,
                      line **law)
{
    REQUIRE(c->steps > 0 && c->T > 0.0 && c->least_noise > 0.0 && refine > 0.0);
    start_law from = {c->start, NULL, c->m, c->s2};
    double first = fmin(sqrt(c->T / c->steps * c->least_noise), law_start_sd(&from));
    line *now = NULL;
    CHECK(law_start_line(&from, SPACING * first / refine, &now));
    int status = SC_OK;
    for (int k = 0; k < c->steps && status == SC_OK; k++) {
        if (visit) visit(ctx, k * (c->T / c->steps), now);
        status = advance(c, refine, k, &now);
    }
    if (status == SC_OK)
        *law = now;
    else
        line_free(now);
    return status;
}

int law_euler(const euler_scheme *c, double refine, line **law)
{
    return law_euler_visited(c, refine, NULL, NULL, law);
}
