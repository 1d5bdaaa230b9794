/* U_t f by an average over fixed points, of f = 1 + a sin ku: with C, S the means of cos and sin(k sqrt(s2) z_i),
 *
 *     1/M sum f(gamma y + sqrt(s2) z_i) = 1 + a (C sin k gamma y + S cos k gamma y).
 */
#include "semigroup.h"

#include <math.h>

enum { DRAWS = 1024, PLACES = 601 };

/* C and S of one replicate. */
static void means(const semigroup_average *a, rng_key key, uint64_t replicate,
                  double *cosine, double *sine)
{
    const double frequency = a->f.k * sqrt(a->k.s2);
    rng r = rng_at(key, replicate, 0);
    double C = 0.0, S = 0.0;
    for (long done = 0; done < a->points; done += DRAWS) {
        double z[DRAWS];
        const long n = a->points - done < DRAWS ? a->points - done : DRAWS;
        rng_normal(&r, n, z);
        for (long i = 0; i < n; i++) {
            C += cos(frequency * z[i]);
            S += sin(frequency * z[i]);
        }
    }
    *cosine = C / (double)a->points;
    *sine = S / (double)a->points;
}

void semigroup_average_errors(const void *ctx, rng_key key, uint64_t first, int n,
                              double *y)
{
    const semigroup_average *a = ctx;
    REQUIRE(isinf(a->f.var) && a->k.alpha == 1.0 && a->points >= 1);
    const semigroup_wave later = semigroup_of_wave(&a->f, a->k);
    for (int r = 0; r < n; r++) {
        double C, S, *worst = y + 2L * r;
        means(a, key, first + (uint64_t)r, &C, &S);
        worst[0] = worst[1] = 0.0;
        for (int i = 0; i < PLACES; i++) {
            const double phase = later.k * a->reach * (2.0 * i / (PLACES - 1) - 1.0);
            const double c = cos(phase), s = sin(phase);
            const double slope = later.a * later.k * c / (1.0 + later.a * s);
            const double phi = 1.0 + a->f.a * (C * s + S * c);
            const double inside = a->f.a * a->f.k * (C * c - S * s) / phi;
            worst[0] = fmax(worst[0], fabs(a->k.gamma * inside - slope));
            worst[1] = fmax(worst[1], fabs(inside - slope));
        }
    }
}
