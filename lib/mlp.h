/* mlp -- perceptrons with ReLU, their gradients by back-propagation, and Adam.  Floor 1.
 *
 *     f(x) = A_L ReLU(.. ReLU(A_1 x + b_1) ..) + b_L,   A_l: width[l] x width[l-1]
 *
 * All parameters stand in one array, layer after layer: A_l row-major, then b_l. The loops are in lib/kernel, products as
 * well: every sum, over neurons or over a batch, is a chain in their order, without the terms of neurons at 0 (so that a
 * weight that is not finite shows only where its neuron is positive). f of a point is the same bits in any batch, on any
 * instruction set. A network is used by one thread at a time, but mlp_eval.
 */
#ifndef SC_MLP_H
#define SC_MLP_H

#include "base.h"
#include "rng.h"

typedef struct mlp mlp;

/* width[0] inputs, width[layers] outputs, layers >= 1; all parameters 0. */
mlp *mlp_new(int layers, const int *width);
void mlp_free(mlp *f);
/* A_l and b_l uniform in +-1/sqrt(width[l-1]): draws of (key, replicate, stream). */
void mlp_draw(mlp *f, rng_key key, uint64_t replicate, uint32_t stream);
long mlp_parameters(const mlp *f);
double *mlp_weights(mlp *f); /* mlp_parameters numbers, to read and to write */

/* y (n x outputs) <- f(x), x n x inputs, both packed. Parallel over blocks of points. */
void mlp_eval(const mlp *f, long n, const double *x, double *y);
/* y <- f(x) for a batch, kept for mlp_backward. */
void mlp_forward(mlp *f, int n, const double *x, double *y);
/* Given dL/dy (n x outputs) at the batch of the last mlp_forward, all n of it: gradient (mlp_parameters) <- dL/dparameters. */
void mlp_backward(mlp *f, int n, const double *dy, double *gradient);

/* Adam (Kingma, Ba 2015) with betas .9, .999 and 1e-8:
 *
 *     m <- .9 m + .1 g,  v <- .999 v + .001 g^2,  w <- w - rate m^/(sqrt v^ + 1e-8),  m^ = m/(1 - .9^k), v^ = v/(1 - .999^k). */
typedef struct adam adam;
adam *adam_new(long n);
void adam_free(adam *a);
void adam_step(adam *a, double rate, const double *gradient, double *w);

#endif
