/* One network for all times: products of hats in time and interpolants in space. */
#include "interpolant.h"

#include <math.h>
#include <stdlib.h>

enum { J = INTERPOLANT_TIMES, LEVELS = 10, RANGE = 2 };

/* ReLU(z - k_i), i <= n, in the layer after that of z. */
static void ramps(relu_builder *b, relu_signal z, int n, const double *knot,
                  relu_signal *ramp)
{
    static const double ONE = 1.0;
    for (int i = 0; i <= n; i++)
        ramp[i] = relu_neuron(b, relu_sum(b, 1, &ONE, &z, -knot[i]));
}

/* v_0 + sum_i a_i ReLU(z - k_i). */
static relu_signal interpolate(relu_builder *b, const interpolant *g,
                               const relu_signal *ramp)
{
    double *a = NEW_ARRAY(double, g->pieces + 1);
    interpolant_weights(g, a);
    const relu_signal y = relu_sum(b, g->pieces + 1, a, ramp, g->value[0]);
    free(a);
    return y;
}

/* The interpolant of v(., t), which the products can take; the caller frees. */
static interpolant in_space(const interpolant_sampler *s, double t)
{
    const reference law = interpolant_at(s->data, t);
    const interpolant_task p = {interpolant_law, &law, -s->reach, s->reach};
    const interpolant g = interpolant_on(&p, interpolant_uniform, s->pieces);
    for (int i = 0; i <= g.pieces; i++) REQUIRE(fabs(g.value[i]) <= ldexp(1.0, RANGE));
    return g;
}

relu *interpolant_relu(const interpolant_sampler *s)
{
    const int W = s->pieces;
    double time[J + 1], one[J + 1];
    relu_signal *ramp = NEW_ARRAY(relu_signal, W + J + 2), input[2], u[2 * (J + 1)];
    relu_builder *b = relu_begin(2, input);
    interpolant space[J + 1];
    for (int j = 0; j <= J; j++) {
        time[j] = s->T * j * j / (J * J);
        space[j] = in_space(s, time[j]);
    }
    ramps(b, input[0], W, space[0].knot, ramp);
    ramps(b, input[1], J, time, ramp + W + 1);
    for (int j = 0; j <= J; j++) {
        double hat[J + 1] = {0.0};
        hat[j] = one[j] = 1.0;
        const interpolant in_time = {.pieces = J, .knot = time, .value = hat};
        u[j] = interpolate(b, &in_time, ramp + W + 1);
        u[J + 1 + j] = interpolate(b, &space[j], ramp);
        interpolant_free(&space[j]);
    }
    relu_product(b, LEVELS, RANGE, J + 1, u, 0, NULL);
    const relu_signal y = relu_sum(b, J + 1, one, u, 0.0);
    free(ramp);
    return relu_finish(b, 1, &y);
}
