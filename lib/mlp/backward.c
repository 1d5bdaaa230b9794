#include "kernel.h"
#include "layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Layer l with e = dL/d(A_l in + b_l), n x rows: dL/dA_l = e^T in, dL/db_l = sum_i e_i, added to gradient. */
static void layer_gradient(int n, int rows, int columns, const double *e,
                           const double *in, double *gradient)
{
    kernel_best()->multiply(&(kernel_product){.rows = rows,
                                              .columns = columns,
                                              .inner = n,
                                              .A = e,
                                              .down = 1,
                                              .along = rows,
                                              .B = in,
                                              .ldb = columns,
                                              .begin = gradient,
                                              .ldbegin = columns,
                                              .C = gradient,
                                              .ldc = columns});
    kernel_best()->column_sums(n, rows, e, gradient + (long)rows * columns);
}

/* below (n x columns) <- e A_l where `in` is positive, else 0; zero: so many columns of 0. */
static void layer_below(int n, int rows, int columns, const double *e, const double *A,
                        const double *in, const double *zero, double *below)
{
    kernel_best()->multiply(&(kernel_product){.rows = n,
                                              .columns = columns,
                                              .inner = rows,
                                              .A = e,
                                              .down = rows,
                                              .along = 1,
                                              .B = A,
                                              .ldb = columns,
                                              .begin = zero,
                                              .C = below,
                                              .ldc = columns});
    kernel_best()->relu_back((long)n * columns, in, below);
}

void mlp_backward(mlp *f, int n, const double *dy, double *gradient)
{
    REQUIRE(n == f->batch);
    const long most = mlp_widest(f), outputs = f->width[f->layers];
    double *room = NEW_ARRAY(double, (2L * MLP_BLOCK + 1) * most),
           *zero = room + 2L * MLP_BLOCK * most;
    memset(gradient, 0, (size_t)f->parameters * sizeof *gradient);
    for (int first = 0; first < n; first += MLP_BLOCK) {
        const int here = n - first < MLP_BLOCK ? n - first : MLP_BLOCK;
        double *e = room, *below = room + MLP_BLOCK * most;
        memcpy(e, dy + first * outputs, (size_t)(here * outputs) * sizeof *dy);
        long at = f->parameters;
        for (int l = f->layers; l >= 1; l--) {
            const int rows = f->width[l], columns = f->width[l - 1];
            const double *in = f->value[l - 1] + (long)first * columns;
            at -= mlp_layer_size(f, l);
            layer_gradient(here, rows, columns, e, in, gradient + at);
            if (l == 1) break;
            layer_below(here, rows, columns, e, f->w + at, in, zero, below);
            double *last = e;
            e = below, below = last;
        }
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
