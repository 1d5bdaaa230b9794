/* The generators of the chapter, their values and derivatives. */
#include "manifold.h"

#include <math.h>
#include <stdlib.h>

/* cos x = sin(x + pi/2) */
#define COSINE (0.5 * SC_PI)

const generator GENERATOR_LINE = {
    .name = "line", .d = 1, .D = 1, .constant = {-0.8}, .slope = {{1.6}}};

const generator GENERATOR_ARC = {
    .name = "arc",
    .d = 1,
    .D = 2,
    .slope = {{0.0}, {0.1}},
    .waves = 2,
    .wave = {{0, 0.8, {SC_PI}, COSINE}, {1, 0.8, {SC_PI}, 0.0}}};

const generator GENERATOR_BEND = {
    .name = "bend",
    .d = 1,
    .D = 2,
    .constant = {-0.72},
    .slope = {{1.44}},
    .waves = 2,
    .wave = {{0, 0.15, {7.0}, 0.0}, {1, 0.5, {4.0}, COSINE}}};

const generator GENERATOR_GENTLE = {
    .name = "gentle",
    .d = 1,
    .D = 2,
    .constant = {-0.7},
    .slope = {{1.4}},
    .waves = 2,
    .wave = {{0, 0.15, {3.0}, 0.0}, {1, 0.4, {2.0}, COSINE}}};

#define WIRE(a) (0.88 * (a))
const generator GENERATOR_WIRE = {.name = "wire",
                                  .d = 1,
                                  .D = 8,
                                  .constant = {WIRE(-0.75)},
                                  .slope = {{WIRE(1.5)}},
                                  .waves = 7,
                                  .wave = {{1, WIRE(0.6), {4.0}, COSINE},
                                           {2, WIRE(0.5), {6.0}, 0.0},
                                           {3, WIRE(0.4), {9.0}, COSINE},
                                           {4, WIRE(0.4), {11.0}, 0.0},
                                           {5, WIRE(0.3), {5.0}, COSINE},
                                           {6, WIRE(0.3), {3.0}, 0.0},
                                           {7, WIRE(0.3), {7.0}, COSINE}}};

#define SHEET(a) (0.74 * (a))
const generator GENERATOR_SHEET = {.name = "sheet",
                                   .d = 2,
                                   .D = 3,
                                   .constant = {SHEET(-0.7), SHEET(-0.7)},
                                   .slope = {{SHEET(1.4)}, {0.0, SHEET(1.4)}},
                                   .waves = 3,
                                   .wave = {{0, SHEET(0.2), {0.0, 5.0}, 0.0},
                                            {1, SHEET(0.2), {4.0, 0.0}, COSINE},
                                            {2, SHEET(0.5), {3.0, 2.0}, 0.0}}};

const generator GENERATOR_SLAB = {
    .name = "slab",
    .d = 2,
    .D = 2,
    .constant = {-0.5, -0.5},
    .slope = {{1.0}, {0.0, 1.0}},
    .waves = 2,
    .wave = {{0, 0.1, {0.0, 2.0}, 0.0}, {1, 0.1, {2.0, 0.0}, COSINE}}};

const generator GENERATOR_SMOOTH = {.name = "smooth",
                                    .d = 1,
                                    .D = 1,
                                    .slope = {{1.0}},
                                    .square = {{0.2}},
                                    .waves = 1,
                                    .wave = {{0, 0.3, {5.0}, 0.0}}};

const generator GENERATOR_SMOOTH_PLANE = {.name = "smooth-plane",
                                          .d = 2,
                                          .D = 1,
                                          .slope = {{1.4, 0.9}},
                                          .waves = 1,
                                          .wave = {{0, 0.3, {5.0, 3.0}, 0.0}}};

/* The Hoelder constant of generator_octaves, without its factor for d = 2 below beta = 1. */
static double octaves_constant(double beta)
{
    const double b = beta < 1.0 ? beta : beta - 1.0;
    const double S =
        2.0 * pow(SC_PI, b) * (1.0 / (1.0 - exp2(b - 1.0)) + 1.0 / (1.0 - exp2(-b)));
    if (beta < 1.0) return 4.0 + S;
    return fmax(4.0 + 2.0 * SC_PI / (1.0 - exp2(1.0 - beta)), 2.0 * SC_PI * S);
}

generator generator_octaves(int d, double trend, double beta, int octaves)
{
    REQUIRE((d == 1 || d == 2) && octaves >= 1 && d * octaves <= GENERATOR_WAVES);
    REQUIRE(0.0 < beta && beta < 2.0 && fabs(trend) <= 4.0);
    static const double share[] = {1.0, 0.7};
    generator g = {.name = "weier", .d = d, .D = 1};
    for (int j = 0; j < d; j++) {
        g.slope[0][j] = share[j] * trend;
        for (int k = 0; k < octaves; k++) {
            generator_wave *w = &g.wave[g.waves++];
            *w = (generator_wave){0, share[j] * exp2(-beta * k), {0.0}, COSINE};
            w->k[j] = 2.0 * SC_PI * exp2(k);
        }
    }
    if (beta == 1.0) return g;
    g.beta = beta;
    g.H = octaves_constant(beta) * (d == 2 && beta < 1.0 ? 1.7 : 1.0);
    return g;
}

generator generator_first(const generator *g, int D)
{
    REQUIRE(1 <= D && D <= g->D);
    generator first = *g;
    first.D = D;
    first.waves = 0;
    for (int k = 0; k < g->waves; k++)
        if (g->wave[k].row < D) first.wave[first.waves++] = g->wave[k];
    return first;
}

generator generator_scaled(const generator *g, double factor)
{
    generator s = *g;
    for (int r = 0; r < g->D; r++) {
        s.constant[r] *= factor;
        for (int j = 0; j < 2; j++) s.slope[r][j] *= factor;
        for (int j = 0; j < 3; j++) s.square[r][j] *= factor;
    }
    for (int k = 0; k < g->waves; k++) s.wave[k].a *= factor;
    s.H = fabs(factor) * g->H;
    return s;
}

generator generator_centred(const generator *g, const mesh *nodes, double amplitude)
{
    REQUIRE(g->D == 1 && g->d == nodes->d && amplitude > 0.0);
    double *x = NEW_ARRAY(double, nodes->n);
    generator_eval(g, nodes->n, nodes->u, x, NULL);
    double lo = x[0], hi = x[0];
    for (long q = 1; q < nodes->n; q++) {
        lo = fmin(lo, x[q]);
        hi = fmax(hi, x[q]);
    }
    free(x);
    REQUIRE(hi > lo);
    generator c = *g;
    c.constant[0] -= 0.5 * (lo + hi);
    return generator_scaled(&c, 2.0 * amplitude / (hi - lo));
}

/* One point. */
static void value_at(const generator *g, const double *u, double *x)
{
    const double v[2] = {u[0], g->d == 2 ? u[1] : 0.0};
    for (int r = 0; r < g->D; r++) {
        const double *s = g->square[r];
        x[r] = g->constant[r] + g->slope[r][0] * v[0] + g->slope[r][1] * v[1] +
               s[0] * v[0] * v[0] + s[1] * v[0] * v[1] + s[2] * v[1] * v[1];
    }
    for (int k = 0; k < g->waves; k++) {
        const generator_wave *w = &g->wave[k];
        x[w->row] += w->a * sin(w->k[0] * v[0] + w->k[1] * v[1] + w->phase);
    }
}

static void jacobian_at(const generator *g, const double *u, double *J)
{
    const long d = g->d;
    const double v[2] = {u[0], d == 2 ? u[1] : 0.0};
    for (int r = 0; r < g->D; r++) {
        const double *s = g->square[r];
        J[r * d] = g->slope[r][0] + 2.0 * s[0] * v[0] + s[1] * v[1];
        if (d == 2) J[r * d + 1] = g->slope[r][1] + s[1] * v[0] + 2.0 * s[2] * v[1];
    }
    for (int k = 0; k < g->waves; k++) {
        const generator_wave *w = &g->wave[k];
        double slope = w->a * cos(w->k[0] * v[0] + w->k[1] * v[1] + w->phase);
        for (long j = 0; j < d; j++) J[w->row * d + j] += slope * w->k[j];
    }
}

void generator_eval(const generator *g, long n, const double *u, double *x, double *J)
{
    REQUIRE(n >= 0 && 1 <= g->D && g->D <= GENERATOR_D);
    const long per = (long)g->D * g->d;
    for (long i = 0; i < n; i++) {
        if (x != NULL) value_at(g, u + i * g->d, x + i * g->D);
        if (J != NULL) jacobian_at(g, u + i * g->d, J + i * per);
    }
}

/* Sums over the terms of row r: |dg/du_j| into first[j], sum_l |d^2 g/du_j du_l| into second[j]. */
static void derivative_bounds(const generator *g, int r, double first[2],
                              double second[2])
{
    const double *s = g->square[r];
    first[0] = fabs(g->slope[r][0]) + fabs(2.0 * s[0]) + fabs(s[1]);
    first[1] = fabs(g->slope[r][1]) + fabs(s[1]) + fabs(2.0 * s[2]);
    second[0] = fabs(2.0 * s[0]) + fabs(s[1]);
    second[1] = fabs(s[1]) + fabs(2.0 * s[2]);
    for (int k = 0; k < g->waves; k++) {
        const generator_wave *w = &g->wave[k];
        if (w->row != r) continue;
        for (int j = 0; j < g->d; j++) {
            double slope = fabs(w->a * w->k[j]);
            first[j] += slope;
            second[j] += slope * (fabs(w->k[0]) + fabs(w->k[1]));
        }
    }
}

double generator_hoelder(const generator *g, double beta)
{
    REQUIRE(0.0 < beta && beta <= 2.0);
    double H = 0.0;
    for (int r = 0; r < g->D; r++) {
        double first[2] = {0.0}, second[2] = {0.0};
        derivative_bounds(g, r, first, second);
        if (beta <= 1.0) {
            H = fmax(H, first[0] + first[1]);
            continue;
        }
        for (int j = 0; j < g->d; j++) H = fmax(H, fmax(first[j], second[j]));
    }
    return g->beta == beta && g->H < H ? g->H : H;
}

generator_sizes generator_largest(const generator *g)
{
    const int per_axis = g->d == 1 ? 4097 : 257;
    const long n = g->d == 1 ? per_axis : (long)per_axis * per_axis;
    generator_sizes largest = {0.0, 0.0};
    for (long i = 0; i < n; i++) {
        const long row = i / per_axis, column = i % per_axis;
        const double u[2] = {(double)column / (per_axis - 1),
                             (double)row / (per_axis - 1)};
        double x[GENERATOR_D] = {0.0}, J[2 * GENERATOR_D] = {0.0}, norm = 0.0;
        generator_eval(g, 1, u, x, J);
        for (int r = 0; r < g->D; r++) norm += x[r] * x[r];
        largest.norm = fmax(largest.norm, sqrt(norm));
        for (int j = 0; j < g->d; j++) {
            double slope = 0.0;
            for (int r = 0; r < g->D; r++) slope += J[r * g->d + j] * J[r * g->d + j];
            largest.slope = fmax(largest.slope, sqrt(slope));
        }
    }
    return largest;
}
