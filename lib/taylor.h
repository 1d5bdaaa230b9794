/* taylor -- what a piecewise Taylor polynomial of the generator costs in the score.  Floor 3.
 *
 * g in H^beta([0,1]^d, R^D, H), g0 its Taylor polynomial on N^d cells (generator_taylor), U on the nodes of a mesh; s* and
 * s0 the scores of the OU flows of g(U) and g0(U) (sigma_data = 0). With e = e^{2 t0} - 1 = s~_0^2/m_0^2, r the largest
 * integer below beta, Yakovlev and Puchkin 2025, Lemma A.1 and (19) with 1/2 for 1/4:
 *
 *     |g - g0|_inf <= H d^r N^-beta sqrt D/r!
 *     int_t0^T E|s0 - s*|^2 dt = KL(p_t0 | p0_t0) - KL(p_T | p0_T) <= E|g - g0|^2/(2 e) <= D H^2 N^{-2 beta} (d^r/r!)^2/(2 e)
 */
#ifndef SC_TAYLOR_H
#define SC_TAYLOR_H

#include "manifold.h"

typedef struct {
    enclosure cost;        /* the integral */
    double chained, bound; /* the two right sides of the second line */
    double gap, lemma;     /* both sides of the first, the left one over the nodes */
} taylor_costs;
/* D = 1, d = 1, 2; degree = r, or less for a wrong one (the right sides are for r). 0 < beta <= 2, 0 < t0 < T. */
taylor_costs taylor_measure(const generator *g, double beta, double H, int degree,
                            int N, const mesh *nodes, double t0, double T);

#endif
