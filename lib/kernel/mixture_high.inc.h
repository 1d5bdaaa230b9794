/* Score and log-density of a Gaussian mixture in high dimension, d > 8.
 *
 * Points are again taken TILE at a time, one a lane. Almost all the work is products of a matrix
 * with a tile; they are formed here rather than by a BLAS, whose result for a point would depend
 * on where in a block it stands and on the core it was built for.
 *
 * Isotropic components: with y_i = mu_i - c and y = x - c, c the mean of the means,
 *
 *   l_i = log2 (w_i / sqrt det 2 pi C_i) - (log2 e / 2 v_i) (|y_i|^2 - 2 y_i.y + |y|^2)
 *
 * costs one product, but loses digits when v_i is small. So it only screens: the components
 * within e^-50 of the largest, plus the bound of the error, are computed again from mu_i - x.
 * Where they are many (the variances are then large, and the bound small) their sum is a
 * second product.
 */

/* Components with less than 2^-CUT = e^-50 of the largest weight are left out. */
static const double CUT = 72.0;
/* Largest error of a logit (bound; what is seen is some 30 times less) with which the screening
   product may stand as the result. */
static const double FAITHFUL = 0x1p-36;

/* Where things stand in the work array. */
typedef struct {
    double *x;    /* d x TILE: the points, minus the centre if isotropic */
    double *l;    /* k x TILE: logits, then weights */
    double *peak; /* ceil(k/ROWS) x TILE: largest logits of blocks of ROWS components */
    double *y, *g, *s; /* d x TILE */
    double *exact;     /* k: logits computed again */
    int *index;        /* k: of which components */
} high_work;

enum { ROWS = 8 }; /* rows of a product formed at once */

// NOLINTNEXTLINE(readability-non-const-parameter): written to through the result
static high_work high_layout(const kernel_mixture *m, double *work)
{
    const long k = m->k, d = m->d;
    high_work w = {.x = work};
    w.l = w.x + d * TILE;
    w.peak = w.l + k * TILE;
    w.y = w.peak + (k + ROWS - 1) / ROWS * TILE;
    w.g = w.y + d * TILE;
    w.s = w.g + d * TILE;
    w.exact = w.s + d * TILE;
    w.index = (int *)(void *)(w.exact + k);
    return w;
}

/* rows (a constant <= ROWS) rows of Y = A X: A (rows x n) with entry (r, b) at A + r*rs + b*cs,
   X (n x TILE), Y (rows x TILE). Every entry is one chain of fma in the order of b; the sums
   stay in registers. */
INLINE void product_rows(int rows, long n, const double *restrict A, long rs, long cs,
                         const double *restrict X, double *restrict Y)
{
    double y[ROWS][TILE];
    for (int r = 0; r < rows; r++)
        EACH_LANE (e) y[r][e] = 0.0;
    for (long b = 0; b < n; b++)
        for (int r = 0; r < rows; r++) {
            const double a = A[r * rs + b * cs];
            EACH_LANE (e) y[r][e] = fma(a, X[b * TILE + e], y[r][e]);
        }
    for (int r = 0; r < rows; r++)
        EACH_LANE (e) Y[r * TILE + e] = y[r][e];
}

/* Any number of rows; the same chains. */
static void product(long rows, long n, const double *restrict A, long rs, long cs,
                    const double *restrict X, double *restrict Y)
{
    long r = 0;
    for (; r + ROWS <= rows; r += ROWS)
        product_rows(ROWS, n, A + r * rs, rs, cs, X, Y + r * TILE);
    for (; r < rows; r++) product_rows(1, n, A + r * rs, rs, cs, X, Y + r * TILE);
}

/* Four by four numbers, rows exchanged with columns. */
typedef double quad __attribute__((vector_size(4 * sizeof(double))));
INLINE void transpose4(quad r[4])
{
    const quad a = __builtin_shufflevector(r[0], r[1], 0, 4, 2, 6);
    const quad b = __builtin_shufflevector(r[0], r[1], 1, 5, 3, 7);
    const quad c = __builtin_shufflevector(r[2], r[3], 0, 4, 2, 6);
    const quad d = __builtin_shufflevector(r[2], r[3], 1, 5, 3, 7);
    r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    r[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    r[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

/* Columns j .. j + 3 of four rows to lanes, and back. */
INLINE void rows_to_lanes(const double *const *row, long j, double *restrict x)
{
    quad r[4];
    for (int e = 0; e < 4; e++) memcpy(&r[e], row[e] + j, sizeof r[e]);
    transpose4(r);
    for (long i = 0; i < 4; i++) memcpy(x + i * TILE, &r[i], sizeof r[i]);
}

INLINE void lanes_to_rows(const double *restrict x, long j, double *const *row)
{
    quad r[4];
    for (long i = 0; i < 4; i++) memcpy(&r[i], x + i * TILE, sizeof r[i]);
    transpose4(r);
    for (int e = 0; e < 4; e++) memcpy(row[e] + j, &r[e], sizeof r[e]);
}

/* Points from .. from + TILE - 1, minus the centre (NULL: 0), into x, d x TILE; lanes beyond the
   last point repeat it. */
static void high_load(const kernel_mixture *m, const kernel_points *p, long from,
                      const double *centre, double *restrict x)
{
    const double *row[TILE];
    for (long e = 0; e < TILE; e++)
        row[e] = p->x + (from + e < p->n ? from + e : p->n - 1) * p->ldx;
    long j = 0;
    for (; j + 4 <= m->d; j += 4)
        for (int e = 0; e < TILE; e += 4) rows_to_lanes(row + e, j, x + j * TILE + e);
    for (; j < m->d; j++)
        for (int e = 0; e < TILE; e++) x[j * TILE + e] = row[e][j];
    for (j = 0; j < m->d && centre != NULL; j++)
        EACH_LANE (e) x[j * TILE + e] -= centre[j];
}

/* The scores of a tile, d x TILE, to their rows. */
static void high_store(long d, const kernel_points *p, long from,
                       const double *restrict s)
{
    double *row[TILE];
    const long n = p->n - from < TILE ? p->n - from : TILE;
    for (long e = 0; e < n; e++) row[e] = p->s + (from + e) * p->lds;
    long j = 0;
    for (; j + 4 <= d && n == TILE; j += 4)
        for (int e = 0; e < TILE; e += 4) lanes_to_rows(s + j * TILE + e, j, row + e);
    for (; j < d; j++)
        for (long e = 0; e < n; e++) row[e][j] = s[j * TILE + e];
}

/* ---- Isotropic ----------------------------------------------------------------- */

/* |x - mu|^2 in TILE interleaved partial sums, added in a fixed tree. */
static double distance2(long d, const double *restrict x, const double *restrict mu)
{
    double part[TILE] = {0.0};
    const long whole = d - d % TILE;
    for (long j = 0; j < whole; j += TILE)
        EACH_LANE (e) {
            double z = mu[j + e] - x[j + e];
            part[e] = fma(z, z, part[e]);
        }
    for (long j = whole; j < d; j++) {
        double z = mu[j] - x[j];
        part[j - whole] = fma(z, z, part[j - whole]);
    }
    for (int half = TILE / 2; half > 0; half /= 2)
        for (int e = 0; e < half; e++) part[e] += part[e + half];
    return part[0];
}

/* One point from `count` components by mu_i - x. */
static void score_direct(const kernel_mixture *m, const double *restrict x, int count,
                         const high_work *w, double *logp, double *restrict s)
{
    const long d = m->d;
    double top = count > 0 ? -HUGE_VAL : (double)NAN;
    for (int c = 0; c < count; c++) {
        const long i = w->index[c];
        double q = distance2(d, x, m->mu + i * d);
        w->exact[c] = fma(-HALF_LOG2E * m->prec[i], q, m->logc[i]);
        top = w->exact[c] > top ? w->exact[c] : top;
    }
    double sum = 0.0;
    for (int c = 0; c < count; c++) {
        w->exact[c] = simd_exp2(w->exact[c] - top);
        sum += w->exact[c];
    }
    if (logp != NULL) *logp = log_sum(top, sum);
    if (s == NULL) return;
    if (count == 0) /* x is not finite */
        for (long j = 0; j < d; j++) s[j] = top;
    for (int c = 0; c < count; c++) {
        const long i = w->index[c];
        const double r = w->exact[c] / sum * m->prec[i];
        const double *restrict mu = m->mu + i * d;
        if (c ==
            0) { /* s is not read: that would cost as much memory traffic as writing it */
#pragma omp simd
            for (long j = 0; j < d; j++) s[j] = r * (mu[j] - x[j]);
            continue;
        }
#pragma omp simd
        for (long j = 0; j < d; j++) s[j] = fma(r, mu[j] - x[j], s[j]);
    }
}

/* norm2 <- |x|^2 of the points of a tile. */
static void high_norms(long d, const double *restrict x, double *restrict norm2)
{
    EACH_LANE (e) norm2[e] = 0.0;
    for (long j = 0; j < d; j++)
        EACH_LANE (e) norm2[e] = fma(x[j * TILE + e], x[j * TILE + e], norm2[e]);
}

/* w->l, w->peak, top <- the screening logits of a tile, norm2 = |y|^2. */
static void high_screen(const kernel_mixture *m, const high_work *w,
                        const double *restrict norm2, double *restrict top)
{
    EACH_LANE (e) top[e] = -HUGE_VAL;
    product(m->k, m->d, m->centred, m->d, 1, w->x, w->l);
    for (long block = 0; block * ROWS < m->k; block++) {
        double *restrict peak = w->peak + block * TILE;
        EACH_LANE (e) peak[e] = -HUGE_VAL;
        for (long i = block * ROWS; i < m->k && i < (block + 1) * ROWS; i++) {
            const double h = HALF_LOG2E * m->prec[i], offset = m->offset[i];
            double *restrict l = w->l + i * TILE;
            EACH_LANE (e) {
                l[e] = fma(h, fma(2.0, l[e], -norm2[e]), offset);
                peak[e] = l[e] > peak[e] ? l[e] : peak[e];
            }
        }
        EACH_LANE (e) top[e] = peak[e] > top[e] ? peak[e] : top[e];
    }
}

/* w->index <- the components of lane e with a logit >= cut; returns how many. */
static int high_survivors(const kernel_mixture *m, const high_work *w, int e,
                          double cut)
{
    int count = 0;
    for (int i = 0; i < m->k; i += ROWS) {
        if (!(w->peak[i / ROWS * TILE + e] >= cut)) continue;
        for (int a = i; a < m->k && a < i + ROWS; a++)
            if (w->l[(long)a * TILE + e] >= cut) w->index[count++] = a;
    }
    return count;
}

/* All lanes at once from the screening logits: w->g <- scores (d x TILE), logp. */
static void high_scores(const kernel_mixture *m, const high_work *w,
                        const double *restrict top, double *restrict logp)
{
    double sum[TILE] = {0.0}, pull[TILE] = {0.0}; /* sum r_i, sum r_i/v_i */
    for (long i = 0; i < m->k; i++) {
        const double prec = m->prec[i];
        double *restrict l = w->l + i * TILE;
        EACH_LANE (e) {
            double r = simd_exp2(l[e] - top[e]);
            sum[e] += r;
            l[e] = prec * r;
            pull[e] += l[e];
        }
    }
    product(m->d, m->k, m->centred, 1, m->d, w->l, w->g);
    EACH_LANE (e) logp[e] = log_sum(top[e], sum[e]);
    EACH_LANE (e) sum[e] = 1.0 / sum[e];
    for (long j = 0; j < m->d; j++)
        EACH_LANE (e) {
            double g = fma(-pull[e], w->x[j * TILE + e], w->g[j * TILE + e]);
            w->g[j * TILE + e] = g * sum[e];
        }
}

/* The bound of a screening logit's error: |y_i.y| and its like are sums of d + 3 rounded terms,
   each at most (|y| + reach)^2 in total. */
INLINE double screening_error(const kernel_mixture *m, double norm2)
{
    double size = sqrt(norm2) + m->reach;
    return (m->d + 8) * 0x1p-52 * HALF_LOG2E * m->sharpest * size * size;
}

/* Point `point`, lane e, by its survivors; false if they are too many and the screening logits
   good enough to stand. */
static bool high_sparse(const kernel_mixture *m, const kernel_points *p, long point,
                        const high_work *w, int e, double top, double norm2)
{
    const int few = m->k / 8 > 4 ? m->k / 8 : 4;
    const double error = screening_error(m, norm2);
    const int count = high_survivors(m, w, e, top - CUT - 2.0 * error);
    if (count > few && error <= FAITHFUL) return false;
    score_direct(m, p->x + point * p->ldx, count, w,
                 p->logp == NULL ? NULL : p->logp + point,
                 p->s == NULL ? NULL : p->s + point * p->lds);
    return true;
}

/* The points of a tile that high_sparse has left. */
static void high_dense(const kernel_mixture *m, const kernel_points *p, long from,
                       const high_work *w, const bool *left, const double *top)
{
    double logp[TILE];
    high_scores(m, w, top, logp);
    for (int e = 0; e < TILE; e++) {
        if (!left[e]) continue;
        if (p->logp != NULL) p->logp[from + e] = logp[e];
        if (p->s == NULL) continue;
        double *restrict s = p->s + (from + e) * p->lds;
        for (long j = 0; j < m->d; j++) s[j] = w->g[j * TILE + e];
    }
}

static void mixture_high_isotropic(const kernel_mixture *m, const kernel_points *p,
                                   double *work)
{
    const high_work w = high_layout(m, work);
    double norm2[TILE], top[TILE];
    for (long from = 0; from < p->n; from += TILE) {
        high_load(m, p, from, m->centre, w.x);
        high_norms(m->d, w.x, norm2);
        high_screen(m, &w, norm2, top);
        bool left[TILE] = {false}, some_left = false;
        for (int e = 0; e < TILE && from + e < p->n; e++) {
            left[e] = !high_sparse(m, p, from + e, &w, e, top[e], norm2[e]);
            some_left = some_left || left[e];
        }
        if (some_left) high_dense(m, p, from, &w, left, top);
    }
}

/* ---- Diagonal and full --------------------------------------------------------- */

/* w->y <- L^{-1} (mu - x) for lower triangular L^{-1}; w->g is scratch. */
static void high_whiten(long d, const double *mu, const double *prec,
                        const high_work *w)
{
    for (long j = 0; j < d; j++)
        EACH_LANE (e) w->g[j * TILE + e] = mu[j] - w->x[j * TILE + e];
    for (long a = 0; a < d; a += ROWS) {
        const long rows = d - a < ROWS ? d - a : ROWS;
        product(rows, a + rows, prec + a * d, d, 1, w->g, w->y + a * TILE);
    }
}

/* w->g <- C_i^{-1} (mu_i - x), C_i full. */
static void high_pull(const kernel_mixture *m, long i, const high_work *w)
{
    const long d = m->d;
    const double *prec = m->prec + i * d * d;
    high_whiten(d, m->mu + i * d, prec, w);
    for (long b = 0; b < d;
         b += ROWS) { /* rows b .. of L^{-T}: zero left of column b */
        const long rows = d - b < ROWS ? d - b : ROWS;
        product(rows, d - b, prec + b * d + b, 1, d, w->y + b * TILE, w->g + b * TILE);
    }
}

/* q <- (x - mu_i)^T C_i^{-1} (x - mu_i). */
static void high_form(const kernel_mixture *m, long i, const high_work *w,
                      double *restrict q)
{
    const long d = m->d;
    const double *mu = m->mu + i * d;
    const double *prec = m->prec + i * precision_size(m->d, m->shape);
    EACH_LANE (e) q[e] = 0.0;
    if (m->shape == KERNEL_FULL) high_whiten(d, mu, prec, w);
    for (long j = 0; j < d; j++) {
        const double *x = w->x + j * TILE, *y = w->y + j * TILE;
        if (m->shape == KERNEL_FULL)
            EACH_LANE (e) q[e] = fma(y[e], y[e], q[e]);
        else
            EACH_LANE (e) q[e] = fma(prec[j] * (mu[j] - x[e]), mu[j] - x[e], q[e]);
    }
}

/* w->l <- weights over their sum, below 2^-CUT flushed to 0; logp. */
static void high_weights(const kernel_mixture *m, const high_work *w,
                         double *restrict logp)
{
    double q[TILE], top[TILE], sum[TILE] = {0.0};
    EACH_LANE (e) top[e] = -HUGE_VAL;
    for (long i = 0; i < m->k; i++) {
        double *restrict l = w->l + i * TILE;
        high_form(m, i, w, q);
        EACH_LANE (e) {
            l[e] = fma(-HALF_LOG2E, q[e], m->logc[i]);
            top[e] = l[e] > top[e] ? l[e] : top[e];
        }
    }
    for (long i = 0; i < m->k; i++) {
        double *restrict l = w->l + i * TILE;
        EACH_LANE (e) {
            double r = simd_exp2(l[e] - top[e]);
            l[e] = r < 0x1p-72 ? 0.0 : r;
            sum[e] += l[e];
        }
    }
    EACH_LANE (e) logp[e] = log_sum(top[e], sum[e]);
    EACH_LANE (e) sum[e] = 1.0 / sum[e];
    for (long i = 0; i < m->k; i++)
        EACH_LANE (e) w->l[i * TILE + e] *= sum[e];
}

static bool all_zero(const double *x)
{
    for (int e = 0; e < TILE; e++)
        if (x[e] != 0.0) return false;
    return true;
}

/* w->s += r_i C_i^{-1} (mu_i - x). */
static void high_add(const kernel_mixture *m, long i, const high_work *w)
{
    const double *restrict r = w->l + i * TILE;
    const double *mu = m->mu + i * m->d, *prec = m->prec + i * m->d;
    if (all_zero(r)) return;
    if (m->shape == KERNEL_FULL) high_pull(m, i, w);
    for (long j = 0; j < m->d; j++) {
        const double *restrict x = w->x + j * TILE, *restrict g = w->g + j * TILE;
        double *restrict s = w->s + j * TILE;
        if (m->shape == KERNEL_FULL)
            EACH_LANE (e) s[e] = fma(r[e], g[e], s[e]);
        else
            EACH_LANE (e) s[e] = fma(r[e], prec[j] * (mu[j] - x[e]), s[e]);
    }
}

static void mixture_high_general(const kernel_mixture *m, const kernel_points *p,
                                 double *work)
{
    const high_work w = high_layout(m, work);
    double logp[TILE];
    for (long from = 0; from < p->n; from += TILE) {
        high_load(m, p, from, NULL, w.x);
        high_weights(m, &w, logp);
        for (int e = 0; e < TILE && from + e < p->n && p->logp != NULL; e++)
            p->logp[from + e] = logp[e];
        if (p->s == NULL) continue;
        memset(w.s, 0, (size_t)m->d * TILE * sizeof *w.s);
        for (long i = 0; i < m->k; i++) high_add(m, i, &w);
        high_store(m->d, p, from, w.s);
    }
}
