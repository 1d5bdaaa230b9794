/* The generator of Langevin dynamics under Gibbs laws. */
#include "quad.h"
#include "sde.h"

#include <math.h>

static void square(double x, double *first, double *second)
{
    *first = 2.0 * x, *second = 2.0;
}

static void fourth(double x, double *first, double *second)
{
    *first = 4.0 * x * x * x, *second = 12.0 * x * x;
}

static void cosine(double x, double *first, double *second)
{
    *first = -sin(x), *second = -cos(x);
}

static void sine(double x, double *first, double *second)
{
    *first = 2.0 * cos(2.0 * x), *second = -4.0 * sin(2.0 * x);
}

const langevin_test LANGEVIN_TEST[LANGEVIN_TESTS] = {
    {"x^2", square}, {"x^4", fourth}, {"cos x", cosine}, {"sin 2x", sine}};

typedef struct {
    const langevin *l;
    double c;
    const langevin_test *phi;
} expectation;

static double gibbs(double x, const void *ctx)
{
    const expectation *e = ctx;
    double U = x * (0.25 * x * x * x + 0.5 * e->l->a * x + e->l->b);
    return exp(-e->c * U / (e->l->sigma * e->l->sigma));
}

static double generator(double x, const void *ctx)
{
    const expectation *e = ctx;
    double first, second, slope = x * x * x + e->l->a * x + e->l->b;
    e->phi->derivatives(x, &first, &second);
    return (-slope * first + 0.5 * e->l->sigma * e->l->sigma * second) * gibbs(x, ctx);
}

int langevin_drift_of(const langevin *l, double c, const langevin_test *phi,
                      enclosure *mean)
{
    static const double POINTS[] = {-8.0, -2.0, 0.0, 2.0, 8.0};
    const expectation e = {l, c, phi};
    double v, err, mass, mass_err;
    CHECK(quad_adaptive(generator, &e, LEN(POINTS), POINTS, 0.0, 1e-13, &v, &err));
    CHECK(quad_adaptive(gibbs, &e, LEN(POINTS), POINTS, 0.0, 1e-13, &mass, &mass_err));
    *mean = enclosure_div(enclosure_about(v, err), enclosure_about(mass, mass_err));
    return SC_OK;
}
