/* S f for a product of waves on R^d, as a d-fold integral: no use is made of the product. */
#include "semigroup.h"

#include <math.h>

enum { MESHES = 2, MOMENTS = 1 + 2 * SEMIGROUP_CUBE };
static const double MESH[MESHES] = {0.5, 0.4}, REACH = 9.0;

typedef struct {
    const semigroup_wave *w;
    int d;
    semigroup_kernel k;
    double sd, mean[SEMIGROUP_CUBE], gap[SEMIGROUP_CUBE];
} cube;

/* Adds f(u) exp(-|alpha u - gamma y|^2/(2 s2)) times 1, alpha u - gamma y, grad log f(u) at one node z,
   u = mean + sd z. */
static void add_node(const cube *c, const double *z, double sum[MOMENTS],
                     double absolute[MOMENTS])
{
    double weight = 1.0, moment[MOMENTS] = {1.0};
    for (int j = 0; j < c->d; j++) {
        double u = c->mean[j] + c->sd * z[j],
               gap = c->gap[j] + c->k.alpha * c->sd * z[j];
        double wave = 1.0 + c->w->a * sin(c->w->k * u);
        weight *= wave * exp(-0.5 * (u * u / c->w->var + gap * gap / c->k.s2));
        moment[1 + j] = gap;
        moment[1 + c->d + j] =
            c->w->a * c->w->k * cos(c->w->k * u) / wave - u / c->w->var;
    }
    for (int i = 0; i < 1 + 2 * c->d; i++) {
        sum[i] += weight * moment[i];
        absolute[i] += weight * fabs(moment[i]);
    }
}

/* The sums over the nodes z in h Z^d, |z_j| <= REACH, times h^d. */
static void integrate(const cube *c, double h, double sum[MOMENTS],
                      double absolute[MOMENTS])
{
    int half = (int)(REACH / h), n = 2 * half + 1;
    long nodes = 1;
    for (int j = 0; j < c->d; j++) nodes *= n;
    for (int i = 0; i < MOMENTS; i++) sum[i] = absolute[i] = 0.0;
    for (long i = 0; i < nodes; i++) {
        double z[SEMIGROUP_CUBE];
        long rest = i;
        for (int j = 0; j < c->d; j++, rest /= n) z[j] = h * (double)(rest % n - half);
        add_node(c, z, sum, absolute);
    }
    for (int i = 0; i < MOMENTS; i++) {
        sum[i] *= pow(h, c->d);
        absolute[i] *= pow(h, c->d);
    }
}

void semigroup_waves_cube(const semigroup_wave *w, int d, semigroup_kernel k,
                          const double *y, smoothed *value)
{
    REQUIRE(1 <= d && d <= SEMIGROUP_CUBE);
    double precision = k.alpha * k.alpha / k.s2 + 1.0 / w->var;
    cube c = {.w = w, .d = d, .k = k, .sd = 1.0 / sqrt(precision)};
    for (int j = 0; j < d; j++) {
        c.mean[j] = k.alpha * k.gamma * y[j] / k.s2 / precision;
        c.gap[j] = -k.gamma * y[j] / w->var / precision;
    }
    double sum[MESHES][MOMENTS], absolute[MESHES][MOMENTS];
    for (int m = 0; m < MESHES; m++) integrate(&c, MESH[m], sum[m], absolute[m]);
    enclosure of[MOMENTS];
    for (int i = 0; i < 1 + 2 * d; i++)
        of[i] = enclosure_about(sum[1][i], 4.0 * fabs(sum[1][i] - sum[0][i]) +
                                               1e-13 * absolute[1][i]);
    double scale = log(c.sd) - 0.5 * log(2.0 * SC_PI * k.s2);
    if (isfinite(w->var)) scale -= 0.5 * log(2.0 * SC_PI * w->var);
    for (int j = 0; j < d; j++) {
        value[j].log =
            enclosure_add(enclosure_log(of[0]), enclosure_rounded(d * scale));
        value[j].gap = enclosure_div(of[1 + j], of[0]);
        value[j].inside = enclosure_div(of[1 + d + j], of[0]);
    }
}
