/* Row e: training a perceptron. */
#include "bench.h"

#include "mlp.h"

#include <stdlib.h>
#include <string.h>

enum { LAYERS = 4, BATCH = 1024, ADAM_STEPS = 20, IN = 3, OUT = 2 };
static const int WIDTH[LAYERS + 1] = {IN, 64, 64, 64, OUT};
static const double RATE = 1e-3;

typedef struct {
    mlp *f;
    adam *a;
    double width[LAYERS + 1];
    double *x, *target, *dy;  /* BATCH rows */
    double *first, *gradient; /* the weights to begin with, and the gradient there */
    double *work;
} training;

/* gradient of |f(x) - target|^2 / BATCH. */
static void back(const training *c, double *gradient)
{
    mlp_forward(c->f, BATCH, c->x, c->dy);
    for (int i = 0; i < BATCH * OUT; i++)
        c->dy[i] = 2.0 / BATCH * (c->dy[i] - c->target[i]);
    mlp_backward(c->f, BATCH, c->dy, gradient);
}

/* From the same weights every time: the terms depend on them. */
static void run_training(void *state)
{
    const training *c = state;
    const long all = mlp_parameters(c->f);
    memcpy(mlp_weights(c->f), c->first, (size_t)all * sizeof *c->first);
    for (int k = 0; k < ADAM_STEPS; k++) {
        back(c, c->work);
        adam_step(c->a, RATE, c->work, mlp_weights(c->f));
    }
}

static void release_training(void *state)
{
    training *c = state;
    mlp_free(c->f);
    adam_free(c->a);
    free(c->x);
    free(c);
}

/* The part of the neurons of hidden layer l that are not 0, at the weights to begin with. */
static double active(const training *c, int l)
{
    mlp *f = mlp_new(l, WIDTH); /* the layers up to l, their weights the first */
    memcpy(mlp_weights(f), c->first, (size_t)mlp_parameters(f) * sizeof *c->first);
    const long all = (long)BATCH * WIDTH[l];
    double *y = NEW_ARRAY(double, all);
    mlp_eval(f, BATCH, c->x, y);
    long positive = 0;
    for (long i = 0; i < all; i++) positive += y[i] > 0.0;
    free(y);
    mlp_free(f);
    return (double)positive / (double)all;
}

/* Terms of the products of a step: of the layer, of the gradients with respect to its weights and to what it is given. */
static double terms(const training *c)
{
    double sum = 0.0;
    for (int l = 1; l <= LAYERS; l++) {
        const double in = l > 1 ? active(c, l - 1) : 1.0,
                     e = l < LAYERS ? active(c, l) : 1.0;
        sum += (in + (l > 1 ? 2.0 : 1.0) * e) * WIDTH[l] * WIDTH[l - 1] * BATCH;
    }
    return sum;
}

static void train(row *r)
{
    training *c = NEW(training);
    const rng_key key = rng_key_of(1, "bench network");
    c->f = mlp_new(LAYERS, WIDTH);
    const long all = mlp_parameters(c->f);
    c->a = adam_new(all);
    c->x = NEW_ARRAY(double, (long)BATCH *(IN + 2 * OUT) + 3 * all);
    c->target = c->x + (long)BATCH * IN;
    c->dy = c->target + (long)BATCH * OUT;
    c->first = c->dy + (long)BATCH * OUT;
    c->gradient = c->first + all;
    c->work = c->gradient + all;
    rng_normal_rows(key, 0, 0, 0, BATCH, IN, c->x, IN);
    rng_normal_rows(key, 0, 1, 0, BATCH, OUT, c->target, OUT);
    mlp_draw(c->f, key, 0, 2);
    memcpy(c->first, mlp_weights(c->f), (size_t)all * sizeof *c->first);
    back(c, c->gradient);
    for (int l = 0; l <= LAYERS; l++) c->width[l] = WIDTH[l];
    *r = (row){.name = r->name,
               .unit = "steps",
               .counted = "three products a layer, two for the first, without the "
                          "terms of neurons at 0; no more",
               .items = ADAM_STEPS,
               .state = c,
               .run = run_training,
               .release = release_training,
               .peer = {.group = "network",
                        .of = {{"x", BATCH, IN, c->x},
                               {"target", BATCH, OUT, c->target},
                               {"width", LAYERS + 1, 1, c->width},
                               {"weights", all, 1, c->first}},
                        .results = all,
                        .result = c->gradient,
                        .tolerance = 1e-12}};
    r->count[GEMM] = terms(c) * ADAM_STEPS;
}

const row_maker NETWORK_ROWS[] = {
    {"e MLP 3-64-64-64-2, batch 1024, Adam", train},
};
const int NETWORK_ROW_COUNT = LEN(NETWORK_ROWS);
