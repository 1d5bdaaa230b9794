/* Products of one coordinate's law: everything but TV scales, TV by Gil-Pelaez from the log-likelihood ratio at
 * the nodes of that law. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

int divergence_line_products(const line *law, const reference *r, int n, const int *d,
                             enclosure *tv)
{
    double *x = NEW_ARRAY(double, 5 * law->n), *log_p = x + law->n, *l = log_p + law->n;
    double *p = l + law->n, *q = p + law->n, peak = 0.0;
    long kept = 0;
    for (long j = 0; j < law->n; j++) {
        x[j] = law->x0 + (double)j * law->dx;
        peak = fmax(peak, law->p[j]);
    }
    target_score(r->data, r->m, r->s2, law->n, x, log_p, NULL, NULL);
    for (long j = 0; j < law->n; j++) {
        if (law->p[j] < 1e-17 * peak || !isfinite(log_p[j])) continue;
        l[kept] = log_p[j] - log(law->p[j]);
        p[kept] = law->dx * exp(log_p[j]);
        q[kept] = law->dx * law->p[j];
        kept++;
    }
    int status = SC_OK;
    for (int i = 0; i < n && status == SC_OK; i++)
        status = divergence_tv_product(kept, l, p, q, d[i], &tv[i]);
    free(x);
    return status;
}

/* Two resolutions: fine +- (4 |fine - coarse| + the errors of the inversion). */
static int of_densities(const chain *c, const reference *r, int n, const int *d,
                        distances *one, enclosure *tv)
{
    line *law[2];
    enclosure *coarse = NEW_ARRAY(enclosure, n);
    int status = divergence_density_laws(c, NULL, one, law);
    if (status == SC_OK) status = divergence_line_products(law[0], r, n, d, coarse);
    if (status == SC_OK) status = divergence_line_products(law[1], r, n, d, tv);
    for (int i = 0; i < n && status == SC_OK; i++) {
        double gap = fabs(enclosure_mid(tv[i]) - enclosure_mid(coarse[i]));
        tv[i] = enclosure_widen(tv[i], 4.0 * gap);
    }
    line_free(law[0]);
    line_free(law[1]);
    free(coarse);
    return status;
}

/* TV between N(m, v)^d and the same with other moments is at most sqrt(d) (|dm|/sd + |dv|/v)/2. */
static int of_gaussians(const chain *c, const reference *r, int n, const int *d,
                        distances *one, enclosure *tv)
{
    gauss law, error;
    CHECK(divergence_chain(c, NULL, one));
    CHECK(law_gauss_bounded(c, &law, &error));
    gauss p = {r->m * target_mean(r->data),
               r->m * r->m * target_variance(r->data) + r->s2};
    double off = error.mean / sqrt(law.var) + error.var / law.var + 4e-16;
    for (int i = 0; i < n; i++) {
        CHECK(divergence_tv_product_gauss(p, law, d[i], &tv[i]));
        tv[i] = enclosure_widen(tv[i], 0.5 * sqrt(d[i]) * off);
    }
    return SC_OK;
}

int divergence_products(const chain *c, int n, const int *d, distances *product)
{
    const gmm *mixture = target_as_gmm(c->data);
    bool gaussian = mixture && gmm_components(mixture) == 1 && !c->perturb;
    double end = c->t[c->steps];
    reference r = {c->data, sde_scale(c->forward, end), sde_var(c->forward, end)};
    distances one;
    enclosure *tv = NEW_ARRAY(enclosure, n);
    int status = gaussian ? of_gaussians(c, &r, n, d, &one, tv)
                          : of_densities(c, &r, n, d, &one, tv);
    for (int i = 0; i < n && status == SC_OK; i++) {
        product[i] = one;
        product[i].kl = enclosure_scale(one.kl, d[i]);
        product[i].kl_reverse = enclosure_scale(one.kl_reverse, d[i]);
        product[i].w2 = enclosure_mul(enclosure_sqrt(enclosure_exact(d[i])), one.w2);
        if (d[i] > 1) product[i].tv = tv[i];
    }
    free(tv);
    return status;
}
