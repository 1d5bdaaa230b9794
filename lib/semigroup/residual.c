/* The identities between p_t, U_t f and Q_r f. */
#include "semigroup.h"

#include <math.h>
#include <stdlib.h>

/* S of pi/N(0, var I); of pi for var = INFINITY. */
static int smooth(const semigroup_law *pi, double var, semigroup_kernel k,
                  const double *y, smoothed *value)
{
    if (pi->mixture != NULL) return semigroup_mixture(pi->mixture, var, k, y, value);
    REQUIRE(isinf(var) || var == 1.0);
    semigroup_wave w = {pi->a, pi->k, isinf(var) ? 1.0 : (double)INFINITY};
    semigroup_function f = semigroup_waves(&w);
    if (pi->d == 1) return semigroup_apply(&f, k, y[0], value);
    semigroup_waves_cube(&w, pi->d, k, y, value);
    return SC_OK;
}

/* log N(y; 0, var I) */
static enclosure log_gamma(int d, double var, const double *y)
{
    double square = 0.0, normal = 0.5 * d * log(2.0 * SC_PI * var);
    for (int j = 0; j < d; j++) square += y[j] * y[j];
    return enclosure_about(-0.5 * square / var - normal,
                           1e-15 * d * (1.0 + square / var + fabs(normal)));
}

/* The three integrals at y; q (not filled in unless sigma = beta = 1) at m y. */
static int integrals(const semigroup_law *pi, double sigma, double beta, double t,
                     const double *y, smoothed *p, smoothed *u, smoothed *q)
{
    const semigroup_kernel ou = semigroup_ou(sigma, beta, t);
    const double var = sigma * sigma;
    CHECK(smooth(pi, INFINITY, semigroup_transition(sigma, beta, t), y, p));
    CHECK(smooth(pi, var, ou, y, u));
    if (sigma != 1.0 || beta != 1.0) return SC_OK;
    double *drawn_in = NEW_ARRAY(double, pi->d);
    for (int j = 0; j < pi->d; j++) drawn_in[j] = ou.gamma * y[j];
    int status = smooth(pi, var, semigroup_heat(ou.s2), drawn_in, q);
    free(drawn_in);
    return status;
}

int semigroup_views(const semigroup_law *pi, double sigma, double beta, double t,
                    const double *y, semigroup_view *v)
{
    const semigroup_kernel ou = semigroup_ou(sigma, beta, t);
    const semigroup_kernel forward = semigroup_transition(sigma, beta, t);
    const int d = pi->d;
    const double var = sigma * sigma;
    const enclosure unknown = {NAN, NAN, 0.0};
    smoothed *p = NEW_ARRAY(smoothed, 3L * d), *u = p + d, *q = u + d;
    for (int j = 0; j < d; j++) q[j] = (smoothed){unknown, unknown, unknown};
    int status = integrals(pi, sigma, beta, t, y, p, u, q);
    for (int j = 0; j < d && status == SC_OK; j++)
        v[j] = (semigroup_view){
            .log_ratio = enclosure_sub(p[j].log, log_gamma(d, var, y)),
            .ratio_slope = enclosure_add(semigroup_slope(forward, p[j].gap),
                                         enclosure_rounded(y[j] / var)),
            .log_mehler = u[j].log,
            .slope = semigroup_slope(ou, u[j].gap),
            .inside = u[j].inside,
            .log_heat = q[j].log,
            .drift = q[j].inside,
        };
    free(p);
    return status;
}

/* *worst <- the farther from 0 of itself and a - b, or (a - b)/max(1, |a|) */
static void compare(enclosure a, enclosure b, bool relative, enclosure *worst)
{
    enclosure gap = enclosure_sub(a, b);
    double size = relative ? fmax(1.0, fabs(enclosure_mid(a))) : 1.0;
    *worst = enclosure_farther(*worst, enclosure_scale(gap, 1.0 / size));
}

/* The residuals at one point and time, m = e^{-beta t}. */
static void residuals_of(int d, double m, const semigroup_view *v, bool relative,
                         enclosure *r)
{
    for (int i = 0; i < SEMIGROUP_RESIDUALS; i++) r[i] = enclosure_exact(0.0);
    compare(v[0].log_ratio, v[0].log_mehler, relative, &r[SEMIGROUP_DENSITY]);
    compare(v[0].log_ratio, v[0].log_heat, relative, &r[SEMIGROUP_FOELLMER]);
    for (int j = 0; j < d; j++) {
        compare(v[j].ratio_slope, v[j].slope, relative, &r[SEMIGROUP_SCORE]);
        compare(v[j].slope, enclosure_scale(v[j].inside, m), relative,
                &r[SEMIGROUP_CHAIN]);
        compare(v[j].ratio_slope, enclosure_scale(v[j].drift, m), relative,
                &r[SEMIGROUP_FOELLMER]);
    }
}

void semigroup_scan(int d, int n, int i, double *y)
{
    REQUIRE(n >= 2);
    for (int j = 0; j < d; j++) y[j] = 8.0 * ((i + 7 * j) % n) / (n - 1) - 4.0;
}

int semigroup_residuals(const semigroup_law *pi, double sigma, double beta, int n_times,
                        const double *times, int n, bool relative,
                        enclosure r[SEMIGROUP_RESIDUALS])
{
    enum { R = SEMIGROUP_RESIDUALS };
    REQUIRE(n >= 1 && n_times >= 1);
    const int d = pi->d, cells = n * n_times;
    enclosure *at = NEW_ARRAY(enclosure, (long)R * cells);
    int *status = NEW_ARRAY(int, cells), failed = SC_OK;
#pragma omp parallel for schedule(dynamic) default(none)                               \
    shared(pi, sigma, beta, times, n, relative, d, cells, at, status)
    for (int i = 0; i < cells; i++) {
        semigroup_view *v = NEW_ARRAY(semigroup_view, d);
        double t = times[i / n], *y = NEW_ARRAY(double, d);
        semigroup_scan(d, n, i % n, y);
        status[i] = semigroup_views(pi, sigma, beta, t, y, v);
        if (status[i] == SC_OK)
            residuals_of(d, exp(-beta * t), v, relative, at + (long)R * i);
        free(y);
        free(v);
    }
    for (int i = 0; i < cells && failed == SC_OK; i++) {
        failed = status[i];
        for (int k = 0; k < R; k++)
            at[k] = enclosure_farther(at[k], at[(long)R * i + k]);
    }
    for (int k = 0; k < R && failed == SC_OK; k++) r[k] = at[k];
    free(status);
    free(at);
    return failed;
}
