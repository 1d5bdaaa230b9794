#include "kernel.h"
#include "layers.h"
#include "linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Layer l with e = dL/d(A_l in + b_l), n x rows: dL/dA_l = e^T in, dL/db_l = sum_i e_i. */
static void layer_gradient(int n, int rows, int columns, const double *e,
                           const double *in, double *gradient)
{
    double *b = gradient + (long)rows * columns;
    linalg_gemm_tn(rows, columns, n, 1.0, e, rows, in, columns, 0.0, gradient, columns);
    kernel_best()->column_sums(n, rows, e, b);
}

void mlp_backward(mlp *f, int n, const double *dy, double *gradient)
{
    REQUIRE(1 <= n && n <= f->batch);
    int most = 0;
    for (int l = 0; l <= f->layers; l++) most = f->width[l] > most ? f->width[l] : most;
    double *room = NEW_ARRAY(double, 2L * n * most), *e = room,
           *below = room + (long)n * most;
    memcpy(e, dy, (size_t)n * (size_t)f->width[f->layers] * sizeof *dy);
    long first = f->parameters;
    for (int l = f->layers; l >= 1; l--) {
        const int rows = f->width[l], columns = f->width[l - 1];
        const double *in = f->value[l - 1];
        first -= mlp_layer_size(f, l);
        layer_gradient(n, rows, columns, e, in, gradient + first);
        if (l == 1) break;
        linalg_gemm(n, columns, rows, 1.0, e, rows, f->w + first, columns, 0.0, below,
                    columns);
        kernel_best()->relu_back((long)n * columns, in, below);
        double *last = e;
        e = below, below = last;
    }
    free(room);
}

struct adam {
    long n, steps;
    double *m, *v;
};

adam *adam_new(long n)
{
    adam *a = NEW(adam);
    a->n = n;
    a->m = NEW_ARRAY(double, n);
    a->v = NEW_ARRAY(double, n);
    return a;
}

void adam_free(adam *a)
{
    if (a == NULL) return;
    free(a->m);
    free(a->v);
    free(a);
}

void adam_step(adam *a, double rate, const double *gradient, double *w)
{
    const double k = (double)++a->steps;
    const double mean = 1.0 / (1.0 - pow(0.9, k)), square = 1.0 / (1.0 - pow(0.999, k));
    kernel_best()->adam(&(kernel_adam){rate, mean, square}, a->n, gradient, a->m, a->v,
                        w);
}
