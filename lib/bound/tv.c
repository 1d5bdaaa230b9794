/* Theorem 6.2 of 002. */
#include "bound.h"

#include <math.h>

double bound_tv_score(double path_error) { return 0.5 * sqrt(path_error); }

double bound_tv_score_printed_a(double eps, double T) { return 0.5 * eps * sqrt(T); }

double bound_tv_score_printed_b(double eps, double T) { return eps * sqrt(0.5 * T); }

double bound_tv_linear(const linear_case *c, bound_tv_form form)
{
    double T = c->forward.T, term = bound_tv_score(law_linear_path_error(c));
    double eps = sqrt(fmax(law_linear_error(c, 0.0), law_linear_error(c, T)));
    if (form == BOUND_TV_PRINTED_A) term = bound_tv_score_printed_a(eps, T);
    if (form == BOUND_TV_PRINTED_B) term = bound_tv_score_printed_b(eps, T);
    return gauss_tv(law_linear_marginal(c, T), law_linear_start(c)) + term;
}

int bound_tv_trial(const linear_case *c, enclosure *tv, double *bound)
{
    distances d;
    CHECK(divergence_linear(c, NULL, &d));
    for (int b = 0; b < BOUND_TV_FORMS; b++) bound[b] = bound_tv_linear(c, b);
    *tv = d.tv;
    return SC_OK;
}

int bound_tv_constant_error(const sde *e, start from, gauss data, double eps,
                            enclosure *tv, double *bound)
{
    const linear_case c = {.data = data, .forward = *e, .from = from, .c = eps};
    distances d;
    CHECK(divergence_linear(&c, NULL, &d));
    *bound = bound_tv_linear(&c, BOUND_TV);
    *tv = d.tv;
    return SC_OK;
}
