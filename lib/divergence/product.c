/* TV between d-fold products by Gil-Pelaez inversion.
 *
 * TV = P_p(L > 0) - P_q(L > 0) for the log-likelihood ratio L = sum of d copies of l = log(p/q),
 * whose characteristic functions are powers of phi_p(u) = E_p exp(iul) and phi_q:
 *
 *     TV_d = 1/pi int_0^U Im{phi_p(u)^d - phi_q(u)^d}/u du + tail.
 */
#include "divergence.h"
#include "kernel.h"
#include "mc.h"
#include "quad.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

enum { NODES = 16, CHUNK = 1024 };

typedef struct {
    long n;
    const double *l, *p, *q; /* masses sum to 1 */
    int d;
} product;

/* phi_p(u)^d and phi_q(u)^d. */
static void powers(const product *c, double u, double complex *fp, double complex *fq)
{
    const kernel *k = kernel_best();
    double turn[CHUNK], s[CHUNK], cosine[CHUNK];
    double sum[4] = {0.0};
    for (long first = 0; first < c->n; first += CHUNK) {
        long m = c->n - first < CHUNK ? c->n - first : CHUNK;
        for (long i = 0; i < m; i++) turn[i] = u / (2.0 * SC_PI) * c->l[first + i];
        k->sincos2pi(m, turn, s, cosine);
        for (long i = 0; i < m; i++) {
            sum[0] += c->p[first + i] * cosine[i];
            sum[1] += c->p[first + i] * s[i];
            sum[2] += c->q[first + i] * cosine[i];
            sum[3] += c->q[first + i] * s[i];
        }
    }
    double complex J = (double complex)I;
    *fp = cpow(sum[0] + J * sum[1], c->d);
    *fq = cpow(sum[2] + J * sum[3], c->d);
}

/* 1/pi int over [0, U] with `panels` panels of 16 nodes. Parallel over panels. */
static double inversion(const product *c, double U, int panels)
{
    double *part = NEW_ARRAY(double, panels);
#pragma omp parallel for default(none) shared(c, U, panels, part) schedule(dynamic)
    for (int i = 0; i < panels; i++) {
        double u[NODES], w[NODES];
        quad_legendre(NODES, U * i / panels, U * (i + 1.0) / panels, u, w);
        for (int j = 0; j < NODES; j++) {
            double complex fp, fq;
            powers(c, u[j], &fp, &fq);
            part[i] += w[j] * cimag(fp - fq) / u[j];
        }
    }
    double sum = mc_sum(panels, part) / SC_PI;
    free(part);
    return sum;
}

/* |int_U^inf phi^d/u du| from phi^d at U/2, just before U and at U, for an amplitude that falls like
   the power law U^-r it follows from U/2 to U, |phi^d|/r, or that falls while its phase turns at
   speed w (second mean value theorem), 2 |phi^d|/(w U). */
static double tail_of(double complex half, double complex before, double complex end,
                      double U, double gap)
{
    const double noise = 1e-14; /* of phi: nothing is left beyond U */
    if (cabs(end) < noise) return noise;
    double power = log2(cabs(half) / cabs(end)), speed = fabs(carg(end / before)) / gap;
    if (!(power > 0.0)) return (double)INFINITY;
    return cabs(end) * fmin(1.0 / power, 2.0 / (speed * U));
}

static double tail(const product *c, double U)
{
    double complex p[3], q[3];
    double gap = 1e-3 * U;
    powers(c, 0.5 * U, &p[0], &q[0]);
    powers(c, U - gap, &p[1], &q[1]);
    powers(c, U, &p[2], &q[2]);
    return (tail_of(p[0], p[1], p[2], U, gap) + tail_of(q[0], q[1], q[2], U, gap)) /
           SC_PI;
}

int divergence_tv_product(long n, const double *l, const double *p, const double *q,
                          int d, enclosure *tv)
{
    REQUIRE(n > 0 && d >= 1);
    double *weight = NEW_ARRAY(double, 2 * n), *other = weight + n, square = 0.0;
    double mass_p = mc_sum(n, p), mass_q = mc_sum(n, q);
    for (long i = 0; i < n; i++) {
        weight[i] = p[i] / mass_p;
        other[i] = q[i] / mass_q;
        if (weight[i] > 0.0) square += weight[i] * l[i] * l[i];
    }
    product c = {n, l, weight, other, d};
    int status = SC_OK;
    if (!isfinite(square) || !(fabs(mass_p - 1.0) < 1e-9 && fabs(mass_q - 1.0) < 1e-9))
        status = SC_EDOMAIN;
    if (status == SC_OK && square == 0.0) {
        *tv = enclosure_exact(0.0);
    } else if (status == SC_OK) {
        double U = (d > 8 ? 25.0 : 60.0) / sqrt(d * square);
        double fine = inversion(&c, U, 250), coarse = inversion(&c, U, 167);
        double mass = d * (fabs(mass_p - 1.0) + fabs(mass_q - 1.0));
        double error = 4.0 * fabs(fine - coarse) + tail(&c, U) + mass + 1e-13;
        *tv = enclosure_about(fine, error);
    }
    free(weight);
    return status;
}

int divergence_tv_product_gauss(gauss p, gauss q, int d, enclosure *tv)
{
    enum { GRID = 6001 };
    double l[GRID], mass_p[GRID], mass_q[GRID], dz = 24.0 / (GRID - 1);
    double ratio = p.var / q.var, shift = (p.mean - q.mean) / sqrt(q.var);
    for (int i = 0; i < GRID; i++) {
        double z = -12.0 + i * dz, y = shift + z * sqrt(ratio); /* in units of q */
        l[i] = -0.5 * log(ratio) - 0.5 * (z * z - y * y);
        mass_p[i] = dz * exp(-0.5 * z * z) / sqrt(2.0 * SC_PI);
        mass_q[i] = mass_p[i] * exp(-l[i]);
    }
    return divergence_tv_product(GRID, l, mass_p, mass_q, d, tv);
}
