/* (6.18): a step of the predictor, then Langevin steps for the law p_u. */
#include "sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

step sampler_correction(const sampler *pc, double t, double u)
{
    REQUIRE(pc->predictor != NULL);
    return SAMPLER_LANGEVIN.coefficients(NULL, pc->eps(pc->eps_ctx, t, u), 0.0);
}

/* Rows first .. first+count-1 of every point's `normals` rows of z, packed into `part`. */
static void pick(const sampler *self, const move *m, const double *z, int first,
                 int count, double *part)
{
    for (long i = 0; i < m->n; i++)
        memcpy(part + i * count * m->d, z + (i * self->normals + first) * m->d,
               (size_t)(count * m->d) * sizeof *z);
}

static void advance(const sampler *self, const move *m, const double *x,
                    const double *z, double *y)
{
    const sampler *predictor = self->predictor;
    step c = sampler_correction(self, m->t, m->u);
    long size = m->n * m->d, rows = predictor->normals > 1 ? predictor->normals : 1;
    double noise = sqrt(c.q);
    double *part = NEW_ARRAY(double, (rows + 1) * size), *s = part + rows * size;

    pick(self, m, z, 0, predictor->normals, part);
    predictor->advance(predictor, m, x, part, y);
    for (int l = 0; l < self->corrections; l++) {
        pick(self, m, z, predictor->normals + l, 1, part);
        m->s.eval(m->s.ctx, m->u, m->n, m->d, y, m->d, s, m->d);
        for (long i = 0; i < size; i++)
            y[i] = c.a * y[i] + c.b * s[i] + noise * part[i];
    }
    free(part);
}

sampler sampler_predictor_corrector(const sampler *predictor, int corrections,
                                    double (*eps)(const void *ctx, double t, double u),
                                    const void *eps_ctx)
{
    REQUIRE(predictor->predictor == NULL && corrections >= 0 && eps != NULL);
    return (sampler){.name = "PC",
                     .evaluations = predictor->evaluations + corrections,
                     .normals = predictor->normals + corrections,
                     .advance = advance,
                     .predictor = predictor,
                     .corrections = corrections,
                     .eps = eps,
                     .eps_ctx = eps_ctx};
}

double sampler_eps_proportional(const void *ctx, double t, double u)
{
    return *(const double *)ctx * (t - u);
}

double sampler_eps_fixed(const void *ctx, double t, double u)
{
    (void)t, (void)u;
    return *(const double *)ctx;
}

double sampler_eps_squared(const void *ctx, double t, double u)
{
    return *(const double *)ctx * (t - u) * (t - u);
}

double sampler_eps_falling(const void *ctx, double t, double u)
{
    return *(const double *)ctx * u + (t - u) * (t - u);
}

static const double HALF = 0.5;

const sampler SAMPLER_EM_CORRECTED = {.name = "PC",
                                      .evaluations = 2,
                                      .normals = 2,
                                      .advance = advance,
                                      .predictor = &SAMPLER_EM,
                                      .corrections = 1,
                                      .eps = sampler_eps_proportional,
                                      .eps_ctx = &HALF};
