/* timegrid -- step rules.  Floor 2.
 *
 * A grid of N steps is the N + 1 forward times t[0] = T > t[1] > ... > t[N] = end >= 0 that
 * the reverse chain visits. The last one is exactly `end`.
 */
#ifndef SC_TIMEGRID_H
#define SC_TIMEGRID_H

#include "base.h"
#include "enclosure.h"

void timegrid_uniform(double T, double end, int steps, double *t);
/* t_k = T (end/T)^{k/N}, end > 0. */
void timegrid_geometric(double T, double end, int steps, double *t);
/* t_k + w geometric from T + w to w, t_N = 0: short steps where n_t is below w, w > 0. */
void timegrid_shifted(double T, double w, int steps, double *t);
/* t_k^{1/rho} falls linearly from T^{1/rho} to end^{1/rho}, rho > 0: Karras, Aittala, Aila, Laine 2022
   (rho = 7); rho = 1 is uniform. */
void timegrid_karras(double T, double end, double rho, int steps, double *t);
/* Benton, De Bortoli, Doucet, Deligiannidis 2024: steps gamma_k <= kappa min(1, t), here
   r <- r - kappa while r - kappa >= 1, then r <- r/(1 + kappa), the last one clipped to
   end > 0. Writes at most capacity values; *steps is their number less one.
   SC_EDOMAIN if capacity is too small. */
BASE_MUST_USE int timegrid_benton(double T, double end, double kappa, int capacity,
                                  double *t, int *steps);
/* The same for 1 < T down to (1 + kappa)^{-J}, the largest such value that is at most `end` < 1, so that no step is
   clipped if 1 is reached. The caller frees. */
double *timegrid_benton_whole(double T, double end, double kappa, int *steps);
/* The largest (t_k - t_{k+1})/(kappa min(1, t_{k+1})): at most 1 under that rule. Encloses the
   rounding of the times. */
enclosure timegrid_benton_ratio(double kappa, int steps, const double *t);

#endif
