/* stochastic_derivative -- the drift is the limit of mean increments, forwards and backwards in time.
 *
 * 003 Proposition 1.3, section 1.2 (after Foellmer 1986). dX = b dt + sqrt(2) dB, E int |b|^p < inf: for
 * almost all t, E[X_{t+h} - X_t | X_t]/h -> b(t, X_t) in L^p, and for X_{T-t}, at tau = T - t,
 *
 *     E[X_{tau-h} - X_tau | X_tau]/h -> bbar = -b + 2 grad log mu_tau.
 *
 * The left sides are integrals against y, by Bayes' formula for the reversed one; no Tweedie.
 *
 *   OU    (e^{-h} - 1)/h x and (e^h - 1)/h x + (2 sinh h/h) grad log mu: both errors are h/2 |x| + O(h^2);
 *   tanh  b = sqrt(2) c tanh(c y/sqrt(2)), X_0 = 0: the quotients are b and -y/tau = bbar for every h, since
 *         the bridges are Brownian.
 *
 * Printed   003 (5) as a drift, -b - 2 grad log mu: its L^2 distance tends to 4 sqrt(I), I = E|grad log mu|^2.
 * Control   -b + grad log mu: sqrt(I).
 */
#include "ball.h"
#include "catalogue.h"
#include "diffusion.h"
#include "match.h"
#include "rate.h"
#include "xp.h"

#include <math.h>

/* clang-format off */
enum { ORDER, CONSTANT, KNOWN, OFFSET, TANH, DRIFT, SIGN, FACTOR, NOT_ALL, LOCAL };
static const xp_check CHECKS[] = {
    [ORDER] = {xp_claim, QUADRATURE, "order", "L^p error of the quotient ~ h^r: 0.98 <= r <= 1.02", NULL},
    [CONSTANT] = {xp_claim, QUADRATURE, "constant", "h = 2^-10: L^p error over h/2 |X_tau|_p within 1% of 1", NULL},
    [KNOWN] = {xp_claim, QUADRATURE, "known-values", "M, tau = 0.5, h = 2^-10: L^2 errors and h/2 |X_tau|_2, to 7 digits", NULL},
    [OFFSET] = {xp_claim, QUADRATURE, "offset", "k grad log mu missing: |distance - k sqrt(I)| <= 1.01 h/2 |X|, h = 2^-10", NULL},
    [TANH] = {xp_claim, QUADRATURE, "tanh-quotients", "quotient - b, quotient + y/tau = 0 for every h, worst of 41 y", NULL},
    [DRIFT] = {xp_claim, CLOSED_FORM, "tanh-drift", "-b + 2 grad log mu_tau + y/tau = 0, worst of 41 y", NULL},
    [SIGN] = {xp_printed, QUADRATURE, "printed-sign", "L^2 distance to -b - 2 grad log mu at most 1.01 h/2 |X_tau|_2", "-b + 2 grad log mu"},
    [FACTOR] = {xp_control, QUADRATURE, "factor-one", "the same to -b + grad log mu: it is sqrt(I), 0.956 for M", NULL},
    [NOT_ALL] = {xp_finding, CERTIFIED, "not-all-times", "b = sin(1/(t - t*)): quotient at t*, whatever b(t*) is", NULL},
    [LOCAL] = {xp_finding, QUADRATURE, "local-energy", "X_0 = 0, b = 0: r of E|bbar|^p ~ tau^r; integrable if r > -1", NULL},
};
/* clang-format on */

const xp_info xp_this = {
    .title = "Drifts as stochastic derivatives, in both directions of time",
    .statement = "E[X_{t+h} - X_t | X_t]/h -> b, E[X_{t-h} - X_t | X_t]/h -> -b + 2 "
                 "grad log mu_t",
    .sources = "003 Proposition 1.3, section 1.2, (5); Foellmer 1986, Proposition 2.5",
    .columns = "h forward reversed predicted factor_one printed",
    .checks = CHECKS,
    .n_checks = LEN(CHECKS),
    .takes_target = true,
};

/* ---- OU ------------------------------------------------------------------------------ */

enum {
    FIRST = 4,
    AT = 10
}; /* h = 2^-k, k = 4 .. 10 (full 12); constants and distances at 10 */

typedef struct {
    const char *name;
    const target *data;
    double tau;
} setting;

/* L^p distance from b = -x, forwards, or from bbar - k grad log mu, bbar = x + 2 grad log mu. */
static enclosure distance(const setting *s, double h, bool reversed, double k, double p)
{
    match_quotient q = {s->data, s->tau, h, reversed, -1.0, 0.0};
    if (reversed) q.a = 1.0, q.c = 2.0 - k;
    enclosure value;
    TRY(match_quotient_distance(&q, p, &value));
    return value;
}

/* h/2 |X_tau|_p */
static enclosure predicted(const setting *s, double h, double p)
{
    const noised now = noised_at(s->data, &SDE_OU, s->tau);
    enclosure value;
    TRY(match_position_norm(&now, p, &value));
    return enclosure_scale(value, 0.5 * h);
}

static void verify_limit(xp *x, const setting *s, bool reversed, double p)
{
    if (!xp_wants(x, ORDER, CONSTANT)) return;
    const char *way = reversed ? "reversed" : "forward";
    const int first = (int)xp_effort(x, AT, AT + 2) - 2;
    double h[3];
    enclosure e[3];
    for (int i = 0; i < 3; i++) {
        h[i] = ldexp(1.0, -(first + i));
        e[i] = distance(s, h[i], reversed, 0.0, p);
        if (first + i != AT) continue;
        xp_judge(x, CONSTANT, enclosure_div(e[i], predicted(s, h[i], p)),
                 region_about(1.0, 0.01), "%s tau=%g p=%g %s", s->name, s->tau, p, way);
    }
    xp_judge(x, ORDER, rate_exact(3, h, e), region_between(0.98, 1.02),
             "%s tau=%g p=%g %s", s->name, s->tau, p, way);
}

/* h = 2^-10: off by k sqrt(I), give or take the error of bbar. */
static void verify_wrong(xp *x, const setting *s, double k)
{
    if (!xp_wants(x, OFFSET, SIGN, FACTOR)) return;
    const noised now = noised_at(s->data, &SDE_OU, s->tau);
    const double h = ldexp(1.0, -AT), error = 1.01 * predicted(s, h, 2.0).hi;
    enclosure fisher;
    TRY(match_fisher(&now, NULL, &fisher));
    const enclosure measured = distance(s, h, true, k, 2.0);
    xp_judge(x, OFFSET, measured, region_about(k * sqrt(enclosure_mid(fisher)), error),
             "%s tau=%g k=%g", s->name, s->tau, k);
    if (xp_target(x) != NULL) return;
    xp_judge(x, k == 4.0 ? SIGN : FACTOR, measured, region_at_most(error), "%s tau=%g",
             s->name, s->tau);
}

/* L^2 at one step size; the known values are those of M, tau = 0.5, h = 2^-10. */
static void draw(xp *x, const setting *s, int k)
{
    const double h = ldexp(1.0, -k);
    const enclosure e[] = {distance(s, h, false, 0.0, 2.0),
                           distance(s, h, true, 0.0, 2.0), predicted(s, h, 2.0)};
    xp_row(x, "%.17g %.17g %.17g %.17g %.17g %.17g", h, enclosure_mid(e[0]),
           enclosure_mid(e[1]), enclosure_mid(e[2]),
           enclosure_mid(distance(s, h, true, 1.0, 2.0)),
           enclosure_mid(distance(s, h, true, 4.0, 2.0)));
    if (k != AT || xp_target(x) != NULL) return;
    xp_judge(x, KNOWN, e[0], region_about(5.322750e-4, 5e-11), "forward");
    xp_judge(x, KNOWN, e[1], region_about(5.323301e-4, 5e-11), "reversed");
    xp_judge(x, KNOWN, e[2], region_about(5.324483e-4, 5e-11), "predicted");
}

static void verify_ou(xp *x, const gmm *p, const char *name)
{
    static const double TAU[] = {0.1, 0.5, 2.0}, P[] = {1.0, 2.0, 4.0};
    target *data = target_mixture(p);
    for (int i = 0; i < LEN(TAU); i++) {
        const setting s = {name, data, TAU[i]};
        for (int k = 0; k < 2 * LEN(P); k++) verify_limit(x, &s, k % 2 == 1, P[k / 2]);
        verify_wrong(x, &s, 4.0);
        verify_wrong(x, &s, 1.0);
        if (TAU[i] != 0.5 || (xp_target(x) == NULL && name[0] != 'M')) continue;
        for (int k = FIRST; k <= xp_effort(x, AT, AT + 2); k++) draw(x, &s, k);
    }
    target_free(data);
}

/* ---- tanh ------------------------------------------------------------------------------ */

static void verify_tanh(xp *x, double c, double tau, double share)
{
    const diffusion process = diffusion_tanh(c);
    const region zero = region_about(0.0, 1e-9);
    enclosure worst[3] = {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}};
    for (int i = -20; i <= 20; i++) {
        const double y = 0.25 * i;
        diffusion_point at;
        enclosure e[3];
        diffusion_at(&process, tau, 1, &y, &at);
        TRY(diffusion_tanh_forward(c, share * tau, y, &e[0]));
        TRY(diffusion_tanh_backward(c, tau, share * tau, y, &e[1]));
        e[0] = enclosure_sub(e[0], enclosure_rounded(at.f));
        e[1] = enclosure_add(e[1], enclosure_rounded(y / tau));
        e[2] = enclosure_about(diffusion_reverse(at) + y / tau, 1e-13);
        for (int k = 0; k < 3; k++) worst[k] = enclosure_farther(worst[k], e[k]);
    }
    xp_judge(x, TANH, worst[0], zero, "c=%g tau=%g h=%g tau forward", c, tau, share);
    xp_judge(x, TANH, worst[1], zero, "c=%g tau=%g h=%g tau reversed", c, tau, share);
    if (share == 0.3)
        xp_judge(x, DRIFT, worst[2], region_about(0.0, 1e-10), "c=%g tau=%g", c, tau);
}

/* ---- Findings ---------------------------------------------------------------------------- */

/* 1/h int_0^h sin(1/s) ds = sin w - w Ci(w), w = 1/h. */
static void record_not_all(xp *x, const char *w_text)
{
    arb_t w, sine, ci;
    arb_init(w), arb_init(sine), arb_init(ci);
    ball_set(w, w_text);
    arb_sin(sine, w, BALL_PRECISION);
    arb_hypgeom_ci(ci, w, BALL_PRECISION);
    arb_submul(sine, w, ci, BALL_PRECISION);
    xp_record(x, NOT_ALL, ball_enclose(sine), "h=1/%s", w_text);
    arb_clear(w), arb_clear(sine), arb_clear(ci);
}

static int brownian_backward(const void *ctx, double x, enclosure *e)
{
    const double tau = *(const double *)ctx;
    return diffusion_tanh_backward(0.0, tau, 0.1 * tau, x, e);
}

/* E|bbar|^p = (2/tau)^{p/2} E|Z|^p for Brownian motion from 0 */
static void record_local(xp *x, double p)
{
    const double origin = 0.0, one = 1.0, tau[] = {0.1, 0.05};
    target *atom = target_atoms(1, &one, &origin);
    enclosure e[2];
    for (int i = 0; i < 2; i++) {
        const noised now = {atom, 1.0, 2.0 * tau[i]};
        TRY(match_norm(&now, brownian_backward, &tau[i], p, 1e-8, &e[i]));
    }
    enclosure order = enclosure_scale(rate_local(tau[0], e[0], tau[1], e[1]), p);
    xp_record(x, LOCAL, order, "p=%g", p);
    target_free(atom);
}

void xp_run(xp *x)
{
    if (!xp_target_on_line(x)) return;
    if (xp_target(x) != NULL) {
        verify_ou(x, xp_target(x), "user");
        return;
    }
    const double zero = 0.0, one = 1.0;
    gmm *standard = gmm_new(1, 1, &one, &zero, 1, &one);
    gmm *m = catalogue_gmm(&CATALOGUE_M), *g = catalogue_gmm(&CATALOGUE_G);
    verify_ou(x, standard, "N(0,1)");
    verify_ou(x, m, "M");
    verify_ou(x, g, "G");
    for (int i = 0; i < 8; i++)
        verify_tanh(x, i & 1 ? 1.2 : 0.5, i & 2 ? 0.7 : 0.3, i & 4 ? 0.03 : 0.3);
    record_not_all(x, "10"), record_not_all(x, "100"), record_not_all(x, "1000");
    record_local(x, 1.0), record_local(x, 2.0);
    gmm_free(g), gmm_free(m), gmm_free(standard);
}
