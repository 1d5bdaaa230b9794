/* Products of laws: networks side by side. */
#include "interpolant.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_DIM = 10 };

/* The law on R^d with d independent coordinates p. */
static gmm *power(const gmm *p, int d)
{
    const int k = gmm_components(p), all = (int)lround(pow(k, d));
    double *w = NEW_ARRAY(double, (long)all *(2L * d + 1)), *mu = w + all,
           *var = mu + (long)all * d;
    for (int c = 0; c < all; c++) {
        w[c] = 1.0;
        for (int j = 0, digits = c; j < d; j++, digits /= k) {
            const int i = digits % k;
            w[c] *= gmm_weight(p, i);
            mu[(long)c * d + j] = *gmm_mean_of(p, i);
            gmm_cov_of(p, i, &var[(long)c * d + j], 1);
        }
    }
    gmm *product = gmm_new_diagonal(all, d, w, mu, d, var, d);
    free(w);
    return product;
}

double interpolant_product_error(const interpolant_task *p, const gmm *axis, int d,
                                 int pieces, rng_key key, long n)
{
    REQUIRE(d >= 1 && d <= MOST_DIM && gmm_dim(axis) == 1);
    const reference *law = p->ctx;
    double *x = NEW_ARRAY(double, 3L * n * d), *s = x + n * d, *y = s + n * d;
    interpolant g = interpolant_on(p, interpolant_uniform, pieces);
    gmm *data = power(axis, d), *diffused = gmm_diffuse(data, law->m, law->s2);
    rng_uniform_rows(key, 0, 0, 0, n, d, x, d);
    for (long i = 0; i < n * d; i++) x[i] = p->lo + (p->hi - p->lo) * x[i];
    gmm_score(diffused, n, x, d, NULL, s, d);
    interpolant_eval(&g, n * d, x, y);
    double worst = 0.0;
    for (long i = 0; i < n * d; i++) worst = fmax(worst, fabs(y[i] - x[i] - s[i]));
    gmm_free(diffused);
    gmm_free(data);
    free(x);
    interpolant_free(&g);
    return worst;
}
