/* residual.c -- what the lines of the flow conserve. */
#include "probability_flow.h"
#include "target.h"

#include <math.h>
#include <stdlib.h>

/* Of a log-density or an integral, in proportion to its size; of a place on the way, in ulp: what it does to the
   conserved quantity is seen from either end of the line. */
static const double ROUNDING = 4e-15, PLACE = 8.0 * 0x1p-52;
/* Of carry.c: two runs may agree better by chance. */
static const double TOLERANCE = 1e-12;

typedef struct {
    long n;
    int d;
    const double *start, *y, *error; /* rows of d; of d + 1, twice */
    double chance; /* hidden error of an x_t, in proportion to max(1, its size) */
} lines;

/* Two runs agree by chance on a line, hardly on all: the largest error of an x_t, at most the tolerance. */
static double chance_error(const lines *l)
{
    double largest = 0.0;
    for (long i = 0; i < l->n; i++)
        for (long j = i * (l->d + 1); j < i * (l->d + 1) + l->d; j++)
            largest = fmax(largest, l->error[j] / fmax(1.0, fabs(l->y[j])));
    return fmin(largest, TOLERANCE);
}

/* Error of coordinate y of an x_t, `off` by two runs. */
static double place_error(const lines *l, double y, double off)
{
    return off + l->chance * fmax(1.0, fabs(y)) + PLACE * fabs(y);
}

/* An error of x_t by e_j shifts log p_t by s_j e_j. */
static enclosure density_residual(const gmm *p0, const gmm *pt, const lines *l)
{
    int d = l->d, ld = d + 1;
    double *score = NEW_ARRAY(double, 2 * l->n * (d + 1)), *score0 = score + l->n * d;
    double *log0 = score0 + l->n * d, *logt = log0 + l->n;
    gmm_score(p0, l->n, l->start, d, log0, score0, d);
    gmm_score(pt, l->n, l->y, ld, logt, score, d);
    enclosure worst = enclosure_exact(0.0);
    for (long i = 0; i < l->n; i++) {
        const double *y = l->y + i * ld, *off = l->error + i * ld;
        double error = off[d] + TOLERANCE * fmax(1.0, fabs(y[d])) +
                       ROUNDING * (fabs(log0[i]) + fabs(logt[i]));
        for (int j = 0; j < d; j++) {
            error += fabs(score[i * d + j]) * place_error(l, y[j], off[j]);
            error += fabs(score0[i * d + j]) * PLACE * fabs(l->start[i * d + j]);
        }
        worst =
            enclosure_farther(worst, enclosure_about(logt[i] + y[d] - log0[i], error));
    }
    free(score);
    return worst;
}

/* An error e of x_t shifts F_t by p_t e. */
static enclosure quantile_residual(const gmm *p0, const gmm *pt, const lines *l)
{
    target *before = target_mixture(p0), *after = target_mixture(pt);
    enclosure worst = enclosure_exact(0.0);
    for (long i = 0; i < l->n; i++) {
        double log0, logp, x = l->y[2 * i];
        gmm_score(p0, 1, &l->start[i], 1, &log0, NULL, 0);
        gmm_score(pt, 1, &x, 1, &logp, NULL, 0);
        double gap =
            target_cdf(after, 1.0, 0.0, x) - target_cdf(before, 1.0, 0.0, l->start[i]);
        double error = exp(logp) * place_error(l, x, l->error[2 * i]) +
                       exp(log0) * PLACE * fabs(l->start[i]) + ROUNDING;
        worst = enclosure_farther(worst, enclosure_about(gap, error));
    }
    target_free(after);
    target_free(before);
    return worst;
}

int probability_flow_residual(const gmm *data, const sde *e, double t, long n,
                              const double *x, enclosure *density, enclosure *quantile)
{
    int d = gmm_dim(data);
    REQUIRE(quantile == NULL || d == 1);
    double *y = NEW_ARRAY(double, 2 * n * (d + 1)), *error = y + n * (d + 1);
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++) y[i * (d + 1) + j] = x[i * d + j];
    int status = probability_flow_carry(data, e, 0.0, t, n, y, error);
    if (status == SC_OK) {
        lines l = {n, d, x, y, error, 0.0};
        l.chance = chance_error(&l);
        gmm *pt = gmm_diffuse(data, sde_scale(e, t), sde_var(e, t));
        *density = density_residual(data, pt, &l);
        if (quantile != NULL) *quantile = quantile_residual(data, pt, &l);
        gmm_free(pt);
    }
    free(y);
    return status;
}
