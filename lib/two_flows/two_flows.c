/* Both sides of the identity. */
#include "two_flows.h"
#include "match.h"
#include "quad.h"

#include <math.h>
#include <stdlib.h>

two_flows two_flows_line(const target *p, const target *q, sde forward, double t0,
                         double T)
{
    REQUIRE(0.0 <= t0 && t0 < T);
    return (two_flows){t0, T, p, q, forward, {NULL, 0.0}, {NULL, 0.0}, 1.0};
}

two_flows two_flows_clouds(cloud_flow a, cloud_flow b, double t0, double T)
{
    REQUIRE(0.0 < t0 && t0 < T);
    return (two_flows){t0, T, NULL, NULL, SDE_OU, a, b, 1.0};
}

static cloud_rule rule_of(const two_flows *c)
{
    return cloud_dim(c->a.of) == 1 ? CLOUD_LINE : CLOUD_PLANE;
}

static reference law_at(const two_flows *c, const target *data, double t)
{
    return (reference){data, sde_scale(&c->forward, t), sde_var(&c->forward, t)};
}

int two_flows_kl(const two_flows *c, double t, enclosure *kl)
{
    if (c->p == NULL) {
        const cloud_law p = cloud_ou(c->a.of, c->a.sd, t);
        const cloud_law q = cloud_ou(c->b.of, c->b.sd, t);
        *kl = cloud_kl(&p, &q, rule_of(c));
        return SC_OK;
    }
    const reference p = law_at(c, c->p, t), q = law_at(c, c->q, t);
    return divergence_between(&p, &q, kl, NULL, NULL);
}

int two_flows_lost(const two_flows *c, double t, enclosure *lost)
{
    enclosure first, last;
    CHECK(two_flows_kl(c, c->t0, &first));
    CHECK(two_flows_kl(c, t, &last));
    *lost = enclosure_sub(first, last);
    return SC_OK;
}

typedef struct {
    reference q;
    double factor;
} scaled_score;

static void scaled_scores(const void *ctx, long n, int d, const double *y, int ldy,
                          double *s, int lds)
{
    const scaled_score *c = ctx;
    REQUIRE(d == 1 && ldy == 1 && lds == 1);
    target_score(c->q.data, c->q.m, c->q.s2, n, y, NULL, s, NULL);
    for (long i = 0; i < n; i++) s[i] *= c->factor;
}

/* (g^2/2) E|..|^2 on the line */
static int rate_at(const two_flows *c, double t, enclosure *rate)
{
    const reference p = law_at(c, c->p, t), q = law_at(c, c->q, t);
    enclosure J;
    if (c->factor == 1.0) {
        CHECK(divergence_fisher(&p, &q, &J));
    } else {
        const scaled_score other = {q, c->factor};
        const field s = {"scaled score", scaled_scores, NULL, &other};
        const noised x = noised_at(c->p, &c->forward, t);
        CHECK(match_esm(&x, &s, &J));
    }
    *rate = enclosure_scale(J, 0.5 * sde_g2(&c->forward, t));
    return SC_OK;
}

/* The logarithm is of t + origin. */
static double origin_of(const two_flows *c) { return c->t0 > 0.0 ? 0.0 : c->T / 30.0; }

int two_flows_integral(const two_flows *c, double from, double to, int n,
                       enclosure *integral)
{
    REQUIRE(c->t0 <= from && from < to && n >= 1);
    if (c->p == NULL) {
        *integral = cloud_score_integral(&c->a, &c->b, from, to, n, rule_of(c));
        return SC_OK;
    }
    const double origin = origin_of(c);
    double *u = NEW_ARRAY(double, 2L * n), *w = u + n;
    enclosure *rate = NEW_ARRAY(enclosure, n), sum = {0.0, 0.0, 0.0};
    int status = SC_OK, *failed = NEW_ARRAY(int, n);
    quad_legendre(n, log(from + origin), log(to + origin), u, w);
#pragma omp parallel for schedule(dynamic, 1) default(none)                            \
    shared(c, n, u, rate, failed, origin)
    for (int i = 0; i < n; i++) failed[i] = rate_at(c, exp(u[i]) - origin, &rate[i]);
    for (int i = 0; i < n && status == SC_OK; i++) {
        status = failed[i];
        sum = enclosure_add(sum, enclosure_scale(rate[i], w[i] * exp(u[i])));
    }
    free(failed), free(rate), free(u);
    if (status == SC_OK) *integral = sum;
    return status;
}

int two_flows_profile(const two_flows *c, int parts, int n, double *t, enclosure *left,
                      enclosure *right)
{
    REQUIRE(parts >= 1);
    const double origin = origin_of(c), first = c->t0 + origin;
    enclosure kl0, kl, part;
    CHECK(two_flows_kl(c, c->t0, &kl0));
    t[0] = c->t0;
    left[0] = right[0] = (enclosure){0.0, 0.0, 0.0};
    for (int i = 1; i <= parts; i++) {
        const double share = (double)i / parts;
        t[i] = first * pow((c->T + origin) / first, share) - origin;
        CHECK(two_flows_integral(c, t[i - 1], t[i], n, &part));
        CHECK(two_flows_kl(c, t[i], &kl));
        left[i] = enclosure_add(left[i - 1], part);
        right[i] = enclosure_sub(kl0, kl);
    }
    return SC_OK;
}
