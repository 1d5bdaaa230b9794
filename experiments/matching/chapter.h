/* What the experiments of the chapter share: targets, fields and times on the line, and integrals
 * over time. Notation of the chapter: J_ESM, J_ISM, J_DSM never halved. */
#ifndef MATCHING_CHAPTER_H
#define MATCHING_CHAPTER_H

#include "enclosure.h"
#include "match.h"
#include "quad.h"
#include "sde.h"
#include "xp.h"

#include <math.h>

/* ---- Targets ------------------------------------------------------------------- */

static inline target *chapter_mixture(const double *w, const double *mu,
                                      const double *v)
{
    gmm *p = gmm_new(2, 1, w, mu, 1, v);
    target *data = target_mixture(p);
    gmm_free(p);
    return data;
}

/* G = 0.3 N(-1, 0.25) + 0.7 N(1.5, 0.64) */
static inline target *chapter_g(void)
{
    return chapter_mixture((double[]){0.3, 0.7}, (double[]){-1.0, 1.5},
                           (double[]){0.25, 0.64});
}

/* M = 0.3 N(-1.5, 0.09) + 0.7 N(1, 0.16) */
static inline target *chapter_m(void)
{
    return chapter_mixture((double[]){0.3, 0.7}, (double[]){-1.5, 1.0},
                           (double[]){0.09, 0.16});
}

/* A3 = atoms -1, 0.2, 1 with weights 0.5, 0.3, 0.2 */
static inline target *chapter_a3(void)
{
    return target_atoms(3, (double[]){0.5, 0.3, 0.2}, (double[]){-1.0, 0.2, 1.0});
}

/* Equal atoms -0.7, 0.1, 0.6, plus N(0, sd^2). */
static inline target *chapter_noisy_atoms(double sd)
{
    double v = sd * sd;
    gmm *p = gmm_new(3, 1, (double[]){1.0, 1.0, 1.0}, (double[]){-0.7, 0.1, 0.6}, 1,
                     (double[]){v, v, v});
    target *data = target_mixture(p);
    gmm_free(p);
    return data;
}

/* In the plane: means (0, 0) and (2, 1), variances 0.25 and 0.5, weights 0.4 and 0.6. */
static inline gmm *chapter_plane(void)
{
    return gmm_new(2, 2, (double[]){0.4, 0.6}, (double[]){0.0, 0.0, 2.0, 1.0}, 2,
                   (double[]){0.25, 0.5});
}

/* ---- A field in the plane: s = (-x + 0.5 sin y, -y + 0.3 x cos y) ------------------- */

static inline void chapter_plane_eval(const void *ctx, long n, int d, const double *x,
                                      int ldx, double *s, int lds)
{
    (void)ctx, (void)d;
    for (long i = 0; i < n; i++) {
        double a = x[i * ldx], b = x[i * ldx + 1];
        s[i * lds] = -a + 0.5 * sin(b);
        s[i * lds + 1] = -b + 0.3 * a * cos(b);
    }
}

static inline void chapter_plane_jacobian(const void *ctx, int d, const double *x,
                                          double *J, int ldj)
{
    (void)ctx, (void)d;
    J[0] = -1.0;
    J[1] = 0.5 * cos(x[1]);
    J[ldj] = 0.3 * cos(x[1]);
    J[ldj + 1] = -1.0 - 0.3 * x[0] * sin(x[1]);
}

static const field CHAPTER_PLANE_FIELD = {"plane", chapter_plane_eval,
                                          chapter_plane_jacobian, NULL};

/* ---- Fields s_theta on the line -------------------------------------------------- */

typedef enum { WAVY, TANH, LINEAR } shape;
static const char *const CHAPTER_SHAPES[] = {"wavy", "tanh", "linear"};

/* -theta x + 0.7 sin 2x,  -2 tanh(theta x),  -theta x. */
typedef struct {
    shape shape;
    double theta;
} line_field;

static const line_field CHAPTER_FIELDS[] = {{WAVY, 0.4}, {WAVY, 1.3},   {TANH, 0.4},
                                            {TANH, 1.3}, {LINEAR, 0.4}, {LINEAR, 1.3}};
enum { CHAPTER_N_FIELDS = sizeof CHAPTER_FIELDS / sizeof CHAPTER_FIELDS[0] };

static inline void line_field_eval(const void *ctx, long n, int d, const double *x,
                                   int ldx, double *s, int lds)
{
    const line_field *f = ctx;
    (void)d;
    for (long i = 0; i < n; i++) {
        double y = x[i * ldx];
        s[i * lds] = f->shape == TANH ? -2.0 * tanh(f->theta * y) : -f->theta * y;
        if (f->shape == WAVY) s[i * lds] += 0.7 * sin(2.0 * y);
    }
}

static inline void line_field_slope(const void *ctx, int d, const double *x, double *J,
                                    int ldj)
{
    const line_field *f = ctx;
    (void)d, (void)ldj;
    double rise = 1.0 / cosh(f->theta * x[0]);
    J[0] = f->shape == TANH ? -2.0 * f->theta * rise * rise : -f->theta;
    if (f->shape == WAVY) J[0] += 1.4 * cos(2.0 * x[0]);
}

static inline field chapter_field(const line_field *f)
{
    return (field){"s_theta", line_field_eval, line_field_slope, f};
}

/* ---- Objectives on the line ---------------------------------------------------------- */

static inline int chapter_fisher(const noised *x, const field *s, double *value,
                                 double *err)
{
    (void)s;
    return match_fisher(x, value, err);
}

static inline void chapter_half_slope(const void *ctx, int d, const double *x,
                                      double *J, int ldj)
{
    line_field_slope(ctx, d, x, J, ldj);
    J[0] *= 0.5;
}

/* E[s^2 + s'], a wrong J_ISM of one of the fields. */
static inline int chapter_single_divergence(const noised *x, const field *s,
                                            double *value, double *err)
{
    field half = {s->name, s->eval, chapter_half_slope, s->ctx};
    return match_ism(x, &half, value, err);
}

/* J of one of the fields, as an enclosure; f may be NULL for I(p_t). */
static inline enclosure chapter_measure(match_objective *J, const noised *law,
                                        const line_field *f)
{
    field s = chapter_field(f);
    double value, err;
    TRY(J(law, &s, &value, &err));
    return enclosure_about(value, err);
}

/* ---- Times ------------------------------------------------------------------------ */

static const double CHAPTER_TIMES[] = {0.05, 0.1, 0.5, 1.0, 2.0};

static inline noised chapter_noised(const target *data, const sde *e, double t)
{
    return (noised){data, sde_scale(e, t), sde_var(e, t)};
}

/* (a - b)/max(1, scale) */
static inline enclosure chapter_relative(enclosure a, enclosure b, enclosure scale)
{
    return enclosure_scale(enclosure_sub(a, b), 1.0 / fmax(1.0, enclosure_mid(scale)));
}

/* Where residuals are claimed to be. */
static inline region chapter_zero(void) { return region_about(0.0, 1e-10); }

/* The one of two residuals that is farther from 0. */
static inline enclosure chapter_worse(enclosure a, enclosure b)
{
    return fmax(fabs(a.lo), fabs(a.hi)) >= fmax(fabs(b.lo), fabs(b.hi)) ? a : b;
}

/* sigma_t^2 J(t) of one of the fields, data diffused by OU. */
typedef struct {
    const target *data;
    match_objective *J;
    const line_field *f;
} weighted_objective;

static inline int weighted_objective_at(const void *ctx, double t, double *value,
                                        double *err)
{
    const weighted_objective *w = ctx;
    noised law = chapter_noised(w->data, &SDE_OU, t);
    field s = chapter_field(w->f);
    CHECK(w->J(&law, &s, value, err));
    *value *= law.s2;
    *err *= law.s2;
    return SC_OK;
}

/* int_{0.05}^2 sigma_t^2 J(t) dt */
static inline enclosure chapter_weighted(const target *data, match_objective *J,
                                         const line_field *f)
{
    weighted_objective w = {data, J, f};
    double value, err;
    TRY(match_over_time(weighted_objective_at, &w, 0.05, 2.0, &value, &err));
    return enclosure_about(value, err);
}

#endif
