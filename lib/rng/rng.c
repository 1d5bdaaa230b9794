#include "rng.h"

#include "kernel.h"

rng rng_at(rng_key key, uint64_t replicate, uint32_t stream)
{
    return (rng){.key = key, .replicate = replicate, .stream = stream, .block = 0};
}

typedef void generator(const kernel_run *run, long n, int keep, double *x, long ld);

/* Rows shorter than this many blocks are generated across the rows, the others along them. */
enum { LONG_ROW = 16 };

/* The blocks of one row, two numbers each; an odd n leaves the second one of the last unused. */
static void fill_row(generator *numbers, kernel_run run, long n, double *x)
{
    numbers(&run, n / 2, 2, x, 2);
    run.block += (uint32_t)(n / 2);
    if (n % 2 != 0) numbers(&run, 1, 1, x + n - 1, 1);
}

/* Row i of x is what replicate run.replicate + i gives. */
static void fill_rows(generator *numbers, kernel_run run, long n_rows, long n,
                      double *x, long ld)
{
    long blocks = (n + 1) / 2;
    REQUIRE(n >= 0 && n_rows >= 0 && ld >= n);
    REQUIRE(blocks <= (long)(UINT32_MAX - run.block));
    if (n_rows == 1 || blocks >= LONG_ROW) {
        run.along_rows = false;
        for (long i = 0; i < n_rows; i++, run.replicate++)
            fill_row(numbers, run, n, x + i * ld);
        return;
    }
    run.along_rows = true;
    for (long b = 0; b < blocks; b++, run.block++)
        numbers(&run, n_rows, 2 * b + 1 < n ? 2 : 1, x + 2 * b, ld);
}

static void advance(rng *r, generator *numbers, long n, double *x)
{
    kernel_run run = {.key = {r->key.word[0], r->key.word[1]},
                      .replicate = r->replicate,
                      .block = r->block,
                      .stream = r->stream};
    fill_rows(numbers, run, 1, n, x, n);
    r->block += (uint32_t)((n + 1) / 2);
}

void rng_uniform(rng *r, long n, double *u)
{
    advance(r, kernel_best()->uniforms, n, u);
}

void rng_normal(rng *r, long n, double *z) { advance(r, kernel_best()->normals, n, z); }

int rng_index(rng *r, int k, const double *w)
{
    REQUIRE(k >= 1);
    double total = 0.0, u;
    for (int i = 0; i < k; i++) total += w[i];
    REQUIRE(total > 0.0);
    rng_uniform(r, 1, &u);
    /* The first i with w_0 + .. + w_i > u total; an index of weight 0 is never returned. */
    int last = 0;
    double sum = 0.0;
    for (int i = 0; i < k; i++) {
        sum += w[i];
        if (w[i] > 0.0) last = i;
        if (u * total < sum) break;
    }
    return last;
}

void rng_uniform_rows(rng_key key, uint64_t first, uint32_t stream, uint32_t block,
                      long n_rows, long n, double *u, long ld)
{
    kernel_run run = {{key.word[0], key.word[1]}, first, block, stream, false};
    fill_rows(kernel_best()->uniforms, run, n_rows, n, u, ld);
}

void rng_normal_rows(rng_key key, uint64_t first, uint32_t stream, uint32_t block,
                     long n_rows, long n, double *z, long ld)
{
    kernel_run run = {{key.word[0], key.word[1]}, first, block, stream, false};
    fill_rows(kernel_best()->normals, run, n_rows, n, z, ld);
}
