/* memorisation -- how often points of the empirical score copy training points.  Floor 4.
 *
 * A replicate draws sets of n points each: A (part 0), B (part 1) and, if asked for, part 2. The reverse OU
 * process from N(0, I) at T with the empirical score of A ends at delta with a point Z of known law
 * (law_empirical); so does the kernel estimate of A (coupled with it) and, where the data have a law p, a
 * fresh draw of p_delta. Of every Z, with d1 <= d2 the two smallest distances to a set:
 *
 *     copy      d1 < d2/3 in A;   copy_b   the same in B
 *     share     Z is nearer to A than to B; trained on part 0 but compared with parts 1 and 2:
 *               nearer to part 1 than to part 2.
 *
 * One Z of a kind a replicate: draws that share their sets are dependent. The counts over replicates are then
 * binomial, and the intervals of Clopper and Pearson have their level.
 *
 * Source: statements, entry memorisation; 003 section 2.3.
 */
#ifndef SC_MEMORISATION_H
#define SC_MEMORISATION_H

#include "claim.h"
#include "gmm.h"
#include "rng.h"

enum { MEMORISATION_SAMPLER, MEMORISATION_KDE, MEMORISATION_FRESH, MEMORISATION_KINDS };
enum {
    MEMORISATION_COPY,
    MEMORISATION_SHARE,
    MEMORISATION_COPY_B,
    MEMORISATION_STATISTICS
};

typedef struct {
    int d, n;
    const gmm *law; /* the sets are independent draws of it; or NULL, and they are */
    const double *pool; /* parts of a random order of these pool_size x d points, */
    int pool_size;      /* >= n times the number of parts */
    bool held_out;      /* three parts: the comparison is between parts 1 and 2 */
    double T;
    int times;
    const double *delta; /* times of them, < T */
    long sets;           /* replicates */
} memorisation_setting;

/* Part i of replicate r at x + i*n*d, each n x d: three parts if held_out, else two. Caller frees. */
double *memorisation_parts(const memorisation_setting *s, rng_key key, uint64_t r);

/* TV(L(Z), kernel estimate) <= 1/2 sqrt(e^-2T E|X|^2 - d (e^-2T + log(1 - e^-2T))), mean over training
   sets of the law: bound_vp_noise_tv, for data processing and convexity. */
double memorisation_start_tv(const gmm *law, double T);

/* All replicates, parallel, divided over the ranks. Borrows s. Caller frees. */
typedef struct memorisation memorisation;
memorisation *memorisation_run(const memorisation_setting *s, rng_key key);
void memorisation_free(memorisation *m);

/* A number at delta[k], of level alpha. */
typedef enclosure memorisation_number(const memorisation *m, int kind, int statistic,
                                      int k, double alpha);
/* Probability of a statistic. */
memorisation_number memorisation_probability;
/* That less 1/2. */
memorisation_number memorisation_gap;
/* That of a kind less that of the kernel estimate: the probability that only the one hits less that only the
   other does, each at alpha/2. */
memorisation_number memorisation_less_kde;
/* number at delta[k]; for k = times the one of all deltas that is farthest from 0, alpha for all of them. */
enclosure memorisation_at(const memorisation *m, memorisation_number *number, int kind,
                          int statistic, int k, double alpha);
/* memorisation_probability at delta[k] less that at delta[l], in the same way. */
enclosure memorisation_fall(const memorisation *m, int kind, int statistic, int k,
                            int l, double alpha);

/* Replicate 0, looked at: `count` draws of the sampler at delta, each with its nearest neighbours. Row j of
   image (count x 3 x d): Z, the nearest of part 0, of part 1; distance (count x 3): of these from Z. The same
   atoms and noises for every delta. */
void memorisation_gallery(const memorisation_setting *s, rng_key key, double delta,
                          int count, double *image, double *distance);
/* Part 1 as if it were generated: fraction of copies of points of part 0, median distance to it. */
void memorisation_held_out(const memorisation_setting *s, rng_key key, double *copies,
                           double *median);

/* DDPM with posterior variance in the steps of timegrid_benton with kappa, less the exact law, at delta[0]:
   copy and share. In every replicate the mean of so many chains less that of 4 exact draws for each; t
   interval of these differences, nominal level. SC_EDOMAIN if there are more than 1000 steps. */
BASE_MUST_USE int memorisation_stepped(const memorisation_setting *s, double kappa,
                                       int chains, rng_key key, double alpha,
                                       enclosure less[2]);

#endif
