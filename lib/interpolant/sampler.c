/* The reverse process with the network in the place of v. */
#include "interpolant.h"
#include "mc.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

/* g(., t) - shift at n points. */
static void network(const interpolant_sampler *s, double t, long n, const double *x,
                    double *y)
{
    const reference law = interpolant_at(s->data, t);
    if (s->net) {
        double *point = NEW_ARRAY(double, 2 * n);
        for (long j = 0; j < n; j++) {
            point[2 * j] = x[j];
            point[2 * j + 1] = t;
        }
        relu_eval(s->net, n, point, 2, y, 1);
        free(point);
        return;
    }
    if (s->pieces == 0) {
        interpolant_law(&law, n, x, y, NULL);
        return;
    }
    const interpolant_task p = {interpolant_law, &law, -s->reach, s->reach};
    interpolant g = interpolant_on(&p, interpolant_uniform, s->pieces);
    interpolant_eval(&g, n, x, y);
    interpolant_free(&g);
}

void interpolant_rates(const void *ctx, double t, long n, const double *x, double *b,
                       double *a)
{
    const interpolant_sampler *s = ctx;
    const double factor = s->lost ? 1.0 : 2.0;
    network(s, fmax(s->T - t, 0.0), n, x, b);
    for (long j = 0; j < n; j++) b[j] = -x[j] + factor * (b[j] + s->shift);
    for (long j = 0; j < n; j++) a[j] = 2.0;
}

euler_scheme interpolant_euler(const interpolant_sampler *s, const reference *from,
                               int steps)
{
    return (euler_scheme){.rates = interpolant_rates,
                          .ctx = s,
                          .least_noise = 2.0,
                          .T = s->T,
                          .steps = steps,
                          .start = from->data,
                          .m = from->m,
                          .s2 = from->s2};
}

int interpolant_output(const interpolant_sampler *s, int steps, int n, const int *d,
                       distances *copies, distances *from_noise)
{
    static const int ONE = 1;
    target *noise = target_gauss(0.0, 1.0);
    const reference data = {s->data, 1.0, 0.0}, gamma = {noise, 1.0, 0.0};
    const reference last = interpolant_at(s->data, s->T);
    const euler_scheme from_p = interpolant_euler(s, &last, steps);
    const euler_scheme from_gamma = interpolant_euler(s, &gamma, steps);
    int status = divergence_euler_limit(&from_p, &data, n, d, copies);
    if (status == SC_OK && from_noise)
        status = divergence_euler_limit(&from_gamma, &data, 1, &ONE, from_noise);
    target_free(noise);
    return status;
}

enclosure interpolant_worst(const interpolant_sampler *s, int n, const double *t)
{
    enclosure worst = enclosure_exact(0.0);
    for (int i = 0; i < n; i++) {
        const reference law = interpolant_at(s->data, t[i]);
        const interpolant_task p = {interpolant_law, &law, -s->reach, s->reach};
        const enclosure error = interpolant_error(&p, interpolant_uniform, s->pieces);
        worst = enclosure_max(worst, error);
    }
    return worst;
}

/* Gauss-Legendre nodes and weights on panels from `from` to `to` no longer than `panel`, appended at n; returns the
   new n. With x = NULL they are only counted. */
static long panels(double from, double to, double panel, int nodes, long n, double *x,
                   double *w)
{
    const int count = (int)ceil((to - from) / panel);
    for (int i = 0; i < count; i++, n += nodes) {
        const double width = (to - from) / count, lo = from + i * width;
        if (x) quad_legendre(nodes, lo, lo + width, x + n, w + n);
    }
    return n;
}

/* The same over the law at t: a panel ends at every knot, for g has kinks there. */
static long mesh(const interpolant_sampler *s, const reference *law, int nodes,
                 double *x, double *w)
{
    const double sd = target_smallest_sd(s->data);
    const double panel = 0.5 * fmin(1.0, sqrt(law->m * law->m * sd * sd + law->s2));
    double lo, hi;
    long n = 0;
    target_span(law->data, law->m, law->s2, 1e-20, &lo, &hi);
    if (s->pieces == 0) return panels(lo, hi, panel, nodes, 0, x, w);
    double before = fmin(lo, -s->reach);
    for (int i = 0; i <= s->pieces; i++) {
        const double knot = s->reach * (2.0 * i / s->pieces - 1.0);
        n = panels(before, knot, panel, nodes, n, x, w);
        before = knot;
    }
    return panels(before, fmax(hi, s->reach), panel, nodes, n, x, w);
}

/* E_{p_t} |v - g|^2 */
static double mean_square(const interpolant_sampler *s, double t, int nodes)
{
    const reference law = interpolant_at(s->data, t);
    const long n = mesh(s, &law, nodes, NULL, NULL);
    double *x = NEW_ARRAY(double, 5 * n), *w = x + n, *v = w + n, *g = v + n,
           *l = g + n;
    mesh(s, &law, nodes, x, w);
    interpolant_law(&law, n, x, v, NULL);
    target_score(law.data, law.m, law.s2, n, x, l, NULL, NULL);
    network(s, t, n, x, g);
    for (long j = 0; j < n; j++) {
        const double off = v[j] - g[j] - s->shift;
        w[j] *= exp(l[j]) * off * off;
    }
    const double sum = mc_sum(n, w);
    free(x);
    return sum;
}

/* A net has kinks in time, too: as many nodes between any two of its times. */
static double integral(const interpolant_sampler *s, int times, int nodes)
{
    double *t = NEW_ARRAY(double, 2L * times), *w = t + times;
    const int parts = s->net ? INTERPOLANT_TIMES : 1, each = times / parts;
    for (int i = 0; i < parts; i++) {
        const double from = s->T * i * i / (parts * parts);
        const double to = s->T * (i + 1) * (i + 1) / (parts * parts);
        quad_legendre(each, from, to, t + (long)i * each, w + (long)i * each);
    }
#pragma omp parallel for default(none) shared(s, times, nodes, t, w) schedule(static, 1)
    for (int k = 0; k < times; k++) w[k] *= mean_square(s, t[k], nodes);
    const double sum = mc_sum(times, w);
    free(t);
    return sum;
}

enclosure interpolant_path(const interpolant_sampler *s)
{
    const double coarse = integral(s, 40, 8), fine = integral(s, 80, 12);
    return enclosure_about(fine, 4.0 * fabs(fine - coarse) + 1e-12 * fine);
}
