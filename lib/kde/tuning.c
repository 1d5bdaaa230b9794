/* The tuning of Wibisono, Wu, Yang 2024, and the constants of laws near a curve. */
#include "kde.h"

#include <math.h>
#include <stdlib.h>

kde_class kde_class_of(int D, double diameter, double sd, bool straight)
{
    const double noise = sd * sd, spread = 0.25 * diameter * diameter;
    const double L = spread / (noise * noise) - 1.0 / noise;
    return (kde_class){D, spread + noise,
                       straight ? 1.0 / noise : fmax(1.0 / noise, L)};
}

double kde_bandwidth(const kde_class *c, double n)
{
    const double D = c->D;
    const double size = D * D * D * pow(c->alpha2 * log(n), 0.5 * D);
    return pow(size / (c->L * c->L * n), 2.0 / (D + 4.0));
}

double kde_bound(const kde_class *c, double n)
{
    const double D = c->D;
    return D * c->alpha2 * c->L * c->L * pow(log(n), D / (D + 4.0)) *
           pow(n, -2.0 / (D + 4.0));
}

double kde_diameter(const generator *g)
{
    enum { NODES = 2001 };
    REQUIRE(g->d == 1);
    double u[NODES], *x = NEW_ARRAY(double, (long)NODES * g->D), most = 0.0;
    for (int i = 0; i < NODES; i++) u[i] = i / (NODES - 1.0);
    generator_eval(g, NODES, u, x, NULL);
    for (int i = 0; i < NODES; i++)
        for (int j = 0; j < i; j++) {
            double square = 0.0;
            for (int k = 0; k < g->D; k++) {
                const double gap = x[i * g->D + k] - x[j * g->D + k];
                square += gap * gap;
            }
            most = fmax(most, square);
        }
    free(x);
    return sqrt(most) + generator_largest(g).slope / (NODES - 1.0);
}
