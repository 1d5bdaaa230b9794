/* Score, log-density and divergence of a Gaussian mixture in low dimension, d <= 8.
 *
 * Points are taken LOW_TILE at a time, coordinate by coordinate (structure of arrays): the innermost
 * loop runs over them and is the vector loop. Three passes over the components, with logits l_i
 * in base 2 and weights r_i = 2^{l_i - max l}, exactly 0 below 2^-1000:
 *
 *   1  l_i = log2 w_i - (1/2) log2 det 2 pi C_i - (log2 e / 2) (x-mu_i)^T C_i^{-1} (x-mu_i)
 *   2  s = sum r_i g_i / sum r_i,  g_i = C_i^{-1} (mu_i - x)
 *   3  div s = sum r_i (|g_i - s|^2 - tr C_i^{-1}) / sum r_i
 *
 * mu_i - x is formed first: sums of mu_i x and |x|^2 would lose the digits that matter when the
 * variances are small. In pass 3, |g_i|^2 - |s|^2 would cancel.
 *
 * d and shape are constants wherever these functions are inlined.
 */

enum { LOW_TILE = KERNEL_LOW_TILE, LOW_GROUP = 8 * LOW_TILE };

/* The loop over the points of a tile: the vector loop. */
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define EACH_POINT(e) _Pragma("omp simd") for (int e = 0; e < LOW_TILE; e++)

/* A tile of points and what is found for them; coordinate j of point e at [j][e]. */
typedef struct {
    double x[KERNEL_LOW][LOW_TILE], s[KERNEL_LOW][LOW_TILE];
    double top[LOW_TILE], sum[LOW_TILE], div[LOW_TILE];
    double y[KERNEL_LOW][LOW_TILE],
        g[KERNEL_LOW][LOW_TILE]; /* FULL: L^{-1}(mu-x), C^{-1}(mu-x) */
} low_tile;

/* FULL: t->y <- L^{-1} (mu - x). */
INLINE void low_whiten(int d, const double *mu, const double *prec, low_tile *t)
{
    for (int a = 0; a < d; a++) {
        double *y = t->y[a];
        EACH_POINT(e) y[e] = prec[(long)a * d] * (mu[0] - t->x[0][e]);
        for (int b = 1; b <= a; b++) {
            const double *x = t->x[b];
            EACH_POINT(e) y[e] = fma(prec[a * d + b], mu[b] - x[e], y[e]);
        }
    }
}

/* FULL: t->g <- C^{-1} (mu - x). */
INLINE void low_pull_full(int d, const double *mu, const double *prec, low_tile *t)
{
    low_whiten(d, mu, prec, t);
    for (int b = 0; b < d; b++) {
        double *g = t->g[b];
        EACH_POINT(e) g[e] = prec[b * d + b] * t->y[b][e];
        for (int a = b + 1; a < d; a++)
            EACH_POINT(e) g[e] = fma(prec[a * d + b], t->y[a][e], g[e]);
    }
}

/* An isotropic precision is taken out of the loops over coordinates: g and the quadratic form are
   low_scale times low_pull and low_form. */
INLINE double low_scale(int shape, const double *prec)
{
    return shape == KERNEL_ISOTROPIC ? prec[0] : 1.0;
}

/* g_j / scale in lane e; FULL: found by low_pull_full before. */
INLINE double low_pull(int shape, const double *mu, const double *prec,
                       const low_tile *t, int j, int e)
{
    if (shape == KERNEL_FULL) return t->g[j][e];
    const double z = mu[j] - t->x[j][e];
    return shape == KERNEL_DIAGONAL ? prec[j] * z : z;
}

/* (x - mu)^T C^{-1} (x - mu) / scale in lane e; FULL: after low_whiten. */
INLINE double low_form(int d, int shape, const double *mu, const double *prec,
                       const low_tile *t, int e)
{
    double q = 0.0;
    for (int j = 0; j < d; j++) {
        double z = shape == KERNEL_FULL ? t->y[j][e] : mu[j] - t->x[j][e];
        q = fma(shape == KERNEL_DIAGONAL ? prec[j] * z : z, z, q);
    }
    return q;
}

/* Pass 1: l <- logits, k x LOW_TILE; t->top <- their maxima. What is carried from component to
   component stands in local arrays here and below, so that it can stay in registers. */
INLINE void low_logits(int d, int shape, const kernel_mixture *m, low_tile *restrict t,
                       double *restrict l)
{
    double top[LOW_TILE];
    EACH_POINT(e) top[e] = -HUGE_VAL;
    for (long i = 0; i < m->k; i++) {
        const double *mu = m->mu + i * d;
        const double *prec = m->prec + i * precision_size(d, shape);
        const double logc = m->logc[i], h = -HALF_LOG2E * low_scale(shape, prec);
        if (shape == KERNEL_FULL) low_whiten(d, mu, prec, t);
        EACH_POINT(e)
        {
            double logit = fma(h, low_form(d, shape, mu, prec, t, e), logc);
            l[i * LOW_TILE + e] = logit;
            top[e] = logit > top[e] ? logit : top[e];
        }
    }
    EACH_POINT(e) t->top[e] = top[e];
}

/* Pass 2: l <- weights r, t->sum <- their sums, t->s <- scores. */
INLINE void low_scores(int d, int shape, const kernel_mixture *m, low_tile *restrict t,
                       double *restrict l)
{
    double sum[LOW_TILE], s[KERNEL_LOW][LOW_TILE];
    EACH_POINT(e) sum[e] = 0.0;
    for (int j = 0; j < d; j++) EACH_POINT(e) s[j][e] = 0.0;
    for (long i = 0; i < m->k; i++) {
        const double *mu = m->mu + i * d;
        const double *prec = m->prec + i * precision_size(d, shape);
        const double scale = low_scale(shape, prec);
        if (shape == KERNEL_FULL) low_pull_full(d, mu, prec, t);
        EACH_POINT(e)
        {
            double r = simd_exp2(l[i * LOW_TILE + e] - t->top[e]);
            l[i * LOW_TILE + e] = r;
            sum[e] += r;
            r *= scale;
            for (int j = 0; j < d; j++)
                s[j][e] = fma(r, low_pull(shape, mu, prec, t, j, e), s[j][e]);
        }
    }
    EACH_POINT(e) t->sum[e] = sum[e];
    for (int j = 0; j < d; j++) EACH_POINT(e) t->s[j][e] = s[j][e] / sum[e];
}

/* tr C^{-1}; FULL: |L^{-1}|_F^2. */
INLINE double trace_of_precision(int d, int shape, const double *prec)
{
    double trace = 0.0;
    for (long j = 0; j < precision_size(d, shape); j++)
        trace += shape == KERNEL_FULL ? prec[j] * prec[j] : prec[j];
    return shape == KERNEL_ISOTROPIC ? d * trace : trace;
}

/* Pass 3: t->div, from the weights l and the scores t->s. */
INLINE void low_divergences(int d, int shape, const kernel_mixture *m,
                            low_tile *restrict t, const double *restrict l)
{
    EACH_POINT(e) t->div[e] = 0.0;
    for (long i = 0; i < m->k; i++) {
        const double *mu = m->mu + i * d;
        const double *prec = m->prec + i * precision_size(d, shape);
        const double scale = low_scale(shape, prec);
        const double trace = trace_of_precision(d, shape, prec);
        if (shape == KERNEL_FULL) low_pull_full(d, mu, prec, t);
        EACH_POINT(e)
        {
            double spread = 0.0;
            for (int j = 0; j < d; j++) {
                double z = fma(scale, low_pull(shape, mu, prec, t, j, e), -t->s[j][e]);
                spread = fma(z, z, spread);
            }
            t->div[e] = fma(l[i * LOW_TILE + e], spread - trace, t->div[e]);
        }
    }
    EACH_POINT(e) t->div[e] /= t->sum[e];
}

/* Points from .. from + LOW_TILE - 1 into t; lanes beyond the last point repeat it. */
INLINE void low_load(int d, const kernel_points *p, long from, low_tile *t)
{
    const double *x = p->x + from * p->ldx;
    if (p->n - from >= LOW_TILE && p->ldx == d) { /* constant stride: vector loads */
        EACH_POINT(e)
        for (int j = 0; j < d; j++) t->x[j][e] = x[(long)e * d + j];
        return;
    }
    for (long e = 0; e < LOW_TILE; e++) {
        long point = e < p->n - from ? e : p->n - from - 1;
        for (int j = 0; j < d; j++) t->x[j][e] = x[point * p->ldx + j];
    }
}

INLINE void low_store(int d, const kernel_points *p, long from, const low_tile *t)
{
    const long kept = p->n - from < LOW_TILE ? p->n - from : LOW_TILE;
    if (p->div != NULL) memcpy(p->div + from, t->div, (size_t)kept * sizeof t->div[0]);
    if (p->s == NULL) return;
    double *s = p->s + from * p->lds;
    if (kept == LOW_TILE && p->lds == d) {
        EACH_POINT(e)
        for (int j = 0; j < d; j++) s[e * d + j] = t->s[j][e];
        return;
    }
    for (long e = 0; e < kept; e++)
        for (int j = 0; j < d; j++) s[e * p->lds + j] = t->s[j][e];
}

/* What few_points leaves, by groups of tiles: the logarithms of a group are taken together at its end, since one
   tile's would be too few to hide their latency. */
INLINE void low_points(int d, int shape, const kernel_mixture *m,
                       const kernel_points *p, double *restrict work)
{
    low_tile t;
    double top[LOW_GROUP], sum[LOW_GROUP];
    for (long group = few_points(d, shape, m, p); group < p->n; group += LOW_GROUP) {
        const long end = p->n - group < LOW_GROUP ? p->n : group + LOW_GROUP;
        for (long from = group; from < end; from += LOW_TILE) {
            low_load(d, p, from, &t);
            low_logits(d, shape, m, &t, work);
            low_scores(d, shape, m, &t, work);
            if (p->div != NULL) low_divergences(d, shape, m, &t, work);
            low_store(d, p, from, &t);
            memcpy(top + (from - group), t.top, sizeof t.top);
            memcpy(sum + (from - group), t.sum, sizeof t.sum);
        }
        if (p->logp == NULL) continue;
#pragma omp simd
        for (long i = 0; i < end - group; i++)
            p->logp[group + i] = log_sum(top[i], sum[i]);
    }
}

/* One function per shape and dimension: mixture_low_1_0 .. mixture_low_8_2. */
#define MIXTURE_LOW(d, shape)                                                          \
    static void mixture_low_##d##_##shape(const kernel_mixture *m,                     \
                                          const kernel_points *p, double *work)        \
    {                                                                                  \
        low_points(d, shape, m, p, work);                                              \
    }
#define MIXTURE_LOW_SHAPES(d) MIXTURE_LOW(d, 0) MIXTURE_LOW(d, 1) MIXTURE_LOW(d, 2)
#define MIXTURE_LOW_ROW(d)                                                             \
    {                                                                                  \
        mixture_low_##d##_0, mixture_low_##d##_1, mixture_low_##d##_2                  \
    }
MIXTURE_LOW_SHAPES(1)
MIXTURE_LOW_SHAPES(2)
MIXTURE_LOW_SHAPES(3)
MIXTURE_LOW_SHAPES(4)
MIXTURE_LOW_SHAPES(5)
MIXTURE_LOW_SHAPES(6)
MIXTURE_LOW_SHAPES(7)
MIXTURE_LOW_SHAPES(8)
