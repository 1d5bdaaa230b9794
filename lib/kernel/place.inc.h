/* Normals to draws of a mixture: x <- mu_c + root_c x, component c chosen by u through comparisons with all
 * cumulated weights, which no processor mispredicts. */

enum { PLACE_TILE = TILE };

/* x <- value in the lanes where u >= above. */
INLINE void place_replace(const double *restrict u, double above, double value,
                          double *restrict x)
{
    EACH_LANE (e) x[e] = u[e] >= above ? value : x[e];
}

/* x (m x PLACE_TILE) <- row c of value (k x m) for each lane's component c. */
INLINE void place_choose(int m, int k, const double *cumulated,
                         const double *restrict u, const double *restrict value,
                         double (*restrict x)[PLACE_TILE])
{
    for (int j = 0; j < m; j++)
        EACH_LANE (e) x[j][e] = value[j];
    for (long i = 1; i < k; i++)
        for (int j = 0; j < m; j++)
            place_replace(u, cumulated[i - 1], value[i * m + j], x[j]);
}

/* n <= PLACE_TILE points; d, per: constants where they are small. */
INLINE void place_tile(int d, int per, const kernel_places *m, long n,
                       const double *restrict u, double *restrict x, long ldx)
{
    double at[PLACE_TILE], mean[KERNEL_LOW][PLACE_TILE], root[KERNEL_LOW][PLACE_TILE];
    for (long e = 0; e < PLACE_TILE; e++) at[e] = u[e < n ? e : n - 1];
    place_choose(d, m->k, m->cumulated, at, m->mu, mean);
    place_choose(per, m->k, m->cumulated, at, m->root, root);
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
