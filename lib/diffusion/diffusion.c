#include "diffusion.h"

#include <math.h>
#include <stdlib.h>

static void gbm_at(const diffusion *c, double t, long n, const double *x,
                   diffusion_point *p)
{
    double s2 = c->sigma * c->sigma, mean = c->m0 + (c->mu - 0.5 * s2) * t;
    double var = c->s0 * c->s0 + s2 * t;
    for (long i = 0; i < n; i++)
        p[i] = (diffusion_point){.f = c->mu * x[i],
                                 .a = s2 * x[i] * x[i],
                                 .da = 2.0 * s2 * x[i],
                                 .score = (-1.0 - (log(x[i]) - mean) / var) / x[i]};
}

static void tanh_at(const diffusion *c, double t, long n, const double *x,
                    diffusion_point *p)
{
    double k = c->c / sqrt(2.0);
    for (long i = 0; i < n; i++)
        p[i] = (diffusion_point){.f = 2.0 * k * tanh(k * x[i]),
                                 .a = 2.0,
                                 .score = -x[i] / (2.0 * t) + k * tanh(k * x[i])};
}

static void reversible_at(const diffusion *c, double t, long n, const double *x,
                          diffusion_point *p)
{
    (void)c, (void)t;
    for (long i = 0; i < n; i++)
        p[i] = (diffusion_point){.f = 0.5 * (x[i] - x[i] * x[i] * x[i]),
                                 .a = 1.0 + x[i] * x[i],
                                 .da = 2.0 * x[i],
                                 .score = -x[i]};
}

static void manufactured_at(const diffusion *c, double t, long n, const double *x,
                            diffusion_point *p)
{
    double *s = NEW_ARRAY(double, n);
    target_score(c->data, exp(-t), -expm1(-2.0 * t), n, x, NULL, s, NULL);
    for (long i = 0; i < n; i++) {
        double a = 2.0 + sin(2.0 * x[i]), da = 2.0 * cos(2.0 * x[i]);
        double u = -x[i] - s[i];
        p[i] = (diffusion_point){u + 0.5 * (da + a * s[i]), a, da, s[i]};
    }
    free(s);
}

diffusion diffusion_gbm(double mu, double sigma, double m0, double s0)
{
    REQUIRE(sigma > 0.0 && s0 > 0.0);
    return (diffusion){.at = gbm_at, .mu = mu, .sigma = sigma, .m0 = m0, .s0 = s0};
}

diffusion diffusion_tanh(double c) { return (diffusion){.at = tanh_at, .c = c}; }

diffusion diffusion_reversible(void) { return (diffusion){.at = reversible_at}; }

diffusion diffusion_manufactured(const target *data)
{
    return (diffusion){.at = manufactured_at, .data = data};
}

void diffusion_at(const diffusion *c, double t, long n, const double *x,
                  diffusion_point *p)
{
    c->at(c, t, n, x, p);
}

double diffusion_reverse(diffusion_point p) { return -p.f + p.a * p.score + p.da; }

double diffusion_flow(diffusion_point p) { return p.f - 0.5 * (p.da + p.a * p.score); }
