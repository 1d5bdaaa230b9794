/* Inside gmm: the object and what its files share. */
#ifndef SC_GMM_INTERNAL_H
#define SC_GMM_INTERNAL_H

#include "gmm.h"
#include "kernel.h"

struct gmm {
    gmm_shape shape;
    int k, d;
    long per;   /* numbers a covariance takes: 1, d or d*d */
    bool atoms; /* some variance is 0: no density */
    /* All in one block of memory, which starts at w. */
    double *w;    /* k: weights, sum 1 */
    double *mu;   /* k x d: means */
    double *var;  /* k x per: covariances */
    double *root; /* k x per: standard deviations; FULL: Cholesky factors L_i */
    double
        *prec; /* k x per: 1/variance; FULL: L_i^{-1}, so that C^{-1} = L^{-T} L^{-1} */
    double *logc;         /* k: log2 w_i - (1/2) log2 det(2 pi C_i) */
    double *cumulated;    /* k: w_0 + ... + w_i */
    double *screen;       /* what kernel_mixture wants of high dimensions; else NULL */
    kernel_mixture table; /* the above, for the kernels */
};

/* A mixture with room for weights, means and covariances, which the caller fills in. */
gmm *gmm_allocate(gmm_shape shape, int k, int d);
/* Computes the rest. SC_EDOMAIN if a full covariance is not symmetric positive definite. */
BASE_MUST_USE int gmm_prepare(gmm *p);

/* Isotropic mixtures in high dimension: how many doubles `screen` has, else 0; and what kernel_mixture says of them
   alone, once the rest stands. */
long gmm_screen_size(const gmm *p);
void gmm_prepare_screen(gmm *p);

/* Points a thread takes at once. Fixed: nothing may depend on the number of threads. */
enum { GMM_BLOCK = 1024 };

/* What gmm_score does, by the kernels of one instruction set. */
void gmm_score_by(const kernel *isa, const gmm *p, const kernel_points *points);

/* g <- C_i^{-1}(mu_i - x), d numbers; returns (x - mu_i)^T C_i^{-1} (x - mu_i). */
double gmm_pull(const gmm *p, int i, const double *x, double *g);
/* r <- posterior weights of the k components at x, below 2^-1000 flushed to 0;
   g: scratch, d numbers. Returns log p(x). */
double gmm_posterior(const gmm *p, const double *x, double *r, double *g);

#endif
