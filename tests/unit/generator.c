/* Generators, their derivatives, Hoelder constants and Taylor polynomials; nodes. */
#include "manifold.h"

#include "check.h"
#include "reference.h"

#include <stdlib.h>

/* Written out as in the statements. */
static void values_are_the_formulas(void **state)
{
    (void)state;
    const double u = 0.37, v[2] = {0.37, 0.81};
    double x[8];
    generator_eval(&GENERATOR_LINE, 1, &u, x, NULL);
    assert_near(x[0], 1.6 * (u - 0.5), 1e-15);
    generator_eval(&GENERATOR_ARC, 1, &u, x, NULL);
    assert_near(x[0], 0.8 * cos(SC_PI * u), 1e-15);
    assert_near(x[1], 0.8 * sin(SC_PI * u) + 0.1 * u, 1e-15);
    generator_eval(&GENERATOR_BEND, 1, &u, x, NULL);
    assert_near(x[0], 1.44 * (u - 0.5) + 0.15 * sin(7.0 * u), 1e-15);
    assert_near(x[1], 0.5 * cos(4.0 * u), 1e-15);
    generator_eval(&GENERATOR_GENTLE, 1, &u, x, NULL);
    assert_near(x[0], 1.4 * (u - 0.5) + 0.15 * sin(3.0 * u), 1e-15);
    assert_near(x[1], 0.4 * cos(2.0 * u), 1e-15);
    generator_eval(&GENERATOR_WIRE, 1, &u, x, NULL);
    const double wire[8] = {1.5 * (u - 0.5),    0.6 * cos(4.0 * u),  0.5 * sin(6.0 * u),
                            0.4 * cos(9.0 * u), 0.4 * sin(11.0 * u), 0.3 * cos(5.0 * u),
                            0.3 * sin(3.0 * u), 0.3 * cos(7.0 * u)};
    for (int r = 0; r < 8; r++) assert_near(x[r], 0.88 * wire[r], 1e-15);
    generator_eval(&GENERATOR_SHEET, 1, v, x, NULL);
    assert_near(x[0], 0.74 * (1.4 * (v[0] - 0.5) + 0.2 * sin(5.0 * v[1])), 1e-15);
    assert_near(x[1], 0.74 * (1.4 * (v[1] - 0.5) + 0.2 * cos(4.0 * v[0])), 1e-15);
    assert_near(x[2], 0.37 * sin(3.0 * v[0] + 2.0 * v[1]), 1e-15);
    generator_eval(&GENERATOR_SLAB, 1, v, x, NULL);
    assert_near(x[0], v[0] - 0.5 + 0.1 * sin(2.0 * v[1]), 1e-15);
    assert_near(x[1], v[1] - 0.5 + 0.1 * cos(2.0 * v[0]), 1e-15);
    generator_eval(&GENERATOR_SMOOTH, 1, &u, x, NULL);
    assert_near(x[0], u + 0.3 * sin(5.0 * u) + 0.2 * u * u, 1e-15);
    generator_eval(&GENERATOR_SMOOTH_PLANE, 1, v, x, NULL);
    assert_near(x[0], 1.4 * v[0] + 0.9 * v[1] + 0.3 * sin(5.0 * v[0] + 3.0 * v[1]),
                1e-15);
}

static void octaves_are_the_sum(void **state)
{
    (void)state;
    const double u[2] = {0.37, 0.81};
    double line = 0.0, plane = 4.0 * (u[0] + 0.7 * u[1]), x;
    for (int k = 0; k < 5; k++) {
        const double a = exp2(-0.6 * k), c = 2.0 * SC_PI * exp2(k);
        line += a * cos(c * u[0]);
        plane += a * (cos(c * u[0]) + 0.7 * cos(c * u[1]));
    }
    generator g = generator_octaves(1, 0.0, 0.6, 5),
              h = generator_octaves(2, 4.0, 0.6, 5);
    generator_eval(&g, 1, u, &x, NULL);
    assert_near(x, line, 1e-13);
    generator_eval(&h, 1, u, &x, NULL);
    assert_near(x, plane, 1e-13);
    assert_true(generator_octaves(1, 4.0, 1.0, 5).H == 0.0);
    assert_near(h.H, 1.7 * g.H, 1e-12);
}

/* Largest norms of the statements, rounded up. */
static void sizes_are_known(void **state)
{
    (void)state;
    static const struct {
        const generator *g;
        double norm;
    } known[] = {
        {&GENERATOR_LINE, 0.8},     {&GENERATOR_ARC, 0.86},   {&GENERATOR_BEND, 0.882},
        {&GENERATOR_GENTLE, 0.807}, {&GENERATOR_WIRE, 0.989}, {&GENERATOR_SHEET, 0.997},
        {&GENERATOR_SLAB, 0.748},
    };
    for (int i = 0; i < LEN(known); i++) {
        const double norm = generator_largest(known[i].g).norm;
        assert_true(norm <= known[i].norm + 1e-15 && norm > known[i].norm - 2e-3);
    }
    assert_near(generator_largest(&GENERATOR_LINE).slope, 1.6, 1e-15);
    assert_near(generator_largest(&GENERATOR_ARC).slope, hypot(0.8 * SC_PI, 0.1), 1e-1);
    assert_int_equal(mesh_panels(&GENERATOR_LINE, 0.5, 0.01), 16);
    assert_int_equal(mesh_panels(&GENERATOR_LINE, 0.01, 1.0), 1);
}

/* Central differences. */
static void jacobians_are_derivatives(void **state)
{
    (void)state;
    const generator octaves = generator_octaves(2, 1.0, 0.5, 4);
    generator square = {.d = 2, .D = 1, .square = {{0.5, 1.0, 0.25}}};
    const generator *all[] = {
        &GENERATOR_BEND,         &GENERATOR_WIRE, &GENERATOR_SHEET, &GENERATOR_SMOOTH,
        &GENERATOR_SMOOTH_PLANE, &octaves,        &square};
    for (int i = 0; i < LEN(all); i++) {
        const generator *g = all[i];
        const double u[2] = {0.31, 0.68}, h = 1e-5;
        double J[2 * GENERATOR_D] = {0.0}, up[GENERATOR_D], down[GENERATOR_D];
        generator_eval(g, 1, u, NULL, J);
        for (int j = 0; j < g->d && j < 2; j++) {
            double v[2] = {0.31, 0.68};
            v[j] += h;
            generator_eval(g, 1, v, up, NULL);
            v[j] -= 2.0 * h;
            generator_eval(g, 1, v, down, NULL);
            for (int r = 0; r < g->D; r++)
                assert_near(J[r * g->d + j], (up[r] - down[r]) / (2.0 * h), 1e-6);
        }
    }
}

/* Constants of the statements. */
static void hoelder_constants(void **state)
{
    (void)state;
    assert_near(generator_hoelder(&GENERATOR_SMOOTH, 1.0), 2.9, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_SMOOTH, 2.0), 7.9, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_SMOOTH, 1.5), 7.9, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_SMOOTH_PLANE, 1.0), 4.7, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_SMOOTH_PLANE, 2.0), 12.0, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_GENTLE, 1.0), 1.85, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_GENTLE, 2.0), 1.85, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_SLAB, 1.0), 1.2, 1e-14);
    assert_near(generator_hoelder(&GENERATOR_SLAB, 2.0), 1.0, 1e-14);
    /* beta = 1/2: S = 2 sqrt(pi) 2/(1 - 2^(-1/2)) */
    const generator rough = generator_octaves(1, 4.0, 0.5, 14);
    const double S = 4.0 * sqrt(SC_PI) / (1.0 - sqrt(0.5));
    assert_close(generator_hoelder(&rough, 0.5), 4.0 + S, 1e-14);
    const generator smoother = generator_octaves(1, 4.0, 1.5, 14);
    assert_close(generator_hoelder(&smoother, 1.5), 2.0 * SC_PI * S, 1e-14);
    const generator half = generator_scaled(&rough, -0.5);
    assert_close(generator_hoelder(&half, 0.5), 2.0 + 0.5 * S, 1e-14);
}

/* It holds for the function: |g(x) - g(y)| <= H |x - y|^beta over many pairs, and is used by more than a quarter. */
static void hoelder_constant_holds(void **state)
{
    (void)state;
    const generator g = generator_octaves(1, 4.0, 0.75, 14);
    const double H = generator_hoelder(&g, 0.75);
    double worst = 0.0;
    for (int i = 0; i < 200; i++)
        for (int j = 1; j < 60; j++) {
            double u[2] = {i / 200.0, i / 200.0 + exp2(-0.25 * j)}, x[2];
            if (u[1] > 1.0) continue;
            generator_eval(&g, 2, u, x, NULL);
            worst = fmax(worst, fabs(x[1] - x[0]) / pow(u[1] - u[0], 0.75));
        }
    assert_true(worst <= H && worst > H / 4.0);
}

/* Amplitude 1/2: the factors of the statements. */
static void centred_generators(void **state)
{
    (void)state;
    static const double known[][2] = {
        {0.5, 0.12913}, {0.75, 0.15714}, {1.5, 0.20051}, {1.75, 0.20826}};
    mesh nodes = mesh_midpoints(1, 1 << 15);
    double *x = NEW_ARRAY(double, nodes.n);
    for (int i = 0; i < LEN(known); i++) {
        const generator W = generator_octaves(1, 4.0, known[i][0], 14);
        const generator g = generator_centred(&W, &nodes, 0.5);
        assert_near(g.H / W.H, known[i][1], 5e-6);
        generator_eval(&g, nodes.n, nodes.u, x, NULL);
        double lo = 0.0, hi = 0.0;
        for (long q = 0; q < nodes.n; q++) lo = fmin(lo, x[q]), hi = fmax(hi, x[q]);
        assert_near(lo, -0.5, 1e-14);
        assert_near(hi, 0.5, 1e-14);
    }
    free(x);
    mesh_free(&nodes);
}

/* Degree 0 is the corner; the error of degree r falls like N^-(r+1); a square is exact at degree 2. */
static void taylor_polynomials(void **state)
{
    (void)state;
    const double u[4] = {0.3, 0.55, 0.25, 1.0}, corner[4] = {0.5, 0.75, 0.25, 1.0};
    double x[6], y[6];
    generator_taylor(&GENERATOR_SHEET, 0, 4, 2, u, x);
    generator_eval(&GENERATOR_SHEET, 2, corner, y, NULL);
    for (int i = 0; i < 6; i++) assert_near(x[i], y[i], 1e-15);
    for (int degree = 0; degree < 4; degree++) {
        double gap[2] = {0.0, 0.0};
        for (int i = 0; i < 2; i++) {
            const double near[2] = {1.0 - 0.5 / (8 << i), 0.5 - 0.25 / (8 << i)};
            generator_taylor(&GENERATOR_SHEET, degree, 8 << i, 1, near, x);
            generator_eval(&GENERATOR_SHEET, 1, near, y, NULL);
            for (int r = 0; r < 3; r++) gap[i] = fmax(gap[i], fabs(x[r] - y[r]));
        }
        assert_near(log2(gap[0] / gap[1]), degree + 1.0, 0.2);
    }
    generator square = {.d = 2, .D = 1, .constant = {0.1}, .square = {{0.5, 1.0, 0.5}}};
    generator_taylor(&square, 2, 3, 2, u, x);
    generator_eval(&square, 2, u, y, NULL);
    for (int i = 0; i < 2; i++) assert_near(x[i], y[i], 1e-15);
}

/* 0.5 (u1 + u2)^2 and degree 1: the largest error 2 eps^2, eps = 1/10, at the lower corners of the cells. */
static void taylor_reference(void **state)
{
    (void)state;
    const generator g = {.d = 2, .D = 1, .square = {{0.5, 1.0, 0.5}}};
    double worst = 0.0;
    for (int i = 0; i < 1000; i++) {
        const double u[2] = {0.1 * (i % 10) + 1e-16, 0.1 * (i / 10 % 10) + 1e-16};
        double x, y;
        generator_taylor(&g, 1, 10, 1, u, &x);
        generator_eval(&g, 1, u, &y, NULL);
        if (u[0] < 0.1) worst = fmax(worst, fabs(x - y));
    }
    assert_near(worst, reference_value("matching", "taylor_d2_deg1"), 1e-15);
}

static double integral(const mesh *m, double (*f)(const double *u))
{
    double sum = 0.0;
    for (long q = 0; q < m->n; q++) sum += m->w[q] * f(m->u + q * m->d);
    return sum;
}
static double exponential(const double *u) { return exp(u[0]); }
static double mixed(const double *u) { return exp(u[0]) * u[1] * u[1] * u[1]; }
static double halves(const double *u) { return u[0] > 0.5 ? 1.0 : 0.0; }

static void meshes_integrate(void **state)
{
    (void)state;
    mesh line = mesh_legendre(1, 3, 6), plane = mesh_legendre(2, 3, 6);
    mesh cells = mesh_legendre(1, 4, 2), middle = mesh_midpoints(1, 200);
    mesh tiles = mesh_midpoints(2, 24);
    assert_int_equal(line.n, 18);
    assert_int_equal(plane.n, 324);
    assert_near(integral(&line, exponential), exp(1.0) - 1.0, 1e-15);
    assert_near(integral(&plane, mixed), 0.25 * (exp(1.0) - 1.0), 1e-14);
    assert_near(integral(&cells, halves), 0.5, 1e-15);
    assert_near(integral(&middle, exponential), exp(1.0) - 1.0, 2e-6);
    assert_near(integral(&tiles, mixed), 0.25 * (exp(1.0) - 1.0), 1e-3);
    /* tiles: the first 64 nodes fill [0, 1/3]^2 */
    for (long q = 0; q < 64; q++)
        assert_true(tiles.u[2 * q] < 1.0 / 3.0 && tiles.u[2 * q + 1] < 1.0 / 3.0);
    mesh_free(&line), mesh_free(&plane), mesh_free(&cells);
    mesh_free(&middle), mesh_free(&tiles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_the_formulas),
        cmocka_unit_test(octaves_are_the_sum),
        cmocka_unit_test(sizes_are_known),
        cmocka_unit_test(jacobians_are_derivatives),
        cmocka_unit_test(hoelder_constants),
        cmocka_unit_test(hoelder_constant_holds),
        cmocka_unit_test(centred_generators),
        cmocka_unit_test(taylor_polynomials),
        cmocka_unit_test(taylor_reference),
        cmocka_unit_test(meshes_integrate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
