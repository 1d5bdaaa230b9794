/* What the files of mlp share. */
#ifndef SC_MLP_LAYERS_H
#define SC_MLP_LAYERS_H

#include "kernel.h"
#include "mlp.h"

struct mlp {
    int layers, *width; /* layers + 1 */
    long parameters;
    double *w;
    int room, batch; /* points there is room for, and of the last mlp_forward */
    double **
        value; /* of each layer: value[l] is room x width[l], after ReLU but for the last */
};

/* Points taken through all layers at once: what they need stays in the caches. */
enum { MLP_BLOCK = 64 };

/* Numbers of A_l and b_l, l = 1 .. layers. */
static inline long mlp_layer_size(const mlp *f, int l)
{
    return (long)f->width[l] * f->width[l - 1] + f->width[l];
}

/* C <- begin + A B; zeros: A has many. */
static inline void mlp_multiply(bool zeros, const kernel_product *p)
{
    if (zeros)
        kernel_best()->multiply_sparse(p);
    else
        kernel_best()->multiply(p);
}

static inline int mlp_widest(const mlp *f)
{
    int most = 0;
    for (int l = 0; l <= f->layers; l++) most = f->width[l] > most ? f->width[l] : most;
    return most;
}

#endif
