/* diffusion -- diffusions on the line, with noise that depends on the place, whose marginals are known.
 * Floor 3.
 *
 *     dX = f(t, X) dt + sqrt(a(t, X)) dB,   X_t ~ p_t
 *
 *   gbm           mu x, sigma^2 x^2; log X_t ~ N(m0 + (mu - sigma^2/2) t, s0^2 + sigma^2 t)
 *   tanh          -U' = sqrt(2) c tanh(c x/sqrt(2)), 2; from 0: p_t = 1/2 sum N(+-sqrt(2) c t, 2t)
 *   reversible    (x - x^3)/2, 1 + x^2; p_t = N(0, 1)
 *   manufactured  a = 2 + sin 2x and the marginals of OU: with s = d log p_t/dx its velocity is
 *                 u = -x - s, and f = u + a'/2 + a s/2 has the flux p u
 *
 * Source: statements, chapter reversal; 002 (2.3), (5.1).
 */
#ifndef SC_DIFFUSION_H
#define SC_DIFFUSION_H

#include "law.h"
#include "target.h"

/* Coefficients and score at one point: f, a, da/dx, d log p_t/dx. */
typedef struct {
    double f, a, da, score;
} diffusion_point;

typedef struct diffusion diffusion;
struct diffusion {
    void (*at)(const diffusion *c, double t, long n, const double *x,
               diffusion_point *p);
    double mu, sigma, m0, s0; /* gbm */
    double c;                 /* tanh */
    const target *data;       /* manufactured: law at t = 0, borrowed */
};

diffusion diffusion_gbm(double mu, double sigma, double m0, double s0);
diffusion diffusion_tanh(double c);
diffusion diffusion_reversible(void);
diffusion diffusion_manufactured(const target *data);

/* At n points: gbm wants x > 0, tanh t > 0. */
void diffusion_at(const diffusion *c, double t, long n, const double *x,
                  diffusion_point *p);
/* Drift of the reversed process, 002 (2.3): -f + a score + da. */
double diffusion_reverse(diffusion_point p);
/* Drift of the probability flow, 002 (5.1): f - da/2 - a score/2. */
double diffusion_flow(diffusion_point p);

/* tanh, started from X_0 = 0, given X_t = x, for a step h: the quotients E[X_{t+h} - x]/h and
   E[X_{t-h} - x]/h, 0 < h < t, by quadrature of the displacement against the transition density

       k_h(y | x) = sum_{+-} w_{+-} N(y; x +- sqrt(2) c h, 2h),   w_{+-} = 1/(1 + e^{-+ sqrt(2) c x}),

   and against k_h(x | y) k_{t-h}(y | 0)/k_t(x | 0). Failures are those of quad_adaptive. */
BASE_MUST_USE int diffusion_tanh_forward(double c, double h, double x,
                                         enclosure *quotient);
BASE_MUST_USE int diffusion_tanh_backward(double c, double t, double h, double x,
                                          enclosure *quotient);

/* n points along the probability flow from s to t, in place; error: NULL, or what ode_solve says.
   without_div: control, da left out. */
BASE_MUST_USE int diffusion_carry(const diffusion *c, bool without_div, double s,
                                  double t, int n, double *x, double *error);

/* ---- Reversed, 002 Theorem 2.1 ----------------------------------------------------------
 *
 *     dY = b dt + sqrt(a) dB at backward time t,   b = -f + a score + da and a of c at T - t */
typedef struct {
    diffusion c;
    double T;
    bool without_div; /* control: da left out */
} reversal;

double reversal_drift(const reversal *r, double t, double y);
/* Largest |b(t, y) - (linear y + cubic y^3)| at the 41 points y = -4, -3.8, .. 4. */
double reversal_drift_error(const reversal *r, double t, double linear, double cubic);
/* For law_affine, ctx a reversal: b read off at 0 and 1, a at 0; or the drift and the noise of log Y, read
   off at 0 and 1 (gbm). Right only where b is affine and a constant there. */
affine_rates reversal_affine(const void *ctx, double t);
affine_rates reversal_log_affine(const void *ctx, double t);
/* Manufactured: Euler's scheme from p_T. Borrows r. */
euler_scheme reversal_euler(const reversal *r, int steps);
/* Manufactured, in weak form with phi = sin kx, by quadrature in x and t:

       int_0^T E_{p_t}[b phi' + a phi''/2] dt - (E phi(X_0) - E phi(X_T)),   0 if b is right. */
BASE_MUST_USE int reversal_weak(const reversal *r, double k, enclosure *residual);

#endif
