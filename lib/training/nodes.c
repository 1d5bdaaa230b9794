/* nodes.c -- int E h(t, X_t) dt as a sum. */
#include "internal.h"
#include "quad.h"

#include <stdlib.h>
#include <string.h>

/* Of the nodes of time k and their density, those that count, after the ones before. */
static void keep(training_nodes *of, int k, long n, const double *y, const double *logp,
                 const double *s, double weight)
{
    const int D = of->D;
    double largest = -(double)INFINITY;
    for (long i = 0; i < n; i++) largest = fmax(largest, logp[i]);
    long last = of->first[k];
    for (long i = 0; i < n; i++) {
        if (logp[i] < largest - 16.0 * log(10.0)) continue;
        memcpy(of->y + last * D, y + i * D, (size_t)D * sizeof *y);
        memcpy(of->s + last * D, s + i * D, (size_t)D * sizeof *s);
        of->w[last++] = weight * exp(logp[i]);
    }
    of->first[k + 1] = last;
}

static long per_axis(const training_problem *p, training_rule rule, double t)
{
    const double m = training_m(t), s2 = m * m * p->sd * p->sd + training_var(t);
    return 2 * (long)ceil(rule.half_width / (rule.spacing * sqrt(s2))) + 1;
}

static void nodes_at(const training_problem *p, training_rule rule, int k, double dt,
                     training_nodes *of)
{
    const int D = p->D;
    const long axis = per_axis(p, rule, of->t[k]), n = D == 1 ? axis : axis * axis;
    const double dx = 2.0 * rule.half_width / (double)(axis - 1);
    double *room = NEW_ARRAY(double, n *(2 * D + 1)), *y = room, *s = y + n * D,
           *logp = s + n * D;
    for (long i = 0; i < n; i++) {
        const long row = i / axis, column = i % axis;
        y[i * D] = -rule.half_width + dx * (double)column;
        if (D == 2) y[i * D + 1] = -rule.half_width + dx * (double)row;
    }
    p->score(p->law, of->t[k], n, y, logp, s);
    keep(of, k, n, y, logp, s, dt * pow(dx, D));
    free(room);
}

static training_nodes nodes_of(const training_problem *p, training_rule rule)
{
    training_nodes of = {.D = p->D, .times = rule.times};
    of.t = NEW_ARRAY(double, 2L * rule.times);
    of.first = NEW_ARRAY(long, rule.times + 1);
    double *weight = of.t + rule.times;
    quad_legendre(rule.times, log(p->t0), log(p->T), of.t, weight);
    long room = 0;
    for (int k = 0; k < rule.times; k++) {
        of.t[k] = exp(of.t[k]);
        const long axis = per_axis(p, rule, of.t[k]);
        room += p->D == 1 ? axis : axis * axis;
    }
    of.y = NEW_ARRAY(double, room * p->D);
    of.s = NEW_ARRAY(double, room * p->D);
    of.w = NEW_ARRAY(double, room);
    for (int k = 0; k < rule.times; k++) nodes_at(p, rule, k, of.t[k] * weight[k], &of);
    return of;
}

training_test training_test_of(const training_problem *p, training_rule rule)
{
    const training_rule coarse = {(3 * rule.times + 3) / 4, rule.half_width,
                                  1.5 * rule.spacing};
    return (training_test){nodes_of(p, rule), nodes_of(p, coarse)};
}

static void nodes_free(training_nodes *of)
{
    free(of->t);
    free(of->first);
    free(of->y);
    free(of->s);
    free(of->w);
}

void training_test_free(training_test *test)
{
    nodes_free(&test->fine);
    nodes_free(&test->coarse);
}

static double integral(const training_nodes *of, training_of a, const training_of *b)
{
    const int D = of->D;
    double sum = 0.0;
    for (int k = 0; k < of->times; k++) {
        const long first = of->first[k], n = of->first[k + 1] - first;
        double *sa = NEW_ARRAY(double, 2 * n * D), *sb = sa + n * D;
        if (a.score != NULL) a.score(a.ctx, of->t[k], n, of->y + first * D, NULL, sa);
        if (b != NULL && b->score != NULL)
            b->score(b->ctx, of->t[k], n, of->y + first * D, NULL, sb);
        const double *other = b != NULL ? sb : of->s + first * D;
        for (long i = 0; i < n * D; i++)
            sum += of->w[first + i / D] * (sa[i] - other[i]) * (sa[i] - other[i]);
        free(sa);
    }
    return sum;
}

enclosure training_distance(const training_test *test, training_of a,
                            const training_of *b)
{
    const double fine = integral(&test->fine, a, b),
                 coarse = integral(&test->coarse, a, b);
    return enclosure_about(fine, 4.0 * fabs(fine - coarse));
}

enclosure training_fisher(const training_test *test)
{
    return training_distance(test, (training_of){NULL, NULL}, NULL);
}

enclosure training_weighted_fisher(const training_problem *p, const training_test *test)
{
    static const training_of zero = {NULL, NULL};
    return training_distance(test, (training_of){training_weighted_score, p}, &zero);
}

enclosure training_noise(const training_problem *p)
{
    return enclosure_rounded(0.5 * log(expm1(2.0 * p->T) / expm1(2.0 * p->t0)));
}

enclosure training_wrong_excess(const training_problem *p, const training_test *test)
{
    REQUIRE(p->sd == 0.0);
    return training_distance(test, (training_of){training_wrong_score, p}, NULL);
}
