/* sde -- forward processes dX = f(t) X dt + g(t) dB.  Floor 2.
 *
 * Linear drift: X_t = s_t X_0 + sqrt(n_t) Z with Z ~ N(0, I) and
 *
 *     s_t = exp int_0^t f,      n_t = int_0^t (s_t/s_r)^2 g_r^2 dr.
 *
 * Sources: 002 section 3, (3.1)-(3.17); VE' is Karras et al. 2022, named "VE-linear" in tables;
 * COU and CsubVP are Tang & Zhao 2024.
 *
 *   name   f(t)      g^2(t)                          s_t          n_t              p_noise
 *   OU     -theta    sigma^2                         e^{-theta t} v(1 - e^{-2 theta t}) N(0,v)
 *   VP     -beta/2   beta                            e^{-B/2}     1 - e^-B         N(0,1)
 *   subVP  -beta/2   beta (1 - e^{-2B})              e^{-B/2}     (1 - e^-B)^2     N(0,1)
 *   VE     0         smin^2 r^{2t} 2 log r           1            smin^2(r^{2t}-1) N(0,n_T)
 *   VE'    0         2t                              1            t^2              N(0,T^2)
 *   CVP    beta/2    beta                            e^{B/2}      e^B - 1          N(0,n_T)
 *   COU    theta     sigma^2                         e^{theta t}  v(e^{2 theta t} - 1) N(0,n_T)
 *   CsubVP beta/2    beta (e^{2B} - 1)               e^{B/2}      (e^B - 1)^2      N(0,n_T)
 *   Brownian 0       1                               1            t                N(0,T)
 *
 * with beta(t) = bmin + (t/T)^p (bmax - bmin), B(t) = int_0^t beta, r = (smax/smin)^{1/T},
 * v = sigma^2/(2 theta). Everything is computed between two times u <= t, from the increment
 * B(t) - B(u), without cancellation: small steps and small t keep full relative accuracy.
 */
#ifndef SC_SDE_H
#define SC_SDE_H

#include "base.h"
#include "enclosure.h"
#include "rng.h"

typedef struct sde_family sde_family;

/* A process: its family's formulas and its parameters. A value; copy freely. */
typedef struct {
    const sde_family *family;
    double T;          /* horizon */
    double bmin, bmax; /* the schedule beta; OU and COU have bmin = bmax = 2 theta */
    double power;      /* p of beta(t); 1 = linear (3.9) */
    double smin, smax; /* VE */
    double stationary; /* OU, COU: v = sigma^2/(2 theta); else 1 */
} sde;

/* The defaults of the chapter "sampling": OU T = 2; VP and subVP (0.1, 20), T = 1;
   VE' T = 10; CVP (0.1, 2), T = 1. */
extern const sde SDE_OU, SDE_VP, SDE_SUBVP, SDE_VE_PRIME, SDE_CVP;

sde sde_ou(double T); /* theta = 1, sigma^2 = 2 */
sde sde_ou_general(double theta, double sigma, double T);
sde sde_vp(double bmin, double bmax, double T);
sde sde_vp_power(double bmin, double bmax, double power, double T);
sde sde_subvp(double bmin, double bmax, double T);
sde sde_cvp(double bmin, double bmax, double T);
sde sde_cou(double theta, double sigma, double T);
sde sde_csubvp(double bmin, double bmax, double T);
sde sde_ve(double smin, double smax, double T); /* geometric, (3.5) */
sde sde_ve_prime(double T);                     /* sigma = t */
sde sde_brownian(double T);                     /* f = 0, g = 1 */

const char *sde_name(const sde *e);
double sde_f(const sde *e, double t);     /* drift coefficient f(t) */
double sde_g2(const sde *e, double t);    /* g(t)^2 */
double sde_B(const sde *e, double t);     /* int_0^t beta; 0 for VE, VE', Brownian */
double sde_scale(const sde *e, double t); /* s_t */
double sde_var(const sde *e, double t);   /* n_t, free of cancellation for small t */
double sde_prior_var(const sde *e);       /* variance of p_noise */

/* Between two times u <= t: X_t = alpha X_u + sqrt(qbar) Z with
   alpha = s_t/s_u and qbar = n_t - alpha^2 n_u = int_u^t (s_t/s_r)^2 g_r^2 dr. */
double sde_scale_between(const sde *e, double u, double t);
double sde_var_between(const sde *e, double u, double t);
double sde_int_g2(const sde *e, double u, double t); /* int_u^t g^2 dr, (6.16) */
/* int_u^t (s_u/s_r)^k g_r^2 dr, k = 1, 2: drift and noise of the exponential
   integrator (6.19). */
double sde_int_ei(const sde *e, double u, double t, int k);
/* 1/2 int_u^t (s_u/s_r) g_r^2 sqrt(n_t/n_r) dr, the drift of the integrator that freezes the noise -sqrt(n_t) S
   (DDIM), by 24-point Gauss-Legendre of positive terms. */
double sde_int_frozen_noise(const sde *e, double u, double t);
/* From f and g^2 alone, by nested quadrature, to check the closed forms: s_t/s_u and
   int_u^t (s_t/s_r)^k g_r^2 dr, which is sde_int_g2 for k = 0, sde_var_between for k = 2,
   sde_int_ei times (s_t/s_u)^k. Any k; u < t; f of one sign. */
BASE_MUST_USE int sde_quadrature(const sde *e, double u, double t, int k,
                                 enclosure *scale, enclosure *noise);

/* The least (x - x')(f(t,x) - f(t,x'))/|x - x'|^2 of (3.15) over random pairs on the line, 0.1 apart or more, at
   t = 0, T/8, ..., T. Where f is monotone in t, as in all families here, the least is f at an end; f
   multiplies every coordinate, so that one stands for all. */
enclosure sde_contraction(const sde *e, rng_key key, int pairs);

/* DDPM's chain x_i = sqrt(1 - beta_i) x_{i-1} + sqrt(beta_i) z_i, i <= N, of a schedule beta:
   beta_i = beta(t_i) T/N < 1 at the right ends t_i = i T/N (002 section 3 (c)), hence
   x_n | x_0 ~ N(sqrt(a_n) x_0, 1 - a_n). Here log a_n = sum_{i <= n} log(1 - beta_i), to 1e-15 of itself for
   every N. */
double sde_log_alpha_bar(const sde *e, long N, long n);

/* Langevin dX = -U'(X) dt + sigma dB on the line (3.3), U(x) = x^4/4 + a x^2/2 + b x: not linear, so it has no
   kernel; its stationary law is proportional to exp(-2U/sigma^2) (3.4). */
typedef struct {
    double a, b, sigma;
} langevin;
/* Functions phi by their names and first two derivatives: x^2, x^4, cos x, sin 2x. */
enum { LANGEVIN_TESTS = 4 };
typedef struct {
    const char *name;
    void (*derivatives)(double x, double *first, double *second);
} langevin_test;
extern const langevin_test LANGEVIN_TEST[LANGEVIN_TESTS];
/* E[-U' phi' + sigma^2 phi''/2], d/dt E phi(X_t) at t = 0 from X_0 with density proportional to
   exp(-c U/sigma^2): 0 for c = 2. By quadrature over |x| <= 8, for |a|, |b| <= 2, 0.5 <= sigma <= 1.5,
   1 <= c <= 4: the law has no more than 1e-100 outside. */
BASE_MUST_USE int langevin_drift_of(const langevin *l, double c,
                                    const langevin_test *phi, enclosure *mean);

#endif
