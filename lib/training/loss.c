/* loss.c -- the denoising loss and its gradient; held-out data. */
#include "internal.h"

#include <stdlib.h>

/* The target u0: -z/sigma, or without m -(X_t - x0)/sigma^2. */
static double conditional_score(double t, double x0, double z, bool without_m)
{
    const double v = training_var(t);
    const double right = -z / sqrt(v);
    return without_m ? right + (1.0 - training_m(t)) / v * x0 : right;
}

/* X_t for one draw. */
static void diffuse(const training_problem *p, double t, const double *x0,
                    const double *z, double *y)
{
    for (int j = 0; j < p->D; j++)
        y[j] = training_m(t) * x0[j] + sqrt(training_var(t)) * z[j];
}

double training_loss(const training_problem *p, mlp *f, const training_batch *b,
                     bool without_m, double *gradient)
{
    const int D = p->D, inputs = D + 2;
    double *room = NEW_ARRAY(double, (long)b->n *(inputs + 2 * D)), *in = room,
           *y = in + (long)b->n * inputs, *out = y + (long)b->n * D, loss = 0.0;
    for (int i = 0; i < b->n; i++) {
        diffuse(p, b->t[i], b->x0 + (long)i * D, b->z + (long)i * D, y + (long)i * D);
        training_inputs(p, b->t[i], y + (long)i * D, in + (long)i * inputs);
    }
    mlp_forward(f, b->n, in, out);
    for (int i = 0; i < b->n; i++) {
        const double t = b->t[i], m = training_m(t);
        const double s2 = m * m * p->sd * p->sd + training_var(t),
                     weight = t * log(p->T / p->t0) / b->n;
        double s[TRAINING_MOST_D];
        training_assemble(p, t, y + (long)i * D, out + (long)i * D, s);
        for (int j = 0; j < D; j++) {
            const long k = (long)i * D + j;
            const double gap =
                s[j] - conditional_score(t, b->x0[k], b->z[k], without_m);
            loss += weight * gap * gap;
            out[k] = fabs(out[k]) > p->clip ? 0.0 : 2.0 * weight * gap * m / s2;
        }
    }
    if (gradient != NULL) mlp_backward(f, b->n, out, gradient);
    free(room);
    return loss;
}

enum { LOSS, PAIRED, HELD };

/* A mc_batch of a training_job. */
static void held_batch(const void *job, rng_key key, uint64_t first, int n, double *y)
{
    const training_job *of = job;
    const training_problem *p = of->p;
    const int D = p->D;
    double *room = NEW_ARRAY(double, (long)n *(2 * D + 1)), *x0 = room,
           *z = x0 + (long)n * D, *tau = z + (long)n * D;
    double *in = NEW_ARRAY(double, (long)n *(2 * D + 2)), *f = in + (long)n * (D + 2);
    p->data.draw(p->data.ctx, key, first, n, x0);
    rng_uniform_rows(key, first, TRAINING_TIMES, 0, n, 1, tau, 1);
    rng_normal_rows(key, first, TRAINING_NOISE, 0, n, D, z, D);
    for (int i = 0; i < n; i++) {
        const double t = training_time(p, tau[i]);
        double at[TRAINING_MOST_D];
        diffuse(p, t, x0 + (long)i * D, z + (long)i * D, at);
        training_inputs(p, t, at, in + (long)i * (D + 2));
    }
    mlp_eval(of->f, n, in, f);
    for (int i = 0; i < n; i++) {
        const double t = training_time(p, tau[i]), *at = in + (long)i * (D + 2);
        double s[TRAINING_MOST_D], best[TRAINING_MOST_D], loss = 0.0, least = 0.0;
        training_assemble(p, t, at, f + (long)i * D, s);
        p->score(p->law, t, 1, at, NULL, best);
        for (int j = 0; j < D; j++) {
            const long k = (long)i * D + j;
            const double u0 = conditional_score(t, x0[k], z[k], false);
            loss += (s[j] - u0) * (s[j] - u0);
            least += (best[j] - u0) * (best[j] - u0);
        }
        const double weight = t * log(p->T / p->t0);
        y[HELD * i + LOSS] = weight * loss;
        y[HELD * i + PAIRED] = weight * (loss - least);
    }
    free(in);
    free(room);
}

int training_held_out(const training_job *j, rng_key key, long n, double alpha,
                      training_held *held)
{
    const mc_observables of = {held_batch, j, HELD};
    enclosure mean[HELD];
    double sd[HELD];
    CHECK(mc_mean(&of, key, 0, n, alpha, mean, sd));
    *held = (training_held){enclosure_mid(mean[LOSS]), sd[LOSS] / sqrt((double)n),
                            enclosure_div(mean[PAIRED], training_excess(j))};
    return SC_OK;
}
