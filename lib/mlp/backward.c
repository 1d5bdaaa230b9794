#include "kernel.h"
#include "layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What mlp_backward works with: e = dL/d(A_l in + b_l) of a block of points, and the same a layer below. */
typedef struct {
    double *e, *below;
    double *zero;   /* a row of 0 */
    double *turned; /* (dL/dA_1)^T: its rows are long, those of dL/dA_1 are not */
} back_room;

/* G (rows x columns) += a^T b, n x rows and n x columns. */
static void add_products(long n, long rows, long columns, const double *a,
                         const double *b, double *G)
{
    kernel_best()->multiply_sparse(&(kernel_product){.rows = rows,
                                                     .columns = columns,
                                                     .inner = n,
                                                     .A = a,
                                                     .down = 1,
                                                     .along = rows,
                                                     .B = b,
                                                     .ldb = columns,
                                                     .begin = G,
                                                     .ldbegin = columns,
                                                     .C = G,
                                                     .ldc = columns});
}

/* below (n x width[l-1]) <- e A_l where `in` is positive, else 0. */
static void layer_below(const mlp *f, int l, long n, const double *A, const double *in,
                        const back_room *r)
{
    const long rows = f->width[l], columns = f->width[l - 1];
    mlp_multiply(l < f->layers, &(kernel_product){.rows = n,
                                                  .columns = columns,
                                                  .inner = rows,
                                                  .A = r->e,
                                                  .down = rows,
                                                  .along = 1,
                                                  .B = A,
                                                  .ldb = columns,
                                                  .begin = r->zero,
                                                  .C = r->below,
                                                  .ldc = columns,
                                                  .value = in,
                                                  .ldvalue = columns});
}

/* dL/dA_l = e^T in and dL/db_l = sum_i e_i of n points from `first` on, added to gradient; r.e holds dL/dy. */
static void block_gradient(const mlp *f, long first, long n, back_room r,
                           double *gradient)
{
    long at = f->parameters;
    for (int l = f->layers; l >= 1; l--) {
        const long rows = f->width[l], columns = f->width[l - 1];
        const double *in = f->value[l - 1] + first * columns;
        at -= mlp_layer_size(f, l);
        kernel_best()->column_sums(n, rows, r.e, gradient + at + rows * columns);
        if (l == 1) break;
        add_products(n, rows, columns, r.e, in, gradient + at);
        layer_below(f, l, n, f->w + at, in, &r);
        double *last = r.e;
        r.e = r.below, r.below = last;
    }
    add_products(n, f->width[0], f->width[1], f->value[0] + first * f->width[0], r.e,
                 r.turned);
}

void mlp_backward(mlp *f, int n, const double *dy, double *gradient)
{
    REQUIRE(n == f->batch);
    const long most = mlp_widest(f), block = MLP_BLOCK * most,
               outputs = f->width[f->layers], rows = f->width[1], columns = f->width[0];
    double *room = NEW_ARRAY(double, 2 * block + most + rows * columns);
    const back_room r = {room, room + block, room + 2 * block, room + 2 * block + most};
    memset(gradient, 0, (size_t)f->parameters * sizeof *gradient);
    for (long first = 0; first < n; first += MLP_BLOCK) {
        const long here = n - first < MLP_BLOCK ? n - first : MLP_BLOCK;
        memcpy(r.e, dy + first * outputs, (size_t)(here * outputs) * sizeof *dy);
        block_gradient(f, first, here, r, gradient);
    }
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++)
            gradient[i * columns + j] = r.turned[j * rows + i];
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
