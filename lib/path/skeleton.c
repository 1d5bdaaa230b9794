/* E KL(N(x + b x + c, v) | N(x + b' x + c', v')) under x ~ N(m, V) is
 * KL(N(D m + d, v) | N(0, v')) + D^2 V/(2v'), D = b - b', d = c - c'.
 */
#include "path.h"

#include "divergence.h"

#include <float.h>
#include <math.h>

/* Neumaier's sum: what each addition loses is kept. */
typedef struct {
    double sum, lost;
} total;

static void add(total *t, double y)
{
    double sum = t->sum + y, large = fmax(fabs(t->sum), fabs(y));
    t->lost += large == fabs(y) ? (y - sum) + t->sum : (t->sum - sum) + y;
    t->sum = sum;
}

/* A skeleton on its way: the law of X_i, and what rounding does to its moments and to the sum. */
typedef struct {
    gauss x, error;
    double sum_error;
} progress;

/* Every coefficient, sum and product is off by at most 2 units of what it is made of. */
static const double UNIT = 2.0 * DBL_EPSILON;

static double term(progress *s, path_step p, path_step q)
{
    double D = p.b - q.b, d = p.c - q.c, D_error = UNIT * (fabs(p.b) + fabs(q.b));
    double gap = D * s->x.mean + d, spread = D * D * s->x.var;
    double gap_error = fabs(D) * s->error.mean + D_error * fabs(s->x.mean) +
                       UNIT * (fabs(D * s->x.mean) + fabs(p.c) + fabs(q.c));
    double spread_error = D * D * s->error.var + 2.0 * fabs(D) * D_error * s->x.var;
    double value =
        gauss_kl((gauss){gap, p.var}, (gauss){0.0, q.var}) + 0.5 * spread / q.var;
    s->sum_error +=
        (fabs(gap) * gap_error + 0.5 * gap_error * gap_error + 0.5 * spread_error) /
            q.var +
        UNIT * (fabs(p.var - q.var) / p.var + 4.0 * value);
    return value;
}

static void advance(progress *s, path_step p)
{
    double grow = 1.0 + p.b, kept = grow * s->x.mean, spread = grow * grow * s->x.var;
    s->error.mean = fabs(grow) * s->error.mean + 2.0 * UNIT * (fabs(kept) + fabs(p.c));
    s->error.var = grow * grow * s->error.var + 2.0 * UNIT * (spread + p.var);
    s->x = (gauss){s->x.mean + p.b * s->x.mean + p.c, spread + p.var};
}

enclosure path_skeleton(gauss first, path_step p, path_step q, long n)
{
    REQUIRE(n > 0 && p.var > 0.0 && q.var > 0.0);
    progress s = {.x = first};
    total entropy = {0.0, 0.0};
    for (long i = 0; i < n; i++) {
        add(&entropy, term(&s, p, q));
        advance(&s, p);
    }
    double value = entropy.sum + entropy.lost;
    return enclosure_about(value, s.sum_error + UNIT * value);
}
