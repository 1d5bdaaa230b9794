/* What the kernels of high dimension screen isotropic mixtures by (see kernel.h). */
#include "internal.h"

#include <math.h>

static const double HALF_LOG2E = 0.72134752044448170368; /* log2(e)/2 */

/* Components, filled up to whole groups of rows. */
static long filled(const gmm *p)
{
    return (p->k + KERNEL_ROWS - 1L) / KERNEL_ROWS * KERNEL_ROWS;
}

/* Components of group g of rows. */
static int rows_of(const gmm *p, long g)
{
    const long left = p->k - g * KERNEL_ROWS;
    return left < KERNEL_ROWS ? (int)left : KERNEL_ROWS;
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

/* Group g of the arrays in float. */
static void pack(const gmm *p, const kernel_screen *s, double most, long g,
                 float *floats)
{
    const long d = p->d, first = g * KERNEL_ROWS;
    const int rows = rows_of(p, g);
    float *mean = floats + first * d;
    float *prec = floats + filled(p) * d + first, *offset = prec + filled(p);
    for (long j = 0; j < d; j++)
        for (int r = 0; r < rows; r++)
            mean[j * KERNEL_ROWS + r] =
                (float)(p->table.centred[(first + r) * d + j] * s->scale);
    for (int r = 0; r < rows; r++) {
        prec[r] = (float)(p->prec[first + r] / p->table.sharpest);
        offset[r] = (float)((p->table.offset[first + r] - most) / s->unit);
    }
    for (int r = rows; r < KERNEL_ROWS; r++) offset[r] = -HUGE_VALF;
}

/* Left out (mean = NULL) where two means are typically so near each other that most components count at most points:
   screening then only costs; and where numbers leave the range of doubles. square: mean |mu_i - c|^2. */
static void prepare_single(gmm *p, double square, float *floats)
{
    /* Rounded terms the bound of the error is good for. */
    enum { MOST_SUMMED = 1 << 20 };
    int exponent;
    double most;
    const double reach = p->table.reach;
    if (!(reach > 1e-150 && reach < 1e150) || p->d >= MOST_SUMMED) return;
    (void)frexp(reach, &exponent); /* reach < 2^exponent */
    kernel_screen s = {.scale = ldexp(1.0, -exponent)};
    s.unit = HALF_LOG2E * pow(ldexp(sqrt(p->table.sharpest), exponent), 2.0);
    const bool sparse = 2.0 * square * s.scale * s.scale * s.unit >= KERNEL_CUT;
    if (!sparse || !isfinite(s.unit)) return;
    logc_range(p, &most, &s.range);
    s.range /= s.unit;
    for (long g = 0; g < filled(p) / KERNEL_ROWS; g++) pack(p, &s, most, g, floats);
    s.mean = floats;
    s.prec = floats + filled(p) * p->d;
    s.offset = s.prec + filled(p);
    p->table.screen = s;
}

/* Means of group g minus the centre, a row at a time beside the others; norm2 <- |mu_i - c|^2. */
static void centre_means(const gmm *p, const double *centre, long g, double *centred,
                         double *norm2)
{
    const long d = p->d, first = g * KERNEL_ROWS;
    const int rows = rows_of(p, g);
    for (int r = 0; r < rows; r++) norm2[r] = 0.0;
    for (long j = 0; j < d; j++)
        for (int r = 0; r < rows; r++) {
            const double y = p->mu[(first + r) * d + j] - centre[j];
            centred[(first + r) * d + j] = y;
            norm2[r] += y * y;
        }
}

void gmm_prepare_screen(gmm *p)
{
    const long k = p->k;
    const long d = p->d;
    double *centre = p->screen;
    double *centred = centre + d;
    double *offset = centred + k * d;
    double square = 0.0;
    for (long i = 0; i < k; i++)
        for (long j = 0; j < d; j++) centre[j] += p->mu[i * d + j] / (double)k;
    for (long g = 0; g < filled(p) / KERNEL_ROWS; g++) {
        double norm2[KERNEL_ROWS];
        centre_means(p, centre, g, centred, norm2);
        for (int r = 0; r < rows_of(p, g); r++) {
            const long i = g * KERNEL_ROWS + r;
            offset[i] = p->logc[i] - HALF_LOG2E * norm2[r] * p->prec[i];
            p->table.reach = fmax(p->table.reach, sqrt(norm2[r]));
            p->table.sharpest = fmax(p->table.sharpest, p->prec[i]);
            square += norm2[r] / (double)k;
        }
    }
    p->table.centre = centre;
    p->table.centred = centred;
    p->table.offset = offset;
    prepare_single(p, square, (float *)(void *)(offset + k));
}
