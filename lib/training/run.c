/* run.c -- Adam on batches, from the first step to the last. */
#include "internal.h"
#include "rank.h"

#include <stdlib.h>
#include <string.h>

const training_recipe TRAINING_ADAM = {
    .hidden = 64, .batch = 512, .steps = 4000, .rate = {2e-3, 1e-5}};

/* Replicate r owns the data from r 2^32 on. */
static uint64_t first_of(uint64_t replicate) { return replicate << 32; }

mlp *training_network(const training_problem *p, const training_recipe *r, rng_key key,
                      uint64_t replicate)
{
    mlp *f = mlp_new(3, (int[]){p->D + 2, r->hidden, r->hidden, p->D});
    mlp_draw(f, key, replicate, TRAINING_WEIGHTS);
    return f;
}

double *training_data(const training_problem *p, const training_recipe *r, rng_key key,
                      uint64_t replicate)
{
    REQUIRE(r->points > 0);
    double *x = NEW_ARRAY(double, r->points * p->D);
    p->data.draw(p->data.ctx, key, first_of(replicate), r->points, x);
    return x;
}

/* Where a run takes its batches from: fixed data, or the next of fresh ones. */
typedef struct {
    const training_problem *p;
    const training_recipe *r;
    rng_key key;
    uint64_t next; /* of fresh data */
    double *fixed; /* points x D, or NULL */
    rng times, noise, choice;
    double *x0, *t, *z; /* of a batch */
} feed;

static feed feed_new(const training_problem *p, const training_recipe *r, rng_key key,
                     uint64_t replicate)
{
    feed from = {.p = p, .r = r, .key = key, .next = first_of(replicate)};
    if (r->points > 0) from.fixed = training_data(p, r, key, replicate);
    from.times = rng_at(key, replicate, TRAINING_TIMES);
    from.noise = rng_at(key, replicate, TRAINING_NOISE);
    from.choice = rng_at(key, replicate, TRAINING_CHOICE);
    from.x0 = NEW_ARRAY(double, (long)r->batch *(2 * p->D + 1));
    from.z = from.x0 + (long)r->batch * p->D;
    from.t = from.z + (long)r->batch * p->D;
    return from;
}

static void feed_free(feed *from)
{
    free(from->fixed);
    free(from->x0);
}

static training_batch feed_next(feed *from)
{
    const training_problem *p = from->p;
    const int n = from->r->batch, D = p->D;
    if (from->fixed == NULL) {
        p->data.draw(p->data.ctx, from->key, from->next, n, from->x0);
        from->next += (uint64_t)n;
    } else {
        rng_uniform(&from->choice, n, from->t);
        for (int i = 0; i < n; i++) {
            const long at = (long)(from->t[i] * (double)from->r->points);
            memcpy(from->x0 + (long)i * D, from->fixed + at * D,
                   (size_t)D * sizeof *from->x0);
        }
    }
    rng_uniform(&from->times, n, from->t);
    for (int i = 0; i < n; i++) from->t[i] = training_time(p, from->t[i]);
    rng_normal(&from->noise, (long)n * D, from->z);
    return (training_batch){n, from->x0, from->t, from->z};
}

/* (L(w + h e_k) - L(w - h e_k))/2h */
static double difference(const training_problem *p, mlp *f, const training_batch *b,
                         long k, double h)
{
    double *w = mlp_weights(f) + k;
    const double kept = *w;
    *w = kept + h;
    const double up = training_loss(p, f, b, false, NULL);
    *w = kept - h;
    const double down = training_loss(p, f, b, false, NULL);
    *w = kept;
    return (up - down) / (2.0 * h);
}

training_gradient training_gradient_gap(const training_problem *p,
                                        const training_recipe *r, rng_key key, int some)
{
    static const double STEP = 1e-8;
    training_recipe fresh = *r;
    fresh.points = 0;
    mlp *f = training_network(p, &fresh, key, 0);
    const long all = mlp_parameters(f);
    double *right = NEW_ARRAY(double, 2 * all), *slip = right + all;
    double gap = 0.0, off = 0.0, change = 0.0, size = 0.0;
    feed from = feed_new(p, &fresh, key, 0);
    const training_batch b = feed_next(&from);
    (void)training_loss(p, f, &b, false, right);
    (void)training_loss(p, f, &b, true, slip);
    for (int i = 0; i < some; i++) {
        const long k = (all - 1) * i / (some - 1);
        const double d = difference(p, f, &b, k, STEP),
                     half = difference(p, f, &b, k, 0.5 * STEP);
        gap += (right[k] - d) * (right[k] - d);
        off += (slip[k] - d) * (slip[k] - d);
        change += (half - d) * (half - d);
        size += d * d;
    }
    feed_free(&from);
    free(right);
    mlp_free(f);
    const double error = 2.0 * sqrt(change / size);
    return (training_gradient){enclosure_about(sqrt(gap / size), error),
                               enclosure_about(sqrt(off / size), error)};
}

static int train(const training_job *j)
{
    const training_recipe *r = &j->recipe;
    const long all = mlp_parameters(j->f);
    double *gradient = NEW_ARRAY(double, all);
    adam *a = adam_new(all);
    feed from = feed_new(j->p, r, j->key, j->replicate);
    bool finite = true;
    for (int k = 0, mark = 0; k < r->steps && finite; k++) {
        const double part = r->steps > 1 ? (double)k / (r->steps - 1) : 0.0;
        const training_batch b = feed_next(&from);
        finite = isfinite(training_loss(j->p, j->f, &b, r->without_m, gradient));
        adam_step(a, r->rate[0] + (r->rate[1] - r->rate[0]) * part, gradient,
                  mlp_weights(j->f));
        if ((long)(k + 1) * r->marks < (long)(mark + 1) * r->steps) continue;
        if (mark < r->marks) j->trace[mark++] = enclosure_mid(training_excess(j));
    }
    for (long i = 0; i < all; i++) finite = finite && isfinite(mlp_weights(j->f)[i]);
    for (int i = 0; i < r->marks; i++) finite = finite && isfinite(j->trace[i]);
    feed_free(&from);
    adam_free(a);
    free(gradient);
    return finite ? SC_OK : SC_ECONVERGENCE;
}

/* ---- Many runs ------------------------------------------------------------------------------- */

/* Problem and test by their values as well as by name: data drawn with a key of their own, and s*. */
static store_key key_of(const training_job *j)
{
    enum { PROBES = 16 };
    const training_problem *p = j->p;
    const training_recipe *r = &j->recipe;
    const double numbers[] = {p->D,
                              p->t0,
                              p->T,
                              p->sd,
                              p->clip,
                              r->hidden,
                              r->batch,
                              r->steps,
                              r->rate[0],
                              r->rate[1],
                              (double)r->points,
                              r->without_m,
                              r->marks,
                              j->key.word[0],
                              j->key.word[1],
                              (double)j->replicate};
    double x[PROBES * TRAINING_MOST_D];
    store_key k = store_key_new();
    store_key_text(&k, "training_run");
    store_key_text(&k, p->name);
    store_key_doubles(&k, LEN(numbers), numbers);
    p->data.draw(p->data.ctx, (rng_key){{1, 2}}, 0, PROBES, x);
    store_key_doubles(&k, (long)PROBES * p->D, x);
    if (r->marks == 0) return k;
    const training_nodes *of = &j->test->fine;
    store_key_doubles(&k, of->first[of->times] * of->D, of->s);
    store_key_doubles(&k, of->first[of->times], of->w);
    return k;
}

/* Numbers of a run: the weights, then the trace. */
static int compute(const void *ctx, int n, double *value)
{
    const training_job *j = ctx;
    const long all = mlp_parameters(j->f);
    REQUIRE(n == all + j->recipe.marks);
    CHECK(train(j));
    memcpy(value, mlp_weights(j->f), (size_t)all * sizeof *value);
    memcpy(value + all, j->trace, (size_t)j->recipe.marks * sizeof *value);
    return SC_OK;
}

void training_fill(const training_job *like, int sizes, const long *size, long seeds,
                   training_job *run)
{
    for (long k = 0; k < sizes * seeds; k++) {
        run[k] = *like;
        run[k].recipe.points = size[k / seeds];
        run[k].replicate += (uint64_t)k;
    }
}

/* Networks to begin with, traces to fill; first[i]: where the numbers of job i begin among those of all. */
static long *begin(long n, training_job *jobs)
{
    long *first = NEW_ARRAY(long, n + 1);
    for (long i = 0; i < n; i++) {
        training_job *j = &jobs[i];
        j->f = training_network(j->p, &j->recipe, j->key, j->replicate);
        j->trace = NEW_ARRAY(double, j->recipe.marks);
        first[i + 1] = first[i] + mlp_parameters(j->f) + j->recipe.marks;
    }
    return first;
}

/* Of what `compute` gives: weights, then the trace. */
static void finish(training_job *j, const double *value)
{
    const long all = mlp_parameters(j->f);
    memcpy(mlp_weights(j->f), value, (size_t)all * sizeof *value);
    memcpy(j->trace, value + all, (size_t)j->recipe.marks * sizeof *value);
}

int training_all(long n, training_job *jobs, const store *kept, training_done *done,
                 void *ctx)
{
    int status = SC_OK;
    long finished = 0, *first = begin(n, jobs);
    double *value = NEW_ARRAY(double, first[n]);
    const rank_share mine = rank_divide();
    const long own = (n - mine.first + mine.step - 1) / mine.step;
#pragma omp parallel for schedule(dynamic) default(none)                               \
    shared(n, jobs, kept, done, ctx, finished, first, value, mine, own)                \
        reduction(min                                                                  \
                  : status)
    for (long i = mine.first; i < n; i += mine.step) {
        const int numbers = (int)(first[i + 1] - first[i]);
        const int here = store_fetch(kept, key_of(&jobs[i]), compute, &jobs[i], numbers,
                                     value + first[i]);
        if (here < status) status = here;
#pragma omp critical(training_done)
        {
            finished++;
            if (done != NULL) done(ctx, finished, own);
        }
    }
    rank_gather(mine, (size_t)first[n] * sizeof *value, value);
    status = rank_least(status);
    for (long i = 0; i < n && status == SC_OK; i++) finish(&jobs[i], value + first[i]);
    free(value);
    free(first);
    return status;
}

void training_jobs_free(long n, training_job *jobs)
{
    for (long i = 0; i < n; i++) {
        mlp_free(jobs[i].f);
        free(jobs[i].trace);
        jobs[i].f = NULL, jobs[i].trace = NULL;
    }
}
