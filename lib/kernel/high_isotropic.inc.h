/* Isotropic components by products in double, where single precision does not do. */

/* Largest error of a logit (bound; what is seen is some 30 times less) with which the screening
   product may stand as the result. */
static const double FAITHFUL = 0x1p-36;

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
    const double error = screening_error(m, norm2);
    const int count = high_survivors(m, w, e, top - KERNEL_CUT - 2.0 * error);
    if (count > high_few(m) && error <= FAITHFUL) return false;
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
    for (int e = 0; e < TILE && p->logp != NULL; e++)
        if (left[e]) p->logp[from + e] = logp[e];
    if (p->s != NULL) high_store(m->d, p, from, left, w->g);
}

/* Points from .. from + TILE - 1 that are left, by the product in double. */
static void score_double(const kernel_mixture *m, const kernel_points *p, long from,
                         const high_work *w, bool *left)
{
    double norm2[TILE], top[TILE];
    bool some_left = false;
    high_load(m, p, from, m->centre, w->x);
    high_norms(m->d, w->x, norm2);
    high_screen(m, w, norm2, top);
    for (int e = 0; e < TILE; e++) {
        left[e] = left[e] && !high_sparse(m, p, from + e, w, e, top[e], norm2[e]);
        some_left = some_left || left[e];
    }
    if (some_left) high_dense(m, p, from, w, left, top);
}

/* Points from .. from + WIDE - 1, in single precision where that does. */
static void score_wide(const kernel_mixture *m, const kernel_points *p, long from,
                       const high_work *w)
{
    bool left[WIDE];
    for (int e = 0; e < WIDE; e++) left[e] = from + e < p->n;
    if (m->screen.mean != NULL) score_single(m, p, from, w, left);
    for (int at = 0; at < WIDE; at += TILE) {
        bool some_left = false;
        for (int e = 0; e < TILE; e++) some_left = some_left || left[at + e];
        if (some_left) score_double(m, p, from + at, w, left + at);
    }
}

static void mixture_high_isotropic(const kernel_mixture *m, const kernel_points *p,
                                   double *work)
{
    const long beyond_caches = 1L << 19; /* numbers: 4 MB */
    high_work w = high_layout(m, work);
    w.streamed = p->n * m->d >= beyond_caches;
    for (long from = 0; from < p->n; from += WIDE) score_wide(m, p, from, &w);
    if (w.streamed) lanes_streamed();
}
