/* The law of X_0 given X_t in R^d: of a mixture by its components, in the plane also by quadrature. */
#include "linalg.h"
#include "match.h"

#include <math.h>
#include <stdlib.h>

/* ---- By components ------------------------------------------------------------------- */

/* Component i of m X_0 - at given X_t = at: V = m^2 C + s2 I, mean s2 V^-1 (m mu - at), covariance
   s2 (I - s2 V^-1), weight w N(at; m mu, V)/p_t. */
static int component(const gmm *p, int i, double m, double s2, const double *at,
                     double *log_weight, double *mean, double *cov)
{
    const int d = gmm_dim(p);
    const double *mu = gmm_mean_of(p, i);
    double *V = NEW_ARRAY(double, (long)d *(2 * d + 1)), *L = V + (long)d * d;
    double *column = L + (long)d * d, exponent = 0.0, log_det = 0.0;
    gmm_cov_of(p, i, V, d);
    for (int j = 0; j < d * d; j++)
        L[j] = V[j] = m * m * V[j] + (j % (d + 1) == 0 ? s2 : 0.0);
    int status = linalg_cholesky(d, L, d);
    for (int j = 0; j < d; j++) mean[j] = m * mu[j] - at[j];
    for (long j = 0; j < d; j++) log_det += 2.0 * log(L[j * (d + 1)]);
    for (int j = 0; j < d && status == SC_OK; j++) {
        for (int k = 0; k < d; k++) column[k] = k == j ? 1.0 : 0.0;
        status = linalg_solve_spd(d, V, d, column);
        for (int k = 0; k < d; k++)
            cov[k * d + j] = s2 * ((k == j ? 1.0 : 0.0) - s2 * column[k]);
    }
    double *gain = column;
    for (int k = 0; k < d; k++) gain[k] = mean[k];
    if (status == SC_OK) status = linalg_solve_spd(d, V, d, gain);
    for (int k = 0; k < d; k++) {
        exponent += 0.5 * mean[k] * gain[k];
        mean[k] = s2 * gain[k];
    }
    *log_weight = log(gmm_weight(p, i)) - exponent - 0.5 * log_det;
    free(V);
    return status;
}

/* Adds weight times the second moment about the mean. */
static void add_spread(int d, double r, const double *cov, const double *part,
                       const double *mean, double *sum)
{
    for (int j = 0; j < d; j++)
        for (int k = 0; k < d; k++)
            sum[j * d + k] +=
                r * (cov[j * d + k] + (part[j] - mean[j]) * (part[k] - mean[k]));
}

int match_posterior_gmm(const gmm *p, double m, double s2, const double *at,
                        double *shift, double *cov)
{
    REQUIRE(s2 > 0.0);
    const int d = gmm_dim(p), k = gmm_components(p);
    const long size = 1L + d + (long)d * d; /* log-weight, mean, covariance */
    double *of = NEW_ARRAY(double, k *size), top = -INFINITY, sum = 0.0;
    int status = SC_OK;
    for (int i = 0; i < k && status == SC_OK; i++) {
        double *c = of + i * size;
        status = component(p, i, m, s2, at, c, c + 1, c + 1 + d);
        top = fmax(top, c[0]);
    }
    if (status == SC_OK) {
        for (int j = 0; j < d; j++) shift[j] = 0.0;
        for (int j = 0; j < d * d; j++) cov[j] = 0.0;
        for (int i = 0; i < k; i++) sum += exp(of[i * size] - top);
        for (long i = 0; i < k * size; i += size)
            for (int j = 0; j < d; j++)
                shift[j] += exp(of[i] - top) / sum * of[i + 1 + j];
        for (long i = 0; i < k * size; i += size)
            add_spread(d, exp(of[i] - top) / sum, of + i + 1 + d, of + i + 1, shift,
                       cov);
    }
    free(of);
    return status;
}

/* ---- In the plane, by the trapezoid rule, spectrally accurate for what falls like a Gaussian ---- */

enum { MASS, SHIFT, SQUARE = 3, SUMS = 6 }; /* 1; u, v; u^2, u v, v^2 less the centre */

typedef struct {
    const gmm *p;
    double m, s2;
    const double *at;
    double centre[2]; /* about which moments are taken */
    double lo[2], hi[2], smallest,
        top; /* of u = m x_0 - at; log-integrand at its largest */
} box;

static void stretch(box *b, const double mean[2], const double cov[4])
{
    double det = cov[0] * cov[3] - cov[1] * cov[2];
    b->smallest = fmin(b->smallest, sqrt(det / (cov[0] + cov[3])));
    for (long j = 0; j < 2; j++) {
        double reach = 9.0 * sqrt(cov[3 * j]);
        b->lo[j] = fmin(b->lo[j], mean[j] - reach);
        b->hi[j] = fmax(b->hi[j], mean[j] + reach);
    }
}

/* All parts' means +- 9 standard deviations, but those lighter than e^-45. */
static int box_of(box *b)
{
    double weight = NAN, mean[2] = {0.0}, cov[4] = {0.0};
    b->top = -INFINITY;
    b->smallest = INFINITY;
    for (int j = 0; j < 2; j++) b->lo[j] = INFINITY, b->hi[j] = -INFINITY;
    for (int i = 0; i < gmm_components(b->p); i++) {
        CHECK(component(b->p, i, b->m, b->s2, b->at, &weight, mean, cov));
        b->top = fmax(b->top, weight);
    }
    for (int i = 0; i < gmm_components(b->p); i++) {
        CHECK(component(b->p, i, b->m, b->s2, b->at, &weight, mean, cov));
        if (weight >= b->top - 45.0) stretch(b, mean, cov);
    }
    return SC_OK;
}

/* By the trapezoid rule with n + 1 nodes an axis. */
static void tensor(const box *b, int n, double sum[SUMS])
{
    double *x = NEW_ARRAY(double, 3L * (n + 1)), *logp = x + 2L * (n + 1);
    double du = (b->hi[0] - b->lo[0]) / n, dv = (b->hi[1] - b->lo[1]) / n;
    for (int k = 0; k < SUMS; k++) sum[k] = 0.0;
    for (int i = 0; i <= n; i++) {
        double u = b->lo[0] + i * du;
        for (long j = 0; j <= n; j++) {
            x[2 * j] = (b->at[0] + u) / b->m;
            x[2 * j + 1] = (b->at[1] + b->lo[1] + (double)j * dv) / b->m;
        }
        gmm_score(b->p, n + 1, x, 2, logp, NULL, 2);
        for (int j = 0; j <= n; j++) {
            double v = b->lo[1] + j * dv;
            double w = exp(logp[j] - 0.5 * (u * u + v * v) / b->s2 - b->top);
            const double a = u - b->centre[0], c = v - b->centre[1];
            const double of[SUMS] = {1.0, a, c, a * a, a * c, c * c};
            for (int k = 0; k < SUMS; k++) sum[k] += w * of[k];
        }
    }
    free(x);
}

/* Means, covariances from the sums of one resolution. */
static void moments(double sum[SUMS])
{
    for (int k = SHIFT; k < SUMS; k++) sum[k] /= sum[MASS];
    sum[SQUARE] -= sum[SHIFT] * sum[SHIFT];
    sum[SQUARE + 1] -= sum[SHIFT] * sum[SHIFT + 1];
    sum[SQUARE + 2] -= sum[SHIFT + 1] * sum[SHIFT + 1];
}

int match_posterior_plane(const gmm *p, double m, double s2, const double *at,
                          enclosure shift[2], enclosure cov[3])
{
    enum { MOST = 400 };
    REQUIRE(gmm_dim(p) == 2 && s2 > 0.0);
    box b = {.p = p, .m = m, .s2 = s2, .at = at};
    double about[4] = {0.0};
    CHECK(match_posterior_gmm(p, m, s2, at, b.centre, about));
    CHECK(box_of(&b));
    double width = fmax(b.hi[0] - b.lo[0], b.hi[1] - b.lo[1]);
    double nodes = ceil(3.0 * width / b.smallest), coarse[SUMS], fine[SUMS];
    if (!(nodes <= MOST)) return SC_EACCURACY;
    tensor(&b, (int)nodes, coarse);
    tensor(&b, (int)(1.25 * nodes), fine);
    moments(coarse);
    moments(fine);
    for (int k = SHIFT; k < SUMS; k++) {
        double err = 4.0 * fabs(fine[k] - coarse[k]);
        if (k < SQUARE) {
            double mean = b.centre[k - SHIFT] + fine[k];
            shift[k - SHIFT] =
                enclosure_about(mean, err + 1e-13 * fmax(1.0, fabs(mean)));
        } else
            cov[k - SQUARE] =
                enclosure_about(fine[k], err + 1e-13 * fmax(1.0, about[0] + about[3]));
    }
    return SC_OK;
}
