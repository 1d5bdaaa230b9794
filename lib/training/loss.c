/* loss.c -- the denoising loss of a batch and its gradient. */
#include "internal.h"

#include <stdlib.h>

double training_loss(const training_problem *p, mlp *f, const training_batch *b,
                     bool without_m, double *gradient)
{
    const int D = p->D, inputs = D + 2;
    training_moment *at = NEW_ARRAY(training_moment, b->n);
    double *room = NEW_ARRAY(double, (long)b->n *(inputs + 2 * D)), *in = room,
           *y = in + (long)b->n * inputs, *out = y + (long)b->n * D, loss = 0.0;
    for (int i = 0; i < b->n; i++) {
        const long k = (long)i * D;
        at[i] = training_at(p, b->t[i]);
        training_diffuse(p, &at[i], b->x0 + k, b->z + k, y + k);
        training_inputs(p, &at[i], y + k, in + (long)i * inputs);
    }
    mlp_forward(f, b->n, in, out);
    for (int i = 0; i < b->n; i++) {
        const double weight = at[i].weight / b->n;
        double s[TRAINING_MOST_D];
        training_assemble(p, &at[i], y + (long)i * D, out + (long)i * D, s);
        for (int j = 0; j < D; j++) {
            const long k = (long)i * D + j;
            const double gap =
                s[j] - training_target(&at[i], b->x0[k], b->z[k], without_m);
            loss += weight * gap * gap;
            out[k] =
                fabs(out[k]) > p->clip ? 0.0 : 2.0 * weight * gap * at[i].m / at[i].s2;
        }
    }
    if (gradient != NULL) mlp_backward(f, b->n, out, gradient);
    free(room);
    free(at);
    return loss;
}
