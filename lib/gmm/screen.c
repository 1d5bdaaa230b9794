/* What the kernels of high dimension screen isotropic mixtures by (see kernel.h). */
#include "internal.h"

#include <math.h>

static const double HALF_LOG2E = 0.72134752044448170368; /* log2(e)/2 */

/* Components, filled up to whole groups of rows. */
static long filled(const gmm *p)
{
    return (p->k + KERNEL_ROWS - 1L) / KERNEL_ROWS * KERNEL_ROWS;
}

/* Centre, centred means and offsets in double; the same but the centre in float, and precisions. */
long gmm_screen_size(const gmm *p)
{
    if (p->shape != GMM_ISOTROPIC || p->d <= KERNEL_LOW) return 0;
    const long doubles = p->d + p->k * (p->d + 1L), floats = filled(p) * (p->d + 2L);
    return doubles + floats / 2; /* floats is even */
}

/* Greatest logc, and how far the others of weight > 0 are below. */
static void logc_range(const gmm *p, double *most, double *range)
{
    double least = HUGE_VAL;
    *most = -HUGE_VAL;
    for (int i = 0; i < p->k; i++) {
        *most = fmax(*most, p->logc[i]);
        if (p->w[i] > 0.0) least = fmin(least, p->logc[i]);
    }
    *range = *most - least;
}

/* mean |mu_i - c|^2/S^2 */
static double mean_square(const gmm *p, double scale)
{
    double sum = 0.0;
    for (long j = 0; j < (long)p->k * p->d; j++) {
        const double y = p->table.centred[j] * scale;
        sum += y * y;
    }
    return sum / p->k;
}

/* Row i of the arrays in float. */
static void pack(const gmm *p, kernel_screen *s, double most, long i, float *floats)
{
    const long d = p->d, rows = filled(p), group = i / KERNEL_ROWS, r = i % KERNEL_ROWS;
    float *mean = floats + group * d * KERNEL_ROWS + r;
    float *prec = floats + rows * d + i, *offset = prec + rows;
    if (i >= p->k) {
        *offset = -HUGE_VALF;
        return;
    }
    double norm2 = 0.0;
    for (long j = 0; j < d; j++) {
        const double y = p->table.centred[i * d + j] * s->scale;
        mean[j * KERNEL_ROWS] = (float)y;
        norm2 += y * y;
    }
    const double g = p->prec[i] / p->table.sharpest;
    *prec = (float)g;
    *offset =
        p->w[i] > 0.0 ? (float)((p->logc[i] - most) / s->unit - g * norm2) : -HUGE_VALF;
}

/* Left out (mean = NULL) where two means are typically so near each other that most components count at most points:
   screening then only costs; and where numbers leave the range of doubles. */
static void prepare_single(gmm *p, float *floats)
{
    enum {
        MOST_SUMMED = 1 << 20
    }; /* rounded terms the bound of the error is good for */
    int exponent;
    double most;
    kernel_screen s = {.mean = NULL};
    const double reach = p->table.reach;
    if (!(reach > 1e-290 && reach < 1e290) || !isfinite(p->table.sharpest) ||
        p->d >= MOST_SUMMED)
        return;
    (void)frexp(reach, &exponent); /* reach < 2^exponent */
    s.scale = ldexp(1.0, -exponent);
    s.unit = HALF_LOG2E * pow(ldexp(sqrt(p->table.sharpest), exponent), 2.0);
    if (!(2.0 * mean_square(p, s.scale) * s.unit >= KERNEL_CUT)) return;
    logc_range(p, &most, &s.range);
    s.range /= s.unit;
    for (long i = 0; i < filled(p); i++) pack(p, &s, most, i, floats);
    s.mean = floats;
    s.prec = floats + filled(p) * p->d;
    s.offset = s.prec + filled(p);
    p->table.screen = s;
}

void gmm_prepare_screen(gmm *p)
{
    const long k = p->k;
    const long d = p->d;
    double *centre = p->screen;
    double *centred = centre + d;
    double *offset = centred + k * d;
    for (long i = 0; i < k; i++)
        for (long j = 0; j < d; j++) centre[j] += p->mu[i * d + j] / (double)k;
    for (long i = 0; i < k; i++) {
        double norm2 = 0.0;
        for (long j = 0; j < d; j++) {
            centred[i * d + j] = p->mu[i * d + j] - centre[j];
            norm2 += centred[i * d + j] * centred[i * d + j];
        }
        offset[i] = p->logc[i] - HALF_LOG2E * norm2 * p->prec[i];
        p->table.reach = fmax(p->table.reach, sqrt(norm2));
        p->table.sharpest = fmax(p->table.sharpest, p->prec[i]);
    }
    p->table.centre = centre;
    p->table.centred = centred;
    p->table.offset = offset;
    prepare_single(p, (float *)(void *)(offset + k));
}
