/* What the files of mlp share. */
#ifndef SC_MLP_LAYERS_H
#define SC_MLP_LAYERS_H

#include "mlp.h"

struct mlp {
    int layers, *width; /* layers + 1 */
    long parameters;
    double *w;
    int batch; /* room for so many points */
    double **
        value; /* of each layer: value[l] is batch x width[l], after ReLU but for the last */
};

/* Numbers of A_l and b_l, l = 1 .. layers. */
static inline long mlp_layer_size(const mlp *f, int l)
{
    return (long)f->width[l] * f->width[l - 1] + f->width[l];
}

#endif
