/* Normals to draws of a mixture: x <- mu_c + root_c x, component c chosen by u through comparisons with all
 * cumulated weights, which no processor mispredicts.
 */

enum { PLACE_TILE = TILE };

/* x <- value in the lanes where u >= above. */
INLINE void place_replace(const double *restrict u, double above, double value,
                          double *restrict x)
{
    EACH_LANE (e) x[e] = u[e] >= above ? value : x[e];
}

/* mean (d x PLACE_TILE), root (per x PLACE_TILE) <- those of each lane's component. */
INLINE void place_choose(int d, int per, int k, const kernel_places *m,
                         const double *restrict u, double (*restrict mean)[PLACE_TILE],
                         double (*restrict root)[PLACE_TILE])
{
    for (int j = 0; j < d; j++)
        EACH_LANE (e) mean[j][e] = m->mu[j];
    for (int j = 0; j < per; j++)
        EACH_LANE (e) root[j][e] = m->root[j];
    for (long i = 1; i < k; i++) {
        const double above = m->cumulated[i - 1];
        const double *mu = m->mu + i * d, *sd = m->root + i * per;
        for (int j = 0; j < d; j++) place_replace(u, above, mu[j], mean[j]);
        for (int j = 0; j < per; j++) place_replace(u, above, sd[j], root[j]);
    }
}

/* n points, a multiple of PLACE_TILE, without gaps. d, per, k: constants where they are small, which keeps what is
   chosen in registers. */
INLINE void place_tiles(int d, int per, int k, const kernel_places *m, long n,
                        const double *restrict u, double *restrict x)
{
    const long step = per == 1 ? 0 : 1;
    for (long i = 0; i < n; i += PLACE_TILE) {
        double mean[KERNEL_LOW][PLACE_TILE], root[KERNEL_LOW][PLACE_TILE];
        double *restrict y = x + i * d;
        place_choose(d, per, k, m, u + i, mean, root);
        EACH_LANE (e)
            for (int j = 0; j < d; j++)
                y[e * d + j] = mean[j][e] + root[j * step][e] * y[e * d + j];
    }
}

INLINE void place_small(int d, int per, const kernel_places *m, long n,
                        const double *restrict u, double *restrict x)
{
    if (m->k == 2)
        place_tiles(d, per, 2, m, n, u, x);
    else if (m->k == 3)
        place_tiles(d, per, 3, m, n, u, x);
    else if (m->k == 4)
        place_tiles(d, per, 4, m, n, u, x);
    else
        place_tiles(d, per, m->k, m, n, u, x);
}

static void place_full(const kernel_places *m, long n, const double *restrict u,
                       double *restrict x)
{
    if (m->d == 1)
        place_small(1, 1, m, n, u, x);
    else if (m->d == 2 && m->per == 1)
        place_small(2, 1, m, n, u, x);
    else if (m->d == 2)
        place_small(2, 2, m, n, u, x);
    else
        place_tiles(m->d, m->per, m->k, m, n, u, x);
}

/* n <= PLACE_TILE points, by way of a full tile. */
static void place_some(const kernel_places *m, long n, const double *restrict u,
                       double *restrict x, long ldx)
{
    double v[PLACE_TILE] = {0.0}, y[KERNEL_LOW * PLACE_TILE] = {0.0};
    const size_t point = (size_t)m->d * sizeof *x;
    memcpy(v, u, (size_t)n * sizeof *u);
    for (long e = 0; e < n; e++) memcpy(y + e * m->d, x + e * ldx, point);
    place_full(m, PLACE_TILE, v, y);
    for (long e = 0; e < n; e++) memcpy(x + e * ldx, y + e * m->d, point);
}

static void place(const kernel_places *m, long n, const double *restrict u,
                  double *restrict x, long ldx)
{
    const long full = ldx == m->d ? n / PLACE_TILE * PLACE_TILE : 0;
    place_full(m, full, u, x);
    for (long i = full; i < n; i += PLACE_TILE)
        place_some(m, n - i < PLACE_TILE ? n - i : PLACE_TILE, u + i, x + i * ldx, ldx);
}
