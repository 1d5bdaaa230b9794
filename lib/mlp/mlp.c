#include "kernel.h"
#include "layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* turned (mlp_parameters) <- A_1^T, b_1, .., A_L^T, b_L. */
static void turn(const mlp *f, double *turned)
{
    const double *w = f->w;
    for (int l = 1; l <= f->layers; l++) {
        const long rows = f->width[l], columns = f->width[l - 1];
        for (long j = 0; j < columns; j++)
            for (long i = 0; i < rows; i++) turned[j * rows + i] = w[i * columns + j];
        memcpy(turned + rows * columns, w + rows * columns, (size_t)rows * sizeof *w);
        w += mlp_layer_size(f, l);
        turned += mlp_layer_size(f, l);
    }
}

/* out (n x width[l]) <- in A_l^T + b_l, and ReLU but for the last layer; turned: A_l^T, b_l. */
static void affine(const mlp *f, int l, int n, const double *turned, const double *in,
                   double *out)
{
    const long rows = f->width[l], columns = f->width[l - 1];
    const bool zeros = l > 1 && l < f->layers; /* the last layer has few columns */
    mlp_multiply(zeros, &(kernel_product){.rows = n,
                                          .columns = rows,
                                          .inner = columns,
                                          .A = in,
                                          .down = columns,
                                          .along = 1,
                                          .B = turned,
                                          .ldb = rows,
                                          .begin = turned + rows * columns,
                                          .C = out,
                                          .ldc = rows,
                                          .relu = l < f->layers});
}

void mlp_forward(mlp *f, int n, const double *x, double *y)
{
    REQUIRE(n >= 1);
    for (int l = 0; l <= f->layers && n > f->room; l++) {
        free(f->value[l]);
        f->value[l] = NEW_ARRAY(double, (long)n * f->width[l]);
    }
    if (n > f->room) f->room = n;
    f->batch = n;
    double *turned = NEW_ARRAY(double, f->parameters);
    turn(f, turned);
    memcpy(f->value[0], x, (size_t)n * (size_t)f->width[0] * sizeof *x);
    /* The last block first: mlp_backward begins with what is still in the cache. */
    for (int first = (n - 1) / MLP_BLOCK * MLP_BLOCK; first >= 0; first -= MLP_BLOCK) {
        const int here = n - first < MLP_BLOCK ? n - first : MLP_BLOCK;
        const double *layer = turned;
        for (int l = 1; l <= f->layers; l++) {
            affine(f, l, here, layer, f->value[l - 1] + (long)first * f->width[l - 1],
                   f->value[l] + (long)first * f->width[l]);
            layer += mlp_layer_size(f, l);
        }
    }
    memcpy(y, f->value[f->layers], (size_t)n * (size_t)f->width[f->layers] * sizeof *y);
    free(turned);
}

void mlp_eval(const mlp *f, long n, const double *x, double *y)
{
    const long inputs = f->width[0], outputs = f->width[f->layers],
               most = mlp_widest(f);
    const long blocks = (n + MLP_BLOCK - 1) / MLP_BLOCK;
    double *turned = NEW_ARRAY(double, f->parameters);
    turn(f, turned);
#pragma omp parallel for schedule(static) default(none)                                \
    shared(f, n, x, y, inputs, outputs, most, blocks, turned)
    for (long k = 0; k < blocks; k++) {
        const int here =
            (int)(n - k * MLP_BLOCK < MLP_BLOCK ? n - k * MLP_BLOCK : MLP_BLOCK);
        double *room = NEW_ARRAY(double, 2L * MLP_BLOCK * most), *in = room,
               *out = room + (long)MLP_BLOCK * most;
        memcpy(in, x + k * MLP_BLOCK * inputs, (size_t)(here * inputs) * sizeof *x);
        const double *layer = turned;
        for (int l = 1; l <= f->layers; l++) {
            affine(f, l, here, layer, in, out);
            double *last = in;
            in = out, out = last;
            layer += mlp_layer_size(f, l);
        }
        memcpy(y + k * MLP_BLOCK * outputs, in, (size_t)(here * outputs) * sizeof *y);
        free(room);
    }
    free(turned);
}
