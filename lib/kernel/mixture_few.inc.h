/* mixture_low for few components on the line and in the plane, isotropic or diagonal, without the divergence. k, d and
 * shape are constants: short loops over components are unrolled, and up to four logits a lane stay in registers. The
 * same operations in the same order, so the same bits.
 */

enum { FEW_K = 8, FEW_D = 2, FEW_GROUP = 8 * TILE };

/* Coordinates, logits and scores of TILE points. */
typedef struct {
    double x[FEW_D][TILE], l[FEW_K][TILE], s[FEW_D][TILE];
} few_tile;

/* g_j of component i over its scale, from z = mu_ij - x_j. */
INLINE double few_pull(int d, int shape, const kernel_mixture *m, int i, int j,
                       double z)
{
    return shape == KERNEL_DIAGONAL ? m->prec[i * d + j] * z : z;
}

/* Isotropic: the precision is taken out of the loops over coordinates. */
INLINE double few_scale(int shape, const kernel_mixture *m, int i)
{
    return shape == KERNEL_ISOTROPIC ? m->prec[i] : 1.0;
}

/* t->l <- logits, top <- their maxima. */
INLINE void few_logits(int d, int shape, int k, const kernel_mixture *m,
                       few_tile *restrict t, double *restrict top)
{
    EACH_LANE (e) top[e] = -HUGE_VAL;
    for (int i = 0; i < k; i++) {
        const double h = -HALF_LOG2E * few_scale(shape, m, i);
        EACH_LANE (e) {
            double q = 0.0;
            for (int j = 0; j < d; j++) {
                double z = m->mu[i * d + j] - t->x[j][e];
                q = fma(few_pull(d, shape, m, i, j, z), z, q);
            }
            t->l[i][e] = fma(h, q, m->logc[i]);
            top[e] = t->l[i][e] > top[e] ? t->l[i][e] : top[e];
        }
    }
}

/* sum <- those of the weights r_i = 2^{l_i - top}, t->s <- those of r_i g_i. */
INLINE void few_sums(int d, int shape, int k, const kernel_mixture *m,
                     few_tile *restrict t, const double *restrict top,
                     double *restrict sum)
{
    EACH_LANE (e) sum[e] = 0.0;
    for (int j = 0; j < d; j++)
        EACH_LANE (e) t->s[j][e] = 0.0;
    for (int i = 0; i < k; i++) {
        const double scale = few_scale(shape, m, i);
        EACH_LANE (e) {
            double r = simd_exp2(t->l[i][e] - top[e]);
            sum[e] += r;
            r *= scale;
            for (int j = 0; j < d; j++) {
                double g = few_pull(d, shape, m, i, j, m->mu[i * d + j] - t->x[j][e]);
                t->s[j][e] = fma(r, g, t->s[j][e]);
            }
        }
    }
}

/* score <- those of TILE points; top, sum: of the weights, for their log-densities. */
INLINE void few_scores(int d, int shape, int k, const kernel_mixture *m,
                       const double *restrict points, double *restrict top,
                       double *restrict sum, double *restrict score)
{
    few_tile t;
    EACH_LANE (e)
        for (int j = 0; j < d; j++) t.x[j][e] = points[e * d + j];
    few_logits(d, shape, k, m, &t, top);
    few_sums(d, shape, k, m, &t, top, sum);
    EACH_LANE (e)
        for (int j = 0; j < d; j++) score[e * d + j] = t.s[j][e] / sum[e];
}

/* n points, a multiple of TILE, by groups as in mixture_low. */
INLINE void few_tiles(int d, int shape, int k, const kernel_mixture *m,
                      const kernel_points *p, long n)
{
    double top[FEW_GROUP], sum[FEW_GROUP];
    for (long group = 0; group < n; group += FEW_GROUP) {
        const long here = n - group < FEW_GROUP ? n - group : FEW_GROUP;
        for (long i = 0; i < here; i += TILE)
            few_scores(d, shape, k, m, p->x + (group + i) * d, top + i, sum + i,
                       p->s + (group + i) * d);
        if (p->logp == NULL) continue;
#pragma omp simd
        for (long i = 0; i < here; i++) p->logp[group + i] = log_sum(top[i], sum[i]);
    }
}

/* The first points of p, as far as they are contiguous and fill tiles; their number. */
INLINE long few_points(int d, int shape, const kernel_mixture *m,
                       const kernel_points *p)
{
    const long n = p->n / TILE * TILE;
    if (m->k > FEW_K || d > FEW_D || shape == KERNEL_FULL || p->div != NULL) return 0;
    if (p->s == NULL || p->ldx != d || p->lds != d) return 0;
    if (m->k == 1) few_tiles(d, shape, 1, m, p, n);
    if (m->k == 2) few_tiles(d, shape, 2, m, p, n);
    if (m->k == 3) few_tiles(d, shape, 3, m, p, n);
    if (m->k == 4) few_tiles(d, shape, 4, m, p, n);
    if (m->k == 5) few_tiles(d, shape, 5, m, p, n);
    if (m->k == 6) few_tiles(d, shape, 6, m, p, n);
    if (m->k == 7) few_tiles(d, shape, 7, m, p, n);
    if (m->k == 8) few_tiles(d, shape, 8, m, p, n);
    return n;
}
