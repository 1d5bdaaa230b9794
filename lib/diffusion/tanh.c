/* The transition density of dX = sqrt(2) c tanh(c X/sqrt(2)) dt + sqrt(2) dB, and mean displacements. */
#include "diffusion.h"

#include "quad.h"

#include <math.h>

static double log_normal(double x, double var)
{
    return -0.5 * x * x / var - 0.5 * log(2.0 * SC_PI * var);
}

/* log k_h(to | from) */
static double log_kernel(double c, double h, double from, double to)
{
    double k = sqrt(2.0) * c, gap = to - from;
    double up = log_normal(gap - k * h, 2.0 * h) - log1p(exp(-k * from));
    double down = log_normal(gap + k * h, 2.0 * h) - log1p(exp(k * from));
    return fmax(up, down) + log1p(exp(-fabs(up - down)));
}

typedef struct {
    double c, t, h, x; /* t = 0: forwards */
    double log_now;    /* log k_t(x | 0) */
} displacement;

/* z times the density of the displacement z */
static void moment(const void *ctx, int n, const double *z, double *y)
{
    const displacement *s = ctx;
    for (int i = 0; i < n; i++) {
        double other = s->x + z[i];
        double log_density =
            s->t == 0.0 ? log_kernel(s->c, s->h, s->x, other)
                        : log_kernel(s->c, s->h, other, s->x) +
                              log_kernel(s->c, s->t - s->h, 0.0, other) - s->log_now;
        y[i] = z[i] * exp(log_density);
    }
}

/* Rounding moves the integrand by 1e-15 of the parts of its logarithm: squares up to x^2/t and c^2 t, products
   of nodes of the size of |x| and of the kernel's shift with 1/sqrt(h) and with c. */
static double log_parts(const displacement *s, double shift)
{
    double parts = (fabs(s->x) + shift) / sqrt(s->h) + 2.0 * fabs(s->c * s->x);
    if (s->t > 0.0) parts += s->x * s->x / s->t + 2.0 * s->c * s->c * s->t;
    return parts;
}

/* Over all that one kernel reaches; split around its two peaks forwards, around the one peak of the Brownian bridge
   backwards. */
static int quotient_of(const displacement *s, enclosure *quotient)
{
    static const double STEPS[] = {-13.0, -13.0, -6.0, -2.0, -0.0,
                                   0.0,   2.0,   6.0,  13.0, 13.0};
    enum { LAST = LEN(STEPS) - 1 };
    const bool back = s->t > 0.0;
    double points[LEN(STEPS)], value, err;
    double shift = sqrt(2.0) * fabs(s->c) * s->h, sd = sqrt(2.0 * s->h);
    double centre = back ? -s->x * s->h / s->t : 0.0, logs = log_parts(s, shift);
    double width = back ? sd * sqrt(1.0 - s->h / s->t) : sd;
    for (int i = 0; i <= LAST; i++)
        points[i] = centre + STEPS[i] * width + copysign(back ? 0.0 : shift, STEPS[i]);
    points[0] = centre - 13.0 * sd - shift;
    points[LAST] = centre + 13.0 * sd + shift;
    CHECK(quad_adaptive_batch(moment, s, LEN(STEPS), points, 1e-15 * logs * sd, 1e-13,
                              &value, &err));
    /* err holds 1e-13 int|integrand| */
    *quotient = enclosure_about(value / s->h, err * (1.0 + 1e-2 * logs) / s->h);
    return SC_OK;
}

int diffusion_tanh_forward(double c, double h, double x, enclosure *quotient)
{
    REQUIRE(h > 0.0);
    return quotient_of(&(displacement){.c = c, .h = h, .x = x}, quotient);
}

int diffusion_tanh_backward(double c, double t, double h, double x, enclosure *quotient)
{
    REQUIRE(0.0 < h && h < t);
    displacement s = {c, t, h, x, log_kernel(c, t, 0.0, x)};
    return quotient_of(&s, quotient);
}
