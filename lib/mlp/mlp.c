#include "kernel.h"
#include "layers.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 };

mlp *mlp_new(int layers, const int *width)
{
    REQUIRE(layers >= 1);
    mlp *f = NEW(mlp);
    f->layers = layers;
    f->width = NEW_ARRAY(int, layers + 1);
    f->value = NEW_ARRAY(double *, layers + 1);
    for (int l = 0; l <= layers; l++) {
        REQUIRE(width[l] >= 1);
        f->width[l] = width[l];
        if (l > 0) f->parameters += mlp_layer_size(f, l);
    }
    f->w = NEW_ARRAY(double, f->parameters);
    return f;
}

void mlp_free(mlp *f)
{
    if (f == NULL) return;
    for (int l = 0; l <= f->layers; l++) free(f->value[l]);
    free(f->value);
    free(f->width);
    free(f->w);
    free(f);
}

void mlp_draw(mlp *f, rng_key key, uint64_t replicate, uint32_t stream)
{
    rng r = rng_at(key, replicate, stream);
    double *w = f->w;
    rng_uniform(&r, f->parameters, w);
    for (int l = 1; l <= f->layers; l++) {
        const double size = 1.0 / sqrt(f->width[l - 1]);
        for (long i = 0; i < mlp_layer_size(f, l); i++)
            w[i] = size * (2.0 * w[i] - 1.0);
        w += mlp_layer_size(f, l);
    }
}

long mlp_parameters(const mlp *f) { return f->parameters; }

double *mlp_weights(mlp *f) { return f->w; }

/* out (n x rows) <- in A^T + b, and ReLU. */
static void affine(int n, int rows, int columns, const double *w, const double *in,
                   bool relu, double *out)
{
    const double *b = w + (long)rows * columns;
    for (int i = 0; i < n; i++)
        memcpy(out + (long)i * rows, b, (size_t)rows * sizeof *b);
    linalg_gemm_nt(n, rows, columns, 1.0, in, columns, w, columns, 1.0, out, rows);
    if (relu) kernel_best()->relu((long)n * rows, out);
}

void mlp_forward(mlp *f, int n, const double *x, double *y)
{
    REQUIRE(n >= 1);
    for (int l = 0; l <= f->layers && n > f->batch; l++) {
        free(f->value[l]);
        f->value[l] = NEW_ARRAY(double, (long)n * f->width[l]);
    }
    if (n > f->batch) f->batch = n;
    memcpy(f->value[0], x, (size_t)n * (size_t)f->width[0] * sizeof *x);
    const double *w = f->w;
    for (int l = 1; l <= f->layers; l++) {
        affine(n, f->width[l], f->width[l - 1], w, f->value[l - 1], l < f->layers,
               f->value[l]);
        w += mlp_layer_size(f, l);
    }
    memcpy(y, f->value[f->layers], (size_t)n * (size_t)f->width[f->layers] * sizeof *y);
}

static int widest(const mlp *f)
{
    int most = 0;
    for (int l = 0; l <= f->layers; l++) most = f->width[l] > most ? f->width[l] : most;
    return most;
}

void mlp_eval(const mlp *f, long n, const double *x, double *y)
{
    const long inputs = f->width[0], outputs = f->width[f->layers], most = widest(f);
    const long blocks = (n + BLOCK - 1) / BLOCK;
#pragma omp parallel for schedule(static) default(none)                                \
    shared(f, n, x, y, inputs, outputs, most, blocks)
    for (long k = 0; k < blocks; k++) {
        const int here = (int)(n - k * BLOCK < BLOCK ? n - k * BLOCK : BLOCK);
        double *room = NEW_ARRAY(double, 2L * BLOCK * most), *in = room,
               *out = room + (long)BLOCK * most;
        memcpy(in, x + k * BLOCK * inputs, (size_t)(here * inputs) * sizeof *x);
        const double *w = f->w;
        for (int l = 1; l <= f->layers; l++) {
            affine(here, f->width[l], f->width[l - 1], w, in, l < f->layers, out);
            double *last = in;
            in = out, out = last;
            w += mlp_layer_size(f, l);
        }
        memcpy(y + k * BLOCK * outputs, in, (size_t)(here * outputs) * sizeof *y);
        free(room);
    }
}
