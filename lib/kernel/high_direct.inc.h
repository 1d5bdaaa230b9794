/* The score of one point from a few isotropic components by mu_i - x. What has less than
 * 2^-KERNEL_CUT of the largest weight is left out, so that it does not matter which of these
 * components are among the few.
 */

static const double LEAST_WEIGHT = 0x1p-72; /* 2^-KERNEL_CUT */

/* So many components of a point are computed one by one, with error or without. */
INLINE int high_few(const kernel_mixture *m) { return m->k / 8 > 4 ? m->k / 8 : 4; }

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

/* w->exact <- the weights over the largest of the `count` components in w->index, and these moved up over those left
   out; returns their sum. */
static double weights_direct(const kernel_mixture *m, const double *restrict x,
                             int *count, const high_work *w, double *top)
{
    *top = *count > 0 ? -HUGE_VAL : (double)NAN;
    for (int c = 0; c < *count; c++) {
        const long i = w->index[c];
        const double q = distance2(m->d, x, m->mu + i * m->d);
        w->exact[c] = fma(-HALF_LOG2E * m->prec[i], q, m->logc[i]);
        *top = w->exact[c] > *top ? w->exact[c] : *top;
    }
    int kept = 0;
    double sum = 0.0;
    for (int c = 0; c < *count; c++) {
        const double r = simd_exp2(w->exact[c] - *top);
        if (r < LEAST_WEIGHT) continue;
        w->index[kept] = w->index[c];
        w->exact[kept++] = r;
        sum += r;
    }
    *count = kept;
    return sum;
}

/* s <- r (mu - x) past the caches. */
static void pull_streamed(long d, double r, const double *restrict mu,
                          const double *restrict x, double *restrict s)
{
    enum { LINE = 8 };
    long j = 0;
    for (; j < d && (uintptr_t)(s + j) % (LINE * sizeof *s) != 0; j++)
        s[j] = r * (mu[j] - x[j]);
    for (; j + LINE <= d; j += LINE) {
        double line[LINE];
#pragma omp simd
        for (int e = 0; e < LINE; e++) line[e] = r * (mu[j + e] - x[j + e]);
        lanes_stream(s + j, line);
    }
    for (; j < d; j++) s[j] = r * (mu[j] - x[j]);
}

/* One point from `count` components in w->index. */
static void score_direct(const kernel_mixture *m, const double *restrict x, int count,
                         const high_work *w, double *logp, double *restrict s)
{
    const long d = m->d;
    double top;
    const double sum = weights_direct(m, x, &count, w, &top);
    if (logp != NULL) *logp = log_sum(top, sum);
    if (s == NULL) return;
    if (count == 0) /* x is not finite */
        for (long j = 0; j < d; j++) s[j] = top;
    for (int c = 0; c < count; c++) {
        const long i = w->index[c];
        const double r = w->exact[c] / sum * m->prec[i];
        const double *restrict mu = m->mu + i * d;
        if (c == 0 && count == 1 && w->streamed) {
            pull_streamed(d, r, mu, x, s);
            continue;
        }
        /* s is not read first: that would cost as much memory traffic as writing it. */
        if (c == 0) {
#pragma omp simd
            for (long j = 0; j < d; j++) s[j] = r * (mu[j] - x[j]);
            continue;
        }
#pragma omp simd
        for (long j = 0; j < d; j++) s[j] = fma(r, mu[j] - x[j], s[j]);
    }
}
