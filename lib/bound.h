/* bound -- right-hand sides of chapter convergence for VP, as corrected.  Floor 3.
 *
 * B = int_0^T beta, q = e^{-B}, m2 = E|X_0|^2, data in R^d; k = min(kappa, 1).
 */
#ifndef SC_BOUND_H
#define SC_BOUND_H

/* TV(p_T, N(0, I)) <= 1/2 sqrt(q m2 - d (q + log(1 - q))): 002 Corollary 6.3, corrected. */
double bound_vp_noise_tv(double m2, int d, double B);
/* W2^2(p_T, N(0, I)) <= q m2 + d (1 - sqrt(1 - q))^2: 002 Theorem 6.6, proof, corrected. */
double bound_vp_noise_w2sq(double m2, int d, double B);
/* kappa_s = kappa/(q + kappa (1 - q)): the law at B_s = B of kappa-strongly log-concave data is
   kappa_s-strongly log-concave (Gao, Nguyen, Zhu 2023, proposition 10). */
double bound_vp_concavity(double kappa, double B);
/* W2^2 <= e^{-cB} (bound_vp_noise_w2sq) + eps2/(2hc), c = 2k - 1 - 2h, for kappa > 1/2,
   0 < h < k - 1/2, eps2 the squared score error along the sampler: 002 Theorem 6.6, corrected. */
double bound_vp_w2sq(double kappa, double m2, int d, double B, double eps2, double h);
/* Its least value over h = (k - 1/2) i/50, i = 1..49. */
double bound_vp_w2sq_least(double kappa, double m2, int d, double B, double eps2);

#endif
