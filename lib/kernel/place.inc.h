/* Normals to draws of a mixture: x <- mu_c + root_c x, component c chosen by u through comparisons with all
 * cumulated weights, which no processor mispredicts. */

enum { PLACE_TILE = TILE };

/* x <- value in the lanes where u >= above. */
INLINE void place_replace(const double *restrict u, double above, double value,
                          double *restrict x)
{
    EACH_LANE (e) x[e] = u[e] >= above ? value : x[e];
}

/* mean (d x PLACE_TILE), root (per x PLACE_TILE) <- those of each lane's component. */
INLINE void place_choose(int d, int per, const kernel_places *m,
                         const double *restrict u, double (*restrict mean)[PLACE_TILE],
                         double (*restrict root)[PLACE_TILE])
{
    for (int j = 0; j < d; j++)
        EACH_LANE (e) mean[j][e] = m->mu[j];
    for (int j = 0; j < per; j++)
        EACH_LANE (e) root[j][e] = m->root[j];
    for (long i = 1; i < m->k; i++) {
        const double above = m->cumulated[i - 1];
        const double *mu = m->mu + i * d, *sd = m->root + i * per;
        for (int j = 0; j < d; j++) place_replace(u, above, mu[j], mean[j]);
        for (int j = 0; j < per; j++) place_replace(u, above, sd[j], root[j]);
    }
}

/* n <= PLACE_TILE points; d, per: constants where they are small. */
INLINE void place_tile(int d, int per, const kernel_places *m, long n,
                       const double *restrict u, double *restrict x, long ldx)
{
    double mean[KERNEL_LOW][PLACE_TILE], root[KERNEL_LOW][PLACE_TILE];
    double rest[PLACE_TILE]; /* of a tile that is not full: the last point again */
    for (long e = 0; e < PLACE_TILE && n < PLACE_TILE; e++)
        rest[e] = u[e < n ? e : n - 1];
    place_choose(d, per, m, n < PLACE_TILE ? rest : u, mean, root);
    const long step = per == 1 ? 0 : 1;
    if (n == PLACE_TILE && ldx == d) { /* constant stride: vector loads and stores */
        EACH_LANE (e)
            for (int j = 0; j < d; j++)
                x[e * d + j] = mean[j][e] + root[j * step][e] * x[e * d + j];
        return;
    }
    for (long e = 0; e < n; e++)
        for (int j = 0; j < d; j++)
            x[e * ldx + j] = mean[j][e] + root[j * step][e] * x[e * ldx + j];
}

static void place(const kernel_places *m, long n, const double *restrict u,
                  double *restrict x, long ldx)
{
    for (long i = 0; i < n; i += PLACE_TILE) {
        const long here = n - i < PLACE_TILE ? n - i : PLACE_TILE;
        double *y = x + i * ldx;
        if (m->d == 1)
            place_tile(1, 1, m, here, u + i, y, ldx);
        else if (m->d == 2 && m->per == 1)
            place_tile(2, 1, m, here, u + i, y, ldx);
        else if (m->d == 2)
            place_tile(2, 2, m, here, u + i, y, ldx);
        else
            place_tile(m->d, m->per, m, here, u + i, y, ldx);
    }
}
