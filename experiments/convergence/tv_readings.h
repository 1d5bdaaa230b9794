/* Theorem 6.2 of 002 on the linear cases: the bound, as corrected and in both readings of the print. */
#ifndef SC_CONVERGENCE_TV_READINGS_H
#define SC_CONVERGENCE_TV_READINGS_H

#include "chapter.h"
#include "quad.h"

/* The printed score terms. */
static inline double reading_a(double eps, double T) { return 0.5 * eps * sqrt(T); }
static inline double reading_b(double eps, double T) { return eps * sqrt(0.5 * T); }

/* N(0, 1), s = -x + eps, VP, T = 1: TV/eps -> 2 (1 - e^{-B/2})/sqrt(2 pi) as eps -> 0 exceeds the
   reading's slope r from B = -2 log(1 - r sqrt(pi/2)) on. */
static inline enclosure reading_fails_from(double (*reading)(double eps, double T))
{
    return rounded(-2.0 * log1p(-reading(1.0, 1.0) * sqrt(0.5 * SC_PI)));
}

enum { CORRECTED, READING_A, READING_B, BOUNDS };

/* eps = sup_t eps_t is taken at an end: v_t is monotone (or the error constant). */
static inline int tv_trial(const linear_case *c, enclosure *tv, double *bound)
{
    distances d = {0};
    CHECK(linear_distances(c, &d));
    double T = c->forward.T;
    double eps = sqrt(fmax(law_linear_error(c, 0.0), law_linear_error(c, T)));
    double noise = gauss_tv(law_linear_marginal(c, T), law_linear_start(c));
    bound[CORRECTED] = noise + 0.5 * sqrt(law_linear_path_error(c));
    bound[READING_A] = noise + reading_a(eps, T);
    bound[READING_B] = noise + reading_b(eps, T);
    *tv = d.tv;
    return SC_OK;
}

/* TV for a constant error, and the corrected bound. */
static inline enclosure tv_after(sde e, start from, gauss data, double eps,
                                 double *bound)
{
    linear_case c = {.data = data, .forward = e, .from = from, .c = eps};
    enclosure tv = {0};
    double bounds[BOUNDS] = {0};
    TRY(tv_trial(&c, &tv, bounds));
    *bound = bounds[CORRECTED];
    return tv;
}

/* With data N(0, v T), TV/((eps/2) sqrt T) -> sqrt(2 v/pi) log(1 + 1/v) as eps -> 0. */
static inline double minus_attained(double v, const void *none)
{
    (void)none;
    return -sqrt(2.0 * v / SC_PI) * log1p(1.0 / v);
}

/* Its largest value over v, and where. */
static inline double brownian_attained(double *v)
{
    TRY(quad_minimum(minus_attained, NULL, 0.01, 2.0, v));
    return -minus_attained(*v, NULL);
}

#endif
