/* Diagonal and full covariances: the logits of a tile component after component, then the scores: diagonal with few
 * components that count point by point, else of the tile. */

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
    /* Rows b .. of L^{-T}: zero left of column b. */
    for (long b = 0; b < d; b += ROWS) {
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
            l[e] = r < LEAST_WEIGHT ? 0.0 : r;
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

/* Diagonal: the score of point x, lane e, from its components of weight > 0, which then have weight 0; false, and nothing
   done, if they are not few. The same chain of fma as high_add's. */
static bool high_add_few(const kernel_mixture *m, const double *restrict x, int e,
                         const high_work *w, double *restrict s)
{
    const long d = m->d;
    int count = 0;
    for (int i = 0; i < m->k; i++) {
        if (w->l[(long)i * TILE + e] == 0.0) continue;
        if (count == high_few(m)) return false;
        w->index[count++] = i;
    }
    for (int c = 0; c < count; c++) {
        const double *restrict mu = m->mu + w->index[c] * d;
        const double *restrict prec = m->prec + w->index[c] * d;
        const double r = w->l[(long)w->index[c] * TILE + e];
        w->l[(long)w->index[c] * TILE + e] = 0.0;
        if (c == 0) {
#pragma omp simd
            for (long j = 0; j < d; j++) s[j] = fma(r, prec[j] * (mu[j] - x[j]), 0.0);
            continue;
        }
#pragma omp simd
        for (long j = 0; j < d; j++) s[j] = fma(r, prec[j] * (mu[j] - x[j]), s[j]);
    }
    return true;
}

/* The scores of a tile from the weights. */
static void high_add_all(const kernel_mixture *m, const kernel_points *p, long from,
                         const high_work *w)
{
    bool left[TILE], some_left = false;
    for (int e = 0; e < TILE; e++) {
        const long point = from + e;
        left[e] = point < p->n &&
                  (m->shape == KERNEL_FULL || !high_add_few(m, p->x + point * p->ldx, e,
                                                            w, p->s + point * p->lds));
        some_left = some_left || left[e];
    }
    if (!some_left) return;
    memset(w->s, 0, (size_t)m->d * TILE * sizeof *w->s);
    for (long i = 0; i < m->k; i++) high_add(m, i, w);
    high_store(m->d, p, from, left, w->s);
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
        if (p->s != NULL) high_add_all(m, p, from, &w);
    }
}
