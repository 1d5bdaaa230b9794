/* Isotropic components screened in single precision.
 *
 * In units of S, a power of two >= reach >= |y_i|, a_i = (mu_i - c)/S and b = (x - c)/S; logits in
 * units of (log2 e / 2) S^2 max 1/v_i, less a constant:
 *
 *   u_i = o_i + g_i (2 a_i.b - |b|^2),   g_i = (1/v_i) / max 1/v_i <= 1,   |o_i| <= range + |a_i|^2.
 *
 * Rounding. With e = 2^-24, each of a_i, b, o_i, g_i and |b|^2 is rounded once, and a_i.b is a chain of d
 * fused operations, so that its error is at most (d + 2) e |a_i| |b| to first order; with the two
 * operations that follow it
 *
 *   |fl(u_i) - u_i| <= e ((d + 5) 2 |a_i| |b| + 4 |b|^2 + 2 |o_i|)
 *                   <= e ((d + 13)/2 (1 + |b|)^2 + 2 range),
 *
 * as |a_i| <= 1 and d >= 4. screening_error_single has twice this and more: room for the terms of second
 * order (d e < 1/16) and for what underflows, at most 2^-125 a term. Points further out than 2^20 S,
 * where the bound exceeds all differences and squares might overflow, are left to the double product,
 * as are those with many components above the cut.
 */

/* Eight by eight numbers, rows exchanged with columns: three times the perfect shuffle of the rows. */
typedef float octet __attribute__((vector_size(8 * sizeof(float))));
INLINE void transpose8(octet r[8])
{
    for (int stage = 0; stage < 3; stage++) {
        octet t[8];
        for (long i = 0; i < 4; i++) {
            const octet a = r[i], b = r[i + 4];
            t[2 * i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
            t[2 * i + 1] = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
        }
        for (int i = 0; i < 8; i++) r[i] = t[i];
    }
}

/* b <- a point in units of S, then 0 up to a multiple of eight; returns |b|^2. Reading from memory sets the pace: a row to
   come is fetched into the second cache meanwhile, not into the first, where it would be in the way. */
static double single_row(const kernel_mixture *m, const double *restrict row,
                         const double *to_come, float *restrict b)
{
    const double *restrict centre = m->centre;
    const double scale = m->screen.scale;
    double sum[8] = {0.0};
    long j = 0;
    for (; j + 8 <= m->d; j += 8) {
        __builtin_prefetch(to_come + j, 0, 2);
#pragma omp simd
        for (int a = 0; a < 8; a++) {
            const double y = (row[j + a] - centre[j + a]) * scale;
            sum[a] = fma(y, y, sum[a]);
            b[j + a] = (float)y;
        }
    }
    for (int a = 0; a < 8 && j < m->d; a++) {
        const double y = j + a < m->d ? (row[j + a] - centre[j + a]) * scale : 0.0;
        sum[a] = fma(y, y, sum[a]);
        b[j + a] = (float)y;
    }
    return sum_of_eight(sum);
}

/* x (count x WIDE, count rounded up to eights) <- columns of the rows, which are `stride` apart. */
static void single_columns(long count, const float *restrict rows, long stride,
                           float *restrict x)
{
    for (int e = 0; e < WIDE; e += 8)
        for (long j = 0; j < count; j += 8) {
            octet r[8];
            for (long i = 0; i < 8; i++)
                memcpy(&r[i], rows + (e + i) * stride + j, sizeof r[i]);
            transpose8(r);
            for (long i = 0; i < 8; i++)
                memcpy(x + (j + i) * WIDE + e, &r[i], sizeof r[i]);
        }
}

/* The loop over the lanes whose sums stay in registers: the vector loop. */
enum { SPAN = LANES == 8 ? WIDE : 2 * LANES, FETCHED = WIDE / 2 };
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define EACH_OF_SPAN(e) _Pragma("omp simd") for (int e = 0; e < SPAN; e++)

/* SPAN columns of single_product. */
INLINE void span_product(bool first, long n, const float *restrict A,
                         const float *restrict X, float *restrict l, const double *next)
{
    float sum[ROWS][SPAN];
    for (int r = 0; r < ROWS; r++)
        EACH_OF_SPAN(e) sum[r][e] = first ? 0.0F : l[r * WIDE + e];
    for (long j = 0; j < n; j++) {
        for (long line = 0; line < FETCHED && next != NULL; line += 8)
            __builtin_prefetch(next + j * FETCHED + line, 0, 2);
        for (int r = 0; r < ROWS; r++) {
            const float a = A[j * ROWS + r];
            EACH_OF_SPAN(e) sum[r][e] = fmaf(a, X[j * WIDE + e], sum[r][e]);
        }
    }
    for (int r = 0; r < ROWS; r++) EACH_OF_SPAN(e) l[r * WIDE + e] = sum[r][e];
}

/* l (ROWS x WIDE) <- 0 if first (a constant), else the sum so far, + A X with A packed, n x ROWS, X n x WIDE. Every entry
   is one chain of fma. Meanwhile n * FETCHED numbers from next on are fetched, unless it is NULL. */
INLINE void single_product(bool first, long n, const float *restrict A,
                           const float *restrict X, float *restrict l,
                           const double *next)
{
    for (int at = 0; at < WIDE; at += SPAN)
        span_product(first, n, A, X + at, l + at, next);
}

/* l <- logits from the products of one group; peak <- the largest, top <- max(top, peak). */
INLINE void single_logits(const float *restrict prec, const float *restrict offset,
                          const float *restrict norm2, float *restrict l,
                          float *restrict peak, float *restrict top)
{
    for (int e = 0; e < WIDE; e++) peak[e] = -HUGE_VALF;
    for (int r = 0; r < ROWS; r++) {
#pragma omp simd
        for (int e = 0; e < WIDE; e++) {
            const float u =
                fmaf(prec[r], fmaf(2.0F, l[r * WIDE + e], -norm2[e]), offset[r]);
            l[r * WIDE + e] = u;
            peak[e] = u > peak[e] ? u : peak[e];
        }
    }
#pragma omp simd
    for (int e = 0; e < WIDE; e++) top[e] = peak[e] > top[e] ? peak[e] : top[e];
}

/* w->single.l, .peak, top <- the screening logits of a tile, norm2 = |b|^2 of its rows w->single.rows. The points of the
   next tile (NULL: none) are fetched by the products of the first two groups. */
static void single_screen(const kernel_mixture *m, const high_work *w,
                          const double *norm2, const double *next, float *top)
{
    const kernel_screen *s = &m->screen;
    const single_work *v = &w->single;
    float norm[WIDE];
    for (int e = 0; e < WIDE; e++) norm[e] = (float)norm2[e], top[e] = -HUGE_VALF;
    for (long from = 0; from < m->d; from += PIECE) {
        const long count = m->d - from < PIECE ? m->d - from : PIECE;
        single_columns(count, v->rows + from, single_stride(m), v->x);
        for (long g = 0; g < high_groups(m); g++) {
            float *const l = v->l + g * ROWS * WIDE;
            const float *const mean = s->mean + (g * m->d + from) * ROWS;
            const double *const fetch =
                next == NULL || g > 1 ? NULL : next + (2 * from + g * count) * FETCHED;
            if (from == 0)
                single_product(true, count, mean, v->x, l, fetch);
            else
                single_product(false, count, mean, v->x, l, fetch);
            if (from + count == m->d)
                single_logits(s->prec + g * ROWS, s->offset + g * ROWS, norm, l,
                              v->peak + g * WIDE, top);
        }
    }
}

/* The bound of a screening logit's error, in units. */
INLINE double screening_error_single(const kernel_mixture *m, double norm2)
{
    const double size = 1.0 + sqrt(norm2);
    return (m->d + 16) * 0x1p-24 * size * size + 0x1p-22 * m->screen.range;
}

/* w->index <- the components of lane e with a logit >= cut; returns how many, or most + 1 if more than `most`. */
static int single_survivors(const kernel_mixture *m, const high_work *w, int e,
                            double cut, int most)
{
    int count = 0;
    for (long g = 0; g < high_groups(m); g++) {
        if (!((double)w->single.peak[g * WIDE + e] >= cut)) continue;
        for (int r = 0; r < ROWS; r++) {
            if (!((double)w->single.l[(g * ROWS + r) * WIDE + e] >= cut)) continue;
            if (count == most) return most + 1;
            w->index[count++] = (int)(g * ROWS + r);
        }
    }
    return count;
}

/* Points from .. from + WIDE - 1; left <- those still to be done. */
static void score_single(const kernel_mixture *m, const kernel_points *p, long from,
                         const high_work *w, bool *left)
{
    enum { AHEAD = 4 };        /* rows */
    const double far = 0x1p40; /* |b|^2 */
    double norm2[WIDE];
    float top[WIDE];
    const double *row[WIDE];
    for (long e = 0; e < WIDE; e++) {
        row[e] = high_row(p, from + e);
        norm2[e] = single_row(m, row[e], high_row(p, from + e + AHEAD),
                              w->single.rows + e * single_stride(m));
    }
    single_screen(m, w, norm2,
                  from + 2L * WIDE <= p->n ? high_row(p, from + WIDE) : NULL, top);
    for (int e = 0; e < WIDE && from + e < p->n; e++) {
        if (!(norm2[e] <= far)) continue;
        const double error = screening_error_single(m, norm2[e]);
        const double cut = (double)top[e] - KERNEL_CUT / m->screen.unit - 2.0 * error;
        const int count = single_survivors(m, w, e, cut, high_few(m));
        if (count > high_few(m)) continue;
        score_direct(m, row[e], count, w, p->logp == NULL ? NULL : p->logp + from + e,
                     p->s == NULL ? NULL : p->s + (from + e) * p->lds);
        left[e] = false;
    }
}
