/* The continuous reverse SDE with exact score, for mixtures sum_i w_i N(m_i, v_i) (atoms: v_i = 0).
 *
 * Its transition from T to u is the posterior kernel of the forward process,
 *
 *     q_u(x) = int p_start(y) sum_i w_i(y) N(x; s_u m_i + K_i (y - s_T m_i), V_i qbar/V_i') dy,
 *
 * w_i(y) the posterior weights at T, V_i = s_u^2 v_i + n_u, V_i' = s_T^2 v_i + n_T,
 * K_i = (s_T/s_u) V_i/V_i', qbar = n_T - (s_T/s_u)^2 n_u: per component one affine step, scattered
 * like a step of a chain. (V_i - K_i^2 V_i' would cancel for small u.)
 */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    double w, mean_T, var_T; /* of the component at T */
    double a, K, var;        /* x = a + K (y - mean_T) + sqrt(var) Z */
    double sd;               /* of the component at u */
} transition;

static void transitions(const gmm *p, const sde *e, double u, transition *b)
{
    double s_u = sde_scale(e, u), s_T = sde_scale(e, e->T);
    double n_u = sde_var(e, u), n_T = sde_var(e, e->T);
    double ratio = sde_scale_between(e, u, e->T), qbar = sde_var_between(e, u, e->T);
    for (int i = 0; i < gmm_components(p); i++) {
        double m = gmm_mean_of(p, i)[0], v;
        gmm_cov_of(p, i, &v, 1);
        double V = s_u * s_u * v + n_u, V_T = s_T * s_T * v + n_T;
        b[i] = (transition){gmm_weight(p, i), s_T * m,        V_T,    s_u * m,
                            ratio * V / V_T,  V * qbar / V_T, sqrt(V)};
    }
}

/* w_i(y) p_start(y) dy for component i into weight, its images into mu. */
static void transport(const line *from, int k, const transition *b, int i, double *mu,
                      double *weight)
{
    for (long j = 0; j < from->n; j++) {
        double y = from->x0 + (double)j * from->dx, sum = 0.0;
        double own = y - b[i].mean_T;
        double l = -0.5 * own * own / b[i].var_T;
        for (int c = 0; c < k; c++) {
            double r = y - b[c].mean_T;
            sum += b[c].w / b[i].w * sqrt(b[i].var_T / b[c].var_T) *
                   exp(-0.5 * r * r / b[c].var_T - l);
        }
        weight[j] = from->p[j] * from->dx / sum;
        mu[j] = b[i].a + b[i].K * own;
    }
}

static int scatter_all(const line *from, int k, const transition *b, double refine,
                       line **law)
{
    double lo = (double)INFINITY, hi = (double)-INFINITY, finest = (double)INFINITY;
    double left = from->x0, right = from->x0 + (double)(from->n - 1) * from->dx;
    for (int i = 0; i < k; i++) {
        double width = 9.0 * sqrt(b[i].var);
        lo = fmin(lo, b[i].a + b[i].K * (left - b[i].mean_T) - width);
        hi = fmax(hi, b[i].a + b[i].K * (right - b[i].mean_T) + width);
        finest = fmin(finest, sqrt(b[i].var));
    }
    line *next = NULL;
    CHECK(
        law_grid(lo, hi, finest / (12.0 * refine), lround(8000.0 * refine) + 1, &next));
    double *mu = NEW_ARRAY(double, 2 * from->n), *weight = mu + from->n;
    for (int i = 0; i < k; i++) {
        transport(from, k, b, i, mu, weight);
        law_scatter(from->n, mu, weight, b[i].var, 9.2, next);
    }
    free(mu);
    *law = next;
    return SC_OK;
}

int law_continuous(const target *data, const sde *e, start from, double u,
                   double refine, line **law)
{
    REQUIRE(u >= 0.0 && u < e->T && refine > 0.0);
    const gmm *p = target_as_gmm(data);
    if (!p) return SC_EDOMAIN;
    int k = gmm_components(p);
    transition *b = NEW_ARRAY(transition, k);
    transitions(p, e, u, b);
    start_law begin = law_start(data, e, e->T, from);
    /* The integrand's scales: the start law, the components at T, the kernels. */
    double scale = law_start_sd(&begin);
    bool positive = true;
    for (int i = 0; i < k; i++) {
        positive = positive && b[i].var > 0.0;
        scale = fmin(scale, fmin(sqrt(b[i].var_T), sqrt(b[i].var) / b[i].K));
    }
    line *l = NULL;
    int status =
        positive ? law_start_line(&begin, 0.1 * scale / refine, &l) : SC_EDOMAIN;
    if (status == SC_OK) status = scatter_all(l, k, b, refine, law);
    line_free(l);
    target_free(begin.owned);
    free(b);
    return status;
}
