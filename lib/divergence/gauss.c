/* KL, TV and W2 between Gaussians on the line, each to full relative accuracy. */
#include "divergence.h"
#include "quad.h"

#include <gsl/gsl_sf_log.h>
#include <math.h>

/* {x - log(1 + x) + (m1 - m2)^2/v2}/2 with x = (v1 - v2)/v2. */
double gauss_kl(gauss p, gauss q)
{
    REQUIRE(p.var >= 0.0 && q.var >= 0.0);
    if (!(p.var > 0.0 && q.var > 0.0)) return (double)INFINITY;
    double x = (p.var - q.var) / q.var, shift = p.mean - q.mean;
    double excess = x < -0.5 ? x - log(p.var / q.var) : -gsl_sf_log_1plusx_mx(x);
    return 0.5 * (shift * shift / q.var + excess);
}

/* Phi(b + gap) - Phi(b). */
static double normal_strip(double b, double gap)
{
    enum { N = 16 };
    double x[N], w[N], sum = 0.0;
    if (isinf(b)) return 0.0;
    if (fabs(gap) > 1.0)
        return 0.5 * (erfc(-(b + gap) * sqrt(0.5)) - erfc(-b * sqrt(0.5)));
    quad_legendre(N, 0.0, 1.0, x, w);
    for (int i = 0; i < N; i++) {
        double y = b + x[i] * gap;
        sum += w[i] * exp(-0.5 * y * y);
    }
    return gap * sum / sqrt(2.0 * SC_PI);
}

/* In units y = (x - m1)/s1 of the narrower one, p = N(0,1), q = N(delta, rho^2), rho >= 1; with
   ratio = 1/rho^2 and eps = 1 - ratio, each formed where it does not cancel, the densities cross where
       eps y^2 + 2 delta ratio y - delta^2 ratio + log(ratio) = 0,
   and TV = int of p - q between the roots, grouped as
       {Phi(hi) - Phi((hi - delta)/rho)} - {Phi(lo) - Phi((lo - delta)/rho)}. */
double gauss_tv(gauss p, gauss q)
{
    REQUIRE(p.var > 0.0 && q.var > 0.0);
    if (p.var > q.var) {
        gauss narrower = q;
        q = p;
        p = narrower;
    }
    double eps = (q.var - p.var) / q.var, delta = (q.mean - p.mean) / sqrt(p.var);
    if (delta < 0.0) delta = -delta;
    if (delta == 0.0 && eps == 0.0) return 0.0;
    double ratio = p.var / q.var, half = delta * ratio;
    double c = -delta * half + (eps < 0.5 ? log1p(-eps) : log(ratio));
    double root = -(half + sqrt(half * half - eps * c));
    double shrink = sqrt(ratio), gap = eps / (1.0 + shrink); /* 1/rho, 1 - 1/rho */
    double lo = root / eps, hi = c / root;
    double lo_gap = root / (1.0 + shrink) + delta * shrink; /* lo - (lo - delta)/rho */
    double hi_gap = hi * gap + delta * shrink;
    return normal_strip((hi - delta) * shrink, hi_gap) -
           normal_strip((lo - delta) * shrink, lo_gap);
}

double gauss_w2(gauss p, gauss q)
{
    REQUIRE(p.var >= 0.0 && q.var >= 0.0);
    double sum = sqrt(p.var) + sqrt(q.var);
    return hypot(p.mean - q.mean, sum > 0.0 ? (p.var - q.var) / sum : 0.0);
}

enclosure gauss_vp_noise_tv(gauss data, double B)
{
    return enclosure_rounded(gauss_tv(law_vp_gauss(data, B), GAUSS_STANDARD));
}

/* As a function of x = var/var_noise - 1, known to 1e-15, KL has the derivative x/(2 (1 + x)). Where x rounds to 0 what
   counts is its own square. */
enclosure gauss_noise_kl(gauss data, const sde *e)
{
    double m = sde_scale(e, e->T);
    gauss noise = {0.0, sde_prior_var(e)};
    gauss at_T = {m * data.mean, m * m * data.var + sde_var(e, e->T)};
    double kl = gauss_kl(at_T, noise), x = at_T.var / noise.var - 1.0;
    double error = 1e-15 * (fabs(x) + 1e-15) / fmin(1.0, 1.0 + x);
    return enclosure_about(kl, 1e-13 * kl + error);
}
