/* The slope of a power law through estimates with standard errors. */
#include "rate.h"

#include "stats.h"

#include <math.h>
#include <stdlib.h>

/* One estimate on the logarithmic scale: y = log|mean| with standard error u. */
typedef struct {
    double x, y, u;
} point;

/* An estimate must be this many standard errors away from 0. */
static const double RESOLVED = 5.0;

/* 1 or -1: the side of 0 on which e surely stands, 0 if neither. */
static int read_point(double h, enclosure e, point *p)
{
    REQUIRE(e.alpha > 0.0 && e.alpha < 1.0);
    double mean = enclosure_mid(e);
    double z = -stats_normal_quantile(0.5 * e.alpha);
    double se = enclosure_halfwidth(e) / z;
    *p = (point){log(h), log(fabs(mean)), se / fabs(mean)};
    REQUIRE(isnan(se) || se > 0.0);
    if (!(fabs(mean) > RESOLVED * se)) return 0;
    return mean > 0.0 ? 1 : -1;
}

/* Least squares with weights 1/u^2: slope = sum c_i y_i, c_i = (x_i - xbar)/(u_i^2 Sxx). */
static enclosure weighted_fit(int n, const point *p, double alpha)
{
    double sum_w = 0.0, xbar = 0.0, ybar = 0.0;
    for (int i = 0; i < n; i++) {
        double w = 1.0 / (p[i].u * p[i].u);
        sum_w += w;
        xbar += w * p[i].x;
        ybar += w * p[i].y;
    }
    xbar /= sum_w;
    ybar /= sum_w;

    double sxx = 0.0, sxy = 0.0, bias = 0.0, chi2 = 0.0;
    for (int i = 0; i < n; i++) {
        double w = 1.0 / (p[i].u * p[i].u), dx = p[i].x - xbar;
        sxx += w * dx * dx;
        sxy += w * dx * (p[i].y - ybar);
        bias += fabs(dx) / 2.0; /* sum w |dx| u^2/2, over sxx below */
    }
    double slope = sxy / sxx;
    for (int i = 0; i < n; i++) {
        double residual = p[i].y - ybar - slope * (p[i].x - xbar);
        chi2 += residual * residual / (p[i].u * p[i].u);
    }
    double scatter = fmax(1.0, sqrt(chi2 / (n - 2)));
    double z = -stats_normal_quantile(0.5 * alpha);
    double error = z * scatter / sqrt(sxx) + bias / sxx;
    return (enclosure){slope - error, slope + error, alpha};
}

/* slope = sum c_i y_i, c_i = (x_i - xbar)/Sxx. */
static enclosure plain_fit(int n, const point *p, double alpha)
{
    double xbar = 0.0, sxx = 0.0, slope = 0.0, square = 0.0, bias = 0.0;
    for (int i = 0; i < n; i++) xbar += p[i].x / n;
    for (int i = 0; i < n; i++) sxx += (p[i].x - xbar) * (p[i].x - xbar);
    for (int i = 0; i < n; i++) {
        const double c = (p[i].x - xbar) / sxx;
        slope += c * p[i].y;
        square += c * c * p[i].u * p[i].u;
        bias += 0.5 * fabs(c) * p[i].u * p[i].u;
    }
    const double error = bias - stats_normal_quantile(0.5 * alpha) * sqrt(square);
    return (enclosure){slope - error, slope + error, alpha};
}

/* Into p, e at h. True if every estimate is resolved, on one side of 0; *known: no NaN. */
static bool read_points(int n, const double *h, const enclosure *e, point *p,
                        bool *known)
{
    int side = 0;
    bool resolved = true;
    for (int i = 0; i < n; i++) {
        REQUIRE(h[i] > 0.0 && (i == 0 || h[i - 1] > h[i]));
        *known = *known && !isnan(e[i].lo) && !isnan(e[i].hi);
        const int s = read_point(h[i], e[i], &p[i]);
        side = i == 0 ? s : side;
        resolved = resolved && s != 0 && s == side;
    }
    return resolved;
}

/* What is said of a slope without a fit. */
static enclosure unknown(bool known, double alpha)
{
    return known ? (enclosure){-INFINITY, INFINITY, alpha}
                 : (enclosure){NAN, NAN, alpha};
}

/* The slope by `fit`, of e or of e/f. */
typedef enclosure fitted(int n, const point *p, double alpha);
static enclosure slope_by(fitted *fit, int n, const double *h, const enclosure *e,
                          const enclosure *f, double alpha)
{
    REQUIRE(n >= 3 && alpha > 0.0 && alpha < 1.0);
    point *p = NEW_ARRAY(point, 2L * n), *q = p + n;
    bool known = true, resolved = read_points(n, h, e, p, &known);
    if (f != NULL) resolved = read_points(n, h, f, q, &known) && resolved;
    for (int i = 0; i < n && f != NULL; i++) {
        p[i].y -= q[i].y;
        p[i].u = hypot(p[i].u, q[i].u);
    }
    const enclosure slope =
        known && resolved ? fit(n, p, alpha) : unknown(known, alpha);
    free(p);
    return slope;
}

enclosure rate_noisy(int n, const double *h, const enclosure *e, double alpha)
{
    return slope_by(weighted_fit, n, h, e, NULL, alpha);
}

enclosure rate_line(int n, const double *h, const enclosure *e, double alpha)
{
    return slope_by(plain_fit, n, h, e, NULL, alpha);
}

enclosure rate_line_less(int n, const double *h, const enclosure *e, const enclosure *f,
                         double alpha)
{
    return slope_by(plain_fit, n, h, e, f, alpha);
}
