/* kernel -- the hot loops, one table of them per instruction set.  Floor 0.
 *
 * lib/kernel/table.c and the *.inc.h it includes are compiled three times (baseline, AVX2,
 * AVX-512); kernel_best() picks a table at run time. Every table gives the same bits: what may be
 * contracted is written as fma(), no reassociation is allowed, and exp2, log and sincos(2 pi u)
 * are our own (kernel/math.h).
 *
 * Kernels check nothing and allocate nothing: that is the caller's part. Arrays of one call do
 * not overlap unless it is said.
 *
 * To add a kernel: write kernel/NAME.inc.h with one static function, include it in
 * kernel/table.c, add its pointer here and its line to the table there.
 */
#ifndef SC_KERNEL_H
#define SC_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* A run of Philox counters (replicate: 64 bits, block: 32, stream: 32). Number j of the run is
   the one of replicate + j (along_rows), else the one of block + j. */
typedef struct {
    uint32_t key[2];
    uint64_t replicate;
    uint32_t block, stream;
    bool along_rows;
} kernel_run;

/* Bumps exp(-(y_i - mu)^2/(2q)) on nodes i = 0..nodes-1, in units of the spacing dy. */
enum { KERNEL_BAND_MARGIN = 18 };
typedef struct {
    long nodes;
    double r;        /* dy/sqrt(q) */
    double reach;    /* K: the nodes with |y_i - mu| <= K sqrt(q) */
    long half;       /* >= K/r + KERNEL_BAND_MARGIN */
    const double *g; /* g[half + k] = exp(-(k r)^2/2), |k| <= half */
} band;

/* Bumps exp(-(i - mu_j)^2/(2 w_j^2)) on nodes i, positions mu_j and widths w_j > 0 in units of the
   spacing. */
typedef struct {
    long sources;
    const double *position, *weight, *width; /* |position|, reach width < 2^30 */
    double reach;                            /* K: the nodes with |i - mu_j| <= K w_j */
} bumps;

/* What screens an isotropic mixture in single precision: lengths in units of S, the least power of two above reach, logits
   in units that stand for `unit` bits. Rows in groups of KERNEL_ROWS, the last filled up with rows of weight 0. */
enum { KERNEL_ROWS = 8 };
typedef struct {
    /* groups x d x KERNEL_ROWS: (mu_i - c)/S; NULL: screening so does not pay */
    const float *mean;
    /* groups x KERNEL_ROWS: (1/v_i) / max 1/v_i; (offset_i - max logc)/unit, -inf beyond the last component */
    const float *prec, *offset;
    double scale; /* 1/S */
    double unit;  /* (log2 e / 2) S^2 max 1/v_i */
    double range; /* max |logc_i - max logc|/unit over weights > 0 */
} kernel_screen;

/* A Gaussian mixture as the kernels read it: k components in R^d. */
enum { KERNEL_ISOTROPIC, KERNEL_DIAGONAL, KERNEL_FULL };
/* Components with less than 2^-KERNEL_CUT = e^-50 of the largest weight at a point are left out in high dimension. */
enum { KERNEL_CUT = 72 };
typedef struct {
    int shape, k, d;
    const double *logc; /* k: log2 of w_i / sqrt(det 2 pi C_i) */
    const double *mu;   /* k x d */
    const double *prec; /* k x 1, d, d*d: 1/v_i; 1/v_ij; L_i^{-1}, C_i = L_i L_i^T */
    /* Isotropic with d > KERNEL_LOW only: */
    const double *centre;  /* d: any point c amid the means */
    const double *centred; /* k x d: mu_i - c */
    const double *offset;  /* k: logc_i - (log2 e / 2) |mu_i - c|^2 / v_i */
    double reach;          /* max |mu_i - c| */
    double sharpest;       /* max 1/v_i */
    kernel_screen screen;
} kernel_mixture;

/* n points and where the results go (NULL: not wanted). */
typedef struct {
    long n;
    const double *x; /* point i at x + i*ldx */
    long ldx;
    double *logp, *div; /* n: log p and the divergence of the score */
    double *s;          /* score i at s + i*lds */
    long lds;
} kernel_points;

/* C (rows x columns) <- begin + A B over `inner` terms: A_ik at A[i*down + k*along], B_kj at B[k*ldb + j], C_ij at
   C[i*ldc + j], begin_ij at begin[i*ldbegin + j]; ldbegin = 0: the same row everywhere. begin may be C.
   Then relu: negative entries <- 0; value (else NULL): C_ij <- 0 where value[i*ldvalue + j] = 0. Not both. */
typedef struct {
    long rows, columns, inner;
    const double *A;
    long down, along;
    const double *B;
    long ldb;
    const double *begin;
    long ldbegin;
    double *C;
    long ldc;
    bool relu;
    const double *value;
    long ldvalue;
} kernel_product;
/* Where draws of a mixture go: k components in R^d, d <= KERNEL_LOW, isotropic (per = 1) or diagonal (per = d). */
typedef struct {
    int k, d, per;
    const double *cumulated; /* k: w_0 + .. + w_i */
    const double *mu, *root; /* k x d means, k x per standard deviations */
} kernel_places;

/* A step of Adam: w -= rate m^/(sqrt v^ + 1e-8), m^ = mean * m, v^ = square * v. */
typedef struct {
    double rate, mean, square;
} kernel_adam;

/* Points mixture_high and mixture_low take at once; the largest dimension of mixture_low. */
enum { KERNEL_TILE = 16, KERNEL_LOW_TILE = 24, KERNEL_LOW = 8 };
/* Points of a block, for block_distance2 and block_sums. */
enum { KERNEL_BLOCK = 64 };

/* A result depends on the mixture and its own point alone. work: kernel_mixture_work numbers. */
typedef void kernel_mixture_score(const kernel_mixture *m, const kernel_points *p,
                                  double *work);
long kernel_mixture_work(int k, int d);

typedef struct {
    const char *isa; /* "baseline", "avx2", "avx512" */

    /* y[i] = 2^x[i], within 0.85 ulp, for x[i] < 1023.5; 0 where x[i] < -1000. */
    void (*exp2)(long n, const double *x, double *y);
    /* y[i] = log x[i], within 0.9 ulp, for normal positive finite x[i]. */
    void (*log)(long n, const double *x, double *y);
    /* s[i] = sin(2 pi u[i]), c[i] = cos(2 pi u[i]), within 1.1 ulp, for |u[i]| <= 2^48. */
    void (*sincos2pi)(long n, const double *u, double *s, double *c);

    /* Philox4x32-10 of n counters: words 0 and 1 in first[j] (word 0 low), 2 and 3 in second[j]. */
    void (*philox)(const kernel_run *run, long n, uint64_t *first, uint64_t *second);
    /* Two numbers a counter, the first `keep` (1 or 2) of them stored at x + j*ld: uniforms
       (k + 1/2) 2^-52, k the upper 52 bits of first[j], second[j]; or normals by Box-Muller,
       sqrt(-2 log u1) (cos 2 pi u2, sin 2 pi u2). */
    void (*uniforms)(const kernel_run *run, long n, int keep, double *u, long ld);
    void (*normals)(const kernel_run *run, long n, int keep, double *z, long ld);

    /* y[i] += weight[j] exp(-(y_i - mu_j)^2/(2q)), source after source, with mu_j at
       position[j] (a real number of spacings from node 0). Returns the number of terms. */
    long (*band_scatter)(long sources, const double *position, const double *weight,
                         const band *b, double *y);

    /* y[i] += weight[j] exp(-(i - mu_j)^2/(2 w_j^2)), 0 <= i < nodes, source after source. Returns
       the number of terms. */
    long (*bump_scatter)(const bumps *b, long nodes, double *y);

    /* A block of KERNEL_BLOCK points c_i in R^D, coordinate k of point i at c[k*stride + i]: d2[i] = |y - m c_i|^2,
       returns the least; and, with K_i = 2^{scale (origin - d2_i)}, sum[0] += sum w_i K_i, sum[1 + k] += sum w_i K_i c_ik. */
    double (*block_distance2)(int D, const double *c, long stride, const double *y,
                              double m, double *d2);
    void (*block_sums)(int D, const double *c, long stride, const double *w,
                       double scale, double origin, const double *d2, double *sum);

    /* Q components of equal weight at c_q in R^D, coordinate k of c_q at c[k*stride + q], seen from y: rho[q] = K_q/sum K,
       K_q = 2^{scale (least - |y - c_q|^2)}, *least = min |y - c_q|^2. Returns sum K. */
    double (*posterior)(long Q, int D, const double *c, long stride, const double *y,
                        double scale, double *rho, double *least);

    /* C <- begin + A B, then relu or value: every entry one chain of fma in the order of k from begin_ij on, so that the
       bits do not depend on how many rows and columns there are, nor on how the terms are spread over several calls. */
    void (*multiply)(const kernel_product *p);
    /* The same chains without the terms whose A_ik is 0, as ReLU leaves many: the same bits where B is finite, but for the
       sign of a zero; nearly twice as fast where half of A is 0. down or along is 1. */
    void (*multiply_sparse)(const kernel_product *p);

    /* x_i <- mu_c + root_c x_i for n rows, c the least with u_i < cumulated[c], or k - 1. */
    void (*place)(const kernel_places *m, long n, const double *u, double *x, long ldx);

    /* out[i] = a x[i] + b y[i] + c z[i]; z = NULL: without the last. out may be one of them. */
    void (*combine)(long n, double a, const double *x, double b, const double *y,
                    double c, const double *z, double *out);
    /* |a_i - b_i|^2 of n rows of d, coordinates summed in order. */
    void (*row_distances2)(int d, long n, const double *a, const double *b,
                           double *distance2);
    /* |s_i - (m x0_i - xt_i)/s2|^2 of n rows of d, coordinates summed in order. */
    void (*denoising_losses)(int d, long n, double m, double s2, const double *x0,
                             const double *xt, const double *s, double *loss);
    /* Of y[0], y[stride], ..: their mean, the sums of squared and of cubed deviations from it. */
    void (*moments)(long n, const double *y, long stride, double *moment);

    /* sum[j] += sum over n rows of x (n x columns) in their order. */
    void (*column_sums)(long n, long columns, const double *x, double *sum);
    /* m <- .9 m + .1 g, v <- .999 v + .001 g^2, then the step on w. */
    void (*adam)(const kernel_adam *a, long n, const double *g, double *m, double *v,
                 double *w);

    /* Mixtures in dimension d <= KERNEL_LOW: mixture_low[d - 1][shape]. */
    kernel_mixture_score *mixture_low[KERNEL_LOW][3];
    /* In any dimension, without the divergence: mixture_high[shape]. */
    kernel_mixture_score *mixture_high[3];
} kernel;

/* The table of the best instruction set this machine has. */
const kernel *kernel_best(void);
/* "baseline", "avx2" or "avx512"; NULL if this machine or this build lacks it. */
const kernel *kernel_named(const char *isa);

#endif
