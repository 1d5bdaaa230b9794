#include "rank.h"
#include "sampler.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 };

/* Paths first .. first+n-1 through all steps; n <= BLOCK. Step k of a path draws its
   normals*d numbers from rng block k * ceil(normals*d / 2). */
static void run_block(const simulation *c, rng_key key, uint64_t first, long n, int d,
                      double *x)
{
    long draws = (long)c->scheme->normals * d;
    double *z = NEW_ARRAY(double, n *draws);
    move m = {.forward = c->forward, .s = c->s, .n = n, .d = d};
    for (int k = 0; k < c->steps; k++) {
        m.t = c->t[k];
        m.u = c->t[k + 1];
        if (draws > 0)
            rng_normal_rows(key, first, SAMPLER_STREAM,
                            (uint32_t)(k * ((draws + 1) / 2)), n, draws, z, draws);
        c->scheme->advance(c->scheme, &m, x, z, x);
    }
    free(z);
}

void sampler_run(const simulation *c, rng_key key, uint64_t first, long n, int d,
                 double *x)
{
    REQUIRE(c->steps >= 1 && n >= 0 && d >= 1);
    REQUIRE((long)c->steps * (((long)c->scheme->normals * d + 1) / 2) <= UINT32_MAX);
    long blocks = (n + BLOCK - 1) / BLOCK;
    const rank_share mine = rank_divide();
#pragma omp parallel for default(none) schedule(dynamic)                               \
    shared(c, key, first, n, d, x, blocks, mine)
    for (long b = 0; b < blocks; b++) {
        long done = b * BLOCK, size = n - done < BLOCK ? n - done : BLOCK;
        double *paths = x + done * d;
        if (b % mine.step == mine.first)
            run_block(c, key, first + (uint64_t)done, size, d, paths);
        else
            memset(paths, 0, (size_t)(size * d) * sizeof *paths);
    }
    rank_gather(mine, (size_t)(n * d) * sizeof *x, x);
}
