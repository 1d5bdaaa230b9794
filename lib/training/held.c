/* held.c -- the loss of data that no training saw. */
#include "internal.h"

#include <stdlib.h>

/* An observation: times tau = (k + u)/TIMES with one u ~ U(0, 1), draws (x0, z), (x0, -z) of each time. */
enum { TIMES = 16, PAIRS = 16, DRAWS = 2 * PAIRS, ALL = TIMES * DRAWS };
enum { LOSS, PAIRED, WRONG, HELD };

/* The draws of an observation, those of a time together: x0, z; X_t, what f sees of it, f; s*. */
typedef struct {
    training_moment at[TIMES];
    double x0[ALL * TRAINING_MOST_D], z[ALL * TRAINING_MOST_D],
        y[ALL * TRAINING_MOST_D], in[ALL * (TRAINING_MOST_D + 2)],
        f[ALL * TRAINING_MOST_D], best[ALL * TRAINING_MOST_D];
} held_draws;

/* Draws (x0, z) of observation i, to be found at 2k; at 2k + 1 stands (x0, -z). */
static void draw(const training_problem *p, rng_key key, uint64_t i, held_draws *h)
{
    enum { HALF = ALL / 2 };
    const int D = p->D;
    double x0[HALF * TRAINING_MOST_D], z[HALF * TRAINING_MOST_D];
    p->data.draw(p->data.ctx, key, i * HALF, HALF, x0);
    rng_normal_rows(key, i * HALF, TRAINING_NOISE, 0, HALF, D, z, D);
    for (int k = 0; k < ALL; k++)
        for (int j = 0; j < D; j++) {
            h->x0[k * D + j] = x0[k / 2 * D + j];
            h->z[k * D + j] = k % 2 == 0 ? z[k / 2 * D + j] : -z[k / 2 * D + j];
        }
}

static void evaluate(const training_job *j, double u, held_draws *h)
{
    const training_problem *p = j->p;
    const int D = p->D;
    for (long i = 0; i < ALL; i++) {
        const long k = i / DRAWS;
        if (i % DRAWS == 0)
            h->at[k] = training_at(p, training_time(p, ((double)k + u) / TIMES));
        training_diffuse(p, &h->at[k], h->x0 + i * D, h->z + i * D, h->y + i * D);
        training_inputs(p, &h->at[k], h->y + i * D, h->in + i * (D + 2));
    }
    mlp_eval(j->f, ALL, h->in, h->f);
    for (long k = 0; k < TIMES; k++)
        p->score(p->law, h->at[k].t, DRAWS, h->y + k * DRAWS * D, NULL,
                 h->best + k * DRAWS * D);
}

/* The loss of -y, the score of N(0, I), has the terms |z|^2/sigma^2 - (2 - sigma^2)|z|^2, most of the noise: of every s they
   are left at their mean, here 1/sigma^2 of a coordinate, which training_held_out adds. */
static double quiet_loss(const training_moment *at, double s, double u0, double z)
{
    return s * (s - 2.0 * u0) + (2.0 - at->sigma * at->sigma) * (z * z - 1.0);
}

/* y <- means over the draws: the loss of s; less that of s*; the same for the wrong target. */
static void observe(const training_problem *p, const held_draws *h, double *y)
{
    const int D = p->D;
    for (int o = 0; o < HELD; o++) y[o] = 0.0;
    for (long i = 0; i < ALL; i++) {
        const training_moment *at = &h->at[i / DRAWS];
        double s[TRAINING_MOST_D];
        training_assemble(p, at, h->y + i * D, h->f + i * D, s);
        for (int j = 0; j < D; j++) {
            const long k = i * D + j;
            const double u0 = training_target(at, h->x0[k], h->z[k], false),
                         wrong = training_target(at, h->x0[k], h->z[k], true),
                         beyond = s[j] - h->best[k], both = s[j] + h->best[k];
            y[LOSS] += at->weight * quiet_loss(at, s[j], u0, h->z[k]);
            y[PAIRED] += at->weight * beyond * (both - 2.0 * u0);
            y[WRONG] += at->weight * beyond * (both - 2.0 * wrong);
        }
    }
    for (int o = 0; o < HELD; o++) y[o] /= ALL;
}

/* A mc_batch of a training_job. */
static void held_batch(const void *job, rng_key key, uint64_t first, int n, double *y)
{
    const training_job *of = job;
    double *u = NEW_ARRAY(double, n);
    held_draws *h = NEW(held_draws);
    rng_uniform_rows(key, first, TRAINING_TIMES, 0, n, 1, u, 1);
    for (int i = 0; i < n; i++) {
        draw(of->p, key, first + (uint64_t)i, h);
        evaluate(of, u[i], h);
        observe(of->p, h, y + (long)HELD * i);
    }
    free(h);
    free(u);
}

int training_held_out(const training_job *j, rng_key key, double part, double within,
                      double alpha, training_held *held)
{
    enum { PILOT = 1024, LEAST = 2000, MOST = 1 << 15 };
    const mc_observables of = {held_batch, j, HELD};
    const enclosure E = training_excess(j),
                    noise = enclosure_scale(training_noise(j->p), (double)j->p->D);
    enclosure mean[HELD];
    double sd[HELD];
    CHECK(mc_mean(&of, key, MC_PILOT, PILOT, alpha, mean, sd));
    const long paired = mc_size(sd[PAIRED], part * fabs(enclosure_mid(E)), alpha),
               loss = mc_size(sd[LOSS], within, alpha),
               more = paired > loss ? paired : loss;
    const long n = more < LEAST ? LEAST : more > MOST ? MOST : more;
    CHECK(mc_mean(&of, key, 0, n, alpha, mean, NULL));
    *held =
        (training_held){enclosure_add(mean[LOSS], noise),
                        enclosure_div(mean[PAIRED], E), enclosure_div(mean[WRONG], E)};
    return SC_OK;
}
